"""Tables whose columns spaces keep apart, aligned or not."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise, takewhile
from typing import NamedTuple

from gao_pipeline.documents.numbering import without_numbers
from gao_pipeline.documents.plain.rows import (
    LONG_LABEL,
    WIDTHS,
    TextLine,
    TextTable,
    figures_behind,
    has_figures,
    is_too_late,
    is_wide,
    may_be_one_figure,
    mostly_figures,
    shows_figures,
    table_of_rows,
)

COLUMN_GAP = re.compile(r"[ \u3000\xa0]{2,}")
SPACE = re.compile(r"[ \u3000\xa0]+")
_PRINTED = re.compile(r"\S+")
_LINES_OF_A_LABEL = 3
_LINES_OF_LABELS = 20
_FIGURES_CLOSE_BY = 2
_SURE_FIGURES = 3
_SURE_ROWS = 10


def spaced_table(lines: list[TextLine], start: int, gap: re.Pattern[str]) -> TextTable | None:
    """The table that starts at `start` and keeps its columns apart by `gap`.

    Where that is a single space, words of a sentence look alike: most lines must be rows of figures. Where
    it is wider, a blank line may stand between two rows.
    """
    rows: list[list[TextLine]] = []
    end = start
    for position in range(start, len(lines)):
        if rows and gap is COLUMN_GAP and _is_between_rows(lines, position):
            continue
        row = _spaced_row(lines[position], gap)
        begins_label = len(row) == 1 and _goes_on(rows, lines, position, gap)
        if (len(row) < 2 and not begins_label) or is_too_late(rows):
            break
        if max(len(word) for field in row for word in SPACE.split(field.text)) > LONG_LABEL:
            break
        rows.append(row)
        end = position + 1
    if len(rows) < 2 or not (has_figures(rows) if gap is COLUMN_GAP else mostly_figures(rows)):
        return None
    if _has_digits_apart(lines, start, end):
        return None
    if gap is COLUMN_GAP:
        printed = [line for line in lines[start:end] if not line.blank]
        aligned = next(filter(None, (_with_blanks(printed, wide) for wide in WIDTHS)), None)
        rows = _with_narrow_gaps(aligned or rows)
    return table_of_rows(rows, end)


def _has_digits_apart(lines: Sequence[TextLine], start: int, end: int) -> bool:
    """Whether the rows from `start` to `end` may all be figures whose digits stand apart: there are figures
    beside them, or alone on a line among them, or the rows differ in length."""
    rows = [text for line in lines[start:end] if SPACE.search(text := line.text.strip())]
    if not all(map(may_be_one_figure, rows)):
        return False
    beside = (_printed_first(reversed(lines[:start])), _printed_first(lines[end:]))
    alone = any(line.is_figure and not SPACE.search(line.text.strip()) for line in lines[start:end])
    return alone or any(line.is_figure for line in beside) or len(set(map(len, rows))) > 1


def _printed_first(lines: Iterable[TextLine]) -> TextLine:
    """The first of the lines that is not blank, if any is."""
    return next((line for line in lines if not line.blank), TextLine(0, ""))


def _with_narrow_gaps(rows: list[list[TextLine]]) -> list[list[TextLine]]:
    """The rows, those of labels taken apart at single spaces where that makes them as long as all rows of
    figures are: the longest texts of columns leave no more between them."""
    widths = {len(row) for row in without_numbers(rows) if shows_figures(row)}
    if len(widths) != 1:
        return rows
    apart = [[piece for text in row for piece in _spaced_row(text, SPACE)] for row in rows]
    return [
        narrow if len(row) < len(narrow) == max(widths) and not shows_figures(row) else row
        for row, narrow in zip(rows, apart, strict=True)
    ]


def _spaced_row(line: TextLine, gap: re.Pattern[str]) -> list[TextLine]:
    fields = [TextLine(line.number, field) for field in gap.split(line.text.strip())]
    among_figures = any(field.is_figure for field in fields)
    return [
        TextLine(line.number, piece)
        for field in fields
        for piece in _figures_apart(field.text, among_figures)
    ]


def _figures_apart(field: str, among_figures: bool) -> list[str]:
    """A text and the figures behind it one by one: columns of long texts and figures stand close together."""
    label, figures = figures_behind(field)
    if len(figures) + among_figures < _FIGURES_CLOSE_BY:
        return [field]
    return [*([label] if label else []), *figures]


def _is_between_rows(lines: list[TextLine], position: int) -> bool:
    """Whether a single blank line stands at `position` and a row of several texts below it."""
    return (
        lines[position].blank
        and position + 1 < len(lines)
        and len(_spaced_row(lines[position + 1], COLUMN_GAP)) > 1
    )


def _goes_on(rows: list[list[TextLine]], lines: list[TextLine], position: int, gap: re.Pattern[str]) -> bool:
    """Whether the text at `position` is a piece of a label inside the table of the `rows` above: its row of
    figures stands right below, or one of as many figures as rows above have stands somewhat below."""
    below = [
        row for line in lines[position + 1 : position + _LINES_OF_A_LABEL] if (row := _spaced_row(line, gap))
    ]
    row = next((row for row in below if len(row) > 1), [])
    blank = any(line.blank for line in lines[position : position + 2])
    beside = len(row) > 2 and not row[0].is_figure and shows_figures(row)
    return bool(rows) and not blank and (beside or _comes_to_figures(rows, lines[position + 1 :], gap))


def _comes_to_figures(rows: list[list[TextLine]], lines: Sequence[TextLine], gap: re.Pattern[str]) -> bool:
    """Whether a row of as many figures as some of the `rows` have comes within a few short lines."""
    usual = {count for row in rows if (count := _figures_of(row)) >= _SURE_FIGURES}
    ahead = (_spaced_row(line, gap) for line in lines[:_LINES_OF_LABELS] if usual)
    for row in ahead:
        if _figures_of(row) in usual:
            return True
        if not row[0].text or shows_figures(row) or max(len(field.text) for field in row) > LONG_LABEL:
            return False
    return False


def _figures_of(row: Sequence[TextLine]) -> int:
    return sum(field.is_figure for field in row) if shows_figures(row) else 0


class _Field(NamedTuple):
    """A text in a row of an aligned table and the columns of a terminal that it takes."""

    number: int
    text: str
    start: int = 0
    end: int = 0

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    @property
    def is_figure(self) -> bool:
        return TextLine(self.number, self.text).is_figure


def _fields(line: TextLine, wide: str) -> list[_Field]:
    """The texts of a line of an aligned table."""

    def width(text: str) -> int:
        return sum(2 if is_wide(character, wide) else 1 for character in text)

    starts = [match.end() for match in COLUMN_GAP.finditer(line.text)]
    ends = [match.start() for match in COLUMN_GAP.finditer(line.text)]
    spans = [
        (start + first, start + last)
        for start, end in zip([0, *starts], [*ends, len(line.text)], strict=True)
        for first, last in _texts_apart(line.text[start:end])
    ]
    return [
        _Field(line.number, line.text[start:end], width(line.text[:start]), width(line.text[:end]))
        for start, end in spans
        if line.text[start:end].strip()
    ]


def _texts_apart(text: str) -> list[tuple[int, int]]:
    """From where to where texts stand that no more than single spaces part: all is one, unless these are
    figures that cannot be one."""
    label, figures = figures_behind(text)
    if label or len(figures) < _FIGURES_CLOSE_BY or may_be_one_figure(text):
        return [(0, len(text))]
    return [match.span() for match in _PRINTED.finditer(text)]


def _with_blanks(lines: Sequence[TextLine], wide: str) -> list[list[TextLine]] | None:
    """The rows with blank cells put in where a row has no figure below those of others.

    The text must show that it is aligned: figures stand in as many columns as the fullest row has, whatever
    the lengths of the labels before them, or all begin below heads; and no label reaches below a figure. Or
    whatever a row prints begins where texts of other rows do. `wide` names the widths of characters that take
    two columns.
    """
    rows = [row for row in without_numbers([_fields(line, wide) for line in lines]) if row]
    if columns := _with_outer_heads(_columns_of_figures(rows), rows) or _columns_of_heads(rows):
        filled = [_row_with_blanks(row, columns) if shows_figures(row) else row for row in rows]
    elif starts := _common_starts(rows):
        filled = [_row_from(starts, row) for row in rows]
    else:
        return None
    return [[TextLine(field.number, field.text) for field in row] for row in filled]


def _columns_of_figures(rows: Sequence[list[_Field]]) -> list[tuple[int, int]]:
    """Where the columns stand, if some row has a figure in each of them: figures that share a place."""
    figures = [[field for field in row if field.is_figure] for row in rows if shows_figures(row)]
    labels = {field.end for row in rows if shows_figures(row) for field in row if not field.is_figure}
    columns: list[tuple[int, int]] = []
    for start, end in sorted((field.start, field.end) for row in figures for field in row):
        if columns and start < columns[-1][1]:
            columns[-1] = columns[-1][0], max(columns[-1][1], end)
        else:
            columns.append((start, end))
    full = len(labels) > 1 and len(columns) == max(map(len, figures))
    return columns if full and max(labels) <= columns[0][0] else []


def _with_outer_heads(columns: list[tuple[int, int]], rows: Sequence[list[_Field]]) -> list[tuple[int, int]]:
    """The columns of figures, where each has a head, with the one before and the one behind them that have
    only that; several such heads do not stand where the columns do."""
    above = [field for row in takewhile(lambda row: not shows_figures(row), rows) for field in row]
    labels = max((field.end for row in rows if shows_figures(row) for field in _labels(row)), default=0)
    heads = [(field.start, field.end) for field in above if field.start >= labels]
    if not all(any(start < right and left < end for left, right in heads) for start, end in columns):
        return columns
    before = {head for head in heads if columns and head[1] <= columns[0][0]}
    behind = {head for head in heads if columns and head[0] >= columns[-1][1]}
    return columns if max(len(before), len(behind)) > 1 else [*before, *columns, *behind]


def _columns_of_heads(rows: Sequence[list[_Field]]) -> list[tuple[int, int]]:
    """Where the columns stand, if every figure begins where a head above all of them does: each reaches to
    the next. What stands over labels heads none."""
    above = list(takewhile(lambda row: not shows_figures(row), rows))
    below = [field for row in filter(shows_figures, rows[len(above) :]) for field in row]
    labels = max((field.end for field in below if not field.is_figure), default=0)
    starts = sorted({field.start for row in above for field in row if field.start >= labels})
    if not {field.start for field in below if field.is_figure} <= set(starts):
        return []
    return list(pairwise([*starts, sys.maxsize])) if len(starts) >= _SURE_FIGURES else []


def _common_starts(rows: Sequence[list[_Field]]) -> list[int]:
    """Where the cells of a table begin that is aligned from its first column on, labels included: every text
    begins where another does and ends before the next column, of which there are hardly more than the fullest
    row fills. In few rows a column may be blank all the way down."""
    shared = Counter(field.start for row in rows for field in row)
    starts = sorted(shared)
    ends = dict(pairwise([*starts, sys.maxsize]))
    sure = len(rows) >= _SURE_ROWS and len(starts) > _SURE_FIGURES and min(shared.values()) > 1
    apart = all(field.end < ends[field.start] for row in rows for field in row)
    return starts if sure and apart and len(starts) <= max(map(len, rows)) + 1 else []


def _row_from(starts: Sequence[int], row: Sequence[_Field]) -> list[_Field]:
    """A row with a text or a blank for every cell that begins somewhere."""
    printed = {field.start: field for field in row}
    return [printed.get(start, _Field(row[-1].number, "")) for start in starts]


def _row_with_blanks(row: list[_Field], columns: Sequence[tuple[int, int]]) -> list[_Field]:
    """A row with a figure or a blank for every column."""
    blank = _Field(row[-1].number, "")
    values = [
        next((field for field in row if field.is_figure and start <= field.start < end), blank)
        for start, end in columns
    ]
    return [*_labels(row), *values]


def _labels(row: Sequence[_Field]) -> list[_Field]:
    return [field for field in row if not field.is_figure]

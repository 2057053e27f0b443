"""Tables whose columns spaces keep apart, aligned or not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gao_pipeline.documents.numbering import without_numbers
from gao_pipeline.documents.plain.aligned_tables import aligned_rows
from gao_pipeline.documents.plain.rows import (
    LONG_LABEL,
    NOTE,
    TextLine,
    TextTable,
    figures_behind,
    has_figures,
    is_too_late,
    may_be_one_figure,
    mostly_figures,
    shows_figures,
    table_of_rows,
)

COLUMN_GAP = re.compile(r"[ \u3000\xa0]{2,}")
SPACE = re.compile(r"[ \u3000\xa0]+")
_OTHER = re.compile(r"^\s*[-=]{4,}(?:\s+[-=]{4,})*\s*$|\S.*\t.*\S")
"""Lines of dashes, and those that tabs part, are of tables of another kind."""

_LINES_OF_A_LABEL = 3
_LINES_OF_LABELS = 20
_FIGURES_CLOSE_BY = 2
_SURE_FIGURES = 3


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
        if (len(row) < 2 and not begins_label) or is_too_late(rows) or _OTHER.search(lines[position].text):
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
        rows = _with_narrow_gaps(aligned_rows(printed) or rows)
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
    """Whether the text at `position` is a piece of a label inside the table of the `rows` above, or a note to
    one: its row of figures stands right below, or one of as many figures as rows above have comes soon."""
    below = [
        row for line in lines[position + 1 : position + _LINES_OF_A_LABEL] if (row := _spaced_row(line, gap))
    ]
    row = next((row for row in below if len(row) > 1), [])
    blank = any(line.blank for line in lines[position : position + 2])
    is_beside = len(row) > 2 or (row and NOTE.fullmatch(lines[position].text.strip()))
    beside = is_beside and not row[0].is_figure and shows_figures(row)
    return bool(rows) and not blank and bool(beside or _comes_to_figures(rows, lines[position + 1 :], gap))


def _comes_to_figures(rows: list[list[TextLine]], lines: Sequence[TextLine], gap: re.Pattern[str]) -> bool:
    """Whether a row of as many figures as some of the `rows` have comes within a few short lines, or one of
    several where none of them has any."""
    usual = {count for row in rows if (count := _figures_of(row)) >= _SURE_FIGURES}
    are_heads = not any(map(shows_figures, rows))
    ahead = (_spaced_row(line, gap) for line in lines[:_LINES_OF_LABELS] if usual or are_heads)
    for row in ahead:
        if _figures_of(row) in usual or (are_heads and _figures_of(row) >= _SURE_FIGURES):
            return True
        if not row[0].text or shows_figures(row) or max(len(field.text) for field in row) > LONG_LABEL:
            return False
    return False


def _figures_of(row: Sequence[TextLine]) -> int:
    return sum(field.is_figure for field in row) if shows_figures(row) else 0

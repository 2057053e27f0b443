"""Finds the tables in a plain text by how they are written, not by what they say.

Each reader looks at one line and says whether a table of its kind starts there:

- a *Word dump* writes one cell a line, behind a tab, and ends a row with a blank line;
- a *spreadsheet dump* writes one row a line, tabs (or commas, or semicolons) between its cells;
- a *filled table* ends every cell with a bar, wherever its lines break, and fills short rows up with bars;
- a *ruled table* keeps its cells apart by bars: Markdown, or drawn with `+---+` or `├───┤`;
- an *aligned table* keeps its columns apart by spaces;
- an *HTML table* stands in Markdown where a converter met merged cells.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, Protocol

from gao_pipeline.documents.grids import grid_of_rows
from gao_pipeline.documents.model import Block, Place

_HTML_TABLE = re.compile(r"\s*<table\b", re.IGNORECASE)
_BAR = re.compile(r"(?<!\\)[|│┃║｜]")
_RULE = re.compile(r"[\s|│┃║+:=\-\u2500-\u257f]*[-=\u2500-\u257f][\s|│┃║+:=\-\u2500-\u257f]*")
_MARKDOWN_RULE = re.compile(r"[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)*[ \t]*:?-+:?[ \t]*\|?[ \t]*")
_ESCAPE = re.compile(r"\\([\\|*_#<>\[\]`~.()+!-])")
_LINE_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_EMPHASIS = re.compile(r"(\*\*|__)(.*)\1", re.DOTALL)
_FILLING = re.compile(r"(?<!\S)\|{2,}$")
_COLUMN_GAP = re.compile(r"[ \u3000\xa0]{2,}")
_SPACE = re.compile(r"[ \u3000\xa0]+")
_FIGURE = re.compile(r"[-+－–—]?\d+(?:[,，.．]\d+)*\w{0,2}|[-－–—/／]+")

_TABLE_END = 3
"""Blank lines that end a table of a Word dump: one ends its last row, two stand after the table."""
_WORD_DUMP_SHARE = 0.8
_NOTE = re.compile(r"[(（][^()（）]*[)）]")
_SHORT_FIGURE = 6
_SHORT_LABEL = 20
_QUOTED_LINES = 6
_LONG_LABEL = 60
_LONGEST_HEAD = 8
_LINES_OF_A_CELL = 6
_LINES_OF_A_LABEL = 3
_LONGEST_ROW = 10_000
_WIDE = ("WF", "WFA")
"""Widths of characters (UAX 11) that take two columns; programs differ over the ambiguous ones."""


class TextLine(NamedTuple):
    """A line of the text, or a cell that starts on it; lines count from 1."""

    number: int
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    @property
    def is_figure(self) -> bool:
        """Whether the text is a figure, with or without a unit and a remark in brackets."""
        return _FIGURE.fullmatch(_NOTE.sub("", self.text).strip()) is not None

    @property
    def is_word_cell(self) -> bool:
        return self.text.startswith("\t")


class _Text(Protocol):
    """A text of a row, wherever it stands."""

    @property
    def text(self) -> str: ...

    @property
    def blank(self) -> bool: ...

    @property
    def is_figure(self) -> bool: ...


class TextTable(NamedTuple):
    """What a table contributes to the document, and the position behind it."""

    blocks: Sequence[Block]
    end: int


TableReader = Callable[[list[TextLine], int], TextTable | None]


def table_readers(lines: list[TextLine]) -> Sequence[TableReader]:
    """The readers that fit a text of these lines, to be tried in this order."""
    tabbed = _word_table if _is_word_dump(lines) else _spreadsheet_table
    separated = [partial(_separated_table, delimiter=mark) for mark in (",", ";")]
    spaced = [partial(_spaced_table, gap=gap) for gap in (_COLUMN_GAP, _SPACE)]
    return (tabbed, _filled_table, _ruled_table, *spaced, *separated, _html_table)


def _is_word_dump(lines: list[TextLine]) -> bool:
    """Whether nearly all lines with a tab have just the one they start with."""
    tabbed = [line for line in lines if "\t" in line.text]
    cells = sum(line.is_word_cell and line.text.count("\t") == 1 for line in tabbed)
    return cells > _WORD_DUMP_SHARE * len(tabbed)


def _table_of_rows(rows: list[list[TextLine]], end: int) -> TextTable:
    """A table of cells that know the line they start at."""
    cells = [[(cell.text, Place(line=cell.number)) for cell in row] for row in rows]
    ragged = len({len(row) for row in rows}) > 1
    return TextTable([grid_of_rows(cells, Place(line=rows[0][0].number), ragged=ragged)], end)


def _has_figures(rows: Sequence[Sequence[_Text]]) -> bool:
    """Whether some cell is empty or a figure: prose that is indented by tabs has none."""
    texts = [cell.text for row in rows for cell in row]
    return any(text.strip() for text in texts) and any(
        not any(character.isalpha() for character in text)
        or (len(text) <= _SHORT_FIGURE and any(character.isdigit() for character in text))
        or TextLine(0, text).is_figure
        for text in texts
    )


def _word_table(lines: list[TextLine], start: int) -> TextTable | None:
    """The table of a Word dump that starts at `start`: cells behind tabs, rows ended by a blank line."""
    if not lines[start].is_word_cell:
        return None
    rows: list[list[TextLine]] = []
    position, blanks = start, 1
    while position < len(lines) and blanks < _TABLE_END:
        line = lines[position]
        if line.is_word_cell:
            if blanks:
                rows.append([])
            rows[-1].append(TextLine(line.number, line.text[1:]))
            blanks = 0
        elif line.blank:
            blanks += 1
        elif blanks and not _continues_cell(lines, position, rows[-1][-1].text):
            break
        else:
            cell = rows[-1][-1]
            rows[-1][-1] = TextLine(cell.number, f"{cell.text}\n{line.text}")
            blanks = 0
        position += 1
    return _table_of_rows(rows, position) if _has_figures(rows) else None


def _continues_cell(lines: list[TextLine], position: int, cell: str) -> bool:
    """Whether a line behind a blank one still belongs to `cell`: a label with an empty line in it."""
    following = lines[position + 1] if position + 1 < len(lines) else None
    return (
        any(character.isalpha() for character in cell)
        and len(cell) <= _SHORT_LABEL
        and len(lines[position].text) <= _SHORT_LABEL
        and following is not None
        and following.is_word_cell
    )


def _spreadsheet_table(lines: list[TextLine], start: int) -> TextTable | None:
    """The table of a spreadsheet dump that starts at `start`: consecutive lines with tabs in them."""
    rows: list[list[TextLine]] = []
    position = start
    while position < len(lines):
        text, end = _spreadsheet_row(lines, position)
        if "\t" not in text:
            break
        rows.append([TextLine(lines[position].number, _unquoted(field)) for field in text.split("\t")])
        position = end
    filled = sum(not cell.blank for row in rows for cell in row)
    return _table_of_rows(rows, position) if filled > 1 and _has_figures(rows) else None


def _spreadsheet_row(lines: list[TextLine], position: int) -> tuple[str, int]:
    """The row that starts at `position`, line breaks in quoted cells included, and where it ends."""
    text, end = lines[position].text, position + 1
    while _opens_quote(text) and end < min(position + _QUOTED_LINES, len(lines)):
        text += f"\n{lines[end].text}"
        end += 1
    return (lines[position].text, position + 1) if _opens_quote(text) else (text, end)


def _opens_quote(text: str) -> bool:
    """Whether the last quoted field of a spreadsheet row is still open (it holds a line break)."""
    field = text.rsplit("\t", 1)[-1]
    return field.startswith('"') and field.count('"') % 2 == 1


def _unquoted(field: str) -> str:
    quoted = len(field) > 1 and field.startswith('"') and field.endswith('"')
    return field[1:-1].replace('""', '"') if quoted else field


def _filled_table(lines: list[TextLine], start: int) -> TextTable | None:
    """The table that starts at `start` and ends every cell with a bar; a cell may go over several lines.

    Bars without anything between them fill the rows up to one length, which the first row shows.
    """
    rows: list[list[TextLine]] = []
    row: list[TextLine] = []
    open_cell: list[str] = []
    width = 0
    end = start
    for position in range(start, len(lines)):
        text = lines[position].text.strip()
        if "|" not in text:
            if (
                not text
                or len(open_cell) == _LINES_OF_A_CELL
                or not (rows or row or _ends_below(lines, position))
            ):
                break
            open_cell.append(text)
            continue
        *ended, rest = text.split("|")
        for piece in ended:
            row.append(TextLine(lines[position].number, "\n".join([*open_cell, piece]).strip()))
            open_cell = []
        open_cell += [rest.strip()] if rest.strip() else []
        filled = _FILLING.search(text)
        width = width or (len(row) if filled else 0)
        if width and len(row) > width:
            break
        if width and len(row) == width and not open_cell:
            rows.append(row[: max(width - len(filled[0]), 1)] if filled else row)
            row, end = [], position + 1
    if len(rows) < 2 or not _has_figures(rows) or _starts_too_early(rows):
        return None
    return _table_of_rows(rows, end)


def _ends_below(lines: list[TextLine], position: int) -> bool:
    """Whether the next line begins with the bar that ends a cell."""
    return position + 1 < len(lines) and lines[position + 1].text.lstrip().startswith("|")


def _starts_too_early(rows: list[list[TextLine]]) -> bool:
    """Whether the first cell is a line above the table: in all other rows the first cell is blank."""
    return not rows[0][0].blank and all(row[0].blank for row in rows[1:])


def _ruled_table(lines: list[TextLine], start: int) -> TextTable | None:
    """The table that starts at `start` and keeps its cells apart by bars; rows keep all their cells.

    Lines that only draw a rule are no rows. Without the rule of Markdown below its head a table shows itself
    by its figures.
    """
    found: list[TextLine] = []
    ruled = False
    position = start
    while position < len(lines):
        line = lines[position]
        if _RULE.fullmatch(line.text):
            below_head = position == start + 1 and "|" in line.text
            ruled = ruled or (below_head and _MARKDOWN_RULE.fullmatch(line.text) is not None)
        elif _BAR.search(line.text):
            found.append(TextLine(line.number, line.text.strip()))
        else:
            break
        position += 1
    framed = all(_BAR.match(line.text) for line in found)
    rows = [
        [TextLine(line.number, plain(cell.strip())) for cell in _BAR.split(_inside(line.text, framed))]
        for line in found
    ]
    side_by_side = any(len(row) > 2 or not row[-1].blank for row in rows)
    if not rows or not (ruled or (len(rows) > 1 and side_by_side and _has_figures(rows))):
        return None
    return _table_of_rows(rows, position)


def _inside(text: str, framed: bool) -> str:
    """A row without the bars around it; where not all rows begin with one, bars stand between cells only."""
    if not framed:
        return text
    return text[1:-1] if len(text) > 1 and _BAR.match(text[-1]) and text[-2] != "\\" else text[1:]


def plain(markup: str) -> str:
    """A Markdown text without its line breaks in HTML, emphasis and escapes."""
    text = _LINE_BREAK_TAG.sub("\n", markup)
    emphasised = _EMPHASIS.fullmatch(text)
    return _ESCAPE.sub(r"\1", emphasised[2] if emphasised else text)


def _spaced_table(lines: list[TextLine], start: int, gap: re.Pattern[str]) -> TextTable | None:
    """The table that starts at `start` and keeps its columns apart by `gap`.

    Where that is a single space, words of a sentence look alike: most lines must be rows of figures.
    """
    rows: list[list[TextLine]] = []
    for position in range(start, len(lines)):
        row = _spaced_row(lines[position], gap)
        begins_label = bool(rows) and len(row) == 1 and _goes_on(lines, position, gap)
        if (len(row) < 2 and not begins_label) or _is_too_late(rows):
            break
        if max(len(field.text) for field in row) > _LONG_LABEL:
            break
        rows.append(row)
    end = start + len(rows)
    if len(rows) < 2 or not (_has_figures(rows) if gap is _COLUMN_GAP else _mostly_figures(rows)):
        return None
    if gap is _COLUMN_GAP:
        rows = next(filter(None, (_with_blanks(lines[start:end], wide) for wide in _WIDE)), rows)
    return _table_of_rows(rows, end)


def _spaced_row(line: TextLine, gap: re.Pattern[str]) -> list[TextLine]:
    return [TextLine(line.number, field) for field in gap.split(line.text.strip())]


def _goes_on(lines: list[TextLine], position: int, gap: re.Pattern[str]) -> bool:
    """Whether the text at `position` is the beginning of a label whose row of figures stands right below."""
    below = [
        row for line in lines[position + 1 : position + _LINES_OF_A_LABEL] if (row := _spaced_row(line, gap))
    ]
    row = next((row for row in below if len(row) > 1), [])
    blank = any(line.blank for line in lines[position : position + 2])
    return not blank and len(row) > 2 and not row[0].is_figure and _shows_figures(row)


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
        return _FIGURE.fullmatch(self.text.strip()) is not None


def _fields(line: TextLine, wide: str) -> list[_Field]:
    """The texts of a line of an aligned table."""

    def width(text: str) -> int:
        return sum(2 if unicodedata.east_asian_width(character) in wide else 1 for character in text)

    starts = [match.end() for match in _COLUMN_GAP.finditer(line.text)]
    ends = [match.start() for match in _COLUMN_GAP.finditer(line.text)]
    return [
        _Field(line.number, line.text[start:end], width(line.text[:start]), width(line.text[:end]))
        for start, end in zip([0, *starts], [*ends, len(line.text)], strict=True)
        if line.text[start:end].strip()
    ]


def _with_blanks(lines: Sequence[TextLine], wide: str) -> list[list[TextLine]] | None:
    """The rows with blank cells put in where a row has no figure below those of others.

    The text must show that it is aligned: figures stand in as many columns as the fullest row has, whatever
    the lengths of the labels before them. `wide` names the widths of characters that take two columns.
    """
    rows = [_fields(line, wide) for line in lines]
    figures = [[field for field in row if field.is_figure] for row in rows if _shows_figures(row)]
    labels = {row[0].end for row in rows if _shows_figures(row) and not row[0].is_figure}
    columns: list[tuple[int, int]] = []
    for start, end in sorted((field.start, field.end) for row in figures for field in row):
        if columns and start < columns[-1][1]:
            columns[-1] = columns[-1][0], max(columns[-1][1], end)
        else:
            columns.append((start, end))
    if len(labels) < 2 or len(columns) != max(map(len, figures)):
        return None
    filled = (_row_with_blanks(row, columns) if _shows_figures(row) else row for row in rows)
    return [[TextLine(field.number, field.text) for field in row] for row in filled]


def _row_with_blanks(row: list[_Field], columns: Sequence[tuple[int, int]]) -> list[_Field]:
    """A row with a figure or a blank for every column."""
    labels = [field for field in row if not field.is_figure]
    blank = _Field(row[-1].number, "")
    values = [
        next((field for field in row if field.is_figure and start <= field.start < end), blank)
        for start, end in columns
    ]
    return [*labels, *values]


def _separated_table(lines: list[TextLine], start: int, delimiter: str) -> TextTable | None:
    """The table that starts at `start` and separates its cells as exported spreadsheets do, with quotes."""
    rows: list[list[TextLine]] = []
    position = start
    while position < len(lines) and delimiter in lines[position].text and not _is_too_late(rows):
        ahead = [f"{line.text[:_LONGEST_ROW]}\n" for line in lines[position : position + _QUOTED_LINES]]
        reader = csv.reader(ahead, delimiter=delimiter)
        fields = next(reader)
        if max(map(len, fields)) > _LONG_LABEL:
            break
        rows.append([TextLine(lines[position].number, field) for field in fields])
        position += reader.line_num
    return _table_of_rows(rows, position) if len(rows) > 1 and _mostly_figures(rows) else None


def _mostly_figures(rows: Sequence[Sequence[_Text]]) -> bool:
    """Whether a third of the rows or more show figures, the others being heads."""
    return 3 * sum(map(_shows_figures, rows)) >= len(rows)


def _is_too_late(rows: Sequence[Sequence[_Text]]) -> bool:
    """Whether a table should have come to its first figures by now: no head is so long."""
    return len(rows) == _LONGEST_HEAD and not any(map(_shows_figures, rows))


def _shows_figures(row: Sequence[_Text]) -> bool:
    """Whether a row is labels and then figures (or blanks), or figures only."""
    figures = [cell.is_figure for cell in row]
    first = figures.index(True) if any(figures) else len(row)
    return first < len(row) and all(
        is_figure or cell.blank for is_figure, cell in zip(figures[first:], row[first:], strict=True)
    )


def _html_table(lines: list[TextLine], start: int) -> TextTable | None:
    """The HTML table that starts at `start` and ends where as many tables have ended as begun."""
    if not _HTML_TABLE.match(lines[start].text):
        return None
    from gao_pipeline.documents.html import markup_blocks

    depth, end = 0, start
    while end < len(lines):
        text = lines[end].text.lower()
        depth += text.count("<table") - text.count("</table")
        end += 1
        if depth <= 0:
            break
    return TextTable(markup_blocks("\n".join(line.text for line in lines[start:end])), end)

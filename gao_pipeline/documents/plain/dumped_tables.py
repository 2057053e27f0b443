"""Tables as dumps of Word files and spreadsheets write them: with tabs, commas or semicolons."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from math import gcd

from gao_pipeline.documents.plain.rows import (
    LONG_LABEL,
    TextLine,
    TextTable,
    has_figures,
    is_too_late,
    mostly_figures,
    table_of_rows,
)

_TABS = re.compile(r"\t+")
_TABLE_END = 3
"""Blank lines that end a table of a Word dump: one ends its last row, two stand after the table."""
_WORD_DUMP_SHARE = 0.8
_SHORT_LABEL = 20
_QUOTED_LINES = 6
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_EVEN_ROWS = 3
_EVEN_CELLS = 3
_LONGEST_ROW = 10_000


def is_word_dump(lines: Sequence[TextLine]) -> bool:
    """Whether nearly all lines with a tab have just the one they start with."""
    tabbed = [line for line in lines if "\t" in line.text]
    cells = sum(line.is_word_cell and line.text.count("\t") == 1 for line in tabbed)
    return cells > _WORD_DUMP_SHARE * len(tabbed)


def word_table(lines: list[TextLine], start: int) -> TextTable | None:
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
    return table_of_rows(rows, position) if has_figures(rows) else TextTable((), position)


def _continues_cell(lines: list[TextLine], position: int, cell: str) -> bool:
    """Whether a line behind a blank one still belongs to `cell`: a label with an empty line in it."""
    following = lines[position + 1] if position + 1 < len(lines) else None
    return (
        any(character.isalpha() for character in cell)
        and not TextLine(0, cell).is_figure
        and len(cell) <= _SHORT_LABEL
        and len(lines[position].text) <= _SHORT_LABEL
        and following is not None
        and following.is_word_cell
    )


def spreadsheet_table(lines: list[TextLine], start: int) -> TextTable | None:
    """The table of a spreadsheet dump that starts at `start`: consecutive lines with tabs in them.

    Some programs put two tabs between any two cells, then a tab is half of what keeps them apart.
    """
    printed: list[TextLine] = []
    position = start
    while position < len(lines):
        text, end = _spreadsheet_row(lines, position)
        if "\t" not in text:
            break
        printed.append(TextLine(lines[position].number, text))
        position = end
    separator = "\t" * gcd(*(len(run) for line in printed for run in _TABS.findall(line.text)))
    rows = [
        [TextLine(line.number, _unquoted(field)) for field in line.text.split(separator)] for line in printed
    ]
    filled = sum(not cell.blank for row in rows for cell in row)
    if filled < 2 or not has_figures(rows):
        return TextTable((), position)
    return table_of_rows(rows, position)


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


def separated_table(lines: list[TextLine], start: int, delimiter: str) -> TextTable | None:
    """The table that starts at `start` and separates its cells as exported spreadsheets do, with quotes."""
    rows: list[list[TextLine]] = []
    position = start
    if _THOUSANDS.fullmatch(lines[start].text.strip()):
        return None
    while position < len(lines) and delimiter in lines[position].text and not is_too_late(rows):
        ahead = [f"{line.text[:_LONGEST_ROW]}\n" for line in lines[position : position + _QUOTED_LINES]]
        reader = csv.reader(ahead, delimiter=delimiter)
        fields = next(reader)
        if max(map(len, fields)) > LONG_LABEL:
            break
        rows.append([TextLine(lines[position].number, field) for field in fields])
        position += reader.line_num
    return table_of_rows(rows, position) if len(rows) > 1 and _is_table(rows) else None


def _is_table(rows: list[list[TextLine]]) -> bool:
    """Whether rows show figures often enough, or all have as many cells, with a figure or a blank in some."""
    even = len(rows) >= _EVEN_ROWS and len({len(row) for row in rows}) == 1 and len(rows[0]) >= _EVEN_CELLS
    return mostly_figures(rows) or (even and has_figures(rows))

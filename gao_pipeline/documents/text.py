"""Reads plain text and Markdown: the dumps that crawlers make of Word files, spreadsheets and pages.

Tables are recognised by how they are written, not by what they say:

- a *Word dump* writes one cell a line, behind a tab, and ends a row with a blank line;
- a *spreadsheet dump* writes one row a line, tabs between its cells;
- a *pipe table* is Markdown;
- an *aligned table* keeps its columns apart by several spaces;
- an *HTML table* stands in Markdown where a converter met merged cells.

Where a dump has lost the tables (one cell a line, blank lines between), every line is a paragraph that
knows its line number, so that the lines missing between two of them still count the blank cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gao_pipeline.documents.encoding import decode
from gao_pipeline.documents.grids import grid_of_rows
from gao_pipeline.documents.model import (
    Block,
    Document,
    Grid,
    MediaType,
    Notice,
    Paragraph,
    Place,
    UnreadableDocumentError,
)
from gao_pipeline.documents.tables import numbered

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_BOOKMARK = re.compile(r"\[bookmark:[^\]\n]*\]")
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*$")
_HTML_TABLE = re.compile(r"\s*<table\b", re.IGNORECASE)
_PIPE = re.compile(r"(?<!\\)\|")
_PIPE_RULE = re.compile(r"[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)*[ \t]*:?-+:?[ \t]*\|?[ \t]*")
_PIPE_ESCAPE = re.compile(r"\\([\\|*_#<>\[\]`~.()+!-])")
_LINE_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_EMPHASIS = re.compile(r"(\*\*|__)(.*)\1", re.DOTALL)
_COLUMN_GAP = re.compile(r"[ \u3000\xa0]{2,}")

_TABLE_END = 3
"""Blank lines that end a table of a Word dump: one ends its last row, two stand after the table."""
_WORD_DUMP_SHARE = 0.8
_SHORT_FIGURE = 6
_SHORT_LABEL = 20
_QUOTED_LINES = 6
_LONG_LABEL = 60


class _Line(NamedTuple):
    number: int
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    @property
    def is_word_cell(self) -> bool:
        return self.text.startswith("\t")


class _Table(NamedTuple):
    """What a table contributes to the document, and the position behind it."""

    blocks: Sequence[Block]
    end: int


def read_text(data: bytes) -> Document:
    """The document that a plain text holds.

    Raises:
        UnreadableDocumentError: there is no text (`no_text`).
    """
    return _read(data, MediaType.TXT)


def read_markdown(data: bytes) -> Document:
    """The document that a Markdown text holds.

    Raises:
        UnreadableDocumentError: there is no text (`no_text`).
    """
    return _read(data, MediaType.MARKDOWN)


def _read(data: bytes, media_type: MediaType) -> Document:
    decoded = decode(data)
    blocks = tuple(text_blocks(decoded.text, markdown=media_type is MediaType.MARKDOWN))
    if not blocks:
        raise UnreadableDocumentError("no_text", "the file holds only white space")
    notices = (
        (Notice(code="undecodable_text", detail=f"{decoded.undecodable} × U+FFFD ({decoded.encoding})"),)
        if decoded.undecodable
        else ()
    )
    return Document(media_type=media_type, blocks=blocks, encoding=decoded.encoding, notices=notices)


def text_blocks(text: str, *, markdown: bool = False) -> Iterator[Block]:
    """The paragraphs and grids of a text in reading order."""
    lines = [
        _Line(number, _BOOKMARK.sub("", line)) for number, line in enumerate(_LINE_BREAK.split(text), start=1)
    ]
    tabbed_table = _word_table if _is_word_dump(lines) else _spreadsheet_table
    readers = (tabbed_table, _pipe_table, _aligned_table, _html_table)
    position = tables = 0
    while position < len(lines):
        table = next(filter(None, (read(lines, position) for read in readers)), None)
        if table is None:
            if not lines[position].blank:
                yield _paragraph(lines[position], markdown=markdown)
            position += 1
            continue
        for block in table.blocks:
            tables += isinstance(block, Grid)
            yield numbered(block, tables) if isinstance(block, Grid) else block
        position = table.end


def _paragraph(line: _Line, *, markdown: bool) -> Paragraph:
    place = Place(line=line.number)
    if markdown:
        heading = _HEADING.fullmatch(line.text)
        if heading:
            return Paragraph(text=_plain(heading[2]), place=place, level=len(heading[1]))
        return Paragraph(text=_plain(line.text), place=place)
    return Paragraph(text=line.text, place=place)


def _is_word_dump(lines: list[_Line]) -> bool:
    """Whether nearly all lines with a tab have just the one they start with."""
    tabbed = [line for line in lines if "\t" in line.text]
    cells = sum(line.is_word_cell and line.text.count("\t") == 1 for line in tabbed)
    return cells > _WORD_DUMP_SHARE * len(tabbed)


def _table_of_rows(rows: list[list[_Line]], end: int) -> _Table:
    """A table of cells that know the line they start at."""
    cells = [[(cell.text, Place(line=cell.number)) for cell in row] for row in rows]
    ragged = len({len(row) for row in rows}) > 1
    return _Table([grid_of_rows(cells, Place(line=rows[0][0].number), ragged=ragged)], end)


def _has_figures(rows: list[list[_Line]]) -> bool:
    """Whether some cell is empty or a figure: prose that is indented by tabs has none."""
    texts = [cell.text for row in rows for cell in row]
    return any(text.strip() for text in texts) and any(
        not any(character.isalpha() for character in text)
        or (len(text) <= _SHORT_FIGURE and any(character.isdigit() for character in text))
        for text in texts
    )


def _word_table(lines: list[_Line], start: int) -> _Table | None:
    """The table of a Word dump that starts at `start`: cells behind tabs, rows ended by a blank line."""
    if not lines[start].is_word_cell:
        return None
    rows: list[list[_Line]] = []
    position, blanks = start, 1
    while position < len(lines) and blanks < _TABLE_END:
        line = lines[position]
        if line.is_word_cell:
            if blanks:
                rows.append([])
            rows[-1].append(_Line(line.number, line.text[1:]))
            blanks = 0
        elif line.blank:
            blanks += 1
        elif blanks and not _continues_cell(lines, position, rows[-1][-1].text):
            break
        else:
            cell = rows[-1][-1]
            rows[-1][-1] = _Line(cell.number, f"{cell.text}\n{line.text}")
            blanks = 0
        position += 1
    return _table_of_rows(rows, position) if _has_figures(rows) else None


def _continues_cell(lines: list[_Line], position: int, cell: str) -> bool:
    """Whether a line behind a blank one still belongs to `cell`: a label with an empty line in it."""
    following = lines[position + 1] if position + 1 < len(lines) else None
    return (
        any(character.isalpha() for character in cell)
        and len(cell) <= _SHORT_LABEL
        and len(lines[position].text) <= _SHORT_LABEL
        and following is not None
        and following.is_word_cell
    )


def _spreadsheet_table(lines: list[_Line], start: int) -> _Table | None:
    """The table of a spreadsheet dump that starts at `start`: consecutive lines with tabs in them."""
    rows: list[list[_Line]] = []
    position = start
    while position < len(lines):
        text, end = _spreadsheet_row(lines, position)
        if "\t" not in text:
            break
        rows.append([_Line(lines[position].number, _unquoted(field)) for field in text.split("\t")])
        position = end
    filled = sum(not cell.blank for row in rows for cell in row)
    return _table_of_rows(rows, position) if filled > 1 and _has_figures(rows) else None


def _spreadsheet_row(lines: list[_Line], position: int) -> tuple[str, int]:
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


def _pipe_table(lines: list[_Line], start: int) -> _Table | None:
    """The Markdown table that starts at `start`; rows keep all their cells, whatever the header says."""
    rule = lines[start + 1].text if start + 1 < len(lines) else ""
    if "|" not in lines[start].text or "|" not in rule or not _PIPE_RULE.fullmatch(rule):
        return None
    rows: list[list[_Line]] = []
    position = start
    while position < len(lines) and _PIPE.search(lines[position].text):
        line = lines[position]
        if position != start + 1:
            cells = _PIPE.split(_inside_pipes(line.text))
            rows.append([_Line(line.number, _plain(cell.strip())) for cell in cells])
        position += 1
    return _table_of_rows(rows, position)


def _inside_pipes(text: str) -> str:
    text = text.strip().removeprefix("|")
    return text[:-1] if text.endswith("|") and not text.endswith("\\|") else text


def _plain(markup: str) -> str:
    """A Markdown text without its line breaks in HTML, emphasis and escapes."""
    text = _LINE_BREAK_TAG.sub("\n", markup)
    emphasised = _EMPHASIS.fullmatch(text)
    return _PIPE_ESCAPE.sub(r"\1", emphasised[2] if emphasised else text)


def _aligned_table(lines: list[_Line], start: int) -> _Table | None:
    """The table that starts at `start` and keeps its columns apart by two or more spaces."""
    rows: list[list[_Line]] = []
    for line in lines[start:]:
        fields = _COLUMN_GAP.split(line.text.strip())
        if len(fields) < 2 or max(map(len, fields)) > _LONG_LABEL:
            break
        rows.append([_Line(line.number, field) for field in fields])
    return _table_of_rows(rows, start + len(rows)) if len(rows) > 1 and _has_figures(rows) else None


def _html_table(lines: list[_Line], start: int) -> _Table | None:
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
    return _Table(markup_blocks("\n".join(line.text for line in lines[start:end])), end)

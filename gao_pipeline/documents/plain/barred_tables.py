"""Tables whose cells bars keep apart: Markdown, drawn tables, and what crawlers make of web pages."""

from __future__ import annotations

import re

from gao_pipeline.documents.plain.rows import TextLine, TextTable, has_figures, table_of_rows

_BAR = re.compile(r"(?<!\\)[|│┃║｜]")
_RULE = re.compile(r"[\s|│┃║+:=\-\u2500-\u257f]*[-=\u2500-\u257f][\s|│┃║+:=\-\u2500-\u257f]*")
_MARKDOWN_RULE = re.compile(r"[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)*[ \t]*:?-+:?[ \t]*\|?[ \t]*")
_ESCAPE = re.compile(r"\\([\\|*_#<>\[\]`~.()+!-])")
_LINE_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_EMPHASIS = re.compile(r"(\*\*|__)(.*)\1", re.DOTALL)
_FILLING = re.compile(r"(?<!\S)\|{2,}$")
_LINES_OF_A_CELL = 6


def filled_table(lines: list[TextLine], start: int) -> TextTable | None:
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
    if len(rows) < 2 or not has_figures(rows) or _starts_too_early(rows):
        return None
    return table_of_rows(rows, end)


def _ends_below(lines: list[TextLine], position: int) -> bool:
    """Whether the next line begins with the bar that ends a cell."""
    return position + 1 < len(lines) and lines[position + 1].text.lstrip().startswith("|")


def _starts_too_early(rows: list[list[TextLine]]) -> bool:
    """Whether the first cell is a line above the table: in all other rows the first cell is blank."""
    return not rows[0][0].blank and all(row[0].blank for row in rows[1:])


def ruled_table(lines: list[TextLine], start: int) -> TextTable | None:
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
    if not rows or not (ruled or (len(rows) > 1 and side_by_side and has_figures(rows))):
        return None
    return table_of_rows(rows, position)


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

"""Tables whose cells bars keep apart: Markdown, drawn tables, and what crawlers make of web pages."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from html import unescape
from itertools import groupby, takewhile
from typing import NamedTuple

from gao_pipeline.documents.model import Block, Cell, Grid, Paragraph, Place
from gao_pipeline.documents.plain.rows import (
    LONG_LABEL,
    LONGEST_HEAD,
    TextLine,
    TextTable,
    has_figures,
    is_too_late,
    shows_figures,
    table_of_rows,
)

_BAR = re.compile(r"(?<!\\)[|│┃║｜]")
_RULE = re.compile(r"[\s|│┃║+:=\-\u2500-\u257f]*[-=\u2500-\u257f][\s|│┃║+:=\-\u2500-\u257f]*")
_DASHES = re.compile(r"\s*\|?(?:\s*-?\s*\|)*\s*-?\s*")
"""Cells of a dash each, which says that there is nothing, or of none."""

_MARKDOWN_RULE = re.compile(r"[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)*[ \t]*:?-+:?[ \t]*\|?[ \t]*")
_ESCAPE = re.compile(r"\\([\\|*_#<>\[\]`~.()+!-])")
_LINE_BREAK_TAG = re.compile(r"<br\s*/?>|</(?:p|div|li)>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_STRONG = re.compile(r"(?<!\\)(\*\*|__)\s*(?=[^\s*_])(.+?)(?<=[^\s*_])\s*\1", re.DOTALL)
_EMPHASIS = re.compile(r"([*_]|`+)(?=\S)(.+)(?<=[^\s\\])\1", re.DOTALL)
_FILLING = re.compile(r"(?<!\S)\|{2,}$")
_CLOSED = re.compile(r"[^|]*[^|\s]\s*\|")
_LINES_OF_A_CELL = 6
_LONGEST_MARK = 6
_WIDEST = 60


def filled_table(lines: list[TextLine], start: int) -> TextTable | None:
    """The table that starts at `start` and ends every cell with a bar; a cell may go over several lines.

    Bars without anything between them fill the rows up to one length, which the first row shows; among them
    may be those of blank cells. The last row may be left short: it ends before the text behind its figures,
    or the line without a bar, with which it would grow too long.
    """
    table = _FilledTable()
    position = next((at for at in range(start, len(lines)) if not table.takes(lines, at)), len(lines))
    filled, end = table.ended(position)
    if filled and all(row.cells[0].blank for row in filled):
        filled = [row._replace(cells=row.cells[1:] or row.cells) for row in filled]
    rows = _without_filling(filled)
    if len(rows) < 2 or not has_figures(rows) or _starts_too_early(rows):
        return None
    return table_of_rows(rows, end)


class _Row(NamedTuple):
    """A row of a filled table, what fills it up included: the bars at its end with nothing between them."""

    cells: list[TextLine]
    filling: int = 0

    @property
    def printed(self) -> list[TextLine]:
        """The cells without the bars that fill the row."""
        return self.cells[: len(self.cells) - self.filling]

    @property
    def is_closed(self) -> bool:
        """Whether it does not end in a single bar, which may fill the row or end a blank cell."""
        return self.filling > 0 or not self.cells[-1].blank

    def without_filling(self, longest: int) -> list[TextLine]:
        """The cells as far as they give the row no more figures and blanks than the `longest` has.

        Blank cells may have nothing between their bars either: then they are those that the row lacks. Where
        its first figure is blank, that would leave open which of the blanks are cells.
        """
        values = _values(self.printed)
        lacking = longest - len(values)
        if longest and lacking < 0 and not self.is_closed:
            return self.printed[:-1]
        if lacking > 0 and values and not values[0].blank:
            return self.cells[: len(self.printed) + lacking]
        return self.printed


class _FilledTable:
    """A filled table while its lines go by: complete rows, the row and the cell that are still open."""

    def __init__(self) -> None:
        self._rows: list[_Row] = []
        self._row: list[TextLine] = []
        self._open_cell: list[str] = []
        self._width = 0
        self._end = 0
        self._short: tuple[list[TextLine], int] | None = None

    def takes(self, lines: list[TextLine], position: int) -> bool:
        """Take a line, unless the table has ended above it."""
        line = TextLine(lines[position].number, lines[position].text.strip())
        barred = "|" in line.text
        behind_figures = self._is_behind_figures(line.text.partition("|")[0].strip())
        if behind_figures or (self._row and not self._open_cell and not barred):
            self._short = self._row[:], position
        if behind_figures and not (barred and not any(shows_figures(row.cells) for row in self._rows)):
            return False
        if barred:
            return self._takes_cells(line, position)
        begun = self._rows or self._row or _ends_below(lines, position)
        self._open_cell.append(line.text)
        is_cell = len(self._open_cell) <= _LINES_OF_A_CELL and 0 < len(line.text) <= LONG_LABEL
        return bool(begun) and is_cell

    def _is_behind_figures(self, text: str) -> bool:
        """Whether `text` stands in a row behind its figures."""
        return not self._open_cell and _is_text(text) and shows_figures(self._row)

    def _takes_cells(self, line: TextLine, position: int) -> bool:
        *ended, rest = line.text.split("|")
        for piece in ended:
            self._row.append(TextLine(line.number, "\n".join([*self._open_cell, piece]).strip()))
            self._open_cell = []
        self._open_cell += [rest.strip()] if rest.strip() else []
        filling = _FILLING.search(line.text)
        if not self._width and filling:
            self._width = len(self._row)
            if any(cell.is_figure for cell in self._row) and not shows_figures(self._row):
                return False
        if self._width and len(self._row) == self._width and not self._open_cell:
            self._rows.append(_Row(self._row, len(filling[0]) if filling else 0))
            self._row, self._end, self._short = [], position + 1, None
        without_figures = is_too_late([row.cells for row in self._rows[: LONGEST_HEAD + 1]])
        return len(self._row) <= (self._width or _WIDEST) and not without_figures

    def ended(self, position: int) -> tuple[list[_Row], int]:
        """The rows of a table that has ended above `position`, and the position below the last of them."""
        row, end = self._short or (self._row, position)
        return ([*self._rows, _Row(row)], end) if self._rows and row else (self._rows, self._end)


def _without_filling(rows: Sequence[_Row]) -> list[list[TextLine]]:
    """The rows without what fills them up."""
    longest = max((len(_values(row.printed)) for row in rows if row.is_closed), default=0)
    return [row.without_filling(longest) for row in rows]


def _values(cells: Sequence[TextLine]) -> list[TextLine]:
    """The figures and blanks behind the labels of a row; nothing where it shows no figure."""
    behind = list(takewhile(lambda cell: cell.blank or cell.is_figure, reversed(cells)))
    return behind[::-1] if any(cell.is_figure for cell in behind) else []


def _is_text(text: str) -> bool:
    """Whether what stands in a cell is no figure and too long for a mark in its place."""
    return len(text) > _LONGEST_MARK and not TextLine(0, text).is_figure


def _ends_below(lines: list[TextLine], position: int) -> bool:
    """Whether the next line begins with the bar that ends a cell."""
    return position + 1 < len(lines) and lines[position + 1].text.lstrip().startswith("|")


def _starts_too_early(rows: list[list[TextLine]]) -> bool:
    """Whether the first cell is a line above the table: in all other rows the first cell is blank."""
    return not rows[0][0].blank and all(row[0].blank for row in rows[1:])


def closes_cells(lines: list[TextLine]) -> bool:
    """Whether a bar ends every cell and rows go over several lines: a figure stands alone before its bar."""
    closed = (line.text.strip()[:-1] for line in lines if _CLOSED.fullmatch(line.text.strip()))
    return any(TextLine(0, text).is_figure for text in closed)


def framed_lines(lines: Sequence[TextLine]) -> frozenset[int]:
    """The positions of the lines with bars in runs of such lines that open with a bar before a label."""
    framed: set[int] = set()
    for barred, run in groupby(range(len(lines)), key=lambda at: lines[at].blank or "|" in lines[at].text):
        positions = [at for at in run if not lines[at].blank]
        first = lines[positions[0]].text.strip() if barred and positions else ""
        if first.startswith("|") and not _is_figure(first.strip("|").partition("|")[0].strip()):
            framed.update(positions)
    return frozenset(framed)


def closed_cells(lines: list[TextLine], start: int, framed: Container[int]) -> TextTable | None:
    """The cells that end on the line at `start`, and the text behind the last bar.

    Which cells make a row is lost. A bar at the beginning of the line ends a cell in which nothing is
    printed; before a label, or a figure below a label, it only opens a row, and where the first row opens
    with one, before any other cell: on the `framed` lines.
    """
    text = _FILLING.sub("", lines[start].text.strip())
    *ended, rest = (piece.strip() for piece in text.split("|"))
    if not ended:
        return None
    behind = [*ended, rest][1]
    before_cell = len(ended) > 1 if start in framed else bool(behind)
    if not ended[0] and before_cell and not (_is_figure(behind) and _is_figure(_above(lines, start))):
        del ended[0]
    place = Place(line=lines[start].number)
    cells = tuple(Cell(text=piece, row=row, column=0, place=place) for row, piece in enumerate(ended))
    blocks: list[Block] = [Paragraph(text=rest, place=place)] if rest else []
    if cells:
        blocks.insert(0, Grid(cells=cells, rows=len(cells), columns=1, place=place, ragged=True))
    return TextTable(blocks, start + 1)


def _above(lines: list[TextLine], position: int) -> str:
    """The last text that a cell above the line has, without its bar; empty for a cell without text."""
    above = next((lines[at].text for at in range(position - 1, -1, -1) if not lines[at].blank), "")
    return _FILLING.sub("", above.strip()).rstrip("|").rsplit("|", 1)[-1].strip()


def _is_figure(text: str) -> bool:
    return not text or TextLine(0, text).is_figure


def ruled_table(lines: list[TextLine], start: int) -> TextTable | None:
    """The table that starts at `start` and keeps its cells apart by bars; rows keep all their cells.

    Lines that only draw a rule are no rows; single dashes draw one below the head only. Without the rule of
    Markdown there a table shows itself by its figures.
    """
    found: list[TextLine] = []
    position = start
    while position < len(lines):
        line = lines[position]
        below_head = position == start + 1 and "|" in line.text
        if not _RULE.fullmatch(line.text) or (_DASHES.fullmatch(line.text) and not below_head):
            if not _BAR.search(line.text):
                break
            found.append(TextLine(line.number, line.text.strip()))
        position += 1
    framed = all(_BAR.match(line.text) for line in found)
    rows = [
        [TextLine(line.number, plain(cell.strip())) for cell in _BAR.split(_inside(line.text, framed))]
        for line in found
    ]
    side_by_side = any(len(row) > 2 or not row[-1].blank for row in rows)
    has_head = _is_above_rule(lines, start)
    if rows and (has_head or (len(rows) > 1 and side_by_side and has_figures(rows))):
        return table_of_rows(rows, position)
    heads = (at for at in range(start + 1, position) if _is_above_rule(lines, at))
    return TextTable((), next(heads, position))


def _is_above_rule(lines: list[TextLine], position: int) -> bool:
    """Whether the rule stands below a line that Markdown draws below the head of a table."""
    below = lines[position + 1].text if position + 1 < len(lines) else ""
    return "|" in below and _MARKDOWN_RULE.fullmatch(below) is not None


def _inside(text: str, framed: bool) -> str:
    """A row without the bars around it; where not all rows begin with one, bars stand between cells only."""
    if not framed:
        return text
    return text[1:-1] if len(text) > 1 and _BAR.match(text[-1]) and text[-2] != "\\" else text[1:]


def plain(markup: str) -> str:
    """A Markdown text without its HTML, emphasis and escapes."""
    text = unescape(_TAG.sub("", _LINE_BREAK_TAG.sub("\n", markup))).strip("\n")
    text = _STRONG.sub(r"\2", text)
    emphasised = _EMPHASIS.fullmatch(text)
    return _ESCAPE.sub(r"\1", emphasised[2] if emphasised else text)

"""Running text and tables of a page under construction: what ends a line, in which order rows are shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from lxml import etree

from gao_pipeline.documents.model import Block, Paragraph
from gao_pipeline.documents.plain.rows import TextLine
from gao_pipeline.documents.tables import SourceCell

Element = etree._Element

_COLLAPSIBLE = re.compile(r"[ \t\r\n\f]+")
_GAP = "\N{NO-BREAK SPACE}" * 3
"""What parts columns on a line."""
_PAGE_LINES = 4
"""Lines of words that are more than the remarks below a figure."""
ROW_GROUPS = {"thead": 0, "tbody": 1, "table": 1, "tfoot": 2}


class Flow:
    """Running text that becomes paragraphs: white space collapses, a block element ends the line."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.innermost: Element | None = None
        """The block element that the line under construction begins."""
        self.is_parted = False
        """Whether what follows on the line stands apart from what is there."""
        self.is_untold = False
        """Whether something is shown that is no text."""
        self._pieces: list[str] = []

    def write(self, text: str | None) -> None:
        """Add a text to the line under construction."""
        if text and text.strip() and self.is_parted:
            self.is_parted = False
            if any(map(str.strip, self._pieces)):
                self._pieces.append(_GAP)
        if text:
            self._pieces.append(text)

    def end_line(self, level: int | None = None, *, keep_empty: bool = False) -> None:
        """Make a paragraph of the line, a heading where it has a `level`."""
        text = _COLLAPSIBLE.sub(" ", "".join(self._pieces)).strip(" ")
        self._pieces.clear()
        self.is_parted = False
        self.innermost = None
        if text or keep_empty:
            self.blocks.append(Paragraph(text=text, level=level))


class TableRows:
    """The rows of a table under construction, in the order in which browsers show them."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self._groups: dict[Element, list[list[SourceCell]]] = {}

    def start_row(self, row: Element) -> None:
        """Begin a row."""
        self._groups.setdefault(self._group(row), []).append([])

    def add(self, element: Element, cell: SourceCell) -> None:
        """Add a cell to the last row of its group."""
        rows = self._groups.setdefault(self._group(element), [])
        if not rows:
            rows.append([])
        rows[-1].append(cell)

    def _group(self, part: Element) -> Element:
        """The element whose rows belong together with a row or a cell: head, body, foot or the table."""
        return next(part.iterancestors(*ROW_GROUPS), self.element)

    def rows(self) -> list[list[SourceCell]]:
        """Rows from head to foot; a row span of 0 or too much ends with its group of rows."""
        rows: list[list[SourceCell]] = []
        for group in sorted(self._groups, key=lambda element: ROW_GROUPS.get(element.tag, 1)):
            members = self._groups[group]
            for index, row in enumerate(members):
                left = len(members) - index
                rows.append([cell._replace(row_span=min(cell.row_span or left, left)) for cell in row])
        return _with_heads_over_their_columns(rows)


def _with_heads_over_their_columns(rows: list[list[SourceCell]]) -> list[list[SourceCell]]:
    """The rows of a table with the widths of its heads set right. Where all other cells of a row reach down
    into the next one, some of them to its right, what stands in the next row is below this head; no cell of
    a row above may end here, for then another cell stands there, too."""
    ends = {
        number + cell.row_span - 1 for number, row in enumerate(rows) for cell in row if cell.row_span > 1
    }
    for number, (row, below) in reversed(list(enumerate(pairwise(rows)))):
        if number in ends:
            continue
        flat = [place for place, cell in enumerate(row) if cell.row_span == 1]
        if len(flat) == 1 and flat[0] + 1 < len(row) and row[flat[0]].column_span > 1 and below:
            row[flat[0]] = row[flat[0]]._replace(column_span=sum(cell.column_span for cell in below))
    return rows


def closed_rows(rows: list[list[SourceCell]]) -> tuple[list[list[SourceCell]], Sequence[Block]]:
    """The rows of a table, and what follows it on the page but stands in its last cell, since the table is
    never closed: other tables and paragraphs, below a figure or in a row of figures."""
    if not rows or not rows[-1]:
        return rows, ()
    *others, last = rows[-1]
    first = last.blocks[0] if last.blocks else None
    is_own = isinstance(first, Paragraph) and TextLine(0, first.text).is_figure
    own, rest = last.blocks[:is_own], last.blocks[is_own:]
    words = [text for block in rest for text in texts_of(block) if any(map(str.isalpha, text))]
    in_row_of_figures = any(TextLine(0, cell.text).is_figure for cell in others)
    if len(words) < _PAGE_LINES or not (is_own or in_row_of_figures):
        return rows, ()
    return [*rows[:-1], [*others, last._replace(blocks=own)]], rest


def texts_of(block: Block) -> list[str]:
    """The texts of a paragraph or of the cells of a table."""
    return [block.text] if isinstance(block, Paragraph) else [cell.text for cell in block.cells]

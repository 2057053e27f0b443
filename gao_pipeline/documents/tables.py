"""From the tables of a marked-up source (docx, html) to grids: layout tables are unwrapped, the others kept.

Authors and content management systems use tables to place things on a page. Such a table holds the
statistical tables in its cells; it is no grid itself, only the order in which its contents are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import NamedTuple

import msgspec

from gao_pipeline.documents.grids import GridBuilder
from gao_pipeline.documents.model import UNTOLD, Block, Grid, Paragraph, Place
from gao_pipeline.documents.plain.dumped_tables import spreadsheet_table
from gao_pipeline.documents.plain.rows import TextLine
from gao_pipeline.documents.plain.spaced_tables import COLUMN_GAP, SPACE, spaced_table

_SPACED_TABLES = (
    spreadsheet_table,
    partial(spaced_table, gap=COLUMN_GAP),
    partial(spaced_table, gap=SPACE),
)
_SMALL_TABLE = 4
"""Cells that a table inside a cell may have and still be no more than the text of that cell."""
_ARTICLE_LINES, _ARTICLE_CHARACTERS = 10, 300
"""What a cell holds at least that is no cell of a table but a page."""


class SourceCell(NamedTuple):
    """A cell as the source gives it: what stands in it, and its extent. `column` counts from 0; `is_untold`
    says that it shows something that is no text, e.g. a picture."""

    blocks: Sequence[Block]
    row_span: int = 1
    column_span: int = 1
    column: int = 0
    is_untold: bool = False

    @property
    def nested_cells(self) -> int:
        return sum(len(block.cells) for block in self.blocks if isinstance(block, Grid))

    @property
    def is_page(self) -> bool:
        """Whether it holds more than a cell of a table does."""
        lines = [text for text in _texts(self.blocks) if text.strip()]
        return len(lines) >= _ARTICLE_LINES and sum(map(len, lines)) >= _ARTICLE_CHARACTERS

    @property
    def text(self) -> str:
        """All text of the cell, a line for each paragraph and each cell of a nested table."""
        return "\n".join(_texts(self.blocks)).strip("\n")


def _texts(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        if isinstance(block, Grid):
            yield from (cell.text for cell in block.cells if cell.text)
        else:
            yield block.text


def table_blocks(rows: Sequence[Sequence[SourceCell]]) -> list[Block]:
    """What a table contributes to the document: one grid, or the contents of a layout table in order."""
    cells = [cell for row in rows for cell in row]
    own = sum(bool(cell.text) and not cell.nested_cells for cell in cells)
    nested = [cell.nested_cells for cell in cells]
    is_table = len(cells) > 1 and max(nested) <= _SMALL_TABLE and sum(nested) <= own
    if is_table and not any(cell.is_page for cell in cells):
        return [_grid(rows)]
    blocks: list[Block] = []
    for is_grid, group in groupby(rows, key=_is_row_of_figures):
        if is_grid:
            blocks.append(_grid(list(group)))
        else:
            blocks.extend(block for row in group for cell in row for block in cell.blocks)
    return blocks


def _is_row_of_figures(row: Sequence[SourceCell]) -> bool:
    """Whether a row of a layout table belongs to a table of its own: cells side by side, none nested."""
    several = sum(bool(cell.text.strip()) for cell in row) > 1
    return several and not any(cell.nested_cells or cell.is_page for cell in row)


def _grid(rows: Sequence[Sequence[SourceCell]]) -> Grid:
    builder = GridBuilder(Place())
    for row in rows:
        builder.start_row()
        for cell in row:
            builder.add(
                UNTOLD if cell.is_untold and not cell.text.strip() else cell.text,
                column=cell.column,
                row_span=cell.row_span,
                column_span=cell.column_span,
            )
    return builder.grid()


def settled(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks of a whole document: tables and lines numbered from 1, then empty ones left out.

    A line break inside a paragraph starts a paragraph of its own, as it does in a dump of the text; an
    empty line has its number too, so that blank cells still count where a table is printed line by line.
    Lines that white space parts into the columns of a table become one.
    """
    kept: list[Block] = []
    tables = 0
    for is_table, group in groupby(_lines(blocks), key=lambda block: isinstance(block, Grid)):
        for block in group if is_table else _with_spaced_tables(list(group)):
            if isinstance(block, Grid):
                tables += 1
                kept.append(numbered(block, tables))
            else:
                kept.append(block)
    return tuple(kept)


def _lines(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every line as a paragraph that knows its number, without empty ones and empty tables."""
    lines = 0
    for block in blocks:
        if isinstance(block, Grid):
            if block.cells:
                yield block
            continue
        for text in block.text.split("\n"):
            lines += 1
            if text.strip():
                place = msgspec.structs.replace(block.place, line=lines)
                yield msgspec.structs.replace(block, text=text, place=place)


def _with_spaced_tables(paragraphs: Sequence[Block]) -> Sequence[Block]:
    """The paragraphs with those made tables that tabs or spaces part into columns of figures; where no row
    has several figures, a table of contents is likelier."""
    lines = [
        TextLine(block.place.line or 0, block.text) for block in paragraphs if isinstance(block, Paragraph)
    ]
    blocks: list[Block] = []
    position = 0
    while position < len(lines):
        found = (read(lines, position) for read in _SPACED_TABLES)
        table = next((table for table in found if table and table.blocks), None)
        blocks += table.blocks if table else [paragraphs[position]]
        position = table.end if table else position + 1
    return blocks if any(map(_is_wide, blocks)) else paragraphs


def _is_wide(block: Block) -> bool:
    """Whether a row of a table has several figures."""
    cells = block.cells if isinstance(block, Grid) else ()
    figures = Counter(cell.row for cell in cells if TextLine(0, cell.text).is_figure)
    return max(figures.values(), default=0) > 1


def numbered(grid: Grid, table: int) -> Grid:
    """The grid as the table of this number in its document."""
    replace = msgspec.structs.replace
    cells = tuple(replace(cell, place=replace(cell.place, table=table)) for cell in grid.cells)
    return replace(grid, cells=cells, place=replace(grid.place, table=table))

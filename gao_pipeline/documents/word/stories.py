"""From the stream of paragraphs and table marks that Word 97–2003 files and RTF are, to blocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from gao_pipeline.documents.grids import grid_of_rows
from gao_pipeline.documents.model import Block, Paragraph, Place
from gao_pipeline.documents.tables import SourceCell, table_blocks

_SAME_EDGE = 60
"""Edges of cells that differ by no more than so many twips (3 points) are one edge of the table."""


class RowDefinition(NamedTuple):
    """How a table row is divided: the edges of its cells in twips, and their merges.

    `joins_left[i]` and `joins_above[i]` say that cell i is merged into its neighbour.
    """

    edges: tuple[int, ...]
    joins_left: tuple[bool, ...]
    joins_above: tuple[bool, ...]


class StoryParagraph(NamedTuple):
    """A paragraph of the final text: without deleted, hidden or struck-out text, of fields the results.

    `depth` counts the tables around it. `ends_cell` and `ends_row` tell the marks of tables from paragraphs;
    `row` is given with the end of a row where the file defines one. `is_untold` says that something stands in
    it that is no text, e.g. a picture.
    """

    text: str
    depth: int = 0
    ends_cell: bool = False
    ends_row: bool = False
    row: RowDefinition | None = None
    level: int | None = None
    is_untold: bool = False


@dataclass
class _Cell:
    """A cell under way."""

    blocks: list[Block] = field(default_factory=list)
    is_untold: bool = False


class _Row(NamedTuple):
    cells: list[_Cell]
    definition: RowDefinition | None


class _Table:
    """A table under way."""

    def __init__(self) -> None:
        self.rows: list[_Row] = []
        self.cells: list[_Cell] = []
        self.cell = _Cell()

    def end_cell(self) -> None:
        self.cells.append(self.cell)
        self.cell = _Cell()

    def end_row(self, definition: RowDefinition | None) -> None:
        if self.cell.blocks:
            self.end_cell()
        self.rows.append(_Row(self.cells, definition))
        self.cells = []


def story_blocks(paragraphs: Iterable[StoryParagraph]) -> list[Block]:
    """The blocks of a story. A table ends where the text leaves its depth."""
    blocks: list[Block] = []
    tables: list[_Table] = []

    def leave(depth: int) -> None:
        while len(tables) > depth:
            table = tables.pop()
            if table.cells or SourceCell(table.cell.blocks).text.strip():
                table.end_row(None)
            (tables[-1].cell.blocks if tables else blocks).extend(_table_blocks(table.rows))

    for paragraph in paragraphs:
        leave(paragraph.depth)
        while len(tables) < paragraph.depth:
            tables.append(_Table())
        if paragraph.ends_row and tables:
            tables[-1].end_row(paragraph.row)
            continue
        target = tables[-1].cell.blocks if tables else blocks
        target.append(Paragraph(text=paragraph.text, level=paragraph.level))
        if paragraph.is_untold and tables:
            tables[-1].cell.is_untold = True
        if paragraph.ends_cell and tables:
            tables[-1].end_cell()
    leave(0)
    return blocks


def _table_blocks(rows: Sequence[_Row]) -> list[Block]:
    """A table as blocks; without the row definitions of the file only the ranks of its cells are known."""
    definitions = [
        row.definition
        for row in rows
        if row.definition is not None and len(row.definition.edges) == len(row.cells) + 1
    ]
    if len(definitions) < len(rows):
        texts = [[(SourceCell(cell.blocks).text, Place()) for cell in row.cells] for row in rows]
        return [grid_of_rows(texts, Place(), ragged=True)]
    return table_blocks(_source_rows([row.cells for row in rows], definitions))


def _source_rows(
    rows: Sequence[Sequence[_Cell]], definitions: Sequence[RowDefinition]
) -> list[list[SourceCell]]:
    """The cells of a table with their spans; merged cells show the text of the first."""
    columns = _columns_of_edges(definitions)
    result: list[list[SourceCell]] = []
    first_of: dict[int, tuple[int, int]] = {}
    for number, (cells, definition) in enumerate(zip(rows, definitions, strict=True)):
        result.append([])
        starts = [index for index, joined in enumerate(definition.joins_left) if not joined]
        for start, end in pairwise([*starts, len(cells)]):
            left, right = columns[definition.edges[start]], columns[definition.edges[end]]
            if definition.joins_above[start] and left in first_of:
                row, position = first_of[left]
                result[row][position] = result[row][position]._replace(row_span=number - row + 1)
                continue
            first_of[left] = (number, len(result[-1]))
            cell, width = cells[start], max(right - left, 1)
            result[-1].append(
                SourceCell(cell.blocks, column=left, column_span=width, is_untold=cell.is_untold)
            )
    return result


def _columns_of_edges(definitions: Iterable[RowDefinition]) -> dict[int, int]:
    """The number of the column that begins at each edge; edges that differ by little are one."""
    columns: dict[int, int] = {}
    column, first = -1, 0
    for edge in sorted({edge for definition in definitions for edge in definition.edges}):
        if column < 0 or edge - first > _SAME_EDGE:
            column, first = column + 1, edge
        columns[edge] = column
    return columns

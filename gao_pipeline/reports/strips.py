"""Printed rows as the tables of a report are read from: grids as they are, rows rebuilt from lost tables."""

from __future__ import annotations

from itertools import takewhile
from typing import NamedTuple

import msgspec

from gao_pipeline.documents.model import Cell, Grid
from gao_pipeline.documents.numbering import without_numbers
from gao_pipeline.reports.vocabulary import cell_vocabulary


class PrintedRow(NamedTuple):
    """The cells of one row by column; `merged` are those that reach down from rows above."""

    cells: tuple[Cell, ...]
    merged: tuple[Cell, ...] = ()


class Strip(NamedTuple):
    """Consecutive rows of one printed table; in a ragged one a cell's column is only its rank. `above` are
    the captions right above it, nearest first, `years` are those that they name."""

    rows: tuple[PrintedRow, ...]
    ragged: bool
    columns: int
    years: frozenset[int] = frozenset()
    above: tuple[str, ...] = ()

    @property
    def captions(self) -> list[str]:
        """The texts that stand alone in the rows above the table itself."""
        texts = ([cell.text for cell in row.cells if cell.text.strip()] for row in self.rows)
        return [alone[0] for alone in takewhile(lambda filled: len(filled) == 1, texts)]


def strip_of_grid(grid: Grid) -> Strip:
    """The rows of a grid, every cell freed from residue of crawlers."""
    own: list[list[Cell]] = [[] for _ in range(grid.rows)]
    merged: list[list[Cell]] = [[] for _ in range(grid.rows)]
    vocabulary = cell_vocabulary()
    for cell in grid.cells:
        text = vocabulary.without_residue(cell.text)
        clean = cell if text == cell.text else msgspec.structs.replace(cell, text=text)
        own[cell.row].append(clean)
        for row in range(cell.row + 1, min(cell.row + cell.row_span, grid.rows)):
            merged[row].append(clean)
    own = without_numbers([sorted(cells, key=_column) for cells in own])
    if grid.ragged:
        _drop_empty_last_columns(own)
    rows = tuple(
        PrintedRow(tuple(cells), tuple(sorted(above, key=_column)))
        for cells, above in zip(own, merged, strict=True)
    )
    return Strip(rows, grid.ragged, grid.columns)


def _drop_empty_last_columns(rows: list[list[Cell]]) -> None:
    """Take off the last cell of every row while all rows end in an empty one: an extra column."""
    while all(len(row) > 1 and not row[-1].text.strip() for row in rows):
        for row in rows:
            row.pop()


def _column(cell: Cell) -> int:
    return cell.column

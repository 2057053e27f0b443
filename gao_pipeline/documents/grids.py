"""Puts the cells of a table into a grid, whatever spans the source claims."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from gao_pipeline.documents.model import Cell, Grid, Place

_MAX_COLUMN_SPAN = 1_000


class GridBuilder:
    """Collects cells in reading order. A slot belongs to the first cell that claims it."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._cells: list[Cell] = []
        self._free_from: dict[int, int] = {}
        self._row = -1

    @property
    def row(self) -> int:
        """The current row, counted from 0."""
        return self._row

    def start_row(self) -> None:
        """Begin the next row."""
        self._row += 1

    def add(
        self,
        text: str,
        *,
        column: int = 0,
        row_span: int = 1,
        column_span: int = 1,
        place: Place | None = None,
    ) -> None:
        """Put a cell into the current row, into the first free slot at or after `column` (from 0).

        `place` is where the source has the cell; row and column default to those of the grid, from 1.
        """
        while not self._is_free(column):
            column += 1
        width = 1
        while width < min(column_span, _MAX_COLUMN_SPAN) and self._is_free(column + width):
            width += 1
        for taken in range(column, column + width):
            self._free_from[taken] = self._row + max(row_span, 1)
        given = place or self._place
        self._cells.append(
            Cell(
                text=text,
                row=self._row,
                column=column,
                row_span=max(row_span, 1),
                column_span=width,
                place=msgspec.structs.replace(
                    given,
                    table=self._place.table,
                    row=given.row or self._row + 1,
                    column=given.column or column + 1,
                ),
            )
        )

    def _is_free(self, column: int) -> bool:
        return self._free_from.get(column, 0) <= self._row

    def grid(self, *, ragged: bool = False) -> Grid:
        """The grid of all cells so far; a row span ends with the last row."""
        rows = self._row + 1
        return Grid(
            cells=tuple(
                msgspec.structs.replace(cell, row_span=min(cell.row_span, rows - cell.row))
                for cell in self._cells
            ),
            rows=rows,
            columns=max((cell.column + cell.column_span for cell in self._cells), default=0),
            place=self._place,
            ragged=ragged,
        )


def grid_of_rows(rows: Iterable[Iterable[tuple[str, Place]]], place: Place, *, ragged: bool = False) -> Grid:
    """A grid without spans, from the texts of its rows and what is known of each text's place."""
    builder = GridBuilder(place)
    for row in rows:
        builder.start_row()
        for text, where in row:
            builder.add(text, place=where)
    return builder.grid(ragged=ragged)

"""Tables whose heads of columns are printed below each other, each beside its figure: they are turned."""

from __future__ import annotations

import msgspec

from gao_pipeline.documents.model import Grid
from gao_pipeline.reports.labels import TableLabels


def with_heads_above(grid: Grid, labels: TableLabels) -> Grid:
    """The grid, turned where one of its columns holds the heads of all columns of the form in their order."""
    return _turned(grid) if not grid.ragged and _has_heads_at_the_side(grid, labels) else grid


def _has_heads_at_the_side(grid: Grid, labels: TableLabels) -> bool:
    at_the_side: dict[int, list[str]] = {}
    for cell in grid.cells:
        if match := labels.columns.find(cell.text):
            at_the_side.setdefault(cell.column, []).append(match.code)
    official = [column.code for column in labels.blocks[0].columns]
    return any(codes == official * (len(codes) // len(official)) for codes in at_the_side.values())


def _turned(grid: Grid) -> Grid:
    """The grid with its rows as columns; every cell keeps its place in the document."""
    cells = (
        msgspec.structs.replace(
            cell,
            row=cell.column,
            column=cell.row,
            row_span=cell.column_span,
            column_span=cell.row_span,
        )
        for cell in grid.cells
    )
    in_order = sorted(cells, key=lambda cell: (cell.row, cell.column))
    return msgspec.structs.replace(grid, cells=tuple(in_order), rows=grid.columns, columns=grid.rows)

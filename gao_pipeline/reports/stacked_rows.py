"""Rows of the form that share one row of a printed table: every cell holds a line for each of them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from gao_pipeline.documents.model import Cell
from gao_pipeline.reports.labels import TableLabels
from gao_pipeline.reports.strips import PrintedRow, Strip


def with_stacked_rows_apart(strip: Strip, tables: tuple[TableLabels, ...]) -> Strip:
    """The strip with a row made several where each line of its label is a label of one of the `tables`. A
    value of more or fewer lines may belong to any of them, so that none has it."""
    return strip._replace(rows=tuple(part for row in strip.rows for part in _apart(row, tables)))


def _apart(row: PrintedRow, tables: tuple[TableLabels, ...]) -> Iterator[PrintedRow]:
    label = next((cell for cell in row.cells if _is_stack(cell, tables)), None)
    if label is None:
        yield row
        return
    count = len(_lines(label))
    groups = tuple(cell for cell in row.cells if cell.column < label.column)
    stacks = [cell for cell in row.cells if cell.column >= label.column]
    lines = [_lines(cell) if cell.text.strip() else [""] * count for cell in stacks]
    for number in range(count):
        cells = tuple(
            msgspec.structs.replace(cell, text=texts[number])
            for cell, texts in zip(stacks, lines, strict=True)
            if len(texts) == count
        )
        above = (*row.merged, *groups)
        yield PrintedRow(cells, above) if number else PrintedRow((*groups, *cells), row.merged)


def _lines(cell: Cell) -> list[str]:
    return [line.strip() for line in cell.text.split("\n")]


def _is_stack(cell: Cell, tables: tuple[TableLabels, ...]) -> bool:
    """Whether a cell holds several labels, one a line."""
    lines = _lines(cell)
    return len(lines) > 1 and any(all(map(labels.rows.find_exact, lines)) for labels in tables)

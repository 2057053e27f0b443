"""Rows of the form that share one row of a printed table: every cell holds a line for each of them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from gao_pipeline.documents.model import Cell
from gao_pipeline.reports.labels import TableLabels
from gao_pipeline.reports.strips import PrintedRow, Strip


def with_stacked_rows_apart(strip: Strip, tables: tuple[TableLabels, ...]) -> Strip:
    """The strip with a row made several where each line of its label is a label of one of the `tables` and
    each value has as many lines."""
    return strip._replace(rows=tuple(part for row in strip.rows for part in _apart(row, tables)))


def _apart(row: PrintedRow, tables: tuple[TableLabels, ...]) -> Iterator[PrintedRow]:
    label = next((cell for cell in row.cells if _is_stack(cell, tables)), None)
    if label is None:
        yield row
        return
    groups = tuple(cell for cell in row.cells if cell.column < label.column)
    stacks = [cell for cell in row.cells if cell.column >= label.column]
    lines = [_lines(cell) for cell in stacks]
    if any(len(texts) != len(lines[0]) for texts in lines):
        yield row
        return
    for number, texts in enumerate(zip(*lines, strict=True)):
        cells = map(_with_text, stacks, texts)
        yield (
            PrintedRow((*groups, *cells), row.merged)
            if not number
            else PrintedRow(tuple(cells), (*row.merged, *groups))
        )


def _lines(cell: Cell) -> list[str]:
    return [line.strip() for line in cell.text.split("\n")]


def _with_text(cell: Cell, text: str) -> Cell:
    return msgspec.structs.replace(cell, text=text)


def _is_stack(cell: Cell, tables: tuple[TableLabels, ...]) -> bool:
    """Whether a cell holds several labels, one a line."""
    lines = _lines(cell)
    return len(lines) > 1 and any(all(map(labels.rows.find_exact, lines)) for labels in tables)

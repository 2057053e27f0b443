"""Column headers: which printed column is which column of the form, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from gao_pipeline.contracts.forms import Table
from gao_pipeline.documents.model import Cell
from gao_pipeline.reports.labels import TableLabels
from gao_pipeline.reports.placement import Header, Slot, is_empty
from gao_pipeline.reports.strips import Strip


class HeaderRows:
    """The header rows of a table, collected as they go by."""

    def __init__(self) -> None:
        self._rows: list[tuple[Cell, ...]] = []

    def add(self, cells: Sequence[Cell]) -> None:
        """Add the next row."""
        self._rows.append(tuple(cells))

    def compiled(self, labels: TableLabels, strip: Strip) -> Header | None:
        """What the rows so far say; `None` while they name no column."""
        table = next(reversed(labels.editions.values()))
        if table.orientation == "columns":
            return self._side_by_side(labels, table, strip)
        found = self._columns(labels)
        if len(table.blocks) > 1:
            return _header([(code, cell) for code, cell in found], strip)
        return self._one_block(found, table, strip)

    def _columns(self, labels: TableLabels) -> list[tuple[str, Cell]]:
        """Every header cell that names a column, in reading order."""
        return [
            (match.code, cell)
            for row in self._rows
            for cell in row
            if not is_empty(cell) and (match := labels.columns.find_similar(cell.text))
        ]

    def _one_block(self, found: list[tuple[str, Cell]], table: Table, strip: Strip) -> Header:
        """The header of a table whose columns are the same in all rows."""
        official = [column.code for column in table.blocks[0].columns]
        printed = [code for code, _ in found]
        if sorted(printed) != sorted(official):
            return Header(tuple(Slot(code) for code in official), complete=False)
        if not strip.ragged:
            return _header(sorted(found, key=lambda item: item[1].column), strip)
        last = official[-1]
        inner = [code for code in printed if code != last]
        ordered = inner == official[:-1] and printed.index(last) in (1, len(official) - 1)
        return Header(tuple(Slot(code) for code in official), ordered=ordered)

    def _side_by_side(self, labels: TableLabels, table: Table, strip: Strip) -> Header | None:
        """The header of a table whose rows stand side by side, each with all columns."""
        block = table.blocks[0]
        official = [column.code for column in block.columns]
        leaves = self._columns(labels)
        if not leaves:
            return None
        if not strip.ragged:
            leaves.sort(key=lambda item: item[1].column)
        printed = [code for code, _ in leaves]
        if printed == official:
            return _header(leaves, strip)
        rows = [row.code for row in block.rows]
        if printed != official * len(rows):
            slots = tuple(Slot(code, row=row) for row in rows for code in official)
            return Header(slots, complete=False)
        order = self._printed_rows(labels, strip) or rows
        header = _header(leaves, strip)
        slots = tuple(
            slot._replace(row=order[index // len(official)]) for index, slot in enumerate(header.slots)
        )
        return header._replace(slots=slots)

    def _printed_rows(self, labels: TableLabels, strip: Strip) -> list[str] | None:
        """The rows of the form in the order in which their headings stand, if all are printed."""
        cells = [
            (cell.column, match.code)
            for row in self._rows
            for cell in row
            if not is_empty(cell) and (match := labels.rows.find(cell.text))
        ]
        codes = [code for _, code in (cells if strip.ragged else sorted(cells))]
        complete = sorted(codes) == sorted(
            {row.code for t in labels.editions.values() for row in t.blocks[0].rows}
        )
        return codes if complete else None


def _header(found: Sequence[tuple[str, Cell]], strip: Strip) -> Header:
    """A header with the geometry of its cells, where the strip has kept it."""
    if strip.ragged:
        return Header(tuple(Slot(code, header=cell.text) for code, cell in found))
    slots = tuple(
        Slot(code, cell.column, cell.column + cell.column_span, header=cell.text) for code, cell in found
    )
    covered = sum(cell.column_span for _, cell in found)
    spare = bool(found) and strip.columns - min(cell.column for _, cell in found) > covered
    return Header(slots, spare=spare)

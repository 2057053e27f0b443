"""Rows that a page break cuts through their labels or heads: the pieces on both pages are one row again."""

from __future__ import annotations

from itertools import chain

import msgspec

from gao_pipeline.documents.model import Cell
from gao_pipeline.reports.cells import is_figure
from gao_pipeline.reports.labels import TableLabels
from gao_pipeline.reports.strips import PrintedRow, Strip


def with_cut_rows_joined(strip: Strip, tables: tuple[TableLabels, ...]) -> Strip:
    """The strip with two rows made one where a page ends between them and only both pieces of a text are a
    label of one of the `tables`. No value is printed on both pages."""
    rows: list[PrintedRow] = []
    for row in strip.rows:
        whole = _joined(rows[-1], row, tables) if rows and _is_page_between(rows[-1], row) else None
        if whole is None:
            rows.append(row)
        else:
            rows[-1] = whole
    return strip._replace(rows=tuple(rows))


def _is_page_between(above: PrintedRow, below: PrintedRow) -> bool:
    last, first = (
        [cell.place.page for cell in row.cells if cell.place.page is not None] for row in (above, below)
    )
    return bool(last and first) and max(last) < min(first)


def _joined(above: PrintedRow, below: PrintedRow, tables: tuple[TableLabels, ...]) -> PrintedRow | None:
    """Two rows cell by cell as one; None where that makes no label, or puts two values into a cell."""
    rest = {(cell.column, cell.column_span): cell for cell in below.cells}
    cells: list[Cell] = []
    is_label = False
    for cell in above.cells:
        below_it = rest.pop((cell.column, cell.column_span), None)
        if below_it is None or not below_it.text.strip():
            cells.append(cell)
            continue
        if cell.text.strip():
            if is_figure(cell.text) or is_figure(below_it.text):
                return None
            is_label |= _is_only_whole_a_label(cell.text, below_it.text, tables)
        cells.append(msgspec.structs.replace(cell, text=cell.text + below_it.text))
    if any(cell.text.strip() for cell in rest.values()) or not is_label:
        return None
    return PrintedRow(tuple(cells), above.merged)


def _is_only_whole_a_label(above: str, below: str, tables: tuple[TableLabels, ...]) -> bool:
    lexicons = chain.from_iterable((table.rows, table.columns) for table in tables)
    return any(lexicon.find_exact(above + below) and not lexicon.find_exact(above) for lexicon in lexicons)

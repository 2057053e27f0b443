"""Rows that a page break cuts through their labels or heads, as only the form tells: the pieces on both pages
are one row again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise

import msgspec

from gao_pipeline.contracts.text import compact
from gao_pipeline.documents.model import Cell
from gao_pipeline.reports.cells import is_blank, is_figure
from gao_pipeline.reports.labels import TableLabels
from gao_pipeline.reports.strips import PrintedRow, Strip
from gao_pipeline.reports.vocabulary import cell_vocabulary

_CUT_FIGURE = re.compile(r"[-+]?[1-9][\d,.]*\n[\d,.]+")
"""The digits of a figure at the foot of a page and those at the head of the next."""


def with_cut_rows_joined(strip: Strip, tables: tuple[TableLabels, ...]) -> Strip:
    """The strip with two rows made one where a page ends between them, repeated heads aside, and the lower
    one only goes on with the upper: with a text that only as a whole is a label of one of the `tables`, or
    the mark of a blank cell, or with the units of figures."""
    rows = list(strip.rows[:1])
    printed: set[tuple[str, ...]] = set()
    cut: int | None = None
    for before, row in pairwise(strip.rows):
        printed.add(_texts(before))
        if _is_page_between(before, row):
            cut = len(rows) - 1
        whole = {} if cut is None else _joined(rows[cut], row, tables)
        if whole:
            rows = [_with(upper, whole) for upper in rows]
        else:
            rows.append(row)
        if whole or _texts(row) not in printed:
            cut = None
    return strip._replace(rows=tuple(rows))


def _with(row: PrintedRow, whole: Mapping[Cell, Cell]) -> PrintedRow:
    """The row with whole cells in place of cut ones."""
    cells, merged = (tuple(whole.get(cell, cell) for cell in part) for part in row)
    return PrintedRow(cells, merged)


def _texts(row: PrintedRow) -> tuple[str, ...]:
    return tuple(cell.text for cell in row.cells)


def _is_page_between(above: PrintedRow, below: PrintedRow) -> bool:
    last, first = (
        [cell.place.page for cell in row.cells if cell.place.page is not None] for row in (above, below)
    )
    return bool(last and first) and max(last) < min(first)


def _joined(above: PrintedRow, below: PrintedRow, tables: tuple[TableLabels, ...]) -> Mapping[Cell, Cell]:
    """The cells of a row, and those that reach down into it, with what stands below them, as far as there is
    any; none where the lower row is a row of its own."""
    rest = {(cell.column, cell.column_span): cell for cell in below.cells if cell.text.strip()}
    reaching = [cell for cell in above.merged if (cell.column, cell.column_span) in rest]
    pairs = [(cell, rest.pop((cell.column, cell.column_span), None)) for cell in (*above.cells, *reaching)]
    pieces = [(cell, piece) for cell, piece in pairs if piece is not None]
    if rest or not _are_cut(pieces, tables):
        return {}
    return {cell: _whole(cell, piece) for cell, piece in pieces}


def _whole(above: Cell, below: Cell) -> Cell:
    separator = "\n" if _is_cut_figure(above, below) else ""
    return msgspec.structs.replace(above, text=f"{above.text}{separator}{below.text}")


def _is_cut_figure(above: Cell, below: Cell) -> bool:
    return _CUT_FIGURE.fullmatch(f"{compact(above.text)}\n{compact(below.text)}") is not None


def _is_cut_mark(above: Cell, below: Cell) -> bool:
    """Whether two texts are only together the mark of a blank cell, such as 不适用."""
    halves = above.text.strip() and below.text.strip() and not is_blank(above.text)
    return bool(halves) and is_blank(above.text + below.text)


def _is_cut_unit(above: Cell, below: Cell) -> bool:
    return is_figure(above.text) and below.text.strip() in cell_vocabulary().count_units


def _are_cut(pieces: Sequence[tuple[Cell, Cell]], tables: tuple[TableLabels, ...]) -> bool:
    """Whether one of the pieces makes a label with what stands above it, or all that are no digits make marks
    of blank cells or are units; and none is a second figure."""
    texts = [piece for piece in pieces if not _is_cut_figure(*piece)]
    rests = [piece for piece in texts if _is_cut_mark(*piece) or _is_cut_unit(*piece)]
    others = [(above.text, below.text) for above, below in texts if (above, below) not in rests]
    if any(above.strip() and (is_figure(above) or is_figure(below)) for above, below in others):
        return False
    is_label = any(above.strip() and _is_only_whole_a_label(above, below, tables) for above, below in others)
    return is_label or (bool(texts) and not others)


def _is_only_whole_a_label(above: str, below: str, tables: tuple[TableLabels, ...]) -> bool:
    lexicons = chain.from_iterable((table.rows, table.columns) for table in tables)
    return any(lexicon.find_exact(above + below) and not lexicon.find_exact(above) for lexicon in lexicons)

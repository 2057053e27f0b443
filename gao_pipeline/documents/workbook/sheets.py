"""Splits a sheet of a spreadsheet into paragraphs and grids, whatever program wrote it.

A row belongs to a table when it is ruled, holds several filled cells, is reached by a merged range, or holds
nothing but a label of the form; the other rows are text. In a sheet without any rules a lone cell between
rows of equal width is a heading inside their table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from typing import NamedTuple

from gao_pipeline.contracts.forms import label_wordings
from gao_pipeline.contracts.text import compact
from gao_pipeline.documents.grids import GridBuilder
from gao_pipeline.documents.model import (
    Block,
    Document,
    Grid,
    MediaType,
    Notice,
    Paragraph,
    Place,
    UnreadableDocumentError,
)
from gao_pipeline.documents.tables import settled

RULED_SIDES = 2
"""A cell with borders on so many sides is ruled."""
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_TEXT_GAP = "  "
_MAX_SLOTS = 5_000_000


class SheetCell(NamedTuple):
    """What a cell shows, and whether it is ruled: whether it has borders on `RULED_SIDES` or more."""

    text: str
    ruled: bool = False


class Merge(NamedTuple):
    """A range of merged cells, counted from 1, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class Sheet(NamedTuple):
    """A visible sheet: its cells by (row, column), counted from 1. Cells that are not listed are empty."""

    name: str
    cells: Mapping[tuple[int, int], SheetCell]
    merges: Sequence[Merge] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


def workbook_document(
    media_type: MediaType, sheets: Sequence[Sheet], title: str | None = None, notices: Iterable[Notice] = ()
) -> Document:
    """The document that visible sheets make. Where several are named after years, the last year comes first:
    what a workbook is about, and not what it is compared with.

    Raises:
        UnreadableDocumentError: no sheet holds a text (`no_text`).
    """
    blocks = settled(chain.from_iterable(map(sheet_blocks, _last_year_first(sheets))))
    if not blocks:
        raise UnreadableDocumentError("no_text", "no visible sheet holds a text")
    return Document(
        media_type=media_type,
        blocks=blocks,
        title=(title or "").strip() or None,
        pages=len(sheets),
        notices=tuple(notices),
    )


def _last_year_first(sheets: Iterable[Sheet]) -> list[Sheet]:
    def year(sheet: Sheet) -> int:
        found = _YEAR.search(sheet.name)
        return int(found[0]) if found else 0

    ordered = list(sheets)
    places = [place for place, sheet in enumerate(ordered) if year(sheet)]
    for place, sheet in zip(
        places, sorted(map(ordered.__getitem__, places), key=year, reverse=True), strict=True
    ):
        ordered[place] = sheet
    return ordered


def check_extent(name: str, rows: int, columns: int) -> None:
    """Refuse a sheet of an unreasonable extent.

    Raises:
        UnreadableDocumentError: `member_too_large`.
    """
    if rows * columns > _MAX_SLOTS:
        detail = f"sheet {name} extends over {rows} × {columns} cells"
        raise UnreadableDocumentError("member_too_large", detail)


def sheet_blocks(sheet: Sheet) -> Iterator[Block]:
    """The paragraphs and grids of a sheet from top to bottom."""
    layout = _Layout(sheet)
    for is_table, group in groupby(layout.rows, key=layout.is_table_row):
        rows = list(group)
        if is_table and any(len(layout.filled(row)) > 1 for row in rows):
            yield from layout.grids(rows)
        else:
            yield from layout.paragraphs(rows)


class _Layout:
    """The visible rows and columns of a sheet, and where its merged ranges begin and end among them."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._used = {place for place, cell in sheet.cells.items() if cell.ruled or cell.text.strip()}
        last_row = max((row for row, _ in self._used), default=0)
        last_column = max((column for _, column in self._used), default=0)
        self.rows = [row for row in range(1, last_row + 1) if row not in sheet.hidden_rows]
        self._columns = [column for column in range(1, last_column + 1) if column not in sheet.hidden_columns]
        self._texts = {place: cell.text for place, cell in sheet.cells.items() if cell.text.strip()}
        self._spans: dict[tuple[int, int], tuple[int, int]] = {}
        self._covered: set[tuple[int, int]] = set()
        self._high: set[int] = set()
        for merge in sheet.merges:
            self._apply(merge)
        self._is_ruled = any(cell.ruled for cell in sheet.cells.values())

    def _apply(self, merge: Merge) -> None:
        """Note what is visible of a merged range; it shows its text even if its first cell is hidden."""
        rows = [row for row in self.rows if merge.first_row <= row <= merge.last_row]
        columns = [column for column in self._columns if merge.first_column <= column <= merge.last_column]
        if not rows or not columns:
            return
        places = {(row, column) for row in rows for column in columns}
        first = (rows[0], columns[0])
        text = self._sheet.cells.get((merge.first_row, merge.first_column), SheetCell("")).text
        for place in places:
            self._texts.pop(place, None)
        if text.strip():
            self._texts[first] = text
        self._spans[first] = (len(rows), len(columns))
        self._covered |= places - {first}
        self._high.update(rows if len(rows) > 1 else ())

    def filled(self, row: int) -> list[int]:
        """The columns of a row in which a text stands."""
        return [column for column in self._columns if (row, column) in self._texts]

    def is_table_row(self, row: int) -> bool:
        return self._is_evident(row) or self._is_inner_heading(row)

    def _is_evident(self, row: int) -> bool:
        return (
            len(self.filled(row)) > 1
            or any(self._sheet.cells.get((row, column), SheetCell("")).ruled for column in self._columns)
            or row in self._high
            or self._is_label(row)
        )

    def _is_label(self, row: int) -> bool:
        """Whether a row shows a label of the form and nothing else: the cells behind it are blank."""
        filled = self.filled(row)
        return len(filled) == 1 and compact(self._texts[row, filled[0]]) in label_wordings()

    def _is_inner_heading(self, row: int) -> bool:
        index = self.rows.index(row)
        neighbours = self.rows[max(index - 1, 0) : index] + self.rows[index + 1 : index + 2]
        return (
            not self._is_ruled
            and len(self.filled(row)) == 1
            and len(neighbours) == 2
            and all(self._is_evident(neighbour) for neighbour in neighbours)
            and len({self._width(neighbour) for neighbour in neighbours}) == 1
        )

    def _width(self, row: int) -> int:
        """The last column that the texts of a row reach."""
        return max(column + self._spans.get((row, column), (1, 1))[1] - 1 for column in self.filled(row))

    def paragraphs(self, rows: Sequence[int]) -> Iterator[Paragraph]:
        for row in rows:
            text = _TEXT_GAP.join(self._texts[row, column] for column in self.filled(row))
            yield Paragraph(text=text, place=Place(part=self._sheet.name, row=row))

    def grids(self, rows: Sequence[int]) -> Iterator[Grid]:
        """The tables in these rows from left to right; a column without rules parts ruled tables."""
        within = set(rows)
        used = {column for row, column in (*self._used, *self._covered) if row in within}
        columns = [column for column in self._columns if min(used) <= column <= max(used)]
        ruled = {column for (row, column), cell in self._sheet.cells.items() if cell.ruled and row in within}
        for is_gap, group in groupby(columns, key=lambda column: bool(ruled) and column not in used):
            if not is_gap:
                yield self._grid(rows, list(group))

    def _grid(self, rows: Sequence[int], columns: Sequence[int]) -> Grid:
        places = {(row, column) for row in rows for column in columns}
        last = max(row for row, column in (*self._used, *self._covered) if (row, column) in places)
        builder = GridBuilder(Place(part=self._sheet.name))
        for row in rows:
            if row > last:
                break
            builder.start_row()
            for index, column in enumerate(columns):
                if (row, column) not in self._covered:
                    row_span, column_span = self._spans.get((row, column), (1, 1))
                    builder.add(
                        self._texts.get((row, column), ""),
                        column=index,
                        row_span=row_span,
                        column_span=column_span,
                        place=Place(part=self._sheet.name, row=row, column=column),
                    )
        return builder.grid()

"""Reads OpenDocument sheets (ods, fods): every visible sheet, its values as the file says they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import islice, repeat
from typing import NamedTuple

from gao_pipeline.documents.markup import Element, attribute, kind, whole_number
from gao_pipeline.documents.model import Document, MediaType
from gao_pipeline.documents.opendocument import OpenDocument, is_hidden, repeated, table_rows
from gao_pipeline.documents.runs import note_hidden
from gao_pipeline.documents.workbook.formulas import computed
from gao_pipeline.documents.workbook.number_format import displayed
from gao_pipeline.documents.workbook.sheets import (
    RULED_SIDES,
    Merge,
    Sheet,
    SheetCell,
    check_extent,
    workbook_document,
)

_COLUMN_GROUPS = frozenset({"table-columns", "table-header-columns", "table-column-group"})
_CELLS = frozenset({"table-cell", "covered-table-cell"})
_SIDES = ("border-left", "border-right", "border-top", "border-bottom")
_NO_LINE = "none"
_DIGIT = re.compile(r"\d")
_BRACKETS = re.compile(r"[()]")
_REFERENCE_SIGNS = re.compile(r"[\[\]]|(?<=[\[:])\.")
_MOST_COLUMNS = 16_384
_MOST_EMPTY = 100
"""Cells and rows that are repeated more often only fill a sheet up to its edge."""


def read_ods(data: bytes) -> Document:
    """The document that an OpenDocument workbook holds.

    Raises:
        UnreadableDocumentError: there are no sheets (`corrupt_file`), or no visible one holds a text
            (`no_text`).
    """
    file = OpenDocument(data)
    tables = file.body("spreadsheet").iterchildren("{*}table")
    sheets = [
        _sheet(file, table)
        for table in tables
        if file.style(attribute(table, "style-name"), "table", "table-properties", "display") != "false"
    ]
    return workbook_document(MediaType.ODS, sheets, file.title, file.notices)


class _Column(NamedTuple):
    style: str | None
    is_hidden: bool


def _columns(table: Element) -> Iterator[_Column]:
    for element in table.iterchildren("*"):
        if kind(element) in _COLUMN_GROUPS:
            yield from _columns(element)
        elif kind(element) == "table-column":
            column = _Column(attribute(element, "default-cell-style-name"), is_hidden(element))
            yield from repeat(column, repeated(element, "columns"))


def _sheet(file: OpenDocument, table: Element) -> Sheet:
    name = attribute(table, "name") or ""
    columns = list(islice(_columns(table), _MOST_COLUMNS))
    cells: dict[tuple[int, int], SheetCell] = {}
    formulas: dict[tuple[int, int], str] = {}
    values: dict[tuple[int, int], object] = {}
    merges: list[Merge] = []
    hidden_rows: set[int] = set()
    last_row = 0
    for element, times in table_rows(table):
        first_row, last_row = last_row + 1, last_row + times
        for row in range(first_row, first_row + min(times, _MOST_EMPTY)):
            if is_hidden(element):
                hidden_rows.add(row)
            for column, cell in _cells(element):
                default = columns[column - 1].style if column <= len(columns) else None
                shown = _cell(file, cell, default)
                if (number := _value(cell)) is not None:
                    values[row, column] = float(number)
                elif attribute(cell, "formula") and not shown.text:
                    formulas[row, column] = _in_a1(attribute(cell, "formula") or "")
                    shown = shown._replace(text=formulas[row, column])
                elif shown.text:
                    values[row, column] = shown.text
                if not (shown.text or shown.ruled):
                    continue
                check_extent(name, row, column)
                cells[row, column] = shown
                height = whole_number(attribute(cell, "number-rows-spanned"), 1)
                width = whole_number(attribute(cell, "number-columns-spanned"), 1)
                if height * width > 1:
                    merges.append(Merge(row, column, row + height - 1, column + width - 1))
    for place, result in computed(formulas, values).items():
        cells[place] = cells[place]._replace(text=displayed(result))
    return Sheet(
        name=name,
        cells=cells,
        merges=merges,
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(number for number, column in enumerate(columns, 1) if column.is_hidden),
    )


def _cells(row: Element) -> Iterator[tuple[int, Element]]:
    """The cells of a row by column, from 1."""
    last = 0
    for element in row.iterchildren("*"):
        if kind(element) in _CELLS:
            first, last = last + 1, last + repeated(element, "columns")
            for column in range(first, min(last, first + _MOST_EMPTY - 1) + 1):
                yield column, element


def _cell(file: OpenDocument, cell: Element, default_style: str | None) -> SheetCell:
    style = attribute(cell, "style-name") or default_style
    whole = file.style(style, "table-cell", "table-cell-properties", "border")
    borders = (file.style(style, "table-cell", "table-cell-properties", side) or whole for side in _SIDES)
    ruled = sum(border is not None and border != _NO_LINE for border in borders) >= RULED_SIDES
    shown = "" if file.removes(style, "table-cell") else _shown(file, cell)
    if file.is_white(style, "table-cell") and not file.is_on_colour(cell, style):
        note_hidden(shown, file.notices)
        shown = ""
    return SheetCell(shown, ruled)


def _shown(file: OpenDocument, cell: Element) -> str:
    """What a cell shows; a figure is written as in `number_format`: with its sign, a dash for zero as 0."""
    lines = [file.text(line) for line in cell.iterchildren("{*}p")]
    text = "\n".join(lines) or attribute(cell, "string-value") or ""
    number = _value(cell)
    if number is None:
        return text
    if not _DIGIT.search(text):
        is_dash = not number and text.strip()
        return displayed(float(number)) if is_dash or not lines else text
    return f"-{_BRACKETS.sub('', text)}" if number < 0 and "-" not in text else text


def _value(cell: Element) -> Decimal | None:
    """The number in a cell, if it holds one."""
    try:
        return Decimal(attribute(cell, "value") or "")
    except InvalidOperation:
        return None


def _in_a1(formula: str) -> str:
    """A formula of OpenDocument (`of:=SUM([.D4:.D9];1)`) in the notation A1."""
    return f"={_REFERENCE_SIGNS.sub('', formula.partition('=')[2]).replace(';', ',')}"

"""Reads the XML files of Excel 2003 (XML Spreadsheet), which many programs serve as `.xls`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from gao_pipeline.documents.markup import Element, attribute, child, parse_xml, whole_number
from gao_pipeline.documents.model import Document, MediaType
from gao_pipeline.documents.workbook.number_format import displayed
from gao_pipeline.documents.workbook.sheets import (
    RULED_SIDES,
    Merge,
    Sheet,
    SheetCell,
    check_extent,
    workbook_document,
)

_NAMED_FORMATS = {
    "General Number": "General",
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Currency": "#,##0.00",
    "Euro Currency": "#,##0.00",
    "Percent": "0.00%",
}
_VISIBLE = (None, "SheetVisible")


def read_excel_2003(data: bytes) -> Document:
    """The document that an XML Spreadsheet holds.

    Raises:
        UnreadableDocumentError: no visible sheet holds a text (`no_text`).
        lxml.etree.XMLSyntaxError: the file is damaged.
    """
    root = parse_xml(data)
    styles = _styles(root)
    sheets = [
        _sheet(sheet, styles)
        for sheet in root.iterchildren("{*}Worksheet")
        if _text(child(sheet, "WorksheetOptions", "Visible")) in _VISIBLE
    ]
    return workbook_document(MediaType.XLS_XML, sheets, _text(child(root, "DocumentProperties", "Title")))


class _Style(NamedTuple):
    number_format: str | None = None
    ruled: bool | None = None


def _styles(root: Element) -> dict[str | None, _Style]:
    """The styles by id, with what they inherit."""
    styles: dict[str | None, _Style] = {}
    for style in root.iterfind("{*}Styles/{*}Style"):
        number_format = attribute(child(style, "NumberFormat"), "Format")
        borders = child(style, "Borders")
        sides = () if borders is None else borders.iterchildren("{*}Border")
        lines = sum(attribute(side, "LineStyle") not in (None, "None") for side in sides)
        parent = styles.get(attribute(style, "Parent") or "Default", _Style())
        styles[attribute(style, "ID")] = _Style(
            parent.number_format if number_format is None else number_format,
            parent.ruled if borders is None else lines >= RULED_SIDES,
        )
    return styles


def _sheet(sheet: Element, styles: dict[str | None, _Style]) -> Sheet:
    name = attribute(sheet, "Name") or ""
    table = child(sheet, "Table")
    cells: dict[tuple[int, int], SheetCell] = {}
    merges: list[Merge] = []
    hidden = {
        what: {
            number
            for first, last, element in _placed(table, what, "Span")
            if attribute(element, "Hidden") == "1"
            for number in range(first, last + 1)
        }
        for what in ("Row", "Column")
    }
    for row, _, line in _placed(table, "Row", "Span"):
        for column, last_column, cell in _placed(line, "Cell", "MergeAcross"):
            check_extent(name, row, last_column)
            style = attribute(cell, "StyleID") or attribute(line, "StyleID") or "Default"
            cells[row, column] = _cell(cell, styles.get(style, _Style()))
            last_row = row + whole_number(attribute(cell, "MergeDown"), 0)
            if (row, column) != (last_row, last_column):
                merges.append(Merge(row, column, last_row, last_column))
    return Sheet(
        name=name,
        cells=cells,
        merges=merges,
        hidden_rows=frozenset(hidden["Row"]),
        hidden_columns=frozenset(hidden["Column"]),
    )


def _placed(container: Element | None, what: str, extent: str) -> Iterator[tuple[int, int, Element]]:
    """The rows, columns or cells of a container, each with the first and the last place that it takes."""
    last = 0
    for element in () if container is None else container.iterchildren("{*}" + what):
        first = whole_number(attribute(element, "Index"), last + 1)
        last = first + whole_number(attribute(element, extent), 0)
        yield first, last, element


def _cell(cell: Element, style: _Style) -> SheetCell:
    data = child(cell, "Data")
    text = "" if data is None else "".join(map(str, data.itertext()))
    value: object = text
    match attribute(data, "Type"):
        case "Number":
            value = float(text)
        case "Boolean":
            value = text == "1"
        case "DateTime":
            value = datetime.fromisoformat(text)
    number_format = style.number_format or "General"
    return SheetCell(displayed(value, _NAMED_FORMATS.get(number_format, number_format)), style.ruled is True)


def _text(element: Element | None) -> str | None:
    return None if element is None else element.text

"""Reads spreadsheets (xlsx, xls): every visible sheet, its values as the sheet shows them.

Hidden sheets, rows and columns are not read. A formula whose result was never stored is shown as it is
written, so that nobody takes it for an empty cell.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import openpyxl
import xlrd
from openpyxl.worksheet.worksheet import Worksheet
from xlrd.sheet import Cell as XlsCell
from xlrd.sheet import Sheet as XlsSheet

from gao_pipeline.documents.archive import check_size
from gao_pipeline.documents.model import Document, MediaType, Notice, Place, UnreadableDocumentError
from gao_pipeline.documents.workbook.number_format import displayed
from gao_pipeline.documents.workbook.sheets import (
    RULED_SIDES,
    Merge,
    Sheet,
    SheetCell,
    check_extent,
    workbook_document,
)

_SHEETS = "xl/worksheets/"
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAMES = re.compile(re.escape(_STRICT) + rb"(spreadsheetml/main|officeDocument/relationships)")
_TRANSITIONAL_NAMES = {
    b"spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"officeDocument/relationships": b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
_STYLE_OF_CELL = re.compile(rb'(<(?:\w+:)?(?:c|row|col)\b[^>]*?) (?:s|style)="\d+"')
_SIDES = ("left", "right", "top", "bottom")


def read_xlsx(data: bytes) -> Document:
    """The document that an Excel workbook holds.

    Raises:
        UnreadableDocumentError: no visible sheet holds a text (`no_text`), or it unpacks to an unreasonable
            size (`member_too_large`).
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        check_size(archive)
        is_strict = _STRICT in archive.read("_rels/.rels")
        parts = [part for part in archive.namelist() if part.startswith(_SHEETS)]
        has_formulas = any(_FORMULA.search(archive.read(part)) for part in parts)
    if is_strict:
        data = _rewritten(data, _transitional)
    notices: list[Notice] = []
    try:
        values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except (TypeError, ValueError, KeyError, IndexError) as error:
        notices.append(Notice(code="styles_unreadable", detail=str(error)))
        data = _rewritten(data, _without_styles)
        values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data)) if has_formulas else values
    visible = [sheet for sheet in values.worksheets if sheet.sheet_state == "visible"]
    read = [_xlsx_sheet(sheet, formulas[sheet.title], notices) for sheet in visible]
    return workbook_document(MediaType.XLSX, read, values.properties.title, notices)


def _rewritten(data: bytes, rewrite: Callable[[str, bytes], bytes | None]) -> bytes:
    """The workbook with each part (name, content) rewritten; `None` leaves a part out."""
    copy = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(copy, "w") as target:
        for part in source.namelist():
            content = rewrite(part, source.read(part))
            if content is not None:
                target.writestr(part, content)
    return copy.getvalue()


def _transitional(_part: str, content: bytes) -> bytes:
    """A part in the namespaces of transitional Office Open XML, which are all that openpyxl knows."""
    return _STRICT_NAMES.sub(lambda name: _TRANSITIONAL_NAMES[name[1]], content)


def _without_styles(part: str, content: bytes) -> bytes | None:
    """A part without the style sheet, which some programs write in a way that openpyxl refuses."""
    if part == "xl/styles.xml":
        return None
    return _STYLE_OF_CELL.sub(rb"\1", content) if part.startswith(_SHEETS) else content


def read_xls(data: bytes) -> Document:
    """The document that an Excel 97-2003 workbook holds.

    Raises:
        UnreadableDocumentError: no visible sheet holds a text (`no_text`), or the workbook is protected by
            a password (`encrypted_file`).
    """
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise UnreadableDocumentError("encrypted_file", str(error)) from error
        raise
    sheets = [_xls_sheet(book, sheet) for sheet in book.sheets() if sheet.visibility == 0]
    return workbook_document(MediaType.XLS, sheets)


def _xlsx_sheet(sheet: Worksheet, formulas: Worksheet, notices: list[Notice]) -> Sheet:
    check_extent(sheet.title, sheet.max_row, sheet.max_column)
    cells: dict[tuple[int, int], SheetCell] = {}
    for row in sheet.iter_rows():
        for cell in row:
            text = displayed(cell.value, cell.number_format)
            if cell.value is None:
                text = displayed(formulas.cell(cell.row, cell.column).value)
                if text:
                    place = Place(part=sheet.title, row=cell.row, column=cell.column)
                    notices.append(Notice(code="formula_without_result", detail=text, place=place))
            borders = (getattr(cell.border, side) for side in _SIDES)
            ruled = sum(border is not None and border.style is not None for border in borders) >= RULED_SIDES
            cells[cell.row, cell.column] = SheetCell(text, ruled)
    hidden_columns = {
        number
        for dimension in sheet.column_dimensions.values()
        if dimension.hidden
        for number in range(dimension.min, dimension.max + 1)
    }
    return Sheet(
        name=sheet.title,
        cells=cells,
        merges=[Merge(area.min_row, area.min_col, area.max_row, area.max_col) for area in sheet.merged_cells],
        hidden_rows=frozenset(
            number for number, dimension in sheet.row_dimensions.items() if dimension.hidden
        ),
        hidden_columns=frozenset(hidden_columns),
    )


def _xls_sheet(book: xlrd.Book, sheet: XlsSheet) -> Sheet:
    check_extent(sheet.name, sheet.nrows, sheet.ncols)
    cells = {
        (row + 1, column + 1): _xls_cell(book, sheet.cell(row, column))
        for row in range(sheet.nrows)
        for column in range(sheet.row_len(row))
    }
    return Sheet(
        name=sheet.name,
        cells=cells,
        merges=[
            Merge(first_row + 1, first_column + 1, last_row, last_column)
            for first_row, last_row, first_column, last_column in sheet.merged_cells
        ],
        hidden_rows=frozenset(row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden),
        hidden_columns=frozenset(column + 1 for column, info in sheet.colinfo_map.items() if info.hidden),
    )


def _xls_cell(book: xlrd.Book, cell: XlsCell) -> SheetCell:
    style = book.xf_list[cell.xf_index]
    value: object = cell.value
    match cell.ctype:
        case xlrd.XL_CELL_DATE:
            value = xlrd.xldate_as_datetime(cell.value, book.datemode)
        case xlrd.XL_CELL_BOOLEAN:
            value = bool(cell.value)
        case xlrd.XL_CELL_ERROR:
            value = xlrd.error_text_from_code[cell.value]
    sides = sum(getattr(style.border, f"{side}_line_style") != 0 for side in _SIDES)
    return SheetCell(displayed(value, book.format_map[style.format_key].format_str), sides >= RULED_SIDES)

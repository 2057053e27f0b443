"""Reads spreadsheets (xlsx, xls): every visible sheet, its values as the sheet shows them.

Hidden sheets, rows and columns, also those without any extent, are not read. Formulas whose results were
never stored, or are those of another program that nobody is to believe, are computed; one that cannot be is
shown as it is written, so that nobody takes it for an empty cell.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from itertools import chain

import openpyxl
import xlrd
from openpyxl.worksheet.worksheet import Worksheet
from xlrd.sheet import Cell as XlsCell
from xlrd.sheet import Sheet as XlsSheet

from gao_pipeline.documents.archive import check_size
from gao_pipeline.documents.model import Document, MediaType, Notice, Place, UnreadableDocumentError
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
from gao_pipeline.documents.workbook.xls_formulas import xls_formulas

_SHEETS = "xl/worksheets/"
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAMES = re.compile(re.escape(_STRICT) + rb"(spreadsheetml/main|officeDocument/relationships)")
_TRANSITIONAL_NAMES = {
    b"spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"officeDocument/relationships": b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
_STYLE_OF_CELL = re.compile(rb'(<(?:\w+:)?(?:c|row|col)\b[^>]*?) (?:s|style)="\d+"')
_TEXT = '"'
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
    is_outdated = values.calculation is not None and bool(values.calculation.fullCalcOnLoad)
    read = [
        _xlsx_sheet(
            sheet, _results(sheet, formulas[sheet.title], is_outdated, notices) if has_formulas else {}
        )
        for sheet in visible
    ]
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
    formulas = xls_formulas(book, data) if any(map(_lacks_results, book.sheets())) else []
    sheets = [
        _xls_sheet(book, sheet, formulas[number] if formulas else {})
        for number, sheet in enumerate(book.sheets())
        if sheet.visibility == 0
    ]
    return workbook_document(MediaType.XLS, sheets)


def _lacks_results(sheet: XlsSheet) -> bool:
    """Whether an empty text stands in a cell: as such a formula without a result is stored."""
    return any(map(_is_empty_text, chain.from_iterable(map(sheet.row, range(sheet.nrows)))))


def _is_empty_text(cell: XlsCell) -> bool:
    return cell.ctype == xlrd.XL_CELL_TEXT and not cell.value


def _results(
    sheet: Worksheet, formulas: Worksheet, is_outdated: bool, notices: list[Notice]
) -> dict[tuple[int, int], object]:
    """The results of the formulas that the file does not hold; what cannot be computed is the formula itself.

    `is_outdated` says that every stored result gives way when the workbook is opened: some programs store a
    zero for each, so that no zero of theirs is a result.
    """
    check_extent(sheet.title, sheet.max_row, sheet.max_column)
    stored = {(cell.row, cell.column): cell for row in sheet.iter_rows() for cell in row}
    written = {
        (cell.row, cell.column): str(getattr(cell.value, "text", cell.value))
        for row in formulas.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    due = {place: text for place, text in written.items() if is_outdated or stored[place].value is None}
    results: dict[tuple[int, int], object] = dict(
        computed(due, {place: cell.value for place, cell in stored.items()})
    )
    for place, text in due.items():
        shows_nothing = stored[place].data_type == "str"
        if place not in results and not stored[place].value and not shows_nothing:
            results[place] = text
            where = Place(part=sheet.title, row=place[0], column=place[1])
            notices.append(Notice(code="formula_without_result", detail=text, place=where))
    return results


def _xlsx_sheet(sheet: Worksheet, results: Mapping[tuple[int, int], object]) -> Sheet:
    check_extent(sheet.title, sheet.max_row, sheet.max_column)
    cells: dict[tuple[int, int], SheetCell] = {}
    for row in sheet.iter_rows():
        for cell in row:
            text = displayed(results.get((cell.row, cell.column), cell.value), cell.number_format)
            borders = (getattr(cell.border, side) for side in _SIDES)
            ruled = sum(border is not None and border.style is not None for border in borders) >= RULED_SIDES
            cells[cell.row, cell.column] = SheetCell(text, ruled)
    hidden_columns = {
        number
        for dimension in sheet.column_dimensions.values()
        if dimension.hidden or dimension.width == 0
        for number in range(dimension.min, dimension.max + 1)
    }
    return Sheet(
        name=sheet.title,
        cells=cells,
        merges=[Merge(area.min_row, area.min_col, area.max_row, area.max_col) for area in sheet.merged_cells],
        hidden_rows=frozenset(
            number
            for number, dimension in sheet.row_dimensions.items()
            if dimension.hidden or dimension.height == 0
        ),
        hidden_columns=frozenset(hidden_columns),
    )


def _xls_sheet(book: xlrd.Book, sheet: XlsSheet, formulas: Mapping[tuple[int, int], str]) -> Sheet:
    """A sheet; of its formulas those count whose result is an empty text, which only a formula that holds a
    text can give."""
    check_extent(sheet.name, sheet.nrows, sheet.ncols)
    stored = {
        (row + 1, column + 1): sheet.cell(row, column)
        for row in range(sheet.nrows)
        for column in range(sheet.row_len(row))
    }
    due = {
        place: text for place, text in formulas.items() if _is_empty_text(stored[place]) and _TEXT not in text
    }
    values = {place: cell.value for place, cell in stored.items() if cell.value != ""}
    results: dict[tuple[int, int], object] = {**due, **computed(due, values)}
    cells = {place: _xls_cell(book, cell, results.get(place)) for place, cell in stored.items()}
    return Sheet(
        name=sheet.name,
        cells=cells,
        merges=[
            Merge(first_row + 1, first_column + 1, last_row, last_column)
            for first_row, last_row, first_column, last_column in sheet.merged_cells
        ],
        hidden_rows=frozenset(row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden),
        hidden_columns=frozenset(
            column + 1 for column, info in sheet.colinfo_map.items() if info.hidden or info.width == 0
        ),
    )


def _xls_cell(book: xlrd.Book, cell: XlsCell, result: object) -> SheetCell:
    style = book.xf_list[cell.xf_index]
    value: object = cell.value if result is None else result
    match cell.ctype:
        case xlrd.XL_CELL_DATE:
            value = xlrd.xldate_as_datetime(cell.value, book.datemode)
        case xlrd.XL_CELL_BOOLEAN:
            value = bool(cell.value)
        case xlrd.XL_CELL_ERROR:
            value = xlrd.error_text_from_code[cell.value]
    sides = sum(getattr(style.border, f"{side}_line_style") != 0 for side in _SIDES)
    return SheetCell(displayed(value, book.format_map[style.format_key].format_str), sides >= RULED_SIDES)

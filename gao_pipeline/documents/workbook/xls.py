"""Reads workbooks of Excel 97-2003 (xls) as their sheets show them.

Formulas without stored results are computed; one that cannot be is shown as it is written, so that nobody
takes it for an empty cell.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise

import xlrd
from xlrd.sheet import Cell as XlsCell
from xlrd.sheet import Sheet as XlsSheet

from gao_pipeline.documents.model import Document, MediaType, Notice, UnreadableDocumentError
from gao_pipeline.documents.runs import Run, note_hidden, text_of_runs
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

_TEXT = '"'
_SIDES = ("left", "right", "top", "bottom")
_WHITE = (255, 255, 255)


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
    notices: list[Notice] = []
    sheets = [
        _xls_sheet(book, sheet, formulas[number] if formulas else {}, notices)
        for number, sheet in enumerate(book.sheets())
        if sheet.visibility == 0
    ]
    return workbook_document(MediaType.XLS, sheets, notices=notices)


def _lacks_results(sheet: XlsSheet) -> bool:
    """Whether an empty text stands in a cell: as such a formula without a result is stored."""
    return any(map(_is_empty_text, chain.from_iterable(map(sheet.row, range(sheet.nrows)))))


def _is_empty_text(cell: XlsCell) -> bool:
    return cell.ctype == xlrd.XL_CELL_TEXT and not cell.value


def _xls_sheet(
    book: xlrd.Book, sheet: XlsSheet, formulas: Mapping[tuple[int, int], str], notices: list[Notice]
) -> Sheet:
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
    fonts = sheet.rich_text_runlist_map
    cells = {
        (row, column): _xls_cell(book, cell, results.get((row, column)), fonts.get((row - 1, column - 1), ()))
        for (row, column), cell in stored.items()
    }
    if not sheet.show_zero_values:
        cells = {place: cell._replace(text="") if cell.text == "0" else cell for place, cell in cells.items()}
    for place, cell in stored.items():
        if _is_unseen(book, cell):
            note_hidden(cells[place].text, notices)
            cells[place] = cells[place]._replace(text="")
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


def _xls_cell(book: xlrd.Book, cell: XlsCell, result: object, fonts: Sequence[tuple[int, int]]) -> SheetCell:
    """What a cell shows; `fonts` are those inside its text, each with the place where it begins."""
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
    text = displayed(value, book.format_map[style.format_key].format_str)
    changes = [(0, style.font_index), *fonts, (len(text), 0)]
    runs = (_run(book.font_list[font], text[start:end]) for (start, font), (end, _) in pairwise(changes))
    return SheetCell(text_of_runs(runs), sides >= RULED_SIDES)


def _is_unseen(book: xlrd.Book, cell: XlsCell) -> bool:
    """Whether a cell shows white on the white of the sheet."""
    style = book.xf_list[cell.xf_index]
    colour = book.colour_map.get(book.font_list[style.font_index].colour_index)
    ground = book.colour_map.get(style.background.pattern_colour_index)
    return colour == _WHITE and bool(style.background.fill_pattern == 0 or ground == _WHITE)


def _run(font: xlrd.formatting.Font, text: str) -> Run:
    return Run("" if font.struck_out else text, bool(font.escapement))

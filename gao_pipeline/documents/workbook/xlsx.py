"""Reads workbooks (xlsx): every visible sheet, its values as the sheet shows them.

Hidden sheets, rows and columns, also those without any extent, are not read. Formulas whose results were
never stored, or are those of another program that nobody is to believe, are computed; one that cannot be is
shown as it is written, so that nobody takes it for an empty cell.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping

import openpyxl
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.styles.colors import Color
from openpyxl.worksheet.worksheet import Worksheet

from gao_pipeline.documents.archive import check_size
from gao_pipeline.documents.model import Document, MediaType, Notice, Place
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

_SHEETS = "xl/worksheets/"
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAMES = re.compile(re.escape(_STRICT) + rb"(spreadsheetml/main|officeDocument/relationships)")
_TRANSITIONAL_NAMES = {
    b"spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"officeDocument/relationships": b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
_STYLE_OF_CELL = re.compile(rb'(<(?:\w+:)?(?:c|row|col)\b[^>]*?) (?:s|style)="\d+"')
_RAISING = frozenset({"subscript", "superscript"})
_SIDES = ("left", "right", "top", "bottom")
_WHITE, _WHITES = "FFFFFF", frozenset({1, 9})
"""White, and its numbers in the palette."""


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
        values = openpyxl.load_workbook(io.BytesIO(data), data_only=True, rich_text=True)
    except (TypeError, ValueError, KeyError, IndexError) as error:
        notices.append(Notice(code="styles_unreadable", detail=str(error)))
        data = _rewritten(data, _without_styles)
        values = openpyxl.load_workbook(io.BytesIO(data), data_only=True, rich_text=True)
    formulas = openpyxl.load_workbook(io.BytesIO(data)) if has_formulas else values
    visible = [sheet for sheet in values.worksheets if sheet.sheet_state == "visible"]
    is_outdated = values.calculation is not None and bool(values.calculation.fullCalcOnLoad)
    read = [
        _xlsx_sheet(
            sheet,
            _results(sheet, formulas[sheet.title], is_outdated, notices) if has_formulas else {},
            notices,
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


def _xlsx_sheet(sheet: Worksheet, results: Mapping[tuple[int, int], object], notices: list[Notice]) -> Sheet:
    check_extent(sheet.title, sheet.max_row, sheet.max_column)
    may_be_coloured = bool(sheet.tables or sheet.conditional_formatting)
    cells: dict[tuple[int, int], SheetCell] = {}
    for row in sheet.iter_rows():
        for cell in row:
            text = displayed(results.get((cell.row, cell.column), _final(cell)), cell.number_format)
            if text == "0" and sheet.sheet_view.showZeros is False:
                text = ""
            if _is_white(cell.font.color) and not (may_be_coloured or _is_coloured(cell)):
                note_hidden(text, notices)
                text = ""
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


def _is_white(colour: Color | None) -> bool:
    """Whether a font is as white as the sheet; the first colour of a theme is, unless it is darkened."""
    if colour is None:
        return False
    if colour.type == "theme":
        return bool(colour.theme == 0 and colour.tint >= 0)
    return str(colour.rgb).upper().endswith(_WHITE) if colour.type == "rgb" else colour.indexed in _WHITES


def _is_coloured(cell: Cell | MergedCell) -> bool:
    """Whether the ground of a cell has a colour, or may have one."""
    return cell.fill.fill_type not in (None, "none") and not _is_white(getattr(cell.fill, "fgColor", None))


def _final(cell: Cell | MergedCell) -> object:
    """The value of a cell without what is struck out, the marks of notes in brackets."""
    struck, value = cell.font.strike, cell.value
    if not isinstance(value, CellRichText):
        return None if struck else value
    return text_of_runs(
        Run("" if struck else part) if isinstance(part, str) else _run(part) for part in value
    )


def _run(block: TextBlock) -> Run:
    return Run("" if block.font.strike else block.text, block.font.vertAlign in _RAISING)

"""Spreadsheets: sheets fall into paragraphs and grids, and show what a person sees.

`sources/figures.xls` holds one visible sheet (a title, a ruled table with merged cells, number formats and
a hidden row) and one hidden sheet; it was written with xlwt.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from gao_pipeline.documents.model import Document, Grid, Paragraph, Place, UnreadableDocumentError
from gao_pipeline.documents.workbook.sheets import Merge, Sheet, SheetCell, sheet_blocks
from gao_pipeline.documents.workbook.xls import read_xls
from gao_pipeline.documents.workbook.xlsx import read_xlsx

_SOURCES = Path(__file__).parent / "sources"


def _saved(workbook: openpyxl.Workbook) -> Document:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return read_xlsx(buffer.getvalue())


def _workbook(*rows: tuple[object, ...]) -> tuple[openpyxl.Workbook, Worksheet]:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(row)
    return workbook, sheet


def _rule(sheet: Worksheet, area: str) -> None:
    side = Side(style="thin")
    for row in sheet[area]:
        for cell in row:
            cell.border = Border(side, side, side, side)


def _rows(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in grid.cells if cell.row == row] for row in range(grid.rows)]


def _outline(document: Document) -> list[object]:
    return [block.text if isinstance(block, Paragraph) else _rows(block) for block in document.blocks]


def test_a_sheet_of_text_and_ruled_tables(golden: Callable[[str, object], None]) -> None:
    workbook, sheet = _workbook(
        ("甲县乙局2021年报告（虚构）",),
        ("二、主动公开",),
        ("第二十条第（一）项",),
        ("信息内容", "件数"),
        ("规章", 12.0),
        ("三、申请",),
        ("总计", 1234567.5),
        ("填报：乙局", "日期：2022-01-05"),
    )
    workbook.properties.title = "年度报告"
    sheet.merge_cells("A2:B2")
    sheet.merge_cells("A3:B3")
    sheet["B7"].number_format = "#,##0.00"
    _rule(sheet, "A3:B5")
    _rule(sheet, "A7:B7")
    document = _saved(workbook)
    assert _outline(document) == [
        "甲县乙局2021年报告（虚构）",
        "二、主动公开",
        [["第二十条第（一）项"], ["信息内容", "件数"], ["规章", "12"]],
        "三、申请",
        [["总计", "1,234,567.50"], ["填报：乙局", "日期：2022-01-05"]],
    ]
    golden("xlsx", document)


def test_headings_inside_tables_without_rules() -> None:
    workbook, sheet = _workbook(
        ("二、主动公开",), ("规章", 1, 2), ("其他",), ("文件", 3, 4), ("无",), ("总计", 5)
    )
    sheet.merge_cells("A3:C3")
    assert _outline(_saved(workbook)) == [
        "二、主动公开",
        [["规章", "1", "2"], ["其他"], ["文件", "3", "4"]],
        "无",
        [["总计", "5"]],
    ]


def test_labels_before_blank_cells_are_rows_of_tables_without_rules() -> None:
    workbook, _ = _workbook(
        ("甲", "乙", "丙"),
        ("规章",),
        ("行政规范性文件", None, 2),
        ("第二十条第（五）项",),
        ("行政许可",),
        ("无。",),
    )
    assert _outline(_saved(workbook)) == [
        [
            *(["甲", "乙", "丙"], ["规章", "", ""], ["行政规范性文件", "", "2"]),
            *(["第二十条第（五）项", "", ""], ["行政许可", "", ""]),
        ],
        "无。",
    ]


def test_ruled_tables_side_by_side_are_several() -> None:
    workbook, sheet = _workbook(
        ("规章", 1, None, "结果维持", "总计"), ("许可", 2, None, 3, 4), ("处罚", None, None, None, None)
    )
    _rule(sheet, "A1:B3")
    _rule(sheet, "D1:E2")
    first, second = _saved(workbook).grids
    assert _rows(first) == [["规章", "1"], ["许可", "2"], ["处罚", ""]]
    assert _rows(second) == [["结果维持", "总计"], ["3", "4"]]
    assert second.cells[0].place.column == 4


def test_a_workbook_of_strict_office_open_xml() -> None:
    workbook, _ = _workbook(("规章", 1), ("许可", 2))
    buffer, strict = io.BytesIO(), io.BytesIO()
    workbook.save(buffer)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(strict, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            for name in (b"spreadsheetml", b"officeDocument"):
                content = re.sub(
                    rb"http://schemas.openxmlformats.org/" + name + rb"/2006/(main|relationships)",
                    rb"http://purl.oclc.org/ooxml/" + name + rb"/\1",
                    content,
                )
            target.writestr(part, content)
    assert _rows(read_xlsx(strict.getvalue()).grids[0]) == [["规章", "1"], ["许可", "2"]]


def test_hidden_things_are_not_read() -> None:
    workbook, sheet = _workbook(("甲", "藏", "乙"), (1, 9, 2), (9, 9, 9), (3, 9, 4))
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[3].hidden = True
    sheet.merge_cells("B1:C1")
    sheet["B1"] = "乙"
    workbook.create_sheet("藏").sheet_state = "hidden"
    workbook["藏"]["A1"] = "藏"
    (grid,) = _saved(workbook).grids
    assert _rows(grid) == [["甲", "乙"], ["1", "2"], ["3", "4"]]
    assert grid.cells[-1].place == Place(part="Sheet", table=1, row=4, column=3)


def test_formulas_without_results_are_computed_or_no_blanks() -> None:
    workbook, _ = _workbook(("甲", "乙", "丙"), (1, "=A2+1", "=IF(A2=1,2,3)"))
    document = _saved(workbook)
    assert _rows(document.grids[0]) == [["甲", "乙", "丙"], ["1", "2", "=IF(A2=1,2,3)"]]
    assert [(n.code, n.place.column) for n in document.notices] == [("formula_without_result", 3)]


def test_zeros_that_a_program_stores_for_results_give_way() -> None:
    workbook, _ = _workbook(("甲", "乙", "丙", "丁"), (3, "=SUM(A2:A2)", "=MAX(A2)", '=IF(A2=3,"","x")'))
    buffer, stored = io.BytesIO(), io.BytesIO()
    workbook.save(buffer)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(stored, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            content = re.sub(rb"(</f>)<v ?/>(</c>)", rb"\1<v>0</v>\2", content, count=2)
            target.writestr(part, content.replace(b'<c r="D2">', b'<c r="D2" t="str">'))
    document = read_xlsx(stored.getvalue())
    assert _rows(document.grids[0])[1] == ["3", "3", "=MAX(A2)", ""]


def test_xls_formulas_without_results_are_computed_or_no_blanks() -> None:
    """`sources/sums.xls` was written with xlwt: two sheets with 3, 4, `=SUM(A1:B1)-B1`, `=IF(A1,B1,A1)`,
    `=IF(A1,"",B1)` and a unit."""
    document = read_xls((_SOURCES / "sums.xls").read_bytes())
    assert [_rows(grid) for grid in document.grids] == [[["3", "4", "3", "=IF(A1,B1,A1)", "", "件"]]] * 2


def test_struck_out_text_is_not_read_and_raised_marks_are_no_digits() -> None:
    """`sources/rich.xls` says the same as the sheet here; it was written with xlwt."""
    raised, struck = InlineFont(vertAlign="superscript"), InlineFont(strike=True)
    workbook, sheet = _workbook(
        ("规章", CellRichText("12", TextBlock(raised, "3")), CellRichText(TextBlock(struck, "9"), "7"), 8, 5)
    )
    sheet["D1"].font = Font(strike=True)
    for document in (_saved(workbook), read_xls((_SOURCES / "rich.xls").read_bytes())):
        assert _rows(document.grids[0]) == [["规章", "12(3)", "7", "", "5"]]


def test_white_figures_and_hidden_zeros_are_read_as_the_sheet_shows_them() -> None:
    workbook, sheet = _workbook(("规章", "规范性文件"), (1, 2), (0, 3))
    _rule(sheet, "A1:B3")
    for place in ("A1", "B1", "B2"):
        sheet[place].font = Font(color="FFFFFFFF")
    for place in ("A1", "B1"):
        sheet[place].fill = PatternFill("solid", fgColor="FF1F4E79")
    sheet.sheet_view.showZeros = False
    document = _saved(workbook)
    assert [_rows(grid) for grid in document.grids] == [[["规章", "规范性文件"], ["1", ""], ["", "3"]]]
    assert [notice.detail for notice in document.notices] == ["2"]


def test_things_without_extent_are_hidden() -> None:
    workbook, sheet = _workbook(("甲", "藏", "乙"), (1, 9, 2), (9, 9, 9))
    sheet.column_dimensions["B"].width = sheet.row_dimensions[3].height = 7
    buffer, flat = io.BytesIO(), io.BytesIO()
    workbook.save(buffer)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(flat, "w") as target:
        for part in source.namelist():
            target.writestr(part, re.sub(rb'(width|ht)="7"', rb'\1="0"', source.read(part)))
    assert _rows(read_xlsx(flat.getvalue()).grids[0]) == [["甲", "乙"], ["1", "2"]]


def test_sheets_of_several_years_begin_with_the_last() -> None:
    workbook, sheet = _workbook(("规章", 1))
    sheet.title = "2021年"
    workbook.create_sheet("说明").append(("规章", 2))
    workbook.create_sheet("2022年").append(("规章", 3))
    assert [_rows(grid)[0][1] for grid in _saved(workbook).grids] == ["3", "2", "1"]


def test_broken_style_sheets_do_not_hide_the_figures() -> None:
    workbook, sheet = _workbook(("规章", "文件"), (1, 12.5))
    _rule(sheet, "A1:B2")
    buffer, broken = io.BytesIO(), io.BytesIO()
    workbook.save(buffer)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/styles.xml":
                content = re.sub(rb"<fills.*</fills>", b"<fills><fill/><fill/></fills>", content)
            target.writestr(name, content)
    document = read_xlsx(broken.getvalue())
    assert _outline(document) == [[["规章", "文件"], ["1", "12.5"]]]
    assert [notice.code for notice in document.notices] == ["styles_unreadable"]


def test_ruled_boxes_of_prose_are_prose() -> None:
    workbook, sheet = _workbook(("一、总体情况",), ("本报告为虚构样例。",))
    _rule(sheet, "A1:A2")
    assert _outline(_saved(workbook)) == ["一、总体情况", "本报告为虚构样例。"]


def test_merged_ranges_that_overlap_or_leave_the_sheet() -> None:
    texts = {(1, 1): "甲", (1, 3): "乙", (2, 3): "1", (3, 1): "丙", (3, 2): "2"}
    cells = {place: SheetCell(text) for place, text in texts.items()}
    merges = (Merge(1, 1, 2, 2), Merge(2, 2, 2, 3), Merge(3, 2, 999, 16384))
    (grid,) = sheet_blocks(Sheet("表", cells, merges))
    assert isinstance(grid, Grid)
    assert (grid.rows, grid.columns) == (3, 3)
    assert [(cell.text, cell.row_span, cell.column_span) for cell in grid.cells if cell.row != 1] == [
        ("甲", 2, 2),
        ("乙", 1, 1),
        ("丙", 1, 1),
        ("2", 1, 2),
    ]


def test_xls(golden: Callable[[str, object], None]) -> None:
    document = read_xls((_SOURCES / "figures.xls").read_bytes())
    assert _outline(document) == [
        "甲县乙局2021年政府信息公开工作年度报告（虚构）",
        [
            ["第二十条第（一）项"],
            ["信息内容", "本年制发件数", "现行有效件数"],
            ["规章", "1,234", "　0"],
            ["12.50", ""],
        ],
    ]
    golden("xls", document)


def test_an_empty_workbook_has_no_text() -> None:
    workbook, _ = _workbook()
    with pytest.raises(UnreadableDocumentError, match="no_text"):
        _saved(workbook)


def test_a_sheet_of_absurd_extent_is_refused() -> None:
    workbook, sheet = _workbook(("总计",))
    sheet["XFD1000000"] = 1
    with pytest.raises(UnreadableDocumentError, match="member_too_large"):
        _saved(workbook)


def test_a_style_without_borders_hides_nothing() -> None:
    book = openpyxl.Workbook()
    book.active.append(["规章", 3])
    book.active.append(["行政规范性文件", 0])
    saved = io.BytesIO()
    book.save(saved)
    plain = io.BytesIO()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(plain, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            if part == "xl/styles.xml":
                content = re.sub(rb"<border>.*?</border>", b"<border/>", content, flags=re.DOTALL)
            target.writestr(part, content)
    grid = read_xlsx(plain.getvalue()).grids[0]
    assert [cell.text for cell in grid.cells] == ["规章", "3", "行政规范性文件", "0"]

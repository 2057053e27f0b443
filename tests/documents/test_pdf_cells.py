"""How characters of a PDF page become texts, and texts cells, where rules do not tell it all."""

from __future__ import annotations

import pytest

from gao_pipeline.documents.paged.figures import whole_entries
from gao_pipeline.documents.paged.lattice import Box
from gao_pipeline.documents.paged.layout import Line
from tests.documents.sheet import HEIGHT, Sheet, texts


def line(text: str, left: float, middle: float) -> Line:
    return Line(text, Box(left, middle - 5, left + 5.0 * len(text), middle + 5), 10.0)


@pytest.mark.parametrize("radius", [0, 6])
def test_boxes_with_round_corners_are_cells(radius: float) -> None:
    sheet = Sheet()
    rows = (("信息内容", "制发件数"), ("规章", "3"), ("规范性文件", "12"))
    for index, row in enumerate(rows):
        for left, text in zip((50, 204), row, strict=True):
            sheet.box(left, 100 + 24 * index, left + 150, 122 + 24 * index, radius=radius)
            sheet.text(left + 8, 115 + 24 * index, text)
    (grid,) = sheet.read().grids
    assert texts(grid) == [list(row) for row in rows]
    assert [cell.place.bbox[0] for cell in grid.cells[:2] if cell.place.bbox] == [50, 202]


def test_coloured_cells_that_begin_a_little_lower_are_in_one_row() -> None:
    sheet = Sheet()
    rows = (("信息内容", "制发", "有效"), ("规章", "3", "12"), ("规范性文件", "7", "8"))
    for index, row in enumerate(rows):
        for left, text in zip((50, 152, 254), row, strict=True):
            top = 100 + 24 * index + (3.5 if index == 1 and left > 50 else 0)
            sheet.canvas.setFillGray(0.9)
            sheet.area(left, top, left + 100, 122 + 24 * index)
            sheet.canvas.setFillGray(0)
            sheet.text(left + 8, 115 + 24 * index, text)
    (grid,) = sheet.read().grids
    assert texts(grid) == [list(row) for row in rows]
    assert {cell.row_span for cell in grid.cells} == {1}


def test_boxes_that_run_into_the_next_row_stay_beside_their_figures() -> None:
    sheet = Sheet()
    for top, label, figures in ((100, "予以公开", "12"), (122, "部分公开", "34"), (144, "总计", "46")):
        sheet.box(50, top, 120, top + 23)
        sheet.text(52, top + 14, label)
        for left, figure in zip((124, 174), figures, strict=True):
            sheet.box(left, top, left + 46, top + 20)
            sheet.text(left + 8, top + 14, figure)
    (grid,) = sheet.read().grids
    assert texts(grid) == [["予以公开", "1", "2"], ["部分公开", "3", "4"], ["总计", "4", "6"]]
    assert grid.cells[0].place.bbox is not None
    assert grid.cells[0].place.bbox[2] == 122


def test_a_figure_that_runs_out_of_its_cell_stands_in_it() -> None:
    sheet = Sheet()
    for row, figures in enumerate((("123456789", "7"), ("12", "8"))):
        for left, text in zip((50, 150, 190), ("规章", *figures), strict=True):
            sheet.box(left, 100 + 20 * row, left + (100 if left == 50 else 40), 120 + 20 * row)
            sheet.text(left + (22 if text == "7" else 2), 114 + 20 * row, text)
    (grid,) = sheet.read().grids
    assert texts(grid) == [["规章", "123456789", "7"], ["规章", "12", "8"]]


def test_a_mark_that_hangs_over_a_rule_belongs_to_the_text_before_it() -> None:
    sheet = Sheet()
    for row, figure in enumerate("14"):
        sheet.box(50, 100 + 20 * row, 100, 120 + 20 * row)
        sheet.box(100, 100 + 20 * row, 140, 120 + 20 * row)
        sheet.text(50, 114 + 20 * row, "部分（区分）")
        sheet.text(125, 114 + 20 * row, figure)
    (grid,) = sheet.read().grids
    assert texts(grid) == [["部分（区分）", "1"], ["部分（区分）", "4"]]


def test_remarks_below_figures_are_one_text_in_the_row_of_the_figures() -> None:
    rows = [
        [line("0", 100, 90)],
        [line("予以公开", 20, 100), line("（注", 100, 100), line("7", 150, 100)],
        [line("1）", 100, 110)],
    ]
    (row,) = whole_entries(rows)
    assert [text.text for text in row] == ["予以公开", "0（注1）", "7"]


def test_remarks_below_figures_that_stand_at_the_top_of_their_cells() -> None:
    rows = [
        [line("予以公开", 20, 90), line("0", 100, 90), line("7", 150, 90)],
        [line("（续）", 20, 101), line("（注1）", 100, 101)],
        [line("部分公开", 20, 125), line("5", 100, 125), line("6", 150, 125)],
    ]
    assert [[text.text for text in row] for row in whole_entries(rows)] == [
        ["予以公开", "0（注1）", "7"],
        ["（续）"],
        ["部分公开", "5", "6"],
    ]


def test_a_remark_below_two_figures_belongs_to_one() -> None:
    rows = [[line("甲", 20, 90), line("0", 100, 90), line("7", 120, 90)], [line("（含上年）", 100, 101)]]
    assert [[text.text for text in row] for row in whole_entries(rows)] == [["甲", "0（含上年）", "7"]]


def test_coloured_heads_show_the_columns_of_figures_that_stand_elsewhere() -> None:
    sheet = Sheet()
    for (left, right), head in zip(
        ((50, 200), (200, 310), (310, 420)), ("信息内容", "制发件数", "有效件数"), strict=True
    ):
        sheet.canvas.setFillGray(0.8)
        sheet.area(left, 90, right, 110)
        sheet.canvas.setFillGray(0)
        sheet.text((left + right) / 2 - 20, 104, head)
    for y, row in ((126, ("规章", "1", "22")), (146, ("文件", "123", "4"))):
        for x, text in zip((54, 204, 314), row, strict=True):
            sheet.text(x, y, text)
    (grid,) = sheet.read().grids
    assert texts(grid) == [["信息内容", "制发件数", "有效件数"], ["规章", "1", "22"], ["文件", "123", "4"]]


def test_heads_close_to_each_other_are_two() -> None:
    sheet = Sheet()
    for y, row in (
        (100, ("信息内容", "本年制发件数", "现行有效件数")),
        (116, ("规章", "1", "22")),
        (132, ("文件", "123", "4")),
    ):
        for x, text in zip((50, 120, 182.5), row, strict=True):
            sheet.text(x, y, text)
    (grid,) = sheet.read().grids
    assert texts(grid)[0] == ["信息内容", "本年制发件数", "现行有效件数"]


def test_a_label_begun_above_the_first_figures_is_whole() -> None:
    sheet = Sheet()
    sheet.text(60, 100, "7.属于行政执法案")
    sheet.text(90, 112, "卷")
    for y, row in ((106, ("", "1", "22", "23")), (130, ("8.其他", "123", "4", "127"))):
        for x, text in zip((60, 200, 250, 300), row, strict=True):
            sheet.text(x, y, text)
    (grid,) = sheet.read().grids
    assert texts(grid) == [["7.属于行政执法案卷", "1", "22", "23"], ["8.其他", "123", "4", "127"]]


def test_a_label_of_two_lines_beside_its_figure_is_no_column_of_text() -> None:
    sheet = Sheet()
    for y, left, right in (
        (100, "信息内容", "本年收费金额（单位：万元）"),
        (116, "行政事业性收费", "3493.36"),
    ):
        sheet.text(100 - 5 * len(left), y, left)
        sheet.text(400 - (5 if y == 100 else 2.5) * len(right), y, right)
    (grid,) = sheet.read().grids
    assert texts(grid)[-1] == ["行政事业性收费", "3493.36"]


def test_a_row_that_runs_off_the_page_is_cut_there() -> None:
    """Some programs draw all of a row on both pages."""
    sheet = Sheet()
    for top, first, last in ((780, "规章", "12（不含"), (-32, "", "转办件）")):
        for y in (top, top + 20, top + 70):
            sheet.rule(50, y, 250, y)
        for x in (50, 150, 250):
            sheet.rule(x, top, x, top + 70)
        if first:
            sheet.text(60, 794, "信息内容")
            sheet.text(160, 794, "制发件数")
        sheet.text(60, 820 if first else 20, first)
        sheet.text(160, 835 if first else 20, last)
        sheet.next_page()
    (grid,) = sheet.read().grids
    assert texts(grid) == [["信息内容", "制发件数"], ["规章", "12（不含转办件）"]]


def test_a_rule_of_the_labels_that_a_page_break_moves_into_them_parts_no_row() -> None:
    sheet = Sheet()
    sheet.rules((50, 250, 320), (100, 120, 140, 160))
    sheet.rule(50, 127, 250, 127)
    for index, row in enumerate((("信息内容", "件数"), ("规章", "3"), ("规范性文件", "12"))):
        sheet.row(114 + 20 * index, x54=row[0], x254=row[1])
    (grid,) = sheet.read().grids
    assert [(cell.row, cell.row_span) for cell in grid.cells] == [(row, 1) for row in (0, 0, 1, 1, 2, 2)]


def test_a_low_row_of_blank_cells_is_a_row() -> None:
    sheet = Sheet()
    sheet.rules((50, 250, 320), (100, 120, 129))
    sheet.row(114, x54="维持", x254="总计")
    (grid,) = sheet.read().grids
    assert texts(grid) == [["维持", "总计"], ["", ""]]


def test_a_label_whose_lines_run_down_is_read_from_the_right() -> None:
    """Its brackets are turned, its ideographs are not."""
    sheet = Sheet()
    sheet.rules((50, 200, 260), (100, 150))
    for x, text in ((150, "六"), (120, "其他"), (105, "处理")):
        for index, character in enumerate(text):
            sheet.text(x, 112 + 12 * index, character)
    for x, bracket in ((165, "("), (135, ")")):
        sheet.canvas.saveState()
        sheet.canvas.translate(x, HEIGHT - 105)
        sheet.canvas.rotate(-90)
        sheet.text(0, HEIGHT, bracket)
        sheet.canvas.restoreState()
    sheet.text(220, 130, "9")
    (grid,) = sheet.read().grids
    assert texts(grid) == [["(六)其他处理", "9"]]


def test_texts_printed_over_each_other_stand_where_their_middles_are() -> None:
    """Rows are too low for labels of two lines."""
    sheet = Sheet()
    sheet.rules((50, 140, 200), (100, 114, 128, 142, 156))
    labels = (("1.规章",), ("2.其他法律行政", "法规禁止公开"), ("3.危及三安全一", "稳定"), ("4.其他",))
    for number, lines in enumerate(labels):
        for index, text in enumerate(lines):
            sheet.text(54 + index, 111 + 14 * number + 13 * (index - (len(lines) - 1) / 2), text)
        sheet.text(150, 111 + 14 * number, str(number))
    (grid,) = sheet.read().grids
    assert texts(grid) == [["".join(lines), str(number)] for number, lines in enumerate(labels)]

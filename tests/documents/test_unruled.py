"""Tables of a PDF without rules, or with some only: rows and columns are where their texts stand."""

from __future__ import annotations

import pytest

from gao_pipeline.documents.paged.labels import rows_of_labels
from gao_pipeline.documents.paged.lattice import Box
from gao_pipeline.documents.paged.layout import Line
from tests.documents.sheet import Sheet, tables


def label(text: str, middle: float) -> Line:
    return Line(text, Box(50, middle - 5, 50 + 10 * len(text), middle + 5), 10)


@pytest.mark.parametrize("place", [0.0, 0.5, 1.0])
def test_figures_stand_at_one_height_of_all_labels(place: float) -> None:
    labels = [
        ["甲"],
        ["乙乙乙乙", "乙乙乙乙", "乙乙"],
        ["丙丙丙丙", "丙"],
        ["丁丁丁丁", "丁丁丁丁", "丁丁丁丁", "丁丁"],
    ]
    lines: list[Line] = []
    rows: dict[int, float] = {}
    for number, parts in enumerate(labels):
        heights = [100 + 15.0 * (len(lines) + index) for index in range(len(parts))]
        rows[number] = heights[0] + place * (heights[-1] - heights[0])
        lines += [label(part, height) for part, height in zip(parts, heights, strict=True)]
    numbered = {line: number for number, line in enumerate(lines)}
    found = {line.box.top: row for line, row in rows_of_labels(numbered, rows, lambda line, height: 0)}
    expected = [number for number, parts in enumerate(labels) for _ in parts]
    assert [found[top] for top in sorted(found)] == expected


def test_lines_of_a_label_far_apart_are_no_heading() -> None:
    sheet = Sheet()
    sheet.row(100, x50="信息内容", x220="本年制发件数", x320="现行有效件数")
    sheet.row(130, x50="规章", x220="3", x320="14")
    sheet.row(160, x50="行政规范")
    sheet.row(182, x50="性文件", x220="5", x320="26")
    assert tables(sheet.read()) == [
        [["信息内容", "本年制发件数", "现行有效件数"], ["规章", "3", "14"], ["行政规范性文件", "5", "26"]]
    ]


def test_heads_at_the_foot_of_a_page_are_those_of_the_next_one() -> None:
    sheet = Sheet()
    sheet.row(60, x50="公开情况如下。")
    sheet.row(760, x50="信息内容", x220="本年制发件数", x320="现行有效件数")
    sheet.row(800, x290="1")
    sheet.next_page()
    sheet.row(60, x50="规章", x220="3", x320="14")
    sheet.row(80, x50="行政规范性文件", x220="5", x320="26")
    sheet.row(800, x290="2")
    assert tables(sheet.read()) == [
        [["信息内容", "本年制发件数", "现行有效件数"], ["规章", "3", "14"], ["行政规范性文件", "5", "26"]]
    ]


def test_heads_broken_alike_are_one_each_however_far_apart_their_lines_are() -> None:
    sheet = Sheet()
    sheet.row(100, x200="结果", x250="结果", x300="其他", x350="总")
    sheet.row(124, x200="维持", x250="纠正", x300="结果", x350="计")
    sheet.row(150, x200="3", x250="1", x300="2", x350="6")
    assert tables(sheet.read())[0][0][-4:] == ["结果维持", "结果纠正", "其他结果", "总计"]


ROWS = (
    ("信息内容", "制发件数", "现行有效件数"),
    ("规章", "3", "14"),
    ("行政规范性文件", "5", "26"),
    ("行政许可", "41", "7"),
)


def printed() -> Sheet:
    sheet = Sheet()
    for number, (text, *figures) in enumerate(ROWS):
        sheet.row(115 + 20 * number, x50=text, x200=figures[0], x300=figures[1])
    return sheet


def test_rules_around_heads_and_labels_only_are_no_table_of_their_own() -> None:
    sheet = printed()
    for y in (100, 120, 140, 160, 180):
        sheet.rule(45, y, 400 if y < 140 else 190, y)
    for x in (45, 190, 290, 400):
        sheet.rule(x, 100, x, 180 if x < 200 else 120)
    assert tables(sheet.read()) == [list(map(list, ROWS))]


def test_a_frame_with_upright_rules_holds_rows_where_figures_stand() -> None:
    sheet = printed()
    for y in (100, 180):
        sheet.rule(45, y, 400, y)
    for x in (45, 190, 290, 400):
        sheet.rule(x, 100, x, 180)
    assert tables(sheet.read()) == [list(map(list, ROWS))]


def test_a_label_without_figures_is_that_of_a_blank_row() -> None:
    sheet = Sheet()
    sheet.row(100, x50="信息内容", x200="制发件数", x300="现行有效件数")
    sheet.row(115, x50="1.规章", x200="3", x300="14")
    sheet.row(130, x50="2.行政规范性文件")
    sheet.row(145, x50="3.行政许可", x200="41", x300="7")
    assert tables(sheet.read())[0][1:] == [
        ["1.规章", "3", "14"],
        ["2.行政规范性文件", "", ""],
        ["3.行政许可", "41", "7"],
    ]


def test_figures_are_as_far_apart_as_the_characters_of_their_labels() -> None:
    sheet = Sheet()
    for number, (text, *figures) in enumerate(ROWS):
        for left, part in zip((50, 200, 300), (text, *figures), strict=True):
            step = 14 if not part.isdigit() else 9
            for index, character in enumerate(part):
                sheet.row(115 + 20 * number, **{f"x{left + step * index}": character})
    rows = [[cell.replace(" ", "") for cell in row] for row in tables(sheet.read())[0]]
    assert rows == list(map(list, ROWS))


@pytest.mark.parametrize("figure", ["147", "12件", "1,3", "5(4)"])
def test_figures_broken_in_narrow_cells_of_a_ruled_table_are_one_each(figure: str) -> None:
    sheet = Sheet()
    columns = range(50, 151, 20)
    for y in (100, 120, 200):
        sheet.rule(columns[0], y, columns[-1], y)
    for x in columns:
        sheet.rule(x, 100, x, 200)
    sheet.row(114, **{f"x{x + 5}": head for x, head in zip(columns, "甲乙丙丁戊", strict=False)})
    for number, character in enumerate(figure):
        sheet.row(132 + 14 * number, **{f"x{x + 5}": character for x in columns[:-1]})
    ((heads, figures),) = tables(sheet.read())
    assert heads == list("甲乙丙丁戊")
    assert ["".join(text.split()) for text in figures] == [figure] * 5


HEADS = {"x200": "自然人", "x260": "企业", "x320": "其他", "x380": "总计"}


def test_columns_are_those_of_all_pages() -> None:
    sheet = Sheet()
    sheet.row(740, **HEADS)
    sheet.row(760, x50="新收", x200="3", x260="1", x320="2", x380="6")
    sheet.row(800, x290="1")
    sheet.next_page()
    sheet.row(60, x50="予以公开", x200="2", x260="1")
    sheet.row(80, x50="部分公开", x260="4", x320="5")
    sheet.row(800, x290="2")
    assert tables(sheet.read()) == [
        [
            ["", *HEADS.values()],
            ["新收", "3", "1", "2", "6"],
            ["予以公开", "2", "1", "", ""],
            ["部分公开", "", "4", "5", ""],
        ]
    ]


def test_heads_that_a_page_repeats_do_not_part_a_label_that_it_cuts() -> None:
    sheet = Sheet()
    sheet.row(740, **HEADS)
    sheet.row(760, x50="新收", x200="3", x260="1", x320="2", x380="6")
    sheet.row(776, x50="要求行政机关确认", x200="0", x260="0", x320="1", x380="1")
    sheet.next_page()
    sheet.row(60, **HEADS)
    sheet.row(76, x50="已获取信息")
    sheet.row(92, x50="总计", x200="3", x260="1", x320="3", x380="7")
    (table,) = tables(sheet.read())
    assert table[2:] == [
        ["要求行政机关确认已获取信息", "0", "0", "1", "1"],
        ["总计", "3", "1", "3", "7"],
    ]


def test_heads_in_the_middle_of_their_columns_are_those_of_figures_at_their_left() -> None:
    sheet = Sheet()
    sheet.row(100, x230="第二十条第（五）项")
    sheet.row(120, x80="信息内容", x220="制发件数", x320="废止件数", x420="有效件数")
    sheet.row(140, x50="规章", x190="0", x290="2", x390="14")
    sheet.row(160, x50="规范性", x190="11", x290="3", x390="8")
    assert tables(sheet.read())[0][1:] == [
        ["信息内容", "制发件数", "废止件数", "有效件数"],
        ["规章", "0", "2", "14"],
        ["规范性", "11", "3", "8"],
    ]


@pytest.mark.parametrize("blank", range(4))
def test_a_column_without_figures_is_blank_under_its_head(blank: int) -> None:
    sheet = Sheet()
    sheet.row(100, x50="数据", **HEADS)
    places = [name for index, name in enumerate(HEADS) if index != blank]
    for y, label, figures in ((120, "新收", ("3", "1", "2")), (140, "结转", ("12", "0", "7"))):
        sheet.row(y, x50=label, **dict(zip(places, figures, strict=True)))
    first = ["3", "1", "2"]
    first.insert(blank, "")
    assert tables(sheet.read())[0][:2] == [["数据", *HEADS.values()], ["新收", *first]]


def test_a_figure_broken_around_its_row_is_one() -> None:
    sheet = Sheet()
    sheet.row(100, **HEADS)
    sheet.row(134, x200="10")
    sheet.row(140, x50="新收", x260="1", x320="2", x380="不适用")
    sheet.row(146, x200="8")
    sheet.row(170, x50="结转", x200="7", x260="0", x320="0", x380="7")
    assert tables(sheet.read())[0][1:] == [["新收", "108", "1", "2", "不适用"], ["结转", "7", "0", "0", "7"]]


def test_figures_partly_level_with_a_row_stand_in_it() -> None:
    sheet = Sheet()
    sheet.row(100, **HEADS)
    sheet.row(134, x50="上年结", x260="15")
    sheet.row(140, x200="3", x380="157")
    sheet.row(146, x50="转数量", x260="0")
    sheet.row(180, x320="4")
    sheet.row(188, x50="新收", x200="7", x260="0", x380="11")
    assert tables(sheet.read())[0][1:] == [
        ["上年结转数量", "3", "150", "", "157"],
        ["新收", "7", "0", "4", "11"],
    ]


def test_rules_around_heads_that_are_left_out_part_no_label() -> None:
    sheet = Sheet()
    sheet.row(700, **HEADS)
    sheet.row(720, x50="新收", x200="3", x260="1", x320="2", x380="6")
    sheet.row(740, x50="要求行政机关确认")
    sheet.row(748, x200="0", x260="0", x320="1", x380="1")
    sheet.row(756, x50="已获取信息")
    sheet.next_page()
    sheet.row(70, **HEADS)
    for y in (51, 74):
        sheet.rule(50, y, 420, y)
    sheet.row(90, x50="总计", x200="3", x260="1", x320="3", x380="7")
    assert tables(sheet.read())[0][2] == ["要求行政机关确认已获取信息", "0", "0", "1", "1"]


def test_heads_are_not_told_where_a_column_is_blank_and_another_has_no_head() -> None:
    sheet = Sheet()
    sheet.row(100, x50="数据", x200="自然人", x260="企业", x320="其他")
    for y, label in ((120, "新收"), (140, "结转")):
        sheet.row(y, x50=label, x208="3", x268="1", x388="2")
    (table,) = tables(sheet.read())
    assert ["其他", "2"] not in [list(column) for column in zip(*table[:2], strict=True)]


def test_a_figure_of_three_lines_is_one_beside_those_of_two() -> None:
    sheet = Sheet()
    sheet.row(100, **HEADS)
    for y, row in (
        (128, {"x200": "1"}),
        (134, {"x260": "4"}),
        (140, {"x50": "新收", "x200": "6", "x320": "2"}),
        (146, {"x260": "5"}),
        (152, {"x200": "1"}),
    ):
        sheet.row(y, **row)
    sheet.row(180, x50="结转", x200="7", x260="0", x320="0", x380="7")
    assert tables(sheet.read())[0][1] == ["新收", "161", "45", "2", ""]


def test_a_row_of_one_figure_between_the_lines_of_its_label_has_heads() -> None:
    sheet = Sheet()
    sheet.row(100, x60="信息内容", x240="本年收费金额（单位：万元）")
    sheet.row(120, x50="行政事业")
    sheet.row(126, x300="1.5")
    sheet.row(132, x50="性收费")
    assert tables(sheet.read()) == [[["信息内容", "本年收费金额（单位：万元）"], ["行政事业性收费", "1.5"]]]


def test_figures_lower_than_their_row_stand_in_it_although_labels_are_beside_them() -> None:
    sheet = Sheet()
    sheet.row(100, x120="信息内容", x220="甲", x300="乙", x380="丙")
    sheet.row(130, x120="规章", x220="3", x300="14", x380="5")
    sheet.row(160, x120="行政许可", x220="7", x300="8")
    sheet.row(166.5, x50="其他处理", x384="9")
    sheet.row(190, x120="行政处罚", x220="2", x300="1", x380="0")
    (table,) = tables(sheet.read())
    assert ["行政许可", "7", "8", "9"] in [row[-4:] for row in table]


def test_figures_in_the_middle_between_two_labels_are_those_of_neither() -> None:
    sheet = Sheet()
    sheet.row(100, x50="信息内容", x220="甲", x300="乙", x380="丙")
    for index, name in enumerate(("1.规章", "2.行政许可", "", "3.行政处罚", "4.行政强制")):
        sheet.row(120 + 18 * index, x50=name)
        if name[:1] not in ("2", "3"):
            sheet.row(120 + 18 * index, x220=str(index), x300="0", x380="0")
    (table,) = tables(sheet.read())
    assert [row[:2] for row in table[1:]] == [
        ["1.规章", "0"],
        ["2.行政许可", ""],
        ["", "2"],
        ["3.行政处罚", ""],
        ["4.行政强制", "4"],
    ]


def test_digits_parted_by_any_space_are_one_figure() -> None:
    sheet = Sheet()
    sheet.row(100, x50="信息内容", x220="甲", x300="乙")
    sheet.row(120, x50="规章", x220="1\u20038\u20037", x300="4\u20020")
    sheet.row(140, x50="行政许可", x220="3", x300="5")
    (table,) = tables(sheet.read())
    assert [["".join(text.split()) for text in row] for row in table[1:]] == [
        ["规章", "187", "40"],
        ["行政许可", "3", "5"],
    ]


def test_a_figure_of_more_lines_than_its_label_keeps_its_row_in_the_table() -> None:
    sheet = Sheet()
    sheet.row(70, x50="信息内容", x220="甲", x300="乙")
    sheet.row(90, x50="规章", x220="3", x300="5")
    for y, text in ((134, "104"), (146, "（其中"), (158, "修订20"), (170, "件）")):
        sheet.row(y, x300=text)
    sheet.row(146, x50="行政许可和其他")
    sheet.row(152, x220="7")
    sheet.row(158, x50="处理")
    sheet.row(190, x50="行政处罚", x220="8", x300="6")
    (table,) = tables(sheet.read())
    assert table[2:] == [["行政许可和其他处理", "7", "104（其中修订20件）"], ["行政处罚", "8", "6"]]


def test_titles_of_several_lines_are_one_text_where_heads_stand_further_below() -> None:
    sheet = Sheet()
    sheet.row(100, x190="未经复议")
    sheet.row(112, x190="直接起诉")
    sheet.row(136, x50="结果维持", x130="结果纠正", x210="其他", x290="总计")
    sheet.row(160, x60="1", x140="2", x220="0", x300="3")
    (table,) = tables(sheet.read())
    assert "".join(table[0]) == "未经复议直接起诉"


def test_running_numbers_left_of_the_labels_are_no_figures_where_a_label_has_two_lines() -> None:
    sheet = Sheet()
    sheet.row(100, x40="序号", x80="信息内容", x220="甲", x300="乙")
    sheet.row(120, x40="1", x80="行政许可情况", x220="3", x300="5")
    sheet.row(140, x80="行政处罚和")
    sheet.row(146, x40="2", x220="7", x300="0")
    sheet.row(152, x80="其他处理")
    sheet.row(172, x40="3", x80="行政强制", x220="8", x300="6")
    (table,) = tables(sheet.read())
    assert table[2:] == [["2", "行政处罚和其他处理", "7", "0"], ["3", "行政强制", "8", "6"]]


def test_notes_right_of_all_figures_part_no_table() -> None:
    sheet = Sheet()
    sheet.row(100, x50="信息内容", x180="甲", x240="乙", x300="丙", x400="备注")
    sheet.row(120, x50="规章", x180="3", x240="5", x300="1")
    sheet.row(134, x400="部分为")
    sheet.row(140, x50="行政许可", x180="7", x240="0", x300="2")
    sheet.row(146, x400="重复")
    sheet.row(160, x50="行政处罚", x180="8", x240="6", x300="3", x400="含补正")
    (table,) = tables(sheet.read())
    assert [row[:4] for row in table[2:]] == [["行政许可", "7", "0", "2"], ["行政处罚", "8", "6", "3"]]


def test_heads_right_of_the_figures_above_begin_another_table() -> None:
    sheet = Sheet()
    for index, name in enumerate(("行政许可", "行政处罚")):
        sheet.row(100 + 60 * index, x50="信息内容", x250="本年处理决定数量")
        sheet.row(120 + 60 * index, x50=name, x200="7")
    assert len(tables(sheet.read())) == 2

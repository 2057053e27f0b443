"""The flavours of text dumps, Markdown, and prose that only looks like a table."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gao_pipeline.documents.model import Document, Grid, Paragraph, UnreadableDocumentError
from gao_pipeline.documents.plain.rows import TextLine
from gao_pipeline.documents.plain.text import read_markdown, read_text, text_blocks


def _rows(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in grid.cells if cell.row == row] for row in range(grid.rows)]


def _read(text: str) -> Document:
    return read_text(text.encode())


WORD_DUMP = (
    "甲县乙局2021年政府信息公开工作年度报告\n"
    "[bookmark: _GoBack]一、总体情况\n\n"
    "\t信息内容\n\t本年\n制发件数\n\n"
    "\t[bookmark: _Hlk1]规章\n\t　　0\n\n"
    "\t\n\t\n\n\n\n"
    "三、下一节\n\t合计\n\t \n\n\n\n"
    "四、无\n"
)


def test_word_dump(golden: Callable[[str, object], None]) -> None:
    document = _read(WORD_DUMP)
    first, second = document.grids
    assert _rows(first) == [["信息内容", "本年\n制发件数"], ["规章", "　　0"], ["", ""]]
    assert _rows(second) == [["合计", " "]]
    assert [p.text for p in document.paragraphs] == [
        "甲县乙局2021年政府信息公开工作年度报告",
        "一、总体情况",
        "三、下一节",
        "四、无",
    ]
    golden("text-word-dump", document)


def test_rows_of_a_word_dump_differ_in_length_when_it_lost_spans() -> None:
    (grid,) = _read("\t一、本年新收\n\t0\n\n\t三、办理结果\n\t（一）予以公开\n\t1\n").grids
    assert grid.ragged
    assert (grid.rows, grid.columns) == (2, 3)


def test_a_label_with_an_empty_line_in_it_stays_one_cell() -> None:
    (grid,) = _read("\t（三）\n\n不予公开\n\t0\n\n\t总计\n\t1\n").grids
    assert _rows(grid) == [["（三）\n不予公开", "0"], ["总计", "1"]]


def test_a_heading_right_behind_a_table_is_no_part_of_its_last_cell() -> None:
    document = _read("\t规章\n\t0\n\n三、收到和处理\n\t总计\n\t1\n")
    assert [_rows(grid) for grid in document.grids] == [[["规章", "0"]], [["总计", "1"]]]
    assert [p.text for p in document.paragraphs] == ["三、收到和处理"]


def test_prose_indented_by_tabs_is_prose() -> None:
    document = _read(
        "\t二是加强组织领导，明确责任分工，落实各项制度。\n\t三是持续推进政府信息公开平台建设。\n"
    )
    assert document.grids == []
    assert len(document.paragraphs) == 2


def test_spreadsheet_dump(golden: Callable[[str, object], None]) -> None:
    document = _read(
        '甲县乙局\n\n"信息\n内容"\t"本年\n制发件数"\t现行有效件数\n规章\t0\t\n\t\t\n\n'
        "\t合计\t2\t3\n\n发布日期：2022-01-05\t来源：乙局\n"
    )
    assert [_rows(grid) for grid in document.grids] == [
        [["信息\n内容", "本年\n制发件数", "现行有效件数"], ["规章", "0", ""], ["", "", ""]],
        [["", "合计", "2", "3"]],
    ]
    assert document.paragraphs[-1].text == "发布日期：2022-01-05\t来源：乙局"
    golden("text-spreadsheet-dump", document)


def test_one_cell_a_line_keeps_line_numbers_so_that_blank_cells_count() -> None:
    document = _read("规章\n\n0\n\n\n\n5\n")
    assert document.grids == []
    assert [(p.text, p.place.line) for p in document.paragraphs] == [("规章", 1), ("0", 3), ("5", 7)]


def test_markdown(golden: Callable[[str, object], None]) -> None:
    text = (
        "# 甲县**乙局**报告\n\n**一、总体情况**\n\n"
        "| 信息内容 | 本年<br>制发件数 |\n|:---|---:|\n| 规章 |  |\n| a\\|b | **12** | 多出的 |\n\n"
        "结束\\_了\n"
    )
    document = read_markdown(text.encode())
    (grid,) = document.grids
    assert _rows(grid) == [["信息内容", "本年\n制发件数"], ["规章", ""], ["a|b", "12", "多出的"]]
    assert [(p.text, p.level) for p in document.paragraphs] == [
        ("甲县乙局报告", 1),
        ("一、总体情况", None),
        ("结束_了", None),
    ]
    golden("text-markdown", document)


def test_pipe_tables_are_read_in_plain_text_too() -> None:
    blocks = list(text_blocks("总计 | 0\n--- | ---\n规章 | 1"))
    assert len(blocks) == 1
    assert isinstance(blocks[0], Grid)


def test_html_tables_in_markdown() -> None:
    document = read_markdown(
        "# 一、总体情况\n无。\n\n<table>\n<tr><td rowspan=2>规章</td><td>1</td></tr>\n"
        "<tr><td>2</td></tr></table>\n\n| 总计 | 3 |\n|---|---|\n".encode()
    )
    first, second = document.grids
    assert [(cell.text, cell.row_span) for cell in first.cells] == [("规章", 2), ("1", 1), ("2", 1)]
    assert (first.place.table, second.place.table) == (1, 2)
    assert [p.text for p in document.paragraphs] == ["一、总体情况", "无。"]


def test_columns_kept_apart_by_spaces() -> None:
    (grid,) = _read("信息内容    本年制发    现行有效\n规章        0           3\n许可        1\n").grids
    assert _rows(grid) == [["信息内容", "本年制发", "现行有效"], ["规章", "0", "3"], ["许可", "1", ""]]


def test_a_heading_with_a_double_space_is_no_table() -> None:
    document = _read("第二部分  主动公开\n第三部分  依申请公开\n")
    assert all(isinstance(block, Paragraph) for block in document.blocks)


def test_line_breaks_of_every_system_are_the_same() -> None:
    for line_break in ("\n", "\r\n", "\r"):
        assert _read(WORD_DUMP.replace("\n", line_break)) == _read(WORD_DUMP)


def test_undecodable_characters_are_noticed() -> None:
    document = read_text("政府信息公开工作年度报告\n".encode() * 30 + b"\xff\n")
    assert [notice.code for notice in document.notices] == ["undecodable_text"]


def test_white_space_is_no_text() -> None:
    with pytest.raises(UnreadableDocumentError, match="no_text"):
        read_text("\n　\n\t\n".encode())


FILLED = {
    "a row a line": "第（一）项 | |||\n内容 | 制发 | 废止 | 有效 |\n规章 | 1 | | 3 |\n许可 | 4 | ||\n",
    "a cell a line": (
        "第（一）项 |\n|||\n内容 |\n制发 |\n废止 |\n有效 |\n规章 |\n1 |\n|\n3 |\n许可 |\n4 |\n||\n"
    ),
    "bars on their own lines": (
        "第（一）项\n|\n|||\n内容\n|\n制发\n|\n废止\n|\n有效\n|\n规章\n|\n1\n|\n|\n3\n|\n许可\n|\n4\n|\n||\n"
    ),
}


@pytest.mark.parametrize("text", FILLED.values(), ids=FILLED)
def test_rows_filled_up_with_bars(text: str) -> None:
    document = _read(f"二、主动公开\n{text}三、收到和处理\n没有。\n")
    assert [p.text for p in document.paragraphs] == ["二、主动公开", "三、收到和处理", "没有。"]
    (grid,) = document.grids
    assert _rows(grid) == [
        ["第（一）项"],
        ["内容", "制发", "废止", "有效"],
        ["规章", "1", "", "3"],
        ["许可", "4", "", ""],
    ]


def test_filling_bars_among_which_the_last_figure_is_blank() -> None:
    text = "三、结果 | 甲 | 乙 | ||\n（一） | 公开 | 1 | 2 | |\n部分 | 3 |\n|||\n不予 | 4 | 1 5 | ||\n"
    (grid,) = _read(text).grids
    assert _rows(grid) == [
        ["三、结果", "甲", "乙"],
        ["（一）", "公开", "1", "2"],
        ["部分", "3", ""],
        ["不予", "4", "1 5"],
    ]


@pytest.mark.parametrize("last", ["收费 | 5 |\n", "收费 |\n5 |\n"])
def test_the_last_row_of_a_filled_table_may_be_short(last: str) -> None:
    head = "第（一）项 | |||\n内容 | 制发 | 废止 | 有效 |\n规章 | 1 | 2 | 3 |\n"
    document = _read(
        f"{head}{last}三、收到和处理\n（本列） | 情况 | |||||\n一、新收 | 1 | 2 | 3 | 4 | 5 | 6 |\n"
    )
    disclosure, applications = document.grids
    assert _rows(disclosure)[-1] == ["收费", "5"]
    assert [p.text for p in document.paragraphs] == ["三、收到和处理"]
    assert _rows(applications)[-1] == ["一、新收", "1", "2", "3", "4", "5", "6"]


def test_filled_rows_with_a_bar_before_them() -> None:
    (grid,) = _read("| 第（一）项 | ||\n| 内容 | 制发 | 废止 |\n| 规章 | 1 | 2 |\n| 许可 | 3 | |\n").grids
    assert _rows(grid)[-2:] == [["规章", "1", "2"], ["许可", "3", ""]]


@pytest.mark.parametrize("frame", ["", "| "], ids=["rows as they are", "a bar before every row"])
def test_closed_cells_over_several_lines_have_lost_their_rows(frame: str) -> None:
    document = _read(
        f"{frame}内容 |\n制发\n件数 |\n{frame}规章 |\n1 |\n|\n{frame}许可 | 2 | 3 |\n"
        f"{frame}处罚 |\n4 |\n5 |\n{frame}强制 |\n6 |\n7 |\n三、收到\n"
    )
    streams = [grid for grid in document.grids if grid.is_stream]
    assert [cell.text for grid in streams for cell in grid.cells] == [
        *("内容", "件数", "规章", "1", "", "许可", "2", "3", "处罚", "4", "5", "强制", "6", "7")
    ]
    assert [p.text for p in document.paragraphs] == ["制发", "三、收到"]
    assert streams[-1].cells[-1].place.line == 13


def test_a_label_over_two_lines_in_a_filled_table() -> None:
    (grid,) = _read("项目 |\n||\n规\n章 |\n1 |\n2 |\n许可 |\n3 |\n4 |\n三、收到\n和处理。\n").grids
    assert _rows(grid) == [["项目"], ["规章", "1", "2"], ["许可", "3", "4"]]


BARRED = {
    "no rule below the head": "| 内容 | 制发 |\n| 规章 | 1 |\n| | 2 |\n",
    "bars between cells only": "内容|制发\n规章|1\n|2\n",
    "drawn": "┌──┬──┐\n│ 内容 │ 制发 │\n├──┼──┤\n│ 规章 │ 1 │\n├──┼──┤\n│ │ 2 │\n└──┴──┘\n",
    "grid": "+--+--+\n| 内容 | 制发 |\n+==+==+\n| 规章 | 1 |\n+--+--+\n| | 2 |\n+--+--+\n",
    "commas": "内容,制发\n规章,1\n,2\n",
    "rules of dashes": "内容 | 制发\n---|---\n规章 | 1\n | 2\n",
    "semicolons and quotes": '"内容";"制发"\n"规章";1\n"";2\n',
}


@pytest.mark.parametrize("text", BARRED.values(), ids=BARRED)
def test_cells_kept_apart_by_a_mark(text: str) -> None:
    (grid,) = _read(text).grids
    assert not grid.ragged
    assert _rows(grid) == [["内容", "制发"], ["规章", "1"], ["", "2"]]


def test_cells_kept_apart_by_single_spaces() -> None:
    (grid,) = _read("内容 制发 废止\n规章 1 2\n3.其他 3 4件\n").grids
    assert _rows(grid) == [["内容", "制发", "废止"], ["规章", "1", "2"], ["3.其他", "3", "4件"]]


def test_an_aligned_table_keeps_blank_cells() -> None:
    (grid,) = _read("规章          10        3\n规范性文件     2    5   14\n许可                7\n").grids
    assert _rows(grid) == [["规章", "10", "", "3"], ["规范性文件", "2", "5", "14"], ["许可", "", "7", ""]]


def test_rows_of_an_aligned_table_whose_figures_are_lost_are_rows() -> None:
    lines = ["种类一      1   2   3", "甲组  种类二", "      种类三", "乙组  种类四", "            4   5   6"]
    (grid,) = _read("\n".join([*lines, "种类五      7   8   9"])).grids
    assert [row[-1] for row in _rows(grid)] == ["3", "种类二", "种类三", "种类四", "6", "9"]


def test_figures_of_aligned_columns_may_stand_close_together() -> None:
    (grid,) = _read("种类一    1   2    0 0\n种类一二  3   12   0 7\n种类三    4        0 5\n").grids
    assert [row[1:] for row in _rows(grid)] == [
        ["1", "2", "0", "0"],
        ["3", "12", "0", "7"],
        ["4", "", "0", "5"],
    ]


def test_spaces_that_align_nothing_tell_no_blank_cells() -> None:
    (grid,) = _read("行政处罚  0  5\n行政强制  0  1  3\n").grids
    assert _rows(grid) == [["行政处罚", "0", "5"], ["行政强制", "0", "1", "3"]]


def test_a_remark_in_brackets_leaves_a_figure_a_figure() -> None:
    (grid,) = _read("规章,2（其中修订1件）\n规范性文件,1(含上年)\n").grids
    assert _rows(grid) == [["规章", "2（其中修订1件）"], ["规范性文件", "1(含上年)"]]


PROSE_WITH_MARKS = "我局公开信息3条,其中动态2条\n公告1条,通知0条,其他0条。\n来源:甲局 日期:2022-01-05\n"


def test_prose_with_commas_and_figures_is_no_table() -> None:
    assert not _read(PROSE_WITH_MARKS).grids


def test_a_row_of_one_amount_shows_a_table() -> None:
    (grid,) = _read("信息内容\t本年收费金额\n行政事业性收费\t30.7353万元（含上年）\n").grids
    assert _rows(grid) == [["信息内容", "本年收费金额"], ["行政事业性收费", "30.7353万元（含上年）"]]


def test_marks_between_lone_bars_rule_no_table() -> None:
    document = _read("规章\n|\n-\n|\n—\n|\n")
    assert [paragraph.text for paragraph in document.paragraphs] == ["规章", "-", "—"]


def test_two_tabs_between_any_two_cells() -> None:
    (grid,) = _read("内容\t\t制发\t\t废止\n规章\t\t1\t\t2\n许可\t\t\t\t3\n").grids
    assert _rows(grid) == [["内容", "制发", "废止"], ["规章", "1", "2"], ["许可", "", "3"]]


def test_figures_in_thousands_are_cells_of_their_own() -> None:
    lines = ["规章", "2,799", "1,786", "12,345", "行政规范性文件", "0"]
    assert [p.text for p in read_text("\n".join(lines).encode()).paragraphs] == lines


def test_a_sentence_is_no_cell_of_a_filled_table() -> None:
    prose = (
        "根据规定，现公布示例县人民政府某年的报告，所列数据的统计期限自某年一月一日起至十二月三十一日止，" * 2
    )
    document = _read(
        f"索引号 | 01 | 分类 | 年报 |\n{prose}\n第（一）项 | ||\n内容 | 制发 | 废止 |\n规章 | 1 | 2 |\n"
    )
    assert prose in [paragraph.text for paragraph in document.paragraphs]
    assert _rows(document.grids[-1])[-1] == ["规章", "1", "2"]


def test_a_row_of_dashes_below_the_head_rule_is_a_row() -> None:
    (grid,) = _read("| 甲 | 乙 |\n|-|-|\n| 1 | 2 |\n| - | - |\n| - |  |\n").grids
    assert _rows(grid) == [["甲", "乙"], ["1", "2"], ["-", "-"], ["-", ""]]


@pytest.mark.parametrize("separator", ["\t", "|", ",", " ", "\u3000"])
def test_a_text_without_line_breaks(separator: str) -> None:
    texts = ["二、主动公开", "规章", "1", "0", "12", "规范性文件", "1,234", "0", "335", "三、其他"]
    document = _read(separator.join(texts))
    assert [paragraph.text for paragraph in document.paragraphs] == texts


@pytest.mark.parametrize(
    "text", ["收到 3 件，办结 2 件，结转 1 件，其中 4 件 5 件", "行政复议 0 0 0 0 0 0 0 0 0 0"]
)
def test_figures_between_words_or_in_one_row_are_no_run_on_text(text: str) -> None:
    assert [block.place.line for block in _read(text).blocks] == [1]


def test_filling_bars_behind_blank_cells_that_have_a_space() -> None:
    rows = ["第（一）项 | ||||", "内容 | 制发 | 废止 | 有效 | |", "规章 | | 2 | | |", "许可 | | 3 | ||"]
    (grid,) = _read("\n".join([*rows, "处罚 | 4 | 5 | 6 | |\n"])).grids
    assert _rows(grid)[2:] == [["规章", "", "2", ""], ["许可", "", "3"], ["处罚", "4", "5", "6"]]


@pytest.mark.parametrize("separator", ["\t", "|", ",", " ", " |   | "])
def test_line_breaks_inside_of_labels_tear_no_rows(separator: str) -> None:
    rows = [
        ["信息内容", "本年制\n发件数", "本年\n废止\n件数", "现行有效件数"],
        ["规章", "0", "7", "1"],
        ["行政规范\n性文件", "2", "3", "4"],
    ]
    (grid,) = _read("\n".join(separator.join(row) for row in rows)).grids
    read = [[text for text in row if text] for row in _rows(grid)]
    assert read == [[text.replace("\n", "") for text in row] for row in rows]


def test_markup_and_emphasis_inside_of_markdown_cells() -> None:
    table = "| **一、**总体 | <i>规章</i> |\n|---|---|\n| <p>甲</p><p>乙</p> | _7_ |\n| &lt;丙 | 9 |"
    (grid,) = read_markdown(table.encode()).grids
    assert _rows(grid) == [["一、总体", "规章"], ["甲\n乙", "7"], ["<丙", "9"]]


def test_a_word_for_none_shows_a_table() -> None:
    (grid,) = _read("种类       数量\n种类一     无\n").grids
    assert _rows(grid) == [["种类", "数量"], ["种类一", "无"]]


def test_labels_that_single_spaces_keep_apart_in_an_aligned_table() -> None:
    text = "    种类  数量甲  数量乙\n  种类一     1     2\n 种类二三 数量丙 数量丁\n  种类四    13    14\n"
    (grid,) = _read(text).grids
    assert _rows(grid)[2] == ["种类二三", "数量丙", "数量丁"]


def test_figures_that_begin_below_heads_stand_in_their_columns() -> None:
    lines = [
        "信息      数量甲    数量乙    数量丙",
        "种类一    12                  5",
        "种类二              3",
    ]
    (grid,) = _read("\n".join(lines)).grids
    assert _rows(grid)[1:] == [["种类一", "12", "", "5"], ["种类二", "", "3", ""]]


def test_a_column_at_the_edge_that_has_only_a_head_is_blank() -> None:
    lines = [
        "信息        数量甲  数量乙  数量丙",
        "种类一               7      ",
        "种类二二             12     ",
    ]
    (grid,) = _read("\n".join(lines)).grids
    assert [row[:4] for row in _rows(grid)[1:]] == [["种类一", "", "7", ""], ["种类二二", "", "12", ""]]


def test_figures_that_begin_elsewhere_are_in_no_column() -> None:
    (grid,) = _read(
        "信息      数量甲    数量乙    数量丙\n种类一       12        5\n种类二      3        4"
    ).grids
    assert _rows(grid)[1:] == [["种类一", "12", "5"], ["种类二", "3", "4"]]


def test_cells_that_all_begin_where_others_do_keep_blank_ones() -> None:
    rows = [
        ["种类", "数量甲", "数量乙"],
        *(["分类", f"种类{n}", "12" * (n % 2), "3" * (n % 3), "407", "", "6" * (n > 3)] for n in range(6)),
        *([f"其他{n}", "1" * (n % 3), "0", "", "25", "9" * (n % 2)] for n in range(6)),
    ]
    lines = ["  ".join(text.ljust(5) for text in row) for row in rows]
    (grid,) = _read("\n".join(lines)).grids
    assert [row[: len(printed)] for row, printed in zip(_rows(grid), rows, strict=True)] == rows
    assert grid.ragged


def test_rows_of_one_length_are_a_table_with_few_figures() -> None:
    (grid,) = _read("甲,乙,丙\n丁,戊,己\n庚,辛,壬\n规章,,\n处罚,,3\n").grids
    assert (grid.rows, grid.columns) == (5, 3)


def test_a_row_of_many_figures_behind_many_heads_is_run_on_text() -> None:
    heads = "结果维持 结果纠正 其他结果 尚未审结 总计"
    document = _read(f"行政复议 {heads} {heads} " + " ".join(map(str, range(10))))
    assert len(document.paragraphs) == 21


@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize("figures", ["2 0|2 1 7|9", "2 2 6|1 3|2 0", "1 6|1 4 0", "12|1 3 0 7|4 5 6 1|8"])
def test_digits_set_apart_where_cells_stand_one_a_line_are_no_table(between: str, figures: str) -> None:
    cells = ["行政许可", *figures.split("|"), "行政处罚"]
    document = _read(between.join(cells))
    assert [paragraph.text for paragraph in document.paragraphs] == cells


_LISTS = {
    "a row a line": "['规章', '0', None, '1']\n['行政\\n处罚', '2', '3', '4']",
    "one line": '[["规章", "0", null, "1"], ["\\u884c\\u653f\\n处罚", "2", "3", "4"]]',
    "a cell a line": '[\n [\n  "规章",\n  0,\n  null,\n  1\n ],\n [\n  "行政\\n处罚",\n 2,\n 3,\n 4\n ]\n]',
    "figures": "[['规章', 0, nan, 1], ['行政\\n处罚', 2, 3, 4]]",
}


@pytest.mark.parametrize("text", _LISTS.values(), ids=_LISTS)
def test_rows_that_a_program_prints_as_lists(text: str) -> None:
    document = _read(f"二、统计\n{text}\n[附件]\n(一)其他\n")
    (grid,) = document.grids
    assert _rows(grid) == [["规章", "0", "", "1"], ["行政\n处罚", "2", "3", "4"]]
    assert [paragraph.text for paragraph in document.paragraphs] == ["二、统计", "[附件]", "(一)其他"]


@pytest.mark.parametrize(("row", "separator"), [("| {} |", " | "), ("{}", " | "), ("{}", "\t")])
def test_rows_a_blank_line_apart(row: str, separator: str) -> None:
    cells = [["信息内容", "本年制发件数", "本年废止件数"], ["规章", "", "1"], ["行政处罚", "2", "3"]]
    text = "\n\n".join(["二、统计", *(row.format(separator.join(texts)) for texts in cells), "三、无"])
    document = _read(text)
    (grid,) = document.grids
    assert _rows(grid) == cells
    assert [p.place.line for p in document.paragraphs] == [1, 9]


def test_below_dashes_lines_of_a_cell_stay_in_their_columns() -> None:
    rule = "  -------------- ------ ----"
    text = f"{rule}\n  信息内容       申请\n                 人情况\n\n  规章           1      2\n\n{rule}\n"
    (grid,) = _read(text).grids
    assert _rows(grid) == [["信息内容", "申请\n人情况", ""], ["规章", "1", "2"]]


@pytest.mark.parametrize(
    "line", ["|甲|乙|", "甲乙丙丁戊己庚|", "甲\n|乙|", "\t甲乙", "甲\t乙", '["甲", "乙"']
)
def test_no_line_is_looked_at_again_and_again(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = 0

    class Counted(TextLine):
        @property
        def text(self) -> str:
            nonlocal looked_at
            looked_at += 1
            return self[1]

    monkeypatch.setattr("gao_pipeline.documents.plain.text.TextLine", Counted)
    counts = []
    for lines in (200, 400):
        looked_at = 0
        assert list(text_blocks("\n".join([line] * lines)))
        counts.append(looked_at)
    assert counts[1] < 3 * counts[0]


def test_heads_torn_over_lines_are_one_row_of_heads() -> None:
    lines = [
        "          行政复议                                          行政诉讼",
        "                                  未经复议直接起诉",
        "结果维 结果纠 其他结 尚未审           总",
        " 持   正   果   结            计   结果维 结果纠 其他结 尚未审           总",
        "                               持   正   果   结            计",
        " 0    3     3      0      6    0   3   0        0       3",
    ]
    (grid,) = _read("\n".join(lines)).grids
    assert _rows(grid)[-2:] == [
        ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 2,
        ["0", "3", "3", "0", "6", "0", "3", "0", "0", "3"],
    ]


def test_a_head_stands_over_its_column_and_the_title_of_several_does_not() -> None:
    lines = [
        "            自然人  法人或其他组织      总计",
        "                    商业企业  科研机构",
        "重复申请    1 2                         12",
        "重复申请乙  3       4         0         7",
    ]
    (grid,) = _read("\n".join(lines)).grids
    assert _rows(grid)[-3:] == [
        ["自然人", "商业企业", "科研机构", "总计"],
        ["重复申请", "1 2", "", "", "12"],
        ["重复申请乙", "3", "4", "0", "7"],
    ]


def test_figures_padded_with_ideographic_spaces_begin_where_these_do() -> None:
    lines = ["信息      数量甲    数量乙", "种类一    \u3000\u30007     12", "种类二    5         \u30003"]
    (grid,) = _read("\n".join([*lines, "种类三              \u3000\u30009"])).grids
    assert _rows(grid)[-1] == ["种类三", "", "9"]


def test_columns_that_spaces_do_not_align_keep_their_texts_as_they_are() -> None:
    lines = ["信息内容  数量甲  数量乙  数量丙", "规章  5", "行政规范性文件  11  23"]
    (grid,) = _read("\n".join(lines)).grids
    assert _rows(grid)[1:] == [["规章", "5"], ["行政规范性文件", "11", "23"]]


def test_figures_between_rows_that_tabs_part_are_no_head_of_theirs() -> None:
    document = _read("规章\t1\t2\n许可\t3\t4\n1 / 2\n处罚\t5\t无\n强制\t7\t8\n")
    assert [_rows(grid) for grid in document.grids][-1] == [["处罚", "5", "无"], ["强制", "7", "8"]]

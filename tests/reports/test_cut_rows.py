"""Rows that a page break cuts in two."""

from __future__ import annotations

import pytest

from gao_pipeline.documents.model import Cell, Place
from gao_pipeline.reports.cut_rows import with_cut_rows_joined
from gao_pipeline.reports.labels import table_labels
from gao_pipeline.reports.strips import PrintedRow, Strip

TABLES = tuple(map(table_labels, ("disclosure", "applications", "proceedings")))


def _joined(*rows: list[str], pages: tuple[int, ...] = (1, 2)) -> list[list[str]]:
    printed = [
        PrintedRow(
            tuple(
                Cell(text=text, row=number, column=column, place=Place(page=page))
                for column, text in enumerate(row)
            )
        )
        for number, (row, page) in enumerate(zip(rows, pages, strict=True))
    ]
    strip = with_cut_rows_joined(Strip(tuple(printed), False, len(rows[0])), TABLES)
    return [[cell.text for cell in row.cells] for row in strip.rows]


@pytest.mark.parametrize(
    "above",
    [["（四）无法提供", "1.本机关不掌握", "3", "4"], ["（四）无法提供", "1.本机关不掌握", "", ""]],
)
def test_a_label_cut_behind_the_label_of_its_group(above: list[str]) -> None:
    below = ["", "相关政府信息", *("" if figure else "5" for figure in above[2:])]
    whole = [
        "（四）无法提供",
        "1.本机关不掌握相关政府信息",
        *(a + b for a, b in zip(above[2:], below[2:], strict=True)),
    ]
    assert _joined(above, below) == [whole]


def test_a_label_cut_that_stands_in_one_cell_with_that_of_its_group() -> None:
    assert _joined(["（四）无法提供：2.没有现成信息", "0", "7"], ["需要另行制作", "", ""]) == [
        ["（四）无法提供：2.没有现成信息需要另行制作", "0", "7"]
    ]


def test_heads_cut_behind_their_first_line() -> None:
    assert _joined(["结果", "尚", "总"], ["维持", "未审结", "计"]) == [["结果维持", "尚未审结", "总计"]]


def test_figures_cut_beside_a_label_that_is() -> None:
    assert _joined(["1.本机关不掌握", "14", "0", "5"], ["相关政府信息", "4", "", ""]) == [
        ["1.本机关不掌握相关政府信息", "14\n4", "0", "5"]
    ]


def test_marks_of_blank_cells_cut_in_two() -> None:
    assert _joined(["2.重复申请", "不适", "0", "不适"], ["", "用", "", "用"]) == [
        ["2.重复申请", "不适用", "0", "不适用"]
    ]


def test_a_row_behind_repeated_heads() -> None:
    heads = ["", "自然人", "总计"]
    pieces = ["1.本机关不掌握", "100", "1"], ["相关政府信息", "", ""]
    whole = ["1.本机关不掌握相关政府信息", "100", "1"]
    assert _joined(heads, pieces[0], heads, pieces[1], pages=(1, 1, 2, 2)) == [heads, whole, heads]


def test_units_cut_from_their_figures() -> None:
    assert _joined(["2.重复申请", "310", "28", "0"], ["", "9", "件", ""]) == [
        ["2.重复申请", "310\n9", "28件", "0"]
    ]


@pytest.mark.parametrize("below", [["", "4", "3"], ["", "", ""], ["3.其他", "4", ""], ["", "", "1"]])
def test_a_row_without_the_rest_of_a_label_is_one_of_its_own(below: list[str]) -> None:
    rows = [["2.重复申请", "10", "0"], below]
    assert _joined(*rows) == rows


@pytest.mark.parametrize("figure", ["0", "1/2"])
def test_a_second_figure_below_the_first_is_that_of_another_row(figure: str) -> None:
    rows = [["1.本机关不掌握", figure], ["相关政府信息", "5"]]
    assert _joined(*rows) == rows


def test_rows_of_one_page_are_as_printed() -> None:
    rows = [["1.本机关不掌握", "3"], ["相关政府信息", ""]]
    assert _joined(*rows, pages=(1, 1)) == rows


def test_rows_with_labels_of_their_own_stay_apart() -> None:
    rows = [["2.重复申请", "3"], ["3.要求提供公开出版物", ""]]
    assert _joined(*rows) == rows


def test_a_head_that_reaches_down_to_the_page_break_is_cut_too() -> None:
    first, second = Place(page=1), Place(page=2)
    high = Cell(text="尚未审", row=0, column=1, row_span=2, place=first)
    rows = (
        PrintedRow((Cell(text="行政诉讼", row=0, column=0, place=first), high)),
        PrintedRow((Cell(text="结果", row=1, column=0, place=first),), (high,)),
        PrintedRow(tuple(Cell(text=t, row=2, column=c, place=second) for c, t in enumerate(("维持", "结")))),
    )
    joined = with_cut_rows_joined(Strip(rows, False, 2), TABLES)
    assert [[cell.text for cell in row.cells] for row in joined.rows] == [
        ["行政诉讼", "尚未审结"],
        ["结果维持"],
    ]
    assert joined.rows[1].merged == (joined.rows[0].cells[1],)

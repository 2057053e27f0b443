"""Rows and cells that a page break cuts."""

from __future__ import annotations

import pytest

from gao_pipeline.documents.paged.continued_tables import continue_table
from gao_pipeline.documents.paged.lattice import Box
from gao_pipeline.documents.paged.pages import PageTable, TableCell


def page_table(rows: list[list[str]]) -> PageTable:
    """A table of columns 50 points wide."""
    box = Box(0, 0, 50.0 * len(rows[0]), 20.0 * len(rows))
    cells = [
        TableCell(top, top + 1, left, left + 1, text, 1, box)
        for top, row in enumerate(rows)
        for left, text in enumerate(row)
    ]
    return PageTable(tuple(50.0 * x for x in range(len(rows[0]) + 1)), len(rows), cells, 1, box)


def full(table: PageTable) -> PageTable:
    return table._replace(cells=[cell._replace(is_full=True) for cell in table.cells])


HEAD = ["", "自然人", "总计"]


@pytest.mark.parametrize(
    ("above", "below", "whole"),
    [
        (["3.要求提", "0（不含转", "5"], ["供", "办件）", ""], ["3.要求提供", "0（不含转办件）", "5"]),
        (["3.要求提供", "0", "5"], ["", "（注1）", ""], ["3.要求提供", "0（注1）", "5"]),
        (["总计", "100,09", "5"], ["", "7", ""], ["总计", "100,097", "5"]),
        (["总计", "", "5"], ["", "0（注1）", ""], ["总计", "0（注1）", "5"]),
    ],
)
def test_a_row_that_the_page_break_cuts_is_one(above: list[str], below: list[str], whole: list[str]) -> None:
    joined = continue_table(page_table([HEAD, above]), page_table([below, ["其他", "1", "1"]]))
    assert joined is not None
    assert joined.rows == 3
    assert [cell.text for cell in joined.cells] == [*HEAD, *whole, "其他", "1", "1"]


@pytest.mark.parametrize(
    ("above", "below", "whole"),
    [
        (["总计", "844", "5"], ["", "0", ""], ["总计", "8440", "5"]),
        (["总计", "823", "5"], ["", "9（注1）", ""], ["总计", "8239（注1）", "5"]),
        (["3.危及“三", "0", "5"], ["安全一稳定”", "", ""], ["3.危及“三安全一稳定”", "0", "5"]),
        (["3.危及“三", "14", "5"], ["安全一稳定”", "4", ""], ["3.危及“三安全一稳定”", "144", "5"]),
    ],
)
def test_what_does_not_fit_into_full_cells_goes_on_below(
    above: list[str], below: list[str], whole: list[str]
) -> None:
    joined = continue_table(full(page_table([HEAD, above])), page_table([below]))
    assert joined is not None
    assert [cell.text for cell in joined.cells] == [*HEAD, *whole]


@pytest.mark.parametrize(
    ("above", "below", "is_full"),
    [("100", "4", False), ("8", "0", True)],
    ids=["room", "shorter than others"],
)
def test_digits_that_had_room_above_are_on_a_line_of_their_own(above: str, below: str, is_full: bool) -> None:
    upper = page_table([HEAD, ["总计", above, "52"]])
    joined = continue_table(full(upper) if is_full else upper, page_table([HEAD, ["", below, ""]]))
    assert joined is not None
    assert [cell.text for cell in joined.cells] == [*HEAD, "总计", f"{above}\n{below}", "52"]


def test_the_pieces_of_a_cell_are_as_sure_as_the_less_sure_one() -> None:
    upper, lower = (
        table._replace(cells=[cell._replace(confidence=sure) for cell in table.cells])
        for table, sure in (
            (page_table([HEAD, ["总计", "0（不含", "5"]]), 0.9),
            (page_table([["", "转办）", ""]]), 0.4),
        )
    )
    joined = continue_table(upper, lower)
    assert joined is not None
    assert [cell.confidence for cell in joined.cells[3:]] == [0.9, 0.4, 0.9]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (["总计", "84", "5"], ["", "0", "1"]),
        (["（三）不予公开", "0", "5"], ["（四）无法提供", "", ""]),
        (["行政规范性文件", "0", "5"], ["第二十条第（五）项", "", ""]),
        (["行政规范性文件", "0", "5"], ["12", "", ""]),
        (["总计", "84", "5"], ["", "甲", ""]),
    ],
)
def test_what_may_be_a_row_of_its_own_stays_one(above: list[str], below: list[str]) -> None:
    joined = continue_table(full(page_table([HEAD, above])), page_table([below]))
    assert joined is not None
    assert joined.rows == 3


@pytest.mark.parametrize(("first", "bottom"), [("3", 2), ("（四）结转", 3)])
def test_blank_cells_below_high_heads_are_cells_where_no_label_stands_beside(first: str, bottom: int) -> None:
    upper = page_table([["甲", "乙", "丙"], ["丁", "", ""]])
    high = [cell._replace(bottom=2) if cell.top == 0 and cell.left else cell for cell in upper.cells]
    upper = upper._replace(cells=[cell for cell in high if cell.top == 0 or cell.left == 0])
    joined = continue_table(upper, page_table([[first, "", "5"]]))
    assert joined is not None
    assert [cell.bottom for cell in joined.cells if cell.text == "乙"] == [bottom]


def test_a_row_of_its_own_below_the_page_break_stays_one() -> None:
    joined = continue_table(page_table([HEAD, ["甲", "", "5"]]), page_table([["乙", "1", ""]]))
    assert joined is not None
    assert joined.rows == 3


@pytest.mark.parametrize(
    ("label", "beside", "whole"),
    [
        ("1.信访举报", ["2.重复申请", "0", "5"], None),
        ("1.信访（举报", ["投诉）", "0", "5"], None),
        ("1.信访举报", ["", "0", "5"], ["1.信访举报", "20", "35"]),
    ],
)
def test_where_no_rule_ends_a_page_figures_below_figures_are_another_row_if_a_label_is_beside(
    label: str, beside: list[str], whole: list[str] | None
) -> None:
    upper, lower = page_table([[label, "2", "3"]]), page_table([beside])
    upper = upper._replace(cells=[cell._replace(open_bottom=True) for cell in upper.cells])
    lower = lower._replace(cells=[cell._replace(open_top=True) for cell in lower.cells])
    table = continue_table(upper, lower)
    assert table is not None
    assert [cell.text for cell in table.cells] == (whole or [label, "2", "3", *beside])


def test_a_page_with_nothing_but_the_repeated_head_adds_no_row() -> None:
    joined = continue_table(page_table([HEAD, ["甲", "4", "5"]]), page_table([HEAD]))
    assert joined is not None
    assert joined.rows == 2
    assert all(cell.bottom <= 2 for cell in joined.cells)


def joined_rows(above: list[list[str]], below: list[list[str]]) -> list[list[str]] | None:
    """The rows of two tables joined; `None` where they are two."""
    table = continue_table(page_table(above), page_table(below))
    if table is None:
        return None
    return [[cell.text for cell in table.cells if cell.top == row] for row in range(table.rows)]


def test_a_table_of_other_columns_is_another_one() -> None:
    upper = page_table([HEAD, ["总计", "4", "5"]])
    wider, uneven = page_table([[*HEAD, ""]]), page_table([HEAD])._replace(xs=(0.0, 50.0, 90.0, 150.0))
    assert continue_table(upper, wider) is None
    assert continue_table(upper, uneven) is None


@pytest.mark.parametrize("finer_first", [False, True])
def test_one_of_the_parts_may_have_columns_that_the_other_has_not(finer_first: bool) -> None:
    fine, coarse = (
        page_table([["甲", "乙", "丙"]]),
        page_table([["丁", "戊"]])._replace(xs=(0.0, 100.0, 150.0)),
    )
    table = continue_table(*((fine, coarse) if finer_first else (coarse, fine)))
    assert table is not None
    assert table.xs == fine.xs
    assert [(cell.left, cell.right) for cell in table.cells if cell.text in "丁戊"] == [(0, 2), (2, 3)]


def test_a_row_with_figures_is_no_repeated_head() -> None:
    assert joined_rows([["总计", "4", "5"]], [["总计", "4", "5"]]) == [["总计", "4", "5"]] * 2


def test_heads_of_which_only_a_part_is_repeated_stay() -> None:
    upper, lower = page_table([HEAD, ["甲", "乙", "丙"]]), page_table([HEAD, ["甲", "4", "5"]])
    high = [
        cell._replace(bottom=2) if cell.text == "总计" else cell for cell in lower.cells if cell.text != "5"
    ]
    table = continue_table(upper, lower._replace(cells=high))
    assert table is not None
    assert table.rows == 4


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ([HEAD, ["总计", "", "5"]], [["", "", ""]]),
        ([HEAD, ["", "", ""]], [["甲", "4", "5"]]),
        ([HEAD, ["甲（", "乙", "5"]], [["丙", "4", ""]]),
        ([HEAD, ["", "乙", "5"]], [["（续）", "丁", "7"]]),
        ([HEAD, ["3.危及“三", "0", "5"]], [["安全一稳定”", "", ""]]),
        ([HEAD, ["总计", "84", "5"]], [["", "甲", ""]]),
    ],
)
def test_rows_of_which_nothing_shows_a_cut_are_two(above: list[list[str]], below: list[list[str]]) -> None:
    assert joined_rows(above, below) == [*above, *below]


def test_two_full_labels_side_by_side_are_not_cut_both() -> None:
    upper = full(page_table([["（三）不予", "1.属于国家", "14", "5"]]))
    lower = page_table([["公开", "秘密", "4", ""]])
    table = continue_table(upper, lower)
    assert table is not None
    assert table.rows == 2


def test_digits_beside_a_cell_of_other_extent_are_those_of_another_row() -> None:
    upper, lower = full(page_table([["总计", "84", "5", "6", ""]])), page_table([["", "0", "", "7", ""]])
    wide = [cell._replace(right=5) if cell.text == "6" else cell for cell in upper.cells if cell.text]
    table = continue_table(upper._replace(cells=wide), lower)
    assert table is not None
    assert [cell.text for cell in table.cells if cell.text] == ["总计", "84", "5", "6", "0", "7"]


@pytest.mark.parametrize(("open_bottom", "open_top"), [(True, True), (True, False), (False, True)])
def test_a_cell_that_no_rule_closes_goes_on(open_bottom: bool, open_top: bool) -> None:
    upper, lower = page_table([["规章", "1"]]), page_table([["和文件", "2"]])
    upper = upper._replace(cells=[cell._replace(open_bottom=open_bottom) for cell in upper.cells])
    lower = lower._replace(cells=[cell._replace(open_top=open_top) for cell in lower.cells])
    table = continue_table(upper, lower)
    assert table is not None
    assert table.rows == 1 + (not (open_bottom and open_top))


@pytest.mark.parametrize(
    ("label", "beside", "height", "rows"),
    [("", "丙", 2, 3), ("", "丙", 1, 2), ("公开", "丙", 2, 2), ("", "3", 2, 2)],
)
def test_a_label_of_several_rows_goes_on_beside_another_row(
    label: str, beside: str, height: int, rows: int
) -> None:
    upper = page_table([["无法提供", "甲", "1"], ["", "乙", "2"]])
    cells = [cell._replace(bottom=height) if cell.text == "无法提供" else cell for cell in upper.cells]
    upper = upper._replace(cells=[cell for cell in cells if height == 1 or cell.text])
    table = continue_table(upper, page_table([[label, beside, "3"]]))
    assert table is not None
    reach = next(cell for cell in table.cells if cell.text.startswith("无法提供"))
    assert reach.bottom - reach.top == rows - (height == 1)


def test_a_blank_cell_of_several_rows_goes_on_below_a_label_of_one() -> None:
    lower = page_table([["", "乙", "2"], ["", "丙", "3"]])
    high = [cell._replace(bottom=2) if not cell.left else cell for cell in lower.cells[:3] + lower.cells[4:]]
    table = continue_table(page_table([["无法提供", "甲", "1"]]), lower._replace(cells=high))
    assert table is not None
    assert [cell.bottom for cell in table.cells if cell.left == 0] == [3]


def test_blank_cells_of_several_rows_stay_two() -> None:
    upper = page_table([["", "甲", "1"], ["", "乙", "2"]])
    high = [cell._replace(bottom=2) if not cell.left else cell for cell in upper.cells[:3] + upper.cells[4:]]
    table = continue_table(upper._replace(cells=high), page_table([["", "丙", "3"]]))
    assert table is not None
    assert [cell.bottom for cell in table.cells if cell.left == 0] == [2, 3]


def test_a_table_whose_first_cell_goes_on_undrawn_is_the_same() -> None:
    upper = page_table([["", *HEAD], ["三、办理结果", "2.重复申请", "3", "3"]])
    lower = page_table([["3.其他", "1", "1"]])
    joined = continue_table(upper, lower._replace(xs=tuple(x + 50.0 for x in lower.xs)))
    assert joined is not None
    assert [(cell.left, cell.text) for cell in joined.cells if cell.top == 2] == [
        (1, "3.其他"),
        (2, "1"),
        (3, "1"),
    ]


def test_a_table_that_begins_below_no_edge_is_another() -> None:
    upper, lower = page_table([HEAD, ["2.重复申请", "3", "3"]]), page_table([["3.其他", "1"]])
    assert (
        continue_table(upper, lower._replace(xs=tuple(x + 50.0 + 20.0 * (x == 0) for x in lower.xs))) is None
    )


@pytest.mark.parametrize(
    ("above", "below", "whole"),
    [
        ("（三）不予公", "开", ["（三）不予公开"]),
        ("", "（三）不予公开", ["（三）不予公开"]),
        ("（三）不予公开", "（四）无法提供", ["（三）不予公开", "（四）无法提供"]),
    ],
)
def test_a_cell_of_several_rows_that_no_rule_closes_goes_on_below_if_no_label_begins_there(
    above: str, below: str, whole: list[str]
) -> None:
    upper, lower = (page_table([[label, "甲", "2", "3"], ["", "乙", "0", "5"]]) for label in (above, below))
    upper, lower = (
        table._replace(
            cells=[
                cell._replace(bottom=2 if cell.left == 0 else cell.bottom, open_top=True, open_bottom=True)
                for cell in table.cells
                if cell.left or not cell.top
            ]
        )
        for table in (upper, lower)
    )
    table = continue_table(upper, lower)
    assert table is not None
    assert [cell.text for cell in table.cells if cell.left == 0] == whole

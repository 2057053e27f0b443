"""A table wider than the paper, which a spreadsheet program prints over several pages, is one table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import pytest

from tests.documents.sheet import HEIGHT, Sheet, tables

WIDTHS = (140, 60, 70, 80, 90, 50)
ROWS = [["信息内容", "甲", "乙", "丙", "丁", "总计"]] + [
    [f"第{sign}项", *(str(10 * row + column) for column in range(5))]
    for row, sign in enumerate("一二三四五六七")
]
CUT = 3
EVERY, LEFT, RIGHT = slice(None), slice(CUT), slice(CUT, None)


class Part(NamedTuple):
    """Rows and columns of the table that stand on one page."""

    rows: Sequence[Sequence[str]] = ROWS
    columns: slice = EVERY
    top: float = 60
    height: float = 18
    heading: str = ""


def print_part(sheet: Sheet, part: Part) -> None:
    sheet.text(50, part.top - 20, part.heading)
    xs = [50.0]
    for width in WIDTHS[part.columns]:
        xs.append(xs[-1] + width)
    for index, row in enumerate(part.rows):
        top = part.top + part.height * index
        for (left, right), text in zip(pairwise(xs), row[part.columns], strict=True):
            sheet.box(left, top, right, top + part.height)
            sheet.text(left + 4, top + 13, text)


def read(*parts: Part, sideways: bool = False) -> list[list[list[str]]]:
    """The tables of a file with a page for each part."""
    sheet = Sheet()
    for part in parts:
        if sideways:
            sheet.canvas.translate(0, HEIGHT)
            sheet.canvas.rotate(-90)
            sheet.canvas.translate(0, 595 - HEIGHT)
        print_part(sheet, part)
        sheet.next_page()
    return tables(sheet.read())


def test_columns_on_the_next_page_belong_to_the_rows_before() -> None:
    assert read(Part(columns=LEFT), Part(columns=RIGHT)) == [ROWS]


@pytest.mark.parametrize("over_first", [False, True])
def test_pages_go_down_and_over_in_either_order(over_first: bool) -> None:
    parts = [Part(rows, columns) for columns in (LEFT, RIGHT) for rows in (ROWS[:5], ROWS[5:])]
    if over_first:
        parts[1], parts[2] = parts[2], parts[1]
    assert read(*parts) == [ROWS]


@pytest.mark.parametrize("sideways", [False, True])
def test_rows_on_the_next_page_stay_rows(sideways: bool) -> None:
    """Those of a page set sideways go on at its side, where columns of others do."""
    assert read(Part(ROWS[:4]), Part(ROWS[4:]), sideways=sideways) == [ROWS]


def test_another_table_on_the_next_page_stays_another() -> None:
    assert len(read(Part(columns=LEFT), Part(columns=RIGHT, top=110))) == 2


def test_another_sheet_of_the_file_may_come_before() -> None:
    other = [["甲", "乙", "丙"], ["丁", "1", "2"]]
    parts = [Part(rows, columns) for columns in (LEFT, RIGHT) for rows in (ROWS[:5], ROWS[5:])]
    assert read(Part(other, LEFT, 300), *parts) == [other, ROWS]


def test_a_page_printed_twice_is_no_sheet() -> None:
    assert {len(row) for table in read(Part(), Part()) for row in table} == {6}


def test_next_rows_of_even_height_are_not_taken_for_columns() -> None:
    """Both pages are ruled alike; that the rows begin with labels tells that they are whole."""
    first, second = read(Part(ROWS[:4]), Part(ROWS[4:], slice(4)))
    assert [len(first[-1]), len(second[-1])] == [6, 4]


def test_cells_over_several_rows_of_even_height_are_no_rows_beside() -> None:
    """On the second page groups of rows stand before their labels, at heights of rules of the first."""
    sheet = Sheet()
    rows = [[f"第{number}项", str(number)] for number in range(16)]
    sheet.table([50, 250, 350], 60, rows)
    sheet.next_page()
    sheet.rules([50, 150, 250, 350], (60, 380))
    top = 60
    for number, height in enumerate((2, 3, 1, 4, 2, 3, 1)):
        sheet.text(54, top + 14, f"第{number}组")
        sheet.rule(50, top, 150, top)
        for row in range(height):
            sheet.rule(150, top, 350, top)
            sheet.row(top + 14, x154=f"甲{row}", x254="7")
            top += 20
    (table,) = tables(sheet.read())
    assert (len(table), max(map(len, table))) == (32, 3)


def test_a_page_that_begins_a_section_is_no_right_half() -> None:
    assert len(read(Part(columns=LEFT), Part(columns=RIGHT, heading="四、其他情况"))) == 2


def test_cells_as_high_as_several_rows_of_the_page_before_do_not_go_on_with_it() -> None:
    """Their rules stand where rules of even rows do; few rows are bounded by the same ones."""
    sheet = Sheet()
    sheet.table([50, 200, 300], 60, [["项目", "件数"], *([f"第{row}项", str(row)] for row in range(1, 30))])
    sheet.next_page()
    sheet.rules([50, 200, 300], [80, 100, 180, 200, 240, 260, 320, 340])
    sheet.text(54, 94, "甲")
    assert {grid.columns for grid in sheet.read().grids} == {2}

"""A table wider than the paper, which a spreadsheet program prints over several pages, is one table."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import pairwise

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from gao_pipeline.documents.paged.pdf import read_pdf

FONT = "STSong-Light"
WIDTHS = (140, 60, 70, 80, 90, 50)
ROWS = [["信息内容", "甲", "乙", "丙", "丁", "总计"]] + [
    [f"第{sign}项", *(str(10 * row + column) for column in range(5))]
    for row, sign in enumerate("一二三四五六七")
]
CUT = 3


@pytest.fixture(scope="module", autouse=True)
def chinese_font() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def print_part(canvas: Canvas, rows: Sequence[Sequence[str]], columns: slice, top: float) -> None:
    """A part of the table as a page of its own."""
    canvas.setFont(FONT, 10)
    xs = [50.0]
    for width in WIDTHS[columns]:
        xs.append(xs[-1] + width)
    for index, row in enumerate(rows):
        y = 842 - top - 18 * (index + 1)
        for (left, right), text in zip(pairwise(xs), row[columns], strict=True):
            canvas.rect(left, y, right - left, 18)
            canvas.drawString(left + 4, y + 5, text)
    canvas.showPage()


def tables(parts: Sequence[tuple[Sequence[Sequence[str]], slice, float]]) -> list[list[list[str]]]:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    for part in parts:
        print_part(canvas, *part)
    canvas.save()
    grids = []
    for grid in read_pdf(buffer.getvalue()).grids:
        rows: list[list[str]] = [[] for _ in range(grid.rows)]
        for cell in grid.cells:
            rows[cell.row].append(cell.text)
        grids.append(rows)
    return grids


LEFT, RIGHT = slice(0, CUT), slice(CUT, None)


def test_columns_on_the_next_page_belong_to_the_rows_before() -> None:
    assert tables([(ROWS, LEFT, 60), (ROWS, RIGHT, 60)]) == [ROWS]


@pytest.mark.parametrize("over_first", [False, True])
def test_pages_go_down_and_over_in_either_order(over_first: bool) -> None:
    upper, lower = ROWS[:5], ROWS[5:]
    parts = [(upper, LEFT, 60.0), (lower, LEFT, 60.0), (upper, RIGHT, 60.0), (lower, RIGHT, 60.0)]
    if over_first:
        parts[1], parts[2] = parts[2], parts[1]
    assert tables(parts) == [ROWS]


def test_rows_on_the_next_page_stay_rows() -> None:
    every = slice(None)
    assert tables([(ROWS[:4], every, 60), (ROWS[4:], every, 60)]) == [ROWS]


def test_rows_that_go_on_at_the_side_of_a_page_set_sideways_stay_rows() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    for rows, height in ((ROWS[:4], 100), (ROWS[4:], 70)):
        canvas.translate(0, 842)
        canvas.rotate(-90)
        canvas.setFont(FONT, 10)
        for number, row in enumerate(rows):
            left = 60
            for width, text in zip(WIDTHS, row, strict=True):
                canvas.rect(left, 460 - height * number, width, height)
                canvas.drawString(left + 4, 490 - height * number, text)
                left += width
        canvas.showPage()
    canvas.save()
    assert [(grid.rows, grid.columns) for grid in read_pdf(buffer.getvalue()).grids] == [(8, 6)]


def test_another_table_on_the_next_page_stays_another() -> None:
    assert len(tables([(ROWS, LEFT, 60), (ROWS, RIGHT, 110)])) == 2


def test_another_sheet_of_the_file_may_come_before() -> None:
    other = [["甲", "乙", "丙"], ["丁", "1", "2"]]
    upper, lower = ROWS[:5], ROWS[5:]
    parts = [(upper, LEFT, 60.0), (lower, LEFT, 60.0), (upper, RIGHT, 60.0), (lower, RIGHT, 60.0)]
    assert tables([(other, LEFT, 300.0), *parts]) == [other, ROWS]


def test_a_page_printed_twice_is_no_sheet() -> None:
    every = slice(None)
    assert {len(row) for table in tables([(ROWS, every, 60), (ROWS, every, 60)]) for row in table} == {6}


def test_next_rows_of_even_height_are_not_taken_for_columns() -> None:
    """Both pages are ruled alike; that the rows begin with labels tells that they are whole."""
    wide, narrow = slice(None), slice(0, 4)
    first, second = tables([(ROWS[:4], wide, 60), (ROWS[4:], narrow, 60)])
    assert [len(first[-1]), len(second[-1])] == [6, 4]

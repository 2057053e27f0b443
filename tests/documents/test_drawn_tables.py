"""Tables drawn with characters keep their blank, merged and broken cells."""

from __future__ import annotations

import pytest

from gao_pipeline.documents.model import Grid
from gao_pipeline.documents.plain.drawn_tables import dashed_table
from gao_pipeline.documents.plain.rows import TextLine
from gao_pipeline.documents.plain.text import read_text


def _rows(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in grid.cells if cell.row == row] for row in range(grid.rows)]


def _grids(*lines: str) -> list[Grid]:
    return read_text("\n".join(("一、总体情况", "", *lines, "", "无")).encode()).grids


def test_boxes_with_merged_cells_and_cells_of_several_lines() -> None:
    (grid,) = _grids(
        "┌────────────────────┐",
        "│第二十条第（一）项  │",
        "├──────┬──────┬──────┤",
        "│信息内│件    │金额  │",
        "│容    │      │      │",
        "├──────┼──────┼──────┤",
        "│      │5     │      │",
        "│规章  ├──────┼──────┤",
        "│      │      │7     │",
        "└──────┴──────┴──────┘",
    )
    assert _rows(grid) == [["第二十条第（一）项"], ["信息内\n容", "件", "金额"], ["规章", "5", ""], ["", "7"]]
    spans = {cell.text: (cell.row_span, cell.column_span) for cell in grid.cells}
    assert spans["第二十条第（一）项"] == (1, 3)
    assert spans["规章"] == (2, 1)


def test_boxes_that_are_not_aligned_keep_the_ranks() -> None:
    (grid,) = _grids(
        "+---+---+---+",
        "| 规 |  | 1 |",
        "| 章 |  |   |",
        "+===+===+===+",
        "| 许 | 0 | 8 |",
        "| 可 |   | 9 |",
        "+---+---+---+",
        "| 罚 | 3 |   |",
        "+---+---+---+",
    )
    assert _rows(grid) == [["规\n章", "", "1"], ["许\n可", "0", "8\n9"], ["罚", "3", ""]]


@pytest.mark.parametrize("rule", ["|---|---|---|", "+---+---+---+"])
def test_hyphens_between_bars_are_marks(rule: str) -> None:
    rows = [["项目", "甲", "乙"], ["规章", "-", "-"], ["许可", "-", "0"], ["处罚", "1", "-"]]
    first, *others = (f"|{'|'.join(row)}|" for row in rows)
    (grid,) = _grids(first, rule, *others)
    assert _rows(grid) == rows


def test_a_drawn_table_need_not_be_closed_above() -> None:
    rule = "+---+---+"
    (grid,) = _grids("| 规 | 1 |", rule, "| 章 | 2 |", rule, "| 许 | 3 |", rule, "| 可 | 4 |", rule)
    assert _rows(grid) == [["规", "1"], ["章", "2"], ["许", "3"], ["可", "4"]]


_HEADS = ["信息内容", "制发", "现行有效"]
_FIGURES = [["规章", "", "12"], ["行政规范性文件", "3", ""]]


def _line(cells: list[str], widths: tuple[int, ...]) -> str:
    shown = (
        text + " " * (width - 2 * sum(c > "z" for c in text) - sum(c <= "z" for c in text))
        for text, width in zip(cells, widths, strict=True)
    )
    return "  " + " ".join(shown)


@pytest.mark.parametrize("kind", ["simple", "headless", "in groups"])
def test_dashes_show_the_columns(kind: str) -> None:
    widths = (16, 6, 10)
    dashes = "  " + " ".join("-" * width for width in widths)
    rows = [_line(row, widths) for row in (_HEADS, *_FIGURES)]
    if kind == "simple":
        lines = [rows[0], dashes, *rows[1:]]
    elif kind == "headless":
        lines = [dashes, *rows, dashes]
    else:
        full = "  " + "-" * (sum(widths) + 2)
        broken = [_line(["行政许可", "4", "5"], widths), _line(["事项", "", ""], widths)]
        lines = [full, rows[0], dashes, rows[1], "", rows[2], "", *broken, full]
    (grid,) = _grids(*lines)
    expected = [_HEADS, *_FIGURES, *([["行政许可\n事项", "4", "5"]] if kind == "in groups" else [])]
    assert _rows(grid) == expected


def test_a_text_between_the_dashes_is_no_cell() -> None:
    texts = ("------ -----", "这是一段说明文字，共 3 件。", "其余 2 件。")
    assert dashed_table([TextLine(number, text) for number, text in enumerate(texts)], 0) is None


def test_dashes_end_a_table_that_spaces_align_and_its_heads_may_be_strong() -> None:
    widths = (12, 12, 12)
    dashes = " ".join("-" * width for width in widths)
    heads, figures = _line(["**信息**", "**数量甲**", "**数量乙**"], widths), _line(["规章", "", "7"], widths)
    (grid,) = _grids("四、  公开情况", "", dashes, heads, "", figures, dashes)
    assert _rows(grid) == [["信息", "数量甲", "数量乙"], ["规章", "", "7"]]

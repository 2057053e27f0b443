"""Data frames number their rows and columns from 0: no format of print takes the numbers for figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gao_pipeline.contracts.forms import FactCode
from gao_pipeline.documents.model import Cell
from gao_pipeline.documents.numbering import without_numbers
from gao_pipeline.documents.plain.text import read_text

_HEADINGS = {
    "disclosure": "二、主动公开政府信息情况",
    "applications": "三、收到和处理政府信息公开申请情况",
    "proceedings": "四、政府信息公开行政复议、行政诉讼情况",
}


def _frame(layouts: Any, layout: Any) -> list[list[str]]:
    """The cells with the numbers around them; a cell that spans several stands in each of them."""
    grid = layouts.flavours["spanned"](layout)
    texts = [[""] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                texts[row][column] = cell.text
    numbered = [[str(number), *row] for number, row in enumerate(texts)]
    return [["", *map(str, range(grid.columns))], *numbered]


def _aligned(rows: list[list[str]]) -> str:
    rows = [rows[0], *([text or "NaN" for text in row] for row in rows[1:])]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows
    )


def _markdown(rows: list[list[str]]) -> str:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "|---:" + "|:---" * (len(rows[0]) - 1) + "|", *body])


_PRINTS: dict[str, Callable[[list[list[str]]], str]] = {
    "commas": lambda rows: "\n".join(",".join(row) for row in rows),
    "tabs": lambda rows: "\n".join("\t".join(row) for row in rows),
    "markdown": _markdown,
    "aligned": _aligned,
}


@pytest.mark.parametrize("print_frame", _PRINTS.values(), ids=_PRINTS)
@pytest.mark.parametrize("form", ["2019", "2021"])
def test_numbers_of_a_data_frame_are_no_figures(
    layouts: Any, form: str, print_frame: Callable[[list[list[str]]], str]
) -> None:
    codes = layouts.forms[form].codes
    printed: dict[FactCode, int | None] = {
        code: None if number % 11 == 5 else number % 9 for number, code in enumerate(codes)
    }
    texts = {code: "" if value is None else str(value) for code, value in printed.items()}
    printer = layouts.printer(layouts.forms[form], texts)
    lines = [f"示例县商务局{int(form) + 1}年政府信息公开工作年度报告"]
    for table, heading in _HEADINGS.items():
        lines += [heading, print_frame(_frame(layouts, printer.layout(table)))]
    report = layouts.read(read_text("\n".join(lines).encode()))
    assert {fact.code: fact.value for fact in report.facts} == printed


def test_numbers_of_columns_open_a_table_whose_rows_have_none() -> None:
    rows = [[Cell(text=str(column), row=0, column=column) for column in range(8)]]
    rows.append([Cell(text=text, row=1, column=n) for n, text in enumerate(["规章", *"1234567"])])
    assert [[cell.text for cell in row] for row in without_numbers(rows)] == [[], ["规章", *"1234567"]]
    assert without_numbers([row[:4] for row in rows]) == [row[:4] for row in rows]

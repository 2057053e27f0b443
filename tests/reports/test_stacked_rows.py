"""Rows of the form in one row of a printed table: apart where every cell tells what is whose."""

from __future__ import annotations

import pytest

from gao_pipeline.documents.reading import read_document
from gao_pipeline.reports.reading import read_report


def _values(rows: str) -> dict[tuple[str, str], object]:
    title = "<h1>示例县商务局2022年政府信息公开工作年度报告</h1>"
    page = f"{title}<table><tr><td colspan=4>第二十条第（一）项{rows}</table>"
    facts = read_report(read_document(page.encode())).facts
    return {fact.code[1:]: fact.value for fact in facts if fact.code[0] == "disclosure"}


def _row(values: dict[tuple[str, str], object], row: str) -> list[object]:
    return [values[row, column] for column in ("issued", "repealed", "in_force")]


_HEAD = "<tr><td>信息内容<td>本年制发件数<td>本年废止件数<td>现行有效件数"


_STACKED = "规章<br>行政规范性文件<td>4<br>51<td>0<br>6<td>70<br>8"
_IN_PARAGRAPHS = _STACKED.replace("<br>", "<p>")


@pytest.mark.parametrize("row", [_STACKED, _IN_PARAGRAPHS])
def test_rows_that_share_a_row_are_read_apart(row: str) -> None:
    values = _values(f"{_HEAD}<tr><td>{row}")
    assert _row(values, "regulations") == [4, 0, 70]
    assert _row(values, "normative_documents") == [51, 6, 8]


def test_a_value_that_may_belong_to_either_is_taken_for_none() -> None:
    values = _values(f"{_HEAD}<tr><td>规章<br>行政规范性文件<td>4<br>51<td>6<td>")
    assert _row(values, "regulations") == _row(values, "normative_documents") == [None, None, None]


def test_a_label_on_two_lines_is_one() -> None:
    values = _values(f"{_HEAD}<tr><td>行政规范性<br>文件<td>4<br><td>0<td>7")
    assert _row(values, "normative_documents") == [4, 0, 7]
    assert values["regulations", "issued"] is None

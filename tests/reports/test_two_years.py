"""Tables of two years in one text or sheet: the captions above them say which is that of the report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gao_pipeline.documents.plain.text import read_text
from gao_pipeline.reports.reading import read_report

_HEADING = "三、收到和处理政府信息公开申请情况"
_PRINTS: dict[str, Callable[[list[str]], str]] = {
    "rows": "\t".join,
    "a cell a line": "\n".join,
    "a cell a line, blank lines between": "\n\n".join,
}


@pytest.mark.parametrize("captions", [("2022年度统计表", "2023年度统计表"), ("2023年情况", "附：2022年情况")])
@pytest.mark.parametrize("print_row", _PRINTS.values(), ids=_PRINTS)
def test_the_table_under_the_year_of_the_report_counts(
    layouts: Any, print_row: Callable[[list[str]], str], captions: tuple[str, str]
) -> None:
    codes = [code for code in layouts.forms["2021"].codes if code.table == "applications"]
    own = {code: str(number % 9) for number, code in enumerate(codes)}
    lines = ["示例县商务局2023年政府信息公开工作年度报告", _HEADING]
    for caption in captions:
        printed = own if "2023" in caption else dict.fromkeys(codes, "7")
        layout = layouts.printer(layouts.forms["2021"], printed).layout("applications")
        lines += [caption, *(print_row([cell.text for cell in row]) for row in layout)]
    report = layouts.read(read_text("\n".join(lines).encode()))
    facts = {fact.code: str(fact.value) for fact in report.facts if fact.code.table == "applications"}
    assert facts == own


def test_a_part_of_a_table_under_another_year_is_of_the_report_where_no_other_prints_it() -> None:
    columns = "结果维持\t结果纠正\t其他结果\t尚未审结\t总计"
    parts = {"2024年行政复议": 1, "2023年未经复议直接起诉": 2, "2023年复议后起诉": 3}
    lines = ["示例县商务局2023年政府信息公开工作年度报告", "四、政府信息公开行政复议、行政诉讼情况"]
    for caption, figure in parts.items():
        lines += [caption, columns, "\t".join([str(figure)] * 5), ""]
    report = read_report(read_text("\n".join(lines).encode()))
    facts = [fact.value for fact in report.facts if fact.code.table == "proceedings"]
    assert facts == [1] * 5 + [2] * 5 + [3] * 5


def test_years_in_the_notes_of_heads_are_no_captions() -> None:
    heads = ["上一年项目数量（指2019年）", "本年增/减（指2020年）", "处理决定数量（指2020年办件量）"]
    cells = ["第二十条第（五）项", "信息内容", *heads, "行政许可", "3", "-1", "8"]
    lines = ["示例县商务局2020年政府信息公开工作年度报告", "二、主动公开政府信息情况", *cells]
    facts = read_report(read_text("\n".join([*lines, "三、其他", "无。"]).encode())).facts
    assert [fact.value for fact in facts if fact.code.row == "licensing"] == [3, -1, 8]

"""Tables of two years in one text or sheet: the captions above them say which is that of the report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gao_pipeline.documents.plain.text import read_text

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

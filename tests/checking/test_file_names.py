"""The year in a file name: told where it differs, and only where the name speaks of the report."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gao_pipeline.checking.confrontation import confront
from gao_pipeline.checking.file_names import FILE_NAME, with_file_name
from gao_pipeline.checking.model import Outcome
from gao_pipeline.reports.model import Report

MakeReport = Callable[..., Report]


def judged(report: Report, path: str) -> tuple[Outcome, str | None]:
    (outcome,) = confront([report])
    named = with_file_name(outcome, report, path)
    (verdict,) = (v for v in named.verdicts if v.rule == FILE_NAME)
    told = [finding.message.zh for finding in named.findings if finding.rule == FILE_NAME]
    assert len(told) == (verdict.outcome is Outcome.FAIL)
    return verdict.outcome, verdict.reason


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("landing/青石县商务局2022年政府信息公开工作年度报告.docx", Outcome.PASS),
        ("2021/青石县商务局 2022 年度报告.pdf", Outcome.PASS),
        ("青石县商务局2021年政府信息公开工作年度报告.docx", Outcome.FAIL),
        ("batch.zip!/2021年度政府信息公开年报.txt", Outcome.FAIL),
        ("2021/20230115_3271106.html", Outcome.NOT_ASSESSABLE),
        ("20230120政府信息公开年报.html", Outcome.NOT_ASSESSABLE),
        ("t20230119.html", Outcome.NOT_ASSESSABLE),
    ],
)
def test_the_name_of_a_file(report: MakeReport, path: str, outcome: Outcome) -> None:
    assert judged(report(report_year=2022), path)[0] is outcome


def test_without_a_report_year_nothing_is_said(report: MakeReport) -> None:
    made = report(report_year=None)
    assert judged(made, "2021年政府信息公开年报.txt") == (Outcome.NOT_ASSESSABLE, "year_unknown")

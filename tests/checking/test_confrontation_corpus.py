"""The corpus through its truth: every broken relation found, no other accused, only forced blanks derived."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gao_pipeline.checking.confrontation import Confrontation, confront
from gao_pipeline.checking.model import Severity
from gao_pipeline.reports.model import Report, State

RULE_OF_FAMILY = {
    "row_sum": "applications.row_total",
    "concluded_sum": "applications.concluded_total",
    "column_balance": "applications.balance",
    "proceedings_total": "proceedings.total",
    "bad_number": "applications.count",
    "fee_unit": "disclosure.fee_unit",
}
Truth = Callable[[str], list[dict[str, Any]]]
Build = Callable[[dict[str, Any]], Report]


@pytest.fixture(scope="module", params=["real-truth", "rendered-truth"])
def judged(
    request: pytest.FixtureRequest, truth: Truth, report_of_truth: Build
) -> list[tuple[dict[str, Any], Confrontation]]:
    rows = truth(request.param)
    return list(zip(rows, confront([report_of_truth(row) for row in rows]), strict=True))


def test_every_violation_is_found_and_no_other(judged: list[tuple[dict[str, Any], Confrontation]]) -> None:
    for row, outcome in judged:
        if "violations" not in row:
            continue
        expected = {
            (RULE_OF_FAMILY[violation["family"]], frozenset(map(tuple, violation["cells"])))
            for violation in row["violations"]
            if violation["family"] in RULE_OF_FAMILY
        }
        found = {
            (finding.rule, frozenset(map(tuple, finding.facts)))
            for finding in outcome.findings
            if finding.rule in RULE_OF_FAMILY.values()
        }
        assert found == expected, row["file"]


def test_real_reports_are_accused_only_of_what_is_wrong(
    judged: list[tuple[dict[str, Any], Confrontation]],
) -> None:
    for row, outcome in judged:
        if "violations" in row:
            continue
        errors = [(f.rule, f.actual, f.expected) for f in outcome.findings if f.severity is Severity.ERROR]
        wrong = row["file"].startswith("013")
        total = "applications.concluded_total"
        assert errors == ([(total, 20, 26), (total, 21, 27)] if wrong else []), row["file"]


def test_derived_figures_are_the_forced_ones(judged: list[tuple[dict[str, Any], Confrontation]]) -> None:
    for row, outcome in judged:
        printed = {(f["table"], f["row"], f["column"]): f for f in row["facts"]}
        for fact in outcome.facts:
            true = printed[tuple(fact.code)]
            if fact.state is State.DERIVED:
                assert true["value"] is None, (row["file"], fact.code)
                assert fact.value in true["derived_ok"], (row["file"], fact.code)
                assert fact.derived_by in (
                    "applications.row_total",
                    "applications.concluded_total",
                    "applications.balance",
                    "proceedings.total",
                )
            else:
                assert fact.value == true["value"]


def test_single_mistakes_are_suggested_right(judged: list[tuple[dict[str, Any], Confrontation]]) -> None:
    for row, outcome in judged:
        for error in row.get("errors", []):
            altered = error.get("altered", [])
            if error["family"] not in ("row_sum", "bad_number") or len(altered) != 1:
                continue
            cell, was = tuple(altered[0]["cell"]), altered[0]["was"]
            suggestions = {
                (tuple(f.suggestion.fact), f.suggestion.value) for f in outcome.findings if f.suggestion
            }
            assert suggestions == {(cell, was)}, row["file"]

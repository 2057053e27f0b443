"""Blanks that the form forces, and blanks that it does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gao_pipeline.checking.confrontation import Confrontation, confront
from gao_pipeline.checking.model import Outcome
from gao_pipeline.contracts.forms import FactCode
from gao_pipeline.reports.model import Fact, ReadingNotice, Report, State

MakeReport = Callable[..., Report]


def judge(report: Report) -> Confrontation:
    (outcome,) = confront([report])
    return outcome


def derived(outcome: Confrontation) -> dict[FactCode, Fact]:
    return {fact.code: fact for fact in outcome.facts if fact.state is State.DERIVED}


def row(name: str, *values: float | None) -> dict[tuple[str, str, str], float | None]:
    columns = ("natural_person", "business", "research", "public_welfare", "legal_service",
               "other_organization", "total")  # fmt: skip
    return {("applications", name, column): value for column, value in zip(columns, values, strict=True)}


def test_a_blank_total_is_the_sum_and_says_by_which_rule(report: MakeReport) -> None:
    (fact,) = derived(judge(report({("proceedings", "review", "total"): None}))).values()
    assert (fact.value, fact.derived_by) == (0, "proceedings.total")


def test_parts_of_a_zero_total_are_zero(report: MakeReport) -> None:
    outcome = judge(report(row("granted", None, None, None, None, None, None, 0)))
    assert {fact.value for fact in derived(outcome).values()} == {0}
    assert len(derived(outcome)) == 6


def test_parts_of_a_positive_total_stay_blank(report: MakeReport) -> None:
    blank = {("proceedings", "review", column): None for column in ("upheld", "corrected", "other_result")}
    outcome = judge(report(blank | {("proceedings", "review", "total"): 2}))
    assert derived(outcome) == {}
    verdicts = [v for v in outcome.verdicts if v.rule == "proceedings.total" and v.subject == "review"]
    assert [(v.outcome, v.reason) for v in verdicts] == [(Outcome.NOT_ASSESSABLE, "blank_cell")]


def test_a_blank_table_derives_nothing(report: MakeReport) -> None:
    outcome = judge(report(fill=None))
    assert derived(outcome) == {}
    reasons = {v.reason for v in outcome.verdicts if v.rule.startswith(("applications.", "proceedings."))}
    assert reasons == {"table_blank"}


def test_a_missing_table_derives_nothing_and_no_rule_passes(report: MakeReport) -> None:
    outcome = judge(report(table_forms={"proceedings": None}))
    assert derived(outcome) == {}
    verdicts = [v for v in outcome.verdicts if v.rule.startswith("proceedings.")]
    assert {(v.outcome, v.reason) for v in verdicts} == {(Outcome.NOT_ASSESSABLE, "table_missing")}


@pytest.mark.parametrize(("code", "filled"), [("unknown_row", 0), ("label_similar", 1)])
def test_a_missing_cell_is_not_filled_where_figures_have_no_place(
    report: MakeReport, code: str, filled: int
) -> None:
    cell = FactCode("applications", "granted", "total")
    notice = ReadingNotice(code=code, detail="", table="applications")
    outcome = judge(report({cell: None}, states={cell: State.MISSING}, notices=(notice,)))
    assert len(derived(outcome)) == filled


def test_nothing_is_derived_from_what_contradicts_itself(report: MakeReport) -> None:
    contradiction = row("carried_in", 4, 0, 0, 0, 0, 0, 5)
    blanks = {
        ("applications", "carried_out", "natural_person"): None,
        ("applications", "carried_out", "total"): None,
    }
    outcome = judge(report(contradiction | blanks))
    assert [f.rule for f in outcome.findings if f.severity == "error"] == ["applications.row_total"]
    assert derived(outcome) == {}


def test_forced_figures_that_meet_a_contradiction_are_all_taken_back(report: MakeReport) -> None:
    """The row forces 3 for a blank whose column leaves no more than 0: neither figure is kept."""
    figures = row("granted", None, 0, 0, 0, 0, 0, 3) | {
        ("applications", "received", "total"): 3,
        ("applications", "concluded_total", "total"): 3,
    }
    outcome = judge(report(figures))
    assert FactCode("applications", "granted", "natural_person") not in derived(outcome)
    assert {f.rule for f in outcome.findings if f.severity == "error"} == {
        "applications.row_total",
        "applications.part_exceeds_total",
    }
    blank = [v for v in outcome.verdicts if v.rule == "applications.row_total" and v.subject == "granted"]
    assert [v.outcome for v in blank] == [Outcome.NOT_ASSESSABLE]


def test_printed_parts_that_exceed_their_total_are_an_error_although_cells_are_blank(
    report: MakeReport,
) -> None:
    figures = row("granted", 7, None, None, None, None, None, 5)
    (finding,) = (f for f in judge(report(figures)).findings if f.rule == "applications.part_exceeds_total")
    assert (finding.actual, finding.expected) == (7, 5)
    assert "不能相符" in finding.message.zh


def test_a_fully_printed_row_is_reported_once(report: MakeReport) -> None:
    outcome = judge(report(row("granted", 7, 0, 0, 0, 0, 0, 5)))
    rules = {f.rule for f in outcome.findings if f.severity == "error"}
    assert rules == {"applications.row_total", "applications.concluded_total"}


def test_chains_run_to_the_end(report: MakeReport) -> None:
    """Every total column blank, and the totals row too: each is the only unknown once the other is known."""
    base = report()
    blanks = {
        fact.code: None
        for fact in base.facts
        if fact.code.table == "applications" and "total" in (fact.code.column, fact.code.row[-5:])
    }
    outcome = judge(report(blanks))
    assert set(derived(outcome)) == set(blanks)

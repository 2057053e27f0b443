"""Rules that compare reports: one year with the next, versions, regions with members, text with text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gao_pipeline.checking.continuity import confront_versions, confront_years, find_gaps
from gao_pipeline.checking.hierarchy import confront_region
from gao_pipeline.checking.model import Finding, Outcome, Verdict
from gao_pipeline.checking.reuse import find_reuse, similarity
from gao_pipeline.reports.model import Report, Sentence

MakeReport = Callable[..., Report]

RECEIVED = ("applications", "received", "total")
IN_TOTAL, IN_PERSON = (
    ("applications", "carried_in", "total"),
    ("applications", "carried_in", "natural_person"),
)
OUT_TOTAL, OUT_PERSON = (
    ("applications", "carried_out", "total"),
    ("applications", "carried_out", "natural_person"),
)
FORCE = ("disclosure", "normative_documents", "in_force")
ISSUED = ("disclosure", "normative_documents", "issued")
LICENCES = ("disclosure", "licensing", "decisions")
REVIEW = ("proceedings", "review", "total")
AFTER = ("proceedings", "litigation_after_review", "total")
PENDING = ("proceedings", "direct_litigation", "pending")


def across(current: Report, previous: Report) -> tuple[tuple[Finding, ...], tuple[Verdict, ...]]:
    outcome = confront_years({"a": current}, {"a": previous})["a"]
    return outcome.findings, outcome.verdicts


def rules(current: Report, previous: Report) -> set[str]:
    return {finding.rule for finding in across(current, previous)[0]}


def test_what_was_carried_out_is_carried_in(report: MakeReport) -> None:
    before = report({OUT_TOTAL: 5, OUT_PERSON: 5}, report_year=2021)
    assert not rules(report({IN_TOTAL: 5, IN_PERSON: 5}), before)
    (finding,) = across(report({IN_TOTAL: 3, IN_PERSON: 3}), before)[0]
    assert (finding.rule, finding.severity) == ("continuity.carry_over", "warning")
    assert (finding.actual, finding.expected) == (3, 5)
    assert len(finding.facts) == 2


def test_an_applicant_who_changed_column_is_seen_although_totals_agree(report: MakeReport) -> None:
    before = report({OUT_TOTAL: 2, OUT_PERSON: 2}, report_year=2021)
    now = report({IN_TOTAL: 2, ("applications", "carried_in", "business"): 2})
    assert rules(now, before) == {"continuity.carry_over"}


def test_the_single_other_outcome_of_2019_does_not_stop_the_carry_over(report: MakeReport) -> None:
    before = report({OUT_TOTAL: 4}, form="2019")
    assert rules(report({IN_TOTAL: 4}, report_year=2021), before) == set()
    assert "continuity.carry_over" in rules(report({IN_TOTAL: 1}, report_year=2021), before)


def test_documents_in_force_roll_forward(report: MakeReport) -> None:
    before = report({FORCE: 5}, report_year=2023)
    assert not rules(report({FORCE: 8, ISSUED: 3}), before)
    assert rules(report({FORCE: 9, ISSUED: 3}), before) == {"continuity.documents_in_force"}


def test_stocks_are_never_chained_from_2020_to_2021(report: MakeReport) -> None:
    before = report({("disclosure", "normative_documents", "disclosed_total"): 40}, form="2019")
    assert rules(report({FORCE: 3}, report_year=2021), before) == set()


def test_items_of_the_trial_form_roll_forward(report: MakeReport) -> None:
    prior, change = (("disclosure", "licensing", column) for column in ("prior_items", "change"))
    before = report({prior: 44, change: -2}, form="2019", report_year=2019)
    assert not rules(report({prior: 42}, form="2019"), before)
    assert rules(report({prior: 44}, form="2019"), before) == {"continuity.items"}


def test_pending_cases_reappear(report: MakeReport) -> None:
    before = report({PENDING: 3, ("proceedings", "direct_litigation", "total"): 3}, report_year=2021)
    assert rules(report(), before) == {"continuity.pending_proceedings"}


def test_litigation_after_review_needs_a_review(report: MakeReport) -> None:
    rule = "continuity.litigation_without_review"
    assert rules(report({AFTER: 2}), report(report_year=2021)) == {rule}
    assert rule not in rules(report({AFTER: 2}), report({REVIEW: 2}, report_year=2021))


def test_a_copied_table_is_seen_and_an_empty_one_is_not(report: MakeReport) -> None:
    figures = {RECEIVED: 7, LICENCES: 12, ("disclosure", "penalties", "decisions"): 3,
               ("disclosure", "coercion", "decisions"): 2}  # fmt: skip
    (finding,) = across(report(figures), report(figures, report_year=2021))[0]
    assert (finding.rule, finding.table) == ("continuity.identical_table", "disclosure")
    assert not rules(report(), report(report_year=2021))


@pytest.mark.parametrize(
    ("earlier", "now", "speaks"), [(120, 12000, True), (12000, 120, True), (100, 300, False), (0, 12, False)]
)
def test_jumps(report: MakeReport, earlier: int, now: int, speaks: bool) -> None:
    found = rules(report({LICENCES: now}), report({LICENCES: earlier}, report_year=2021))
    assert ("continuity.jump" in found) is speaks


def test_blanks_and_missing_reports_give_no_verdict(report: MakeReport) -> None:
    _, verdicts = across(report(fill=None), report(report_year=2021))
    linear = [v for v in verdicts if v.rule == "continuity.carry_over"]
    assert {(v.outcome, v.reason) for v in linear} == {(Outcome.NOT_ASSESSABLE, "blank_cell")}
    alone = confront_years({"a": report()}, {})["a"]
    assert alone.findings == ()
    assert {v.reason for v in alone.verdicts} == {"previous_report_missing"}


def test_many_organisations_are_judged_as_each_alone(report: MakeReport) -> None:
    current = {"a": report({IN_TOTAL: 3}), "b": report(), "c": report(form="2019"), "d": report()}
    previous = {
        "a": report({OUT_TOTAL: 5}),
        "b": report({OUT_TOTAL: 1}, form="2019"),
        "c": report({OUT_TOTAL: 2}, form="2019"),
    }
    together = confront_years(current, previous)
    assert list(together) == ["a", "b", "c", "d"]
    for organization in current:
        alone = {organization: previous[organization]} if organization in previous else {}
        assert (
            together[organization]
            == confront_years({organization: current[organization]}, alone)[organization]
        )


def test_a_year_that_is_missing(report: MakeReport) -> None:
    now = {name: report(organization=name) for name in ("steady", "gap", "new")}
    found = find_gaps(now, previous={"steady", "gone"}, earlier={"steady", "gap", "gone"})
    verdicts = {name: [(v.outcome, v.reason) for v in outcome.verdicts] for name, outcome in found.items()}
    assert verdicts == {
        "gap": [(Outcome.FAIL, None)],
        "new": [(Outcome.NOT_ASSESSABLE, "earlier_report_missing")],
        "steady": [(Outcome.PASS, None)],
    }
    (told,) = found["gap"].findings
    assert "2022" in told.message.zh
    assert not found["new"].findings


def test_a_year_that_was_never_collected_is_nobodys_gap(report: MakeReport) -> None:
    found = find_gaps({"gap": report()}, previous=(), earlier={"gap"})
    assert [v.outcome for v in found["gap"].verdicts] == [Outcome.NOT_ASSESSABLE]


def test_versions_that_differ(report: MakeReport) -> None:
    chosen, other = report({RECEIVED: 5}), report({RECEIVED: 6})
    outcome = confront_versions([chosen, other])
    assert [finding.rule for finding in outcome.findings] == ["continuity.two_versions"]
    assert [v.outcome for v in outcome.verdicts] == [Outcome.FAIL]
    for same in ([chosen, chosen], [chosen]):
        assert not confront_versions(same).findings
        assert [v.outcome for v in confront_versions(same).verdicts] == [Outcome.PASS]


def region_rules(outcome: Any) -> list[tuple[str, Outcome, str | None]]:
    return [(v.rule.split(".")[1], v.outcome, v.reason) for v in outcome.verdicts]


def test_a_region_is_no_smaller_than_a_member_and_adds_up_when_complete(report: MakeReport) -> None:
    region = report({RECEIVED: 10}, organization="青石县")
    members = {"甲局": report({RECEIVED: 4}), "乙局": report({RECEIVED: 6})}
    complete = confront_region(region, "region", members, complete=True)
    assert not complete.findings
    partial = confront_region(region, "region", {"甲局": members["甲局"]}, complete=False)
    assert set(region_rules(partial)) == {
        ("member_exceeds_region", Outcome.PASS, None),
        ("region_total", Outcome.NOT_ASSESSABLE, "members_incomplete"),
    }
    subjects = [v.subject for v in partial.verdicts if v.outcome is Outcome.PASS]
    assert len(subjects) == len(set(subjects)) == 7
    bigger = confront_region(region, "region", {"丙局": report({RECEIVED: 11})}, complete=False)
    (finding,) = bigger.findings
    assert "丙局" in finding.message.zh
    off = confront_region(region, "region", {"甲局": members["甲局"]}, complete=True)
    assert [f.rule for f in off.findings] == ["hierarchy.region_total"]


@pytest.mark.parametrize("scope", ["organ", "government"])
def test_a_government_is_never_the_sum_of_its_departments(report: MakeReport, scope: str) -> None:
    outcome = confront_region(report(), scope, {"甲局": report({RECEIVED: 11})}, complete=True)
    assert not outcome.findings
    assert {reason for *_, reason in region_rules(outcome)} == {"scope_differs"}


TASKS = ("政策解读", "依申请公开", "平台建设", "监督保障", "信息管理", "重点领域", "业务培训", "考核评议")
PROSE = tuple(
    f"2022年，我局围绕中心工作认真落实{task}任务，主动公开各类信息{number}条，{task}水平和群众满意度不断提高。"
    for number, task in enumerate(TASKS * 2)
)


def told(*texts: str) -> tuple[Sentence, ...]:
    return tuple(Sentence(text=text) for text in texts)


def test_text_taken_from_last_year(report: MakeReport) -> None:
    now = report(sentences=told(*PROSE))
    before = report(sentences=told(*(text.replace("2022", "2021") for text in PROSE)), report_year=2021)
    assert "structure.text_reuse_previous" in rules(now, before)
    assert similarity(now, before, 100) == 100
    assert similarity(now, report(sentences=told("很短。")), 100) is None


def test_text_taken_from_another_organ(report: MakeReport) -> None:
    reports = {
        "a": report(sentences=told(*PROSE), organization="甲局"),
        "b": report(sentences=told(*PROSE[:-1], "本局另有说明。"), organization="乙局"),
        "c": report(sentences=told("本县各乡镇依法公开信息。" * 40), organization="丙局"),
    }
    found = find_reuse(reports)
    assert {name: [v.outcome for v in outcome.verdicts] for name, outcome in found.items()} == {
        "a": [Outcome.FAIL],
        "b": [Outcome.FAIL],
        "c": [Outcome.PASS],
    }
    assert "乙局" in found["a"].findings[0].message.zh

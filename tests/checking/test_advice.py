"""Advisory rules of one report: plausibility, dates, structure, notices – when they speak and when not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gao_pipeline.checking.confrontation import confront
from gao_pipeline.checking.continuity import confront_years
from gao_pipeline.checking.hierarchy import confront_region
from gao_pipeline.checking.model import Finding, Outcome, Verdict
from gao_pipeline.reports.model import ReadingNotice, Report, Section, Sentence, YearSources

MakeReport = Callable[..., Report]
SECTIONS = tuple(
    Section(code=code, heading=code, characters=200)
    for code in ("overview", "disclosure", "applications", "proceedings", "problems", "other")
)


def findings(report: Report, rule: str) -> list[Finding]:
    (outcome,) = confront([report])
    return [finding for finding in outcome.findings if finding.rule == rule]


def verdict(report: Report, rule: str) -> Verdict:
    (outcome,) = confront([report])
    (found,) = (v for v in outcome.verdicts if v.rule == rule)
    return found


REGULATIONS = ("disclosure", "regulations", "in_force")
FEES = ("disclosure", "fees", "amount")
ITEMS = {
    ("disclosure", "other_services", "prior_items"): 10,
    ("disclosure", "other_services", "change"): -6,
    ("disclosure", "other_services", "decisions"): 4,
}
PROJECTS = ("disclosure", "procurement", "projects")
AMOUNT = ("disclosure", "procurement", "amount")


@pytest.mark.parametrize(
    ("rule", "figures", "fields", "speaks"),
    [
        ("disclosure.regulation_power", {REGULATIONS: 6}, {"organization": "青石县云岭镇人民政府"}, True),
        ("disclosure.regulation_power", {REGULATIONS: 6}, {"organization": "东河街道办事处"}, True),
        ("disclosure.regulation_power", {REGULATIONS: 6}, {"organization": "青石县商务局"}, True),
        ("disclosure.regulation_power", {REGULATIONS: 6}, {"organization": "青石市人民政府"}, False),
        ("disclosure.regulation_power", {REGULATIONS: 6}, {"organization": "某省司法厅"}, False),
        ("disclosure.regulation_power", {REGULATIONS: 0}, {"organization": "东河街道办事处"}, False),
        ("disclosure.fee_unit", {FEES: 2872600}, {}, True),
        ("disclosure.fee_unit", {FEES: 28726}, {}, True),
        ("disclosure.fee_unit", {FEES: 287.26}, {}, False),
        ("disclosure.fee_unit", {FEES: 43.78812}, {}, True),
        ("disclosure.fee_unit", {FEES: 316441}, {"organization": "青石市人民政府"}, False),
        ("disclosure.fee_unit", {FEES: None}, {}, False),
        ("disclosure.decisions_repeat_items", ITEMS, {"form": "2019"}, True),
        ("disclosure.decisions_repeat_items", ITEMS | {("disclosure", "other_services", "decisions"): 5},
         {"form": "2019"}, False),
        ("disclosure.procurement", {PROJECTS: 7, AMOUNT: 0}, {"form": "2019"}, True),
        ("disclosure.procurement", {PROJECTS: 7, AMOUNT: 100645}, {"form": "2019"}, False),
        ("disclosure.procurement", {PROJECTS: 7, AMOUNT: None}, {"form": "2019"}, False),
        ("disclosure.items_below_zero", {("disclosure", "licensing", "change"): -8}, {"form": "2019"}, True),
        ("disclosure.items_below_zero", ITEMS, {"form": "2019"}, False),
        ("disclosure.disclosed_exceeds_total", {("disclosure", "regulations", "disclosed"): 2},
         {"form": "2019"}, True),
        ("disclosure.stock_below_flow", {("disclosure", "regulations", "issued"): 2}, {}, True),
        ("disclosure.count", {FEES: -1}, {}, True),
        ("disclosure.count", {("disclosure", "penalties", "decisions"): 2.5}, {}, True),
        ("disclosure.count", ITEMS, {"form": "2019"}, False),
    ],
)  # fmt: skip
def test_plausibility(
    report: MakeReport, rule: str, figures: dict[Any, Any], fields: dict[str, Any], speaks: bool
) -> None:
    assert bool(findings(report(figures, **fields), rule)) is speaks


def said(*texts: str, section: str | None = None) -> tuple[Sentence, ...]:
    return tuple(Sentence(text=text, section=section) for text in texts)


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("本报告统计期限自2022年1月1日至12月31日。", False),
        ("所列数据的统计期限从 2022年1月1日起至2022年12月31日止。", False),
        ("统计期限为2022年1月1日至11月30日。", True),
        ("数据统计时间：2022年3月1日—2022年12月31日", True),
        ("电话0536-6221233，1月1日至12月31日", False),
    ],
)
def test_the_period_is_the_whole_year(report: MakeReport, text: str, speaks: bool) -> None:
    assert bool(findings(report(sentences=said(text)), "date.period")) is speaks


@pytest.mark.parametrize(
    ("organization", "published", "rule"),
    [
        ("青石县教育局", "2023-12-20", "date.published_late"),
        ("青石县教育局", "2023-01-31", None),
        ("青石县人民政府", "2023-03-20", None),
        ("青石县人民政府", "2023年4月2日", "date.published_late"),
        ("青石县教育局", "2022-12-25", "date.published_before_year_end"),
        ("青石县教育局", "2023-02-30", None),
        ("青石县教育局", None, None),
    ],
)
def test_publication(report: MakeReport, organization: str, published: str | None, rule: str | None) -> None:
    made = report(organization=organization, published=published)
    for name in ("date.published_late", "date.published_before_year_end"):
        assert bool(findings(made, name)) is (name == rule)


def test_a_wrong_title_year_is_not_held_against_the_date(report: MakeReport) -> None:
    sources = YearSources(title=2023, period=2022, prose=2022)
    made = report(published="2023-01-10", report_year=2023, year_sources=sources)
    assert not findings(made, "date.published_before_year_end")


def test_signature(report: MakeReport) -> None:
    assert findings(report(sentences=said("2022年1月19日")), "date.signature")
    assert not findings(report(sentences=said("2023年1月19日")), "date.signature")


def test_sections(report: MakeReport) -> None:
    assert not findings(report(sections=SECTIONS), "structure.sections")
    (finding,) = findings(report(sections=SECTIONS[:-2]), "structure.sections")
    assert "存在的主要问题及改进情况" in finding.message.zh
    assert verdict(report(), "structure.sections").reason == "text_missing"


def test_section_five_must_say_something(report: MakeReport) -> None:
    empty = Section(code="problems", heading="五、存在的主要问题及改进情况", characters=1)
    assert findings(report(sections=(*SECTIONS[:4], empty)), "structure.problems_empty")
    assert not findings(report(sections=SECTIONS), "structure.problems_empty")


@pytest.mark.parametrize("organization", ["青石县商务局", "青石县信访局", "青石镇人民政府"])
@pytest.mark.parametrize("form", ["2019", "2021"])
def test_no_rule_on_figures_passes_or_fails_on_blanks(
    report: MakeReport, form: str, organization: str
) -> None:
    blank = report(fill=None, form=form, organization=organization, sections=SECTIONS)
    families = ("applications", "proceedings", "disclosure", "prose", "continuity", "hierarchy")
    verdicts = [
        *confront([blank])[0].verdicts,
        *confront_years({"a": blank}, {"a": blank})["a"].verdicts,
        *confront_region(blank, "region", {"甲局": blank}, complete=True).verdicts,
    ]
    judged = {v.rule for v in verdicts if v.outcome is not Outcome.NOT_ASSESSABLE}
    assert not {rule for rule in judged if rule.split(".")[0] in families}
    assert "structure.fee_sentence" not in judged
    assert {v.rule.split(".")[0] for v in verdicts} >= set(families)


def test_the_fee_sentence_is_missed_only_where_fees_may_arise(report: MakeReport) -> None:
    received = {("applications", "received", "total"): 11}
    none, fee = said("无。", section="other"), said("本年收取信息处理费0元。", section="other")
    rule = "structure.fee_sentence"
    assert findings(report(received, sections=SECTIONS, sentences=none), rule)
    assert not findings(report(received, sections=SECTIONS, sentences=fee), rule)
    assert not findings(report(sections=SECTIONS, sentences=none), rule)
    few = {("applications", "received", "total"): 10}
    assert not findings(report(few, sections=SECTIONS, sentences=none), rule)
    assert not findings(report(received, form="2019", sections=SECTIONS, sentences=none), rule)


def test_a_hybrid_is_a_warning_for_each_table(report: MakeReport) -> None:
    (finding,) = findings(report(table_forms={"applications": "2019"}), "structure.table_edition")
    assert (finding.table, finding.severity) == ("applications", "warning")


def test_a_missing_and_a_blank_table_are_told_apart(report: MakeReport) -> None:
    made = report(table_forms={"proceedings": None})
    assert [f.table for f in findings(made, "structure.table_missing")] == ["proceedings"]
    assert not findings(made, "structure.table_blank")
    blank = report(fill=None)
    assert len(findings(blank, "structure.table_blank")) == 3
    assert not findings(blank, "structure.table_missing")


def test_reports_of_the_time_before_the_form_are_not_held_against_it(report: MakeReport) -> None:
    old = report(report_year=2015, published="2016-03-20", sections=SECTIONS[:1])
    old = Report(
        media_type=old.media_type, organization=old.organization, report_year=2015, form="none",
        table_forms={}, facts=(), sections=SECTIONS[:1], published="2016-03-20",
    )  # fmt: skip
    (outcome,) = confront([old])
    assert outcome.findings == ()
    assert outcome.verdicts


def test_notices_of_reading_become_findings(report: MakeReport) -> None:
    notice = ReadingNotice(code="orphan_row", detail="0 | 0 | 0", table="applications")
    (finding,) = findings(report(notices=(notice,)), "reading.orphan_row")
    assert finding.table == "applications"
    assert "0 | 0 | 0" in finding.message.zh


def test_a_clean_report_has_no_finding_at_all(report: MakeReport) -> None:
    made = report(
        sections=SECTIONS,
        published="2023-01-19",
        sentences=said("本报告统计期限自2022年1月1日至12月31日。", section="overview"),
    )
    (outcome,) = confront([made])
    assert outcome.findings == ()

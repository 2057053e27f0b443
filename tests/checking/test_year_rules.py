"""The rules on years: severities, places, sources that disagree, superseded basis."""

from __future__ import annotations

import msgspec
import pytest

from gao_pipeline.checking.evaluators import KINDS
from gao_pipeline.checking.model import Finding, Outcome, Severity, Verdict
from gao_pipeline.checking.year_rules import located_mentions
from gao_pipeline.contracts.rules import load_rules
from gao_pipeline.documents.model import MediaType, Place
from gao_pipeline.reports.model import Report, Sentence, YearSources


def report(
    *sentences: tuple[str | None, str], year: int | None = 2021, sources: YearSources | None = None
) -> Report:
    return Report(
        media_type=MediaType.TXT,
        organization="江州市水利局",
        report_year=year,
        form="2021",
        table_forms={},
        facts=(),
        year_sources=sources or YearSources(title=year, period=year),
        sentences=tuple(
            Sentence(text=text, section=section, place=Place(line=number))
            for number, (section, text) in enumerate(sentences, 1)
        ),
    )


def judge(kind: str, subject: Report) -> tuple[list[Finding], dict[str, Outcome]]:
    """Findings, and the verdicts that the evaluator gave itself."""
    rules = [rule for rule in load_rules().values() if rule.kind == kind]
    evaluate = KINDS[kind].evaluate
    assert evaluate is not None
    outcomes = list(evaluate(subject, {}, rules))
    found = [outcome for outcome in outcomes if isinstance(outcome, Finding)]
    return found, {o.rule: o.outcome for o in outcomes if isinstance(o, Verdict)}


@pytest.mark.parametrize(
    ("section", "severity"), [("overview", Severity.ERROR), ("problems", Severity.WARNING)]
)
def test_a_fact_of_last_year_is_an_error_in_the_sections_that_report(
    section: str, severity: Severity
) -> None:
    text = "2020年，我局共收到申请3件，较2019年增加1件。"
    (finding,), _ = judge("year_mentions", report((section, text)))
    assert (finding.rule, finding.severity) == ("year.fact_prior", severity)
    assert finding.excerpt == text
    assert finding.place.line == 1
    assert "2020" in finding.message.zh
    assert "比较" in finding.message.zh


def test_one_finding_for_a_sentence_that_says_the_wrong_year_twice() -> None:
    wrong = report((None, "统计期限自2020年1月1日起至2020年12月31日止。"), sources=YearSources(title=2021))
    (finding,), _ = judge("year_mentions", wrong)
    assert (finding.rule, finding.severity) == ("year.period", Severity.ERROR)


def test_a_report_without_a_year_is_not_assessable() -> None:
    found, verdicts = judge("year_mentions", report((None, "2020年"), year=None))
    assert set(verdicts.values()) == {Outcome.NOT_ASSESSABLE}
    assert not found


def test_a_wrong_title_is_accused_not_the_prose() -> None:
    wrong = report(
        ("overview", "2021年，我局共收到申请3件。"),
        year=2022,
        sources=YearSources(title=2022, period=2021, prose=2021),
    )
    (finding,), _ = judge("year_sources", wrong)
    assert (finding.rule, finding.severity) == ("year.sources_disagree", Severity.ERROR)
    assert not judge("year_mentions", wrong)[0]


def test_a_title_of_another_year_is_accused_in_the_head_only() -> None:
    wrong, link = "江州市水利局2020年政府信息公开工作年度报告", "2020年政府信息公开工作年度报告"
    lines = ((None, wrong), ("overview", "2021年，我局公开信息3条。"), ("other", link))
    titled = msgspec.structs.replace(
        report(*lines, sources=YearSources(title=2020, period=2021, prose=2021)), title=wrong
    )
    (finding,), _ = judge("year_mentions", titled)
    assert (finding.rule, finding.excerpt) == ("year.title", wrong)
    linked = report((None, link), *lines[1:])
    assert not judge("year_mentions", linked)[0]
    assert all(located.mention.legitimate for located in located_mentions(linked))


def test_every_mismatch_in_the_table_has_its_finding() -> None:
    lines = (
        "2020年政府信息公开工作年度报告",
        "2020年，我局共收到申请3件。",
        "现将2020年度政府信息公开工作情况报告如下：",
        "统计期限自2020年1月1日起至2020年12月31日止。",
        "2022年，我局未收到申请。",
        "本年度报告应于2021年1月15日前公布。",
    )
    subject = report(*((None, line) for line in lines), sources=YearSources(title=2021))
    found = {finding.excerpt for finding in judge("year_mentions", subject)[0]}
    mismatches = {m.sentence.text for m in located_mentions(subject) if not m.mention.legitimate}
    assert len(mismatches) == 4
    assert found == mismatches | {lines[-1]}, "an impossible date in the report's own year is a finding alone"


def test_one_source_alone_cannot_disagree() -> None:
    _, verdicts = judge("year_sources", report(sources=YearSources(title=2021)))
    assert verdicts == {"year.sources_disagree": Outcome.NOT_ASSESSABLE}


@pytest.mark.parametrize(
    ("basis", "found"),
    [
        ("国办公开办函〔2019〕60号", True),
        ("国办公开办函(2019)60号", True),
        ("国办公开办函〔2021〕30号", False),
        ("国办公开办函〔2019〕60号、国办公开办函〔2021〕30号", False),
        ("国办公开办函〔2019〕61号", False),
    ],
)
def test_the_basis_must_be_the_one_in_force(basis: str, found: bool) -> None:
    cited = report((None, f"根据《通知》（{basis}）编制本报告。"))
    found_here, _ = judge("superseded_basis", cited)
    assert [(f.rule, f.severity) for f in found_here] == (
        [("structure.superseded_basis", Severity.WARNING)] if found else []
    )


def test_mentions_are_located() -> None:
    (own, old) = located_mentions(
        report(("overview", "总体。"), ("overview", "2021年，对2016年以来的文件清理。"))
    )
    assert (own.sentence_number, own.mention.year, own.sentence.place.line) == (1, 2021, 2)
    assert (old.mention.year, old.mention.legitimate) == (2016, True)


def test_years_that_may_stand_in_a_report_contradict_no_title() -> None:
    sources = YearSources(title=2021, period=2021, prose=2019)
    licensed = report(("overview", "局领导小组已于2019年成立。"), sources=sources)
    assert not judge("year_sources", licensed)[0]
    told = report(("overview", "2019年，我局共收到申请3件。"), sources=sources)
    assert judge("year_sources", told)[0]


def test_a_period_before_the_day_of_publication_is_possible() -> None:
    line = "本报告汇总2021年1月1日至2021年12月31日的数据，将公布在网站上。"
    assert not judge("year_mentions", report((None, line)))[0]

"""The rules on years: severities, places, sources that disagree, superseded basis."""

from __future__ import annotations

import pytest

from gao_pipeline.checking.model import Finding, Outcome, Severity, Verdict
from gao_pipeline.checking.year_rules import (
    check_superseded_basis,
    check_year_mentions,
    check_year_sources,
    located_mentions,
)
from gao_pipeline.contracts.rules import Rule, load_rules
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


def rules(kind: str) -> list[Rule]:
    return [rule for rule in load_rules().values() if rule.kind == kind]


def outcomes(results: object) -> dict[str, Outcome]:
    return {r.rule: r.outcome for r in results if isinstance(r, Verdict)}  # type: ignore[attr-defined]


def findings(results: object) -> list[Finding]:
    return [r for r in results if isinstance(r, Finding)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("section", "severity"), [("overview", Severity.ERROR), ("problems", Severity.WARNING)]
)
def test_a_fact_of_last_year_is_an_error_in_the_sections_that_report(
    section: str, severity: Severity
) -> None:
    text = "2020年，我局共收到申请3件，较2019年增加1件。"
    results = list(check_year_mentions(report((section, text)), (), rules("year_mentions")))
    (finding,) = findings(results)
    assert (finding.rule, finding.severity) == ("year.fact_prior", severity)
    assert finding.excerpt == text
    assert finding.place.line == 1
    assert "2020" in finding.message.zh
    assert "比较" in finding.message.zh
    assert outcomes(results)["year.fact_prior"] is Outcome.FAIL
    assert outcomes(results)["year.fact_future"] is Outcome.PASS


def test_one_finding_for_a_sentence_that_says_the_wrong_year_twice() -> None:
    wrong = report((None, "统计期限自2020年1月1日起至2020年12月31日止。"), sources=YearSources(title=2021))
    (finding,) = findings(check_year_mentions(wrong, (), rules("year_mentions")))
    assert (finding.rule, finding.severity) == ("year.period", Severity.ERROR)


def test_a_report_without_a_year_is_not_assessable() -> None:
    results = list(check_year_mentions(report((None, "2020年"), year=None), (), rules("year_mentions")))
    assert set(outcomes(results).values()) == {Outcome.NOT_ASSESSABLE}
    assert not findings(results)


def test_a_wrong_title_is_accused_not_the_prose() -> None:
    wrong = report(
        ("overview", "2021年，我局共收到申请3件。"),
        year=2022,
        sources=YearSources(title=2022, period=2021, prose=2021),
    )
    (finding,) = findings(check_year_sources(wrong, (), rules("year_sources")))
    assert (finding.rule, finding.severity) == ("year.sources_disagree", Severity.ERROR)
    assert not findings(check_year_mentions(wrong, (), rules("year_mentions")))


def test_one_source_alone_cannot_disagree() -> None:
    results = list(check_year_sources(report(sources=YearSources(title=2021)), (), rules("year_sources")))
    assert outcomes(results) == {"year.sources_disagree": Outcome.NOT_ASSESSABLE}


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
    results = findings(check_superseded_basis(cited, (), rules("superseded_basis")))
    assert [(f.rule, f.severity) for f in results] == (
        [("structure.superseded_basis", Severity.WARNING)] if found else []
    )


def test_mentions_are_located() -> None:
    (own, old) = located_mentions(
        report(("overview", "总体。"), ("overview", "2021年，对2016年以来的文件清理。"))
    )
    assert (own.sentence_number, own.mention.year, own.sentence.place.line) == (1, 2021, 2)
    assert (old.mention.year, old.mention.legitimate) == (2016, True)

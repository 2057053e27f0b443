"""Prose against tables: every candidate is tried, and only what fits none is raised."""

from __future__ import annotations

import msgspec
import pytest

from gao_pipeline.checking.confrontation import confront
from gao_pipeline.checking.model import Finding, Outcome, Severity
from gao_pipeline.contracts.forms import FactCode, load_forms
from gao_pipeline.documents.model import MediaType
from gao_pipeline.reports.claims import read_claims
from gao_pipeline.reports.model import Fact, Report, Sentence, State


def report(*texts: str, **totals: int) -> Report:
    """A report on 2022 of zeros, the applications column `total` (and natural persons) as given."""
    values = {
        FactCode("applications", row.replace("__", "."), column): value
        for row, value in totals.items()
        for column in ("natural_person", "total")
    }
    sentences = tuple(Sentence(text=text, section="overview") for text in texts)
    return Report(
        media_type=MediaType.TXT,
        organization="江州市水利局",
        report_year=2022,
        form="2021",
        table_forms=dict.fromkeys(("disclosure", "applications", "proceedings"), "2021"),
        facts=tuple(
            Fact(code=code, value=values.get(code, 0), raw="0", state=State.REPORTED)
            for code in load_forms()["2021"].codes
        ),
        sentences=sentences,
        claims=read_claims(sentences, 2022),
    )


def prose(subject: Report) -> list[Finding]:
    (outcome,) = confront([subject])
    return [finding for finding in outcome.findings if finding.rule.startswith("prose.")]


@pytest.mark.parametrize(
    "texts",
    [
        ("2022年，我局共收到政府信息公开申请12件。",),
        ("2022年，我局共收到政府信息公开申请15件（含上年结转3件），办结14件，结转下年度1件。",),
        ("全市各级行政机关共收到政府信息公开申请3000件。", "我局收到政府信息公开申请12件。"),
        ("2022年，我局主动公开政府信息999条。",),
    ],
)
def test_a_claim_that_fits_any_candidate_is_no_finding(texts: tuple[str, ...]) -> None:
    counts = {"received": 12, "carried_in": 3, "granted": 14, "concluded_total": 14, "carried_out": 1}
    assert not prose(report(*texts, **counts))


def test_a_claim_that_fits_none_is_a_warning_with_the_sentence() -> None:
    text = "2022年，我局共收到政府信息公开申请13件。"
    (finding,) = prose(report(text, received=12, carried_in=3, granted=15, concluded_total=15))
    assert (finding.rule, finding.severity) == ("prose.received", Severity.WARNING)
    assert (finding.actual, finding.expected, finding.excerpt) == (13, 12, text)
    assert finding.facts == (FactCode("applications", "received", "total"),)
    assert "12/15" in finding.message.zh


def test_none_received_against_a_table_that_counts_some() -> None:
    (finding,) = prose(
        report("2022年，我局未收到政府信息公开申请。", received=2, granted=2, concluded_total=2)
    )
    assert (finding.rule, finding.actual, finding.expected) == ("prose.received", 0, 2)


def test_channels_must_add_up_when_listed_in_full() -> None:
    full = "共收到政府信息公开申请12件，其中当面申请5件，信函申请4件，网络申请2件。"
    some = "共收到政府信息公开申请12件，其中当面申请5件，网络申请2件。"
    excess = "共收到政府信息公开申请12件，其中当面申请9件，网络申请5件。"
    counts = {"received": 12, "granted": 12, "concluded_total": 12}
    assert [f.rule for f in prose(report(full, **counts))] == ["prose.parts"]
    assert not prose(report(some, **counts))
    assert [f.rule for f in prose(report(excess, **counts))] == ["prose.parts"]


def test_dropped_for_unpaid_fees_without_a_notice() -> None:
    counts = {"received": 1, "other__fee_unpaid": 1, "concluded_total": 1}
    (finding,) = prose(report("全年发出收费通知0件。", **counts))
    assert finding.rule == "prose.processing_fees"
    assert not prose(report("全年发出收费通知1件。", **counts))


def test_without_a_claim_nothing_is_assessed() -> None:
    (outcome,) = confront([report("我局高度重视政府信息公开工作。")])
    verdicts = {v.rule: (v.outcome, v.reason) for v in outcome.verdicts}
    assert verdicts["prose.received"] == (Outcome.NOT_ASSESSABLE, "no_claim")


def test_none_beside_blank_cells_is_worth_an_info() -> None:
    printed = report("2022年，我局未收到政府信息公开申请。")
    blank = msgspec.structs.replace(
        printed,
        facts=tuple(
            Fact(code=fact.code, raw="", state=State.BLANK) if fact.code.table == "applications" else fact
            for fact in printed.facts
        ),
    )
    assert not prose(printed)
    (finding,) = prose(blank)
    assert (finding.rule, finding.severity) == ("prose.none_beside_blank", Severity.INFO)


def test_one_sentence_beside_one_blank_table_is_one_finding() -> None:
    printed = report("2022年，我局未发生因政府信息公开引起的行政复议和行政诉讼。")
    facts = tuple(
        Fact(code=fact.code, raw="/", state=State.BLANK) if fact.code.table == "proceedings" else fact
        for fact in printed.facts
    )
    (finding,) = prose(msgspec.structs.replace(printed, facts=facts))
    assert (finding.rule, finding.table) == ("prose.none_beside_blank", "proceedings")
    assert "行政复议、行政诉讼" in finding.message.zh
    assert len(finding.facts) > 2


@pytest.mark.parametrize(("pending", "speaks"), [(0, True), (1, False), (4, False)])
def test_what_the_prose_calls_pending_is_within_the_table(pending: int, speaks: bool) -> None:
    subject = report("因政府信息公开被申请行政复议4件，其中一件正在审理。")
    facts = tuple(
        msgspec.structs.replace(fact, value={"pending": pending, "total": 4}.get(fact.code.column, 0))
        if (fact.code.table, fact.code.row) == ("proceedings", "review")
        else fact
        for fact in subject.facts
    )
    found = {finding.rule for finding in prose(msgspec.structs.replace(subject, facts=facts))}
    assert ("prose.pending" in found) is speaks

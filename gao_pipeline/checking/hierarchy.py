"""A regional total against the reports of its members; never judged on a partial list.

Scopes never mix: only a report whose scope is `region` or `system` is held against members.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gao_pipeline.checking.evaluators import (
    finding,
    matching,
    not_assessable,
    parameters_of,
    parse_code,
    register,
    verdict,
)
from gao_pipeline.checking.model import CrossConfrontation, Finding, Outcome, Verdict
from gao_pipeline.contracts.forms import FactCode
from gao_pipeline.contracts.identities import cell_name
from gao_pipeline.contracts.loading import Spec
from gao_pipeline.contracts.rules import Rule, load_rules
from gao_pipeline.reports.model import Fact, Number, Report

TOTAL_SCOPES = frozenset({"region", "system"})


class RegionalCells(Spec, frozen=True, kw_only=True):
    """The cells that a regional total adds up."""

    cells: tuple[str, ...]


register(
    "member_exceeds_region", fields=("cell", "region", "total", "member", "value"), parameters=RegionalCells
)
register("region_total", fields=("cell", "region", "total", "count", "sum"), parameters=RegionalCells)


def confront_region(
    region: Report, scope: str, members: Mapping[str, Report], *, complete: bool
) -> CrossConfrontation:
    """Judges a regional report against its members.

    Args:
        scope: the report's scope (`organ`, `government`, `region`, `system`).
        members: the reports of its members of the same year, vertical organs left out.
        complete: whether the list of members is known to be complete and every report is held.
    """
    findings: list[Finding] = []
    verdicts: list[Verdict] = []
    for rule, judge, partial in (
        (load_rules()["hierarchy.member_exceeds_region"], _members_below, True),
        (load_rules()["hierarchy.region_total"], _members_add_up, False),
    ):
        if scope not in TOTAL_SCOPES:
            verdicts.append(not_assessable(rule, "scope_differs"))
        elif not members or not (complete or partial):
            verdicts.append(not_assessable(rule, "members_incomplete"))
        else:
            outcomes = list(judge(region, members, rule))
            findings += [outcome for outcome in outcomes if isinstance(outcome, Finding)]
            verdicts += [outcome for outcome in outcomes if isinstance(outcome, Verdict)]
    return CrossConfrontation(findings=tuple(findings), verdicts=tuple(verdicts))


def _members_below(region: Report, members: Mapping[str, Report], rule: Rule) -> Iterator[Finding | Verdict]:
    facts = {name: _values(report) for name, report in members.items()}
    for code, fact in _regional(region, rule):
        printed = [(values[code], name) for name, values in facts.items() if code in values]
        if fact.value is None or not printed:
            yield not_assessable(rule, "blank_cell", str(code))
            continue
        value, member = max(printed)
        if value > fact.value:
            fields = {**_fields(region, code), "total": fact.value, "member": member, "value": value}
            yield _finding(rule, fields, fact, fact.value, value)
        yield verdict(rule, Outcome.FAIL if value > fact.value else Outcome.PASS, str(code))


def _members_add_up(region: Report, members: Mapping[str, Report], rule: Rule) -> Iterator[Finding | Verdict]:
    facts = [_values(report) for report in members.values()]
    for code, fact in _regional(region, rule):
        if fact.value is None or not all(code in values for values in facts):
            yield not_assessable(rule, "blank_cell", str(code))
            continue
        total = sum(values[code] for values in facts)
        if total != fact.value:
            fields = {**_fields(region, code), "total": fact.value, "count": len(facts), "sum": total}
            yield _finding(rule, fields, fact, fact.value, total)
        yield verdict(rule, Outcome.FAIL if total != fact.value else Outcome.PASS, str(code))


def _regional(region: Report, rule: Rule) -> Iterator[tuple[FactCode, Fact]]:
    facts = {fact.code: fact for fact in region.facts}
    for pattern in parameters_of(rule, RegionalCells).cells:
        for code in matching(parse_code(pattern), facts):
            yield code, facts[code]


def _values(report: Report) -> dict[FactCode, Number]:
    return {fact.code: fact.value for fact in report.facts if fact.value is not None}


def _fields(region: Report, code: FactCode) -> dict[str, object]:
    edition = region.table_forms.get(code.table) or region.form
    return {"cell": cell_name(edition, code), "region": region.organization or ""}


def _finding(rule: Rule, fields: dict[str, object], fact: Fact, actual: Number, expected: Number) -> Finding:
    return finding(
        rule,
        fields,
        table=fact.code.table,
        facts=(fact.code,),
        expected=expected,
        actual=actual,
        place=fact.place,
        excerpt=fact.raw,
    )

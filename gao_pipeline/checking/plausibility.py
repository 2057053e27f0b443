"""Figures that are possible but unlikely: powers an organ does not have, units, repeated balances.

Each kind judges the disclosure table of one report; what is printed is compared, blanks never are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gao_pipeline.checking.evaluators import (
    Facts,
    evaluator,
    finding,
    known,
    matching,
    not_assessable,
    parameters_of,
    parse_code,
    verdict,
)
from gao_pipeline.checking.model import Finding, Outcome, Verdict
from gao_pipeline.contracts.forms import FactCode, Unit, load_forms
from gao_pipeline.contracts.identities import cell_name, subject_names
from gao_pipeline.contracts.loading import Bilingual, Spec
from gao_pipeline.contracts.rules import Rule
from gao_pipeline.reports.model import Report

_YUAN = {Unit.CNY: 1, Unit.TEN_THOUSAND_CNY: 10_000}


class PositiveForOrganization(Spec, frozen=True, kw_only=True):
    """Cells that are zero for organisations whose name matches one of the patterns."""

    cells: tuple[str, ...]
    organizations: tuple[str, ...]


@evaluator(
    "positive_for_organization",
    fields=("cell", "value", "organization"),
    parameters=PositiveForOrganization,
)
def positive_for_organization(report: Report, facts: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """A positive figure where the organisation's powers allow none."""
    parameters = parameters_of(rule, PositiveForOrganization)
    if report.organization is None:
        yield not_assessable(rule, "organization_unknown")
        return
    concerned = any(re.search(pattern, report.organization) for pattern in parameters.organizations)
    codes = [code for pattern in parameters.cells for code in matching(parse_code(pattern), facts)]
    values = {code: known(facts, code) for code in codes}
    positive = [code for code, value in values.items() if value is not None and value > 0]
    if concerned and positive:
        code = positive[0]
        fields = {"cell": _name(report, code), "value": values[code], "organization": report.organization}
        yield _finding(rule, fields, facts, code)
    elif None in values.values():
        yield not_assessable(rule, _obstacle(report, codes[0]))


class RepeatedBalance(Spec, frozen=True, kw_only=True):
    """Figures above `maximum` are not judged: they are cases beyond doubt."""

    maximum: int


@evaluator("repeated_balance", fields=("subject", "value", "prior", "change"), parameters=RepeatedBalance)
def repeated_balance(report: Report, facts: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """Decisions that equal the balance of items, although the balance changed."""
    maximum = parameters_of(rule, RepeatedBalance).maximum
    names = subject_names(load_forms()[rule.editions[0]].table("disclosure"))
    for code in matching(FactCode("disclosure", "*", "decisions"), facts):
        cells = tuple(code._replace(column=column) for column in ("prior_items", "change", "decisions"))
        prior, change, value = (known(facts, cell) for cell in cells)
        if prior is None or change is None or value is None:
            yield not_assessable(rule, _obstacle(report, code), code.row)
        elif 0 < value <= maximum and change != 0 and prior + change == value:
            fields = {"subject": names[code.row], "value": value, "prior": prior, "change": change}
            yield finding(
                rule, fields, facts=cells, actual=value, place=facts[code].place, excerpt=facts[code].raw
            )
            yield verdict(rule, Outcome.FAIL, code.row)
        else:
            yield verdict(rule, Outcome.PASS, code.row)


class FeeUnit(Spec, frozen=True, kw_only=True):
    """Limits in units of 10 000 yuan; `government` matches organisations that `department_limit` spares."""

    whole_from: int
    department_limit: int
    decimals: int
    government: str
    reasons: dict[str, Bilingual]


@evaluator("fee_unit", fields=("cell", "value", "yuan", "reason"), parameters=FeeUnit)
def fee_unit(report: Report, facts: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """Fees that were probably entered in yuan, or with more decimals than the unit has."""
    parameters = parameters_of(rule, FeeUnit)
    code = FactCode("disclosure", "fees", "amount")
    value = known(facts, code)
    if value is None:
        yield not_assessable(rule, _obstacle(report, code))
        return
    government = re.search(parameters.government, report.organization or "") is not None
    if round(value, parameters.decimals) != value:
        reason = "decimals"
    elif not government and value > parameters.department_limit:
        reason = "limit"
    elif not government and value >= parameters.whole_from and value == int(value):
        reason = "whole"
    else:
        return
    yuan = round(value * _YUAN[Unit.TEN_THOUSAND_CNY], 2)
    fields = {
        "cell": _name(report, code),
        "value": value,
        "yuan": yuan,
        "reason": parameters.reasons[reason],
    }
    yield _finding(rule, fields, facts, code)


class Pair(Spec, frozen=True, kw_only=True):
    """Two cells that are zero together or positive together."""

    first: str
    second: str


@evaluator("both_or_neither", fields=("first", "first_value", "second", "second_value"), parameters=Pair)
def both_or_neither(report: Report, facts: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """One of two figures is zero while the other is not."""
    parameters = parameters_of(rule, Pair)
    first, second = parse_code(parameters.first), parse_code(parameters.second)
    values = known(facts, first), known(facts, second)
    if values[0] is None or values[1] is None:
        yield not_assessable(rule, _obstacle(report, first))
    elif (values[0] > 0) != (values[1] > 0):
        fields = {
            "first": _name(report, first),
            "first_value": values[0],
            "second": _name(report, second),
            "second_value": values[1],
        }
        yield finding(rule, fields, facts=(first, second), place=facts[first].place, excerpt=facts[first].raw)


class ProcurementUnit(Spec, frozen=True, kw_only=True):
    """The mean amount per project, in yuan, below which the unit is doubted."""

    projects: str
    amount: str
    mean_below: float


@evaluator("procurement_unit", fields=("cell", "value", "mean"), parameters=ProcurementUnit)
def procurement_unit(report: Report, facts: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """An amount without a unit that is too small per project to be in yuan."""
    parameters = parameters_of(rule, ProcurementUnit)
    code = parse_code(parameters.amount)
    projects, amount = known(facts, parse_code(parameters.projects)), known(facts, code)
    if projects is None or amount is None:
        yield not_assessable(rule, _obstacle(report, code))
        return
    if facts[code].unit_assumed and projects > 0 and 0 < amount / projects < parameters.mean_below:
        fields = {"cell": _name(report, code), "value": amount, "mean": round(amount / projects, 2)}
        yield _finding(rule, fields, facts, code)


def _finding(rule: Rule, fields: Mapping[str, object], facts: Facts, code: FactCode) -> Finding:
    fact = facts[code]
    return finding(rule, fields, facts=(code,), actual=fact.value, place=fact.place, excerpt=fact.raw)


def _name(report: Report, code: FactCode) -> Bilingual:
    return cell_name(report.table_forms[code.table] or report.form, code)


def _obstacle(report: Report, code: FactCode) -> str:
    return "blank_cell" if report.table_forms.get(code.table) else "table_missing"

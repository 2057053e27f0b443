"""One year against the next, for the same organisation: what is carried over, what is copied, what jumps.

Linear rules are judged with the matrix over both years; nothing is chained over a break of the form,
because the cells of such a rule do not exist on one of its sides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import numpy as np

from gao_pipeline.checking.confrontation import editions_of, in_catalogue_order
from gao_pipeline.checking.evaluators import (
    NoParameters,
    applies,
    finding,
    not_assessable,
    parameters_of,
    parse_code,
    register,
    verdict,
)
from gao_pipeline.checking.model import CrossConfrontation, Finding, Outcome, Verdict
from gao_pipeline.checking.reuse import similarity
from gao_pipeline.contracts.forms import FactCode, load_forms
from gao_pipeline.contracts.identities import System, cell_name, compile_year_system
from gao_pipeline.contracts.loading import Bilingual, Spec
from gao_pipeline.contracts.rules import LINEAR_KINDS, Rule, load_rules
from gao_pipeline.reports.model import Fact, Number, Report

YearEvaluator = Callable[[Report, Report, Rule], Iterable[Finding | Verdict]]
_EVALUATORS: dict[str, YearEvaluator] = {}

MISSING_YEAR = "continuity.missing_year"
TWO_VERSIONS = "continuity.two_versions"


def confront_years(
    current: Mapping[str, Report], previous: Mapping[str, Report]
) -> dict[str, CrossConfrontation]:
    """Judges the reports of a year against those of the year before.

    Facts count with their figure, reported or derived.

    Args:
        current: the reports of a year by organisation id.
        previous: those of the year before.

    Returns:
        The outcome of every organisation of `current`.
    """
    outcomes = {
        organization: _without_predecessor(report)
        for organization, report in current.items()
        if organization not in previous
    }
    groups: dict[tuple[object, object], list[str]] = defaultdict(list)
    for organization in current.keys() & previous.keys():
        key = editions_of(current[organization]), editions_of(previous[organization])
        groups[key].append(organization)
    for organizations in groups.values():
        pairs = [(current[organization], previous[organization]) for organization in organizations]
        system = compile_year_system(editions_of(pairs[0][0]), editions_of(pairs[0][1]))
        outcomes.update(zip(organizations, _confront_pairs(system, pairs), strict=True))
    return {organization: outcomes[organization] for organization in sorted(outcomes)}


def find_gaps(
    current: Mapping[str, Report], previous: Collection[str], earlier: Collection[str]
) -> dict[str, CrossConfrontation]:
    """Says of every report whether that of the year before is missing although an earlier one is held.

    Only a gap is told. Of the newest report nobody knows whether the next is late, was not collected yet or
    will never come, and a year of which no report at all is held was not collected.

    Args:
        current: the reports of a year by organisation id.
        previous: the organisations whose reports of the year before are held.
        earlier: those of two years before.
    """
    rule = load_rules()[MISSING_YEAR]
    outcomes: dict[str, CrossConfrontation] = {}
    for organization, report in sorted(current.items()):
        if report.report_year is None or not previous or organization not in {*previous, *earlier}:
            verdicts = (not_assessable(rule, "earlier_report_missing"),)
            outcomes[organization] = CrossConfrontation(verdicts=verdicts)
        elif organization in previous:
            outcomes[organization] = CrossConfrontation(verdicts=(verdict(rule, Outcome.PASS),))
        else:
            year = report.report_year - 1
            fields = {"organization": report.organization or organization, "year": year}
            told = finding(rule, {**fields, "before": year - 1, "after": year + 1})
            outcomes[organization] = CrossConfrontation(
                findings=(told,), verdicts=(verdict(rule, Outcome.FAIL),)
            )
    return outcomes


def confront_versions(versions: Sequence[Report]) -> CrossConfrontation:
    """Says where a report differs from the version of it that was chosen, which comes first."""
    rule = load_rules()[TWO_VERSIONS]
    chosen = {fact.code: fact for fact in versions[0].facts}
    findings = []
    for other in versions[1:]:
        differing = [
            (fact, chosen[fact.code])
            for fact in other.facts
            if fact.code in chosen and fact.value is not None and chosen[fact.code].value is not None
            if fact.value != chosen[fact.code].value
        ]
        if differing:
            second, first = differing[0]
            fields = {
                "organization": versions[0].organization or "",
                "year": versions[0].report_year,
                "count": len(differing),
                "cell": _name(versions[0], first.code),
                "first": first.value,
                "second": second.value,
            }
            codes = tuple(fact.code for fact, _ in differing)
            findings.append(finding(rule, fields, facts=codes, place=first.place, excerpt=first.raw))
    outcome = Outcome.FAIL if findings else Outcome.PASS
    return CrossConfrontation(findings=tuple(findings), verdicts=(verdict(rule, outcome),))


def year_evaluator(
    kind: str, *, fields: Iterable[str] = (), parameters: type[Spec] = NoParameters
) -> Callable[[YearEvaluator], YearEvaluator]:
    """Declares a kind with the function that judges a report against the one of the year before."""

    def declare(function: YearEvaluator) -> YearEvaluator:
        register(kind, fields=fields, parameters=parameters)
        _EVALUATORS[kind] = function
        return function

    return declare


register("missing_year", fields=("organization", "year", "before", "after"))
register("two_versions", fields=("organization", "year", "count", "cell", "first", "second"))


class LitigationWithoutReview(Spec, frozen=True, kw_only=True):
    """The cell of litigation after review and the cell of reviews."""

    after: str
    review: str


@year_evaluator("litigation_without_review", fields=("value",), parameters=LitigationWithoutReview)
def litigation_without_review(current: Report, previous: Report, rule: Rule) -> Iterator[Finding | Verdict]:
    """Litigation after review without a review in either year."""
    parameters = parameters_of(rule, LitigationWithoutReview)
    after, review = parse_code(parameters.after), parse_code(parameters.review)
    now, before = _facts(current), _facts(previous)
    litigation = _value(now, after)
    reviews = _value(now, review), _value(before, review)
    if litigation is None or None in reviews:
        yield not_assessable(rule, "blank_cell")
    elif litigation > 0 and reviews == (0, 0):
        yield finding(rule, {"value": litigation}, facts=(after, review), place=now[after].place)


class IdenticalTable(Spec, frozen=True, kw_only=True):
    """How many figures other than zero a table needs before it is judged."""

    nonzero: int


@year_evaluator("identical_table", fields=("table", "cells", "nonzero"), parameters=IdenticalTable)
def identical_table(current: Report, previous: Report, rule: Rule) -> Iterator[Finding | Verdict]:
    """A table that repeats last year's figure for figure."""
    needed = parameters_of(rule, IdenticalTable).nonzero
    before = _facts(previous)
    for table, edition in current.table_forms.items():
        if edition is None or edition != previous.table_forms.get(table):
            continue
        facts = [fact for fact in current.facts if fact.code.table == table and fact.value is not None]
        if not facts:
            yield not_assessable(rule, "table_blank", table)
            continue
        nonzero = sum(fact.value != 0 for fact in facts)
        repeats = nonzero >= needed and all(fact.value == _value(before, fact.code) for fact in facts)
        if repeats:
            name = load_forms()[edition].table(table).name
            fields = {"table": name, "cells": len(facts), "nonzero": nonzero}
            yield finding(rule, fields, table=table, place=facts[0].place)
        yield verdict(rule, Outcome.FAIL if repeats else Outcome.PASS, table)


class Jump(Spec, frozen=True, kw_only=True):
    """The cells to watch, and how many times over a figure of at least `minimum` must change."""

    ratio: float
    minimum: float
    cells: tuple[str, ...]


@year_evaluator("jump", fields=("cell", "previous", "value"), parameters=Jump)
def jump(current: Report, previous: Report, rule: Rule) -> Iterator[Finding | Verdict]:
    """A main figure that changed many times over."""
    parameters = parameters_of(rule, Jump)
    now, before = _facts(current), _facts(previous)
    for code in (parse_code(cell) for cell in parameters.cells):
        value, earlier = _value(now, code), _value(before, code)
        if value is None or earlier is None:
            yield not_assessable(rule, "blank_cell", str(code))
            continue
        smaller, larger = sorted((value, earlier))
        jumps = larger > parameters.ratio * max(smaller, parameters.minimum)
        yield verdict(rule, Outcome.FAIL if jumps else Outcome.PASS, str(code))
        if jumps:
            fields = {"cell": _name(current, code), "previous": earlier, "value": value}
            yield finding(
                rule,
                fields,
                table=code.table,
                facts=(code,),
                expected=earlier,
                actual=value,
                place=now[code].place,
                excerpt=now[code].raw,
            )


class TextReuse(Spec, frozen=True, kw_only=True):
    """The similarity from which, and the characters below which nothing is said."""

    percent: float
    characters: int


@year_evaluator("text_reuse_previous", fields=("percent",), parameters=TextReuse)
def text_reuse_previous(current: Report, previous: Report, rule: Rule) -> Iterator[Finding | Verdict]:
    """Prose that repeats last year's report."""
    parameters = parameters_of(rule, TextReuse)
    percent = similarity(current, previous, parameters.characters, parameters.percent)
    if percent is None:
        yield not_assessable(rule, "text_missing")
    elif percent >= parameters.percent:
        yield finding(rule, {"percent": int(percent)}, actual=round(percent, 1))


def _confront_pairs(system: System, pairs: Sequence[tuple[Report, Report]]) -> Iterator[CrossConfrontation]:
    values, known = np.zeros((len(pairs), len(system.cells))), np.zeros((len(pairs), len(system.cells)), bool)
    facts = [{"current": _facts(now), "previous": _facts(before)} for now, before in pairs]
    for position, both in enumerate(facts):
        for column, cell in enumerate(system.cells):
            value = _value(both[cell.year], cell.code)
            if value is not None:
                values[position, column], known[position, column] = value, True
    residual = values @ system.matrix.T
    assessable = (~known).astype(float) @ system.membership.T == 0
    failed = assessable & np.where(system.identities, residual != 0, residual > 0)
    for position, (now, before) in enumerate(pairs):
        findings, verdicts = _judge_pair(now, before)
        verdicts += [
            not_assessable(relation.rule, "blank_cell", relation.subject)
            if not can
            else verdict(relation.rule, Outcome.FAIL if fails else Outcome.PASS, relation.subject)
            for relation, can, fails in zip(
                system.relations, assessable[position], failed[position], strict=True
            )
        ]
        findings += _broken(system, facts[position]["current"], values[position], failed[position])
        yield CrossConfrontation(findings=tuple(in_catalogue_order(findings)), verdicts=tuple(verdicts))


def _judge_pair(now: Report, before: Report) -> tuple[list[Finding], list[Verdict]]:
    findings: list[Finding] = []
    verdicts: list[Verdict] = []
    for rule in _rules():
        if rule.kind in _EVALUATORS and applies(rule, now):
            outcomes = list(_EVALUATORS[rule.kind](now, before, rule))
            found = [outcome for outcome in outcomes if isinstance(outcome, Finding)]
            given = [outcome for outcome in outcomes if isinstance(outcome, Verdict)]
            findings += found
            verdicts += given or [verdict(rule, Outcome.FAIL if found else Outcome.PASS)]
    return findings, verdicts


def _broken(
    system: System, facts: Mapping[FactCode, Fact], values: np.ndarray, failed: np.ndarray
) -> Iterator[Finding]:
    """One finding of each rule that fails, told by the relation that is off the most."""
    by_rule: dict[str, list[int]] = defaultdict(list)
    for index in np.flatnonzero(failed):
        by_rule[system.relations[index].rule.id].append(int(index))
    for indices in by_rule.values():
        off = np.abs(system.matrix[indices] @ values)
        worst = indices[int(np.argmax(off))]
        relation, row = system.relations[worst], system.matrix[worst]
        left, right = float(values[row > 0].sum()), float(values[row < 0].sum())
        codes = tuple(dict.fromkeys(code for index in indices for code in system.relations[index].codes))
        shown = facts[relation.codes[0]]
        fields = {
            "subject": relation.subject_name,
            "left": left,
            "right": right,
            "difference": abs(left - right),
        }
        yield finding(
            relation.rule,
            fields,
            facts=codes,
            expected=right,
            actual=left,
            place=shown.place,
            excerpt=shown.raw,
        )


def _without_predecessor(report: Report) -> CrossConfrontation:
    return CrossConfrontation(
        verdicts=tuple(
            not_assessable(rule, "previous_report_missing")
            for rule in _rules()
            if (rule.kind in _EVALUATORS or rule.kind in LINEAR_KINDS) and applies(rule, report)
        )
    )


def _rules() -> list[Rule]:
    return [rule for rule in load_rules().values() if rule.scope == "year_on_year"]


def _facts(report: Report) -> dict[FactCode, Fact]:
    return {fact.code: fact for fact in report.facts}


def _value(facts: Mapping[FactCode, Fact], code: FactCode) -> Number | None:
    fact = facts.get(code)
    return None if fact is None else fact.value


def _name(report: Report, code: FactCode) -> Bilingual:
    return cell_name(report.table_forms.get(code.table) or report.form, code)

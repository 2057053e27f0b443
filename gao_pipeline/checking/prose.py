"""The family `prose.`: what the prose says against what the tables print.

Claims are read by `reports.claims`; each may stand for one of several sums of cells, and only a claim
that fits none of them is a finding. Where no candidate can be summed, nothing is judged.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from gao_pipeline.checking.evaluators import (
    Facts,
    evaluator,
    finding,
    matching,
    not_assessable,
    parameters_of,
    parse_code,
    plain,
)
from gao_pipeline.checking.model import Finding, Verdict
from gao_pipeline.contracts.forms import FactCode
from gao_pipeline.contracts.loading import Bilingual, Spec
from gao_pipeline.contracts.rules import Rule
from gao_pipeline.reports.claims import load_claim_vocabulary, part_sums, speaks_of_other_scope
from gao_pipeline.reports.model import Claim, Number, Report, State


class Candidate(NamedTuple):
    """A sum of cells that a claim may stand for."""

    cells: tuple[FactCode, ...]
    value: Number


class ClaimParameters(Spec, frozen=True, kw_only=True):
    """The kinds of claim (codes of `vocabularies/claims.yaml`) that a rule judges."""

    claims: tuple[str, ...]


class BesideBlank(Spec, frozen=True, kw_only=True):
    """The kinds of claim that a rule judges, and how several are listed."""

    claims: tuple[str, ...]
    separator: Bilingual


class PartParameters(Spec, frozen=True, kw_only=True):
    """From how many parts on a list counts as complete; a shorter one may only not exceed the whole."""

    listed_in_full_from: int


class FeeParameters(Spec, frozen=True, kw_only=True):
    """The cells that processing fees are compared with, and what to say of each."""

    fees: str
    unpaid: str
    reasons: dict[Literal["fees", "unpaid"], Bilingual]


@evaluator("claim", fields=("claim", "value", "candidates", "excerpt"), parameters=ClaimParameters)
def check_claims(report: Report, facts: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """Every claim of the rule's kinds equals one of its candidate sums."""
    yield from _unfitting(report, facts, rule, operator.eq)


@evaluator("claim_at_most", fields=("claim", "value", "candidates", "excerpt"), parameters=ClaimParameters)
def check_claims_at_most(report: Report, facts: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """Every claim of the rule's kinds stays within one of its candidate sums: it may speak of a part."""
    yield from _unfitting(report, facts, rule, operator.le)


def _unfitting(
    report: Report, facts: Facts, rule: Rule, fits: Callable[[Number, Number], bool]
) -> Iterator[Finding | Verdict]:
    """The claims that fit no candidate sum.

    A sentence that speaks of another scope is judged only where no other sentence makes such a claim.
    """
    assessed = False
    for kind in parameters_of(rule, ClaimParameters).claims:
        claims = [claim for claim in report.claims if claim.kind == kind]
        own = [claim for claim in claims if not speaks_of_other_scope(claim.sentence)]
        candidates = _candidates(kind, facts)
        assessed |= bool(claims and candidates)
        for claim in _distinct(own or claims):
            if candidates and not any(fits(claim.value, candidate.value) for candidate in candidates):
                yield _claim_finding(rule, claim, candidates)
    if not assessed:
        yield not_assessable(rule, "no_claim")


@evaluator("claim_beside_blank", fields=("claims", "excerpt"), parameters=BesideBlank)
def check_none_beside_blank(report: Report, facts: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """Claims of zero whose cells are all there and print nothing, one finding for each table."""
    vocabulary, parameters = load_claim_vocabulary(), parameters_of(rule, BesideBlank)
    nothing = {claim.kind: claim for claim in reversed(report.claims) if claim.value == 0}
    blank: dict[str, dict[str, tuple[FactCode, ...]]] = {}
    for kind in parameters.claims:
        cells = tuple(code for term in vocabulary.by_code[kind].formulas[0] for code in _cells(term, facts))
        if kind in nothing and cells and all(facts[code].state is State.BLANK for code in cells):
            blank.setdefault(cells[0].table, {})[kind] = cells
    for table, kinds in blank.items():
        claim = nothing[next(iter(kinds))]
        names = [vocabulary.by_code[kind].name for kind in kinds]
        said = Bilingual(
            zh=parameters.separator.zh.join(name.zh for name in names),
            en=parameters.separator.en.join(name.en for name in names),
        )
        yield finding(
            rule,
            {"claims": said, "excerpt": claim.sentence},
            facts=tuple(code for cells in kinds.values() for code in cells),
            table=table,
            place=claim.place,
            excerpt=claim.sentence,
        )
    if not any(kind in nothing for kind in parameters.claims):
        yield not_assessable(rule, "no_claim")


@evaluator("claim_parts", fields=("group", "parts", "sum", "whole", "excerpt"), parameters=PartParameters)
def check_parts(report: Report, facts: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """Channels and applicants that a sentence lists against the total that it says."""
    del facts
    full = parameters_of(rule, PartParameters).listed_in_full_from
    assessed = False
    for sentence in report.sentences:
        for group, whole, parts in part_sums(sentence.text, report.report_year):
            assessed = True
            total = sum(parts)
            if total > whole or (total < whole and len(parts) >= full):
                fields = {
                    "group": group.name,
                    "parts": "+".join(map(str, parts)),
                    "sum": total,
                    "whole": whole,
                    "excerpt": sentence.text,
                }
                yield finding(
                    rule, fields, expected=whole, actual=total, place=sentence.place, excerpt=sentence.text
                )
    if not assessed:
        yield not_assessable(rule, "no_claim")


@evaluator("processing_fees", fields=("reason", "excerpt"), parameters=FeeParameters)
def check_processing_fees(report: Report, facts: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """Processing fees and fee notices of the prose against the cells that they imply."""
    parameters = parameters_of(rule, FeeParameters)
    fees, unpaid = (parse_code(text) for text in (parameters.fees, parameters.unpaid))
    assessed = False
    for claim in report.claims:
        if claim.kind == "processing_fees" and (limit := _value(facts, fees)) is not None:
            assessed = True
            if 0 < limit < claim.value:
                yield _fee_finding(rule, claim, parameters.reasons["fees"], fees, limit)
        elif claim.kind == "fee_notices" and (dropped := _value(facts, unpaid)) is not None:
            assessed = True
            if dropped > 0 and claim.value == 0:
                yield _fee_finding(rule, claim, parameters.reasons["unpaid"], unpaid, dropped)
    if not assessed:
        yield not_assessable(rule, "no_claim")


def _candidates(kind: str, facts: Facts) -> list[Candidate]:
    """The sums that a claim may stand for, of those whose cells all have a figure."""
    sums = (_sum(formula, facts) for formula in load_claim_vocabulary().by_code[kind].formulas)
    return [candidate for candidate in sums if candidate is not None]


def _sum(formula: tuple[str, ...], facts: Facts) -> Candidate | None:
    cells: list[FactCode] = []
    total: Number = 0
    for term in formula:
        codes = _cells(term, facts)
        values = [value for code in codes if (value := _value(facts, code)) is not None]
        if not codes or len(values) < len(codes):
            return None
        cells += codes
        total += -sum(values) if term.startswith("-") else sum(values)
    return Candidate(tuple(cells), total)


def _cells(term: str, facts: Facts) -> list[FactCode]:
    """The cells of a report that a term of a formula names."""
    return matching(parse_code(term.removeprefix("-")), facts)


def _value(facts: Facts, code: FactCode) -> Number | None:
    """The figure of a cell, printed or forced by the form's arithmetic."""
    fact = facts.get(code)
    return None if fact is None else fact.value


def _distinct(claims: list[Claim]) -> list[Claim]:
    """The first claim of each value."""
    return list({claim.value: claim for claim in reversed(claims)}.values())[::-1]


def _claim_finding(rule: Rule, claim: Claim, candidates: list[Candidate]) -> Finding:
    first = candidates[0]
    fields = {
        "claim": load_claim_vocabulary().by_code[claim.kind].name,
        "value": plain(claim.value),
        "candidates": "/".join(dict.fromkeys(str(plain(candidate.value)) for candidate in candidates)),
        "excerpt": claim.sentence,
    }
    return finding(
        rule,
        fields,
        facts=first.cells,
        table=first.cells[0].table,
        expected=first.value,
        actual=claim.value,
        place=claim.place,
        excerpt=claim.sentence,
    )


def _fee_finding(rule: Rule, claim: Claim, reason: Bilingual, cell: FactCode, value: Number) -> Finding:
    fields = {"reason": reason, "excerpt": claim.sentence}
    return finding(
        rule,
        fields,
        facts=(cell,),
        table=cell.table,
        expected=value,
        actual=claim.value,
        place=claim.place,
        excerpt=claim.sentence,
    )

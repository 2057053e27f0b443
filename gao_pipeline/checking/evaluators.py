"""The registry of rule kinds: for each kind who evaluates it, what parameters it reads, what fields it fills.

A rule of the catalogue names a kind; the module that knows the kind registers it here. Evaluators of a
single report are `(report, facts, rules of the kind) -> findings and verdicts`; a rule without an outcome
has passed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import TypeVar, cast

import msgspec

from gao_pipeline.checking.model import Finding, Outcome, Severity, Suggestion, Verdict
from gao_pipeline.contracts.forms import FactCode, load_forms
from gao_pipeline.contracts.loading import Bilingual, ContractError, Spec
from gao_pipeline.contracts.rules import Rule, load_rules
from gao_pipeline.contracts.vocabularies import load_vocabulary
from gao_pipeline.documents.model import Place
from gao_pipeline.reports.model import Fact, Number, Report

Facts = Mapping[FactCode, Fact]
Evaluator = Callable[[Report, Facts, Sequence[Rule]], Iterable[Finding | Verdict]]
RuleEvaluator = Callable[[Report, Facts, Rule], Iterable[Finding | Verdict]]
P = TypeVar("P", bound=Spec)


class NoParameters(Spec, frozen=True, kw_only=True):
    """Of kinds that read no parameters."""


@dataclass(frozen=True)
class Kind:
    """A kind of rule: the fields that its messages may use and the parameters that it reads.

    `evaluate` is `None` for kinds that are not judged report by report (the matrix, years, hierarchy).
    """

    fields: frozenset[str]
    parameters: type[Spec]
    evaluate: Evaluator | None = None


KINDS: dict[str, Kind] = {}


def register(
    kind: str,
    evaluate: Evaluator | None = None,
    *,
    fields: Iterable[str] = (),
    parameters: type[Spec] = NoParameters,
) -> None:
    """Declares a kind, with the function that judges all its rules on one report, if there is one."""
    KINDS[kind] = Kind(frozenset(fields), parameters, evaluate)


def evaluator(
    kind: str, *, fields: Iterable[str] = (), parameters: type[Spec] = NoParameters
) -> Callable[[RuleEvaluator], RuleEvaluator]:
    """Declares a kind with the function that judges one of its rules on one report."""

    def declare(function: RuleEvaluator) -> RuleEvaluator:
        def each_rule(report: Report, facts: Facts, rules: Sequence[Rule]) -> Iterator[Finding | Verdict]:
            for rule in rules:
                yield from function(report, facts, rule)

        register(kind, each_rule, fields=fields, parameters=parameters)
        return function

    return declare


def parameters_of(rule: Rule, kind: type[P]) -> P:
    """The parameters of a rule, typed.

    Raises:
        ContractError: a parameter is missing, unknown or of the wrong type.
    """
    return cast(P, _parameters(rule.id, kind))


@cache
def _parameters(rule_id: str, kind: type[Spec]) -> Spec:
    try:
        return msgspec.convert(load_rules()[rule_id].parameters, kind)
    except msgspec.ValidationError as error:
        raise ContractError(f"{rule_id}: parameters: {error}") from error


def applies(rule: Rule, report: Report) -> bool:
    """Whether a rule speaks of the editions of a report.

    A rule that is not of one table and names every edition speaks also of reports without a form.
    """
    if rule.table is None and report.form not in load_forms():
        return set(rule.editions) == set(load_forms())
    edition = report.form if rule.table is None else report.table_forms.get(rule.table) or report.form
    return edition in rule.editions


def evaluate(report: Report, facts: Facts) -> tuple[list[Finding], list[Verdict]]:
    """What the registered evaluators say of one report."""
    findings: list[Finding] = []
    verdicts: list[Verdict] = []
    for kind, rules in _rules_by_kind().items():
        judge = KINDS[kind].evaluate
        concerned = [rule for rule in rules if applies(rule, report)]
        if judge is None or not concerned:
            continue
        outcomes = list(judge(report, facts, concerned))
        findings += (found := [outcome for outcome in outcomes if isinstance(outcome, Finding)])
        verdicts += (given := [outcome for outcome in outcomes if isinstance(outcome, Verdict)])
        failed, settled = {item.rule for item in found}, {item.rule for item in given}
        verdicts += [
            verdict(rule, Outcome.FAIL if rule.id in failed else Outcome.PASS)
            for rule in concerned
            if rule.id not in settled
        ]
    return findings, verdicts


@cache
def _rules_by_kind() -> dict[str, tuple[Rule, ...]]:
    """The rules that speak of a single report, by kind.

    Raises:
        ContractError: no module has registered the kind of a rule.
    """
    kinds: dict[str, list[Rule]] = {}
    for rule in load_rules().values():
        if rule.scope in ("cell", "report"):
            if rule.kind not in KINDS:
                raise ContractError(f"{rule.id}: no evaluator is registered for the kind {rule.kind!r}")
            kinds.setdefault(rule.kind, []).append(rule)
    return {kind: tuple(rules) for kind, rules in kinds.items()}


def verdict(rule: Rule, outcome: Outcome, subject: str | None = None, reason: str | None = None) -> Verdict:
    """The verdict of a rule; `reason` is a code of `vocabularies/verdict_reasons.yaml`."""
    if reason is not None and reason not in verdict_reasons():
        raise ContractError(f"{rule.id}: {reason!r} is not in vocabularies/verdict_reasons.yaml")
    return Verdict(rule=rule.id, outcome=outcome, table=rule.table, subject=subject, reason=reason)


def not_assessable(rule: Rule, reason: str, subject: str | None = None) -> Verdict:
    """The verdict that none can be given, and why."""
    return verdict(rule, Outcome.NOT_ASSESSABLE, subject, reason)


def finding(
    rule: Rule,
    fields: Mapping[str, object],
    *,
    facts: tuple[FactCode, ...] = (),
    table: str | None = None,
    expected: Number | None = None,
    actual: Number | None = None,
    suggestion: Suggestion | None = None,
    candidates: tuple[Suggestion, ...] = (),
    place: Place = Place(),  # noqa: B008 - immutable
    excerpt: str | None = None,
) -> Finding:
    """A finding of `rule` with its message filled in both languages.

    Args:
        fields: values of the placeholders; bilingual ones appear in the language of the message.
    """
    return Finding(
        rule=rule.id,
        severity=Severity(rule.severity),
        message=Bilingual(
            zh=rule.message.zh.format_map({k: _text(v, "zh") for k, v in fields.items()}),
            en=rule.message.en.format_map({k: _text(v, "en") for k, v in fields.items()}),
        ),
        table=table or rule.table,
        facts=facts,
        expected=None if expected is None else plain(expected),
        actual=None if actual is None else plain(actual),
        suggestion=suggestion,
        candidates=candidates,
        place=place,
        excerpt=excerpt,
    )


def plain(value: Number) -> Number:
    """A number as people write it: whole numbers without a decimal point."""
    return int(value) if value == int(value) else round(value, 6)


def _text(value: object, language: str) -> object:
    if isinstance(value, Bilingual):
        return value.in_language(language)
    return plain(value) if isinstance(value, float) else value


def known(facts: Facts, code: FactCode) -> Number | None:
    """The printed figure of a cell; `None` where none is printed."""
    fact = facts.get(code)
    return fact.value if fact is not None and fact.state == "reported" else None


@cache
def parse_code(text: str) -> FactCode:
    """The fact code written as `table/row/column`; `*` matches within its row or column.

    Raises:
        ContractError: no edition of the form has such a cell.
    """
    code = FactCode(*text.split("/"))
    if not _expanded(code):
        raise ContractError(f"no edition of the form has the cell {text}")
    return code


def matching(pattern: FactCode, facts: Facts) -> list[FactCode]:
    """The cells of a report that a code with `*` stands for."""
    return [code for code in _expanded(pattern) if code in facts]


@cache
def _expanded(pattern: FactCode) -> tuple[FactCode, ...]:
    """The cells of all editions that a code with `*` stands for."""
    codes = dict.fromkeys(code for form in load_forms().values() for code in form.codes)
    return tuple(code for code in codes if all(map(fnmatchcase, code, pattern)))


class _Reason(Bilingual, frozen=True, kw_only=True):
    code: str


class ReasonFile(Spec, frozen=True, kw_only=True):
    """The reasons why a rule can say nothing of a report."""

    reasons: tuple[_Reason, ...]


@cache
def verdict_reasons() -> dict[str, Bilingual]:
    """Why a rule could not be judged, by code."""
    return {reason.code: reason for reason in load_vocabulary("verdict_reasons", ReasonFile).reasons}

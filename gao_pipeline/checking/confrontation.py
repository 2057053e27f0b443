"""Confronts reports with the catalogue: facts go in, derived facts, findings and verdicts come out.

The linear rules of any number of reports are judged by one matrix per combination of table editions; all
other rules by the evaluators of `checking/` that are registered for their kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec
import numpy as np

from gao_pipeline.checking import (  # noqa: F401 - they register kinds
    corrections,
    dates,
    notices,
    plausibility,
    prose,
    structure,
)
from gao_pipeline.checking.arithmetic import NOT_DERIVED, Assessment, Figures, assess, sides
from gao_pipeline.checking.evaluators import (
    Facts,
    evaluate,
    finding,
    not_assessable,
    register,
    verdict,
)
from gao_pipeline.checking.localisation import Localisation, localise
from gao_pipeline.checking.model import Finding, LocatedMention, Outcome, Verdict
from gao_pipeline.checking.year_rules import located_mentions
from gao_pipeline.contracts.forms import FactCode, load_forms
from gao_pipeline.contracts.identities import Cell, Relation, System, TableForms, cell_name, compile_system
from gao_pipeline.contracts.rules import Rule, load_rules
from gao_pipeline.documents.model import Model
from gao_pipeline.reports.model import Fact, Report, State

_CHUNK = 4096
_ROWS_PUT_ASIDE = frozenset({"mixed_editions", "orphan_row", "unknown_row"})
"""Notices of figures that belong to no row: they may be those of a row that seems to be missing."""

register("identity", fields=("subject", "left", "right", "difference"))
register("at_most", fields=("subject", "left", "right", "difference"))
register("excess", fields=("subject", "filled", "total"))
register("count", fields=("cell", "value"))


class Confrontation(Model, frozen=True, kw_only=True):
    """What the catalogue says of one report.

    `facts` are the reported ones in their order, with the figures that the identities force in place of
    blanks; reported values never change.
    """

    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]
    year_mentions: tuple[LocatedMention, ...] = ()


def confront(reports: Sequence[Report]) -> list[Confrontation]:
    """Judges any number of reports, each on its own, and returns the outcomes in the order given."""
    groups: dict[TableForms, list[int]] = defaultdict(list)
    for position, report in enumerate(reports):
        groups[editions_of(report)].append(position)
    outcomes: dict[int, Confrontation] = {}
    for editions, positions in groups.items():
        system = compile_system(editions)
        for start in range(0, len(positions), _CHUNK):
            chunk = positions[start : start + _CHUNK]
            members = [reports[position] for position in chunk]
            outcomes.update(zip(chunk, _confront_group(system, members), strict=True))
    return [outcomes[position] for position in range(len(reports))]


def editions_of(report: Report) -> TableForms:
    """The edition of each table, that of the report's form where the table was not found."""
    form = load_forms().get(report.form)
    editions = {table.code: form.form for table in form.tables} if form is not None else {}
    editions |= {table: edition for table, edition in report.table_forms.items() if edition is not None}
    return tuple(sorted(editions.items()))


def figures_of(system: System, reports: Sequence[Report]) -> Figures:
    """The figures of reports over the cells of a system. What is blank may be filled, and what is missing
    where all figures of the table have their place."""
    shape = len(reports), len(system.cells)
    values, known = np.zeros(shape), np.zeros(shape, dtype=bool)
    fillable = np.zeros(shape, dtype=bool)
    for position, report in enumerate(reports):
        found = {table for table, form in report.table_forms.items() if form is not None}
        complete = found - {notice.table for notice in report.notices if notice.code in _ROWS_PUT_ASIDE}
        for fact in report.facts:
            column = system.index.get(Cell("current", fact.code))
            if column is None:
                continue
            if fact.value is not None and fact.state is State.REPORTED:
                values[position, column] = fact.value
                known[position, column] = True
            elif fact.state in (State.BLANK, State.MISSING):
                tables = found if fact.state is State.BLANK else complete
                fillable[position, column] = fact.code.table in tables
    return Figures(values, known, fillable)


def _confront_group(system: System, reports: Sequence[Report]) -> Iterator[Confrontation]:
    figures = figures_of(system, reports)
    assessment = assess(system, figures)
    for position, report in enumerate(reports):
        judged = _Judged(system, report, figures, assessment, position)
        facts = judged.facts()
        by_code = {fact.code: fact for fact in facts}
        findings, verdicts = evaluate(report, by_code)
        yield Confrontation(
            facts=facts,
            findings=tuple(in_catalogue_order([*judged.findings(by_code), *findings])),
            verdicts=(*judged.verdicts(by_code), *verdicts),
            year_mentions=located_mentions(report),
        )


def in_catalogue_order(findings: Sequence[Finding]) -> list[Finding]:
    """Findings by severity, then as the catalogue lists their rules."""
    severities = list(type(findings[0].severity)) if findings else []
    rules = list(load_rules())
    return sorted(findings, key=lambda f: (severities.index(f.severity), rules.index(f.rule)))


class _Judged:
    """One report's row of an assessment, in the terms of facts, findings and verdicts."""

    def __init__(
        self, system: System, report: Report, figures: Figures, assessment: Assessment, position: int
    ) -> None:
        self.system = system
        self.report = report
        self.editions = dict(editions_of(report))
        self.values, self.known = figures.values[position], figures.known[position]
        self.assessment = assessment
        self.position = position
        self.localisations: dict[str, Localisation] = {}

    def facts(self) -> tuple[Fact, ...]:
        """The report's facts, forced figures filled in."""
        derived_by = self.assessment.derived_by[self.position]
        filled = dict.fromkeys(np.flatnonzero(derived_by != NOT_DERIVED).tolist())
        if not filled:
            return self.report.facts
        rules = {
            self.system.cells[column].code: (
                int(self.assessment.derived[self.position, column]),
                self.system.relations[derived_by[column]].rule.id,
            )
            for column in filled
        }
        return tuple(
            msgspec.structs.replace(
                fact, value=rules[fact.code][0], state=State.DERIVED, derived_by=rules[fact.code][1]
            )
            if fact.code in rules
            else fact
            for fact in self.report.facts
        )

    def findings(self, facts: Facts) -> Iterator[Finding]:
        """Broken relations and impossible figures, each with the change that would settle it."""
        position, assessment = self.position, self.assessment
        for index in np.flatnonzero(assessment.failed[position]):
            relation = self.system.relations[index]
            left, right = sides(self.system, self.values, int(index))
            fields = {"subject": relation.subject_name, "left": left, "right": right}
            yield self._finding(
                relation.rule,
                {**fields, "difference": abs(left - right)},
                relation.codes,
                facts,
                expected=right,
                actual=left,
            )
        for rule in _rules_of_kind("excess"):
            for index in np.flatnonzero(assessment.excess[position] | assessment.conflicts[position]):
                relation = self.system.relations[index]
                if relation.table == rule.table:
                    both = assessment.conflict_sides.get(
                        (position, int(index)), sides(self.system, self.values, int(index))
                    )
                    total, filled = sorted(both)
                    fields = {"subject": relation.subject_name, "filled": filled, "total": total}
                    yield self._finding(rule, fields, relation.codes, facts, expected=total, actual=filled)
        for rule in _rules_of_kind("count"):
            for column in np.flatnonzero(assessment.not_counts[position]):
                code = self.system.cells[column].code
                if code.table == rule.table:
                    name = cell_name(self.editions[code.table], code)
                    value = float(self.values[column])
                    yield self._finding(rule, {"cell": name, "value": value}, (code,), facts, actual=value)

    def _finding(
        self,
        rule: Rule,
        fields: dict[str, object],
        codes: tuple[FactCode, ...],
        facts: Facts,
        expected: float | None = None,
        actual: float | None = None,
    ) -> Finding:
        assert rule.table is not None
        likely = self._localised(rule.table)
        cells = set(codes)
        settles = likely.suggestion is not None and likely.suggestion.fact in cells
        suspect = likely.suggestion.fact if likely.suggestion is not None and settles else codes[0]
        return finding(
            rule,
            fields,
            facts=codes,
            expected=expected,
            actual=actual,
            suggestion=likely.suggestion if settles else None,
            candidates=likely.candidates if any(c.fact in cells for c in likely.candidates) else (),
            place=facts[suspect].place,
            excerpt=facts[suspect].raw,
        )

    def _localised(self, table: str) -> Localisation:
        if table not in self.localisations:
            system = compile_system(((table, self.editions[table]),))
            columns = [self.system.index[cell] for cell in system.cells]
            self.localisations[table] = localise(system, self.values[columns], self.known[columns])
        return self.localisations[table]

    def verdicts(self, facts: Facts) -> Iterator[Verdict]:
        """One verdict of every relation, and one of every table's figures."""
        position, assessment = self.position, self.assessment
        blank_tables = {
            table
            for table in self.editions
            if not any(fact.value is not None for fact in self.report.facts if fact.code.table == table)
        }
        for index, relation in enumerate(self.system.relations):
            if assessment.failed[position, index]:
                outcome, reason = Outcome.FAIL, None
            elif assessment.assessable[position, index]:
                outcome, reason = Outcome.PASS, None
            else:
                outcome, reason = Outcome.NOT_ASSESSABLE, self._obstacle(relation, facts, blank_tables)
            yield _verdict(relation.rule.id, outcome, relation.subject, reason)
        excess = {self.system.relations[i].table for i in np.flatnonzero(assessment.excess[position])}
        not_counts = {
            self.system.cells[j].code.table for j in np.flatnonzero(assessment.not_counts[position])
        }
        for kind, failed in (("excess", excess), ("count", not_counts)):
            for rule in _rules_of_kind(kind):
                if rule.table is None or self.editions.get(rule.table) not in rule.editions:
                    continue
                if rule.table in blank_tables:
                    reason = "table_blank" if self.report.table_forms.get(rule.table) else "table_missing"
                    yield _verdict(rule.id, Outcome.NOT_ASSESSABLE, None, reason)
                else:
                    yield _verdict(
                        rule.id, Outcome.FAIL if rule.table in failed else Outcome.PASS, None, None
                    )

    def _obstacle(self, relation: Relation, facts: Facts, blank_tables: set[str]) -> str:
        if self.report.table_forms.get(relation.table) is None:
            return "table_missing"
        if relation.table in blank_tables:
            return "table_blank"
        states = {facts[code].state if code in facts else State.MISSING for code in relation.codes}
        for state in (State.ILLEGIBLE, State.MISSING, State.BLANK, State.DERIVED):
            if state in states:
                return f"{state.value}_cell"
        return "blank_cell"


@cache
def _rules_of_kind(kind: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in load_rules().values() if rule.kind == kind)


@cache
def _verdict(rule_id: str, outcome: Outcome, subject: str | None, reason: str | None) -> Verdict:
    """Verdicts repeat over reports: each is made once."""
    rule = load_rules()[rule_id]
    return not_assessable(rule, reason, subject) if reason is not None else verdict(rule, outcome, subject)

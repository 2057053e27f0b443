"""Corrections by people: who replaced which printed figure, when, why and on what evidence.

A correction never touches what was reported. It is applied to a copy of the report, which is then
confronted; where it no longer fits what is printed, it is left out and said so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec

from gao_pipeline.checking.evaluators import finding, register, verdict
from gao_pipeline.checking.model import Finding, Outcome, Verdict
from gao_pipeline.contracts.forms import FactCode, load_forms
from gao_pipeline.contracts.identities import cell_name
from gao_pipeline.contracts.loading import ContractError, Spec, contracts_root
from gao_pipeline.contracts.rules import load_rules
from gao_pipeline.documents.model import Model
from gao_pipeline.reports.model import Fact, Report, State

APPLIED = "correction.applied"
STALE = "correction.stale"
FILES = "facts*.csv"

register("correction", fields=("cell", "who", "when", "why", "evidence", "old", "new", "printed"))


class Correction(Spec, frozen=True, kw_only=True):
    """A corrected figure: without `old_value` it fills a blank, without `new_value` it withdraws one."""

    organization: str
    report_year: int
    table: str
    row: str
    column: str
    who: str
    when: date
    why: str
    evidence: str
    old_value: float | None = None
    new_value: float | None = None

    @property
    def code(self) -> FactCode:
        return FactCode(self.table, self.row, self.column)


class Corrected(Model, frozen=True, kw_only=True):
    """A report with its corrections: the copy to be confronted, and what was applied by cell.

    Every correction of the report has a finding: that it was applied, or that it was not.
    """

    report: Report
    applied: dict[FactCode, Correction]
    findings: tuple[Finding, ...] = ()
    verdicts: tuple[Verdict, ...] = ()


def load_corrections(folder: Path | None = None) -> tuple[Correction, ...]:
    """The corrections in the files `facts*.csv` of a folder, by default `data_contracts/corrections/`.

    Raises:
        ContractError: a row is malformed, names an unknown cell, or corrects a cell twice; the message
            names file and line.
    """
    corrections: dict[tuple[str, int, FactCode], Correction] = {}
    for path in sorted((folder or contracts_root() / "corrections").glob(FILES)):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for line, row in enumerate(csv.DictReader(stream), start=2):
                place = f"corrections/{path.name}, line {line}"
                correction = _parse(row, place)
                key = correction.organization, correction.report_year, correction.code
                if key in corrections:
                    raise ContractError(f"{place}: {correction.code} of this report is corrected twice")
                corrections[key] = correction
    return tuple(corrections.values())


def apply_corrections(report: Report, corrections: Iterable[Correction]) -> Corrected:
    """The report with the corrections that fit what it prints.

    A correction fits where its old value is the printed one (both empty for a blank). All others are not
    applied.

    Args:
        corrections: any corrections; those of other organisations and years are passed over.
    """
    facts = {fact.code: fact for fact in report.facts}
    applied: dict[FactCode, Correction] = {}
    findings: list[Finding] = []
    verdicts: list[Verdict] = []
    for correction in corrections:
        if (correction.organization, correction.report_year) != (report.organization, report.report_year):
            continue
        fact = facts.get(correction.code)
        fits = fact is not None and fact.value == correction.old_value
        if fits:
            applied[correction.code] = correction
        findings.append(_told(APPLIED if fits else STALE, report, correction, fact))
        verdicts.append(
            verdict(load_rules()[STALE], Outcome.PASS if fits else Outcome.FAIL, str(correction.code))
        )
    corrected = tuple(_replaced(fact, applied) for fact in report.facts)
    verdicts += [verdict(load_rules()[APPLIED], Outcome.FAIL, str(code)) for code in applied]
    return Corrected(
        report=msgspec.structs.replace(report, facts=corrected),
        applied=applied,
        findings=tuple(findings),
        verdicts=tuple(verdicts),
    )


def by_report(corrections: Sequence[Correction]) -> dict[tuple[str, int], list[Correction]]:
    """The corrections of each organisation and year."""
    grouped: dict[tuple[str, int], list[Correction]] = {}
    for correction in corrections:
        grouped.setdefault((correction.organization, correction.report_year), []).append(correction)
    return grouped


def _parse(row: Mapping[str | None, str | None], place: str) -> Correction:
    filled = {key: value.strip() for key, value in row.items() if isinstance(value, str) and value.strip()}
    try:
        correction = msgspec.convert(filled, Correction, strict=False)
    except msgspec.ValidationError as error:
        raise ContractError(f"{place}: {error}") from error
    if not any(correction.code in form.codes for form in load_forms().values()):
        raise ContractError(f"{place}: no edition of the form has the cell {correction.code}")
    if correction.old_value == correction.new_value:
        raise ContractError(f"{place}: old and new value are the same")
    return correction


def _replaced(fact: Fact, applied: Mapping[FactCode, Correction]) -> Fact:
    if fact.code not in applied:
        return fact
    value = applied[fact.code].new_value
    whole = value is not None and value == int(value)
    return msgspec.structs.replace(
        fact,
        value=int(value) if whole and value is not None else value,
        state=State.BLANK if value is None else State.REPORTED,
    )


def _told(rule: str, report: Report, correction: Correction, fact: Fact | None) -> Finding:
    edition = report.table_forms.get(correction.table) or report.form
    known = edition in load_forms() and correction.code in load_forms()[edition].codes
    fields = {
        "cell": cell_name(edition, correction.code) if known else str(correction.code),
        "who": correction.who,
        "when": correction.when,
        "why": correction.why,
        "evidence": correction.evidence,
        "new": _shown(correction.new_value),
        "old": _shown(correction.old_value),
        "printed": _shown(fact.value if fact is not None else None),
    }
    return finding(
        load_rules()[rule],
        fields,
        table=correction.table,
        facts=(correction.code,),
        place=fact.place if fact is not None else report.facts[0].place,
        excerpt=fact.raw if fact is not None else None,
    )


def _shown(value: float | None) -> str | float:
    return "—" if value is None else value

"""One report year: confronts its reports with the rules and makes the tables of the layer `validation`."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec
import pandas as pd
import pyarrow
import pyarrow.compute
import pyarrow.dataset

from gao_pipeline.archive.corrections import Corrections
from gao_pipeline.archive.frames import frame_of, source_columns, table_of
from gao_pipeline.archive.judging import Judged, judge_each, judge_together
from gao_pipeline.archive.reading import in_year, stored_reports
from gao_pipeline.archive.tables import UNKNOWN_YEAR, TableStore
from gao_pipeline.archive.wide import wide_failures
from gao_pipeline.checking.model import Finding, Outcome, Severity, Suggestion
from gao_pipeline.contracts.forms import FactCode, load_forms
from gao_pipeline.contracts.rules import load_rules
from gao_pipeline.reports.claims import load_claim_vocabulary, speaks_of_other_scope
from gao_pipeline.reports.model import Claim, Fact, Number, Report, State

YEAR_TABLES = (
    "validated_facts",
    "reported_claims",
    "findings",
    "year_mentions",
    "rule_verdicts",
    "row_failures",
    "dim_report",
)
"""Tables that are made together, a report year at a time."""

ChooseVersions = Callable[[pd.DataFrame, pyarrow.dataset.Dataset], pd.DataFrame]
"""Fills the versions of a `dim_report` of one year from its `reported_facts`; the rows keep their order."""


class YearTables(NamedTuple):
    """The tables of one report year, named as in `YEAR_TABLES`."""

    validated_facts: pyarrow.Table
    reported_claims: pd.DataFrame
    findings: pd.DataFrame
    year_mentions: pd.DataFrame
    rule_verdicts: pd.DataFrame
    row_failures: pd.DataFrame
    dim_report: pd.DataFrame


def validate_year(
    tables: TableStore, year: str, choose_versions: ChooseVersions, corrections: Corrections
) -> YearTables:
    """Validates the reports of a year; the year before must have been validated for its continuity."""
    held = in_year(tables.read("reports"), year)
    reports = stored_reports(tables.home, held)
    judged = judge_each(reports, dict(zip(held["report_id"], held["path"], strict=True)), corrections)
    dim_report = choose_versions(_dim_report(held, judged), tables.dataset("reported_facts", [year]))
    if year != UNKNOWN_YEAR:
        judge_together(
            judged,
            _versions(dim_report),
            previous=_validated_reports(tables, int(year) - 1),
            earlier=set(tables.read("dim_report", int(year) - 2)["organization_id"].dropna()),
            corrections=corrections,
        )
    dim_report = dim_report.assign(**_counts(judged))

    in_force = set() if year == UNKNOWN_YEAR else set(dim_report["report_id"][dim_report["chosen"]])
    identity = ["report_id", "organization_id", "organization", "report_year"]
    identities = {row["report_id"]: row for row in _plain(dim_report[identity])}

    def rows(rows_of: Callable[[str, Judged], Iterable[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
        return ({**identities[key], **row} for key, item in judged.items() for row in rows_of(key, item))

    validated_facts = table_of("validated_facts", rows(lambda key, item: _fact_rows(item, key in in_force)))
    return YearTables(
        validated_facts=validated_facts,
        reported_claims=frame_of(
            "reported_claims", rows(lambda key, item: _claim_rows(item, key in in_force))
        ),
        findings=frame_of("findings", rows(lambda key, item: _finding_rows(key, item.findings))),
        year_mentions=frame_of("year_mentions", rows(lambda _, item: _mention_rows(item))),
        rule_verdicts=frame_of("rule_verdicts", _verdict_rows(year, judged)),
        row_failures=wide_failures(validated_facts, dim_report),
        dim_report=frame_of("dim_report", dim_report.to_dict("records")),
    )


def _dim_report(reports: pd.DataFrame, judged: Mapping[str, Judged]) -> pd.DataFrame:
    """The rows of `reports` with the organisation behind each and the count of findings."""
    organizations = [item.organization for item in judged.values()]
    columns: dict[str, list[Any]] = {
        "organization_id": [organization.id for organization in organizations],
        "level": [str(organization.level) for organization in organizations],
        "department_class": [organization.department_class for organization in organizations],
        "region_code": [organization.region_code for organization in organizations],
        "report_scope": [str(organization.report_scope) for organization in organizations],
    }
    return reports.assign(**columns, **_counts(judged))


def _plain(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    """The rows of a frame with `None` where nothing is."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def _counts(judged: Mapping[str, Judged]) -> dict[str, list[Any]]:
    """The columns of `dim_report` that count findings, judgements and year mentions, in their order."""
    severities = [Counter(finding.severity for finding in item.findings) for item in judged.values()]
    outcomes = [
        Counter(verdict.outcome for verdict in item.verdicts if verdict.rule in _hard_rules())
        for item in judged.values()
    ]
    return {
        "consistent": [not counts[Severity.ERROR] for counts in severities],
        "errors": [counts[Severity.ERROR] for counts in severities],
        "warnings": [counts[Severity.WARNING] for counts in severities],
        "infos": [counts[Severity.INFO] for counts in severities],
        "rules_passed": [counts[Outcome.PASS] for counts in outcomes],
        "rules_failed": [counts[Outcome.FAIL] for counts in outcomes],
        "year_mismatches": [
            sum(not located.mention.legitimate for located in item.outcome.year_mentions)
            for item in judged.values()
        ],
    }


@cache
def _hard_rules() -> frozenset[str]:
    return frozenset(rule.id for rule in load_rules().values() if rule.severity == "error")


def _versions(dim_report: pd.DataFrame) -> dict[str, list[str]]:
    """The report ids of each organisation, newest version first, which is the chosen one."""
    known = dim_report[dim_report["organization_id"].notna()].sort_values("version", ascending=False)
    versions: dict[str, list[str]] = {}
    for organization, report_id in zip(known["organization_id"], known["report_id"], strict=True):
        versions.setdefault(organization, []).append(report_id)
    return versions


def _validated_reports(tables: TableStore, year: int) -> dict[str, Report]:
    """The reports that stand for each organisation in a year, with their validated figures."""
    versions = _versions(tables.read("dim_report", year))
    chosen = {organization: report_ids[0] for organization, report_ids in versions.items()}
    rows = tables.read("reports")
    reports = stored_reports(tables.home, rows[rows["report_id"].isin(chosen.values())])
    field = pyarrow.compute.field
    filled = tables.dataset("validated_facts", [year]).to_table(
        columns=["report_id", "table_code", "row_code", "column_code", "value"],
        filter=(field("value_origin") != "reported") & field("value").is_valid(),
    )
    values: dict[str, dict[FactCode, float]] = defaultdict(dict)
    for report_id, table, row, column, value in zip(*filled.to_pydict().values(), strict=True):
        values[report_id][FactCode(table, row, column)] = value
    return {
        organization: _with_values(reports[report_id], values[report_id])
        for organization, report_id in chosen.items()
        if report_id in reports
    }


def _with_values(report: Report, values: Mapping[FactCode, float]) -> Report:
    facts = (
        msgspec.structs.replace(fact, value=values[fact.code]) if fact.code in values else fact
        for fact in report.facts
    )
    return msgspec.structs.replace(report, facts=tuple(facts))


def _fact_rows(item: Judged, is_chosen: bool) -> Iterator[dict[str, Any]]:
    report, applied, suspects = item.report, item.corrected.applied, item.suspects
    for fact, reported in zip(item.outcome.facts, report.facts, strict=True):
        form = report.table_forms.get(fact.code.table) or report.form
        is_corrected, is_suspect = fact.code in applied, fact.code in suspects
        yield {
            "table_form": form,
            "table_code": fact.code.table,
            "row_code": fact.code.row,
            "column_code": fact.code.column,
            "unit": str(load_forms()[form].units[fact.code]),
            "value": _number(fact.value),
            "value_origin": _origin(fact, is_corrected),
            "reported_value": _number(reported.value),
            "raw": fact.raw,
            "state": str(reported.state if is_corrected else fact.state),
            "derived_by": fact.derived_by,
            "suspect": is_suspect,
            "counted": is_chosen and fact.value is not None and not is_suspect,
            "confidence": fact.confidence,
            "unit_assumed": fact.unit_assumed,
            **source_columns(fact.place),
        }


def _claim_rows(item: Judged, is_chosen: bool) -> Iterator[dict[str, Any]]:
    kinds = load_claim_vocabulary().by_code
    claims = [(claim, speaks_of_other_scope(claim.sentence)) for claim in item.report.claims]
    standing = _standing(claims) if is_chosen else frozenset()
    for number, (claim, other_scope) in enumerate(claims):
        yield {
            "claim_number": number,
            "kind": claim.kind,
            "value": claim.value,
            "unit": kinds[claim.kind].unit,
            "other_scope": other_scope,
            "counted": number in standing,
            "section": claim.section,
            "sentence": claim.sentence,
            **source_columns(claim.place),
        }


def _standing(claims: Sequence[tuple[Claim, bool]]) -> frozenset[int]:
    """The claims that stand for their kind: the first where all agree.

    A claim that speaks of another scope is heard only where no other of its kind is.
    """
    kinds: dict[str, dict[bool, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, (claim, other_scope) in enumerate(claims):
        kinds[claim.kind][other_scope].append(number)
    heard = (by_scope[False] or by_scope[True] for by_scope in kinds.values())
    return frozenset(
        numbers[0] for numbers in heard if len({claims[number][0].value for number in numbers}) == 1
    )


def _number(value: Number | None) -> float | None:
    return None if value is None else float(value)


def _origin(fact: Fact, is_corrected: bool) -> str | None:
    if fact.value is None:
        return None
    if is_corrected:
        return "corrected"
    return "derived" if fact.state is State.DERIVED else "reported"


def _finding_rows(report_id: str, findings: Iterable[Finding]) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    for finding in findings:
        cells = _json(finding.facts)
        place = msgspec.json.encode(finding.place).decode()
        subject = "\n".join((report_id, finding.rule, cells, place, finding.message.zh))
        seen[subject] += 1
        yield {
            "finding_id": hashlib.sha256(f"{subject}\n{seen[subject]}".encode()).hexdigest()[:16],
            "rule": finding.rule,
            "family": finding.rule.partition(".")[0],
            "severity": str(finding.severity),
            "table_code": finding.table,
            "message": finding.message.zh,
            "message_en": finding.message.en,
            "facts": cells,
            "expected": finding.expected,
            "actual": finding.actual,
            "suggestion": _json(finding.suggestion) if finding.suggestion else None,
            "candidates": _json(finding.candidates) if finding.candidates else None,
            "excerpt": finding.excerpt,
            **source_columns(finding.place),
        }


def _json(content: tuple[FactCode, ...] | Suggestion | tuple[Suggestion, ...]) -> str:
    return msgspec.json.encode(content).decode()


def _mention_rows(item: Judged) -> Iterator[dict[str, Any]]:
    for located in item.outcome.year_mentions:
        yield {
            "sentence_number": located.sentence_number,
            "start": located.mention.start,
            "end": located.mention.end,
            "year": located.mention.year,
            "legitimate": located.mention.legitimate,
            "reason": located.mention.reason,
            "section": located.sentence.section,
            "sentence": located.sentence.text,
            "source_page": located.sentence.place.page,
            "source_line": located.sentence.place.line,
        }


def _verdict_rows(year: str, judged: Mapping[str, Judged]) -> Iterator[dict[str, Any]]:
    counts: dict[str, Counter[Outcome]] = defaultdict(Counter)
    failing: dict[str, set[str]] = defaultdict(set)
    for report_id, item in judged.items():
        for verdict in item.verdicts:
            counts[verdict.rule][verdict.outcome] += 1
            if verdict.outcome is Outcome.FAIL:
                failing[verdict.rule].add(report_id)
    for rule, outcomes in counts.items():
        yield {
            "year_partition": year,
            "rule": rule,
            "passed": outcomes[Outcome.PASS],
            "failed": outcomes[Outcome.FAIL],
            "not_assessable": outcomes[Outcome.NOT_ASSESSABLE],
            "reports_failed": len(failing[rule]),
        }

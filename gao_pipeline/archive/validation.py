"""One report year: confronts its reports with the rules and makes the tables of the layer `validation`."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
import pandas as pd

from gao_pipeline.archive.frames import frame_of, source_columns
from gao_pipeline.archive.reading import in_year, stored_reports
from gao_pipeline.archive.tables import UNKNOWN_YEAR, TableStore
from gao_pipeline.checking.confrontation import Confrontation, confront
from gao_pipeline.checking.continuity import confront_years
from gao_pipeline.checking.model import Finding, Outcome, Severity, Suggestion, Verdict
from gao_pipeline.contracts.forms import FactCode, load_forms
from gao_pipeline.reports.model import Report, State
from gao_pipeline.reports.organizations import resolve_organization

YEAR_TABLES = ("validated_facts", "findings", "year_mentions", "rule_verdicts", "dim_report")
"""Tables that are made together, a report year at a time."""

ChooseVersions = Callable[[pd.DataFrame], pd.DataFrame]
"""Fills `version`, `chosen` and `chosen_because` of a `dim_report` of one year; the rows keep their order."""


class YearTables(NamedTuple):
    """The tables of one report year, named as in `YEAR_TABLES`."""

    validated_facts: pd.DataFrame
    findings: pd.DataFrame
    year_mentions: pd.DataFrame
    rule_verdicts: pd.DataFrame
    dim_report: pd.DataFrame


class _Judged(NamedTuple):
    """A report with what the rules say of it, those of continuity included."""

    report: Report
    outcome: Confrontation
    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]


def validate_year(tables: TableStore, year: str, choose_versions: ChooseVersions) -> YearTables:
    """Validates the reports of a year; the year before must have been validated for its continuity."""
    rows = in_year(tables.read("reports"), year)
    reports = stored_reports(tables.home, rows)
    outcomes = confront(list(reports.values()))
    judged = {
        report_id: _Judged(report, outcome, outcome.findings, outcome.verdicts)
        for (report_id, report), outcome in zip(reports.items(), outcomes, strict=True)
    }
    dim_report = choose_versions(_dim_report(rows, judged))
    judged |= _with_continuity(judged, _chosen(dim_report), _previous(tables, year))
    dim_report = dim_report.assign(**_counts(judged))

    in_force = set() if year == UNKNOWN_YEAR else set(dim_report["report_id"][dim_report["chosen"]])
    identities: dict[str, dict[Any, Any]] = {
        row["report_id"]: {
            key: row[key] for key in ("report_id", "organization_id", "organization", "report_year")
        }
        for row in dim_report.to_dict("records")
    }

    def table(name: str, rows_of: Callable[[str, _Judged], Iterable[dict[str, Any]]]) -> pd.DataFrame:
        made = (identities[key] | row for key, item in judged.items() for row in rows_of(key, item))
        return frame_of(name, made)

    return YearTables(
        validated_facts=table("validated_facts", lambda key, item: _fact_rows(item, key in in_force)),
        findings=table("findings", lambda key, item: _finding_rows(key, item.findings)),
        year_mentions=table("year_mentions", lambda _, item: _mention_rows(item)),
        rule_verdicts=frame_of("rule_verdicts", _verdict_rows(year, judged)),
        dim_report=frame_of("dim_report", dim_report.to_dict("records")),
    )


def _dim_report(reports: pd.DataFrame, judged: Mapping[str, _Judged]) -> pd.DataFrame:
    """The rows of `reports` with the organisation behind each and the count of findings."""
    organizations = [
        resolve_organization(
            item.report.organization, item.report.report_year, (item.report.title or "", path)
        )
        for item, path in zip(judged.values(), reports["path"], strict=True)
    ]
    columns: dict[str, list[Any]] = {
        "organization_id": [organization.id for organization in organizations],
        "level": [str(organization.level) for organization in organizations],
        "department_class": [organization.department_class for organization in organizations],
        "region_code": [organization.region_code for organization in organizations],
        "report_scope": [str(organization.report_scope) for organization in organizations],
    }
    return reports.assign(**columns, **_counts(judged))


def _counts(judged: Mapping[str, _Judged]) -> dict[str, list[Any]]:
    """The columns of `dim_report` that count findings and year mentions, in the order of the reports."""
    severities = [Counter(finding.severity for finding in item.findings) for item in judged.values()]
    return {
        "consistent": [not counts[Severity.ERROR] for counts in severities],
        "errors": [counts[Severity.ERROR] for counts in severities],
        "warnings": [counts[Severity.WARNING] for counts in severities],
        "infos": [counts[Severity.INFO] for counts in severities],
        "year_mismatches": [
            sum(not located.mention.legitimate for located in item.outcome.year_mentions)
            for item in judged.values()
        ],
    }


def _chosen(dim_report: pd.DataFrame) -> dict[str, str]:
    """The report that stands for each organisation, by organisation id."""
    rows = dim_report[dim_report["chosen"] & dim_report["organization_id"].notna()]
    return dict(zip(rows["organization_id"], rows["report_id"], strict=True))


def _previous(tables: TableStore, year: str) -> dict[str, Report]:
    """The reports that stand for each organisation in the year before."""
    if year == UNKNOWN_YEAR:
        return {}
    before = tables.read("dim_report", int(year) - 1)
    chosen = {report_id: organization_id for organization_id, report_id in _chosen(before).items()}
    rows = tables.read("reports")
    reports = stored_reports(tables.home, rows[rows["report_id"].isin(chosen)])
    return {chosen[report_id]: report for report_id, report in reports.items()}


def _with_continuity(
    judged: Mapping[str, _Judged], chosen: Mapping[str, str], previous: Mapping[str, Report]
) -> dict[str, _Judged]:
    """The chosen reports, with what their rules against the year before say."""
    current = {organization: judged[report_id].report for organization, report_id in chosen.items()}
    outcomes = confront_years(current, previous)
    return {
        chosen[organization]: judged[chosen[organization]]._replace(
            findings=(*judged[chosen[organization]].findings, *outcome.findings),
            verdicts=(*judged[chosen[organization]].verdicts, *outcome.verdicts),
        )
        for organization, outcome in outcomes.items()
    }


def _fact_rows(item: _Judged, is_chosen: bool) -> Iterator[dict[str, Any]]:
    report = item.report
    suspects = {
        code for finding in item.findings if finding.severity is Severity.ERROR for code in finding.facts
    }
    for fact, reported in zip(item.outcome.facts, report.facts, strict=True):
        form = report.table_forms.get(fact.code.table) or report.form
        has_value, is_suspect = fact.value is not None, fact.code in suspects
        yield {
            "table_form": form,
            "table_code": fact.code.table,
            "row_code": fact.code.row,
            "column_code": fact.code.column,
            "unit": str(load_forms()[form].units[fact.code]),
            "value": fact.value,
            "value_origin": _origin(fact.state) if has_value else None,
            "reported_value": reported.value,
            "raw": fact.raw,
            "state": str(fact.state),
            "derived_by": fact.derived_by,
            "suspect": is_suspect,
            "counted": is_chosen and has_value and not is_suspect,
            "confidence": fact.confidence,
            "unit_assumed": fact.unit_assumed,
            **source_columns(fact.place),
        }


def _origin(state: State) -> str:
    return "derived" if state is State.DERIVED else "reported"


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


def _mention_rows(item: _Judged) -> Iterator[dict[str, Any]]:
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


def _verdict_rows(year: str, judged: Mapping[str, _Judged]) -> Iterator[dict[str, Any]]:
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

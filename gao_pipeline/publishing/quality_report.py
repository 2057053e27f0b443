"""The quality report of a release: what it holds, what it leaves out and why, and what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from gao_pipeline.contracts.expectations import load_expectations
from gao_pipeline.contracts.forms import FactCode, fact_names, load_forms
from gao_pipeline.contracts.loading import Bilingual
from gao_pipeline.contracts.vocabularies import load_quarantine_reasons, load_severity_names
from gao_pipeline.publishing.door import DoorVerdict
from gao_pipeline.publishing.duckdb_file import open_release
from gao_pipeline.publishing.pages import render

QUALITY_REPORT = "quality_report.html"
_ERRORS_SHOWN = 300
_CANDIDATES_SHOWN = 3
_Row = dict[str, Any]


def write_quality_report(
    folder: Path, release: str, created_at: str, verdicts: Sequence[DoorVerdict]
) -> None:
    """Writes `quality_report.html` of the release in `folder` from its DuckDB file and the verdicts."""
    with open_release(folder) as connection:
        years = _rows(connection, _YEARS)
        rules, finding_years = _rules(connection)
        page = render(
            "quality_report.html.j2",
            release=release,
            created_at=created_at,
            cards=_cards(connection),
            suites=_suites(verdicts),
            ledger=_rows(connection, _LEDGER),
            years=years,
            most_reports=max((row["reports"] for row in years), default=1),
            coverage=[_coverage(row) for row in _rows(connection, _COVERAGE)],
            rules=rules,
            finding_years=finding_years,
            most_findings=max((count for rule in rules for count in rule["by_year"].values()), default=1),
            severity_names=load_severity_names(),
            errors=[_error(row) for row in _rows(connection, _ERRORS)],
            error_total=sum(row["findings"] for row in rules if row["severity"] == "error"),
            quarantined=[_quarantined(row) for row in _rows(connection, _QUARANTINED)],
            breaks=_breaks(connection),
        )
    (folder / QUALITY_REPORT).write_text(page, encoding="utf-8")


_LEDGER = """
    SELECT media_type, count(*) AS files,
           count(*) FILTER (WHERE status = 'read') AS "read",
           count(*) FILTER (WHERE status = 'quarantined') AS quarantined,
           count(*) FILTER (WHERE status = 'duplicate') AS duplicates
    FROM ledger GROUP BY ROLLUP (media_type) ORDER BY media_type NULLS LAST
"""
_YEARS = """
    SELECT report_year, count(*) AS reports, count(*) FILTER (WHERE chosen) AS chosen,
           count(*) FILTER (WHERE NOT consistent) AS inconsistent,
           CAST(sum(year_mismatches) AS BIGINT) AS year_mismatches
    FROM dim_report GROUP BY report_year ORDER BY report_year NULLS LAST
"""
_COVERAGE = """
    SELECT report_year, table_code, count(*) AS cells,
           count(*) FILTER (WHERE counted) AS counted,
           count(*) FILTER (WHERE counted AND value_origin = 'derived') AS derived,
           count(*) FILTER (WHERE NOT counted AND value IS NOT NULL AND suspect) AS suspect,
           count(*) FILTER (WHERE NOT counted AND value IS NOT NULL AND NOT suspect) AS other,
           count(*) FILTER (WHERE value IS NULL) AS blank
    FROM fact_reported_value GROUP BY report_year, table_code
    ORDER BY report_year NULLS LAST, min((SELECT position FROM dim_fact_code c
        WHERE c.table_code = fact_reported_value.table_code ORDER BY position LIMIT 1))
"""
_RULES = """
    SELECT f.rule, f.severity, f.report_year, count(*) AS findings, count(DISTINCT f.report_id) AS reports,
           any_value(d.statement) AS statement, any_value(d.statement_en) AS statement_en,
           arg_min({'organization': f.organization, 'message': f.message, 'message_en': f.message_en},
                   f.finding_id) AS example
    FROM findings f LEFT JOIN dim_rule d USING (rule)
    GROUP BY f.rule, f.severity, f.report_year ORDER BY f.rule, f.report_year NULLS LAST
"""
_ERRORS = f"""
    SELECT f.*, r.path FROM findings f JOIN dim_report r USING (report_id)
    WHERE f.severity = 'error'
    ORDER BY f.report_year DESC NULLS LAST, f.organization, f.report_id, f.rule, f.finding_id
    LIMIT {_ERRORS_SHOWN}
"""
_QUARANTINED = "SELECT path, reason, detail FROM ledger WHERE status = 'quarantined' ORDER BY reason, path"
_BREAKS = """
    SELECT i.report_year, list(DISTINCT {'position': d.position, 'zh': d.name, 'en': d.name_en}) AS indicators
    FROM annual_indicators i JOIN dim_indicator d USING (indicator)
    WHERE i.series_break GROUP BY i.report_year ORDER BY i.report_year
"""
_CARDS = """
    SELECT (SELECT count(*) FROM ledger) AS files, (SELECT count(*) FROM dim_report) AS reports,
           (SELECT count(*) FROM dim_report WHERE consistent) AS consistent,
           (SELECT count(*) FROM fact_reported_value WHERE value IS NOT NULL) AS facts,
           (SELECT count(*) FROM fact_reported_value WHERE counted) AS counted,
           (SELECT count(*) FROM findings WHERE severity = 'error') AS errors,
           (SELECT count(*) FROM findings WHERE severity = 'warning') AS warnings
"""


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[_Row]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _cards(connection: duckdb.DuckDBPyConnection) -> list[_Row]:
    counts = _rows(connection, _CARDS)[0]
    return [
        {"value": f"{counts['files']:,}", "zh": "文件", "en": "files"},
        {"value": f"{counts['reports']:,}", "zh": "报告", "en": "reports"},
        {
            "value": _share(counts["consistent"], counts["reports"]),
            "zh": "报告勾稽一致",
            "en": "of reports consistent",
        },
        {"value": f"{counts['facts']:,}", "zh": "有数值的数据", "en": "facts with a value"},
        {"value": _share(counts["counted"], counts["facts"]), "zh": "数据计入汇总", "en": "of facts counted"},
        {"value": f"{counts['errors']:,}", "zh": "错误", "en": "errors"},
        {"value": f"{counts['warnings']:,}", "zh": "警告", "en": "warnings"},
    ]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _suites(verdicts: Sequence[DoorVerdict]) -> list[_Row]:
    suites = []
    for suite in load_expectations():
        members = [verdict for verdict in verdicts if verdict.suite == suite.suite]
        suites.append(
            {
                "title": suite.title,
                "verdicts": members,
                "checked": sum(verdict.checked or 0 for verdict in members),
                "failed": [verdict for verdict in members if not verdict.success],
                "skipped": sum(verdict.success and verdict.detail is not None for verdict in members),
            }
        )
    return suites


def _coverage(row: _Row) -> _Row:
    return row | {"table": next(iter(load_forms().values())).table(row["table_code"]).name}


def _rules(connection: duckdb.DuckDBPyConnection) -> tuple[list[_Row], list[int | None]]:
    """Rules with findings, gravest and most frequent first, and the years they were found in."""
    rules: dict[tuple[str, str], _Row] = {}
    years: dict[int | None, None] = {}
    for row in _rows(connection, _RULES):
        years[row["report_year"]] = None
        rule = rules.setdefault(
            (row["severity"], row["rule"]),
            {
                "rule": row["rule"],
                "severity": row["severity"],
                "statement": row["statement"],
                "statement_en": row["statement_en"],
                "example_year": row["report_year"],
                "findings": 0,
                "reports": 0,
                "by_year": {},
            }
            | row["example"],
        )
        rule["findings"] += row["findings"]
        rule["reports"] += row["reports"]
        rule["by_year"][row["report_year"]] = row["findings"]
    gravity = list(load_severity_names())
    ordered = sorted(rules.values(), key=lambda r: (gravity.index(r["severity"]), -r["findings"], r["rule"]))
    return ordered, sorted(years, key=lambda year: (year is None, year or 0))


def _error(row: _Row) -> _Row:
    suggestion = json.loads(row["suggestion"]) if row["suggestion"] else None
    candidates = json.loads(row["candidates"]) if row["candidates"] else []
    return row | {
        "suggestion": _named(suggestion) if suggestion else None,
        "candidates": [_named(candidate) for candidate in candidates[:_CANDIDATES_SHOWN]],
    }


def _named(suggestion: Mapping[str, Any]) -> _Row:
    """A suggestion with the name of its cell."""
    code = FactCode(*suggestion["fact"])
    names = (fact_names(form).get(code) for form in reversed(load_forms()))
    return {
        "zh": next((name for name in names if name), str(code)),
        "en": str(code),
        "value": f"{suggestion['value']:g}",
    }


def _quarantined(row: _Row) -> _Row:
    reason = load_quarantine_reasons().get(row["reason"])
    return row | {"reason_text": reason or Bilingual(zh=row["reason"], en=row["reason"])}


def _breaks(connection: duckdb.DuckDBPyConnection) -> list[_Row]:
    """Years in which a new edition of the form came into force, or an indicator changed its definition."""
    indicators = {row["report_year"]: row["indicators"] for row in _rows(connection, _BREAKS)}
    forms = {form.years.first: form for form in load_forms().values()}
    return [
        {
            "year": year,
            "zh": f"启用《{forms[year].name.zh}》（{forms[year].source.number}）"
            if year in forms
            else "指标口径变化",
            "en": f"{forms[year].name.en} came into force"
            if year in forms
            else "Indicators changed their definition",
            "indicators": sorted(indicators.get(year, []), key=lambda indicator: indicator["position"]),
        }
        for year in sorted(set(forms) | set(indicators))
    ]

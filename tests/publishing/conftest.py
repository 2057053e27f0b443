"""A small archive made by hand: two bureaus over four years, a broken report, and one without a year."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gao_pipeline.aggregates import dimensions
from gao_pipeline.aggregates.annual import annual_aggregates
from gao_pipeline.aggregates.indicators import annual_indicators
from gao_pipeline.archive.frames import frame_of
from gao_pipeline.archive.home import Home
from gao_pipeline.archive.tables import TableStore, year_key
from gao_pipeline.contracts.forms import FactCode, form_of_year
from gao_pipeline.contracts.population import load_population
from gao_pipeline.publishing.release import Release, publish

_PARTS = ("natural_person", "business", "research", "public_welfare", "legal_service", "other_organization")
_FLOWS = ("received", "carried_in", "carried_out")
_PER_YEAR = (
    "annual_aggregates",
    "annual_indicators",
    "dim_report",
    "findings",
    "reported_claims",
    "validated_facts",
    "year_mentions",
)
_OF_CONTRACTS = ("dim_claim", "dim_department", "dim_fact_code", "dim_indicator", "dim_region", "dim_rule")
_CODE = ("table_code", "row_code", "column_code")
YEARS = (2019, 2020, 2021, 2022)


@dataclass
class Archive:
    """Rows of the tables that a release is made of; `store` writes them."""

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def write(self, home: Home) -> TableStore:
        store = TableStore(home)
        frames = {name: frame_of(name, rows) for name, rows in self.tables.items()}
        facts, reports = frames["validated_facts"], frames["dim_report"]
        for name in (
            "dim_claim",
            "dim_department",
            "dim_fact_code",
            "dim_indicator",
            "dim_region",
            "dim_rule",
        ):
            frames[name] = getattr(dimensions, name)()
        frames["dim_organization"] = dimensions.dim_organization(reports)
        frames["annual_aggregates"] = annual_aggregates(facts, reports)
        frames["population"] = dimensions.population(load_population())
        frames["annual_indicators"] = annual_indicators(
            facts, reports, frames["reported_claims"], frames["population"]
        )
        for name, frame in frames.items():
            if name not in _PER_YEAR:
                store.write(name, frame)
                continue
            keys = [year_key(None if pd.isna(year) else int(year)) for year in frame["report_year"]]
            for key, part in frame.groupby(pd.Series(keys)):
                store.write(name, part, str(key))
        return store


def _consistent_values(year: int, seed: int) -> dict[FactCode, float]:
    """Values of every cell of the year's edition that satisfy every cross-sum."""
    form = form_of_year(year)
    assert form is not None
    values: dict[FactCode, float] = {}
    for number, code in enumerate(form.codes):
        values[code] = float((number * 7 + seed * 3) % 5)
    for row in {code.row for code in form.codes if code.table == "proceedings"}:
        parts = [
            code
            for code in form.codes
            if code.table == "proceedings" and code.row == row and code.column != "total"
        ]
        values[FactCode("proceedings", row, "total")] = sum(values[code] for code in parts)
    rows = list(dict.fromkeys(code.row for code in form.codes if code.table == "applications"))
    outcomes = [row for row in rows if row not in (*_FLOWS, "concluded_total")]
    for column in _PARTS:
        concluded = sum(values[FactCode("applications", row, column)] for row in outcomes)
        values[FactCode("applications", "concluded_total", column)] = concluded
        values[FactCode("applications", "carried_out", column)] = 2.0
        values[FactCode("applications", "carried_in", column)] = 1.0
        values[FactCode("applications", "received", column)] = concluded + 1.0
    for row in rows:
        values[FactCode("applications", row, "total")] = sum(
            values[FactCode("applications", row, c)] for c in _PARTS
        )
    return values


def _facts(report: dict[str, Any], seed: int) -> Iterator[dict[str, Any]]:
    year = report["report_year"]
    form = form_of_year(year)
    assert form is not None
    for code, value in _consistent_values(year, seed).items():
        derived = code == FactCode("applications", "received", "total") and seed == 1
        yield {
            "report_id": report["report_id"],
            "organization_id": report["organization_id"],
            "organization": report["organization"],
            "report_year": year,
            "table_form": form.form,
            **dict(zip(_CODE, code, strict=True)),
            "unit": str(form.units[code]),
            "value": value,
            "value_origin": "derived" if derived else "reported",
            "reported_value": None if derived else value,
            "raw": None if derived else f"{value:g}",
            "state": "derived" if derived else "reported",
            "derived_by": "applications.row_total" if derived else None,
            "suspect": False,
            "counted": True,
            "unit_assumed": False,
        }


def _claims(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Three notices, said twice, and what was received for them."""
    said = [
        ("fee_notices", "count", 3.0),
        ("fee_notices", "count", 3.0),
        ("processing_fees", "10k_cny", 0.06),
    ]
    for number, (kind, unit, value) in enumerate(said):
        yield {
            "report_id": report["report_id"],
            "claim_number": number,
            "report_year": report["report_year"],
            "kind": kind,
            "value": value,
            "unit": unit,
            "other_scope": False,
            "counted": number != 1,
            "sentence": "发出收费通知3件，实际收取600元。",
        }


def _report(year: int | None, number: int, organization: str, region: str, **more: Any) -> dict[str, Any]:
    form = form_of_year(year)
    report_id = f"{number:04d}{year or 0:04d}".ljust(16, "0")
    edition = form.form if form else None
    return {
        "report_id": report_id,
        "organization_id": f"org-{number}",
        "organization": organization,
        "sha256": report_id * 4,
        "path": f"{organization}/{year}.docx",
        "media_type": "docx",
        "report_year": year,
        "form": edition or "none",
        "disclosure_form": edition,
        "applications_form": edition,
        "proceedings_form": edition,
        "level": "county",
        "department_class": "commerce",
        "region_code": region,
        "report_scope": "organ",
        "version": 1,
        "chosen": True,
        "consistent": True,
        "errors": 0,
        "warnings": 0,
        "infos": 0,
        "rules_passed": 25 if form else 0,
        "rules_failed": 0,
        "year_mismatches": 0,
    } | more


def _finding(report: dict[str, Any], finding_id: str, **more: Any) -> dict[str, Any]:
    same = ("report_id", "organization_id", "organization", "report_year")
    described = {"finding_id": finding_id, "facts": "[]", "family": more["rule"].partition(".")[0]}
    return described | {key: report[key] for key in same} | more


def make_archive(years: tuple[int, ...] = YEARS) -> Archive:
    """Two commerce bureaus over `years`; the second has a broken row and a wrong year in 2021."""
    reports = [
        _report(year, number, name, region)
        for number, name, region in ((1, "虚构县商务局", "360733"), (2, "示例县商务局", "360724"))
        for year in years
    ]
    facts = [fact for report in reports for fact in _facts(report, int(report["report_id"][:4]))]
    findings, mentions = [], []
    broken = next((r for r in reports if r["organization_id"] == "org-2" and r["report_year"] == 2021), None)
    if broken is not None:
        broken |= {"consistent": False, "errors": 2, "warnings": 1, "year_mismatches": 1}
        row = [f for f in facts if f["report_id"] == broken["report_id"] and f["row_code"] == "granted"]
        for fact in row:
            fact |= {"suspect": True, "counted": False}
        row[0] |= {"value": row[0]["value"] + 9, "reported_value": row[0]["value"] + 9, "raw": "12"}
        column = [
            f
            for f in facts
            if f["report_id"] == broken["report_id"]
            and f["table_code"] == "applications"
            and f["column_code"] == row[0]["column_code"]
            and f["row_code"] not in _FLOWS
        ]
        for fact in column:
            fact |= {"suspect": True, "counted": False}
        cells = '[["applications","granted","natural_person"],["applications","granted","total"]]'
        suggestion = '{"fact":["applications","granted","natural_person"],"value":3}'
        sentence = "2020年，我局共收到政府信息公开申请17件。"
        findings = [
            _finding(
                broken,
                "f1",
                rule="applications.row_total",
                severity="error",
                table_code="applications",
                message="“予以公开”一行：总计为 9，各列之和为 18，相差 9。",
                message_en='Row "granted": the total is 9, its parts add up to 18, a difference of 9.',
                facts=cells,
                expected=18,
                actual=9,
                suggestion=suggestion,
                candidates=f"[{suggestion}]",
                excerpt="12",
                source_page=3,
                source_table=2,
                source_row=6,
            ),
            _finding(
                broken,
                "f2",
                rule="year.fact_prior",
                severity="error",
                message="以往年度的事实：2020 年，报告年度为 2021 年。",
                message_en="A fact of 2020 in the report of 2021.",
                excerpt=sentence,
                expected=2021,
                actual=2020,
                source_line=12,
            ),
            _finding(
                broken,
                "f3",
                rule="disclosure.stock_below_flow",
                severity="warning",
                table_code="disclosure",
                message="规章：本年制发 4 件，多于废止与现行有效之和 1 件。",
                message_en="Regulations: 4 issued exceed the 1 repealed or in force.",
            ),
        ]
        mentions = [
            {
                "report_id": broken["report_id"],
                "report_year": 2021,
                "sentence_number": 3,
                "start": 0,
                "end": 4,
                "year": 2020,
                "legitimate": False,
                "reason": "fact_prior",
                "sentence": sentence,
            }
        ]
    undated = _report(None, 3, "无年度镇人民政府", "360733", level="township", department_class="government")
    reports.append(undated)
    return Archive(
        {
            "dim_report": reports,
            "validated_facts": facts,
            "findings": findings,
            "reported_claims": [
                claim for report in reports if report["form"] != "none" for claim in _claims(report)
            ],
            "year_mentions": mentions,
            "rule_verdicts": [
                {
                    "year_partition": str(year),
                    "rule": "applications.row_total",
                    "passed": 50,
                    "failed": 0,
                    "not_assessable": 0,
                    "reports_failed": 0,
                }
                for year in years
            ],
            "ledger": _ledger(reports),
        }
    )


def _ledger(reports: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {key: report[key] for key in ("path", "sha256", "media_type", "report_id", "report_year")}
        | {"status": "read"}
        for report in reports
    ]
    return [
        *rows,
        rows[0] | {"path": "copy.docx", "status": "duplicate", "report_id": None, "report_year": None},
        {
            "path": "broken.pdf",
            "sha256": "f" * 64,
            "media_type": "pdf",
            "status": "quarantined",
            "reason": "corrupt_file",
            "detail": "第 1 页之后没有内容",
        },
    ]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def archive() -> Callable[..., Archive]:
    return make_archive


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the small archive; tests read it and copy what they change."""
    home = Home(tmp_path_factory.mktemp("released"))
    return publish(make_archive().write(home), home)

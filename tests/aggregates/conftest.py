"""Frames of facts and reports as the pipeline hands them to the aggregates."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gao_pipeline.archive.frames import frame_of
from gao_pipeline.contracts.forms import load_forms
from gao_pipeline.reports.organizations import resolve_organization


def report_row(report_id: str, organization: str, year: int | None, **given: Any) -> dict[str, Any]:
    """A row of `dim_report`."""
    resolved = resolve_organization(organization, year)
    return {
        "report_id": report_id,
        "sha256": report_id,
        "path": f"{report_id}.docx",
        "media_type": "docx",
        "organization": organization,
        "organization_id": resolved.id,
        "level": str(resolved.level),
        "department_class": resolved.department_class,
        "region_code": resolved.region_code,
        "report_scope": str(resolved.report_scope),
        "report_year": year,
        "form": "2021" if year and year >= 2021 else "2019",
        "version": 1,
        "chosen": True,
        "consistent": True,
        "errors": 0,
        "warnings": 0,
        "infos": 0,
        "rules_passed": 10,
        "rules_failed": 0,
        "year_mismatches": 0,
    } | given


def fact_row(report_id: str, form: str, code: tuple[str, str, str], value: float | None) -> dict[str, Any]:
    """A row of `validated_facts` whose value, if there is one, is counted."""
    table, row, column = code
    return {
        "report_id": report_id,
        "table_form": form,
        "table_code": table,
        "row_code": row,
        "column_code": column,
        "unit": "count",
        "value": value,
        "reported_value": value,
        "state": "blank" if value is None else "reported",
        "suspect": False,
        "counted": value is not None,
        "unit_assumed": False,
    }


@pytest.fixture
def filed() -> Callable[..., tuple[pd.DataFrame, pd.DataFrame]]:
    """Facts and reports of `(report id, organisation, year, {(table, row, column): value})`."""

    def build(
        *filings: tuple[str, str, int, Mapping[tuple[str, str, str], float]], **given: Any
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        reports = [report_row(key, name, year, **given) for key, name, year, _ in filings]
        facts = [
            fact_row(key, form, code, values.get(code))
            for key, _, year, values in filings
            for form in ["2021" if year >= 2021 else "2019"]
            for code in load_forms()[form].codes
        ]
        return frame_of("validated_facts", facts), frame_of("dim_report", reports)

    return build


@pytest.fixture(scope="session")
def rendered_truth(corpus: Path) -> list[dict[str, Any]]:
    """The truth of the rendered corpus, one object a report."""
    lines = (corpus / "rendered-truth.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="session")
def rendered_frames(rendered_truth: list[dict[str, Any]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Facts and reports of the rendered corpus; cells of broken relations are suspect."""
    reports, facts = [], []
    for truth in rendered_truth:
        key = truth["file"]
        reports.append(
            report_row(key, truth["organization"], truth["report_year"], consistent=not truth["violations"])
        )
        suspect = {tuple(cell) for violation in truth["violations"] for cell in violation["cells"]}
        for fact in truth["facts"]:
            code = (fact["table"], fact["row"], fact["column"])
            row = fact_row(key, truth["table_forms"][fact["table"]], code, fact["value"])
            is_suspect = code in suspect
            facts.append(row | {"suspect": is_suspect, "counted": row["counted"] and not is_suspect})
    return frame_of("validated_facts", facts), frame_of("dim_report", reports)

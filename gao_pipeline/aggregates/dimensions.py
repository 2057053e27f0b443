"""The dimensions of the star schema: what the codes of the other tables stand for."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import pandas as pd

from gao_pipeline.aggregates.query import Source, query
from gao_pipeline.archive.frames import frame_of
from gao_pipeline.contracts.forms import FactCode, Form, load_forms
from gao_pipeline.contracts.identities import compile_system
from gao_pipeline.contracts.indicators import Term, load_indicators
from gao_pipeline.contracts.organizations import load_departments
from gao_pipeline.contracts.population import Residents
from gao_pipeline.contracts.regions import load_regions
from gao_pipeline.contracts.rules import load_rules
from gao_pipeline.reports.claims import load_claim_vocabulary

_ORGANIZATIONS = """
SELECT o.organization_id, o.name, o.names, o.level, o.department_class, o.region_code,
       g.full_name AS region_name, o.first_year, o.last_year, o.reports
FROM (
  SELECT organization_id,
         arg_max(organization, (coalesce(report_year, 0), path)) AS name,
         CAST(to_json(list_sort(list(DISTINCT organization))) AS VARCHAR) AS names,
         arg_max(level, (coalesce(report_year, 0), path)) AS level,
         arg_max(department_class, (coalesce(report_year, 0), path)) AS department_class,
         arg_max(region_code, (coalesce(report_year, 0), path)) AS region_code,
         min(report_year) AS first_year, max(report_year) AS last_year, count(*) AS reports
  FROM reports
  WHERE organization_id IS NOT NULL
  GROUP BY organization_id
) AS o
LEFT JOIN regions AS g
  ON g.region_code = o.region_code
 AND coalesce(o.last_year, 9999) BETWEEN g.valid_from AND coalesce(g.valid_to, 9999)
"""


def dim_organization(reports: Source) -> pd.DataFrame:
    """The table `dim_organization` from `dim_report` of all years: one row per organisation id."""
    return query("dim_organization", _ORGANIZATIONS, reports=reports, regions=dim_region())


def dim_region() -> pd.DataFrame:
    """The table `dim_region`: one row per code and period of validity."""
    return frame_of(
        "dim_region",
        (
            region._asdict()
            | {
                "region_code": region.code,
                "level": str(region.level),
                "parent_code": region.parent,
                "lineage_code": region.lineage,
            }
            for region in load_regions()
        ),
    )


def dim_fact_code() -> pd.DataFrame:
    """The table `dim_fact_code`: one row per edition and cell of the form."""
    return frame_of("dim_fact_code", (row for form in load_forms().values() for row in _fact_codes(form)))


def _fact_codes(form: Form) -> Iterable[dict[str, object]]:
    totals = _totals(form)
    cells = ((table, cell) for table in form.tables for cell in table.cells())
    for position, (table, (code, block, row, column)) in enumerate(cells, start=1):
        yield {
            "form": form.form,
            "table_code": code.table,
            "row_code": code.row,
            "column_code": code.column,
            "position": position,
            "section": block.heading or table.section_label or table.name.zh,
            "row_label": table.row_title(row),
            "column_label": column.label,
            "unit": str(column.unit),
            "is_total": code in totals,
        }


def _totals(form: Form) -> set[FactCode]:
    """The cells that an identity of the form makes the sum of others."""
    system = compile_system(tuple((table.code, form.form) for table in form.tables))
    identities = (relation for relation in system.relations if relation.rule.kind == "identity")
    return {relation.left[0].code for relation in identities if len(relation.left) == 1}


def dim_rule() -> pd.DataFrame:
    """The table `dim_rule`: one row per rule of the catalogue."""
    return frame_of(
        "dim_rule",
        (
            {
                "rule": rule.id,
                "family": rule.family,
                "severity": rule.severity,
                "statement": rule.statement.zh,
                "statement_en": rule.statement.en,
                "source": rule.source,
            }
            for rule in load_rules().values()
        ),
    )


def dim_department() -> pd.DataFrame:
    """The table `dim_department`: one row per class of organisations."""
    return frame_of(
        "dim_department",
        (
            {
                "department_class": department.code,
                "name": department.name.zh,
                "name_en": department.name.en,
                "vertical": department.vertical,
                "breaks": ", ".join(map(str, department.breaks)) or None,
            }
            for department in load_departments().values()
        ),
    )


def dim_claim() -> pd.DataFrame:
    """The table `dim_claim`: one row per kind of claim."""
    return frame_of(
        "dim_claim",
        (
            {
                "kind": kind.code,
                "name": kind.name.zh,
                "name_en": kind.name.en,
                "unit": kind.unit,
                "stands_for": " | ".join(
                    " + ".join(formula).replace("+ -", "- ") for formula in kind.formulas
                )
                or None,
            }
            for kind in load_claim_vocabulary().kinds
        ),
    )


def population(residents: Iterable[Residents]) -> pd.DataFrame:
    """The table `population`: one row per region and year."""
    return frame_of("population", map(msgspec.structs.asdict, residents))


def dim_indicator() -> pd.DataFrame:
    """The table `dim_indicator`: one row per indicator."""
    return frame_of(
        "dim_indicator",
        (
            {
                "indicator": indicator.code,
                "position": position,
                "name": indicator.name.zh,
                "name_en": indicator.name.en,
                "unit": indicator.unit,
                "measure": indicator.measure,
                "numerator": _formula(indicator.numerator),
                "denominator": _formula(indicator.denominator),
                "scale": indicator.scale,
                "small_sample": indicator.small_sample,
                "breaks": ", ".join(map(str, indicator.breaks)) or None,
                "caveat": indicator.caveat.zh if indicator.caveat else None,
                "caveat_en": indicator.caveat.en if indicator.caveat else None,
            }
            for position, indicator in enumerate(load_indicators().values(), start=1)
        ),
    )


def _formula(term: Term | None) -> str | None:
    if term is None:
        return None
    plus = " + ".join(f"{term.table}/{pattern}" for pattern in term.plus)
    return plus + "".join(f" - {term.table}/{pattern}" for pattern in term.minus)

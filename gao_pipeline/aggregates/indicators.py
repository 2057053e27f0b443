"""Annual indicators: ratios of sums over the reports that give both parts.

A row stands for a group: one value each of level, region and department class, where `all` stands for
everything. **Choose one value of every dimension; never add or average rows.** A region stands for its whole
area, the regions inside included. Which groups exist:

- nation and province: every level and `all` levels, every department class and `all` classes;
- prefecture and county: all levels and classes together.

`all` classes leave out the vertical organs (tax, customs …) below the national level, which are no organs of
the local governments. Reports of the scopes `government`, `region` and `system` may contain those of lower
levels, so for them levels are never put together: they have one row a level instead of `all`.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec
import pandas as pd

from gao_pipeline.aggregates.annual import UNRESOLVED
from gao_pipeline.aggregates.query import Source, query
from gao_pipeline.contracts.indicators import (
    ANY_FORM,
    PROSE,
    REPORT,
    REPORT_QUANTITIES,
    load_indicators,
    load_sample_sizes,
)
from gao_pipeline.contracts.organizations import Scope, load_departments, load_name_grammar
from gao_pipeline.contracts.regions import Level, covered_years, gazetteer, load_regions

ALL = "all"
"""Value of a dimension over which a row is rolled up."""

_INDICATORS = f"""
WITH chosen AS (
  SELECT * REPLACE (coalesce(region_code, '{UNRESOLVED}') AS region_code)
  FROM reports
  WHERE chosen AND report_year IS NOT NULL
),
places AS (
  SELECT report_id, '{ALL}' AS area, true AS is_large FROM chosen
  UNION ALL
  SELECT c.report_id, a.area, a.is_large
  FROM chosen AS c
  JOIN areas AS a ON a.region_code = c.region_code AND c.report_year BETWEEN a.valid_from AND a.valid_to
),
groups AS (
  SELECT report_id, report_year, report_scope, level, region_code, department_class
  FROM (
    SELECT c.report_id, c.report_year, c.report_scope, p.area AS region_code, p.is_large,
           c.report_scope <> '{Scope.ORGAN}' AS is_nested,
           c.level <> '{Level.NATIONAL}' AND coalesce(d.vertical, false) AS is_vertical,
           CASE WHEN levels.rolled_up THEN '{ALL}' ELSE c.level END AS level,
           CASE WHEN classes.rolled_up THEN '{ALL}' ELSE c.department_class END AS department_class
    FROM chosen AS c
    JOIN places AS p ON p.report_id = c.report_id
    LEFT JOIN departments AS d ON d.department_class = c.department_class
    CROSS JOIN (VALUES (true), (false)) AS levels(rolled_up)
    CROSS JOIN (VALUES (true), (false)) AS classes(rolled_up)
  )
  WHERE NOT (is_nested AND level = '{ALL}')
    AND NOT (is_vertical AND department_class = '{ALL}')
    AND (is_large OR (department_class = '{ALL}' AND (level = '{ALL}' OR is_nested)))
),
held AS (
  SELECT report_year, report_scope, level, region_code, department_class, count(*) AS reports_held
  FROM groups
  GROUP BY ALL
),
area_residents AS (
  SELECT c.report_id, arg_min(p.residents, (abs(p.year - c.report_year), p.year)) AS residents
  FROM chosen AS c
  JOIN departments AS d ON d.department_class = c.department_class AND d.is_government
  JOIN areas AS a
    ON a.area = c.region_code AND a.region_code = c.region_code AND a.level = c.level
   AND c.report_year BETWEEN a.valid_from AND a.valid_to
  JOIN population AS p ON p.region_code = c.region_code
  WHERE c.report_scope IN ('{Scope.GOVERNMENT}', '{Scope.REGION}')
  GROUP BY c.report_id
),
quantities AS (
  SELECT c.report_id,
         CASE WHEN c.form <> 'none' THEN 1 END AS reports,
         CASE WHEN c.form <> 'none' THEN CAST(c.consistent AS BIGINT) END AS consistent,
         CASE WHEN c.rules_passed + c.rules_failed > 0 THEN c.rules_passed END AS rules_passed,
         CASE WHEN c.rules_passed + c.rules_failed > 0 THEN c.rules_failed END AS rules_failed,
         r.residents
  FROM chosen AS c
  LEFT JOIN area_residents AS r ON r.report_id = c.report_id
),
items AS (
  SELECT report_id, table_form AS form, table_code, row_code, column_code, value FROM facts WHERE counted
  UNION ALL
  SELECT report_id, '{ANY_FORM}', '{PROSE}', kind, '', value FROM claims WHERE counted
  UNION ALL
  SELECT report_id, '{ANY_FORM}', '{REPORT}', quantity, '', value
  FROM quantities UNPIVOT (value FOR quantity IN ({", ".join(REPORT_QUANTITIES)}))
),
sums AS (
  SELECT f.report_id, s.indicator, s.part, sum(s.sign * CAST(f.value AS DECIMAL(38, 6))) AS amount
  FROM items AS f
  JOIN selectors AS s
    ON s.form = f.form AND s.table_code = f.table_code
   AND s.row_code = f.row_code AND s.column_code = f.column_code
  GROUP BY f.report_id, s.indicator, s.part, s.form, s.cells
  HAVING count(*) = s.cells
),
parts AS (
  SELECT c.report_id, c.organization_id, c.report_scope, c.report_year, s.indicator, i.measure,
         max(s.amount) FILTER (s.part = 'numerator') AS numerator,
         max(s.amount) FILTER (s.part = 'denominator') AS denominator
  FROM sums AS s
  JOIN chosen AS c ON c.report_id = s.report_id
  JOIN indicators AS i ON i.indicator = s.indicator
  GROUP BY ALL
),
fractions AS (
  SELECT report_id, indicator, numerator, denominator
  FROM parts
  WHERE (measure = 'ratio' AND numerator IS NOT NULL AND denominator IS NOT NULL) OR measure = 'total'
  UNION ALL
  SELECT p.report_id, p.indicator, p.numerator - b.numerator, b.numerator
  FROM parts AS p
  JOIN parts AS b
    ON b.indicator = p.indicator AND b.organization_id = p.organization_id
   AND b.report_scope = p.report_scope AND b.report_year = p.report_year - 1
  WHERE p.measure = 'growth'
  UNION ALL
  SELECT report_id, indicator, CAST(numerator = 0 AS INTEGER), 1
  FROM parts
  WHERE measure = 'zero_reports'
),
totals AS (
  SELECT g.report_year, g.report_scope, g.level, g.region_code, g.department_class, f.indicator,
         CAST(sum(f.numerator) AS DOUBLE) AS numerator, CAST(sum(f.denominator) AS DOUBLE) AS denominator,
         count(*) AS reports
  FROM fractions AS f
  JOIN groups AS g ON g.report_id = f.report_id
  GROUP BY ALL
)
SELECT t.*, h.reports_held,
       CASE i.measure WHEN 'total' THEN t.numerator
                      ELSE i.scale * t.numerator / nullif(t.denominator, 0) END AS value,
       coalesce(t.denominator < $small, false) AS small_sample,
       CASE WHEN t.denominator < $small THEN 'small'
            WHEN t.denominator < $medium THEN 'medium'
            WHEN t.denominator IS NOT NULL THEN 'large' END AS sample_size,
       list_contains(i.breaks, t.report_year) AS series_break
FROM totals AS t
JOIN held AS h USING (report_year, report_scope, level, region_code, department_class)
JOIN indicators AS i ON i.indicator = t.indicator
WHERE $years IS NULL OR list_contains(CAST($years AS BIGINT[]), t.report_year)
"""  # noqa: S608 - constants


def annual_indicators(
    facts: Source, reports: Source, claims: Source, population: Source, years: Collection[int] | None = None
) -> pd.DataFrame:
    """The table `annual_indicators`.

    Args:
        facts: `validated_facts`.
        reports: `dim_report` of the same years.
        claims: `reported_claims` of the same years.
        population: `population`; a report takes the figure of the year nearest to its own.
        years: report years to give rows for; by default all that `reports` has. Growth needs the year before
            in `facts` and `reports` as well: without it there is no row.

    Returns:
        A row per group and indicator that at least one report of the group gives. `value` is empty where
        the denominator is 0; an indicator of measure `total` has no denominator. `reports_held` are the
        chosen reports of the group, `reports` those that give every part.
    """
    return query(
        "annual_indicators",
        _INDICATORS,
        {"years": None if years is None else sorted(years)} | msgspec.structs.asdict(load_sample_sizes()),
        facts=facts,
        reports=reports,
        claims=claims,
        population=population,
        selectors=_selectors(),
        indicators=_indicators(),
        departments=_departments(),
        areas=_areas(),
    )


def _selectors() -> pd.DataFrame:
    """A row per thing that an indicator adds up, by edition; `cells` is how many there are of its part."""
    return pd.DataFrame.from_records(
        [
            (indicator.code, part, form, *code, sign, len(cells))
            for indicator in load_indicators().values()
            for part, term in indicator.terms.items()
            for form in term.forms
            for cells in [term.cells(form)]
            for code, sign in cells.items()
        ],
        columns=["indicator", "part", "form", "table_code", "row_code", "column_code", "sign", "cells"],
    )


def _indicators() -> pd.DataFrame:
    return pd.DataFrame.from_records(
        [(each.code, each.measure, each.scale, list(each.breaks)) for each in load_indicators().values()],
        columns=["indicator", "measure", "scale", "breaks"],
    )


def _departments() -> pd.DataFrame:
    governments = load_name_grammar().government_classes
    return pd.DataFrame(
        [(cls.code, cls.vertical, cls.code in governments) for cls in load_departments().values()],
        columns=["department_class", "vertical", "is_government"],
    )


def _areas() -> pd.DataFrame:
    """The regions that each region lies in, itself included, by years; `is_large`: see above."""
    (first, _), no_end = covered_years(), 9999
    rows = [(UNRESOLVED, UNRESOLVED, str(Level.UNRESOLVED), True, 0, no_end)]
    for region in load_regions():
        since = 0 if region.valid_from == first else region.valid_from
        rows += [
            (
                region.code,
                area.code,
                str(area.level),
                area.level is Level.PROVINCE,
                since,
                region.valid_to or no_end,
            )
            for area in (region, *gazetteer(region.valid_from).ancestors(region))
        ]
    return pd.DataFrame(rows, columns=["region_code", "area", "level", "is_large", "valid_from", "valid_to"])

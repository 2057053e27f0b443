"""Annual sums of the facts that can be trusted, with their coverage.

The grain is the finest one: a report stands in exactly one group of year, level, region, department class and
scope, so sums over levels, regions and classes of *one code and the scope `organ`* count nothing twice. In
the other scopes a report may contain those of lower levels, so sums keep to one level too. Sums over scopes,
or of a total with its parts, do count twice; `dim_fact_code.is_total` marks the totals.
"""

from __future__ import annotations

import pandas as pd

from gao_pipeline.aggregates.query import Source, query

UNRESOLVED = "unresolved"
"""Region of the reports whose region code is not known."""

_SUMS = f"""
SELECT r.report_year, r.level, coalesce(r.region_code, '{UNRESOLVED}') AS region_code,
       r.department_class, r.report_scope, f.table_code, f.row_code, f.column_code,
       CAST(sum(CAST(f.value AS DECIMAL(38, 6))) FILTER (f.counted) AS DOUBLE) AS value_sum,
       count(*) FILTER (f.counted) AS reports_counted,
       count(*) FILTER (f.value IS NOT NULL AND NOT f.counted) AS reports_excluded,
       count(*) FILTER (f.value IS NULL) AS reports_missing
FROM facts AS f
JOIN reports AS r ON r.report_id = f.report_id
WHERE r.chosen AND r.report_year IS NOT NULL
GROUP BY ALL
"""  # noqa: S608 - a constant


def annual_aggregates(facts: Source, reports: Source) -> pd.DataFrame:
    """The table `annual_aggregates`.

    Args:
        facts: `validated_facts`, of one year or many.
        reports: `dim_report` of the same years. Reports that are not chosen, or give no year, do not count.

    Returns:
        A row per group and code: the exact sum of the counted values (`NaN` where none is counted), and how
        many chosen reports are counted, excluded (a value that is suspect) and missing (no value). A code
        is expected of a report if the edition of its table has it.
    """
    return query("annual_aggregates", _SUMS, facts=facts, reports=reports)

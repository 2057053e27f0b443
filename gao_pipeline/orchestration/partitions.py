"""Report years as partitions: every year of the regulation until now, and `unknown`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dagster import BackfillPolicy, StaticPartitionsDefinition

from gao_pipeline.archive.tables import FIRST_REPORT_YEAR, UNKNOWN_YEAR

REPORT_YEARS = StaticPartitionsDefinition(
    [*map(str, range(FIRST_REPORT_YEAR, date.today().year + 1)), UNKNOWN_YEAR]
)

ONE_RUN = BackfillPolicy.single_run()
"""Years that follow one another are made by one run, in order: a year needs the one before."""


def span_tags(span: Sequence[str]) -> dict[str, str]:
    """Tags of a run of the job `years` over report years that follow one another."""
    return {"dagster/asset_partition_range_start": span[0], "dagster/asset_partition_range_end": span[-1]}

"""Layer `validation`: what the rules say of the reports of each year."""

from collections.abc import Iterator
from typing import Any

from dagster import AssetCheckResult, AssetExecutionContext, MaterializeResult, ResourceParam, multi_asset

from gao_pipeline.aggregates.versions import choose_versions
from gao_pipeline.archive.validation import YEAR_TABLES, validate_year
from gao_pipeline.orchestration.keeping import Made, contract_checks, keep
from gao_pipeline.orchestration.metadata import table_spec
from gao_pipeline.orchestration.partitions import ONE_RUN, REPORT_YEARS
from gao_pipeline.orchestration.resources import Pipeline

GROUP = "validation"
SOURCES = ("reported_facts", "reports")
_CARRIED_OVER = {"validated_facts": ["reported_facts"], "dim_report": ["reports"]}


@multi_asset(
    specs=[
        table_spec(name, GROUP, SOURCES, columns_from=_CARRIED_OVER.get(name, ()), partitions=REPORT_YEARS)
        for name in YEAR_TABLES
    ],
    check_specs=contract_checks(*YEAR_TABLES),
    backfill_policy=ONE_RUN,
    pool="years",
)
def validated(
    context: AssetExecutionContext, pipeline: ResourceParam[Pipeline]
) -> Iterator[MaterializeResult[Any] | AssetCheckResult]:
    """Confronts the reports of each year with the rules, oldest year first."""
    tables, marks, years = pipeline.tables, pipeline.marks, context.partition_keys
    inputs = marks.inputs("validated", years)

    def made_of(year: str) -> Iterator[Made]:
        frames = validate_year(tables, year, choose_versions, marks.corrections)
        context.log.info("%s: %d reports, %d findings", year, len(frames.dim_report), len(frames.findings))
        for name, frame in frames._asdict().items():
            yield name, year, frame

    made = (item for year in years for item in made_of(year))
    yield from keep(context, tables, YEAR_TABLES, made)
    marks.record("validated", inputs)

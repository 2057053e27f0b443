"""Layer `aggregates`: annual sums and rates, and the dimensions they are described by."""

from collections.abc import Iterator
from typing import Any

from dagster import AssetCheckResult, AssetExecutionContext, MaterializeResult, ResourceParam, multi_asset

from gao_pipeline.aggregates import dimensions
from gao_pipeline.aggregates.annual import annual_aggregates
from gao_pipeline.aggregates.indicators import annual_indicators
from gao_pipeline.archive.schemas import empty_frame
from gao_pipeline.archive.tables import UNKNOWN_YEAR
from gao_pipeline.contracts.tables import load_tables
from gao_pipeline.orchestration.keeping import Made, contract_checks, keep
from gao_pipeline.orchestration.metadata import table_spec
from gao_pipeline.orchestration.partitions import ONE_RUN, REPORT_YEARS
from gao_pipeline.orchestration.resources import Pipeline

GROUP = "aggregates"
ANNUAL = ("annual_aggregates", "annual_indicators")
SOURCES = ("validated_facts", "dim_report", "reported_claims")
DIMENSIONS = {
    "dim_region": dimensions.dim_region,
    "dim_fact_code": dimensions.dim_fact_code,
    "dim_rule": dimensions.dim_rule,
    "dim_claim": dimensions.dim_claim,
    "dim_department": dimensions.dim_department,
    "dim_indicator": dimensions.dim_indicator,
}
"""Dimensions that follow from `data_contracts/` alone."""


@multi_asset(
    specs=[
        table_spec(name, GROUP, SOURCES, columns_from=SOURCES, partitions=REPORT_YEARS) for name in ANNUAL
    ],
    check_specs=contract_checks(*ANNUAL),
    backfill_policy=ONE_RUN,
    pool="years",
)
def annual(
    context: AssetExecutionContext, pipeline: ResourceParam[Pipeline]
) -> Iterator[MaterializeResult[Any] | AssetCheckResult]:
    """Adds up the counted facts of each year. Reports without a year are in no sum."""
    tables, marks, years = pipeline.tables, pipeline.marks, context.partition_keys
    inputs = marks.inputs("aggregated", years)
    residents = dimensions.population(marks.corrections.residents)

    def made() -> Iterator[Made]:
        for year in years:
            if year == UNKNOWN_YEAR:
                yield from ((name, year, empty_frame(load_tables()[name])) for name in ANNUAL)
                continue
            facts, reports, _ = (tables.dataset(name, [year]) for name in SOURCES)
            yield "annual_aggregates", year, annual_aggregates(facts, reports)
            facts, reports, claims = (tables.dataset(name, [int(year) - 1, year]) for name in SOURCES)
            indicators = annual_indicators(facts, reports, claims, residents, [int(year)])
            yield "annual_indicators", year, indicators

    yield from keep(context, tables, ANNUAL, made())
    marks.record("aggregated", inputs)


@multi_asset(
    specs=[
        table_spec("dim_organization", GROUP, ["dim_report"], columns_from=["dim_report"]),
        *(table_spec(name, GROUP) for name in ("population", *DIMENSIONS)),
    ],
    check_specs=contract_checks("dim_organization", "population", *DIMENSIONS),
)
def dimension(
    context: AssetExecutionContext, pipeline: ResourceParam[Pipeline]
) -> Iterator[MaterializeResult[Any] | AssetCheckResult]:
    """Makes the dimensions of the release."""
    reports = pipeline.tables.dataset("dim_report")
    made: list[Made] = [
        ("dim_organization", None, dimensions.dim_organization(reports)),
        ("population", None, dimensions.population(pipeline.corrections.residents)),
    ]
    made += [(name, None, make()) for name, make in DIMENSIONS.items()]
    yield from keep(context, pipeline.tables, [name for name, _, _ in made], made)

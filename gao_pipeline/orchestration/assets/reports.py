"""Layer `reports`: what the reports say, and what became of every file."""

from collections.abc import Iterator
from typing import Any

from dagster import AssetCheckResult, AssetExecutionContext, MaterializeResult, ResourceParam, multi_asset

from gao_pipeline.archive.ledger import make_ledger
from gao_pipeline.archive.reading import in_year, read_reports, reported_facts, stored_reports
from gao_pipeline.orchestration.keeping import Made, contract_checks, keep
from gao_pipeline.orchestration.metadata import table_spec
from gao_pipeline.orchestration.resources import Pipeline

GROUP = "reports"
TABLES = ("reported_facts", "reports")


@multi_asset(
    specs=[
        table_spec("reported_facts", GROUP, ["extracted_tables", "extracted_text"]),
        table_spec("reports", GROUP, ["extracted_text", "extracted_tables"], columns_from=["extracted_text"]),
    ],
    check_specs=contract_checks(*TABLES),
    pool="documents",
)
def read(
    context: AssetExecutionContext, pipeline: ResourceParam[Pipeline]
) -> Iterator[MaterializeResult[Any] | AssetCheckResult]:
    """Reads the documents of which no report reading is kept; writes the facts of the years that changed."""
    tables = pipeline.tables
    stage = read_reports(
        tables.read("raw_files"), tables.read("extracted_text"), tables, pipeline.mapper, pipeline.progress
    )
    context.log.info("reports read anew: %d, known before: %d", stage.read, stage.reused)
    work = {"read": stage.read, "reused": stage.reused, "changed_years": ", ".join(stage.changed_years)}

    def facts() -> Iterator[Made]:
        for year in stage.changed_years:
            reports = stored_reports(tables.home, in_year(stage.reports, year))
            yield "reported_facts", year, reported_facts(reports)

    # `reports` comes last: a run that is cut off before finds the same years changed again.
    yield from keep(context, tables, ["reported_facts"], facts(), {"reported_facts": work})
    yield from keep(context, tables, ["reports"], [("reports", None, stage.reports)], {"reports": work})


@multi_asset(
    specs=[
        table_spec(
            "ledger",
            GROUP,
            ["raw_files", "extracted_text", "reports"],
            columns_from=["raw_files", "extracted_text", "reports"],
        )
    ],
    check_specs=contract_checks("ledger"),
)
def ledger(
    context: AssetExecutionContext, pipeline: ResourceParam[Pipeline]
) -> Iterator[MaterializeResult[Any] | AssetCheckResult]:
    """Says of every file what became of it."""
    frame = make_ledger(pipeline.tables)
    counts = {str(status): int(count) for status, count in frame["status"].value_counts().items()}
    yield from keep(context, pipeline.tables, ["ledger"], [("ledger", None, frame)], {"ledger": counts})

"""Layer `documents`: what the readers made of each distinct content."""

from collections.abc import Iterator
from typing import Any

from dagster import AssetCheckResult, AssetExecutionContext, MaterializeResult, ResourceParam, multi_asset

from gao_pipeline.archive.extraction import extract
from gao_pipeline.orchestration.keeping import contract_checks, keep
from gao_pipeline.orchestration.metadata import table_spec
from gao_pipeline.orchestration.resources import Pipeline

GROUP = "documents"
TABLES = ("extracted_text", "extracted_tables")


@multi_asset(
    specs=[table_spec(name, GROUP, ["raw_files"], columns_from=["raw_files"]) for name in TABLES],
    check_specs=contract_checks(*TABLES),
    pool="documents",
)
def extracted(
    context: AssetExecutionContext, pipeline: ResourceParam[Pipeline]
) -> Iterator[MaterializeResult[Any] | AssetCheckResult]:
    """Reads the documents of which no extraction is kept."""
    tables = pipeline.tables
    stage = extract(pipeline.landing, tables.read("raw_files"), tables, pipeline.mapper, pipeline.progress)
    context.log.info("documents read anew: %d, known before: %d", stage.read, stage.reused)
    work = {"read": stage.read, "reused": stage.reused}
    made = [(name, None, getattr(stage, name)) for name in TABLES]
    yield from keep(context, tables, TABLES, made, dict.fromkeys(TABLES, work))

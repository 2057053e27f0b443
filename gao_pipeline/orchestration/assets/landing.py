"""Layer `landing`: what arrived."""

from collections.abc import Iterator
from typing import Any

from dagster import AssetCheckResult, AssetExecutionContext, MaterializeResult, ResourceParam, multi_asset

from gao_pipeline.archive.landing import raw_files as raw_files_of
from gao_pipeline.archive.landing import scan
from gao_pipeline.orchestration.keeping import contract_checks, keep
from gao_pipeline.orchestration.metadata import table_spec
from gao_pipeline.orchestration.resources import Pipeline

GROUP = "landing"


@multi_asset(specs=[table_spec("raw_files", GROUP)], check_specs=contract_checks("raw_files"))
def raw_files(
    context: AssetExecutionContext, pipeline: ResourceParam[Pipeline]
) -> Iterator[MaterializeResult[Any] | AssetCheckResult]:
    """Scans the landing folder; a file with an unchanged size and time is not opened."""
    index = scan(pipeline.landing, pipeline.landing_index)
    metadata = {"files_opened": index.hashed, "ignored": len(index.ignored)}
    made = [("raw_files", None, raw_files_of(index))]
    yield from keep(context, pipeline.tables, ["raw_files"], made, {"raw_files": metadata})

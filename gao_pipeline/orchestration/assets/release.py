"""Layer `release`: the curated release, behind its door."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetSpec,
    Failure,
    MaterializeResult,
    MetadataValue,
    ResourceParam,
    multi_asset,
)

from gao_pipeline.contracts.expectations import load_expectations
from gao_pipeline.contracts.tables import load_tables
from gao_pipeline.orchestration.metadata import OWNERS, rows_of
from gao_pipeline.orchestration.resources import Pipeline
from gao_pipeline.publishing.data_docs import DOCS_FOLDER, INDEX
from gao_pipeline.publishing.database import publish_to_database
from gao_pipeline.publishing.door import DoorVerdict
from gao_pipeline.publishing.quality_report import QUALITY_REPORT
from gao_pipeline.publishing.release import (
    PublishOptions,
    Release,
    ReleaseError,
    ReleaseRefusedError,
    publish,
)

GROUP = "release"
RELEASE = "curated_release"
REFUSED_FOLDER = "refused_folder"
BROKEN_VERDICTS = "broken_verdicts"


def door_check(expectation_id: str) -> str:
    """The name of the asset check of an expectation."""
    return expectation_id.replace(".", "_")


def obstacles(pipeline: Pipeline) -> list[str]:
    """Why no release may be made, whatever its tables say; one sentence each."""
    tables = pipeline.tables
    reasons = [
        f"report year {year} is not up to date: run the job `years`" for year in pipeline.marks.dirty_years()
    ]
    files, accounted = tables.row_count("raw_files"), tables.row_count("ledger")
    if files != accounted:
        reasons.append(f"{files} files arrived but {accounted} stand in the ledger: run the job `ingest`")
    return reasons


@multi_asset(
    specs=[
        AssetSpec(
            RELEASE,
            deps=[name for name, contract in load_tables().items() if contract.is_released],
            group_name=GROUP,
            description="发布数据 · Parquet, DuckDB, data package, quality report, Data Docs.",
            owners=OWNERS,
            kinds={"duckdb", "parquet"},
            tags={"layer": GROUP, "released": "yes"},
        )
    ],
    check_specs=[
        AssetCheckSpec(
            door_check(expectation.id),
            asset=RELEASE,
            blocking=expectation.severity == "blocking",
            description=f"{expectation.statement.zh} {expectation.statement.en}",
        )
        for suite in load_expectations()
        for expectation in suite.expectations
    ],
    pool="release",
)
def curated_release(
    pipeline: ResourceParam[Pipeline],
) -> Iterator[MaterializeResult[Any] | AssetCheckResult]:
    """Makes a release beside the current one, holds it against the door, and switches it in."""
    if reasons := obstacles(pipeline):
        raise Failure("\n".join(reasons), allow_retries=False)
    settings = pipeline.settings
    options = PublishOptions(keep=settings.keep_releases, storage_version=settings.storage_version)
    try:
        release = publish(pipeline.tables, pipeline.home, options)
    except ReleaseRefusedError as refusal:
        yield from (_check_result(verdict, Path(refusal.place)) for verdict in refusal.verdicts)
        raise Failure(str(refusal), _refusal_metadata(refusal), allow_retries=False) from refusal
    except ReleaseError as error:
        raise Failure(str(error), allow_retries=False) from error
    yield MaterializeResult(
        asset_key=RELEASE,
        metadata=_release_metadata(release),
        check_results=[_check_result(verdict, release.folder) for verdict in release.manifest.verdicts],
    )
    try:
        publish_to_database(release, settings.postgres_url)
    except ReleaseError as error:
        raise Failure(str(error), allow_retries=False) from error


def _check_result(verdict: DoorVerdict, folder: Path) -> AssetCheckResult:
    """What the door says of an expectation, with a link to it in the Data Docs of the release in `folder`."""
    data_docs = f"{(folder / DOCS_FOLDER / INDEX).as_uri()}#{verdict.id}"
    metadata: dict[str, Any] = {
        "checked": verdict.checked,
        "unexpected": verdict.unexpected,
        "data_docs": MetadataValue.url(data_docs),
    }
    if verdict.samples:
        metadata["failing_rows"] = rows_of(pd.DataFrame(verdict.samples))
    return AssetCheckResult(
        asset_key=RELEASE,
        check_name=door_check(verdict.id),
        passed=verdict.success,
        severity=AssetCheckSeverity.ERROR if verdict.severity == "blocking" else AssetCheckSeverity.WARN,
        metadata={name: value for name, value in metadata.items() if value is not None},
        description=verdict.detail,
    )


def _refusal_metadata(refusal: ReleaseRefusedError) -> dict[str, Any]:
    broken = [msgspec.structs.replace(verdict, samples=()) for verdict in refusal.broken]
    return {
        REFUSED_FOLDER: MetadataValue.path(str(refusal.place)),
        BROKEN_VERDICTS: MetadataValue.json(msgspec.to_builtins(broken)),
    }


def _release_metadata(release: Release) -> dict[str, Any]:
    rows = pd.DataFrame(sorted(release.manifest.rows.items()), columns=["table", "rows"])
    return {
        "release": release.id,
        "is_new": release.is_new,
        "folder": MetadataValue.path(str(release.folder)),
        "quality_report": MetadataValue.url((release.folder / QUALITY_REPORT).as_uri()),
        "data_docs": MetadataValue.url((release.folder / DOCS_FOLDER / INDEX).as_uri()),
        "rows": rows_of(rows, len(rows)),
    }

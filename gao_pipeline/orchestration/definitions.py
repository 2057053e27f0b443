"""All definitions, put together afresh for every caller."""

from __future__ import annotations

from dagster import Definitions, in_process_executor, multiprocess_executor

from gao_pipeline.archive.progress import Progress, Silent
from gao_pipeline.orchestration.alerts import ALERTS
from gao_pipeline.orchestration.assets import aggregates, documents, landing, release, reports, validation
from gao_pipeline.orchestration.checks import all_checks
from gao_pipeline.orchestration.jobs import JOBS
from gao_pipeline.orchestration.resources import Pipeline
from gao_pipeline.orchestration.schedules import nightly
from gao_pipeline.orchestration.sensors import SENSORS
from gao_pipeline.settings import Settings

ASSETS = (
    landing.raw_files,
    documents.extracted,
    reports.read,
    reports.ledger,
    validation.validated,
    aggregates.annual,
    aggregates.dimension,
    release.curated_release,
)


def build_definitions(settings: Settings | None = None, progress: Progress | None = None) -> Definitions:
    """Fresh definitions over `settings`, by default those of the environment.

    Args:
        progress: hears how far the reading of documents is.
    """
    settings = settings or Settings()
    return Definitions(
        assets=ASSETS,
        asset_checks=all_checks(),
        jobs=JOBS,
        schedules=[nightly],
        sensors=[*SENSORS, *ALERTS],
        resources={"pipeline": Pipeline(settings, progress or Silent())},
        executor=multiprocess_executor if settings.executor == "multiprocess" else in_process_executor,
    )

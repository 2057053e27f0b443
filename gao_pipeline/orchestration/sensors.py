"""What starts runs by itself: files that arrive, and runs that end.

Runs of `gao run` carry the tag `EMBEDDED` and are left alone: that command does all three jobs itself.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from dagster import (
    DagsterRunStatus,
    DefaultSensorStatus,
    ResourceParam,
    RunRequest,
    RunStatusSensorContext,
    SensorDefinition,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    run_status_sensor,
    sensor,
)

from gao_pipeline.archive.digests import digest
from gao_pipeline.archive.years import spans
from gao_pipeline.orchestration.jobs import INGEST, RELEASE, ingest_job, release_job, years_job
from gao_pipeline.orchestration.partitions import span_tags
from gao_pipeline.orchestration.resources import Pipeline

EMBEDDED = "gao/embedded"
_SETTLED_SECONDS = 60


@sensor(job_name=INGEST, minimum_interval_seconds=60)
def landing_folder(
    context: SensorEvaluationContext, pipeline: ResourceParam[Pipeline]
) -> SensorResult | SkipReason:
    """Starts `ingest` when the landing folder has changed and nothing has been written to it for a minute."""
    state, newest = _folder_state(pipeline.landing)
    if state == context.cursor:
        return SkipReason("nothing has arrived")
    if newest > time.time() - _SETTLED_SECONDS:
        return SkipReason("files are still arriving")
    return SensorResult([RunRequest(run_key=state)], cursor=state)


@run_status_sensor(
    run_status=DagsterRunStatus.SUCCESS,
    monitored_jobs=[ingest_job],
    request_jobs=[years_job, release_job],
    default_status=DefaultSensorStatus.RUNNING,
)
def years_after_ingest(
    context: RunStatusSensorContext, pipeline: ResourceParam[Pipeline]
) -> Iterator[RunRequest | SkipReason]:
    """Turns newly read documents into runs of the years they touch, one per span of years."""
    if EMBEDDED in context.dagster_run.tags:
        yield SkipReason("`gao run` makes the years itself")
        return
    years = pipeline.marks.dirty_years()
    for span in spans(years):
        run_key = f"{context.dagster_run.run_id}:{span[0]}"
        yield RunRequest(job_name=years_job.name, run_key=run_key, tags=span_tags(span))
    if not years:
        yield RunRequest(job_name=RELEASE, run_key=context.dagster_run.run_id)


@run_status_sensor(
    run_status=DagsterRunStatus.SUCCESS,
    monitored_jobs=[years_job],
    request_job=release_job,
    default_status=DefaultSensorStatus.RUNNING,
)
def release_after_years(
    context: RunStatusSensorContext, pipeline: ResourceParam[Pipeline]
) -> RunRequest | SkipReason:
    """Starts `release` once no year is left to be made."""
    if EMBEDDED in context.dagster_run.tags:
        return SkipReason("`gao run` makes the release itself")
    if years := pipeline.marks.dirty_years():
        return SkipReason(f"years still to be made: {', '.join(years)}")
    return RunRequest(run_key=context.dagster_run.run_id)


SENSORS: tuple[SensorDefinition, ...] = (landing_folder, years_after_ingest, release_after_years)


def _folder_state(folder: Path) -> tuple[str, float]:
    """A digest of names, sizes and times below a folder, and the newest time (seconds since 1970)."""
    entries = []
    newest = 0.0
    for root, _, names in os.walk(folder):
        for name in names:
            status = Path(root, name).lstat()
            entries.append((Path(root, name), status.st_size, status.st_mtime_ns))
            newest = max(newest, status.st_mtime)
    return digest(sorted(entries)), newest

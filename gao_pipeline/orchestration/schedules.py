"""When the main job runs by the clock."""

from __future__ import annotations

from dagster import ScheduleDefinition

from gao_pipeline.orchestration.jobs import INGEST

nightly = ScheduleDefinition(
    name="nightly",
    job_name=INGEST,
    cron_schedule="30 1 * * *",
    execution_timezone="Asia/Shanghai",
    description="Reads what arrived; `years_after_ingest` and `release_after_years` follow it up.",
)

"""Who is told when a run fails or a check of severity ERROR does: the log, and `GAO_ALERT_WEBHOOK` if set."""

import json
import urllib.request
from collections.abc import Iterator

from dagster import (
    AssetCheckEvaluation,
    AssetCheckSeverity,
    DagsterEventType,
    DagsterInstance,
    DagsterRunStatus,
    DefaultSensorStatus,
    ResourceParam,
    RunFailureSensorContext,
    RunStatusSensorContext,
    SensorDefinition,
    run_failure_sensor,
    run_status_sensor,
)
from pydantic import HttpUrl

from gao_pipeline.orchestration.resources import Pipeline

_TIMEOUT_SECONDS = 10


@run_failure_sensor(default_status=DefaultSensorStatus.RUNNING)
def alert_on_failed_run(context: RunFailureSensorContext, pipeline: ResourceParam[Pipeline]) -> None:
    """Tells of a run that failed."""
    run = context.dagster_run
    text = f"{run.job_name} failed (run {run.run_id}): {context.failure_event.message}"
    context.log.error(text)
    tell(pipeline.settings.alert_webhook, text)


@run_status_sensor(run_status=DagsterRunStatus.SUCCESS, default_status=DefaultSensorStatus.RUNNING)
def alert_on_failed_checks(context: RunStatusSensorContext, pipeline: ResourceParam[Pipeline]) -> None:
    """Tells of the checks of severity ERROR that failed in a run."""
    run = context.dagster_run
    failed = [
        f"{check.asset_key.to_user_string()}.{check.check_name}"
        for check in evaluations(context.instance, run.run_id)
        if not check.passed and check.severity is AssetCheckSeverity.ERROR
    ]
    if failed:
        text = f"{run.job_name} (run {run.run_id}): failed checks {', '.join(failed)}"
        context.log.error(text)
        tell(pipeline.settings.alert_webhook, text)


def evaluations(instance: DagsterInstance, run_id: str) -> Iterator[AssetCheckEvaluation]:
    """Every result of an asset check in a run."""
    for record in instance.all_logs(run_id, of_type=DagsterEventType.ASSET_CHECK_EVALUATION):
        if record.dagster_event is not None:
            yield record.dagster_event.asset_check_evaluation_data


def tell(webhook: HttpUrl | None, text: str) -> None:
    """Posts `{"text": …}` to a webhook, as most chat tools take it; nothing without one.

    Raises:
        OSError: the webhook did not take it; the tick of the sensor fails and shows it.
    """
    if webhook is None:
        return
    request = urllib.request.Request(  # noqa: S310 - http and https only, checked by the settings
        str(webhook),
        data=json.dumps({"text": text}, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS):  # noqa: S310
        pass


ALERTS: tuple[SensorDefinition, ...] = (alert_on_failed_run, alert_on_failed_checks)

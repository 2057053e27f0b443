"""Sensors and alerts: what starts runs, what follows them, who is told."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from dagster import (
    DagsterEvent,
    DagsterEventType,
    DagsterInstance,
    DagsterRun,
    RunRequest,
    RunStatusSensorContext,
    SensorResult,
    SkipReason,
    build_run_status_sensor_context,
    build_sensor_context,
)
from pydantic import HttpUrl

from gao_pipeline.orchestration.alerts import tell
from gao_pipeline.orchestration.resources import Pipeline
from gao_pipeline.orchestration.sensors import (
    EMBEDDED,
    landing_folder,
    release_after_years,
    years_after_ingest,
)
from gao_pipeline.settings import Settings

LONG_AGO = time.time() - 3600


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    (tmp_path / "landing").mkdir()
    return Pipeline(Settings(home=tmp_path / "home", landing=tmp_path / "landing"))


def tick(pipeline: Pipeline, cursor: str | None = None) -> SensorResult | SkipReason:
    with DagsterInstance.ephemeral() as instance:
        return landing_folder(build_sensor_context(instance=instance, cursor=cursor), pipeline=pipeline)


def arrive(pipeline: Pipeline, name: str, when: float = LONG_AGO) -> None:
    path = pipeline.landing / name
    path.write_text(name)
    os.utime(path, (when, when))


@contextmanager
def ended(job: str, embedded: bool = False) -> Iterator[RunStatusSensorContext]:
    """The context of a sensor that hears of a run that succeeded."""
    with DagsterInstance.ephemeral() as instance:
        yield build_run_status_sensor_context(
            sensor_name="follow_up",
            dagster_instance=instance,
            dagster_run=DagsterRun(job_name=job, run_id="run-1", tags={EMBEDDED: "true"} if embedded else {}),
            dagster_event=DagsterEvent(DagsterEventType.PIPELINE_SUCCESS.value, job_name=job),
        )


def after_ingest(pipeline: Pipeline, embedded: bool = False) -> list[Any]:
    with ended("ingest", embedded) as context:
        return list(years_after_ingest(context, pipeline=pipeline))


def after_years(pipeline: Pipeline, embedded: bool = False) -> Any:
    with ended("years", embedded) as context:
        return release_after_years(context, pipeline=pipeline)


class TestLandingFolder:
    def test_a_file_that_arrived_starts_a_run_once(self, pipeline: Pipeline) -> None:
        arrive(pipeline, "a.txt")
        result = tick(pipeline)
        assert isinstance(result, SensorResult)
        assert isinstance(tick(pipeline, result.cursor), SkipReason)

    def test_a_removed_file_starts_a_run_too(self, pipeline: Pipeline) -> None:
        arrive(pipeline, "a.txt")
        arrive(pipeline, "b.txt")
        result = tick(pipeline)
        assert isinstance(result, SensorResult)
        (pipeline.landing / "b.txt").unlink()
        assert isinstance(tick(pipeline, result.cursor), SensorResult)

    def test_an_upload_is_awaited(self, pipeline: Pipeline) -> None:
        arrive(pipeline, "a.txt", time.time())
        assert isinstance(tick(pipeline), SkipReason)


class TestFollowUps:
    @pytest.fixture
    def dirty(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        years: list[str] = []
        monkeypatch.setattr(
            "gao_pipeline.archive.years.YearMarks.dirty_years", lambda _: tuple(years), raising=True
        )
        return years

    def test_dirty_years_become_one_run_per_span(self, pipeline: Pipeline, dirty: list[str]) -> None:
        dirty += ["2019", "2020", "2022", "unknown"]
        requests = after_ingest(pipeline)
        assert [
            (
                request.job_name,
                request.tags["dagster/asset_partition_range_start"],
                request.tags["dagster/asset_partition_range_end"],
            )
            for request in requests
        ] == [("years", "2019", "2020"), ("years", "2022", "2022"), ("years", "unknown", "unknown")]

    def test_the_release_follows_where_no_year_is_dirty(self, pipeline: Pipeline, dirty: list[str]) -> None:
        (request,) = after_ingest(pipeline)
        assert request.job_name == "release"

    def test_the_release_waits_for_the_last_year(self, pipeline: Pipeline, dirty: list[str]) -> None:
        dirty.append("2022")
        assert isinstance(after_years(pipeline), SkipReason)
        dirty.clear()
        assert isinstance(after_years(pipeline), RunRequest)

    def test_runs_of_the_command_line_are_left_alone(self, pipeline: Pipeline, dirty: list[str]) -> None:
        dirty.append("2022")
        assert [type(r) for r in after_ingest(pipeline, embedded=True)] == [SkipReason]
        assert isinstance(after_years(pipeline, embedded=True), SkipReason)


def test_the_webhook_is_told() -> None:
    received: list[dict[str, str]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    tell(HttpUrl(f"http://127.0.0.1:{server.server_port}/"), "ingest failed 失败")
    thread.join()
    server.server_close()
    assert received == [{"text": "ingest failed 失败"}]


def test_without_a_webhook_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: pytest.fail("something was sent"))
    tell(None, "ingest failed")

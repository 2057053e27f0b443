"""The main job in this process: ingest → years → release, in the Dagster instance of the home."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from dagster import DagsterEvent, DagsterInstance, DagsterRunStatus, Definitions, RunsFilter

from gao_pipeline.archive.home import Home
from gao_pipeline.archive.progress import Progress
from gao_pipeline.archive.tables import TableStore
from gao_pipeline.archive.years import spans
from gao_pipeline.checking.corrections import Correction
from gao_pipeline.checking.model import Severity
from gao_pipeline.orchestration.assets.release import BROKEN_VERDICTS, REFUSED_FOLDER
from gao_pipeline.orchestration.assets.release import RELEASE as RELEASE_ASSET
from gao_pipeline.orchestration.definitions import build_definitions
from gao_pipeline.orchestration.instance import open_instance
from gao_pipeline.orchestration.jobs import INGEST, RELEASE, YEARS
from gao_pipeline.orchestration.partitions import span_tags
from gao_pipeline.orchestration.resources import Pipeline
from gao_pipeline.orchestration.sensors import EMBEDDED
from gao_pipeline.publishing.door import DoorVerdict
from gao_pipeline.publishing.release import current_release
from gao_pipeline.settings import Settings

_UNFINISHED = [
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
]
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class QuarantinedFile(NamedTuple):
    """A file that gave no report, with the code of the reason and what was found."""

    path: str
    reason: str
    detail: str | None


class Refusal(NamedTuple):
    """A blocking verdict of the door (its samples left out), and the folder of the release it refused."""

    verdict: DoorVerdict
    folder: Path


@dataclass(frozen=True)
class Ledger:
    """What became of the files: `files = read + len(quarantined) + duplicates`."""

    files: int
    read: int
    duplicates: int
    ignored: int
    quarantined: tuple[QuarantinedFile, ...]


@dataclass(frozen=True)
class Work:
    """How much of a run was work: documents and reports read anew and known before, years made again."""

    documents_read: int
    documents_reused: int
    reports_read: int
    reports_reused: int
    years_made: tuple[str, ...]


@dataclass(frozen=True)
class RunSummary:
    """A run of the main job, in the figures that are printed at its end.

    `release` is the id of the current release and `release_folder` its folder, `None` where there is none
    yet. `release_is_new` says whether this run made it. `refusals` are the verdicts for which the door
    let none through, `failures` the steps that broke. `unplaced` corrects reports that are not held.
    """

    ledger: Ledger
    work: Work
    facts: int
    findings: Mapping[str, int]
    reports_per_year: Mapping[str, int]
    release: str | None
    release_folder: Path | None
    release_is_new: bool
    refusals: tuple[Refusal, ...]
    failures: tuple[str, ...]
    unplaced: tuple[Correction, ...]

    @property
    def succeeded(self) -> bool:
        """Whether every step ran and the release is that of the data."""
        return not self.refusals and not self.failures


def run_pipeline(settings: Settings, progress: Progress | None = None) -> RunSummary:
    """Runs the three jobs one after the other and sums up what they did.

    Reports that cannot be read and findings do not fail a run; a refused release and a broken step do.
    """
    definitions = build_definitions(settings, progress)
    pipeline = Pipeline(settings)
    with open_instance(settings) as instance, _alone(pipeline.home) as is_alone:
        runs = _Runs(definitions, instance)
        if is_alone:
            runs.close_abandoned()
            _run_jobs(runs, pipeline)
        else:
            runs.failures.append("another run of the pipeline works on this home; wait until it has ended")
    return _summary(pipeline, runs)


def _run_jobs(runs: _Runs, pipeline: Pipeline) -> None:
    if not runs.run(INGEST):
        return
    for span in spans(pipeline.marks.dirty_years()):
        if not runs.run(YEARS, span_tags(span)):
            return
        runs.years_made += span
    runs.run(RELEASE)


@contextmanager
def _alone(home: Home) -> Iterator[bool]:
    """Whether no other process runs the main job on this home; none will until the block ends."""
    with (home.dagster / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


class _Runs:
    """Runs jobs of one set of definitions, and keeps what they reported."""

    def __init__(self, definitions: Definitions, instance: DagsterInstance) -> None:
        self._definitions = definitions
        self._instance = instance
        self.metadata: dict[str, Mapping[str, Any]] = {}
        self.years_made: list[str] = []
        self.refusals: list[Refusal] = []
        self.failures: list[str] = []

    def close_abandoned(self) -> None:
        """Says of runs whose process was killed that they failed."""
        unfinished = RunsFilter(statuses=_UNFINISHED, tags={EMBEDDED: "true"})
        for run in self._instance.get_runs(unfinished):
            self._instance.report_run_failed(run, "The process ended before the run did.")

    def run(self, job: str, tags: Mapping[str, str] | None = None) -> bool:
        """Runs a job; returns whether it succeeded."""
        result = self._definitions.resolve_job_def(job).execute_in_process(
            instance=self._instance,
            run_config=_QUIET,
            tags={EMBEDDED: "true", **(tags or {})},
            raise_on_error=False,
        )
        for event in result.get_asset_materialization_events():
            materialization = event.materialization
            self.metadata[materialization.asset_key.to_user_string()] = {
                name: value.value for name, value in materialization.metadata.items()
            }
        for event in result.filter_events(lambda event: event.is_step_failure):
            self._failed(event)
        return bool(result.success)

    def _failed(self, event: DagsterEvent) -> None:
        data = event.step_failure_data
        said = data.user_failure_data.description if data.user_failure_data else None
        metadata = data.user_failure_data.metadata if data.user_failure_data else {}
        if BROKEN_VERDICTS in metadata:
            verdicts = msgspec.convert(metadata[BROKEN_VERDICTS].value, list[DoorVerdict])
            folder = Path(str(metadata[REFUSED_FOLDER].value))
            self.refusals += (Refusal(verdict, folder) for verdict in verdicts)
        else:
            error = data.error
            while error is not None and error.cause is not None:
                error = error.cause
            self.failures.append(f"{event.step_key}: {said or (error.message.strip() if error else '')}")


def _summary(pipeline: Pipeline, runs: _Runs) -> RunSummary:
    tables, release = pipeline.tables, current_release(pipeline.home)
    documents, reports = (runs.metadata.get(name, {}) for name in ("extracted_text", "reported_facts"))
    reports_held = tables.dataset("dim_report").to_table(["organization", "report_year"]).to_pandas()
    findings = tables.dataset("findings").to_table(["severity"]).to_pandas()["severity"].value_counts()
    return RunSummary(
        ledger=_ledger(tables, runs.metadata.get("raw_files", {}).get("ignored", 0)),
        work=Work(
            documents_read=documents.get("read", 0),
            documents_reused=documents.get("reused", 0),
            reports_read=reports.get("read", 0),
            reports_reused=reports.get("reused", 0),
            years_made=tuple(runs.years_made),
        ),
        facts=tables.row_count("validated_facts"),
        findings={str(severity): int(findings.get(severity, 0)) for severity in Severity},
        reports_per_year={year: tables.row_count("dim_report", year) for year in tables.years("dim_report")},
        release=release.id if release else None,
        release_folder=release.folder if release else None,
        release_is_new=bool(runs.metadata.get(RELEASE_ASSET, {}).get("is_new")),
        refusals=tuple(runs.refusals),
        failures=tuple(runs.failures),
        unplaced=() if runs.failures else pipeline.corrections.unplaced(reports_held),
    )


def _ledger(tables: TableStore, ignored: int) -> Ledger:
    ledger = tables.read("ledger")
    statuses = ledger["status"].value_counts()
    quarantined = ledger[ledger["status"] == "quarantined"]
    details = quarantined["detail"].astype(object).where(quarantined["detail"].notna(), None)
    return Ledger(
        files=tables.row_count("raw_files"),
        read=int(statuses.get("read", 0)),
        duplicates=int(statuses.get("duplicate", 0)),
        ignored=ignored,
        quarantined=tuple(
            QuarantinedFile(*file)
            for file in zip(quarantined["path"], quarantined["reason"], details, strict=True)
        ),
    )

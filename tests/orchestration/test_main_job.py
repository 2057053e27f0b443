"""The real definitions on a home of their own: files arrive, change and go; none is lost or read twice."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from pathlib import Path

import msgspec
import pytest
from dagster import AssetKey, DagsterRunStatus

from gao_pipeline.archive.home import Home
from gao_pipeline.archive.tables import TableStore
from gao_pipeline.contracts.loading import Bilingual
from gao_pipeline.orchestration.alerts import evaluations
from gao_pipeline.orchestration.definitions import build_definitions
from gao_pipeline.orchestration.instance import open_instance
from gao_pipeline.orchestration.running import RunSummary, run_pipeline
from gao_pipeline.orchestration.sensors import EMBEDDED
from gao_pipeline.publishing.door import DoorVerdict
from gao_pipeline.settings import Settings

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "reports"
STREET = "涧西区星桥街道办事处"
COMMERCE = "会昌县示例商务局"
LONG_AGO = time.time() - 3600


class Office:
    """A landing folder and a home, and what the runs over them said."""

    def __init__(self, root: Path) -> None:
        self.landing = root / "landing"
        self.landing.mkdir()
        self.settings = Settings(home=root / "home", landing=self.landing, mapper="in_process")
        self.tables = TableStore(Home(self.settings.home))

    def put(self, name: str, source: str | None = None) -> None:
        shutil.copyfile(SAMPLES / (source or name), self.landing / name)
        os.utime(self.landing / name, (LONG_AGO, LONG_AGO))

    def run(self) -> RunSummary:
        return run_pipeline(self.settings)

    def released(self) -> set[str]:
        return set(self.tables.read("dim_report")["path"])


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(tmp_path_factory.mktemp("office"))
    for year in (2021, 2022, 2023, 2024):
        office.put(f"{STREET}-{year}.txt")
    office.put(f"{COMMERCE}-2022.docx")
    for other in ("broken.docx", "empty.txt", "notice.html"):
        office.put(other)
    office.put("副本.txt", f"{STREET}-2022.txt")
    (office.landing / "~$lock.docx").write_bytes(b"lock")
    (office.landing / "unknown.bin").write_bytes(bytes(range(256)) * 8)
    return office


@pytest.fixture(scope="module")
def first(office: Office) -> RunSummary:
    return office.run()


@pytest.fixture(scope="module")
def second(office: Office, first: RunSummary) -> RunSummary:
    return office.run()


@pytest.fixture(scope="module")
def third(office: Office, second: RunSummary) -> RunSummary:
    """After a report was removed and another was replaced by one of another year."""
    (office.landing / f"{STREET}-2024.txt").unlink()
    office.put(f"{COMMERCE}-2022.docx", f"{COMMERCE}-2020.docx")
    return office.run()


class TestFirstRun:
    def test_the_ledger_adds_up_and_names_every_reason(self, first: RunSummary) -> None:
        assert first.failures == ()
        assert first.refusals == ()
        ledger = first.ledger
        assert (ledger.files, ledger.read, ledger.duplicates, ledger.ignored) == (10, 5, 1, 1)
        assert {file.path: file.reason for file in ledger.quarantined} == {
            "broken.docx": "corrupt_file",
            "empty.txt": "empty_file",
            "notice.html": "no_report_in_page",
            "unknown.bin": "unknown_type",
        }
        assert ledger.files == ledger.read + len(ledger.quarantined) + ledger.duplicates

    def test_every_year_that_has_reports_is_made(self, first: RunSummary) -> None:
        assert first.work.years_made == ("2021", "2022", "2023", "2024")
        assert first.reports_per_year == {"2021": 1, "2022": 2, "2023": 1, "2024": 1}
        assert first.facts > 0

    def test_planted_mistakes_are_found_and_their_cells_are_not_counted(
        self, office: Office, first: RunSummary
    ) -> None:
        findings = office.tables.read("findings")
        errors = findings[findings["severity"] == "error"]
        assert set(errors["rule"]) == {"applications.concluded_total", "applications.row_total"}
        assert first.findings["error"] == len(errors)
        facts = office.tables.read("validated_facts", 2022)
        assert facts["suspect"].any()
        assert not (facts["suspect"] & facts["counted"]).any()

    def test_a_mistake_of_one_office_does_not_stop_the_release(self, first: RunSummary) -> None:
        assert first.release_is_new
        assert first.release_folder is not None
        assert (first.release_folder / "gao.duckdb").is_file()

    def test_the_runs_and_the_checks_stand_in_the_instance(self, office: Office, first: RunSummary) -> None:
        with open_instance(office.settings) as instance:
            runs = instance.get_runs()
            assert [run.job_name for run in reversed(runs)][:3] == ["ingest", "years", "release"]
            results = {
                (check.asset_key.to_user_string(), check.check_name): check
                for run in runs
                for check in evaluations(instance, run.run_id)
            }
            applications = results["validated_facts", "applications"]
            assert not applications.passed
            assert len(applications.metadata["failing_rows"].records) == first.findings["error"]
            assert results["ledger", "adds_up"].passed
            assert not results["ledger", "nothing_quarantined"].passed
            assert results["validated_facts", "contract"].passed
            row_checks = results["validated_facts", "row_checks"]
            found = {record.data["rule"] for record in row_checks.metadata["failing_rows"].records}
            assert {"applications.concluded_total", "applications.row_total"} <= found
            partitions = instance.get_materialized_partitions(AssetKey("validated_facts"))
            assert partitions == {"2021", "2022", "2023", "2024"}


class TestSecondRun:
    def test_nothing_is_read_again(self, second: RunSummary) -> None:
        work = second.work
        assert (work.documents_read, work.reports_read, work.years_made) == (0, 0, ())
        assert (work.documents_reused, work.reports_reused) == (9, 6)

    def test_the_release_is_the_same(self, first: RunSummary, second: RunSummary) -> None:
        assert second.succeeded
        assert (second.release, second.release_is_new) == (first.release, False)


class TestThirdRun:
    def test_only_what_changed_is_read(self, third: RunSummary) -> None:
        assert third.failures == ()
        assert (third.work.documents_read, third.work.reports_read) == (1, 1)

    def test_only_years_that_changed_and_those_after_them_are_made(self, third: RunSummary) -> None:
        # 2020 came, 2022 lost a report, 2024 its only one; 2021 and 2023 look back at a year that changed.
        assert third.work.years_made == ("2020", "2021", "2022", "2023", "2024")
        assert third.reports_per_year == {"2020": 1, "2021": 1, "2022": 1, "2023": 1}

    def test_the_removed_report_has_left(self, office: Office, third: RunSummary) -> None:
        assert f"{STREET}-2024.txt" not in office.released()
        assert third.ledger.files == 9
        for table in ("reported_facts", "validated_facts", "annual_aggregates"):
            assert "2024" not in office.tables.years(table)
        assert f"{STREET}-2024.txt" not in set(office.tables.read("ledger")["path"])


def test_a_refused_release_is_told_with_the_verdicts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(tmp_path)
    office.put(f"{STREET}-2024.txt")
    statement = Bilingual(zh="每份报告只计一次。", en="Every report is counted once.")
    broken = DoorVerdict(
        id="aggregates.sums",
        suite="aggregates",
        severity="blocking",
        statement=statement,
        success=False,
        checked=1,
        unexpected=1,
        samples=({"report_id": "a" * 16},),
    )
    passed = msgspec.structs.replace(broken, id="aggregates.coverage", success=True, unexpected=0)
    monkeypatch.setattr("gao_pipeline.publishing.release.check_duckdb", lambda *_, **__: (passed, broken))
    summary = office.run()
    assert summary.failures == ()
    (refusal,) = summary.refusals
    assert refusal.verdict == msgspec.structs.replace(broken, samples=())
    assert refusal.folder.is_dir()


class TestOneAtATime:
    def test_a_second_run_on_the_same_home_is_turned_away(self, office: Office, third: RunSummary) -> None:
        with (office.tables.home.dagster / "run.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            summary = office.run()
        assert not summary.succeeded
        assert "another run" in summary.failures[0]
        assert summary.release == third.release

    def test_a_run_whose_process_was_killed_does_not_stay_under_way(
        self, office: Office, third: RunSummary
    ) -> None:
        with open_instance(office.settings) as instance:
            killed = instance.create_run_for_job(
                build_definitions(office.settings).resolve_job_def("ingest"),
                status=DagsterRunStatus.STARTED,
                tags={EMBEDDED: "true"},
            )
        assert office.run().succeeded
        with open_instance(office.settings) as instance:
            run = instance.get_run_by_id(killed.run_id)
            assert run is not None
            assert run.status is DagsterRunStatus.FAILURE

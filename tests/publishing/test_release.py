"""A release is complete, described, switched in at once, kept, compared and rolled back."""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import pandas as pd
import pyarrow.parquet
import pytest

from gao_pipeline.archive.home import Home
from gao_pipeline.contracts.forms import FactCode
from gao_pipeline.contracts.tables import load_tables
from gao_pipeline.publishing.ddl import WideView, cell_titles, released_tables, wide_views
from gao_pipeline.publishing.release import (
    PublishOptions,
    Release,
    ReleaseError,
    ReleaseRefusedError,
    current_release,
    find_release,
    list_releases,
    publish,
    rollback,
)
from gao_pipeline.publishing.staging import stage_data

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
def open_door(monkeypatch: pytest.MonkeyPatch) -> None:
    """Publishes without the door, which has its own tests and takes seconds."""
    monkeypatch.setattr("gao_pipeline.publishing.release.check_duckdb", lambda *_, **__: ())


def query(release: Release, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(release.folder / "gao.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_holds_every_released_table_with_comments(released: Release) -> None:
    comments = dict(query(released, "SELECT table_name, comment FROM duckdb_tables()"))
    columns = dict(query(released, "SELECT table_name || '.' || column_name, comment FROM duckdb_columns()"))
    for table in released_tables():
        assert comments[table.physical_name].startswith(table.business_name)
        for column in table.properties:
            assert (
                columns[f"{table.physical_name}.{column.name}"]
                == f"{column.business_name}: {column.description}"
            )
        assert query(released, f"SELECT count(*) FROM {table.physical_name}") == [
            (released.manifest.rows[table.physical_name],)
        ]


def test_database_is_written_in_the_storage_version_of_older_drivers(released: Release) -> None:
    (tags,) = query(released, "SELECT tags FROM duckdb_databases() WHERE database_name = 'gao'")[0]
    assert tags["storage_version"].startswith("v1.0.0")


@pytest.mark.parametrize("view", wide_views(), ids=lambda view: view.contract.name)
def test_wide_views_give_every_cell_a_chinese_column(released: Release, view: WideView) -> None:
    titles = cell_titles(view.form, view.table)
    assert all(len(title.encode()) <= 63 for title in (view.name, *view.contract.columns))
    rows = {title.rpartition("·")[0] for title in titles.values()}
    assert len(rows) == len({code.row for code in titles}), "a row has one short label"
    with duckdb.connect(str(released.folder / "gao.duckdb"), read_only=True) as connection:
        frame = connection.sql(f'FROM "{view.name}"').df()
    assert list(frame.columns) == list(view.contract.columns)
    assert list(frame.columns[-len(titles) :]) == list(titles.values())
    assert len(frame) == 4
    facts = query(
        released,
        "SELECT report_id, row_code, column_code, value FROM fact_reported_value"
        f" WHERE table_code = '{view.table.code}' AND table_form = '{view.form.form}'",
    )
    (report_id,) = view.contract.primary_key
    sheet = pd.read_csv(released.folder / "csv" / f"{view.name}.csv", dtype={report_id: str})
    for wide in (frame.set_index(report_id), sheet.set_index(report_id)):
        for report, row, column, value in facts:
            assert wide.at[report, titles[FactCode(view.table.code, row, column)]] == value


def test_parquet_files_are_complete_and_named_by_year(released: Release) -> None:
    folder = released.folder / "parquet" / "fact_reported_value"
    assert [path.name for path in sorted(folder.iterdir())] == [
        f"{year}.parquet" for year in range(2019, 2023)
    ]
    frame = pd.read_parquet(folder)
    assert list(frame.columns) == list(load_tables()["validated_facts"].columns)
    assert len(frame) == released.manifest.rows["fact_reported_value"]
    assert (released.folder / "parquet" / "dim_report" / "unknown.parquet").is_file()


def test_csv_opens_in_excel(released: Release) -> None:
    path = released.folder / "csv" / "dim_organization.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert "虚构县商务局" in set(pd.read_csv(path)["name"])


def test_data_package_is_valid_and_sees_a_changed_file(released: Release, tmp_path: Path) -> None:
    descriptor = released.folder / "datapackage.json"
    report = frictionless.validate(str(descriptor))
    assert report.valid, report.flatten(["name", "title", "note"])
    described = json.loads(descriptor.read_text("utf-8"))
    assert "every data file" in described["description"]
    files = {resource["path"] for resource in described["resources"]}
    held = {path.relative_to(released.folder).as_posix() for path in released.folder.rglob("*.parquet")}
    assert held | {"gao.duckdb"} <= files
    for resource in described["resources"]:
        target = tmp_path / resource["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((released.folder / resource["path"]).read_bytes())
    (tmp_path / "datapackage.json").write_bytes(descriptor.read_bytes())
    changed = tmp_path / "csv" / "ledger.csv"
    changed.write_bytes(changed.read_bytes().replace(b"copy.docx", b"cope.docx"))
    assert not frictionless.validate(str(tmp_path / "datapackage.json")).valid


def test_describes_itself(released: Release) -> None:
    assert "`" not in (released.folder / "data_dictionary.html").read_text("utf-8")
    dictionary = (released.folder / "data_dictionary.md").read_text("utf-8")
    report = (released.folder / "quality_report.html").read_text("utf-8")
    for table in released_tables():
        assert f"## {table.physical_name}\n" in dictionary
        assert (released.folder / "contracts" / f"{table.name}.odcs.yaml").is_file()
    for expected in ("2020年，我局共收到政府信息公开申请17件。", "broken.pdf", "文件已损坏", "很可能应为 3"):
        assert expected in report
    assert (released.folder / "data_docs" / "index.html").is_file()
    assert released.manifest.verdicts
    assert all(verdict.success for verdict in released.manifest.verdicts)


@pytest.mark.usefixtures("open_door")
class TestPublishing:
    def test_nothing_changed_means_no_new_release(self, home: Home, archive: Callable[..., Any]) -> None:
        store = archive().write(home)
        first = publish(store, home, now=NOON)
        second = publish(store, home, now=NOON + timedelta(days=1))
        assert (first.is_new, second.is_new) == (True, False)
        assert [release.id for release in list_releases(home)] == [first.id] == [second.id]

    def test_readers_keep_what_they_opened_and_see_the_new_one_next(
        self, home: Home, archive: Callable[..., Any]
    ) -> None:
        publish(archive((2021,)).write(home), home, now=NOON)
        path = home.releases / "current" / "gao.duckdb"
        with duckdb.connect(str(path), read_only=True) as old:
            before = old.execute("SELECT count(*) FROM dim_report").fetchone()
            new = publish(archive((2021, 2022)).write(home), home, now=NOON + timedelta(days=1))
            assert old.execute("SELECT count(*) FROM dim_report").fetchone() == before == (3,)
        assert (home.releases / "current").readlink() == Path(new.id)
        assert query(new, "SELECT count(*) FROM dim_report") == [(5,)]

    def test_readers_of_other_processes_never_fail_nor_see_a_mixture(
        self, home: Home, archive: Callable[..., Any], tmp_path: Path
    ) -> None:
        stop = tmp_path / "stop"
        releases = [publish(archive((2021,)).write(home), home, now=NOON)]
        command = [sys.executable, "-c", _READER, str(home.releases / "current" / "gao.duckdb"), str(stop)]
        readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
        for day, years in enumerate(((2021, 2022), (2022,), (2020, 2021)), start=1):
            store = archive(years).write(home)
            for table in ("annual_aggregates", "annual_indicators", "dim_report", "validated_facts"):
                for year in set(map(int, store.years(table)[:-1])) - set(years):
                    store.remove(table, year)
            releases.append(publish(store, home, PublishOptions(keep=2), now=NOON + timedelta(days=day)))
        stop.touch()
        whole = {(r.manifest.rows["dim_report"], r.manifest.rows["fact_reported_value"]) for r in releases}
        for reader in readers:
            output, _ = reader.communicate(timeout=60)
            assert reader.returncode == 0
            assert {tuple(pair) for pair in json.loads(output)} <= whole

    def test_keeps_the_newest_releases(self, home: Home, archive: Callable[..., Any]) -> None:
        for day, year in enumerate((2020, 2021, 2022)):
            publish(
                archive((year,)).write(home), home, PublishOptions(keep=2), now=NOON + timedelta(days=day)
            )
        kept = list_releases(home)
        assert [release.is_current for release in kept] == [False, True]
        assert sorted(path.name for path in home.releases.glob("2*")) == [release.id for release in kept]

    def test_rolls_back_and_does_not_switch_the_withdrawn_release_in_again(
        self, home: Home, archive: Callable[..., Any]
    ) -> None:
        first = publish(archive((2021,)).write(home), home, now=NOON)
        store = archive((2021, 2022)).write(home)
        second = publish(store, home, now=NOON + timedelta(days=1))
        assert rollback(home).id == first.id
        again = publish(store, home, now=NOON + timedelta(days=2))
        assert (again.id, again.is_new) == (first.id, False)
        assert rollback(home, second.id).id == second.id
        with pytest.raises(ReleaseError, match="0 releases"):
            find_release(home, "1999")

    def test_what_cannot_be_written_is_said_and_leaves_nothing(
        self, home: Home, archive: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        old = publish(archive((2021,)).write(home), home, now=NOON)
        store = archive((2021, 2022)).write(home)

        def full(*_: object, **__: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        for step in ("build_duckdb", "_stage_csv", "data_package"):
            with monkeypatch.context() as patch:
                patch.setattr(f"gao_pipeline.publishing.staging.{step}", full)
                with pytest.raises(ReleaseError, match=r"the old one stays: .*No space left"):
                    publish(store, home, now=NOON + timedelta(days=1))
            assert current_release(home) == replace(old, is_new=False)
            assert {path.name for path in home.releases.iterdir()} == {".lock", "current", old.id}

    def test_nothing_before_the_first_release(self, home: Home, archive: Callable[..., Any]) -> None:
        with pytest.raises(ReleaseError, match="no release yet"):
            rollback(home)
        assert not home.releases.exists()
        publish(archive((2021,)).write(home), home)
        with pytest.raises(ReleaseError, match="no release before"):
            rollback(home)


def test_refused_release_leaves_the_old_one_in_place(home: Home, archive: Callable[..., Any]) -> None:
    first = publish(archive((2021,)).write(home), home, now=NOON)
    spoiled = archive((2021, 2022))
    cell = next(
        fact
        for fact in spoiled.tables["validated_facts"]
        if (fact["report_year"], fact["row_code"], fact["column_code"]) == (2022, "granted", "research")
    )
    cell["value"] = cell["reported_value"] = cell["value"] + 1
    with pytest.raises(ReleaseRefusedError) as refused:
        publish(spoiled.write(home), home, now=NOON + timedelta(days=1))
    assert [verdict.id for verdict in refused.value.broken] == [
        "applications.row_total",
        "applications.concluded_total",
    ]
    assert str(refused.value).isascii()
    assert "applications.row_total, applications.concluded_total" in str(refused.value)
    assert current_release(home) == Release(first.folder, first.manifest, is_current=True)
    assert [path.name for path in (home.releases / "refused").iterdir()] == [refused.value.place.name]
    assert (refused.value.place / "data_docs" / "index.html").is_file()
    assert "applications.row_total" in (refused.value.place / "quality_report.html").read_text("utf-8")


_READER = """
import json, sys
from pathlib import Path
import duckdb

seen = set()
while not (seen and Path(sys.argv[2]).exists()):
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        seen.add(connection.execute(
            "SELECT (SELECT count(*) FROM dim_report), (SELECT count(*) FROM fact_reported_value)"
        ).fetchone())
print(json.dumps(sorted(seen)))
"""

_KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
import gao_pipeline.publishing.release as release
from gao_pipeline.archive.home import Home
from gao_pipeline.archive.tables import TableStore

release.check_duckdb = lambda *_, **__: ()

def publish_until(step, home):
    def on_step(taken):
        if taken == step:
            os.kill(os.getpid(), signal.SIGKILL)
    release.publish(TableStore(home), home, now=datetime.fromisoformat(sys.argv[2]), on_step=on_step)

for step in sys.argv[3:]:
    child = os.fork()
    if child == 0:
        publish_until(step, Home(Path(sys.argv[1]) / step))
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL, step
"""


@pytest.mark.usefixtures("open_door")
def test_killed_at_any_step_leaves_a_complete_release(tmp_path: Path, archive: Callable[..., Any]) -> None:
    home = Home(tmp_path / "home")
    old = publish(archive((2021,)).write(home), home, now=NOON)
    store = archive((2021, 2022)).write(home)
    steps: list[str] = []
    publish(store, Home(tmp_path / "dry"), on_step=steps.append)
    for step in steps:
        shutil.copytree(home.root, tmp_path / step, symlinks=True)
    day_after = NOON + timedelta(days=1)
    subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path), day_after.isoformat(), *steps], check=True)
    for step in steps:
        survivor = Home(tmp_path / step)
        after = current_release(survivor)
        assert after is not None
        assert (after.id == old.id) == (step != "prune"), step
        assert query(after, "SELECT count(*) FROM dim_report") == [(3 if after.id == old.id else 5,)]
        final = publish(store, survivor, now=day_after + timedelta(days=1))
        assert query(final, "SELECT count(*) FROM dim_report") == [(5,)]
        assert not list(survivor.releases.glob(".staging-*"))
        assert (survivor.releases / "current").readlink() == Path(final.id)
        assert (final.id.startswith("20260106")) == (step in ("switch", "prune")), (
            "a complete release is used"
        )


def test_tables_kept_from_before_a_contract_changed_are_brought_into_shape(
    tmp_path: Path, archive: Callable[..., Any]
) -> None:
    home = Home(tmp_path / "home")
    store = archive((2021,)).write(home)
    path = store.path("dim_organization")
    pyarrow.parquet.write_table(pyarrow.parquet.read_table(path).drop_columns(["region_name"]), path)
    folder = tmp_path / "staged"
    folder.mkdir()
    staged = stage_data(folder, store, storage_version="v1.0.0")
    assert staged.rows["dim_organization"] == 3
    assert list(pd.read_parquet(staged.parquet["dim_organization"][0])["region_name"].isna()) == [True] * 3

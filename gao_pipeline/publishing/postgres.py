"""The PostgreSQL release: loaded into a staging schema, through the same door, merged in one transaction.

The published tables stay the same objects: only rows that differ are deleted, updated or inserted. So
readers never wait and never see half a release, grants and other people's views survive, and a run killed at
any moment leaves the old release. Readers that need several statements on one release use `REPEATABLE READ`.
Where a contract changed, `postgres_structure` changes the tables in the same transaction.

Needs the extra `postgres` (psycopg 3); nothing else imports this module's driver.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import pandas as pd
import psycopg
import pyarrow
import pyarrow.csv
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gao_pipeline.archive.digests import digest
from gao_pipeline.contracts.tables import TableContract
from gao_pipeline.publishing.ddl import (
    column_list,
    create_table,
    create_views,
    quoted,
)
from gao_pipeline.publishing.door import Database, DoorVerdict, check
from gao_pipeline.publishing.duckdb_file import open_release
from gao_pipeline.publishing.postgres_structure import (
    Migration,
    Relation,
    complete,
    execute,
    grants_of,
    plan,
    prepare,
    structure_of,
)
from gao_pipeline.publishing.release import Release, ReleaseError, ReleaseRefusedError

SCHEMA = "gao"
STAGING = "gao_staging"
READER = "gao_reader"
"""Role that may read the release and nothing else; administrators grant it to the logins of BI tools."""

RELEASE_TABLE = "release"
"""Table of one row: which release the schema holds, and which of its tables and views are ours."""

_RELEASE_COLUMNS = "release_id text, structure text, relations text[]"
_BATCH = 100_000
_LOCK = 7_106_001
_CONNECTING: Mapping[str, str] = {"connect_timeout": "10", "application_name": "gao-pipeline"}
_SESSION = (
    "client_encoding TO 'UTF8'",
    "statement_timeout TO 0",
    "lock_timeout TO 0",
    "idle_in_transaction_session_timeout TO 0",
)
_PATIENCE = "10s"
"""How long changed tables wait for sessions that use them, while new ones wait for us."""

_ADVICE: Mapping[type[psycopg.Error], str] = {
    psycopg.errors.InsufficientPrivilege: (
        f"The publishing role needs CREATE on the database, its own schema {SCHEMA}, and CREATEROLE or an "
        f"existing role {READER}."
    ),
    psycopg.errors.LockNotAvailable: (
        "Tables change their columns, and a session has been reading them for long: end it and publish again."
    ),
}


class _Held(NamedTuple):
    """What the published schema holds: nothing before the first publication."""

    release: str | None = None
    structure: str | None = None
    relations: Sequence[str] = ()


def publish_postgres(
    release: Release, url: str, *, on_step: Callable[[str], None] = lambda _: None
) -> tuple[DoorVerdict, ...]:
    """Publishes a complete release into the schema `gao` of the database at `url`.

    Returns the verdicts of the door; none where the database holds this release already. `on_step` hears the
    name of each step before it is taken.

    Raises:
        ReleaseRefusedError: a blocking expectation failed on the staging schema, which stays to be looked at;
            the old release stays.
        ReleaseError: the database cannot be reached, does not let us, or what others made of our tables is in
            the way of a changed contract; the message says what to do, and the database keeps its release.
    """
    try:
        with _session(url) as connection, _exclusive(connection):
            held = _held(connection)
            if held.release == release.id:
                _drop_staging(connection)
                return ()
            try:
                verdicts = _publish(connection, release, held, on_step)
            except ReleaseRefusedError:
                raise
            except (psycopg.Error, ReleaseError):
                _drop_staging(connection)
                raise
            on_step("clean")
            _drop_staging(connection)
            _analyze(connection, release.tables)
            return verdicts
    except psycopg.Error as error:
        advice = [text for kind, text in _ADVICE.items() if isinstance(error, kind)]
        said = " ".join([str(error).strip(), *advice])
        raise ReleaseError(f"PostgreSQL: {said} - the database keeps its release.") from error


def _publish(
    connection: psycopg.Connection[Any], release: Release, held: _Held, on_step: Callable[[str], None]
) -> tuple[DoorVerdict, ...]:
    on_step("stage")
    with connection.transaction():
        _stage(connection, release.tables)
    migration = plan(connection, SCHEMA, STAGING, held.relations)
    if migration.obstacles:
        raise ReleaseError(
            f"PostgreSQL: the tables change, but {'; '.join(migration.obstacles)}. Drop that, publish, and "
            "create it again - the database keeps its release."
        )
    on_step("load")
    _load(connection, release)
    on_step("door")
    verdicts = _check(connection, release, held)
    if any(verdict.blocks for verdict in verdicts):
        raise ReleaseRefusedError(verdicts, f"schema {STAGING} in PostgreSQL")
    on_step("swap")
    with connection.transaction():
        _swap(connection, release, held, migration)
    return verdicts


def _address(url: str) -> str:
    """`url` with our defaults. What cannot be an address is not repeated: it may hold a password.

    Raises:
        ReleaseError: it is not the address of a PostgreSQL database.
    """
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        parts = {"host": "@"}
    ports = str(parts.get("port") or "").replace(",", "")
    if "@" in str(parts.get("host") or "") or (ports and not ports.isdigit()):
        raise ReleaseError(
            "PostgreSQL: the address must read postgresql://user:password@host:port/database, with special "
            "characters of the password percent-encoded - the database keeps its release."
        ) from None
    return make_conninfo(url, **{name: text for name, text in _CONNECTING.items() if name not in parts})


@contextmanager
def _session(url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection with our settings before anything else is done, whatever those of the role are."""
    with psycopg.connect(_address(url), autocommit=True) as connection:
        for setting in _SESSION:
            execute(connection, f"SET {setting}")
        yield connection


@contextmanager
def _exclusive(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """The advisory lock of publications; the server frees it when the connection ends, however it ends."""
    row = execute(connection, f"SELECT pg_try_advisory_lock({_LOCK})").fetchone()
    if not (row and row[0]):
        raise ReleaseError("Another publication to PostgreSQL is under way; try again when it has ended.")
    yield


def _held(connection: psycopg.Connection[Any]) -> _Held:
    table = f"{SCHEMA}.{RELEASE_TABLE}"
    if execute(connection, f"SELECT to_regclass('{table}')").fetchone() == (None,):
        return _Held()
    row = execute(connection, f"SELECT release_id, structure, relations FROM {table}").fetchone()
    return _Held(*row) if row else _Held()


def _drop_staging(connection: psycopg.Connection[Any]) -> None:
    """Removes the staging schema; where that fails, the next publication does it."""
    with suppress(psycopg.Error):
        execute(connection, f"DROP SCHEMA IF EXISTS {STAGING} CASCADE")


def _analyze(connection: psycopg.Connection[Any], tables: Sequence[TableContract]) -> None:
    """Lets the planner know the new content now, not when the server comes round to it."""
    with suppress(psycopg.Error):
        for contract in tables:
            execute(connection, f"ANALYZE {SCHEMA}.{quoted(contract.physical_name)}")


def _stage(connection: psycopg.Connection[Any], tables: Sequence[TableContract]) -> None:
    """Makes the staging schema with empty tables and the views."""
    execute(connection, f"DROP SCHEMA IF EXISTS {STAGING} CASCADE")
    execute(connection, f"CREATE SCHEMA {STAGING}")
    execute(connection, f"SET search_path TO {STAGING}")
    for statement in _structure(tables):
        execute(connection, statement)


def _structure(tables: Sequence[TableContract]) -> Iterator[str]:
    for contract in tables:
        yield from create_table(contract, primary_key=True)
    yield from create_views()


def _load(connection: psycopg.Connection[Any], release: Release) -> None:
    with open_release(release.folder) as source:
        for contract in release.tables:
            name, columns = quoted(contract.physical_name), column_list(contract)
            selected = source.sql(f"SELECT {columns} FROM {name}")
            reader: pyarrow.RecordBatchReader = selected.to_arrow_reader(_BATCH)
            with connection.cursor().copy(
                f"COPY {name} ({columns}) FROM STDIN (FORMAT csv)".encode()
            ) as copy:
                options = pyarrow.csv.WriteOptions(include_header=False)
                with pyarrow.csv.CSVWriter(_Sink(copy), reader.schema, write_options=options) as writer:
                    for batch in reader:
                        writer.write_batch(batch)
            execute(connection, f"ANALYZE {name}")


class _Sink(io.RawIOBase):
    """A file that hands what is written to it to a COPY, without NUL: PostgreSQL has no such character."""

    def __init__(self, copy: psycopg.Copy) -> None:
        self._copy = copy

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._copy.write(bytes(content).replace(b"\0", b""))
        return len(content)


def _check(connection: psycopg.Connection[Any], release: Release, held: _Held) -> tuple[DoorVerdict, ...]:
    """The door on the staged tables; a release that is older than the held one is not compared with it."""

    def frame(sql: str) -> pd.DataFrame:
        cursor = execute(connection, sql)
        names = [column.name for column in cursor.description or ()]
        return pd.DataFrame.from_records(cursor.fetchall(), columns=names)

    follows = held.release is not None and held.release < release.id
    previous = SCHEMA if follows else None
    return check(Database(frame=frame, previous=previous, error=psycopg.Error), name=release.id)


def _swap(connection: psycopg.Connection[Any], release: Release, held: _Held, migration: Migration) -> None:
    """Makes the published tables equal to the staged ones, row by row, in the transaction that is open."""
    staged = structure_of(connection, STAGING)
    structure = digest(_structure(release.tables))
    changes = held.structure != structure or not migration.is_empty
    if changes:
        execute(connection, f"SET LOCAL lock_timeout = '{_PATIENCE}'")
        execute(connection, f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        execute(connection, f"CREATE TABLE IF NOT EXISTS {SCHEMA}.{RELEASE_TABLE} ({_RELEASE_COLUMNS})")
        grants = grants_of(connection, SCHEMA, set(migration.dropped_views) & set(staged))
        prepare(connection, SCHEMA, STAGING, migration)
    for name, relation in staged.items():
        if not relation.is_view:
            _merge(connection, name, relation)
    if changes:
        complete(connection, SCHEMA, migration)
        _describe(connection, release.tables)
        _grant(connection, grants)
    table = f"{SCHEMA}.{RELEASE_TABLE}"
    execute(connection, f"DELETE FROM {table}")
    execute(connection, f"INSERT INTO {table} VALUES (%s, %s, %s)", release.id, structure, list(staged))


def _merge(connection: psycopg.Connection[Any], table: str, relation: Relation) -> None:
    """Deletes the published rows that are not staged, updates those that differ, inserts what is missing."""
    published, staged = (f"{schema}.{quoted(table)}" for schema in (SCHEMA, STAGING))
    key = " AND ".join(f"s.{quoted(k)} = p.{quoted(k)}" for k in relation.key)
    columns = [quoted(column) for column in relation.columns]
    rows = {side: f"ROW({', '.join(f'{side}.{column}' for column in columns)})" for side in ("s", "p")}
    execute(
        connection,
        f"DELETE FROM {published} AS p WHERE NOT EXISTS (SELECT 1 FROM {staged} AS s WHERE {key})",
    )
    execute(
        connection,
        f"UPDATE {published} AS p SET {', '.join(f'{column} = s.{column}' for column in columns)}"
        f" FROM {staged} AS s WHERE {key} AND {rows['s']} IS DISTINCT FROM {rows['p']}",
    )
    execute(
        connection,
        f"INSERT INTO {published} ({', '.join(columns)}) SELECT {', '.join(columns)} FROM {staged} AS s"
        f" WHERE NOT EXISTS (SELECT 1 FROM {published} AS p WHERE {key})",
    )


def _describe(connection: psycopg.Connection[Any], tables: Sequence[TableContract]) -> None:
    """Writes the comments of the tables and makes the views."""
    execute(connection, f"SET LOCAL search_path TO {SCHEMA}")
    for contract in tables:
        _, *comments = create_table(contract, primary_key=True)
        for comment in comments:
            execute(connection, comment)
    for statement in create_views():
        execute(connection, statement)


def _grant(connection: psycopg.Connection[Any], grants: Sequence[str]) -> None:
    """Lets the readers' role read everything; `grants` are those of views that were made anew."""
    if execute(connection, "SELECT FROM pg_roles WHERE rolname = %s", READER).fetchone() is None:
        execute(connection, f"CREATE ROLE {READER} NOLOGIN")
    execute(connection, f"GRANT USAGE ON SCHEMA {SCHEMA} TO {READER}")
    execute(connection, f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {READER}")
    for grant in grants:
        execute(connection, grant)

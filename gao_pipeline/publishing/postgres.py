"""The PostgreSQL release: loaded into a staging schema, through the same door, merged in one transaction.

The published tables stay the same objects: only rows that differ are deleted and inserted. So readers never
wait and never see half a release, grants and other people's views survive, and a run killed at any moment
leaves the old release. Readers that need several statements on one release use `REPEATABLE READ`.

Needs the extra `postgres` (psycopg 3); nothing else imports this module's driver.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
import psycopg
import pyarrow
import pyarrow.csv

from gao_pipeline.archive.versions import digest
from gao_pipeline.contracts.tables import TableContract
from gao_pipeline.publishing.ddl import (
    column_definition,
    column_list,
    create_table,
    create_views,
    literal,
    quoted,
    released_tables,
)
from gao_pipeline.publishing.door import Database, DoorVerdict, check
from gao_pipeline.publishing.duckdb_file import open_release
from gao_pipeline.publishing.release import Release, ReleaseError, ReleaseRefusedError

SCHEMA = "gao"
STAGING = "gao_staging"
READER = "gao_reader"
"""Role that may read the release and nothing else; administrators grant it to the logins of BI tools."""

RELEASE_TABLE = "release"
"""Table of one row: which release the schema holds."""

_BATCH = 100_000
_LOCK = 7_106_001


def publish_postgres(
    release: Release, url: str, *, on_step: Callable[[str], None] = lambda _: None
) -> tuple[DoorVerdict, ...]:
    """Publishes a complete release into the schema `gao` of the database at `url`.

    Returns the verdicts of the door; none where the database holds this release already.

    Raises:
        ReleaseRefusedError: a blocking expectation failed on the staging schema; the old release stays.
        ReleaseError: the database cannot be reached or does not let us; the message says what is missing.
    """
    try:
        with psycopg.connect(url, autocommit=True) as connection, _exclusive(connection):
            if _published(connection) == release.id:
                return ()
            on_step("load")
            _load(connection, release)
            on_step("door")
            verdicts = _check(connection, release)
            if any(verdict.blocks for verdict in verdicts):
                raise ReleaseRefusedError(verdicts, release.folder)
            on_step("swap")
            with connection.transaction():
                _swap(connection, release)
            on_step("clean")
            _execute(connection, f"DROP SCHEMA {STAGING} CASCADE")
            return verdicts
    except psycopg.Error as error:
        raise ReleaseError(f"PostgreSQL: {str(error).strip()} - the database keeps its release.") from error


def _execute(connection: psycopg.Connection[Any], statement: str) -> psycopg.Cursor[Any]:
    return connection.execute(statement.encode())


@contextmanager
def _exclusive(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """The advisory lock of publications; the server frees it when the connection ends, however it ends."""
    row = _execute(connection, f"SELECT pg_try_advisory_lock({_LOCK})").fetchone()
    if not (row and row[0]):
        raise ReleaseError("Another publication to PostgreSQL is under way; try again when it has ended.")
    yield


def _published(connection: psycopg.Connection[Any]) -> str | None:
    """The id of the release that the database holds."""
    if not _has_schema(connection, SCHEMA):
        return None
    row = _execute(connection, f"SELECT release_id FROM {SCHEMA}.{RELEASE_TABLE}").fetchone()
    return str(row[0]) if row else None


def _has_schema(connection: psycopg.Connection[Any], name: str) -> bool:
    return _execute(connection, f"SELECT 1 FROM pg_namespace WHERE nspname = '{name}'").fetchone() is not None


def _load(connection: psycopg.Connection[Any], release: Release) -> None:
    _execute(connection, f"DROP SCHEMA IF EXISTS {STAGING} CASCADE")
    _execute(connection, f"CREATE SCHEMA {STAGING}")
    _execute(connection, f"SET search_path TO {STAGING}")
    with open_release(release.folder) as source:
        for contract in released_tables():
            for statement in create_table(contract, primary_key=True):
                _execute(connection, statement)
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
            _execute(connection, f"ANALYZE {name}")


class _Sink(io.RawIOBase):
    """A file that hands what is written to it to a COPY."""

    def __init__(self, copy: psycopg.Copy) -> None:
        self._copy = copy

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._copy.write(bytes(content))
        return len(content)


def _check(connection: psycopg.Connection[Any], release: Release) -> tuple[DoorVerdict, ...]:
    def frame(sql: str) -> pd.DataFrame:
        cursor = _execute(connection, sql)
        names = [column.name for column in cursor.description or ()]
        return pd.DataFrame.from_records(cursor.fetchall(), columns=names)

    previous = SCHEMA if _has_schema(connection, SCHEMA) else None
    return check(Database(frame=frame, previous=previous, error=psycopg.Error), name=release.id)


def _swap(connection: psycopg.Connection[Any], release: Release) -> None:
    """Makes the published tables equal to the staged ones, row by row, in the transaction that is open."""
    structure = digest(_structure())
    if not _has_schema(connection, SCHEMA):
        _execute(connection, f"CREATE SCHEMA {SCHEMA}")
        _execute(connection, f"CREATE TABLE {SCHEMA}.{RELEASE_TABLE} (release_id text, structure text)")
        _execute(connection, f"INSERT INTO {SCHEMA}.{RELEASE_TABLE} VALUES (NULL, NULL)")
    row = _execute(connection, f"SELECT structure FROM {SCHEMA}.{RELEASE_TABLE}").fetchone()
    if row is None or row[0] != structure:
        _restructure(connection)
    for contract in released_tables():
        _merge(connection, contract)
    _execute(
        connection,
        f"UPDATE {SCHEMA}.{RELEASE_TABLE} SET release_id = {literal(release.id)}, structure = '{structure}'",
    )


def _structure() -> Iterator[str]:
    for contract in released_tables():
        yield from create_table(contract, primary_key=True)
    yield from create_views()


def _restructure(connection: psycopg.Connection[Any]) -> None:
    """Gives the schema the tables, columns, views and grants of the contracts, keeping what it has."""
    _execute(connection, f"SET LOCAL search_path TO {SCHEMA}")
    held: dict[str, set[str]] = {}
    for table, column in _execute(
        connection,
        f"SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = '{SCHEMA}'",
    ).fetchall():
        held.setdefault(table, set()).add(column)
    for contract in released_tables():
        create, *comments = create_table(contract, primary_key=True)
        columns = held.get(contract.physical_name)
        if columns is None:
            _execute(connection, create)
        elif columns != set(contract.columns):
            _alter(connection, contract, columns)
        for comment in comments:
            _execute(connection, comment)
    for statement in create_views():
        _execute(connection, statement)
    if _execute(connection, f"SELECT 1 FROM pg_roles WHERE rolname = '{READER}'").fetchone() is None:
        _execute(connection, f"CREATE ROLE {READER} NOLOGIN")
    _execute(connection, f"GRANT USAGE ON SCHEMA {SCHEMA} TO {READER}")
    _execute(connection, f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {READER}")


def _alter(connection: psycopg.Connection[Any], contract: TableContract, held: set[str]) -> None:
    """Adds and drops columns of a table that is emptied first: its rows are all written anew."""
    name = quoted(contract.physical_name)
    _execute(connection, f"DELETE FROM {name}")
    for column in contract.properties:
        if column.name not in held:
            _execute(connection, f"ALTER TABLE {name} ADD COLUMN {column_definition(column)}")
    for gone in sorted(held - set(contract.columns)):
        _execute(connection, f"ALTER TABLE {name} DROP COLUMN {quoted(gone)}")


def _merge(connection: psycopg.Connection[Any], contract: TableContract) -> None:
    """Deletes the published rows that are not staged just so, then inserts what is missing."""
    name, columns = quoted(contract.physical_name), column_list(contract)
    key = " AND ".join(f"s.{quoted(k)} = p.{quoted(k)}" for k in contract.primary_key)
    staged, published = (
        f"ROW({', '.join(f'{side}.{quoted(column)}' for column in contract.columns)})" for side in ("s", "p")
    )
    _execute(
        connection,
        f"DELETE FROM {SCHEMA}.{name} AS p WHERE NOT EXISTS (SELECT 1 FROM {STAGING}.{name} AS s"
        f" WHERE {key} AND {staged} IS NOT DISTINCT FROM {published})",
    )
    _execute(
        connection,
        f"INSERT INTO {SCHEMA}.{name} ({columns}) SELECT {columns} FROM {STAGING}.{name} AS s"
        f" WHERE NOT EXISTS (SELECT 1 FROM {SCHEMA}.{name} AS p WHERE {key})",
    )

"""The DuckDB file of a release: every released table and view, with comments, for BI tools to open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from gao_pipeline.publishing.ddl import (
    column_list,
    create_table,
    create_views,
    literal,
    quoted,
    released_tables,
)

DUCKDB_FILE = "gao.duckdb"


def build_duckdb(
    path: Path, parquet: Mapping[str, Sequence[Path]], *, storage_version: str
) -> dict[str, int]:
    """Builds the DuckDB file `path` from the Parquet files of each released table; returns rows per table.

    No key is declared: drivers before DuckDB 1.1 cannot read a file with indexes, an index over millions of
    facts would double it, and the door proves every key anyway.
    """
    rows: dict[str, int] = {}
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(
            f"ATTACH {literal(str(path))} AS release (STORAGE_VERSION {literal(storage_version)})"
        )
        connection.execute("USE release")
        for contract in released_tables():
            name = contract.physical_name
            for statement in create_table(contract, primary_key=False):
                connection.execute(statement)
            files = ", ".join(literal(str(file)) for file in parquet[name])
            connection.execute(
                f"INSERT INTO {quoted(name)} SELECT {column_list(contract)}"
                f" FROM read_parquet([{files}], hive_partitioning = false)"
            )
            rows[name] = count_rows(connection, name, "release")
        for statement in create_views():
            connection.execute(statement)
        connection.execute("USE memory")
        connection.execute("DETACH release")
    return rows


def count_rows(connection: duckdb.DuckDBPyConnection, name: str, database: str) -> int:
    """Rows of the table `name` of an attached database."""
    found = connection.execute(f"SELECT count(*) FROM {quoted(database)}.{quoted(name)}").fetchone()
    assert found is not None
    return int(found[0])


def open_release(folder: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the DuckDB file of a release folder."""
    connection = duckdb.connect(str(folder / DUCKDB_FILE), read_only=True)
    connection.execute("SET enable_progress_bar = false")
    return connection

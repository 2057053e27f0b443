"""What changed between two releases: rows added, removed and changed, per table and report year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from gao_pipeline.contracts.tables import TableContract
from gao_pipeline.publishing.ddl import literal, quoted, released_tables
from gao_pipeline.publishing.duckdb_file import DUCKDB_FILE, count_rows
from gao_pipeline.publishing.release import Release

_OLD, _NEW = "before", "after"


@dataclass(frozen=True)
class TableDiff:
    """Rows of one table and report year (`None`: without a year) that the two releases do not share."""

    table: str
    report_year: int | None
    added: int
    removed: int
    changed: int


def diff(before: Release, after: Release) -> list[TableDiff]:
    """The differences between two releases, tables in the order of a release, years in order.

    Rows are matched by the primary key and compared by the columns that both releases have. A table that one
    of them lacks counts as added or removed as a whole.
    """
    with duckdb.connect() as connection:
        for name, release in ((_OLD, before), (_NEW, after)):
            path = literal(str(release.folder / DUCKDB_FILE))
            connection.execute(f"ATTACH {path} AS {name} (READ_ONLY)")
        columns = _columns(connection)
        return [found for table in released_tables() for found in _table_diff(connection, table, columns)]


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], set[str]]:
    """The columns of every table by release and table."""
    found: dict[tuple[str, str], set[str]] = {}
    for database, table, column in connection.execute(
        "SELECT database_name, table_name, column_name FROM duckdb_columns()"
    ).fetchall():
        found.setdefault((database, table), set()).add(column)
    return found


def _table_diff(
    connection: duckdb.DuckDBPyConnection,
    contract: TableContract,
    columns: dict[tuple[str, str], set[str]],
) -> Iterator[TableDiff]:
    table = contract.physical_name
    old, new = columns.get((_OLD, table)), columns.get((_NEW, table))
    if old is None or new is None or not set(contract.primary_key) <= old & new:
        added, removed = (
            0 if held is None else count_rows(connection, table, schema)
            for schema, held in ((_NEW, new), (_OLD, old))
        )
        if added or removed:
            yield TableDiff(table, None, added, removed, 0)
        return
    key = " AND ".join(f"n.{quoted(name)} = o.{quoted(name)}" for name in contract.primary_key)
    first = quoted(contract.primary_key[0])
    shared = [quoted(name) for name in contract.columns if name in old & new]
    sides = [f"({', '.join(f'{side}.{name}' for name in shared)})" for side in ("n", "o")]
    year = "coalesce(n.report_year, o.report_year)" if "report_year" in old & new else "NULL"
    rows = connection.execute(
        f"""
        SELECT report_year, added, removed, changed FROM (
          SELECT {year} AS report_year,
                 count(*) FILTER (o.{first} IS NULL) AS added,
                 count(*) FILTER (n.{first} IS NULL) AS removed,
                 count(*) FILTER (n.{first} IS NOT NULL AND o.{first} IS NOT NULL
                                  AND {sides[0]} IS DISTINCT FROM {sides[1]}) AS changed
          FROM {_NEW}.{quoted(table)} AS n FULL JOIN {_OLD}.{quoted(table)} AS o ON {key}
          GROUP BY 1
        )
        WHERE added + removed + changed > 0 ORDER BY report_year NULLS LAST
        """
    ).fetchall()
    yield from (TableDiff(table, *row) for row in rows)

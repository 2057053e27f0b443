"""What changed between two releases: rows added, removed and changed, per table and report year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from gao_pipeline.publishing.ddl import literal, quoted
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


@dataclass(frozen=True)
class StructureDiff:
    """Columns of one table that only one release has (all of a new or gone table), or with another type."""

    table: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    retyped: tuple[str, ...]


@dataclass(frozen=True)
class ReleaseDiff:
    """What two releases do not share: tables in the order of the later one, years in order."""

    structure: tuple[StructureDiff, ...]
    rows: tuple[TableDiff, ...]


_Columns = Mapping[str, str]
"""The columns of a table in order, with their types."""


def diff(before: Release, after: Release) -> ReleaseDiff:
    """The differences between two releases.

    Rows are matched by the primary key and compared by the columns that both releases have alike. The rows of
    a table that one of them lacks, or whose key is another, count as added or removed as a whole.
    """
    with duckdb.connect() as connection:
        for name, release in ((_OLD, before), (_NEW, after)):
            path = literal(str(release.folder / DUCKDB_FILE))
            connection.execute(f"ATTACH {path} AS {name} (READ_ONLY)")
        old, new = _columns(connection, _OLD), _columns(connection, _NEW)
        contracts = {table.physical_name: table for table in (*after.tables, *before.tables)}
        keys = [{table.physical_name: table.primary_key for table in side.tables} for side in (before, after)]
        structure: list[StructureDiff] = []
        rows: list[TableDiff] = []
        for name in contracts:
            held, made = old.get(name, {}), new.get(name, {})
            if held != made:
                structure.append(_structure_diff(name, held, made))
            shared = [column for column in made if held.get(column) == made[column]]
            key = keys[1].get(name, ())
            if key == keys[0].get(name) and set(key) <= set(shared):
                rows += _row_diff(connection, name, key, shared)
            else:
                rows += _whole_diff(connection, name, is_held=bool(held), is_made=bool(made))
        return ReleaseDiff(tuple(structure), tuple(rows))


def _columns(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, dict[str, str]]:
    """The columns of every table of a release."""
    found: dict[str, dict[str, str]] = {}
    for table, column, data_type in connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = ?"
        " ORDER BY table_name, column_index",
        [database],
    ).fetchall():
        found.setdefault(table, {})[column] = data_type
    return found


def _structure_diff(table: str, held: _Columns, made: _Columns) -> StructureDiff:
    return StructureDiff(
        table,
        added=tuple(column for column in made if column not in held),
        removed=tuple(column for column in held if column not in made),
        retyped=tuple(column for column in made if column in held and held[column] != made[column]),
    )


def _whole_diff(
    connection: duckdb.DuckDBPyConnection, table: str, *, is_held: bool, is_made: bool
) -> Iterator[TableDiff]:
    """The rows of a table that cannot be matched."""
    added = count_rows(connection, table, _NEW) if is_made else 0
    removed = count_rows(connection, table, _OLD) if is_held else 0
    if added or removed:
        yield TableDiff(table, None, added, removed, 0)


def _row_diff(
    connection: duckdb.DuckDBPyConnection, table: str, key_columns: Sequence[str], shared: Sequence[str]
) -> Iterator[TableDiff]:
    key = " AND ".join(f"n.{quoted(name)} = o.{quoted(name)}" for name in key_columns)
    first = quoted(key_columns[0])
    sides = [f"({', '.join(f'{side}.{quoted(name)}' for name in shared)})" for side in ("n", "o")]
    year = "coalesce(n.report_year, o.report_year)" if "report_year" in shared else "NULL"
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

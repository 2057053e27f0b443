"""Brings the published PostgreSQL schema into the structure of the staged one, table by table, in place.

The two are compared in the catalogs of the server, so that a change of a contract – a table, column, type,
key or view that is new, other or gone – needs nothing here. What other people made of our tables
(views, foreign keys) stands in the way of some changes: it is named before anything is touched.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg

from gao_pipeline.publishing.ddl import quoted


@dataclass(frozen=True)
class Column:
    """The SQL type of a column, and whether it is NOT NULL."""

    type: str
    required: bool


@dataclass(frozen=True)
class Relation:
    """A table or view: its columns in order, and the columns of its primary key."""

    is_view: bool
    columns: Mapping[str, Column]
    key: tuple[str, ...]


@dataclass(frozen=True)
class TableChange:
    """How a published table becomes like the staged one. A table whose key changes is emptied first."""

    table: str
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    retyped: tuple[str, ...]
    loosened: tuple[str, ...]
    tightened: tuple[str, ...]
    new_key: bool


@dataclass(frozen=True)
class Migration:
    """What changes in the structure of the published schema; views that are dropped may be made anew."""

    added_tables: tuple[str, ...]
    changes: tuple[TableChange, ...]
    dropped_tables: tuple[str, ...]
    dropped_views: tuple[str, ...]
    obstacles: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing has to be changed."""
        return not any((self.added_tables, self.changes, self.dropped_tables, self.dropped_views))


def execute(connection: psycopg.Connection[Any], statement: str, *values: Any) -> psycopg.Cursor[Any]:
    """Runs one statement; `values` stand for its `%s`."""
    return connection.execute(statement.encode(), values or None)


def structure_of(connection: psycopg.Connection[Any], schema: str) -> dict[str, Relation]:
    """The tables and views of a schema by name; empty where there is none of that name."""
    columns: dict[str, dict[str, Column]] = {}
    views: set[str] = set()
    for name, kind, column, sql_type, required in execute(connection, _COLUMNS, schema):
        columns.setdefault(name, {})[column] = Column(sql_type, required)
        if kind == "v":
            views.add(name)
    keys = dict(execute(connection, _KEYS, schema).fetchall())
    return {
        name: Relation(name in views, described, tuple(keys.get(name, ())))
        for name, described in columns.items()
    }


def plan(connection: psycopg.Connection[Any], schema: str, staging: str, ours: Collection[str]) -> Migration:
    """What has to change in `schema` for it to have the structure of `staging`.

    `ours` names the tables and views of `schema` that an earlier publication made.
    """
    wanted, everything = structure_of(connection, staging), structure_of(connection, schema)
    held = {name: relation for name, relation in everything.items() if name in {*ours, *wanted}}
    tables = [name for name, relation in wanted.items() if not relation.is_view]
    changes = [
        _change(name, held[name], wanted[name])
        for name in tables
        if name in held and held[name] != wanted[name]
    ]
    dropped_tables = [name for name in held if name not in wanted and not held[name].is_view]
    dependents = list(_dependents(connection, schema, changes, dropped_tables))
    views = {name for name, relation in held.items() if relation.is_view}
    disturbed = {relation for _, relation, _ in dependents if relation in views}
    dropped_views = [name for name in views if name in disturbed or held[name] != wanted.get(name)]
    dependents += _dependents(connection, schema, (), dropped_views)
    return Migration(
        added_tables=tuple(name for name in tables if name not in held),
        changes=tuple(changes),
        dropped_tables=tuple(dropped_tables),
        dropped_views=tuple(sorted(dropped_views)),
        obstacles=tuple(
            sorted({f"{who} needs {what}" for what, relation, who in dependents if relation not in views})
        ),
    )


def _change(name: str, held: Relation, wanted: Relation) -> TableChange:
    both = [column for column in wanted.columns if column in held.columns]
    added = [column for column in wanted.columns if column not in held.columns]
    retyped = [column for column in both if held.columns[column].type != wanted.columns[column].type]
    kept = [column for column in both if column not in retyped]
    return TableChange(
        table=name,
        added=tuple(added),
        dropped=tuple(column for column in held.columns if column not in wanted.columns),
        retyped=tuple(retyped),
        loosened=tuple(
            column
            for column in both
            if held.columns[column].required and (column in retyped or not wanted.columns[column].required)
        ),
        tightened=tuple(
            column
            for column in wanted.columns
            if wanted.columns[column].required and not (column in kept and held.columns[column].required)
        ),
        new_key=held.key != wanted.key or not set(retyped).isdisjoint(wanted.key),
    )


def _dependents(
    connection: psycopg.Connection[Any],
    schema: str,
    changes: Iterable[TableChange],
    dropped: Iterable[str],
) -> Iterator[tuple[str, str | None, str]]:
    """What depends on a change: what it needs, its name if it is a view in `schema`, and its description."""
    for change in changes:
        name = f"{schema}.{quoted(change.table)}"
        yield from execute(connection, _DEPENDENTS_OF_COLUMNS, name, [*change.dropped, *change.retyped])
        if change.new_key:
            yield from execute(connection, _DEPENDENTS_OF_KEY, name)
    for table in dropped:
        yield from execute(connection, _DEPENDENTS, f"{schema}.{quoted(table)}")


def prepare(connection: psycopg.Connection[Any], schema: str, staging: str, migration: Migration) -> None:
    """Changes the tables as far as their rows need it; views that are in the way are dropped."""
    wanted = structure_of(connection, staging)
    for name in migration.dropped_views:
        execute(connection, f"DROP VIEW {schema}.{quoted(name)}")
    for name in migration.dropped_tables:
        execute(connection, f"DROP TABLE {schema}.{quoted(name)}")
    for name in migration.added_tables:
        like = f"LIKE {staging}.{quoted(name)} INCLUDING ALL"
        execute(connection, f"CREATE TABLE {schema}.{quoted(name)} ({like})")
    for change in migration.changes:
        table, relation = f"{schema}.{quoted(change.table)}", wanted[change.table]
        if change.new_key:
            execute(connection, f"DELETE FROM {table}")
            (constraint,) = execute(connection, _KEY_CONSTRAINT, table).fetchone() or (None,)
            if constraint is not None:
                execute(connection, f"ALTER TABLE {table} DROP CONSTRAINT {quoted(constraint)}")
        actions = [f"ALTER {quoted(column)} DROP NOT NULL" for column in change.loosened]
        actions += [f"DROP {quoted(column)}" for column in change.dropped]
        for column in (*change.retyped, *change.added):
            sql_type = relation.columns[column].type
            actions.append(
                f"ADD {quoted(column)} {sql_type}"
                if column in change.added
                else f"ALTER {quoted(column)} TYPE {sql_type} USING NULL::{sql_type}"
            )
        if change.new_key:
            actions.append(f"ADD PRIMARY KEY ({', '.join(map(quoted, relation.key))})")
        if actions:
            execute(connection, f"ALTER TABLE {table} {', '.join(actions)}")


def complete(connection: psycopg.Connection[Any], schema: str, migration: Migration) -> None:
    """Declares what only holds once the rows are the staged ones."""
    for change in migration.changes:
        actions = [f"ALTER {quoted(column)} SET NOT NULL" for column in change.tightened]
        if actions:
            execute(connection, f"ALTER TABLE {schema}.{quoted(change.table)} {', '.join(actions)}")


def grants_of(connection: psycopg.Connection[Any], schema: str, names: Iterable[str]) -> list[str]:
    """The statements that grant anew what is granted on the relations `names`."""
    return [
        statement
        for name in names
        for (statement,) in execute(connection, _GRANTS, f"{schema}.{quoted(name)}").fetchall()
    ]


_COLUMNS = """
    SELECT c.relname, c.relkind::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE n.nspname = %s AND c.relkind IN ('r', 'v') AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum
"""
_KEYS = """
    SELECT c.relname, (SELECT array_agg(a.attname::text ORDER BY k.position)
                       FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position)
                       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE i.indisprimary AND n.nspname = %s
"""
_KEY_CONSTRAINT = "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'p'"
_DEPENDENTS = """
    SELECT pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid),
           CASE WHEN c.relnamespace = own.relnamespace THEN c.relname END,
           CASE WHEN c.oid IS NULL THEN pg_describe_object(d.classid, d.objid, d.objsubid)
                ELSE pg_describe_object('pg_class'::regclass, c.oid, 0) END
    FROM pg_depend d
    LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
    LEFT JOIN pg_class c ON c.oid = r.ev_class
    CROSS JOIN (SELECT oid, relnamespace FROM pg_class WHERE oid = %s::regclass) AS own
    WHERE d.refclassid = 'pg_class'::regclass AND d.deptype = 'n' AND c.oid IS DISTINCT FROM own.oid
      AND d.refobjid = own.oid
"""
_DEPENDENTS_OF_COLUMNS = f"""{_DEPENDENTS}
      AND d.refobjsubid IN (SELECT attnum FROM pg_attribute WHERE attrelid = own.oid AND attname = ANY (%s))
"""
_DEPENDENTS_OF_KEY = _DEPENDENTS.replace(
    "d.refobjid = own.oid",
    "d.refobjid = (SELECT indexrelid FROM pg_index WHERE indrelid = own.oid AND indisprimary)",
)
_GRANTS = """
    SELECT format('GRANT %%s ON %%s TO %%s%%s', g.privilege_type, c.oid::regclass,
                  CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END,
                  CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM pg_class c CROSS JOIN aclexplode(c.relacl) AS g
    WHERE c.oid = %s::regclass AND g.grantee <> c.relowner
"""

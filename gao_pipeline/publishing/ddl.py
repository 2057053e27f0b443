"""SQL that creates the released tables and views, from the contracts, for DuckDB and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from gao_pipeline.contracts.forms import FactCode, Form, Table, fact_names, load_forms
from gao_pipeline.contracts.loading import ContractError
from gao_pipeline.contracts.tables import LogicalType, Property, TableContract, load_tables, read_tables

FACTS = "fact_reported_value"
REPORTS = "dim_report"

_SQL_TYPES: Mapping[LogicalType, str] = {
    LogicalType.STRING: "VARCHAR",
    LogicalType.INTEGER: "BIGINT",
    LogicalType.NUMBER: "DOUBLE PRECISION",
    LogicalType.BOOLEAN: "BOOLEAN",
    LogicalType.TIMESTAMP: "TIMESTAMP",
    LogicalType.DATE: "DATE",
}
_IDENTIFIER_BYTES = 63
_VIEW_LEAD = (
    "report_id",
    "organization",
    "report_year",
    "level",
    "department_class",
    "region_code",
    "report_scope",
    "consistent",
)


def released_tables(contracts: Path | None = None) -> list[TableContract]:
    """The contracts of the tables that a release holds: dimensions first, then by name.

    `contracts` is the folder of the contracts of an earlier release.
    """
    tables = load_tables() if contracts is None else read_tables(contracts)
    released = (table for table in tables.values() if table.is_released)
    return sorted(released, key=lambda t: (not t.physical_name.startswith("dim_"), t.physical_name))


def quoted(identifier: str) -> str:
    """`identifier` as a quoted SQL identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """`text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def column_list(contract: TableContract) -> str:
    """The columns of a table in the order of the contract."""
    return ", ".join(quoted(name) for name in contract.columns)


def create_table(contract: TableContract, *, primary_key: bool) -> Iterator[str]:
    """The statements that create a table with its comments; without `primary_key` it has NOT NULL only."""
    name = quoted(contract.physical_name)
    parts = [column_definition(column) for column in contract.properties]
    if primary_key:
        parts.append(f"PRIMARY KEY ({', '.join(quoted(key) for key in contract.primary_key)})")
    yield f"CREATE TABLE {name} ({', '.join(parts)})"
    yield f"COMMENT ON TABLE {name} IS {literal(f'{contract.business_name}: {contract.description}')}"
    for column in contract.properties:
        comment = literal(f"{column.business_name}: {column.description}")
        yield f"COMMENT ON COLUMN {name}.{quoted(column.name)} IS {comment}"


def column_definition(column: Property) -> str:
    """A column as `CREATE TABLE` and `ALTER TABLE` define it."""
    constraint = " NOT NULL" if column.required else ""
    return f"{quoted(column.name)} {_SQL_TYPES[column.logical_type]}{constraint}"


def create_views() -> Iterator[str]:
    """The statements that create one wide view per statistical table and edition, with Chinese column names.

    A row is a chosen report, a column a cell of the table, in official order.
    """
    for form in load_forms().values():
        for table in form.tables:
            name = quoted(view_name(form, table))
            yield f"CREATE OR REPLACE VIEW {name} AS {_wide_query(form, table)}"
            comment = f"{form.name.zh} ({form.source.number}): {table.name.en}"
            yield f"COMMENT ON VIEW {name} IS {literal(comment)}"


def view_name(form: Form, table: Table) -> str:
    """The name of the wide view of one table of one edition."""
    return f"{table.name.zh}_{form.form}"


def _wide_query(form: Form, table: Table) -> str:
    report = {column.name: column for column in load_tables()[REPORTS].properties}
    lead = [f"r.{quoted(name)} AS {quoted(report[name].business_name)}" for name in _VIEW_LEAD]
    cells = [
        f"max(f.value) FILTER (WHERE f.row_code = {literal(code.row)}"
        f" AND f.column_code = {literal(code.column)}) AS {quoted(title)}"
        for code, title in cell_titles(form, table).items()
    ]
    return (
        f"SELECT {', '.join(lead + cells)} FROM {REPORTS} r JOIN {FACTS} f ON f.report_id = r.report_id"
        f" WHERE r.chosen AND f.table_code = {literal(table.code)} AND f.table_form = {literal(form.form)}"
        f" GROUP BY {', '.join(f'r.{quoted(name)}' for name in _VIEW_LEAD)}"
    )


def cell_titles(form: Form, table: Table) -> dict[FactCode, str]:
    """The column name of each cell of a table; the row's label is shortened to what an SQL identifier holds.

    Raises:
        ContractError: two cells of the table would have the same name.
    """
    titles: dict[FactCode, str] = {}
    names = fact_names(form.form)
    for code, _, _, _ in table.cells():
        row, _, column = names[code].rpartition("·")
        titles[code] = f"{_shortened(row, _IDENTIFIER_BYTES - len(f'·{column}'.encode()))}·{column}"
    if len(set(titles.values())) < len(titles):
        raise ContractError(f"forms/{form.form}.yaml: two cells of {table.code} have the same short label")
    return titles


def _shortened(text: str, size: int) -> str:
    if len(text.encode()) <= size:
        return text
    return text.encode()[: size - len("…".encode())].decode(errors="ignore") + "…"

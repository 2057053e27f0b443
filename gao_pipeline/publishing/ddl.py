"""SQL that creates the released tables and views, from the contracts, for DuckDB and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

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
    "organization",
    "report_year",
    "level",
    "department_class",
    "region_code",
    "report_scope",
    "consistent",
    "report_id",
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


@dataclass(frozen=True)
class WideView:
    """One statistical table of one edition as people know it: a row is a chosen report, a column a cell.

    `contract` describes it like a table; its columns have Chinese names and stand in official order.
    """

    form: Form
    table: Table
    contract: TableContract

    @property
    def name(self) -> str:
        return self.contract.physical_name


@cache
def wide_views() -> tuple[WideView, ...]:
    """Every wide view, edition by edition.

    Raises:
        ContractError: two cells of a table would have the same name.
    """
    return tuple(
        WideView(form, table, _wide_contract(form, table))
        for form in load_forms().values()
        for table in form.tables
    )


def create_views() -> Iterator[str]:
    """The statements that create the wide views."""
    for view in wide_views():
        name = quoted(view.name)
        yield f"CREATE OR REPLACE VIEW {name} AS {_wide_query(view)}"
        yield f"COMMENT ON VIEW {name} IS {literal(view.contract.description)}"


def _wide_contract(form: Form, table: Table) -> TableContract:
    report = {column.name: column for column in load_tables()[REPORTS].properties}
    lead = [msgspec.structs.replace(report[name], name=report[name].business_name) for name in _VIEW_LEAD]
    names = fact_names(form.form)
    cells = [
        Property(
            name=title,
            business_name=names[code],
            logical_type=LogicalType.NUMBER,
            physical_type="DOUBLE",
            description=f"{code}, {form.units[code]}",
        )
        for code, title in cell_titles(form, table).items()
    ]
    return TableContract(
        name=f"wide_{table.code}_{form.form}",
        physical_name=f"{table.name.zh}_{form.form}",
        physical_type="view",
        business_name=f"{table.name.zh}（{form.source.number}）",
        description=f"{form.name.zh} ({form.source.number}): {table.name.en}",
        data_granularity_description="One row per chosen report.",
        tags=(),
        properties=(*lead, *cells),
    )


def _wide_query(view: WideView) -> str:
    titles = [quoted(title) for title in view.contract.columns]
    lead = [f"r.{quoted(name)}" for name in _VIEW_LEAD]
    cells = [
        f"max(f.value) FILTER (WHERE f.row_code = {literal(code.row)}"
        f" AND f.column_code = {literal(code.column)})"
        for code in cell_titles(view.form, view.table)
    ]
    selected = [f"{source} AS {title}" for source, title in zip([*lead, *cells], titles, strict=True)]
    return (
        f"SELECT {', '.join(selected)} FROM {REPORTS} r JOIN {FACTS} f ON f.report_id = r.report_id"
        f" WHERE r.chosen AND f.table_code = {literal(view.table.code)}"
        f" AND f.table_form = {literal(view.form.form)} GROUP BY {', '.join(lead)}"
    )


def cell_titles(form: Form, table: Table) -> dict[FactCode, str]:
    """The column name of each cell of a table; a row's label is shortened to what an SQL identifier holds.

    Raises:
        ContractError: two cells of the table would have the same name.
    """
    names = fact_names(form.form)
    labels = {code: names[code].rpartition("·") for code, _, _, _ in table.cells()}
    room = _IDENTIFIER_BYTES - max(len(f"·{column}".encode()) for _, _, column in labels.values())
    titles = {code: f"{_shortened(row, room)}·{column}" for code, (row, _, column) in labels.items()}
    if len(set(titles.values())) < len(titles):
        raise ContractError(f"forms/{form.form}.yaml: two cells of {table.code} have the same short label")
    return titles


def _shortened(text: str, size: int) -> str:
    if len(text.encode()) <= size:
        return text
    return text.encode()[: size - len("…".encode())].decode(errors="ignore") + "…"

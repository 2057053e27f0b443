"""What the UI shows of a table: schema, lineage, row counts, previews and failing rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from dagster import (
    AssetKey,
    AssetSpec,
    MetadataValue,
    TableColumn,
    TableColumnConstraints,
    TableColumnDep,
    TableColumnLineage,
    TableConstraints,
    TableMetadataValue,
    TableRecord,
    TableSchema,
)
from dagster import PartitionsDefinition as Partitions

from gao_pipeline.archive.tables import UNKNOWN_YEAR, TableStore
from gao_pipeline.contracts.tables import Property, TableContract, load_tables

OWNERS = ["team:disclosure-data"]
FAILING_ROWS = 20
_PREVIEW_ROWS = 10
_CELL_CHARACTERS = 60


def table_spec(
    name: str,
    group: str,
    deps: Sequence[str] = (),
    *,
    columns_from: Sequence[str] = (),
    partitions: Partitions[str] | None = None,
    kinds: Iterable[str] = (),
) -> AssetSpec:
    """The asset of a table: everything about it comes from its contract.

    Args:
        columns_from: upstream tables whose columns of the same name are carried over.
    """
    contract = load_tables()[name]
    metadata: dict[str, Any] = {
        "dagster/column_schema": column_schema(contract),
        "dagster/table_name": contract.physical_name,
        "contract": MetadataValue.path(f"data_contracts/tables/{name}.odcs.yaml"),
    }
    if columns_from:
        metadata["dagster/column_lineage"] = _lineage(contract, columns_from)
    return AssetSpec(
        name,
        deps=list(deps),
        group_name=group,
        description=" ".join(
            (contract.business_name, "·", contract.description, contract.data_granularity_description)
        ),
        metadata=metadata,
        owners=OWNERS,
        kinds={"parquet", *kinds},
        tags={"layer": group, "released": "yes" if contract.is_released else "no"},
        partitions_def=partitions,
    )


def column_schema(contract: TableContract) -> TableSchema:
    """The columns of a contract as Dagster shows them."""
    keys = [f"primary key ({', '.join(contract.primary_key)})"] if contract.primary_key else []
    return TableSchema(
        columns=[
            TableColumn(
                column.name,
                type=column.physical_type,
                description=f"{column.business_name} · {column.description}",
                constraints=TableColumnConstraints(
                    nullable=not column.required,
                    unique=contract.primary_key == (column.name,),
                    other=_limits(column),
                ),
            )
            for column in contract.properties
        ],
        constraints=TableConstraints(other=keys),
    )


def table_metadata(tables: TableStore, name: str) -> dict[str, Any]:
    """Row count, place and a preview of a table as it is stored, all its report years together."""
    paths = tables.paths(name)
    return {
        "dagster/row_count": tables.row_count(name),
        "path": MetadataValue.path(str(tables.home.tables / name)),
        "preview": MetadataValue.md(_preview(tables, name)) if paths else MetadataValue.text("empty"),
    }


def rows_of(frame: pd.DataFrame, limit: int = FAILING_ROWS) -> TableMetadataValue:
    """The first rows of a frame as a table in the metadata."""
    records = [
        TableRecord({str(name): _shown(value) for name, value in row.items()})
        for row in frame.head(limit).to_dict("records")
    ]
    schema = TableSchema([TableColumn(str(name), _record_type(frame[name])) for name in frame.columns])
    return MetadataValue.table(records, schema)


def _lineage(contract: TableContract, upstream: Sequence[str]) -> TableColumnLineage:
    deps: dict[str, list[TableColumnDep]] = {}
    for table in upstream:
        for column in load_tables()[table].columns:
            if column in contract.columns:
                deps.setdefault(column, []).append(TableColumnDep(AssetKey(table), column))
    return TableColumnLineage(deps)


def _limits(column: Property) -> list[str]:
    limits = column.logical_type_options
    described: Mapping[str, object] = {
        "one of": ", ".join(column.allowed) or None,
        "at least": limits.minimum,
        "at most": limits.maximum,
        "matches": limits.pattern,
    }
    return [f"{label} {value}" for label, value in described.items() if value is not None]


def _preview(tables: TableStore, name: str) -> str:
    newest = [year for year in tables.years(name) if year != UNKNOWN_YEAR][-1:]
    head = tables.dataset(name, newest or None).head(_PREVIEW_ROWS).to_pandas()
    shortened = head.map(lambda value: str(value)[:_CELL_CHARACTERS].replace("|", "¦").replace("\n", " "))
    return str(shortened.to_markdown(index=False))


def _shown(value: Any) -> str | int | float | bool | None:
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return None
    return value if isinstance(value, (bool, int, float)) else str(value)


def _record_type(column: pd.Series[Any]) -> str:
    if pd.api.types.is_bool_dtype(column):
        return "bool"
    if pd.api.types.is_integer_dtype(column):
        return "int"
    return "float" if pd.api.types.is_float_dtype(column) else "string"

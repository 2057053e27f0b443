"""The Data Package descriptor of a release: every data file with its size, SHA-256 and schema."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gao_pipeline.contracts.tables import LogicalType, Property, TableContract

_FIELD_TYPES: Mapping[LogicalType, str] = {
    LogicalType.STRING: "string",
    LogicalType.INTEGER: "integer",
    LogicalType.NUMBER: "number",
    LogicalType.BOOLEAN: "boolean",
    LogicalType.TIMESTAMP: "datetime",
    LogicalType.DATE: "date",
}


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, 64 hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def data_package(
    folder: Path,
    tables: Sequence[TableContract],
    parquet: Mapping[str, Sequence[Path]],
    csv: Mapping[str, Path],
    *,
    version: str,
    created: str,
    database: Path,
) -> dict[str, Any]:
    """The descriptor `datapackage.json` of the release in `folder` (frictionless Data Package 1.0).

    `tables` are the tables and views that have data files, `parquet` and `csv` these files by physical name.
    CSV files are tabular resources; Parquet and DuckDB files are file resources that carry the schema.
    """
    resources: list[dict[str, Any]] = []
    for contract in tables:
        name = contract.physical_name
        basis = name if contract.physical_type == "table" else contract.name
        described = {
            "title": contract.business_name,
            "description": f"{contract.description} {contract.data_granularity_description}",
            "schema": _schema(contract),
        }
        if name in csv:
            resources.append(
                {"name": _resource_name(basis, "csv"), "type": "table"}
                | _file(folder, csv[name], "csv", "text/csv")
                | {"encoding": "utf-8-sig"}
                | described
            )
        for path in parquet.get(name, ()):
            part = _resource_name(basis, "parquet", *([path.stem] if path.stem != name else []))
            resources.append(
                {"name": part, "type": "file"}
                | _file(folder, path, "parquet", "application/vnd.apache.parquet")
                | described
            )
    resources.append(
        {"name": "duckdb", "type": "file", "title": "DuckDB"}
        | _file(folder, database, "duckdb", "application/vnd.duckdb")
    )
    return {
        "name": "government-information-disclosure",
        "title": "政府信息公开工作年度报告数据",
        "description": (
            "Facts, findings and aggregates of government-information-disclosure annual reports: every data "
            "file of the release (its contracts and documentation lie beside them)."
        ),
        "version": version,
        "created": created,
        "resources": resources,
    }


def _resource_name(*parts: str) -> str:
    return "-".join(parts).replace("_", "-")


def _file(folder: Path, path: Path, file_format: str, media_type: str) -> dict[str, Any]:
    return {
        "path": path.relative_to(folder).as_posix(),
        "format": file_format,
        "mediatype": media_type,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of(path)}",
    }


def _schema(contract: TableContract) -> dict[str, Any]:
    return {
        "fields": [_field(column) for column in contract.properties],
        "primaryKey": list(contract.primary_key),
    }


def _field(column: Property) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": _FIELD_TYPES[column.logical_type],
        "title": column.business_name,
        "description": column.description,
        "constraints": dict(_constraints(column)),
    }


def _constraints(column: Property) -> Iterator[tuple[str, Any]]:
    limits = column.logical_type_options
    if column.required:
        yield "required", True
    if column.allowed:
        yield "enum", list(column.allowed)
    whole = column.logical_type is LogicalType.INTEGER
    for name, limit in (("minimum", limits.minimum), ("maximum", limits.maximum)):
        if limit is not None:
            yield name, int(limit) if whole else limit
    if limits.pattern is not None:
        yield "pattern", limits.pattern

"""The contracts of our tables, in the Open Data Contract Standard, one file a table.

Everything that describes a table is generated from here: pandera schemas, Dagster column schemas, DDL and
comments, `datapackage.json`, the data dictionary. Only the part of the standard that we use is accepted.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from gao_pipeline.contracts.loading import ContractError, Spec, contracts_root, load_contract


class LogicalType(StrEnum):
    """The logical types of the standard that our tables use."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIMESTAMP = "timestamp"
    DATE = "date"


class EnumValue(Spec, frozen=True, kw_only=True):
    """One value of a closed list."""

    value: str


class TypeOptions(Spec, frozen=True, kw_only=True):
    """Limits of the values of a column."""

    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None


class Property(Spec, frozen=True, kw_only=True, rename="camel"):
    """A column. `business_name` is its Chinese name, `description` its English one."""

    name: str
    business_name: str
    logical_type: LogicalType
    physical_type: str
    description: str
    required: bool = False
    primary_key: bool = False
    primary_key_position: int | None = None
    logical_type_options: TypeOptions = TypeOptions()
    enum: tuple[EnumValue, ...] = ()

    @property
    def allowed(self) -> tuple[str, ...]:
        """The closed list of values, empty where any value may stand."""
        return tuple(item.value for item in self.enum)


class TableContract(Spec, frozen=True, kw_only=True, rename="camel", dict=True):
    """A table. `physical_name` is its name in a release, `tags` say where it lives."""

    name: str
    physical_name: str
    physical_type: str
    business_name: str
    description: str
    data_granularity_description: str
    tags: tuple[str, ...]
    properties: tuple[Property, ...]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.properties)

    @cached_property
    def primary_key(self) -> tuple[str, ...]:
        """Names of the key columns in key order."""
        keys = [column for column in self.properties if column.primary_key]
        return tuple(column.name for column in sorted(keys, key=lambda c: c.primary_key_position or 0))

    @property
    def is_released(self) -> bool:
        """Whether the table is part of a curated release."""
        return "release" in self.tags


class TableFile(Spec, frozen=True, kw_only=True, rename="camel"):
    """A file of `tables/`: a data contract that holds one table."""

    api_version: str
    kind: str
    id: str
    name: str
    version: str
    status: str
    domain: str
    schema: tuple[TableContract, ...]
    description: dict[str, Any] = {}


@cache
def load_tables() -> dict[str, TableContract]:
    """Every table contract by table name.

    Raises:
        ContractError: as `read_tables`.
    """
    return read_tables(contracts_root() / "tables")


def read_tables(folder: Path) -> dict[str, TableContract]:
    """The table contracts of a folder, by table name.

    Raises:
        ContractError: a contract is malformed, holds more than one table, or is named unlike its file.
    """
    tables: dict[str, TableContract] = {}
    for path in sorted(folder.glob("*.odcs.yaml")):
        contract = load_contract(path, TableFile)
        if [table.name for table in contract.schema] != [path.name.removesuffix(".odcs.yaml")]:
            raise ContractError(f"tables/{path.name}: the file must hold the one table it is named after")
        tables[contract.name] = contract.schema[0]
    return tables

"""Runs SQL over frames in an in-process DuckDB, so that twenty million facts are never a pandas loop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import duckdb
import pandas as pd
import pyarrow.dataset

from gao_pipeline.archive.schemas import Frame, arrow_schema, pandas_type
from gao_pipeline.contracts.tables import load_tables

Source: TypeAlias = Frame | pyarrow.dataset.Dataset
"""A table in memory or on disk, as DuckDB can scan it."""


def query(
    name: str, sql: str, parameters: Mapping[str, Any] | None = None, **sources: Source
) -> pd.DataFrame:
    """The result of `sql` over `sources`, as the table `name` of the contracts, in the order of its key."""
    contract = load_tables()[name]
    columns, key = ", ".join(contract.columns), ", ".join(contract.primary_key)
    ordered = f"SELECT {columns} FROM ({sql}) ORDER BY {key}"  # noqa: S608 - names of our contracts
    with duckdb.connect() as connection:
        for view, source in sources.items():
            connection.register(view, source)
        table = connection.sql(ordered, params=parameters).to_arrow_table().cast(arrow_schema(contract))
    result: pd.DataFrame = table.to_pandas(types_mapper=pandas_type)
    return result

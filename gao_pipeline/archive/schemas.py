"""Table contracts as types: Arrow for storage, pandas for work, pandera for checking.

There is one way to hold each logical type, and it is defined here: strings as `str`, integers as `Int64`,
numbers as `float64`, booleans as `boolean`, timestamps in UTC with microseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pyarrow

from gao_pipeline.contracts.tables import LogicalType, Property, TableContract

Frame: TypeAlias = pd.DataFrame | pyarrow.Table
"""A table in memory. Facts are held in Arrow, where a year of them stays small; all else in pandas."""

_ARROW: Mapping[LogicalType, pyarrow.DataType] = {
    LogicalType.STRING: pyarrow.string(),
    LogicalType.INTEGER: pyarrow.int64(),
    LogicalType.NUMBER: pyarrow.float64(),
    LogicalType.BOOLEAN: pyarrow.bool_(),
    LogicalType.TIMESTAMP: pyarrow.timestamp("us", tz="UTC"),
    LogicalType.DATE: pyarrow.date32(),
}
_PANDAS: Mapping[LogicalType, Any] = {
    LogicalType.STRING: pd.StringDtype(na_value=np.nan),
    LogicalType.INTEGER: pd.Int64Dtype(),
    LogicalType.NUMBER: np.dtype("float64"),
    LogicalType.BOOLEAN: pd.BooleanDtype(),
    LogicalType.TIMESTAMP: pd.DatetimeTZDtype("us", "UTC"),
    LogicalType.DATE: pd.ArrowDtype(pyarrow.date32()),
}
_EXTENSION_OF_ARROW = {
    _ARROW[logical]: dtype
    for logical, dtype in _PANDAS.items()
    if isinstance(dtype, pd.api.extensions.ExtensionDtype)
}


@cache
def arrow_schema(contract: TableContract) -> pyarrow.Schema:
    """The Arrow schema of a table; the Chinese and English names travel as field metadata."""
    return pyarrow.schema(
        [
            pyarrow.field(
                column.name,
                _ARROW[column.logical_type],
                nullable=not column.required,
                metadata={"business_name": column.business_name, "description": column.description},
            )
            for column in contract.properties
        ]
    )


def pandas_type(arrow_type: pyarrow.DataType) -> Any:
    """The extension dtype in which an Arrow type is held, if any (`types_mapper` of `Table.to_pandas`)."""
    return _EXTENSION_OF_ARROW.get(arrow_type)


@cache
def pandera_schema(contract: TableContract) -> pa.DataFrameSchema:
    """The pandera schema of a table: columns, types, required values, closed lists, limits, key.

    Strict (no other column) and without coercion: what does not fit is a mistake of the stage that
    made the frame. Validate with `lazy=True` to see every failure at once.
    """
    return pa.DataFrameSchema(
        columns={column.name: _pandera_column(column) for column in contract.properties},
        strict=True,
        ordered=True,
        coerce=False,
        unique=list(contract.primary_key) or None,
        name=contract.name,
        title=contract.business_name,
        description=contract.description,
    )


def _pandera_column(column: Property) -> pa.Column:
    limits = column.logical_type_options
    checks = []
    if column.allowed:
        checks.append(pa.Check.isin(column.allowed))
    if limits.minimum is not None:
        checks.append(pa.Check.ge(limits.minimum))
    if limits.maximum is not None:
        checks.append(pa.Check.le(limits.maximum))
    if limits.pattern is not None:
        checks.append(pa.Check.str_matches(limits.pattern))
    return pa.Column(
        _PANDAS[column.logical_type],
        checks=checks,
        nullable=not column.required,
        title=column.business_name,
        description=column.description,
    )


def conform(frame: pd.DataFrame, contract: TableContract) -> pd.DataFrame:
    """`frame` with the columns of the contract, in its order and in its types; other columns are dropped.

    A column that the frame does not have is empty. Rows keep their order, the index is renewed.

    Raises:
        ValueError, TypeError: a value cannot be held in the type of its column.
    """
    columns = {
        column.name: (
            frame[column.name].astype(_PANDAS[column.logical_type])
            if column.name in frame
            else pd.Series(index=frame.index, dtype=_PANDAS[column.logical_type])
        )
        for column in contract.properties
    }
    return pd.DataFrame(columns, index=frame.index).reset_index(drop=True)


def empty_frame(contract: TableContract) -> pd.DataFrame:
    """A frame of the contract without rows."""
    return conform(pd.DataFrame(), contract)

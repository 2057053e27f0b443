"""Rows to tables: what every stage does to hold a table of its contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

import pandas as pd
import pyarrow

from gao_pipeline.archive.schemas import arrow_schema, conform
from gao_pipeline.contracts.tables import load_tables
from gao_pipeline.documents.model import Place

_BATCH = 20_000


def frame_of(name: str, rows: Iterable[Mapping[Any, Any]]) -> pd.DataFrame:
    """The rows as a frame of the table's contract, in the order of its key."""
    contract = load_tables()[name]
    frame = conform(pd.DataFrame.from_records(list(rows)), contract)
    return frame.sort_values(list(contract.primary_key), ignore_index=True, kind="stable")


def table_of(name: str, rows: Iterable[Mapping[str, Any]]) -> pyarrow.Table:
    """The rows as an Arrow table of the contract, in the order of its key; for what has millions of rows.

    Only a batch of rows exists at a time. Values must have the type of their column.
    """
    contract = load_tables()[name]
    schema, remaining = arrow_schema(contract), iter(rows)
    batches = iter(lambda: list(islice(remaining, _BATCH)), [])
    table = pyarrow.Table.from_batches(
        (pyarrow.RecordBatch.from_pylist(batch, schema) for batch in batches), schema
    )
    return table.sort_by([(column, "ascending") for column in contract.primary_key])


def with_rows(frame: pd.DataFrame, name: str, rows: Iterable[Mapping[Any, Any]]) -> pd.DataFrame:
    """`frame` of the table with more rows, in the order of its key."""
    contract = load_tables()[name]
    joined = pd.concat([frame, frame_of(name, rows)], ignore_index=True)
    return joined.sort_values(list(contract.primary_key), ignore_index=True, kind="stable")


def source_columns(place: Place) -> dict[str, Any]:
    """The columns `source_*` of a place."""
    return {
        "source_page": place.page,
        "source_table": place.table,
        "source_row": place.row,
        "source_column": place.column,
        "source_line": place.line,
        "source_bbox": ",".join(f"{side:g}" for side in place.bbox) if place.bbox else None,
    }

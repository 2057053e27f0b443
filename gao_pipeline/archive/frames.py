"""Rows to frames: what every stage does to hold a table of its contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from gao_pipeline.archive.schemas import conform
from gao_pipeline.contracts.tables import load_tables
from gao_pipeline.documents.model import Place


def frame_of(name: str, rows: Iterable[Mapping[Any, Any]]) -> pd.DataFrame:
    """The rows as a frame of the table's contract, in the order of its key."""
    contract = load_tables()[name]
    frame = conform(pd.DataFrame.from_records(list(rows)), contract)
    return frame.sort_values(list(contract.primary_key), ignore_index=True, kind="stable")


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

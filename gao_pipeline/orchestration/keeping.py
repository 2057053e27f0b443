"""How an asset keeps its tables: held against their contracts first, then written, then shown.

A frame that breaks its contract is not written: the check `contract` of its table fails with the rows, the
step fails, and what was there before stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd
import pandera.errors
from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    Failure,
    MaterializeResult,
)

from gao_pipeline.archive.schemas import Frame, pandas_type, pandera_schema
from gao_pipeline.archive.tables import TableStore
from gao_pipeline.contracts.tables import load_tables
from gao_pipeline.orchestration.metadata import rows_of, table_metadata

CONTRACT = "contract"
_FAILURE_COLUMNS = ["column", "check", "failure_case", "index"]

_PART = 500_000
"""Rows of an Arrow table that are held against the contract at a time."""

Made = tuple[str, str | None, Frame]
"""A table's name, the report year of the frame (if the table is kept by year), and the frame."""


def contract_checks(*names: str) -> list[AssetCheckSpec]:
    """The blocking check of each table against its contract."""
    return [
        AssetCheckSpec(
            CONTRACT,
            asset=name,
            blocking=True,
            description=f"Columns, types, keys, limits of data_contracts/tables/{name}.odcs.yaml (pandera).",
        )
        for name in names
    ]


def keep(
    context: AssetExecutionContext,
    tables: TableStore,
    names: Iterable[str],
    made: Iterable[Made],
    metadata: Mapping[str, Mapping[str, Any]] | None = None,
) -> Iterator[MaterializeResult[Any] | AssetCheckResult]:
    """Writes the frames and yields a materialisation with its contract check for every table of `names`.

    A frame of a report year without rows removes that year. `metadata` is added by table name.

    Raises:
        Failure: a frame broke its contract; the failed checks have been yielded.
    """
    checked: dict[str, int] = defaultdict(int)
    failures: dict[str, list[pd.DataFrame]] = defaultdict(list)
    for name, year, frame in made:
        checked[name] += len(frame)
        broken = contract_failures(name, frame)
        if not broken.empty:
            failures[name].append(broken)
        elif year is not None and not len(frame):
            tables.remove(name, year)
        else:
            tables.write(name, frame, year)
            if year is not None and context.assets_def.partitions_def is not None:
                context.add_asset_metadata(
                    {"dagster/partition_row_count": len(frame)}, asset_key=name, partition_key=year
                )
    results = {name: _result(name, checked[name], tables.row_count(name), failures[name]) for name in names}
    if broken_tables := [name for name, result in results.items() if not result.passed]:
        yield from results.values()
        raise Failure(f"{', '.join(broken_tables)}: a table breaks its contract and was not written")
    for name, result in results.items():
        shown = {**table_metadata(tables, name), **(metadata or {}).get(name, {})}
        yield MaterializeResult(asset_key=name, metadata=shown, check_results=[result])


def contract_failures(name: str, frame: Frame) -> pd.DataFrame:
    """What in `frame` breaks the contract of the table: a row per failure, none where it fits.

    An Arrow table is in the order of its key, and is judged part by part.
    """
    failures = [pd.DataFrame(columns=_FAILURE_COLUMNS)]
    for part in _parts(frame):
        try:
            pandera_schema(load_tables()[name]).validate(part, lazy=True)
        except pandera.errors.SchemaErrors as errors:
            failures.append(errors.failure_cases[_FAILURE_COLUMNS].astype(str))
    return pd.concat(failures, ignore_index=True)


def _parts(frame: Frame) -> Iterator[pd.DataFrame]:
    """A frame in parts that pandas can hold; each shares a row with the next, so that copies meet in one."""
    if isinstance(frame, pd.DataFrame):
        yield frame
        return
    for start in range(0, max(len(frame) - 1, 1), _PART - 1):
        yield frame.slice(start, _PART).to_pandas(types_mapper=pandas_type)


def _result(name: str, checked: int, kept: int, failures: list[pd.DataFrame]) -> AssetCheckResult:
    """The check of a table: `checked` rows were held against the contract now, the whole table has `kept`."""
    metadata: dict[str, Any] = {
        "rows_checked_now": checked,
        "rows_of_the_table": kept,
        "failures": sum(map(len, failures)),
    }
    if failures:
        metadata["failing_rows"] = rows_of(pd.concat(failures))
    return AssetCheckResult(
        asset_key=name,
        check_name=CONTRACT,
        passed=not failures,
        severity=AssetCheckSeverity.ERROR,
        metadata=metadata,
    )

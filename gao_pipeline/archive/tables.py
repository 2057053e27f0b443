"""The tables between assets, as Parquet: one file a table, or one a report year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow
import pyarrow.dataset
import pyarrow.parquet

from gao_pipeline.archive.home import Home, replacing
from gao_pipeline.archive.schemas import Frame, arrow_schema, conform, empty_frame, pandas_type
from gao_pipeline.contracts.tables import TableContract, load_tables

UNKNOWN_YEAR = "unknown"
"""Partition of the reports that give no year, or one in which there can be no report."""

FIRST_REPORT_YEAR = 2008
"""Year in which the regulation (国务院令第492号) came into force."""

_FILE = "data.parquet"
_YEAR_FOLDER = "report_year="


def year_key(report_year: int | None) -> str:
    """The partition of a report year."""
    if report_year is None or not FIRST_REPORT_YEAR <= report_year <= date.today().year:
        return UNKNOWN_YEAR
    return str(report_year)


@dataclass(frozen=True)
class TableStore:
    """Reads and replaces tables below `<home>/tables/`. A reader sees the old file or the new one."""

    home: Home

    def path(self, name: str, year: str | int | None = None) -> Path:
        """Where a table, or the partition of one report year of it, is kept."""
        folder = self.home.tables / name
        return folder / _FILE if year is None else folder / f"{_YEAR_FOLDER}{year}" / _FILE

    def paths(self, name: str) -> list[Path]:
        """Every Parquet file of a table that exists, in the order of years."""
        folder = self.home.tables / name
        return [
            path for pattern in (_FILE, f"{_YEAR_FOLDER}*/{_FILE}") for path in sorted(folder.glob(pattern))
        ]

    def years(self, name: str) -> list[str]:
        """The report years that a table is kept for, in order; `unknown` is the last."""
        return [
            path.parent.name.removeprefix(_YEAR_FOLDER)
            for path in sorted((self.home.tables / name).glob(f"{_YEAR_FOLDER}*/{_FILE}"))
        ]

    def write(self, name: str, frame: Frame, year: str | int | None = None) -> Path:
        """Replaces a table, or the partition of one report year of it, by `frame` (of its contract)."""
        table = _in_arrow(frame, load_tables()[name])
        path = self.path(name, year)
        with replacing(path) as temporary:
            pyarrow.parquet.write_table(table, temporary, compression="zstd")
        return path

    def read(self, name: str, year: str | int | None = None) -> pd.DataFrame:
        """A table (all its report years together), or one report year of it; empty where nothing is kept."""
        contract = load_tables()[name]
        paths = self.paths(name) if year is None else [self.path(name, year)]
        tables = [
            pyarrow.parquet.read_table(path, schema=arrow_schema(contract), partitioning=None)
            for path in paths
            if path.exists()
        ]
        if not tables:
            return empty_frame(contract)
        frame: pd.DataFrame = pyarrow.concat_tables(tables).to_pandas(types_mapper=pandas_type)
        return frame

    def dataset(self, name: str, years: Iterable[str | int] | None = None) -> pyarrow.dataset.Dataset:
        """A table (or some of its report years) on disk, to be scanned without loading it."""
        contract = load_tables()[name]
        paths = self.paths(name) if years is None else [self.path(name, year) for year in years]
        existing = [str(path) for path in paths if path.exists()]
        if not existing:
            return pyarrow.dataset.dataset(arrow_schema(contract).empty_table())
        return pyarrow.dataset.dataset(existing, schema=arrow_schema(contract), format="parquet")

    def row_count(self, name: str, year: str | int | None = None) -> int:
        """How many rows a table, or one report year of it, has."""
        paths = self.paths(name) if year is None else [self.path(name, year)]
        return sum(pyarrow.parquet.read_metadata(path).num_rows for path in paths if path.exists())

    def remove(self, name: str, year: str | int) -> None:
        """Removes the partition of a report year that has no reports any more."""
        path = self.path(name, year)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            path.parent.rmdir()


def _in_arrow(frame: Frame, contract: TableContract) -> pyarrow.Table:
    if isinstance(frame, pyarrow.Table):
        return frame.cast(arrow_schema(contract))
    return pyarrow.Table.from_pandas(
        conform(frame, contract), schema=arrow_schema(contract), preserve_index=False
    ).replace_schema_metadata(None)

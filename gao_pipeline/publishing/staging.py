"""Fills the folder of a release, file by file, from the table store."""

from __future__ import annotations

import codecs
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow
import pyarrow.csv
import pyarrow.parquet

from gao_pipeline.archive.schemas import arrow_schema
from gao_pipeline.archive.tables import TableStore
from gao_pipeline.contracts.loading import contracts_root
from gao_pipeline.contracts.tables import TableContract
from gao_pipeline.publishing.datapackage import data_package
from gao_pipeline.publishing.ddl import REPORTS, column_list, quoted, released_tables, wide_views
from gao_pipeline.publishing.duckdb_file import DUCKDB_FILE, build_duckdb, open_release

CONTRACTS_FOLDER = "contracts"
_ROWS_OF_A_SHEET = 1_048_575
_CSV_BATCH = 100_000


@dataclass(frozen=True)
class Staged:
    """The data files of a release that is being made."""

    folder: Path
    parquet: Mapping[str, list[Path]]
    rows: Mapping[str, int]
    csv: Mapping[str, Path]


def stage_data(folder: Path, store: TableStore, *, storage_version: str) -> Staged:
    """Writes Parquet, DuckDB, CSV and contract files of every released table into `folder`.

    A table that is kept per report year has one Parquet file a year (`parquet/<table>/<year>.parquet`),
    each complete in itself: the year stands in the rows too, and their statistics let a reader skip files.
    (Folders `report_year=…` in the manner of Hive are not readable by all: pandas and pyarrow refuse a column
    that is in both places, older DuckDB the name of the partition without a year, and a single file opened in
    a BI tool would have no year.) Tables and wide views that fit a spreadsheet are written as CSV too, with a
    byte order mark so that Excel reads the Chinese.
    """
    tables = released_tables()
    parquet = {table.physical_name: _stage_parquet(folder, store, table) for table in tables}
    rows = build_duckdb(folder / DUCKDB_FILE, parquet, storage_version=storage_version)
    return Staged(folder, parquet, rows, _stage_csv(folder, rows))


def stage_contracts(folder: Path) -> None:
    """Copies the contracts of the released tables into `contracts/`."""
    target = folder / CONTRACTS_FOLDER
    target.mkdir()
    for table in released_tables():
        shutil.copyfile(
            contracts_root() / "tables" / f"{table.name}.odcs.yaml", target / f"{table.name}.odcs.yaml"
        )


def stage_descriptor(staged: Staged, *, version: str, created: str) -> None:
    """Writes `datapackage.json`: size, SHA-256 and schema of every data file."""
    descriptor = data_package(
        staged.folder,
        _described(),
        staged.parquet,
        staged.csv,
        version=version,
        created=created,
        database=staged.folder / DUCKDB_FILE,
    )
    text = json.dumps(descriptor, ensure_ascii=False, indent=1)
    (staged.folder / "datapackage.json").write_text(text, encoding="utf-8")


def _stage_parquet(folder: Path, store: TableStore, table: TableContract) -> list[Path]:
    target = folder / "parquet" / table.physical_name
    target.mkdir(parents=True)
    years = store.years(table.name)
    sources = {year: store.path(table.name, year) for year in years} or {
        table.physical_name: store.path(table.name)
    }
    files: list[Path] = []
    for stem, source in sources.items():
        file = target / f"{stem}.parquet"
        if source.exists():
            _copy(source, file, arrow_schema(table))
        else:
            pyarrow.parquet.write_table(arrow_schema(table).empty_table(), file)
        files.append(file)
    return files


def _copy(source: Path, target: Path, schema: pyarrow.Schema) -> None:
    """Copies a Parquet file; one that was written before its contract changed is brought into shape."""
    if pyarrow.parquet.read_schema(source).equals(schema):
        shutil.copyfile(source, target)
    else:
        table = pyarrow.parquet.read_table(source, schema=schema, partitioning=None)
        pyarrow.parquet.write_table(table, target, compression="zstd")


def _described() -> list[TableContract]:
    """The contracts of all that has data files: the tables, then the wide views."""
    return [*released_tables(), *(view.contract for view in wide_views())]


def _stage_csv(folder: Path, rows: Mapping[str, int]) -> dict[str, Path]:
    target = folder / "csv"
    target.mkdir()
    files: dict[str, Path] = {}
    with open_release(folder) as connection:
        for table in _described():
            name = table.physical_name
            if rows.get(name, rows[REPORTS]) > _ROWS_OF_A_SHEET:
                continue
            files[name] = target / f"{name}.csv"
            order = " ORDER BY ALL" if table.physical_type == "view" else ""
            selected = connection.sql(f"SELECT {column_list(table)} FROM {quoted(name)}{order}")
            reader: pyarrow.RecordBatchReader = selected.to_arrow_reader(_CSV_BATCH)
            with files[name].open("wb") as stream:
                stream.write(codecs.BOM_UTF8)
                with pyarrow.csv.CSVWriter(stream, reader.schema) as writer:
                    for batch in reader:
                        writer.write_batch(batch)
    return files

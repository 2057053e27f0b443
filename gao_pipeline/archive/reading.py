"""From documents to reports: reads what was not read before and keeps `reports` and `reported_facts`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import msgspec
import pandas as pd
import pyarrow

from gao_pipeline.archive.digests import digest, reader_version, report_version
from gao_pipeline.archive.extraction import extraction_store
from gao_pipeline.archive.frames import source_columns, table_of, with_rows
from gao_pipeline.archive.home import Home
from gao_pipeline.archive.mapper import Lost, Mapper, map_documents
from gao_pipeline.archive.progress import Progress
from gao_pipeline.archive.store import ContentStore, ReportReading
from gao_pipeline.archive.tables import TableStore, year_key
from gao_pipeline.archive.workers import Read, read_extraction
from gao_pipeline.contracts.forms import FactCode, load_forms
from gao_pipeline.reports.model import Report


class ReadingStage(NamedTuple):
    """The table of reports, the report years whose facts changed, and how much of it was work."""

    reports: pd.DataFrame
    changed_years: tuple[str, ...]
    read: int
    reused: int


def report_store(home: Home) -> ContentStore[ReportReading]:
    """The store of report readings below `home`."""
    return ContentStore(home.reports, ReportReading)


def reading_version() -> str:
    """Version of everything between the bytes of a file and its report."""
    return digest([reader_version(), report_version()])


def read_reports(
    raw_files: pd.DataFrame,
    extracted_text: pd.DataFrame,
    tables: TableStore,
    mapper: Mapper,
    progress: Progress,
) -> ReadingStage:
    """Reads every document of which no report reading of this version is kept."""
    store, version = report_store(tables.home), reading_version()
    extractions = extraction_store(tables.home)
    readable = extracted_text["sha256"][extracted_text["status"] == "read"]
    files = raw_files[raw_files["sha256"].isin(readable) & raw_files["duplicate_of"].isna()]
    paths = dict(zip(files["sha256"], files["path"], strict=True))
    held = {sha256 for sha256 in paths if store.holds(sha256, version)}

    before = tables.read("reports")
    kept = before[before["sha256"].isin(held)]
    kept = kept[(kept["reading_version"] == version) & (kept["path"] == kept["sha256"].map(paths))]
    forgotten = sorted(held.difference(kept["sha256"]))
    rows = [Read.of(store.read(sha256, version)).row for sha256 in forgotten]

    missing = [sha256 for sha256 in paths if sha256 not in held]
    progress.begin("reported_facts", len(missing))
    arguments = (
        (sha256, (sha256, paths[sha256], extractions.read_packed(sha256, reader_version())))
        for sha256 in missing
    )
    for sha256, result in map_documents(mapper, read_extraction, arguments):
        progress.advance("reported_facts")
        if isinstance(result, Lost):
            result = Read.quarantined(sha256, result.reason, result.detail)
        store.write_packed(sha256, version, result.packed)
        rows.append(result.row)
    store.prune(version)

    found = [row | {"path": paths[row["sha256"]], "reading_version": version} for row in rows if row]
    reports = with_rows(kept, "reports", found)
    return ReadingStage(reports, _changed_years(before, reports), read=len(missing), reused=len(held))


def stored_reports(home: Home, reports: pd.DataFrame) -> dict[str, Report]:
    """The stored reports of the rows of `reports`, by report id, in their order.

    They share the objects of their cell codes, which are most of what a report is in memory.
    """
    store = report_store(home)
    stored = (
        (report_id, store.read(sha256, version).report)
        for report_id, sha256, version in zip(
            reports["report_id"], reports["sha256"], reports["reading_version"], strict=True
        )
    )
    return {report_id: _with_shared_codes(report) for report_id, report in stored if report}


def _with_shared_codes(report: Report) -> Report:
    shared = _codes()
    facts = (msgspec.structs.replace(fact, code=shared[fact.code]) for fact in report.facts)
    return msgspec.structs.replace(report, facts=tuple(facts))


@cache
def _codes() -> dict[FactCode, FactCode]:
    return {code: code for form in load_forms().values() for code in form.codes}


def in_year(reports: pd.DataFrame, year: str) -> pd.DataFrame:
    """The rows of a report year (or `unknown`) of any frame that has `report_year`."""
    return reports[_year_keys(reports) == year]


def report_years(reports: pd.DataFrame) -> tuple[str, ...]:
    """The partitions that have reports, in order."""
    return tuple(sorted(set(_year_keys(reports))))


def reported_facts(reports: Mapping[str, Report]) -> pyarrow.Table:
    """The table `reported_facts` of these reports (by report id)."""
    return table_of(
        "reported_facts",
        (row for report_id, report in reports.items() for row in _fact_rows(report_id, report)),
    )


def _fact_rows(report_id: str, report: Report) -> Iterator[dict[str, Any]]:
    for fact in report.facts:
        yield {
            "report_id": report_id,
            "report_year": report.report_year,
            "table_form": report.table_forms.get(fact.code.table) or report.form,
            "table_code": fact.code.table,
            "row_code": fact.code.row,
            "column_code": fact.code.column,
            "reported_value": None if fact.value is None else float(fact.value),
            "raw": fact.raw,
            "state": str(fact.state),
            "confidence": fact.confidence,
            "unit_assumed": fact.unit_assumed,
            **source_columns(fact.place),
        }


def _changed_years(before: pd.DataFrame, after: pd.DataFrame) -> tuple[str, ...]:
    """The report years in which a report arrived, went away, moved or was read anew."""
    identity = ["report_id", "report_year", "reading_version"]
    changed = pd.concat([before[identity], after[identity]]).drop_duplicates(keep=False)
    return report_years(changed)


def _year_keys(frame: pd.DataFrame) -> pd.Series[str]:
    years = [year_key(None if pd.isna(year) else int(year)) for year in frame["report_year"]]
    return pd.Series(years, index=frame.index, dtype=str)

"""What became of every file: read, quarantined with a reason, or a duplicate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from gao_pipeline.archive.frames import frame_of
from gao_pipeline.archive.reading import reading_version, report_store
from gao_pipeline.archive.tables import TableStore


class LedgerError(Exception):
    """The ledger does not add up: a file is neither read, nor quarantined, nor a duplicate."""


def make_ledger(tables: TableStore) -> pd.DataFrame:
    """One row per row of `raw_files`.

    Raises:
        LedgerError: a file is not accounted for; this is a mistake of ours.
    """
    return frame_of("ledger", _rows(tables))


def _rows(tables: TableStore) -> Iterator[dict[str, Any]]:
    texts = tables.read("extracted_text").set_index("sha256").to_dict("index")
    reports = tables.read("reports").set_index("sha256").to_dict("index")
    readings, version = report_store(tables.home), reading_version()
    for file in tables.read("raw_files").to_dict("records"):
        row = {key: file[key] for key in ("path", "sha256", "media_type")}
        if pd.isna(file["sha256"]):
            yield row | {"status": "quarantined", "reason": file["reason"], "detail": file["detail"]}
            continue
        text, report = texts.get(file["sha256"]), reports.get(file["sha256"])
        if text is None:
            raise LedgerError(f"{file['path']} was found but never read; run the job `ingest` again")
        row["media_type"] = text["media_type"]
        if not pd.isna(file["duplicate_of"]):
            yield row | {"status": "duplicate", "detail": file["duplicate_of"]}
        elif text["status"] == "quarantined":
            yield row | {"status": "quarantined", "reason": text["reason"], "detail": text["detail"]}
        elif report is not None:
            yield row | {
                "status": "read",
                "report_id": report["report_id"],
                "report_year": report["report_year"],
            }
        else:
            quarantine = readings.read(file["sha256"], version).quarantine
            if quarantine is None:
                raise LedgerError(
                    f"{file['path']} gave a report that no table holds; run the job `ingest` again"
                )
            yield row | {"status": "quarantined", "reason": quarantine.reason, "detail": quarantine.detail}

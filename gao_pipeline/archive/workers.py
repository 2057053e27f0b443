"""What runs in a worker: bytes to extraction, extraction to report reading, each with its rows.

A worker starts with these imports alone: no data frames, no Dagster.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from gao_pipeline.archive.store import Extraction, Quarantine, ReportReading, pack, unpack
from gao_pipeline.documents.model import Document, MediaType, UnreadableDocumentError
from gao_pipeline.documents.reading import archive_members, detect_media_type, read_document
from gao_pipeline.reports.reading import read_report

_FIRST_ROW_CHARACTERS = 200
_REPORT_ID_DIGITS = 16


class Extracted(NamedTuple):
    """An extraction as it is stored, with its rows in `extracted_text` and `extracted_tables`."""

    packed: bytes
    text_row: dict[str, Any]
    grid_rows: list[dict[str, Any]]

    @classmethod
    def of(cls, extraction: Extraction) -> Extracted:
        return cls(pack(extraction), _text_row(extraction), list(_grid_rows(extraction)))

    @classmethod
    def quarantined(cls, sha256: str, media_type: MediaType, reason: str, detail: str) -> Extracted:
        quarantine = Quarantine(reason=reason, detail=detail)
        return cls.of(Extraction(sha256=sha256, media_type=media_type, quarantine=quarantine))


class Read(NamedTuple):
    """A report reading as it is stored, with its row in `reports` if there is a report."""

    packed: bytes
    row: dict[str, Any] | None

    @classmethod
    def of(cls, reading: ReportReading) -> Read:
        return cls(pack(reading), _report_row(reading))

    @classmethod
    def quarantined(cls, sha256: str, reason: str, detail: str) -> Read:
        return cls.of(ReportReading(sha256=sha256, quarantine=Quarantine(reason=reason, detail=detail)))


def extract_content(sha256: str, path: str, data: bytes | None) -> Extracted:
    """Reads one document."""
    if data is None:
        return Extracted.quarantined(
            sha256, MediaType.UNKNOWN, "unreadable_file", "it could not be opened again"
        )
    media_type = detect_media_type(data, path)
    try:
        if media_type is MediaType.ZIP and not archive_members(data, path):
            raise UnreadableDocumentError("empty_archive", "the archive holds no file to read")
        document = read_document(data, path)
    except UnreadableDocumentError as error:
        return Extracted.quarantined(sha256, media_type, error.reason, error.detail)
    return Extracted.of(Extraction(sha256=sha256, media_type=document.media_type, document=document))


def read_extraction(sha256: str, path: str, packed: bytes) -> Read:
    """Reads the report in one stored extraction."""
    document = unpack(packed, Extraction).document
    if document is None:
        raise ValueError(f"{path}: a quarantined file has no document")
    try:
        report = read_report(document, file_name=PurePosixPath(path).name)
    except UnreadableDocumentError as error:
        return Read.quarantined(sha256, error.reason, error.detail)
    return Read.of(ReportReading(sha256=sha256, report=report))


def _text_row(extraction: Extraction) -> dict[str, Any]:
    document, quarantine = extraction.document, extraction.quarantine
    row = {
        "sha256": extraction.sha256,
        "status": "read" if document else "quarantined",
        "reason": quarantine.reason if quarantine else None,
        "detail": quarantine.detail if quarantine else None,
        "media_type": str(extraction.media_type),
    }
    content = document or Document(media_type=extraction.media_type, blocks=())
    paragraphs = content.paragraphs
    return row | {
        "encoding": content.encoding,
        "title": content.title,
        "pages": content.pages,
        "paragraphs": len(paragraphs),
        "grids": len(content.grids),
        "characters": sum(len(paragraph.text) for paragraph in paragraphs),
    }


def _grid_rows(extraction: Extraction) -> Iterator[dict[str, Any]]:
    if extraction.document is None:
        return
    for rank, grid in enumerate(extraction.document.grids, start=1):
        first_row = " | ".join(cell.text for cell in grid.cells if cell.row == 0)
        yield {
            "sha256": extraction.sha256,
            "grid": rank,
            "source_page": grid.place.page,
            "row_count": grid.rows,
            "column_count": grid.columns,
            "cell_count": len(grid.cells),
            "ragged": grid.ragged,
            "first_row": first_row[:_FIRST_ROW_CHARACTERS],
        }


def _report_row(reading: ReportReading) -> dict[str, Any] | None:
    report = reading.report
    if report is None:
        return None
    years = report.year_sources
    return {
        "report_id": reading.sha256[:_REPORT_ID_DIGITS],
        "sha256": reading.sha256,
        "media_type": str(report.media_type),
        "organization": report.organization,
        "title": report.title,
        "report_year": report.report_year,
        "year_title": years.title,
        "year_period": years.period,
        "year_prose": years.prose,
        "year_publication": years.publication,
        "published_on": report.published,
        "form": report.form,
        **{f"{table}_form": form for table, form in report.table_forms.items()},
    }

"""From landed files to documents: reads what was not read before and keeps the tables `extracted_*`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from gao_pipeline.archive.frames import with_rows
from gao_pipeline.archive.home import Home
from gao_pipeline.archive.landing import read_contents
from gao_pipeline.archive.mapper import Loss, Lost, Mapper, map_documents
from gao_pipeline.archive.progress import Progress
from gao_pipeline.archive.store import ContentStore, Extraction, Quarantine, pack
from gao_pipeline.archive.tables import TableStore
from gao_pipeline.archive.versions import reader_version
from gao_pipeline.documents.model import Document, MediaType, UnreadableDocumentError
from gao_pipeline.documents.reading import archive_members, detect_media_type, read_document

_FIRST_ROW_CHARACTERS = 200
_TRANSIENT = frozenset({"unreadable_file", Loss.CRASHED, Loss.TIMED_OUT})
"""Reasons that may be gone next time: such a file is tried again."""


class ExtractionStage(NamedTuple):
    """The tables of the stage and how much of it was work: documents read now, and those known before."""

    extracted_text: pd.DataFrame
    extracted_tables: pd.DataFrame
    read: int
    reused: int


class _Extracted(NamedTuple):
    """What a worker hands back: the result as it is stored, and its rows in the two tables."""

    packed: bytes
    text: dict[str, Any]
    grids: list[dict[str, Any]]


def extraction_store(home: Home) -> ContentStore[Extraction]:
    """The store of extractions below `home`."""
    return ContentStore(home.extractions, Extraction)


def extract(
    landing: Path, raw_files: pd.DataFrame, tables: TableStore, mapper: Mapper, progress: Progress
) -> ExtractionStage:
    """Reads every distinct content of `raw_files` of which no extraction of this version is kept."""
    store, version = extraction_store(tables.home), reader_version()
    wanted = raw_files[raw_files["duplicate_of"].isna() & raw_files["sha256"].notna()]
    held = {sha256 for sha256 in wanted["sha256"] if store.holds(sha256, version)}
    missing = wanted[~wanted["sha256"].isin(held)].set_index("path")

    text, grids = tables.read("extracted_text"), tables.read("extracted_tables")
    text = text[text["sha256"].isin(held) & (text["reader_version"] == version)]
    grids = grids[grids["sha256"].isin(text["sha256"])]
    forgotten = sorted(held.difference(text["sha256"]))
    new = [_extracted(store.read(sha256, version)) for sha256 in forgotten]

    progress.begin("extracted_text", len(missing))
    contents = read_contents(landing, missing.index)
    arguments = ((path, (missing["sha256"][path], path, data)) for path, data in contents)
    for path, result in map_documents(mapper, extract_content, arguments):
        progress.advance("extracted_text")
        if isinstance(result, Lost):
            result = _quarantined(
                missing["sha256"][path], MediaType(missing["media_type"][path]), result.reason, result.detail
            )
        if result.text["reason"] not in _TRANSIENT:
            store.write_packed(result.text["sha256"], version, result.packed)
        new.append(result)
    store.prune(version)

    return ExtractionStage(
        with_rows(text, "extracted_text", [item.text | {"reader_version": version} for item in new]),
        with_rows(grids, "extracted_tables", [row for item in new for row in item.grids]),
        read=len(missing),
        reused=len(held),
    )


def extract_content(sha256: str, path: str, data: bytes | None) -> _Extracted:
    """Reads one document. Runs in a worker."""
    if data is None:
        return _quarantined(sha256, MediaType.UNKNOWN, "unreadable_file", "it could not be opened again")
    media_type = detect_media_type(data, path)
    try:
        if media_type is MediaType.ZIP:
            archive_members(data, path)
        document = read_document(data, path)
    except UnreadableDocumentError as error:
        return _quarantined(sha256, media_type, error.reason, error.detail)
    return _extracted(Extraction(sha256=sha256, media_type=document.media_type, document=document))


def _quarantined(sha256: str, media_type: MediaType, reason: str, detail: str) -> _Extracted:
    quarantine = Quarantine(reason=reason, detail=detail)
    return _extracted(Extraction(sha256=sha256, media_type=media_type, quarantine=quarantine))


def _extracted(extraction: Extraction) -> _Extracted:
    return _Extracted(pack(extraction), _text_row(extraction), list(_grid_rows(extraction)))


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

"""From landed files to documents: reads what was not read before and keeps the tables `extracted_*`."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from gao_pipeline.archive.digests import reader_version
from gao_pipeline.archive.frames import with_rows
from gao_pipeline.archive.home import Home
from gao_pipeline.archive.landing import read_contents
from gao_pipeline.archive.mapper import Loss, Lost, Mapper, map_documents
from gao_pipeline.archive.progress import Progress
from gao_pipeline.archive.store import ContentStore, Extraction
from gao_pipeline.archive.tables import TableStore
from gao_pipeline.archive.workers import Extracted, extract_content
from gao_pipeline.documents.model import MediaType

_TRANSIENT = frozenset({"unreadable_file", Loss.CRASHED, Loss.TIMED_OUT})
"""Reasons that may be gone next time: such a file is tried again."""


class ExtractionStage(NamedTuple):
    """The tables of the stage and how much of it was work: documents read now, and those known before."""

    extracted_text: pd.DataFrame
    extracted_tables: pd.DataFrame
    read: int
    reused: int


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
    new = [Extracted.of(store.read(sha256, version)) for sha256 in forgotten]

    progress.begin("extracted_text", len(missing))
    contents = read_contents(landing, missing.index)
    arguments = ((path, (missing["sha256"][path], path, data)) for path, data in contents)
    for path, result in map_documents(mapper, extract_content, arguments):
        progress.advance("extracted_text")
        if isinstance(result, Lost):
            result = Extracted.quarantined(
                missing["sha256"][path], MediaType(missing["media_type"][path]), result.reason, result.detail
            )
        if result.text_row["reason"] not in _TRANSIENT:
            store.write_packed(result.text_row["sha256"], version, result.packed)
        new.append(result)
    store.prune(version)

    return ExtractionStage(
        with_rows(text, "extracted_text", [item.text_row | {"reader_version": version} for item in new]),
        with_rows(grids, "extracted_tables", [row for item in new for row in item.grid_rows]),
        read=len(missing),
        reused=len(held),
    )

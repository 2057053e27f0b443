"""What the corpus prints stands in the grids of the PDF and DOC readers, row by row and in order."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from gao_pipeline.documents.model import Document
from gao_pipeline.documents.paged.pdf import read_pdf
from gao_pipeline.documents.word.doc import read_doc

READERS: dict[str, Callable[[bytes], Document]] = {
    "pdf-lo": read_pdf,
    "pdf-chromium": read_pdf,
    "doc": read_doc,
}


def compact(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def printed_rows(truth: dict) -> list[list[str]]:
    """The value cells of every row of the three tables; the proceedings are one row."""
    rows: dict[tuple[str, str], list[str]] = {}
    for fact in truth["facts"]:
        key = (fact["table"], "" if fact["table"] == "proceedings" else fact["row"])
        printed = (
            fact["printed"] if "printed" in fact else "" if fact["value"] is None else str(fact["value"])
        )
        rows.setdefault(key, []).append(compact(printed))
    return list(rows.values())


def grid_rows(document: Document) -> list[list[str]]:
    rows: list[list[str]] = []
    for grid in document.grids:
        by_row: dict[int, list] = {}
        for cell in grid.cells:
            by_row.setdefault(cell.row, []).append(cell)
        rows += [
            [compact(cell.text) for cell in sorted(by_row[row], key=lambda cell: cell.column)]
            for row in sorted(by_row)
        ]
    return rows


def unread_rows(document: Document, truth: dict) -> list[list[str]]:
    """The printed rows that do not stand, as neighbouring cells, in a grid row below the one before."""
    rows, position, unread = grid_rows(document), 0, []
    for printed in printed_rows(truth):
        width = len(printed)
        for index in range(position, len(rows)):
            cells = rows[index]
            if any(
                cells[start : start + width] == printed for start in range(1 if width < 15 else 0, len(cells))
            ):
                position = index + 1
                break
        else:
            unread.append(printed)
    return unread


def truths(corpus: Path, kind: str) -> list[tuple[Path, dict]]:
    lines = (corpus / "rendered-truth.jsonl").read_text("utf-8").splitlines()
    return [
        (corpus / "rendered" / truth["file"], truth)
        for truth in map(json.loads, lines)
        if truth["kind"] == kind
    ]


@pytest.mark.parametrize("kind", READERS)
def test_rendered_rows_are_read(corpus: Path, kind: str) -> None:
    unread = {}
    files = truths(corpus, kind)
    for path, truth in files:
        missing = unread_rows(READERS[kind](path.read_bytes()), truth)
        if missing:
            unread[path.name] = missing
    assert files
    assert not unread


def test_real_pdf_rows_are_read(corpus: Path) -> None:
    lines = (corpus / "real-truth.jsonl").read_text("utf-8").splitlines()
    (truth,) = [truth for truth in map(json.loads, lines) if truth["file"].startswith("010")]
    document = read_pdf((corpus / "real" / truth["file"]).read_bytes())
    assert unread_rows(document, truth) == []
    assert [(grid.rows, grid.columns) for grid in document.grids] == [(14, 4), (26, 10), (4, 15)]

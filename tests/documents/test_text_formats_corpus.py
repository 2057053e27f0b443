"""The corpus: every figure that is printed in a rendered document is read, in a cell of its own."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from gao_pipeline.contracts.text import compact
from gao_pipeline.documents.model import Document, MediaType
from gao_pipeline.documents.reading import read_document

_KINDS = {"txt-tab": 3, "txt-tsv": 2, "txt-blank": 2, "md": 2, "docx": 8, "html": 6, "html-gb": 3, "xlsx": 2}


def _read(path: Path) -> Document:
    return read_document(path.read_bytes(), path.name)


def test_every_printed_figure_is_read(corpus: Path) -> None:
    seen: Counter[str] = Counter()
    for line in (corpus / "rendered-truth.jsonl").read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        if truth["kind"] not in _KINDS:
            continue
        seen[truth["kind"]] += 1
        document = _read(corpus / "rendered" / truth["file"])
        cells = [cell.text for grid in document.grids for cell in grid.cells]
        read = Counter(compact(text) for text in cells or [p.text for p in document.paragraphs])
        printed = Counter(
            compact(fact["printed"]) for fact in truth["facts"] if (fact["printed"] or "").strip()
        )
        assert not printed - read, truth["file"]
    assert seen >= Counter(_KINDS)


@pytest.mark.parametrize(
    ("name", "media_type", "shapes"),
    [
        ("000-huichang-commerce-2021.txt", MediaType.TXT, [(14, 4), (29, 10), (4, 15)]),
        ("001-shayang-commerce-2020.txt", MediaType.TXT, []),
        ("002-changle-commerce-2023.txt", MediaType.TXT, [(14, 4), (28, 10), (4, 15)]),
        ("003-shangyou-commerce-2024.txt", MediaType.TXT, [(14, 4), (28, 10), (4, 15)]),
        ("004-jianxi-commerce-2021.txt", MediaType.TXT, [(14, 4), (10, 8), (19, 10), (4, 15)]),
        ("011-blank-form-2021.docx", MediaType.DOCX, [(14, 4), (28, 10), (4, 15)]),
        ("012-shanghai-office-2019.html", MediaType.HTML, [(18, 5), (26, 10), (4, 15)]),
        ("013-pingtan-2020.html", MediaType.HTML, [(18, 4), (26, 10), (4, 15)]),
    ],
)
def test_tables_of_real_reports(
    corpus: Path, name: str, media_type: MediaType, shapes: list[tuple[int, int]]
) -> None:
    document = _read(corpus / "real" / name)
    assert document.media_type is media_type
    assert [(grid.rows, grid.columns) for grid in document.grids] == shapes
    assert "bookmark:" not in "".join(paragraph.text for paragraph in document.paragraphs)

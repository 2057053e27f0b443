"""The lines of a document as its identity is read from them: compacted, and parted by where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from gao_pipeline.contracts.text import compact
from gao_pipeline.documents.model import Document, Grid, Paragraph
from gao_pipeline.reports.sections import section_of_heading
from gao_pipeline.reports.vocabulary import cell_vocabulary, identity_vocabulary

_MASTHEAD = 60


class Lines(NamedTuple):
    """Every line of a document; `labelled` are lines that hold a label together with its value.

    `above_text` stand before the first heading of a section, `below_text` behind the last, `below_title`
    between the title and the text.
    """

    all: tuple[str, ...]
    labelled: tuple[str, ...]
    above_text: tuple[str, ...]
    below_text: tuple[str, ...]
    below_title: tuple[str, ...] = ()


def lines_of(document: Document) -> Lines:
    """The lines of prose, and of tables the rows of one or two texts and the labels with their values."""
    lines: list[str] = []
    pairs: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            lines += _split(block.text)
        else:
            lonely, labelled = _texts_of(block)
            lines += lonely
            pairs += labelled
    label = identity_vocabulary().label_pattern
    joined = (f"{first.rstrip(':')}:{second}" for first, second in pairwise(lines) if label.fullmatch(first))
    headings = [position for position, line in enumerate(lines) if section_of_heading(line)]
    first = headings[0] if headings else min(len(lines), _MASTHEAD)
    last = headings[-1] + 1 if headings else 0
    return Lines(
        all=tuple(lines),
        labelled=(*lines, *joined, *pairs),
        above_text=tuple(lines[: max(first, 1)]),
        below_text=tuple(lines[last:]),
    )


def metadata_lines(document: Document, keys: Sequence[str]) -> list[str]:
    """The lines that the document's metadata holds under `keys`."""
    return [line for key in keys for line in document.metadata.get(key, "").splitlines() if line.strip()]


def parts_of_title(title: str) -> list[str]:
    """The title of a page and its parts: a site adds its own names and those of its columns."""
    separators = "|".join((r"\s+", *map(re.escape, identity_vocabulary().title_separators)))
    return [normal(part) for part in (title, *re.split(separators, title))]


def normal(text: str) -> str:
    """Compacted text without the bars of a broken table."""
    return compact(text).replace("|", "")


def _split(text: str) -> Iterator[str]:
    for line in cell_vocabulary().without_residue(text).splitlines():
        if content := normal(line):
            yield content


def _texts_of(grid: Grid) -> tuple[list[str], list[str]]:
    """Rows of one or two texts and titles as lines, and the labels of longer rows with their values."""
    rows: dict[int, list[str]] = {}
    for cell in grid.cells:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell.text)
    label = identity_vocabulary().label_pattern
    title = identity_vocabulary().compiled("{kind}$")
    lonely = [
        line
        for texts in rows.values()
        for text in (["".join(texts)] if len(texts) <= 2 else filter(title.search, map(normal, texts)))
        for line in _split(text)
    ]
    pairs = [
        f"{key.rstrip(':')}:{normal(value)}"
        for texts in rows.values()
        for text, value in pairwise(texts)
        if label.fullmatch(key := normal(text))
    ]
    pairs += [key for texts in rows.values() for key in map(normal, texts) if label.match(key)]
    return lonely, pairs

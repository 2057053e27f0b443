"""The lines of a document as its identity is read from them: compacted, and parted by where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from gao_pipeline.contracts.text import compact
from gao_pipeline.documents.model import Block, Document, Grid, Paragraph
from gao_pipeline.reports.sections import behind_heading, section_of_heading
from gao_pipeline.reports.vocabulary import cell_vocabulary, identity_vocabulary

_MASTHEAD = 60
_CONTENTS = 3
"""So many headings at least stand in a table of contents, one right below the other."""

_SAME_SIZE = 0.15
_BULLETS = "•●■·-"


class Lines(NamedTuple):
    """Every line of a document; `labelled` are lines that hold a label together with its value.

    `above_text` stand before the first heading of a section, `below_text` behind the last, `below_title`
    between the title and the text. `continued` are the places of lines that go on with the line above them:
    printed right below it, both in one size larger than the text.
    """

    all: tuple[str, ...]
    labelled: tuple[str, ...]
    above_text: tuple[str, ...]
    below_text: tuple[str, ...]
    below_title: tuple[str, ...] = ()
    continued: frozenset[int] = frozenset()


def lines_of(document: Document) -> Lines:
    """The lines of prose, and of tables the rows of one or two texts and the labels with their values."""
    lines: list[str] = []
    pairs: list[str] = []
    continued: set[int] = set()
    of_text = median([_height(block) for block in document.paragraphs] or [0.0])
    for above, block in pairwise((None, *document.blocks)):
        if above and block and min(_height(above), _height(block)) > of_text and _goes_on(above, block):
            continued.add(len(lines))
        if isinstance(block, Paragraph):
            lines += _split(block.text)
        elif block:
            lonely, labelled = _texts_of(block)
            lines += lonely
            pairs += labelled
    label = identity_vocabulary().label_pattern
    joined = (
        f"{first.rstrip(':')}:{second.lstrip(_BULLETS)}"
        for first, second in pairwise(lines)
        if label.fullmatch(first)
    )
    headings = [p for p, line in enumerate(lines) if section_of_heading(line) or behind_heading(line)]
    first = _first_of_text(headings) if headings else min(len(lines), _MASTHEAD)
    last = headings[-1] + 1 if headings else 0
    return Lines(
        all=tuple(lines),
        labelled=(*lines, *joined, *pairs),
        above_text=tuple(lines[: max(first, 1)]),
        below_text=tuple(lines[last:]),
        continued=frozenset(continued),
    )


def _first_of_text(headings: Sequence[int]) -> int:
    """The place of the first heading behind a table of contents, which lists headings line by line."""
    listed = next((count for count, (one, next_) in enumerate(pairwise(headings), 1) if next_ > one + 1), 0)
    return headings[listed if listed >= _CONTENTS else 0]


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


def _height(block: Block) -> float:
    return block.place.bbox[3] - block.place.bbox[1] if block.place.bbox else 0.0


def _goes_on(above: Block, block: Block) -> bool:
    """Whether a block stands right below another, both printed in one size."""
    if above.place.bbox is None or block.place.bbox is None or above.place.page != block.place.page:
        return False
    height = _height(block)
    gap = block.place.bbox[1] - above.place.bbox[3]
    return abs(_height(above) - height) <= _SAME_SIZE * height and -height < gap < height


def _split(text: str) -> Iterator[str]:
    for line in cell_vocabulary().without_residue(text).splitlines():
        if content := normal(line):
            yield content


def _texts_of(grid: Grid) -> tuple[list[str], list[str]]:
    """Rows that are lines and titles as lines, and the labels of longer rows with their values."""
    rows: dict[int, list[str]] = {}
    for cell in grid.cells:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell.text)
    label = identity_vocabulary().label_pattern
    title = identity_vocabulary().compiled("{kind}$")

    def is_titled(text: str) -> bool:
        return any(map(title.search, (normal(text), *_split(text))))

    lonely = [
        line
        for texts in rows.values()
        for text in (["".join(texts)] if _is_line(texts) else filter(is_titled, texts))
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


def _is_line(texts: Sequence[str]) -> bool:
    """Whether a row is a line of text: of one or two texts, or of single letters, set apart."""
    return len(texts) <= 2 or all(len(text.strip()) == 1 for text in texts)

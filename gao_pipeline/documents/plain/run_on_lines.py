"""Texts whose line breaks are lost: programs that join all texts of a page by a space, a tab or a mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from gao_pipeline.documents.plain.rows import TextLine

_SEPARATORS = (
    re.compile(r"\t"),
    re.compile(r"\|"),
    re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))|(?<=(?<!\d)0),|(?<=\d{4}),"),
    re.compile(r"[ \u3000\xa0]+"),
)
"""Commas that may part a figure in thousands keep nothing apart."""

_FIGURES_OF_A_ROW = 3
_ROWS = 2
_FIGURES_OF_A_TABLE = 10


def texts_of_run_on_line(line: TextLine) -> list[str]:
    """The texts that a line prints one behind another, where rows of a table are among them; else nothing.

    Prose may have figures between its words, but not several without a word between them again and again,
    or many of them behind as many words as there are in the head of a table.
    """
    for separator in _SEPARATORS:
        texts = [text.strip() for text in separator.split(line.text) if text.strip()]
        if _has_rows(texts):
            return texts
    return []


def _has_rows(texts: Sequence[str]) -> bool:
    figures = [TextLine(0, text).is_figure for text in texts]
    runs = [sum(1 for _ in run) for is_figure, run in groupby(figures) if is_figure]
    rows = sum(length >= _FIGURES_OF_A_ROW for length in runs)
    return rows >= _ROWS or min(max(runs, default=0), figures.count(False)) >= _FIGURES_OF_A_TABLE

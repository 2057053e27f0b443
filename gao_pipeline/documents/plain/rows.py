"""The rows of a table in a plain text, whatever keeps their cells apart; what tells a table from prose."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple, Protocol

from gao_pipeline.documents.grids import grid_of_rows
from gao_pipeline.documents.model import Block, Place
from gao_pipeline.documents.numbering import without_numbers
from gao_pipeline.documents.vocabulary import page_vocabulary

_FIGURE = re.compile(r"[-+－–—]?\d+(?:[,，.．]\d+)*\w{0,2}|[-－–—/／]+|(?i:nan|none|null|n/a)")
_APART = re.compile(r"(?<=\d)\s+(?=\d)")
_DIGITS_APART = re.compile(r"[-+－–—]?[1-9][\d.]*(?:\s[\d.]+){1,4}\w{0,2}")
NOTE = re.compile(r"[(（][^()（）]*[)）]")
_SHORT_FIGURE, _SHORTEST_WORD = 6, 2
LONGEST_HEAD = 8
"""A table comes to its first figures within so many rows."""

LONG_LABEL = 60
"""Cells of a table hold no longer texts, where nothing but their spacing makes them cells."""

WIDTHS = ("WF", "WFA", "")
"""Widths of characters (UAX 11) that take two columns of a terminal; programs differ over them."""


def may_be_one_figure(text: str) -> bool:
    """Whether a text may be one figure with its digits apart: of few pieces, none of them behind a zero.

    >>> may_be_one_figure("1 250"), may_be_one_figure("0 12"), may_be_one_figure("3 0 0 0 0 0 3")
    (True, False, False)
    """
    return _DIGITS_APART.fullmatch(text.strip()) is not None


def _is_word_for_none(text: str) -> bool:
    return _SHORTEST_WORD <= len(text) <= _SHORT_FIGURE and page_vocabulary().is_word_for_none(text)


class TextLine(NamedTuple):
    """A line of the text, or a cell that starts on it; lines count from 1."""

    number: int
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip()

    @property
    def is_figure(self) -> bool:
        """Whether the text is a figure, its digits apart or not, with or without a unit and a remark in
        brackets, or a word for none that is no answer to anything else."""
        figure = _FIGURE.fullmatch(_APART.sub("", NOTE.sub("", self.text).strip()))
        return figure is not None or _is_word_for_none(self.text.strip())

    @property
    def is_word_cell(self) -> bool:
        return self.text.startswith("\t")


def is_wide(character: str, wide: str) -> bool:
    """Whether a character takes two columns of a terminal where those of the widths `wide` do."""
    return unicodedata.east_asian_width(character) in wide


class Text(Protocol):
    """A text of a row, wherever it stands."""

    @property
    def text(self) -> str: ...

    @property
    def blank(self) -> bool: ...

    @property
    def is_figure(self) -> bool: ...


class TextTable(NamedTuple):
    """What a table contributes to the document, and the position behind it. Without blocks it says that no
    table of its kind begins before that position."""

    blocks: Sequence[Block]
    end: int


def figures_behind(text: str) -> tuple[str, list[str]]:
    """A text and the figures that stand behind it one by one, kept apart by spaces; either may be empty."""
    pieces = text.split()
    figures = list(takewhile(lambda piece: TextLine(0, piece).is_figure, reversed(pieces)))
    return " ".join(pieces[: len(pieces) - len(figures)]), figures[::-1]


def table_of_rows(rows: list[list[TextLine]], end: int) -> TextTable:
    """A table of cells that know the line they start at."""
    cells = [[(cell.text, Place(line=cell.number)) for cell in row] for row in rows]
    ragged = len({len(row) for row in rows}) > 1
    return TextTable([grid_of_rows(cells, Place(line=rows[0][0].number), ragged=ragged)], end)


def has_figures(rows: Sequence[Sequence[Text]]) -> bool:
    """Whether some cell is empty, a figure or a word for none: prose that is indented by tabs has none."""
    texts = [cell.text for row in rows for cell in row]
    return any(text.strip() for text in texts) and any(
        not any(character.isalpha() for character in text)
        or (len(text) <= _SHORT_FIGURE and any(character.isdigit() for character in text))
        or TextLine(0, text).is_figure
        or page_vocabulary().is_word_for_none(text)
        for text in texts
    )


def mostly_figures(rows: Sequence[Sequence[Text]]) -> bool:
    """Whether a third of the rows or more show figures, the others heads, or numbers show a data frame."""
    printed = without_numbers(rows)
    is_numbered = sum(map(len, printed)) < sum(map(len, rows))
    return is_numbered or 3 * sum(map(shows_figures, printed)) >= len(rows)


def is_too_late(rows: Sequence[Sequence[Text]]) -> bool:
    """Whether a table should have come to its first figures by now: no head is so long."""
    return len(rows) == LONGEST_HEAD and not any(map(shows_figures, without_numbers(rows)))


def shows_figures(row: Sequence[Text]) -> bool:
    """Whether a row is labels and then figures (or blanks), or figures only."""
    if not row or not (row[-1].blank or row[-1].is_figure):
        return False
    figures = [cell.is_figure for cell in row]
    first = figures.index(True) if any(figures) else len(row)
    return first < len(row) and all(
        is_figure or cell.blank for is_figure, cell in zip(figures[first:], row[first:], strict=True)
    )

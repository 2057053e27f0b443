"""What the runs of text of a paragraph show together."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple


class Run(NamedTuple):
    """A piece of text, and whether it stands above or below the line, as the mark of a note does."""

    text: str
    raised: bool = False


def text_of_runs(runs: Iterable[Run]) -> str:
    """The text of a paragraph. Raised text behind other text is put in brackets, so that the number of a note
    is no digit of a figure."""
    pieces: list[str] = []
    for raised, group in groupby(runs, key=lambda run: run.raised):
        text = "".join(run.text for run in group)
        is_mark = raised and text.strip() and any(piece.strip() for piece in pieces)
        pieces.append(f"({text})" if is_mark else text)
    return "".join(pieces)

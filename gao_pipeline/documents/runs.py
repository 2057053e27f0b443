"""What the runs of text of a paragraph show together, and what they hold and do not show."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from gao_pipeline.documents.model import Notice


class Run(NamedTuple):
    """A piece of text, and whether it stands above or below the line, as the mark of a note does."""

    text: str
    raised: bool = False


def text_of_runs(runs: Iterable[Run]) -> str:
    """The text of a paragraph. Raised text beside other text is put in brackets, so that the number of a note
    is no digit of a figure."""
    groups = [
        (raised, "".join(run.text for run in group))
        for raised, group in groupby(runs, key=lambda run: run.raised)
    ]
    has_line = any(text.strip() for raised, text in groups if not raised)
    return "".join(f"({text})" if raised and has_line and text.strip() else text for raised, text in groups)


def note_hidden(text: str, notices: list[Notice]) -> None:
    """Note a text that the document holds and does not show."""
    if text.strip():
        notices.append(Notice(code="hidden_text", detail=text.strip()))

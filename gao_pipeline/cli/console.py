"""The terminal: one console, the styles of severities, and the texts of `texts.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import track
from rich.table import Table

from gao_pipeline.contracts.loading import Bilingual, load_contract
from gao_pipeline.contracts.vocabularies import load_severity_names

T = TypeVar("T")

SEVERITY_STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}
SEVERITY_MARKS = {"error": "✗", "warning": "!", "info": "i"}


@cache
def console(*, stderr: bool = False) -> Console:
    """The console of this process; colours and bars only on a terminal."""
    return Console(stderr=stderr, highlight=False, soft_wrap=not Console().is_terminal)


@cache
def _texts() -> dict[str, Bilingual]:
    return load_contract(Path(__file__).with_name("texts.yaml"), dict[str, Bilingual])


def text_of(key: str, language: str, **values: object) -> str:
    """The text `key` in `language`, its placeholders filled."""
    return _texts()[key].in_language(language).format(**values)


def severity_name(severity: str, language: str) -> str:
    """What a severity is called."""
    return load_severity_names()[severity].in_language(language)


def headed_table(key: str, language: str) -> Table:
    """An empty table whose headings are the text `key`, separated by `|`."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in text_of(key, language).split("|"):
        table.add_column(heading, overflow="fold")
    return table


def tracked(items: Sequence[T], key: str, language: str) -> Iterator[T]:
    """`items`, with a progress bar on standard error while they are gone through on a terminal."""
    err = console(stderr=True)
    if len(items) < 2 or not err.is_terminal:
        return iter(items)
    return iter(track(items, text_of(key, language), console=err, transient=True))

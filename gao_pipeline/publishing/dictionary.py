"""The data dictionary of a release, as a page and as Markdown, from the contracts of its tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gao_pipeline.publishing.ddl import released_tables, wide_views
from gao_pipeline.publishing.pages import render


def write_dictionary(folder: Path, rows: Mapping[str, int]) -> None:
    """Writes `data_dictionary.html` and `data_dictionary.md`; `rows` counts the rows of each table."""
    for name in ("data_dictionary.html", "data_dictionary.md"):
        page = render(f"{name}.j2", tables=released_tables(), views=wide_views(), rows=rows)
        (folder / name).write_text(page, encoding="utf-8")

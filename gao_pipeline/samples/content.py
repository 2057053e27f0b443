"""Turns a draft into the blocks of a document: the wording of the template with the tables in it."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from random import Random
from typing import Any, NamedTuple

import jinja2

from gao_pipeline.samples.layout import Box, Sheet, sheet
from gao_pipeline.samples.model import FOLDER, Draft

_MARKS = {"# ": "title", "## ": "heading", "### ": "subheading", "> ": "signature"}


class Block(NamedTuple):
    """A line of text of some kind, or a table."""

    kind: str
    text: str = ""
    sheet: Sheet | None = None

    @property
    def lines(self) -> list[list[Box]]:
        """The boxes of the table by their first row."""
        boxes = self.sheet.boxes if self.sheet else ()
        return [list(line) for _, line in groupby(boxes, key=lambda box: box.row)]


class Content(NamedTuple):
    """A report as every renderer receives it; `published` is an ISO date."""

    name: str
    title: str
    published: str
    blocks: tuple[Block, ...]


def content_of(draft: Draft, random: Random) -> Content:
    """The text and tables of a draft; `random` chooses among wordings."""
    day = random.randint(8, 26)
    text = (
        templates()
        .get_template("report.txt.j2")
        .render(
            name=draft.organization.name,
            we=draft.organization.self,
            year=draft.year,
            facts=draft.years["facts"],
            lead_in=draft.years["lead_in"],
            basis=draft.basis,
            said=draft.said,
            posts=random.randint(60, 900),
            half=random.randint(10, 50),
            day=day,
            choose=lambda *wordings: random.choice(wordings),
        )
    )
    blocks = tuple(_block(draft, line) for line in text.splitlines() if line.strip())
    title = next(block.text for block in blocks if block.kind == "title")
    return Content(draft.organization.name, title, f"{draft.year + 1}-01-{day + 2:02d}", blocks)


def _block(draft: Draft, line: str) -> Block:
    if line.startswith("[") and line.endswith("]"):
        return Block("table", sheet=sheet(draft, line[1:-1]))
    for mark, kind in _MARKS.items():
        if line.startswith(mark):
            return Block(kind, line.removeprefix(mark))
    return Block("paragraph", line)


@cache
def templates() -> jinja2.Environment:
    """The templates of the samples; the web page escapes its text."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=jinja2.select_autoescape(("html.j2",), default=False),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )


def rendered(template: str, **values: Any) -> str:
    """A template filled in."""
    return templates().get_template(template).render(values)

"""Makes the Data Docs that Great Expectations builds readable without a network, and gives them an index.

The built pages take styles, fonts and scripts from elsewhere, and their index is drawn by a script. All
that is removed, one small style sheet takes its place, and the index is a page of our own.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lxml.html

from gao_pipeline.contracts.expectations import Suite
from gao_pipeline.publishing.pages import render

if TYPE_CHECKING:
    from gao_pipeline.publishing.door import DoorVerdict

DOCS_FOLDER = "data_docs"
INDEX = "index.html"

_STYLES = "data_docs.css"
_FOREIGN = (
    "//script | //style | //footer | //img | //head/link | //head/meta[@http-equiv]",
    "//div[contains(@class, 'navbar-brand')]",
    "//div[contains(@class, 'btn-group')]/ancestor::div[contains(concat(' ', @class, ' '), ' card ')]",
    "//a[@data-toggle='collapse']/parent::p",
)
"""What a page takes from elsewhere or needs a script for (XPath)."""


def make_self_contained(
    docs: Path, suites: Sequence[Suite], verdicts: Sequence[DoorVerdict], *, name: str
) -> None:
    """Rewrites every page below `docs` so that it needs nothing but the folder, and writes its index.

    Args:
        suites: the expectations that were held, in the order of the index.
        verdicts: what the door says of each expectation.
        name: the run shown in the index.
    """
    shutil.rmtree(docs / "static", ignore_errors=True)
    (docs / _STYLES).write_text(render("data_docs.css.j2"), encoding="utf-8")
    for page in sorted(docs.rglob("*.html")):
        _strip(page, "../" * len(page.relative_to(docs).parent.parts))
    (docs / INDEX).write_text(
        render("data_docs.html.j2", name=name, suites=list(_listed(docs, suites, verdicts))),
        encoding="utf-8",
    )


def _strip(page: Path, root: str) -> None:
    """Removes what is foreign to a page; `root` leads from it to the index."""
    parser = lxml.html.HTMLParser(encoding="utf-8")
    document: Any = lxml.html.document_fromstring(page.read_bytes(), parser=parser)
    for element in document.xpath(" | ".join(_FOREIGN)):
        element.drop_tree()
    for element in document.xpath("//*[@style]"):
        del element.attrib["style"]
    for link in document.xpath("//a[contains(@href, 'index.html')]"):
        link.set("href", f"{root}{INDEX}")
    document.find("head").append(lxml.html.Element("link", rel="stylesheet", href=f"{root}{_STYLES}"))
    page.write_bytes(lxml.html.tostring(document, encoding="utf-8", doctype="<!doctype html>"))


def _listed(docs: Path, suites: Sequence[Suite], verdicts: Sequence[DoorVerdict]) -> Iterator[dict[str, Any]]:
    for suite in suites:
        results = sorted((docs / "validations" / suite.suite).rglob("*.html"))
        expectations = docs / "expectations" / f"{suite.suite}.html"
        yield {
            "suite": suite.suite,
            "title": suite.title,
            "result": results[-1].relative_to(docs).as_posix() if results else None,
            "expectations": expectations.relative_to(docs).as_posix() if expectations.is_file() else None,
            "verdicts": [verdict for verdict in verdicts if verdict.suite == suite.suite],
        }

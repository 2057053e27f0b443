"""What texts and sheets of OpenDocument have in common: how a file is opened, what its styles say, what a
paragraph shows. (`word.odt` and `workbook.ods` read the rest.)"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from functools import partial

from gao_pipeline.documents.archive import check_size
from gao_pipeline.documents.markup import Element, attribute, child, kind, parse_xml, whole_number
from gao_pipeline.documents.model import UNTOLD, UnreadableDocumentError
from gao_pipeline.documents.runs import Run, text_of_runs

_MOST_SPACES = 1_000
_RAISED = re.compile(r"su[bp]|-?[1-9]")
_WHITE_SPACE = re.compile(r"[ \t\r\n]+")
_CHARACTERS = {"tab": "\t", "line-break": "\n"}
SHAPES = frozenset({"frame", "custom-shape", "rect", "g", "ellipse"})
HIDDEN = "none"
_NOT_SHOWN = frozenset({"annotation", "note", "ruby-text", "hidden-paragraph"}) | SHAPES
_FIELDS = frozenset({"fieldmark", "table-formula"})
"""Shown as the program draws them, unless the file holds what they show."""
_ROW_GROUPS = frozenset({"table-header-rows", "table-rows", "table-row-group"})
_HIDDEN_ROW = frozenset({"collapse", "filter"})


class OpenDocument:
    """An opened OpenDocument file: a zip container, or all of it in one XML file.

    Raises:
        UnreadableDocumentError: there is no content (`corrupt_file`).
        zipfile.BadZipFile, lxml.etree.XMLSyntaxError: the file is damaged.
    """

    def __init__(self, data: bytes) -> None:
        self._roots = list(_zipped_roots(data) if data.startswith(b"PK") else (parse_xml(data),))
        self._styles = {
            (attribute(style, "family"), attribute(style, "name")): style
            for root in self._roots
            for group in ("styles", "automatic-styles")
            for style in root.iterfind("{*}" + group + "/{*}style")
        }

    def body(self, name: str) -> Element:
        """The body of a kind of document: `text` or `spreadsheet`."""
        found = (child(root, "body", name) for root in self._roots)
        body = next((element for element in found if element is not None), None)
        if body is None:
            raise UnreadableDocumentError("corrupt_file", f"the file has no body of kind {name}")
        return body

    @property
    def title(self) -> str | None:
        """The title in the file's metadata."""
        for root in self._roots:
            title = child(root, "meta", "title")
            if title is not None and title.text and title.text.strip():
                return title.text.strip()
        return None

    def headers(self) -> Iterator[Element]:
        """The page headers."""
        for root in self._roots:
            yield from root.iterfind("{*}master-styles/{*}master-page/{*}header")

    def style(self, name: str | None, family: str, properties: str, setting: str) -> str | None:
        """What a style, or one it is based on, sets, e.g. in its `text-properties` for `display`."""
        seen = set()
        while name is not None and name not in seen and (family, name) in self._styles:
            seen.add(name)
            style = self._styles[family, name]
            value = attribute(child(style, properties), setting)
            if value is not None:
                return value
            name = attribute(style, "parent-style-name")
        return None

    def text(self, paragraph: Element) -> str:
        """What a paragraph shows: white space collapsed, hidden and struck-out text left out."""
        return text_of_runs(self._runs(paragraph, "paragraph", raised=False)).strip(" ")

    def _runs(self, element: Element, family: str, *, raised: bool) -> Iterator[Run]:
        style = partial(self.style, attribute(element, "style-name"), family, "text-properties")
        lines = (style(f"text-line-through-{what}") or HIDDEN for what in ("style", "type"))
        if style("display") == HIDDEN or any(line != HIDDEN for line in lines):
            return
        raised = raised or bool(_RAISED.match(style("text-position") or ""))
        yield Run(_WHITE_SPACE.sub(" ", element.text or ""), raised)
        for part in element.iterchildren("*"):
            match kind(part):
                case "s":
                    yield Run(" " * min(whole_number(attribute(part, "c"), 1), _MOST_SPACES), raised)
                case name if name in _CHARACTERS:
                    yield Run(_CHARACTERS[name], raised)
                case name if name in _FIELDS and not "".join(map(str, part.itertext())).strip():
                    yield Run(UNTOLD, raised)
                case name if name not in _NOT_SHOWN:
                    yield from self._runs(part, "text", raised=raised)
            yield Run(_WHITE_SPACE.sub(" ", part.tail or ""), raised)


def table_rows(table: Element) -> Iterator[tuple[Element, int]]:
    """The rows of a table, whatever groups them, and how many times each stands there."""
    for element in table.iterchildren("*"):
        if kind(element) in _ROW_GROUPS:
            yield from table_rows(element)
        elif kind(element) == "table-row":
            yield element, repeated(element, "rows")


def repeated(element: Element, what: str) -> int:
    """How many `rows` or `columns` an element stands for."""
    return whole_number(attribute(element, f"number-{what}-repeated"), 1)


def is_hidden(element: Element) -> bool:
    """Whether a row or a column is hidden."""
    return attribute(element, "visibility") in _HIDDEN_ROW


def _zipped_roots(data: bytes) -> Iterator[Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        check_size(archive)
        for part in ("content.xml", "styles.xml", "meta.xml"):
            if part in archive.namelist():
                yield parse_xml(archive.read(part))

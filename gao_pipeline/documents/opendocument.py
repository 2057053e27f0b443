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
from gao_pipeline.documents.model import UNTOLD, Notice, UnreadableDocumentError
from gao_pipeline.documents.runs import Run, note_hidden, text_of_runs

_MOST_SPACES = 1_000
_RAISED = re.compile(r"su[bp]|-?[1-9]")
_WHITE_SPACE = re.compile(r"[ \t\r\n]+")
_CHARACTERS = {"tab": "\t", "line-break": "\n"}
SHAPES = frozenset({"frame", "custom-shape", "rect", "g", "ellipse"})
HIDDEN = "none"
_WHITE, _GROUND = "#ffffff", "background-color"
_FAMILIES = {"p": "paragraph", "h": "paragraph", "span": "text", "a": "text"}
"""The families of the styles of elements that are not called as they are."""
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
        self.notices: list[Notice] = []
        self._roots = list(_zipped_roots(data) if data.startswith(b"PK") else (parse_xml(data),))
        self._styles = {
            (attribute(style, "family"), attribute(style, "name")): style
            for root in self._roots
            for group in ("styles", "automatic-styles")
            for style in root.iterfind("{*}" + group + "/{*}style")
        }
        pages = (page for root in self._roots for page in root.iter("{*}page-layout-properties"))
        self._has_coloured_pages = any(_is_colour(attribute(page, _GROUND)) for page in pages)

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

    def removes(self, style: str | None, family: str) -> bool:
        """Whether a style hides texts or strikes them out."""
        setting = partial(self.style, style, family, "text-properties")
        lines = (setting(f"text-line-through-{what}") or HIDDEN for what in ("style", "type"))
        return setting("display") == HIDDEN or any(line != HIDDEN for line in lines)

    def is_white(self, style: str | None, family: str) -> bool | None:
        """Whether a style makes texts white; `None` where it gives them no colour."""
        colour = self.style(style, family, "text-properties", "color")
        return None if colour is None else colour.lower() == _WHITE

    def is_on_colour(self, element: Element, style: str | None = None) -> bool:
        """Whether a ground may be coloured on which an element stands: its own, also by a `style` that it
        takes from elsewhere, or that of what holds it."""
        if self._has_coloured_pages:
            return True
        for holder in (element, *element.iterancestors("*")):
            family = _FAMILIES.get(kind(holder), kind(holder))
            names = attribute(holder, "style-name"), style if holder is element else None
            grounds = (
                self.style(name, family, f"{part}-properties", _GROUND)
                for name in names
                for part in ("text", family)
            )
            if kind(holder) in SHAPES or any(map(_is_colour, grounds)):
                return True
        return False

    def text(self, paragraph: Element) -> str:
        """What a paragraph shows: white space collapsed, without text that is hidden, struck out or white."""
        return text_of_runs(self._runs(paragraph, "paragraph", raised=False, white=False)).strip(" ")

    def _runs(self, element: Element, family: str, *, raised: bool, white: bool) -> Iterator[Run]:
        style = attribute(element, "style-name")
        if self.removes(style, family):
            return
        raised = raised or bool(
            _RAISED.match(self.style(style, family, "text-properties", "text-position") or "")
        )
        own = self.is_white(style, family)
        white = white if own is None else own
        is_unseen = white and not self.is_on_colour(element)

        def run(text: str | None) -> Run:
            text = _WHITE_SPACE.sub(" ", text or "")
            if is_unseen:
                note_hidden(text, self.notices)
            return Run("" if is_unseen else text, raised)

        yield run(element.text)
        for part in element.iterchildren("*"):
            match kind(part):
                case "s":
                    yield Run(" " * min(whole_number(attribute(part, "c"), 1), _MOST_SPACES), raised)
                case name if name in _CHARACTERS:
                    yield Run(_CHARACTERS[name], raised)
                case name if name in _FIELDS and not "".join(map(str, part.itertext())).strip():
                    yield Run(UNTOLD, raised)
                case name if name not in _NOT_SHOWN:
                    yield from self._runs(part, "text", raised=raised, white=white)
            yield run(part.tail)


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


def _is_colour(ground: str | None) -> bool:
    """Whether a ground has a colour that white texts are seen on."""
    return ground is not None and ground.lower() not in (_WHITE, "transparent")


def _zipped_roots(data: bytes) -> Iterator[Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        check_size(archive)
        for part in ("content.xml", "styles.xml", "meta.xml"):
            if part in archive.namelist():
                yield parse_xml(archive.read(part))

"""Which elements and texts of a page can be seen on a screen, by its tags, attributes and style sheets.

A text that nobody sees is not read. Where a cell shows figures whose reading is not for sure (drawn by a
counter, set out of their order, in the colour of their ground), it holds the sign for untold text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from lxml import etree

from gao_pipeline.documents.model import UNTOLD
from gao_pipeline.documents.web.arrangement import arrange
from gao_pipeline.documents.web.look import (
    CELLS,
    INLINE,
    TABLE_PARTS,
    Look,
    has_room,
    is_altered,
    is_empty,
    is_moved,
    is_pictured,
    is_raised,
    painted,
    sized,
    vanishes,
)
from gao_pipeline.documents.web.styles import Declared, Properties, StyleSheets, generated_text

Element = etree._Element

NEVER_SHOWN = frozenset(
    {"datalist", "del", "noembed", "noframes", "noscript", "rp", "s", "strike", "style", "title"}
)
_UNSHOWN = NEVER_SHOWN | {"script", "template"}
_BLOCK_DISPLAYS = ("block", "flex", "flow-root", "grid", "list-item", "table")
_MOST_COLUMNS = 1_000
_SCRIPT_WORD = re.compile(r"""["'`]#?([\w-]+)["'`]""")
_BINDINGS = frozenset(
    {"data-bind", "ng-bind", "ng-bind-html", "th:text", "th:utext", "v-html", "v-text", "x-html", "x-text"}
)
"""Attributes by which scripts bind the text of an element to data."""
_OVERRIDES_ORDER = "\u202e"


class Appearance:
    """How a page looks. Its tree is arranged as it is seen, with the texts that its style sheets generate."""

    def __init__(self, root: Element, sheets: Iterable[str]) -> None:
        self._looks: dict[Element, Look] = {}
        self._removed: set[Element] = set()
        self._raised: set[Element] = set()
        self._blocks: set[Element] = set()
        self._moved: set[Element] = set()
        self._altered: set[Element] = set()
        self._unsure: set[Element] = set()
        self._apart: set[Element] = set()
        self._drawn: set[Element] = set()
        self._collapsed: set[Element] = set()
        self._script_words = frozenset(
            word for script in root.iter("script") for word in _SCRIPT_WORD.findall(script.text or "")
        )
        self._revealed: Collection[Element] = ()
        page = StyleSheets(root, sheets).declared()
        arrange({element: declared.own for element, declared in page.items()})
        for element, declared in page.items():
            self._see(element, declared.own)
            self._generate(element, declared)
        self._judge_boxes(root)

    def reveal(self, elements: Collection[Element]) -> None:
        """Look at the page as if these elements hid nothing."""
        self._revealed = elements

    def is_unshown(self, element: Element) -> bool:
        """Whether an element takes no place on the page, or is struck out."""
        return element in self._removed and element not in self._revealed

    def hiders(self, element: Element) -> list[Element]:
        """The elements that make the texts directly in an element unseen."""
        return [hider for hider in self._looks[element].hiders if hider not in self._revealed]

    def seen(self, element: Element, text: str | None) -> str:
        """What can be read of a text that stands directly in an element."""
        if not text or self.hiders(element):
            return ""
        return UNTOLD if element in self._unsure and text.strip() else text

    def text(self, element: Element) -> str:
        """All that can be read of the texts in an element, the marks of notes in brackets."""
        pieces = [self.seen(element, element.text)]
        walker = etree.iterwalk(element, events=("start", "end"))
        for event, part in walker:
            if part is element:
                continue
            if event == "end":
                parent = part.getparent()
                pieces += ")" if self.is_note_mark(part) else ""
                pieces.append(self.seen(element if parent is None else parent, part.tail))
            elif self.is_unshown(part):
                walker.skip_subtree()
            else:
                pieces += "(" if self.is_note_mark(part) else ""
                pieces.append(self.seen(part, part.text))
        return "".join(pieces)

    def is_note_mark(self, element: Element) -> bool:
        """Whether a text stands above or below the line, as the mark of a note does."""
        if element not in self._raised or self.is_unshown(element):
            return False
        return bool(_whole_text(element).strip()) and not self.hiders(element)

    def is_drawn(self, element: Element) -> bool:
        """Whether an element without content is there for what a style sheet or a script puts in it."""
        return element in self._drawn and not self.hiders(element)

    def collapsed_columns(self, table: Element) -> frozenset[int]:
        """The columns of a table, counted from 0, that are not shown."""
        collapsed: list[bool] = []
        for group in table.iterchildren("col", "colgroup"):
            for column in list(group.iterchildren("col")) or [group]:
                width = min(span_of(column, "span"), _MOST_COLUMNS)
                collapsed += [column in self._collapsed or group in self._collapsed] * width
        return frozenset(position for position, is_collapsed in enumerate(collapsed) if is_collapsed)

    def stands_apart(self, element: Element) -> bool:
        """Whether a part of a line has a width of its own, or room beside it."""
        return element in self._apart and not self.hiders(element)

    def is_block(self, element: Element) -> bool:
        """Whether a style sets an element on lines of its own."""
        return element in self._blocks

    def _see(self, element: Element, style: Properties) -> None:
        """Settle how an element looks; that of its parent is settled."""
        parent = element.getparent()
        look = Look() if parent is None else self._looks[parent]
        display = style.get("display", "none" if "hidden" in element.attrib else "")
        struck = "line-through" in style.get("text-decoration", "") + style.get("text-decoration-line", "")
        collapsed = element.tag in TABLE_PARTS and style.get("visibility") == "collapse"
        closed = element.tag == "dialog" and "open" not in element.attrib
        no_print = style.get("mso-hide") == "all" or style.get("mso-special-character") == "comment"
        stored = element.tag in _UNSHOWN and "shadowrootmode" not in element.attrib
        if collapsed:
            self._collapsed.add(element)
        if stored or display == "none" or collapsed or closed or no_print or struck:
            self._removed.add(element)
            look = look._replace(removed=True)
        if element.tag in CELLS or (element.tag not in INLINE and not look.is_in_cell):
            look = look._replace(box=element)
        if vanishes(element, style):
            look = look._replace(vanished=(*look.vanished, element))
        match style.get("visibility"):
            case "hidden" | "collapse":
                look = look._replace(invisible=(*look.invisible, element))
            case "visible":
                look = look._replace(invisible=())
        self._looks[element] = painted(sized(look, element, style), element, style)
        if is_raised(element, style):
            self._raised.add(element)
        if element.tag in INLINE and display.startswith(_BLOCK_DISPLAYS):
            self._blocks.add(element)
        if element.tag in INLINE and has_room(style):
            self._apart.add(element)
        if is_empty(element) and (self._is_filled(element) or is_pictured(element, style)):
            self._drawn.add(element)
        if look.box is not None and is_moved(style):
            self._moved.add(look.box)
        if look.box is not None and is_altered(element, style):
            self._altered.add(look.box)

    def _generate(self, element: Element, declared: Declared) -> None:
        """Put the texts into the tree that the style sheets generate in an element. Ornaments are left out:
        what is no letter or figure outside cells, and what is no text in cells of words."""
        look = self._looks[element]
        if look.removed or element.tag in TABLE_PARTS:
            return
        for place, properties in ((0, declared.before), (len(element), declared.after)):
            content = properties.get("content")
            if not content or properties.get("display") == "none":
                continue
            text = generated_text(content, element)
            if text is None and look.is_in_cell and look.box is not None:
                text = "" if _has_letters(_whole_text(look.box)) else UNTOLD
            if not text or not (text.strip() if look.is_in_cell else any(map(str.isalnum, text))):
                continue
            span = etree.Element("span")
            span.text = text
            _insert(element, place, span)
            self._see(span, properties)

    def _is_filled(self, element: Element) -> bool:
        """Whether a script writes into an element: it is bound to data, or a script of the page names it."""
        name = element.get("id", "")
        named = not self._script_words.isdisjoint((name, name.rstrip("0123456789"))) if name else False
        return named or not _BINDINGS.isdisjoint(element.attrib)

    def _is_hidden_in(self, box: Element, look: Look) -> bool:
        """Whether something in a box, the box included, makes a text of it unseen."""
        parent = box.getparent()
        outside = () if parent is None else self._looks[parent].hiders
        return any(hider not in outside for hider in look.hiders)

    def _judge_boxes(self, root: Element) -> None:
        """Find out which texts of cells and paragraphs are seen for sure. Of those in the colour of their
        ground none is seen beside others; alone they may stand on a ground that a lost style sheet paints."""
        texts: dict[Element, list[tuple[Element, str]]] = {}
        for element in root.iter("*"):
            for owner, text in ((element, element.text), (element.getparent(), element.tail)):
                if owner is None or not text or not text.strip():
                    continue
                look = self._looks[owner]
                if look.box is not None and not look.removed and not self._is_hidden_in(look.box, look):
                    texts.setdefault(look.box, []).append((owner, text))
        for box, pieces in texts.items():
            faint = {owner for owner, _ in pieces if self._looks[owner].is_faint}
            plain = [(owner, text) for owner, text in pieces if owner not in faint]
            shown = "".join(text for _, text in plain or pieces)
            if faint and plain:
                for owner in faint:
                    self._looks[owner] = self._looks[owner]._replace(vanished=(owner,))
            is_unsure = (
                not plain
                or _OVERRIDES_ORDER in shown
                or box in self._altered
                or (box in self._moved and len(plain) > 1)
            )
            if is_unsure and not _has_letters(shown):
                self._unsure.update(owner for owner, _ in plain or pieces)


def span_of(element: Element, name: str) -> int:
    """A span as browsers understand it: leading digits count, anything else is 1."""
    digits = re.match(r"\s*(\d{1,6})", element.get(name, ""))
    return int(digits[1]) if digits else 1


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))


def _whole_text(element: Element) -> str:
    return "".join(str(piece) for piece in element.itertext())


def _insert(element: Element, place: int, part: Element) -> None:
    """Put a part into an element, before its text or at its end."""
    if place == 0:
        element.text, part.tail = None, element.text
    element.insert(place, part)

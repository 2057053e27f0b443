"""Which elements and texts of a page can be seen on a screen, by its tags, attributes and style sheets.

A text that nobody sees is not read. Where a cell shows figures whose reading is not for sure (drawn by a
counter, set out of their order, in the colour of their ground), it holds the sign for untold text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from lxml import etree

from gao_pipeline.documents.model import UNTOLD
from gao_pipeline.documents.web.arrangement import arrange
from gao_pipeline.documents.web.styles import (
    Colour,
    Declared,
    Properties,
    StyleSheets,
    colour,
    generated_text,
)

Element = etree._Element

CELLS = frozenset({"td", "th"})
NEVER_SHOWN = frozenset(
    {"datalist", "del", "noembed", "noframes", "noscript", "rp", "s", "strike", "style", "title"}
)
_UNSHOWN = NEVER_SHOWN | {"script", "template"}
_INLINE = frozenset(
    {"a", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "ins", "label", "mark", "nobr", "q"}
    | {"small", "span", "strong", "sub", "sup", "u"}
)
_TABLE_PARTS = frozenset({"col", "colgroup", "table", "tbody", "tfoot", "thead", "tr"})
_BLOCK_DISPLAYS = ("block", "flex", "flow-root", "grid", "list-item", "table")
_RAISED = frozenset({"rt", "sub", "sup"})
_RAISING = frozenset({"sub", "super", "text-top"})
_RELATIVE_SIZES = re.compile(r"[\d.]+(?:em|ex|ch|%)|inherit|larger|smaller|unset")
_SIZES = re.compile(r"(?:^|\s)([\d.]+)(px|pt|em|rem|%|)(?=$|[\s/])")
_LENGTH = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))(px|pt|em|rem|in|cm|mm|vw|vh|%)?")
_PIXELS = {"px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "vw": 12.8}
_SMALLEST = 1.0
"""Pixels: smaller letters, and letters in a smaller box, are not there to be read."""
_FARTHEST = 3_000.0
"""Pixels behind the edge of the page."""
_FAR = 500.0
"""Pixels before the edge of the page."""
_MOST_COLUMNS = 1_000
_NARROW = 6.0
"""Pixels: about the width of a digit."""
_FAINTEST = 0.05
_VANISHED = re.compile(r"scale[xy]?\(\s*0(?:\.0+)?\s*[,)]|translate[xy]?\(\s*-\d{4,}")
_CLIPPED = re.compile(r"inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0|rect\((?:\s*[01]?(?:px)?\s*,?){4}\)")
_UNLIT = re.compile(r"opacity\(\s*0(?:\.0*)?%?\s*\)")
_TURNED = re.compile(r"rotate|matrix|scale[xy]?\([^)]*-")
_ROOM = ("margin-left", "margin-right", "padding-left", "padding-right")
_SCRIPT_WORD = re.compile(r"""["'`]#?([\w-]+)["'`]""")
_BINDINGS = frozenset(
    {"data-bind", "ng-bind", "ng-bind-html", "th:text", "th:utext", "v-html", "v-text", "x-html", "x-text"}
)
"""Attributes by which scripts bind the text of an element to data."""
_OVERRIDES_ORDER = "\u202e"
_BLACK, _WHITE, _LINK = Colour(0, 0, 0), Colour(1, 1, 1), Colour(0, 0, 0.93)


class _Look(NamedTuple):
    """How the texts look that stand directly in an element. The first three name the elements that make
    them unseen: for good, by their visibility, by their size. `box` is the innermost that begins a line."""

    vanished: tuple[Element, ...] = ()
    invisible: tuple[Element, ...] = ()
    tiny: tuple[Element, ...] = ()
    ink: Colour | None = _BLACK
    ground: Colour | None = _WHITE
    removed: bool = False
    box: Element | None = None

    @property
    def is_in_cell(self) -> bool:
        return self.box is not None and self.box.tag in CELLS

    @property
    def hiders(self) -> tuple[Element, ...]:
        return self.vanished + self.invisible + self.tiny

    @property
    def is_faint(self) -> bool:
        """Whether nothing sets the texts off from their ground."""
        if self.ink is None or self.ground is None:
            return False
        return self.ink.alpha < _FAINTEST or self.ink.is_like(self.ground)


class Appearance:
    """How a page looks. Its tree is arranged as it is seen, with the texts that its style sheets generate."""

    def __init__(self, root: Element, sheets: Iterable[str]) -> None:
        self._looks: dict[Element, _Look] = {}
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
        look = _Look() if parent is None else self._looks[parent]
        display = style.get("display", "none" if "hidden" in element.attrib else "")
        struck = "line-through" in style.get("text-decoration", "") + style.get("text-decoration-line", "")
        collapsed = element.tag in _TABLE_PARTS and style.get("visibility") == "collapse"
        closed = element.tag == "dialog" and "open" not in element.attrib
        no_print = style.get("mso-hide") == "all" or style.get("mso-special-character") == "comment"
        stored = element.tag in _UNSHOWN and "shadowrootmode" not in element.attrib
        if collapsed:
            self._collapsed.add(element)
        if stored or display == "none" or collapsed or closed or no_print or struck:
            self._removed.add(element)
            look = look._replace(removed=True)
        if element.tag in CELLS or (element.tag not in _INLINE and not look.is_in_cell):
            look = look._replace(box=element)
        if _vanishes(element, style):
            look = look._replace(vanished=(*look.vanished, element))
        match style.get("visibility"):
            case "hidden" | "collapse":
                look = look._replace(invisible=(*look.invisible, element))
            case "visible":
                look = look._replace(invisible=())
        size = style.get("font-size") or _font_size(style.get("font", ""))
        if _is_tiny(size):
            look = look._replace(tiny=(*look.tiny, element))
        elif size and not _RELATIVE_SIZES.fullmatch(size):
            look = look._replace(tiny=())
        self._looks[element] = _painted(look, element, style)
        if element.tag in _RAISED or style.get("vertical-align") in _RAISING:
            self._raised.add(element)
        if element.tag in _INLINE and display.startswith(_BLOCK_DISPLAYS):
            self._blocks.add(element)
        if element.tag in _INLINE and _stands_apart(style):
            self._apart.add(element)
        if _is_empty(element) and (self._is_filled(element) or _is_pictured(element, style)):
            self._drawn.add(element)
        if look.box is not None and _is_moved(style):
            self._moved.add(look.box)
        if look.box is not None and _is_altered(element, style):
            self._altered.add(look.box)

    def _generate(self, element: Element, declared: Declared) -> None:
        """Put the texts into the tree that the style sheets generate in an element. Ornaments are left out:
        what is no letter or figure outside cells, and what is no text in cells of words."""
        look = self._looks[element]
        if look.removed or element.tag in _TABLE_PARTS:
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

    def _is_hidden_in(self, box: Element, look: _Look) -> bool:
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


def _vanishes(element: Element, style: Properties) -> bool:
    """Whether an element is transparent, stands beside the page or shows next to nothing of its content."""
    positioned = style.get("position") in ("absolute", "fixed", "relative")
    if _pixels(style.get("opacity", ""), 1) < _FAINTEST:
        return True
    if _VANISHED.search(style.get("transform", "")) or _CLIPPED.search(style.get("clip-path", "")):
        return True
    if style.get("content-visibility") == "hidden" or _UNLIT.search(style.get("filter", "")):
        return True
    if positioned and _CLIPPED.search(style.get("clip", "")):
        return True
    if positioned and any(
        _pixels(style.get(side, "")) <= -_FAR for side in ("left", "right", "top", "bottom")
    ):
        return True
    if positioned and _pixels(style.get("left", "")) >= _FARTHEST:
        return True
    floats = style.get("float", "none") != "none" or style.get("position") in ("absolute", "fixed")
    is_inline = style.get("display", "inline" if element.tag in _INLINE else "block") == "inline"
    if element.tag in _TABLE_PARTS or (is_inline and not floats):
        return False
    if min(_pixels(style.get("text-indent", "")), _pixels(style.get("margin-left", ""))) <= -_FAR:
        return True
    cut = any("hidden" in style.get(f"overflow{axis}", "") for axis in ("", "-x", "-y"))
    sizes = [style.get(size, "") for size in ("width", "height", "max-width", "max-height")]
    return cut and element.tag not in CELLS and any(0 <= _pixels(size, -1) <= _SMALLEST for size in sizes)


def _pixels(value: str, default: float = 0.0) -> float:
    """The first length or number of a value; `default` where there is none."""
    length = _LENGTH.match(value)
    return float(length[1]) * _PIXELS.get(length[2], 1.0) if length else default


def _font_size(font: str) -> str:
    """The size in a value of the property `font`."""
    size = _SIZES.search(font)
    return size[1] + size[2] if size else ""


def _is_tiny(size: str) -> bool:
    """Whether a size of letters is next to nothing, be it in itself or as a part of the one around."""
    limit = 0.0 if size.endswith(("%", "em", "ex")) and not size.endswith("rem") else _SMALLEST
    return _LENGTH.match(size) is not None and abs(_pixels(size)) <= limit


def _painted(look: _Look, element: Element, style: Properties) -> _Look:
    """A look with the colours that an element has of its own."""
    ink = style.get("-webkit-text-fill-color") or style.get("color") or element.get("color", "")
    if ink and ink not in ("inherit", "currentcolor", "unset"):
        look = look._replace(ink=colour(ink))
    elif element.tag == "a" and element.get("href"):
        look = look._replace(ink=_LINK)
    paints = [style.get(name, "") for name in ("background", "background-color", "background-image")]
    ground = colour(paints[1] or paints[0] or element.get("bgcolor", ""))
    if any("(" in paint and not paint.startswith(("rgb", "hsl")) for paint in paints) or "background" in (
        element.attrib
    ):
        look = look._replace(ground=None)
    elif ground is not None and ground.alpha >= _FAINTEST:
        look = look._replace(ground=ground if ground.alpha > 0.95 else None)
    return look


def _stands_apart(style: Properties) -> bool:
    sized = style.get("display") == "inline-block" and "width" in style
    return sized or any(_pixels(style.get(room, "")) >= _NARROW for room in _ROOM)


def _is_empty(element: Element) -> bool:
    return len(element) == 0 and not (element.text or "").strip()


def _is_pictured(element: Element, style: Properties) -> bool:
    """Whether a part of a line without content has a picture as its ground, or a figure in its attributes."""
    if element.tag not in _INLINE:
        return False
    pictured = "url(" in style.get("background", "") + style.get("background-image", "")
    return pictured or any(
        str(name).startswith("data-") and str(text).isdigit() for name, text in element.items()
    )


def _is_moved(style: Properties) -> bool:
    """Whether an element may be seen in another place than its place in the source."""
    return (
        style.get("float") == "right"
        or style.get("position") in ("absolute", "fixed")
        or (style.get("position") == "relative" and any(_pixels(style.get(s, "")) for s in ("left", "right")))
    )


def _is_altered(element: Element, style: Properties) -> bool:
    """Whether the characters in an element are seen turned, in another order or as others."""
    return (
        element.tag == "bdo"
        or "override" in style.get("unicode-bidi", "")
        or _TURNED.search(style.get("transform", "")) is not None
        or _pixels(style.get("letter-spacing", "")) <= -_NARROW
        or style.get("-webkit-text-security", "none") != "none"
    )


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))


def _whole_text(element: Element) -> str:
    return "".join(str(piece) for piece in element.itertext())


def _insert(element: Element, place: int, part: Element) -> None:
    """Put a part into an element, before its text or at its end."""
    if place == 0:
        element.text, part.tail = None, element.text
    element.insert(place, part)

"""How the texts of an element look, by what is declared for it and how those around it look."""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

from gao_pipeline.documents.web.styles import Colour, Properties, colour

Element = etree._Element

CELLS = frozenset({"td", "th"})
INLINE = frozenset(
    {"a", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "ins", "label", "mark", "nobr", "q"}
    | {"small", "span", "strong", "sub", "sup", "u"}
)
TABLE_PARTS = frozenset({"col", "colgroup", "table", "tbody", "tfoot", "thead", "tr"})
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
_RISE = 2.0
"""Pixels: text that stands less above or below the line is only set straight."""
_NARROW = 6.0
"""Pixels: about the width of a digit."""
_FAINTEST = 0.05
_VANISHED = re.compile(r"scale[xy]?\(\s*0(?:\.0+)?\s*[,)]|translate[xy]?\(\s*-\d{4,}")
_CLIPPED = re.compile(r"inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0|rect\((?:\s*[01]?(?:px)?\s*,?){4}\)")
_UNLIT = re.compile(r"opacity\(\s*0(?:\.0*)?%?\s*\)")
_TURNED = re.compile(r"rotate|matrix|scale[xy]?\([^)]*-")
_ROOM = ("margin-left", "margin-right", "padding-left", "padding-right")
_BLACK, _WHITE, _LINK = Colour(0, 0, 0), Colour(1, 1, 1), Colour(0, 0, 0.93)


class Look(NamedTuple):
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


def vanishes(element: Element, style: Properties) -> bool:
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
    is_inline = style.get("display", "inline" if element.tag in INLINE else "block") == "inline"
    if element.tag in TABLE_PARTS or (is_inline and not floats):
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


def sized(look: Look, element: Element, style: Properties) -> Look:
    """A look with the size that an element gives its letters."""
    size = style.get("font-size") or _font_size(style.get("font", ""))
    if _is_tiny(size):
        return look._replace(tiny=(*look.tiny, element))
    return look._replace(tiny=()) if size and not _RELATIVE_SIZES.fullmatch(size) else look


def is_raised(element: Element, style: Properties) -> bool:
    """Whether an element stands above or below the line, as the mark of a note does."""
    align = style.get("vertical-align", "")
    rises = [align]
    if style.get("position") == "relative":
        rises += [style.get(side, "") for side in ("top", "bottom")]
    is_moved = element.tag in INLINE and any(abs(_pixels(rise)) >= _RISE for rise in rises)
    return element.tag in _RAISED or align in _RAISING or is_moved


def painted(look: Look, element: Element, style: Properties) -> Look:
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


def has_room(style: Properties) -> bool:
    """Whether a part of a line has a width of its own, or room beside it."""
    sized = style.get("display") == "inline-block" and "width" in style
    return sized or any(_pixels(style.get(room, "")) >= _NARROW for room in _ROOM)


def is_empty(element: Element) -> bool:
    """Whether nothing stands in an element."""
    return len(element) == 0 and not (element.text or "").strip()


def is_pictured(element: Element, style: Properties) -> bool:
    """Whether a part of a line without content has a picture as its ground, or a figure in its attributes."""
    if element.tag not in INLINE:
        return False
    pictured = "url(" in style.get("background", "") + style.get("background-image", "")
    return pictured or any(
        str(name).startswith("data-") and str(text).isdigit() for name, text in element.items()
    )


def is_moved(style: Properties) -> bool:
    """Whether an element may be seen in another place than its place in the source."""
    return (
        style.get("float") == "right"
        or style.get("position") in ("absolute", "fixed")
        or (style.get("position") == "relative" and any(_pixels(style.get(s, "")) for s in ("left", "right")))
    )


def is_altered(element: Element, style: Properties) -> bool:
    """Whether the characters in an element are seen turned, in another order or as others."""
    return (
        element.tag == "bdo"
        or "override" in style.get("unicode-bidi", "")
        or _TURNED.search(style.get("transform", "")) is not None
        or _pixels(style.get("letter-spacing", "")) <= -_NARROW
        or style.get("-webkit-text-security", "none") != "none"
    )

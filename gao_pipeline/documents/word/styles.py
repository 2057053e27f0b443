"""What the styles of a Word document say of runs and paragraphs, and which marks of them are on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gao_pipeline.documents.markup import Element, attribute, child, kind, whole_number
from gao_pipeline.documents.word.ooxml import number

_OFF = frozenset({"0", "false", "off", "none"})
_WHITE, _WHITE_OF_THEME = "ffffff", frozenset({"background1", "light1"})
_NO_COLOUR = frozenset({"auto", "none", "white", _WHITE})
_NO_PATTERN = frozenset({None, "clear", "nil"})
_RAISING = frozenset({"superscript", "subscript"})
RAISED_FROM = 4
"""Half-points: text that stands less above or below the line is only set straight."""


class _Style(NamedTuple):
    based_on: str | None
    run: Element | None
    level: int | None
    numbering: Element | None
    is_shaded: bool


class Styles:
    """What styles say about runs of text, heading levels and numbering."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str | None, _Style] = {}
        for style in () if root is None else root.iterchildren("{*}style"):
            outline = child(style, "pPr", "outlineLvl")
            self._styles[attribute(style, "styleId")] = _Style(
                based_on=attribute(child(style, "basedOn"), "val"),
                run=child(style, "rPr"),
                level=None if outline is None else number(outline, 9) + 1,
                numbering=child(style, "pPr", "numPr"),
                is_shaded=any(map(is_shade, style.iter("{*}shd"))),
            )

    def _chain(self, name: str | None) -> Iterator[_Style]:
        seen = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            name = self._styles[name].based_on

    def run_property(self, name: str | None, wanted: str) -> Element | None:
        """A property that a style gives to runs of text."""
        found = (child(style.run, wanted) for style in self._chain(name))
        return next((element for element in found if element is not None), None)

    def numbering(self, name: str | None) -> Element | None:
        """The `numPr` of a style."""
        return next((s.numbering for s in self._chain(name) if s.numbering is not None), None)

    def is_shaded(self, name: str | None) -> bool:
        """Whether a style colours a ground."""
        return any(style.is_shaded for style in self._chain(name))

    def level(self, name: str | None) -> int | None:
        """The heading level from 1; `None` for body text."""
        level = next((style.level for style in self._chain(name) if style.level is not None), None)
        return level if level is not None and level <= 9 else None


def is_on(element: Element | None) -> bool:
    """The value of a toggle such as `<w:vanish/>`."""
    return element is not None and (attribute(element, "val") or "true") not in _OFF


def is_white(colour: Element | None) -> bool:
    """Whether `<w:color>` is white; a theme's white may be darkened, and the value says how it looks then."""
    value = (attribute(colour, "val") or "auto").lower()
    return value == _WHITE or (value == "auto" and attribute(colour, "themeColor") in _WHITE_OF_THEME)


def is_raised(element: Element | None) -> bool:
    """Whether `<w:vertAlign>` or `<w:position>` sets text above or below the line."""
    value = attribute(element, "val") or ""
    return value in _RAISING or whole_number(value.lstrip("-"), 0) >= RAISED_FROM


def is_shade(element: Element | None) -> bool:
    """Whether `<w:shd>` or `<w:highlight>` gives a ground a colour."""
    if element is None:
        return False
    is_shading = kind(element) == "shd"
    if is_shading and (attribute(element, "themeFill") or attribute(element, "val") not in _NO_PATTERN):
        return True
    return (attribute(element, "fill" if is_shading else "val") or "auto").lower() not in _NO_COLOUR

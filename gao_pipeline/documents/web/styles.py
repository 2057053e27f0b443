"""What the style sheets of a page declare for its elements, on a screen of usual width.

The cascade is that of CSS (importance, style attributes, specificity, order); of the properties only those
are kept that decide whether, as what and in which order a text is seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import cssselect2
import tinycss2
import tinycss2.color4
from lxml import etree

Element = etree._Element
Properties = Mapping[str, str]

_PROPERTIES = frozenset(
    {"background", "background-color", "background-image", "bottom", "clip", "clip-path", "color", "content"}
    | {"direction", "display", "flex-direction", "flex-flow", "float", "font", "font-size", "height", "left"}
    | {
        "max-height",
        "max-width",
        "mso-hide",
        "mso-special-character",
        "opacity",
        "order",
        "overflow",
        "overflow-x",
        "overflow-y",
    }
    | {"position", "right", "text-decoration", "text-decoration-line", "text-indent", "top", "transform"}
    | {"unicode-bidi", "vertical-align", "visibility", "width", "-webkit-text-fill-color"}
    | {"-webkit-text-security"}
)
_SCREEN_WIDTH = 1280.0
"""Pixels; what a style sheet says for narrower screens is said for telephones."""
_ROOT_EM = 16.0
_FEATURE = re.compile(r"\(([^()]*)\)")
_WIDTH = re.compile(r"(min|max)-width\s*:\s*([\d.]+)\s*(px|em|rem)")
_SCREENS = frozenset({"", "all", "screen"})


class Declared(NamedTuple):
    """What is declared for an element, and for the texts generated before and after its content."""

    own: Properties
    before: Properties
    after: Properties


class _Declarations(NamedTuple):
    """The declarations of one rule, the important ones apart."""

    normal: dict[str, str]
    important: dict[str, str]


class StyleSheets:
    """The style sheets of a page in their order."""

    def __init__(self, sheets: Iterable[str]) -> None:
        self._matcher = cssselect2.Matcher()
        self._is_empty = True
        for sheet in sheets:
            self._add_rules(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True))

    def _add_rules(self, rules: Iterable[Any]) -> None:
        for rule in rules:
            if rule.type == "at-rule":
                if rule.content is not None and _applies(rule):
                    self._add_rules(tinycss2.parse_rule_list(rule.content, skip_comments=True))
            elif rule.type == "qualified-rule":
                self._add_rule(rule)

    def _add_rule(self, rule: Any) -> None:
        declarations = _declarations(tinycss2.parse_blocks_contents(rule.content))
        if not any(declarations):
            return
        try:
            selectors = cssselect2.compile_selector_list(rule.prelude)
        except cssselect2.SelectorError:
            return
        self._is_empty = False
        for selector in selectors:
            self._matcher.add_selector(selector, declarations)

    def declared(self, root: Element) -> Iterator[tuple[Element, Declared]]:
        """All elements of a page in order, each with what is declared for it."""
        if self._is_empty:
            for element in root.iter("*"):
                yield element, _cascaded((), element)
            return
        for wrapper in cssselect2.ElementWrapper.from_html_root(root).iter_subtree():
            yield wrapper.etree_element, _cascaded(self._matcher.match(wrapper), wrapper.etree_element)


def _cascaded(matches: Iterable[Any], element: Element) -> Declared:
    """The declarations that win for an element; `matches` come from the weakest to the strongest."""
    rules: dict[str | None, list[_Declarations]] = {}
    for _, _, pseudo_element, declarations in matches:
        rules.setdefault(pseudo_element, []).append(declarations)
    if style := element.get("style"):
        rules.setdefault(None, []).append(_style_attribute(style))
    return Declared(*(_winning(rules.get(part, ())) for part in (None, "before", "after")))


def _winning(rules: Iterable[_Declarations]) -> Properties:
    rules = tuple(rules)
    winning: dict[str, str] = {}
    for kind in (0, 1):
        for rule in rules:
            winning |= rule[kind]
    return winning


@lru_cache(maxsize=4096)
def _style_attribute(style: str) -> _Declarations:
    return _declarations(tinycss2.parse_blocks_contents(style))


def _declarations(parsed: Iterable[Any]) -> _Declarations:
    declarations = _Declarations({}, {})
    for declaration in parsed:
        if declaration.type == "declaration" and declaration.lower_name in _PROPERTIES:
            value = tinycss2.serialize(declaration.value).strip()
            declarations[declaration.important][declaration.lower_name] = value
    return declarations


def _applies(rule: Any) -> bool:
    """Whether the rules inside a conditional rule are in force."""
    match rule.lower_at_keyword:
        case "media":
            return is_for_screens(tinycss2.serialize(rule.prelude))
        case "supports":
            return not tinycss2.serialize(rule.prelude).lstrip().lower().startswith("not")
        case keyword:
            return bool(keyword == "layer")


def is_for_screens(media: str) -> bool:
    """Whether a list of media queries holds for a screen of usual width, of which nothing else is known."""
    return any(map(_holds, media.lower().split(",")))


def _holds(query: str) -> bool:
    words = _FEATURE.sub(" ", query).replace(" and", " ").split()
    negated = words[:1] == ["not"]
    medium = next((word for word in words if word not in ("not", "only")), "")
    features = (_WIDTH.fullmatch(feature.strip()) for feature in _FEATURE.findall(query))
    return negated != (medium in _SCREENS and all(map(_has_width, features)))


def _has_width(feature: re.Match[str] | None) -> bool:
    if feature is None:
        return False
    pixels = float(feature[2]) * (1 if feature[3] == "px" else _ROOT_EM)
    return pixels <= _SCREEN_WIDTH if feature[1] == "min" else pixels >= _SCREEN_WIDTH


class Colour(NamedTuple):
    """Red, green, blue and opacity, each 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    def is_like(self, other: Colour) -> bool:
        """Whether no eye tells it from another."""
        return all(abs(mine - theirs) < 0.04 for mine, theirs in zip(self[:3], other[:3], strict=True))


@lru_cache(maxsize=1024)
def colour(value: str) -> Colour | None:
    """The first colour that a value names, if any: `#fff url(x.png)` gives white."""
    for token in tinycss2.parse_component_value_list(value):
        found = tinycss2.color4.parse_color(token)
        if found is not None and found != "currentcolor":
            red, green, blue = found.to("srgb").coordinates
            return Colour(red, green, blue, found.alpha)
    return None


def generated_text(content: str, element: Element) -> str | None:
    """The text that a `content` puts on the page: its strings, and attributes of the element it belongs to;
    `None` where something else is part of it, e.g. a picture or a counter."""
    pieces: list[str] = []
    for token in tinycss2.parse_component_value_list(content, skip_comments=True):
        if token.type == "string":
            pieces.append(token.value)
        elif token.type == "function" and token.lower_name == "attr" and len(token.arguments) == 1:
            pieces.append(element.get(tinycss2.serialize(token.arguments).strip().lower(), ""))
        elif token.type == "literal" and token.value == "/":
            break
        elif token.type == "ident" and token.lower_value in ("none", "normal", "initial", "inherit", "unset"):
            return ""
        elif token.type != "whitespace":
            return None
    return "".join(pieces)

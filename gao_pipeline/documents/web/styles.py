"""What the style sheets of a page declare for its elements, on a screen of usual width.

The cascade is that of CSS (importance, style attributes, specificity, order); of the properties only those
are kept that decide whether, as what and in which order a text is seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import cssselect2
import tinycss2
import tinycss2.color4
from lxml import etree

Element = etree._Element
Properties = Mapping[str, str]

_PROPERTIES = (
    frozenset({"background", "background-color", "background-image", "color", "filter", "opacity"})
    | {"bottom", "left", "margin-left", "margin-right", "padding-left", "padding-right", "position", "right"}
    | {"clip", "clip-path", "height", "max-height", "max-width", "overflow", "overflow-x", "overflow-y"}
    | {"content", "content-visibility", "display", "mso-hide", "mso-special-character", "visibility"}
    | {"direction", "flex-direction", "flex-flow", "float", "order", "top", "transform", "unicode-bidi"}
    | {"font", "font-size", "letter-spacing", "text-decoration", "text-decoration-line", "text-indent"}
    | {"vertical-align", "width", "-webkit-text-fill-color", "-webkit-text-security"}
)
_ROOM = frozenset({"margin", "padding"})
_SCREEN_WIDTH = 1280.0
"""Pixels; what a style sheet says for narrower screens is said for telephones."""
_ROOT_EM = 16.0
_INNER = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_NAME = re.compile(r"[.#]((?:[\w-]|[^\x00-\x7f])+)")
"""A class or an id in a selector."""
_HARD = frozenset("()\\")
_FEATURE = re.compile(r"\(([^()]*)\)")
_WIDTH = re.compile(r"(min|max)-width\s*:\s*([\d.]+)\s*(px|em|rem)")
_SCREENS = frozenset({"", "all", "screen"})


def style_sheets(root: Element, linked: Callable[[str], str | None]) -> list[str]:
    """The style sheets of a page in their order; `linked` finds those that it links to by their addresses."""
    parts = [part for part in root.iter("link", "style") if is_for_screens(part.get("media", ""))]
    return [linked(part.get("href", "")) or part.text or "" for part in parts]


class Declared(NamedTuple):
    """What is declared for an element, and for the texts generated before and after its content."""

    own: Properties
    before: Properties
    after: Properties


class _Declarations(NamedTuple):
    """The declarations of one rule, the important ones apart."""

    normal: dict[str, str]
    important: dict[str, str]


class _Node(cssselect2.ElementWrapper):  # type: ignore[misc]
    """An element of a page that may be nested, or have siblings, by the thousands."""

    @cached_property
    def ancestors(self) -> tuple[_Node, ...]:
        return tuple(_chain(self, "parent"))[::-1]

    @cached_property
    def previous_siblings(self) -> tuple[_Node, ...]:
        return tuple(_chain(self, "previous"))[::-1]


def _chain(node: _Node, name: str) -> Iterator[_Node]:
    while (node := getattr(node, name)) is not None:
        yield node


class StyleSheets:
    """The style sheets of a page in their order."""

    def __init__(self, root: Element, sheets: Iterable[str]) -> None:
        self._root = root
        self._names = frozenset(
            name
            for element in root.iter("*")
            for name in f"{element.get('class')} {element.get('id')}".split()
        )
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
        if not any(map(self._may_match, _INNER.sub("", tinycss2.serialize(rule.prelude)).split(","))):
            return
        declarations = _declarations(tinycss2.parse_blocks_contents(rule.content))
        if not any(declarations):
            return
        try:
            compiled = cssselect2.compile_selector_list(rule.prelude)
        except cssselect2.SelectorError:
            return
        self._is_empty = False
        for selector in compiled:
            self._matcher.add_selector(selector, declarations)

    def _may_match(self, selector: str) -> bool:
        """Whether the page has the classes and ids of a selector, as far as that is easily told."""
        return not _HARD.isdisjoint(selector) or self._names.issuperset(_NAME.findall(selector))

    def declared(self) -> dict[Element, Declared]:
        """What is declared for each element of the page, in their order."""
        if self._is_empty:
            return {element: _cascaded((), element) for element in self._root.iter("*")}
        nodes = _Node.from_html_root(self._root).iter_subtree()
        return {
            node.etree_element: _cascaded(self._matcher.match(node), node.etree_element) for node in nodes
        }


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
        if declaration.type != "declaration":
            continue
        name, value = declaration.lower_name, tinycss2.serialize(declaration.value).strip()
        if name in _ROOM:
            widths = value.lower().split() or ["0"]
            right = widths[min(1, len(widths) - 1)]
            left = widths[3] if len(widths) > 3 else right
            declarations[declaration.important].update({f"{name}-left": left, f"{name}-right": right})
        elif name in _PROPERTIES:
            declarations[declaration.important][name] = value if name == "content" else value.lower()
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
    """The first colour that a value names, if its space is known: `#fff url(x.png)` gives white."""
    for token in tinycss2.parse_component_value_list(value):
        found = tinycss2.color4.parse_color(token)
        if found is not None and found != "currentcolor":
            try:
                red, green, blue = found.to("srgb").coordinates
            except NotImplementedError:
                return None
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
    return "".join(pieces).encode("utf-8", "replace").decode("utf-8")

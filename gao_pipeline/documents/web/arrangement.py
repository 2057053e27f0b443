"""Gives the elements of a page the tags and the order that its styles give them on a screen.

Boxes that are shown as a table become one, and the children of a box stand in the order in which they are
seen.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from gao_pipeline.documents.web.styles import Properties

Element = etree._Element

_TABLES = frozenset({"table"})
_GROUPS = frozenset({"tbody", "tfoot", "thead"})
_DISPLAYS = {
    "table": "table",
    "inline-table": "table",
    "table-header-group": "thead",
    "table-row-group": "tbody",
    "table-footer-group": "tfoot",
    "table-row": "tr",
    "table-cell": "td",
}
_ROLES = {
    "table": "table",
    "grid": "table",
    "treegrid": "table",
    "rowgroup": "tbody",
    "row": "tr",
    "cell": "td",
    "gridcell": "td",
    "columnheader": "th",
    "rowheader": "th",
}
_AROUND = {
    "tbody": _TABLES,
    "thead": _TABLES,
    "tfoot": _TABLES,
    "tr": _TABLES | _GROUPS,
    "td": frozenset({"tr"}),
    "th": frozenset({"tr"}),
}
"""The tags that the element around a part of a table has."""
_HTML_TABLES = frozenset({"table", *_AROUND})
_FLEXIBLE = frozenset({"flex", "grid", "inline-flex", "inline-grid"})


def arrange(styles: Mapping[Element, Properties]) -> None:
    """Change the tree of a page, whose elements are given in order with what is declared for each."""
    for element, style in styles.items():
        tag = _DISPLAYS.get(style.get("display", "")) or _ROLES.get(element.get("role", ""))
        if tag and element.tag not in _HTML_TABLES:
            _become(element, tag)
    for element, style in styles.items():
        if len(element) > 1 and not _has_own_text(element):
            children = list(element)
            seen = _seen_order(children, style, styles)
            if seen != children:
                element.extend(seen)


def _become(element: Element, tag: str) -> None:
    """Make a box a part of a table if it is in its place."""
    parent = element.getparent()
    if tag in _AROUND and (parent is None or parent.tag not in _AROUND[tag]):
        return
    element.tag = tag
    for name in ("colspan", "rowspan"):
        if span := element.get(f"aria-{name}"):
            element.set(name, span)


def _seen_order(
    children: list[Element], style: Properties, styles: Mapping[Element, Properties]
) -> list[Element]:
    if style.get("display") in _FLEXIBLE:
        seen = sorted(children, key=lambda child: _order(styles[child]))
        is_reversed = "reverse" in style.get("flex-direction", "") + style.get("flex-flow", "")
        return seen[::-1] if is_reversed else seen
    floating = [child for child in children if styles[child].get("float") == "right"]
    if len(floating) == len(children) and not any(len(child) for child in children):
        return children[::-1]
    return children


def _order(style: Properties) -> int:
    try:
        return int(style.get("order", "0"))
    except ValueError:
        return 0


def _has_own_text(element: Element) -> bool:
    own = [element.text, *(child.tail for child in element)]
    return any(text and text.strip() for text in own)

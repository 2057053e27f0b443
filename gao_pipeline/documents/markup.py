"""What readers of XML formats share: parts are known by their local names, in whatever namespace."""

from __future__ import annotations

from lxml import etree

Element = etree._Element


def parse_xml(content: bytes) -> Element:
    """The root element; nothing outside the content is ever fetched.

    Raises:
        lxml.etree.XMLSyntaxError: the content is damaged.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, huge_tree=True)
    return etree.fromstring(content, parser)


def kind(element: Element) -> str:
    """The local name of an element, the same in the transitional and the strict namespaces."""
    return str(element.tag).rpartition("}")[2]


def child(element: Element | None, *path: str) -> Element | None:
    """The first descendant along a path of local names."""
    for step in path:
        if element is None:
            return None
        element = next((part for part in element.iterchildren("{*}" + step)), None)
    return element


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute by its local name."""
    if element is None:
        return None
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), None)


def whole_number(text: str | None, default: int) -> int:
    """A number without sign as markup writes it."""
    return int(text) if text and text.isascii() and text.isdigit() else default

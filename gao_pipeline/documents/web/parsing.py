"""From the text of a page to its element tree, whatever the page does wrong."""

from __future__ import annotations

import re

from lxml import etree

from gao_pipeline.documents.model import UnreadableDocumentError

Element = etree._Element

_XML_PROLOG = re.compile(r"\A\s*<\?xml[^>]*>")
_FONT_TAG = re.compile(r"</?(?:font|b|i|u|em|strong|big|small|o:p)(?:\s[^<>]*)?>", re.IGNORECASE)
_CONTROLS = dict.fromkeys(code for code in (*range(0x20), 0x7F) if chr(code) not in "\t\n\f\r")
_ESCAPED_TWICE = re.compile(r"&amp;(#?\w{1,8};)")


def parse_page(text: str) -> Element:
    """The element tree of a page. Tags that only set a font are left out where there are more of them inside
    each other than can be parsed.

    Raises:
        UnreadableDocumentError: only a part of the page could be parsed (`corrupt_file`).
    """
    source = _ESCAPED_TWICE.sub(r"&\1", _XML_PROLOG.sub("", text).translate(_CONTROLS)) or " "
    for markup in (source, _FONT_TAG.sub("", source)):
        parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
        root = etree.fromstring(markup.encode("utf-8", errors="replace"), parser)
        if not any(error.level_name == "FATAL" for error in parser.error_log):
            return etree.Element("html") if root is None else root
    raise UnreadableDocumentError(
        "corrupt_file", f"the page cannot be parsed: {parser.error_log[-1].message}"
    )


def text_inside(element: Element | None) -> str:
    """All text in an element, shown or not."""
    return "" if element is None else "".join(str(piece) for piece in element.itertext())

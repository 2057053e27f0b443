"""What came with a page, or inside it: pictures, style sheets, the pages that its frames show."""

from __future__ import annotations

import base64
import binascii
import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes, urljoin

from lxml import etree

from gao_pipeline.documents.encoding import decode

Element = etree._Element

_EMBEDDED = re.compile(r"data:image/(?!svg|gif)[\w.+-]+;base64,", re.IGNORECASE)
_PAGE_ADDRESS = re.compile(r"data:(?:text/html|application/xhtml\+xml)([^,]*),(.*)", re.DOTALL)


class PageParts(NamedTuple):
    """What came with a page, by the addresses that it may give them."""

    pictures: dict[str, bytes]
    style_sheets: dict[str, str]
    address: str = ""
    """That of the page, to which the addresses in it may be relative."""

    def picture(self, address: str) -> bytes | None:
        """The picture at an address; the address may be the picture itself."""
        if embedded := _EMBEDDED.match(address):
            return _decoded(address[embedded.end() :])
        return self.pictures.get(address) or self.pictures.get(self._absolute(address))

    def style_sheet(self, address: str) -> str | None:
        return self.style_sheets.get(address) or self.style_sheets.get(self._absolute(address))

    def _absolute(self, address: str) -> str:
        try:
            return urljoin(self.address, address)
        except ValueError:
            return address


def page_inside(frame: Element) -> str | None:
    """The page that a frame shows, if it came inside the page."""
    if source := frame.get("srcdoc"):
        return source
    address = _PAGE_ADDRESS.match(frame.get("src") or frame.get("data") or "")
    if address is None:
        return None
    data = unquote_to_bytes(address[2])
    content = _decoded(data) if "base64" in address[1] else data
    charset = re.search(r"charset=([\w-]+)", address[1])
    return decode(content, charset[1] if charset else None).text if content else None


def _decoded(data: str | bytes) -> bytes | None:
    try:
        return base64.b64decode(data)
    except binascii.Error:
        return None

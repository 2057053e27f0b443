"""Reads pages that a browser saved with all their parts in one file (MHTML)."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

from gao_pipeline.documents.encoding import decode
from gao_pipeline.documents.model import Document, MediaType, UnreadableDocumentError
from gao_pipeline.documents.web.html import read_page
from gao_pipeline.documents.web.parts import PageParts

_PAGES = frozenset({"text/html", "application/xhtml+xml"})


def read_mhtml(data: bytes) -> Document:
    """The document that a saved page shows: its first page, and the others in its frames,
    with the pictures saved beside it.

    Raises:
        UnreadableDocumentError: there is no such part (`corrupt_file`), or it shows no text (`no_text`).
    """
    message = email.message_from_bytes(data.lstrip(), _class=EmailMessage, policy=email.policy.default)
    pages = [
        (content, part.get_content_charset())
        for part in message.walk()
        if part.get_content_type() in _PAGES and isinstance(content := part.get_payload(decode=True), bytes)
    ]
    if not pages:
        raise UnreadableDocumentError("corrupt_file", "the saved page holds no page")
    (page, charset), *frames = pages
    return read_page(page, charset, MediaType.MHTML, frames, _parts(message))


def _parts(message: EmailMessage) -> PageParts:
    """The pictures and style sheets of a saved page by the addresses that it may give them."""
    pages = (part for part in message.walk() if part.get_content_type() in _PAGES)
    parts = PageParts({}, {}, str(next(pages)["Content-Location"] or ""))
    for part in message.walk():
        content = part.get_payload(decode=True)
        addresses = (str(part["Content-Location"]), "cid:" + str(part["Content-ID"]).strip("<>"))
        if not isinstance(content, bytes):
            continue
        if part.get_content_maintype() == "image":
            parts.pictures.update(dict.fromkeys(addresses, content))
        elif part.get_content_type() == "text/css":
            sheet = decode(content, part.get_content_charset()).text
            parts.style_sheets.update(dict.fromkeys(addresses, sheet))
    return parts

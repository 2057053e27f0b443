"""Reads PDF files: those with text by what they draw and print, scans through `scan`."""

from __future__ import annotations

import io
from typing import Any

import pdfplumber
import pypdfium2
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfparser import PDFSyntaxError
from pdfminer.psparser import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from gao_pipeline.documents.model import Document, MediaType, UnreadableDocumentError
from gao_pipeline.documents.pages import Furniture, Page, drop_furniture, join_pages
from gao_pipeline.documents.pdf_tables import read_page

_UTF16_MARKS = (b"\xfe\xff", b"\xff\xfe")


def read_pdf(data: bytes) -> Document:
    """A PDF file as a document.

    Raises:
        UnreadableDocumentError: `encrypted_file`, `corrupt_file`, `no_text`, `ocr_not_installed`.
    """
    try:
        title, pages = _read_pages(data)
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise UnreadableDocumentError("encrypted_file", "the PDF opens only with a password") from error
    except _DAMAGE as damage:
        title, pages = _read_pages(_repaired(data, damage))
    if not any(page.lines or page.tables for page in pages):
        raise UnreadableDocumentError("no_text", f"{len(pages)} pages without text or images")
    content, furniture = drop_furniture(pages)
    return Document(
        media_type=MediaType.PDF,
        blocks=join_pages(content),
        title=title,
        metadata=_metadata(furniture),
        pages=len(pages),
    )


class _NoPagesError(ValueError):
    """A PDF whose page tree is empty: its end is missing or its cross-references lead nowhere."""


_DAMAGE = (
    _NoPagesError,
    MalformedPDFException,
    PSException,
    PDFSyntaxError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    AssertionError,
    RecursionError,
)


def _read_pages(data: bytes) -> tuple[str | None, list[Page]]:
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            pages = []
            for page in pdf.pages:
                pages.append(read_page(page))
                page.close()
            if not pages:
                raise _NoPagesError("no page was found")
            return _title(pdf), pages
    except PdfminerException as error:
        raise (error.args[0] if error.args and isinstance(error.args[0], Exception) else error) from error


def _repaired(data: bytes, damage: Exception) -> bytes:
    """The file as PDFium, which mends broken cross-references, writes it anew."""
    buffer = io.BytesIO()
    try:
        with pypdfium2.PdfDocument(data) as document:
            if not len(document):
                raise _NoPagesError("no page was found")
            document.save(buffer)
    except (pypdfium2.PdfiumError, _NoPagesError) as error:
        raise UnreadableDocumentError("corrupt_file", f"the PDF cannot be opened ({damage})") from error
    return buffer.getvalue()


def _title(pdf: Any) -> str | None:
    """The title of the file's properties; a byte order mark of the wrong end is understood too."""
    for info in pdf.doc.info:
        raw = info.get("Title")
        if isinstance(raw, bytes) and raw.startswith(_UTF16_MARKS):
            return raw.decode("utf-16", "ignore").strip("\x00 ") or None
    title = pdf.metadata.get("Title")
    return str(title).strip() or None if title else None


def _metadata(furniture: Furniture) -> dict[str, str]:
    texts = {"header": furniture.headers, "footer": furniture.footers}
    return {name: "\n".join(lines) for name, lines in texts.items() if lines}

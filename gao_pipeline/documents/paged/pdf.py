"""Reads PDF files: pages with text by what they draw and print, pages that are pictures by OCR."""

from __future__ import annotations

import io
import logging
from functools import cached_property
from typing import Any, NamedTuple

import pdfplumber
import pypdfium2
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from gao_pipeline.documents.model import Document, MediaType, Notice, Place, UnreadableDocumentError
from gao_pipeline.documents.paged.annotations import with_annotations
from gao_pipeline.documents.paged.blocks import join_pages
from gao_pipeline.documents.paged.drawn import is_picture, large_images
from gao_pipeline.documents.paged.furniture import Furniture, drop_furniture
from gao_pipeline.documents.paged.lattice import Box
from gao_pipeline.documents.paged.pages import Page
from gao_pipeline.documents.paged.painted import painted_page
from gao_pipeline.documents.paged.pdf_tables import read_pages
from gao_pipeline.documents.paged.sheets import whole_sheets

logging.getLogger("pdfminer").setLevel(logging.CRITICAL)

_DISPLAY_SCALE = 2.0
"""Pixels per point at which is looked whether a character shows."""

_FAINTEST = 24
"""Shades of grey, of 255, by which what shows differs from its ground at least."""

_UTF16_MARKS = (b"\xfe\xff", b"\xff\xfe")


def read_pdf(data: bytes) -> Document:
    """A PDF file as a document; `pdf-scan` if most of its pages are pictures.

    Raises:
        UnreadableDocumentError: `encrypted_file`, `corrupt_file`, `no_text`, `ocr_not_installed`.
    """
    file = _opened(with_annotations(data))
    sheets, notices = _with_pictures_read(file) if file.pictures or file.images else (file.sheets, ())
    pages = [page for areas in sheets for page in areas]
    if not any(page.lines or page.tables for page in pages):
        raise UnreadableDocumentError("no_text", f"{len(sheets)} pages without any text")
    content, furniture = drop_furniture(pages)
    return Document(
        media_type=MediaType.PDF_SCAN if 2 * len(file.pictures) > len(sheets) else MediaType.PDF,
        blocks=join_pages(content),
        title=file.title,
        metadata=_metadata(furniture),
        pages=len(sheets),
        notices=notices,
    )


class _File(NamedTuple):
    """A PDF file as read without OCR: of each sheet the areas. `pictures` are the numbers of those that
    are pictures, `images` the places on others, by their numbers, of images that may show tables."""

    data: bytes
    title: str | None
    sheets: list[list[Page]]
    pictures: frozenset[int]
    images: dict[int, list[Box]]


def _opened(data: bytes) -> _File:
    try:
        return _read(data)
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise UnreadableDocumentError("encrypted_file", "the PDF opens only with a password") from error
    except Exception as damage:
        return _read(_mended(data, damage))


def _read(data: bytes) -> _File:
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            with pypdfium2.PdfDocument(data) as drawn:
                painted = [
                    painted_page(page, _Display(drawn[page.page_number - 1]).shows) for page in pdf.pages
                ]
            if not painted:
                raise ValueError("no page was found")
            pictures = frozenset(page.page_number for page in painted if is_picture(page))
            images = {
                page.page_number: large
                for page in painted
                if page.page_number not in pictures and (large := large_images(page))
            }
            whole = painted if pictures or images else whole_sheets(painted)
            return _File(data, _title(pdf), read_pages(whole), pictures, images)
    except PdfminerException as error:
        raise (error.args[0] if error.args and isinstance(error.args[0], Exception) else error) from error


class _Display:
    """A page as a viewer displays it; drawn only when it is asked for."""

    def __init__(self, page: Any) -> None:
        self._page = page

    @cached_property
    def _pixels(self) -> Any:
        return self._page.render(scale=_DISPLAY_SCALE, grayscale=True).to_numpy().squeeze()

    def shows(self, box: Box) -> bool:
        """Whether anything stands out at a place."""
        left, top, right, bottom = (max(0, round(value * _DISPLAY_SCALE)) for value in box)
        place = self._pixels[top : bottom + 1, left : right + 1]
        return bool(place.size) and int(place.max()) - int(place.min()) > _FAINTEST


def _mended(data: bytes, damage: Exception) -> bytes:
    """The file as PDFium, which finds its way through broken cross-references, writes it anew."""
    buffer = io.BytesIO()
    try:
        with pypdfium2.PdfDocument(data) as document:
            document.save(buffer)
    except pypdfium2.PdfiumError as error:
        raise UnreadableDocumentError("corrupt_file", f"the PDF cannot be opened ({damage})") from error
    return buffer.getvalue()


def _with_pictures_read(file: _File) -> tuple[list[list[Page]], tuple[Notice, ...]]:
    """All sheets, those that are pictures by OCR, and notices of pictures that are not read without it.

    Raises:
        UnreadableDocumentError: `ocr_not_installed`, and no page has text of its own.
    """
    from gao_pipeline.documents.paged import ocr

    try:
        ocr.require_engine()
    except UnreadableDocumentError as error:
        if len(file.pictures) == len(file.sheets):
            raise
        return file.sheets, tuple(
            Notice(code="image", detail=error.detail, place=Place(page=number))
            for number in sorted(file.pictures | set(file.images))
        )
    from gao_pipeline.documents.paged.pdf_pictures import with_pictures_read

    return with_pictures_read(file.data, file.sheets, sorted(file.pictures), file.images), ()


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

"""Form fields, notes and stamps of a PDF: those that hold texts of a page become part of it."""

from __future__ import annotations

import io
from typing import Any

import pypdfium2
from pypdfium2 import raw

_TEXT_ANNOTATIONS = (
    raw.FPDF_ANNOT_FREETEXT,
    raw.FPDF_ANNOT_STAMP,
    raw.FPDF_ANNOT_WIDGET,
)


def with_annotations(data: bytes) -> bytes:
    """The file with the texts of form fields, notes and stamps made part of its pages."""
    try:
        with pypdfium2.PdfDocument(data) as document:
            document.init_forms()
            printed = [page for page in document if _has_texts(page)]
            for page in printed:
                raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
            if not printed:
                return data
            buffer = io.BytesIO()
            document.save(buffer)
            return buffer.getvalue()
    except pypdfium2.PdfiumError:
        return data


def _has_texts(page: Any) -> bool:
    """Whether annotations of a page hold texts of it; stamps and marks over what is printed are taken off."""
    has_texts = False
    for index in reversed(range(raw.FPDFPage_GetAnnotCount(page))):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        box = raw.FS_RECTF()
        raw.FPDFAnnot_GetRect(annotation, box)
        raw.FPDFPage_CloseAnnot(annotation)
        is_stamp = kind == raw.FPDF_ANNOT_STAMP
        if kind in _TEXT_ANNOTATIONS and not (is_stamp and _is_printed_on(page, box)):
            has_texts = True
        else:
            raw.FPDFPage_RemoveAnnot(page, index)
    return has_texts


def _is_printed_on(page: Any, box: Any) -> bool:
    """Whether a place on a page holds text."""
    text = page.get_textpage().get_text_bounded(box.left, box.bottom, box.right, box.top)
    return bool(text.strip())

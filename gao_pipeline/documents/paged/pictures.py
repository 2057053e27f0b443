"""Tables and pages that a docx or a web page shows as pictures: read by OCR where that is installed."""

from __future__ import annotations

from collections.abc import Sequence

from gao_pipeline.documents.model import Block


def picture_blocks(data: bytes) -> Sequence[Block]:
    """Tables and texts that a picture file shows; nothing where it shows neither or OCR is not installed."""
    from gao_pipeline.documents.paged import ocr

    if not ocr.is_installed():
        return ()
    from gao_pipeline.documents.paged.scanned_pictures import read_image

    return read_image(data)

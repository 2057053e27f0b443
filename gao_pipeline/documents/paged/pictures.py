"""Tables that a docx or a page shows as a picture: read by OCR where that is installed."""

from __future__ import annotations

from collections.abc import Sequence

from gao_pipeline.documents.model import Block, Grid


def picture_tables(data: bytes) -> Sequence[Block]:
    """What a picture file says if it shows a table; nothing where it shows none or OCR is not installed."""
    from gao_pipeline.documents.paged import ocr

    if not ocr.is_installed():
        return ()
    from gao_pipeline.documents.paged.scan import read_image_tables

    blocks = read_image_tables(data)
    return blocks if any(isinstance(block, Grid) for block in blocks) else ()

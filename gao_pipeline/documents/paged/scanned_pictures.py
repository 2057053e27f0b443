"""Picture files, as reports show their tables or their pages by them → blocks."""

from __future__ import annotations

import cv2
import numpy

from gao_pipeline.documents.model import Block
from gao_pipeline.documents.paged.blocks import join_pages
from gao_pipeline.documents.paged.ocr import Image
from gao_pipeline.documents.paged.scan import ENOUGH_WORDS, has_words, read_page_image, shows_table
from gao_pipeline.documents.paged.scanned_ground import grey_levels
from gao_pipeline.documents.paged.scanned_lattices import ink_of

_NARROWEST_PAGE = 600
"""The picture of a page that can be read has so many pixels across."""

_LEAST_INK, _MOST_INK = 0.005, 0.2
"""Text inks such a share of a page; in a photograph more is darker than what is around it, or nothing."""

_CHARACTER = 10.0
"""Most characters are about so many points high."""

_LOWEST_CHARACTER, _ENOUGH_CHARACTERS = 6, 20
"""Characters have so many pixels, and so many of them tell how high they are."""

_LEAST_SCALE = 2.5
"""Pixels per point to which smaller pictures are enlarged, as those that show a screen are."""

_USUAL_WIDTH = 450.0
"""A page's text is so many points wide."""


def read_image(data: bytes) -> tuple[Block, ...]:
    """Tables and texts of a picture file, as when a report shows its tables or its pages as images.

    There are none where it shows neither a ruled table nor a page of text.

    Raises:
        UnreadableDocumentError: `ocr_not_installed`.
    """
    decoded = cv2.imdecode(numpy.frombuffer(data, numpy.uint8), cv2.IMREAD_COLOR)
    if decoded is None:
        return ()
    image, scale = _enlarged(decoded.astype(numpy.uint8))
    if not shows_table(image, scale) and not _shows_text(decoded.astype(numpy.uint8)):
        return ()
    page = read_page_image(image, 1, scale)
    if not page.tables and sum(has_words(line.text) for line in page.lines) < ENOUGH_WORDS:
        return ()
    return join_pages([page])


def _shows_text(image: Image) -> bool:
    """Whether a picture may be of a page: wide enough to be read, upright, and inked as pages are."""
    height, width = image.shape[:2]
    share = float((ink_of(grey_levels(image)) > 0).mean())
    return width >= _NARROWEST_PAGE and height > 1.2 * width and _LEAST_INK < share < _MOST_INK


def _enlarged(image: Image) -> tuple[Image, float]:
    """A picture, enlarged where its characters are small, and its pixels per point."""
    scale = _assumed_scale(image)
    factor = max(1.0, _LEAST_SCALE / scale)
    if factor == 1.0:
        return image, scale
    larger = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    return larger.astype(numpy.uint8), scale * factor


def _assumed_scale(image: Image) -> float:
    """Pixels per point of a picture of unknown resolution, by the height of its characters or, where there
    are few, as if it were as wide as a page's text."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink_of(grey_levels(image)), connectivity=8)
    widths, heights = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    characters = heights[(heights >= _LOWEST_CHARACTER) & (widths < 2 * heights) & (heights < 3 * widths)]
    if len(characters) < _ENOUGH_CHARACTERS:
        return float(image.shape[1] / _USUAL_WIDTH)
    return float(numpy.percentile(characters, 75)) / _CHARACTER

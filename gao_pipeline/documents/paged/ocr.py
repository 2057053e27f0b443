"""The OCR engine behind one small door: rapidocr with the models that its package brings (extra `ocr`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy
from numpy.typing import NDArray

from gao_pipeline.documents.model import UnreadableDocumentError
from gao_pipeline.documents.paged.lattice import Box

Image = NDArray[numpy.uint8]

_PARAMETERS = {
    "Global.log_level": "critical",
    "Global.use_cls": False,
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "Rec.rec_img_shape": [3, 48, 96],
}
"""One thread, as the fan-out is over documents; and a short line is not padded to the usual 320 pixels."""

_TALLEST, _PART = 2.0, 1.4
"""A picture so many times as tall as wide is shown in parts; these are about so many times as tall."""


class Reading(NamedTuple):
    """What the engine makes of the picture of a line; `confidence` is from 0 to 1."""

    text: str
    confidence: float


def is_installed() -> bool:
    """Whether the extra `ocr` is there."""
    try:
        _engine()
    except UnreadableDocumentError:
        return False
    return True


def require_engine() -> None:
    """Make sure that the engine can be used.

    Raises:
        UnreadableDocumentError: `ocr_not_installed`.
    """
    _engine()


@cache
def _engine() -> Any:
    try:
        import cv2  # noqa: F401
        from rapidocr import RapidOCR
    except ImportError as error:
        raise UnreadableDocumentError(
            "ocr_not_installed", "the text is an image; install gao-pipeline[ocr] to read it"
        ) from error
    return RapidOCR(params=dict(_PARAMETERS))


def read_strips(strips: Sequence[Image]) -> list[Reading]:
    """The texts of pictures (height × width × 3, uint8) that each show one line."""
    if not strips:
        return []
    result = _engine().recognize_txt(list(strips))
    return [Reading(text, float(score)) for text, score in zip(result.txts, result.scores, strict=True)]


def find_lines(image: Image) -> list[tuple[Box, Reading]]:
    """The lines of text on a picture (height × width × 3, uint8) with their places in pixels.

    The engine makes large pictures smaller, so one that is much taller than wide is shown to it in parts.
    """
    cuts = [0, *_blank_rows(image), len(image)]
    return [
        (box._replace(top=box.top + top, bottom=box.bottom + top), reading)
        for top, bottom in pairwise(cuts)
        for box, reading in _lines_of(image[top:bottom])
    ]


def _blank_rows(image: Image) -> list[int]:
    """Rows of pixels, the emptiest around, where a tall picture can be cut into parts."""
    height, width = image.shape[:2]
    if height <= _TALLEST * width:
        return []
    unevenness = image.min(axis=2).std(axis=1)
    reach = width // 4
    return [
        row - reach + int(unevenness[row - reach : row + reach].argmin())
        for row in range(round(width * _PART), height - width // 2, round(width * _PART))
    ]


def _lines_of(image: Image) -> list[tuple[Box, Reading]]:
    result = _engine()(image, use_det=True, use_cls=False, use_rec=True, text_score=0.0)
    if result.boxes is None:
        return []
    return [
        (
            Box(*(float(edge) for edge in (*corners.min(axis=0), *corners.max(axis=0)))),
            Reading(text, float(score)),
        )
        for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True)
    ]

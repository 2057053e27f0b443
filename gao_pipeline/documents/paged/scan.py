"""Pictures of pages → `Page`s: straightened, ruled tables found by their lines, cells read twice.

How a cell is read is told in `scanned_cells`.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

import cv2
import numpy

from gao_pipeline.documents.paged.lattice import Box, Lattice
from gao_pipeline.documents.paged.layout import Line
from gao_pipeline.documents.paged.ocr import Image, Reading, find_lines
from gao_pipeline.documents.paged.pages import Page, PageTable
from gao_pipeline.documents.paged.scanned_cells import CellReader, colored, font_size
from gao_pipeline.documents.paged.scanned_ground import (
    grey_levels,
    on_light_ground,
    without_red,
    without_specks,
)
from gao_pipeline.documents.paged.scanned_lattices import ink_of, page_lattices
from gao_pipeline.documents.paged.scanned_rules import without_rules

_WIDEST_SKEW = 4.0
_WORDS = re.compile(r"[\u3400-\u9fff]{3}")
_SURE_OF_WORDS = 0.9
"""How sure of lines of words it is read that lie the right way up."""

ENOUGH_WORDS = 3
"""So many lines of words make a text."""


def shows_table(image: Image, scale: float) -> bool:
    """Whether there is a ruled table on a picture, which is told without reading it."""
    upright = without_red(on_light_ground(straightened(image), scale)[0])
    return any(len(lattice.xs) > 2 for lattice in page_lattices(upright, scale))


def read_page_image(image: Image, number: int, scale: float) -> Page:
    """A page out of its picture, which may lie on its side or upside down.

    Args:
        image: grey levels, height × width, or colours, height × width × 3 (blue, green, red).
        number: of the page, from 1.
        scale: pixels per point.
    """
    sights: list[_Sight] = []
    for turns in (0, 2, 1, 3):
        sights.append(_seen(numpy.rot90(image, turns).copy(), scale))
        if sights[-1].words >= ENOUGH_WORDS or len(sights[-1].found) < ENOUGH_WORDS:
            break
    sight = max(sights, key=lambda sight: sight.words)
    reader = CellReader(sight.image, ink_of(sight.image), scale, sight.seals)
    tables = [
        PageTable(
            lattice.xs, len(lattice.ys) - 1, reader.cells(lattice, sight.found, number), number, lattice.box
        )
        for lattice in sight.lattices
    ]
    lines = [
        Line(reading.text, box, font_size(box))
        for box, reading in sight.found
        if reading.text and not any(lattice.box.contains(*box.center) for lattice in sight.lattices)
    ]
    height, width = sight.image.shape
    return Page(number, width / scale, height / scale, lines, tables)


class _Sight(NamedTuple):
    """A picture as seen one way up.

    Attributes:
        image: in grey levels, straightened, its tables without rules and seals.
        seals: 255 where these seals are, or dark ground was, else 0.
        lattices: its tables.
        found: what the engine found on it.
        words: how many level lines of words it is sure of.
    """

    image: Image
    seals: Image
    lattices: list[Lattice]
    found: list[tuple[Box, Reading]]
    words: int


def _seen(image: Image, scale: float) -> _Sight:
    image, dark = on_light_ground(straightened(image), scale)
    grey, bare = (without_specks(seen, scale) for seen in (grey_levels(image), without_red(image)))
    lattices = [lattice for lattice in page_lattices(bare, scale) if len(lattice.xs) > 2]
    seals = ((ink_of(grey) > 0) & (cv2.dilate(ink_of(bare), numpy.ones((3, 3), numpy.uint8)) == 0)) * 255
    for lattice in lattices:
        left, top, right, bottom = (round(value * scale) for value in lattice.box)
        grey[top:bottom, left:right] = bare[top:bottom, left:right]
    grey = without_rules(grey, lattices, scale)
    found = [(_scaled(box, 1 / scale), reading) for box, reading in find_lines(colored(grey))]
    words = sum(_is_level_text(box, reading) for box, reading in found)
    return _Sight(grey, seals.astype(numpy.uint8) | dark, lattices, found, words)


def _is_level_text(box: Box, reading: Reading) -> bool:
    level = box.right - box.left > box.bottom - box.top
    return level and reading.confidence >= _SURE_OF_WORDS and has_words(reading.text)


def has_words(text: str) -> bool:
    """Whether there are words in a text that was read on a picture."""
    return _WORDS.search(text) is not None


def straightened(image: Image) -> Image:
    """The picture turned so that its lines lie level."""
    angle = skew(grey_levels(image))
    if abs(angle) < 0.03:
        return image
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    paper = int(numpy.percentile(image, 90))
    turned = cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(paper,) * 3)
    return turned.astype(numpy.uint8)


def skew(image: Image) -> float:
    """By how many degrees (0 ± 4) the lines of a picture fall to the right: where its rows are sharpest."""
    ratio = min(1.0, 1000 / max(image.shape))
    small = cv2.resize(image, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    dark = 255 - small.astype(numpy.float32)
    dark -= float(numpy.median(dark))
    height, width = dark.shape

    def sharpness(angle: float) -> float:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        rows = cv2.warpAffine(dark, turn, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1)
        return float((numpy.diff(rows) ** 2).sum())

    best, step = 0.0, 0.5
    reach = _WIDEST_SKEW
    while step > 0.015:
        angles = [best + step * k for k in range(-math.ceil(reach / step), math.ceil(reach / step) + 1)]
        best = max(angles, key=lambda angle: (sharpness(angle), -abs(angle)))
        reach, step = step, step / 4
    return best


def _scaled(box: Box, factor: float) -> Box:
    return Box(*(value * factor for value in box))

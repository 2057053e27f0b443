"""Takes the rules of tables off the picture of a page, and leaves the characters that touch them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy
from numpy.typing import NDArray

from gao_pipeline.documents.paged.lattice import Box, Lattice
from gao_pipeline.documents.paged.ocr import Image

REACH = 1.6
"""A rule darkens the page for so many points to either side, as it may be thick, blurred and waver."""

_LONGEST_STROKE = 14.0
"""What runs along an edge for so many points is the rule, not a stroke of a character that touches it."""

_FAINT = 0.3
"""Lighter than this share of full black is noise."""


def without_rules(image: Image, lattices: Sequence[Lattice], scale: float) -> Image:
    """The picture without the rules of its tables: only the darkness that runs on along an edge is taken off.

    Args:
        image: grey levels, height × width.
        lattices: the tables, in points.
        scale: pixels per point.
    """
    darkness = numpy.clip(numpy.float32(numpy.median(image)) - image.astype(numpy.float32), 0, None)
    rules = numpy.zeros_like(darkness)
    near = numpy.zeros(image.shape, bool)
    reach = max(2, round(REACH * scale))
    longest = round(_LONGEST_STROKE * scale)
    for edge in {edge for lattice in lattices for edge in _edges(lattice)}:
        left, top, right, bottom = (round(value * scale) for value in edge)
        upright = left == right
        area = (
            slice(max(top - reach, 0), bottom + reach + 1),
            slice(max(left - reach, 0), right + reach + 1),
        )
        band = darkness[area] if upright else darkness[area].T
        rule = _along(band, longest)
        numpy.maximum(rules[area], rule if upright else rule.T, out=rules[area])
        near[area] = True
    if near.any():
        rest = darkness - rules
        dark = rest > _FAINT * float(numpy.percentile(darkness[near], 99))
        rules += numpy.where(_crumbs(dark, near), rest, 0.0)
    clean: Image = numpy.clip(image + rules, 0, 255).astype(numpy.uint8)
    return clean


def _edges(lattice: Lattice) -> Iterator[Box]:
    """The sides of the cells of a table."""
    for cell in lattice.cells:
        left, top, right, bottom = lattice.cell_box(cell)
        yield from (
            Box(left, top, left, bottom),
            Box(right, top, right, bottom),
            Box(left, top, right, top),
            Box(left, bottom, right, bottom),
        )


def _along(band: NDArray[numpy.float32], longest: int) -> NDArray[numpy.float32]:
    """The part of the darkness around an upright edge that runs along it."""
    length = max(3, min(longest, round(0.8 * len(band))))
    smooth = cv2.blur(band, (1, 3))
    opened = cv2.morphologyEx(smooth, cv2.MORPH_OPEN, numpy.ones((length, 1), numpy.uint8))
    return opened.astype(numpy.float32)


def _crumbs(dark: NDArray[numpy.bool_], near: NDArray[numpy.bool_]) -> NDArray[numpy.bool_]:
    """What is left of ragged rules: all near them that is no part of a mark that reaches further."""
    count, labels = cv2.connectedComponents(dark.astype(numpy.uint8), connectivity=8)
    reaches_out = numpy.zeros(count, bool)
    reaches_out[labels[dark & ~near]] = True
    kept = (dark & reaches_out[labels]).astype(numpy.uint8)
    around = cv2.dilate(kept, numpy.ones((3, 3), numpy.uint8)).astype(bool)
    crumbs: NDArray[numpy.bool_] = near & ~around
    return crumbs

"""What a scanned page is printed on: paper as it should be, without specks and red seals and with no ground
darker than what is printed on it."""

from __future__ import annotations

import cv2
import numpy
from numpy.typing import NDArray

from gao_pipeline.documents.paged.ocr import Image

_AROUND = 15.0
"""The ground is what most of the page is like within so many points; characters fill less than half of it."""

_DARKEST = 0.65
"""A ground is dark if it has at most such a share of the paper's lightness."""

_LOWEST_GROUND, _NARROWEST_GROUND = 8.0, 16.0
"""A dark ground is so high and so wide at least, in points; else it may be a blot or a heavy character."""

_THICKEST_STROKE = 3.2
"""Strokes of characters and rules on a dark ground are not thicker than so many points."""

_ALIKE = 0.25
"""What differs from a dark ground by such a share of its contrast to the paper is that ground."""

_ROUGH = 3.5
"""The edges of a dark ground are first seen with an error of so many points."""

_FRINGE = 1.0
"""So many points beside a dark ground, what is lighter is the fringe of it."""

_PALE = 0.65
"""What is so light, compared with the paper, is beside red the fringe of red, not black."""

_LEAST_REDNESS = 20.0
"""Red ink has so much more red than green or blue, on white paper; what a scanner takes for grey is hardly
coloured, but for its noise."""

_LARGEST_SPECK, _APART = 0.5, 1.0
"""Dark specks are smaller than so many square points, and so many points from what is printed."""

_SPECKED = 0.01
"""So many specks a square point are the noise of a page; fewer may be its points and commas."""


def grey_levels(image: Image) -> Image:
    """A picture, which may be in colours, in grey levels."""
    return image.copy() if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(numpy.uint8)


def without_red(image: Image) -> Image:
    """A picture in grey levels, its red taken for paper, which may be tinted: what a seal covers shows
    through it."""
    grey = grey_levels(image)
    if image.ndim == 2:
        return grey
    paper = float(numpy.median(grey))
    tint = numpy.maximum(numpy.median(image.reshape(-1, 3), axis=0), 1.0)
    even = (image * (paper / tint)).clip(0, 255).astype(numpy.float32)
    red = even[:, :, 2]
    redness = red - even[:, :, :2].min(axis=2)
    smooth = cv2.GaussianBlur(even, (5, 5), 0)
    is_red = smooth[:, :, 2] - smooth[:, :, :2].min(axis=2) > _LEAST_REDNESS
    bare = numpy.where(is_red, numpy.maximum(grey, numpy.minimum(red + redness / 2, paper)), grey)
    near = cv2.dilate(is_red.astype(numpy.uint8), numpy.ones((7, 7), numpy.uint8)) > 0
    return numpy.where(near & (bare > _PALE * paper), paper, bare).astype(numpy.uint8)


def without_specks(image: Image, scale: float) -> Image:
    """A page without its specks, if there are many, as a threshold makes them of grey paper.

    Args:
        image: grey levels, height × width.
        scale: pixels per point.
    """
    paper, black = float(numpy.median(image)), float(image.min())
    dark = (image < (paper + black) / 2).astype(numpy.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    is_small = stats[:, cv2.CC_STAT_AREA] < _LARGEST_SPECK * scale**2
    around = numpy.ones((2 * round(_APART * scale) + 1,) * 2, numpy.uint8)
    printed = cv2.dilate(numpy.where(is_small[labels], 0, dark).astype(numpy.uint8), around)
    is_small[labels[printed > 0]] = False
    if is_small.sum() < _SPECKED * image.size / scale**2:
        return image
    specks = cv2.dilate(is_small[labels].astype(numpy.uint8), numpy.ones((3, 3), numpy.uint8))
    return numpy.where(specks > 0, numpy.uint8(paper), image)


def on_light_ground(image: Image, scale: float) -> tuple[Image, Image]:
    """The picture with dark grounds, as heads of tables have them, turned light; what stands out on them,
    lighter or darker, turns dark. And where they were: 255, else 0; with nothing on it such a ground may be
    a smear over what was printed.

    Args:
        image: grey levels, height × width, or colours, height × width × 3 (blue, green, red).
        scale: pixels per point.
    """
    grey = grey_levels(image)
    ground = cv2.medianBlur(grey, max(3, round(_AROUND * scale) | 1)).astype(numpy.float32)
    paper = float(numpy.percentile(ground, 90))
    smallest = numpy.ones((round(_LOWEST_GROUND * scale), round(_NARROWEST_GROUND * scale)), numpy.uint8)
    is_dark = cv2.morphologyEx((ground < _DARKEST * paper).astype(numpy.uint8), cv2.MORPH_OPEN, smallest)
    if not is_dark.any():
        return image, numpy.zeros_like(grey)
    place, ground = _exact_ground(grey, numpy.where(is_dark, ground, paper), paper, smallest, scale)
    contrast = abs(grey - ground) / numpy.maximum(ground, paper - ground)
    mask: Image = numpy.where(place, 255, 0).astype(numpy.uint8)
    beside = cv2.dilate(mask, numpy.ones((2 * round(_FRINGE * scale) + 1,) * 2, numpy.uint8)) > 0
    fringe = beside & ~place & (grey > ground)
    turned = numpy.where(fringe, paper, paper * (1 - contrast)).clip(0, 255).astype(numpy.uint8)
    place |= fringe
    if image.ndim == 3:
        return numpy.where(place[..., None], turned[..., None], image), mask
    return numpy.where(place, turned, image), mask


def _exact_ground(
    grey: Image, rough: NDArray[numpy.float32], paper: float, smallest: Image, scale: float
) -> tuple[NDArray[numpy.bool_], NDArray[numpy.float32]]:
    """Where dark ground is up to its edges, which are seen but roughly, and how light it is there."""
    around = numpy.ones((round(_AROUND * scale),) * 2, numpy.uint8)
    ground = cv2.erode(rough, around).astype(numpy.float32)
    is_alike = abs(cv2.blur(grey, (3, 3)) - ground) < _ALIKE * (paper - ground)
    edge = numpy.ones((round(2 * _ROUGH * scale),) * 2, numpy.uint8)
    is_inside = cv2.erode((rough < paper).astype(numpy.uint8), edge) > 0
    stroke = numpy.ones((round(_THICKEST_STROKE * scale),) * 2, numpy.uint8)
    filled = cv2.morphologyEx((is_alike | is_inside).astype(numpy.uint8), cv2.MORPH_CLOSE, stroke)
    return cv2.morphologyEx(filled, cv2.MORPH_OPEN, smallest) > 0, ground

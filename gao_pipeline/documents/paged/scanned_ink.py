"""The ink in the cells of a scanned table: lines of marks, without specks and the remains of rules."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy

from gao_pipeline.documents.paged.lattice import Box
from gao_pipeline.documents.paged.layout import hull
from gao_pipeline.documents.paged.ocr import Image
from gao_pipeline.documents.paged.scanned_digits import Mark

_LIGHTEST_MARK = 0.7
"""Ink in a cell, in square points of full black: a full stop of 8 points has about one."""

_THICKEST_STROKE = 3.0
"""A dash is no thicker than so many points; a scanned one looks thicker than it is printed."""

_HALF_RULE = 0.75
"""The rules of tables are hardly thicker than twice so many points."""

_EQUALLY_DARK = 0.6
"""The digits of a figure are printed equally dark; scanned, the lightest has this share of the darkness."""

_LEAST_LEAN, _MOST_LEAN = 12.0, 50.0
"""By so many degrees slashes lean to the right; upright ones lean by less."""


class InkLine(NamedTuple):
    """A line of ink in a cell.

    Attributes:
        box: in pixels.
        marks: what stands side by side in it, in pixels.
        is_even: whether all of these that are as high as digits are about as dark.
        sign: that it is, if its shape tells.
        leans: whether it is a single mark that leans as slashes do and upright ones do not.
        at_rule: whether it touches a rule, so that a part of it may be missing.
    """

    box: Box
    marks: tuple[Box, ...]
    is_even: bool
    sign: str | None
    leans: bool
    at_rule: bool

    @property
    def width(self) -> float:
        """The width of the marks together, as a multiple of their height."""
        ink = hull(self.marks)
        return sum(mark.right - mark.left for mark in self.marks) / (ink.bottom - ink.top)


class PageInk:
    """The ink of a page.

    Args:
        image: grey levels, height × width, without the rules of the tables.
        ink: 255 where the image has ink, else 0.
        scale: pixels per point.
        seals: 255 where a seal, which the image is without, hides what is printed, else 0.
    """

    def __init__(self, image: Image, ink: Image, scale: float, seals: Image) -> None:
        self._ink = ink
        self._scale = scale
        self._seals = seals
        paper = float(numpy.median(image))
        black = float(numpy.percentile(image[ink > 0], 10)) if ink.any() else 0.0
        self._darkness = numpy.clip((paper - image) / max(paper - black, 1.0), 0.0, 1.0).astype(numpy.float32)

    def lines_in(self, cell: Box) -> list[InkLine]:
        """The lines of ink in a cell, from the top down; none if there is nothing but specks."""
        left, top, right, bottom = self._interior(cell)
        if left >= right or top >= bottom:
            return []
        part = self._ink[top:bottom, left:right]
        count, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
        darkness = self._darkness[top:bottom, left:right]
        weights = numpy.bincount(labels.ravel(), darkness.ravel(), count) / self._scale**2
        marks = [
            Box(left + x, top + y, left + x + width, top + y + height)
            for (x, y, width, height, _), weight in zip(stats[1:count].tolist(), weights[1:], strict=True)
            if weight >= _LIGHTEST_MARK and not _is_rest_of_rule(x, y, width, height, part.shape)
        ]
        margin = round(self._scale)
        lines = []
        for row in _rows(marks):
            box = Box(
                max(left, min(mark.left for mark in row) - margin),
                max(top, min(mark.top for mark in row) - margin),
                min(right, max(mark.right for mark in row) + margin),
                min(bottom, max(mark.bottom for mark in row) + margin),
            )
            apart = _side_by_side(row)
            strokes = [_stroke(_cut_out(part, mark, left, top)) for mark in row]
            sign = self._sign(row, strokes) if len(apart) == len(row) else None
            leans = len(row) == 1 and _leans(strokes[0])
            at_rule = self._is_at_rule(hull(row), cell)
            lines.append(InkLine(box, apart, self._are_even(apart), sign, leans, at_rule))
        return lines

    def _sign(self, marks: Sequence[Box], strokes: Sequence[_Stroke]) -> str | None:
        """The sign that marks side by side are: one of its own, or dashes."""
        thickest = _THICKEST_STROKE * self._scale
        signs = [
            _sign(stroke, mark.bottom - mark.top, thickest)
            for mark, stroke in zip(marks, strokes, strict=True)
        ]
        return "".join(map(str, signs)) if set(signs) == {"-"} else signs[0] if len(signs) == 1 else None

    def mark(self, box: Box) -> Mark:
        """What stands in a box."""
        left, top, right, bottom = (round(value) for value in box)
        mark: Mark = self._darkness[top:bottom, left:right]
        return mark

    def is_sealed(self, cell: Box) -> bool:
        """Whether a seal lies on a cell, so that it cannot be told empty."""
        left, top, right, bottom = self._interior(cell)
        covered = cv2.countNonZero(numpy.ascontiguousarray(self._seals[top:bottom, left:right]))
        return covered / self._scale**2 > _LIGHTEST_MARK

    def _interior(self, cell: Box) -> tuple[int, int, int, int]:
        """The pixels of a cell: left, top, right, bottom."""
        left, top, right, bottom = (round(value * self._scale) for value in cell)
        return left, top, right, bottom

    def _is_at_rule(self, ink: Box, cell: Box) -> bool:
        """Whether ink stands where a rule was or touched it."""
        left, top, right, bottom = self._interior(cell)
        room = min(ink.left - left, ink.top - top, right - ink.right, bottom - ink.bottom)
        return room < _HALF_RULE * self._scale + 1

    def _are_even(self, marks: Sequence[Box]) -> bool:
        """Whether marks that are as high as digits are about as dark, as the digits of a figure are."""
        tallest = max(mark.bottom - mark.top for mark in marks)
        darkness = [
            float(numpy.percentile(self.mark(mark), 90))
            for mark in marks
            if mark.bottom - mark.top > tallest / 2
        ]
        return min(darkness) >= _EQUALLY_DARK * max(darkness)


def _rows(marks: Sequence[Box]) -> list[list[Box]]:
    """Marks grouped into lines: those whose heights overlap, directly or through others."""
    rows: list[list[Box]] = []
    bottom = -math.inf
    for mark in sorted(marks, key=lambda mark: mark.top):
        if mark.top >= bottom:
            rows.append([])
        rows[-1].append(mark)
        bottom = max(bottom, mark.bottom)
    return rows


def _side_by_side(marks: Sequence[Box]) -> tuple[Box, ...]:
    """What stands apart from each other among the marks of a line, from left to right."""
    apart: list[Box] = []
    for mark in sorted(marks, key=lambda mark: mark.left):
        if apart and mark.left < apart[-1].right:
            apart[-1] = hull([apart[-1], mark])
        else:
            apart.append(mark)
    return tuple(apart)


def _is_rest_of_rule(x: int, y: int, width: int, height: int, shape: tuple[int, ...]) -> bool:
    """Whether a mark in a cell is what remains of a rule: thin, at the cell's border, and either as long as
    that or a mere fragment. What has the height of a character may be a one that touches the rule."""
    rows, columns = shape[:2]
    at_side = x == 0 or x + width == columns
    at_end = y == 0 or y + height == rows
    return (at_side and width <= 2 and not 0.25 * rows < height < 0.9 * rows) or (
        at_end and height <= 2 and width > 2 * height
    )


class _Stroke(NamedTuple):
    """A mark as a straight stroke, by the variance of its ink: by how many degrees it leans to the right, and
    how thick it is, as a multiple of its length."""

    lean: float
    thickness: float


def _cut_out(part: Image, mark: Box, left: int, top: int) -> Image:
    """A mark on a part of the page that begins at `left` and `top`."""
    rows = slice(int(mark.top) - top, int(mark.bottom) - top)
    return part[rows, int(mark.left) - left : int(mark.right) - left]


def _stroke(mark: Image) -> _Stroke:
    points = numpy.argwhere(mark > 0).astype(numpy.float64)
    if len(points) < 6:
        return _Stroke(0.0, 1.0)
    spread, axes = numpy.linalg.eigh(numpy.cov(points.T))
    thickness = spread[0] / spread[1] if spread[1] > 0 else 1.0
    down, right = axes[:, 1] if axes[0, 1] >= 0 else -axes[:, 1]
    return _Stroke(-math.degrees(math.atan2(right, down)), float(thickness))


def _leans(stroke: _Stroke) -> bool:
    return _LEAST_LEAN <= stroke.lean <= _MOST_LEAN


def _sign(stroke: _Stroke, height: float, thickest: float) -> str | None:
    """The sign of a mark that is one straight stroke, lying or clearly slanted; None for other marks.

    No figure lies, but a smear may: a dash is no thicker than `thickest` pixels. A slash is thin and leans;
    an upright stroke may be a one.
    """
    if abs(stroke.lean) > 75 and stroke.thickness < 0.5 and height <= thickest:
        return "-"
    if _leans(stroke) and stroke.thickness < 0.09:
        return "/"
    return None

"""Finds the ruled tables on the picture of a page.

Long dark runs give the edges of rows and columns. Which of the edges between two cells are drawn is then
measured along each of them, so that rules too short to be told from strokes count as well. Strokes of
characters that fill their row run on from row to row like a rule; but they fade between the characters.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy
from numpy.typing import NDArray

from gao_pipeline.documents.paged.lattice import Box, Lattice, Rule, find_lattices
from gao_pipeline.documents.paged.ocr import Image

_LONG_ACROSS, _LONG_DOWN = 24.0, 14.0
"""A dark run of so many points is a rule, not a stroke of a character in a table."""

_SAME_EDGE = 3.0
"""Rules that differ by no more points are one edge."""

_INKED_ACROSS, _INKED_DOWN = 0.8, 0.9
"""Of a drawn edge so much is inked at least; characters above each other fill much of an upright line."""

_INKED_PARTLY = 0.5
"""So much of an edge that goes on before and behind; where a rule wavers, a part of it is missed."""

_EVEN = 0.6
"""The faintest spot of a drawn edge has so much of the darkness that the faintest spots of its line have, or
those of the faintest sure rule."""

_SOLID = 0.9
"""With so much of it an edge is drawn even if it does not go on above or below."""

_SPOTLESS = 30
"""Of so many pixels along an edge one is left out of account, as scans are grainy."""

_SURE_SEGMENTS, _SURE_SHARE = 3, 0.4
"""A line is surely a rule if so many of its segments, and such a share of them, do not fade."""


def ink_of(image: Image) -> Image:
    """255 where there is ink, 0 on the paper; uneven light does not matter."""
    window = max(31, min(image.shape) // 30 | 1)
    smooth = cv2.GaussianBlur(image, (3, 3), 0)
    local = cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, 15)
    return local.astype(numpy.uint8)


def page_lattices(image: Image, scale: float) -> list[Lattice]:
    """The ruled tables of a page, in points.

    Args:
        image: grey levels, height × width, with its lines level.
        scale: pixels per point.
    """
    ink = ink_of(image)
    across = [
        _rule_scaled(_across(box), 1 / scale)
        for box in _long_runs(ink, round(_LONG_ACROSS * scale), horizontal=True)
    ]
    down = [
        _rule_scaled(_down(box), 1 / scale)
        for box in _long_runs(ink, round(_LONG_DOWN * scale), horizontal=False)
    ]
    darkness = numpy.clip(float(numpy.median(image)) - image.astype(numpy.float32), 0, None)
    lattices = []
    for rough in find_lattices(across, down):
        xs = [_own_position(x, down, rough.ys[0], rough.ys[-1]) for x in rough.xs]
        ys = [_own_position(y, across, rough.xs[0], rough.xs[-1]) for y in rough.ys]
        upright = _drawn_segments(darkness, ink, xs, ys, scale, _INKED_DOWN)
        level = _drawn_segments(darkness.T, ink.T, ys, xs, scale, _INKED_ACROSS)
        lattices += find_lattices(level, upright)
    return lattices


def _long_runs(ink: Image, length: int, *, horizontal: bool) -> list[Box]:
    """The boxes of straight dark runs; a run may waver by a pixel."""
    thick = cv2.dilate(ink, numpy.ones((3, 1) if horizontal else (1, 3), numpy.uint8))
    kernel = numpy.ones((1, length) if horizontal else (length, 1), numpy.uint8)
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, kernel)
    count, _, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    return [
        Box(float(left), float(top), float(left + width), float(top + height))
        for left, top, width, height, _ in stats[1:count]
    ]


def _across(box: Box) -> Rule:
    return Rule(box.center[1], box.left, box.right)


def _down(box: Box) -> Rule:
    return Rule(box.center[0], box.top, box.bottom)


def _rule_scaled(rule: Rule, factor: float) -> Rule:
    return Rule(*(value * factor for value in rule))


def _own_position(edge: float, rules: Iterable[Rule], start: float, end: float) -> float:
    """Where an edge lies in its own table, between `start` and `end`; tables above and below may share it
    only nearly. The longest rules tell it best."""
    own = [
        (rule.position, max(0.0, min(rule.end, end) - max(rule.start, start)) ** 2)
        for rule in rules
        if abs(rule.position - edge) <= _SAME_EDGE
    ]
    weight = sum(weight for _, weight in own)
    return sum(position * weight for position, weight in own) / weight if weight else edge


class _Segment(NamedTuple):
    """The edge between two cells: where it lies, in points, how much of it is inked, and its median and its
    least darkness."""

    rule: Rule
    share: float
    median: float
    least: float


def _drawn_segments(
    darkness: NDArray[numpy.float32],
    ink: Image,
    xs: Sequence[float],
    ys: Sequence[float],
    scale: float,
    inked: float,
) -> list[Rule]:
    """The segments of the upright lines `xs` between neighbouring `ys` that are drawn: those that are well
    inked and do not fade, and those between two such that are inked in part."""
    lines = [
        [_segment(darkness, ink, Rule(x, top, bottom), scale, inked) for top, bottom in pairwise(ys)]
        for x in xs
    ]
    rows = len(ys) - 1
    own = [
        _typical([segment for segment in line if segment and segment.share >= inked], rows) for line in lines
    ]
    faintest = min((darkness for darkness in own if darkness is not None), default=0.0)
    drawn = []
    for line, typical in zip(lines, own, strict=True):
        expected = faintest if typical is None else typical
        even = [
            segment is not None and segment.share >= inked and segment.least >= _EVEN * expected
            for segment in line
        ]
        for row, segment in enumerate(line):
            beside = even[max(row - 1, 0) : row] + even[row + 1 : row + 2]
            alone = rows >= _SURE_SEGMENTS and not any(beside)
            if segment and (
                (even[row] and (not alone or segment.least >= _SOLID * expected))
                or (len(beside) == 2 and all(beside))
            ):
                drawn.append(segment.rule)
    return drawn


def _typical(line: Sequence[_Segment], rows: int) -> float | None:
    """The darkness that the faintest spots of a line have in its well inked segments, if these show over so
    many `rows` that it is surely a rule."""
    even = [segment.least for segment in line if segment.least >= _EVEN * segment.median]
    is_sure = len(even) >= max(_SURE_SEGMENTS, _SURE_SHARE * rows)
    return statistics.median(even) if is_sure else None


def _segment(
    darkness: NDArray[numpy.float32], ink: Image, rule: Rule, scale: float, well: float
) -> _Segment | None:
    """An upright edge if ink fills a part of it within a point to either side; None otherwise.

    The line may waver by a pixel; characters that stand on the edge do not fill one line as `well`.
    """
    reach = max(2, round(1.2 * scale))
    x, top, bottom = (round(value * scale) for value in rule)
    area = slice(max(top, 0), bottom), slice(max(x - reach - 1, 0), x + reach + 2)
    inked, dark = ink[area] > 0, darkness[area]
    if inked.shape[0] < 4 or inked.shape[1] < 3:
        return None
    starts = range(inked.shape[1] - 2)
    shares = [float(inked[:, start : start + 3].any(axis=1).mean()) for start in starts]
    if max(shares) < _INKED_PARTLY:
        return None
    filled = [start for start in starts if shares[start] >= min(well, max(shares))]
    start = max(filled, key=lambda start: float(dark[:, start : start + 3].sum()))
    along = dark[1:-1, start : start + 3].max(axis=1)
    smooth = (along[:-1] + along[1:]) / 2
    least = float(numpy.sort(smooth)[len(smooth) // _SPOTLESS])
    return _Segment(rule, shares[start], float(numpy.median(smooth)), least)

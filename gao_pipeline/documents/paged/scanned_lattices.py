"""Finds the ruled tables on the picture of a page.

Long dark runs give the edges of rows and columns. Which of the edges between two cells are drawn is then
measured along each of them, so that rules too short to be told from strokes count as well. Strokes of
characters that fill their row run on from row to row like a rule; but there are gaps between them, and they
spread to either side.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy
from numpy.typing import NDArray

from gao_pipeline.documents.paged.lattice import Box, Lattice, Rule, find_lattices
from gao_pipeline.documents.paged.ocr import Image
from gao_pipeline.documents.paged.scanned_dashes import with_whole_rules

_LEAST_DARKER = 15
"""Ink is by so many grey levels darker than what is around it."""

_FRINGE = 0.5
"""What has less than such a share of the darkness of the ink beside it is the fringe of that."""

_LONG_ACROSS, _LONG_DOWN = 24.0, 14.0
"""A dark run of so many points is a rule, not a stroke of a character in a table."""

_SHORT_DOWN = 9.0
_FEW_ROWS = 2
"""In a table of hardly more rows an upright run of so many points is one if it joins two level rules."""

_AT_END = 1.5
"""A run ends at a rule if the rule's middle is so many points from its end."""

_SAME_EDGE = 3.0
"""Rules that differ by no more points are one edge."""

_INKED = 0.95
"""Of a drawn edge so much is inked at least; characters above each other fill less of an upright line."""

_INKED_ACROSS, _INKED_DOWN, _THIN = 0.75, 0.9, 0.5
"""So much will do, level and upright, where so much of the edge is inked by nothing wider than a rule."""

_BROKEN, _ALL_THIN = 0.6, 0.9
"""So much is inked of an edge that goes on before and behind, where a rule is so thin that parts of it are
missed, and so much of its ink is no wider than the rule."""

_RULE_END = 0.8
"""So many points from either end an edge is inked by the rules that cross it."""

_WIDEST = 4.0
"""How wide the ink on an edge is matters up to so many points to either side."""


def ink_of(image: Image) -> Image:
    """255 where there is ink, 0 on the paper; uneven light does not matter."""
    smooth = cv2.GaussianBlur(image, (3, 3), 0)
    local = cv2.adaptiveThreshold(
        smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _around(image), _LEAST_DARKER
    )
    return local.astype(numpy.uint8)


def _around(image: Image) -> int:
    """How many pixels across is what ink is compared with, an odd number."""
    return int(max(31, min(image.shape) // 30 | 1))


def _strokes(image: Image, is_ink: NDArray[numpy.bool_]) -> Image:
    """The ink that is no wide smear and no edge of shading: rules and characters."""
    smooth = cv2.GaussianBlur(image, (3, 3), 0)
    widest = numpy.ones((_around(image) // 3,) * 2, numpy.uint8)
    stands_out = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, widest) - smooth > _LEAST_DARKER
    strokes: Image = numpy.where(stands_out & is_ink, 255, 0).astype(numpy.uint8)
    return strokes


def _is_faint_ink(image: Image) -> NDArray[numpy.bool_]:
    """Where a picture is darker than the ground, faint rules beside dense characters included, but for the
    fringe of darker ink."""
    smooth = cv2.GaussianBlur(image, (3, 3), 0)
    darkness = cv2.subtract(cv2.medianBlur(image, _around(image)), smooth).astype(numpy.float32)
    fringe = _FRINGE * cv2.dilate(darkness, numpy.ones((3, 3), numpy.uint8))
    is_ink: NDArray[numpy.bool_] = (darkness > _LEAST_DARKER) & (darkness > fringe)
    return is_ink


def page_lattices(image: Image, scale: float) -> list[Lattice]:
    """The ruled tables of a page, in points; rules may be faint, dashed or broken.

    Args:
        image: grey levels, height × width, with its lines level.
        scale: pixels per point.
    """
    return _lattices(with_whole_rules(_strokes(image, _is_faint_ink(image)), scale), scale)


def _lattices(ink: Image, scale: float) -> list[Lattice]:
    """The tables that ink rules, in points."""
    across = [
        _rule_scaled(_across(box), 1 / scale)
        for box in _long_runs(ink, round(_LONG_ACROSS * scale), horizontal=True)
    ]
    down = _upright_rules(
        [
            _rule_scaled(_down(box), 1 / scale)
            for box in _long_runs(ink, round(_SHORT_DOWN * scale), horizontal=False)
        ],
        across,
    )
    lattices = []
    for rough in find_lattices(across, down):
        xs = [_own_position(x, down, rough.ys[0], rough.ys[-1]) for x in rough.xs]
        ys = [_own_position(y, across, rough.xs[0], rough.xs[-1]) for y in rough.ys]
        upright = _drawn_segments(ink, xs, ys, scale, _INKED_DOWN)
        level = _drawn_segments(ink.T, ys, xs, scale, _INKED_ACROSS)
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


def _upright_rules(runs: Sequence[Rule], across: Sequence[Rule]) -> list[Rule]:
    """The upright runs that are rules: long ones, and between two level rules of a low table short ones."""
    rules = [run for run in runs if run.end - run.start >= _LONG_DOWN]
    high = [table.box for table in find_lattices(across, rules) if len(table.ys) - 1 > _FEW_ROWS]
    return rules + [
        run
        for run in runs
        if run.end - run.start < _LONG_DOWN
        and _joins(run, across)
        and not any(box.contains(run.position, run.start) for box in high)
    ]


def _joins(upright: Rule, across: Sequence[Rule]) -> bool:
    """Whether an upright run begins at one level rule and ends at another."""
    return all(
        any(
            abs(rule.position - end) <= _AT_END and rule.start <= upright.position <= rule.end
            for rule in across
        )
        for end in (upright.start, upright.end)
    )


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
    """The edge between two cells: how much of it is inked, and how wide, in pixels, the ink is along it."""

    rule: Rule
    share: float
    widths: NDArray[numpy.int_]


def _drawn_segments(
    ink: Image, xs: Sequence[float], ys: Sequence[float], scale: float, well: float
) -> list[Rule]:
    """The segments of the upright lines `xs` between neighbouring `ys` that are drawn.

    Those are the ones `well` inked, and those between two such that are inked in part, all by a thin rule.
    """
    drawn = []
    for x in xs:
        segments = [_segment(ink, Rule(x, top, bottom), scale) for top, bottom in pairwise(ys)]
        widths = numpy.concatenate([segment.widths for segment in segments])
        thick = float(numpy.median(widths[widths > 0])) if widths.any() else 0.0
        thin = [float(((segment.widths > 0) & (segment.widths <= thick + 2)).mean()) for segment in segments]
        sure = [
            segment.share >= _INKED or (segment.share >= well and own >= _THIN)
            for segment, own in zip(segments, thin, strict=True)
        ]
        for row, segment in enumerate(segments):
            goes_on = 0 < row < len(sure) - 1 and sure[row - 1] and sure[row + 1]
            broken = segment.share >= _BROKEN and thin[row] >= _ALL_THIN * segment.share
            if sure[row] or (goes_on and broken):
                drawn.append(segment.rule)
    return drawn


def _segment(ink: Image, rule: Rule, scale: float) -> _Segment:
    """How an upright edge is inked within a point to either side; it may waver by a pixel."""
    reach, wide = max(2, round(1.2 * scale)), round(_WIDEST * scale)
    x, top, bottom = (round(value * scale) for value in rule)
    end = min(round(_RULE_END * scale), (bottom - top) // 4)
    edge = max(x - wide, 0)
    inked = ink[max(top + end, 0) : bottom - end, edge : x + wide + 1] > 0
    lefts = range(max(x - reach - 1, 0) - edge, min(x + reach - edge, inked.shape[1] - 2))
    if not lefts or not len(inked):
        return _Segment(rule, 0.0, numpy.zeros(1, int))
    shares = {left: float(inked[:, left : left + 3].any(axis=1).mean()) for left in lefts}
    well = [left for left in lefts if shares[left] >= min(_INKED, max(shares.values()))]
    left = max(well, key=lambda left: int(inked[:, left : left + 3].sum()))
    widths = 3 + _run(inked[:, :left][:, ::-1]) + _run(inked[:, left + 3 :])
    return _Segment(rule, shares[left], numpy.where(inked[:, left : left + 3].any(axis=1), widths, 0))


def _run(inked: NDArray[numpy.bool_]) -> NDArray[numpy.int_]:
    """How many pixels each row begins with that are inked."""
    return numpy.asarray(numpy.logical_and.accumulate(inked, axis=1).sum(axis=1))

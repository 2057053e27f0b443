"""Rules in dashes or dots, and thin ones that a threshold broke, made whole."""

from __future__ import annotations

import cv2
import numpy
from numpy.typing import NDArray

from gao_pipeline.documents.paged.ocr import Image

Along = NDArray[numpy.bool_]
Lengths = NDArray[numpy.int_]

_THICKEST = 2.2
"""A rule is not thicker than so many points."""

_WIDEST_GAP, _SHORTEST = 4.5, 24.0
"""The pieces of a rule are not further apart, and all of them together not shorter, than so many points."""

_LONGEST_DASH, _USUAL_GAP = 5.0, 2.0
"""Dashes are not longer than so many points; longer pieces are parts of a broken rule and not further apart,
else they are strokes of characters."""

_FEWEST_DASHES, _UNLIKE, _MOST = 6, 0.35, 0.6
"""So many dashes are one rule if most of them, and of the gaps, are alike; where rules cross some are not."""

_CROSSING = 12.0
"""What is drawn across for so many points is another rule, no dash of this one."""

_LEAST_INKED = 0.35
"""Such a share of a dotted rule is dots."""

_BESIDE, _MOST_BESIDE = 1.5, 0.25
"""So many points beside a rule there is ink along such a share of it at most; strokes of characters that
follow each other have more of the characters beside them."""


def with_whole_rules(ink: Image, scale: float) -> Image:
    """The ink with the gaps filled in level and upright rules.

    Args:
        ink: 255 where there is ink, else 0; height × width.
        scale: pixels per point.
    """
    whole: Image = ink | _level_rules(ink, scale) | _level_rules(ink.T.copy(), scale).T
    return whole


def _level_rules(ink: Image, scale: float) -> Image:
    """255 along level rules."""
    crossing = cv2.morphologyEx(ink, cv2.MORPH_OPEN, numpy.ones((round(_CROSSING * scale), 1), numpy.uint8))
    ink = cv2.subtract(ink, crossing).astype(numpy.uint8)
    characters = cv2.morphologyEx(ink, cv2.MORPH_OPEN, numpy.ones((round(_THICKEST * scale), 1), numpy.uint8))
    wavering = numpy.ones((3, 1), numpy.uint8)
    pieces = cv2.dilate(cv2.subtract(ink, characters), wavering)
    gap, shortest = (
        numpy.ones((1, round(length * scale)), numpy.uint8) for length in (_WIDEST_GAP, _SHORTEST)
    )
    runs = cv2.morphologyEx(cv2.morphologyEx(pieces, cv2.MORPH_CLOSE, gap), cv2.MORPH_OPEN, shortest)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    beside, thickest = round(_BESIDE * scale), round(_THICKEST * scale) + 2
    rules = numpy.zeros_like(ink)
    for label, (left, top, width, height, _) in enumerate(stats[1:count].tolist(), 1):
        columns, bottom = slice(left, left + width), top + height
        around = (ink[max(top - beside, 0) : top, columns], ink[bottom : bottom + beside, columns])
        if (
            height <= thickest
            and _share(ink[top:bottom, columns]) >= _LEAST_INKED
            and max(map(_share, around)) <= _MOST_BESIDE
            and _is_one_rule(
                numpy.any(ink[top:bottom, columns] > 0, axis=0),
                numpy.any(pieces[top:bottom, columns] > 0, axis=0),
                scale,
            )
        ):
            place = (slice(top, bottom), columns)
            rules[place] = numpy.where(labels[place] == label, 255, rules[place])
    return cv2.erode(rules, wavering).astype(numpy.uint8)


def _is_one_rule(inked: Along, pieces: Along, scale: float) -> bool:
    """Whether the ink along a line, whose `pieces` are what is not wider than a rule, is that of a hardly
    broken rule or of dashes that are alike."""
    if _lengths(~pieces).max(initial=0) <= _USUAL_GAP * scale:
        return True
    dashes, gaps = _lengths(inked), _lengths(~inked)
    return (
        len(dashes) >= _FEWEST_DASHES
        and float(numpy.median(dashes)) <= _LONGEST_DASH * scale
        and _are_alike(dashes)
        and _are_alike(gaps)
    )


def _are_alike(lengths: Lengths) -> bool:
    usual = float(numpy.median(lengths))
    return float((abs(lengths - usual) <= max(1.0, _UNLIKE * usual)).mean()) >= _MOST


def _lengths(is_there: Along) -> Lengths:
    """How many columns follow each other that have something."""
    edges = numpy.diff(is_there.astype(numpy.int8), prepend=0, append=0)
    return numpy.flatnonzero(edges < 0) - numpy.flatnonzero(edges > 0)


def _share(ink: Image) -> float:
    """The share of columns that have ink."""
    return float((ink > 0).any(axis=0).mean()) if ink.size else 0.0

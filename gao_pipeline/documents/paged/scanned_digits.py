"""Tells the digits of a page by the shapes that its own, surely read digits have.

All figures of a table are set in one font. What several readings agree on shows what each digit looks like
there; a mark is then the digit whose shape it has, if no other digit looks nearly as much like it. This reads
marks, not words: it is independent of what the engine makes of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import cv2
import numpy
from numpy.typing import NDArray

Mark = NDArray[numpy.float32]
"""The picture of a single mark: its darkness from 0 to 1, height × width."""

_WIDTH, _HEIGHT = 14, 20
"""Shapes are compared at this size, in pixels."""

_ALIKE, _APART = 0.9, 0.06
"""A mark has a digit's shape if both correlate so well, and better by so much than with any other digit."""

_MOST_SAMPLES = 12
"""So many samples of a digit show its shape."""


class DigitShapes:
    """The shapes of the digits of one page, learnt from marks of which it is known what they are."""

    def __init__(self, samples: Iterable[tuple[str, Mark]]) -> None:
        collected: dict[str, list[Any]] = defaultdict(list)
        for digit, mark in samples:
            if len(collected[digit]) < _MOST_SAMPLES:
                collected[digit].append(_shape(mark))
        self._shapes = {digit: _unit(numpy.median(shapes, axis=0)) for digit, shapes in collected.items()}

    def read(self, marks: Sequence[Mark]) -> str | None:
        """The digits that marks are, from left to right; None if one of them is not clearly one of those."""
        digits = [self._digit(mark) for mark in marks]
        return "".join(digits) if digits and all(digits) else None

    def _digit(self, mark: Mark) -> str:
        """The digit that a mark is, or nothing."""
        shape = _shape(mark)
        likeness = sorted(
            ((float(shape @ other), digit) for digit, other in self._shapes.items()), reverse=True
        )
        if len(likeness) < 2 or likeness[0][0] < _ALIKE or likeness[0][0] - likeness[1][0] < _APART:
            return ""
        return likeness[0][1]


def _shape(mark: Mark) -> NDArray[numpy.float64]:
    """A mark at the common size, its proportions kept, as a vector of mean 0 and length 1."""
    height, width = mark.shape
    factor = min(_HEIGHT / height, _WIDTH / width)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    scaled = cv2.resize(mark, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
    canvas = numpy.zeros((_HEIGHT, _WIDTH))
    top, left = (_HEIGHT - size[1]) // 2, (_WIDTH - size[0]) // 2
    canvas[top : top + size[1], left : left + size[0]] = scaled
    return _unit(cv2.GaussianBlur(canvas, (0, 0), 0.8).ravel())


def _unit(values: NDArray[Any]) -> NDArray[numpy.float64]:
    centred = values - values.mean()
    length = float(numpy.linalg.norm(centred))
    return numpy.asarray(centred / length if length else centred, numpy.float64)

"""The heads of a table without rules: which lines make that of one column, and which stand above several."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from gao_pipeline.documents.paged.layout import Line

_HEAD_LINES = 0.4
"""Lines of one head follow each other within so many character sizes."""

_WIDE_HEAD_LINES = 1.6
"""Where most heads are broken alike, their lines may be so many character sizes apart."""

_CLOSER = 0.8
"""Lines of one title are closer to each other than this share of the distance to what stands below."""

_OFF_LINE = 0.7
"""Lines of one head begin, end or have their middles below each other, within so many character sizes."""

_BESIDE_LINE = 1.5
"""Those whose characters are spread stand up to so many further to a side."""


class Interval(NamedTuple):
    """From where to where something stands across a page."""

    left: float
    right: float

    @property
    def middle(self) -> float:
        return self.at(0.5)

    def at(self, anchor: float) -> float:
        """The place so far (0 to 1) from the left to the right."""
        return self.left + anchor * (self.right - self.left)

    def meets(self, other: Interval) -> bool:
        """Whether both have a part in common."""
        return other.left < self.right and self.left < other.right


def interval(*lines: Line) -> Interval:
    """From where to where lines stand together."""
    return Interval(min(line.box.left for line in lines), max(line.box.right for line in lines))


class Head(NamedTuple):
    """The head of one column: its lines, the row of the lowest, and where it stands."""

    row: int
    lines: list[Line]
    extent: Interval

    def is_above(self, other: Head) -> bool:
        """Whether it ends where the other one has not yet begun."""
        return max(line.box.bottom for line in self.lines) <= min(line.box.top for line in other.lines)


def find_heads(rows: Sequence[Sequence[Line]]) -> tuple[list[Head], list[Head]]:
    """The heads of single columns, from the left, and the titles above them.

    Lines of a head are close to each other; less so where several heads, or most of them, are broken alike.
    """
    heads: list[Head] = []
    titles: list[Head] = []
    for number in reversed(range(len(rows))):
        met = [
            (line, [index for index, head in enumerate(heads) if head.extent.meets(interval(line))])
            for line in rows[number]
        ]
        gaps = [_gap(line, heads[found[0]]) for line, found in met if len(found) == 1]
        alike = len(gaps) > 1 and max(gaps) - min(gaps) < 1
        reach = (
            (_WIDE_HEAD_LINES if 2 * len(gaps) > len(heads) else 2 * _HEAD_LINES) if alike else _HEAD_LINES
        )
        joined: dict[int, list[Line]] = {}
        for line, found in met:
            if not found:
                heads.append(_head(number, line))
            elif len(found) == 1 and _continues(line, heads[found[0]], reach):
                joined.setdefault(found[0], []).append(line)
            else:
                rest = [title for title in titles if _is_rest(title, line, [*heads, *titles])]
                titles = [title for title in titles if title not in rest]
                titles.append(_head(number, line, *(below for title in rest for below in title.lines)))
        for index, lines in joined.items():
            heads[index] = _head(heads[index].row, *lines, *heads[index].lines)
    return sorted(heads, key=lambda head: head.extent), titles


def _head(row: int, *lines: Line) -> Head:
    return Head(row, list(lines), interval(*lines))


def _continues(line: Line, head: Head, reach: float) -> bool:
    """Whether a line is the first of a head: close above it, and in line with it or not far beside it."""
    (left, right), (first, last) = head.extent, interval(line)
    off = min(abs(left - first), abs(right - last), abs(left + right - first - last) / 2)
    beside = max(left - first, last - right)
    in_line = off < _OFF_LINE * line.size or beside < _BESIDE_LINE * line.size
    return in_line and _gap(line, head) < reach * line.size


def _is_rest(title: Head, line: Line, others: Sequence[Head]) -> bool:
    """Whether a title is the rest of a line above it: closer to it than to what stands below the title."""
    first, last = (title.lines[index].box.center[1] for index in (0, -1))
    below = [
        other.lines[0].box.center[1] - last
        for other in others
        if title.is_above(other) and title.extent.meets(other.extent)
    ]
    is_closer = first - line.box.center[1] < _CLOSER * min(below, default=inf)
    return is_closer and title.extent.meets(interval(line)) and _continues(line, title, _HEAD_LINES)


def _gap(line: Line, head: Head) -> float:
    """How far above a head a line stands."""
    return head.lines[0].box.top - line.box.bottom


def without_titles(
    heads: Sequence[Head],
    columns: Sequence[Interval],
    walls: Sequence[float],
    corner: Sequence[Sequence[Line]],
) -> tuple[list[Head], list[Head]]:
    """The heads of columns, and those that are titles of several but so short that they stand between two.

    A title stands above heads on both its sides, and there is a head for each of the `columns` of figures
    without it; or over others between the same upright `walls`. If the lowest heads stand beside that of the
    labels, in the `corner`, and are those of all columns, no other ones are that stand over no figures.
    """
    rest, titles = list(heads), _over_others(heads, walls)
    for head in sorted(heads, key=lambda head: head.row):
        lower = [other.extent for other in rest if head.is_above(other)]
        between = any(other < head.extent for other in lower) and any(other > head.extent for other in lower)
        if between and len(rest) > len(columns):
            titles.append(head)
            rest.remove(head)
    last = len(corner) - 1
    others = [head for head in rest if head.row < last]
    are_over_none = not any(head.extent.meets(column) for head in others for column in columns)
    if corner and corner[last] and len(rest) - len(others) == len(columns) and are_over_none:
        titles += others
    return [head for head in heads if head not in titles], titles


def _over_others(heads: Sequence[Head], walls: Sequence[float]) -> list[Head]:
    ranks = [bisect_right(walls, head.extent.middle) for head in heads]
    lowest = {
        rank: max(head.row for head, own in zip(heads, ranks, strict=True) if own == rank) for rank in ranks
    }
    return [head for head, rank in zip(heads, ranks, strict=True) if walls and head.row < lowest[rank]]

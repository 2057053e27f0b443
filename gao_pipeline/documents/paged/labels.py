"""To which row of figures the lines of labels belong.

The figures of a row are level with the first line of its label, with the last or with its middle, in all
rows of a table alike. Labels follow each other as their rows do, each broken only where a line is full; so
only one way to part their lines fits all rows. A label that fits none is that of a row without figures.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from math import inf
from typing import NamedTuple

from gao_pipeline.documents.paged.layout import Line

_ANCHORS = (0.5, 0.0, 1.0)
"""How far down from the first line of a label to its last one figures may stand."""

_NO_LABEL = 2.0
"""A row without a label counts as much as one whose label is so many character sizes off."""

_BLANK_ROW = 1.2
"""So does a label whose row is blank."""

_CUT = 1.0
"""So does the end of such a label, where nothing shows it."""

_SHORT_LINE = 0.5
"""So does a line that goes on below although there is room for another character."""

_ORDINAL_BELOW = 1.5
"""So does a line that continues a label with a number as labels begin with."""

_LINE_BETWEEN = 2.0
"""So does white space between the lines of a label in which another line would stand."""

_RULE_BETWEEN = 10.0
"""So does a rule between a label and its figures."""

_REACH = 1.0
"""Figures stand no further above or below their label than so many character sizes."""

_LONGEST_LABEL = 16.0
"""Nor any line of it further than so many."""

_MOST_LINES = 12
"""The label of a blank row has so many lines at most."""

_BESIDE = 0.3
"""Lines that overlap by so many character sizes stand side by side."""

_ORDINAL = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．]")


class _Way(NamedTuple):
    """How the first lines are parted: what counts against it, the row of the last ones (None: a blank one),
    how many these are, and how those before are parted."""

    cost: float
    row: int | None = None
    lines: int = 0
    before: _Way | None = None


def rows_of_labels(
    lines: Mapping[Line, int], rows: Mapping[int, float], rules_between: Callable[[Line, float], int]
) -> Iterator[tuple[Line, int]]:
    """Every label line with the row that it belongs to.

    Args:
        lines: the lines, and the row of text that each stands in.
        rows: the heights of the figures of each row that has some, from the top.
        rules_between: how many rules stand between a line and a height beside it.
    """
    leaves = sorted(
        (line for line in lines if not any(_is_right_of(other, line) for other in lines)),
        key=lambda line: line.box.center[1],
    )
    if not leaves:
        return
    homes: dict[Line, int] = {}
    for label, row in _parted(leaves, rows, rules_between):
        homes.update((line, lines[label[0]] if row is None else row) for line in label)
    for line in lines:
        beside = [leaf for leaf in leaves if _is_right_of(leaf, line)] or leaves
        nearest = min(beside, key=lambda leaf: abs(leaf.box.center[1] - line.box.center[1]))
        yield line, homes[line if line in homes else nearest]


def _is_right_of(other: Line, line: Line) -> bool:
    overlap = min(other.box.bottom, line.box.bottom) - max(other.box.top, line.box.top)
    return other.box.left >= line.box.right and overlap > _BESIDE * line.size


def _parted(
    lines: Sequence[Line], rows: Mapping[int, float], rules_between: Callable[[Line, float], int]
) -> Iterator[tuple[Sequence[Line], int | None]]:
    """The labels that lines below each other make, the last one first, with their rows."""
    joins = list(accumulate(_join_costs(lines), initial=0.0))
    ways = (_best_way(lines, rows, rules_between, joins, anchor) for anchor in _ANCHORS)
    way: _Way | None = min(ways, key=lambda way: way.cost)
    end = len(lines)
    while way is not None:
        if way.lines:
            yield lines[end - way.lines : end], way.row
        end -= way.lines
        way = way.before


def _join_costs(lines: Sequence[Line]) -> Iterator[float]:
    """For each two lines below each other what counts against their being of one label."""
    gaps = [(below.box.top - above.box.bottom) / above.size for above, below in pairwise(lines)]
    for gap, (above, below) in zip(gaps, pairwise(lines), strict=True):
        room = max(_width(line) for line in lines if _are_in_line(line, above)) - _width(above)
        apart = gap - min(gaps)
        yield (
            apart
            + _LINE_BETWEEN * (apart > 1)
            + _SHORT_LINE * (room > above.size)
            + _ORDINAL_BELOW * (_ORDINAL.match(below.text) is not None)
        )


def _width(line: Line) -> float:
    return line.box.right - line.box.left


def _are_in_line(line: Line, other: Line) -> bool:
    """Whether lines begin, or have their middles, below each other."""
    one, another = line.box, other.box
    offset = min(abs(one.left - another.left), abs(one.center[0] - another.center[0]))
    return offset < line.size / 2


def _best_way(
    lines: Sequence[Line],
    rows: Mapping[int, float],
    rules_between: Callable[[Line, float], int],
    joins: Sequence[float],
    anchor: float,
) -> _Way:
    """The best way to part the lines where figures stand at the height of labels that `anchor` tells."""
    heights = [line.box.center[1] for line in lines]
    reach = _LONGEST_LABEL * max(line.size for line in lines)
    best = [_Way(0.0)] + [_Way(inf)] * len(lines)
    first = 0
    for row, height in rows.items():
        last = bisect_right(heights, height + reach)
        best = _with_blank_rows(best, joins, first, last)
        first = max(first, bisect_left(heights, height - reach))
        following = [_Way(inf)] * len(best)
        for end in range(first, last + 1):
            following[end] = best[end]._replace(cost=best[end].cost + _NO_LABEL)
        rules = {index: rules_between(lines[index], height) for index in range(first, last)}
        for start in range(first, last):
            size, ruled = lines[start].size, 0
            for end in range(start, last):
                ruled += rules[end]
                off = abs(heights[start] + anchor * (heights[end] - heights[start]) - height) / size
                if off > _REACH:
                    continue
                cost = best[start].cost + off + joins[end] - joins[start] + _RULE_BETWEEN * ruled
                if cost < following[end + 1].cost:
                    following[end + 1] = _Way(cost, row, end + 1 - start, best[start])
        best = following
    return _with_blank_rows(best, joins, first, len(lines))[-1]


def _with_blank_rows(ways: Sequence[_Way], joins: Sequence[float], first: int, last: int) -> list[_Way]:
    """For each number of lines, from `first` to `last`, the best way to part them, where labels of blank rows
    may come last."""
    best = list(ways)
    for end in range(first + 1, last + 1):
        for start in range(max(first, end - _MOST_LINES), end):
            cuts = _cut(joins, start) + _cut(joins, end)
            cost = best[start].cost + _BLANK_ROW + joins[end - 1] - joins[start] + cuts
            if cost < best[end].cost:
                best[end] = _Way(cost, None, end - start, best[start])
    return best


def _cut(joins: Sequence[float], end: int) -> float:
    """What counts against an end of a label of a blank row after so many lines."""
    return max(0.0, _CUT - joins[end] + joins[end - 1]) if 0 < end < len(joins) else 0.0

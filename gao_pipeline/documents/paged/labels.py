"""To which row of figures the lines of labels belong.

The figures of a row are level with the first line of its label, with the last or with its middle, in all
rows of a table alike. Labels follow each other as their rows do, each broken only where a line is full; so
only one way to part their lines fits all rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from gao_pipeline.documents.paged.layout import Line

_ANCHORS = (0.5, 0.0, 1.0)
"""How far down from the first line of a label to its last one figures may stand."""

_NO_LABEL = 2.0
"""A row without a label counts as much as one whose label is so many character sizes off."""

_NO_ROW = 1.0
"""So does every line that is of no row, at the ends where a page may have cut the table."""

_SHORT_LINE = 0.5
"""So does a line that goes on below although there is room for another character."""

_ORDINAL_BELOW = 0.5
"""So does a line that continues a label with a number as labels begin with."""

_RULE_BETWEEN = 10.0
"""So does a rule between a label and its figures."""

_REACH = 2.0
"""Figures stand no further above or below their label than so many character sizes."""

_BESIDE = 0.3
"""Lines that overlap by so many character sizes stand side by side."""

_ORDINAL = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．]")


class _Way(NamedTuple):
    """How the first lines are parted: what counts against it, how many of them are in the last row, and how
    those before are parted."""

    cost: float
    row: int
    lines: int
    before: _Way | None = None


def rows_of_labels(
    lines: Sequence[Line], rows: Mapping[int, float], rules_between: Callable[[Line, float], int]
) -> Iterator[tuple[Line, int]]:
    """Every label line with the row that it belongs to.

    Args:
        rows: the heights of the figures of each row, from the top.
        rules_between: how many rules stand between a line and a height beside it.
    """
    leaves = sorted(
        (line for line in lines if not any(_is_right_of(other, line) for other in lines)),
        key=lambda line: line.box.center[1],
    )
    if not leaves:
        return
    homes = {id(line): row for line, row in zip(leaves, _parted(leaves, rows, rules_between), strict=True)}
    for line in lines:
        beside = [leaf for leaf in leaves if _is_right_of(leaf, line)] or leaves
        nearest = min(beside, key=lambda leaf: abs(leaf.box.center[1] - line.box.center[1]))
        yield line, homes.get(id(line), homes[id(nearest)])


def _is_right_of(other: Line, line: Line) -> bool:
    overlap = min(other.box.bottom, line.box.bottom) - max(other.box.top, line.box.top)
    return other.box.left >= line.box.right and overlap > _BESIDE * line.size


def _parted(
    lines: Sequence[Line], rows: Mapping[int, float], rules_between: Callable[[Line, float], int]
) -> list[int]:
    """The rows of lines that are one below the other."""
    joins = [0.0, *accumulate(_join_costs(lines))]
    ways = (_best_way(lines, rows, rules_between, joins, anchor) for anchor in _ANCHORS)
    way: _Way | None = min(ways, key=lambda way: way.cost)
    homes: list[int] = []
    while way is not None:
        homes += [way.row] * way.lines
        way = way.before
    return homes[::-1]


def _join_costs(lines: Sequence[Line]) -> Iterator[float]:
    """For each two lines below each other what counts against their being of one label."""
    gaps = [(below.box.top - above.box.bottom) / above.size for above, below in pairwise(lines)]
    for gap, (above, below) in zip(gaps, pairwise(lines), strict=True):
        room = max(_width(line) for line in lines if _are_in_line(line, above)) - _width(above)
        yield (
            gap
            - min(gaps)
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
    first, last = next(iter(rows)), list(rows)[-1]
    best = [_Way(_NO_ROW * end, first, end) for end in range(len(lines) + 1)]
    for row, height in rows.items():
        near = [
            index
            for index, line in enumerate(lines)
            if abs(line.box.center[1] - height) < 8 * _REACH * line.size
        ]
        rules = {index: rules_between(lines[index], height) for index in near}
        following = [way._replace(cost=way.cost + _NO_LABEL) for way in best]
        for start in near:
            size, ruled = lines[start].size, 0
            for end in range(start, near[-1] + 1):
                ruled += rules[end]
                off = abs(heights[start] + anchor * (heights[end] - heights[start]) - height) / size
                if off > _REACH:
                    continue
                cost = best[start].cost + off + joins[end] - joins[start] + _RULE_BETWEEN * ruled
                if cost < following[end + 1].cost:
                    following[end + 1] = _Way(cost, row, end + 1 - start, best[start])
        best = following
    rests = [
        _Way(way.cost + _NO_ROW * (len(lines) - end), last, len(lines) - end, way)
        for end, way in enumerate(best)
    ]
    return min(rests, key=lambda way: way.cost)

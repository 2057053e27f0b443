"""The columns of a table without rules: where figures stand below each other, and which head is over them.

Figures of one column begin, end or have their middles below each other, in all columns alike, and no row has
two figures in one column. Heads and columns follow each other in the same order; where a column is blank, or
a head is missing, the others tell which, or the columns have no heads.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import inf
from statistics import median
from typing import NamedTuple

from gao_pipeline.documents.paged.heads import Head, Interval, interval
from gao_pipeline.documents.paged.layout import Line

_ANCHORS = (0.5, 0.0, 1.0)
"""How far from the left to the right of figures, and heads, their columns may align them."""

_SAME_COLUMN = 0.5
"""Figures of one column are not so far apart, as a share of the least distance of two columns."""

_ALONE = 2.5
"""Where no row has two figures, those of one column are not so many character sizes apart."""

_PLAIN = 0.5
"""One way to put heads over columns is better than another by so many character sizes at least."""

_SHIFTED = 0.75
"""A column is not under its head if it is off by this share of the distance of heads more than others."""

_Column = list[Line]


class Columns(NamedTuple):
    """The columns of values, from the left: where each stands, and the column of every figure.

    `heads` tells for every head the first column that it is over and the one behind the last.
    """

    extents: list[Interval]
    heads: list[tuple[int, int]]
    places: dict[Line, int]

    def of(self, extent: Interval) -> tuple[int, int]:
        """The first column in which something stands, and the one behind the last."""
        met = [index for index, column in enumerate(self.extents) if column.meets(extent)]
        if not met:
            met = [min(range(len(self.extents)), key=lambda i: abs(self.extents[i].middle - extent.middle))]
        return met[0], met[-1] + 1


def drawn_columns(
    rows: Sequence[Sequence[Line]], heads: Sequence[Head], walls: Sequence[float]
) -> Columns | None:
    """The columns between upright walls; None if some are not drawn: no two texts of a row share a column."""
    texts = [
        *([figure.box.center[0] for figure in row] for row in rows),
        [head.extent.middle for head in heads],
    ]
    edges = [*walls, inf]
    if not walls or any(left > x for left in walls[:1] for row in texts for x in row):
        return None
    ranks = [[bisect_right(edges, x) - 1 for x in row] for row in texts]
    if any(len(set(row)) < len(row) for row in ranks):
        return None
    used = sorted({rank for row in ranks for rank in row})
    extents = [Interval(edges[rank], edges[rank + 1]) for rank in used]
    places = {
        line: used.index(rank)
        for row, own in zip(rows, ranks, strict=False)
        for line, rank in zip(row, own, strict=True)
    }
    over = [used.index(rank) for rank in ranks[-1]]
    return Columns(extents, [(column, column + 1) for column in over], places)


def columns_of_figures(rows: Sequence[Sequence[Line]]) -> list[_Column]:
    """The figures of rows, column by column from the left."""
    ways = [way for anchor in _ANCHORS if (way := _aligned(rows, anchor)) is not None]
    if not ways:
        return _overlapping([figure for row in rows for figure in row])
    return min(ways, key=lambda way: (len(way[0]), way[1]))[0]


def _aligned(rows: Sequence[Sequence[Line]], anchor: float) -> tuple[list[_Column], float] | None:
    """The columns of figures that are aligned by an anchor, and how far they are off; None if a row has two
    figures in one of them."""

    def position(line: Line) -> float:
        return interval(line).at(anchor)

    pitch = min((position(b) - position(a) for row in rows for a, b in pairwise(row)), default=inf)
    figures = sorted((figure for row in rows for figure in row), key=position)
    columns: list[_Column] = []
    for figure in figures:
        near = min(_SAME_COLUMN * pitch, _ALONE * figure.size)
        if columns and position(figure) - position(columns[-1][-1]) <= near:
            columns[-1].append(figure)
        else:
            columns.append([figure])
    ranks = {figure: rank for rank, column in enumerate(columns) for figure in column}
    if any(len({ranks[figure] for figure in row}) < len(row) for row in rows):
        return None
    return columns, sum(position(column[-1]) - position(column[0]) for column in columns)


def _overlapping(figures: Iterable[Line]) -> list[_Column]:
    columns: list[_Column] = []
    for figure in sorted(figures, key=lambda figure: figure.box.left):
        if columns and figure.box.left < interval(*columns[-1]).right:
            columns[-1].append(figure)
        else:
            columns.append([figure])
    return columns


def headed_columns(columns: Sequence[_Column], heads: Sequence[Head]) -> Columns:
    """The columns of figures, and those that only have a head, with their heads, both from the left."""
    pairs = _pairs([interval(*column) for column in columns], [head.extent for head in heads], _size(columns))
    if pairs is None:
        extents = [interval(*column) for column in columns]
        found = Columns(extents, [], _places(columns, range(len(columns))))
        return found._replace(heads=[found.of(head.extent) for head in heads])
    over = {head: column for column, head in pairs}
    below = dict(pairs)
    extents = [
        interval(*column, *(heads[below[index]].lines if index in below else ()))
        for index, column in enumerate(columns)
    ]
    extents += [head.extent for index, head in enumerate(heads) if index not in over]
    alone = iter(range(len(columns), len(extents)))
    of_heads = [over[index] if index in over else next(alone) for index in range(len(heads))]
    order = sorted(range(len(extents)), key=lambda index: extents[index].middle)
    rank = {index: number for number, index in enumerate(order)}
    return Columns(
        [extents[index] for index in order],
        [(rank[column], rank[column] + 1) for column in of_heads],
        _places(columns, [rank[index] for index in range(len(columns))]),
    )


def _size(columns: Sequence[_Column]) -> float:
    return columns[0][0].size if columns else 0.0


def _places(columns: Sequence[_Column], ranks: Sequence[int]) -> dict[Line, int]:
    return {figure: rank for column, rank in zip(columns, ranks, strict=True) for figure in column}


_Pairs = list[tuple[int, int]]


def _pairs(columns: Sequence[Interval], heads: Sequence[Interval], size: float) -> _Pairs | None:
    """Which head is over which column, in the order of both, so that all of the fewer have one of the others;
    None if another way is as good."""
    if len(columns) == len(heads):
        pairs = [(index, index) for index in range(len(heads))]
        return None if _is_crossed(pairs, columns, heads) or _is_shifted(columns, heads) else pairs
    anchor = min(_ANCHORS, key=lambda anchor: _best_pairs(columns, heads, anchor))
    best = _best_pairs(columns, heads, anchor)
    others = [_best_pairs(columns, heads, anchor, pair) for pair in best.pairs]
    least = min((other.off for other in others if other.alone == best.alone), default=inf)
    return best.pairs if least > best.off + _PLAIN * size else None


def _is_crossed(pairs: _Pairs, columns: Sequence[Interval], heads: Sequence[Interval]) -> bool:
    """Whether a head stands over another column and not over its own."""
    return any(
        not heads[head].meets(columns[column]) and any(heads[head].meets(other) for other in columns)
        for column, head in pairs
    )


def _is_shifted(columns: Sequence[Interval], heads: Sequence[Interval]) -> bool:
    """Whether one of as many columns as heads stands beside its head otherwise than most do, by nearly as
    much as heads are apart: a blank column and one without a head look alike."""
    middles = [head.middle for head in heads]
    ways = ([c.at(anchor) - h.at(anchor) for c, h in zip(columns, heads, strict=True)] for anchor in _ANCHORS)
    offs = min(ways, key=lambda offs: sum(map(abs, offs)))
    usual = median(offs)
    for number, off in enumerate(offs):
        near = [middles[other] for other in (number - 1, number + 1) if 0 <= other < len(heads)]
        apart = min((abs(middle - middles[number]) for middle in near), default=inf)
        if abs(off - usual) > _SHIFTED * apart:
            return True
    return False


class _Way(NamedTuple):
    """How columns and heads are paired: how many have none, how far those paired are off, and the pairs."""

    alone: int
    off: float
    pairs: _Pairs


def _best_pairs(
    columns: Sequence[Interval], heads: Sequence[Interval], anchor: float, but: tuple[int, int] | None = None
) -> _Way:
    """The pairs of columns and heads, as many as there can be, that are least off each other; one pair may
    be ruled out."""
    above = [_Way(number, 0.0, []) for number in range(len(heads) + 1)]
    for column, extent in enumerate(columns):
        ways = [_Way(column + 1, 0.0, [])]
        for head, over in enumerate(heads):
            found = [way._replace(alone=way.alone + 1) for way in (above[head + 1], ways[-1])]
            if (column, head) != but:
                way, off = above[head], abs(extent.at(anchor) - over.at(anchor))
                found.append(_Way(way.alone, way.off + off, [*way.pairs, (column, head)]))
            ways.append(min(found))
        above = ways
    return above[-1]

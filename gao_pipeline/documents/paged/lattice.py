"""Ruling lines → tables as lattices of cells with spans. The PDF and the scan reader share it.

Coordinates grow to the right and downwards; the unit is the caller's (points, pixels), and so are the
tolerances.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

_LONGEST_DASH = 3.0
"""A piece of a rule that is no longer than so many tolerances is a dash."""


class Box(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def center(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def contains(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def shares_height(self, other: Box) -> bool:
        """Whether both are partly level with each other."""
        return self.top < other.bottom and other.top < self.bottom

    def shares_width(self, other: Box) -> bool:
        """Whether one stands, or would, partly above or below the other."""
        return self.left < other.right and other.left < self.right

    def meets(self, other: Box) -> bool:
        """Whether both have a part in common."""
        return self.shares_height(other) and self.shares_width(other)


class Rule(NamedTuple):
    """A ruling line: its position across its direction, and where it starts and ends along it."""

    position: float
    start: float
    end: float


class LatticeCell(NamedTuple):
    """A cell of a lattice: rows and columns count from 0, the ends are exclusive."""

    top: int
    bottom: int
    left: int
    right: int
    open_top: bool = False
    open_bottom: bool = False


class Lattice:
    """A table as its ruling lines give it.

    Attributes:
        xs, ys: the edges of columns and rows, ascending.
        cells: in reading order, covering the lattice without overlap. `open_top` and `open_bottom` say that
            no rule closes the cell at the edge of the lattice, as where a page break cuts through a row.
    """

    def __init__(self, xs: Sequence[float], ys: Sequence[float], cells: Iterable[LatticeCell]) -> None:
        self.xs = tuple(xs)
        self.ys = tuple(ys)
        self.cells = tuple(sorted(cells, key=lambda cell: (cell.top, cell.left)))
        self._owner = {
            (row, column): index
            for index, cell in enumerate(self.cells)
            for row in range(cell.top, cell.bottom)
            for column in range(cell.left, cell.right)
        }

    @property
    def box(self) -> Box:
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def cell_box(self, cell: LatticeCell) -> Box:
        return Box(self.xs[cell.left], self.ys[cell.top], self.xs[cell.right], self.ys[cell.bottom])

    def without_row(self, row: int) -> Lattice:
        """The lattice without a row and the cells of it alone; of its two edges that one is left out at
        which fewer other cells end, and none of the outline."""

        def width_at(edge: int) -> int:
            return sum(cell.right - cell.left for cell in self.cells if edge in (cell.top, cell.bottom))

        edges = [edge for edge in (row, row + 1) if 0 < edge < len(self.ys) - 1]
        if not edges:
            return self
        left_out = min(edges, key=width_at)
        cells = (
            cell._replace(top=cell.top - (cell.top > row), bottom=cell.bottom - (cell.bottom > row))
            for cell in self.cells
        )
        return Lattice(
            self.xs,
            [y for edge, y in enumerate(self.ys) if edge != left_out],
            (cell for cell in cells if cell.top < cell.bottom),
        )

    def index_at(self, x: float, y: float) -> int | None:
        """The index in `cells` of the cell at a point; None outside of the lattice."""
        if not self.box.contains(x, y):
            return None
        column = min(bisect_right(self.xs, x), len(self.xs) - 1) - 1
        row = min(bisect_right(self.ys, y), len(self.ys) - 1) - 1
        return self._owner[row, column]


def find_lattices(
    horizontal: Iterable[Rule],
    vertical: Iterable[Rule],
    *,
    tolerance: float = 3.0,
    shortest: float = 5.0,
    tallest_open_row: float = 200.0,
) -> list[Lattice]:
    """The tables that the rules draw, from the top of the page down.

    Pieces of one line are joined across gaps up to `tolerance`; lines that differ less in position are one
    line (double borders). Lines that come out shorter than `shortest` are ornaments. Where the vertical lines
    of a table run on beyond its last horizontal line, up to `tallest_open_row`, an open row is assumed there;
    where its horizontal lines run on beyond its outer vertical lines, an open column.
    """
    across = [rule for rule in merge_rules(horizontal, tolerance) if rule.end - rule.start >= shortest]
    down = [rule for rule in merge_rules(vertical, tolerance) if rule.end - rule.start >= shortest]
    lattices = [
        lattice
        for rows, columns in _connected(across, down, tolerance)
        if (lattice := _lattice(rows, columns, tolerance, tallest_open_row)) is not None
    ]
    return sorted(lattices, key=lambda lattice: (lattice.box.top, lattice.box.left))


def innermost(boxes: Sequence[Box]) -> list[Box]:
    """The boxes that hold no other."""
    return [box for box in boxes if not any(_is_around(box, other) for other in boxes)]


def rules_of_boxes(cells: Sequence[Box], reach: float) -> tuple[list[Rule], list[Rule]]:
    """The horizontal and vertical rules of cells that are drawn apart from each other.

    Sides that face each other across a gap of up to `reach` are one rule in its middle.
    """
    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    for cell in cells:
        beside = [other for other in cells if other.shares_height(cell)]
        level = [other for other in cells if other.shares_width(cell)]
        left = _side(cell.left, [-other.right for other in beside], -1, reach)
        right = _side(cell.right, [other.left for other in beside], 1, reach)
        top = _side(cell.top, [-other.bottom for other in level], -1, reach)
        bottom = _side(cell.bottom, [other.top for other in level], 1, reach)
        horizontal += [Rule(top, left, right), Rule(bottom, left, right)]
        vertical += [Rule(left, top, bottom), Rule(right, top, bottom)]
    return horizontal, vertical


def _is_around(box: Box, other: Box) -> bool:
    """Whether a box holds another, which is smaller."""
    return (
        box != other
        and box.left <= other.left
        and box.top <= other.top
        and other.right <= box.right
        and other.bottom <= box.bottom
    )


def _side(position: float, facing: Iterable[float], direction: int, reach: float) -> float:
    """A side of a cell, moved half of the way to the nearest side that faces it."""
    gaps = [gap for other in facing if 0 <= (gap := other - direction * position) <= reach]
    return position + direction * min(gaps, default=0.0) / 2


def merge_rules(rules: Iterable[Rule], tolerance: float) -> list[Rule]:
    """The rules with collinear pieces joined, ordered by position.

    Gaps between pieces are up to `tolerance` wide; dashes are as far apart as they are long.
    """
    merged: list[Rule] = []
    for cluster in _clusters(sorted(rules), tolerance):
        pieces: list[Rule] = []
        end = float("-inf")
        for rule in sorted(cluster, key=lambda rule: rule.start):
            if pieces and rule.start - end > _longest_gap(pieces[-1], rule, tolerance):
                merged.append(_joined(pieces))
                pieces = []
            end = max(end, rule.end) if pieces else rule.end
            pieces.append(rule)
        merged.append(_joined(pieces))
    return sorted(merged)


def _longest_gap(piece: Rule, following: Rule, tolerance: float) -> float:
    """How far apart two pieces of one rule may be."""
    lengths = [piece.end - piece.start, following.end - following.start]
    return tolerance if max(lengths) > _LONGEST_DASH * tolerance else max(tolerance, *lengths)


def _joined(pieces: Sequence[Rule]) -> Rule:
    """One rule out of its pieces: where most of their length is."""
    weight = sum(piece.end - piece.start for piece in pieces)
    position = sum(piece.position * (piece.end - piece.start) for piece in pieces) / (weight or 1.0)
    return Rule(
        position if weight else pieces[0].position,
        min(piece.start for piece in pieces),
        max(piece.end for piece in pieces),
    )


def _clusters(rules: Sequence[Rule], tolerance: float) -> list[list[Rule]]:
    clusters: list[list[Rule]] = []
    for rule in rules:
        if clusters and rule.position - clusters[-1][0].position <= tolerance:
            clusters[-1].append(rule)
        else:
            clusters.append([rule])
    return clusters


class _Groups:
    """Disjoint sets over 0 … size-1."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, item: int) -> int:
        while self._parent[item] != item:
            self._parent[item] = self._parent[self._parent[item]]
            item = self._parent[item]
        return item

    def union(self, first: int, second: int) -> None:
        self._parent[self.find(second)] = self.find(first)


def _connected(
    across: Sequence[Rule], down: Sequence[Rule], tolerance: float
) -> list[tuple[list[Rule], list[Rule]]]:
    """The rules grouped by the tables they belong to: those that meet, directly or through others."""
    groups = _Groups(len(across) + len(down))
    for i, row in enumerate(across):
        for j, column in enumerate(down):
            if (
                row.start - tolerance <= column.position <= row.end + tolerance
                and column.start - tolerance <= row.position <= column.end + tolerance
            ):
                groups.union(i, len(across) + j)
    members: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate(across):
        members.setdefault(groups.find(i), ([], []))[0].append(rule)
    for j, rule in enumerate(down):
        members.setdefault(groups.find(len(across) + j), ([], []))[1].append(rule)
    return [group for group in members.values() if all(group)]


def _edges(rules: Sequence[Rule], crossing: Sequence[Rule], tolerance: float, reach: float) -> list[float]:
    """The positions of `rules`, and an edge more on a side where at least two crossing rules run on."""
    edges = [cluster[0].position for cluster in _clusters(rules, tolerance)]
    starts = sorted(rule.start for rule in crossing)
    ends = sorted((rule.end for rule in crossing), reverse=True)
    if len(crossing) >= 2:
        if tolerance < edges[0] - starts[1] <= reach:
            edges.insert(0, starts[1])
        if tolerance < ends[1] - edges[-1] <= reach:
            edges.append(ends[1])
    return edges


def _lattice(across: list[Rule], down: list[Rule], tolerance: float, open_row: float) -> Lattice | None:
    ys = _edges(across, down, tolerance, open_row)
    xs = _edges(down, across, tolerance, float("inf"))
    if len(xs) < 2 or len(ys) < 2:
        return None
    walls = [[_covered(down, x, top, bottom, tolerance) for x in xs] for top, bottom in pairwise(ys)]
    floors = [[_covered(across, y, left, right, tolerance) for left, right in pairwise(xs)] for y in ys]
    _close_outside(walls, floors)
    rows, columns = len(ys) - 1, len(xs) - 1
    groups = _Groups(rows * columns)
    for row in range(rows):
        for column in range(columns):
            if column + 1 < columns and not walls[row][column + 1]:
                groups.union(row * columns + column, row * columns + column + 1)
            if row + 1 < rows and not floors[row + 1][column]:
                groups.union(row * columns + column, (row + 1) * columns + column)
    regions: dict[int, list[tuple[int, int]]] = {}
    for row in range(rows):
        for column in range(columns):
            regions.setdefault(groups.find(row * columns + column), []).append((row, column))
    cells = [
        LatticeCell(
            top,
            bottom,
            left,
            right,
            open_top=top == 0 and not all(floors[0][left:right]),
            open_bottom=bottom == rows and not all(floors[rows][left:right]),
        )
        for region in regions.values()
        for top, bottom, left, right in _rectangles(region)
    ]
    return Lattice(xs, ys, cells)


def _close_outside(walls: Sequence[Sequence[bool]], floors: Sequence[list[bool]]) -> None:
    """Parts what is left or right of first or last rows that are less wide from the rows below or above it;
    no rule closes it on another side."""
    rows, columns = len(walls), len(floors[0])
    outside: set[tuple[int, int]] = set()
    for outline, order in ((0, range(columns)), (columns, range(columns - 1, -1, -1))):
        drawn = [row for row in range(rows) if walls[row][outline]] or [0]
        for row in (*range(drawn[0]), *range(drawn[-1] + 1, rows)):
            for column in order:
                if walls[row][column + (outline > 0)] or floors[row + (row > drawn[0])][column]:
                    break
                outside.add((row, column))
    for row, column in outside:
        floors[row][column] |= row > 0 and (row - 1, column) not in outside
        floors[row + 1][column] |= row + 1 < rows and (row + 1, column) not in outside


def _covered(rules: Sequence[Rule], position: float, start: float, end: float, tolerance: float) -> bool:
    """Whether rules at `position` cover at least half of the way from `start` to `end`."""
    length = sum(
        max(0.0, min(rule.end, end) - max(rule.start, start))
        for rule in rules
        if abs(rule.position - position) <= tolerance
    )
    return 2 * length >= end - start


def _rectangles(region: list[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """A region of elementary cells as rectangles: itself, or its runs of equal rows if it is none."""
    runs: list[tuple[int, int, int, int]] = []
    by_row: dict[int, list[int]] = {}
    for row, column in region:
        by_row.setdefault(row, []).append(column)
    for row, columns in sorted(by_row.items()):
        starts = [column for column in columns if column - 1 not in columns]
        ends = [column + 1 for column in columns if column + 1 not in columns]
        for start, end in zip(starts, ends, strict=True):
            above = next((run for run in runs if run[1:] == (row, start, end)), None)
            if above is not None:
                runs[runs.index(above)] = (above[0], row + 1, start, end)
            else:
                runs.append((row, row + 1, start, end))
    return runs

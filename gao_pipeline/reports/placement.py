"""Finds the column of each value of a row: by the place of its cell under the header, or by its rank where
the row is complete. Where neither determines it, nothing is placed; arithmetic never chooses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from gao_pipeline.documents.model import Cell
from gao_pipeline.reports.cells import is_blank, is_figure

_RUNNING, _MOST = 5, 0.6
"""So often, and in such a share of the rows, a figure is not one more than that above by chance."""


class Slot(NamedTuple):
    """A column of figures as printed: its code and, where the geometry is known, its extent."""

    code: str
    start: int | None = None
    end: int | None = None
    header: str = ""
    row: str | None = None


class Header(NamedTuple):
    """The columns of figures in printed order.

    `end` is where the printed header ends, `spare` tells that it has further columns among or behind those
    of the form, `ordered` that the order of the columns is known. `others` are printed columns with a head of
    their own that the form has not: figures below them are none of the form. Where only the order is known,
    such columns stand `before` and `behind` those of the form (those before may stand before the labels).
    `heads` are the columns of the form that alone were found where heads are lost, by their places.
    """

    slots: tuple[Slot, ...]
    end: int | None = None
    spare: bool = False
    ordered: bool = True
    others: frozenset[int] = frozenset()
    before: int = 0
    behind: int = 0
    heads: Mapping[int, str] = MappingProxyType({})

    @property
    def has_geometry(self) -> bool:
        return all(slot.start is not None for slot in self.slots)

    @property
    def is_side_by_side(self) -> bool:
        return any(slot.row is not None for slot in self.slots)

    @property
    def columns(self) -> frozenset[str]:
        return frozenset(slot.code for slot in self.slots)

    def without_geometry(self) -> Header:
        """The same columns where their extents no longer count, e.g. on the next page."""
        slots = tuple(slot._replace(start=None, end=None) for slot in self.slots)
        return self._replace(
            slots=slots, end=None, spare=False, others=frozenset(), heads=MappingProxyType({})
        )


Placement = tuple[Cell | None, ...]
"""A cell per slot; `None` is a blank cell that the source does not show."""


def place_values(
    values: Sequence[Cell],
    header: Header,
    *,
    padded: bool,
    usual_start: int | None = None,
    lacking: bool = False,
    crowded: bool = False,
) -> Placement | None:
    """One cell per slot of the header, or `None` where the row does not determine it.

    `padded` says that rows of this length are usual in a strip without geometry, so that cells in excess are
    those that a label spanned or that an empty column left. `usual_start` is where the values begin in rows
    like this one, `lacking` says that it has fewer cells than these. `crowded` says that other rows print
    more values than the header has columns of the form: then the number of values tells nothing.
    """
    slots = header.slots
    if all(is_blank(cell.text) for cell in values):
        return tuple(values) if len(values) == len(slots) else (None,) * len(slots)
    if not header.ordered:
        return None
    by_rank = tuple(values) if len(values) == len(slots) else None
    if not header.has_geometry:
        before = len(values) - len(slots) - header.behind
        if (header.before or header.behind) and 0 <= before <= header.before and len(values) > len(slots):
            return tuple(values[before : before + len(slots)])
        if lacking and is_empty(values[0]):
            return None
        ranked = by_rank or _window(values, len(slots), padded, usual_start)
        return None if crowded or (ranked and _stand_below_others(ranked, header)) else ranked
    by_place = _by_place(values, header)
    if by_rank is None or by_place is None:
        return by_place or by_rank
    if header.spare or _same(by_rank, by_place):
        return by_place
    return by_rank if not is_empty(values[0]) else None


def _stand_below_others(ranked: Placement, header: Header) -> bool:
    """Whether a value stands below the head of another column than the one its rank gives it."""
    pairs = zip(ranked, header.slots, strict=True)
    return any(cell and header.heads.get(cell.column, slot.code) != slot.code for cell, slot in pairs)


def is_empty(cell: Cell | None) -> bool:
    """Whether nothing at all is printed in the cell."""
    return cell is None or not cell.text.strip()


def _by_place(values: Sequence[Cell], header: Header) -> Placement | None:
    """Each value under the column whose extent it shares; `None` unless every column has its own cell and
    the row ends where the header ends."""
    slots = header.slots
    taken: list[Cell | None] = [None] * len(slots)
    for cell in values:
        if header.end is not None and cell.column >= header.end:
            return None
        under = [
            index
            for index, slot in enumerate(slots)
            if slot.start is not None
            and slot.end is not None
            and cell.column < slot.end
            and slot.start < cell.column + cell.column_span
        ]
        if not under and cell.column not in header.others and is_figure(cell.text):
            return None
        if len(under) > 1 and not is_blank(cell.text):
            return None
        for index in under:
            if not is_empty(taken[index]) and not is_empty(cell):
                return None
            if is_empty(taken[index]):
                taken[index] = cell
    return tuple(taken) if all(cell is not None for cell in taken) else None


class UsualStarts:
    """Where the values begin in rows of a table without geometry: behind the cells that their label spans, as
    many in all rows that are in as many groups. Rows tell it that print their first and last value; where
    some that print their first have no other cells, none stand behind the values of the others either."""

    def __init__(self, rows: Sequence[tuple[Sequence[Cell], int, int]]) -> None:
        """Rows are given by the cells behind the label, the number of values and that of groups around."""
        told: dict[tuple[int, int], set[int]] = {}
        self._excesses: dict[int, set[int]] = {}
        are_last = False
        for values, width, depth in rows:
            excess = len(values) - width
            self._excesses.setdefault(depth, set()).add(excess)
            for start in _possible_starts(values, width):
                if not is_empty(values[start]) and not (excess and is_empty(values[start + width - 1])):
                    told.setdefault((depth, excess), set()).add(start)
                    are_last |= not excess
        for depth, found in self._excesses.items():
            if are_last and len(found) == 1:
                told.setdefault((depth, max(found)), found)
        self._starts = {key: next(iter(starts)) for key, starts in told.items() if len(starts) == 1}

    def start(self, excess: int, depth: int) -> int | None:
        """How many cells stand before the values of a row with such an excess, where others like it tell."""
        return self._starts.get((depth, excess))

    def lacks_cells(self, excess: int, depth: int) -> bool:
        """Whether a row has fewer cells than others in as many groups."""
        usual = [other for around, other in self._starts if around == depth]
        return excess < min(usual or [max(self._excesses.get(depth, {excess}))])


def crowded_widths(rows: Sequence[tuple[Sequence[Cell], Header]]) -> frozenset[int]:
    """The numbers of columns that come with columns the form has not: several rows print more values, or the
    first ones are running numbers."""
    crowded: Counter[int] = Counter()
    for values, header in rows:
        crowded[len(header.slots)] += sum(not is_empty(cell) for cell in values) > len(header.slots)
    pairs: Counter[int] = Counter()
    numbered: Counter[int] = Counter()
    for (above, header), (below, _) in pairwise(rows):
        pairs[len(header.slots)] += 1
        numbered[len(header.slots)] += _count_on(above, below)
    running = {width for width in pairs if numbered[width] >= max(_RUNNING, _MOST * pairs[width])}
    return frozenset(width for width in crowded if crowded[width] > 1 or width in running)


def _count_on(above: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Whether the first value of a row is one more than that of the row above."""
    first = [values[0].text.strip() if values else "" for values in (above, below)]
    return all(text.isdecimal() for text in first) and int(first[1]) - int(first[0]) == 1


def _possible_starts(values: Sequence[Cell], width: int) -> list[int]:
    """Where a run of `width` values may begin outside of which nothing is printed."""
    return [
        start
        for start in range(len(values) - width + 1)
        if all(is_empty(cell) for cell in (*values[:start], *values[start + width :]))
    ]


def _window(values: Sequence[Cell], width: int, padded: bool, usual_start: int | None) -> Placement | None:
    """The run of `width` values outside of which nothing is printed, if all such runs say the same or other
    rows show which it is. Where rows of this length are not usual all its cells must be printed. Words stand
    in a column that the form has not."""
    starts = _possible_starts(values, width)
    windows = [tuple(values[start : start + width]) for start in starts]
    if any(not (is_blank(cell.text) or is_figure(cell.text)) for cell in values):
        return None
    if usual_start in starts:
        return windows[starts.index(usual_start)]
    if not windows or any(not _same(windows[0], window) for window in windows[1:]):
        return None
    return windows[0] if padded or not any(map(is_empty, windows[0])) else None


def _same(one: Placement, other: Placement) -> bool:
    return [cell.text.strip() if cell else "" for cell in one] == [
        cell.text.strip() if cell else "" for cell in other
    ]

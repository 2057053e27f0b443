"""Puts pages side by side that a wide sheet was cut into, as spreadsheet programs print it.

The rules that end at the right edge of one page go on, at the same heights, at the left edge of another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from gao_pipeline.documents.paged.lattice import Rule, merge_rules
from gao_pipeline.documents.paged.painted import PaintedPage, moved
from gao_pipeline.documents.paged.pdf_tables import page_glyphs, page_strokes, stroke_rules
from gao_pipeline.documents.paged.unruled import begin_with_figures

_TOLERANCE = 1.5
"""Rules that are no further apart (in points) meet."""

_SHORTEST_RULE = 12.0
"""Shorter strokes are dots and dashes, not rules of a row (in points)."""

_FEWEST_RULES = 5
"""So many rules at least go on from page to page."""

_COMMON_SHARE = 0.85
"""This share of the rules of one page does; cells that span rows have none at the edge of the other."""


class _Page:
    """A page with what tells whether it is a part of a sheet, found when first asked for."""

    def __init__(self, painted: PaintedPage) -> None:
        self.painted = painted

    @cached_property
    def rules(self) -> tuple[list[Rule], list[Rule]]:
        """The rules across and down."""
        across, down = stroke_rules(page_strokes(self.painted))
        return _long(across), _long(down)

    @cached_property
    def begins_with_figures(self) -> bool:
        """Whether its rows begin with figures, so that their labels stand elsewhere."""
        return begin_with_figures(page_glyphs(self.painted))


Strip = Sequence[_Page]
"""The pages of a sheet that stand below each other."""


def whole_sheets(pages: Sequence[PaintedPage]) -> list[PaintedPage]:
    """The pages, or the sheets they were cut from; a sheet has the number of its leftmost page."""
    for strips in _arrangements([_Page(page) for page in pages]):
        edges = [_Edges(strip) for strip in strips]
        if len(strips) > 1 and all(left.goes_on_in(right) for left, right in pairwise(edges)):
            return [
                _side_by_side([strip[row].painted for strip in strips if row < len(strip)], edges)
                for row in range(len(strips[0]))
            ]
    return list(pages)


def _arrangements(pages: Sequence[_Page]) -> Iterator[list[Strip]]:
    """The ways in which the pages may be strips of one sheet: down and then over, over and then down.

    Blank pages at the end of a strip are not printed.
    """
    starts = [0]
    for number, page in enumerate(pages[1:], 1):
        if _Edges([pages[starts[-1]]]).goes_on_in(_Edges([page])):
            starts.append(number)
    yield [pages[start:end] for start, end in pairwise([*starts, len(pages)])]
    for count in (count for count in range(2, len(pages) + 1) if len(pages) % count == 0):
        yield [pages[start::count] for start in range(count)]


class _Edges:
    """The rules of a strip, and between which sides they run."""

    def __init__(self, strip: Strip) -> None:
        self._strip = strip
        self.across = [page.rules[0] for page in strip]
        self.down = [rule.position for page in strip for rule in page.rules[1]]
        self.left = min((rule.start for page in self.across for rule in page), default=0.0)
        self.right = max((rule.end for page in self.across for rule in page), default=0.0)

    def begins_with_figures(self) -> bool:
        """Whether the rows of all its pages begin with figures."""
        return all(page.begins_with_figures for page in self._strip)

    def goes_on_in(self, other: _Edges) -> bool:
        """Whether the rules that end on the right of this strip begin on the left of another one, which does
        not hold the next rows of the same table."""
        ends = [[rule for rule in page if self.right - rule.end < _TOLERANCE] for page in self.across]
        starts = [[rule for rule in page if rule.start - other.left < _TOLERANCE] for page in other.across]
        pairs = list(zip(ends, starts, strict=False))
        fewer = min(sum(map(len, ends)), sum(map(len, starts)))
        common = sum(_common([rule.position for rule in a], [rule.position for rule in b]) for a, b in pairs)
        if len(starts) > len(ends) or common < max(_FEWEST_RULES, _COMMON_SHARE * fewer):
            return False
        same_columns = 2 * _common(other.down, self.down) > len(other.down)
        return all(map(_as_high, ends, starts)) and (not same_columns or other.begins_with_figures())


def _long(rules: Sequence[Rule]) -> list[Rule]:
    return [rule for rule in merge_rules(rules, _TOLERANCE) if rule.end - rule.start > _SHORTEST_RULE]


def _common(first: Sequence[float], second: Sequence[float]) -> int:
    return sum(any(abs(one - other) < _TOLERANCE for other in second) for one in first)


def _as_high(first: Sequence[Rule], second: Sequence[Rule]) -> bool:
    """Whether rules reach from the same height down to the same height."""
    if not first or not second:
        return not first and not second
    return all(
        abs(one.position - other.position) < _TOLERANCE
        for one, other in ((first[0], second[0]), (first[-1], second[-1]))
    )


def _side_by_side(parts: Sequence[PaintedPage], edges: Sequence[_Edges]) -> PaintedPage:
    """The parts of a sheet as one page: each begins where the rules of the one before end."""
    whole = parts[0]
    offset = 0.0
    for part, (before, own) in zip(parts[1:], pairwise(edges), strict=False):
        offset += before.right - own.left
        whole = whole._replace(
            width=offset + part.width,
            chars=whole.chars + [moved(item, offset) for item in part.chars],
            lines=whole.lines + [moved(item, offset) for item in part.lines],
            rects=whole.rects + [moved(item, offset) for item in part.rects],
            curves=whole.curves + [moved(item, offset) for item in part.curves],
            hidden=whole.hidden + part.hidden,
        )
    return whole

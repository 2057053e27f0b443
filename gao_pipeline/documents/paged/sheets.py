"""Puts pages side by side that a wide sheet was cut into, as spreadsheet programs print it.

The rules that end at the right edge of one page go on, at the same heights, at the left edge of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from math import inf

from gao_pipeline.documents.paged.drawn import page_glyphs, page_strokes, stroke_rules
from gao_pipeline.documents.paged.lattice import Rule, merge_rules
from gao_pipeline.documents.paged.layout import Glyph, set_lines
from gao_pipeline.documents.paged.painted import PaintedPage, moved
from gao_pipeline.documents.vocabulary import table_part_vocabulary

_TOLERANCE = 1.5
"""Rules that are no further apart (in points) meet."""

_SHORTEST_RULE = 12.0
"""Shorter strokes are dots and dashes, not rules of a row (in points)."""

_FEWEST_RULES = 5
"""So many rules at least go on from page to page, or fewer where rows begin with figures."""

_FEWEST_RULES_OF_FIGURES = 3

_HEAD_LINES = 6
"""So many lines at most are the heads of a column."""

_HEADS = 12
"""Pages with more words than these print other texts than heads."""

_UNEVEN = 4
"""Rows that change their height so many times are alike on two pages only if these are one sheet."""

_COMMON_SHARE = 0.85
"""Such a share of the rules of a page goes on in the next, where cells that span rows may be parted; where
rows are even, both take up such a share of their height together."""


class _Page:
    """A page with what tells whether it is a part of a sheet, found when first asked for."""

    def __init__(self, painted: PaintedPage) -> None:
        self.painted = painted
        self._goes_on: dict[_Page, bool] = {}

    @cached_property
    def rules(self) -> tuple[list[Rule], list[Rule]]:
        """The rules across and down."""
        across, down = stroke_rules(page_strokes(self.painted))
        return _long(across), _long(down)

    @cached_property
    def columns(self) -> list[float]:
        """Where the rules down stand."""
        return sorted({rule.position for rule in self.rules[1]})

    @cached_property
    def left(self) -> float:
        """Where the rules across begin."""
        return min((rule.start for rule in self.rules[0]), default=0.0)

    @cached_property
    def right(self) -> float:
        """Where the rules across end."""
        return max((rule.end for rule in self.rules[0]), default=0.0)

    @cached_property
    def _glyphs(self) -> list[Glyph]:
        return page_glyphs(self.painted)

    @cached_property
    def begins_with_figures(self) -> bool:
        """Whether its first column that is not blank holds figures, so that their labels stand elsewhere."""
        return self._holds_figures(list(pairwise(self.columns)))

    @cached_property
    def ends_with_figures(self) -> bool:
        """Whether its last column that is not blank holds figures."""
        return self._holds_figures(list(pairwise(self.columns))[::-1])

    def _holds_figures(self, columns: Sequence[tuple[float, float]]) -> bool:
        for left, right in columns:
            lines = set_lines(glyph for glyph in self._glyphs if self._is_between(glyph, left, right))
            if lines:
                words = [line for line in lines if any(map(str.isalpha, line.text))]
                return 2 * len(words) <= len(lines) or (len(words) <= _HEAD_LINES and lines[-1] not in words)
        return False

    def _is_between(self, glyph: Glyph, left: float, right: float) -> bool:
        x, y = glyph.box.center
        return left < x < right and any(rule.start < y < rule.end for rule in self.rules[1])

    @cached_property
    def words(self) -> frozenset[str]:
        """Its lines, or parts of lines, that are no figures."""
        lines = set_lines(self._glyphs)
        return frozenset(line.text for line in lines if any(map(str.isalpha, line.text)))

    @cached_property
    def has_headings(self) -> bool:
        """Whether a text outside of its tables begins with an ordinal, as headings do."""
        outside = (glyph for glyph in self._glyphs if not self._is_between(glyph, -inf, inf))
        return any(table_part_vocabulary().begins_label(line.text) for line in set_lines(outside))

    @cached_property
    def is_upright(self) -> bool:
        """Whether its texts are not set sideways, where what goes on at the side are the rows."""
        chars = self.painted.chars
        return 2 * sum(bool(char["upright"]) for char in chars) >= len(chars)

    def goes_on_in(self, other: _Page) -> bool:
        """Whether the rules that end on the right of this page begin on the left of another one."""
        if other not in self._goes_on:
            self._goes_on[other] = self.is_upright and other.is_upright and self._ends_begin_in(other)
        return self._goes_on[other]

    def _ends_begin_in(self, other: _Page) -> bool:
        ends, starts = self._ends, other._starts
        common = _common(ends, starts)
        if len(common) < max(_FEWEST_RULES_OF_FIGURES, _COMMON_SHARE * len(ends)):
            return False
        if not self.goes_on_unevenly_in(other) and not _are_as_high(ends, starts):
            return False
        return len(common) >= _FEWEST_RULES or other.begins_with_figures

    def goes_on_unevenly_in(self, other: _Page) -> bool:
        """Whether rows that both pages have are of different heights, again and again."""
        beside = list(pairwise(other._starts))
        heights = [
            bottom - top
            for top, bottom in pairwise(self._ends)
            if any(abs(top - start) < _TOLERANCE and abs(bottom - end) < _TOLERANCE for start, end in beside)
        ]
        return sum(abs(above - below) > _TOLERANCE for above, below in pairwise(heights)) >= _UNEVEN

    @cached_property
    def _ends(self) -> list[float]:
        return [rule.position for rule in self.rules[0] if self.right - rule.end < _TOLERANCE]

    @cached_property
    def _starts(self) -> list[float]:
        return [rule.position for rule in self.rules[0] if rule.start - self.left < _TOLERANCE]

    def has_columns_of(self, other: _Page) -> bool:
        """Whether most of its columns begin where those of another page do."""
        return 2 * len(_common(self.columns, other.columns)) > len(self.columns)

    def repeats(self, other: _Page) -> bool:
        """Whether half of its words, which are more than heads, stand on another page too."""
        return len(self.words) > _HEADS and 2 * len(self.words & other.words) >= len(self.words)


Strip = dict[int, _Page]
"""The pages of a sheet that stand below each other, by their rows; blank ones are not printed."""


def whole_sheets(pages: Sequence[PaintedPage]) -> list[PaintedPage]:
    """The pages, or the sheets they were cut from; a sheet has the number of its leftmost page."""
    whole: list[PaintedPage] = []
    rest = [_Page(page) for page in pages]
    while rest:
        strips = _strips(rest)
        rest = rest[sum(map(len, strips)) :]
        offsets = _offsets(strips)
        for row in strips[0]:
            parts = [strip[row].painted for strip in strips if row in strip]
            whole.append(_side_by_side(parts, offsets))
    return whole


def _strips(pages: Sequence[_Page]) -> list[Strip]:
    """The strips of the sheet that begins with the first of the pages: down and then over. A sheet that is
    printed over and then down is one of a single row; one that needs no second page is that page."""
    height = next(
        (
            number
            for number in range(1, len(pages))
            if any(_goes_on(left, pages[number], pages[:number]) for left in pages[:number])
        ),
        None,
    )
    if height is None:
        return [{0: pages[0]}]
    first = dict(enumerate(pages[:height]))
    strips: list[Strip] = [first, {}]
    for page in pages[height:]:
        row = _row(page, strips)
        if row is None:
            strips.append({})
            row = _row(page, strips)
        if row is None:
            break
        strips[-1][row] = page
    return [strip for strip in strips if strip]


def _row(page: _Page, strips: Sequence[Strip]) -> int | None:
    """The row in which a page is the next one of the last strip: there it goes on beside a page of the strip
    before, or both have no table."""
    *_, left, current = strips
    first = list(strips[0].values())
    for row in sorted(left.keys() - range(max(current, default=-1) + 1)):
        if not (left[row].columns or page.columns) or _goes_on(left[row], page, first):
            return row
    return None


def _goes_on(left: _Page, right: _Page, first: Sequence[_Page]) -> bool:
    """Whether the rules of a page go on at the left edge of another one, which does not begin a section, nor
    hold further rows of the same table, or the same table again: that of the page or of those in the `first`
    strip."""
    if right.has_headings or not left.goes_on_in(right):
        return False
    alike = [page for page in (left, *first) if right.has_columns_of(page)]
    if any(map(right.repeats, alike)):
        return False
    return (
        right.begins_with_figures or left.goes_on_unevenly_in(right) or not (alike or left.ends_with_figures)
    )


def _offsets(strips: Sequence[Strip]) -> list[float]:
    """How far each strip is moved: it begins where the rules of the one before end."""
    offsets = [0.0]
    for before, strip in pairwise(strips):
        end = max(before[row].right for row in strip)
        start = min(page.left for page in strip.values() if page.columns)
        offsets.append(offsets[-1] + end - start)
    return offsets


def _side_by_side(parts: Sequence[PaintedPage], offsets: Sequence[float]) -> PaintedPage:
    """The parts of a sheet as one page."""
    whole, *others = parts
    for part, offset in zip(others, offsets[1:], strict=False):
        whole = whole._replace(
            width=offset + part.width,
            chars=whole.chars + [moved(item, offset) for item in part.chars],
            lines=whole.lines + [moved(item, offset) for item in part.lines],
            rects=whole.rects + [moved(item, offset) for item in part.rects],
            curves=whole.curves + [moved(item, offset) for item in part.curves],
            hidden=whole.hidden + part.hidden,
        )
    return whole


def _long(rules: Sequence[Rule]) -> list[Rule]:
    return [rule for rule in merge_rules(rules, _TOLERANCE) if rule.end - rule.start > _SHORTEST_RULE]


def _common(first: Sequence[float], second: Sequence[float]) -> list[float]:
    """Those of the first positions that are among the second ones."""
    return [one for one in first if any(abs(one - other) < _TOLERANCE for other in second)]


def _are_as_high(first: Sequence[float], second: Sequence[float]) -> bool:
    """Whether rules reach over about the same height."""
    common = min(first[-1], second[-1]) - max(first[0], second[0])
    return common >= _COMMON_SHARE * (max(first[-1], second[-1]) - min(first[0], second[0]))

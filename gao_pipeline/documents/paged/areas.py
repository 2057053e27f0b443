"""Parts a page into the areas that are read one after the other: columns of text, pages printed side by side.

Where a white gutter runs down between two texts, all that stands left of it is read before what stands right
of it; what runs across the gutter parts what is above from what is below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from math import inf
from statistics import median
from typing import NamedTuple

from gao_pipeline.documents.paged.lattice import Box
from gao_pipeline.documents.paged.layout import Glyph, hull, set_rows

_GUTTER = 1.0
"""A gutter is so many character sizes wide, or wider."""

_FULL = 0.85
"""Lines that take this share of the width of a column fill it."""

_FULL_LINES = 3
"""So many lines at least fill the column in which a text is set."""

_SHORTEST_FULL_LINE = 8.0
"""Lines that fill a column of text are so many character sizes long, or longer."""

_WORDLESS = 0.3
"""Where a larger share of the lines has no word they are figures: a column of a table, not of text."""

_EDGE = 1.0
"""What begins at the left edge of a column does so within this (in points)."""


_EVERYWHERE = Box(-inf, -inf, inf, inf)


class _Block(NamedTuple):
    """A table, or a line or a part of one that white space sets apart."""

    box: Box
    size: float
    is_table: bool = False
    has_words: bool = True


class _Band(NamedTuple):
    """Blocks that follow each other down the page, and where a gutter parts them."""

    blocks: list[_Block]
    gutter: float | None

    @property
    def box(self) -> Box:
        return hull(block.box for block in self.blocks)


def reading_areas(glyphs: Sequence[Glyph], tables: Sequence[Box], rows: Sequence[Box] = ()) -> list[Box]:
    """The areas of a page in the order of reading; together they cover all, what is off the page too.

    Args:
        glyphs: the characters outside of the tables.
        tables: where tables stand.
        rows: where rows of figures stand among the glyphs, each with what belongs to it.
    """
    lines = [line for row in set_rows(glyphs, _GUTTER) for line in row]
    size = median([line.size for line in lines] or [0.0])
    blocks = [
        _Block(line.box, line.size, has_words=any(map(str.isalpha, line.text)))
        for line in lines
        if not any(place.contains(*line.box.center) for place in rows)
    ]
    blocks += [_Block(table, size, is_table=True) for table in tables]
    blocks += [_Block(place, size, has_words=False) for place in rows]
    return list(_areas(_EVERYWHERE, sorted(blocks, key=lambda block: block.box.top)))


def _areas(area: Box, blocks: Sequence[_Block]) -> Iterator[Box]:
    """The areas within one that holds `blocks`, which are in the order of their upper edges."""
    ways = [_bands(blocks, edge) for edge in _left_edges(blocks)]
    bands = max(ways, key=lambda bands: sum(len(b.blocks) for b in bands if b.gutter is not None), default=[])
    if all(band.gutter is None for band in bands):
        yield area
        return
    between = [(above.box.bottom + below.box.top) / 2 for above, below in pairwise(bands)]
    for band, (top, bottom) in zip(bands, pairwise([area.top, *between, area.bottom]), strict=True):
        if band.gutter is None:
            yield area._replace(top=top, bottom=bottom)
            continue
        left = [block for block in band.blocks if block.box.left < band.gutter]
        right = [block for block in band.blocks if block.box.left > band.gutter]
        yield from _areas(Box(area.left, top, band.gutter, bottom), left)
        yield from _areas(Box(band.gutter, top, area.right, bottom), right)


def _left_edges(blocks: Sequence[_Block]) -> list[float]:
    """Where a column may begin: where blocks do that have others on their left."""
    edges: dict[int, float] = {}
    first = min((block.box.right for block in blocks), default=0.0)
    for left in sorted(block.box.left for block in blocks if block.box.left > first):
        edges.setdefault(round(left), left)
    return list(edges.values())


def _bands(blocks: Sequence[_Block], edge: float) -> list[_Band]:
    """The blocks as bands, those parted by a gutter on the left of `edge` and the others."""
    bands: list[_Band] = []
    for runs_across, group in groupby(
        blocks, key=lambda block: block.box.left < edge - _EDGE and block.box.right > edge
    ):
        members = list(group)
        gutter = None if runs_across else _gutter(members, edge)
        if bands and bands[-1].gutter is None and gutter is None:
            bands[-1].blocks.extend(members)
        else:
            bands.append(_Band(members, gutter))
    return bands


def _gutter(blocks: Sequence[_Block], edge: float) -> float | None:
    """The middle of the gutter between what stands left and right of `edge`; None if these are no columns.

    One of two columns shows by lines or a table as wide as itself; the other one may be short. Neither is a
    column of figures, and one stands beside the other.
    """
    left = [block for block in blocks if block.box.right <= edge]
    right = [block for block in blocks if block.box.right > edge]
    if not left or not right or not (_is_full(left) or _is_full(right)):
        return None
    one, other = hull(block.box for block in left), hull(block.box for block in right)
    beside = one.shares_height(other)
    wide = other.left - one.right >= _GUTTER * median(block.size for block in blocks)
    texts = _is_text(left) and _is_text(right)
    return (one.right + other.left) / 2 if beside and wide and texts else None


def _is_text(blocks: Sequence[_Block]) -> bool:
    """Whether blocks are text, a page number apart, and no column of figures."""
    wordless = sum(not block.has_words for block in blocks)
    return wordless <= _WORDLESS * len(blocks) or (wordless == 1 and len(blocks) > 2)


def _is_full(blocks: Sequence[_Block]) -> bool:
    """Whether blocks show how wide their column is."""
    own = hull(block.box for block in blocks)
    full = [block for block in blocks if block.box.right - block.box.left >= _FULL * (own.right - own.left)]
    lines = [
        block
        for block in full
        if block.has_words and block.box.right - block.box.left >= _SHORTEST_FULL_LINE * block.size
    ]
    return any(block.is_table for block in full) or len(lines) >= _FULL_LINES

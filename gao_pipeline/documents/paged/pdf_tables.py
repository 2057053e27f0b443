"""What a PDF page draws and prints → a `Page`: ruled tables with their texts, and the lines outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby, pairwise
from math import inf
from statistics import median
from typing import NamedTuple

from gao_pipeline.documents.paged.areas import reading_areas
from gao_pipeline.documents.paged.drawn import page_areas, page_glyphs, page_strokes, sides, stroke_rules
from gao_pipeline.documents.paged.figures import figures_of_tables, is_figure, is_figure_text
from gao_pipeline.documents.paged.lattice import (
    Box,
    Lattice,
    Rule,
    find_lattices,
    innermost,
    merge_rules,
    rules_of_boxes,
)
from gao_pipeline.documents.paged.layout import (
    Glyph,
    Line,
    cell_text,
    hull,
    is_full,
    set_lines,
    touching_runs,
    upright,
    without_reference_marks,
)
from gao_pipeline.documents.paged.overprint import overprinted_texts
from gao_pipeline.documents.paged.pages import Page, PageTable, TableCell
from gao_pipeline.documents.paged.painted import (
    HAIRLINE,
    PaintedPage,
)
from gao_pipeline.documents.paged.rolls import Separators, Sheet
from gao_pipeline.documents.paged.unruled import places_of_rows, split_unruled

_TYPE_SHARE = 0.4
"""Rules that are less than this share of the size of type apart are one."""

_LOWEST_ROW = 0.5
"""Rows in which nothing stands are none if they are less than so many times as high as type: their rules are
drawn for cells that some programs set a little apart."""

_LOWEST_PIECE = 1.6
"""Nor are rows of cells beside higher ones: their rules are moved from those of others at a page break."""

_WIDEST_SPACING = 9.0
"""Cells that are drawn each by itself stand no further apart than this (in points)."""

_ROWS_BELOW = 4.0
"""A row of figures within so many character sizes below ruled heads is one of theirs."""

_CROWD = 3
"""So many figures in one cell, below or beside each other, are those of several rows or columns."""

_HELD = 0.8
"""So much of what is printed stands in the cells of a table."""

_NEIGHBOURHOOD = 100.0
"""So far around cells (in points) is looked for figures of the same table."""


class _Laid(NamedTuple):
    """A page, upright, with its ruled tables found: they, and what stands outside of them."""

    whole: Page
    outside: list[Glyph]
    separators: Separators

    def sheet(self, area: Box) -> Sheet:
        """What stands in an area of it."""
        own = [glyph for glyph in self.outside if area.contains(*glyph.box.center)]
        return Sheet(self.whole.number, own, self.separators, [table.box for table in self._ruled(area)])

    def read(self, area: Box, unruled: Sequence[PageTable], prose: Sequence[Glyph]) -> Page:
        """An area of it, as far as read: tables without rules, and what stands outside of tables."""
        tables = [*self._ruled(area), *unruled]
        return self.whole._replace(lines=set_lines(prose), tables=tables, area=area)

    def _ruled(self, area: Box) -> list[PageTable]:
        return [table for table in self.whole.tables if area.contains(*table.box.center)]


def read_pages(pages: Sequence[PaintedPage]) -> list[list[Page]]:
    """Pages as tables and lines, area by area; a page whose text is set sideways is turned first.

    Tables without rules may go on from page to page, where these are as wide and not read in several areas.
    """
    read: list[list[Page]] = [[] for _ in pages]
    laid = [(number, page, _areas(page)) for number, page in enumerate(map(_laid, pages))]
    for _, group in groupby(laid, key=lambda item: (item[1].whole.width, len(item[2]) > 1 and item[0])):
        parts = [(number, page, area) for number, page, areas in group for area in areas]
        whole = [parts] if len({number for number, *_ in parts}) == len(parts) else [[part] for part in parts]
        for run in whole:
            found = split_unruled([page.sheet(area) for _, page, area in run])
            for (number, page, area), (tables, prose) in zip(run, found, strict=True):
                read[number].append(page.read(area, tables, prose))
    return read


def _areas(page: _Laid) -> list[Box]:
    places = places_of_rows(page.outside, page.separators)
    return reading_areas(page.outside, [table.box for table in page.whole.tables], places)


def _laid(page: PaintedPage) -> _Laid:
    glyphs, strokes, areas = page_glyphs(page), list(page_strokes(page)), page_areas(page)
    width, height = page.width, page.height
    if turn := _main_turn(glyphs):
        glyphs = [
            glyph._replace(box=upright(glyph.box, turn, width, height), turn=(glyph.turn - turn) % 4)
            for glyph in glyphs
        ]
        strokes = [upright(box, turn, width, height) for box in strokes]
        areas = [upright(box, turn, width, height) for box in areas]
        width, height = (height, width) if turn % 2 else (width, height)
    glyphs = without_reference_marks(glyphs)
    rules = stroke_rules(strokes)
    lattices = _lattices(rules, areas, glyphs)
    inside, outside = _by_cell(glyphs, lattices)
    closed = [
        lattice
        for lattice, cells in zip(lattices, inside, strict=True)
        if _is_closed(lattice.box, cells, outside)
    ]
    if len(closed) < len(lattices):
        lattices = closed
        inside, outside = _by_cell(glyphs, lattices)
    tables = [
        _table(lattice, texts, page.page_number) for lattice, texts in zip(lattices, inside, strict=True)
    ]
    whole = Page(page.page_number, width, height, [], tables)
    return _Laid(whole, outside, _separators(rules, areas, lattices, _tolerance(glyphs)))


def _is_closed(table: Box, cells: Sequence[Sequence[Glyph]], outside: Sequence[Glyph]) -> bool:
    """Whether most figures of a table stand in cells of their own; else rules draw a part of it only: its
    heads, its labels, its columns or nothing but a frame."""
    alone = crowded = 0
    for glyphs in filter(None, cells):
        lines = set_lines(glyphs, gap=inf)
        figures = list(filter(is_figure, lines))
        if len(figures) < _CROWD or _is_broken_figure(lines):
            alone += len(lines) == len(figures) == 1
            figures = figures_of_tables(glyphs) if any(map(_has_figures_apart, lines)) else []
        if len(figures) >= _CROWD:
            crowded += len(figures)
    near = table._replace(
        right=table.right if alone else inf,
        bottom=table.bottom + _ROWS_BELOW * _tolerance(outside) / _TYPE_SHARE,
    )
    beside = figures_of_tables([glyph for glyph in outside if near.contains(*glyph.box.center)])
    return alone >= crowded + len(beside)


def _is_broken_figure(lines: Sequence[Line]) -> bool:
    """Whether lines may be one figure in a narrow cell: they make one, with its unit or remark or of lines as
    long as the first, the last aside."""
    first, *others = texts = [line.text.strip() for line in lines]
    whole = "".join(texts)
    if any(" " in text for text in texts) or not is_figure_text(whole) or whole[0] in "0０":
        return False
    even = {len(first), *map(len, others[:-1])} == {len(first)} and len(others[-1]) <= len(first)
    return even or not whole[-1].isdecimal()


def _has_figures_apart(line: Line) -> bool:
    """Whether a line has texts apart that are no digits of one figure."""
    return any(len(part) > 1 for part in line.text.split()[1:])


def _lattices(
    rules: tuple[list[Rule], list[Rule]], areas: Sequence[Box], glyphs: Sequence[Glyph]
) -> list[Lattice]:
    """The tables that rules draw, and those whose cells are drawn or coloured each by itself."""
    tolerance = _tolerance(glyphs)
    drawn = find_lattices(*rules, tolerance=min(HAIRLINE, tolerance))
    pieces = [lattice for lattice in drawn if len(lattice.cells) > 1 and _stands_beside(lattice, drawn)]
    frames = [lattice.box for lattice in drawn if len(lattice.cells) == 1]
    frames += [piece.cell_box(cell) for piece in pieces for cell in piece.cells]
    whole = [
        _without_empty_slivers(lattice, glyphs, tolerance / _TYPE_SHARE)
        for lattice in drawn
        if len(lattice.xs) > 2 and lattice not in pieces
    ]
    boxed = _boxed_lattices([*frames, *areas], whole, glyphs, tolerance)
    alone = [
        piece
        for piece in pieces
        if len(piece.xs) > 2 and not any(piece.box.meets(table.box) for table in boxed)
    ]
    return [*whole, *boxed, *alone]


def _without_empty_slivers(lattice: Lattice, glyphs: Sequence[Glyph], size: float) -> Lattice:
    """A lattice without the rows that are lower than type of a `size` and whose own cells hold no text."""
    heights = {row: bottom - top for row, (top, bottom) in enumerate(pairwise(lattice.ys))}
    low = {row: height / size for row, height in heights.items() if height < _LOWEST_PIECE * size}
    if not low:
        return lattice
    inked = {lattice.index_at(*glyph.box.center) for glyph in glyphs if glyph.text.strip()}
    filled: set[int] = set()
    columns: Counter[int] = Counter()
    for index, cell in enumerate(lattice.cells):
        if cell.bottom == cell.top + 1:
            filled |= {cell.top} if index in inked else set()
            columns[cell.top] += cell.right - cell.left
    whole = len(lattice.xs) - 1
    for row in sorted(low.keys() - filled, reverse=True):
        if columns[row] < whole or low[row] < _LOWEST_ROW:
            lattice = lattice.without_row(row)
    return lattice


def _by_cell(
    glyphs: Sequence[Glyph], lattices: Sequence[Lattice]
) -> tuple[list[list[list[Glyph]]], list[Glyph]]:
    """The glyphs in each cell of each lattice, and those outside of all.

    A figure whose digits touch each other stands in one cell even if it runs out of it; so does a text that
    is printed over others, in the cell in which its middle is.
    """
    inside: list[list[list[Glyph]]] = [[[] for _ in lattice.cells] for lattice in lattices]
    outside: list[Glyph] = []
    by_size = sorted(range(len(lattices)), key=lambda index: _area(lattices[index].box))

    def place(glyph: Glyph) -> tuple[int, int] | None:
        cells = ((index, lattices[index].index_at(*glyph.box.center)) for index in by_size)
        return next(((index, cell) for index, cell in cells if cell is not None), None)

    placed: set[int] = set()
    for text in overprinted_texts([glyph for glyph in glyphs if place(glyph)]):
        home = place(text[0]._replace(box=hull(glyph.box for glyph in text)))
        if home is not None:
            index, cell = home
            inside[index][cell] += text
            placed |= set(map(id, text))
    for figure in touching_runs([glyph for glyph in glyphs if id(glyph) not in placed]):
        home = place(figure[0])
        if len(figure) > 1:
            home = Counter(map(place, figure)).most_common(1)[0][0]
        if home is None:
            outside += figure
        else:
            index, cell = home
            inside[index][cell] += figure
    return inside, outside


def _tolerance(glyphs: Sequence[Glyph]) -> float:
    """How far apart edges of one row or column may be, as the size of type on a page shows."""
    size = median([glyph.size for glyph in glyphs if glyph.text.strip()] or [HAIRLINE / _TYPE_SHARE])
    return _TYPE_SHARE * size


def _stands_beside(lattice: Lattice, others: Sequence[Lattice]) -> bool:
    """Whether cells of the same rows stand so close to the left or right of a lattice that both are pieces of
    one table."""
    near = lattice.box._replace(
        left=lattice.box.left - _WIDEST_SPACING, right=lattice.box.right + _WIDEST_SPACING
    )
    return any(
        near.meets(other.box) and not lattice.box.meets(other.box) and _have_common_rows(lattice, other)
        for other in others
    )


def _have_common_rows(first: Lattice, second: Lattice) -> bool:
    fewer, more = sorted((first.ys, second.ys), key=len)
    return all(min(abs(y - other) for other in more) <= HAIRLINE for y in fewer)


def _boxed_lattices(
    boxes: Sequence[Box], drawn: Sequence[Lattice], glyphs: Sequence[Glyph], tolerance: float
) -> list[Lattice]:
    """The tables whose cells are drawn or coloured each by itself, apart from the tables `drawn` by rules.

    Such cells hold all figures around; coloured heads or every other coloured row do not.
    """
    free = [box for box in boxes if not any(lattice.box.contains(*box.center) for lattice in drawn)]
    cells = innermost(free)
    found = [
        lattice
        for lattice in find_lattices(*rules_of_boxes(cells, _WIDEST_SPACING), tolerance=tolerance)
        if len(lattice.xs) > 2 and len(lattice.ys) > 2
    ]
    figures = [line.box.center for line in figures_of_tables(glyphs)] if found else []
    return [
        lattice
        for lattice in found
        if _hold_figures(cells, lattice.box, figures) and _hold_texts(cells, lattice.box, glyphs)
    ]


def _hold_texts(cells: Sequence[Box], place: Box, glyphs: Sequence[Glyph]) -> bool:
    """Whether nearly all that is printed at a place is inside of cells."""
    printed = [
        glyph.box.center for glyph in glyphs if glyph.text.strip() and place.contains(*glyph.box.center)
    ]
    return sum(any(cell.contains(*center) for cell in cells) for center in printed) > _HELD * len(printed)


def _hold_figures(cells: Sequence[Box], place: Box, figures: Sequence[tuple[float, float]]) -> bool:
    """Whether most of the figures that stand at and around a place are inside of cells."""
    around = Box(place.left, place.top - _NEIGHBOURHOOD, place.right, place.bottom + _NEIGHBOURHOOD)
    near = [figure for figure in figures if around.contains(*figure)]
    return 3 * sum(any(cell.contains(*figure) for cell in cells) for figure in near) > 2 * len(near)


def _separators(
    rules: tuple[list[Rule], list[Rule]], areas: Sequence[Box], lattices: Sequence[Lattice], tolerance: float
) -> Separators:
    """The rules, and the sides of coloured areas, outside of all lattices; none is shorter than type."""
    across, down = stroke_rules(side for area in areas for side in sides(area))
    boxes = [lattice.box for lattice in lattices]
    horizontal = [
        rule
        for rule in (*rules[0], *across)
        if not any(box.contains((rule.start + rule.end) / 2, rule.position) for box in boxes)
    ]
    vertical = [
        rule
        for rule in (*rules[1], *down)
        if not any(box.contains(rule.position, (rule.start + rule.end) / 2) for box in boxes)
    ]
    whole = (merge_rules(some, tolerance) for some in (horizontal, vertical))
    return Separators(
        *([rule for rule in some if _TYPE_SHARE * (rule.end - rule.start) > tolerance] for some in whole)
    )


def _main_turn(glyphs: Sequence[Glyph]) -> int:
    """How most characters are set, in quarters of a circle."""
    counts = Counter(glyph.turn for glyph in glyphs if glyph.text.strip())
    return counts.most_common(1)[0][0] if counts else 0


def _is_ideograph(glyph: Glyph) -> bool:
    return "\u3400" <= glyph.text <= "\u9fff"


def _area(box: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top)


def _table(lattice: Lattice, texts: list[list[Glyph]], page: int) -> PageTable:
    cells = []
    for cell, glyphs in zip(lattice.cells, texts, strict=True):
        box = lattice.cell_box(cell)
        lines, width = _cell_lines(glyphs, box)
        cells.append(
            TableCell(
                *cell[:4],
                cell_text(lines, width),
                page,
                box,
                cell.open_top,
                cell.open_bottom,
                is_full=is_full(lines, width),
            )
        )
    return PageTable(lattice.xs, len(lattice.ys) - 1, cells, page, lattice.box)


def _cell_lines(glyphs: Sequence[Glyph], box: Box) -> tuple[list[Line], float]:
    """The lines in a cell, which may be set sideways or run down, and how wide the cell is for them.

    In lines that run down ideographs stand upright; the marks and letters between them are turned.
    """
    width, height = box.right - box.left, box.bottom - box.top
    if turn := _main_turn([glyph for glyph in glyphs if not _is_ideograph(glyph)]) or _main_turn(glyphs):
        glyphs = [glyph._replace(box=upright(glyph.box, turn, 0.0, 0.0)) for glyph in glyphs]
        width = height if turn % 2 else width
    return set_lines(glyphs, gap=float("inf")), width

"""What a PDF page draws and prints → a `Page`: ruled tables with their texts, and the lines outside."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from math import inf
from statistics import median
from typing import Any, NamedTuple

from gao_pipeline.contracts.loading import Spec
from gao_pipeline.contracts.vocabularies import load_vocabulary
from gao_pipeline.documents.model import UNTOLD
from gao_pipeline.documents.paged.areas import reading_areas
from gao_pipeline.documents.paged.figures import is_figure, is_figure_text
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
from gao_pipeline.documents.paged.pages import Page, PageTable, TableCell
from gao_pipeline.documents.paged.painted import (
    HAIRLINE,
    PaintedPage,
    is_area,
    is_thin_image,
    is_white,
    item_box,
)
from gao_pipeline.documents.paged.unruled import (
    Separators,
    figures_of_tables,
    heads_of_next_page,
    set_above,
    split_unruled,
)

_OFFSET_OF_BOLD = 0.35
"""A character printed again so much of its size beside makes it bold."""

_TYPE_SHARE = 0.4
"""Rules that are less than this share of the size of type apart are one."""

_WIDEST_SPACING = 9.0
"""Cells that are drawn each by itself stand no further apart than this (in points)."""

_STEEPEST = 0.1
"""Parts of a curve at a steeper tangent than this to all sides of the page are no rules."""

_SLACK = 0.1
"""What is drawn on one line differs by no more (in points)."""

_UNREADABLE_SHARE = 0.02
"""A page on which a larger share of the characters is unreadable is to be read by what it shows."""

_ROWS_BELOW = 4.0
"""A row of figures within so many character sizes below ruled heads is one of theirs."""

_CROWD = 3
"""So many figures in one cell, below or beside each other, are those of several rows or columns."""

_HELD = 0.8
"""So much of what is printed stands in the cells of a table."""

_NEIGHBOURHOOD = 100.0
"""So far around cells (in points) is looked for figures of the same table."""


class RadicalVocabulary(Spec, frozen=True, kw_only=True):
    """`vocabularies/radicals.yaml`: two strings of equal length, sign by sign."""

    radicals: str
    ideographs: str


@cache
def _ideographs() -> dict[int, int]:
    vocabulary = load_vocabulary("radicals", RadicalVocabulary)
    return str.maketrans(vocabulary.radicals, vocabulary.ideographs)


class _Laid(NamedTuple):
    """A page, upright, with its ruled tables found: they, and what stands outside of them."""

    whole: Page
    outside: list[Glyph]
    separators: Separators

    def is_ruled_between(self, top: float, bottom: float) -> bool:
        """Whether a ruled table, or an upright rule, stands between two heights of the page, or partly."""
        ruled = [(table.box.top, table.box.bottom) for table in self.whole.tables]
        ruled += [(rule.start, rule.end) for rule in self.separators.vertical]
        return any(start < bottom and top < end for start, end in ruled)


def read_pages(pages: Sequence[PaintedPage]) -> list[list[Page]]:
    """Pages as tables and lines, area by area; a page whose text is set sideways is turned first.

    The heads of an unruled table whose rows begin on the next page are read there.
    """
    laid = [_laid(page) for page in pages]
    for number in range(len(laid) - 1):
        above, below = laid[number : number + 2]
        heads, body = heads_of_next_page(above.outside, below.outside)
        if not heads or above.is_ruled_between(hull(glyph.box for glyph in heads).top, inf):
            continue
        if not below.is_ruled_between(-inf, hull(glyph.box for glyph in body).bottom):
            laid[number] = above._replace(outside=[glyph for glyph in above.outside if glyph not in heads])
            laid[number + 1] = below._replace(outside=[*set_above(heads, body), *below.outside])
    return [list(_areas(page)) for page in laid]


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


def _areas(page: _Laid) -> Iterator[Page]:
    """The areas of a page, each with its tables and lines."""
    whole = page.whole
    for area in reading_areas(page.outside, [table.box for table in whole.tables]):
        ruled = [table for table in whole.tables if area.contains(*table.box.center)]
        own = [glyph for glyph in page.outside if area.contains(*glyph.box.center)]
        unruled, prose = split_unruled(own, whole.number, page.separators)
        yield whole._replace(lines=set_lines(prose), tables=[*ruled, *unruled], area=area)


def _lattices(
    rules: tuple[list[Rule], list[Rule]], areas: Sequence[Box], glyphs: Sequence[Glyph]
) -> list[Lattice]:
    """The tables that rules draw, and those whose cells are drawn or coloured each by itself."""
    tolerance = _tolerance(glyphs)
    drawn = find_lattices(*rules, tolerance=min(HAIRLINE, tolerance))
    pieces = [lattice for lattice in drawn if len(lattice.cells) > 1 and _stands_beside(lattice, drawn)]
    frames = [lattice.box for lattice in drawn if len(lattice.cells) == 1]
    frames += [piece.cell_box(cell) for piece in pieces for cell in piece.cells]
    whole = [lattice for lattice in drawn if len(lattice.xs) > 2 and lattice not in pieces]
    boxed = _boxed_lattices([*frames, *areas], whole, glyphs, tolerance)
    alone = [
        piece
        for piece in pieces
        if len(piece.xs) > 2 and not any(_overlap(piece.box, table.box) for table in boxed)
    ]
    return [*whole, *boxed, *alone]


def _by_cell(
    glyphs: Sequence[Glyph], lattices: Sequence[Lattice]
) -> tuple[list[list[list[Glyph]]], list[Glyph]]:
    """The glyphs in each cell of each lattice, and those outside of all.

    A figure whose digits touch each other stands in one cell even if it runs out of it.
    """
    inside: list[list[list[Glyph]]] = [[[] for _ in lattice.cells] for lattice in lattices]
    outside: list[Glyph] = []
    by_size = sorted(range(len(lattices)), key=lambda index: _area(lattices[index].box))

    def place(glyph: Glyph) -> tuple[int, int] | None:
        cells = ((index, lattices[index].index_at(*glyph.box.center)) for index in by_size)
        return next(((index, cell) for index, cell in cells if cell is not None), None)

    for figure in touching_runs(glyphs):
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
        _overlap(near, other.box)
        and not _overlap(lattice.box, other.box)
        and _have_common_rows(lattice, other)
        for other in others
    )


def _have_common_rows(first: Lattice, second: Lattice) -> bool:
    fewer, more = sorted((first.ys, second.ys), key=len)
    return all(min(abs(y - other) for other in more) <= HAIRLINE for y in fewer)


def _overlap(first: Box, second: Box) -> bool:
    return (
        first.left < second.right
        and second.left < first.right
        and first.top < second.bottom
        and second.top < first.bottom
    )


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
    across, down = stroke_rules(side for area in areas for side in _sides(area))
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
    """The lines in a cell, which may be set sideways, and how wide the cell is for them."""
    width, height = box.right - box.left, box.bottom - box.top
    if turn := _main_turn(glyphs):
        glyphs = [glyph._replace(box=upright(glyph.box, turn, 0.0, 0.0)) for glyph in glyphs]
        width = height if turn % 2 else width
    return set_lines(glyphs, gap=float("inf")), width


def page_glyphs(page: PaintedPage) -> list[Glyph]:
    """The visible characters of a page, once each: bold type made by printing twice is undone."""
    printed = _Printed()
    glyphs: list[Glyph] = []
    for char in page.chars:
        box = item_box(char)
        x, y = box.center
        if not (0 <= x <= page.width and 0 <= y <= page.height) or printed.holds(char["text"], box):
            continue
        printed.add(char["text"], box)
        turn = _turn(char["matrix"])
        size = box.right - box.left if turn % 2 else char["size"] or box.bottom - box.top
        glyphs.append(Glyph(_plain(char["text"]), box, size, turn))
    return glyphs


class _Printed:
    """The characters printed so far, by text and place."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, int, int], list[Box]] = {}

    def add(self, text: str, box: Box) -> None:
        self._places.setdefault((text, round(box.left), round(box.top)), []).append(box)

    def holds(self, text: str, box: Box) -> bool:
        """Whether the same character stands there already, or a little beside."""
        offset = min(1.0, _OFFSET_OF_BOLD * min(box.right - box.left, box.bottom - box.top))
        return any(
            abs(box.left - other.left) <= offset and abs(box.top - other.top) <= offset
            for x in (-1, 0, 1)
            for y in (-1, 0, 1)
            for other in self._places.get((text, round(box.left) + x, round(box.top) + y), ())
        )


def _plain(text: str) -> str:
    """The text of a glyph without artefacts of fonts: radicals as ideographs, ligatures spelt out."""
    if len(text) == 1 and 0xFB00 <= ord(text) <= 0xFB06:
        return unicodedata.normalize("NFKC", text)
    return text.translate(_ideographs())


def _turn(matrix: tuple[float, ...]) -> int:
    """In how many quarters of a circle, clockwise, a text matrix sets its characters."""
    along, up = matrix[0], matrix[1]
    if abs(along) >= abs(up):
        return 0 if along >= 0 else 2
    return 3 if up > 0 else 1


def stroke_rules(strokes: Iterable[Box]) -> tuple[list[Rule], list[Rule]]:
    """The horizontal and the vertical rules among the strokes of a page."""
    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    for box in strokes:
        x, y = box.center
        if box.bottom - box.top <= HAIRLINE:
            horizontal.append(Rule(y, box.left, box.right))
        if box.right - box.left <= HAIRLINE:
            vertical.append(Rule(x, box.top, box.bottom))
    return horizontal, vertical


def page_strokes(page: PaintedPage) -> Iterator[Box]:
    """What a page draws that may be a rule: lines, thin rectangles, sides of frames, parts of polylines.

    What runs off the page is cut there.
    """
    boxes = (_on_page(box, page) for box in _strokes(page))
    return (box for box in boxes if box is not None)


def _on_page(box: Box, page: PaintedPage) -> Box | None:
    """The part of a box that is on the page; None where none is."""
    left, top = max(box.left, 0.0), max(box.top, 0.0)
    right, bottom = min(box.right, page.width), min(box.bottom, page.height)
    return Box(left, top, right, bottom) if left <= right and top <= bottom else None


def _strokes(page: PaintedPage) -> Iterator[Box]:
    for line in page.lines:
        if not is_white(line.get("stroking_color")):
            yield item_box(line)
    for rect in page.rects:
        thin = min(rect["width"], rect["height"]) <= HAIRLINE
        if thin and (rect.get("fill") or rect.get("stroke")):
            if not is_white(rect.get("non_stroking_color" if rect.get("fill") else "stroking_color")):
                yield item_box(rect)
        elif rect.get("stroke") and not is_white(rect.get("stroking_color")):
            yield from _sides(item_box(rect))
    yield from (item_box(image) for image in page.images if is_thin_image(image))
    yield from _sides_of_cells(page.rects)
    for curve in page.curves:
        box = item_box(curve)
        if curve.get("fill") and min(box.right - box.left, box.bottom - box.top) <= HAIRLINE:
            if not is_white(curve.get("non_stroking_color")):
                yield box
        elif curve.get("stroke") and not is_white(curve.get("stroking_color")):
            parts = list(_straight_parts(curve["pts"]))
            yield from _sides(box) if _is_rounded_frame(box, parts) else parts


def _straight_parts(points: Sequence[tuple[float, float]]) -> Iterator[Box]:
    """The parts of a curve that run along the sides of the page."""
    for (x0, y0), (x1, y1) in pairwise(points):
        width, height = abs(x1 - x0), abs(y1 - y0)
        if min(width, height) <= _STEEPEST * max(width, height):
            yield Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _is_rounded_frame(frame: Box, parts: Sequence[Box]) -> bool:
    """Whether parts of a curve run along a good part of each side of the frame around it."""
    return all(
        3 * sum(_length(part) for part in parts if _lies_in(part, side)) > _length(side) > HAIRLINE
        for side in _sides(frame)
    )


def _length(rule: Box) -> float:
    return max(rule.right - rule.left, rule.bottom - rule.top)


def _lies_in(part: Box, side: Box) -> bool:
    return (
        part.left >= side.left - _SLACK
        and part.right <= side.right + _SLACK
        and part.top >= side.top - _SLACK
        and part.bottom <= side.bottom + _SLACK
    )


def page_areas(page: PaintedPage) -> list[Box]:
    """The coloured areas of a page."""
    return [
        item_box(rect)
        for rect in page.rects
        if is_area(rect) and not is_white(rect.get("non_stroking_color"))
    ]


def _sides_of_cells(rects: Iterable[dict[str, Any]]) -> Iterator[Box]:
    """The sides of white cells on a dark ground, which shows between them as their rules."""
    filled = [rect for rect in rects if is_area(rect)]
    white = [item_box(rect) for rect in filled if is_white(rect.get("non_stroking_color"))]
    grounds = [item_box(rect) for rect in filled if not is_white(rect.get("non_stroking_color"))]
    for box in white:
        if any(
            ground.left < box.left
            and ground.top < box.top
            and box.right < ground.right
            and box.bottom < ground.bottom
            for ground in grounds
        ):
            yield from _sides(box)


def _sides(box: Box) -> Iterator[Box]:
    left, top, right, bottom = box
    yield Box(left, top, right, top)
    yield Box(left, bottom, right, bottom)
    yield Box(left, top, left, bottom)
    yield Box(right, top, right, bottom)


def is_picture(page: PaintedPage) -> bool:
    """Whether what a page says is in a picture: it has one over half of it and hardly any text of its own, or
    its fonts do not tell its characters."""
    texts = [char["text"] for char in page.chars if char["text"].strip()]
    if sum(map(_is_unreadable, texts)) > _UNREADABLE_SHARE * len(texts):
        return True
    covered = sum(
        max(0.0, min(image["x1"], page.width) - max(image["x0"], 0))
        * max(0.0, min(image["bottom"], page.height) - max(image["top"], 0))
        for image in page.images
    )
    return len(texts) < max(20, page.hidden) and covered > 0.5 * page.width * page.height


def _is_unreadable(text: str) -> bool:
    """Whether a font gives a code or an accented letter in place of a character."""
    return (
        text.startswith("(cid:")
        or text == UNTOLD
        or (len(text) == 1 and "\u00c0" <= text <= "\u024f" and text.isalpha())
    )


def large_images(page: PaintedPage) -> list[Box]:
    """The places of the images on a page that are large enough to show a table and have no text on them."""
    boxes = [item_box(image) for image in page.images]
    centers = [item_box(char).center for char in page.chars if char["text"].strip()]
    return [
        Box(max(box.left, 0.0), max(box.top, 0.0), min(box.right, page.width), min(box.bottom, page.height))
        for box in boxes
        if box.right - box.left > 0.4 * page.width and box.bottom - box.top > 0.07 * page.height
        if not any(box.contains(*center) for center in centers)
    ]

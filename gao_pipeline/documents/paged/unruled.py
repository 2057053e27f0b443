"""Tables without a lattice of rules: rows and columns are where texts stand.

What the white space tells is used, and those rules that are drawn: no text runs across a vertical one, and
what a horizontal one parts belongs to different rows. Page breaks are passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from gao_pipeline.documents.paged.columns import Columns, columns_of_figures, drawn_columns, headed_columns
from gao_pipeline.documents.paged.figures import cell_rows, whole_entries
from gao_pipeline.documents.paged.heads import Head, find_heads, interval, without_titles
from gao_pipeline.documents.paged.labels import rows_of_labels
from gao_pipeline.documents.paged.lattice import Box, Rule
from gao_pipeline.documents.paged.layout import Glyph, Line, cell_text, hull, letter_spacing
from gao_pipeline.documents.paged.pages import PageTable, TableCell
from gao_pipeline.documents.paged.regions import Edge, Region, edge_of, find_regions
from gao_pipeline.documents.paged.rolls import Roll, Separators, Sheet

_DENSE_GAP = 0.2
"""Cells stand so many character sizes further apart than the characters of one text."""


def split_unruled(sheets: Sequence[Sheet]) -> list[tuple[list[PageTable], list[Glyph]]]:
    """Of sheets that follow each other the unruled tables that begin on each, and the other glyphs."""
    roll = Roll(sheets)
    regions = _regions(roll.glyphs, roll.separators)
    boxes = [hull(line.box for line in region.lines) for region in regions]
    tables = [_table(region, roll) for region in regions]
    return [
        ([table for table in tables if table.page == sheet.number], rest)
        for sheet, rest in zip(sheets, roll.outside(boxes), strict=True)
    ]


def places_of_rows(glyphs: Sequence[Glyph], separators: Separators) -> list[Box]:
    """Where the rows of unruled tables stand on a page: their figures with the labels next to them, and the
    heads above."""
    places = []
    for region in _regions(glyphs, separators):
        edge = edge_of(region.body)
        own = [line for row in region.body if row.figures for line in (*row.labels[-1:], *row.figures)]
        own += [line for row in region.heads for line in row if edge.is_over(line)]
        places.append(hull(line.box for line in own))
    return places


def _regions(glyphs: Sequence[Glyph], separators: Separators) -> list[Region]:
    """The tables among glyphs; what is one text is told again when it is known where they stand."""
    regions = find_regions(whole_entries(cell_rows(glyphs, separators.vertical)))
    if not regions:
        return []
    boxes = [hull(line.box for line in region.lines) for region in regions]
    spaced = letter_spacing(
        [glyph for glyph in glyphs if any(box.contains(*glyph.box.center) for box in boxes)]
    )
    walls = [*separators.vertical, *map(_wall, regions)]
    return find_regions(whole_entries(cell_rows(glyphs, walls, spaced + _DENSE_GAP)))


def _wall(region: Region) -> Rule:
    """Where the figures of a table begin: a label that ends close to it is not one text with its figure."""
    body = hull(line.box for row in region.body for line in row.lines)
    return Rule(edge_of(region.body).values, body.top, body.bottom)


class _Slot(NamedTuple):
    """Where a line goes: a row of the table, its first column and the one behind its last."""

    row: int
    left: int
    right: int


def _table(region: Region, roll: Roll) -> PageTable:
    separators = roll.separators
    walls = separators.through(hull(line.box for line in region.lines))
    edge = edge_of(region.body).drawn(walls)
    if not any(row.labels for row in region.body):
        edge = edge._replace(labels=float("-inf"))
    walls = [wall for wall in walls if wall >= edge.labels]
    heads, titles = find_heads([list(filter(edge.is_over, row)) for row in region.heads])
    figures = columns_of_figures(region.figures)
    corner = [[line for line in row if not edge.is_over(line)] for row in region.heads]
    heads, short_titles = without_titles(heads, [interval(*column) for column in figures], walls, corner)
    if not any(corner) and _heads_labels(heads, len(figures), edge):
        first, *heads = heads
        corner[first.row] = first.lines
    columns = drawn_columns(region.figures, heads, walls) or headed_columns(figures, heads)
    cells = _label_cells(region, corner, separators)
    top = len(region.heads)
    width = max(
        1, *(len(cells.get(top + number, ())) for number, row in enumerate(region.body) if row.figures)
    )
    placed: dict[_Slot, list[Line]] = {}
    for number, own in cells.items():
        for offset, cell in enumerate(own, width - len(own)):
            placed.setdefault(_Slot(number, max(offset, 0), max(offset, 0) + 1), []).extend(cell)
    over = [(title.row, title.lines, columns.of(title.extent)) for title in (*titles, *short_titles)]
    lowest = max((head.row for head in heads), default=0)
    over += [(lowest, head.lines, place) for head, place in zip(heads, columns.heads, strict=True)]
    over += [
        (number, [line], (columns.places[line], columns.places[line] + 1))
        for number, row in enumerate(region.body, top)
        for line in row.figures
    ]
    for number, lines, (left, right) in over:
        placed.setdefault(_Slot(number, width + left, width + right), []).extend(lines)
    return _page_table(placed, columns, width, roll)


def _heads_labels(heads: Sequence[Head], columns: int, edge: Edge) -> bool:
    """Whether the first of the heads is that of the labels: it is one too many, and left of all figures."""
    one_too_many = len(heads) == columns + 1 and edge.labels > float("-inf")
    return one_too_many and heads[0].extent.right <= edge.values


def _label_cells(
    region: Region, corner: Sequence[list[Line]], separators: Separators
) -> dict[int, list[list[Line]]]:
    """The label cells of each row; lines below the heads go to the row of figures they belong to."""
    rows = list(enumerate(region.body, len(region.heads)))
    middles = {
        number: hull(line.box for line in row.figures).center[1] for number, row in rows if row.figures
    }
    free = {line: number for number, row in rows for line in row.labels}
    labels = {number: list(lines) for number, lines in enumerate(corner)}
    for line, number in rows_of_labels(free, middles, separators.between):
        labels.setdefault(number, []).append(line)
    return {number: _side_by_side(lines) for number, lines in labels.items() if lines}


def _side_by_side(lines: Sequence[Line]) -> list[list[Line]]:
    """The label cells of a row, from the left: lines above each other belong to one cell."""
    cells: list[list[Line]] = []
    right = 0.0
    for line in sorted(lines, key=lambda line: line.box.left):
        if cells and line.box.left < right:
            cells[-1].append(line)
        else:
            cells.append([line])
            right = 0.0
        right = max(right, line.box.right)
    return cells


def _page_table(found: dict[_Slot, list[Line]], columns: Columns, labels: int, roll: Roll) -> PageTable:
    numbers = {row: number for number, row in enumerate(sorted({slot.row for slot in found}))}
    placed = {slot._replace(row=numbers[slot.row]): lines for slot, lines in found.items()}
    rows, extents = len(numbers), columns.extents
    box = hull(line.box for lines in placed.values() for line in lines)
    edges = [
        *(box.left + (extents[0].left - box.left) * index / labels for index in range(labels)),
        extents[0].left,
        *((before.right + after.left) / 2 for before, after in pairwise(extents)),
        box.right,
    ]
    cells = []
    taken = {(slot.row, column) for slot in placed for column in range(slot.left, slot.right)}
    empty: dict[_Slot, list[Line]] = {
        _Slot(row, column, column + 1): []
        for row in range(rows)
        for column in range(len(edges) - 1)
        if (row, column) not in taken
    }
    levels: dict[int, list[Box]] = {}
    for slot, lines in placed.items():
        levels.setdefault(slot.row, []).extend(line.box for line in lines)
    for slot, lines in {**placed, **empty}.items():
        ordered = sorted(lines, key=lambda line: (line.box.top, line.box.left))
        boxes = [line.box for line in ordered] or levels[slot.row]
        own = hull(boxes)
        text = cell_text(ordered, own.right - own.left)
        cells.append(TableCell(slot.row, slot.row + 1, slot.left, slot.right, text, *roll.on_page(boxes)))
    every = [line.box for lines in placed.values() for line in lines]
    return PageTable(tuple(edges), rows, cells, *roll.on_page(every))

"""Finds tables without rules: figures that stand below each other, with labels to their left and heads above.

Only what the white space tells is used. Every label line goes to the row of figures it is nearest to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from gao_pipeline.documents.paged.layout import Glyph, Line, cell_text, hull, set_rows
from gao_pipeline.documents.paged.pages import PageTable, TableCell

_FIGURE = re.compile(r"[-－+]?\d+(?:[,，.． ]+\d+)*(?: ?[^\d\s.．、]\D{0,2})?|[/／—－-]+")
_CELL_GAP = 0.9
"""Texts of neighbouring cells stand so many character sizes apart, or more."""

_DENSE_CELL_GAP = 0.3
"""So many character sizes between ideographs, which are set without any, show two cells."""

_WIDEST_BREAK = 4.0
"""Rows of one table follow each other within so many character sizes."""


class _Interval(NamedTuple):
    left: float
    right: float

    def meets(self, line: Line) -> bool:
        return line.box.left < self.right and self.left < line.box.right


def split_unruled(glyphs: Sequence[Glyph], page: int) -> tuple[list[PageTable], list[Glyph]]:
    """The unruled tables among the glyphs of a page, and the glyphs outside of them."""
    rows = set_rows(glyphs, _CELL_GAP, _DENSE_CELL_GAP)
    tables = [_table(region, page) for region in _regions(rows)]
    outside = [
        glyph for glyph in glyphs if not any(table.box.contains(*glyph.box.center) for table in tables)
    ]
    return tables, outside


def _is_figure(line: Line) -> bool:
    return _FIGURE.fullmatch(line.text) is not None


def _is_figure_row(row: Sequence[Line]) -> bool:
    """Whether a row is one of a table: figures only, or labels and then figures."""
    figures = [_is_figure(line) for line in row]
    count = sum(figures)
    return (
        count >= 1 and len(row) >= 2 and all(figures[len(row) - count :]) and (count < len(row) or count > 2)
    )


def _regions(rows: Sequence[list[Line]]) -> list[list[list[Line]]]:
    """The runs of rows that form tables: rows of figures, with what stands between them and their heads."""
    regions: list[list[list[Line]]] = []
    start = 0
    while start < len(rows):
        if not _is_figure_row(rows[start]):
            start += 1
            continue
        last = start
        for index in range(start + 1, len(rows)):
            if (
                not _follows(rows[index - 1], rows[index])
                or _is_prose(rows[index], rows[start])
                or _is_heading(rows, index, rows[start])
            ):
                break
            if _is_figure_row(rows[index]):
                last = index
        first = _head(rows, start, last)
        region = [line for line in rows[first : last + 1] if line]
        if sum(map(_is_figure_row, region)) > 1 or first < start:
            end = _tail(rows, last)
            regions.append(list(rows[first : end + 1]))
            last = end
        start = last + 1
    return regions


def _follows(above: Sequence[Line], below: Sequence[Line]) -> bool:
    distance = hull(line.box for line in below).top - hull(line.box for line in above).bottom
    return distance < _WIDEST_BREAK * below[0].size


def _is_prose(row: Sequence[Line], figures: Sequence[Line]) -> bool:
    """Whether a row between rows of figures is a sentence: it runs from the labels over the figures."""
    values = next(line for line in figures if _is_figure(line))
    return any(
        line.box.left < values.box.left - 2 * line.size and line.box.right > values.box.right + 4 * line.size
        for line in row
        if not _is_centered(line, figures)
    )


def _is_heading(rows: Sequence[list[Line]], index: int, figures: Sequence[Line]) -> bool:
    """Whether a row is a line by itself at the left, apart from what stands above and below."""
    row = rows[index]
    if len(row) > 1 or _is_centered(row[0], figures):
        return False
    values = next(line for line in figures if _is_figure(line))
    near = [hull(line.box for line in other) for other in (rows[index - 1], *rows[index + 1 : index + 2])]
    apart = all(
        max(row[0].box.top - box.bottom, box.top - row[0].box.bottom) > 0.6 * row[0].size for box in near
    )
    return apart and row[0].box.left < values.box.left - 2 * row[0].size


def _is_centered(line: Line, figures: Sequence[Line]) -> bool:
    """Whether a line stands in the middle of a table, as the title of a block of rows."""
    box = hull(item.box for item in figures)
    width = box.right - box.left
    return (
        line.box.right - line.box.left < 0.5 * width and abs(line.box.center[0] - box.center[0]) < 0.2 * width
    )


def _head(rows: Sequence[list[Line]], start: int, last: int) -> int:
    """The first row of the heads above the row of figures `start`."""
    figures = [line for row in rows[start : last + 1] if _is_figure_row(row) for line in row]
    values = min(line.box.left for line in figures if _is_figure(line))
    first = start
    while first > 0 and _follows(rows[first - 1], rows[first]):
        row = rows[first - 1]
        alone = len(row) == 1
        if alone and row[0].box.left < values - 2 * row[0].size and not _is_centered(row[0], figures):
            break
        if not alone and row[-1].box.right < values:
            break
        first -= 1
    return first


def _tail(rows: Sequence[list[Line]], last: int) -> int:
    """The last row that still belongs to the labels of the last row of figures: a label broken over lines."""
    label = rows[last][0]
    end = last
    while end + 1 < len(rows):
        below = rows[end + 1]
        near = below[0].box.top - hull(line.box for line in rows[end]).bottom < 0.6 * label.size
        inside = (
            label.box.left - label.size < below[0].box.left
            and below[0].box.right < label.box.right + label.size
        )
        if len(below) > 1 or not near or not inside:
            break
        end += 1
    return end


class _Slot(NamedTuple):
    """Where a line goes: a row of the table, its first column and the one behind its last."""

    row: int
    left: int
    right: int


def _table(region: Sequence[list[Line]], page: int) -> PageTable:
    figure_rows = [row for row in region if _is_figure_row(row)]
    columns = _columns(region, figure_rows)
    rows = [row for row in region if _is_figure_row(row) or len(_labels(row, columns)) < len(row)]
    middles = {
        number: hull(line.box for line in row).center[1]
        for number, row in enumerate(rows)
        if _is_figure_row(row)
    }
    loose: dict[int, list[Line]] = {}
    for line in (line for row in region if not any(row is other for other in rows) for line in row):
        nearest = min(middles, key=lambda row: abs(middles[row] - line.box.center[1]))
        loose.setdefault(nearest, []).append(line)
    labels = [
        _side_by_side([*_labels(row, columns), *loose.get(number, [])]) for number, row in enumerate(rows)
    ]
    width = max(1, max(len(labels[number]) for number in middles))
    placed: dict[_Slot, list[Line]] = {}
    for number, row in enumerate(rows):
        for offset, cell in enumerate(labels[number], width - len(labels[number])):
            placed.setdefault(_Slot(number, max(offset, 0), max(offset, 0) + 1), []).extend(cell)
        for line in row[len(_labels(row, columns)) :]:
            met = [width + index for index, column in enumerate(columns) if column.meets(line)]
            placed.setdefault(_Slot(number, met[0], met[-1] + 1), []).append(line)
    return _page_table(_with_whole_heads(placed, min(middles)), columns, width, page)


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


def _columns(region: Sequence[list[Line]], figure_rows: Sequence[list[Line]]) -> list[_Interval]:
    """The columns of values: where figures stand, and heads to the right of the labels without any figure."""
    figures = [line for row in figure_rows for line in row if _is_figure(line)]
    columns = _united(figures)
    heads = [line for row in region if not _is_figure_row(row) for line in row]
    blank = [
        line
        for line in heads
        if line.box.left > columns[0].left and not any(column.meets(line) for column in columns)
    ]
    return _united([*figures, *blank])


def _united(lines: Sequence[Line]) -> list[_Interval]:
    united: list[_Interval] = []
    for line in sorted(lines, key=lambda line: line.box.left):
        if united and line.box.left < united[-1].right:
            united[-1] = _Interval(united[-1].left, max(united[-1].right, line.box.right))
        else:
            united.append(_Interval(line.box.left, line.box.right))
    return united


def _labels(row: Sequence[Line], columns: Sequence[_Interval]) -> list[Line]:
    """The lines at the head of a row that stand left of all values."""
    if _is_figure_row(row):
        return [line for line in row if not _is_figure(line)]
    return [line for line in row if not any(column.meets(line) for column in columns)]


def _with_whole_heads(placed: dict[_Slot, list[Line]], first: int) -> dict[_Slot, list[Line]]:
    """Heads of single columns that are broken over rows above the first row of figures, put together."""
    result = dict(placed)
    for slot in sorted(placed):
        below = next(
            (other for other in sorted(result) if other.row > slot.row and other[1:] == slot[1:]), None
        )
        if below is None or below.row >= first or slot.right - slot.left > 1:
            continue
        above = result[slot]
        distance = hull(line.box for line in result[below]).top - hull(line.box for line in above).bottom
        if distance < 0.4 * above[0].size:
            result[below] = [*result.pop(slot), *result[below]]
    return result


def _page_table(
    found: dict[_Slot, list[Line]], columns: Sequence[_Interval], labels: int, page: int
) -> PageTable:
    numbers = {row: number for number, row in enumerate(sorted({slot.row for slot in found}))}
    placed = {slot._replace(row=numbers[slot.row]): lines for slot, lines in found.items()}
    rows = len(numbers)
    box = hull(line.box for lines in placed.values() for line in lines)
    edges = [
        *(box.left + (columns[0].left - box.left) * index / labels for index in range(labels)),
        columns[0].left,
        *((before.right + after.left) / 2 for before, after in pairwise(columns)),
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
    for slot, lines in {**placed, **empty}.items():
        ordered = sorted(lines, key=lambda line: (line.box.top, line.box.left))
        own = hull(line.box for line in lines) if lines else box
        text = cell_text(ordered, own.right - own.left)
        cells.append(TableCell(slot.row, slot.row + 1, slot.left, slot.right, text, page, own))
    return PageTable(tuple(edges), rows, cells, page, box)

"""Finds tables without a lattice of rules: figures below each other, labels to their left and heads above.

What the white space tells is used, and those rules that are drawn: no text runs across a vertical one, and
what a horizontal one parts belongs to different rows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from gao_pipeline.documents.paged.figures import is_figure, with_remarks
from gao_pipeline.documents.paged.labels import rows_of_labels
from gao_pipeline.documents.paged.lattice import Box, Rule
from gao_pipeline.documents.paged.layout import Glyph, Line, cell_text, hull, letter_spacing, set_rows
from gao_pipeline.documents.paged.pages import PageTable, TableCell
from gao_pipeline.documents.vocabulary import page_vocabulary

_CELL_GAP = 0.9
"""Texts of neighbouring cells stand so many character sizes apart, or more."""

_DENSE_CELL_GAP = 0.3
"""So many character sizes between ideographs or figures, which are set without any, show two cells."""

_DENSE_GAP = 0.2
"""So many more than the characters of one text are apart."""

_WIDEST_BREAK = 4.0
"""Rows of one table follow each other within so many character sizes."""

_HEAD_LINES = 0.4
"""Lines of one head follow each other within so many character sizes."""

_FURNITURE = 2
"""Running heads and feet have so many lines at most."""

_MOST_LINES_ABOVE = 4
"""So many lines of a label at most stand above the first figures of a page."""

_WIDE_HEAD_LINES = 1.6
"""Where most heads are broken alike, their lines may be so many character sizes apart."""

_OFF_LINE = 0.7
"""Lines of one head begin, end or have their middles below each other, within so many character sizes."""

_BESIDE_LINE = 1.5
"""Those whose characters are spread stand up to so many further to a side."""

_LINES_BESIDE_HEADS = 1
"""So many lines of the corner may stand between two rows of heads."""


class _Interval(NamedTuple):
    left: float
    right: float

    def meets(self, other: _Interval) -> bool:
        return other.left < self.right and self.left < other.right


class Separators(NamedTuple):
    """The rules of a page that draw no lattice."""

    horizontal: Sequence[Rule] = ()
    vertical: Sequence[Rule] = ()

    def through(self, box: Box) -> list[float]:
        """Where vertical rules run through a part of a page, from the left."""
        return sorted(
            {
                rule.position
                for rule in self.vertical
                if rule.start < box.bottom and box.top < rule.end and box.left < rule.position < box.right
            }
        )

    def between(self, line: Line, y: float) -> int:
        """How many horizontal rules stand between a line and a height beside it."""
        top, bottom = sorted((line.box.center[1], y))
        return sum(
            top < rule.position < bottom and rule.start < line.box.right and line.box.left < rule.end
            for rule in self.horizontal
        )


_NONE = Separators()


def split_unruled(
    glyphs: Sequence[Glyph], page: int, separators: Separators = _NONE
) -> tuple[list[PageTable], list[Glyph]]:
    """The unruled tables among the glyphs of a page, and the glyphs outside of them."""
    rows = with_remarks(set_rows(glyphs, _CELL_GAP, _DENSE_CELL_GAP, separators.vertical))
    regions = _regions(rows)
    if regions:
        boxes = [hull(line.box for row in region for line in row) for region in regions]
        spaced = letter_spacing(
            [glyph for glyph in glyphs if any(box.contains(*glyph.box.center) for box in boxes)]
        )
        walls = [*separators.vertical, *map(_wall, regions)]
        rows = with_remarks(set_rows(glyphs, _CELL_GAP, max(_DENSE_CELL_GAP, spaced + _DENSE_GAP), walls))
    tables = [_table(region, page, separators) for region in _regions(rows)]
    outside = [
        glyph for glyph in glyphs if not any(table.box.contains(*glyph.box.center) for table in tables)
    ]
    return tables, outside


def _wall(region: Sequence[Sequence[Line]]) -> Rule:
    """Where the figures of a table begin: a label that ends close to it is not one text with its figure."""
    start = next(index for index, row in enumerate(region) if _figures(row))
    body = hull(line.box for row in region[start:] for line in row)
    return Rule(_edge(region[start:]).values, body.top, body.bottom)


def figures_of_tables(glyphs: Sequence[Glyph]) -> list[Line]:
    """The figures among the glyphs that stand in rows as tables have them."""
    return [line for row in set_rows(glyphs, _CELL_GAP, _DENSE_CELL_GAP) for line in _figures(row)]


def heads_of_next_page(above: Sequence[Glyph], below: Sequence[Glyph]) -> tuple[list[Glyph], list[Glyph]]:
    """The glyphs at the foot of a page that head the unruled table with which the next page begins, and those
    of the first row of figures there; none where the table has its own heads or goes on from above."""
    rows, body = _without_furniture(
        set_rows(above, _CELL_GAP, _DENSE_CELL_GAP), set_rows(below, _CELL_GAP, _DENSE_CELL_GAP)
    )
    start = next((number for number, row in enumerate(body[:_MOST_LINES_ABOVE]) if _figures(row)), None)
    if start is None or not rows:
        return [], []
    edge = _edge(body[start : start + 1])
    if any(edge.is_over(line) for row in body[:start] for line in row):
        return [], []
    offset = body[0][0].box.top - max(line.box.bottom for line in rows[-1])
    moved = [[line._replace(box=_moved_down(line.box, offset)) for line in row] for row in rows]
    floor = max((number + 1 for number, row in enumerate(rows) if _figures(row)), default=0)
    whole = [*moved, *body]
    count = len(rows)
    first = _head(whole, count + start, count + _last_of_body(body, start), floor)
    if first >= count:
        return [], []
    heads, figures = (hull(line.box for row in own for line in row) for own in (rows[first:], [body[start]]))
    return [glyph for glyph in above if heads.contains(*glyph.box.center)], [
        glyph for glyph in below if figures.contains(*glyph.box.center)
    ]


def _without_furniture(
    above: Sequence[list[Line]], below: Sequence[list[Line]]
) -> tuple[list[list[Line]], list[list[Line]]]:
    """The rows of two pages that follow each other, the first without its page number and the foot that both
    have, the second without its page number and the head that both have."""
    feet, heads = ({_text(row) for row in rows} for rows in (below[-_FURNITURE:], above[:_FURNITURE]))
    last, first = len(above), 0
    while last and _is_furniture(above[last - 1], feet):
        last -= 1
    while first < len(below) and _is_furniture(below[first], heads):
        first += 1
    return list(above[:last]), list(below[first:])


def _is_furniture(row: Sequence[Line], repeated: Collection[str]) -> bool:
    text = _text(row)
    return text in repeated or page_vocabulary().is_page_number(text)


def _text(row: Sequence[Line]) -> str:
    return "".join(line.text for line in row)


def set_above(heads: Sequence[Glyph], body: Sequence[Glyph]) -> list[Glyph]:
    """Glyphs of another page, moved so that they stand straight above others."""
    offset = hull(glyph.box for glyph in body).top - hull(glyph.box for glyph in heads).bottom
    return [glyph._replace(box=_moved_down(glyph.box, offset - glyph.size / 2)) for glyph in heads]


def _moved_down(box: Box, offset: float) -> Box:
    return box._replace(top=box.top + offset, bottom=box.bottom + offset)


def _figures(row: Sequence[Line]) -> list[Line]:
    """The figures of a row of a table: those at its end, if only labels and a running number stand before."""
    count = 0
    while count < len(row) and is_figure(row[-1 - count]):
        count += 1
    labels = row[: len(row) - count]
    if any(map(is_figure, labels[1:])) or (not labels and count <= 2) or (labels and is_figure(labels[-1])):
        return []
    return list(row[len(labels) :])


def _regions(rows: Sequence[list[Line]]) -> list[list[list[Line]]]:
    """The runs of rows that form tables: rows of figures under one head, with what stands between them."""
    regions: list[list[list[Line]]] = []
    floor = start = 0
    while start < len(rows):
        if not _figures(rows[start]):
            start += 1
            continue
        last = _last_of_body(rows, start)
        first = _head(rows, start, last, floor)
        figures = [line for row in rows[start : last + 1] for line in _figures(row)]
        if first < start or len(figures) > 1:
            first, last = _top(rows, first, floor), _tail(rows, start, last)
            regions.append(list(rows[first : last + 1]))
        floor = start = last + 1
    return regions


class _Edge(NamedTuple):
    """Between labels and figures: where the labels end and where the figures begin."""

    labels: float
    values: float

    def is_over(self, line: Line) -> bool:
        """Whether a line above the figures stands over them: it is right of all labels, or reaches them."""
        return line.box.left >= self.labels - 0.5 * line.size or self.is_beyond(line)

    def is_beyond(self, line: Line) -> bool:
        """Whether a line reaches to where the figures stand."""
        return line.box.right > self.values + 0.5 * line.size

    def drawn(self, walls: Sequence[float]) -> _Edge:
        """The edge where the first of the walls between the labels and the figures stands."""
        between = [wall for wall in walls if self.labels <= wall <= self.values]
        return self._replace(labels=between[0]) if between else self


def _edge(body: Sequence[Sequence[Line]]) -> _Edge:
    """The edge that rows of figures show, and the label lines between them."""
    values = min(figures[0].box.left for row in body if (figures := _figures(row)))
    labels = [
        line.box.right
        for row in body
        for line in row[: len(row) - len(_figures(row))]
        if line.box.right <= values + 0.5 * line.size
    ]
    return _Edge(max(labels, default=values), values)


def _last_of_body(rows: Sequence[list[Line]], start: int) -> int:
    """The last row of figures below `start` before anything else stands where the figures do."""
    last = start
    edge = _edge(rows[start : start + 1])
    for index in range(start + 1, len(rows)):
        if not _follows(rows[index - 1], rows[index]):
            break
        if _figures(rows[index]):
            last = index
            edge = _edge(rows[start : index + 1])
        elif any(map(edge.is_beyond, rows[index])) or _is_heading(rows, index, edge):
            break
    return last


def _follows(above: Sequence[Line], below: Sequence[Line]) -> bool:
    distance = hull(line.box for line in below).top - hull(line.box for line in above).bottom
    return distance < _WIDEST_BREAK * below[0].size


def _is_prose(row: Sequence[Line], edge: _Edge) -> bool:
    """Whether a row is a sentence: it runs from the labels over the figures."""
    return any(
        line.box.left < min(edge.labels, edge.values - 2 * line.size)
        and line.box.right > edge.values + 4 * line.size
        for line in row
    )


def _is_heading(rows: Sequence[list[Line]], index: int, edge: _Edge) -> bool:
    """Whether a row is a line by itself at the left, apart from what stands above and below, with the heads
    of a table below it."""
    row, following = rows[index], rows[index + 1 : index + 2]
    if len(row) > 1 or row[0].box.left >= edge.values - 2 * row[0].size:
        return False
    near = [hull(line.box for line in other) for other in (rows[index - 1], *following)]
    apart = all(
        max(row[0].box.top - box.bottom, box.top - row[0].box.bottom) > 0.6 * row[0].size for box in near
    )
    return apart and any(not _figures(other) and any(map(edge.is_over, other)) for other in following)


def _head(rows: Sequence[list[Line]], start: int, last: int, floor: int) -> int:
    """The first row of the heads above the row of figures `start`, not above `floor`."""
    edge = _edge(rows[start : last + 1])
    first = start
    for index in range(start - 1, floor - 1, -1):
        row = rows[index]
        if not _follows(row, rows[index + 1]) or _is_prose(row, edge):
            break
        if any(map(edge.is_over, row)):
            first = index
        elif first - index > _LINES_BESIDE_HEADS:
            break
    return first


def _top(rows: Sequence[list[Line]], first: int, floor: int) -> int:
    """The first row that still belongs to the labels of the row of figures `first`, in the middle of which
    its figures stand."""
    figures = _figures(rows[first])
    if not figures:
        return first
    middle = hull(line.box for line in figures).center[1]
    label = [line for line in rows[first] if line not in figures]
    label += [line for row in rows[first + 1 : first + 2] if not _figures(row) for line in row]
    begin = first
    while begin > floor and label:
        above, (top, bottom) = rows[begin - 1], _heights(label)
        if not all(any(_goes_on(line, begun) for begun in label) for line in above):
            break
        if abs(sum(_heights([*above, *label])) / 2 - middle) >= abs((top + bottom) / 2 - middle):
            break
        label += above
        begin -= 1
    return begin


def _heights(lines: Iterable[Line]) -> tuple[float, float]:
    box = hull(line.box for line in lines)
    return box.top, box.bottom


def _tail(rows: Sequence[list[Line]], start: int, last: int) -> int:
    """The last row that still belongs to the labels of the last row of figures: labels broken over lines,
    which follow each other closer than rows do."""
    heights = [
        hull(line.box for line in _figures(row)).center[1] for row in rows[start : last + 1] if _figures(row)
    ]
    pitch = min((below - above for above, below in pairwise(heights)), default=float("inf"))
    edge = _edge(rows[last : last + 1])
    broken = [line for row in rows[max(0, last - 1) : last + 1] for line in row if not edge.is_over(line)]
    end = last
    while end + 1 < len(rows):
        below = rows[end + 1]
        if not all(any(_goes_on(label, line, pitch) for label in broken) for line in below):
            break
        broken += below
        end += 1
    return end


def _goes_on(above: Line, below: Line, pitch: float = float("inf")) -> bool:
    """Whether a line continues the label that the line above it begins, closer than by a `pitch`."""
    near = below.box.top - above.box.bottom < 0.6 * above.size
    near = near and below.box.center[1] - above.box.center[1] < 0.98 * pitch
    return (
        near
        and above.box.left - above.size < below.box.left
        and below.box.right < above.box.right + above.size
    )


class _Slot(NamedTuple):
    """Where a line goes: a row of the table, its first column and the one behind its last."""

    row: int
    left: int
    right: int


class _Head(NamedTuple):
    """The head of one column: its lines, the row of the lowest, and where it stands."""

    row: int
    lines: list[Line]
    extent: _Interval


def _table(region: Sequence[list[Line]], page: int, separators: Separators) -> PageTable:
    figures = [_figures(row) for row in region]
    start = next(index for index, found in enumerate(figures) if found)
    walls = separators.through(hull(line.box for row in region for line in row))
    edge = _edge(region[start:]).drawn(walls)
    if not any(len(row) > len(found) for row, found in zip(region[start:], figures[start:], strict=True)):
        edge = edge._replace(labels=float("-inf"))
    heads, spanning = _heads([list(filter(edge.is_over, row)) for row in region[:start]])
    walls = [wall for wall in walls if wall >= edge.labels]
    titles = [*_titles_between_heads(heads, figures), *_titles_over_heads(heads, walls)]
    spanning += [(head.row, line) for head in titles for line in head.lines]
    heads = [head for head in heads if head not in titles]
    columns = _drawn_columns(figures, heads, walls) or _columns(figures, heads)
    cells = _label_cells(region, figures, edge, separators)
    width = max(1, *(len(cells.get(number, ())) for number, found in enumerate(figures) if found))
    placed: dict[_Slot, list[Line]] = {}
    for number, own in cells.items():
        for offset, cell in enumerate(own, width - len(own)):
            placed.setdefault(_Slot(number, max(offset, 0), max(offset, 0) + 1), []).extend(cell)
    over = [(number, [line], columns.of(_interval(line))) for number, line in spanning]
    lowest = max((head.row for head in heads), default=0)
    over += [(lowest, head.lines, place) for head, place in zip(heads, columns.heads, strict=True)]
    over += [
        (number, [line], place)
        for number, found in enumerate(figures)
        for line, place in zip(found, columns.of_figures(found), strict=True)
    ]
    for number, lines, (left, right) in over:
        placed.setdefault(_Slot(number, width + left, width + right), []).extend(lines)
    return _page_table(placed, columns.extents, width, page)


def _label_cells(
    region: Sequence[list[Line]], figures: Sequence[Sequence[Line]], edge: _Edge, separators: Separators
) -> dict[int, list[list[Line]]]:
    """The label cells of each row; lines below the heads go to the row of figures they belong to."""
    middles = {
        number: hull(line.box for line in found).center[1] for number, found in enumerate(figures) if found
    }
    heads = [number for number in range(min(middles)) if any(map(edge.is_over, region[number]))]
    lowest = max(heads, default=-1)
    labels: dict[int, list[Line]] = {}
    free: dict[Line, int] = {}
    for number, row in enumerate(region):
        own = row[: len(row) - len(figures[number])]
        if number <= lowest:
            corner = [line for line in own if not edge.is_over(line)]
            labels.setdefault(number, []).extend(corner)
        else:
            free.update((line, number) for line in own)
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


def _heads(rows: Sequence[Sequence[Line]]) -> tuple[list[_Head], list[tuple[int, Line]]]:
    """The heads of single columns, from the left, and the lines above them with the numbers of their rows.

    Lines of a head are close to each other; less so where several heads, or most of them, are broken alike.
    """
    heads: list[_Head] = []
    above: list[tuple[int, Line]] = []
    for number in reversed(range(len(rows))):
        met = [
            (line, [index for index, head in enumerate(heads) if head.extent.meets(_interval(line))])
            for line in rows[number]
        ]
        gaps = [_gap(line, heads[found[0]]) for line, found in met if len(found) == 1]
        alike = len(gaps) > 1 and max(gaps) - min(gaps) < 1
        reach = (
            (_WIDE_HEAD_LINES if 2 * len(gaps) > len(heads) else 2 * _HEAD_LINES) if alike else _HEAD_LINES
        )
        joined: dict[int, list[Line]] = {}
        for line, found in met:
            if not found:
                heads.append(_Head(number, [line], _interval(line)))
            elif len(found) == 1 and _continues(line, heads[found[0]], reach):
                joined.setdefault(found[0], []).append(line)
            else:
                above.append((number, line))
        for index, lines in joined.items():
            head = heads[index]
            heads[index] = _Head(head.row, [*lines, *head.lines], _interval(*lines, *head.lines))
    return sorted(heads, key=lambda head: head.extent), above


def _continues(line: Line, head: _Head, reach: float) -> bool:
    """Whether a line is the first of a head: close above it, and in line with it or not far beside it."""
    (left, right), (first, last) = head.extent, _interval(line)
    off = min(abs(left - first), abs(right - last), abs(left + right - first - last) / 2)
    beside = max(left - first, last - right)
    in_line = off < _OFF_LINE * line.size or beside < _BESIDE_LINE * line.size
    return in_line and _gap(line, head) < reach * line.size


def _gap(line: Line, head: _Head) -> float:
    """How far above a head a line stands."""
    return head.lines[0].box.top - line.box.bottom


def _titles_between_heads(heads: Sequence[_Head], rows: Sequence[Sequence[Line]]) -> list[_Head]:
    """The heads that are titles of several columns, but so short that they stand between two of them.

    They stand above all others, no figure stands under them, and every other head has its own.
    """
    top = min((head.row for head in heads), default=0)
    titles = [head for head in heads if head.row == top]
    others = [head for head in heads if head.row > top]
    ranked = [row for row in rows if row and len(row) == len(others)]
    over_figures = any(head.extent.meets(_interval(line)) for head in titles for row in rows for line in row)
    if (
        ranked
        and not over_figures
        and all(
            head.extent.meets(_interval(line))
            for row in ranked
            for head, line in zip(others, row, strict=True)
        )
    ):
        return titles
    return []


def _titles_over_heads(heads: Sequence[_Head], walls: Sequence[float]) -> list[_Head]:
    """The heads that stand over others between the same upright walls."""
    ranks = [bisect_right(walls, sum(head.extent) / 2) for head in heads]
    lowest = {
        rank: max(head.row for head, own in zip(heads, ranks, strict=True) if own == rank) for rank in ranks
    }
    return [head for head, rank in zip(heads, ranks, strict=True) if walls and head.row < lowest[rank]]


class _Columns(NamedTuple):
    """The columns of values, and of every head the first column it is over and the one behind the last.

    In a row of `full` length each figure stands in the column of its rank.
    """

    extents: list[_Interval]
    heads: list[tuple[int, int]]
    full: int | None

    def of(self, extent: _Interval) -> tuple[int, int]:
        """The first column in which something stands, and the one behind the last."""
        met = [index for index, column in enumerate(self.extents) if column.meets(extent)]
        if not met:
            middle = (extent.left + extent.right) / 2
            met = [min(range(len(self.extents)), key=lambda i: abs(sum(self.extents[i]) / 2 - middle))]
        return met[0], met[-1] + 1

    def of_figures(self, figures: Sequence[Line]) -> list[tuple[int, int]]:
        """The columns of the figures of a row."""
        if len(figures) == self.full:
            return [(rank, rank + 1) for rank in range(self.full)]
        return [self.of(_middle(figure)) for figure in figures]


def _drawn_columns(
    rows: Sequence[Sequence[Line]], heads: Sequence[_Head], walls: Sequence[float]
) -> _Columns | None:
    """The columns between upright walls; None if some are not drawn: no two texts of a row share a column."""
    texts = [*([figure.box.center[0] for figure in row] for row in rows), [sum(h.extent) / 2 for h in heads]]
    edges = [*walls, float("inf")]
    if not walls or any(left > x for left in walls[:1] for row in texts for x in row):
        return None
    ranks = [[bisect_right(edges, x) - 1 for x in row] for row in texts]
    if any(len(set(row)) < len(row) for row in ranks):
        return None
    used = sorted({rank for row in ranks for rank in row})
    columns = _Columns([_Interval(edges[rank], edges[rank + 1]) for rank in used], [], None)
    return columns._replace(heads=[columns.of(_middle(*head.lines)) for head in heads])


def _columns(rows: Sequence[Sequence[Line]], heads: Sequence[_Head]) -> _Columns:
    """The columns of values that rows of figures and heads show.

    Where rows have as many figures as there are heads, both belong together in their order, even if a figure
    does not stand right under its head. Else columns are where figures stand, and where a head has none.
    """
    ranked = [row for row in rows if len(row) == len(heads)]
    if heads and ranked:
        extents = [
            _Interval(
                min([head.extent.left, *(row[rank].box.left for row in ranked)]),
                max([head.extent.right, *(row[rank].box.right for row in ranked)]),
            )
            for rank, head in enumerate(heads)
        ]
        others = [_interval(line) for row in rows if len(row) != len(heads) for line in row]
        if all(sum(column.meets(other) for column in extents) == 1 for other in others):
            return _Columns(extents, [(rank, rank + 1) for rank in range(len(heads))], len(heads))
    figures = _united(_interval(line) for row in rows for line in row)
    blank = [head.extent for head in heads if not any(column.meets(head.extent) for column in figures)]
    columns = _Columns(_united([*figures, *blank]), [], None)
    return columns._replace(heads=[columns.of(head.extent) for head in heads])


def _interval(*lines: Line) -> _Interval:
    return _Interval(min(line.box.left for line in lines), max(line.box.right for line in lines))


def _middle(*lines: Line) -> _Interval:
    middle = sum(_interval(*lines)) / 2
    return _Interval(middle, middle)


def _united(intervals: Iterable[_Interval]) -> list[_Interval]:
    united: list[_Interval] = []
    for interval in sorted(intervals):
        if united and interval.left < united[-1].right:
            united[-1] = _Interval(united[-1].left, max(united[-1].right, interval.right))
        else:
            united.append(interval)
    return united


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

"""Where tables without a lattice of rules stand: rows of figures below each other, labels to their left and
heads above."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from gao_pipeline.documents.paged.figures import entries_at_end, figures_of_row, is_entry, is_figure
from gao_pipeline.documents.paged.layout import Line, hull

_WIDEST_BREAK = 4.0
"""Rows of one table follow each other within so many character sizes."""

_LINE_GAP = 0.6
"""Lines of one label are less than so many character sizes apart, a heading is more."""

_PITCH = 0.98
"""Lines of one label follow each other closer than by this share of the distance of rows."""

_MOST_COLUMNS = 60
"""So many of the figures above tell where columns are."""

_SEVERAL = 3
"""Right of so many figures of a row stand no heads of figures further below."""

_LINES_BESIDE_HEADS = 1
"""So many lines of the corner may stand between two rows of heads."""


class Edge(NamedTuple):
    """Between labels and figures: where the labels end and where the figures begin."""

    labels: float
    values: float

    def is_over(self, line: Line) -> bool:
        """Whether a line above the figures stands over them: it is right of all labels, or reaches them."""
        return line.box.left >= self.labels - 0.5 * line.size or self.is_beyond(line)

    def is_beyond(self, line: Line) -> bool:
        """Whether a line reaches to where the figures stand."""
        return line.box.right > self.values + 0.5 * line.size

    def drawn(self, walls: Sequence[float]) -> Edge:
        """The edge where the first of the walls between the labels and the figures stands."""
        between = [wall for wall in walls if self.labels <= wall <= self.values]
        return self._replace(labels=between[0]) if between else self


class Row(NamedTuple):
    """The texts on one base line: those on the left, and the figures on the right."""

    labels: list[Line]
    figures: list[Line]

    @property
    def lines(self) -> list[Line]:
        """All texts, from the left."""
        return [*self.labels, *self.figures]


class Region(NamedTuple):
    """The rows of a table: `body` of them from the first row of figures on, `heads` above."""

    heads: list[list[Line]]
    body: list[Row]

    @property
    def lines(self) -> list[Line]:
        """All texts of the table."""
        return [line for row in (*self.heads, *(row.lines for row in self.body)) for line in row]

    @property
    def figures(self) -> list[list[Line]]:
        """The figures of each row that has some."""
        return [row.figures for row in self.body if row.figures]


def find_regions(rows: Sequence[list[Line]]) -> list[Region]:
    """The runs of rows that form tables: rows of figures under one head, with what stands between them."""
    return [region for run in _without_breaks(rows) for region in _regions(run)]


def _without_breaks(rows: Sequence[list[Line]]) -> Iterator[Sequence[list[Line]]]:
    """The rows in runs, parted by white space that is too wide for one table."""
    extents = [_heights(row) for row in rows]
    tops = list(accumulate(reversed([top for top, _ in extents]), min))[::-1]
    bottoms = list(accumulate((bottom for _, bottom in extents), max))
    starts = [
        index
        for index in range(1, len(rows))
        if tops[index] - bottoms[index - 1] >= _WIDEST_BREAK * rows[index][0].size
    ]
    for start, end in pairwise([0, *starts, len(rows)]):
        yield rows[start:end]


def _regions(rows: Sequence[list[Line]]) -> list[Region]:
    regions: list[Region] = []
    floor = start = 0
    while start < len(rows):
        if not _figures(rows, start):
            start += 1
            continue
        body = _body(rows, start)
        first = _head(rows, start, body, floor)
        last = start + len(body) - 1
        if first < start or sum(len(row.figures) for row in body) > 1:
            top = _top(rows, start, body, floor) if first == start else _lowest_head(rows, start, body) + 1
            body = [*(Row(list(row), []) for row in rows[top:start]), *body]
            end = _tail(rows, last, body)
            body += [Row(list(row), []) for row in rows[last + 1 : end + 1]]
            regions.append(Region(list(rows[first:top]), body))
            last = end
        floor = start = last + 1
    return regions


def edge_of(body: Iterable[Row]) -> Edge:
    """The edge that rows of figures show, and the label lines between them."""
    rows = list(body)
    values = min(row.figures[0].box.left for row in rows if row.figures)
    labels = [
        line.box.right for row in rows for line in row.labels if line.box.right <= values + 0.5 * line.size
    ]
    return Edge(max(labels, default=values), values)


def _body(rows: Sequence[list[Line]], start: int) -> list[Row]:
    """The rows of figures from `start` on, and those of labels between them, before anything else stands
    where the figures do."""
    body: list[Row] = []
    count = 0
    edge = Edge(float("-inf"), float("inf"))
    columns: list[Line] = []
    for index in range(start, len(rows)):
        row = _without_notes(rows[index], body)
        figures = _figures_below(row, columns) or figures_of_row(row) or _figures(rows, index)
        figures = [figure for figure in figures if figure.box.right > edge.labels]
        labels = row[: len(row) - len(figures)]
        if figures:
            edge = edge._replace(values=min(edge.values, figures[0].box.left))
            columns += figures
        elif any(edge.is_beyond(line) or _is_apart(line, edge) for line in row) or _is_heading(
            rows, index, edge.values
        ):
            break
        edge = edge._replace(labels=max([edge.labels, *(label.box.right for label in labels)]))
        body.append(Row(labels, figures))
        if figures:
            count = len(body)
    return body[:count]


def _without_notes(row: list[Line], body: Sequence[Row]) -> list[Line]:
    """A row without words that stand right of rows of several figures: those of a column of notes."""
    if all(len(other.figures) < _SEVERAL for other in body):
        return row
    right = max(figure.box.right for other in body for figure in other.figures)
    return [line for line in row if line.box.left < right or is_entry(line)]


def _figures(rows: Sequence[list[Line]], index: int) -> list[Line]:
    """The figures of a row; one or two alone are a row if they are level with a label above or below them."""
    row = rows[index]
    figures = figures_of_row(row)
    if figures or not all(map(is_figure, row)):
        return figures
    beside = _lines_beside(rows, index)
    return list(row) if beside and all(line.box.right < row[0].box.left for line in beside) else []


def _lines_beside(rows: Sequence[list[Line]], index: int) -> list[Line]:
    """The lines above and below a row that are partly level with it."""
    box = hull(line.box for line in rows[index])
    near = [line for other in (index - 1, index + 1) if 0 <= other < len(rows) for line in rows[other]]
    return [line for line in near if line.box.shares_height(box)]


def _is_apart(line: Line, edge: Edge) -> bool:
    """Whether a line begins right of all labels, if there are any."""
    return 0.0 < edge.labels + line.size < line.box.left


def _figures_below(row: Sequence[Line], columns: Sequence[Line]) -> list[Line]:
    """The texts at the end of a row that are figures, or words for none, and stand below figures each."""
    figures = entries_at_end(row)
    near = columns[-_MOST_COLUMNS:]
    stand_below = all(any(figure.box.shares_width(above.box) for above in near) for figure in figures)
    return figures if stand_below else []


def _is_prose(row: Sequence[Line], edge: Edge) -> bool:
    """Whether a row is a sentence: it runs from the labels over the figures."""
    return any(
        line.box.left < min(edge.labels, edge.values - 2 * line.size)
        and line.box.right > edge.values + 4 * line.size
        for line in row
    )


def _is_heading(rows: Sequence[list[Line]], index: int, values: float) -> bool:
    """Whether a row is a line by itself at the left, apart from what stands above and below, with the heads
    of a table below it."""
    row, following = rows[index], rows[index + 1 : index + 2]
    if len(row) > 1 or row[0].box.left >= values - 2 * row[0].size:
        return False
    near = [hull(line.box for line in other) for other in (rows[index - 1], *following)]
    apart = all(
        max(row[0].box.top - box.bottom, box.top - row[0].box.bottom) > _LINE_GAP * row[0].size
        for box in near
    )
    edge = Edge(values, values)
    return apart and any(not figures_of_row(other) and any(map(edge.is_beyond, other)) for other in following)


def _head(rows: Sequence[list[Line]], start: int, body: Sequence[Row], floor: int) -> int:
    """The first row of the heads above the row of figures `start`, not above `floor`."""
    edge = edge_of(body)
    beside = [line.box.right for line in _lines_beside(rows, start) if not edge.is_over(line)]
    edge = edge._replace(labels=min(edge.labels, max(beside, default=edge.labels)))
    first = start
    for index in range(start - 1, floor - 1, -1):
        row = rows[index]
        if _is_prose(row, edge):
            break
        if any(map(edge.is_over, row)):
            first = index
        elif first - index > _LINES_BESIDE_HEADS:
            break
    return first


def _lowest_head(rows: Sequence[list[Line]], start: int, body: Sequence[Row]) -> int:
    """The last row of heads above the row of figures `start`, which has heads."""
    edge = edge_of(body)
    return max(index for index in range(start) if any(map(edge.is_over, rows[index])))


def _top(rows: Sequence[list[Line]], start: int, body: Sequence[Row], floor: int) -> int:
    """The first row that still belongs to the labels of the row of figures `start`, which has no heads and
    in the middle of which its figures stand."""
    middle = hull(line.box for line in body[0].figures).center[1]
    label = list(body[0].labels)
    label += [line for row in body[1:2] if not row.figures for line in row.labels]
    begin = start
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


def _tail(rows: Sequence[list[Line]], last: int, body: Sequence[Row]) -> int:
    """The last row that still belongs to the labels of the last row of figures: partly level with these, or
    broken over lines, which follow each other closer than rows do."""
    heights = [hull(line.box for line in row.figures).center[1] for row in body if row.figures]
    pitch = min((below - above for above, below in pairwise(heights)), default=float("inf"))
    edge = edge_of(body[-1:])
    broken = [line for row in body[-2:] for line in row.labels if not edge.is_over(line)]
    beside = [line for line in _lines_beside(rows, last) if not edge.is_beyond(line)]
    end = last
    while end + 1 < len(rows):
        below = rows[end + 1]
        if not all(line in beside or any(_goes_on(label, line, pitch) for label in broken) for line in below):
            break
        broken += below
        end += 1
    return end


def _goes_on(above: Line, below: Line, pitch: float = float("inf")) -> bool:
    """Whether a line continues the label that the line above it begins, closer than by a `pitch`."""
    near = below.box.top - above.box.bottom < _LINE_GAP * above.size
    near = near and below.box.center[1] - above.box.center[1] < _PITCH * pitch
    return (
        near
        and above.box.left - above.size < below.box.left
        and below.box.right < above.box.right + above.size
    )

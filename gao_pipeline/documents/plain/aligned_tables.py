"""Tables whose columns spaces align: a text is a sheet of characters, and where a figure stands tells its
column, as on a page without rules.

Figures of one column begin, end or have their middles below each other, whatever the lengths of labels, and
no row has two of them; heads and columns follow each other in one order. Programs differ over the width of
characters, and over how many spaces part two texts: those count with which most columns have a head.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import accumulate, groupby, pairwise, product
from math import inf
from typing import NamedTuple

from gao_pipeline.contracts.forms import label_wordings
from gao_pipeline.contracts.text import compact
from gao_pipeline.documents.numbering import without_numbers
from gao_pipeline.documents.paged.columns import columns_of_figures, headed_columns
from gao_pipeline.documents.paged.figures import is_entry
from gao_pipeline.documents.paged.heads import Head, Interval, find_heads, interval, without_titles
from gao_pipeline.documents.paged.lattice import Box
from gao_pipeline.documents.paged.layout import Line
from gao_pipeline.documents.paged.regions import Edge
from gao_pipeline.documents.plain.rows import WIDTHS, TextLine, figures_behind, is_wide

_TEXT = re.compile(r"\S+(?:[ \u3000\xa0]\S+)*")
_PADDED_TEXT = re.compile(r"(?:\S|\u3000)+(?:[ \xa0](?:\S|\u3000)+)*")
_WORD = re.compile(r"\S+")
_NARROW_GAP = re.compile(r"\S[ \u3000\xa0]\S")
_ZERO_APART = re.compile(r"0\s+\d")
"""So begins no figure."""

_SIZE = 2.0
"""Columns of a terminal that an ideograph takes."""

_MIDDLE = 0.5
_ANCHORS = (0.0, 1.0, _MIDDLE)
"""How far from the left to the right of figures and heads a text may align them."""

_MIDDLE_OFF = 1.0
"""What has its middle below that of another is off by so many columns of the terminal at most."""

_ONE_CHARACTER = 2.0
"""A row that holds a character of another width is off by so much."""

_NO_EDGE = Edge(0.0, inf)
"""Where labels end and values begin before a row tells it."""

_SURE_ROWS, _SURE_FIGURES = 10, 3
"""So many rows do not begin their texts below each other by chance, so many figures not below heads."""


def aligned_rows(lines: Sequence[TextLine]) -> list[list[TextLine]] | None:
    """The rows that the lines of a table print, with a blank cell wherever one prints no figure below those
    of others, and the heads of its columns in one row; `None` where nothing shows that they are aligned, or
    several ways to set the lines are as good and do not tell the same."""
    fits = [fit for way in _ways("\n".join(line.text for line in lines)) if (fit := _fit(lines, way))]
    best = max((fit.quality for fit in fits), default=None)
    best_fits = [fit for fit in fits if fit.quality == best]
    if best_fits:
        return best_fits[0].rows if all(fit.texts == best_fits[0].texts for fit in best_fits) else None
    return next(filter(None, (_from_starts(lines, wide) for wide in WIDTHS)), None)


def _ways(text: str) -> Iterator[_Way]:
    """The ways to set a text that differ for it."""
    padded = (False, True) if "\u3000" in text else (False,)
    apart = (False, True) if _NARROW_GAP.search(text) else (False,)
    widths = {tuple(is_wide(character, wide) for character in set(text)): wide for wide in WIDTHS}
    for way in product(widths.values(), padded, apart, apart):
        yield _Way(*way)


class _Way(NamedTuple):
    """How lines may be set: which characters take two columns of a terminal, whether texts are padded with
    ideographic spaces, and whether single spaces part figures, and heads."""

    wide: str
    is_padded: bool
    figures_apart: bool
    heads_apart: bool

    def texts(self, line: TextLine) -> list[Line]:
        """The texts of a line that two spaces part, or more; figures behind a text that single ones do, as
        well where they are apart."""
        spans: list[tuple[int, int]] = []
        for text in (_PADDED_TEXT if self.is_padded else _TEXT).finditer(line.text):
            words = [word.span() for word in _WORD.finditer(line.text, *text.span())]
            figures = len(figures_behind(text[0])[1]) if self.figures_apart else 0
            if figures < len(words):
                spans.append((text.start(), words[-1 - figures][1]))
            spans += words[len(words) - figures :]
        columns = list(accumulate((2 if is_wide(c, self.wide) else 1 for c in line.text), initial=0))
        return [
            Line(
                line.text[start:end].strip(),
                Box(columns[start], line.number, columns[end], line.number + 1),
                _SIZE,
            )
            for start, end in spans
        ]

    def heads(self, texts: list[Line]) -> list[Line]:
        """The heads that some texts are: each of their words where these are apart."""
        return [word for text in texts for word in self._words(text)] if self.heads_apart else texts

    def _words(self, text: Line) -> Iterator[Line]:
        columns = list(
            accumulate((2 if is_wide(c, self.wide) else 1 for c in text.text), initial=text.box.left)
        )
        for word in _WORD.finditer(text.text):
            box = text.box._replace(left=columns[word.start()], right=columns[word.end()])
            yield Line(word[0], box, text.size)


class _Row(NamedTuple):
    """The texts of a line: labels on the left, and values."""

    labels: list[Line]
    values: list[Line]


class _Fit(NamedTuple):
    """The rows of a table, or of a part of one, and how good the fit is.

    It is the better the more heads stand over figures or are known, and the fewer stand alone and columns
    have none; then the less figures and heads are off each other.
    """

    rows: list[list[TextLine]]
    headed: int = 0
    off: float = 0.0

    @property
    def quality(self) -> tuple[int, float]:
        return self.headed, -self.off

    @property
    def texts(self) -> list[list[str]]:
        """What its cells say."""
        return [[compact(cell.text) for cell in row] for row in self.rows]


def _fit(lines: Sequence[TextLine], way: _Way) -> _Fit | None:
    """The rows as one way sets the lines; `None` where they are not aligned so."""
    rows = [_row(texts) for texts in without_numbers(list(map(way.texts, lines))) if texts]
    are_glued = any(_ZERO_APART.match(text.text) for row in rows for text in row.values)
    if are_glued or any(map(_hides_figures, rows)) or not any(row.values for row in rows):
        return None
    whole = _Fit([])
    for heads, body in _parts(rows):
        part = _part(list(map(way.heads, heads)), body)
        if part is None:
            return None
        whole = _Fit(whole.rows + part.rows, whole.headed + part.headed, whole.off + part.off)
    return whole


def _is_value(text: Line) -> bool:
    return TextLine(0, text.text).is_figure or is_entry(text)


def _row(texts: Sequence[Line]) -> _Row:
    """The labels of a row, and what stands from the first of most figures side by side on."""
    runs = [(is_value, list(run)) for is_value, run in groupby(texts, key=_is_value)]
    longest = max((len(run) for is_value, run in runs if is_value), default=0)
    first = max(
        (i for i, (is_value, run) in enumerate(runs) if is_value and len(run) == longest), default=len(runs)
    )
    labels, values = ([text for _, run in part for text in run] for part in (runs[:first], runs[first:]))
    return _Row(labels, values)


def _hides_figures(row: _Row) -> bool:
    """Whether figures stand at the end of the last label of a row that has none behind it."""
    label, figures = figures_behind(row.labels[-1].text) if row.labels and not row.values else ("", [])
    return bool(label and figures)


def _parts(rows: Iterable[_Row]) -> Iterator[tuple[list[list[Line]], list[_Row]]]:
    """The parts of a table: rows of heads, and those below them up to the next that stand over figures."""
    heads: list[list[Line]] = []
    body: list[_Row] = []
    edge = _NO_EDGE
    for row in rows:
        is_head = not row.values and (not body or any(map(edge.is_over, row.labels)))
        if is_head and body:
            yield heads, body
            heads, body, edge = [], [], _NO_EDGE
        if is_head:
            heads.append(row.labels)
        else:
            body.append(row)
            edge = _edge_with(edge, row)
    yield heads, body


def _edge_with(edge: Edge, row: _Row) -> Edge:
    """Where the labels of rows end, and their values begin, with one more row; one without values tells
    nothing."""
    if not row.values:
        return edge
    labels = max([edge.labels, *(text.box.right for text in row.labels)])
    return Edge(labels, min([edge.values, *(text.box.left for text in row.values)]))


def _without_number(row: _Row, labels: float) -> _Row:
    """The row without the running number that it begins with where labels stand."""
    if row.labels:
        return row._replace(labels=row.labels[_is_number(row.labels) :])
    is_before = _is_number(row.values) and row.values[0].box.right <= labels < row.values[1].box.left
    return row._replace(values=row.values[is_before:])


def _is_number(texts: Sequence[Line]) -> bool:
    return len(texts) > 1 and texts[0].text.isdecimal()


def _part(heads: Sequence[list[Line]], body: Sequence[_Row]) -> _Fit | None:
    """The rows of a part, if it is aligned."""
    if not any(row.values for row in body):
        return _Fit([*map(_cells, heads), *(_cells(row.labels) for row in body)])
    labels = reduce(_edge_with, body, _NO_EDGE).labels
    body = [_without_number(row, labels) for row in body]
    edge = reduce(_edge_with, body, _NO_EDGE)
    if edge.values < edge.labels:
        return None
    columns = columns_of_figures([row.values for row in body if row.values])
    if _has_figures_of_several(columns):
        return None
    corner = [[text for text in row if not edge.is_over(text)] for row in heads]
    found = _heads([[text for text in row if edge.is_over(text)] for row in heads], columns, corner)
    placed = _placed(columns, found, body)
    if placed is None:
        return None
    printed = _rows_of_heads(heads, found, placed) if placed.heads else [_cells(row) for row in heads]
    for row in body:
        values = {placed.figures[value]: value.text for value in row.values}
        printed.append([*_cells(row.labels), *_in_columns(values, placed.columns, row.values[:1])])
    filled = set(placed.figures.values())
    over = len(filled.intersection(placed.heads))
    known = sum(_is_known(head.lines) for head in found)
    headed = 3 * over - len(found) - len(filled) + known
    return _Fit([cells for cells in printed if cells], headed, _off(list(_columns(placed, found))))


def _columns(placed: _Places, heads: Sequence[Head]) -> Iterator[list[Interval]]:
    """What stands in each column: its figures, and its head."""
    for rank in range(placed.columns):
        figures = [interval(figure) for figure, column in placed.figures.items() if column == rank]
        yield [
            *figures,
            *(head.extent for column, head in zip(placed.heads, heads, strict=False) if column == rank),
        ]


def _has_figures_of_several(columns: Sequence[list[Line]]) -> bool:
    """Whether a text that may be several figures reaches below those of another column than its own."""
    extents = [interval(*column) for column in columns]
    return any(
        " " in figure.text and sum(map(interval(figure).meets, extents)) > 1
        for column in columns
        for figure in column
    )


def _heads(
    rows: Sequence[list[Line]], columns: Sequence[list[Line]], corner: Sequence[list[Line]]
) -> list[Head]:
    """The heads of single columns, from the left. Pieces beside each other may make a head of the form; what
    stands above a whole one is none of it, but the title of several."""
    found: list[Head] = []
    for head in find_heads(rows)[0]:
        endings = (head.lines[at:] for at in reversed(range(len(head.lines))))
        own = next((lines for lines in endings if _is_known(lines)), head.lines)
        if found and not _is_known(own) and _is_known(both := [*found[-1].lines, *own]):
            found[-1] = Head(max(found[-1].row, head.row), both, interval(*both))
        else:
            found.append(head._replace(lines=own, extent=interval(*own)))
    return without_titles(found, [interval(*column) for column in columns], [], corner)[0]


def _is_known(lines: Iterable[Line]) -> bool:
    """Whether lines make the wording of a label of the form."""
    return compact("".join(line.text for line in lines)) in label_wordings()


def _from_starts(lines: Sequence[TextLine], wide: str) -> list[list[TextLine]] | None:
    """The rows of a table that is aligned from its first column on, labels included: every text begins where
    another does and ends before the next column, of which there are hardly more than the fullest row fills.
    In few rows a column may be blank all the way down. Rows with more labels than others, as spans have moved
    their cells, have blank cells as far only as some of them print one."""
    way = _Way(wide, is_padded=False, figures_apart=False, heads_apart=False)
    rows = [texts for texts in without_numbers(list(map(way.texts, lines))) if texts]
    shared = Counter(text.box.left for row in rows for text in row)
    starts = sorted(shared)
    ends = dict(pairwise([*starts, inf]))
    is_sure = len(rows) >= _SURE_ROWS and len(starts) > _SURE_FIGURES and min(shared.values()) > 1
    if not is_sure or len(starts) > max(map(len, rows)) + 1:
        return None
    if any(text.box.right >= ends[text.box.left] for row in rows for text in row):
        return None
    ranks = {start: rank for rank, start in enumerate(starts)}
    widths: dict[int, int] = {}
    for row in rows:
        kind = _kind(row)
        widths[kind] = max(ranks[row[-1].box.left] + 1, widths.get(kind, 0))
    return [
        _in_columns({ranks[text.box.left]: text.text for text in row}, widths[_kind(row)], row)
        for row in rows
    ]


def _kind(texts: Sequence[Line]) -> int:
    """How many labels stand before the values of a row."""
    row = _row(texts)
    return len(row.labels) if row.values else 0


class _Places(NamedTuple):
    """The column of every figure and of every head, from the left, and how many columns there are."""

    figures: dict[Line, int]
    heads: list[int]
    columns: int


def _placed(columns: Sequence[list[Line]], heads: Sequence[Head], body: Sequence[_Row]) -> _Places | None:
    """Where figures and heads stand, if some row fills all columns, as heads or labels of many lengths before
    it show, or if the figures stand below heads as in aligned texts."""
    rows = [row for row in body if row.values]
    figures = {figure: rank for rank, column in enumerate(columns) for figure in column}
    if any(len({figures[value] for value in row.values}) < len(row.values) for row in rows):
        return None
    fullest, barest = (most(len(row.values) for row in rows) for most in (max, min))
    is_filled = fullest == len(columns)
    are_full = is_filled and barest == fullest
    off = _off([[interval(figure) for figure in column] for column in columns])
    is_headed = is_filled and len(heads) == len(columns) and all(_is_known(head.lines) for head in heads)
    if is_headed and (are_full or off <= _ONE_CHARACTER):
        return _Places(figures, list(range(len(heads))), len(columns))
    if off > 0:
        return _Places(figures, [], len(columns)) if are_full else None
    placed = headed_columns(columns, heads)
    ranks = [left for left, _ in placed.heads]
    of_rank = {rank: head.extent for rank, head in zip(ranks, heads, strict=True)}
    pairs = [(interval(figure), of_rank[rank]) for figure, rank in placed.places.items() if rank in of_rank]
    extents = [interval(*column) for column in columns]
    are_single = all(sum(map(head.extent.meets, extents)) < 2 for head in heads)
    are_paired = 0 < len(of_rank) == len(heads) and (is_filled or len(pairs) == len(figures))
    ends = {text.box.right for row in rows for text in row.labels[-1:]}
    shows_columns = is_filled and len(ends) > 1
    are_below = len(figures) >= _SURE_FIGURES and not _off(pairs)
    are_below |= shows_columns and all(figure.meets(head) for figure, head in pairs)
    if are_single and are_paired and are_below:
        return _Places(placed.places, ranks, len(placed.extents))
    return _Places(figures, [], len(columns)) if shows_columns or are_full else None


def _off(groups: Sequence[Sequence[Interval]]) -> float:
    """By how many columns of the terminal at most what stands in a group does not stand below each other."""
    return min(
        max(
            (
                max(0.0, max(places) - min(places) - _MIDDLE_OFF * (anchor == _MIDDLE))
                for group in groups
                if (places := [_at(one, anchor) for one in group])
            ),
            default=0.0,
        )
        for anchor in _ANCHORS
    )


def _at(extent: Interval, anchor: float) -> float:
    return extent.left + anchor * (extent.right - extent.left)


def _rows_of_heads(
    rows: Sequence[list[Line]], heads: Sequence[Head], placed: _Places
) -> list[list[TextLine]]:
    """The rows of heads, those of single columns in the row of the lowest."""
    lowest = max(head.row for head in heads)
    lines = {line for head in heads for line in head.lines}
    printed = [_cells(text for text in row if text not in lines) for row in rows]
    texts = {
        rank: "".join(line.text for line in head.lines)
        for rank, head in zip(placed.heads, heads, strict=True)
    }
    printed[lowest] += _in_columns(texts, placed.columns, rows[lowest])
    return printed


def _in_columns(texts: Mapping[int, str], count: int, row: Sequence[Line]) -> list[TextLine]:
    """A cell for every column of a row that prints something."""
    return [TextLine(int(row[0].box.top), texts.get(rank, "")) for rank in range(count)] if row else []


def _cells(texts: Iterable[Line]) -> list[TextLine]:
    return [TextLine(int(text.box.top), text.text) for text in texts]

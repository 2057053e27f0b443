"""Which texts of a page are figures, and what is printed below them as a remark."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial

from gao_pipeline.documents.paged.lattice import Box, Rule
from gao_pipeline.documents.paged.layout import Glyph, Line, hull, set_rows
from gao_pipeline.documents.vocabulary import page_vocabulary

_NUMBER = r"[-－+]?\d+(?:[,，.．\s]+\d+)*"
_MARK = r"[/／∕⁄⧸—⸺⸻－-]+"
_FIGURE = re.compile(rf"{_NUMBER}(?: ?[^\d\s.．、]\D{{0,2}})?(?:[（(][^（）()]*[）)])?|{_MARK}")
_OPEN_REMARK = re.compile(rf"(?:{_NUMBER} ?[^\d\s（）()]{{0,3}}|{_MARK})[（(][^（）()]*")
_REMARK = re.compile(_OPEN_REMARK.pattern + "[）)]")
_BRACKET = re.compile("[（(]")
_REMARK_LINES = 0.6
"""Lines of one remark follow each other within so many character sizes."""

_CLOSEST_ROWS = 0.9
"""Rows of a table are no closer to each other than so many character sizes."""

_NEAR_ROWS = 2
"""What goes on below a text stands so many rows further down at most."""

_LONGEST_BROKEN = 12
"""A figure that is broken over lines has so many characters at most."""

_NO_NUMBER = re.compile(r"[0０]\d")
"""So begins no number."""

_FEW = 2
"""So few figures without a label are no row."""

_CELL_GAP = 0.9
"""Texts of neighbouring cells stand so many character sizes apart, or more."""

_DENSE_CELL_GAP = 0.3
"""So many character sizes between ideographs or figures, which are set without any, show two cells."""

_LEVEL = 0.45
"""Texts of one row stand no further above or below each other than so many character sizes."""


def is_figure(line: Line) -> bool:
    """Whether a line is a number, with its unit and a remark in brackets, or a mark for none."""
    return is_figure_text(line.text)


def is_figure_text(text: str) -> bool:
    """Whether a text is what `is_figure` takes for a figure."""
    return _FIGURE.fullmatch(text) is not None


def is_entry(line: Line) -> bool:
    """Whether a line may be what is printed in a cell of figures: a figure or a word for none."""
    return _is_entry_text(line.text)


def _is_entry_text(text: str) -> bool:
    return is_figure_text(text) or page_vocabulary().is_word_for_none(text)


def entries_at_end(row: Sequence[Line]) -> list[Line]:
    """The texts at the end of a row that may be in cells of figures."""
    labels = len(row)
    while labels and is_entry(row[labels - 1]):
        labels -= 1
    return list(row[labels:])


def figures_of_row(row: Sequence[Line]) -> list[Line]:
    """The figures of a row of a table: those at its end, if only labels and a running number stand before."""
    figures = entries_at_end(row)
    labels = row[: len(row) - len(figures)]
    if not any(map(is_figure, figures)) or any(map(is_figure, labels[1:])):
        return []
    return figures if labels or len(figures) > _FEW else []


def cell_rows(
    glyphs: Iterable[Glyph], walls: Sequence[Rule] = (), dense_gap: float = 0.0
) -> list[list[Line]]:
    """The texts of cells, row by row; ideographs and figures are set apart by `dense_gap` character sizes."""
    return set_rows(glyphs, _CELL_GAP, max(_DENSE_CELL_GAP, dense_gap), walls)


def figures_of_tables(glyphs: Iterable[Glyph]) -> list[Line]:
    """The figures among the glyphs that stand in rows as tables have them."""
    return [line for row in cell_rows(glyphs) for line in figures_of_row(row)]


def whole_entries(rows: Sequence[list[Line]]) -> list[list[Line]]:
    """The rows with every figure that is broken over lines, and the remark below it, as one text in the row
    that it is level with."""
    remarked = _joined(rows, _remark_below)
    loose = {number for number in range(1, len(remarked)) if _is_loose(remarked, number)}
    whole = _joined(remarked, partial(_rest_below, loose=loose))
    for number, row in enumerate(whole):
        figures = entries_at_end(row)
        home = _home(whole, number, figures) if figures else None
        if home is not None:
            whole[home] = sorted([*whole[home], *figures], key=lambda line: line.box.left)
            whole[number] = row[: len(row) - len(figures)]
    return [row for row in whole if row]


def _home(rows: Sequence[Sequence[Line]], number: int, figures: Sequence[Line]) -> int | None:
    """The row next to a row with figures that these belong to: more figures stand there, too close for
    another row, and in other columns."""
    for other in (number - 1, number + 1):
        row = rows[other] if 0 <= other < len(rows) else []
        if sum(map(is_entry, row)) > len(figures):
            off = abs(row[-1].box.center[1] - figures[0].box.center[1])
            beside = not any(line.box.shares_width(near.box) for line in figures for near in row)
            if beside and off < _CLOSEST_ROWS * figures[0].size:
                return other
    return None


def _joined(
    rows: Sequence[list[Line]], below: Callable[[Line, Sequence[Sequence[Line]], int], list[tuple[int, Line]]]
) -> list[list[Line]]:
    """The rows with texts made one with the lines, and the numbers of their rows, that are found below."""
    rest = [list(row) for row in rows]
    joined: list[tuple[Line, int, int]] = []
    for number, row in enumerate(rows):
        for line in row:
            parts = [(number, line), *below(line, rows, number)]
            if len(parts) > 1 and all(part in rest[index] for index, part in parts):
                for index, part in parts:
                    rest[index].remove(part)
                text = "".join(part.text for _, part in parts)
                box = hull(part.box for _, part in parts)
                joined.append((Line(text, box, line.size), number, parts[-1][0]))
    for line, first, last in joined:
        level = [index for index in range(first, last + 1) if _is_level(line, rest[index])]
        home = max([*level, first, last], key=lambda index: sum(map(is_figure, rest[index])))
        rest[home] = sorted([*rest[home], line], key=lambda line: line.box.left)
    return [row for row in rest if row]


def _is_level(line: Line, row: Sequence[Line]) -> bool:
    middles = [hull(other.box for other in row).center[1]] if row else []
    return any(abs(middle - line.box.center[1]) < _LEVEL * line.size for middle in middles)


def _stands_below(line: Line, box: Box) -> bool:
    """Whether a line stands below something, at least partly, and not beside it."""
    return line.box.shares_width(box) and line.box.top > box.bottom - _LEVEL * line.size


def _is_loose(rows: Sequence[Sequence[Line]], number: int) -> bool:
    """Whether a row has nothing but units, or the like, of figures above it: each makes a figure with one of
    these and is none by itself, and they are fewer than the figures there."""
    above = range(max(0, number - _NEAR_ROWS), number)
    most = max(sum(map(is_entry, rows[index])) for index in above)
    row = rows[number]
    return len(row) < most and all(
        not is_entry(line) and any(_is_rest(line, begun) for index in above for begun in rows[index])
        for line in row
    )


def _is_rest(line: Line, begun: Line) -> bool:
    """Whether a line stands close below another one and both make a figure."""
    near = line.box.top - begun.box.bottom < _REMARK_LINES * line.size and _stands_below(line, begun.box)
    text = begun.text + line.text
    return near and len(text) <= _LONGEST_BROKEN and _is_entry_text(text) and not _NO_NUMBER.match(text)


def _rest_below(
    begun: Line, rows: Sequence[Sequence[Line]], number: int, loose: Collection[int]
) -> list[tuple[int, Line]]:
    """The lines, with the numbers of their rows, by which a text goes on below: in a loose row close by, or
    in the next but one if both are partly level with a row of figures between them."""
    for index in range(number + 1, min(number + 1 + _NEAR_ROWS, len(rows))):
        is_around = index == number + 2 and _is_around(rows[number], rows[number + 1], rows[index])
        found = [line for line in rows[index] if (index in loose or is_around) and _is_rest(line, begun)]
        for line in found[:1]:
            whole = Line(begun.text + line.text, hull([begun.box, line.box]), begun.size)
            return [(index, line), *_rest_below(whole, rows, index, loose)]
        if any(_stands_below(line, begun.box) for line in rows[index]):
            break
    return []


def _is_around(above: Sequence[Line], row: Sequence[Line], below: Sequence[Line]) -> bool:
    """Whether rows above and below a row with figures are both partly level with it."""
    box = row[-1].box
    return is_entry(row[-1]) and above[-1].box.bottom > box.top and below[-1].box.top < box.bottom


def _remark_below(figure: Line, rows: Sequence[Sequence[Line]], number: int) -> list[tuple[int, Line]]:
    """The lines, with the numbers of their rows, by which a remark goes on below a figure in row `number`
    until it is closed; none where there is no such remark."""
    text = figure.text
    if not (is_figure(figure) or _OPEN_REMARK.fullmatch(text)) or _REMARK.fullmatch(text):
        return []
    parts: list[tuple[int, Line]] = []
    box = figure.box
    for index, row in enumerate(rows[number + 1 :], number + 1):
        if min(line.box.top for line in row) - box.bottom > _REMARK_LINES * figure.size:
            break
        below = [line for line in row if _stands_below(line, box)]
        if not below:
            continue
        if not _BRACKET.search(text) and not _BRACKET.match(below[0].text):
            break
        text += below[0].text
        if len(below) > 1 or not (_OPEN_REMARK.fullmatch(text) or _REMARK.fullmatch(text)):
            break
        parts.append((index, below[0]))
        box = hull([box, below[0].box])
        if _REMARK.fullmatch(text):
            return parts
    return []

"""Placed characters → lines, cell texts and paragraphs, by geometry alone.

Coordinates are those of `lattice`. What the stream order of a file says is not used: it is often wrong.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import floor
from typing import NamedTuple

from gao_pipeline.documents.paged.lattice import Box, Rule

_CJK = re.compile(
    r"[\u2e80-\u303f\u3100-\u312f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff“”‘’—…]"
)

_FIGURE_SIGN = re.compile(r"[\d+\-－−/／⸺⸻]")

_FIGURE_PART = re.compile(r"[\d.,]")
_BEGINS_NO_LINE = re.compile(r"[）)」』】》”，。、；：]")
"""Marks that may hang over the end of a line, for none of these begins the next."""

_REFERENCE_MARK = re.compile(r"[\d\u2460-\u2487*＊※注()（）\[\]〔〕]")

_MARK_SIZE = 0.82
"""A mark that refers to a note is at most so many times as large as the figure before it."""

_MARK_RISE = 0.1
"""Its middle is at least so many character sizes higher."""

_MARK_GAP = 0.25
"""It stands no further away than so many character sizes."""

_TOUCHING = 0.2
"""Characters of one text that are set without a gap stand no further apart (in points)."""

_GAP_OF_TOUCHING = 0.2
"""So many character sizes more than usual part ideographs that touch each other."""

_WIDEST_LETTER_SPACING = 0.6
"""Characters that are more than so many of their sizes apart are not set so for the look of it."""

_TELLING_GAPS = 3
"""So many gaps of a row tell how far its characters are apart."""

_WALL = 0.5
"""A character may begin so much (in points) before the wall that it stands behind."""

_ROOM = 2.0
"""White space of so many character sizes on both sides of a line in a cell has no room for more text."""

COLUMN_GAP = 3.0
"""A white gap of so many character sizes separates two texts that stand side by side."""


class Glyph(NamedTuple):
    """A character (or a few) on a page.

    `size` is the font size, `turn` in how many quarters of a circle, clockwise, the character is set.
    """

    text: str
    box: Box
    size: float
    turn: int = 0


def upright(box: Box, turn: int, width: float, height: float) -> Box:
    """A box on an area of `width` × `height` after the area was turned back by `turn` quarters clockwise."""
    left, top, right, bottom = box
    if turn == 1:
        return Box(top, width - right, bottom, width - left)
    if turn == 2:
        return Box(width - right, height - bottom, width - left, height - top)
    if turn == 3:
        return Box(height - bottom, left, height - top, right)
    return box


class Line(NamedTuple):
    """A run of text on one base line."""

    text: str
    box: Box
    size: float


def set_lines(glyphs: Iterable[Glyph], gap: float = COLUMN_GAP) -> list[Line]:
    """The glyphs as lines from the top down, cut where white space is wider than `gap` character sizes."""
    return [line for row in set_rows(glyphs, gap) for line in row]


def set_rows(
    glyphs: Iterable[Glyph], gap: float, dense_gap: float | None = None, walls: Sequence[Rule] = ()
) -> list[list[Line]]:
    """The lines of `set_lines`, those on one base line together.

    Ideographs and figures are set apart by `dense_gap` already, where it is given and no space is printed;
    ideographs by less where they touch each other otherwise. No line runs through one of the upright `walls`.
    """
    rows = (
        [line for run in _runs(row, gap, dense_gap, walls) if (line := _line(run)).text]
        for row in _rows(glyphs)
    )
    return [row for row in rows if row]


def _rows(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    rows: list[list[Glyph]] = []
    middle = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: glyph.box.center[1]):
        center = glyph.box.center[1]
        if rows and center - middle <= 0.45 * min(glyph.size, rows[-1][-1].size):
            rows[-1].append(glyph)
            middle += (center - middle) / len(rows[-1])
        else:
            rows.append([glyph])
            middle = center
    return [sorted(row, key=lambda glyph: glyph.box.left) for row in rows]


def touching_runs(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """The glyphs of each figure that is set without a gap, even where another text is printed over it, those
    with a mark that hangs behind them, and all other glyphs each by itself."""
    starts: dict[tuple[int, int], list[int]] = {}
    for index, glyph in enumerate(glyphs):
        if _FIGURE_PART.match(glyph.text) or _BEGINS_NO_LINE.match(glyph.text):
            starts.setdefault((floor(glyph.box.left), floor(glyph.box.center[1])), []).append(index)
    following: dict[int, int] = {}
    begun: set[int] = set()
    for index, glyph in enumerate(glyphs):
        near = (
            other
            for column in _cells_around(glyph.box.right)
            for row in _cells_around(glyph.box.center[1])
            for other in starts.get((column, row), ())
        )
        after = next((other for other in near if other not in begun and _touch(glyph, glyphs[other])), None)
        if after is not None:
            following[index] = after
            begun.add(after)
    runs = []
    for index in range(len(glyphs)):
        if index not in begun:
            run = [index]
            while run[-1] in following:
                run.append(following[run[-1]])
            runs.append([glyphs[member] for member in run])
    return runs


def _cells_around(position: float) -> set[int]:
    return {floor(position - _TOUCHING), floor(position + _TOUCHING)}


def _touch(glyph: Glyph, after: Glyph) -> bool:
    """Whether a digit is set right behind another of its figure, or a mark behind what it hangs on."""
    return (
        (_BEGINS_NO_LINE.match(after.text) or _FIGURE_PART.match(glyph.text)) is not None
        and glyph.box.left < after.box.left
        and abs(after.box.left - glyph.box.right) <= _TOUCHING
        and abs(after.box.center[1] - glyph.box.center[1]) <= _TOUCHING
        and abs(after.size - glyph.size) <= _TOUCHING
        and after.turn == glyph.turn
    )


def without_reference_marks(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs without the marks, set small and raised behind a figure, that refer to a note."""
    bases: dict[int, list[Glyph]] = {}
    marks: set[int] = set()
    for index in sorted(range(len(glyphs)), key=lambda index: glyphs[index].box.left):
        glyph = glyphs[index]
        reach = _MARK_GAP * glyph.size / _MARK_SIZE
        near = (
            base
            for place in range(floor(glyph.box.left - 2 * reach), floor(glyph.box.left + reach) + 1)
            for base in bases.get(place, ())
        )
        if _REFERENCE_MARK.match(glyph.text):
            base = next((base for base in near if _is_raised(glyph, base)), None)
            if base is not None:
                marks.add(index)
                glyph = base._replace(box=base.box._replace(right=glyph.box.right))
            elif not glyph.text.isdecimal():
                continue
            bases.setdefault(floor(glyph.box.right), []).append(glyph)
    return [glyph for index, glyph in enumerate(glyphs) if index not in marks]


def _is_raised(mark: Glyph, base: Glyph) -> bool:
    """Whether a glyph is set smaller than the digit (or mark of it) before it, and higher."""
    gap = _MARK_GAP * base.size
    middle = mark.box.center[1]
    return (
        mark.size <= _MARK_SIZE * base.size
        and -gap <= mark.box.left - base.box.right <= gap
        and base.box.top - gap <= middle <= base.box.center[1] - _MARK_RISE * base.size
    )


def _runs(
    row: Sequence[Glyph], gap: float, dense_gap: float | None, walls: Sequence[Rule]
) -> list[list[Glyph]]:
    dense = gap if dense_gap is None else dense_gap
    touching = dense if dense_gap is None else min(dense, _spacing(row, dense) + _GAP_OF_TOUCHING)
    runs: list[list[Glyph]] = []
    right = 0.0
    for glyph in row:
        if not glyph.text.strip() and not runs:
            continue
        before = runs[-1][-1].text if runs else " "
        widest = gap
        if _is_dense(before, glyph.text):
            widest = touching if _are_ideographs(before, glyph.text) else dense
        if not runs or (
            glyph.text.strip()
            and (
                glyph.box.left - right > widest * glyph.size
                or any(
                    right <= wall.position <= glyph.box.left + _WALL
                    and wall.start < glyph.box.center[1] < wall.end
                    for wall in walls
                )
            )
        ):
            runs.append([])
        runs[-1].append(glyph)
        if glyph.text.strip():
            right = glyph.box.right
    return runs


def _spacing(row: Sequence[Glyph], widest: float) -> float:
    """How many character sizes neighbouring ideographs of a row stand apart, where no wider than `widest`."""
    return statistics.median(_gaps(row, widest) or [0.0])


def _gaps(row: Sequence[Glyph], widest: float) -> list[float]:
    gaps = (
        (after.box.left - before.box.right) / after.size
        for before, after in pairwise(row)
        if _are_ideographs(before.text, after.text)
    )
    return [gap for gap in gaps if gap < widest]


def letter_spacing(glyphs: Iterable[Glyph]) -> float:
    """How many character sizes the ideographs of any row stand apart where a text is set with its characters
    apart; 0 where those of one row are not."""
    gaps = [_gaps(row, _WIDEST_LETTER_SPACING) for row in _rows(glyphs)]
    return max(0.0, min((statistics.median(own) for own in gaps if len(own) >= _TELLING_GAPS), default=0.0))


def _are_ideographs(before: str, text: str) -> bool:
    """Whether two characters are ideographs; the marks between them have white space of their own."""
    return bool(_CJK.match(before) and _CJK.match(text)) and before.isalpha() and text.isalpha()


def _is_dense(before: str, text: str) -> bool:
    """Whether two characters are set without a gap where they belong together."""
    ideographs = before.strip() and (_CJK.match(before) or _CJK.match(text))
    return bool(ideographs or (_FIGURE_SIGN.match(before) and _FIGURE_SIGN.match(text)))


def _line(run: Sequence[Glyph]) -> Line:
    parts: list[str] = []
    previous: Glyph | None = None
    for glyph in run:
        if previous is not None and _spaced(previous, glyph):
            parts.append(" ")
        parts.append(glyph.text)
        previous = glyph
    inked = [glyph for glyph in run if glyph.text.strip()] or list(run)
    box = Box(
        min(glyph.box.left for glyph in inked),
        min(glyph.box.top for glyph in inked),
        max(glyph.box.right for glyph in inked),
        max(glyph.box.bottom for glyph in inked),
    )
    return Line("".join(parts).strip(), box, statistics.median(glyph.size for glyph in inked))


def _spaced(previous: Glyph, glyph: Glyph) -> bool:
    """Whether the gap between two glyphs stands for a space that the file does not spell out."""
    if previous.text.isspace() or glyph.text.isspace():
        return False
    gap = glyph.box.left - previous.box.right
    dense = _CJK.match(previous.text) or _CJK.match(glyph.text)
    return gap > (1.0 if dense else 0.2) * min(previous.size, glyph.size)


def cell_text(lines: Sequence[Line], width: float) -> str:
    """The text of a cell of `width` out of its lines.

    A line that was broken for want of room goes on without a break. Two lines of figures are one number only
    if the first filled the cell; otherwise they stay apart, by a line break.
    """
    text = ""
    for index, line in enumerate(lines):
        if not index:
            text = line.text
            continue
        text += _glue(lines[index - 1], line, width) + line.text
    return text


def _glue(above: Line, below: Line, width: float) -> str:
    last, first = above.text[-1], below.text[0]
    if _CJK.match(last) or _CJK.match(first):
        return ""
    if not (last.isalpha() or first.isalpha()):
        return "" if _room(above, width) < _ROOM * above.size and len(above.text) > 1 else "\n"
    return " "


def is_full(lines: Sequence[Line], width: float) -> bool:
    """Whether the last line in a cell of `width` leaves no room for more text."""
    if not lines:
        return False
    least = min(_room(line, width) for line in lines)
    last = lines[-1]
    return _room(last, width) < max(_ROOM * last.size, least + 0.6 * last.size if len(lines) > 1 else 0.0)


def _room(line: Line, width: float) -> float:
    return width - (line.box.right - line.box.left)


class Flow(NamedTuple):
    """A paragraph under way: its lines, each with the number of its page."""

    lines: list[Line]
    page: int


def flow_paragraphs(lines: Sequence[Line], page: int, column: Box) -> list[Flow]:
    """The lines of a page between two tables as paragraphs, in reading order.

    A line continues the paragraph above it when that one filled its line, and itself is neither indented nor
    set in another size nor further away than lines of a paragraph are. Texts side by side flow apart.

    Args:
        column: the text area of the page, the widest column that its lines can be in.
    """
    flows: list[Flow] = []
    for line in sorted(lines, key=lambda line: (round(line.box.top), line.box.left)):
        above = _above(line, flows)
        if above is not None and _continues(above, line, column):
            above.lines.append(line)
        else:
            flows.append(Flow([line], page))
    return flows


def _above(line: Line, flows: Sequence[Flow]) -> Flow | None:
    """The paragraph straight above a line."""
    for flow in reversed(flows[-8:]):
        last = flow.lines[-1].box
        if last.bottom <= line.box.top + 0.5 * line.size and min(last.right, line.box.right) > max(
            last.left, line.box.left
        ):
            return flow
    return None


def _continues(flow: Flow, line: Line, column: Box) -> bool:
    last = flow.lines[-1]
    if abs(line.size - last.size) > 0.15 * last.size:
        return False
    if line.box.top - last.box.bottom > 1.6 * last.size:
        return False
    return fills(last, column.right) and (not indented(line, column.left) or _centered(last, line, column))


def fills(line: Line, right: float) -> bool:
    """Whether a line ran up to the right margin, so that it may go on below."""
    return line.box.right > right - 2.0 * line.size


def indented(line: Line, left: float) -> bool:
    return line.box.left > left + 1.2 * line.size


def _centered(above: Line, line: Line, column: Box) -> bool:
    """Whether a line continues a title that is set in the middle."""
    middle, _ = column.center
    return (
        abs(line.box.center[0] - middle) < line.size
        and abs(above.box.center[0] - middle) < line.size
        and line.box.left - column.left > 4 * line.size
    )


def paragraph_text(lines: Sequence[Line]) -> str:
    """The lines of a paragraph as one text: a space where a Latin word or a figure ends at the line's end."""
    text = ""
    for line in lines:
        glue = "" if not text or _CJK.match(text[-1]) or _CJK.match(line.text[0]) else " "
        if glue and text[-1].isdigit() and line.text[0].isdigit():
            glue = ""
        text += glue + line.text
    return text


def hull(boxes: Iterable[Box]) -> Box:
    """The smallest box around all boxes."""
    every = list(boxes)
    return Box(
        min(box.left for box in every),
        min(box.top for box in every),
        max(box.right for box in every),
        max(box.bottom for box in every),
    )

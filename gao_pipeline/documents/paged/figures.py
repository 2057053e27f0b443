"""Which texts of a page are figures, and what is printed below them as a remark."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gao_pipeline.documents.paged.layout import Line, hull

_NUMBER = r"[-－+]?\d+(?:[,，.． ]+\d+)*"
_MARK = r"[/／∕⁄⧸—⸺⸻－-]+"
_FIGURE = re.compile(rf"{_NUMBER}(?: ?[^\d\s.．、]\D{{0,2}})?(?:[（(][^（）()]*[）)])?|{_MARK}")
_OPEN_REMARK = re.compile(rf"(?:{_NUMBER} ?[^\d\s（）()]{{0,3}}|{_MARK})[（(][^（）()]*")
_REMARK = re.compile(_OPEN_REMARK.pattern + "[）)]")
_REMARK_LINES = 0.6
"""Lines of one remark follow each other within so many character sizes."""

_LEVEL = 0.45
"""Texts of one row stand no further above or below each other than so many character sizes."""


def is_figure(line: Line) -> bool:
    """Whether a line is a number, with its unit and a remark in brackets, or a mark for none."""
    return is_figure_text(line.text)


def is_figure_text(text: str) -> bool:
    """Whether a text is what `is_figure` takes for a figure."""
    return _FIGURE.fullmatch(text) is not None


def with_remarks(rows: Sequence[list[Line]]) -> list[list[Line]]:
    """The rows with every figure and the remark below it as one text, in the row that it is level with."""
    rest = [list(row) for row in rows]
    remarked: list[tuple[Line, int, int]] = []
    for number, row in enumerate(rows):
        for line in row:
            parts = [(number, line), *_remark_below(line, rows, number)]
            if len(parts) > 1 and all(part in rest[index] for index, part in parts):
                for index, part in parts:
                    rest[index].remove(part)
                text = "".join(part.text for _, part in parts)
                box = hull(part.box for _, part in parts)
                remarked.append((Line(text, box, line.size), number, parts[-1][0]))
    for line, first, last in remarked:
        level = [index for index in range(first, last + 1) if _is_level(line, rest[index])]
        home = max([*level, first, last], key=lambda index: sum(map(is_figure, rest[index])))
        rest[home] = sorted([*rest[home], line], key=lambda line: line.box.left)
    return [row for row in rest if row]


def _is_level(line: Line, row: Sequence[Line]) -> bool:
    middles = [hull(other.box for other in row).center[1]] if row else []
    return any(abs(middle - line.box.center[1]) < _LEVEL * line.size for middle in middles)


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
        below = [
            line
            for line in row
            if line.box.left < box.right
            and box.left < line.box.right
            and line.box.top > box.bottom - _LEVEL * line.size
        ]
        if not below:
            continue
        text += below[0].text
        if len(below) > 1 or not (_OPEN_REMARK.fullmatch(text) or _REMARK.fullmatch(text)):
            break
        parts.append((index, below[0]))
        box = hull([box, below[0].box])
        if _REMARK.fullmatch(text):
            return parts
    return []

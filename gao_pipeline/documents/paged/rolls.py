"""Pages put below each other as if they were one endless sheet, so that a page break cuts no table.

Running heads and feet, page numbers and the heads that a table repeats are left out between two pages.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from gao_pipeline.documents.paged.figures import cell_rows, figures_of_row
from gao_pipeline.documents.paged.furniture import masked
from gao_pipeline.documents.paged.lattice import Box, Rule
from gao_pipeline.documents.paged.layout import Glyph, Line, hull
from gao_pipeline.documents.vocabulary import page_vocabulary

_SEAM = 0.3
"""The last line of a page and the first of the next are put so many character sizes apart."""

_FURNITURE = 2
"""Running heads and feet have so many lines at most."""

_FURNITURE_TEXTS = 2
"""Each has so many texts at most, other than the heads of a table."""

_REPEATED = 3
"""Heads that a page repeats are of so many texts at least."""

_OFF_PLACE = 3.0
"""A repeated head stands where the first one does, within this (in points)."""


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


class Sheet(NamedTuple):
    """A page, or an area of one: what it prints outside of its ruled tables, and where these stand."""

    number: int
    glyphs: Sequence[Glyph]
    separators: Separators = Separators()
    tables: Sequence[Box] = ()


class Roll:
    """Sheets below each other; heights on the roll are not those on the pages.

    `glyphs` and `separators` are those of all sheets where they stand on the roll; what rules draw between
    two pages, and around heads that are left out, is left out too.
    """

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._sheets = sheets
        bodies = _bodies(sheets)
        self._offsets: list[float] = []
        self._starts: list[float] = []
        self.glyphs: list[Glyph] = []
        self._origins: list[tuple[int, Glyph]] = []
        self._furniture: list[list[Glyph]] = []
        horizontal: list[Rule] = []
        vertical: list[Rule] = []
        end = 0.0
        for number, (sheet, body) in enumerate(zip(sheets, bodies, strict=True)):
            boxes = [*(line.box for row in body.rows for line in row), *sheet.tables]
            whole = hull(boxes) if boxes else Box(0.0, 0.0, 0.0, 0.0)
            offset = end - whole.top
            inside = [glyph for glyph in sheet.glyphs if body.holds(glyph)]
            self._furniture.append([glyph for glyph in sheet.glyphs if body.is_furniture(glyph)])
            self._origins += [(number, glyph) for glyph in inside]
            self.glyphs += [glyph._replace(box=_moved(glyph.box, offset)) for glyph in inside]
            horizontal += [
                rule._replace(position=rule.position + offset)
                for rule in sheet.separators.horizontal
                if whole.top < rule.position < whole.bottom
            ]
            vertical += [
                rule._replace(
                    start=max(rule.start, whole.top) + offset, end=min(rule.end, whole.bottom) + offset
                )
                for rule in sheet.separators.vertical
                if rule.start < whole.bottom and whole.top < rule.end
            ]
            self._offsets.append(offset)
            self._starts.append(end)
            size = body.rows[-1][0].size if body.rows else 0.0
            end = whole.bottom + offset + _SEAM * size
        self.separators = Separators(horizontal, vertical)

    def _sheet_at(self, y: float) -> int:
        return max(0, bisect_right(self._starts, y) - 1)

    def on_page(self, boxes: Iterable[Box]) -> tuple[int, Box]:
        """The page on which the first of some boxes on the roll stands, and where they stand on it."""
        ordered = sorted(boxes, key=lambda box: box.top)
        sheet = self._sheet_at(ordered[0].center[1])
        own = hull(box for box in ordered if self._sheet_at(box.center[1]) == sheet)
        return self._sheets[sheet].number, _moved(own, -self._offsets[sheet])

    def outside(self, tables: Sequence[Box]) -> list[list[Glyph]]:
        """Of each sheet the glyphs that stand outside of some boxes on the roll, where they stand on it."""
        outside = [list(glyphs) for glyphs in self._furniture]
        for glyph, (sheet, origin) in zip(self.glyphs, self._origins, strict=True):
            if not any(table.contains(*glyph.box.center) for table in tables):
                outside[sheet].append(origin)
        return outside


class _Body(NamedTuple):
    """The rows of a sheet without furniture, the heights of its furniture and of the heads it repeats."""

    rows: list[list[Line]]
    furniture: list[Box]
    repeated: list[Box]

    def holds(self, glyph: Glyph) -> bool:
        return not _is_in(glyph, self.furniture) and not _is_in(glyph, self.repeated)

    def is_furniture(self, glyph: Glyph) -> bool:
        return _is_in(glyph, self.furniture)


def _is_in(glyph: Glyph, rows: Sequence[Box]) -> bool:
    return any(box.contains(*glyph.box.center) for box in rows)


def _bodies(sheets: Sequence[Sheet]) -> list[_Body]:
    rows = [cell_rows(sheet.glyphs, sheet.separators.vertical) for sheet in sheets]
    bodies: list[_Body] = []
    for number, own in enumerate(rows):
        near = [rows[other] for other in (number - 1, number + 1) if 0 <= other < len(rows)]
        heads = {masked(_text(row)) for other in near for row in other[:_FURNITURE]}
        feet = {masked(_text(row)) for other in near for row in other[-_FURNITURE:]}
        first, last = 0, len(own)
        while first < min(_FURNITURE, last) and _is_furniture(own[first], heads):
            first += 1
        while last > max(first, len(own) - _FURNITURE) and _is_furniture(own[last - 1], feet):
            last -= 1
        repeated = _repeated(own[first:last], bodies)
        bodies.append(
            _Body(
                own[first + repeated : last],
                [_box(row) for row in (*own[:first], *own[last:])],
                [_box(row) for row in own[first : first + repeated]],
            )
        )
    return bodies


def _box(row: Sequence[Line]) -> Box:
    return hull(line.box for line in row)


def _text(row: Sequence[Line]) -> str:
    return "".join(line.text for line in row)


def _is_furniture(row: Sequence[Line], repeated: Collection[str]) -> bool:
    text = _text(row)
    has_words = any(map(str.isalpha, text))
    if page_vocabulary().is_page_number(text):
        return has_words or len(row) == 1
    short = len(row) <= _FURNITURE_TEXTS and not figures_of_row(row)
    return has_words and short and masked(text) in repeated


def _repeated(rows: Sequence[Sequence[Line]], above: Sequence[_Body]) -> int:
    """How many rows at the head of a page repeat the heads of the table that goes on from the pages above."""
    if not above or not above[-1].rows or not _ends_in_table(above[-1].rows):
        return 0
    earlier = [row for body in above for row in body.rows]
    most = 0
    for start in range(len(earlier)):
        count = 0
        while (
            count < len(rows)
            and start + count < len(earlier)
            and _is_same(rows[count], earlier[start + count])
        ):
            count += 1
        if sum(len(row) for row in rows[:count]) >= _REPEATED:
            most = max(most, count)
    return most


def _is_same(row: Sequence[Line], other: Sequence[Line]) -> bool:
    """Whether a row of heads says the same as another one, at the same place."""
    return (
        [line.text for line in row] == [line.text for line in other]
        and not figures_of_row(row)
        and all(
            abs(line.box.left - before.box.left) < _OFF_PLACE for line, before in zip(row, other, strict=True)
        )
    )


def _ends_in_table(rows: Sequence[Sequence[Line]]) -> bool:
    """Whether the last rows of a page are a row of figures and labels without any below it, or heads."""
    if len(rows[-1]) > 1:
        return True
    below: list[Line] = []
    for row in reversed(rows):
        if figures := figures_of_row(row):
            return all(line.box.right <= figures[0].box.left for line in below)
        below += row
    return False


def _moved(box: Box, offset: float) -> Box:
    return box._replace(top=box.top + offset, bottom=box.bottom + offset)

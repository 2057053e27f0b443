"""Tables that a page builds of boxes instead of table tags: a box of rows, each a box of cells.

Layout is not computed, since style sheets rarely come with a saved page: the nesting shows the table, and
figures below labels tell it from other lists of lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lxml import etree

from gao_pipeline.documents.grids import grid_of_rows
from gao_pipeline.documents.model import Grid, Place
from gao_pipeline.documents.plain.rows import TextLine, mostly_figures, shows_figures
from gao_pipeline.documents.web.appearance import Appearance

Element = etree._Element

_CONTAINERS = frozenset({"article", "div", "dl", "ol", "section", "ul"})
_ROWS = frozenset({"div", "dl", "li", "ol", "p", "section", "ul"})
_CELLS = frozenset({"dd", "div", "dt", "i", "label", "li", "p", "span"})
_INSIDE_CELLS = frozenset(
    {"b", "br", "del", "em", "font", "i", "ins", "p", "s", "span", "strong", "sub", "sup", "u"}
)
_WHITE_SPACE = re.compile(r"[ \t\r\n\f]+")
_FEWEST_ROWS = 3
_WIDE_ROW = 5
"""So many cells, and then figures only, or nothing in any of them, are no list of anything else."""
_LONGEST_CELL = 150


def block_table(box: Element, appearance: Appearance) -> Grid | None:
    """The table that `box` builds of the boxes inside it: most of them rows of several cells.

    A row without boxes of its own is a row of one cell, e.g. a heading inside the table.
    """
    shown = [child for child in box.iterchildren("*") if not appearance.is_unshown(child)]
    if box.tag not in _CONTAINERS or len(shown) < _FEWEST_ROWS or _has_text(box, shown):
        return None
    rows: list[list[str]] = []
    for row in shown:
        cells = None if row.tag not in _ROWS else _cells(row, appearance)
        if cells is None:
            return None
        rows.append(cells)
    lines = [[TextLine(0, text) for text in row] for row in rows]
    several = [row[_is_numbered(row) :] for row in lines if len(row) > 1]
    wide = any(len(row) >= _WIDE_ROW and (shows_figures(row) or _is_blank(row)) for row in several)
    if len(several) < max(_FEWEST_ROWS, len(rows) / 2) or not (wide or mostly_figures(several)):
        return None
    ragged = len({len(row) for row in rows}) > 1
    return grid_of_rows(([(text, Place()) for text in row] for row in rows), Place(), ragged=ragged)


def _is_blank(row: Sequence[TextLine]) -> bool:
    return all(cell.blank for cell in row)


def _is_numbered(row: Sequence[TextLine]) -> bool:
    """Whether a running number stands before the label of a row."""
    return row[0].is_figure and not row[1].is_figure and not row[1].blank


def _cells(row: Element, appearance: Appearance) -> list[str] | None:
    """The texts of the cells of a row; `None` for a box that is no row of cells."""
    cells = [child for child in row.iterchildren("*") if not appearance.is_unshown(child)]
    if not cells or any(cell.tag not in _CELLS for cell in cells):
        texts = [_text(row, appearance)] if _is_cell(row) else None
    elif all(map(_is_cell, cells)) and not _has_text(row, cells):
        texts = [_text(cell, appearance) for cell in cells]
    else:
        texts = None
    return texts if texts is not None and max(map(len, texts)) <= _LONGEST_CELL else None


def _is_cell(box: Element) -> bool:
    """Whether nothing but one text stands in a box."""
    if any(part.tag not in _INSIDE_CELLS for part in box.iterdescendants("*")):
        return False
    return sum(1 for _ in box.iterdescendants("p")) < 2


def _has_text(box: Element, children: Iterable[Element]) -> bool:
    """Whether a text stands in a box beside its children."""
    own = [box.text, *(child.tail for child in children)]
    return any(text and text.strip() for text in own)


def _text(box: Element, appearance: Appearance) -> str:
    return _WHITE_SPACE.sub(" ", appearance.text(box)).strip(" ")

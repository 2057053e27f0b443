"""What a reader finds on a page, PDF or picture: its lines and its tables, with their places."""

from __future__ import annotations

from typing import NamedTuple

from gao_pipeline.documents.paged.lattice import Box
from gao_pipeline.documents.paged.layout import Line


class TableCell(NamedTuple):
    """A cell of a page's table; extents count in the table's own column edges and rows, ends exclusive.

    `is_full` tells that the last line of its text leaves no room for more.
    """

    top: int
    bottom: int
    left: int
    right: int
    text: str
    page: int
    box: Box
    open_top: bool = False
    open_bottom: bool = False
    confidence: float | None = None
    is_full: bool = False


class PageTable(NamedTuple):
    """A table, of one page or joined over several."""

    xs: tuple[float, ...]
    rows: int
    cells: list[TableCell]
    page: int
    box: Box


class Page(NamedTuple):
    """What stands on a page: tables, and lines outside of them; in points from the upper left.

    Where a page is read in several areas, each is one `Page`; `area` None is the whole page.
    """

    number: int
    width: float
    height: float
    lines: list[Line]
    tables: list[PageTable]
    area: Box | None = None

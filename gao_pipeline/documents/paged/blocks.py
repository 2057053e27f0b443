"""Pages → the blocks of a document: paragraphs and tables in reading order, joined across pages."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count, dropwhile

from gao_pipeline.documents.model import Block, Cell, Grid, Paragraph, Place
from gao_pipeline.documents.paged.continued_tables import EDGE_TOLERANCE, continue_table
from gao_pipeline.documents.paged.lattice import Box
from gao_pipeline.documents.paged.layout import (
    Flow,
    Line,
    fills,
    flow_paragraphs,
    hull,
    indented,
    paragraph_text,
)
from gao_pipeline.documents.paged.pages import Page, PageTable, TableCell
from gao_pipeline.documents.vocabulary import table_part_vocabulary

_FEW_LINES = 4
"""So few lines do not show how wide the text of a page is; its tables may."""

_SAME_SIZE = 0.15
"""Lines of one paragraph differ by no more than such a share of their size."""

_Item = PageTable | Flow


def join_pages(pages: Sequence[Page]) -> tuple[Block, ...]:
    """The content of the pages (without furniture) as blocks in reading order."""
    printed = [_with_overflow(page) for page in pages if page.lines or page.tables]
    items: list[_Item] = []
    for above, page in zip([None, *printed], printed, strict=False):
        below = _page_items(page, [other for other in printed if _are_set_alike(other, page)])
        if above is None or _stands_below(page, above):
            items += below
        else:
            items[-1:] = _joined(items[-1], below, above, page)
    return _numbered(items)


def _are_set_alike(page: Page, other: Page) -> bool:
    return (page.width, page.height, page.area) == (other.width, other.height, other.area)


def _stands_below(page: Page, other: Page) -> bool:
    """Whether an area stands below another one of the same page, so that it is set in other columns."""
    if page.area is None or other.area is None or page.number != other.number:
        return False
    return page.area.top >= other.area.bottom


def _with_overflow(page: Page) -> Page:
    """The page with lines that run out of a cell cut by the page break put back into it."""
    lines = list(page.lines)
    tables: list[PageTable] = []
    for table in page.tables:
        cells: list[TableCell] = []
        for cell in table.cells:
            below = [line for line in lines if cell.open_bottom and _runs_out_of(cell, line)]
            lines = [line for line in lines if line not in below]
            cells.append(cell._replace(text="".join([cell.text, *(line.text for line in below)])))
        tables.append(table._replace(cells=cells))
    return page._replace(lines=lines, tables=tables)


def _runs_out_of(cell: TableCell, line: Line) -> bool:
    """Whether a line stands right below a cell, no wider than it."""
    is_within = cell.box.left <= line.box.left and line.box.right <= cell.box.right
    return is_within and 0 <= line.box.center[1] - cell.box.bottom <= line.size


def _page_items(page: Page, alike: Sequence[Page]) -> list[_Item]:
    """Paragraphs and tables of a page, from the top down; the pages `alike` show how wide it is set."""
    boxes = [line.box for line in page.lines]
    if len(boxes) < _FEW_LINES:
        boxes += [table.box for table in page.tables]
    column = hull([*boxes, *(line.box for other in alike for line in other.lines)])
    tables = _without_slivers(sorted(page.tables, key=lambda table: table.box.top))
    between: list[list[Line]] = [[] for _ in range(len(tables) + 1)]
    for line in page.lines:
        middle = line.box.center[1]
        between[sum(table.box.center[1] < middle for table in tables)].append(line)
    items: list[_Item] = []
    for lines, table in zip(between, [*tables, None], strict=True):
        items += flow_paragraphs(lines, page.number, column)
        items += [table] if table else []
    return items


def _without_slivers(tables: Sequence[PageTable]) -> list[PageTable]:
    """The tables of a page, from the top down, without frames that hold nothing and stand below one as wide:
    some programs begin a row at the foot of a page and print all of it on the next."""
    kept: list[PageTable] = []
    for table in tables:
        if not kept or any(cell.text for cell in table.cells) or not _are_as_wide(kept[-1], table):
            kept.append(table)
    return kept


def _are_as_wide(table: PageTable, other: PageTable) -> bool:
    sides = zip((table.box.left, table.box.right), (other.box.left, other.box.right), strict=True)
    return all(abs(one - another) <= EDGE_TOLERANCE for one, another in sides)


def _joined(last: _Item, items: Sequence[_Item], above: Page, page: Page) -> list[_Item]:
    """The last item of the page `above` and those of the next one, the first of which is made one with it
    where it clearly goes on."""
    joined: _Item | None = None
    if isinstance(last, PageTable):
        rest = list(dropwhile(_is_continuation, items))
        if rest and isinstance(table := rest[0], PageTable):
            joined = continue_table(last, table)
    else:
        rest = list(items)
        if isinstance(flow := rest[0], Flow) and _runs_on(last.lines[-1], flow.lines[0], above, page):
            joined = Flow(last.lines + flow.lines, last.page)
    return [last, *items] if joined is None else [joined, *rest[1:]]


def _is_continuation(item: _Item) -> bool:
    """Whether a paragraph says that the table before it goes on."""
    return isinstance(item, Flow) and table_part_vocabulary().is_continuation(paragraph_text(item.lines))


def _runs_on(ending: Line, beginning: Line, above: Page, page: Page) -> bool:
    """Whether a paragraph whose last line fills the page `above` goes on in the first line of the next."""
    right = max((line.box.right for line in above.lines), default=above.width)
    left = min((line.box.left for line in page.lines), default=0.0)
    is_alike = abs(ending.size - beginning.size) <= _SAME_SIZE * ending.size
    return is_alike and fills(ending, right) and not indented(beginning, left)


def _numbered(items: Sequence[_Item]) -> tuple[Block, ...]:
    """The items as blocks; tables are numbered from 1."""
    numbers = count(1)
    return tuple(
        _grid(item, next(numbers)) if isinstance(item, PageTable) else _paragraph(item) for item in items
    )


def _paragraph(flow: Flow) -> Paragraph:
    bbox = _rounded(hull(line.box for line in flow.lines))
    return Paragraph(text=paragraph_text(flow.lines), place=Place(page=flow.page, bbox=bbox))


def _grid(table: PageTable, number: int) -> Grid:
    """A table as a grid; cells lie in reading order."""
    in_order = sorted(table.cells, key=lambda cell: (cell.top, cell.left))
    return Grid(
        cells=tuple(_cell(cell, number) for cell in in_order),
        rows=table.rows,
        columns=len(table.xs) - 1,
        place=Place(page=table.page, table=number, bbox=_rounded(table.box)),
    )


def _cell(cell: TableCell, table: int) -> Cell:
    return Cell(
        text=cell.text,
        row=cell.top,
        column=cell.left,
        row_span=cell.bottom - cell.top,
        column_span=cell.right - cell.left,
        confidence=cell.confidence,
        place=Place(
            page=cell.page, table=table, row=cell.top + 1, column=cell.left + 1, bbox=_rounded(cell.box)
        ),
    )


def _rounded(box: Box) -> tuple[float, float, float, float]:
    return (round(box.left, 1), round(box.top, 1), round(box.right, 1), round(box.bottom, 1))

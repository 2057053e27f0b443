"""Pages → a document's blocks: furniture dropped, paragraphs and tables joined across pages, places given.

PDF and scan readers fill `Page`s; what comes after is the same for both.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from gao_pipeline.documents.model import Block, Cell, Grid, Paragraph, Place
from gao_pipeline.documents.paged.figures import is_figure_text
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
from gao_pipeline.documents.vocabulary import page_vocabulary

EDGE_TOLERANCE = 3.0
"""Column edges of two pages that differ by no more (in points) are the same."""

_FEW_LINES = 4
"""So few lines do not show how wide the text of a page is; its tables may."""

_MARGIN = 0.08
"""Running heads and feet stand in these outermost shares of what pages print."""

_SPACES = re.compile(r"\s+")
_DIGITS = re.compile(r"\d+")
_OPEN_REMARK = re.compile(r"[（(\[【][^）)\]】]*$")
_REST_OF_REMARK = re.compile(r"[^（(\[【]*[）)\]】]")
_REST_OF_DIGITS = re.compile(r"\d+(?:[（(\[【][^）)\]】]*[）)\]】])?")
_REMARK = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]$")
_BEGINNING = re.compile(r"[（(]?[\d一二三四五六七八九十]+[）).．、]|第.{1,6}条")
_OPEN_FIGURE = re.compile(r"\d,\d{0,2}$")
_REST_OF_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})*$")


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


class Furniture(NamedTuple):
    """The texts that pages repeat above and below their content."""

    headers: list[str]
    footers: list[str]


def drop_furniture(pages: Sequence[Page]) -> tuple[list[Page], Furniture]:
    """The pages without page numbers and without running heads and feet, and what these said."""
    furniture = Furniture([], [])
    kept, margins = list(pages), _margins(pages)
    while any(found := _outermost_furniture(kept, margins)):
        for page, lines in zip(kept, found, strict=True):
            for line in lines:
                texts = furniture.headers if line.box.top < page.height / 2 else furniture.footers
                if line.text not in texts and not page_vocabulary().is_page_number(line.text):
                    texts.append(line.text)
        kept = [
            page._replace(lines=[line for line in page.lines if line not in lines])
            for page, lines in zip(kept, found, strict=True)
        ]
    return kept, furniture


class _Margins(NamedTuple):
    """The lower edge of the upper margin and the upper edge of the lower one, as far as furniture stands."""

    head: float
    foot: float


def _margins(pages: Sequence[Page]) -> list[_Margins]:
    """The margins of each page: the outermost parts of what pages as large as it print."""
    printed: dict[tuple[float, float], list[Box]] = {}
    for page in pages:
        boxes = [line.box for line in page.lines] + [table.box for table in page.tables]
        printed.setdefault((page.width, page.height), []).extend(boxes)
    margins = []
    for page in pages:
        boxes = printed[page.width, page.height]
        top = min((box.top for box in boxes), default=0.0)
        bottom = max((box.bottom for box in boxes), default=page.height)
        margin = _MARGIN * (bottom - top)
        margins.append(_Margins(top + margin, bottom - margin))
    return margins


def _outermost_furniture(pages: Sequence[Page], margins: Sequence[_Margins]) -> list[list[Line]]:
    """The first and last lines of each page that are page numbers or stand on other pages too."""
    outer = [_outer_lines(page, margin) for page, margin in zip(pages, margins, strict=True)]
    seen = Counter(text for lines in outer for text in {_masked(line.text) for line in lines})
    is_page_number = page_vocabulary().is_page_number
    return [
        [line for line in lines if seen[_masked(line.text)] > 1 or is_page_number(line.text)]
        for lines in outer
    ]


def _masked(text: str) -> str:
    return _DIGITS.sub("#", _SPACES.sub("", text))


def _outer_lines(page: Page, margins: _Margins) -> list[Line]:
    """The first and last lines of a page, where they stand in its margins and outside of its tables."""
    if not page.lines:
        return []
    tops = [table.box.top for table in page.tables]
    bottoms = [table.box.bottom for table in page.tables]
    first = min(line.box.top for line in page.lines)
    last = max(line.box.bottom for line in page.lines)
    head = [
        line
        for line in page.lines
        if line.box.top < first + line.size and line.box.bottom < min([margins.head, *tops])
    ]
    foot = [
        line
        for line in page.lines
        if line.box.bottom > last - line.size and line.box.top > max([margins.foot, *bottoms])
    ]
    return head + foot


def join_pages(pages: Sequence[Page]) -> tuple[Block, ...]:
    """The content of the pages (without furniture) as blocks in reading order."""
    blocks: list[PageTable | Flow] = []
    right = 0.0
    above: Page | None = None
    whole = [_with_overflow(page) for page in pages]
    for page in whole:
        like = [
            other
            for other in whole
            if (other.width, other.height, other.area) == (page.width, page.height, page.area)
        ]
        items = _page_items(page, like)
        if not items:
            continue
        body = [line.box for line in page.lines]
        if above is not None and not _stands_below(page, above):
            _join_at_seam(blocks, items, min((box.left for box in body), default=0.0), right)
        right = max((box.right for box in body), default=page.width)
        blocks.extend(items)
        above = page
    return _numbered(blocks)


def _stands_below(area: Page, other: Page) -> bool:
    """Whether an area stands below another one of the same page, so that it is set in other columns."""
    if area.area is None or other.area is None or area.number != other.number:
        return False
    return area.area.top >= other.area.bottom


def _with_overflow(page: Page) -> Page:
    """The page with lines that run out of a cell cut by the page break put back into it."""
    lines = list(page.lines)
    tables = [table._replace(cells=list(table.cells)) for table in page.tables]
    for table in tables:
        for index, cell in enumerate(table.cells):
            if not cell.open_bottom:
                continue
            inside = [
                line
                for line in lines
                if cell.box.left <= line.box.left
                and line.box.right <= cell.box.right
                and 0 <= line.box.center[1] - cell.box.bottom <= line.size
            ]
            for line in inside:
                table.cells[index] = cell._replace(text=cell.text + line.text)
                lines.remove(line)
    return page._replace(lines=lines, tables=tables)


def _page_items(page: Page, like: Sequence[Page]) -> list[PageTable | Flow]:
    """Paragraphs and tables of a page, from the top down; pages `like` it are set as wide."""
    if not page.lines and not page.tables:
        return []
    boxes = [line.box for line in page.lines]
    if len(boxes) < _FEW_LINES:
        boxes += [table.box for table in page.tables]
    column = hull([*boxes, *(line.box for other in like for line in other.lines)])
    tables = sorted(page.tables, key=lambda table: table.box.top)
    between: list[list[Line]] = [[] for _ in range(len(tables) + 1)]
    for line in page.lines:
        middle = line.box.center[1]
        between[sum(table.box.center[1] < middle for table in tables)].append(line)
    items: list[PageTable | Flow] = []
    for index, lines in enumerate(between):
        items.extend(flow_paragraphs(lines, page.number, column))
        if index < len(tables):
            items.append(tables[index])
    return items


def _join_at_seam(
    blocks: list[PageTable | Flow], items: list[PageTable | Flow], left: float, right: float
) -> None:
    """Lets the first item of a page continue the last one of the pages before, where it clearly does."""
    last = blocks[-1]
    if isinstance(last, PageTable):
        position = 0
        while (
            position < len(items)
            and isinstance(item := items[position], Flow)
            and page_vocabulary().is_continuation(paragraph_text(item.lines))
        ):
            position += 1
        if position < len(items) and isinstance(table := items[position], PageTable):
            joined = continue_table(last, table)
            if joined is not None:
                blocks[-1] = joined
                del items[: position + 1]
    elif isinstance(first := items[0], Flow):
        above, below = last.lines[-1], first.lines[0]
        if (
            abs(above.size - below.size) <= 0.15 * above.size
            and fills(above, right)
            and not indented(below, left)
        ):
            blocks[-1] = Flow(last.lines + first.lines, last.page)
            del items[0]


def continue_table(upper: PageTable, lower: PageTable) -> PageTable | None:
    """The table of a page joined with the one at the top of the next page; None if that is another table.

    It is the same table when both are equally wide and the column edges of one are among those of the other,
    wherever it stands on the page. A repeated header is left out. Cells that the page break cuts are joined:
    where no rule closes them on either side, where an empty cell beside a label goes on below one that spans
    rows, and all of a row where one shows it.
    """
    moved = [x + upper.xs[0] - lower.xs[0] for x in lower.xs]
    xs = _common_edges(upper.xs, moved)
    if xs is None:
        return None
    above = [_refitted(cell, upper.xs, xs) for cell in upper.cells]
    below = [_refitted(cell, moved, xs) for cell in lower.cells]
    repeated = _repeated_rows(above, below)
    shift = upper.rows - repeated
    below = [
        cell._replace(top=cell.top + shift, bottom=cell.bottom + shift)
        for cell in below
        if cell.top >= repeated
    ]
    seam = upper.rows
    endings = {(cell.left, cell.right): cell for cell in above if cell.bottom == seam}
    pairs = [
        (ending, cell)
        for cell in below
        if cell.top == seam and (ending := endings.get((cell.left, cell.right))) is not None
    ]
    row = [cell for cell in below if cell.top == seam]
    row_is_cut, has_words = _row_is_cut(pairs, row), any(map(_is_word, row))
    for ending, cell in pairs:
        if row_is_cut or _cut(ending, cell, has_words):
            above[above.index(ending)] = ending._replace(
                bottom=cell.bottom,
                text=ending.text + cell.text,
                open_bottom=cell.open_bottom,
                is_full=cell.is_full,
            )
            below.remove(cell)
    rows = shift + lower.rows
    cells = above + below
    if rows > seam and not any(cell.top == seam for cell in cells):
        cells = [_without_row(cell, seam) for cell in cells]
        rows -= 1
    return PageTable(xs, rows, cells, upper.page, upper.box)


def _common_edges(first: Sequence[float], second: Sequence[float]) -> tuple[float, ...] | None:
    finer, coarser = (first, second) if len(first) >= len(second) else (second, first)
    if abs(finer[-1] - coarser[-1]) > EDGE_TOLERANCE:
        return None
    if any(min(abs(edge - other) for other in finer) > EDGE_TOLERANCE for edge in coarser):
        return None
    return tuple(finer)


def _refitted(cell: TableCell, own: Sequence[float], xs: Sequence[float]) -> TableCell:
    """The cell of a table with the column edges `own` in one with the edges `xs`."""

    def nearest(edge: float) -> int:
        return min(range(len(xs)), key=lambda index: abs(xs[index] - edge))

    return cell._replace(left=nearest(own[cell.left]), right=nearest(own[cell.right]))


def _repeated_rows(above: Sequence[TableCell], below: Sequence[TableCell]) -> int:
    """How many rows at the head of `below` repeat the head of `above`, word by word and without a figure."""
    heads = [{(*cell[:4], _SPACES.sub("", cell.text)) for cell in cells} for cells in (above, below)]
    rows = 0
    for row in sorted({cell.top for cell in below}):
        current = {head for head in heads[1] if head[0] == row}
        if not current <= heads[0] or not any(head[-1] for head in current):
            break
        if any(head[-1].isdigit() for head in current):
            break
        rows = row + 1
    while rows and any(cell.top < rows < cell.bottom for cell in below):
        rows -= 1
    return rows


def _is_word(cell: TableCell) -> bool:
    """Whether a cell holds a text that is no figure."""
    return bool(cell.text) and not is_figure_text("".join(cell.text.split()))


def _cut(ending: TableCell, beginning: TableCell, has_words: bool) -> bool:
    """Whether the page break cuts one cell into these two; below heads, in a row without words, stand figures
    and blanks for none."""
    if ending.open_bottom and beginning.open_top:
        return True
    spanning = ending.bottom - ending.top > 1 or beginning.bottom - beginning.top > 1
    return spanning and has_words and bool(ending.text) and not beginning.text


def _row_is_cut(pairs: Sequence[tuple[TableCell, TableCell]], row: Sequence[TableCell]) -> bool:
    """Whether the page break cuts through a row: a text of it goes on in the `row` below, or that one holds
    nothing but what the cells above it lack, or the rest of what did not fit into full cells."""
    if any(_goes_on(ending.text, cell.text) for ending, cell in pairs):
        return True
    lacking = [cell for ending, cell in pairs if not ending.text]
    filled = [cell for cell in row if cell.text]
    if not filled or len(lacking) == len(pairs):
        return False
    return all(cell in lacking for cell in filled) or (
        len(pairs) == len(row) and (_figures_go_on(pairs) or _label_goes_on(pairs))
    )


def _figures_go_on(pairs: Sequence[tuple[TableCell, TableCell]]) -> bool:
    """Whether below stand the last digits of the longest figures of a row, and nothing else."""
    cut = [(ending, cell) for ending, cell in pairs if cell.text]
    whole = [len(ending.text) for ending, cell in pairs if not cell.text and ending.text.isdigit()]
    lengths = {len(ending.text) for ending, _ in cut}
    return (
        bool(whole)
        and all(
            ending.is_full and ending.text.isdigit() and _REST_OF_DIGITS.fullmatch(cell.text)
            for ending, cell in cut
        )
        and len(lengths) == 1
        and max(whole) <= max(lengths)
    )


def _label_goes_on(pairs: Sequence[tuple[TableCell, TableCell]]) -> bool:
    """Whether below stands nothing but the rest of a label, behind which the row above has its figures."""
    cut = [(ending, cell) for ending, cell in pairs if cell.text]
    if len(cut) != 1:
        return False
    ((ending, cell),) = cut
    return (
        ending.is_full
        and not (_BEGINNING.match(cell.text) or ending.text.isdigit() or cell.text.isdigit())
        and any(other.text.isdigit() for other, _ in pairs)
    )


def _goes_on(above: str, below: str) -> bool:
    """Whether a text goes on below: with the rest of a remark in brackets or a figure, or with a remark."""
    if _OPEN_FIGURE.search(above):
        return _REST_OF_FIGURE.match(below) is not None
    if _OPEN_REMARK.search(above):
        return _REST_OF_REMARK.match(below) is not None
    return bool(above) and _REMARK.match(below) is not None


def _without_row(cell: TableCell, row: int) -> TableCell:
    return cell._replace(top=cell.top - (cell.top > row), bottom=cell.bottom - (cell.bottom > row))


def _numbered(blocks: Sequence[PageTable | Flow]) -> tuple[Block, ...]:
    result: list[Block] = []
    table = 0
    for block in blocks:
        if isinstance(block, PageTable):
            table += 1
            result.append(to_grid(block, table))
        else:
            result.append(
                Paragraph(
                    text=paragraph_text(block.lines),
                    place=Place(page=block.page, bbox=_rounded(hull(line.box for line in block.lines))),
                )
            )
    return tuple(result)


def to_grid(table: PageTable, number: int) -> Grid:
    """A table as a grid; cells lie in reading order."""
    return Grid(
        cells=tuple(
            Cell(
                text=cell.text,
                row=cell.top,
                column=cell.left,
                row_span=cell.bottom - cell.top,
                column_span=cell.right - cell.left,
                confidence=cell.confidence,
                place=Place(
                    page=cell.page,
                    table=number,
                    row=cell.top + 1,
                    column=cell.left + 1,
                    bbox=_rounded(cell.box),
                ),
            )
            for cell in sorted(table.cells, key=lambda cell: (cell.top, cell.left))
        ),
        rows=table.rows,
        columns=len(table.xs) - 1,
        place=Place(page=table.page, table=number, bbox=_rounded(table.box)),
    )


def _rounded(box: Box) -> tuple[float, float, float, float]:
    return (round(box.left, 1), round(box.top, 1), round(box.right, 1), round(box.bottom, 1))

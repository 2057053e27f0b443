"""A table that goes on at the top of the next page: its columns, its heads, and the row that the page break
cuts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from gao_pipeline.contracts.text import bare
from gao_pipeline.documents.paged.figures import is_figure_text
from gao_pipeline.documents.paged.pages import PageTable, TableCell
from gao_pipeline.documents.vocabulary import table_part_vocabulary

EDGE_TOLERANCE = 3.0
"""Column edges of two pages that differ by no more (in points) are the same."""

_OPEN_REMARK = re.compile(r"[（(\[【][^）)\]】]*$")
_REST_OF_REMARK = re.compile(r"[^（(\[【]*[）)\]】]")
_REMARK = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]$")
_OPEN_FIGURE = re.compile(r"\d,\d{0,2}$")
_REST_OF_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})*$")
_DIGITS = re.compile(r"[-+]?(?![0０])\d[\d,.]*")
_REST_OF_DIGITS = re.compile(r"[\d,.]+(?:[（(\[【][^）)\]】]*[）)\]】])?")


class _Pair(NamedTuple):
    """A cell at the foot of a page and the one below it at the top of the next."""

    above: TableCell
    below: TableCell


def continue_table(upper: PageTable, lower: PageTable) -> PageTable | None:
    """The table of a page joined with the one at the top of the next page; None if that is another table.

    It is the same table when both are equally wide and the column edges of one are among those of the other,
    wherever it stands on the page; or when all edges of the lower one are straight below those of the upper
    one, whose first cell goes on without being drawn. A repeated header is left out, cells that the page
    break cuts are whole.
    """
    moved = [x + upper.xs[0] - lower.xs[0] for x in lower.xs]
    fitting = ((edges, xs) for edges in (moved, lower.xs) if (xs := _common_edges(upper.xs, edges)))
    found = next(fitting, None)
    if found is None:
        return None
    edges, xs = found
    above = [_refitted(cell, upper.xs, xs) for cell in upper.cells]
    below = [_refitted(cell, edges, xs) for cell in lower.cells]
    repeated = _repeated_rows(above, below)
    seam, rows = upper.rows, upper.rows - repeated + lower.rows
    below = [_lowered(cell, seam - repeated) for cell in below if cell.top >= repeated]
    cells = _joined(above, below, seam)
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


def _lowered(cell: TableCell, rows: int) -> TableCell:
    return cell._replace(top=cell.top + rows, bottom=cell.bottom + rows)


def _without_row(cell: TableCell, row: int) -> TableCell:
    return cell._replace(top=cell.top - (cell.top > row), bottom=cell.bottom - (cell.bottom > row))


def _repeated_rows(above: Sequence[TableCell], below: Sequence[TableCell]) -> int:
    """How many rows at the head of `below` repeat the head of `above`, word by word and without a figure."""
    heads = [{(*cell[:4], bare(cell.text)) for cell in cells} for cells in (above, below)]
    rows = 0
    for row in sorted({cell.top for cell in below}):
        current = {head for head in heads[1] if head[0] == row}
        if not current <= heads[0] or not any(head[-1] for head in current):
            break
        if any(head[-1].isdigit() for head in current):
            break
        rows = row + 1
    while any(cell.top < rows < cell.bottom for cell in below):
        rows -= 1
    return rows


def _joined(above: Sequence[TableCell], below: Sequence[TableCell], seam: int) -> list[TableCell]:
    """The cells of both pages, one in place of two that the page break makes of it: where no rule closes them
    on either side, where an empty cell beside a label goes on below one that spans rows, and all of a row
    where one shows it. Rests of figures that had room above stay lines of their own: a person is told."""
    endings = {(cell.left, cell.right): cell for cell in above if cell.bottom == seam}
    row = [cell for cell in below if cell.top == seam]
    pairs = [_Pair(endings[place], cell) for cell in row if (place := (cell.left, cell.right)) in endings]
    has_words = any(map(_is_word, row))
    are_two_rows = has_words and _figures_stand_below_each_other(pairs)
    goes_on = not are_two_rows and _row_goes_on(pairs, row)
    has_rests = not goes_on and len(pairs) == len(row) and _are_rests(pairs)
    between = "\n" if has_rests and not _had_no_room(pairs) else ""
    cut = {
        pair.above: pair.below
        for pair in pairs
        if goes_on or has_rests or _reaches_down(pair, has_words) or (_is_open(pair) and not are_two_rows)
    }
    rests = set(cut.values())
    return [
        *(_whole(cell, between, cut[cell]) if cell in cut else cell for cell in above),
        *(cell for cell in below if cell not in rests),
    ]


def _whole(above: TableCell, between: str, below: TableCell) -> TableCell:
    """The pieces of a cell as one, as surely read as the less sure of them."""
    pieces = [cell for cell in (above, below) if cell.text]
    return above._replace(
        bottom=below.bottom,
        text=between.join(cell.text for cell in pieces),
        confidence=min((cell.confidence for cell in pieces if cell.confidence is not None), default=None),
        open_bottom=below.open_bottom,
        is_full=below.is_full,
    )


def _is_word(cell: TableCell) -> bool:
    """Whether a cell holds a text that is no figure."""
    return bool(cell.text) and not is_figure_text(bare(cell.text))


def _is_open(pair: _Pair) -> bool:
    """Whether no rule closes a cell on either side of the page break."""
    return pair.above.open_bottom and pair.below.open_top


def _reaches_down(pair: _Pair, has_words: bool) -> bool:
    """Whether a cell of several rows goes on below: no rule closes it and no other label begins there, or
    nothing stands there; below heads, in a row without words, stand figures and blanks for none."""
    above, below = pair
    if above.bottom - above.top == below.bottom - below.top == 1:
        return False
    if _is_open(pair):
        return not (above.text and table_part_vocabulary().begins_label(below.text))
    return has_words and bool(above.text) and not below.text


def _figures_stand_below_each_other(pairs: Sequence[_Pair]) -> bool:
    """Whether figures stand below figures, and only there: a cut row has each of them once."""
    printed = [(pair.above.text.isdigit(), pair.below.text.isdigit()) for pair in pairs]
    return printed.count((True, True)) > 1 and all(above == below for above, below in printed)


def _row_goes_on(pairs: Sequence[_Pair], row: Sequence[TableCell]) -> bool:
    """Whether a text of a row goes on in the `row` below, or that one holds nothing but what the cells above
    it lack."""
    if any(_goes_on(pair.above.text, pair.below.text) for pair in pairs):
        return True
    lacking = [pair.below for pair in pairs if not pair.above.text]
    filled = [cell for cell in row if cell.text]
    return bool(filled) and len(lacking) < len(pairs) and all(cell in lacking for cell in filled)


def _are_rests(pairs: Sequence[_Pair]) -> bool:
    """Whether below stand nothing but rests: the last digits of some figures of a row, and the end of its
    label."""
    cut = [pair for pair in pairs if pair.below.text]
    labels = [pair for pair in cut if not _is_cut_figure(pair)]
    has_whole_figure = any(bare(above.text).isdigit() for above, below in pairs if not below.text)
    return bool(cut) and has_whole_figure and len(labels) <= 1 and all(map(_is_cut_label, labels))


def _is_cut_figure(pair: _Pair) -> bool:
    return bool(_DIGITS.fullmatch(bare(pair.above.text)) and _REST_OF_DIGITS.fullmatch(bare(pair.below.text)))


def _is_cut_label(pair: _Pair) -> bool:
    """Whether a label fills its cell and the text below begins no other one."""
    above, below = pair
    is_new = below.text.isdigit() or table_part_vocabulary().begins_label(below.text)
    return above.is_full and not above.text.isdigit() and not is_new


def _had_no_room(pairs: Sequence[_Pair]) -> bool:
    """Whether the cut figures fill their cells, and whole ones are no longer."""
    cut = [pair.above for pair in pairs if _is_cut_figure(pair)]
    whole = [above for above, below in pairs if not below.text and bare(above.text).isdigit()]
    longest = max(len(cell.text) for cell in (*cut, *whole))
    return all(cell.is_full and len(cell.text) == longest for cell in cut)


def _goes_on(above: str, below: str) -> bool:
    """Whether a text goes on below: with the rest of a remark in brackets or a figure, or with a remark."""
    if _OPEN_FIGURE.search(above):
        return _REST_OF_FIGURE.match(below) is not None
    if _OPEN_REMARK.search(above):
        return _REST_OF_REMARK.match(below) is not None
    return bool(above) and _REMARK.match(below) is not None

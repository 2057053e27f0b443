"""Labels that a dump of aligned text tears into lines above, beside and below the figures of their row.

Only pieces that together make the full wording of a row of the form are joined; a piece of the label of a
group that runs down the side of the table may stand between them. Figures below several whole labels may be
those of any: they get none.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product, takewhile

import msgspec

from gao_pipeline.documents.model import Cell
from gao_pipeline.reports.cells import is_blank, is_figure
from gao_pipeline.reports.labels import TableLabels
from gao_pipeline.reports.strips import PrintedRow, Strip

_LINES = 20
_SHORTEST = 5
"""Shorter labels are those of columns too."""


def with_torn_labels_joined(strip: Strip, labels: TableLabels) -> Strip:
    """The strip with every torn label in front of its figures, and without the rows of its pieces."""
    rows = [_without_piece_behind(row, labels) for row in strip.rows]
    position = 0
    while position < len(rows):
        own, figures = _parts(rows[position])
        if figures and (own is None or labels.rows.find(own.text) is None):
            above = _pieces(rows[:position][::-1])
            below = _pieces(rows[position + 1 :])
            beside = own.text.strip() if own else ""
            whole = [labels.rows.find_exact(piece) is not None for piece in above[:2]]
            one_of_several = not beside and whole == [True, True]
            if not one_of_several and (joined := _joined(above, beside, below, labels)):
                up, label, down = joined
                cell = msgspec.structs.replace(own or figures[0], text=label)
                rows[position - up : position + down + 1] = [PrintedRow((cell, *figures))]
                position -= up
        position += 1
    return strip._replace(rows=tuple(rows))


def _without_piece_behind(row: PrintedRow, labels: TableLabels) -> PrintedRow:
    """A row without a piece of the label of a group behind its figures."""
    *cells, last = row.cells or (None,)
    piece = last.text if last and any(map(_is_value, cells)) and not _is_value(last) else ""
    return row._replace(cells=tuple(cells)) if piece and labels.is_piece_of_group(piece) else row


def _pieces(rows: Sequence[PrintedRow]) -> list[str]:
    """The last text of each of the next rows that hold nothing but labels."""
    without_figures = takewhile(lambda row: row.cells and not _parts(row)[1], rows[:_LINES])
    return [row.cells[-1].text.strip() for row in without_figures]


def _parts(row: PrintedRow) -> tuple[Cell | None, tuple[Cell, ...]]:
    """The last label of a row and the figures behind it; blank cells before further labels are none."""
    first = next((index for index, cell in enumerate(row.cells) if _is_value(cell)), len(row.cells))
    values = row.cells[first:]
    if not any(is_figure(cell.text) for cell in values) and not all(is_blank(cell.text) for cell in values):
        return row.cells[-1], ()
    return (row.cells[first - 1] if first else None), values


def _is_value(cell: Cell) -> bool:
    return is_blank(cell.text) or is_figure(cell.text)


def _joined(
    above: Sequence[str], beside: str, below: Sequence[str], labels: TableLabels
) -> tuple[int, str, int] | None:
    """The label that the pieces nearest to some figures make, and how many of those above and below it takes.
    Pieces that may be of the label of a group count or not; no label stands wholly below its figures."""
    for down, up in product(range(len(below) + 1), range(len(above) + 1)):
        begun, rest = [*reversed(above[:up]), beside], below[:down]
        for dropped in (lambda _: False, labels.is_piece_of_group):
            kept = [[piece for piece in pieces if piece and not dropped(piece)] for pieces in (begun, rest)]
            label = "".join(kept[0] + kept[1])
            if up + down and kept[0] and len(label) >= _SHORTEST and labels.rows.find_exact(label):
                return up, label, down
    return None

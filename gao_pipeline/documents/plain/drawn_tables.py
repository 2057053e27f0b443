"""Tables whose columns are drawn: boxes around all cells, or dashes below the heads of the columns.

The drawing shows the extent of every cell in columns of a terminal, so that blank cells, cells of several
lines and merged cells are kept. Programs differ over the width of characters; the one counts with which the
whole table is aligned.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from gao_pipeline.documents.grids import GridBuilder
from gao_pipeline.documents.model import Place
from gao_pipeline.documents.plain.barred_tables import plain
from gao_pipeline.documents.plain.rows import WIDTHS, TextLine, TextTable, has_figures, is_wide, table_of_rows

_DRAWN = re.compile("[-=+|\u2500-\u257f]")
_BOX_LINE = re.compile(r"[+|\u2500-\u257f].*[+|\u2500-\u257f]$")
_EDGE = re.compile("[+|\u2502\u2503\u250c-\u254b\u2551-\u256c]")
_BAR = re.compile("[|\u2502\u2503\u2551]")
_RULE = re.compile("[-=\u2500\u2501\u2550]+")
_FEWEST_RULES = 4
_DASHES = re.compile(r"\s*([-=]{2,}(?:\s+[-=]{2,})+)\s*$")
_FULL_DASHES = re.compile(r"\s*-{20,}\s*$")
_LONGEST_HEAD = 6


class _Piece(NamedTuple):
    """What stands between two edges of a line, and the columns of the terminal where these are."""

    left: int
    right: int
    text: str
    is_rule: bool = False


def boxed_table(lines: list[TextLine], start: int) -> TextTable | None:
    """The table that starts at `start` and is drawn with a rule between any two rows."""
    end = start
    while end < len(lines) and _BOX_LINE.fullmatch(lines[end].text.strip()):
        end += 1
    drawn = lines[start:end]
    if sum(any(piece.is_rule for piece in _pieces(line.text, "")) for line in drawn) < _FEWEST_RULES:
        return TextTable((), end)
    for wide in WIDTHS:
        printed = [_pieces(line.text, wide) for line in drawn]
        rules = [piece for pieces in printed for piece in pieces if piece.is_rule]
        edges = {piece.left for piece in rules} | {piece.right for piece in rules}
        if all(edges.issuperset((piece.left, piece.right)) for pieces in printed for piece in pieces):
            return _table_of_boxes(_boxes(drawn, printed), sorted(edges), end)
    ranked = [_ranked(_pieces(line.text, "")) for line in drawn]
    if len({len(pieces) for pieces in ranked}) > 1:
        return None
    return _table_of_boxes(_boxes(drawn, ranked), range(len(ranked[0]) + 1), end)


def _ranked(pieces: Sequence[_Piece]) -> list[_Piece]:
    """The pieces of a line that is not aligned, as many as every other has: only their ranks are left."""
    return [piece._replace(left=rank, right=rank + 1) for rank, piece in enumerate(pieces)]


def _pieces(text: str, wide: str) -> list[_Piece]:
    """The pieces of a line between its edges. Where all of these are bars, dashes are rules only if
    all pieces are: else they are marks of blank cells."""
    places = list(_places(text.rstrip(), wide))
    cells = list(pairwise(index for index, (character, _) in enumerate(places) if _EDGE.match(character)))
    texts = ["".join(character for character, _ in places[left + 1 : right]) for left, right in cells]
    dashes = [_RULE.fullmatch(text) is not None for text in texts]
    has_rules = all(dashes) or not all(_BAR.match(places[edge][0]) for cell in cells for edge in cell)
    return [
        _Piece(places[left][1], places[right][1], text, is_dashes and has_rules)
        for (left, right), text, is_dashes in zip(cells, texts, dashes, strict=True)
    ]


def _places(text: str, wide: str) -> Iterator[tuple[str, int]]:
    """Every character and the column of the terminal where it begins."""
    column = 0
    for character in text:
        yield character, column
        column += 2 if not _DRAWN.match(character) and is_wide(character, wide) else 1


class _Box:
    """A cell as drawn: its edges, the row it begins in, the row it has come to, and its lines of text."""

    def __init__(self, row: int, piece: _Piece, line: int) -> None:
        self.first_row = self.last_row = row
        self.left, self.right = piece.left, piece.right
        self.place = Place(line=line)
        self.texts: list[str] = []

    @property
    def text(self) -> str:
        return "\n".join(self.texts).strip("\n")


def _boxes(lines: Sequence[TextLine], printed: Sequence[Sequence[_Piece]]) -> list[_Box]:
    """The cells of a drawn table; one that no rule crosses reaches down from the row above."""
    boxes: list[_Box] = []
    open_boxes: dict[int, _Box] = {}
    row = -1
    for line, pieces in zip(lines, printed, strict=True):
        row = max(row + any(piece.is_rule for piece in pieces), 0)
        for piece in pieces:
            if piece.is_rule:
                for left in [left for left in open_boxes if piece.left <= left < piece.right]:
                    del open_boxes[left]
                continue
            box = open_boxes.get(piece.left)
            if box is None or box.right != piece.right:
                box = open_boxes[piece.left] = _Box(row, piece, line.number)
                boxes.append(box)
            box.texts.append(piece.text.strip())
            box.last_row = row
    return boxes


def _table_of_boxes(boxes: Sequence[_Box], edges: Sequence[int], end: int) -> TextTable:
    builder = GridBuilder(boxes[0].place)
    for box in boxes:
        while builder.row < box.first_row:
            builder.start_row()
        left, right = edges.index(box.left), edges.index(box.right)
        builder.add(
            box.text,
            column=left,
            row_span=box.last_row - box.first_row + 1,
            column_span=right - left,
            place=box.place,
        )
    return TextTable([builder.grid()], end)


def dashed_table(lines: list[TextLine], start: int) -> TextTable | None:
    """The table that starts at `start` and shows its columns by a line of dashes, below its heads or above
    its first row.

    Where a rule of dashes over its whole width opens the table, or the same line of dashes closes it, blank
    lines part its rows; else every line is a row and a blank line ends the table.
    """
    opened = _FULL_DASHES.fullmatch(lines[start].text) is not None
    rule = start + opened
    while rule < min(start + _LONGEST_HEAD, len(lines)) and not _DASHES.fullmatch(lines[rule].text):
        if lines[rule].blank:
            return None
        rule += 1
    if rule == len(lines) or not (dashes := _DASHES.fullmatch(lines[rule].text)):
        return None
    closing = _closing(lines, rule, opened)
    in_groups = closing is not None and any(line.blank for line in lines[rule:closing])
    blank = next((position for position in range(rule, len(lines)) if lines[position].blank), len(lines))
    end = closing if in_groups and closing else blank
    printed = [TextLine(n, _DASHES.sub("", text)) for n, text in lines[start + opened : end]]
    columns = [match.span() for match in re.finditer(r"\S+", dashes.string)]
    for wide in WIDTHS:
        sliced = [_sliced(line, columns, wide) for line in printed]
        rows = _joined(sliced) if in_groups else [row for row in sliced if row]
        if None not in sliced and has_figures(rows):
            cells = [[cell._replace(text=plain(cell.text)) for cell in row] for row in rows]
            return table_of_rows(cells, end + (end == closing))
    return None


def _closing(lines: Sequence[TextLine], rule: int, opened: bool) -> int | None:
    """Where a table ends that a rule over its whole width opened, or whose line of dashes comes again."""
    for position in range(rule + 1, len(lines)):
        text = lines[position].text
        if (opened and _FULL_DASHES.fullmatch(text)) or text.strip() == lines[rule].text.strip():
            return position
    return None


def _sliced(line: TextLine, columns: Sequence[tuple[int, int]], wide: str) -> list[TextLine] | None:
    """The texts of a line below the dashes of each column; `None` where a text stands between columns."""
    texts = [""] * len(columns)
    for character, place in _places(line.text.rstrip(), wide):
        index = bisect_right(columns, place, key=itemgetter(0)) - 1
        if index >= 0 and place < columns[index][1]:
            texts[index] += character
        elif not character.isspace():
            return None
    return [TextLine(line.number, text.strip()) for text in texts] if any(texts) else []


def _joined(lines: Sequence[list[TextLine] | None]) -> list[list[TextLine]]:
    """The rows that blank lines part, each of one line or more."""
    rows = []
    for printed, group in groupby(filter(lambda line: line is not None, lines), key=bool):
        if printed:
            rows.append([_join(cells) for cells in zip(*group, strict=True)])
    return rows


def _join(cells: Sequence[TextLine]) -> TextLine:
    return TextLine(cells[0].number, "\n".join(cell.text for cell in cells if not cell.blank))

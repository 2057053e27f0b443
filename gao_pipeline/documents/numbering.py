"""The numbers, from 0, that a data frame prints before its rows and above its columns: no cells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Protocol, TypeVar

_SURE_NUMBERS = 3
_SURE_HEADS = 2
_MANY_COLUMNS = 6


class _Text(Protocol):
    @property
    def text(self) -> str: ...


TextT = TypeVar("TextT", bound=_Text)


def without_numbers(rows: Sequence[Sequence[TextT]]) -> list[list[TextT]]:
    """The rows of a table without the numbers of rows and columns, wherever a numbered part begins; a row of
    numbers only is left empty.

    Rows are numbered one by one; a few of them only count where the row above numbers the columns. Reports
    number from 1, and no column of theirs without a label counts its rows. Numbers of many columns open a
    table also where its rows have none.
    """
    kept = [list(row) for row in rows]
    if kept and len(_texts(kept[0])) >= _MANY_COLUMNS and _numbers_columns(kept[0]):
        kept[0] = []
    for start in (position for position, row in enumerate(rows) if _is_number(row, 0)):
        end = start + _rows_numbered(rows[start:])
        if start and len(_texts(rows[start - 1])) >= _SURE_HEADS and _numbers_columns(rows[start - 1]):
            kept[start - 1] = []
        elif end - start < _SURE_NUMBERS:
            continue
        for position in (*_heads_above(rows, start), *range(start, end)):
            kept[position] = kept[position][1:]
    return kept


def _numbers_columns(row: Sequence[_Text]) -> bool:
    """Whether a row counts from 0."""
    return _texts(row) == [str(number) for number in range(len(_texts(row)))]


def _rows_numbered(rows: Sequence[Sequence[_Text]]) -> int:
    """How many rows from the first on are numbered one by one."""
    return sum(1 for _ in takewhile(lambda pair: _is_number(pair[1], pair[0]), enumerate(rows)))


def _heads_above(rows: Sequence[Sequence[_Text]], start: int) -> list[int]:
    """The positions of the rows above `start` with a blank cell above the numbers."""
    above = range(start - 1, -1, -1)
    return list(takewhile(lambda at: bool(rows[at]) and not rows[at][0].text.strip(), above))


def _is_number(row: Sequence[_Text], number: int) -> bool:
    return len(_texts(row)) > 1 and row[0].text.strip() == str(number)


def _texts(row: Sequence[_Text]) -> list[str]:
    return [cell.text.strip() for cell in row if cell.text.strip()]

"""Where one cell stands on a line, blank cells leave nothing but lines: which of these lines are cells.

Lines stand between the cells of a dump anyway, and more of them between its rows. How many shows in the rows
that print all their figures; a row that does not has blank cells where further lines make just those up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

TABLE_ENDS = -1
BLOCK_ENDS = -2
_FEWEST = 2


class Gaps(NamedTuple):
    """The lines without text around the values of a row.

    `inside` are those before each value, `behind` those after the last one. `missing` is how many values the
    row has less than columns. `opens` says that no label stands before the first value. `depth` is how many
    cells of groups reach down beside the label of the next row, which some dumps print as blank cells: `None`
    where that label is not known, `BLOCK_ENDS` where a heading and `TABLE_ENDS` where none follows.
    """

    inside: tuple[int, ...]
    behind: int
    missing: int
    opens: bool
    depth: int | None


class Spacing(NamedTuple):
    """How many blank lines a dump leaves within a row, between rows and for a blank cell; `before` those
    before labels of each depth, as far as it shows."""

    within: int
    between: int
    blank: int
    before: dict[int, int]

    def blanks(self, row: Gaps) -> list[int]:
        """How many blank cells stand before each value of a row and after the last.

        Above what is no row of the table any number of lines may stand: blank cells that no lines tell of
        before the values stand behind them. Where the lines do not fit the number of columns, those of a
        complete row all count as blank cells: the row then has a length at which nothing is placed.
        """
        extra = [*self._inside(row), self._behind(row)]
        behind = row.missing * self.blank - sum(extra[:-1])
        if row.depth in (TABLE_ENDS, None) and 0 <= behind <= row.behind - self.within:
            extra[-1] = behind
        if self._completes(row, extra):
            return [lines // self.blank for lines in extra]
        return [0, *extra[1:-1], 0] if row.missing <= 0 else [0] * len(extra)

    def fits(self, row: Gaps) -> bool:
        """Whether the lines complete the row as blank cells, and most values have no fewer between them."""
        return self._completes(row, [*self._inside(row), self._behind(row)])

    def is_row_of_blanks(self, row: Gaps) -> bool:
        """Whether all cells behind the label are blank: lines for a whole row stand before the first value,
        which then belongs to a row of its own."""
        width = len(row.inside) + row.missing
        return not row.opens and self._inside(row)[0] >= width * self.blank

    def exceeds(self, row: Gaps) -> bool:
        """Whether there are more lines than blank cells can have left."""
        return sum(self._inside(row)) + self._behind(row) > max(row.missing, 0) * self.blank

    def is_told_inside(self, row: Gaps) -> bool:
        """Whether the lines before the values of a row tell of all its blank cells."""
        return sum(self._inside(row)) == row.missing * self.blank

    def _completes(self, row: Gaps, extra: Sequence[int]) -> bool:
        closer = sum(lines < self.within for lines in row.inside)
        complete = sum(extra) == row.missing * self.blank and not any(lines % self.blank for lines in extra)
        return complete and 2 * closer <= len(row.inside)

    def _inside(self, row: Gaps) -> list[int]:
        """The lines in excess before each value."""
        first, *others = row.inside
        before = self.before.get(0, self.between) if row.opens else self.within
        return [max(first - before, 0), *(max(lines - self.within, 0) for lines in others)]

    def _behind(self, row: Gaps) -> int:
        """The lines in excess behind the last value; none where a table ends and no other tells how."""
        usual = self.between if row.depth is None else self.before.get(row.depth, self.between)
        if row.depth == TABLE_ENDS and row.depth not in self.before and self.between > self.within:
            return 0
        return max(row.behind - usual, 0)


def spacing_of(rows: Sequence[Gaps], usual: Sequence[int]) -> Spacing | None:
    """The spacing of a dump: the one that completes most rows without leaving others more lines than they can
    have blank cells.

    `usual` are the numbers of lines that stand between most texts, the commonest first. `None` where most
    rows with too few values have not the lines either – then blank cells have left none – or where no two
    rows tell the same: one row alone is complete under some spacing by chance.
    """
    choices = [
        _with_depths(Spacing(within, between, blank, {}), rows)
        for within in usual
        for between in (within, *(gap for gap in usual if gap > within))
        for blank in dict.fromkeys((1, within or 1, within + 1))
    ]

    def judged(spacing: Spacing) -> int:
        return sum(map(spacing.fits, rows)) - sum(map(spacing.exceeds, rows))

    best = max(choices, key=judged)
    short = [row for row in rows if row.missing > 0]
    told = sum(map(best.fits, rows)) >= _FEWEST and 2 * sum(map(best.fits, short)) >= len(short)
    return best if told else None


def _with_depths(spacing: Spacing, rows: Iterable[Gaps]) -> Spacing:
    """The spacing with the lines that most rows leave behind them where these are no blank cells."""
    behind: dict[int, Counter[int]] = {}
    for row in filter(spacing.is_told_inside, rows):
        if row.depth is not None:
            behind.setdefault(row.depth, Counter())[row.behind] += 1
    return spacing._replace(before={depth: gaps.most_common(1)[0][0] for depth, gaps in behind.items()})

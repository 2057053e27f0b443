"""Finds the tables in a plain text by how they are written, not by what they say.

Each reader looks at one line and says whether a table of its kind starts there:

- a *Word dump* writes one cell a line, behind a tab, and ends a row with a blank line;
- a *spreadsheet dump* writes one row a line, tabs, commas or semicolons between its cells;
- a *filled table* ends every cell with a bar, wherever its lines break, and fills short rows up with bars;
- a *dump of closed cells* does so too, but fills nothing up: its rows are lost;
- a *ruled table* keeps its cells apart by bars: Markdown, or drawn with `+---+` or `├───┤`;
- a *boxed table* draws a rule around every cell, a *dashed table* dashes below its heads;
- an *aligned table* keeps its columns apart by spaces;
- a *listed table* prints its rows as lists of a programming language;
- an *HTML table* stands in Markdown where a converter met merged cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from gao_pipeline.documents.plain.barred_tables import (
    closed_cells,
    closes_cells,
    filled_table,
    framed_lines,
    ruled_table,
)
from gao_pipeline.documents.plain.drawn_tables import boxed_table, dashed_table
from gao_pipeline.documents.plain.dumped_tables import (
    is_word_dump,
    separated_table,
    spreadsheet_table,
    word_table,
)
from gao_pipeline.documents.plain.listed_tables import listed_table
from gao_pipeline.documents.plain.rows import TextLine, TextTable
from gao_pipeline.documents.plain.spaced_tables import COLUMN_GAP, SPACE, spaced_table

_HTML_TABLE = re.compile(r"\s*<table\b", re.IGNORECASE)

TableReader = Callable[[list[TextLine], int], TextTable | None]


class TextTables:
    """The tables among the lines of a text. A reader that has seen that no table of its kind begins before
    some line is not asked again above it, so that no line is looked at again and again."""

    def __init__(self, lines: list[TextLine]) -> None:
        self._lines = lines
        self._readers = [(reader, index) for index, reader in enumerate(_table_readers(lines))]
        self._next = [0] * len(self._readers)

    def at(self, position: int) -> TextTable | None:
        """The table that starts at `position`."""
        for reader, index in self._readers:
            if self._next[index] <= position and (found := reader(self._lines, position)):
                if found.blocks:
                    return found
                self._next[index] = found.end
        return None


def _table_readers(lines: list[TextLine]) -> Sequence[TableReader]:
    """The readers that fit a text of these lines, to be tried in this order."""
    tabbed = word_table if is_word_dump(lines) else spreadsheet_table
    separated = [partial(separated_table, delimiter=mark) for mark in (",", ";", "，")]
    aligned, spaced = (partial(spaced_table, gap=gap) for gap in (COLUMN_GAP, SPACE))
    closed = closes_cells(lines)
    barred = partial(closed_cells, framed=framed_lines(lines)) if closed else ruled_table
    return (
        listed_table,
        tabbed,
        boxed_table,
        filled_table,
        barred,
        dashed_table,
        aligned,
        *separated,
        spaced,
        _html_table,
    )


def _html_table(lines: list[TextLine], start: int) -> TextTable | None:
    """The HTML table that starts at `start` and ends where as many tables have ended as begun."""
    if not _HTML_TABLE.match(lines[start].text):
        return None
    from gao_pipeline.documents.web.html import markup_blocks

    depth, end = 0, start
    while end < len(lines):
        text = lines[end].text.lower()
        depth += text.count("<table") - text.count("</table")
        end += 1
        if depth <= 0:
            break
    return TextTable(markup_blocks("\n".join(line.text for line in lines[start:end])), end)

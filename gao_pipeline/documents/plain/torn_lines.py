"""Rows that line breaks inside of labels tear: programs print a cell of several lines as it is. And rows that
stand a line apart.

Only pieces that together make the wording of a label of the form are joined, the last of a row and the
first of a row below; where spaces align the columns, a row would lose its places. Dumps of Word files and
quoted cells show by themselves what is in a cell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from gao_pipeline.contracts.forms import label_wordings
from gao_pipeline.contracts.text import compact
from gao_pipeline.documents.plain.dumped_tables import is_word_dump
from gao_pipeline.documents.plain.rows import TextLine

_SEPARATORS = (
    re.compile(r"\t"),
    re.compile(r"[|│┃║｜]"),
    re.compile(r"[,;，；]"),
    re.compile(r"[ \u3000\xa0]"),
)
_ALIGNED = re.compile(r"[^\s|│┃║｜][ \u3000\xa0]{2,}[^\s|│┃║｜]")
_ROW = re.compile(r"[^\t|]\t|\|.*\|")
_ROW_AND_BLANK = 2
_SPACES = " \u3000\xa0"
_LINES_OF_A_LABEL = 6


def without_lines_between_rows(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines without the blank ones between rows, where such stand between any two of several cells."""
    rows = [position for position, line in enumerate(lines) if _ROW.search(line.text)]
    if is_word_dump(lines) or any(below - above == 1 for above, below in pairwise(rows)):
        return list(lines)
    between = {above + 1 for above, below in pairwise(rows) if below - above == _ROW_AND_BLANK}
    return [line for position, line in enumerate(lines) if position not in between or not line.blank]


def with_torn_lines_joined(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines with those put together that a row of a table was torn into."""
    if is_word_dump(lines):
        return list(lines)
    joined: list[TextLine] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        position += 1
        while count := _pieces(line.text, lines[position : position + _LINES_OF_A_LABEL]):
            pieces = (below.text.lstrip() for below in lines[position : position + count])
            line = line._replace(text=line.text.rstrip(_SPACES) + "".join(pieces))
            position += count
        joined.append(line)
    return joined


def _pieces(text: str, below: Sequence[TextLine]) -> int:
    """How many of the lines `below` a row takes whose last label `text` begins; 0 where it takes none."""
    if _ALIGNED.search(text):
        return 0
    for separator in _SEPARATORS:
        *before, label = separator.split(text.rstrip(_SPACES))
        if not label.strip() or label.startswith('"') or compact(label) in label_wordings():
            continue
        for count, line in enumerate(below, start=1):
            piece, *behind = separator.split(line.text.lstrip())
            if not piece.strip() or ((before or behind) and _ALIGNED.search(line.text)):
                break
            label += piece
            if (before or behind) and compact(label) in label_wordings():
                return count
            if behind:
                break
    return 0

"""Texts that run out of their cells and are printed over others, as in rows too low for their labels.

Only where texts are printed over each other the order in which a file prints them is used: what white space
tells elsewhere is lost there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gao_pipeline.documents.paged.lattice import Box
from gao_pipeline.documents.paged.layout import Glyph, hull
from gao_pipeline.documents.vocabulary import table_part_vocabulary

_GAP = 0.25
"""Characters of a line that are printed one after the other stand no further apart than so many sizes."""

_OFF_LINE = 0.1
"""Nor are they further above or below each other."""

_PITCH = (0.9, 1.7)
"""Lines of one text are so many character sizes below each other, at least and at most."""

_OVER = 0.25
"""Lines that overlap by so many character sizes, both ways, are printed over each other."""


class _Run(NamedTuple):
    """Characters printed one after the other on one line."""

    glyphs: list[Glyph]
    box: Box

    @property
    def size(self) -> float:
        return self.glyphs[0].size

    def goes_on_in(self, other: _Run) -> bool:
        """Whether another run is the next line of the same text: close below, and no label begins there."""
        pitch = (other.box.center[1] - self.box.center[1]) / self.size
        if not _PITCH[0] <= pitch <= _PITCH[1] or not self.box.shares_width(other.box):
            return False
        return not table_part_vocabulary().begins_label("".join(glyph.text for glyph in other.glyphs))


def overprinted_texts(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """The texts, of one line or several, that are printed over another one or under it."""
    texts = list(_texts([_Run(run, hull(glyph.box for glyph in run)) for run in _runs(glyphs)]))
    runs = sorted(
        ((run, number) for number, text in enumerate(texts) for run in text), key=lambda item: item[0].box.top
    )
    found: set[int] = set()
    for index, (run, number) in enumerate(runs):
        for other, another in runs[index + 1 :]:
            if other.box.top > run.box.bottom - _OVER * run.size:
                break
            width = min(run.box.right, other.box.right) - max(run.box.left, other.box.left)
            if another != number and width > _OVER * run.size:
                found |= {number, another}
    return [[glyph for run in texts[number] for glyph in run.glyphs] for number in sorted(found)]


def _runs(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if runs and _follows(runs[-1][-1], glyph):
            runs[-1].append(glyph)
        elif glyph.text.strip():
            runs.append([glyph])
    return runs


def _follows(before: Glyph, glyph: Glyph) -> bool:
    """Whether a glyph is the next one on a line."""
    return (
        abs(glyph.box.left - before.box.right) <= _GAP * glyph.size
        and abs(glyph.box.center[1] - before.box.center[1]) <= _OFF_LINE * glyph.size
    )


def _texts(runs: Sequence[_Run]) -> Iterator[list[_Run]]:
    """The runs that are lines of one text each: printed one after the other, each below the one before."""
    text: list[_Run] = []
    for run in runs:
        if text and not text[-1].goes_on_in(run):
            yield text
            text = []
        text.append(run)
    if text:
        yield text

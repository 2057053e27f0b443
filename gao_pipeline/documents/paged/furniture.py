"""Page numbers, running heads and feet: what pages print outside of their content."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from gao_pipeline.contracts.text import bare
from gao_pipeline.documents.paged.lattice import Box
from gao_pipeline.documents.paged.layout import Line
from gao_pipeline.documents.paged.pages import Page
from gao_pipeline.documents.vocabulary import page_vocabulary

_MARGIN = 0.08
"""Running heads and feet stand in these outermost shares of what pages print."""

_DIGITS = re.compile(r"\d+")


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
    seen = Counter(text for lines in outer for text in {masked(line.text) for line in lines})
    is_page_number = page_vocabulary().is_page_number
    return [
        [line for line in lines if seen[masked(line.text)] > 1 or is_page_number(line.text)]
        for lines in outer
    ]


def masked(text: str) -> str:
    """A text with a mark in place of its numbers, so that it is the same on all pages that count them."""
    return _DIGITS.sub("#", bare(text))


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

"""Labels and figures that a dump prints without anything between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from gao_pipeline.contracts.forms import label_wordings
from gao_pipeline.contracts.text import compact
from gao_pipeline.reports.vocabulary import cell_vocabulary

_APART = re.compile(r"\d\s+\d")
_BEHIND_SPACE = re.compile(r"[^\W\d]\s+\d")
_COUNT = re.compile(r"0|[1-9]\d*")


def glued_texts(text: str) -> list[tuple[str, str]]:
    """The labels that make up `text`, each with the figures behind it; nothing where it is no more than one
    label, has anything else in it, or keeps its figures apart."""
    compacted = "" if _APART.search(text) else compact(text)
    labels = list(_label_pattern().finditer(compacted))
    starts = [*(label.start() for label in labels), len(compacted)]
    texts = [(label[0], compacted[label.end() : end]) for label, end in zip(labels, starts[1:], strict=True)]
    units = "|".join(map(re.escape, cell_vocabulary().count_units))
    only_figures = all(re.fullmatch(rf"(?:\d(?:[\d.,]|{units})*)?", figures) for _, figures in texts)
    several = len(texts) > 1 or any(figures for _, figures in texts)
    return texts if several and only_figures and starts[0] == 0 else []


def has_figure_apart(text: str) -> bool:
    """Whether white space keeps a figure from the label before it: then its digits are those of one."""
    return _BEHIND_SPACE.search(text) is not None


@cache
def _label_pattern() -> re.Pattern[str]:
    """Matches any label of the forms, the longest first."""
    return re.compile("|".join(map(re.escape, sorted(label_wordings(), key=len, reverse=True))))


def counts_of(digits: str, count: int) -> tuple[str, ...] | None:
    """The only `count` numbers that `digits` can be, none of them with a zero before it; `None` where there
    are none or several.

    >>> counts_of("1000", 4), counts_of("0120", 3), counts_of("0110", 2)
    (('1', '0', '0', '0'), None, ('0', '110'))
    """
    found = _splits(digits, count)
    first = next(found, None)
    return first if next(found, None) is None else None


def _splits(digits: str, count: int) -> Iterator[tuple[str, ...]]:
    if count == 1:
        if _COUNT.fullmatch(digits):
            yield (digits,)
        return
    longest = 1 if digits.startswith("0") else len(digits) - count + 1
    for length in range(1, longest + 1):
        for rest in _splits(digits[length:], count - 1) if digits[length:] else ():
            yield (digits[:length], *rest)

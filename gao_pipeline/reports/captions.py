"""What the lines above a table say of it: of which year its figures are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from gao_pipeline.contracts.numerals import load_numerals
from gao_pipeline.reports.vocabulary import identity_vocabulary, section_vocabulary

_LINES = 3
_LONGEST_LINE = 60


def captions_of(lines: Sequence[str]) -> tuple[str, ...]:
    """The last of the `lines` above a table as far as these are captions and no sentences, nearest first."""
    return tuple(takewhile(_is_caption, reversed(lines[-_LINES:])))


def caption_years(captions: Sequence[str]) -> frozenset[int]:
    """The years that the first of the `captions`, nearest first, names that names any."""
    vocabulary = identity_vocabulary()
    pattern = vocabulary.compiled(vocabulary.prose_year)
    value = load_numerals().value
    named = (frozenset(value(match[1]) for match in pattern.finditer(caption)) for caption in captions)
    return next(filter(None, named), frozenset())


def _is_caption(line: str) -> bool:
    return len(line) <= _LONGEST_LINE and not section_vocabulary().ends_sentence(line)

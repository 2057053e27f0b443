"""The words that documents print outside of their text and in the tables that they part."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from gao_pipeline.contracts.loading import Spec
from gao_pipeline.contracts.text import bare
from gao_pipeline.contracts.vocabularies import load_vocabulary


class PageVocabulary(Spec, frozen=True, kw_only=True):
    """`vocabularies/pages.yaml`: patterns that match a whole line without its white space."""

    page_numbers: tuple[str, ...]
    words_for_none: tuple[str, ...]

    def is_page_number(self, text: str) -> bool:
        return _matches(self.page_numbers, text)

    def is_word_for_none(self, text: str) -> bool:
        return _matches(self.words_for_none, text)


class TablePartVocabulary(Spec, frozen=True, kw_only=True):
    """`vocabularies/table_parts.yaml`: patterns of the captions above the further parts of a table, and of
    what the label of a row begins with; text is compared without its white space."""

    continuations: tuple[str, ...]
    label_beginnings: tuple[str, ...]

    def is_continuation(self, text: str) -> bool:
        return _matches(self.continuations, text)

    def begins_label(self, text: str) -> bool:
        """Whether a text is surely no rest of a label."""
        return _matches((f"(?:{beginning}).*" for beginning in self.label_beginnings), text)


def _matches(patterns: Iterable[str], text: str) -> bool:
    return any(re.fullmatch(pattern, bare(text)) for pattern in patterns)


@cache
def page_vocabulary() -> PageVocabulary:
    return load_vocabulary("pages", PageVocabulary)


@cache
def table_part_vocabulary() -> TablePartVocabulary:
    return load_vocabulary("table_parts", TablePartVocabulary)

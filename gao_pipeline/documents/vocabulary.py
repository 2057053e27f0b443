"""The words that documents print outside of their text and between the parts of a table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from gao_pipeline.contracts.loading import Spec
from gao_pipeline.contracts.vocabularies import load_vocabulary

_SPACES = re.compile(r"\s+")


class PageVocabulary(Spec, frozen=True, kw_only=True):
    """`vocabularies/pages.yaml`: patterns that match a whole line without its white space."""

    page_numbers: tuple[str, ...]
    continuations: tuple[str, ...]

    def is_page_number(self, text: str) -> bool:
        return _matches(self.page_numbers, text)

    def is_continuation(self, text: str) -> bool:
        return _matches(self.continuations, text)


def _matches(patterns: Iterable[str], text: str) -> bool:
    bare = _SPACES.sub("", text)
    return any(re.fullmatch(pattern, bare) for pattern in patterns)


@cache
def page_vocabulary() -> PageVocabulary:
    return load_vocabulary("pages", PageVocabulary)

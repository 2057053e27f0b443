"""How a text speaks of its author: `我局` is said in the report of a 局, `我县` in that of a county."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gao_pipeline.contracts.text import compact
from gao_pipeline.reports.names import bare_name, fullest, is_name, organs_in
from gao_pipeline.reports.vocabulary import identity_vocabulary


class Voice(NamedTuple):
    """What the name of the author ends in: by the kind of organ that the text calls itself, of place."""

    organ: re.Pattern[str] | None
    place: re.Pattern[str] | None

    def is_author(self, name: str) -> bool:
        """Whether the text does not call itself another kind of organ."""
        return self.organ is None or self.organ.search(name) is not None

    def author(self, text: str) -> str:
        """The author in a text that may name an office of the author behind it."""
        vocabulary = identity_vocabulary()
        name = bare_name(re.sub(vocabulary.offices_of_disclosure, "", text))
        for kind in filter(None, self):
            if author := next(filter(kind.search, organs_in(name)), None):
                return author
        head = bare_name(re.sub(vocabulary.offices, "", name))
        return next(iter(organs_in(head)), name)


def voice_of(lines: Sequence[str], subjects: Sequence[str]) -> Voice:
    """How a text speaks of its author: by pronouns, else by the organ that is its subject.

    Args:
        subjects: the organs that the sentences of the text speak of, the most frequent first.
    """
    selves = identity_vocabulary().selves
    organ = _most_frequent(selves.organ, lines)
    place = _most_frequent(selves.place, lines)
    ends = [selves.organs[organ]] if organ else []
    if organ is None and place is None:
        ends = [end for end in selves.organs.values() for name in subjects[:1] if _ending(end).search(name)]
    return Voice(_ending(ends[0]) if ends else None, _ending(selves.places[place]) if place else None)


def subjects_of(sentences: Sequence[str], pattern: str) -> list[str]:
    """What the sentences of the narrative speak of, the most frequent first, by the fullest names.

    Args:
        pattern: the one of the vocabulary that finds organs, or places.
    """
    vocabulary = identity_vocabulary()
    subject = vocabulary.compiled(pattern)
    found = Counter(
        name
        for sentence in sentences
        for match in subject.finditer(re.sub(vocabulary.quoted, "", compact(sentence)))
        if is_name(name := bare_name(match[1])) and not re.search(vocabulary.leadership, name)
    )
    return [fullest(name, found) for name, _ in found.most_common()]


def _most_frequent(pattern: str, lines: Iterable[str]) -> str | None:
    found = Counter(match[1] for line in lines for match in re.finditer(pattern, line))
    return found.most_common(1)[0][0] if found else None


def _ending(ends: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{ends})(?:\([^()]*\))?$")

"""Years in prose: which year tokens a text has, and which of them may stand in a report of a given year.

What a year looks like and every licence is data: `data_contracts/vocabularies/year_mentions.yaml`. Here
is only the machine that marks a sentence and asks the judgements in order.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, cached_property
from typing import Literal, NamedTuple

from gao_pipeline.checking.model import YearMention
from gao_pipeline.contracts.loading import Bilingual, Spec
from gao_pipeline.contracts.numerals import load_numerals
from gao_pipeline.contracts.text import bare
from gao_pipeline.contracts.vocabularies import Wording, load_vocabulary

Relation = Literal["prior", "older", "next", "later"]
OWN_YEAR = "own_year"
BACKGROUND = "background"

_MARKS: dict[Relation | Literal["own"], str] = {
    "own": "<R>",
    "prior": "<P>",
    "older": "<O>",
    "next": "<N>",
    "later": "<F>",
}
_JUDGED = "<Y>"


class _Folding(dict[int, str]):
    """Width folding character for character, so that offsets stay (① is no digit and stays too)."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = unicodedata.normalize("NFKC", character)
        if len(folded) > 1 or unicodedata.category(character) == "No":
            folded = character
        self[code] = folded
        return folded


_FOLDING = _Folding()


class Judgement(Spec, frozen=True, kw_only=True):
    """A licence or a mismatch class: what the sentence around the token must look like.

    `rule` is the rule of `data_contracts/rules/year.yaml` that a mismatch (or a suspicious own year)
    breaks; `relation` restricts the years it speaks of; `considered` licences are named in findings;
    `head_only` mismatches are accused in the head of a report only.
    """

    code: str
    legitimate: bool
    name: Bilingual
    patterns: tuple[str, ...]
    unless: str | None = None
    relation: tuple[Relation | Literal["own"], ...] = ("prior", "older", "next", "later")
    rule: str | None = None
    considered: bool = False
    head_only: bool = False


class YearVocabulary(Wording, frozen=True, kw_only=True):
    """The content of `year_mentions.yaml`."""

    tokens: tuple[str, ...]
    sentence_end: str
    judgements: tuple[Judgement, ...]

    @cached_property
    def token(self) -> re.Pattern[str]:
        """Any year token; the match is the digits alone. Back references make it one group each."""
        return re.compile("|".join(_renumbered(self.tokens)))

    @cached_property
    def boundary(self) -> re.Pattern[str]:
        return re.compile(self.sentence_end)

    @cached_property
    def compiled(self) -> tuple[tuple[Judgement, re.Pattern[str], re.Pattern[str] | None], ...]:
        """Judgements with their patterns, word lists inserted."""
        return tuple(
            (
                judgement,
                self.pattern("|".join(f"(?:{pattern})" for pattern in judgement.patterns)),
                self.pattern(judgement.unless) if judgement.unless else None,
            )
            for judgement in self.judgements
        )


class Judged(NamedTuple):
    """A mention with the judgement that decided it; `None` for the report's own year and background."""

    mention: YearMention
    judgement: Judgement | None


@cache
def load_year_vocabulary() -> YearVocabulary:
    """Tokens, words and judgements.

    Raises:
        ContractError: the vocabulary file is malformed.
    """
    return load_vocabulary("year_mentions", YearVocabulary)


def find_year_mentions(text: str, report_year: int) -> list[YearMention]:
    """Every year token of `text` in its order, judged for a report of `report_year`.

    `start` and `end` are offsets of the digits (or Chinese numerals) in `text`. `reason` is the code of
    the licence or mismatch class, `own_year` or `background`. Relative words (去年, 本年) are not listed.
    """
    return [judged.mention for judged in judge_years(text, report_year)]


def judge_years(text: str, report_year: int) -> list[Judged]:
    """`find_year_mentions` with the judgement that decided each."""
    vocabulary = load_year_vocabulary()
    folded = text.translate(_FOLDING)
    value = load_numerals().value
    tokens = [
        (match.start(), match.end(), value(bare(match.group())))
        for match in vocabulary.token.finditer(folded)
    ]
    if not tokens:
        return []
    ends = [m.end() for m in vocabulary.boundary.finditer(folded)]
    judged = []
    for index, (start, end, year) in enumerate(tokens):
        left = max((e for e in ends if e <= start), default=0)
        right = min((e for e in ends if e > start), default=len(folded))
        marked = _marked_sentence(folded, tokens, index, left, right, report_year)
        judgement = _judge(vocabulary, marked, relation_of(year, report_year))
        own = year == report_year
        mention = YearMention(
            year=year,
            start=start,
            end=end,
            legitimate=own or judgement is None or judgement.legitimate,
            reason=OWN_YEAR if own else judgement.code if judgement else BACKGROUND,
        )
        judged.append(Judged(mention, judgement))
    return judged


def _judge(vocabulary: YearVocabulary, marked: str, relation: Relation | Literal["own"]) -> Judgement | None:
    for judgement, pattern, unless in vocabulary.compiled:
        if (
            relation in judgement.relation
            and pattern.search(marked)
            and not (unless and unless.search(marked))
        ):
            return judgement
    return None


def _marked_sentence(
    folded: str, tokens: list[tuple[int, int, int]], index: int, left: int, right: int, report_year: int
) -> str:
    """The sentence without white space, its year tokens replaced by marks."""
    parts, position = [], left
    for other, (start, end, year) in enumerate(tokens):
        if left <= start < right:
            mark = _JUDGED if other == index else _MARKS[relation_of(year, report_year)]
            parts += [folded[position:start], mark]
            position = end
    parts.append(folded[position:right])
    return bare("".join(parts)).rstrip("。;!?")


def relation_of(year: int, report_year: int) -> Relation | Literal["own"]:
    """How a year stands to the report year."""
    match year - report_year:
        case 0:
            return "own"
        case -1:
            return "prior"
        case 1:
            return "next"
        case difference:
            return "older" if difference < 0 else "later"


def _renumbered(patterns: tuple[str, ...]) -> list[str]:
    """The patterns with back references shifted to their place in an alternation."""
    shifted, groups = [], 0
    for pattern in patterns:
        shifted.append(re.sub(r"\\(\d)", lambda match: f"\\{int(match.group(1)) + groups}", pattern))  # noqa: B023
        groups += re.compile(pattern).groups
    return shifted

"""Figures that the prose says, as claims about cells of the form.

How claims are worded and what they may stand for is data: `data_contracts/vocabularies/claims.yaml`.
Whether a claim agrees with the tables is judged by `checking.prose`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from typing import Literal

from gao_pipeline.contracts.loading import Bilingual, Spec
from gao_pipeline.contracts.numerals import load_numerals
from gao_pipeline.contracts.text import bare, fold
from gao_pipeline.contracts.vocabularies import Wording, load_vocabulary
from gao_pipeline.reports.model import Claim, Number, Sentence

_CLAUSE_END = re.compile(r"[,;]")


class ClaimKind(Spec, frozen=True, kw_only=True):
    """A kind of claim.

    `about` must be found in the sentence, `unless` must not be found in the clause; `formulas` are the
    candidate sums of cells.
    """

    code: str
    name: Bilingual
    unit: Literal["count", "10k_cny"] = "count"
    patterns: tuple[str, ...]
    formulas: tuple[tuple[str, ...], ...]
    nil: tuple[str, ...] = ()
    about: str | None = None
    unless: str | None = None


class Parts(Spec, frozen=True, kw_only=True):
    """Figures of one sentence that add up to its claim of kind `whole`; one pattern per part."""

    code: str
    whole: str
    name: Bilingual
    members: tuple[str, ...]


class Skip(Spec, frozen=True, kw_only=True):
    """What is no claim: clauses of a kind, and sentences that speak of another scope."""

    clauses: tuple[str, ...]
    other_scope: tuple[str, ...]


class ClaimVocabulary(Wording, frozen=True, kw_only=True):
    """The content of `claims.yaml`.

    `counted` finds numerals that count something; `relative_years` is how the years around the report year
    read in its sentences; `money` gives the factor of a unit to 10 000 yuan.
    """

    counted: str
    relative_years: dict[str, int]
    trigger: str
    skip: Skip
    money: dict[str, float]
    kinds: tuple[ClaimKind, ...]
    parts: tuple[Parts, ...]

    @cached_property
    def by_code(self) -> dict[str, ClaimKind]:
        return {kind.code: kind for kind in self.kinds}

    @cached_property
    def skipped_clause(self) -> re.Pattern[str]:
        return self.pattern("|".join(self.skip.clauses))

    @cached_property
    def other_scope(self) -> re.Pattern[str]:
        return self.pattern("|".join(self.skip.other_scope))


@cache
def load_claim_vocabulary() -> ClaimVocabulary:
    """Kinds of claims and their wording.

    Raises:
        ContractError: the vocabulary file is malformed.
    """
    return load_vocabulary("claims", ClaimVocabulary)


def read_claims(sentences: Iterable[Sentence], report_year: int | None) -> tuple[Claim, ...]:
    """The claims of the prose in its order, each kind and value once per sentence.

    Money is converted to units of 10 000 yuan. Estimates (余, 多, 约) and compared figures are no claims.
    """
    return tuple(claim for sentence in sentences for claim in _claims_of(sentence, report_year))


def part_sums(text: str, report_year: int | None) -> Iterator[tuple[Parts, Number, tuple[Number, ...]]]:
    """The whole and the parts of a group (channels, applicants), where a sentence says both."""
    vocabulary = load_claim_vocabulary()
    readable = _readable(text, report_year)
    for group in vocabulary.parts:
        found = [vocabulary.pattern(member).search(readable) for member in group.members]
        if sum(match is not None for match in found) < 2:
            continue
        wholes = list(_figures(vocabulary, vocabulary.by_code[group.whole], readable))
        if len(wholes) == 1:
            yield group, wholes[0], tuple(_number(match["n"]) for match in found if match)


def speaks_of_other_scope(text: str) -> bool:
    """Whether a sentence speaks of more than the organ itself (a whole region, a system, all departments)."""
    return load_claim_vocabulary().other_scope.search(_readable(text, None)) is not None


def _claims_of(sentence: Sentence, report_year: int | None) -> Iterator[Claim]:
    vocabulary = load_claim_vocabulary()
    text = _readable(sentence.text, report_year)
    if not vocabulary.pattern(vocabulary.trigger).search(text):
        return
    for kind in vocabulary.kinds:
        for value in dict.fromkeys(_figures(vocabulary, kind, text)):
            yield Claim(
                kind=kind.code,
                value=value,
                sentence=sentence.text,
                place=sentence.place,
                section=sentence.section,
            )


def _figures(vocabulary: ClaimVocabulary, kind: ClaimKind, text: str) -> Iterator[Number]:
    """The figures of one kind in a readable sentence; 0 where it says that there is none."""
    if kind.about and not vocabulary.pattern(kind.about).search(text):
        return
    for pattern in kind.patterns:
        for match in vocabulary.pattern(pattern).finditer(text):
            if not _withdrawn(vocabulary, kind, text, match):
                unit = match.groupdict().get("unit")
                value = _number(match["n"])
                yield round(value * vocabulary.money[unit], 6) if unit else value
    for pattern in kind.nil:
        nil = vocabulary.pattern(pattern).search(text)
        if nil and not _withdrawn(vocabulary, kind, text, nil):
            yield 0


def _withdrawn(vocabulary: ClaimVocabulary, kind: ClaimKind, text: str, match: re.Match[str]) -> bool:
    """Whether the clauses that a match touches take the claim back."""
    ends = [end.start() for end in _CLAUSE_END.finditer(text)]
    left = max((end + 1 for end in ends if end < match.start()), default=0)
    right = min((end for end in ends if end >= match.end()), default=len(text))
    clause = text[left:right]
    unless = kind.unless is not None and vocabulary.pattern(kind.unless).search(clause)
    return bool(unless) or vocabulary.skipped_clause.search(clause) is not None


def _readable(text: str, report_year: int | None) -> str:
    """The sentence as the patterns want it: folded, in digits, years in relation to the report."""
    vocabulary = load_claim_vocabulary()
    value = load_numerals().value
    folded = vocabulary.pattern(vocabulary.counted).sub(
        lambda match: str(value(match.group())), bare(fold(text)).rstrip("。;")
    )
    if report_year is None:
        return folded
    for relative, distance in vocabulary.relative_years.items():
        folded = folded.replace(f"{report_year + distance}年", relative)
    return folded


def _number(text: str) -> Number:
    plain = text.replace(",", "")
    return float(plain) if "." in plain else int(plain)

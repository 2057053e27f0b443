"""Outcomes of rules: findings (what a person should look at) and verdicts (what each rule said)."""

from __future__ import annotations

from enum import StrEnum

from gao_pipeline.contracts.forms import FactCode
from gao_pipeline.contracts.loading import Bilingual
from gao_pipeline.documents.model import Model, Place
from gao_pipeline.reports.model import Number, Sentence


class Severity(StrEnum):
    """`error`: the report contradicts itself or the form; `warning`: likely wrong; `info`: to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Outcome(StrEnum):
    """Three outcomes, not two."""

    PASS = "pass"
    FAIL = "fail"
    NOT_ASSESSABLE = "not_assessable"


class Suggestion(Model, frozen=True, kw_only=True):
    """A change of one cell that would restore every identity. Never applied by itself."""

    fact: FactCode
    value: Number


class Finding(Model, frozen=True, kw_only=True):
    """An outcome that is not a pass.

    `message` is complete in both languages; `facts` are all cells of the broken relation.
    """

    rule: str
    severity: Severity
    message: Bilingual
    table: str | None = None
    facts: tuple[FactCode, ...] = ()
    expected: Number | None = None
    actual: Number | None = None
    suggestion: Suggestion | None = None
    candidates: tuple[Suggestion, ...] = ()
    place: Place = Place()
    excerpt: str | None = None


class Verdict(Model, frozen=True, kw_only=True):
    """What one rule said of one subject (a row, a column, the whole report)."""

    rule: str
    outcome: Outcome
    table: str | None = None
    subject: str | None = None
    reason: str | None = None


class YearMention(Model, frozen=True, kw_only=True):
    """A year token of a text: offsets of its digits, and whether it may stand in a report of that year."""

    year: int
    start: int
    end: int
    legitimate: bool
    reason: str


class LocatedMention(Model, frozen=True, kw_only=True):
    """A year mention of a report's prose with its sentence; `sentence_number` counts from 0 in the report."""

    sentence_number: int
    sentence: Sentence
    mention: YearMention


class CrossConfrontation(Model, frozen=True, kw_only=True):
    """What the rules that compare a report with others (last year's, its members') say of it."""

    findings: tuple[Finding, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

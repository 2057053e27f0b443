"""The rules of the family `year.` (and the superseded basis): mentions, sources, document numbers.

Judging a single year token is the matter of `years`; here its judgements become findings and verdicts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal

import msgspec

from gao_pipeline.checking.evaluators import (
    Facts,
    evaluator,
    finding,
    not_assessable,
    parameters_of,
    register,
)
from gao_pipeline.checking.model import Finding, LocatedMention, Severity, Verdict
from gao_pipeline.checking.years import (
    BACKGROUND,
    OWN_YEAR,
    Judged,
    judge_years,
    load_year_vocabulary,
    relation_of,
)
from gao_pipeline.contracts.forms import form_of_year, load_forms
from gao_pipeline.contracts.loading import Bilingual, Spec
from gao_pipeline.contracts.rules import Rule
from gao_pipeline.contracts.text import compact
from gao_pipeline.reports.model import Report, Sentence, YearSources

EXCERPT = 120
OTHER_REPORT = "other_report"


class Milder(Spec, frozen=True, kw_only=True):
    """Sections of the form in which a mismatch weighs less."""

    severity: Literal["warning", "info"]
    sections: tuple[str, ...]


class MentionParameters(Spec, frozen=True, kw_only=True):
    """Parameters of the kind `year_mentions`."""

    milder: Milder | None = None


class SourceParameters(Spec, frozen=True, kw_only=True):
    """Parameters of the kind `year_sources`: which fields of `YearSources` are compared, and their names."""

    sources: dict[Literal["title", "period", "prose"], Bilingual]


class CitationParameters(Spec, frozen=True, kw_only=True):
    """Parameters of the kind `superseded_basis`: the parts of a document's number, and how it is cited."""

    number: str
    citation: str


def judged_year(sources: YearSources, report_year: int | None) -> int | None:
    """The year to judge mentions by: what two of title, period and prose say, else the report year.

    Where the title alone is wrong, the prose must not be accused of it.
    """
    said = Counter(year for year in (sources.title, sources.period, sources.prose) if year is not None)
    if said and (top := said.most_common(1)[0])[1] > 1:
        return top[0]
    return report_year


def located_mentions(report: Report) -> tuple[LocatedMention, ...]:
    """Every year token of the prose, for the table `year_mentions`; none where the report has no year."""
    return tuple(
        LocatedMention(sentence_number=number, sentence=report.sentences[number], mention=judged.mention)
        for number, judged in _judged(report)
    )


def check_year_mentions(report: Report, facts: Facts, rules: Sequence[Rule]) -> Iterator[Finding | Verdict]:
    """One finding per sentence and rule; not assessable where the report has no year."""
    del facts
    year = judged_year(report.year_sources, report.report_year)
    if year is None:
        yield from (not_assessable(rule, "year_unknown") for rule in rules)
        return
    by_id = {rule.id: rule for rule in rules}
    broken: dict[tuple[str, int], list[Judged]] = {}
    for number, judged in _judged(report):
        judgement = judged.judgement
        if judgement and judgement.rule in by_id:
            broken.setdefault((judgement.rule, number), []).append(judged)
    for (rule_id, number), mentions in broken.items():
        yield _mention_finding(by_id[rule_id], report.sentences[number], mentions, year)


register(
    "year_mentions",
    check_year_mentions,
    fields=("years", "report_year", "excerpt", "licences"),
    parameters=MentionParameters,
)


@evaluator("year_sources", fields=("sources",), parameters=SourceParameters)
def check_year_sources(report: Report, facts: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """Title, period and prose against one another; not assessable where fewer than two give a year.

    A year that the prose may name in the report of the others' year does not contradict them.
    """
    del facts
    names = parameters_of(rule, SourceParameters).sources
    said = [
        (name, year)
        for name in names
        if (year := getattr(report.year_sources, name)) is not None
        and not (name == "prose" and _is_licensed(report, year))
    ]
    if len(said) < 2:
        yield not_assessable(rule, "single_source")
    elif len({year for _, year in said}) > 1:
        sources = Bilingual(
            zh="、".join(f"{names[name].zh} {year}" for name, year in said),
            en=", ".join(f"{names[name].en} {year}" for name, year in said),
        )
        yield finding(rule, {"sources": sources})


@evaluator(
    "superseded_basis",
    fields=("number", "current", "report_year", "excerpt"),
    parameters=CitationParameters,
)
def check_superseded_basis(report: Report, facts: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """A report that cites the document of an earlier edition of the form and not the one in force."""
    del facts
    current = form_of_year(report.report_year)
    if current is None:
        yield not_assessable(rule, "no_form_in_force")
        return
    parameters = parameters_of(rule, CitationParameters)
    for form in load_forms().values():
        if form.years.first >= current.years.first or _citing(report, current.source.number, parameters):
            return
        if sentence := _citing(report, form.source.number, parameters):
            fields = {
                "number": form.source.number,
                "current": current.source.number,
                "report_year": report.report_year,
                "excerpt": _excerpt(sentence.text),
            }
            yield finding(rule, fields, place=sentence.place, excerpt=sentence.text)
            return


def _judged(report: Report) -> Iterator[tuple[int, Judged]]:
    """Every year token with the number of its sentence; titles outside the head belong to other reports."""
    year = judged_year(report.year_sources, report.report_year)
    if year is None:
        return
    head = _head(report)
    for number, sentence in enumerate(report.sentences):
        for judged in judge_years(sentence.text, year):
            if judged.judgement and judged.judgement.head_only and number not in head:
                link = msgspec.structs.replace(judged.mention, legitimate=True, reason=OTHER_REPORT)
                yield number, Judged(link, None)
            else:
                yield number, judged


def _is_licensed(report: Report, year: int) -> bool:
    """Whether another year than the report's stands only where such a year may stand."""
    mentions = [judged.mention for _, judged in _judged(report) if judged.mention.year == year]
    licensed = (mention.legitimate and mention.reason not in (OWN_YEAR, BACKGROUND) for mention in mentions)
    return bool(mentions) and all(licensed)


def _head(report: Report) -> range:
    """The sentences from the report's title to its first section; none where the title is no sentence."""
    texts = [compact(sentence.text) for sentence in report.sentences]
    title = compact(report.title or "")
    first = texts.index(title) if title in texts else len(texts)
    sections = (number for number, sentence in enumerate(report.sentences) if sentence.section)
    return range(first, next((number for number in sections if number >= first), len(texts)))


def _mention_finding(rule: Rule, sentence: Sentence, judged: Sequence[Judged], report_year: int) -> Finding:
    years = list(dict.fromkeys(j.mention.year for j in judged))
    fields = {
        "years": "、".join(map(str, years)),
        "report_year": report_year,
        "excerpt": _excerpt(sentence.text, judged[0].mention.start),
        "licences": _considered(years[0], report_year),
    }
    found = finding(
        rule, fields, expected=report_year, actual=years[0], place=sentence.place, excerpt=sentence.text
    )
    milder = parameters_of(rule, MentionParameters).milder
    if milder is not None and sentence.section in milder.sections:
        return msgspec.structs.replace(found, severity=Severity(milder.severity))
    return found


def _considered(year: int, report_year: int) -> Bilingual:
    """The licences that a fact of this year could have had, each once."""
    relation = relation_of(year, report_year)
    names = {
        judgement.code: judgement.name
        for judgement in load_year_vocabulary().judgements
        if judgement.considered and relation in judgement.relation
    }
    return Bilingual(
        zh="；".join(name.zh for name in names.values()), en="; ".join(name.en for name in names.values())
    )


def _excerpt(text: str, around: int = 0) -> str:
    """At most `EXCERPT` characters of a sentence, from a little before `around`."""
    start = 0 if len(text) <= EXCERPT else min(max(around - 10, 0), len(text) - EXCERPT)
    cut = text[start : start + EXCERPT].strip()
    return f"{'…' if start else ''}{cut}{'…' if start + EXCERPT < len(text) else ''}"


def _citing(report: Report, number: str, parameters: CitationParameters) -> Sentence | None:
    """The first sentence that cites a document by its number."""
    pattern = _citation(number, parameters)
    return next((sentence for sentence in report.sentences if pattern.search(sentence.text)), None)


@cache
def _citation(number: str, parameters: CitationParameters) -> re.Pattern[str]:
    """How a document is cited: by the parts of its number, else by the number as it stands."""
    match = re.search(parameters.number, number)
    if match is None:
        return re.compile(re.escape(number))
    return re.compile(parameters.citation.format(**match.groupdict()))

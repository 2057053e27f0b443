"""The rules of the family `year.` (and the superseded basis): mentions, sources, document numbers.

Judging a single year token is the matter of `years`; here its judgements become findings and verdicts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import msgspec

from gao_pipeline.checking.model import Finding, LocatedMention, Outcome, Severity, Verdict
from gao_pipeline.checking.years import Judged, Judgement, judge_years, load_year_vocabulary, relation_of
from gao_pipeline.contracts.forms import form_of_year, load_forms
from gao_pipeline.contracts.loading import Bilingual
from gao_pipeline.contracts.rules import Rule
from gao_pipeline.documents.model import Place
from gao_pipeline.reports.model import Fact, Report, Sentence, YearSources

EXCERPT = 120
_NUMBER = re.compile(r"(?P<office>.*)〔(?P<year>\d{4})〕(?P<serial>\d+)号")


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
        LocatedMention(sentence_number=number, sentence=sentence, mention=judged.mention)
        for number, sentence, judged in _judged_sentences(report)
    )


def check_year_mentions(
    report: Report, facts: Sequence[Fact], rules: Sequence[Rule]
) -> Iterable[Finding | Verdict]:
    """One finding per sentence and rule; a verdict per rule, not assessable where the report has no year."""
    del facts
    year = judged_year(report.year_sources, report.report_year)
    broken: dict[str, dict[int, list[Judged]]] = {}
    for number, _, judged in _judged_sentences(report):
        if judged.judgement and judged.judgement.rule:
            broken.setdefault(judged.judgement.rule, {}).setdefault(number, []).append(judged)
    for rule in rules:
        if year is None:
            yield Verdict(rule=rule.id, outcome=Outcome.NOT_ASSESSABLE, reason="year_unknown")
            continue
        sentences = broken.get(rule.id, {})
        yield Verdict(rule=rule.id, outcome=Outcome.FAIL if sentences else Outcome.PASS)
        for number, mentions in sentences.items():
            yield _mention_finding(rule, report.sentences[number], mentions, year)


def check_year_sources(
    report: Report, facts: Sequence[Fact], rules: Sequence[Rule]
) -> Iterable[Finding | Verdict]:
    """Title, period and prose against one another; not assessable where fewer than two give a year.

    The rule's `sources` are fields of `YearSources` with their names.
    """
    del facts
    for rule in rules:
        names = msgspec.convert(rule.parameters["sources"], dict[str, Bilingual])
        said = {name: year for name in names if (year := getattr(report.year_sources, name)) is not None}
        if len(said) < 2:
            yield Verdict(rule=rule.id, outcome=Outcome.NOT_ASSESSABLE, reason="single_source")
            continue
        agree = len(set(said.values())) == 1
        yield Verdict(rule=rule.id, outcome=Outcome.PASS if agree else Outcome.FAIL)
        if not agree:
            yield _finding(
                rule,
                sources="、".join(f"{names[name].zh} {year}" for name, year in said.items()),
                sources_en=", ".join(f"{names[name].en} {year}" for name, year in said.items()),
            )


def check_superseded_basis(
    report: Report, facts: Sequence[Fact], rules: Sequence[Rule]
) -> Iterable[Finding | Verdict]:
    """A report that cites the document of an earlier edition of the form and not the one in force."""
    del facts
    current = form_of_year(report.report_year)
    for rule in rules:
        if current is None:
            yield Verdict(rule=rule.id, outcome=Outcome.NOT_ASSESSABLE, reason="no_form_in_force")
            continue
        citing: dict[str, list[Sentence]] = {
            form: [s for s in report.sentences if _cites(number).search(s.text)]
            for form, number in ((form.form, form.source.number) for form in load_forms().values())
        }
        outdated = [
            (form.source.number, citing[form.form][0])
            for form in load_forms().values()
            if form.years.first < current.years.first and citing[form.form]
        ]
        superseded = bool(outdated) and not citing[current.form]
        yield Verdict(rule=rule.id, outcome=Outcome.FAIL if superseded else Outcome.PASS)
        if superseded:
            number, sentence = outdated[0]
            yield _finding(
                rule,
                sentence,
                number=number,
                current=current.source.number,
                report_year=report.report_year,
                excerpt=_excerpt(sentence.text),
            )


def _judged_sentences(report: Report) -> list[tuple[int, Sentence, Judged]]:
    year = judged_year(report.year_sources, report.report_year)
    if year is None:
        return []
    return [
        (number, sentence, judged)
        for number, sentence in enumerate(report.sentences)
        for judged in judge_years(sentence.text, year)
    ]


def _mention_finding(rule: Rule, sentence: Sentence, judged: list[Judged], year: int) -> Finding:
    years = list(dict.fromkeys(j.mention.year for j in judged))
    considered = _considered(years[0], year)
    milder: Mapping[str, object] = rule.parameters.get("milder", {})
    sections = milder.get("sections", ())
    mild = isinstance(sections, list) and sentence.section in sections
    return _finding(
        rule,
        sentence,
        severity=Severity(str(milder["severity"])) if mild else Severity(rule.severity),
        years="、".join(map(str, years)),
        report_year=year,
        excerpt=_excerpt(sentence.text, judged[0].mention.start),
        licences="、".join(licence.name.zh for licence in considered),
        licences_en=", ".join(licence.name.en for licence in considered),
        expected=year,
        actual=years[0],
    )


def _considered(year: int, report_year: int) -> list[Judgement]:
    """The licences that a fact of this year could have had, each once."""
    relation = relation_of(year, report_year)
    licences = {
        judgement.code: judgement
        for judgement in load_year_vocabulary().judgements
        if judgement.considered and relation in judgement.relation
    }
    return list(licences.values())


def _finding(
    rule: Rule,
    sentence: Sentence | None = None,
    *,
    severity: Severity | None = None,
    expected: int | None = None,
    actual: int | None = None,
    **fields: object,
) -> Finding:
    return Finding(
        rule=rule.id,
        severity=severity or Severity(rule.severity),
        message=Bilingual(zh=rule.message.zh.format(**fields), en=rule.message.en.format(**fields)),
        expected=expected,
        actual=actual,
        place=sentence.place if sentence else Place(),
        excerpt=sentence.text if sentence else None,
    )


def _excerpt(text: str, around: int = 0) -> str:
    """At most `EXCERPT` characters of a sentence, from a little before `around`."""
    start = 0 if len(text) <= EXCERPT else min(max(around - 10, 0), len(text) - EXCERPT)
    cut = text[start : start + EXCERPT].strip()
    return f"{'…' if start else ''}{cut}{'…' if start + EXCERPT < len(text) else ''}"


@cache
def _cites(number: str) -> re.Pattern[str]:
    """A document number in any brackets, also with one lost."""
    match = _NUMBER.fullmatch(number)
    if match is None:
        return re.compile(re.escape(number))
    office = match["office"][-2:]
    return re.compile(
        rf"{office}\s*[〔\[【（(]?\s*{match['year']}\s*[〕\]】）)]?\s*第?{match['serial']}\s*号"
    )

"""Dates of one report: its period, its publication and its signature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from gao_pipeline.checking.evaluators import Facts, evaluator, finding, not_assessable, parameters_of
from gao_pipeline.checking.model import Finding, Verdict
from gao_pipeline.checking.year_rules import judged_year
from gao_pipeline.contracts.forms import form_of_year
from gao_pipeline.contracts.loading import Spec
from gao_pipeline.contracts.rules import Rule
from gao_pipeline.contracts.text import compact
from gao_pipeline.reports.model import Report, Sentence

_DATE = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D(\d{1,2})")


class Period(Spec, frozen=True, kw_only=True):
    """`pattern` names the groups `period`, `first_month`, `first_day`, `last_month` and `last_day`."""

    pattern: str
    first: tuple[int, int]
    last: tuple[int, int]


@evaluator("period", fields=("period",), parameters=Period)
def period(report: Report, _: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """A statistical period that is not the whole year."""
    parameters = parameters_of(rule, Period)
    found = _search(parameters.pattern, report)
    if found is None:
        yield not_assessable(rule, "text_missing")
        return
    sentence, match = found
    first = int(match["first_month"]), int(match["first_day"])
    last = int(match["last_month"]), int(match["last_day"])
    if (first, last) != (parameters.first, parameters.last):
        yield finding(rule, {"period": match["period"]}, place=sentence.place, excerpt=sentence.text)


@evaluator("published_before_year_end", fields=("published", "year_end"))
def published_before_year_end(report: Report, _: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """A report that was published before its year was over."""
    published = published_on(report)
    year = judged_year(report.year_sources, report.report_year)
    if published is None or year is None:
        yield not_assessable(rule, "date_unknown")
        return
    year_end = date(year, 12, 31)
    if published < year_end:
        yield finding(rule, {"published": published, "year_end": year_end}, excerpt=report.published)


class Deadline(Spec, frozen=True, kw_only=True):
    """A day of the year after the report year, for organisations whose name matches the pattern."""

    organizations: str
    month: int
    day: int


class Deadlines(Spec, frozen=True, kw_only=True):
    """The first deadline whose pattern matches counts."""

    deadlines: tuple[Deadline, ...]


@evaluator("published_late", fields=("published", "deadline"), parameters=Deadlines)
def published_late(report: Report, _: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """A report that was published after its deadline."""
    published = published_on(report)
    year = judged_year(report.year_sources, report.report_year)
    if published is None or year is None or report.organization is None:
        yield not_assessable(rule, "date_unknown")
        return
    if form_of_year(year) is None:
        yield not_assessable(rule, "no_form_in_force")
        return
    for limit in parameters_of(rule, Deadlines).deadlines:
        if re.search(limit.organizations, report.organization):
            deadline = date(year + 1, limit.month, limit.day)
            if published > deadline:
                yield finding(rule, {"published": published, "deadline": deadline}, excerpt=report.published)
            return


class Signature(Spec, frozen=True, kw_only=True):
    """`pattern` matches a line that is only a date and names the group `year`."""

    pattern: str


@evaluator("signature", fields=("signed", "expected"), parameters=Signature)
def signature(report: Report, _: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """A signature that is not dated in the year after the report year."""
    found = _search(parameters_of(rule, Signature).pattern, report)
    year = judged_year(report.year_sources, report.report_year)
    if found is None or year is None:
        yield not_assessable(rule, "date_unknown")
        return
    sentence, match = found
    if int(match["year"]) != year + 1:
        fields = {"signed": sentence.text.strip(), "expected": year + 1}
        yield finding(rule, fields, place=sentence.place, excerpt=sentence.text)


def published_on(report: Report) -> date | None:
    """The day of publication; `None` where none is given or it is no calendar day."""
    match = _DATE.search(report.published or "")
    try:
        return date(*map(int, match.groups())) if match is not None else None
    except ValueError:
        return None


def _search(pattern: str, report: Report) -> tuple[Sentence, re.Match[str]] | None:
    expression = re.compile(pattern)
    for sentence in report.sentences:
        if match := expression.search(compact(sentence.text)):
            return sentence, match
    return None

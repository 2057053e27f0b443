"""The shape of one report: editions of its tables, its sections, the notices it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gao_pipeline.checking.evaluators import (
    Facts,
    evaluator,
    finding,
    known,
    not_assessable,
    parameters_of,
    parse_code,
)
from gao_pipeline.checking.model import Finding, Verdict
from gao_pipeline.contracts.forms import form_of_year, load_forms
from gao_pipeline.contracts.loading import Bilingual, Spec
from gao_pipeline.contracts.rules import Rule
from gao_pipeline.contracts.text import compact, fold
from gao_pipeline.reports.model import Report


@evaluator("table_edition", fields=("table", "actual", "expected", "year"))
def table_edition(report: Report, _: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """A table that follows another edition than the report year prescribes."""
    prescribed = form_of_year(report.report_year)
    if prescribed is None:
        yield not_assessable(rule, "no_form_in_force")
        return
    for table, edition in report.table_forms.items():
        if edition is not None and edition != prescribed.form:
            fields = {
                "table": _table_name(edition, table),
                "actual": edition,
                "expected": prescribed.form,
                "year": report.report_year,
            }
            yield finding(rule, fields, table=table)


@evaluator("table_missing", fields=("table",))
def table_missing(report: Report, _: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """A table of the form that was not found."""
    prescribed = form_of_year(report.report_year)
    if prescribed is None:
        yield not_assessable(rule, "no_form_in_force")
        return
    for table in prescribed.tables:
        if report.table_forms.get(table.code) is None:
            yield finding(rule, {"table": table.name}, table=table.code)


@evaluator("table_blank", fields=("table",))
def table_blank(report: Report, facts: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """A table that was found and prints no figure at all."""
    for table, edition in report.table_forms.items():
        cells = [fact for code, fact in facts.items() if code.table == table]
        if edition is not None and not any(fact.state in ("reported", "illegible") for fact in cells):
            yield finding(
                rule,
                {"table": _table_name(edition, table)},
                table=table,
                place=cells[0].place,
            )


class Sections(Spec, frozen=True, kw_only=True):
    """The section codes of the form, with the names that messages use."""

    required: dict[str, Bilingual]
    separator: Bilingual


@evaluator("sections", fields=("missing",), parameters=Sections)
def sections(report: Report, _: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """Sections of the form that were not found."""
    if form_of_year(report.report_year) is None:
        yield not_assessable(rule, "no_form_in_force")
        return
    if not report.sections:
        yield not_assessable(rule, "text_missing")
        return
    parameters = parameters_of(rule, Sections)
    found = {section.code for section in report.sections}
    missing = [name for code, name in parameters.required.items() if code not in found]
    if missing:
        names = Bilingual(
            zh=parameters.separator.zh.join(name.zh for name in missing),
            en=parameters.separator.en.join(name.en for name in missing),
        )
        yield finding(rule, {"missing": names})


class SectionEmpty(Spec, frozen=True, kw_only=True):
    """A section and the characters below which it says nothing."""

    section: str
    minimum: int


@evaluator("section_empty", fields=("heading",), parameters=SectionEmpty)
def section_empty(report: Report, _: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """A section that is there and says nothing."""
    parameters = parameters_of(rule, SectionEmpty)
    wanted = [section for section in report.sections if section.code == parameters.section]
    if not wanted or form_of_year(report.report_year) is None:
        yield not_assessable(rule, "text_missing")
    elif sum(section.characters for section in wanted) < parameters.minimum:
        yield finding(rule, {"heading": fold(wanted[0].heading).strip()}, place=wanted[0].place)


class SentenceMissing(Spec, frozen=True, kw_only=True):
    """A pattern over the compacted sentences of a section, expected where a cell is at least so much."""

    pattern: str
    section: str
    matters: str
    at_least: int


@evaluator("sentence_missing", parameters=SentenceMissing)
def sentence_missing(report: Report, facts: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """A section that lacks a sentence it should have."""
    parameters = parameters_of(rule, SentenceMissing)
    code = parse_code(parameters.matters)
    value = known(facts, code)
    if value is None:
        yield not_assessable(rule, "blank_cell" if report.table_forms.get(code.table) else "table_missing")
        return
    if value < parameters.at_least:
        return
    wanted = [section for section in report.sections if section.code == parameters.section]
    texts = [
        compact(sentence.text)
        for sentence in report.sentences
        if sentence.section == parameters.section and not sentence.heading
    ]
    if not wanted or not texts:
        yield not_assessable(rule, "text_missing")
    elif not any(re.search(parameters.pattern, text) for text in texts):
        yield finding(rule, {}, place=wanted[0].place)


def _table_name(edition: str, table: str) -> Bilingual:
    return load_forms()[edition].table(table).name

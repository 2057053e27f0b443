"""The text form of `gao check`: what a clerk reads before publishing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule
from rich.text import Text

from gao_pipeline.checking.model import Finding, Severity, Suggestion
from gao_pipeline.cli.checked import CheckedFile
from gao_pipeline.cli.console import SEVERITY_MARKS, SEVERITY_STYLES, console, severity_name, text_of
from gao_pipeline.contracts.forms import FactCode, fact_names, load_forms
from gao_pipeline.documents.model import Place
from gao_pipeline.reports.model import Report

_EXCERPT_LENGTH = 90
_CANDIDATES = 3


def print_text(checked: Sequence[CheckedFile], language: str) -> None:
    """Prints every file with its findings, worst first, and a closing line."""
    out = console()
    for item in checked:
        _print_file(out, item, language)
    if any(item.outcome and item.outcome.findings for item in checked):
        out.print(text_of("hint_explain", language), style="dim")
    if len(checked) > 1:
        read = sum(item.report is not None for item in checked)
        counts = {f"{s}s": sum(item.count(s) for item in checked) for s in Severity}
        out.print(
            text_of(
                "summary",
                language,
                files=len(checked),
                read=read,
                quarantined=len(checked) - read,
                **counts,
            ),
            style="bold",
        )


def _print_file(out: Console, item: CheckedFile, language: str) -> None:
    if item.report is None or item.outcome is None:
        out.print(Rule(Text(text_of("quarantined", language)), align="left", style="red"))
        out.print(Text(item.file, style="dim"))
        out.print(f"[bold red]✗[/] {escape(item.quarantine_message(language))}")
        out.print()
        return
    report = item.report
    out.print(Rule(Text(_heading(report, language), style="bold"), align="left"))
    out.print(Text(f"{item.file}  ({item.media_type})", style="dim"))
    out.print(_forms(report, language))
    states = Counter(fact.state for fact in item.outcome.facts)
    cells = "  ".join(f"{text_of(f'state_{s}', language)} {n}" for s, n in states.items())
    out.print(f"{text_of('cells', language, total=len(item.outcome.facts))}:  {cells}")
    counted = [
        f"[{SEVERITY_STYLES[s]}]{SEVERITY_MARKS[s]} {severity_name(s, language)} {item.count(s)}[/]"
        for s in Severity
        if item.count(s)
    ]
    if item.count(Severity.ERROR) == 0:
        key = "no_errors" if counted else "clean"
        counted.insert(0, f"[bold green]✓ {text_of(key, language)}[/]")
    out.print("   ".join(counted))
    order = list(Severity)
    for finding in sorted(item.outcome.findings, key=lambda f: order.index(f.severity)):
        _print_finding(out, finding, report, language)
    out.print()


def _heading(report: Report, language: str) -> str:
    organization = report.organization or text_of("unknown_organization", language)
    year = (
        text_of("unknown_year", language)
        if report.report_year is None
        else text_of("year", language, year=report.report_year)
    )
    return f"{organization} · {year}"


def _forms(report: Report, language: str) -> str:
    if report.form == "none":
        return text_of("form_none", language)
    parts = [text_of("form", language, form=report.form)]
    form = load_forms()[report.form]
    for table, edition in report.table_forms.items():
        name = form.table(table).name.in_language(language)
        if edition is None:
            parts.append(text_of("table_missing", language, table=name))
        elif edition != report.form:
            parts.append(text_of("table_form", language, table=name, form=edition))
    return " · ".join(parts)


def _print_finding(out: Console, finding: Finding, report: Report, language: str) -> None:
    style = SEVERITY_STYLES[finding.severity]
    mark = SEVERITY_MARKS[finding.severity]
    message = finding.message.in_language(language)
    out.print()
    out.print(f"[{style}]{mark}[/] {escape(message)}")
    for line in _evidence(finding, message, report, language):
        out.print(f"  {escape(line)}")
    place = _place(finding.place, language)
    out.print(f"  [dim]{' · '.join(filter(None, (place, finding.rule)))}[/]")


def _evidence(finding: Finding, message: str, report: Report, language: str) -> list[str]:
    lines = []
    excerpt = _shortened(finding.excerpt or "")
    if excerpt.removesuffix("…") not in message and not excerpt.isdecimal():
        lines.append(text_of("quote", language, excerpt=excerpt))
    if finding.suggestion is not None:
        lines.append(text_of("suggestion", language, **_named(finding.suggestion, report)))
    elif finding.candidates:
        candidates = [
            text_of("candidate", language, **_named(c, report)) for c in finding.candidates[:_CANDIDATES]
        ]
        lines.append(text_of("candidates", language, list="; ".join(candidates)))
    return lines


def _shortened(text: str) -> str:
    """The beginning of a text that is too long to be quoted whole."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _EXCERPT_LENGTH else f"{flat[:_EXCERPT_LENGTH]}…"


def _named(suggestion: Suggestion, report: Report) -> dict[str, object]:
    return {"fact": _fact_name(suggestion.fact, report), "value": suggestion.value}


def _fact_name(code: FactCode, report: Report) -> str:
    edition = report.table_forms.get(code.table) or report.form
    return fact_names(edition)[FactCode(*code)]


def _place(place: Place, language: str) -> str:
    parts = {"place_page": place.page, "place_table": place.table, "place_line": place.line}
    return " ".join(
        text_of(key, language, **{key.removeprefix("place_"): value})
        for key, value in parts.items()
        if value is not None
    )

"""What `gao run` shows: progress while it works, the ledger when it is done."""

from __future__ import annotations

import shlex
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from gao_pipeline.checking.model import Severity
from gao_pipeline.cli.console import SEVERITY_STYLES, console, severity_name, text_of
from gao_pipeline.contracts.vocabularies import load_quarantine_reasons
from gao_pipeline.orchestration.running import Ledger, RunSummary
from gao_pipeline.publishing.release import current_release, list_releases
from gao_pipeline.settings import Settings


class StageBars:
    """Progress of the stages: bars on a terminal, plain lines elsewhere, both on standard error."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._console = console(stderr=True)
        self._tasks: dict[str, TaskID] = {}
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )

    def __enter__(self) -> StageBars:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def begin(self, stage: str, total: int) -> None:
        """A stage starts that has `total` documents to read."""
        title = text_of(f"stage_{stage}", self._language)
        self._tasks[stage] = self._bars.add_task(title, total=total)
        if not self._console.is_terminal and total:
            self._console.print(f"{title}: {total}")

    def advance(self, stage: str) -> None:
        """One more document is read."""
        self._bars.advance(self._tasks[stage])


def print_summary(summary: RunSummary, settings: Settings, language: str) -> None:
    """Prints the ledger of a run and where its results are."""
    out = console()
    if summary.ledger.files or not summary.failures:
        _print_ledger(out, summary, summary.ledger, language)
    for item in summary.unplaced:
        unplaced = f"{item.organization} {item.report_year}: {item.code} ({item.who}, {item.when})"
        out.print(f"[yellow]! {text_of('correction_unplaced', language)}[/] {escape(unplaced)}")
    for failure in summary.failures:
        out.print(f"[bold red]✗ {text_of('run_failed', language)}[/] {escape(failure)}")
    if summary.refusals:
        out.print(f"[bold red]✗ {text_of('run_refused', language)}[/]")
    for refusal in summary.refusals:
        verdict = refusal.verdict
        statement = escape(verdict.statement.in_language(language))
        out.print(f"  {statement} ({verdict.id}: {verdict.unexpected} / {verdict.checked})")
    for folder in {refusal.folder for refusal in summary.refusals}:
        out.print(f"  {text_of('refused_folder', language)}  {escape(str(folder))}", soft_wrap=True)
    _print_release(out, summary, settings, language)


def _print_ledger(out: Console, summary: RunSummary, ledger: Ledger, language: str) -> None:
    quarantined = len(ledger.quarantined)
    work = summary.work
    _print_rows(
        out,
        language,
        ledger_files=text_of(
            "ledger_equation",
            language,
            files=ledger.files,
            read=ledger.read,
            quarantined=quarantined,
            duplicates=ledger.duplicates,
        )
        + (text_of("ledger_ignored", language, ignored=ledger.ignored) if ledger.ignored else ""),
        ledger_work=text_of("ledger_anew", language, read=work.documents_read, reused=work.documents_reused),
        ledger_years_made=" ".join(work.years_made) or text_of("ledger_no_year", language),
        ledger_facts=f"{summary.facts:,}",
        ledger_findings="  ".join(
            f"[{SEVERITY_STYLES[s]}]{severity_name(s, language)} {summary.findings.get(s, 0)}[/]"
            for s in Severity
        ),
        ledger_years="  ".join(f"{year}: {n}" for year, n in summary.reports_per_year.items()),
    )
    reasons = load_quarantine_reasons()
    for file in ledger.quarantined:
        sentence = reasons[file.reason].in_language(language)
        out.print(f"  [yellow]{text_of('ledger_quarantined', language)}[/] {escape(file.path)}: {sentence}")


def _print_release(out: Console, summary: RunSummary, settings: Settings, language: str) -> None:
    if summary.release_folder is None:
        return
    current = settings.places.releases / "current"
    out.print()
    _print_rows(
        out,
        language,
        release=f"{summary.release}  ({_state(summary, settings, language)})",
        release_data=escape(str(current / "gao.duckdb")),
        release_report=escape(str(current / "quality_report.html")),
        release_docs=escape(str(current / "data_docs" / "index.html")),
    )
    command = shlex.join(["gao", "ui", "--landing", str(settings.landing), "--home", str(settings.home)])
    out.print(f"[bold]{text_of('release_ui', language)}[/]  {escape(command)}", soft_wrap=True)
    if summary.release_is_new:
        _print_advice_of_the_door(out, settings, language)


def _state(summary: RunSummary, settings: Settings, language: str) -> str:
    """Why the current release is what it is."""
    if summary.release_is_new:
        return text_of("release_new", language)
    if not summary.succeeded:
        return text_of("release_kept", language)
    newest = list_releases(settings.places)[-1].id
    if newest != summary.release:
        return text_of("release_rolled_back", language, newest=newest)
    return text_of("release_unchanged", language)


def _print_advice_of_the_door(out: Console, settings: Settings, language: str) -> None:
    """Prints the expectations that failed without stopping the release."""
    release = current_release(settings.places)
    for verdict in release.manifest.verdicts if release else ():
        if not verdict.success:
            statement = verdict.statement.in_language(language)
            out.print(f"[yellow]! {text_of('door_advice', language)}[/] {escape(statement)} ({verdict.id})")


def _print_rows(out: Console, language: str, **rows: str) -> None:
    """Prints two columns: the text of each key, and its value."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for key, value in rows.items():
        table.add_row(text_of(key, language), value)
    out.print(table)

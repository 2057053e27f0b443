"""Measures how exactly reports are read: `make accuracy`, or `python benchmarks/accuracy.py FOLDER…`.

Besides the folders, fictitious reports are rendered anew with `--seeds` and read.

A folder holds reports and beside it lies `<folder>-truth.jsonl` (one object per file, as in the shared
corpus). Printed are, per format and per pathology, the share of cells read as printed, the share of reports
with the right organisation, year and editions, silent errors – a wrong value in a table that no finding or
notice of severity warning or error names – and readable reports that were refused.

Exit status 1 if a bar is missed, 2 if there is nothing to measure.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from gao_pipeline.checking.confrontation import confront
from gao_pipeline.checking.model import Severity
from gao_pipeline.documents.model import MediaType, UnreadableDocumentError
from gao_pipeline.documents.reading import read_document
from gao_pipeline.reports.model import Report
from gao_pipeline.reports.reading import read_report
from gao_pipeline.samples import generate, write_truth

_SCANS = (MediaType.PDF_SCAN,)


@dataclass
class Score:
    """Counts over reports. `differences` names what was read otherwise than printed."""

    reports: int = 0
    cells: int = 0
    right_cells: int = 0
    identities: int = 0
    right_identities: int = 0
    silent: int = 0
    refused: int = 0
    differences: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        self.reports += other.reports
        self.cells += other.cells
        self.right_cells += other.right_cells
        self.identities += other.identities
        self.right_identities += other.right_identities
        self.silent += other.silent
        self.refused += other.refused
        self.differences += other.differences

    @property
    def cell_accuracy(self) -> float:
        return self.right_cells / self.cells if self.cells else 1.0

    @property
    def identity_accuracy(self) -> float:
        return self.right_identities / self.identities if self.identities else 1.0


def truths(folder: Path) -> Iterator[dict[str, Any]]:
    """The truth of every report of a folder."""
    with (folder.parent / f"{folder.name}-truth.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def score_file(path: Path, truth: dict[str, Any]) -> tuple[str, Score]:
    """The format of a file and how it was read."""
    score = Score(reports=1, cells=len(truth["facts"]), identities=4)
    try:
        report = read_report(read_document(path.read_bytes(), path.name), path.name)
    except UnreadableDocumentError as error:
        score.refused = 1
        score.differences.append(f"{path.name}: {error}")
        return path.suffix.lstrip("."), score
    score.right_identities = sum(_identity_verdicts(report, truth, path.name, score.differences))
    values = {fact.code: fact.value for fact in report.facts}
    wrong_tables: list[str] = []
    for fact in truth["facts"]:
        code = (fact["table"], fact["row"], fact["column"])
        value = values.get(code)  # type: ignore[call-overload]
        if value in fact.get("accept", [fact["value"]]):
            score.right_cells += 1
            continue
        score.differences.append(f"{path.name}: {'/'.join(code)} is {fact['value']}, read {value}")
        if value is not None:
            wrong_tables.append(fact["table"])
    if wrong_tables:
        named = _named_tables(report)
        score.silent = sum(table not in named for table in wrong_tables)
    return str(report.media_type), score


def _identity_verdicts(
    report: Report, truth: dict[str, Any], name: str, differences: list[str]
) -> Iterator[bool]:
    """Whether organisation, year, edition and the editions of the tables are right."""
    for what, read, accepted in (
        ("organization", report.organization, [truth["organization"]]),
        ("report_year", report.report_year, truth.get("report_year_accept", [truth["report_year"]])),
        ("form", report.form, [truth["form"]]),
        ("table_forms", report.table_forms, [truth["table_forms"]]),
    ):
        if read not in accepted:
            differences.append(f"{name}: {what} is {accepted[0]}, read {read}")
        yield read in accepted


def _named_tables(report: Report) -> set[str | None]:
    """The tables that a finding of severity warning or error names."""
    findings = confront([report])[0].findings
    return {finding.table for finding in findings if finding.severity is not Severity.INFO}


def tabulate(title: str, scores: dict[str, Score]) -> Table:
    """One row per group."""
    table = Table(title=title)
    table.add_column("")
    for heading in ("reports", "cells", "cell accuracy", "identity", "silent errors", "refused"):
        table.add_column(heading, justify="right")
    for name, score in sorted(scores.items()):
        table.add_row(
            name,
            str(score.reports),
            str(score.cells),
            f"{score.cell_accuracy:.4%}",
            f"{score.identity_accuracy:.2%}",
            str(score.silent),
            str(score.refused),
        )
    return table


def measure(folders: Iterable[Path], *, scans: bool) -> tuple[dict[str, Score], dict[str, Score]]:
    """Scores by format and by pathology; a report counts under each of its pathologies."""
    formats: defaultdict[str, Score] = defaultdict(Score)
    pathologies: defaultdict[str, Score] = defaultdict(Score)
    work = [(folder, truth) for folder in folders for truth in truths(folder)]
    for folder, truth in track(work, "reading", console=Console(stderr=True), transient=True):
        if "scan" in truth.get("kind", "") and not scans:
            continue
        kind, score = score_file(folder / truth["file"], truth)
        formats[kind].add(score)
        for pathology in truth.get("pathologies") or ["none"]:
            pathologies[pathology].add(score)
    return formats, pathologies


def _rendered(target: Path, seed: int) -> Path:
    """A folder of freshly rendered samples, its truth beside it."""
    write_truth(generate(target, seed), target)
    return target / "reports"


def main() -> int:
    """Measure, print, and judge against the bars."""
    corpus = Path(__file__).resolve().parents[2] / "shared" / "corpus"
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[corpus / "real", corpus / "rendered"])
    parser.add_argument("--seeds", nargs="*", type=int, default=[1], help="render samples with these seeds")
    parser.add_argument("--no-scans", action="store_true", help="leave scanned reports out (they take long)")
    parser.add_argument("--cells", type=float, default=1.0, help="bar: cell accuracy of digital formats")
    parser.add_argument("--scanned-cells", type=float, default=0.995, help="bar: cell accuracy of scans")
    parser.add_argument("--identity", type=float, default=0.995, help="bar: organisation, year, editions")
    options = parser.parse_args()
    folders = [folder for folder in options.folders if folder.is_dir()]
    console = Console()
    if not folders and not options.seeds:
        console.print("nothing to measure: none of the folders exists")
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        folders += [_rendered(Path(scratch) / str(seed), seed) for seed in options.seeds]
        formats, pathologies = measure(folders, scans=not options.no_scans)
    digital, scanned = Score(), Score()
    for kind, score in formats.items():
        (scanned if kind in _SCANS else digital).add(score)
    console.print(tabulate("by format", formats | {"all digital": digital, "all scanned": scanned}))
    console.print(tabulate("by pathology", pathologies))
    for difference in (*digital.differences, *scanned.differences)[:50]:
        console.print(difference, style="yellow", markup=False)
    missed = [
        name
        for name, met in {
            "cell accuracy, digital formats": digital.cell_accuracy >= options.cells,
            "cell accuracy, scans": scanned.cell_accuracy >= options.scanned_cells,
            "identity": min(digital.identity_accuracy, scanned.identity_accuracy) >= options.identity,
            "silent errors": digital.silent + scanned.silent == 0,
            "refused reports": digital.refused + scanned.refused == 0,
        }.items()
        if not met
    ]
    console.print(f"missed: {', '.join(missed)}" if missed else "all bars met", style="bold")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

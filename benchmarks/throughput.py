"""Measures what costs what: `make benchmark`, or `python benchmarks/throughput.py FOLDER`.

Everything is a ratio within one run: how long something takes in relation to something else on the same
machine in the same minutes; seconds would say more about the machine than about the program. What is short
is timed several times, and the best counts. The folder holds reports, by default the bundled samples.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from gao_pipeline.archive.mapper import InProcessMapper, Mapper, ProcessMapper, map_documents
from gao_pipeline.archive.workers import extract_content
from gao_pipeline.checking.confrontation import confront
from gao_pipeline.documents.model import MediaType, UnreadableDocumentError
from gao_pipeline.documents.reading import read_document
from gao_pipeline.reports.model import Report
from gao_pipeline.reports.reading import read_report
from gao_pipeline.settings import Settings

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "reports"
_BEST_OF = 3
_COMMAND = "from gao_pipeline.cli import main; main()"


class Ratio(NamedTuple):
    """How long `measured` takes as a multiple of `reference`, both over `size`."""

    measured: str
    reference: str
    size: str
    value: float


class Reading(NamedTuple):
    """A file that was read: the report in it and the seconds it took."""

    content: bytes
    path: Path
    report: Report
    seconds: float


def seconds(action: Callable[[], object], repeat: int = _BEST_OF) -> float:
    """The shortest of `repeat` runs of `action`."""
    return min(_once(action) for _ in range(repeat))


def _once(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def readings(folder: Path) -> Iterator[Reading]:
    """Every report of the folder; what holds none is left out."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()

        def read(content: bytes = content, path: Path = path) -> Report:
            return read_report(read_document(content, path.name), path.name)

        try:
            report = read()
        except UnreadableDocumentError:
            continue
        yield Reading(content, path, report, seconds(read))


def formats(read: list[Reading]) -> Iterator[Ratio]:
    """Reading a report of each format, against plain text; medians."""
    times: defaultdict[MediaType, list[float]] = defaultdict(list)
    for reading in read:
        times[reading.report.media_type].append(reading.seconds)
    medians = {kind: statistics.median(found) for kind, found in times.items()}
    if MediaType.TXT not in medians:
        return
    for kind, median in sorted(medians.items(), key=lambda item: item[1]):
        size = f"{len(times[kind])} reports"
        yield Ratio(f"reading {kind}", "reading txt", size, median / medians[MediaType.TXT])


def confrontation(read: list[Reading], count: int) -> Iterator[Ratio]:
    """Holding many reports against the rules at once, against one after the other."""
    reports = list(islice(cycle(reading.report for reading in read), count))
    together = seconds(lambda: confront(reports))
    apart = seconds(lambda: [confront([report]) for report in reports], 1)
    yield Ratio("confronting together", "one by one", f"{count} reports", together / apart)


def workers(read: list[Reading], count: int, processes: int) -> Iterator[Ratio]:
    """Reading documents in a pool of processes, its start included, against reading them in this process."""
    work = [
        (str(number), (hashlib.sha256(reading.content).hexdigest(), reading.path.name, reading.content))
        for number, reading in enumerate(islice(cycle(read), count))
    ]

    def all_with(mapper: Mapper) -> float:
        return seconds(lambda: list(map_documents(mapper, extract_content, work)), 1)

    pool, alone = all_with(ProcessMapper(processes)), all_with(InProcessMapper())
    yield Ratio(f"reading in {processes} processes", "in this process", f"{count} documents", pool / alone)


def runs(folder: Path) -> Iterator[Ratio]:
    """A second run of the pipeline over the same files, against the first."""
    from gao_pipeline.orchestration.running import run_pipeline  # worker processes import this module too

    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), landing=folder, mapper="in_process", postgres_url=None)
        first, second = (seconds(lambda: run_pipeline(settings), 1) for _ in range(2))
    yield Ratio("second run", "first run", "whole folder", second / first)


def start(read: list[Reading]) -> Iterator[Ratio]:
    """Starting `gao check` on one report, against starting Python."""
    path = min(read, key=lambda reading: reading.seconds).path
    bare = seconds(lambda: _python("pass"))
    yield Ratio(
        "starting gao check",
        "starting Python",
        "1 report",
        seconds(lambda: _python(_COMMAND, "check", str(path))) / bare,
    )


def _python(code: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-c", code, *arguments], check=False, capture_output=True)  # noqa: S603


def tabulate(groups: Mapping[str, list[Ratio]]) -> Table:
    """One row per ratio, a section per group."""
    table = Table(title="relative to one another")
    table.add_column("")
    table.add_column("against")
    table.add_column("over")
    table.add_column("takes", justify="right")
    for ratios in groups.values():
        for ratio in ratios:
            table.add_row(ratio.measured, ratio.reference, ratio.size, f"× {ratio.value:.2f}")
        table.add_section()
    return table


def main() -> int:
    """Measures and prints; exit status 2 if the folder holds no report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=SAMPLES)
    parser.add_argument("--reports", type=int, default=300, help="reports to confront")
    parser.add_argument("--documents", type=int, default=200, help="documents to read in workers")
    parser.add_argument("--processes", type=int, default=2, help="worker processes")
    options = parser.parse_args()
    console = Console()
    with console.status("reading") as status:
        read = list(readings(options.folder))
        if not read:
            console.print(f"{options.folder} holds no report that can be read")
            return 2
        groups = {}
        for name, measure in {
            "formats": lambda: formats(read),
            "confrontation": lambda: confrontation(read, options.reports),
            "workers": lambda: workers(read, options.documents, options.processes),
            "start": lambda: start(read),
            "runs": lambda: runs(options.folder),
        }.items():
            status.update(name)
            groups[name] = list(measure())
    console.print(tabulate(groups))
    return 0


if __name__ == "__main__":
    sys.exit(main())

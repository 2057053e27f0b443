"""Reading in stages: each content once, whatever happens between."""

from __future__ import annotations

import os
import shutil
import time
import zipfile
from pathlib import Path

import pytest

from gao_pipeline.archive import extraction, reading
from gao_pipeline.archive.home import Home
from gao_pipeline.archive.landing import raw_files, scan
from gao_pipeline.archive.ledger import LedgerError, make_ledger
from gao_pipeline.archive.mapper import InProcessMapper
from gao_pipeline.archive.progress import Silent
from gao_pipeline.archive.reading import in_year, reported_facts, stored_reports
from gao_pipeline.archive.tables import TableStore
from gao_pipeline.contracts.vocabularies import load_quarantine_reasons

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "reports"
STREET = "涧西区星桥街道办事处"


class Desk:
    """A landing folder and the stages over it, as the assets call them."""

    def __init__(self, root: Path) -> None:
        self.landing = root / "landing"
        self.landing.mkdir()
        self.tables = TableStore(Home(root / "home"))
        for year in (2021, 2022):
            self.put(f"{STREET}-{year}.txt", f"{year}.txt")

    def put(self, sample: str, name: str) -> None:
        shutil.copyfile(SAMPLES / sample, self.landing / name)
        os.utime(self.landing / name, (time.time() - 3600,) * 2)

    def ingest(self) -> tuple[int, int]:
        """Reads what is new; returns how many documents and reports that were."""
        files = raw_files(scan(self.landing, self.tables.home.root / "landing.json"))
        self.tables.write("raw_files", files)
        first = extraction.extract(self.landing, files, self.tables, InProcessMapper(), Silent())
        self.tables.write("extracted_text", first.extracted_text)
        self.tables.write("extracted_tables", first.extracted_tables)
        second = reading.read_reports(files, first.extracted_text, self.tables, InProcessMapper(), Silent())
        for year in second.changed_years:
            facts = reported_facts(stored_reports(self.tables.home, in_year(second.reports, year)))
            self.tables.write("reported_facts", facts, year)
        self.tables.write("reports", second.reports)
        return first.read, second.read


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_what_is_no_file_stands_in_the_ledger_with_its_reason(desk: Desk) -> None:
    os.mkfifo(desk.landing / "pipe.txt")
    (desk.landing / "nowhere.txt").symlink_to(desk.landing / "missing")
    assert desk.ingest() == (2, 2)
    ledger = make_ledger(desk.tables).set_index("path")
    assert dict(ledger["reason"].dropna()) == {"nowhere.txt": "unreadable_file", "pipe.txt": "not_a_file"}
    assert dict(ledger["detail"].dropna()) == {
        "nowhere.txt": "the symbolic link leads nowhere",
        "pipe.txt": "this is a named pipe",
    }


def test_an_archive_without_files_is_put_aside_as_such(desk: Desk) -> None:
    zipfile.ZipFile(desk.landing / "void.zip", "w").close()
    desk.ingest()
    (row,) = make_ledger(desk.tables).query("path == 'void.zip'").to_dict("records")
    assert (row["status"], row["reason"]) == ("quarantined", "empty_archive")
    assert "empty_archive" in load_quarantine_reasons()


def test_a_content_is_read_once(desk: Desk) -> None:
    assert desk.ingest() == (2, 2)
    assert desk.ingest() == (0, 0)
    shutil.move(desk.landing / "2021.txt", desk.landing / "renamed.txt")
    assert desk.ingest() == (0, 0)
    assert set(desk.tables.read("reports")["path"]) == {"2022.txt", "renamed.txt"}


def test_a_file_that_comes_back_is_not_read_again(desk: Desk) -> None:
    desk.ingest()
    (desk.landing / "2022.txt").unlink()
    assert desk.ingest() == (0, 0)
    assert len(desk.tables.read("reports")) == 1
    desk.put(f"{STREET}-2022.txt", "2022.txt")
    assert desk.ingest() == (0, 0)
    assert len(desk.tables.read("reports")) == 2


def test_a_run_that_was_cut_off_before_its_tables_reads_nothing_again(desk: Desk) -> None:
    desk.ingest()
    complete = {name: desk.tables.read(name) for name in ("extracted_text", "extracted_tables", "reports")}
    for name in complete:
        desk.tables.path(name).unlink()
    assert desk.ingest() == (0, 0)
    for name, frame in complete.items():
        assert frame.equals(desk.tables.read(name))


def test_another_reader_reads_everything_again_and_drops_what_the_old_one_made(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.ingest()
    for module in (extraction, reading):
        monkeypatch.setattr(module, "reader_version", lambda: "0123456789abcdef")
    assert desk.ingest() == (2, 2)
    assert len(list(desk.tables.home.extractions.rglob("*.gz"))) == 2
    assert len(list(desk.tables.home.reports.rglob("*.gz"))) == 2


def test_a_reader_that_crashed_is_tried_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise MemoryError("too large")

    with monkeypatch.context() as patch:
        patch.setattr(extraction, "extract_content", crash)
        assert desk.ingest() == (2, 0)
    ledger = make_ledger(desk.tables)
    assert set(ledger["reason"]) == {"reader_crashed"}
    assert desk.ingest() == (2, 2)


def test_the_ledger_says_when_a_file_is_not_accounted_for(desk: Desk) -> None:
    desk.ingest()
    desk.tables.write("reports", desk.tables.read("reports").head(1))
    with pytest.raises(LedgerError, match=r"2022\.txt|2021\.txt"):
        make_ledger(desk.tables)

"""Corrections of the review desk through whole runs: facts, findings, release, and no year but theirs."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import duckdb
import pytest

from gao_pipeline.archive.home import Home
from gao_pipeline.archive.tables import TableStore
from gao_pipeline.orchestration.running import RunSummary, run_pipeline
from gao_pipeline.settings import Settings

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "reports"
STREET = "涧西区星桥街道办事处"
YEARS = (2021, 2022, 2023, 2024)
FIGURES = "organization,report_year,table,row,column,old_value,new_value,who,when,why,evidence"
ORGANS = "name,region_code,who,when,why,evidence"
CELL = "table_code = 'applications' AND row_code = 'granted' AND column_code = 'total'"


class Desk:
    """A home with the reports of one organ, and the correction files that people write there."""

    def __init__(self, root: Path) -> None:
        landing = root / "landing"
        landing.mkdir()
        for year in YEARS:
            path = landing / f"{STREET}-{year}.txt"
            shutil.copyfile(SAMPLES / path.name, path)
            os.utime(path, (time.time() - 3600,) * 2)
        self.settings = Settings(home=root / "home", landing=landing, mapper="in_process")
        self.home = Home(self.settings.home)
        self.tables = TableStore(self.home)

    def write(self, name: str, *lines: str) -> None:
        self.home.corrections.mkdir(parents=True, exist_ok=True)
        (self.home.corrections / name).write_text("\n".join(lines) + "\n", encoding="utf-8")

    def run(self) -> RunSummary:
        summary = run_pipeline(self.settings)
        assert summary.failures == summary.refusals == ()
        return summary

    def released(self, sql: str) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.home.releases / "current" / "gao.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def printed(self, year: int) -> int:
        facts = self.tables.read("reported_facts", year).query(CELL.replace("=", "==").replace("AND", "and"))
        return int(facts["reported_value"].iloc[0])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    assert desk.run().work.years_made == tuple(map(str, YEARS))
    return desk


def test_a_correction_shows_in_facts_findings_and_release(desk: Desk) -> None:
    old = desk.printed(2022)
    row = (
        f"{STREET},2022,applications,granted,total,{old},{old + 1},校对员,2026-01-05,机关来函更正,来函第 3 号"
    )
    desk.write("facts.csv", FIGURES, row)
    summary = desk.run()
    assert summary.work.years_made == ("2022", "2023")
    assert summary.release_is_new
    columns = "value, reported_value, value_origin"
    facts = f"SELECT {columns} FROM fact_reported_value WHERE report_year = 2022 AND {CELL}"
    assert desk.released(facts) == [(old + 1, old, "corrected")]
    told = desk.released(
        "SELECT report_year, severity, message FROM findings WHERE rule = 'correction.applied'"
    )
    assert [(year, severity) for year, severity, _ in told] == [(2022, "info")]
    assert all(word in str(told[0][2]) for word in ("校对员", "机关来函更正", "来函第 3 号"))


def test_a_correction_of_a_report_that_is_not_held_is_told(desk: Desk) -> None:
    assert desk.run().unplaced == ()
    rows = [
        f"{organ},{year},applications,granted,total,1,2,校对员,2026-01-05,机关来函更正,来函第 3 号"
        for organ, year in ((STREET, 2019), ("别处街道办事处", 2022))
    ]
    desk.write("facts-others.csv", FIGURES, *rows)
    summary = desk.run()
    assert summary.work.years_made == ()
    assert [(item.organization, item.report_year) for item in summary.unplaced] == [
        (STREET, 2019),
        ("别处街道办事处", 2022),
    ]
    (desk.home.corrections / "facts-others.csv").unlink()


def test_a_stale_correction_is_told_and_not_applied(desk: Desk) -> None:
    old = desk.printed(2022)
    row = (
        f"{STREET},2022,applications,granted,total,{old + 7},{old},校对员,2026-01-05,机关来函更正,来函第 3 号"
    )
    desk.write("facts.csv", FIGURES, row)
    assert desk.run().work.years_made == ("2022", "2023")
    facts = f"SELECT value, value_origin FROM fact_reported_value WHERE report_year = 2022 AND {CELL}"
    assert desk.released(facts) == [(old, "reported")]
    rules = "SELECT DISTINCT rule FROM findings WHERE family = 'correction'"
    assert desk.released(rules) == [("correction.stale",)]


def test_a_settled_organisation_shows_in_the_release(desk: Desk) -> None:
    desk.write("facts.csv", FIGURES)
    desk.write("organizations.csv", ORGANS, f"{STREET},410304,校对员,2026-01-05,划归瀍河,批复")
    summary = desk.run()
    assert summary.work.years_made == tuple(map(str, YEARS))
    assert desk.released("SELECT DISTINCT region_code FROM dim_report") == [("410304",)]
    assert desk.run().work.years_made == ()

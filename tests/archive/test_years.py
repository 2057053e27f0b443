"""Which years have to be made again, and in which runs."""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gao_pipeline.archive.corrections import Corrections
from gao_pipeline.archive.frames import frame_of
from gao_pipeline.archive.home import Home
from gao_pipeline.archive.tables import TableStore
from gao_pipeline.archive.years import YearMarks, spans
from gao_pipeline.checking.corrections import Correction
from gao_pipeline.contracts.organizations import Membership, Override
from gao_pipeline.contracts.population import Residents

ONE = {"media_type": "txt", "form": "2021", "reading_version": "v1"}


def report(letter: str, year: int | None, path: str | None = None) -> dict[str, object]:
    return {
        **ONE,
        "report_id": letter * 16,
        "sha256": letter * 64,
        "path": path or f"{letter}.txt",
        "organization": f"{letter}局",
        "report_year": year,
    }


def override(name: str, *, first_year: int | None = None, why: str = "更名") -> Override:
    who, when = "校对员", datetime.date(2026, 1, 1)
    return Override(name=name, first_year=first_year, who=who, when=when, why=why, evidence="公报")


def membership(region: str, *, last_year: int | None = None) -> Membership:
    return Membership(
        region=region,
        member="甲局",
        last_year=last_year,
        who="校对员",
        when=datetime.date(2026, 1, 1),
        why="汇总范围",
        evidence="通知",
    )


def correction(year: int, value: float, organization: str = "a局") -> Correction:
    return Correction(
        organization=organization,
        report_year=year,
        table="applications",
        row="received",
        column="total",
        who="校对员",
        when=datetime.date(2026, 1, 1),
        why="笔误",
        evidence="公报",
        old_value=1,
        new_value=value,
    )


class Archive:
    """Reports as they are read, and years as they are made, without any reading or making."""

    def __init__(self, root: Path) -> None:
        self.tables = TableStore(Home(root))
        self.corrections = Corrections()

    def hold(self, *reports: dict[str, object]) -> None:
        self.tables.write("reports", frame_of("reports", reports))

    @property
    def marks(self) -> YearMarks:
        return YearMarks(self.tables, self.corrections)

    @property
    def dirty(self) -> tuple[str, ...]:
        return self.marks.dirty_years()

    def make(self) -> None:
        held = {str(year) for year in self.tables.read("reports")["report_year"].dropna()}
        for year in self.dirty:
            if year in held or year == "unknown":
                self.tables.write("dim_report", self.tables.read("dim_report", 1900), year)
            else:
                self.tables.remove("dim_report", year)
            for stage in ("validated", "aggregated"):
                self.marks.record(stage, self.marks.inputs(stage, [year]))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path)
    archive.hold(report("a", 2020), report("b", 2021), report("c", 2023), report("d", None))
    return archive


def test_everything_new_is_dirty_and_clean_once_it_is_made(archive: Archive) -> None:
    assert archive.dirty == ("2020", "2021", "2023", "unknown")
    archive.make()
    assert archive.dirty == ()


@pytest.mark.parametrize(
    ("reports", "dirty"),
    [
        pytest.param([report("e", 2023)], ("2023",), id="arrived"),
        pytest.param(
            [report("e", 2020)], ("2020", "2021"), id="arrived in a year that another looks back at"
        ),
        pytest.param(
            [report("a", 2021)], ("2020", "2021", "2023"), id="moved to another year, seen two later"
        ),
        pytest.param([report("c", 2023, "renamed.txt")], ("2023",), id="renamed"),
        pytest.param([report("d", 2023)], ("2023", "unknown"), id="its year was found"),
        pytest.param([{**report("c", 2023), "reading_version": "v2"}], ("2023",), id="read anew"),
    ],
)
def test_what_changes_makes_its_years_dirty(
    archive: Archive, reports: list[dict[str, object]], dirty: tuple[str, ...]
) -> None:
    archive.make()
    before = [report("a", 2020), report("b", 2021), report("c", 2023), report("d", None)]
    ids = {item["report_id"] for item in reports}
    archive.hold(*(item for item in before if item["report_id"] not in ids), *reports)
    assert archive.dirty == dirty


def test_a_year_that_lost_its_last_report_is_made_once_more(archive: Archive) -> None:
    archive.make()
    archive.hold(report("a", 2020), report("b", 2021), report("d", None))
    assert archive.dirty == ("2023",)
    archive.make()
    assert archive.dirty == ()


def test_a_correction_makes_its_year_dirty_and_the_one_that_looks_back(archive: Archive) -> None:
    archive.make()
    for value in (2, 3):
        archive.corrections = Corrections((correction(2020, value),))
        assert archive.dirty == ("2020", "2021")
        archive.make()
    archive.corrections = Corrections()
    assert archive.dirty == ("2020", "2021")


def test_a_settled_organisation_makes_the_years_dirty_in_which_it_reports(archive: Archive) -> None:
    archive.make()
    for why in ("更名", "合并"):
        archive.corrections = Corrections(organizations=(override("c局", why=why),))
        assert archive.dirty == ("2023",)
        archive.make()
    archive.corrections = Corrections()
    assert archive.dirty == ("2023",)


def test_a_list_of_members_makes_the_years_of_its_region_dirty(archive: Archive) -> None:
    archive.make()
    archive.corrections = Corrections(members=(membership("c局"),))
    assert archive.dirty == ("2023",)
    archive.corrections = Corrections(members=(membership("c局", last_year=2022), membership("无此局")))
    assert archive.dirty == ()


@pytest.mark.parametrize(
    "corrections",
    [
        Corrections((correction(2020, 2, "无此局"),)),
        Corrections((correction(2019, 2),)),
        Corrections(organizations=(override("无此局"), override("b局", first_year=2022))),
    ],
)
def test_corrections_of_reports_that_are_not_held_make_nothing_dirty(
    archive: Archive, corrections: Corrections
) -> None:
    archive.make()
    archive.corrections = corrections
    assert archive.dirty == ()


def test_other_rules_make_every_year_dirty(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.make()
    monkeypatch.setattr("gao_pipeline.archive.years.checking_version", lambda: "other")
    assert archive.dirty == ("2020", "2021", "2023", "unknown")


def test_a_run_that_is_cut_off_leaves_the_year_dirty(archive: Archive) -> None:
    archive.make()
    archive.hold(
        report("a", 2020), report("b", 2021), report("c", 2023), report("e", 2023), report("d", None)
    )
    archive.marks.record("validated", archive.marks.inputs("validated", ["2023"]))
    assert archive.dirty == ("2023",)


def test_what_arrives_while_a_year_is_made_makes_it_dirty_again(archive: Archive) -> None:
    archive.make()
    inputs = archive.marks.inputs("validated", ["2023"])
    archive.hold(
        report("a", 2020), report("b", 2021), report("c", 2023), report("e", 2023), report("d", None)
    )
    archive.marks.record("validated", inputs)
    assert archive.dirty == ("2023",)


@given(st.sets(st.integers(2008, 2026)), st.booleans())
def test_spans_are_contiguous_and_complete(years: set[int], unknown: bool) -> None:
    keys = {*map(str, years), *(["unknown"] if unknown else [])}
    found = list(spans(keys))
    assert [year for span in found for year in span] == sorted(keys)
    for span in found:
        assert span == ("unknown",) or [int(y) for y in span] == list(range(int(span[0]), int(span[-1]) + 1))
    numeric = [span for span in found if span != ("unknown",)]
    for earlier, later in itertools.pairwise(numeric):
        assert int(later[0]) > int(earlier[-1]) + 1


def test_other_residents_make_the_annual_tables_dirty(archive: Archive) -> None:
    archive.make()
    county = Residents(region_code="360733", year=2020, residents=447_000, source="公报")
    archive.corrections = Corrections(residents=(county,))
    assert archive.dirty == ("2020", "2021", "2023", "unknown")
    before = YearMarks(archive.tables, Corrections()).inputs("validated", ["2021"])
    assert archive.marks.inputs("validated", ["2021"]) == before

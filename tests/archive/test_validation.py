"""A report year: values and their origin, suspects, versions, corrections, the year before."""

from __future__ import annotations

import datetime
from pathlib import Path

import msgspec
import pandas as pd
import pytest

from gao_pipeline.aggregates.versions import choose_versions
from gao_pipeline.archive.frames import frame_of
from gao_pipeline.archive.home import Home
from gao_pipeline.archive.reading import report_store, reported_facts
from gao_pipeline.archive.schemas import pandera_schema
from gao_pipeline.archive.store import ReportReading
from gao_pipeline.archive.tables import TableStore
from gao_pipeline.archive.validation import YearTables, validate_year
from gao_pipeline.archive.workers import Read
from gao_pipeline.checking.corrections import Correction
from gao_pipeline.contracts.forms import FactCode, load_forms
from gao_pipeline.contracts.tables import load_tables
from gao_pipeline.documents.model import MediaType
from gao_pipeline.reports.model import Fact, Number, Report, State

OFFICE = "会昌县商务局"
RECEIVED = FactCode("applications", "received", "natural_person")
RECEIVED_TOTAL = FactCode("applications", "received", "total")
CARRIED_IN = FactCode("applications", "carried_in", "natural_person")
CARRIED_IN_TOTAL = FactCode("applications", "carried_in", "total")
GRANTED = FactCode("applications", "granted", "natural_person")


def report(
    year: int | None, values: dict[FactCode, Number | None] | None = None, **changes: object
) -> Report:
    """A report whose cells are 0 but for `values`; `None` is a blank cell."""
    values = values or {}
    facts = tuple(
        Fact(code=code, value=value, raw=None if value is None else str(value), state=state)
        for code in load_forms()["2021"].codes
        for value in [values.get(code, 0)]
        for state in [State.BLANK if value is None else State.REPORTED]
    )
    fields: dict[str, object] = {"organization": OFFICE, **changes}
    return Report(
        media_type=MediaType.TXT,
        report_year=year,
        form="2021",
        table_forms=dict.fromkeys(("disclosure", "applications", "proceedings"), "2021"),
        facts=facts,
        **fields,  # type: ignore[arg-type]
    )


class Archive:
    """Reports held as the reading stage leaves them."""

    def __init__(self, root: Path) -> None:
        self.tables = TableStore(Home(root))
        self.rows: list[dict[str, object]] = []

    def hold(self, letter: str, item: Report) -> None:
        sha256 = letter * 64
        read = Read.of(ReportReading(sha256=sha256, report=item))
        report_store(self.tables.home).write_packed(sha256, "v1", read.packed)
        assert read.row is not None
        self.rows.append(read.row | {"path": f"{letter}.txt", "reading_version": "v1"})
        self.tables.write("reports", frame_of("reports", self.rows))
        year = "unknown" if item.report_year is None else item.report_year
        facts = pd.concat([self.tables.read("reported_facts", year), reported_facts({letter * 16: item})])
        self.tables.write("reported_facts", facts, year)

    def validate(self, year: str, *corrections: Correction) -> YearTables:
        made = validate_year(self.tables, year, choose_versions, corrections)
        for name, frame in made._asdict().items():
            pandera_schema(load_tables()[name]).validate(frame, lazy=True)
            self.tables.write(name, frame, year)
        return made


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def cell(made: YearTables, code: FactCode, letter: str = "a") -> dict[str, object]:
    facts = made.validated_facts
    rows = facts[
        (facts["report_id"] == letter * 16)
        & (facts["table_code"] == code.table)
        & (facts["row_code"] == code.row)
        & (facts["column_code"] == code.column)
    ]
    (row,) = rows.to_dict("records")
    return {str(name): None if pd.isna(value) else value for name, value in row.items()}


def test_a_consistent_report_counts_with_every_figure(archive: Archive) -> None:
    archive.hold("a", report(2022))
    made = archive.validate("2022")
    assert made.validated_facts["counted"].all()
    assert set(made.validated_facts["value_origin"]) == {"reported"}
    assert made.dim_report["consistent"].all()
    assert made.rule_verdicts["failed"].sum() == 0
    assert made.rule_verdicts["passed"].sum() > 0


def test_the_cells_of_a_broken_relation_are_suspect_and_do_not_count(archive: Archive) -> None:
    archive.hold("a", report(2022, {RECEIVED: 3}))
    made = archive.validate("2022")
    suspect = made.validated_facts[made.validated_facts["suspect"]]
    assert not suspect["counted"].any()
    assert {"received", "concluded_total"} <= set(suspect["row_code"])
    assert set(suspect["table_code"]) == {"applications"}
    assert made.validated_facts["counted"].any()
    assert not made.dim_report["consistent"].any()
    assert made.dim_report["errors"].sum() == (made.findings["severity"] == "error").sum() > 0


def test_a_blank_that_the_form_forces_is_derived_with_its_rule(archive: Archive) -> None:
    archive.hold("a", report(2022, {RECEIVED_TOTAL: None}))
    fact = cell(archive.validate("2022"), RECEIVED_TOTAL)
    assert (fact["value"], fact["value_origin"], fact["state"]) == (0, "derived", "derived")
    assert fact["reported_value"] is None
    assert fact["derived_by"]


def test_a_correction_replaces_the_value_and_keeps_what_was_printed(archive: Archive) -> None:
    archive.hold("a", report(2022, {RECEIVED: 3}))
    made = archive.validate("2022", correction(RECEIVED, old=3, new=0))
    fact = cell(made, RECEIVED)
    assert (fact["value"], fact["value_origin"], fact["reported_value"], fact["raw"]) == (
        0,
        "corrected",
        3,
        "3",
    )
    assert made.dim_report["consistent"].all()
    assert made.validated_facts["counted"].all()


def test_a_correction_that_no_longer_fits_is_a_finding(archive: Archive) -> None:
    archive.hold("a", report(2022))
    made = archive.validate("2022", correction(RECEIVED, old=7, new=5))
    assert list(made.findings["rule"]) == ["correction.stale"]
    assert cell(made, RECEIVED)["value"] == 0


def test_one_version_stands_for_the_organisation(archive: Archive) -> None:
    archive.hold("a", report(2022, {GRANTED: 0}, published="2023-01-10"))
    changed = {RECEIVED: 1, RECEIVED_TOTAL: 1, FactCode("applications", "carried_out", "natural_person"): 1}
    changed[FactCode("applications", "carried_out", "total")] = 1
    archive.hold("b", report(2022, dict(changed), published="2023-02-20"))
    made = archive.validate("2022")
    chosen = made.dim_report.set_index("report_id")["chosen"]
    assert (chosen["a" * 16], chosen["b" * 16]) == (False, True)
    counted = made.validated_facts.groupby("report_id")["counted"].any()
    assert (counted["a" * 16], counted["b" * 16]) == (False, True)
    assert "continuity.two_versions" in set(made.findings["rule"])


def test_the_year_before_is_looked_back_at_with_its_validated_figures(archive: Archive) -> None:
    out = {
        RECEIVED: 4,
        RECEIVED_TOTAL: 4,
        FactCode("applications", "carried_out", "natural_person"): 4,
        FactCode("applications", "carried_out", "total"): None,
    }
    archive.hold("a", report(2022, dict(out)))
    archive.hold("b", report(2023))
    archive.validate("2022")
    made = archive.validate("2023")
    carried = made.findings[made.findings["rule"] == "continuity.carry_over"]
    assert list(carried["report_id"]) == ["b" * 16]
    # The total that was blank in 2022 is derived there, so the column of totals is judged as well.
    assert ["applications", "carried_in", "total"] in msgspec.json.decode(carried["facts"].iloc[0])


def test_reports_without_a_year_are_read_and_not_counted(archive: Archive) -> None:
    archive.hold("a", report(None))
    made = archive.validate("unknown")
    assert len(made.dim_report) == 1
    assert made.validated_facts["value"].notna().all()
    assert not made.validated_facts["counted"].any()


def test_findings_have_ids_of_their_own_that_do_not_change(archive: Archive) -> None:
    archive.hold("a", report(2022, {RECEIVED: 3}))
    first, second = archive.validate("2022"), archive.validate("2022")
    assert first.findings["finding_id"].is_unique
    pd.testing.assert_frame_equal(first.findings, second.findings)


def test_a_year_without_reports_gives_empty_tables(archive: Archive) -> None:
    made = archive.validate("2022")
    assert all(frame.empty for frame in made)


def correction(code: FactCode, *, old: float | None, new: float | None) -> Correction:
    return Correction(
        organization=OFFICE,
        report_year=2022,
        table=code.table,
        row=code.row,
        column=code.column,
        who="校对员",
        when=datetime.date(2026, 1, 1),
        why="笔误",
        evidence="https://example.invalid/",
        old_value=old,
        new_value=new,
    )

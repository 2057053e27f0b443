"""A report year: values and their origin, suspects, versions, corrections, the year before."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec
import pandas as pd
import pytest

from gao_pipeline.archive.validation import YearTables
from gao_pipeline.checking.corrections import Correction
from gao_pipeline.contracts.forms import FactCode, load_forms
from gao_pipeline.contracts.organizations import Override
from gao_pipeline.contracts.rules import load_rules
from gao_pipeline.documents.model import MediaType
from gao_pipeline.reports.model import Claim, Fact, Number, Report, State

Archive = Any  # of conftest.py
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
    assert list(made.findings["rule"]) == ["correction.applied"]
    verdicts = made.rule_verdicts.set_index("rule")
    assert verdicts["passed"]["correction.stale"] == verdicts["failed"]["correction.applied"] == 1


def test_a_correction_that_no_longer_fits_is_a_finding(archive: Archive) -> None:
    archive.hold("a", report(2022))
    made = archive.validate("2022", correction(RECEIVED, old=7, new=5))
    assert list(made.findings["rule"]) == ["correction.stale"]
    assert made.rule_verdicts.set_index("rule")["failed"]["correction.stale"] == 1
    assert cell(made, RECEIVED)["value"] == 0


def test_an_organisation_is_the_one_that_people_settled(archive: Archive) -> None:
    archive.hold("a", report(2022, organization="鼓楼区商务局"))
    archive.hold("b", report(2022, organization="鼓楼区商务局", title="徐州市鼓楼区商务局"))
    made = archive.validate("2022", organizations=(settled("鼓楼区商务局", context="b.txt", code="320302"),))
    codes = made.dim_report.set_index("report_id")["region_code"]
    assert codes["b" * 16] == "320302"
    assert pd.isna(codes["a" * 16])


def test_a_renamed_organ_is_one_over_the_years(archive: Archive) -> None:
    archive.hold("a", report(2022, organization="会昌县招商服务中心"))
    archive.hold("b", report(2023))
    same = (settled("会昌县招商服务中心", same_as=OFFICE),)
    first, second = (archive.validate(year, organizations=same) for year in ("2022", "2023"))
    assert first.dim_report["organization_id"][0] == second.dim_report["organization_id"][0]
    assert second.rule_verdicts.set_index("rule")["passed"]["continuity.carry_over"] > 0


def total(value: int) -> dict[FactCode, Number | None]:
    """A consistent applications table of so many applications by natural persons, all carried out."""
    rows = ("received", "carried_out")
    return {
        FactCode("applications", row, column): value for row in rows for column in ("natural_person", "total")
    }


@pytest.mark.parametrize(
    ("held", "outcome"),
    [(("甲局", "乙局"), "failed"), (("甲局",), "not_assessable")],
    ids=["complete", "a member is missing"],
)
def test_a_regional_total_adds_up_only_where_the_list_of_members_is_complete(
    archive: Archive, held: tuple[str, ...], outcome: str
) -> None:
    region = "会昌县行政区域"
    archive.hold("a", report(2022, total(9), organization=region))
    for digits, name in zip("bc", held, strict=False):
        archive.hold(digits, report(2022, total(4), organization=f"会昌县{name}"))
    made = archive.validate("2022", members=[(region, "会昌县甲局"), (region, "会昌县乙局")])
    assert set(made.dim_report["report_scope"]) == {"region", "organ"}
    verdicts = made.rule_verdicts.set_index("rule")
    assert verdicts[outcome]["hierarchy.region_total"] > 0
    assert ("hierarchy.region_total" in set(made.findings["rule"])) == (outcome == "failed")


def test_a_gap_between_two_years_is_told_of_the_later_report(archive: Archive) -> None:
    archive.hold("a", report(2021))
    archive.hold("b", report(2022, organization="上犹县商务局"))
    archive.hold("c", report(2023))
    made = [archive.validate(year) for year in ("2021", "2022", "2023")]
    gaps = [set(year.findings["rule"]) & {"continuity.missing_year"} for year in made]
    assert gaps == [set(), set(), {"continuity.missing_year"}]
    assert made[2].rule_verdicts.set_index("rule")["failed"]["continuity.missing_year"] == 1


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


def settled(
    name: str, *, context: str | None = None, same_as: str | None = None, code: str | None = None
) -> Override:
    return Override(
        name=name,
        context=context,
        same_as=same_as,
        region_code=code,
        who="校对员",
        when=datetime.date(2026, 1, 1),
        why="机构更名",
        evidence="三定方案",
    )


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


def test_claims_of_the_prose_are_kept_and_the_one_that_stands_for_its_kind_counts(archive: Archive) -> None:
    said = [
        ("fee_notices", 3, "发出收费通知3件。"),
        ("fee_notices", 3, "发出收费通知共计3件。"),
        ("processing_fees", 0.06, "实际收取600元。"),
        ("processing_fees", 0.07, "实际收取700元。"),
        ("received", 90, "全县各部门共收到申请90件。"),
        ("received", 0, "我局收到申请0件。"),
        ("review", 5, "全县行政复议5件。"),
    ]
    claims = tuple(Claim(kind=kind, value=value, sentence=sentence) for kind, value, sentence in said)
    archive.hold("a", report(2022, claims=claims))
    archive.hold("b", report(None, claims=claims))
    made = archive.validate("2022").reported_claims
    assert made["counted"].tolist() == [True, False, False, False, False, True, True]
    assert made["other_scope"].tolist() == [False, False, False, False, True, False, True]
    assert made["unit"].tolist() == ["count", "count", "10k_cny", "10k_cny", "count", "count", "count"]
    assert made["value"].tolist() == [value for _, value, _ in said]
    assert not archive.validate("unknown").reported_claims["counted"].any()


def test_judgements_of_hard_rules_are_counted_by_report(archive: Archive) -> None:
    archive.hold("a", report(2022))
    archive.hold("b", report(2022, {RECEIVED: 3}, organization="上犹县商务局"))
    made = archive.validate("2022")
    verdicts = made.rule_verdicts[
        made.rule_verdicts["rule"].map(lambda rule: load_rules()[rule].severity == "error")
    ]
    reports = made.dim_report.set_index("report_id")
    assert made.dim_report["rules_passed"].sum() == verdicts["passed"].sum() > 0
    assert made.dim_report["rules_failed"].sum() == verdicts["failed"].sum() > 0
    assert reports["rules_failed"].to_dict() == {"a" * 16: 0, "b" * 16: verdicts["failed"].sum()}

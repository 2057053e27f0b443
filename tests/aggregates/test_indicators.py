"""Indicators are ratios of sums over the reports that give both parts, and count nothing twice."""

from __future__ import annotations

from collections import defaultdict
from fnmatch import fnmatch
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest

from gao_pipeline.aggregates.indicators import annual_indicators
from gao_pipeline.archive.schemas import pandera_schema
from gao_pipeline.contracts.forms import load_forms
from gao_pipeline.contracts.indicators import load_indicators
from gao_pipeline.contracts.tables import load_tables

RECEIVED = ("applications", "received", "total")
CARRIED_IN = ("applications", "carried_in", "total")
CONCLUDED = ("applications", "concluded_total", "total")
GRANTED = ("applications", "granted", "total")
PARTLY = ("applications", "partly_granted", "total")


def rows(table: pd.DataFrame, indicator: str, **group: Any) -> pd.DataFrame:
    """The rows of an indicator in a group; dimensions that are not named are rolled up."""
    wanted = {"level": "all", "region_code": "all", "department_class": "all"} | group
    found = table[table["indicator"] == indicator]
    for column, value in wanted.items():
        found = found[found[column] == value]
    return found


def groups_of(report: Any) -> set[tuple[str, str, str]]:
    """Level, region and class of every row that an ordinary report (organ or government) counts in."""
    code, level, department = report.region_code, report.level, report.department_class
    classes = {department} if department == "taxation" else {department, "all"}
    if pd.isna(code):
        large, small = {"all", "unresolved"}, set()
    else:
        municipality = code[:2] in ("11", "12", "31", "50")
        large = {"all", code[:2] + "0000"}
        small = {code} | (set() if municipality else {code[:4] + "00"})
    found = {(a, region, c) for a in (level, "all") for region in large for c in classes}
    return found | {("all", region, "all") for region in small - large if "all" in classes}


def test_every_row_agrees_with_the_truth_of_the_rendered_corpus(
    rendered_truth: Any, rendered_frames: Any
) -> None:
    """Recomputed from the truth in plain arithmetic: every ratio and total, in every group."""
    reports = {row.report_id: row for row in rendered_frames[1].itertuples(index=False)}
    expected: dict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [0, 0, 0])
    for truth in rendered_truth:
        report = reports[truth["file"]]
        suspect = {tuple(cell) for violation in truth["violations"] for cell in violation["cells"]}
        values = {
            (code[0], f"{code[1]}/{code[2]}"): None if code in suspect else fact["value"]
            for fact in truth["facts"]
            for code in [(fact["table"], fact["row"], fact["column"])]
        }
        for indicator in load_indicators().values():
            if indicator.measure not in ("ratio", "total"):
                continue
            sums = []
            for term in indicator.terms.values():
                total, given = Fraction(0), True
                for sign, patterns in ((1, term.plus), (-1, term.minus)):
                    for pattern in patterns:
                        cells = [v for (t, c), v in values.items() if t == term.table and fnmatch(c, pattern)]
                        given = given and bool(cells) and None not in cells
                        total += sign * sum(Fraction(str(value)) for value in cells if value is not None)
                sums.append(total if given else None)
            if None in sums:
                continue
            for group in groups_of(report):
                cell = expected[report.report_year, report.report_scope, *group, indicator.code]
                cell[0] += sums[0]
                cell[1] += sums[1] if len(sums) == 2 else 0
                cell[2] += 1

    table = annual_indicators(*rendered_frames)
    measure = table["indicator"].map(lambda code: load_indicators()[code].measure)
    checked = table[measure.isin(["ratio", "total"])]
    key = ["report_year", "report_scope", "level", "region_code", "department_class", "indicator"]
    assert set(checked[key].itertuples(index=False, name=None)) == expected.keys()
    for row in checked.itertuples(index=False):
        numerator, denominator, count = expected[tuple(getattr(row, column) for column in key)]
        assert (row.numerator, row.reports) == (float(numerator), count)
        if load_indicators()[row.indicator].measure == "total":
            assert row.value == float(numerator)
        else:
            assert row.denominator == float(denominator)
            assert row.value == float(numerator / denominator) if denominator else pd.isna(row.value)


def test_fits_its_contract(rendered_frames: Any) -> None:
    table = annual_indicators(*rendered_frames)
    pandera_schema(load_tables()["annual_indicators"]).validate(table, lazy=True)
    computed = {code for code, indicator in load_indicators().items() if indicator.measure != "not_computed"}
    assert computed - set(table["indicator"]) <= {"applications_growth"}


def test_only_reports_that_give_both_parts_are_counted(filed: Any) -> None:
    table = annual_indicators(
        *filed(
            ("a", "会昌县商务局", 2021, {GRANTED: 1, PARTLY: 1, CONCLUDED: 4}),
            ("b", "上犹县商务局", 2021, {GRANTED: 100, PARTLY: 0}),
            ("c", "沙洋县商务局", 2021, {CONCLUDED: 100}),
        )
    )
    (row,) = rows(table, "disclosure_rate").itertuples(index=False)
    assert (row.numerator, row.denominator, row.value) == (2, 4, 0.5)
    assert (row.reports, row.reports_held) == (1, 3)
    assert row.small_sample


def test_a_denominator_of_zero_gives_no_value(filed: Any) -> None:
    table = annual_indicators(*filed(("a", "会昌县商务局", 2021, {GRANTED: 0, PARTLY: 0, CONCLUDED: 0})))
    (row,) = rows(table, "disclosure_rate").itertuples(index=False)
    assert pd.isna(row.value)
    assert (row.numerator, row.denominator, row.reports) == (0, 0, 1)


def test_groups_answer_for_counties_provinces_and_classes(filed: Any) -> None:
    facts, reports = filed(
        ("a", "会昌县商务局", 2021, {RECEIVED: 1}),
        ("b", "上犹县商务局", 2021, {RECEIVED: 2}),
        ("c", "赣州市商务局", 2021, {RECEIVED: 4}),
        ("d", "上犹县教育局", 2021, {RECEIVED: 8}),
        ("e", "昌乐县商务局", 2021, {RECEIVED: 16}),
    )
    table = annual_indicators(facts, reports)

    def received(**group: Any) -> list[float]:
        return rows(table, "applications_received", **group)["value"].tolist()

    assert received() == [31]
    assert received(level="county", department_class="commerce") == [19]
    assert received(region_code="360000") == [15]
    assert received(region_code="360000", level="county", department_class="commerce") == [3]
    assert received(region_code="360700") == [15]
    assert received(region_code="360724") == [10]
    assert received(region_code="360724", department_class="commerce") == []


def test_scopes_and_vertical_organs_stay_apart(filed: Any) -> None:
    table = annual_indicators(
        *filed(
            ("a", "会昌县商务局", 2021, {RECEIVED: 1}),
            ("b", "会昌县人民政府", 2021, {RECEIVED: 10}),
            ("c", "国家税务总局会昌县税务局", 2021, {RECEIVED: 100}),
            ("d", "国家税务总局", 2021, {RECEIVED: 1000}),
        )
    )
    found = rows(table, "applications_received").set_index("report_scope")["value"].to_dict()
    assert found == {"organ": 1001, "government": 10}
    assert rows(table, "applications_received", department_class="taxation")["value"].tolist() == [1100]


def test_levels_of_area_totals_are_never_put_together(filed: Any) -> None:
    facts, reports = filed(
        ("a", "会昌县", 2021, {RECEIVED: 1}),
        ("b", "赣州市", 2021, {RECEIVED: 10}),
        ("c", "上犹县", 2021, {RECEIVED: 100}),
    )
    reports["report_scope"] = "region"
    table = annual_indicators(facts, reports)
    assert rows(table, "applications_received").empty
    assert rows(table, "applications_received", level="county")["value"].tolist() == [101]
    assert rows(table, "applications_received", level="county", region_code="360733")["value"].tolist() == [1]
    assert rows(table, "applications_received", level="prefecture", region_code="360700")[
        "value"
    ].tolist() == [10]


def test_growth_compares_organisations_that_give_both_years(filed: Any) -> None:
    facts, reports = filed(
        ("a0", "会昌县商务局", 2020, {RECEIVED: 40}),
        ("a1", "会昌县商务局", 2021, {RECEIVED: 50}),
        ("b1", "上犹县商务局", 2021, {RECEIVED: 1000}),
        ("c0", "沙洋县商务局", 2020, {RECEIVED: 1000}),
    )
    (row,) = rows(annual_indicators(facts, reports), "applications_growth").itertuples(index=False)
    assert (row.report_year, row.numerator, row.denominator, row.value) == (2021, 10, 40, 0.25)
    assert row.reports == 1
    of_2020 = annual_indicators(facts, reports, years=[2020])
    assert set(of_2020["report_year"]) == {2020}
    assert rows(of_2020, "applications_growth").empty


def test_growth_from_nothing_has_no_value(filed: Any) -> None:
    facts, reports = filed(
        ("a0", "会昌县商务局", 2020, {RECEIVED: 0}), ("a1", "会昌县商务局", 2021, {RECEIVED: 5})
    )
    (row,) = rows(annual_indicators(facts, reports), "applications_growth").itertuples(index=False)
    assert pd.isna(row.value)
    assert row.numerator == 5


def test_shares_of_reports(filed: Any) -> None:
    facts, reports = filed(
        ("a", "会昌县商务局", 2021, {RECEIVED: 0, CARRIED_IN: 0}),
        ("b", "上犹县商务局", 2021, {RECEIVED: 0, CARRIED_IN: 1}),
        ("c", "沙洋县商务局", 2021, {RECEIVED: 0}),
        ("d", "昌乐县商务局", 2021, {RECEIVED: 3, CARRIED_IN: 0}),
    )
    reports["consistent"] = pd.array([True, False, True, True], dtype="boolean")
    table = annual_indicators(facts, reports)
    assert rows(table, "zero_report_rate")["value"].tolist() == [1 / 3]
    assert rows(table, "consistent_report_rate")["value"].tolist() == [0.75]


@pytest.mark.parametrize(
    ("indicator", "breaks"), [("disclosure_rate", {2019}), ("licensing_decisions", {2019, 2021})]
)
def test_breaks_of_the_series_are_marked(filed: Any, indicator: str, breaks: set[int]) -> None:
    values = {GRANTED: 1, PARTLY: 0, CONCLUDED: 2, ("disclosure", "licensing", "decisions"): 3}
    table = annual_indicators(*filed(*((f"r{y}", "会昌县商务局", y, values) for y in range(2019, 2024))))
    found = rows(table, indicator)
    assert set(found.loc[found["series_break"], "report_year"]) == breaks
    assert len(found) == 5


def test_the_undivided_row_of_2019_equals_the_three_rows_of_2021() -> None:
    term = load_indicators()["other_outcome_rate"].numerator
    assert term is not None
    assert {code.row for code in term.cells("2019")} == {"other.all"}
    assert {code.row for code in term.cells("2021")} == {
        "other.not_corrected_in_time",
        "other.fee_unpaid",
        "other.other",
    }


def test_denied_reasons_are_all_reasons_of_the_form() -> None:
    reasons = {code.row for code in load_forms()["2021"].codes if code.row.startswith("denied.")}
    shares = {code for code in load_indicators() if code.startswith("denial_share_")}
    assert {f"denied.{code.removeprefix('denial_share_')}" for code in shares} == reasons

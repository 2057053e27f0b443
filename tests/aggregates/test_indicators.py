"""What indicators mean, one at a time; `test_recount.py` recounts them all."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from gao_pipeline.aggregates.dimensions import population
from gao_pipeline.aggregates.indicators import annual_indicators
from gao_pipeline.archive.frames import frame_of
from gao_pipeline.contracts.forms import load_forms
from gao_pipeline.contracts.indicators import ANY_FORM, PROSE, load_indicators
from gao_pipeline.contracts.population import Residents
from gao_pipeline.reports.claims import load_claim_vocabulary

RECEIVED = ("applications", "received", "total")
CARRIED_IN = ("applications", "carried_in", "total")
CONCLUDED = ("applications", "concluded_total", "total")
GRANTED = ("applications", "granted", "total")
SIDE_TABLES = {"claims": "reported_claims", "population": "population"}
PARTLY = ("applications", "partly_granted", "total")


def indicators(
    facts: pd.DataFrame, reports: pd.DataFrame, years: list[int] | None = None, **given: pd.DataFrame
) -> pd.DataFrame:
    """`annual_indicators`, without claims and residents unless they are given."""
    frames = {name: given.get(name, frame_of(table, [])) for name, table in SIDE_TABLES.items()}
    return annual_indicators(facts, reports, **frames, years=years)


def rows(table: pd.DataFrame, indicator: str, **group: Any) -> pd.DataFrame:
    """The rows of an indicator in a group; dimensions that are not named are rolled up."""
    wanted = {"level": "all", "region_code": "all", "department_class": "all"} | group
    found = table[table["indicator"] == indicator]
    for column, value in wanted.items():
        found = found[found[column] == value]
    return found


def test_only_reports_that_give_both_parts_are_counted(filed: Any) -> None:
    table = indicators(
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
    table = indicators(*filed(("a", "会昌县商务局", 2021, {GRANTED: 0, PARTLY: 0, CONCLUDED: 0})))
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
    table = indicators(facts, reports)

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
    table = indicators(
        *filed(
            ("a", "会昌县商务局", 2021, {RECEIVED: 1}),
            ("b", "会昌县人民政府", 2021, {RECEIVED: 10}),
            ("c", "国家税务总局会昌县税务局", 2021, {RECEIVED: 100}),
            ("d", "国家税务总局", 2021, {RECEIVED: 1000}),
        )
    )
    (row,) = rows(table, "applications_received").itertuples(index=False)
    assert (row.report_scope, row.value) == ("organ", 1001)
    governments = rows(table, "applications_received", level="county", department_class="government")
    assert governments["value"].tolist() == [10]
    assert rows(table, "applications_received", department_class="taxation")["value"].tolist() == [1100]


@pytest.mark.parametrize("scope", ["government", "region", "system"])
def test_levels_of_totals_are_never_put_together(filed: Any, scope: str) -> None:
    facts, reports = filed(
        ("a", "会昌县", 2021, {RECEIVED: 1}),
        ("b", "赣州市", 2021, {RECEIVED: 10}),
        ("c", "上犹县", 2021, {RECEIVED: 100}),
    )
    reports["report_scope"] = scope
    table = indicators(facts, reports)
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
    (row,) = rows(indicators(facts, reports), "applications_growth").itertuples(index=False)
    assert (row.report_year, row.numerator, row.denominator, row.value) == (2021, 10, 40, 0.25)
    assert row.reports == 1
    of_2020 = indicators(facts, reports, years=[2020])
    assert set(of_2020["report_year"]) == {2020}
    assert rows(of_2020, "applications_growth").empty


def test_growth_is_not_taken_from_one_scope_to_another(filed: Any) -> None:
    facts, reports = filed(
        ("a0", "会昌县人民政府", 2021, {RECEIVED: 40}), ("a1", "会昌县人民政府", 2022, {RECEIVED: 400})
    )
    reports.loc[reports["report_year"] == 2022, "report_scope"] = "region"
    table = indicators(facts, reports)
    assert set(table["report_scope"]) == {"government", "region"}
    assert "applications_growth" not in set(table["indicator"])


def test_growth_from_nothing_has_no_value(filed: Any) -> None:
    facts, reports = filed(
        ("a0", "会昌县商务局", 2020, {RECEIVED: 0}), ("a1", "会昌县商务局", 2021, {RECEIVED: 5})
    )
    (row,) = rows(indicators(facts, reports), "applications_growth").itertuples(index=False)
    assert pd.isna(row.value)
    assert row.numerator == 5


def of_the_government_of(*areas: tuple[str, int, int]) -> list[tuple[str, str, int, dict[Any, float]]]:
    return [
        (f"{name}{year}", f"{name}人民政府", year, {RECEIVED: received}) for name, year, received in areas
    ]


def residents(*rows: tuple[str, int, int]) -> pd.DataFrame:
    return population(
        Residents(region_code=code, year=year, residents=number, source="test") for code, year, number in rows
    )


def test_applications_per_resident_are_those_of_areas_with_known_residents(filed: Any) -> None:
    facts, reports = filed(
        *of_the_government_of(
            ("会昌县", 2021, 40), ("上犹县", 2021, 10), ("昌乐县", 2021, 99), ("江西省", 2021, 500)
        ),
        ("d", "会昌县商务局", 2021, {RECEIVED: 1000}),
        ("t", "会昌县文武坝镇人民政府", 2021, {RECEIVED: 1000}),
    )
    known = residents(("360733", 2020, 400_000), ("360724", 2020, 100_000), ("360000", 2020, 45_000_000))
    table = indicators(facts, reports, population=known)
    found = table[table["indicator"] == "applications_per_10k_residents"]
    assert set(found["report_scope"]) == {"government"}

    def rate(level: str, region: str) -> list[tuple[float, float, float, int, int]]:
        row = rows(found, "applications_per_10k_residents", level=level, region_code=region)
        return list(
            row[["numerator", "denominator", "value", "reports", "reports_held"]].itertuples(
                index=False, name=None
            )
        )

    assert rate("county", "360733") == [(40, 400_000, 1, 1, 1)]
    assert rate("county", "360000") == [(50, 500_000, 1, 2, 2)]
    assert rate("county", "all") == [(50, 500_000, 1, 2, 3)]
    assert rate("province", "360000") == [(500, 45_000_000, pytest.approx(1 / 9), 1, 1)]
    assert rate("county", "370725") == rate("township", "360733") == []


@pytest.mark.parametrize(
    ("year", "nearest"), [(2019, 10_000), (2021, 10_000), (2022, 20_000), (2025, 20_000)]
)
def test_residents_are_those_of_the_nearest_year(filed: Any, year: int, nearest: int) -> None:
    known = residents(("360733", 2020, 10_000), ("360733", 2022, 20_000))
    table = indicators(*filed(*of_the_government_of(("会昌县", year, 4))), population=known)
    (row,) = rows(table, "applications_per_10k_residents", level="county").itertuples(index=False)
    assert row.denominator == nearest


def test_processing_fees_are_divided_by_the_notices_of_the_reports_that_say_both(filed: Any) -> None:
    facts, reports = filed(
        ("a", "会昌县商务局", 2022, {}), ("b", "上犹县商务局", 2022, {}), ("c", "沙洋县商务局", 2022, {})
    )
    claims = frame_of(
        "reported_claims",
        [
            {"report_id": report, "claim_number": number, "kind": kind, "value": value, "counted": counted}
            for number, (report, kind, value, counted) in enumerate(
                [
                    ("a", "fee_notices", 3, True),
                    ("a", "processing_fees", 0.06, True),
                    ("b", "fee_notices", 1, True),
                    ("b", "processing_fees", 0.02, True),
                    ("b", "fee_notices", 9, False),
                    ("c", "fee_notices", 100, True),
                ]
            )
        ],
    )
    table = indicators(facts, reports, claims=claims)
    (row,) = rows(table, "information_fee_per_notice").itertuples(index=False)
    assert (row.numerator, row.denominator, row.value) == (0.08, 4, 200)
    assert (row.reports, row.reports_held, row.sample_size) == (2, 3, "small")


def test_the_quality_score_is_the_share_of_judgements_that_passed(filed: Any) -> None:
    facts, reports = filed(
        ("a", "会昌县商务局", 2021, {}), ("b", "上犹县商务局", 2021, {}), ("c", "沙洋县商务局", 2021, {})
    )
    reports["rules_passed"], reports["rules_failed"] = [90, 60, 0], [0, 50, 0]
    (row,) = rows(indicators(facts, reports), "data_quality_score").itertuples(index=False)
    assert (row.numerator, row.denominator, row.value) == (150, 200, 0.75)
    assert (row.reports, row.sample_size) == (2, "large")


def test_shares_of_reports(filed: Any) -> None:
    facts, reports = filed(
        ("a", "会昌县商务局", 2021, {RECEIVED: 0, CARRIED_IN: 0}),
        ("b", "上犹县商务局", 2021, {RECEIVED: 0, CARRIED_IN: 1}),
        ("c", "沙洋县商务局", 2021, {RECEIVED: 0}),
        ("d", "昌乐县商务局", 2021, {RECEIVED: 3, CARRIED_IN: 0}),
    )
    reports["consistent"] = pd.array([True, False, True, True], dtype="boolean")
    table = indicators(facts, reports)
    assert rows(table, "zero_report_rate")["value"].tolist() == [1 / 3]
    assert rows(table, "consistent_report_rate")["value"].tolist() == [0.75]


@pytest.mark.parametrize(
    ("indicator", "breaks"), [("disclosure_rate", {2019}), ("licensing_decisions", {2019, 2021})]
)
def test_breaks_of_the_series_are_marked(filed: Any, indicator: str, breaks: set[int]) -> None:
    values = {GRANTED: 1, PARTLY: 0, CONCLUDED: 2, ("disclosure", "licensing", "decisions"): 3}
    table = indicators(*filed(*((f"r{y}", "会昌县商务局", y, values) for y in range(2019, 2024))))
    found = rows(table, indicator)
    assert set(found.loc[found["series_break"], "report_year"]) == breaks
    assert len(found) == 5


def test_the_undivided_row_of_2019_equals_the_three_rows_of_2021() -> None:
    term = load_indicators()["other_outcome_rate"].numerator
    assert {code.row for code in term.cells("2019")} == {"other.all"}
    assert {code.row for code in term.cells("2021")} == {
        "other.not_corrected_in_time",
        "other.fee_unpaid",
        "other.other",
    }


def test_claims_that_are_added_up_are_kinds_of_claims() -> None:
    terms = [term for indicator in load_indicators().values() for term in indicator.terms.values()]
    kinds = {code.row for term in terms if term.table == PROSE for code in term.cells(ANY_FORM)}
    assert kinds
    assert kinds <= load_claim_vocabulary().by_code.keys()


def test_denied_reasons_are_all_reasons_of_the_form() -> None:
    reasons = {code.row for code in load_forms()["2021"].codes if code.row.startswith("denied.")}
    shares = {code for code in load_indicators() if code.startswith("denial_share_")}
    assert {f"denied.{code.removeprefix('denial_share_')}" for code in shares} == reasons

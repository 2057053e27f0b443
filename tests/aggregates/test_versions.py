"""One report of an organisation-year counts, and the reason is said."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from gao_pipeline.aggregates.versions import choose_versions

RECEIVED = ("applications", "received", "total")
CARRIED_IN = ("applications", "carried_in", "total")


def chosen(reports: pd.DataFrame) -> dict[str, str]:
    rows = reports[reports["chosen"]]
    return dict(zip(rows["report_id"], rows["chosen_because"], strict=True))


@pytest.mark.parametrize(
    ("values", "published", "expected"),
    [
        (({RECEIVED: 5}, {RECEIVED: 5}), ("2022-01-05", "2022-01-05"), {"a": "same_content"}),
        (({RECEIVED: 5}, {RECEIVED: 5}), ("2022-01-05", "2022年1月25日"), {"b": "same_content"}),
        (({RECEIVED: 5}, {RECEIVED: 6}), ("2022-01-05", "2022年1月25日"), {"b": "newest_publication"}),
        (({RECEIVED: 5}, {RECEIVED: 6}), (None, "2022-01-25"), {"b": "newest_publication"}),
        (({RECEIVED: 5}, {RECEIVED: 5, CARRIED_IN: 0}), (None, None), {"b": "most_complete"}),
        (({RECEIVED: 5}, {RECEIVED: 6}), ("2022-01-05", "2022-01-05"), {"a": "first_path"}),
    ],
)
def test_one_version_is_chosen_for_a_reason(
    filed: Any, values: Any, published: Any, expected: dict[str, str]
) -> None:
    facts, reports = filed(
        ("a", "会昌县商务局", 2021, values[0]), ("b", "江西省会昌县商务局", 2021, values[1])
    )
    reports["published_on"] = pd.array(published, dtype="str")
    result = choose_versions(reports, facts)
    assert chosen(result) == expected
    assert sorted(result["version"]) == [1, 2]
    assert result.loc[result["chosen"], "version"].tolist() == [2]
    assert result["organization_id"].nunique() == 1


def test_an_amended_report_takes_the_place_of_the_first(filed: Any) -> None:
    facts, reports = filed(
        ("a", "会昌县商务局", 2021, {RECEIVED: 5, CARRIED_IN: 0}), ("b", "会昌县商务局", 2021, {RECEIVED: 6})
    )
    title = "会昌县商务局2021年政府信息公开工作年度报告"
    reports["title"] = pd.array([title, f"{title}（更正版）"], dtype="str")
    reports["published_on"] = pd.array(["2022-01-05", None], dtype="str")
    assert chosen(choose_versions(reports, facts)) == {"b": "amended"}


@pytest.mark.parametrize(
    ("received", "published", "organizations"),
    [
        (5, ("2022-01-05", None), 1),
        (5, ("2022-01-05", "2022-01-09"), 2),
        (0, ("2022-01-05", None), 2),
        (0, ("2022-01-05", "2022-01-05"), 1),
    ],
)
def test_reports_of_one_name_are_one_if_figures_and_day_do_not_contradict(
    filed: Any, received: int, published: tuple[str | None, str | None], organizations: int
) -> None:
    facts, reports = filed(
        ("a", "鼓楼区商务局", 2021, {RECEIVED: received}), ("b", "鼓楼区商务局", 2021, {RECEIVED: received})
    )
    reports["published_on"] = pd.array(published, dtype="str")
    assert choose_versions(reports, facts)["organization_id"].nunique() == organizations


def test_reports_of_other_years_and_organisations_are_no_versions(filed: Any) -> None:
    facts, reports = filed(
        ("a", "会昌县商务局", 2021, {RECEIVED: 5}),
        ("b", "会昌县商务局", 2022, {RECEIVED: 5}),
        ("c", "上犹县商务局", 2021, {RECEIVED: 5}),
        ("d", "会昌县人民政府", 2021, {RECEIVED: 5}),
        ("e", "会昌县人民政府办公室", 2021, {RECEIVED: 5}),
    )
    assert chosen(choose_versions(reports, facts)) == dict.fromkeys("abcde", "only_version")


def test_organisations_of_one_name_are_told_apart_by_what_they_report(filed: Any) -> None:
    facts, reports = filed(
        ("a", "鼓楼区商务局", 2021, {RECEIVED: 5}),
        ("b", "鼓楼区商务局", 2021, {RECEIVED: 5}),
        ("c", "鼓楼区商务局", 2021, {RECEIVED: 6}),
    )
    result = choose_versions(reports, facts)
    assert chosen(result) == {"a": "same_content", "c": "only_version"}
    assert result["organization_id"].nunique() == 2


def test_reports_without_year_or_organisation_stand_alone(filed: Any) -> None:
    facts, reports = filed(("a", "会昌县商务局", 2021, {}), ("b", "会昌县商务局", 2021, {}))
    reports["report_year"] = pd.array([None, None], dtype="Int64")
    assert set(chosen(choose_versions(reports, facts))) == {"a", "b"}

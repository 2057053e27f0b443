"""Sums are exact, complete and counted once."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from gao_pipeline.aggregates.annual import UNRESOLVED, annual_aggregates
from gao_pipeline.archive.schemas import pandera_schema
from gao_pipeline.contracts.tables import load_tables

RECEIVED = ("applications", "received", "total")
FEES = ("disclosure", "fees", "amount")
CODE = ["table_code", "row_code", "column_code"]


def test_fits_its_contract(rendered_frames: Any) -> None:
    pandera_schema(load_tables()["annual_aggregates"]).validate(
        annual_aggregates(*rendered_frames), lazy=True
    )


def test_government_figures_do_not_move_when_departments_are_added(filed: Any) -> None:
    government = ("g", "会昌县人民政府", 2021, {RECEIVED: 40})
    departments = [
        ("a", "会昌县商务局", 2021, {RECEIVED: 5}),
        ("b", "会昌县教育局", 2021, {RECEIVED: 7}),
        ("c", "会昌县人民政府办公室", 2021, {RECEIVED: 9}),
    ]
    alone, together = (
        annual_aggregates(*filed(government)),
        annual_aggregates(*filed(government, *departments)),
    )
    of_governments = together[together["report_scope"] == "government"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, of_governments)
    organs = together[(together["report_scope"] == "organ") & (together["row_code"] == "received")]
    assert organs.loc[organs["column_code"] == "total", "value_sum"].sum() == 21


def test_versions_that_were_not_chosen_and_reports_without_a_year_do_not_count(filed: Any) -> None:
    facts, reports = filed(
        ("a", "会昌县商务局", 2021, {RECEIVED: 5}),
        ("b", "上犹县商务局", 2021, {RECEIVED: 7}),
        ("c", "沙洋县商务局", 2021, {RECEIVED: 9}),
    )
    reports["chosen"] = [True, False, True]
    reports["report_year"] = pd.array([2021, 2021, None], dtype="Int64")
    table = annual_aggregates(facts, reports)
    assert table.loc[table["row_code"] == "received", "value_sum"].sum() == 5
    assert set(table["region_code"]) == {"360733"}


def test_decimal_amounts_add_up_exactly(filed: Any) -> None:
    filings = [(f"r{i}", "会昌县商务局", 2021, {FEES: 0.1}) for i in range(10)]
    table = annual_aggregates(*filed(*filings))
    assert table.loc[table["row_code"] == "fees", "value_sum"].tolist() == [1.0]


def test_a_group_without_a_counted_value_has_no_sum(filed: Any) -> None:
    facts, reports = filed(("a", "鼓楼区商务局", 2021, {RECEIVED: 5}))
    facts["counted"] = False
    row = annual_aggregates(facts, reports).set_index(CODE).loc[RECEIVED]
    assert pd.isna(row["value_sum"])
    assert row[["reports_counted", "reports_excluded", "reports_missing"]].tolist() == [0, 1, 0]
    assert row["region_code"] == UNRESOLVED


@pytest.mark.parametrize("source", ["pandas", "arrow"])
def test_takes_pandas_and_arrow(filed: Any, source: str) -> None:
    import pyarrow

    facts, reports = filed(("a", "会昌县商务局", 2021, {RECEIVED: 5}))
    if source == "arrow":
        facts, reports = pyarrow.Table.from_pandas(facts), pyarrow.Table.from_pandas(reports)
    assert annual_aggregates(facts, reports)["value_sum"].sum() == 5

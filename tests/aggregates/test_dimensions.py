"""The dimensions fit their contracts and say what the contracts say."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from gao_pipeline.aggregates import dimensions
from gao_pipeline.aggregates.dimensions import dim_fact_code, dim_organization, dim_region
from gao_pipeline.archive.schemas import pandera_schema
from gao_pipeline.contracts.forms import load_forms
from gao_pipeline.contracts.tables import load_tables


@pytest.mark.parametrize(
    "name", ["dim_region", "dim_fact_code", "dim_rule", "dim_department", "dim_indicator", "dim_claim"]
)
def test_fits_its_contract(name: str) -> None:
    frame = getattr(dimensions, name)()
    assert len(frame) > 0
    pandera_schema(load_tables()[name]).validate(frame, lazy=True)


def test_every_cell_of_every_edition_has_a_code() -> None:
    frame = dim_fact_code()
    assert len(frame) == sum(len(form.codes) for form in load_forms().values())
    totals = frame[frame["is_total"]]
    of_applications = totals[totals["table_code"] == "applications"]
    assert set(of_applications["column_code"]) - {"total"} == set(
        of_applications.loc[of_applications["row_code"] == "concluded_total", "column_code"]
    ) - {"total"}
    assert not totals["table_code"].eq("disclosure").any()


def test_an_organisation_keeps_its_row_over_renamings(filed: Any) -> None:
    _, reports = filed(
        ("a", "沙县商务局", 2020, {}),
        ("b", "三明市沙县区商务和投资促进局", 2022, {}),
        ("c", "鼓楼区商务局", 2021, {}),
    )
    frame = dim_organization(reports).set_index("name")
    pandera_schema(load_tables()["dim_organization"]).validate(
        frame.reset_index()[list(load_tables()["dim_organization"].columns)], lazy=True
    )
    row = frame.loc["三明市沙县区商务和投资促进局"]
    assert json.loads(row["names"]) == ["三明市沙县区商务和投资促进局", "沙县商务局"]
    assert (row["first_year"], row["last_year"], row["reports"]) == (2020, 2022, 2)
    assert (row["region_code"], row["region_name"]) == ("350405", "福建省三明市沙县区")
    assert pd.isna(frame.loc["鼓楼区商务局", "region_code"])


def test_a_lineage_names_one_region_a_year() -> None:
    regions = dim_region()
    for year in range(2008, 2025):
        valid = regions[(regions["valid_from"] <= year) & (regions["valid_to"].fillna(9999) >= year)]
        assert valid["region_code"].is_unique
        assert valid["lineage_code"].is_unique, year
        assert set(valid["parent_code"].dropna()) <= set(valid["region_code"])

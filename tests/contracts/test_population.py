"""Residents of regions: the bundled census is whole, and people add their own figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from gao_pipeline.contracts.loading import ContractError
from gao_pipeline.contracts.population import NATION, load_population
from gao_pipeline.contracts.regions import Level, gazetteer

SERVICEMEN = 2_000_000


def test_the_census_of_2020_has_every_province_and_adds_up() -> None:
    census = {row.region_code: row.residents for row in load_population() if row.year == 2020}
    nation = census.pop(NATION)
    provinces = {code for code, region in gazetteer(2020).by_code.items() if region.level is Level.PROVINCE}
    assert census.keys() == {code for code in provinces if code < "700000"}
    assert len(census) == 31
    assert sum(census.values()) == 1_409_778_724
    assert nation == sum(census.values()) + SERVICEMEN == 1_411_778_724


def test_people_add_regions_and_years_and_may_replace_a_figure(tmp_path: Path) -> None:
    own = tmp_path / "population.csv"
    own.write_text(
        "region_code,year,residents,source\n360733,2022,447000,统计公报\n110000,2020,21893096,更正\n", "utf-8"
    )
    bundled, found = load_population(), load_population(None, tmp_path)
    assert len(found) == len(bundled) + 1
    assert {(row.region_code, row.year): row.residents for row in found}.items() >= {
        (("360733", 2022), 447_000),
        (("110000", 2020), 21_893_096),
        (("120000", 2020), 13_866_009),
    }


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("999999,2020,5,x", "line 2: unknown region `999999`"),
        ("360733,2020,,x", "residents"),
        ("360733,2020,0,x", "residents"),
        ("360733,1900,5,x", "year"),
        ("360733,2020,5,", "source"),
    ],
)
def test_a_malformed_row_is_refused_with_its_line(tmp_path: Path, row: str, complaint: str) -> None:
    (tmp_path / "population.csv").write_text(f"region_code,year,residents,source\n{row}\n", "utf-8")
    with pytest.raises(ContractError, match=complaint):
        load_population(tmp_path)

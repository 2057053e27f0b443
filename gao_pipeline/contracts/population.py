"""Residents of regions: official figures from outside the reports, for rates per resident.

The bundled figures are `data_contracts/statistics/population.csv`; people add theirs beside the corrections.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec

from gao_pipeline.contracts.loading import Spec, contracts_root, load_rows
from gao_pipeline.contracts.regions import load_regions

NATION = "all"
"""Stands for the region code of the whole country, as in the annual indicators."""

FILE = "population.csv"


class Residents(Spec, frozen=True, kw_only=True):
    """The resident population of a region in a year, and which publication says so."""

    region_code: str
    year: Annotated[int, msgspec.Meta(ge=1949, le=2100)]
    residents: Annotated[int, msgspec.Meta(ge=1)]
    source: str


def load_population(*folders: Path | None) -> tuple[Residents, ...]:
    """The bundled figures and those of `population.csv` in each folder, by region and year.

    A later folder goes before an earlier one, and both before what is bundled.

    Raises:
        ContractError: a row is malformed; the message names file and line.
    """
    rows = (row for path in _files(folders) for row in load_rows(path, Residents, _check))
    held = {(row.region_code, row.year): row for row in rows}
    return tuple(held[key] for key in sorted(held))


def _files(folders: tuple[Path | None, ...]) -> Iterator[Path]:
    yield contracts_root() / "statistics" / FILE
    yield from (folder / FILE for folder in folders if folder is not None)


def _check(row: Residents) -> None:
    if row.region_code not in _codes():
        raise msgspec.ValidationError(f"unknown region `{row.region_code}`")


@cache
def _codes() -> frozenset[str]:
    return frozenset({NATION, *(region.code for region in load_regions())})

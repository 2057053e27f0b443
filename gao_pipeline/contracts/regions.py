"""Administrative regions by year (GB/T 2260) and how they are found at the head of a name.

Read from `data_contracts/vocabularies/regions.csv`, which `tools/freeze_regions.py` makes. A row is a spell
of years in which nothing about a region changed; the newest spells have no end and hold for later years too.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import IntEnum, StrEnum
from functools import cache, cached_property
from typing import NamedTuple

from gao_pipeline.contracts.loading import ContractError, contracts_root


class Level(StrEnum):
    """Administrative levels, highest first."""

    NATIONAL = "national"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"
    TOWNSHIP = "township"
    UNRESOLVED = "unresolved"

    @property
    def below(self) -> Level:
        """The next lower level; the lowest has none below."""
        order = list(Level)
        lowest = order.index(Level.TOWNSHIP)
        return self if order.index(self) >= lowest else order[order.index(self) + 1]


class Region(NamedTuple):
    """A region in the years `valid_from` to `valid_to` (both included; no end: still valid).

    `lineage` is the code under which the region was first known: it outlasts renamings and recodings.
    """

    code: str
    name: str
    full_name: str
    short_name: str
    pinyin: str
    level: Level
    parent: str | None
    lineage: str
    valid_from: int
    valid_to: int | None


class Wording(IntEnum):
    """How surely a wording means a region: its name, the name without nationality, the name without kind."""

    NAME = 0
    COLLOQUIAL = 1
    SHORT = 2


class Match(NamedTuple):
    """Regions that a text may begin with: all candidates of one wording, and the characters it takes."""

    length: int
    wording: Wording
    regions: tuple[Region, ...]


@cache
def load_regions() -> tuple[Region, ...]:
    """Every spell of every region, by code and first year.

    Raises:
        ContractError: the table is missing or malformed.
    """
    path = contracts_root() / "vocabularies" / "regions.csv"
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return tuple(_region(row) for row in csv.DictReader(stream))
    except (OSError, KeyError, ValueError) as error:
        raise ContractError(f"vocabularies/{path.name}: {error}") from error


def _region(row: dict[str, str]) -> Region:
    return Region(
        code=row["code"],
        name=row["name"],
        full_name=row["full_name"],
        short_name=row["short_name"],
        pinyin=row["pinyin"],
        level=Level(row["level"]),
        parent=row["parent"] or None,
        lineage=row["lineage"],
        valid_from=int(row["valid_from"]),
        valid_to=int(row["valid_to"]) if row["valid_to"] else None,
    )


class Gazetteer:
    """The regions of one year."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self.by_code = {region.code: region for region in regions}

    def ancestors(self, region: Region) -> Iterator[Region]:
        """The regions around `region`, nearest first."""
        while region.parent is not None and region.parent in self.by_code:
            region = self.by_code[region.parent]
            yield region

    def level_below(self, region: Region) -> Level:
        """The level of what lies in a region: the highest of its children (a municipality has counties)."""
        return self._level_below.get(region.code, region.level.below)

    def matches(self, text: str, within: Region | None = None) -> list[Match]:
        """What the head of `text` may name, longest first: a region or a chain of ever smaller ones.

        Args:
            text: a width-folded name without white space.
            within: only regions inside this one.
        """
        found: dict[tuple[int, Wording], dict[str, Region]] = defaultdict(dict)
        self._extend(text, 0, within, found)
        ordered = sorted(found, key=lambda key: (-key[0], key[1]))
        return [Match(length, wording, tuple(found[length, wording].values())) for length, wording in ordered]

    def _extend(
        self,
        text: str,
        start: int,
        within: Region | None,
        found: dict[tuple[int, Wording], dict[str, Region]],
    ) -> None:
        for end in range(start + 2, min(len(text), start + self._longest) + 1):
            for wording, region in self._wordings.get(text[start:end], ()):
                if within is None or within in self.ancestors(region):
                    found[end, wording][region.code] = region
                    self._extend(text, end, region, found)

    @cached_property
    def _level_below(self) -> dict[str, Level]:
        order = list(Level)
        children: dict[str, list[Level]] = defaultdict(list)
        for region in self.by_code.values():
            children[region.parent or ""].append(region.level)
        return {code: min(levels, key=order.index) for code, levels in children.items()}

    @cached_property
    def _wordings(self) -> dict[str, list[tuple[Wording, Region]]]:
        index: dict[str, list[tuple[Wording, Region]]] = defaultdict(list)
        for region in self.by_code.values():
            index[region.name].append((Wording.NAME, region))
            if region.short_name == region.name:
                continue
            # 湘西土家族苗族自治州 is 湘西州 and 湘西自治州: its kind is one character, or three.
            kinds = [region.name[-1:], region.name[-3:]]
            for kind in kinds if len(region.name) > len(region.short_name) + len(kinds[1]) else kinds[:1]:
                if (colloquial := region.short_name + kind) != region.name:
                    index[colloquial].append((Wording.COLLOQUIAL, region))
            if len(region.short_name) > 1:
                index[region.short_name].append((Wording.SHORT, region))
        return dict(index)

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._wordings))


def gazetteer(year: int | None) -> Gazetteer:
    """The regions valid in `year`; without a year, those of today. Years before the table take its first."""
    first, last = covered_years()
    return _gazetteer(last if year is None else min(max(year, first), last))


def gazetteers_of_other_years(year: int | None) -> Iterator[Gazetteer]:
    """The regions of all other years of the table, the nearest first, earlier before later."""
    first, last = covered_years()
    at = last if year is None else min(max(year, first), last)
    for other in sorted(range(first, last + 1), key=lambda other: (abs(other - at), other)):
        if other != at:
            yield _gazetteer(other)


@cache
def covered_years() -> tuple[int, int]:
    """The first year of the table, and the last in which anything changed."""
    years = [region.valid_from for region in load_regions()]
    return min(years), max(years)


@cache
def _gazetteer(year: int) -> Gazetteer:
    return Gazetteer(
        region
        for region in load_regions()
        if region.valid_from <= year and (region.valid_to is None or year <= region.valid_to)
    )

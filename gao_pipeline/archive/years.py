"""Which report years have to be made again: what each was last made from, and what it would be now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from gao_pipeline.archive.corrections import Corrections
from gao_pipeline.archive.digests import aggregates_version, checking_version, digest
from gao_pipeline.archive.home import replacing
from gao_pipeline.archive.reading import in_year, report_years
from gao_pipeline.archive.tables import UNKNOWN_YEAR, TableStore

Stage = Literal["validated", "aggregated"]
"""A stage of a year: its tables of the layer `validation`, then those of the layer `aggregates`."""


@dataclass(frozen=True)
class YearMarks:
    """Remembers, beside the tables, from which inputs each stage of each year was made.

    A mark is written after the tables of its stage: a run that is cut off leaves the year dirty.
    """

    tables: TableStore
    corrections: Corrections

    def inputs(self, stage: Stage, years: Iterable[str]) -> dict[str, str]:
        """By year, a digest of everything a stage would be made from now; taken before it is made."""
        reports = self.tables.read("reports")
        return {year: self._inputs(stage, year, reports) for year in years}

    def record(self, stage: Stage, inputs: Mapping[str, str]) -> None:
        """Says that a stage was made from `inputs` (by year)."""
        for year, made_from in inputs.items():
            with replacing(self._path(stage, year)) as temporary:
                temporary.write_text(made_from, encoding="ascii")

    def dirty_years(self) -> tuple[str, ...]:
        """The years to be made again, in order; those that have lost their last report included."""
        reports = self.tables.read("reports")
        wanted, made = set(report_years(reports)), set(self.tables.years("dim_report"))
        stale = {year for year in wanted & made if not self._is_clean(year, reports)}
        return tuple(sorted((wanted ^ made) | stale))

    def _is_clean(self, year: str, reports: pd.DataFrame) -> bool:
        stages: tuple[Stage, ...] = ("validated", "aggregated")
        return all(self._recorded(stage, year) == self._inputs(stage, year, reports) for stage in stages)

    def _recorded(self, stage: Stage, year: str) -> str | None:
        path = self._path(stage, year)
        return path.read_text(encoding="ascii") if path.exists() else None

    def _inputs(self, stage: Stage, year: str, reports: pd.DataFrame) -> str:
        parts = [checking_version(), self._members(year, reports)]
        if stage == "aggregated":
            parts += [aggregates_version(), digest(self.corrections.residents)]
        if year != UNKNOWN_YEAR:
            parts += [self._members(str(int(year) - 1), reports), self._filers(str(int(year) - 2), reports)]
        return digest(parts)

    def _members(self, year: str, reports: pd.DataFrame) -> str:
        """A digest of the reports and the corrections of a year."""
        identity = ["report_id", "path", "reading_version"]
        held = in_year(reports, year)
        settled = self.corrections.concerning(held)
        rows = held[identity].itertuples(index=False)
        return digest([*rows, *settled.figures, *settled.organizations, *settled.members])

    def _filers(self, year: str, reports: pd.DataFrame) -> str:
        """A digest of the organisations that have reports of a year: two years later a gap may show."""
        held = in_year(reports, year)
        names = sorted(set(held["organization"].dropna()))
        return digest([*names, *self.corrections.concerning(held).organizations])

    def _path(self, stage: Stage, year: str) -> Path:
        return self.tables.home.years / f"{year}.{stage}"


def spans(years: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Contiguous runs of report years, in order; `unknown` is a span of its own."""
    span: list[str] = []
    for year in sorted(years):
        if span and (year == UNKNOWN_YEAR or int(year) != int(span[-1]) + 1):
            yield tuple(span)
            span = []
        span.append(year)
    if span:
        yield tuple(span)

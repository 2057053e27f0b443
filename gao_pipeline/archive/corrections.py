"""What people settled – figures, organisations, members, residents – and which reports it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from gao_pipeline.checking.corrections import Correction, load_corrections
from gao_pipeline.contracts.organizations import Membership, Override, load_memberships, load_overrides
from gao_pipeline.contracts.population import Residents, load_population
from gao_pipeline.reports.organizations import is_settled_by


@dataclass(frozen=True)
class Corrections:
    """The rows of the correction files.

    Figures (`facts*.csv`), organisations (`organizations.csv`) and the reports that a regional one sums up
    (`members.csv`). Where two rows settle the same, the last of `figures`, the first of `organizations` is
    taken. `residents` are the bundled figures with those of `population.csv` put in.
    """

    figures: tuple[Correction, ...] = ()
    organizations: tuple[Override, ...] = ()
    members: tuple[Membership, ...] = ()
    residents: tuple[Residents, ...] = ()

    def concerning(self, reports: pd.DataFrame) -> Corrections:
        """Those that speak of reports in the rows of `reports`."""
        if not (self.figures or self.organizations or self.members):
            return self
        filed = list(_filed(reports))
        figures = {(report.organization, report.report_year) for report in filed}
        return Corrections(
            tuple(item for item in self.figures if (item.organization, item.report_year) in figures),
            tuple(item for item in self.organizations if any(is_settled_by(item, *each) for each in filed)),
            tuple(
                item
                for item in self.members
                if any(
                    each.organization == item.region and item.holds_in(each.report_year or 0)
                    for each in filed
                )
            ),
        )

    def unplaced(self, reports: pd.DataFrame) -> tuple[Correction, ...]:
        """Corrected figures of reports that are not among the rows of `reports`."""
        filed = set(reports[["organization", "report_year"]].itertuples(index=False, name=None))
        return tuple(item for item in self.figures if (item.organization, item.report_year) not in filed)

    def members_of(self, region: str | None, year: int | None) -> frozenset[str]:
        """The complete list of members of a regional report, by name; nothing where none was declared."""
        return frozenset(
            item.member
            for item in self.members
            if year is not None and item.region == region and item.holds_in(year)
        )


def load_all_corrections(*folders: Path | None) -> Corrections:
    """The corrections of every folder (`None`: the bundled one); a later folder goes before an earlier one.

    Raises:
        ContractError: a row is malformed; the message names file and line.
    """
    return Corrections(
        tuple(item for folder in folders for item in load_corrections(folder)),
        tuple(item for folder in reversed(folders) for item in load_overrides(folder)),
        tuple(item for folder in folders for item in load_memberships(folder)),
        load_population(*folders),
    )


class _Filed(NamedTuple):
    """Of a report, what says whom and when it speaks of; `hints` tell organisations of one name apart."""

    organization: str | None
    report_year: int | None
    hints: tuple[str, str]


def _filed(reports: pd.DataFrame) -> Iterator[_Filed]:
    columns = reports[["organization", "report_year", "title", "path"]]
    for organization, year, title, path in columns.itertuples(index=False):
        yield _Filed(
            None if pd.isna(organization) else organization,
            None if pd.isna(year) else int(year),
            ("" if pd.isna(title) else title, path),
        )

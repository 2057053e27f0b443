"""Nothing is counted twice: what is added to an archive moves only the rows that it belongs to.

Archives are made by chance: governments, whole areas, systems and organs of a nation of nested regions.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from gao_pipeline.aggregates.annual import annual_aggregates
from gao_pipeline.aggregates.dimensions import dim_fact_code, population
from gao_pipeline.aggregates.indicators import annual_indicators
from gao_pipeline.archive.frames import frame_of
from gao_pipeline.contracts.forms import load_forms
from gao_pipeline.contracts.indicators import PROSE, REPORT, load_indicators
from gao_pipeline.contracts.population import Residents

LEVELS = {
    "360000": "province",
    "360700": "prefecture",
    "360733": "county",
    "360724": "county",
    "310000": "province",
    "310115": "county",
}
WHOLE = {"government": "government", "region": "government"}
CELLS = [code for code in load_forms()["2021"].codes if code.table == "applications"]
POPULATION = [Residents(region_code=code, year=2020, residents=100_000, source="test") for code in LEVELS]
SLOW = settings(max_examples=10)


class Filing(NamedTuple):
    """A report: who speaks (region, class) for what (scope), and a number that its figures follow from."""

    region: str
    department: str
    scope: str
    seed: int


def filings(regions: Iterable[str], scopes: Iterable[str], departments: Iterable[str]) -> Any:
    """Reports of different organs, each of one scope."""
    one = st.builds(
        Filing,
        st.sampled_from(sorted(regions)),
        st.sampled_from(sorted(departments)),
        st.sampled_from(sorted(scopes)),
        st.integers(1, 50),
    ).map(lambda filing: filing._replace(department=WHOLE.get(filing.scope, filing.department)))
    return st.lists(one, max_size=6, unique_by=lambda filing: filing[:3])


DEPARTMENTS = ("commerce", "education", "government_office")
ANY = filings(LEVELS, ("government", "region", "system", "organ"), DEPARTMENTS)
ORGANS = filings(LEVELS, ("organ",), DEPARTMENTS)
SYSTEMS = filings(LEVELS, ("system",), DEPARTMENTS)
COUNTIES = [code for code, level in LEVELS.items() if level == "county"]
SUB_AREAS = filings(COUNTIES, ("government", "region", "system"), DEPARTMENTS)
COLUMNS = {"annual_aggregates": "value_sum", "annual_indicators": "numerator"}


def annual_tables(archive: list[Filing], versions: Iterable[Filing] = ()) -> dict[str, pd.DataFrame]:
    """Both annual tables; `versions` are reports that were not chosen."""
    filed = [(filing, True) for filing in archive] + [(filing, False) for filing in versions]
    reports = [
        {
            "report_id": f"r{number}",
            "organization_id": "-".join(filing[:3]),
            "report_year": 2021,
            "form": "2021",
            "level": LEVELS[filing.region],
            "region_code": filing.region,
            "department_class": filing.department,
            "report_scope": filing.scope,
            "chosen": chosen,
            "consistent": True,
            "rules_passed": filing.seed,
            "rules_failed": 1,
        }
        for number, (filing, chosen) in enumerate(filed)
    ]
    facts = [
        {"report_id": f"r{number}", "table_form": "2021", "value": filing.seed + position, "counted": chosen}
        | {"table_code": code.table, "row_code": code.row, "column_code": code.column}
        for number, (filing, chosen) in enumerate(filed)
        for position, code in enumerate(CELLS)
    ]
    made = frame_of("validated_facts", facts), frame_of("dim_report", reports)
    none = frame_of("reported_claims", [])
    return {
        "annual_aggregates": annual_aggregates(*made),
        "annual_indicators": annual_indicators(*made, none, population(POPULATION)),
    }


def without(archive: list[Filing], added: list[Filing]) -> list[Filing]:
    """The archive without organs that are about to be added."""
    return [filing for filing in archive if filing[:3] not in {each[:3] for each in added}]


def same(before: dict[str, pd.DataFrame], after: dict[str, pd.DataFrame], **kept: Iterable[str]) -> None:
    """The rows of these dimensions are the same in both."""
    for name, table in before.items():
        frames = []
        for frame in (table, after[name]):
            for column, values in kept.items():
                frame = frame[frame[column].isin(list(values))]
            frames.append(frame.reset_index(drop=True))
        pd.testing.assert_frame_equal(*frames)


@SLOW
@given(ANY, ORGANS)
def test_departments_and_offices_move_no_total_of_a_government(archive: Any, added: Any) -> None:
    archive = [Filing("360733", "government", "government", 40), *without(archive, added)]
    archive = list({filing[:3]: filing for filing in archive}.values())
    totals = ("government", "region", "system")
    same(annual_tables(archive), annual_tables([*archive, *added]), report_scope=totals)


@SLOW
@given(ANY, SYSTEMS)
def test_systems_move_no_organ_government_or_area(archive: Any, added: Any) -> None:
    archive = without(archive, added)
    same(
        annual_tables(archive),
        annual_tables([*archive, *added]),
        report_scope=("organ", "government", "region"),
    )


@SLOW
@given(ANY, SUB_AREAS)
def test_sub_areas_move_no_total_of_a_higher_level(archive: Any, added: Any) -> None:
    archive = without(archive, added)
    higher = ("national", "province", "prefecture", "all")
    same(annual_tables(archive), annual_tables([*archive, *added]), level=higher)


@SLOW
@given(ANY, ANY)
def test_versions_that_are_not_chosen_move_nothing(archive: Any, versions: Any) -> None:
    same(annual_tables(archive), annual_tables(archive, versions))


@SLOW
@given(ANY)
def test_every_figure_is_that_of_reports_of_one_scope_and_each_once(archive: Any) -> None:
    """The national rows of a scope and level are the plain sums over its reports, and over no others."""
    table = annual_tables(archive)["annual_indicators"]
    received = table.query("indicator == 'applications_received' and region_code == 'all'")
    position = next(n for n, code in enumerate(CELLS) if code[1:] == ("received", "total"))
    for row in received.itertuples(index=False):
        members = [
            filing.seed + position
            for filing in archive
            if filing.scope == row.report_scope
            and row.level in ("all", LEVELS[filing.region])
            and row.department_class in ("all", filing.department)
        ]
        assert (row.value, row.reports) == (sum(members), len(members))
        assert row.level != "all" or row.report_scope == "organ"


@SLOW
@given(ANY)
def test_an_area_has_no_more_residents_than_its_governments_speak_for(archive: Any) -> None:
    """The denominator of a rate per resident has every region once."""
    table = annual_tables(archive)["annual_indicators"].query("indicator == 'applications_per_10k_residents'")
    for row in table.itertuples(index=False):
        regions = {
            filing.region
            for filing in archive
            if filing.scope == row.report_scope and LEVELS[filing.region] == row.level
        }
        assert row.denominator <= 100_000 * len(regions)
        assert row.reports <= len(regions)


def test_no_indicator_adds_a_total_to_its_parts() -> None:
    """Of one term no cell is the sum of others of it with the same sign, in no edition."""
    totals = {
        (form, table, row, column)
        for form, table, row, column, is_total in dim_fact_code()[
            ["form", "table_code", "row_code", "column_code", "is_total"]
        ].itertuples(index=False)
        if is_total
    }
    for indicator in load_indicators().values():
        for term in indicator.terms.values():
            if term.table in (PROSE, REPORT):
                continue
            for form in term.forms:
                added = [code for code, sign in term.cells(form).items() if sign > 0]
                for total in (code for code in added if (form, *code) in totals):
                    parts = [
                        code
                        for code in added
                        if code != total
                        and (
                            code.row == total.row  # a column total beside its columns
                            or (
                                total.row == "concluded_total" and "." in code.row
                            )  # outcomes beside their sum
                        )
                    ]
                    assert not parts, (indicator.code, form, total, parts)

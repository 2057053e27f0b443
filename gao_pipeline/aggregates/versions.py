"""Which report stands for an organisation in a year, and why.

Reports of one organisation and year are versions of one report: the same content in two formats, or published
anew with changes. One whose title says that it is amended wins, then the newest publication, then the most
complete, then the first path.

Organisations whose region is unresolved may be different ones of the same name. Their reports are versions of
one another only if they say the same, and on the same day where both give one; otherwise each gets an id of
its own and stands for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import duckdb
import pandas as pd

from gao_pipeline.aggregates.query import Source
from gao_pipeline.contracts.forms import FactCode
from gao_pipeline.contracts.regions import Level
from gao_pipeline.reports.vocabulary import identity_vocabulary

_DATE = re.compile(r"(\d{4})\D+(\d{1,2})(?:\D+(\d{1,2}))?")
_PRINTED = """
SELECT report_id, table_code, row_code, column_code, reported_value
FROM facts
WHERE report_id IN (SELECT unnest(?)) AND reported_value IS NOT NULL
"""


class Reason(StrEnum):
    """Why a version was chosen (`chosen_because`)."""

    ONLY_VERSION = "only_version"
    SAME_CONTENT = "same_content"
    AMENDED = "amended"
    NEWEST_PUBLICATION = "newest_publication"
    MOST_COMPLETE = "most_complete"
    FIRST_PATH = "first_path"


def choose_versions(reports: pd.DataFrame, facts: Source) -> pd.DataFrame:
    """`reports` with `version`, `chosen`, `chosen_because`, and with an `organization_id` that tells
    organisations of the same name apart where their regions are unresolved.

    Args:
        reports: rows of `dim_report`; the three columns need not exist yet. The order of rows is kept.
        facts: `reported_facts` (or `validated_facts`) of these reports.

    A report without organisation or year has no other versions. `version` counts from 1, newest last.
    """
    result = reports.assign(version=1, chosen=True, chosen_because=Reason.ONLY_VERSION.value)
    contents = _contents(reports, facts)
    for group in _groups(reports):
        organizations = _by_organization(group, contents)
        for members in organizations:
            # Sorting is stable: versions of equal rank stay in the order of their paths.
            ranked = sorted(members, key=lambda member: _rank(member, contents), reverse=True)
            rows = [member.Index for member in ranked]
            result.loc[rows, "version"] = range(len(rows), 0, -1)
            result.loc[rows, "chosen"] = [position == 0 for position in range(len(rows))]
            result.loc[rows, "chosen_because"] = [_reason(ranked, contents), *[None] * (len(rows) - 1)]
            if len(organizations) > 1:
                first = members[0]
                result.loc[rows, "organization_id"] = f"{first.organization_id}.{first.report_id}"
    return result


def _groups(reports: pd.DataFrame) -> Iterator[list[Any]]:
    """The rows of each organisation and year that has more than one report, by path."""
    key = ["organization_id", "report_year"]
    several = reports[reports.duplicated(key, keep=False)].dropna(subset=key)
    for _, group in several.groupby(key, sort=True):
        yield sorted(group.itertuples(), key=lambda row: str(row.path))


def _contents(reports: pd.DataFrame, facts: Source) -> dict[str, dict[FactCode, float]]:
    """The printed values of the reports that have a fellow."""
    ids = {member.report_id for group in _groups(reports) for member in group}
    contents: dict[str, dict[FactCode, float]] = {report_id: {} for report_id in ids}
    with duckdb.connect() as connection:
        connection.register("facts", facts)
        printed = connection.execute(_PRINTED, [sorted(ids)]).fetchall() if ids else []
    for report_id, table, row, column, value in printed:
        contents[report_id][FactCode(table, row, column)] = value
    return contents


def _by_organization(group: list[Any], contents: dict[str, dict[FactCode, float]]) -> list[list[Any]]:
    """The group parted into the reports of one organisation each."""
    first = group[0]
    if pd.notna(first.region_code) or first.level == Level.NATIONAL:
        return [group]
    parted: list[list[Any]] = []
    for member in group:
        same = (
            others for others in parted if all(_says_the_same(other, member, contents) for other in others)
        )
        others = next(same, None)
        if others is None:
            parted.append([member])
        else:
            others.append(member)
    return parted


def _says_the_same(one: Any, other: Any, contents: dict[str, dict[FactCode, float]]) -> bool:
    """Whether two reports are of the same figures and the same day. Where one gives no day, nothing but zeros
    does not tell: many reports have them."""
    figures = contents[one.report_id]
    if figures != contents[other.report_id]:
        return False
    days = {_published(one), _published(other)}
    return len(days) == 1 or (() in days and any(figures.values()))


def _rank(member: Any, contents: dict[str, dict[FactCode, float]]) -> tuple[bool, tuple[int, ...], int]:
    """What makes a version better: that it amends another, a later date, more figures."""
    return _is_amended(member), _published(member), len(contents[member.report_id])


def _is_amended(member: Any) -> bool:
    return (
        isinstance(member.title, str) and re.search(identity_vocabulary().amended, member.title) is not None
    )


def _reason(ranked: list[Any], contents: dict[str, dict[FactCode, float]]) -> str:
    if len(ranked) == 1:
        return Reason.ONLY_VERSION
    best, second = ranked[0], ranked[1]
    if all(contents[member.report_id] == contents[best.report_id] for member in ranked):
        return Reason.SAME_CONTENT
    if _is_amended(best) != _is_amended(second):
        return Reason.AMENDED
    if _published(best) != _published(second):
        return Reason.NEWEST_PUBLICATION
    if len(contents[best.report_id]) != len(contents[second.report_id]):
        return Reason.MOST_COMPLETE
    return Reason.FIRST_PATH


def _published(member: Any) -> tuple[int, ...]:
    """The publication date as numbers; nothing where it is not known, which is before any date."""
    found = _DATE.search(member.published_on) if isinstance(member.published_on, str) else None
    return tuple(int(part) for part in found.groups(default="0")) if found else ()

"""What is known of organisations: how names are built, the classes of departments, and what people settled.

Read from `data_contracts/vocabularies/{organizations,departments}.yaml` and `corrections/organizations.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path

import msgspec

from gao_pipeline.contracts.loading import Bilingual, Spec, contracts_root, load_rows
from gao_pipeline.contracts.regions import Level, load_regions
from gao_pipeline.contracts.vocabularies import load_vocabulary


class Scope(StrEnum):
    """What the figures of a report cover. Nothing adds across scopes."""

    ORGAN = "organ"
    GOVERNMENT = "government"
    REGION = "region"
    SYSTEM = "system"


class DepartmentClass(Spec, frozen=True, kw_only=True):
    """A class of organisations and the wordings it is known by.

    `stems` are searched in the name without its region, `exact` are whole names, `endings` tell the class
    before any stem; `same_organ` are wordings (without ending) of one organ over its renamings; `breaks` are
    report years in which mergers changed what the class does; `vertical` organs are led from above and stay
    out of local sums over classes.
    """

    code: str
    name: Bilingual
    stems: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    same_organ: tuple[str, ...] = ()
    breaks: tuple[int, ...] = ()
    vertical: bool = False


class Zone(Spec, frozen=True, kw_only=True, dict=True):
    """A functional zone, or a number of them, that is governed like a region of `level` but is none.

    What the group `key` of `pattern` finds in a name tells one from another.
    """

    pattern: str
    level: Level
    region_code: str | None = None

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.pattern)


class Head(Spec, frozen=True, kw_only=True, dict=True):
    """A pattern for the head of a name that tells the level where the region is not known."""

    pattern: str
    level: Level

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.pattern)


class ScopeWording(Spec, frozen=True, kw_only=True, dict=True):
    """A pattern by which a name says what its figures cover."""

    pattern: str
    scope: Scope

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.pattern)


class NameGrammar(Spec, frozen=True, kw_only=True):
    """How the printed name of an organisation is taken apart; see the comments in the file."""

    spellings: dict[str, str]
    noise: tuple[str, ...]
    of_government: str
    superiors: dict[str, str]
    national: str
    dispatched: str
    shared_names: frozenset[str]
    township: str
    township_start: str
    township_classes: tuple[str, ...]
    never_short: str
    zone: tuple[str, ...]
    zone_kind: str
    zone_class: str
    unclassified: str
    zones: tuple[Zone, ...]
    branch: str
    area_office: str
    heads: tuple[Head, ...]
    province_organ: str
    scopes: tuple[ScopeWording, ...]
    scope_words: str
    title_remark: str
    government_classes: frozenset[str]
    organ_ending: str
    domain_label: str

    def led_by(self, superior: str) -> str:
        """The newest name of a superior organ; nothing for none."""
        return self.superiors.get(superior, "")


class Settled(Spec, frozen=True, kw_only=True):
    """What a person settled on which grounds, for report years `first_year` to `last_year` (empty: any)."""

    first_year: int | None = None
    last_year: int | None = None
    who: str
    when: date
    why: str
    evidence: str

    def holds_in(self, year: int | None) -> bool:
        """Whether it holds for a report year; for an unknown one only without bounds."""
        return (self.first_year is None or (year is not None and self.first_year <= year)) and (
            self.last_year is None or (year is not None and year <= self.last_year)
        )


class Override(Settled, frozen=True, kw_only=True):
    """What a person settled about a printed name.

    It applies where `context` (if given) occurs in the hints. `same_as` is the name to read instead, e.g. the
    newest name of a renamed organ; the other fields replace what the name says.
    """

    name: str
    context: str | None = None
    same_as: str | None = None
    region_code: str | None = None
    level: Level | None = None
    department_class: str | None = None
    report_scope: Scope | None = None

    def applies_to(self, year: int | None, hints: Sequence[str]) -> bool:
        """Whether the override holds for a report of `year` with these hints."""
        in_context = self.context is None or any(self.context in hint for hint in hints)
        return self.holds_in(year) and in_context


class Membership(Settled, frozen=True, kw_only=True):
    """That the report of `region` sums up that of `member`.

    The rows of one region and year are its complete list of members.
    """

    region: str
    member: str


class DepartmentFile(Spec, frozen=True, kw_only=True):
    """The classes of departments."""

    classes: tuple[DepartmentClass, ...]


@cache
def load_departments() -> dict[str, DepartmentClass]:
    """Every class of organisations by code, in catalogue order."""
    return {cls.code: cls for cls in load_vocabulary("departments", DepartmentFile).classes}


@cache
def load_name_grammar() -> NameGrammar:
    """How names of organisations are built."""
    return load_vocabulary("organizations", NameGrammar)


def load_overrides(folder: Path | None = None) -> tuple[Override, ...]:
    """The rows of `organizations.csv` in `folder` (default: the bundled `corrections/`); none without a file.

    Raises:
        ContractError: a row is malformed; the message names the line.
    """
    return tuple(load_rows(_corrections(folder) / "organizations.csv", Override, _check_override))


def load_memberships(folder: Path | None = None) -> tuple[Membership, ...]:
    """The rows of `members.csv` in `folder` (default: the bundled `corrections/`); none without a file.

    Raises:
        ContractError: a row is malformed; the message names the line.
    """
    return tuple(load_rows(_corrections(folder) / "members.csv", Membership))


def _corrections(folder: Path | None) -> Path:
    return folder or contracts_root() / "corrections"


def _check_override(override: Override) -> None:
    if override.department_class not in (None, *load_departments()):
        raise msgspec.ValidationError(f"unknown class `{override.department_class}`")
    if override.region_code not in (None, *(region.code for region in load_regions())):
        raise msgspec.ValidationError(f"unknown region `{override.region_code}`")

"""What the generator knows: the plan it follows, and the manifest of what it rendered."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from gao_pipeline.contracts.forms import FactCode, form_of_year
from gao_pipeline.contracts.loading import Bilingual, Spec, load_contract

Number = int | float
FOLDER = Path(__file__).parent


class Organization(Spec, frozen=True, kw_only=True):
    """An invented organ and the reports it files."""

    name: str
    self: str
    level: str
    region: str
    department: str
    format: Literal["docx", "pdf", "html", "txt"]
    first: int
    last: int
    volume: int
    planted: dict[int, tuple[str, ...]] = {}


class Mistake(Spec, frozen=True, kw_only=True):
    """A kind of mistake and how many findings of each rule it gives; `cross` ones need last year's report."""

    code: str
    name: Bilingual
    finds: dict[str, int] = {}
    cross: dict[str, int] = {}


class OtherFile(Spec, frozen=True, kw_only=True):
    """A file that is no report (`reason` is its quarantine code), or a copy of one."""

    file: str
    name: Bilingual
    how: Literal["truncated", "empty", "page", "copy"]
    of: str | None = None
    reason: str | None = None


class Plan(Spec, frozen=True, kw_only=True):
    """The content of `plan.yaml`; `money` says how amounts are printed, by unit."""

    organizations: tuple[Organization, ...]
    mistakes: tuple[Mistake, ...]
    others: tuple[OtherFile, ...]
    corner: str
    money: dict[str, str]

    def mistake(self, code: str) -> Mistake:
        """The mistake with this code."""
        return next(mistake for mistake in self.mistakes if mistake.code == code)


@cache
def load_plan() -> Plan:
    """The plan of the bundled samples.

    Raises:
        ContractError: the plan is malformed.
    """
    return load_contract(FOLDER / "plan.yaml", Plan)


class Draft(msgspec.Struct, kw_only=True):
    """A report before it is rendered; mistakes alter it.

    `sound` are consistent figures, `figures` what is to be printed; `blank` cells print nothing, `said` are
    the figures of the prose, `years` the years that parts of the prose name.
    """

    organization: Organization
    year: int
    table_forms: dict[str, str]
    sound: dict[FactCode, Number]
    figures: dict[FactCode, Number]
    said: dict[str, Number]
    years: dict[str, int]
    basis: str
    blank: set[FactCode] = msgspec.field(default_factory=set)
    planted: list[str] = msgspec.field(default_factory=list)

    @property
    def file(self) -> str:
        return f"{self.organization.name}-{self.year}.{self.organization.format}"


class SampleFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The truth about one file. `facts` and `derived` are keyed `table/row/column`; `None` prints nothing.

    `derived` are the figures that the form's arithmetic forces where nothing is printed; `finds` the
    findings of severity error or warning that the file must give, by rule; `cross` those of this year
    against the year before. `altered` are the figures that mistakes changed, as they were before.
    """

    file: str
    kind: str
    name: Bilingual | None = None
    organization: str | None = None
    level: str | None = None
    region: str | None = None
    department: str | None = None
    report_year: int | None = None
    form: str | None = None
    table_forms: dict[str, str] = {}
    planted: tuple[str, ...] = ()
    finds: dict[str, int] = {}
    cross: dict[str, int] = {}
    quarantine: str | None = None
    duplicate_of: str | None = None
    facts: dict[str, Number | None] = {}
    derived: dict[str, Number] = {}
    altered: dict[str, Number] = {}

    def truth(self) -> dict[str, Any]:
        """The truth in the shape that accuracy benchmarks score: facts one by one in official order."""
        facts = []
        for code, value in self.facts.items():
            table, row, column = code.split("/")
            fact: dict[str, Any] = {"table": table, "row": row, "column": column, "value": value}
            if value is None:
                fact["derived_ok"] = [self.derived[code]] if code in self.derived else []
            facts.append(fact)
        return {
            "file": self.file,
            "kind": self.kind,
            "organization": self.organization,
            "report_year": self.report_year,
            "form": self.form,
            "table_forms": self.table_forms,
            "pathologies": list(self.planted),
            "altered": self.altered,
            "facts": facts,
        }


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one run rendered; `seed` gives the same files again."""

    seed: int
    files: tuple[SampleFile, ...]


def sample_of(draft: Draft, derived: dict[FactCode, Number]) -> SampleFile:
    """The truth about a rendered draft."""
    mistakes = [load_plan().mistake(code) for code in draft.planted]
    organization = draft.organization
    form = form_of_year(draft.year)
    assert form is not None
    return SampleFile(
        file=draft.file,
        kind=organization.format,
        organization=organization.name,
        level=organization.level,
        region=organization.region,
        department=organization.department,
        report_year=draft.year,
        form=form.form,
        table_forms=draft.table_forms,
        planted=tuple(draft.planted),
        finds=_added(mistake.finds for mistake in mistakes),
        cross=_added(mistake.cross for mistake in mistakes),
        facts={
            "/".join(code): None if code in draft.blank else value for code, value in draft.figures.items()
        },
        derived={"/".join(code): value for code, value in derived.items()},
        altered={
            "/".join(code): value
            for code, value in draft.sound.items()
            if draft.figures.get(code, value) != value
        },
    )


def _added(counts: Any) -> dict[str, int]:
    total: dict[str, int] = {}
    for count in counts:
        for rule, number in count.items():
            total[rule] = total.get(rule, 0) + number
    return total

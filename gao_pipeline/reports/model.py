"""What a report says, before anything judges it: reported facts, identity, sections, claims."""

from __future__ import annotations

from enum import StrEnum

from gao_pipeline.contracts.forms import FactCode
from gao_pipeline.documents.model import MediaType, Model, Place

Number = int | float


class State(StrEnum):
    """How a cell's value came about (INTERFACE: `facts[].state`)."""

    REPORTED = "reported"
    BLANK = "blank"
    MISSING = "missing"
    ILLEGIBLE = "illegible"
    DERIVED = "derived"


class Fact(Model, frozen=True, kw_only=True):
    """One cell of the form. `value` is in the unit of the form, exactly as printed (or derived)."""

    code: FactCode
    value: Number | None = None
    raw: str | None = None
    state: State = State.MISSING
    place: Place = Place()
    confidence: float | None = None
    derived_by: str | None = None
    unit_assumed: bool = False


class YearSources(Model, frozen=True, kw_only=True):
    """What each source of the report year says; `None` where it says nothing."""

    title: int | None = None
    period: int | None = None
    prose: int | None = None
    publication: int | None = None


class Sentence(Model, frozen=True, kw_only=True):
    """A sentence (or heading) of the prose with its place and the section it stands in."""

    text: str
    section: str | None = None
    place: Place = Place()
    heading: bool = False


class Section(Model, frozen=True, kw_only=True):
    """A section of the form that was found: its code, the heading as printed, its length in characters."""

    code: str
    heading: str
    characters: int
    place: Place = Place()


class Claim(Model, frozen=True, kw_only=True):
    """A figure said in prose, e.g. `kind` "received", value 5, in the sentence it was read from.

    `kind` is a code of `data_contracts/vocabularies/claims.yaml`, which also names the cells it may be
    compared with.
    """

    kind: str
    value: Number
    sentence: str
    place: Place = Place()
    section: str | None = None


class ReadingNotice(Model, frozen=True, kw_only=True):
    """Something about the reading that becomes a `reading.` finding, e.g. an orphan row of figures."""

    code: str
    detail: str
    table: str | None = None
    facts: tuple[FactCode, ...] = ()
    place: Place = Place()


class Report(Model, frozen=True, kw_only=True):
    """A report as read. `facts` lists every code of `table_forms` (or of `form`) once, in official order.

    `form` is the edition prescribed for the report year, or "none"; `table_forms` is the edition that
    each table really has, `None` where the table was not found.
    """

    media_type: MediaType
    organization: str | None
    report_year: int | None
    form: str
    table_forms: dict[str, str | None]
    facts: tuple[Fact, ...]
    year_sources: YearSources = YearSources()
    title: str | None = None
    published: str | None = None
    sections: tuple[Section, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    claims: tuple[Claim, ...] = ()
    notices: tuple[ReadingNotice, ...] = ()

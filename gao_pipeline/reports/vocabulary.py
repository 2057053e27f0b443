"""The word lists and patterns that reading needs, typed; their content is in the folder `vocabularies`."""

from __future__ import annotations

import re
from functools import cache, cached_property

from gao_pipeline.contracts.loading import Spec
from gao_pipeline.contracts.vocabularies import load_vocabulary

_PLACEHOLDERS = ["no_subject", "before", "acts", "kind", "subject", "organ", "filed", "date", "time", "year"]
"""What patterns may hold in braces, in an order in which each is filled before what it holds itself."""


class CellVocabulary(Spec, frozen=True, kw_only=True, dict=True):
    """`cells.yaml`: how the text of a cell is read."""

    blank_marks: frozenset[str]
    count_units: tuple[str, ...]
    money_units: dict[str, int]
    signs: dict[str, int]
    zeros: frozenset[str]
    note_marks: str
    residue: tuple[str, ...]
    glued_figure: str
    confidence_floor: float

    @cached_property
    def residue_pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(self.residue))

    @cached_property
    def note_mark_pattern(self) -> re.Pattern[str]:
        return re.compile(self.note_marks)

    @cached_property
    def money_unit_pattern(self) -> re.Pattern[str]:
        """Matches a unit of money anywhere, the longest first."""
        return re.compile("|".join(sorted(map(re.escape, self.money_units), key=len, reverse=True)))

    def without_residue(self, text: str) -> str:
        """`text` without what crawlers and converters leave in it."""
        return self.residue_pattern.sub("", text)


class SectionSpec(Spec, frozen=True, kw_only=True, dict=True):
    """A section of the form and the wordings of its heading."""

    code: str
    label: str
    keys: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{key})" for key in self.keys))


class SectionVocabulary(Spec, frozen=True, kw_only=True, dict=True):
    """`sections.yaml`: the sections in official order."""

    sections: tuple[SectionSpec, ...]
    ordinals: tuple[str, ...]
    sentence_ends: str

    @cached_property
    def ordinal_patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(ordinal) for ordinal in self.ordinals)

    @cached_property
    def sentence_pattern(self) -> re.Pattern[str]:
        """Matches one sentence with the marks that end it."""
        end = self.sentence_ends
        return re.compile(f"(?:(?!{end}|\\n).)+(?:{end})*")

    def ends_sentence(self, text: str) -> bool:
        """Whether `text` ends like a sentence of prose."""
        return re.search(f"(?:{self.sentence_ends})\\s*$", text) is not None


class MetadataKeys(Spec, frozen=True, kw_only=True):
    """The keys of `Document.metadata` by what they tell."""

    titles: tuple[str, ...]
    organizations: tuple[str, ...]
    sources: tuple[str, ...]
    sites: tuple[str, ...]
    published: tuple[str, ...]


class IdentityLabels(Spec, frozen=True, kw_only=True):
    """The labels of the lines that tell who published a report and when, the best dates first."""

    organ: str
    source: str
    published: tuple[str, ...]


class OrganizationLines(Spec, frozen=True, kw_only=True):
    """Patterns of sentences that name an organisation, the best of each kind first; group 1 is the name.

    `titled` and `others` say whose report it is, `authors` who made it, an office of the author behind the
    name; `owners` whose own papers, and whose pages, the text speaks of.
    """

    titled: tuple[str, ...]
    authors: tuple[str, ...]
    others: tuple[str, ...]
    owners: tuple[str, ...]


class SelfReferences(Spec, frozen=True, kw_only=True):
    """What a text calls its author, an organ or a place whose government reports (group 1 is the kind), and
    what the names of each kind end in."""

    organ: str
    place: str
    organs: dict[str, str]
    places: dict[str, str]


class IdentityVocabulary(Spec, frozen=True, kw_only=True, dict=True):
    """`identity.yaml`: whose report it is, of which year, published when."""

    year: str
    title: str
    kind: str
    subject: str
    title_year: str
    besides: str
    about: str
    filed: str
    title_labels: str
    title_ends: str
    amended: str
    book_marks: str
    name_edges: str
    title_separators: tuple[str, ...]
    steps: str
    link_words: tuple[str, ...]
    period: str
    labels: IdentityLabels
    label_ends: str
    date: str
    time: str
    dated: str
    stamped: str
    imprint: str
    numbered: str
    signed: str
    organization_lines: OrganizationLines
    offices: str
    offices_of_disclosure: str
    selves: SelfReferences
    subjects: str
    subject_places: str
    subjects_of_years: str
    no_subject: str
    before: str
    acts: str
    organ: str
    organization_ends: str
    words_before_a_region: str
    of_a_region: str
    department_ends: str
    region_ends: str
    organization_stops: str
    leadership: str
    metadata: MetadataKeys
    announced_year: str
    planned_year: str
    prose_year: str
    quoted: str

    def compiled(self, pattern: str) -> re.Pattern[str]:
        """One of the patterns with its placeholders filled."""
        for name in _PLACEHOLDERS:
            pattern = pattern.replace(f"{{{name}}}", getattr(self, name))
        return re.compile(pattern.replace("{source}", self.labels.source))

    @cached_property
    def title_pattern(self) -> re.Pattern[str]:
        return self.compiled(self.title)

    @cached_property
    def title_year_pattern(self) -> re.Pattern[str]:
        return self.compiled(self.title_year)

    @cached_property
    def any_label(self) -> str:
        """A pattern of every label."""
        return "|".join((self.labels.organ, self.labels.source, *self.labels.published))

    @cached_property
    def label_pattern(self) -> re.Pattern[str]:
        """Matches a text that is nothing but a label, a bullet before it allowed."""
        return re.compile(f"\\W?(?:{self.any_label})\\W?:?")

    def value_of(self, labels: str) -> re.Pattern[str]:
        """Finds the value of one of `labels`; group 1 ends where the next label begins."""
        ends = f"{self.label_ends}|(?:{self.any_label}):|$"
        return re.compile(f"(?:{labels})(?:\\([^()]+\\))?(?:[\\]】]:?|:)(.{{2,40}}?)(?={ends})")

    def date_of(self, labels: str) -> re.Pattern[str]:
        """Finds the date behind one of `labels`; its groups are year, month and day."""
        return re.compile(f"(?:{labels})[\\]】]?:?{self.date}")


@cache
def cell_vocabulary() -> CellVocabulary:
    return load_vocabulary("cells", CellVocabulary)


@cache
def section_vocabulary() -> SectionVocabulary:
    return load_vocabulary("sections", SectionVocabulary)


@cache
def identity_vocabulary() -> IdentityVocabulary:
    return load_vocabulary("identity", IdentityVocabulary)

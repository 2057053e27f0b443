"""The prose of a report: its sections, found by the wording of their headings, and its sentences."""

from __future__ import annotations

import re
from typing import NamedTuple

from gao_pipeline.contracts.text import compact, strip_notes
from gao_pipeline.documents.model import Document, Paragraph
from gao_pipeline.reports.model import Section, Sentence
from gao_pipeline.reports.vocabulary import SectionSpec, cell_vocabulary, section_vocabulary

_LONGEST_HEADING = 45
_LONGEST_ORDINAL_HEADING = 30


class Prose(NamedTuple):
    """The sections in printed order and every sentence outside of the tables."""

    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]


class _Heading(NamedTuple):
    position: int
    section: SectionSpec
    ordinal: int


def read_sections(document: Document) -> Prose:
    """Sections and sentences of a document; sentences before the first section have none."""
    paragraphs = document.paragraphs
    starts = {heading.position: heading.section for heading in _chosen(_headings(paragraphs))}
    sections: list[Section] = []
    sentences: list[Sentence] = []
    current: SectionSpec | None = None
    lengths: dict[str, int] = {}
    for position, paragraph in enumerate(paragraphs):
        text = cell_vocabulary().without_residue(paragraph.text)
        if position in starts:
            current = starts[position]
            sections.append(
                Section(code=current.code, heading=text.strip(), characters=0, place=paragraph.place)
            )
        elif current is not None:
            lengths[current.code] = lengths.get(current.code, 0) + len(compact(text))
        heading = position in starts or paragraph.level is not None or _is_heading(text)
        sentences += [
            Sentence(
                text=sentence,
                section=current.code if current else None,
                place=paragraph.place,
                heading=heading,
            )
            for match in section_vocabulary().sentence_pattern.finditer(text)
            if (sentence := match[0].strip())
        ]
    return Prose(
        tuple(
            Section(code=s.code, heading=s.heading, characters=lengths.get(s.code, 0), place=s.place)
            for s in sections
        ),
        tuple(sentences),
    )


def section_of_heading(text: str) -> tuple[SectionSpec, int] | None:
    """The section whose heading `text` is, and the kind of its ordinal (its place in the vocabulary)."""
    compacted = compact(text)
    if not compacted or len(compacted) > _LONGEST_HEADING:
        return None
    vocabulary = section_vocabulary()
    for kind, ordinal in enumerate(vocabulary.ordinal_patterns):
        match = ordinal.match(compacted)
        if match is None:
            continue
        wording = strip_notes(compacted[match.end() :]).rstrip(":。、,;")
        for section in vocabulary.sections:
            if section.pattern.fullmatch(wording):
                return section, kind
    return None


def _headings(paragraphs: list[Paragraph]) -> list[_Heading]:
    found = []
    for position, paragraph in enumerate(paragraphs):
        hit = section_of_heading(cell_vocabulary().without_residue(paragraph.text))
        if hit:
            found.append(_Heading(position, *hit))
    return found


def _chosen(headings: list[_Heading]) -> list[_Heading]:
    """One heading per section, in official order.

    The kind of ordinal that introduces most sections is the report's own; from the end, each section takes
    the last heading before the next section, so that a table of contents loses against the text.
    """
    order = [section.code for section in section_vocabulary().sections]
    by_kind: dict[int, set[str]] = {}
    for heading in headings:
        by_kind.setdefault(heading.ordinal, set()).add(heading.section.code)
    if not by_kind:
        return []
    main = max(by_kind, key=lambda kind: (len(by_kind[kind]), -kind))
    chosen: dict[str, _Heading] = {}
    limit = max(heading.position for heading in headings) + 1
    for code in reversed(order):
        of_section = [h for h in headings if h.section.code == code and h.position < limit]
        candidates = [h for h in of_section if h.ordinal == main] or (
            of_section if code not in by_kind[main] else []
        )
        if candidates:
            chosen[code] = candidates[-1]
            limit = candidates[-1].position
    return [chosen[code] for code in order if code in chosen]


def _is_heading(text: str) -> bool:
    compacted = compact(text)
    return (
        0 < len(compacted) <= _LONGEST_ORDINAL_HEADING
        and not re.search(section_vocabulary().sentence_ends, compacted)
        and any(p.match(compacted) for p in section_vocabulary().ordinal_patterns if p.pattern)
    )

"""The prose of a report: its sections, found by the wording of their headings, and its sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
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


class _Printed(NamedTuple):
    """A sentence and the paragraph it stands in."""

    text: str
    paragraph: Paragraph


class _Heading(NamedTuple):
    position: int
    section: SectionSpec
    ordinal: int


def read_sections(document: Document) -> Prose:
    """Sections and sentences of a document; sentences before the first section have none."""
    printed = [
        _Printed(sentence, paragraph)
        for paragraph in document.paragraphs
        for sentence in _sentences(paragraph.text)
    ]
    starts = {heading.position: heading.section.code for heading in _chosen(_headings(printed))}
    lengths: Counter[str] = Counter()
    sentences: list[Sentence] = []
    current: str | None = None
    for position, (text, paragraph) in enumerate(printed):
        current = starts.get(position, current)
        heading = position in starts or paragraph.level is not None or _is_heading(text)
        sentences.append(Sentence(text=text, section=current, place=paragraph.place, heading=heading))
        if current is not None and position not in starts:
            lengths[current] += len(compact(text))
    sections = tuple(
        Section(
            code=code,
            heading=printed[position].text,
            characters=lengths[code],
            place=printed[position].paragraph.place,
        )
        for position, code in sorted(starts.items())
    )
    return Prose(sections, tuple(sentences))


def _sentences(text: str) -> Iterator[str]:
    for match in section_vocabulary().sentence_pattern.finditer(cell_vocabulary().without_residue(text)):
        if sentence := match[0].strip():
            yield sentence


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


def behind_heading(text: str) -> str | None:
    """What follows the numbered heading of a section in one line with it; `None` where none begins it."""
    vocabulary = section_vocabulary()
    compacted = compact(text)
    for ordinal in vocabulary.ordinal_patterns:
        if ordinal.pattern and (match := ordinal.match(compacted)):
            for section in vocabulary.sections:
                if heading := section.pattern.match(compacted, match.end()):
                    return compacted[heading.end() :].lstrip(":。")
    return None


def _headings(printed: Sequence[_Printed]) -> list[_Heading]:
    return [
        _Heading(position, *hit)
        for position, sentence in enumerate(printed)
        if (hit := section_of_heading(sentence.text))
    ]


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

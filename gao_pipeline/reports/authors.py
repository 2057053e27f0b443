"""Whose report it is where no title says so: signature, labels, lead-in, prose, the page around."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, pairwise

from gao_pipeline.documents.model import Document
from gao_pipeline.reports.lines import Lines, metadata_lines, normal, parts_of_title
from gao_pipeline.reports.names import (
    bare_name,
    fullest,
    is_name,
    is_organ,
    is_organization,
    lacks_region,
    organs_in,
    with_region,
)
from gao_pipeline.reports.vocabulary import identity_vocabulary, section_vocabulary
from gao_pipeline.reports.voices import Voice, subjects_of, voice_of

_SHORTEST_SOURCE = 4
_LAST_LINES = 12


def author_of(
    document: Document,
    lines: Lines,
    sentences: Sequence[str],
    fellows: Collection[str],
    year: int | None,
    title: str | None = None,
) -> str | None:
    """The organisation that a document names outside of its title: the first that the best places name.

    A name that contradicts what kind of organ the text calls itself gives way to one that does not; one that
    is only implied is none then. A name is taken as full as any place prints it.

    Args:
        sentences: the narrative, for the subject of most of its sentences.
        fellows: whose reports of other years the page lists; one alone is that of the report.
        year: of the report, decides which regions exist.
        title: the name in the title, if it lacks its region only.
    """
    vocabulary = identity_vocabulary()
    keys, places = vocabulary.metadata, vocabulary.organization_lines
    header, source, site = (
        map(normal, metadata_lines(document, of)) for of in (keys.organizations, keys.sources, keys.sites)
    )
    titled = [*_reports_of(places.titled, lines.all)]
    subjects = subjects_of(sentences, vocabulary.subjects)[:1]
    voice = voice_of(lines.all, () if titled else subjects)
    makers = filter(is_name, map(voice.author, _found(places.authors, lines.all)))
    authors = [name for name in makers if not re.search(vocabulary.leadership, name)]
    governed = subjects_of(sentences, vocabulary.subject_places)
    speaks_of_a_place_alone = voice.place and not voice.organ and all(map(voice.place.search, subjects))
    stated = [
        *titled,
        *_signatures(lines),
        *_labelled(vocabulary.labels.organ, lines),
        *filter(is_organization, header),
        *_named_alone((*lines.below_title, *_above_text(lines))),
        *_senders(lines),
        *(fellows if len(fellows) == 1 else ()),
        *(governed if speaks_of_a_place_alone else ()),
        *filter(is_organ, authors),
        *_reports_of(places.others, lines.all),
        *(name for name in source if len(name) >= _SHORTEST_SOURCE and is_organization(name)),
        *(name for name in _labelled(vocabulary.labels.source, lines) if len(name) >= _SHORTEST_SOURCE),
        *filter(is_organization, lines.all[-_LAST_LINES:]),
    ]
    near = [*authors, *_steps(lines)]
    around = [
        *filter(is_organization, site),
        *filter(is_organization, parts_of_title(document.title or "")),
    ]
    implied = [
        *subjects,
        *near,
        *_owner(lines.all, voice),
        *filter(is_organ, subjects_of(sentences, vocabulary.subjects_of_years)),
        *filter(is_organ, reversed(lines.above_text)),
        *around,
        *governed,
    ]
    everywhere = (*stated, *subjects, *near, *around)
    named = next(chain(filter(voice.is_author, (*stated, *implied)), stated), None)
    if title is None and named is not None:
        named = fullest(named, everywhere)
    full = title or named
    return with_region(full, everywhere, lines.all, year) if full and lacks_region(full, year) else full


def _signatures(lines: Lines) -> Iterator[str]:
    """The names above a date, or before it in one line, the last first."""
    vocabulary = identity_vocabulary()
    dated, signed = vocabulary.compiled(vocabulary.dated), vocabulary.compiled(vocabulary.signed)
    for line, after in reversed([*pairwise((*lines.below_text, ""))]):
        whole = signed.search(line)
        name = bare_name(whole[1] if whole else line)
        if (whole or dated.search(after)) and is_organization(name):
            yield name


def _named_alone(lines: Iterable[str]) -> Iterator[str]:
    """The names that fill a line; behind a colon follows what an addressee is told."""
    return filter(is_organization, (bare_name(line) for line in lines if not line.endswith(":")))


def _senders(lines: Lines) -> Iterator[str]:
    """The names above the number of an official letter."""
    numbered = identity_vocabulary().compiled(identity_vocabulary().numbered)
    pairs = pairwise(lines.above_text)
    return (above for above, line in pairs if numbered.search(line) and is_organization(above))


def _labelled(labels: str, lines: Lines) -> Iterator[str]:
    value = identity_vocabulary().value_of(labels)
    whole = re.compile(f"^\\W?(?:{labels})(.+)$")
    for line in lines.labelled:
        for match in (*value.finditer(line), *whole.finditer(line)):
            if is_organization(name := bare_name(match[1])):
                yield name


def _above_text(lines: Lines) -> list[str]:
    """The line above the first whole sentence: a report may open with the name of its author alone."""
    ends_sentence = section_vocabulary().ends_sentence
    return [above for above, line in pairwise(lines.all) if ends_sentence(line)][:1]


def _found(patterns: Iterable[str], lines: Sequence[str]) -> Iterator[str]:
    """What the patterns find, the first first; in lines, then in what two lines make together."""
    for pattern in map(identity_vocabulary().compiled, patterns):
        for line in (*lines, *map("".join, pairwise(lines))):
            yield from (match[1] for match in pattern.finditer(line))


def _reports_of(patterns: Iterable[str], lines: Sequence[str]) -> Iterator[str]:
    """Whose report the text says it is."""
    names = map(bare_name, _found(patterns, lines))
    return filter(is_name, (next(iter(organs_in(name)), name) for name in names))


def _owner(lines: Sequence[str], voice: Voice) -> Iterator[str]:
    """The organ, of the kind that the text calls itself, whose own papers and pages it speaks of most; of a
    text that does not call itself anything the only organ with papers, if it has several."""
    papers, *pages = identity_vocabulary().organization_lines.owners
    named = map(voice.author, _found((papers, *(pages if voice.organ else ())), lines))
    found = [name for name in named if voice.is_author(name) and (voice.organ or is_organ(name))]
    owners = Counter(fullest(name, found) for name in found)
    for name, times in owners.most_common(1):
        if voice.organ or (len(owners) == 1 and times > 1):
            yield name


def _steps(lines: Lines) -> Iterator[str]:
    """The names in the way to the page, the nearest first."""
    for line in lines.above_text:
        steps = re.split(identity_vocabulary().steps, line)
        if len(steps) > 2:
            yield from (
                step for step in reversed(steps) if len(step) >= _SHORTEST_SOURCE and is_organization(step)
            )

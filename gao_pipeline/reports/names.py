"""The name of the reporting organisation where the title gives none: signature, labels, lead-in, prose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, pairwise

from gao_pipeline.contracts.text import compact
from gao_pipeline.documents.model import Document
from gao_pipeline.reports.lines import Lines, metadata_lines, normal, parts_of_title
from gao_pipeline.reports.vocabulary import identity_vocabulary, section_vocabulary

_LONGEST_NAME = 40
_SHORTEST_SOURCE = 4
_LAST_LINES = 12


def bare_name(name: str) -> str:
    """A name without the year, the particles and the marks that a pattern caught with it."""
    vocabulary = identity_vocabulary()
    edges = vocabulary.compiled(vocabulary.name_edges)
    while (shorter := edges.sub("", name)) != name:
        name = shorter
    return name


def is_name(name: str) -> bool:
    """Whether a text may be the name of an organisation: by its length and by what no name contains."""
    plausible = 1 < len(name) <= _LONGEST_NAME and not name[0].isdecimal()
    return plausible and not re.search(identity_vocabulary().organization_stops, name)


def is_organization(line: str) -> bool:
    """Whether a line is nothing but the name of an organisation."""
    vocabulary = identity_vocabulary()
    ends = vocabulary.compiled(f"{vocabulary.organization_ends}$")
    return is_name(line) and ends.search(line) is not None


def named_elsewhere(
    document: Document, lines: Lines, sentences: Iterable[str], fellows: Collection[str]
) -> str | None:
    """The organisation that a document names outside of its title: the first that the best places name.

    Args:
        sentences: the narrative, for the subject of most of its sentences.
        fellows: whose reports of other years the page lists; one alone is that of the report.
    """
    vocabulary = identity_vocabulary()
    keys = vocabulary.metadata
    header, source, site = (
        map(normal, metadata_lines(document, of)) for of in (keys.organizations, keys.sources, keys.sites)
    )
    candidates = chain(
        _signatures(lines),
        _labelled(vocabulary.labels.organ, lines),
        filter(is_organization, header),
        _named_alone((*lines.below_title, *_above_text(lines))),
        _senders(lines),
        fellows if len(fellows) == 1 else (),
        (name for pattern in vocabulary.organization_lines for name in _named_by(pattern, lines.all)),
        (name for name in source if len(name) >= _SHORTEST_SOURCE and is_organization(name)),
        (name for name in _labelled(vocabulary.labels.source, lines) if len(name) >= _SHORTEST_SOURCE),
        filter(is_organization, lines.all[-_LAST_LINES:]),
        _subjects(sentences),
        _steps(lines),
        filter(is_organization, site),
        filter(is_organization, parts_of_title(document.title or "")),
    )
    return next(candidates, None)


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
    for line in lines.labelled:
        for match in value.finditer(line):
            if is_organization(name := bare_name(match[1])):
                yield name


def _above_text(lines: Lines) -> list[str]:
    """The line above the first whole sentence: a report may open with the name of its author alone."""
    ends_sentence = section_vocabulary().ends_sentence
    return [above for above, line in pairwise(lines.all) if ends_sentence(line)][:1]


def _named_by(pattern: str, lines: Sequence[str]) -> Iterator[str]:
    compiled = identity_vocabulary().compiled(pattern)
    matches = (match for line in lines for match in compiled.finditer(line))
    return filter(is_name, (_whole_name(bare_name(match[1])) for match in matches))


def _whole_name(text: str) -> str:
    """`text`, if it ends as names do or holds none, else up to where the last name of an organ in it ends."""
    organs = identity_vocabulary().compiled("{organ}").finditer(text)
    names = (text[: organ.end()] for organ in reversed([*organs]))
    return next(filter(is_organization, (text, *names)), text)


def _subjects(sentences: Iterable[str]) -> Iterator[str]:
    """The organ that most sentences of the narrative speak of, by its fullest name."""
    vocabulary = identity_vocabulary()
    pattern = vocabulary.compiled(vocabulary.subjects)
    found = Counter(
        name
        for sentence in sentences
        for match in pattern.finditer(compact(sentence))
        if is_name(name := bare_name(match[1])) and not re.search(vocabulary.leadership, name)
    )
    if found:
        ((most, _),) = found.most_common(1)
        yield max((name for name in found if name.endswith(most)), key=len)


def _steps(lines: Lines) -> Iterator[str]:
    """The names in the way to the page, the nearest first."""
    for line in lines.above_text:
        steps = re.split(identity_vocabulary().steps, line)
        if len(steps) > 2:
            yield from (
                step for step in reversed(steps) if len(step) >= _SHORTEST_SOURCE and is_organization(step)
            )

"""Whose report it is, of which year, published when – each from the place that says it best."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from gao_pipeline.contracts.numerals import load_numerals
from gao_pipeline.contracts.text import compact
from gao_pipeline.documents.model import Document, MediaType
from gao_pipeline.reports.authors import author_of
from gao_pipeline.reports.lines import Lines, lines_of, metadata_lines
from gao_pipeline.reports.model import YearSources
from gao_pipeline.reports.names import is_fuller, lacks_region
from gao_pipeline.reports.sections import Prose, behind_heading
from gao_pipeline.reports.titles import own_title, read_title, title_of_the_page
from gao_pipeline.reports.vocabulary import identity_vocabulary, section_vocabulary

_STAMP = re.compile(r"(?<!\d)(\d{4})\D?(\d{1,2})\D?(\d{1,2})(?!\d(?!\d{3}(?:\d\d)?(?!\d)))")
"""A day, with or without a time of day behind it, as machines write it."""

_PAGES = {MediaType.HTML, MediaType.MHTML}
"""What has a head that is written for this page; the properties of files often are those of an older one."""

_BEGINS_CLAUSE = "(?:^|[,。;:)])"
"""Where the year stands of which a sentence tells."""
_OF_OTHER_YEARS = {"problems", "other"}
"""The sections that tell what was amiss in the last year and will be done in the next."""


class Identity(NamedTuple):
    """What the document says about itself; `organization` as printed, both names without spaces."""

    organization: str | None
    year: int | None
    year_sources: YearSources
    title: str | None
    published: str | None


def read_identity(document: Document, prose: Prose) -> Identity:
    """The identity of a report. The year is that of the title, the period, the lead-in or the prose, else the
    year before publication, else that of the plans which the report follows."""
    lines = lines_of(document)
    vocabulary = identity_vocabulary()
    keys = vocabulary.metadata
    period = _named_year(vocabulary.period, lines.all)
    narrated = _prose_year(prose, f"{_BEGINS_CLAUSE}{vocabulary.prose_year}", period)
    announced = _named_year(vocabulary.announced_year, lines.above_text)
    years = {year for year in (period, narrated, announced) if year}
    is_page = document.media_type in _PAGES
    head = title_of_the_page([document.title or "", *metadata_lines(document, keys.titles)], not is_page)
    if head and not is_page and years and head.year not in years:
        head = None
    link = vocabulary.compiled("{kind}$")
    narrative = [
        behind_heading(sentence.text) or sentence.text
        for sentence in prose.sentences
        if not read_title(line := compact(sentence.text)) and not link.search(line)
    ]
    text = "".join(map(compact, filter(section_vocabulary().ends_sentence, narrative)))
    own = own_title(lines, head if is_page else None, years, text)
    if own:
        lines = lines._replace(below_title=lines.above_text[own.end :])
    listed = own.title if own and own.listed else None
    header = metadata_lines(document, keys.organizations)
    running = title_of_the_page([*header, "".join(header)], signed=True)
    titles = [title for title in (own.title if own and not listed else None, head, running) if title]
    published = _published(document, lines)
    titled = next((title.year for title in titles if title.year), None)
    sources = YearSources(
        title=titled,
        period=period,
        prose=_prose_year(prose, vocabulary.prose_year, period, titled, narrated),
        publication=published.year if published else None,
    )
    denied = own is None and period == narrated
    year = (
        (period if denied else None)
        or sources.title
        or sources.period
        or announced
        or sources.prose
        or (listed and listed.year)
        or (sources.publication and sources.publication - 1)
        or _named_year(vocabulary.planned_year, lines.all)
    )
    if listed and listed.year != year:
        listed = None
    organization = next((title.organization for title in titles if title.organization), None)
    if organization is None or lacks_region(organization, year):
        fellows = own.fellows if own else ()
        organization = author_of(document, lines, narrative, fellows, year, title=organization)
        if (
            listed
            and listed.organization
            and (not organization or is_fuller(listed.organization, organization))
        ):
            organization = listed.organization
    return Identity(
        _as_printed(organization, document) if organization else None,
        year,
        sources,
        titles[0].text if titles else listed and listed.text,
        published.isoformat() if published else None,
    )


def _as_printed(name: str, document: Document) -> str:
    """`name` with its brackets in the width in which the document prints them."""
    if not re.search(r"[()]", name):
        return name
    wide = name.replace("(", "（").replace(")", "）")
    texts = (document.title or "", *document.metadata.values(), *(p.text for p in document.paragraphs))
    return wide if any(wide in re.sub(r"\s", "", text) for text in texts) else name


def _named_year(pattern: str, lines: Sequence[str]) -> int | None:
    """The year that a pattern finds most often."""
    compiled = identity_vocabulary().compiled(pattern)
    found = Counter(load_numerals().value(match[1]) for line in lines for match in compiled.finditer(line))
    return found.most_common(1)[0][0] if found else None


def _prose_year(prose: Prose, pattern: str, *others: int | None) -> int | None:
    """The year the narrative (without sections: the whole text) speaks of most, quoted titles and document
    numbers left out; of several the one that the first of the others gives, else the latest.

    Args:
        pattern: that of a year.
        others: what other sources give, the best first.
    """
    vocabulary = identity_vocabulary()
    stated = vocabulary.compiled(pattern)
    stamps = [vocabulary.compiled(vocabulary.dated), *map(vocabulary.date_of, vocabulary.labels.published)]
    in_sections: Counter[int] = Counter()
    elsewhere: Counter[int] = Counter()
    for sentence in prose.sentences:
        text = re.sub(vocabulary.quoted, "", compact(sentence.text))
        narrates = sentence.section is not None or section_vocabulary().ends_sentence(sentence.text)
        is_stamp = any(stamp.match(text) for stamp in stamps)
        if narrates and sentence.section not in _OF_OTHER_YEARS and not is_stamp:
            found = elsewhere if sentence.section is None else in_sections
            found.update(load_numerals().value(match[1]) for match in stated.finditer(text))
    years = in_sections or elsewhere
    return max(
        years, key=lambda year: (years[year], *(year == other for other in others), year), default=None
    )


def _published(document: Document, lines: Lines) -> date | None:
    """The date of publication: of the file's metadata, else as the page prints it, else of the signature."""
    vocabulary = identity_vocabulary()
    for line in metadata_lines(document, vocabulary.metadata.published):
        if (stamp := _STAMP.search(line)) and (found := _date(map(int, stamp.groups()))):
            return found
    value = load_numerals().value
    dated = vocabulary.compiled(vocabulary.dated)
    signed = vocabulary.compiled(vocabulary.signed)
    signatures = [line for above, line in pairwise(("", *lines.below_text)) if not read_title(above)][::-1]
    places = (
        *((vocabulary.date_of(labels), lines.labelled) for labels in vocabulary.labels.published),
        (vocabulary.compiled(vocabulary.stamped), lines.above_text),
        (dated, signatures),
        (signed, signatures),
        (vocabulary.compiled(vocabulary.imprint), signatures),
        (dated, lines.below_title),
    )
    for pattern, candidates in places:
        for line in candidates:
            match = pattern.search(line)
            if match and (found := _date(map(value, [group for group in match.groups() if group][-3:]))):
                return found
    return None


def _date(parts: Iterable[int]) -> date | None:
    """The day of a year, a month and a day; `None` where the parts are no day."""
    try:
        year, month, day, *_ = parts
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None

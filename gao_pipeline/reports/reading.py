"""Document → report: the way in of this layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from gao_pipeline.contracts.forms import form_of_year, load_forms
from gao_pipeline.contracts.text import compact
from gao_pipeline.documents.model import (
    Block,
    Document,
    Grid,
    MediaType,
    Paragraph,
    UnreadableDocumentError,
)
from gao_pipeline.documents.vocabulary import table_part_vocabulary
from gao_pipeline.reports.captions import caption_years, captions_of
from gao_pipeline.reports.claims import read_claims
from gao_pipeline.reports.facts import TableFacts, detected_edition, missing_facts, table_facts
from gao_pipeline.reports.identity import Identity, read_identity
from gao_pipeline.reports.labels import table_labels
from gao_pipeline.reports.model import ReadingNotice, Report
from gao_pipeline.reports.script import in_simplified
from gao_pipeline.reports.sections import Prose, read_sections
from gao_pipeline.reports.streams import strips_of_stream
from gao_pipeline.reports.strips import Strip, strip_of_grid
from gao_pipeline.reports.tables import SIDE_BY_SIDE, TableRows, find_tables
from gao_pipeline.reports.titles import read_title
from gao_pipeline.reports.turned_tables import with_heads_above
from gao_pipeline.reports.vocabulary import section_vocabulary

NO_FORM = "none"
_NARRATIVE = 300
"""Characters of whole sentences that a report of the years before the form tells at least."""


def read_report(document: Document, file_name: str | None = None) -> Report:
    """The report that a document holds.

    Args:
        document: what a reader of `documents` made of a file.
        file_name: used in messages only.

    Raises:
        UnreadableDocumentError: the document is no report (`no_report_in_page` for web pages,
            else `no_report`).
    """
    document = in_simplified(document)
    prose = read_sections(document)
    identity = read_identity(document, prose)
    tables = find_tables(_strips(document), identity.year)
    if not any(rows.found for rows in tables.values()) and not _is_narrative(identity, prose):
        reason = (
            "no_report_in_page" if document.media_type in (MediaType.HTML, MediaType.MHTML) else "no_report"
        )
        raise UnreadableDocumentError(reason, _what_is_missing(document, file_name))
    form, table_forms = _editions(tables, identity.year)
    readings = [_facts(rows, table_forms[code], form) for code, rows in tables.items()]
    notices = [notice for reading in readings for notice in reading.notices]
    notices += _notices_of(document)
    notices += _tables_in_pictures(document, table_forms, identity.year)
    return Report(
        media_type=document.media_type,
        organization=identity.organization,
        report_year=identity.year,
        form=form,
        table_forms=table_forms,
        facts=tuple(fact for reading in readings for fact in reading.facts),
        year_sources=identity.year_sources,
        title=identity.title,
        published=identity.published,
        sections=prose.sections,
        sentences=prose.sentences,
        claims=read_claims(prose.sentences, identity.year),
        notices=tuple(notices),
    )


def _facts(rows: TableRows, edition: str | None, form: str) -> TableFacts:
    """The facts of a table as its `edition` has it; of one not found, those that the `form` asks for."""
    if edition is not None:
        return table_facts(rows, load_forms()[edition].table(rows.code))
    missing = missing_facts(load_forms()[form].table(rows.code)) if form != NO_FORM else ()
    return TableFacts(missing, ())


def _what_is_missing(document: Document, file_name: str | None) -> str:
    """Why a document is no report, and where the report may be instead."""
    attached = [notice.detail for notice in document.notices if notice.code == "attachment"]
    attachments = f"; attached: {', '.join(attached)}" if attached else ""
    return f"{file_name or 'the document'} holds neither tables nor sections{attachments}"


def _is_narrative(identity: Identity, prose: Prose) -> bool:
    """Whether a document without tables is a report all the same: by its title and its sections, and before
    there was a form by what it tells."""
    if identity.title is None:
        return False
    told = sum(
        len(sentence.text)
        for sentence in prose.sentences
        if section_vocabulary().ends_sentence(sentence.text)
    )
    return bool(prose.sections) or (form_of_year(identity.year) is None and told >= _NARRATIVE)


def _notices_of(document: Document) -> list[ReadingNotice]:
    """What the reader of the format noted, one notice per kind."""
    kinds = dict.fromkeys(notice.code for notice in document.notices)
    return [
        ReadingNotice(code=code, detail="；".join(n.detail for n in of_kind), place=of_kind[0].place)
        for code in kinds
        if (of_kind := [notice for notice in document.notices if notice.code == code])
    ]


def _tables_in_pictures(
    document: Document, table_forms: dict[str, str | None], year: int | None
) -> Iterator[ReadingNotice]:
    """Tables that were not found although the form asks for them, where pictures stand that were not read."""
    pictures = [notice for notice in document.notices if notice.code == "image"]
    if pictures and form_of_year(year) is not None:
        for code in (code for code, edition in table_forms.items() if edition is None):
            detail = "；".join(picture.detail for picture in pictures)
            yield ReadingNotice(code="table_in_picture", detail=detail, table=code, place=pictures[0].place)


def _strips(document: Document) -> Iterator[Strip]:
    """Every table of the document in reading order, those that lost their grid included. A table right below
    another, or below the words that it goes on, has no caption of its own; the title of a report holds for
    all tables up to the next title."""
    years: frozenset[int] = frozenset()
    reported: frozenset[int] = frozenset()
    above: tuple[str, ...] = ()
    side_by_side = table_labels(SIDE_BY_SIDE)
    for has_rows, group in groupby(document.blocks, key=_has_rows):
        blocks = list(group)
        if not has_rows:
            yield from strips_of_stream(blocks)
            lines = [block.text for block in blocks if isinstance(block, Paragraph)]
            above = captions_of(lines)
            reported = _titled_years(lines) or reported
            goes_on = all(map(table_part_vocabulary().is_continuation, lines))
            years = years if goes_on else caption_years(above) or reported
            continue
        grids = (with_heads_above(block, side_by_side) for block in blocks if isinstance(block, Grid))
        for strip in map(strip_of_grid, grids):
            years = caption_years(captions_of(strip.captions)) or years
            yield strip._replace(years=years, above=above)
            above = ()


def _titled_years(lines: Sequence[str]) -> frozenset[int]:
    """The year in the last title of a report among some lines."""
    titles = (read_title(compact(line)) for line in reversed(lines))
    return next((frozenset({title.year}) for title in titles if title and title.year), frozenset())


def _has_rows(block: Block) -> bool:
    return isinstance(block, Grid) and not block.is_stream


def _editions(tables: dict[str, TableRows], year: int | None) -> tuple[str, dict[str, str | None]]:
    """The edition of the report and of each of its tables."""
    forms = load_forms()
    found = {code: rows for code, rows in tables.items() if rows.found}
    detected = {code: detected_edition(rows) for code, rows in found.items()}
    shown = next((edition for edition in detected.values() if edition), None)
    prescribed = form_of_year(year)
    if not found or (year is not None and prescribed is None):
        form = NO_FORM
    elif prescribed is not None:
        form = prescribed.form
    else:
        form = shown or next(reversed(forms))
    fallback = form if form != NO_FORM else shown or next(iter(forms))
    return form, {code: (detected[code] or fallback) if code in found else None for code in tables}

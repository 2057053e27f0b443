"""Whose report it is, of which year, published when – each from the place that says it best."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, pairwise
from typing import NamedTuple

from gao_pipeline.contracts.text import compact
from gao_pipeline.documents.model import Document, Grid, Paragraph
from gao_pipeline.reports.model import YearSources
from gao_pipeline.reports.sections import Prose, section_of_heading
from gao_pipeline.reports.vocabulary import cell_vocabulary, identity_vocabulary, section_vocabulary

_TITLE_LINES = 60
_LONGEST_TITLE = 80
_LONGEST_NAME = 40
_SIGNATURE_LINES = 12
_LINES_OF_A_TITLE = 4


class Identity(NamedTuple):
    """What the document says about itself; `organization` as printed, both names without spaces."""

    organization: str | None
    year: int | None
    year_sources: YearSources
    title: str | None
    published: str | None


class _Title(NamedTuple):
    text: str
    organization: str | None
    year: int | None


def read_identity(document: Document, prose: Prose) -> Identity:
    """The identity of a report. The year is that of the title, else of the period, else of the prose, else
    the year before publication."""
    lines = list(_lines(document))
    keys = identity_vocabulary().metadata
    head = _head_title([document.title or "", *_metadata(document, keys.titles)])
    body = _body_title(lines, head)
    published = _published(document, lines)
    sources = YearSources(
        title=(body.year if body else None) or (head.year if head else None),
        period=_period(lines),
        prose=_prose_year(prose),
        publication=published.year if published else None,
    )
    year = sources.title or sources.period or sources.prose
    if year is None and sources.publication is not None:
        year = sources.publication - 1
    title = body or head
    organization = (
        (body.organization if body else None)
        or (head.organization if head else None)
        or _named_elsewhere(document, lines)
    )
    return Identity(
        _as_printed(organization, document) if organization else None,
        year,
        sources,
        title.text if title else None,
        published.isoformat() if published else None,
    )


def _as_printed(name: str, document: Document) -> str:
    """`name` with its brackets in the width in which the document prints them."""
    if not re.search(r"[()]", name):
        return name
    wide = name.replace("(", "（").replace(")", "）")
    texts = (document.title or "", *document.metadata.values(), *(p.text for p in document.paragraphs))
    return wide if any(wide in re.sub(r"\s", "", text) for text in texts) else name


def _lines(document: Document) -> Iterator[str]:
    """Every line of prose, compacted; a row of a grid counts as a line where it holds a single text."""
    clean = cell_vocabulary().without_residue
    for block in document.blocks:
        texts = [block.text] if isinstance(block, Paragraph) else _lonely_texts(block)
        for text in texts:
            for line in clean(text).splitlines():
                if content := _normal(line):
                    yield content


def _lonely_texts(grid: Grid) -> list[str]:
    rows: dict[int, list[str]] = {}
    for cell in grid.cells:
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(cell.text)
    return ["".join(texts) for texts in rows.values() if len(texts) <= 2]


def _normal(text: str) -> str:
    return compact(text).replace("|", "")


def _title(text: str) -> _Title | None:
    """The organisation and year that a title names; `None` where `text` is no title of a report."""
    vocabulary = identity_vocabulary()
    text = re.sub(vocabulary.title_labels, "", text)
    if not text or len(text) > _LONGEST_TITLE or any(word in text for word in vocabulary.link_words):
        return None
    for pattern in vocabulary.title_patterns:
        match = pattern.search(text)
        if match is None:
            continue
        year = match.groupdict().get("year")
        name = match.groupdict().get("organization") or ""
        name = _bare_name(name)
        if not _is_name(name):
            name = ""
        return _Title(text, name or None, vocabulary.year_number(year) if year else None)
    return None


def _bare_name(name: str) -> str:
    """A name without the year and the particles that a pattern caught with it."""
    return re.sub(identity_vocabulary().name_edges, "", name)


def _is_name(name: str) -> bool:
    vocabulary = identity_vocabulary()
    plausible = 1 < len(name) <= _LONGEST_NAME and not name[0].isdecimal()
    return plausible and not re.search(vocabulary.organization_stops, name)


def _is_organization_line(line: str) -> bool:
    """Whether a line is nothing but the name of an organisation."""
    return _is_name(line) and re.search(f"{identity_vocabulary().organization_ends}$", line) is not None


def _metadata(document: Document, keys: Sequence[str]) -> list[str]:
    """The lines that the document's metadata holds under `keys`."""
    return [line for key in keys for line in document.metadata.get(key, "").splitlines() if line.strip()]


def _head_title(titles: Sequence[str]) -> _Title | None:
    """What the titles of the page head say, the names of its site taken off."""
    separators = "|".join(map(re.escape, identity_vocabulary().title_separators))
    texts = [_normal(text) for title in titles for text in (title, *re.split(separators, title))]
    return max((title for text in texts if (title := _title(text))), key=_completeness, default=None)


def _completeness(title: _Title) -> tuple[bool, bool]:
    return title.year is not None, title.organization is not None


def _body_title(lines: Sequence[str], head: _Title | None) -> _Title | None:
    """The best title printed before the first section: a whole line, else the fewest lines that make one.

    A page lists the titles of other reports too: the year of the page's own title counts, then the last
    complete title before the text.
    """
    end = next((i for i, line in enumerate(lines) if section_of_heading(line)), min(len(lines), _TITLE_LINES))
    region = lines[: max(end, 1)]
    best: tuple[tuple[bool, bool, bool, int, int], _Title] | None = None
    for start in range(len(region)):
        for count in range(1, _LINES_OF_A_TITLE + 1):
            parts = region[start : start + count]
            if len(parts) < count:
                break
            title = _title("".join(parts))
            if title is None or (count > 1 and not _joined_well(title, parts)):
                continue
            agrees = head is None or head.year is None or title.year == head.year
            rank = (agrees, *_completeness(title), -count, start)
            if best is None or rank > best[0]:
                best = rank, title
    return best[1] if best else None


def _joined_well(title: _Title, parts: Sequence[str]) -> bool:
    """Whether lines that make a title only together do belong together."""
    if title.organization is None or title.year is None:
        return _title(parts[-1]) is None and title.year is not None
    if _title(parts[-1]) is None:
        return True
    return _is_organization_line(title.organization) and (_title(parts[-1]) or title).organization is None


def _named_elsewhere(document: Document, lines: Sequence[str]) -> str | None:
    """The organisation where the title does not name it: the first that the best places name."""
    vocabulary = identity_vocabulary()
    labelled, *others = vocabulary.organization_lines
    header = [_normal(line) for line in _metadata(document, vocabulary.metadata.organizations)]
    source = [_normal(line) for line in _metadata(document, vocabulary.metadata.sources)]
    tail = lines[-_SIGNATURE_LINES:]
    signature = [line for line, after in pairwise(tail) if re.search(vocabulary.dated, after)]
    candidates = chain(
        _named_by(labelled, lines),
        filter(_is_organization_line, (*header, *signature)),
        filter(_is_organization_line, _line_above_text(lines)),
        (name for pattern in others for name in _named_by(pattern, lines)),
        filter(_is_organization_line, (*source, *tail)),
    )
    return next(candidates, None)


def _line_above_text(lines: Sequence[str]) -> list[str]:
    """The line above the first whole sentence: a report may open with the name of its author alone."""
    ends_sentence = section_vocabulary().ends_sentence
    return [above for above, line in pairwise(lines) if ends_sentence(line)][:1]


def _named_by(pattern: str, lines: Sequence[str]) -> Iterator[str]:
    compiled = identity_vocabulary().compiled(pattern)
    for line in lines:
        match = compiled.search(line)
        if match and _is_name(name := _bare_name(match[1])):
            yield name


def _period(lines: Sequence[str]) -> int | None:
    """The year of the statistical period, from its first day to its last."""
    vocabulary = identity_vocabulary()
    pattern = vocabulary.compiled(vocabulary.period)
    found = Counter(vocabulary.year_number(match[1]) for line in lines for match in pattern.finditer(line))
    return found.most_common(1)[0][0] if found else None


def _prose_year(prose: Prose) -> int | None:
    """The year the narrative speaks of most, quoted titles and document numbers left out."""
    vocabulary = identity_vocabulary()
    pattern = vocabulary.compiled(vocabulary.prose_year)
    found: Counter[int] = Counter()
    for sentence in prose.sentences:
        text = re.sub(vocabulary.quoted, "", compact(sentence.text))
        narrative = not prose.sections or sentence.section is not None
        if narrative and not re.search(vocabulary.dated, text):
            found.update(vocabulary.year_number(match[1]) for match in pattern.finditer(text))
    return found.most_common(1)[0][0] if found else None


def _published(document: Document, lines: Sequence[str]) -> date | None:
    """The date of publication: of the file's metadata, else as printed, else the date of the signature."""
    vocabulary = identity_vocabulary()
    for line in _metadata(document, vocabulary.metadata.published):
        if found := _date(re.findall(r"\d+", line)):
            return found
    for pattern, candidates in ((vocabulary.published, lines), (vocabulary.dated, lines[-_SIGNATURE_LINES:])):
        for line in candidates:
            match = re.search(pattern, line)
            if match and (found := _date([_digits(group) for group in match.groups()])):
                return found
    return None


def _digits(token: str) -> str:
    """A number in digits; Chinese numerals up to 31 are counted out, those of years read one by one."""
    numerals = identity_vocabulary().numerals
    if token.isdecimal():
        return token
    if "十" in token:
        tens, _, ones = token.partition("十")
        return str(10 * numerals.get(tens, 1) + numerals.get(ones, 0))
    return "".join(str(numerals.get(char, char)) for char in token)


def _date(parts: Sequence[str]) -> date | None:
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2]))
    except (ValueError, IndexError):
        return None

"""Titles of reports: what a line says as a title, and which of the titles on a page is the report's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from gao_pipeline.contracts.numerals import load_numerals
from gao_pipeline.reports.lines import Lines, parts_of_title
from gao_pipeline.reports.names import bare_name, is_fuller, is_in_full, is_name, is_organization
from gao_pipeline.reports.vocabulary import identity_vocabulary

_LONGEST_TITLE = 80
_LINES_OF_A_TITLE = 4


class Title(NamedTuple):
    """A title as printed, and what it says."""

    text: str
    organization: str | None
    year: int | None


class _Found(NamedTuple):
    """A title, its first line, how many lines it has, and whether more follows in them."""

    title: Title
    start: int
    length: int
    leads: bool = False


class Placed(NamedTuple):
    """The report's own title, the line behind where it stands first, and what else the page lists.

    `fellows`: whose reports of other years are listed; `listed`: whether the title may be one of a list of
    reports by several organisations, none of which the text confirms.
    """

    title: Title
    end: int
    fellows: frozenset[str]
    listed: bool


def read_title(text: str, signed: bool = True) -> Title | None:
    """The organisation and year that a title names; `None` where `text` is no title of a report.

    Args:
        text: a line, or lines that are one.
        signed: whether a name behind the title is that of the organisation, and not of a site.
    """
    vocabulary = identity_vocabulary()
    text = re.sub(vocabulary.title_labels, "", text)
    bare = re.sub(vocabulary.book_marks, "", text)
    bare = vocabulary.compiled(vocabulary.title_ends).sub("", bare)
    if not bare or len(bare) > _LONGEST_TITLE or any(word in bare for word in vocabulary.link_words):
        return None
    match = vocabulary.title_pattern.search(bare)
    before = _before_kind(match["before"]) if match else None
    if match is None or before is None:
        return None
    after = match["after"] or ""
    year_behind = vocabulary.title_year_pattern.search(match["kind"] + after)
    author = re.sub(r"^[-—_]+|^\((.*)\)$", r"\1", after)
    name = before.name or (bare_name(author) if before.year and signed else "")
    year = before.year or (year_behind and year_behind[1])
    return Title(text, name if is_name(name) else None, load_numerals().value(year) if year else None)


class _Before(NamedTuple):
    """What a title says before what it calls the report, as printed; empty where it does not."""

    name: str
    year: str


def _before_kind(text: str) -> _Before | None:
    """The organisation and the year, in this order or the other; `None` where other things stand there."""
    vocabulary = identity_vocabulary()
    if vocabulary.compiled(vocabulary.kind).search(text):
        return None
    year = next(reversed([*vocabulary.title_year_pattern.finditer(text)]), None)
    if year is None:
        return _Before(_subject(text), "")
    name, rest = _subject(text[: year.start()]), text[year.end() :]
    if vocabulary.compiled(vocabulary.besides).fullmatch(rest):
        return _Before(name, year[1])
    if name and not re.search(vocabulary.region_ends, name):
        return None
    return _Before(name + _subject(rest), year[1])


def _subject(text: str) -> str:
    """The name in a text that may say who writes about whom: it is the other's report."""
    writer, _, other = text.rpartition(identity_vocabulary().about)
    return bare_name(other) or bare_name(writer)


def title_of_the_page(titles: Sequence[str], signed: bool = False) -> Title | None:
    """What the titles of the page head say, the names of its site taken off."""
    parts = (part for title in titles for part in parts_of_title(title))
    read = (read_title(part, signed) for part in parts)
    return max(filter(None, read), key=_completeness, default=None)


def own_title(lines: Lines, head: Title | None, years: Set[int], text: str) -> Placed | None:
    """The best of the titles above the text: of the year of the last, a whole line, else the fewest lines.

    Lines that are printed as one go together.

    A page lists the titles of other reports too: they may not contradict the page's own title; then count,
    where they differ, an organisation and a year that the text confirms, then the last complete title.

    Args:
        head: the title in the head of the page.
        years: what the period and the narrative give as the year of the report.
        text: the sentences of the page.
    """
    printed = [*_titles(lines)]
    stale = head is not None and _is_stale(head, lines, printed, years)
    of_page = head._replace(year=None) if head and stale else head
    agreeing = [found for found in printed if of_page is None or _agree(found.title, of_page)]
    found = printed if stale and not any(title.organization for title, *_ in agreeing) else agreeing
    if not found:
        return None
    titles = [title for title, *_ in found]
    ends = {title.year: start + length for title, start, length, _ in found}
    several_years = len(ends.keys() - {None}) > 1
    names = {title.organization for title in titles if title.organization}
    several = len(names) > 1 + sum(any(_within(name, other) for other in names) for name in names)

    def is_told(title: Title) -> bool:
        return several and title.organization is not None and title.organization in text

    def rank(found: _Found) -> tuple[bool, bool, bool, bool, bool, bool, int, int, int]:
        title, start, length, leads = found
        confirmed = is_told(title), several_years and title.year in years
        alone = not leads, start not in lines.continued
        return *confirmed, *_completeness(title), *alone, ends[title.year], -length, start

    title, start, *_ = max(found, key=rank)
    title = next((other for other in titles if _is_fuller(other, title)), title)
    whole = _with_region(title, lines.above_text[start - 1] if start else "")
    end = min(first + length for other, first, length, _ in found if other.year == title.year)
    times = Counter((other.organization, other.year) for other in titles)
    own = times.pop((title.organization, title.year))
    is_headline = own > max(times.values(), default=0)
    if several and not is_headline and not (is_told(title) and (not years or title.year in years)):
        return Placed(whole, end, frozenset(), listed=True)
    fellows = (other.organization for other in titles if other.organization and other.year != title.year)
    return Placed(whole, end, frozenset(fellows), listed=False)


def _is_stale(head: Title, lines: Lines, found: Sequence[_Found], years: Set[int]) -> bool:
    """Whether the head of the page is that of the report of another year: neither the text nor the last title
    is of its year, and another title is of that of the text, or the last is repeated, or no line is of it."""
    printed = [title.year for title, *_ in found if title.year]
    if head.year is None or not printed or head.year in (*years, printed[-1]):
        return False
    if not years.isdisjoint(printed):
        return True
    times = printed.count(printed[-1])
    below = {title.year for line in lines.all if (title := read_title(line))}
    return times > max(1, printed.count(head.year)) or (times == len(printed) and head.year not in below)


def _is_fuller(title: Title, short: Title) -> bool:
    """Whether a title of the same year names the same organisation more fully."""
    if title.organization is None or short.organization is None:
        return False
    return title.year == short.year and is_fuller(title.organization, short.organization)


def _agree(title: Title, head: Title) -> bool:
    """Whether a title does not contradict that of the page."""
    name, other = title.organization or "", head.organization or ""
    same = name == other or _within(name, other) or _within(other, name)
    return same and (not head.year or title.year == head.year)


def _within(name: str, other: str) -> bool:
    """Whether another name says `name` and more: before it, of the kind of organ it is, or in full."""
    return name != other and (other.endswith(name) or is_in_full(other, name) or is_fuller(other, name))


def _titles(lines: Lines) -> Iterator[_Found]:
    """Every title that the lines above the text make, alone or together."""
    above = lines.above_text
    for start, line in enumerate(above):
        if title := title_of_the_page([line], signed=True):
            yield _Found(title, start, 1)
        elif title := _leading_title(line):
            yield _Found(title, start, 1, leads=True)
        for count in range(2, min(_LINES_OF_A_TITLE, len(above) - start) + 1):
            parts = above[start : start + count]
            title = read_title("".join(parts))
            one = lines.continued.issuperset(range(start + 1, start + count))
            if title and (one or _joined_well(title, parts)):
                yield _Found(title, start, count)


def _leading_title(line: str) -> Title | None:
    """The title that a line begins with where the text follows without a break."""
    vocabulary = identity_vocabulary()
    kind = vocabulary.compiled(vocabulary.kind).search(line)
    head = line[: kind.end()] if kind else ""
    title = None if re.search(vocabulary.book_marks, head) else read_title(head)
    return (
        title if title and title.year and title.organization and is_organization(title.organization) else None
    )


def _joined_well(title: Title, parts: Sequence[str]) -> bool:
    """Whether lines that make a title only together do belong together."""
    vocabulary = identity_vocabulary()
    if any(map(vocabulary.compiled(vocabulary.dated).search, parts[:-1])):
        return False
    before = read_title("".join(parts[:-1]))
    if before and all(_completeness(before)):
        return False
    last = read_title(parts[-1])
    if title.organization is None or title.year is None:
        return last is None and title.year is not None
    rest = read_title("".join(parts[1:]))
    if rest and rest.organization and is_organization(rest.organization):
        adds_to_name = rest.organization != title.organization
        if adds_to_name and not is_organization(parts[0]):
            return False
    return is_organization(title.organization) and (last is None or last.organization is None)


def _with_region(title: Title, above: str) -> Title:
    """A title whose region stands alone on the line above."""
    name = title.organization
    is_region = re.search(identity_vocabulary().region_ends, above) is not None
    if not name or not is_region or name.startswith((above, above[-1])) or not is_organization(above + name):
        return title
    return Title(above + title.text, above + name, title.year)


def _completeness(title: Title) -> tuple[bool, bool]:
    return title.year is not None, title.organization is not None

"""Titles of reports: what a line says as a title, and which of the titles on a page is the report's own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from gao_pipeline.contracts.numerals import load_numerals
from gao_pipeline.reports.lines import Lines, parts_of_title
from gao_pipeline.reports.names import bare_name, is_fuller, is_name, is_organization
from gao_pipeline.reports.vocabulary import identity_vocabulary

_LONGEST_TITLE = 80
_LINES_OF_A_TITLE = 4


class Title(NamedTuple):
    """A title as printed, and what it says."""

    text: str
    organization: str | None
    year: int | None


class Placed(NamedTuple):
    """The report's own title, the line behind where it stands first, and what else the page lists.

    `fellows`: whose reports of other years are listed; `listed`: whether the title may be one of a list of
    reports by several organisations, none of which the text confirms.
    """

    title: Title
    end: int
    fellows: frozenset[str]
    listed: bool


def read_title(text: str) -> Title | None:
    """The organisation and year that a title names; `None` where `text` is no title of a report."""
    vocabulary = identity_vocabulary()
    text = re.sub(vocabulary.title_labels, "", text)
    bare = re.sub(vocabulary.book_marks, "", text)
    bare = vocabulary.compiled(vocabulary.title_ends).sub("", bare)
    if not bare or len(bare) > _LONGEST_TITLE or any(word in bare for word in vocabulary.link_words):
        return None
    for pattern in vocabulary.title_patterns:
        if match := pattern.search(bare):
            found = match.groupdict()
            name = bare_name(found.get("organization") or "")
            year = found.get("year")
            return Title(text, name if is_name(name) else None, load_numerals().value(year) if year else None)
    return None


def title_of_the_page(titles: Sequence[str]) -> Title | None:
    """What the titles of the page head say, the names of its site taken off."""
    parts = (part for title in titles for part in parts_of_title(title))
    return max((title for part in parts if (title := read_title(part))), key=_completeness, default=None)


def own_title(lines: Lines, head: Title | None, years: Collection[int], text: str) -> Placed | None:
    """The best of the titles above the text: a whole line, else the fewest lines that make one.

    Lines that are printed as one go together.

    A page lists the titles of other reports too: they may not contradict the page's own title; then count,
    where they differ, an organisation and a year that the text confirms, then the last complete title.

    Args:
        years: what the period and the narrative give as the year of the report.
        text: the sentences of the page.
    """
    above = lines.above_text
    found = [placed for placed in _titles(above) if head is None or _agree(placed[0], head)]
    if not found:
        return None
    several_years = len({title.year for title, _, _ in found if title.year}) > 1
    names = {title.organization for title, _, _ in found if title.organization}
    several = len(names) > 1 + sum(any(_within(name, other) for other in names) for name in names)

    def is_told(title: Title) -> bool:
        return several and title.organization is not None and title.organization in text

    def rank(placed: tuple[Title, int, int]) -> tuple[bool, bool, bool, bool, bool, int, int]:
        title, start, count = placed
        confirmed = is_told(title), several_years and title.year in years
        return *confirmed, *_completeness(title), start not in lines.continued, -count, start

    title, start, _ = max(found, key=rank)
    title = next((other for other, _, _ in found if _is_fuller(other, title)), title)
    whole = _with_region(title, above[start - 1] if start else "")
    end = min(first + count for other, first, count in found if other.year == title.year)
    if several and not (is_told(title) and (not years or title.year in years)):
        return Placed(whole, end, frozenset(), listed=True)
    fellows = frozenset(
        other.organization for other, _, _ in found if other.organization and other.year != title.year
    )
    return Placed(whole, end, fellows, listed=False)


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
    """Whether another name says `name` and more before it."""
    return name != other and other.endswith(name)


def _titles(lines: Sequence[str]) -> Iterator[tuple[Title, int, int]]:
    """Every title with its first line and their number."""
    for start in range(len(lines)):
        for count in range(1, _LINES_OF_A_TITLE + 1):
            parts = lines[start : start + count]
            if len(parts) < count:
                break
            if count == 1:
                title = title_of_the_page(parts) or _leading_title(parts[0])
            else:
                title = read_title("".join(parts))
            if title is not None and (count == 1 or _joined_well(title, parts)):
                yield title, start, count


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
    if title.organization is None or title.year is None:
        return read_title(parts[-1]) is None and title.year is not None
    last = read_title(parts[-1])
    if last is None:
        return True
    return is_organization(title.organization) and last.organization is None


def _with_region(title: Title, above: str) -> Title:
    """A title whose region stands alone on the line above."""
    name = title.organization
    is_region = re.search(identity_vocabulary().region_ends, above) is not None
    if not name or not is_region or name.startswith((above, above[-1])) or not is_organization(above + name):
        return title
    return Title(above + title.text, above + name, title.year)


def _completeness(title: Title) -> tuple[bool, bool]:
    return title.year is not None, title.organization is not None

"""What the name of an organisation looks like, and where in a text it ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from gao_pipeline.contracts.organizations import load_name_grammar
from gao_pipeline.contracts.regions import Gazetteer, Wording, gazetteer
from gao_pipeline.reports.vocabulary import identity_vocabulary

_LONGEST_NAME = 40
_LONGEST_REGION = 24


def bare_name(name: str) -> str:
    """A name without the year, the particles and the marks that a pattern caught with it."""
    vocabulary = identity_vocabulary()
    edges = vocabulary.compiled(vocabulary.name_edges)
    while (shorter := edges.sub("", name)) != name:
        name = shorter
    return _from_its_region(name)


@lru_cache(maxsize=4096)
def _from_its_region(name: str) -> str:
    """A name without the words before its region that name no place and no organ."""
    regions = gazetteer(None)
    words = re.match(identity_vocabulary().words_before_a_region, name)
    if words is None or regions.matches(name):
        return name
    shared = load_name_grammar().shared_names
    places = (name[start:] for start in range(1, words.end() + 1))
    named = (
        place
        for place in places
        for match in regions.matches(place)
        if match.wording is Wording.NAME and place[: match.length] not in shared
    )
    return next(named, name)


def is_name(name: str) -> bool:
    """Whether a text may be the name of an organisation: by its length, and by what no name contains."""
    plausible = 1 < len(name) <= _LONGEST_NAME and not name[0].isdecimal()
    whole = name.count("(") == name.count(")")
    return plausible and whole and not re.search(identity_vocabulary().organization_stops, name)


def is_organization(line: str) -> bool:
    """Whether a line is nothing but the name of an organisation."""
    vocabulary = identity_vocabulary()
    ends = vocabulary.compiled(f"{vocabulary.organization_ends}$")
    return is_name(line) and ends.search(line) is not None


def is_organ(name: str) -> bool:
    """Whether a name is that of an organ by itself: no region, nor the government of a region unsaid."""
    vocabulary = identity_vocabulary()
    of_a_region = re.search(vocabulary.region_ends, name) or re.search(vocabulary.leadership, name)
    return is_organization(name) and not of_a_region


def organs_in(text: str) -> list[str]:
    """The beginnings of `text` that end as the name of an organ does, the longest first."""
    organs = identity_vocabulary().compiled("{organ}").finditer(text)
    return [*filter(is_organization, dict.fromkeys((text, *(text[: o.end()] for o in reversed([*organs])))))]


def is_fuller(name: str, short: str) -> bool:
    """Whether a name is `short` behind the region or organ it belongs to, or what `short` abbreviates."""
    region = identity_vocabulary().region_ends
    head = name.removesuffix(short)
    if name.endswith(short):
        of_a_region = any(re.search(region, place) for place in (head, head + short[0]))
        of_an_organ = is_organ(head) and short not in head and not short.startswith(head[:2])
        return bool(head) and (of_a_region or of_an_organ)
    characters = iter(name)
    return not name.startswith(short) and all(character in characters for character in short)


def fullest(name: str, names: Iterable[str]) -> str:
    """The longest of the names that say `name` more fully, else `name`."""
    return max((other for other in names if is_fuller(other, name)), key=len, default=name)


def is_in_full(name: str, short: str) -> bool:
    """Whether a name is `short` with all that its kind of organ is called by, as a town's government."""
    return re.fullmatch(_in_any_length(short), name) is not None


def _in_any_length(short: str) -> str:
    """A pattern of a name and of what else its kind of organ is called by."""
    selves = identity_vocabulary().selves
    longer = [
        f"{re.escape(short.removesuffix(kind))}(?:{ends})"
        for kind, ends in (selves.organs | selves.places).items()
        if short.endswith(kind)
    ]
    return "|".join((*longer, re.escape(short)))


def lacks_region(name: str, year: int | None) -> bool:
    """Whether a department is named without its region, or by the kind of the region alone."""
    vocabulary = identity_vocabulary()
    if re.match(vocabulary.of_a_region, name):
        return True
    is_department = re.search(vocabulary.department_ends, name) is not None
    return is_department and not gazetteer(year).matches(name)


def with_region(name: str, names: Iterable[str], lines: Iterable[str], year: int | None) -> str:
    """A department as it is printed behind the name of its region, if only one region is printed so.

    Args:
        name: one that lacks its region.
        names: other names of the organisation.
        lines: the text, for a name that begins with the kind of its region.
        year: decides which regions exist.
    """
    kind = re.match(identity_vocabulary().of_a_region, name)
    printed = {
        full
        for text in (lines if kind else names)
        for full in _behind_regions(name, text, kind.end() if kind else 0, gazetteer(year))
    }
    longest = max(printed, key=len, default=name)
    return longest if all(longest.endswith(other) for other in printed) else name


def _behind_regions(name: str, text: str, shared: int, regions: Gazetteer) -> Iterator[str]:
    """The places in `text` where regions stand before `name`, whose first `shared` characters are theirs."""
    for place in re.finditer(_in_any_length(name), text):
        for start in range(max(0, place.start() - _LONGEST_REGION), place.start()):
            before = place.start() - start + shared
            matches = regions.matches(text[start : start + before])
            if any(match.length == before and match.wording is not Wording.SHORT for match in matches):
                yield text[start : place.end()]
                break

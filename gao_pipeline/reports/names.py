"""What the name of an organisation looks like, and where in a text it ends."""

from __future__ import annotations

import re

from gao_pipeline.reports.vocabulary import identity_vocabulary

_LONGEST_NAME = 40


def bare_name(name: str) -> str:
    """A name without the year, the particles and the marks that a pattern caught with it."""
    vocabulary = identity_vocabulary()
    edges = vocabulary.compiled(vocabulary.name_edges)
    while (shorter := edges.sub("", name)) != name:
        name = shorter
    return name


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


def is_in_full(name: str, short: str) -> bool:
    """Whether a name is `short` with all that its kind of organ is called by, as a town's government."""
    selves = identity_vocabulary().selves
    return any(
        short.endswith(kind) and re.fullmatch(f"{re.escape(short.removesuffix(kind))}(?:{ends})", name)
        for kind, ends in (selves.organs | selves.places).items()
    )

"""Who filed a report: the organisation behind a printed name, its level, class, region and scope.

A name is taken apart from the left: the longest chain of regions, a zone or township, the department. What a
name does not settle stays unresolved unless hints about the publisher settle it; nothing is guessed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from msgspec.structs import replace

from gao_pipeline.contracts.organizations import (
    Override,
    Scope,
    load_departments,
    load_name_grammar,
    load_overrides,
)
from gao_pipeline.contracts.regions import (
    Gazetteer,
    Level,
    Match,
    Region,
    Wording,
    gazetteer,
    gazetteers_of_other_years,
)
from gao_pipeline.contracts.text import compact, fold, strip_notes
from gao_pipeline.documents.model import Model


class Organization(Model, frozen=True, kw_only=True):
    """An organisation in a report year.

    `id` outlasts renamings of the region and of the department; `region_code` is valid in the report year,
    and `None` for national organs and where the name does not settle it: then `candidates` are the codes it
    may mean.
    """

    id: str | None
    name: str | None
    level: Level
    department_class: str
    region_code: str | None
    report_scope: Scope
    candidates: tuple[str, ...] = ()


class _Place(NamedTuple):
    """What the head of a name settles. `rest` is the name without it, `wording` what tells the department,
    `led_by` the superior organ that the name begins with, in its newest form."""

    level: Level
    region: Region | None
    key: str
    rest: str
    wording: str
    led_by: str = ""
    candidates: tuple[str, ...] = ()
    is_zone: bool = False


class _Organ(NamedTuple):
    """What the rest of a name settles: the department, its level and region, and its own part of the id."""

    department: str
    level: Level
    region: Region | None
    key: str


def resolve_organization(
    name: str | None,
    report_year: int | None,
    hints: Sequence[str] = (),
    overrides: Sequence[Override] | None = None,
) -> Organization:
    """The organisation behind a printed name.

    Args:
        name: as printed, possibly with remains of a title.
        report_year: decides which regions exist; without it, those of today.
        hints: texts that speak of the publisher (title, source line, web address), never the whole body.
        overrides: what people settled, by default the bundled file.
    """
    for override in _bundled_overrides() if overrides is None else overrides:
        if is_settled_by(override, name, report_year, hints):
            return _settled(override, name, report_year, hints)
    return _resolve(name, normalize_name(name), report_year, hints)


def is_settled_by(
    override: Override, name: str | None, report_year: int | None, hints: Sequence[str] = ()
) -> bool:
    """Whether an override speaks of a report with this printed name, year and hints."""
    return normalize_name(override.name) == normalize_name(name) and override.applies_to(report_year, hints)


@cache
def _bundled_overrides() -> tuple[Override, ...]:
    return load_overrides()


@lru_cache(maxsize=4096)
def normalize_name(name: str | None) -> str:
    """The comparable form of a printed name: width-folded, without white space, quotes and title remains."""
    grammar = load_name_grammar()
    text = compact(name or "")
    for pattern in grammar.noise:
        text = re.sub(pattern, "", text)
    for spelling, shorter in grammar.spellings.items():
        text = text.replace(spelling, shorter)
    return text


def _settled(override: Override, name: str | None, year: int | None, hints: Sequence[str]) -> Organization:
    region = gazetteer(year).by_code.get(override.region_code or "")
    found = _resolve(name, normalize_name(override.same_as or name), year, hints, region)
    return replace(
        found,
        level=override.level or found.level,
        department_class=override.department_class or found.department_class,
        report_scope=override.report_scope or found.report_scope,
    )


def _resolve(
    name: str | None, printed: str, year: int | None, hints: Sequence[str], region: Region | None = None
) -> Organization:
    grammar = load_name_grammar()
    regions = gazetteer(year)
    place = _place(printed, year, [fold(hint) for hint in hints])
    scope = _said_scope(place.wording) or next(filter(None, map(_said_scope, _remarks(hints))), None)
    place = place._replace(
        rest=re.sub(grammar.of_government, "", re.sub(grammar.scope_words, "", place.rest)),
        wording=re.sub(grammar.scope_words, "", place.wording),
    )
    if region is not None:
        place = place._replace(region=region, level=region.level, key=region.lineage, candidates=())
    organ = _organ(place, regions)
    return Organization(
        id=_identifier(place.key, organ.key, scope or "") if printed else None,
        name=name,
        level=organ.level if printed else Level.UNRESOLVED,
        department_class=organ.department if printed else grammar.unclassified,
        region_code=organ.region.code if organ.region else None,
        report_scope=scope or (_own_scope(place, organ) if printed else Scope.ORGAN),
        candidates=place.candidates,
    )


def _said_scope(wording: str) -> Scope | None:
    return next((said.scope for said in load_name_grammar().scopes if said.regex.search(wording)), None)


def _remarks(hints: Sequence[str]) -> list[str]:
    """What titles among the hints remark in brackets."""
    found = (re.search(load_name_grammar().title_remark, fold(hint)) for hint in hints)
    return [match[1] for match in found if match]


def _own_scope(place: _Place, organ: _Organ) -> Scope:
    """What the figures of an organ cover if its name says nothing about it."""
    grammar = load_name_grammar()
    governs_zone = place.is_zone and organ.department == grammar.zone_class
    governs = organ.department in grammar.government_classes or governs_zone
    return Scope.GOVERNMENT if governs else Scope.ORGAN


def _identifier(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:12]


# The head of a name: where the organ sits.


def _place(name: str, year: int | None, hints: Sequence[str]) -> _Place:
    grammar = load_name_grammar()
    regions = gazetteer(year)
    for zone in grammar.zones:
        if found := zone.regex.search(name):
            rest = name[found.end() :]
            region = regions.by_code.get(zone.region_code or "")
            return _Place(zone.level, region, found["key"], rest, rest, is_zone=True)
    superior = next((superior for superior in grammar.superiors if name.startswith(superior)), "")
    tail = name.removeprefix(superior)
    if match := _region_at_head(tail, superior, regions):
        return _matched(match, tail, superior, regions, hints)
    if re.search(grammar.national, name):
        is_dispatched = superior and re.search(grammar.dispatched, tail)
        level = Level.UNRESOLVED if is_dispatched else Level.NATIONAL
        return _Place(level, None, Level.NATIONAL, name, name)
    unmatched = _unmatched(name, regions, hints)
    return (None if unmatched.region else _of_another_year(tail, superior, year)) or unmatched


def _region_at_head(name: str, superior: str, regions: Gazetteer) -> Match | None:
    return next((m for m in regions.matches(name) if _is_acceptable(m, name, superior, regions)), None)


def _of_another_year(name: str, superior: str, year: int | None) -> _Place | None:
    """The place of a name whose region bears it in other years only, the nearest year first.

    A renamed region is the one it is in the report year; of one that was dissolved, or not yet made, only
    the level is known.
    """
    for regions in gazetteers_of_other_years(year):
        match = _region_at_head(name, superior, regions)
        if match is None or match.wording is not Wording.NAME:
            continue
        if (then := _only(match, regions)) is None:
            return None
        heirs = [region for region in gazetteer(year).by_code.values() if region.lineage == then.lineage]
        now = heirs[0] if len(heirs) == 1 else None
        rest = name[match.length :]
        level = now.level if now else then.level
        return _Place(level, now, then.lineage, rest, rest + superior, load_name_grammar().led_by(superior))
    return None


def _is_acceptable(match: Match, name: str, superior: str, regions: Gazetteer) -> bool:
    """Whether the head of `name` really is a region and not a part of another name."""
    grammar = load_name_grammar()
    head, rest = name[: match.length], name[match.length :]
    if head in grammar.shared_names or re.match(grammar.township_start, rest):
        return False
    if match.wording is not Wording.SHORT:
        return True
    only = _only(match, regions)
    meant = (only,) if only else match.regions
    is_large = all(region.level in (Level.PROVINCE, Level.PREFECTURE) for region in meant)
    if _zone(rest):
        has_kind = re.match(grammar.zone_kind, rest) is not None
        in_chain = all(len(head) > len(region.short_name) for region in meant)
        is_never_short = any(re.search(grammar.never_short, region.name) for region in match.regions)
        return is_large or (has_kind and (in_chain or not is_never_short))
    follows_parent = all(
        head.endswith(parent.name + region.short_name)
        for region in meant
        for parent in islice(regions.ancestors(region), 1)
    )
    is_organ = any(rest.startswith(stem) for stem, _ in _stems()) or _by_ending(rest) is not None
    return bool(superior and rest) or (is_organ and (is_large or follows_parent))


def _zone(name: str) -> re.Match[str] | None:
    """The zone that a name without its region begins with."""
    plain = strip_notes(name)
    return next((found for pattern in load_name_grammar().zone if (found := re.match(pattern, plain))), None)


def _matched(match: Match, name: str, superior: str, regions: Gazetteer, hints: Sequence[str]) -> _Place:
    head, rest = name[: match.length], name[match.length :]
    region = _only(match, regions) or _province_of(match, name) or _settle(match.regions, regions, hints)
    levels = {candidate.level for candidate in match.regions}
    return _Place(
        level=region.level if region else levels.pop() if len(levels) == 1 else Level.UNRESOLVED,
        region=region,
        key=region.lineage if region else head,
        rest=rest,
        wording=rest + superior,
        led_by=load_name_grammar().led_by(superior),
        candidates=() if region else tuple(candidate.code for candidate in match.regions),
    )


def _only(match: Match, regions: Gazetteer) -> Region | None:
    """The one region a match leaves; a prefecture goes before what lies in it and has the same short name."""
    if len(match.regions) == 1:
        return match.regions[0]
    around = [
        region
        for region in match.regions
        if region.level is Level.PREFECTURE
        and all(other is region or region in regions.ancestors(other) for other in match.regions)
    ]
    return around[0] if match.wording is Wording.SHORT and around else None


def _province_of(match: Match, name: str) -> Region | None:
    """The province among regions of one short name, where only a province has such an organ."""
    provinces = [region for region in match.regions if region.level is Level.PROVINCE]
    is_provincial = re.search(load_name_grammar().province_organ, name) is not None
    return provinces[0] if len(provinces) == 1 and is_provincial else None


def _unmatched(name: str, regions: Gazetteer, hints: Sequence[str]) -> _Place:
    grammar = load_name_grammar()
    if re.match(grammar.township, name) or _zone(name):
        return _Place(Level.UNRESOLVED, None, "", name, name)
    found = ((head.level, head.regex.match(name)) for head in grammar.heads)
    level, head = next(((level, match.group()) for level, match in found if match), (Level.UNRESOLVED, ""))
    if level is Level.UNRESOLVED and re.search(grammar.province_organ, name):
        level = Level.PROVINCE
    region = _publisher(head, regions, hints)
    return _Place(
        level=region.level if region else level,
        region=region,
        key=region.lineage if region else head,
        rest=name.removeprefix(head),
        wording=name.removeprefix(head) if region else name,
    )


# Hints: what speaks of the publisher settles a name, if it leaves one region only.


def _settle(candidates: Iterable[Region], regions: Gazetteer, hints: Sequence[str]) -> Region | None:
    """The one of several regions of the same name whose parent (else any ancestor) the hints name."""
    near = [c for c in candidates if any(_is_named(a, c, hints) for a in islice(regions.ancestors(c), 1))]
    far = [c for c in candidates if any(_is_named(a, c, hints) for a in regions.ancestors(c))]
    named = near or far
    return named[0] if len(named) == 1 else None


def _is_named(ancestor: Region, region: Region, hints: Sequence[str]) -> bool:
    wordings = (ancestor.name, ancestor.short_name + region.name)
    return ancestor.pinyin in _domain_labels(hints) or any(w in hint for w in wordings for hint in hints)


def _publisher(head: str, regions: Gazetteer, hints: Sequence[str]) -> Region | None:
    """The region the hints speak of, for a name that gives no region or only its kind (`head`)."""
    labels = _domain_labels(hints)
    named = {
        region.code: region
        for hint in hints
        for start in range(len(hint))
        for match in regions.matches(hint[start:])[:1]
        if match.wording is Wording.NAME and len(match.regions) == 1
        for region in match.regions
    }
    named |= {code: region for code, region in regions.by_code.items() if region.pinyin in labels}
    around = {ancestor.code for region in named.values() for ancestor in regions.ancestors(region)}
    fitting = [r for code, r in named.items() if code not in around and r.name.endswith(head)]
    return fitting[0] if len(fitting) == 1 else None


def _domain_labels(hints: Sequence[str]) -> set[str]:
    pattern = load_name_grammar().domain_label
    return {label for hint in hints for label in re.findall(pattern, hint.lower())}


# The rest of a name: which organ of the place it is.


def _organ(place: _Place, regions: Gazetteer) -> _Organ:
    grammar = load_name_grammar()
    if place.level is not Level.NATIONAL:
        if township := re.match(grammar.township, place.rest):
            return _township(place, township)
        if zone := _zone(place.rest):
            department = _department(zone["organ"], zone["organ"], is_zone=True)
            key = zone["place"] + _organ_key(department, zone["organ"])
            return _Organ(department, _below(place, regions), place.region, key)
        if branch := re.match(grammar.branch, place.rest):
            return _branch(place, branch, regions)
        if (office := re.match(grammar.area_office, place.rest)) and _area(office, place, regions):
            return _branch(place, office, regions)
    department = _department(place.rest, place.wording, place.is_zone)
    return _Organ(department, place.level, place.region, _organ_key(department, place.rest, place.led_by))


def _township(place: _Place, township: re.Match[str]) -> _Organ:
    grammar = load_name_grammar()
    organ = township["organ"]
    exact = (_exactly(wording, grammar.township_classes) for wording in (township["kind"] + organ, organ))
    department = next((code for code in exact if code), None) or _department(organ, organ)
    return _Organ(department, Level.TOWNSHIP, place.region, township["place"] + department)


def _branch(place: _Place, branch: re.Match[str], regions: Gazetteer) -> _Organ:
    area = _area(branch, place, regions)
    department = _department(branch["parent"], branch["parent"])
    level = area.level if area else _below(place, regions)
    return _Organ(department, level, area or place.region, _organ_key(department, place.rest))


def _area(branch: re.Match[str], place: _Place, regions: Gazetteer) -> Region | None:
    """The one region of `place` that a branch is named after."""
    matches = regions.matches(branch["area"], place.region) if place.region else []
    areas = matches[0].regions if matches and matches[0].length == len(branch["area"]) else ()
    return areas[0] if len(areas) == 1 else None


def _below(place: _Place, regions: Gazetteer) -> Level:
    return regions.level_below(place.region) if place.region and not place.is_zone else place.level.below


def _department(organ: str, wording: str, is_zone: bool = False) -> str:
    """The class of an organ: the one that lists it whole, else that of its ending, else by the stems in
    `wording`. What a zone's administration is called tells its class in zones only."""
    zone = load_name_grammar().zone_class
    others = [code for code in load_departments() if code != zone]
    plain = strip_notes(organ) or organ
    if code := _exactly(plain, [zone, *others] if is_zone else others) or _by_ending(plain):
        return code
    found = [(wording.find(stem), -len(stem), code) for stem, code in _stems() if stem in wording]
    return min(found)[2] if found else load_name_grammar().unclassified


def _exactly(organ: str, classes: Iterable[str]) -> str | None:
    departments = load_departments()
    return next((code for code in classes if organ in departments[code].exact), None)


def _by_ending(organ: str) -> str | None:
    return next((cls.code for cls in load_departments().values() if organ.endswith(cls.endings)), None)


@cache
def _stems() -> tuple[tuple[str, str], ...]:
    return tuple((stem, cls.code) for cls in load_departments().values() for stem in cls.stems)


def _organ_key(department: str, organ: str, led_by: str = "") -> str:
    """What tells an organ from others of its place: its class where the wording is a known renaming, else its
    name without the kind of organ and without bracketed second names."""
    bare = re.sub(load_name_grammar().organ_ending, "", strip_notes(organ))
    return department if bare in load_departments()[department].same_organ else led_by + bare

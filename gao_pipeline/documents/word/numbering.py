"""The labels of Word's automatic numbering (`一、`, `1.`), which stand in no text run but are printed.

Only the kinds of figures that reports use are counted out; other kinds (bullets among them) give no label.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from gao_pipeline.contracts.loading import Spec
from gao_pipeline.contracts.numerals import load_numerals
from gao_pipeline.contracts.vocabularies import load_vocabulary
from gao_pipeline.documents.markup import Element, attribute, child
from gao_pipeline.documents.word.ooxml import number

_PLACEHOLDER = re.compile(r"%(\d)")
_LAST_LEVEL = 9


class _Level(NamedTuple):
    """A level of a list: how its counter is written, from where it counts, and the label around it."""

    kind: str
    start: int
    text: str


class NumberingVocabulary(Spec, frozen=True, kw_only=True):
    """`vocabularies/numbering.yaml`: which kinds of counters are written in which figures."""

    decimal: tuple[str, ...]
    chinese: tuple[str, ...]


class _List(NamedTuple):
    """A list: the definition whose counters it shares with other lists, its levels, and at which of them
    it begins anew."""

    definition: str | None
    levels: dict[int, _Level]
    restarts: tuple[int, ...]


class Numbering:
    """The lists of a document, counting as paragraphs go by.

    Args:
        root: the numbering part; `None` where the document has none.
    """

    def __init__(self, root: Element | None) -> None:
        self._lists: dict[str | None, _List] = {}
        self._begun: set[str | None] = set()
        self._counts: defaultdict[str | None, dict[int, int]] = defaultdict(dict)
        if root is None:
            return
        definitions = {
            attribute(definition, "abstractNumId"): _levels(definition)
            for definition in root.iterchildren("{*}abstractNum")
        }
        for instance in root.iterchildren("{*}num"):
            definition = attribute(child(instance, "abstractNumId"), "val")
            inherited = definitions.get(definition, {})
            changed = _overridden(instance, inherited)
            self._lists[attribute(instance, "numId")] = _List(definition, inherited | changed, tuple(changed))

    def label(self, properties: Element | None) -> str:
        """The label of the next paragraph with these `numPr`; empty where it is not numbered."""
        identifier = attribute(child(properties, "numId"), "val")
        depth = number(child(properties, "ilvl"), 0)
        if identifier not in self._lists or depth not in self._lists[identifier].levels:
            return ""
        definition, levels, restarts = self._lists[identifier]
        counts = self._counts[definition]
        if identifier not in self._begun:
            self._begun.add(identifier)
            for level in restarts:
                counts.pop(level, None)
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        for deeper in range(depth + 1, _LAST_LEVEL):
            counts.pop(deeper, None)
        written = {
            level: _written(counts.get(level, levels[level].start), levels[level].kind)
            for level in levels
            if level <= depth
        }
        if not written[depth]:
            return ""
        return _PLACEHOLDER.sub(lambda match: written.get(int(match[1]) - 1, ""), levels[depth].text)


def _levels(definition: Element) -> dict[int, _Level]:
    return {
        int(attribute(level, "ilvl") or 0): _Level(
            attribute(child(level, "numFmt"), "val") or "decimal",
            number(child(level, "start"), 1),
            attribute(child(level, "lvlText"), "val") or "",
        )
        for level in definition.iterchildren("{*}lvl")
    }


def _overridden(instance: Element, inherited: dict[int, _Level]) -> dict[int, _Level]:
    """The levels that a list changes: defined anew, or with another start."""
    changed = {}
    for override in instance.iterchildren("{*}lvlOverride"):
        depth = int(attribute(override, "ilvl") or 0)
        level = _levels(override).get(depth) or inherited.get(depth)
        if level is not None:
            changed[depth] = level._replace(start=number(child(override, "startOverride"), level.start))
    return changed


def _written(count: int, kind: str) -> str:
    """A counter as it is printed; empty for kinds that are not read."""
    vocabulary = load_vocabulary("numbering", NumberingVocabulary)
    if kind in vocabulary.decimal:
        return str(count)
    if kind in vocabulary.chinese and 0 < count < 100:
        return load_numerals().numeral(count)
    return ""

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
from gao_pipeline.documents.word.ooxml import Element, attribute, child

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


class Numbering:
    """The lists of a document, counting as paragraphs go by.

    Args:
        root: the numbering part; `None` where the document has none.
    """

    def __init__(self, root: Element | None) -> None:
        abstract: dict[str | None, dict[int, _Level]] = {}
        self._lists: dict[str | None, dict[int, _Level]] = {}
        self._counts: defaultdict[str | None, dict[int, int]] = defaultdict(dict)
        if root is None:
            return
        for definition in root.iterchildren("{*}abstractNum"):
            abstract[attribute(definition, "abstractNumId")] = _levels(definition)
        for instance in root.iterchildren("{*}num"):
            inherited = abstract.get(attribute(child(instance, "abstractNumId"), "val"), {})
            self._lists[attribute(instance, "numId")] = inherited | _overridden(instance, inherited)

    def label(self, properties: Element | None) -> str:
        """The label of the next paragraph with these `numPr`; empty where it is not numbered."""
        identifier = attribute(child(properties, "numId"), "val")
        number = _integer(child(properties, "ilvl"), 0)
        levels = self._lists.get(identifier, {})
        if number not in levels:
            return ""
        counts = self._counts[identifier]
        counts[number] = counts.get(number, levels[number].start - 1) + 1
        for deeper in range(number + 1, _LAST_LEVEL):
            counts.pop(deeper, None)
        written = {
            level: _written(counts.get(level, levels[level].start), levels[level].kind)
            for level in levels
            if level <= number
        }
        if not written[number]:
            return ""
        return _PLACEHOLDER.sub(lambda match: written.get(int(match[1]) - 1, ""), levels[number].text)


def _levels(definition: Element) -> dict[int, _Level]:
    return {
        int(attribute(level, "ilvl") or 0): _Level(
            attribute(child(level, "numFmt"), "val") or "decimal",
            _integer(child(level, "start"), 1),
            attribute(child(level, "lvlText"), "val") or "",
        )
        for level in definition.iterchildren("{*}lvl")
    }


def _overridden(instance: Element, inherited: dict[int, _Level]) -> dict[int, _Level]:
    """The levels that a list changes: defined anew, or with another start."""
    changed = {}
    for override in instance.iterchildren("{*}lvlOverride"):
        number = int(attribute(override, "ilvl") or 0)
        level = _levels(override).get(number) or inherited.get(number)
        if level is not None:
            changed[number] = level._replace(start=_integer(child(override, "startOverride"), level.start))
    return changed


def _integer(element: Element | None, default: int) -> int:
    value = attribute(element, "val") or ""
    return int(value) if value.isdigit() else default


def _written(count: int, kind: str) -> str:
    """A counter as it is printed; empty for kinds that are not read."""
    vocabulary = load_vocabulary("numbering", NumberingVocabulary)
    if kind in vocabulary.decimal:
        return str(count)
    if kind in vocabulary.chinese and 0 < count < 100:
        return load_numerals().numeral(count)
    return ""

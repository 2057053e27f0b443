"""Recognises the labels of the form – rows, groups, columns – in whatever wording a report prints them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from rapidfuzz import fuzz

from gao_pipeline.contracts.forms import Block, Column, Group, Label, Row, Table, load_forms
from gao_pipeline.contracts.text import compact, label_key
from gao_pipeline.reports.vocabulary import cell_vocabulary

_LONGEST_LABEL = 60
_SIMILAR = 78.0
_MARKS = "/>→-—–_:;,.|\\·"
"""What may stand between the label of a group and that of its row, folded."""


_Found = TypeVar("_Found", "Label", "LabelMatch")


class LabelMatch(NamedTuple):
    """A label that a text was recognised as.

    `glued` is a figure that stood at the end of the text; `certain` is false where only similarity spoke.
    """

    label: Label
    certain: bool
    glued: str | None = None

    @property
    def code(self) -> str:
        return self.label.code


class Lexicon:
    """Labels among which a printed text is looked up: by wording, then by key, then by similarity.

    `members` are the codes of the labels before which the wording of their group may stand in one text.
    """

    def __init__(
        self, labels: Iterable[Label], members: Mapping[str, Collection[str]] = MappingProxyType({})
    ) -> None:
        self._labels = tuple(labels)
        self._members = members
        self._by_wording: dict[str, Label] = {}
        for label in self._labels:
            for wording in label.wordings:
                self._by_wording.setdefault(wording, label)
        self._found: dict[str, LabelMatch | None] = {}

    def find(self, text: str) -> LabelMatch | None:
        """The label that `text` prints, if it is surely one."""
        if text not in self._found:
            self._found[text] = self._find(text)
        return self._found[text]

    def find_exact(self, text: str) -> Label | None:
        """The label with exactly this wording, behind that of its group or alone."""
        key = label_key(text)
        return self._by_wording.get(key) or self._behind_group(key, self.find_exact)

    def find_similar(self, text: str) -> LabelMatch | None:
        """The label that `text` prints, a misspelt one included; what begins another label misspells none."""
        match = self.find(text)
        key, glued = split_glued(label_key(text))
        if match or not 2 < len(key) <= _LONGEST_LABEL:
            return match
        scores = sorted(
            (
                (max(fuzz.ratio(key, wording) for wording in label.wordings), -place)
                for place, label in enumerate(self._labels)
            ),
            reverse=True,
        )
        best = scores[0] if scores else (0.0, 0)
        if best[0] < _SIMILAR or (len(scores) > 1 and scores[1][0] == best[0]):
            return None
        begun = [label for label in self._labels if any(w.startswith(key) for w in label.wordings)]
        found = self._labels[-best[1]]
        return LabelMatch(found, False, glued) if found in begun or not begun else None

    def _find(self, text: str) -> LabelMatch | None:
        key = label_key(text)
        if not key or len(key) > _LONGEST_LABEL:
            return None
        if label := self.find_exact(text):
            return LabelMatch(label, True)
        if match := self._behind_group(key, self.find):
            return match
        core, glued = split_glued(key)
        if glued and core in self._by_wording:
            return LabelMatch(self._by_wording[core], True, glued)
        hits = {
            label.code: label
            for label in self._labels
            if any(pattern.search(core) for pattern in label.patterns)
        }
        return LabelMatch(next(iter(hits.values())), True, glued) if len(hits) == 1 else None

    def _behind_group(self, key: str, find: Callable[[str], _Found | None]) -> _Found | None:
        """What is found of a group's member behind the wording of the group, both in one text."""
        for group, members in self._members.items():
            found = find(key.removeprefix(group).lstrip(_MARKS)) if key.startswith(group) else None
            if found is not None and found.code in members:
                return found
        return None


def split_glued(key: str) -> tuple[str, str | None]:
    """A label without the figure at its end, and that figure."""
    match = re.search(cell_vocabulary().glued_figure, key)
    return (key[: match.start()], match[1]) if match else (key, None)


class TableLabels:
    """All labels of one table in all editions."""

    def __init__(self, editions: dict[str, Table]) -> None:
        self.editions = editions
        of_groups = _distinct(group for table in editions.values() for group in table.groups)
        groups = {group.code: group.within for table in editions.values() for group in table.groups}
        self._within = groups | {row.code: row.group for table in editions.values() for row in _rows(table)}
        rows = _distinct(row for table in editions.values() for row in _rows(table))
        columns = _distinct(column for table in editions.values() for column in _columns(table))
        self.column_groups = frozenset(
            label_key(group) for table in editions.values() for group in table.column_groups
        )
        self.rows = Lexicon(rows, {wording: self._members(g) for g in of_groups for wording in g.wordings})
        self.groups = Lexicon(of_groups)
        every = frozenset(column.code for column in columns)
        marked = (f"{group}{mark}" for group in self.column_groups for mark in _MARKS)
        self.columns = Lexicon(columns, dict.fromkeys(marked, every))
        self.headings = {
            _heading_key(block.heading): block.heading
            for table in editions.values()
            for block in table.blocks
            if block.heading
        }
        self.ignored = frozenset(
            label_key(row) for t in editions.values() for block in t.blocks for row in block.ignored_rows
        )
        self._group_labels = frozenset(
            compact(group.label) for table in editions.values() for group in table.groups
        )
        self.corners = frozenset(compact(table.corner) for table in editions.values() if table.corner)
        self._corner_keys = frozenset(map(_corner_key, self.corners))

    @property
    def blocks(self) -> list[Block]:
        """The blocks of all editions."""
        return [block for table in self.editions.values() for block in table.blocks]

    @property
    def has_blocks(self) -> bool:
        """Whether the table has several blocks, each under columns of its own."""
        return any(len(table.blocks) > 1 for table in self.editions.values())

    def is_heading(self, text: str) -> bool:
        """Whether `text` is the heading of a block, e.g. 第二十条第（一）项."""
        return len(text) <= _LONGEST_LABEL and _heading_key(text) in self.headings

    def is_corner(self, text: str) -> bool:
        """Whether `text` heads the labels of the rows, e.g. 信息内容."""
        return _corner_key(text) in self._corner_keys

    def is_column_group(self, text: str) -> bool:
        """Whether `text` heads several columns, e.g. 申请人情况."""
        return label_key(text) in self.column_groups

    def row_of_caption(self, text: str) -> Row | None:
        """The row that a caption names, e.g. 行政诉讼（未经复议直接起诉）; `None` where it names several, or
        a group that is not its own."""
        printed = compact(text)
        rows = {row.code: row for block in self.blocks for row in block.rows}.values()
        by_key = [row for row in rows if any(pattern.search(printed) for pattern in row.patterns)]
        named = by_key or [row for row in rows if _is_within(row, printed)]
        groups = {g.code for t in self.editions.values() for g in t.groups if _is_within(g, printed)}
        return named[0] if len(named) == 1 and groups <= {named[0].group} else None

    def is_piece_of_group(self, text: str) -> bool:
        """Whether `text` may be a piece of the label of a group, e.g. 予公开."""
        return any(compact(text) in label for label in self._group_labels)

    def depth(self, text: str) -> int | None:
        """How many groups there are around the row or group that `text` labels, or the block that it heads;
        `None` where it does neither."""
        match = self.rows.find(text) or self.groups.find(text)
        if match is None and not self.is_heading(text):
            return None
        return self.depth_of(match.code) if match else 0

    def depth_of(self, code: str) -> int:
        """How many groups there are around a row or group."""
        return len(self._around(code))

    def _around(self, code: str) -> list[str]:
        """The groups around a row or group, innermost first."""
        around: list[str] = []
        while (group := self._within[code]) is not None:
            around.append(group)
            code = group
        return around

    def _members(self, group: Label) -> frozenset[str]:
        """The codes of what is in a group."""
        return frozenset(code for code in self._within if group.code in self._around(code))

    def is_label(self, text: str) -> bool:
        """Whether `text` is the whole label of a row or group."""
        return any(lexicon.find_exact(text) for lexicon in (self.rows, self.groups))

    def is_ignored(self, text: str) -> bool:
        """Whether `text` labels a row that some regions add to the form."""
        return label_key(text) in self.ignored


@cache
def table_labels(code: str) -> TableLabels:
    """The labels of the table `code`."""
    return TableLabels({form.form: form.table(code) for form in load_forms().values()})


def table_of_column(text: str) -> str | None:
    """The only table that has a column with exactly this wording, which no row of any table has."""
    key = label_key(text)
    return _tables_of_columns().get(key) if key else None


@cache
def _tables_of_columns() -> dict[str, str]:
    tables: dict[str, set[str]] = {}
    rows: set[str] = set()
    for form in load_forms().values():
        for table in form.tables:
            rows.update(wording for row in _rows(table) for wording in row.wordings)
            for column in _columns(table):
                for wording in column.wordings:
                    tables.setdefault(wording, set()).add(table.code)
    return {
        wording: next(iter(codes))
        for wording, codes in tables.items()
        if len(codes) == 1 and wording not in rows
    }


def _is_within(label: Label, printed: str) -> bool:
    """Whether the wording of a label is a part of a compact text."""
    return any(wording in printed for wording in label.wordings)


def _rows(table: Table) -> list[Row]:
    return [row for block in table.blocks for row in block.rows]


def _columns(table: Table) -> list[Column]:
    return [column for block in table.blocks for column in block.columns]


def _distinct(labels: Iterable[Row] | Iterable[Group] | Iterable[Column]) -> list[Label]:
    """Labels by code; the first of a code keeps its place, wordings and keys are joined by the lookup."""
    seen: dict[tuple[str, frozenset[str], tuple[str, ...]], Label] = {}
    for label in labels:
        seen.setdefault((label.code, label.wordings, label.keys), label)
    return list(seen.values())


def _corner_key(text: str) -> str:
    return re.sub(r"\W", "", compact(text))


def _heading_key(text: str | None) -> str:
    return re.sub(r"[()]", "", compact(text or ""))

"""Rows of a table → one fact per cell of the form, with a notice where the page does not determine it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec
from rapidfuzz import fuzz

from gao_pipeline.contracts.forms import Block, FactCode, Row, Table, Unit
from gao_pipeline.contracts.text import compact, label_key
from gao_pipeline.documents.model import Cell, Place
from gao_pipeline.reports.cells import header_scale, read_cell
from gao_pipeline.reports.labels import table_labels
from gao_pipeline.reports.model import Fact, ReadingNotice, State
from gao_pipeline.reports.placement import Header, Slot, crowded_widths, is_empty, place_values, usual_starts
from gao_pipeline.reports.tables import RowHit, TableRows

_DRIFTED = 50.0
_SIDE_BY_SIDE_HIT = "*"


class TableFacts(NamedTuple):
    """The facts of one table in official order and what a person should know of their reading."""

    facts: tuple[Fact, ...]
    notices: tuple[ReadingNotice, ...]


def detected_edition(rows: TableRows) -> str | None:
    """The edition that has most of the rows with cells for figures, under the columns they are printed with.

    `None` where the rows fit several editions equally well.
    """
    fitting = Counter(
        form
        for form, table in table_labels(rows.code).editions.items()
        for block in table.blocks
        for hit in rows.hits
        if hit.values
        and any(hit.row == row.code for row in block.rows)
        and (hit.header is None or hit.header.columns == {column.code for column in block.columns})
    )
    ranked = fitting.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def table_facts(rows: TableRows, table: Table) -> TableFacts:
    """Every cell of `table` as the rows print it."""
    notices = _Notices(table.code)
    hits = _assigned(rows, table, notices)
    ranked = [(h.values, h.header) for h in hits.values() if h.header and not h.header.has_geometry]
    starts, crowded = usual_starts(ranked), crowded_widths(ranked)
    facts: list[Fact] = []
    for block in table.blocks:
        for row in block.rows:
            codes = {column.code: FactCode(table.code, row.code, column.code) for column in block.columns}
            hit = hits.get(row.code)
            if hit is None:
                facts += [Fact(code=code) for code in codes.values()]
                continue
            units = {column.code: column.unit for column in block.columns}
            facts += _row_facts(hit, row, codes, units, _header_for(hit, block), starts, crowded, notices)
    missing = tuple(fact.code for fact in facts if fact.state is State.MISSING)
    if missing:
        named = dict.fromkeys(code.row for code in missing)
        titles = {row.code: row.short_label for block in table.blocks for row in block.rows}
        notices.add("cells_missing", "、".join(titles[row] for row in named), rows.place, missing)
    return TableFacts(tuple(facts), notices.grouped())


def missing_facts(table: Table) -> tuple[Fact, ...]:
    """The facts of a table that was not found."""
    return tuple(Fact(code=code) for code, *_ in table.cells())


def _assigned(rows: TableRows, table: Table, notices: _Notices) -> dict[str, RowHit]:
    """The printed row of each row of the form."""
    order = [row for block in table.blocks for row in block.rows]
    codes = [row.code for row in order]
    assigned: dict[str, RowHit] = {}
    unexplained: list[RowHit] = []
    for index, hit in enumerate(rows.hits):
        if hit.row == _SIDE_BY_SIDE_HIT and hit.header:
            for code in dict.fromkeys(slot.row for slot in hit.header.slots if slot.row in codes):
                _assign(assigned, code, hit, notices)
        elif hit.row in codes:
            if not hit.certain:
                notices.add("label_similar", hit.label, hit.place)
            _assign(assigned, hit.row, hit, notices)
        elif hit.row is not None:
            if hit.has_figures:
                notices.add("unknown_row", compact(hit.label), hit.place)
        elif hit.is_orphan:
            notices.add("orphan_row", _printed(hit), hit.place)
        elif row := _only_row_between(rows.hits, index, order):
            notices.add("label_similar", hit.label, hit.place)
            _assign(assigned, row.code, hit, notices)
        else:
            unexplained.append(hit)
    for hit in unexplained:
        notices.add("unknown_row", compact(hit.label), hit.place)
    for hit in rows.ignored:
        notices.add("extra_row", compact(hit.label), hit.place)
    return assigned


def _assign(assigned: dict[str, RowHit], code: str, hit: RowHit, notices: _Notices) -> None:
    """Give a row of the form its printed row; of two, the one with figures counts."""
    former = assigned.get(code)
    if former is None or (hit.has_figures and not former.has_figures):
        assigned[code] = hit
    elif hit.has_figures and [c.text.strip() for c in hit.values] != [c.text.strip() for c in former.values]:
        notices.add("row_twice", f"{compact(hit.label)} {_printed(hit)}".strip(), hit.place)


def _only_row_between(hits: Sequence[RowHit], index: int, order: Sequence[Row]) -> Row | None:
    """The one row of the form that stands between the neighbours of an unknown row, if its label is near."""
    codes = [row.code for row in order]
    before = next((h.row for h in reversed(hits[:index]) if h.row in codes), None)
    after = next((h.row for h in hits[index + 1 :] if h.row in codes), None)
    if before is None or after is None or sum(h.row not in codes for h in hits[index - 1 : index + 2]) > 1:
        return None
    between = order[codes.index(before) + 1 : codes.index(after)]
    if len(between) != 1:
        return None
    key = label_key(hits[index].label)
    similar = max(fuzz.partial_ratio(key, wording) for wording in between[0].wordings)
    return between[0] if similar >= _DRIFTED else None


def _header_for(hit: RowHit, block: Block) -> Header:
    """The header a row stands under; the official columns where none was printed."""
    return hit.header or Header(tuple(Slot(column.code) for column in block.columns))


def _row_facts(
    hit: RowHit,
    row: Row,
    codes: dict[str, FactCode],
    units: dict[str, Unit],
    header: Header,
    starts: Mapping[int, int],
    crowded: Container[int],
    notices: _Notices,
) -> list[Fact]:
    """The facts of one printed row."""
    everything = tuple(codes.values())
    slots: dict[str, list[int]] = {}
    for index, slot in enumerate(header.slots):
        if slot.row in (None, row.code):
            slots.setdefault(slot.code, []).append(index)
    if hit.has_figures and not set(codes) & set(slots):
        notices.add("mixed_editions", f"{compact(hit.label)} {_printed(hit)}", hit.place, everything)
    start = starts.get(len(hit.values))
    placed = place_values(
        hit.values, header, padded=hit.padded, usual_start=start, crowded=len(header.slots) in crowded
    )
    if placed is None or any(_differ([placed[index] for index in copies]) for copies in slots.values()):
        kind = "row_length" if header.ordered else "column_order"
        counted = f"{_printed(hit)} ({len(hit.values)}/{len(header.slots)})"
        notices.add(kind, f"{compact(hit.label)} {counted}".strip(), hit.place, everything)
        return [Fact(code=code, state=State.ILLEGIBLE, place=hit.place) for code in everything]
    if hit.glued is not None:
        notices.add("glued_figure", compact(hit.label), hit.place, everything[:1])
    facts = []
    for column, code in codes.items():
        if column not in slots:
            facts.append(Fact(code=code))
            continue
        index = slots[column][-1]
        facts.append(_fact(code, placed[index], units[column], header.slots[index].header, hit, notices))
    return facts


def _differ(copies: Sequence[Cell | None]) -> bool:
    """Whether the cells below copies of one head are no copies."""
    return len({cell.text.strip() if cell else "" for cell in copies}) > 1


def _fact(code: FactCode, cell: Cell | None, unit: Unit, header: str, hit: RowHit, notices: _Notices) -> Fact:
    """What one cell says."""
    if cell is None:
        return Fact(code=code, raw="", state=State.BLANK, place=hit.place)
    if cell.row != hit.grid_row and not is_empty(cell):
        notices.add("merged_value", f"{compact(hit.label)}: {_on_one_line(cell.text)}", hit.place, (code,))
        return Fact(
            code=code, raw=cell.text, state=State.ILLEGIBLE, place=cell.place, confidence=cell.confidence
        )
    scale = header_scale(header) if unit.is_money else None
    reading = read_cell(cell.text, unit, scale, cell.confidence)
    if reading.state is State.ILLEGIBLE:
        notices.add("not_a_number", f"{compact(hit.label)}: {_on_one_line(cell.text)}", hit.place, (code,))
    if reading.split:
        notices.add("split_digits", f"{compact(hit.label)}: {_on_one_line(cell.text)}", hit.place, (code,))
    return Fact(
        code=code,
        value=reading.value,
        raw=cell.text,
        state=reading.state,
        place=cell.place,
        confidence=cell.confidence,
        unit_assumed=reading.unit_assumed,
    )


def _printed(hit: RowHit) -> str:
    return " | ".join(_on_one_line(cell.text) for cell in hit.values)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


class _Notices:
    """Collects what a person should know, one notice per kind."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._found: dict[str, ReadingNotice] = {}

    def add(self, code: str, detail: str, place: Place, facts: Iterable[FactCode] = ()) -> None:
        """Note `detail`; the first of a kind gives the place."""
        former = self._found.get(code)
        if former is None:
            self._found[code] = ReadingNotice(
                code=code, detail=detail, table=self._table, facts=tuple(facts), place=place
            )
        else:
            self._found[code] = msgspec.structs.replace(
                former,
                detail=former.detail if detail in former.detail else f"{former.detail}；{detail}",
                facts=former.facts + tuple(code for code in facts if code not in former.facts),
            )

    def grouped(self) -> tuple[ReadingNotice, ...]:
        """The notices in the order in which their kinds were first met."""
        return tuple(self._found.values())

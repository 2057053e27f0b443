"""Rows of a table → one fact per cell of the form, with a notice where the page does not determine it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from gao_pipeline.contracts.forms import Column, FactCode, Table, Unit
from gao_pipeline.documents.model import Cell
from gao_pipeline.reports.assignment import assigned_rows
from gao_pipeline.reports.cells import header_scale, read_cell
from gao_pipeline.reports.labels import table_labels
from gao_pipeline.reports.model import Fact, ReadingNotice, State
from gao_pipeline.reports.notices import TableNotices
from gao_pipeline.reports.placement import (
    Header,
    Placement,
    Slot,
    UsualStarts,
    crowded_widths,
    is_empty,
    place_values,
)
from gao_pipeline.reports.tables import RowHit, TableRows, on_one_line


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
    notices = TableNotices(table.code)
    hits = assigned_rows(rows, table, notices)
    reader = _RowReader(hits, table, notices)
    facts: list[Fact] = []
    lacking: list[str] = []
    for block in table.blocks:
        for row in block.rows:
            codes = [FactCode(table.code, row.code, column.code) for column in block.columns]
            hit = hits.get(row.code)
            of_row = reader.facts(hit, codes, block.columns) if hit else [Fact(code=code) for code in codes]
            lacking += [row.short_label] if any(fact.state is State.MISSING for fact in of_row) else []
            facts += of_row
    if lacking:
        missing = (fact.code for fact in facts if fact.state is State.MISSING)
        notices.add("cells_missing", "、".join(lacking), rows.place, missing)
    return TableFacts(tuple(facts), notices.grouped())


def missing_facts(table: Table) -> tuple[Fact, ...]:
    """The facts of a table that was not found."""
    return tuple(Fact(code=code) for code, *_ in table.cells())


class _RowReader:
    """Reads the printed rows of a table; what they have in common tells where the values of each begin."""

    def __init__(self, hits: Mapping[str, RowHit], table: Table, notices: TableNotices) -> None:
        labels = table_labels(table.code)
        self._depths = {code: labels.depth_of(code) for code in hits}
        ranked = {
            code: (hit.values, hit.header)
            for code, hit in hits.items()
            if hit.header and not hit.header.has_geometry
        }
        self._starts = UsualStarts(
            [(values, len(header.slots), self._depths[code]) for code, (values, header) in ranked.items()]
        )
        self._crowded = crowded_widths(list(ranked.values()))
        self._notices = notices

    def facts(self, hit: RowHit, codes: Sequence[FactCode], columns: Sequence[Column]) -> list[Fact]:
        """The facts of a row of the form, one for each of its columns."""
        header = hit.header or Header(tuple(Slot(column.code) for column in columns))
        slots: dict[str, list[int]] = {column.code: [] for column in columns}
        for index, slot in enumerate(header.slots):
            if slot.code in slots and slot.row in (None, codes[0].row):
                slots[slot.code].append(index)
        if hit.has_figures and not any(slots.values()):
            self._notices.add("mixed_editions", f"{hit.name} {hit.printed}", hit.place, codes)
        placed = self._placed(hit, header, self._depths[codes[0].row])
        if placed is None or any(_differ(placed[index] for index in copies) for copies in slots.values()):
            kind = "row_length" if header.ordered else "column_order"
            counted = f"{hit.printed} ({len(hit.values)}/{len(header.slots)})"
            self._notices.add(kind, f"{hit.name} {counted}".strip(), hit.place, codes)
            return [Fact(code=code, state=State.ILLEGIBLE, place=hit.place) for code in codes]
        if hit.glued is not None:
            self._notices.add("glued_figure", hit.name, hit.place, codes[:1])
        facts = []
        for code, column in zip(codes, columns, strict=True):
            if copies := slots[column.code]:
                head = header.slots[copies[-1]].header
                printed = (placed[index] for index in copies if not is_empty(placed[index]))
                facts.append(self._fact(code, next(printed, placed[copies[-1]]), column.unit, head, hit))
            else:
                facts.append(Fact(code=code))
        return facts

    def _placed(self, hit: RowHit, header: Header, depth: int) -> Placement | None:
        excess = len(hit.values) - len(header.slots)
        return place_values(
            hit.values,
            header,
            padded=hit.padded,
            usual_start=self._starts.start(excess, depth),
            lacking=self._starts.lacks_cells(excess, depth),
            crowded=len(header.slots) in self._crowded,
        )

    def _fact(self, code: FactCode, cell: Cell | None, unit: Unit, head: str, hit: RowHit) -> Fact:
        """What one cell says."""
        if cell is None:
            return Fact(code=code, raw="", state=State.BLANK, place=hit.place)
        printed = f"{hit.name}: {on_one_line(cell.text)}"
        if cell.row != hit.grid_row and not is_empty(cell):
            self._notices.add("merged_value", printed, hit.place, (code,))
            return Fact(
                code=code, raw=cell.text, state=State.ILLEGIBLE, place=cell.place, confidence=cell.confidence
            )
        scale = header_scale(head) if unit.is_money else None
        reading = read_cell(cell.text, unit, scale, cell.confidence)
        if reading.state is State.ILLEGIBLE:
            self._notices.add("not_a_number", printed, hit.place, (code,))
        if reading.split:
            self._notices.add("split_digits", printed, hit.place, (code,))
        return Fact(
            code=code,
            value=reading.value,
            raw=cell.text,
            state=reading.state,
            place=cell.place,
            confidence=cell.confidence,
            unit_assumed=reading.unit_assumed,
        )


def _differ(copies: Iterable[Cell | None]) -> bool:
    """Whether several things are printed below copies of one head."""
    return len({cell.text.strip() for cell in copies if cell and not is_empty(cell)}) > 1

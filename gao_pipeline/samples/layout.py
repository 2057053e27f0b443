"""Lays the tables of the form out as cells with spans, and the text as blocks, for every renderer alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gao_pipeline.contracts.forms import FactCode, Row, Table, load_forms
from gao_pipeline.samples.model import Draft, load_plan


class Box(NamedTuple):
    """A cell of a laid-out table; rows and columns count from 0."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    heading: bool = False


class Sheet(NamedTuple):
    """A table laid out: its boxes cover `rows` by `columns` without gaps."""

    boxes: tuple[Box, ...]
    rows: int
    columns: int


def sheet(draft: Draft, table: str) -> Sheet:
    """The table of a draft as its edition prescribes it, figures printed."""
    form_table = load_forms()[draft.table_forms[table]].table(table)
    printed = _printed(draft, form_table)
    if form_table.orientation == "columns":
        return _across(form_table, printed)
    if form_table.column_groups:
        return _grouped(form_table, printed)
    return _blocks(form_table, printed)


def _printed(draft: Draft, table: Table) -> dict[FactCode, str]:
    money = load_plan().money
    texts = {}
    for code, _, _, column in table.cells():
        text = money.get(column.unit, "{value}").format(value=draft.figures[code])
        texts[code] = "" if code in draft.blank else text
    return texts


def _blocks(table: Table, printed: Mapping[FactCode, str]) -> Sheet:
    """Blocks under one another, each with a heading and its own columns; the last column takes the rest."""
    width = 1 + max(len(block.columns) for block in table.blocks)
    boxes: list[Box] = []
    row = 0
    for block in table.blocks:
        boxes.append(Box(block.heading or "", row, 0, columns=width, heading=True))
        labels = [load_plan().corner, *(column.label for column in block.columns)]
        boxes += _line(labels, row + 1, width, heading=True)
        row += 2
        for line in block.rows:
            values = [printed[FactCode(table.code, line.code, column.code)] for column in block.columns]
            boxes += _line([line.label, *values], row, width)
            row += 1
    return Sheet(tuple(boxes), row, width)


def _line(texts: list[str], row: int, width: int, *, heading: bool = False) -> Iterator[Box]:
    for column, text in enumerate(texts):
        last = column == len(texts) - 1
        yield Box(text, row, column, columns=width - column if last else 1, heading=heading)


def _grouped(table: Table, printed: Mapping[FactCode, str]) -> Sheet:
    """Row labels in up to three levels beside columns that stand under group headings."""
    (block,) = table.blocks
    depth = 1 + max(len(table.group_path(row)) for row in block.rows)
    first, *middle, last = block.columns
    whole, part = table.column_groups
    boxes = [
        Box(f"（{table.corner}）", 0, 0, rows=3, columns=depth, heading=True),
        Box(whole, 0, depth, columns=len(block.columns), heading=True),
        Box(first.label, 1, depth, rows=2, heading=True),
        Box(part, 1, depth + 1, columns=len(middle), heading=True),
        *(Box(column.label, 2, depth + 1 + n, heading=True) for n, column in enumerate(middle)),
        Box(last.label, 1, depth + 1 + len(middle), rows=2, heading=True),
    ]
    top = 3
    for group in table.groups:
        lines = [n for n, row in enumerate(block.rows) if group in table.group_path(row)]
        if lines:
            level = _level(table, group.code)
            boxes.append(Box(group.label, top + lines[0], level, rows=len(lines), heading=True))
    for n, row in enumerate(block.rows):
        level = len(table.group_path(row))
        boxes.append(Box(row.label, top + n, level, columns=depth - level, heading=True))
        boxes += [
            Box(printed[FactCode(table.code, row.code, column.code)], top + n, depth + m)
            for m, column in enumerate(block.columns)
        ]
    return Sheet(_in_order(boxes), top + len(block.rows), depth + len(block.columns))


def _level(table: Table, code: str) -> int:
    """How many groups stand around a group."""
    parents = {group.code: group.within for group in table.groups}
    level = 0
    while (parent := parents[code]) is not None:
        code, level = parent, level + 1
    return level


def _across(table: Table, printed: Mapping[FactCode, str]) -> Sheet:
    """Rows of the form side by side: their labels above their columns, one line of figures."""
    (block,) = table.blocks
    width = len(block.columns)
    boxes: list[Box] = []
    for n, row in enumerate(block.rows):
        left = n * width
        grouped = table.group_path(row)
        boxes.append(Box(row.label, len(grouped), left, rows=2 - len(grouped), columns=width, heading=True))
        for m, column in enumerate(block.columns):
            boxes.append(Box(column.label, 2, left + m, heading=True))
            boxes.append(Box(printed[FactCode(table.code, row.code, column.code)], 3, left + m))
    for group in table.groups:
        members = [n for n, row in enumerate(block.rows) if _in_group(table, row, group.code)]
        boxes.append(Box(group.label, 0, members[0] * width, columns=len(members) * width, heading=True))
    return Sheet(_in_order(boxes), 4, len(block.rows) * width)


def _in_group(table: Table, row: Row, code: str) -> bool:
    return any(group.code == code for group in table.group_path(row))


def _in_order(boxes: list[Box]) -> tuple[Box, ...]:
    return tuple(sorted(boxes, key=lambda box: (box.row, box.column)))

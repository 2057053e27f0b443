"""The editions of the official form: tables, rows, columns, codes, units, labels.

Read from `data_contracts/forms/`; an edition may take a table from an earlier one and say what changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from typing import NamedTuple

import msgspec

from gao_pipeline.contracts.loading import (
    Bilingual,
    ContractError,
    Spec,
    contract_files,
    load_contract,
)
from gao_pipeline.contracts.text import compact, label_key


class Unit(StrEnum):
    """What a cell counts in."""

    COUNT = "count"
    SIGNED_COUNT = "signed_count"
    CNY = "cny"
    TEN_THOUSAND_CNY = "10k_cny"

    @property
    def is_money(self) -> bool:
        return self in (Unit.CNY, Unit.TEN_THOUSAND_CNY)


class FactCode(NamedTuple):
    """The address of a cell of the form, e.g. `("applications", "received", "total")`."""

    table: str
    row: str
    column: str

    def __str__(self) -> str:
        return "/".join(self)


class Source(Spec, frozen=True, kw_only=True):
    """The official document that prescribes an edition."""

    number: str
    title: str
    issued: date | None = None


class Years(Spec, frozen=True, kw_only=True):
    """The report years an edition applies to, both ends included; no `last` means it is in force."""

    first: int
    last: int | None = None

    def __contains__(self, year: int) -> bool:
        return self.first <= year and (self.last is None or year <= self.last)


class Label(Spec, frozen=True, kw_only=True, dict=True):
    """A labelled part of the form and the wordings by which it is recognised."""

    code: str
    label: str
    variants: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()

    @cached_property
    def wordings(self) -> frozenset[str]:
        """Comparable forms of the official wording and its known variants."""
        return frozenset(label_key(wording) for wording in (self.label, *self.variants))

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """Compiled `keys`, to be searched in the `label_key` of a printed label."""
        return tuple(re.compile(key) for key in self.keys)

    @property
    def short_label(self) -> str:
        """The label without ordinals and notes, as it is used in messages."""
        return label_key(self.label)


class Column(Label, frozen=True, kw_only=True, dict=True):
    """A column of figures."""

    unit: Unit


class Group(Label, frozen=True, kw_only=True, dict=True):
    """A label that spans several rows (or columns, where the rows of the form stand side by side)."""

    within: str | None = None
    short: str | None = None


class Row(Label, frozen=True, kw_only=True, dict=True):
    """A row of figures."""

    group: str | None = None


class Block(Spec, frozen=True, kw_only=True):
    """Rows that share their column headers."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    heading: str | None = None
    ignored_rows: tuple[str, ...] = ()


class Table(Spec, frozen=True, kw_only=True, dict=True):
    """One statistical table. `orientation: columns` means that its rows stand side by side in print."""

    code: str
    name: Bilingual
    section: str
    orientation: str
    blocks: tuple[Block, ...]
    section_label: str | None = None
    groups: tuple[Group, ...] = ()
    column_groups: tuple[str, ...] = ()
    corner: str | None = None

    def cells(self) -> Iterator[tuple[FactCode, Block, Row, Column]]:
        """Every cell in official order."""
        for block in self.blocks:
            for row in block.rows:
                for column in block.columns:
                    yield FactCode(self.code, row.code, column.code), block, row, column

    def group_path(self, row: Row) -> tuple[Group, ...]:
        """The groups around a row, outermost first."""
        by_code = {group.code: group for group in self.groups}
        path: list[Group] = []
        code = row.group
        while code is not None:
            group = by_code[code]
            path.insert(0, group)
            code = group.within
        return tuple(path)

    def row_title(self, row: Row) -> str:
        """The full official name of a row, its groups included."""
        parts = [group.short if group.short else f"{group.label} " for group in self.group_path(row)]
        return "".join((*parts, row.label))


class InheritedTable(Spec, frozen=True, kw_only=True):
    """A table taken from an earlier edition, with what changed."""

    code: str
    edition: str
    groups_added: tuple[Group, ...] = ()
    rows_replaced: dict[str, tuple[Row, ...]] = {}

    def applied_to(self, table: Table) -> Table:
        unknown = set(self.rows_replaced) - {row.code for block in table.blocks for row in block.rows}
        if unknown:
            raise ContractError(f"forms: rows_replaced names unknown rows {sorted(unknown)}")
        blocks = tuple(
            msgspec.structs.replace(
                block,
                rows=tuple(new for row in block.rows for new in self.rows_replaced.get(row.code, (row,))),
            )
            for block in table.blocks
        )
        return msgspec.structs.replace(table, blocks=blocks, groups=table.groups + self.groups_added)


class FormFile(Spec, frozen=True, kw_only=True):
    """A file of `forms/`: an edition whose tables are given whole or taken from an earlier one."""

    form: str
    name: Bilingual
    source: Source
    years: Years
    tables: tuple[Table, ...]
    inherited: tuple[InheritedTable, ...] = ()


class Form(Spec, frozen=True, kw_only=True, dict=True):
    """One edition of the form."""

    form: str
    name: Bilingual
    source: Source
    years: Years
    tables: tuple[Table, ...]

    def table(self, code: str) -> Table:
        """The table with this code.

        Raises:
            KeyError: the edition has no such table.
        """
        return self._tables[code]

    @cached_property
    def _tables(self) -> dict[str, Table]:
        return {table.code: table for table in self.tables}

    @cached_property
    def codes(self) -> tuple[FactCode, ...]:
        """Every fact code of the edition in official order."""
        return tuple(cell[0] for table in self.tables for cell in table.cells())

    @cached_property
    def units(self) -> dict[FactCode, Unit]:
        """The unit of each fact code."""
        return {code: column.unit for t in self.tables for code, _, _, column in t.cells()}


@cache
def load_forms() -> dict[str, Form]:
    """All editions by id, oldest first.

    Raises:
        ContractError: a form file is malformed or refers to an unknown table or row.
    """
    files = [load_contract(path, FormFile) for path in contract_files("forms")]
    forms: dict[str, Form] = {}
    for file in sorted(files, key=lambda f: f.years.first):
        inherited = [table.applied_to(forms[table.edition].table(table.code)) for table in file.inherited]
        forms[file.form] = Form(
            form=file.form,
            name=file.name,
            source=file.source,
            years=file.years,
            tables=(*file.tables, *inherited),
        )
    return forms


def form_of_year(year: int | None) -> Form | None:
    """The edition prescribed for a report year; `None` for years before the first edition."""
    if year is None:
        return None
    return next((form for form in load_forms().values() if year in form.years), None)


@cache
def fact_names(form: str) -> dict[FactCode, str]:
    """A short Chinese name of each cell of an edition, as messages use it: `予以公开·自然人`."""
    return {
        code: f"{compact(row.short_label)}·{compact(column.short_label)}"
        for table in load_forms()[form].tables
        for code, _, row, column in table.cells()
    }


@cache
def label_wordings() -> frozenset[str]:
    """The full wording, compacted, of every label of the forms: of rows, groups and columns, of blocks and of
    the corners of tables."""
    wordings: set[str] = set()
    for table in (table for form in load_forms().values() for table in form.tables):
        wordings.update(table.column_groups)
        wordings.update(block.heading for block in table.blocks if block.heading)
        wordings.update((table.corner, f"({table.corner})") if table.corner else ())
        of_blocks: list[Label] = [label for block in table.blocks for label in (*block.rows, *block.columns)]
        for label in (*table.groups, *of_blocks):
            wordings.update((label.label, *label.variants))
    return frozenset(map(compact, wordings))

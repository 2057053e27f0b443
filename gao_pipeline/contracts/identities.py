"""Compiles the linear relations of `data_contracts/rules/` into one matrix over the cells of the form.

Every sum rule is a row of `A`: `A @ x = 0` (or `<= 0`). The same matrix checks, derives and localises.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gao_pipeline.contracts.forms import FactCode, Table, Unit, load_forms
from gao_pipeline.contracts.loading import Bilingual, ContractError, Spec
from gao_pipeline.contracts.rules import LINEAR_KINDS, Cells, Rule, load_rules
from gao_pipeline.contracts.vocabularies import load_vocabulary

_TRAILING_NOTE = re.compile(r"(?<=.)[（(][^（）()]*[）)]$")

Year = Literal["current", "previous"]
TableForms = tuple[tuple[str, str], ...]


class Cell(NamedTuple):
    """A column of the matrix: a cell of this year's report or of the year before's."""

    year: Year
    code: FactCode


@dataclass(frozen=True)
class Relation:
    """A row of the matrix: one rule for one subject (a row or column of its table)."""

    rule: Rule
    subject: str
    subject_name: Bilingual
    left: tuple[Cell, ...]
    right: tuple[Cell, ...]

    @property
    def table(self) -> str:
        assert self.rule.table is not None
        return self.rule.table

    @property
    def cells(self) -> tuple[Cell, ...]:
        return self.left + self.right

    @property
    def codes(self) -> tuple[FactCode, ...]:
        """The cells of this year's report."""
        return tuple(cell.code for cell in self.cells if cell.year == "current")

    def formula(self) -> str:
        """The relation over fact codes, as `gao explain` prints it."""

        def side(cells: Iterable[Cell]) -> str:
            terms = (f"{c.code}{'[t-1]' if c.year == 'previous' else ''}" for c in cells)
            return " + ".join(terms) or "0"

        sign = "=" if self.rule.kind == "identity" else "<="
        return f"{side(self.left)} {sign} {side(self.right)}"


@dataclass(frozen=True, eq=False)
class System:
    """Every linear relation over the cells of a combination of table editions.

    `matrix` is m relations by k cells: +1 for a cell of the left side, -1 for the right.
    """

    cells: tuple[Cell, ...]
    relations: tuple[Relation, ...]
    units: tuple[Unit, ...]
    matrix: NDArray[np.float64]

    @cached_property
    def index(self) -> dict[Cell, int]:
        """The matrix column of each cell."""
        return {cell: position for position, cell in enumerate(self.cells)}

    @cached_property
    def identities(self) -> NDArray[np.bool_]:
        """Which relations are equations (m)."""
        return np.array([relation.rule.kind == "identity" for relation in self.relations], dtype=bool)

    @cached_property
    def membership(self) -> NDArray[np.float64]:
        """The matrix without its signs."""
        return np.abs(self.matrix)

    @cached_property
    def signed(self) -> NDArray[np.bool_]:
        """Which cells may be negative (k)."""
        return np.array([unit is Unit.SIGNED_COUNT for unit in self.units], dtype=bool)

    @cached_property
    def whole(self) -> NDArray[np.bool_]:
        """Which cells count whole things (k)."""
        return np.array([not unit.is_money for unit in self.units], dtype=bool)


@cache
def compile_system(editions: TableForms) -> System:
    """The relations inside one report whose tables have these editions.

    Args:
        editions: pairs of table code and edition, e.g. `(("applications", "2021"), …)`.
    """
    forms = load_forms()
    tables = [(edition, forms[edition].table(code)) for code, edition in editions]
    relations = tuple(
        relation
        for edition, table in tables
        for rule in linear_rules("report")
        if rule.table == table.code and edition in rule.editions
        for relation in _instances(rule, table, {"current": table})
    )
    return _assemble([("current", table) for _, table in tables], relations)


@cache
def compile_year_system(editions: TableForms, previous: TableForms) -> System:
    """The relations between a report and the one of the year before.

    A rule whose cells do not exist in both editions gives no relation: nothing is chained over a break
    of the form.
    """
    forms = load_forms()
    now = [(edition, forms[edition].table(code)) for code, edition in editions]
    earlier = {code: forms[edition].table(code) for code, edition in previous}
    relations = tuple(
        relation
        for edition, table in now
        for rule in linear_rules("year_on_year")
        if rule.table == table.code and edition in rule.editions and table.code in earlier
        for relation in _instances(rule, table, {"current": table, "previous": earlier[table.code]})
    )
    blocks: list[tuple[Year, Table]] = [("current", table) for _, table in now]
    blocks += [("previous", table) for table in earlier.values()]
    return _assemble(blocks, relations)


def linear_rules(*scopes: str) -> Iterator[Rule]:
    """The rules of the catalogue that are linear relations of these scopes."""
    return (rule for rule in load_rules().values() if rule.kind in LINEAR_KINDS and rule.scope in scopes)


def subject_names(table: Table) -> dict[str, Bilingual]:
    """What people call each row and column of a table: the official wording without its notes."""
    rows = {row.code: table.row_title(row) for block in table.blocks for row in block.rows}
    columns = {column.code: column.label for block in table.blocks for column in block.columns}
    return {
        code: Bilingual(zh=_TRAILING_NOTE.sub("", label), en=_english(code))
        for code, label in {**columns, **rows}.items()
    }


def cell_name(form: str, code: FactCode) -> Bilingual:
    """What people call a cell: its row and its column."""
    names = subject_names(load_forms()[form].table(code.table))
    row, column = names[code.row], names[code.column]
    return Bilingual(zh=f"{row.zh}·{column.zh}", en=f"{row.en}, {column.en}")


def check_selectors(rule: Rule) -> None:
    """Holds that every code a rule selects exists in every edition that the rule names.

    Raises:
        ContractError: it does not.
    """
    if rule.relation is None or rule.table is None:
        return
    for edition in rule.editions:
        codes = [code for code in load_forms()[edition].codes if code.table == rule.table]
        for cells in (*rule.relation.left, *rule.relation.right):
            for axis, patterns in (("row", cells.rows), ("column", cells.columns)):
                for pattern in patterns:
                    if not any(fnmatchcase(getattr(code, axis), pattern) for code in codes):
                        raise ContractError(
                            f"{rule.id}: {axis} {pattern!r} is in no cell of {rule.table} {edition}"
                        )


def _english(code: str) -> str:
    return code.replace("_", " ").replace(".", ": ")


def _instances(rule: Rule, table: Table, tables: dict[Year, Table]) -> Iterator[Relation]:
    """The relation of a rule for every subject whose cells all exist."""
    assert rule.relation is not None
    relation = rule.relation
    codes = {year: [cell[0] for cell in of_year.cells()] for year, of_year in tables.items()}
    names = subject_names(table)
    subjects = dict.fromkeys(getattr(code, relation.each) for code in codes["current"])
    for subject in subjects:
        left = _select(relation.left, relation.each, subject, codes)
        right = _select(relation.right, relation.each, subject, codes)
        if left is not None and right is not None:
            yield Relation(rule, subject, names[subject], left, right)


def _select(
    selection: Sequence[Cells], each: str, subject: str, codes: dict[Year, list[FactCode]]
) -> tuple[Cell, ...] | None:
    """The selected cells of one subject; `None` where a selector finds nothing."""
    chosen: list[Cell] = []
    for cells in selection:
        along, across = (cells.rows, cells.columns) if each == "row" else (cells.columns, cells.rows)
        if along and not any(fnmatchcase(subject, pattern) for pattern in along):
            return None
        other = "column" if each == "row" else "row"
        of_subject = [code for code in codes[cells.year] if getattr(code, each) == subject]
        for pattern in across or ("*",):
            found = [code for code in of_subject if fnmatchcase(getattr(code, other), pattern)]
            if not found:
                return None
            chosen.extend(Cell(cells.year, code) for code in found)
    return tuple(chosen)


def _assemble(blocks: Iterable[tuple[Year, Table]], relations: tuple[Relation, ...]) -> System:
    cells: list[Cell] = []
    units: list[Unit] = []
    for year, table in blocks:
        for code, _, _, column in table.cells():
            cells.append(Cell(year, code))
            units.append(column.unit)
    index = {cell: position for position, cell in enumerate(cells)}
    matrix = np.zeros((len(relations), len(cells)))
    for row, relation in enumerate(relations):
        for cell in relation.left:
            matrix[row, index[cell]] += 1.0
        for cell in relation.right:
            matrix[row, index[cell]] -= 1.0
    return System(tuple(cells), relations, tuple(units), matrix)


class EquationWords(Spec, frozen=True, kw_only=True):
    """The words in which a relation is written out."""

    each: dict[str, Bilingual]
    previous: Bilingual
    group: Bilingual


def equation_text(rule: Rule, language: str) -> str:
    """The relation of a rule in the words of the form, e.g. `每一行：总计 = 自然人 + 商业企业 + …`.

    Raises:
        ValueError: the rule has no relation.
    """
    if rule.relation is None or rule.table is None:
        raise ValueError(f"{rule.id} has no relation")
    words = load_vocabulary("equations", EquationWords)
    table = load_forms()[rule.editions[-1]].table(rule.table)
    names = subject_names(table)
    groups = {group.code: Bilingual(zh=group.label, en=_english(group.code)) for group in table.groups}

    def term(pattern: str, year: Year) -> str:
        if pattern in names:
            label = names[pattern].in_language(language)
        else:
            group = groups[pattern.split(".", 1)[0]].in_language(language)
            label = words.group.in_language(language).format(label=group)
        return words.previous.in_language(language).format(label=label) if year == "previous" else label

    def side(selection: tuple[Cells, ...]) -> str:
        patterns = [(pattern, cells.year) for cells in selection for pattern in cells.rows + cells.columns]
        return " + ".join(term(pattern, year) for pattern, year in patterns) or "0"

    sign = "=" if rule.kind == "identity" else "≤"
    equation = f"{side(rule.relation.left)} {sign} {side(rule.relation.right)}"
    return words.each[rule.relation.each].in_language(language).format(equation=equation)

"""The catalogue of rules: what each rule is, says and rests on. How a rule is evaluated lives in `checking/`.

Read from `data_contracts/rules/`. A rule of `kind: identity` carries its equation over fact codes and
needs no code of its own; every other kind names an evaluator that `checking/` implements.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from gao_pipeline.contracts.loading import Bilingual, ContractError, Spec, contract_files, load_contract

FAMILIES = (
    "applications",
    "proceedings",
    "disclosure",
    "year",
    "prose",
    "continuity",
    "hierarchy",
    "date",
    "structure",
    "reading",
    "correction",
)


class Cells(Spec, frozen=True, kw_only=True):
    """A selection of cells of one table by row and column codes; `*` matches within a code (`denied.*`).

    An omitted axis is the axis that the identity is repeated over.
    """

    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


class Identity(Spec, frozen=True, kw_only=True):
    """`sum(left) = sum(right)`, repeated for every row or column code of the table (or once)."""

    each: Literal["row", "column", "once"]
    left: Cells
    right: Cells


class Example(Spec, frozen=True, kw_only=True):
    """A worked example that `gao explain` prints."""

    zh: str
    en: str


class Rule(Spec, frozen=True, kw_only=True):
    """One rule: one sentence, one severity, one source.

    `message` are templates filled with the fields that the evaluator documents; `exceptions` say when
    a failure is legitimate; `parameters` are thresholds the evaluator reads; `blame` of `reading` rules
    is our own extraction, not the report.
    """

    id: str
    kind: str
    scope: Literal["cell", "report", "year_on_year", "hierarchy"]
    severity: Literal["error", "warning", "info"]
    statement: Bilingual
    message: Bilingual
    source: str
    editions: tuple[str, ...] = ("2019", "2021")
    table: str | None = None
    identity: Identity | None = None
    parameters: dict[str, Any] = {}
    exceptions: tuple[Bilingual, ...] = ()
    example: Example | None = None

    @property
    def family(self) -> str:
        return self.id.split(".", 1)[0]


class _RuleFile(Spec, frozen=True, kw_only=True):
    rules: tuple[Rule, ...]


@cache
def load_rules() -> dict[str, Rule]:
    """Every rule by id, in catalogue order.

    Raises:
        ContractError: a rule file is malformed, an id is used twice or belongs to no family.
    """
    rules: dict[str, Rule] = {}
    for path in contract_files("rules"):
        for rule in load_contract(path, _RuleFile).rules:
            if rule.id in rules:
                raise ContractError(f"rules/{path.name}: {rule.id} is defined twice")
            if rule.family not in FAMILIES or "." not in rule.id:
                raise ContractError(f"rules/{path.name}: {rule.id} belongs to no family")
            if (rule.kind == "identity") != (rule.identity is not None):
                raise ContractError(f"rules/{path.name}: {rule.id} and its identity do not agree")
            rules[rule.id] = rule
    return rules

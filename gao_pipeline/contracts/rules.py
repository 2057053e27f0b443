"""The catalogue of rules: what each rule is, says and rests on. How a rule is evaluated lives in `checking/`.

Read from `data_contracts/rules/`. Rules of the kinds `identity` and `at_most` carry their relation over
fact codes and need no code of their own; every other kind names an evaluator that `checking/` implements.
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
ERROR_FAMILIES = frozenset({"applications", "proceedings", "disclosure", "year", "reading"})
LINEAR_KINDS = frozenset({"identity", "at_most"})


class Cells(Spec, frozen=True, kw_only=True):
    """A selection of cells of one table by row and column codes; `*` matches within a code (`denied.*`).

    An omitted axis is the one that the relation is repeated over. `year: previous` takes the cells from
    the report of the year before.
    """

    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    year: Literal["current", "previous"] = "current"


class Relation(Spec, frozen=True, kw_only=True):
    """A linear relation between two sums of cells, repeated for every row or column of the table.

    Under `kind: identity` it says `sum(left) = sum(right)`, under `kind: at_most`
    `sum(left) <= sum(right)`. A failure reports the left sum as actual, the right one as expected.
    """

    each: Literal["row", "column"]
    left: tuple[Cells, ...] = ()
    right: tuple[Cells, ...] = ()


class Rule(Spec, frozen=True, kw_only=True):
    """One rule: one sentence, one severity, one source, one example.

    `message` are templates filled with the fields that the evaluator documents; `exceptions` say when
    a failure is legitimate; `parameters` are thresholds the evaluator reads. A failure of a `reading` rule
    is a doubt of our own extraction, not of the report.
    """

    id: str
    kind: str
    scope: Literal["cell", "report", "file", "year_on_year", "hierarchy"]
    severity: Literal["error", "warning", "info"]
    statement: Bilingual
    message: Bilingual
    source: str
    example: Bilingual
    editions: tuple[str, ...] = ("2019", "2021")
    table: str | None = None
    relation: Relation | None = None
    parameters: dict[str, Any] = {}
    exceptions: tuple[Bilingual, ...] = ()

    @property
    def family(self) -> str:
        return self.id.split(".", 1)[0]


class RuleFile(Spec, frozen=True, kw_only=True):
    """A file of `rules/`."""

    rules: tuple[Rule, ...]


@cache
def load_rules() -> dict[str, Rule]:
    """Every rule by id, in catalogue order.

    Raises:
        ContractError: a rule file is malformed, an id is used twice or belongs to no family.
    """
    rules: dict[str, Rule] = {}
    for path in contract_files("rules"):
        for rule in load_contract(path, RuleFile).rules:
            if rule.id in rules:
                raise ContractError(f"rules/{path.name}: {rule.id} is defined twice")
            if rule.family not in FAMILIES or "." not in rule.id:
                raise ContractError(f"rules/{path.name}: {rule.id} belongs to no family")
            if (rule.kind in LINEAR_KINDS) != (rule.relation is not None and rule.table is not None):
                raise ContractError(
                    f"rules/{path.name}: {rule.id} of kind {rule.kind} and its relation disagree"
                )
            if rule.severity == "error" and rule.family not in ERROR_FAMILIES:
                raise ContractError(
                    f"rules/{path.name}: {rule.id} may not be an error; its family only advises"
                )
            rules[rule.id] = rule
    return rules

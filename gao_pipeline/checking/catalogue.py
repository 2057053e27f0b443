"""Holds the catalogue to what the evaluators give: a rule that cannot be judged is a mistake of ours."""

from __future__ import annotations

from string import Formatter

import msgspec

from gao_pipeline.checking import (  # noqa: F401 - they register kinds
    confrontation,
    continuity,
    file_names,
    hierarchy,
    reuse,
)
from gao_pipeline.checking.evaluators import KINDS, parse_code
from gao_pipeline.contracts.identities import check_selectors
from gao_pipeline.contracts.loading import ContractError
from gao_pipeline.contracts.rules import Rule

_CELL_PARAMETERS = ("cells", "first", "second", "projects", "amount", "after", "review", "matters")


def check_rule(rule: Rule) -> None:
    """Holds that a rule can be judged and that its messages can be filled.

    Raises:
        ContractError: its kind is not registered, a parameter is missing, unknown or of the wrong type, a
            cell does not exist, a text is empty, or a placeholder is none that its evaluator fills.
    """
    kind = KINDS.get(rule.kind)
    if kind is None:
        raise ContractError(f"{rule.id}: no evaluator is registered for the kind {rule.kind!r}")
    try:
        msgspec.convert(rule.parameters, kind.parameters)
    except msgspec.ValidationError as error:
        raise ContractError(f"{rule.id}: parameters: {error}") from error
    check_selectors(rule)
    for name in _CELL_PARAMETERS:
        value = rule.parameters.get(name, ())
        for cell in [value] if isinstance(value, str) else value:
            if "/" in str(cell):
                parse_code(str(cell))
    for text in (rule.statement, rule.message, *rule.exceptions, rule.example):
        if not (text.zh.strip() and text.en.strip()):
            raise ContractError(f"{rule.id}: a text is empty in one language")
    for template in (rule.message.zh, rule.message.en):
        unknown = {field for _, field, _, _ in Formatter().parse(template) if field} - kind.fields
        if unknown:
            raise ContractError(
                f"{rule.id}: no evaluator fills {sorted(unknown)}; there is {sorted(kind.fields)}"
            )

"""Reads `data_contracts/vocabularies/`, the words the pipeline knows; their users define the structure."""

from __future__ import annotations

from functools import cache
from typing import TypeVar

from gao_pipeline.contracts.loading import Bilingual, ContractError, Spec, contracts_root, load_contract

T = TypeVar("T")


def load_vocabulary(name: str, kind: type[T]) -> T:
    """The vocabulary `vocabularies/<name>.yaml`, validated as `kind`.

    Raises:
        ContractError: there is no such vocabulary or it does not fit `kind`.
    """
    path = contracts_root() / "vocabularies" / f"{name}.yaml"
    if not path.is_file():
        raise ContractError(f"vocabularies/{name}.yaml does not exist")
    return load_contract(path, kind)


class QuarantineReason(Bilingual, frozen=True, kw_only=True):
    """Why a file gives no report, and what a person can do about it."""

    code: str


class QuarantineFile(Spec, frozen=True, kw_only=True):
    """The reasons why a file is quarantined."""

    reasons: tuple[QuarantineReason, ...]


@cache
def load_quarantine_reasons() -> dict[str, QuarantineReason]:
    """Every quarantine reason by its code."""
    return {reason.code: reason for reason in load_vocabulary("quarantine", QuarantineFile).reasons}

"""Reads `data_contracts/vocabularies/`, the words the pipeline knows; their users define the structure."""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import TypeVar

import msgspec

from gao_pipeline.contracts.loading import Bilingual, ContractError, Spec, contracts_root, load_contract

T = TypeVar("T")

_WORD = re.compile(r"\{([a-z]+)\}")


def load_vocabulary(name: str, kind: type[T]) -> T:
    """The vocabulary `vocabularies/<name>.yaml`, validated as `kind`.

    Raises:
        ContractError: there is no such vocabulary or it does not fit `kind`.
    """
    path = contracts_root() / "vocabularies" / f"{name}.yaml"
    if not path.is_file():
        raise ContractError(f"vocabularies/{name}.yaml does not exist")
    return load_contract(path, kind)


class Wording(Spec, frozen=True, kw_only=True, dict=True):
    """A vocabulary whose patterns share `words`: `{name}` inserts a list, which may insert earlier ones."""

    words: dict[str, str]

    def pattern(self, pattern: str) -> re.Pattern[str]:
        """A compiled pattern, word lists inserted.

        Raises:
            KeyError: the pattern names a word list that `words` does not have.
        """
        if pattern not in self._compiled:
            self._compiled[pattern] = re.compile(_insert(pattern, self._inserted))
        return self._compiled[pattern]

    @cached_property
    def _inserted(self) -> dict[str, str]:
        inserted: dict[str, str] = {}
        for name, pattern in self.words.items():
            inserted[name] = _insert(pattern, inserted)
        return inserted

    @cached_property
    def _compiled(self) -> dict[str, re.Pattern[str]]:
        return {}


def _insert(pattern: str, words: dict[str, str]) -> str:
    return _WORD.sub(lambda match: words[match.group(1)], pattern)


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


class SeverityNames(Spec, frozen=True, kw_only=True):
    """What each severity is called, gravest first."""

    error: Bilingual
    warning: Bilingual
    info: Bilingual


@cache
def load_severity_names() -> dict[str, Bilingual]:
    """The name of each severity, gravest first."""
    return msgspec.structs.asdict(load_vocabulary("severities", SeverityNames))

"""Finds `data_contracts/` and reads its files into typed structures.

A file that does not fit its structure is a programming error of ours, not of a report: it raises
`ContractError` with the file and the place in it.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

T = TypeVar("T")
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContractError(Exception):
    """A file of `data_contracts/` is malformed; the message names the file and the place."""


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of everything that is read from a contract file: an unknown key is an error."""


class Bilingual(Spec, frozen=True, kw_only=True):
    """A text that people read, in Chinese (default) and English."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.zh


@cache
def contracts_root() -> Path:
    """The folder `data_contracts/`: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).resolve().parents[1]
    for candidate in (package.parent / "data_contracts", package / "data_contracts"):
        if (candidate / "forms").is_dir():
            return candidate
    raise ContractError(f"data_contracts/ was not found beside or inside {package.name}/")


def load_yaml(path: Path) -> Any:
    """The plain content of a YAML file."""
    try:
        with path.open("rb") as stream:
            return yaml.load(stream, Loader=_Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        raise ContractError(f"{path.name}: {error}") from error


def load_contract(path: Path, kind: type[T]) -> T:
    """The YAML file `path`, validated as `kind`.

    Raises:
        ContractError: the file is not YAML or does not fit `kind`.
    """
    try:
        return msgspec.convert(load_yaml(path), kind)
    except msgspec.ValidationError as error:
        raise ContractError(f"{path.parent.name}/{path.name}: {error}") from error


def load_rows(path: Path, kind: type[T], check: Callable[[T], None] = lambda _: None) -> Iterator[T]:
    """The rows of the CSV file `path`, each validated as `kind`; none without a file.

    Empty cells are left out. `check` may refuse a row by `msgspec.ValidationError`.

    Raises:
        ContractError: a row is malformed; the message names the line.
    """
    if not path.is_file():
        return
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), start=2):
            filled = {key: value.strip() for key, value in row.items() if value and value.strip()}
            try:
                made = msgspec.convert(filled, kind, strict=False)
                check(made)
            except msgspec.ValidationError as error:
                raise ContractError(f"{path.parent.name}/{path.name}, line {number}: {error}") from error
            yield made


def contract_files(folder: str, pattern: str = "*.yaml") -> list[Path]:
    """The files of one contract folder, sorted by name."""
    return sorted((contracts_root() / folder).glob(pattern))

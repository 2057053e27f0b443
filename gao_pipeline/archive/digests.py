"""What each stage was made with: digests of its code, of the contracts it names, and of its libraries.

A stage's result is kept under the digest of its stage; another digest means that it is made anew.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from gao_pipeline.contracts.loading import contracts_root

_PACKAGE = Path(__file__).resolve().parents[1]
_READING_LIBRARIES = (
    "charset-normalizer",
    "lxml",
    "olefile",
    "openpyxl",
    "pdfminer.six",
    "pdfplumber",
    "python-docx",
    "rapidocr",
    "xlrd",
)
_QUOTED_NAME = re.compile(r'"(\w+)(?:\.\w+)?"')
_CODE_SUFFIXES = (".py", ".yaml")


def digest(parts: Iterable[object]) -> str:
    """Sixteen hex digits over the texts of `parts`, in their order."""
    total = hashlib.sha256()
    for part in parts:
        encoded = str(part).encode("utf-8", "surrogatepass")
        total.update(b"%d:" % len(encoded))
        total.update(encoded)
    return total.hexdigest()[:16]


@cache
def reader_version() -> str:
    """Version of the document readers; they do not know the form."""
    code = [*_code("documents"), _PACKAGE / "contracts" / "text.py"]
    libraries = [f"{name} {_library_version(name)}" for name in _READING_LIBRARIES]
    return digest([*libraries, *_contents([*code, *_vocabularies(code)])])


@cache
def report_version() -> str:
    """Version of the report reader: its code, the forms, the vocabularies it names."""
    code = [*_code("reports"), _PACKAGE / "contracts" / "text.py", _PACKAGE / "contracts" / "forms.py"]
    return digest(_contents([*code, *_vocabularies(code), *_data("forms")]))


@cache
def checking_version() -> str:
    """Version of everything that judges a report: code, rules, forms, vocabularies, regions."""
    code = [*_code("checking"), *_code("contracts"), *_code("archive"), *_code("reports")]
    return digest(_contents([*code, *_data("rules"), *_data("forms"), *_data("vocabularies")]))


@cache
def aggregates_version() -> str:
    """Version of annual tables and indicators."""
    return digest(_contents([*_code("aggregates"), contracts_root() / "indicators.yaml"]))


def _library_version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def _code(package: str) -> list[Path]:
    return sorted(path for path in (_PACKAGE / package).rglob("*") if path.suffix in _CODE_SUFFIXES)


def _data(folder: str) -> list[Path]:
    return sorted(path for path in (contracts_root() / folder).rglob("*") if path.is_file())


def _vocabularies(code: Iterable[Path]) -> list[Path]:
    """The vocabularies whose names stand in the sources."""
    named = {name for path in code for name in _QUOTED_NAME.findall(path.read_text(encoding="utf-8"))}
    return [path for path in _data("vocabularies") if path.stem in named]


def _contents(paths: Iterable[Path]) -> list[str]:
    """The name and hash of every file that exists."""
    return [
        f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in paths if path.is_file()
    ]

"""Digests of stages: another content is another version, and nothing that matters is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gao_pipeline
from gao_pipeline.archive import digests
from gao_pipeline.contracts.loading import contracts_root

PACKAGE = Path(gao_pipeline.__file__).parent


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    stages = (digests.reader_version, digests.report_version, digests.checking_version)
    for stage in stages:
        stage.cache_clear()
    yield
    for stage in stages:
        stage.cache_clear()


def changed(monkeypatch: pytest.MonkeyPatch, path: Path) -> set[str]:
    """The stages that get another version when this file changes."""
    stages = {
        "reader": digests.reader_version,
        "report": digests.report_version,
        "checking": digests.checking_version,
    }
    before = {name: stage() for name, stage in stages.items()}
    read_bytes = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda self: read_bytes(self) + (b"\n" if self == path else b""))
    for stage in stages.values():
        stage.cache_clear()
    return {name for name, stage in stages.items() if stage() != before[name]}


@pytest.mark.parametrize(
    ("path", "stages"),
    [
        (PACKAGE / "documents" / "paged" / "pdf.py", {"reader"}),
        (PACKAGE / "reports" / "facts.py", {"report", "checking"}),
        (PACKAGE / "checking" / "years.py", {"checking"}),
        (contracts_root() / "forms" / "2021.yaml", {"report", "checking"}),
        (contracts_root() / "rules" / "applications.yaml", {"checking"}),
    ],
)
def test_a_change_reaches_the_stages_that_rest_on_it(
    monkeypatch: pytest.MonkeyPatch, path: Path, stages: set[str]
) -> None:
    assert changed(monkeypatch, path) == stages


@pytest.mark.parametrize(("package", "stage"), [("documents", "reader"), ("reports", "report")])
def test_every_vocabulary_that_a_reader_opens_is_part_of_its_version(
    monkeypatch: pytest.MonkeyPatch, package: str, stage: str
) -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (PACKAGE / package).rglob("*.py"))
    opened = re.findall(r'load_vocabulary\(\s*"(\w+)"|"vocabularies" / "(\w+)\.yaml"', sources)
    names = {name for pair in opened for name in pair if name}
    assert names
    for name in names:
        with monkeypatch.context() as patch:
            assert stage in changed(patch, contracts_root() / "vocabularies" / f"{name}.yaml"), name


@given(st.lists(st.text()), st.lists(st.text()))
def test_the_digest_tells_lists_apart(first: list[str], second: list[str]) -> None:
    assert (digests.digest(first) == digests.digest(second)) == (first == second)

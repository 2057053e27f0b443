"""The layers hold: imports point down, and each heavy library stays where it belongs (`pyproject.toml`)."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_contracts_between_layers_hold(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    linter = pytest.importorskip("importlinter.cli", reason="the extra `dev` brings import-linter")
    monkeypatch.chdir(ROOT)
    assert linter.lint_imports(config_filename="pyproject.toml", no_cache=True) == 0, capsys.readouterr().out
    kept = capsys.readouterr().out
    assert "Great Expectations stands at the door alone KEPT" in kept

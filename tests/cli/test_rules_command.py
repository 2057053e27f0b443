"""`gao rules` and `gao explain`: every rule can be listed and explained in both languages."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from gao_pipeline.cli import app
from gao_pipeline.contracts.identities import equation_text
from gao_pipeline.contracts.rules import load_rules


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})
    return result.exit_code, result.stdout, result.stderr


def test_all_rules_are_listed() -> None:
    status, output, _ = run("rules")
    assert status == 0
    assert all(rule_id in output for rule_id in load_rules())


def test_a_family_limits_the_list() -> None:
    _, output, _ = run("rules", "proceedings")
    assert "proceedings.total" in output
    assert "applications.balance" not in output


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_rule_is_explained_with_statement_formula_example_and_source(language: str) -> None:
    for rule in load_rules().values():
        status, output, _ = run("explain", rule.id, "--language", language)
        flat = "".join(output.split())
        assert status == 0
        assert "".join(rule.statement.in_language(language).split()) in flat
        assert "".join(rule.source.split()) in flat
        assert "".join(rule.example.in_language(language).split()) in flat
        if rule.relation is not None:
            assert "".join(equation_text(rule, language).split()) in flat


def test_an_unknown_rule_is_answered_with_the_nearest_ones() -> None:
    status, _, error = run("explain", "applications.balanse")
    assert status == 2
    assert "applications.balance" in error

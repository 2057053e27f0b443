"""The catalogue of rules: complete, well formed, and refused where it is not."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from gao_pipeline.checking.catalogue import check_rule
from gao_pipeline.contracts import rules as rules_module
from gao_pipeline.contracts.identities import compile_system, compile_year_system, equation_text
from gao_pipeline.contracts.loading import Bilingual, ContractError, load_contract
from gao_pipeline.contracts.rules import ERROR_FAMILIES, FAMILIES, LINEAR_KINDS, Rule, load_rules

RULES = list(load_rules().values())
BALANCE = load_rules()["applications.balance"]

RULE_FILE = """
rules:
  - id: {id}
    kind: {kind}
    scope: report
    severity: {severity}
    statement: {{zh: 甲, en: a}}
    message: {{zh: 甲, en: a}}
    example: {{zh: 甲, en: a}}
    source: 某文件
{more}
"""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_can_be_judged_and_its_messages_filled(rule: Rule) -> None:
    check_rule(rule)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_says_what_it_rests_on(rule: Rule) -> None:
    assert rule.source.strip()
    assert rule.severity != "error" or rule.family in ERROR_FAMILIES
    assert re.fullmatch(r"[a-z]+(\.[a-z0-9_]+)+", rule.id)


def test_every_family_of_the_interface_has_rules() -> None:
    assert {rule.family for rule in RULES} == set(FAMILIES)


@pytest.mark.parametrize(
    "rule_id",
    [
        "applications.row_total",
        "applications.balance",
        "applications.concluded_total",
        "applications.count",
        "applications.part_exceeds_total",
        "proceedings.total",
        "proceedings.count",
    ],
)
def test_the_arithmetic_of_the_form_is_an_error(rule_id: str) -> None:
    assert load_rules()[rule_id].severity == "error"


def test_linear_rules_print_their_equation_in_the_words_of_the_form() -> None:
    texts = {rule.id: equation_text(rule, "zh") for rule in RULES if rule.kind in LINEAR_KINDS}
    assert texts["proceedings.total"] == "每一行：总计 = 结果维持 + 结果纠正 + 其他结果 + 尚未审结"
    assert "上一年报告的" in texts["continuity.carry_over"]
    assert "in every column" in equation_text(BALANCE, "en")


def test_each_edition_sums_its_own_outcomes() -> None:
    for edition, leaves in (("2019", 19), ("2021", 21)):
        system = compile_system((("applications", edition),))
        (relation,) = (
            relation
            for relation in system.relations
            if relation.rule.id == "applications.concluded_total" and relation.subject == "total"
        )
        assert len(relation.right) == leaves


def test_nothing_is_chained_over_the_break_of_2021() -> None:
    system = compile_year_system((("disclosure", "2021"),), (("disclosure", "2019"),))
    assert system.relations == ()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (RULE_FILE.format(id="date.x", kind="period", severity="info", more="    colour: red"), "colour"),
        (RULE_FILE.format(id="dates.x", kind="period", severity="info", more=""), "no family"),
        (RULE_FILE.format(id="date.x", kind="period", severity="error", more=""), "may not be an error"),
        (RULE_FILE.format(id="date.x", kind="identity", severity="info", more=""), "relation"),
        (RULE_FILE.format(id="date.x", kind="period", severity="fatal", more=""), "fatal"),
    ],
)
def test_a_malformed_rule_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, complaint: str
) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(rules_module, "contract_files", lambda _: [path])
    load_rules.cache_clear()
    try:
        with pytest.raises(ContractError, match=complaint):
            load_rules()
    finally:
        load_rules.cache_clear()


def test_a_rule_without_a_message_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(
        RULE_FILE.format(id="date.x", kind="period", severity="info", more="").replace("message", "remark"),
        encoding="utf-8",
    )
    with pytest.raises(ContractError, match="remark"):
        load_contract(path, rules_module.RuleFile)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"kind": "astrology"}, "astrology"),
        ({"message": Bilingual(zh="{subject}：{horoscope}", en="{subject}")}, "horoscope"),
        ({"message": Bilingual(zh="{subject}", en=" ")}, "empty"),
        ({"parameters": {"surplus": 1}}, "surplus"),
    ],
)
def test_a_rule_that_cannot_be_judged_is_refused(changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(ContractError, match=complaint):
        check_rule(msgspec.structs.replace(BALANCE, **changes))


def test_an_unknown_fact_code_in_a_selector_is_refused() -> None:
    assert BALANCE.relation is not None
    wrong = rules_module.Cells(rows=("recieved",))
    relation = msgspec.structs.replace(BALANCE.relation, left=(wrong,))
    with pytest.raises(ContractError, match="recieved"):
        check_rule(msgspec.structs.replace(BALANCE, relation=relation))


def test_an_unknown_fact_code_in_a_parameter_is_refused() -> None:
    rule = load_rules()["continuity.jump"]
    parameters = {**rule.parameters, "cells": ["applications/recieved/total"]}
    with pytest.raises(ContractError, match="recieved"):
        check_rule(msgspec.structs.replace(rule, parameters=parameters))

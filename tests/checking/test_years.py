"""Year mentions: what is a year, and which years may stand in a report (`years.find_year_mentions`)."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gao_pipeline.checking.years import find_year_mentions, judge_years, load_year_vocabulary
from gao_pipeline.contracts.rules import load_rules

SENTENCES = yaml.safe_load(Path(__file__).with_name("year_sentences.yaml").read_text("utf-8"))["sentences"]


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: f"{case['report_year']} {case['text'][:24]}")
def test_every_year_is_listed_and_judged(case: dict[str, object]) -> None:
    mentions = find_year_mentions(str(case["text"]), int(str(case["report_year"])))
    assert sorted(m.year for m in mentions if not m.legitimate) == sorted(case.get("wrong", []))  # type: ignore[call-overload]
    assert sorted(m.year for m in mentions if m.legitimate) == sorted(case.get("fine", []))  # type: ignore[call-overload]


def test_the_corpus_sample_is_judged_right(corpus: Path) -> None:
    for line in (corpus / "year_mentions.jsonl").read_text("utf-8").splitlines():
        case = json.loads(line)
        found = {(m.year, m.legitimate) for m in find_year_mentions(case["sentence"], case["report_year"])}
        assert found == {(m["year"], m["legitimate"]) for m in case["mentions"]}, case["sentence"]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("统计期限自２０２１年１月１日起", ["２０２１"]),
        ("二〇二一年度报告", ["二〇二一"]),
        ("规划（2021-2025年）", ["2021", "2025"]),
        ("期限为202311日至1231日", ["2023"]),
        ("（国办公开办函〔201960号）", ["2019"]),
        ("20 23年", ["20 23"]),
        ("2020、2021和2022年", ["2020", "2021", "2022"]),
        ("2021年1⽉1⽇", ["2021"]),
    ],
)
def test_offsets_are_those_of_the_digits(text: str, tokens: list[str]) -> None:
    assert [text[m.start : m.end] for m in find_year_mentions(text, 2021)] == tokens


def test_a_licence_covers_only_its_own_token() -> None:
    licensed, accused = find_year_mentions("较2020年增长5%，2021年我局共收到申请3件", 2022)
    assert (licensed.legitimate, licensed.reason) == (True, "comparison")
    assert (accused.legitimate, accused.reason) == (False, "fact_prior")


@given(
    st.text(alphabet="2019年〇二一、-〔〕号日月我局收到申请3件，。 《》", max_size=60),
    st.integers(2008, 2026),
)
def test_mentions_are_in_order_disjoint_and_stable(text: str, report_year: int) -> None:
    mentions = find_year_mentions(text, report_year)
    assert all(a.end <= b.start for a, b in itertools.pairwise(mentions))
    assert all(1900 <= m.year <= 2099 for m in mentions)
    assert mentions == find_year_mentions(text, report_year)


@given(st.integers(2008, 2026))
def test_the_own_year_is_always_fine(year: int) -> None:
    (mention,) = find_year_mentions(f"{year}年，我局共收到申请3件。", year)
    assert (mention.legitimate, mention.reason) == (True, "own_year")


@pytest.mark.parametrize("date", ["2023年2月30日", "2023年13月", "2023年4月31日"])
def test_a_date_that_does_not_exist_is_a_mismatch_only_in_another_year(date: str) -> None:
    (own,) = judge_years(f"{date}，我局公开信息3条。", 2023)
    assert (own.mention.legitimate, own.mention.reason) == (True, "own_year")
    assert own.judgement is not None
    assert own.judgement.rule == "year.impossible"
    (other,) = find_year_mentions(f"{date}，我局公开信息3条。", 2024)
    assert (other.legitimate, other.reason) == (False, "impossible")


def test_every_mismatch_class_has_a_rule_and_a_name() -> None:
    for judgement in load_year_vocabulary().judgements:
        assert judgement.name.zh
        assert judgement.name.en
        assert judgement.legitimate == (judgement.rule is None or judgement.relation == ("own",))
        assert judgement.rule is None or judgement.rule in load_rules()

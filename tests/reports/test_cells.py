"""Cell text → value, state and unit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gao_pipeline.contracts.forms import Unit
from gao_pipeline.reports.cells import header_scale, read_cell
from gao_pipeline.reports.model import State


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        (" \u3000０ ", 0),
        ("１２", 12),
        ("1 2", 12),
        ("1,234", 1234),
        ("１，０５３", 1053),
        ("12,345,678", 12345678),
        ("3件", 3),
        ("22（其中修订16件）", 22),
        ("-6", -6),
        ("－18", -18),
        ("−3", -3),
        ("零", 0),
        ("12。", 12),
        ("3①", 3),
        ("12 *", 12),
        ("7²", 7),
    ],
)
def test_counts(text: str, value: int) -> None:
    reading = read_cell(text, Unit.COUNT)
    assert (reading.value, reading.state) == (value, State.REPORTED)


@pytest.mark.parametrize("text", ["", " \u3000", "/", "-", "—", "——", "－", "无", "不适用", "\xa0"])
def test_marks_are_blank(text: str) -> None:
    assert read_cell(text, Unit.COUNT).state is State.BLANK


@pytest.mark.parametrize(
    "text",
    [
        "见附件",
        "若干",
        "00",
        "012",
        "1,23",
        "1,2345",
        "12.",
        "5%",
        "1-2",
        "3①件",
        "①",
        "约5",
        "5万元",
        "1.2.3",
        "（3）",
    ],
)
def test_what_is_no_number_is_illegible(text: str) -> None:
    reading = read_cell(text, Unit.COUNT)
    assert (reading.value, reading.state) == (None, State.ILLEGIBLE)


@pytest.mark.parametrize(
    ("text", "unit", "header", "value", "assumed"),
    [
        ("160.5964万元", Unit.CNY, "采购总金额", 1605964, False),
        ("251000元", Unit.CNY, "采购总金额", 251000, False),
        ("73802895.90\n元", Unit.CNY, "采购总金额", 73802895.9, False),
        ("477.35", Unit.CNY, "采购总金额（万元）", 4773500, False),
        ("100645", Unit.CNY, "采购总金额", 100645, True),
        ("43.788万元", Unit.TEN_THOUSAND_CNY, "本年收费金额（单位：万元）", 43.788, False),
        ("43.788", Unit.TEN_THOUSAND_CNY, "本年收费金额（单位：万元，保留4位小数）", 43.788, False),
        ("12345元", Unit.TEN_THOUSAND_CNY, "本年收费金额（单位：万元）", 1.2345, False),
        ("12345", Unit.TEN_THOUSAND_CNY, "本年收费金额（单位：元）", 1.2345, False),
        ("0.5", Unit.TEN_THOUSAND_CNY, "本年收费金额", 0.5, True),
    ],
)
def test_money(text: str, unit: Unit, header: str, value: float, assumed: bool) -> None:
    reading = read_cell(text, unit, header_scale(header))
    assert (reading.value, reading.unit_assumed) == (value, assumed)


@pytest.mark.parametrize(("text", "value"), [("+1036", 1036), ("减8", -8), ("增加 3", 3), ("-8", -8)])
def test_changes_may_carry_their_sign_in_words(text: str, value: int) -> None:
    assert read_cell(text, Unit.SIGNED_COUNT).value == value


def test_a_word_for_a_sign_means_nothing_in_a_count() -> None:
    assert read_cell("减8", Unit.COUNT).state is State.ILLEGIBLE


def test_recognition_without_confidence_is_illegible_and_a_blank_stays_blank() -> None:
    assert read_cell("7", Unit.COUNT, confidence=0.2).state is State.ILLEGIBLE
    assert read_cell("7", Unit.COUNT, confidence=0.99).value == 7
    assert read_cell("", Unit.COUNT, confidence=0.2).state is State.BLANK


@given(st.integers(-(10**12), 10**12), st.sampled_from(["{}", "{:,}", " {} ", "{}件", "{}（含结转）"]))
def test_every_integer_is_read_back(number: int, written: str) -> None:
    reading = read_cell(written.format(number), Unit.COUNT)
    assert reading.value == number
    assert isinstance(reading.value, int)


@given(st.integers(0, 10**12), st.integers(0, 9999))
def test_money_is_exact(yuan: int, fraction: int) -> None:
    text = f"{yuan}.{fraction:04d}万元"
    assert read_cell(text, Unit.CNY).value == yuan * 10_000 + fraction

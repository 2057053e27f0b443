"""Chinese numerals are read and written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gao_pipeline.contracts.numerals import load_numerals


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("二十三", 23),
        ("十", 10),
        ("三十", 30),
        ("一百零五", 105),
        ("一千二百", 1200),
        ("二〇二一", 2021),
        ("二○二O", 2020),
        ("一〇五", 105),
        ("2021", 2021),
        ("1十2", 12),
        ("九", 9),
    ],
)
def test_a_numeral_is_counted_out_or_read_figure_by_figure(numeral: str, value: int) -> None:
    assert load_numerals().value(numeral) == value


@given(st.integers(1, 99))
def test_a_count_reads_back_as_it_is_written(count: int) -> None:
    numerals = load_numerals()
    assert numerals.value(numerals.numeral(count)) == count


@pytest.mark.parametrize("count", [0, 100])
def test_a_count_of_another_size_is_not_written(count: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 99"):
        load_numerals().numeral(count)


def test_what_is_no_numeral_has_no_value() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        load_numerals().value("年")

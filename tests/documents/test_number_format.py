"""Figures are shown as a spreadsheet shows them."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gao_pipeline.documents.workbook.number_format import displayed


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (None, "General", ""),
        (12.0, "General", "12"),
        (160.5964, "General", "160.5964"),
        (0.1 + 0.2, "General", "0.3"),
        (1e20, "General", "100000000000000000000"),
        (1e-7, "General", "0.0000001"),
        (-3, "General", "-3"),
        (12, "G/通用格式", "12"),
        (3, "@", "3"),
        (2535411.71, "#,##0.00", "2,535,411.71"),
        (160.5964, "0.00", "160.60"),
        (2.5, "0", "3"),
        (-0.4, "0", "0"),
        (5, "000", "005"),
        (1.5, "0.0##", "1.5"),
        (0, "#,##0", "0"),
        (0, "#", ""),
        (0, "#,###", ""),
        (0, "#.##", ""),
        (0.6648, "0.00%", "66.48%"),
        (1234, '#,##0"件"', "1,234件"),
        (12, '0"（件）"', "12（件）"),
        (7.5, '"¥"#,##0.00_);\\("¥"#,##0.00\\)', "¥7.50"),
        (7.5, "[$¥-804]#,##0.00", "¥7.50"),
        (-5, "0_);[Red]\\(0\\)", "-5"),
        (-5, "0.00_);[Red](0.00)", "-5.00"),
        (0, "0;-0;;@", ""),
        (0, '0;-0;""', ""),
        (0, '0;-0;"—"', "0"),
        (0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "0"),
        (3, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "3.00"),
        (12_000_000, "0.0,", "12000.0"),
        (12345, '0!.0,"万"', "1.2万"),
        (1234, '0"."0,', "0.1"),
        (3, "000-000", "000003"),
        (7, "#.##", "7"),
        (7, 'General"万元"', "7万元"),
        (7, "G/通用格式;-G/通用格式;", "7"),
        (-7, 'General"件"', "-7件"),
        (7, ";;;", ""),
        (0, ";;;", ""),
        (-7, "0;;", ""),
        (7, "[Red]", "7"),
        (7, '"—"', "—"),
        (200, '[>100]">100";0', ">100"),
        ("12", '0;0;0;@"万元"', "12万元"),
        ("12", '@"件"', "12件"),
        ("12", ";;;", ""),
        ("12", '_ * #,##0_ ;_ * "-"??_ ;_ @_ ', "12"),
        (5, '[>=1000000]0.0,,"百万";0', "5"),
        (2_500_000, '[>=1000000]0.0,,"百万";0', "2.5百万"),
        (-5, "[>=100]#,##0;[<0]-0;0", "-5"),
        (sum([0.1] * 50), "General", "5"),
        (1234, "0.00E+00", "1234"),
        (0.5, "# ?/?", "0.5"),
        (float("nan"), "0", "nan"),
        (True, "General", "TRUE"),
        ("　12 ", "0", "　12 "),
        (datetime(2024, 1, 19), "yyyy-mm-dd", "2024-01-19"),
        (datetime(2024, 1, 19, 9, 30), "General", "2024-01-19 09:30"),
        (date(2024, 1, 19), "General", "2024-01-19"),
        (time(9, 30), "General", "09:30:00"),
    ],
)
def test_displayed(value: object, number_format: str, text: str) -> None:
    assert displayed(value, number_format) == text


@given(
    st.integers(-(10**12), 10**12), st.sampled_from(["General", "0", "#,##0", "0_ ", "#,##0_);(#,##0)", "@"])
)
def test_integers_are_shown_in_full(value: int, number_format: str) -> None:
    assert int(displayed(float(value), number_format).replace(",", "")) == value


@given(st.decimals(0, 10**8, places=4))
def test_amounts_are_shown_to_the_last_digit(value: object) -> None:
    assert displayed(float(str(value)), "0.0000") == f"{value:.4f}"

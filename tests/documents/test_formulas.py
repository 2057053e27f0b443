"""Formulas without results: sums are computed, everything else is left alone."""

from __future__ import annotations

import pytest

from gao_pipeline.documents.workbook.formulas import computed

_VALUES = {(1, 2): 5, (1, 3): 7.5, (1, 4): "件", (2, 2): True, (4, 2): None, (3, 2): "３件"}


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("=SUM(B1:D1)", 12.5),
        ("=sum($B$1,C1:D1 , 2)", 14.5),
        ("=B1+C1*2-1", 19),
        ("=-(B1+3)/2", -4),
        ("=SUM(B1:D1)-SUM(B9:B12)", 12.5),
        ("=B9+B4+SUM(B4:B9)", 0),
        ("=SUM(B1:B3)", None),
        ("=0.1+0.2", 0.3),
        ("=D1+1", None),
        ("=B2+1", None),
        ("=1/0", None),
        ("=0/0", None),
        ("=5%", None),
        ("=B1>1", None),
        ("=IF(B1=5,1,2)", None),
        ("=SUM(B:B)", None),
        ("=SUM(A1:XFD9999999)", None),
        ("=SUM('表'!B1:B3)", None),
        ("=SUM(B1:C1", None),
        ("=SUM(B1:C1))", None),
        ("=", None),
    ],
)
def test_computed(formula: str, result: float | None) -> None:
    assert computed({(9, 1): formula}, _VALUES) == ({} if result is None else {(9, 1): result})


def test_formulas_that_rest_on_formulas() -> None:
    chain = {(row, 1): f"=A{row + 1}+1" for row in range(1, 5)} | {(7, 1): "=A8", (8, 1): "=A7"}
    assert computed(chain, {(5, 1): 3}) == {(4, 1): 4, (3, 1): 5, (2, 1): 6, (1, 1): 7}

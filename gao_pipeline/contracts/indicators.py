"""The published indicators: what is divided by what, as sums of cells of the form.

Read from `data_contracts/indicators.yaml`.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from typing import Literal

from gao_pipeline.contracts.forms import FactCode, load_forms
from gao_pipeline.contracts.loading import Bilingual, ContractError, Spec, contracts_root, load_contract

Measure = Literal["total", "ratio", "growth", "zero_reports", "consistent_reports", "not_computed"]


class Term(Spec, frozen=True, kw_only=True):
    """Cells of one table that are added up: patterns over `row/column`, those under `minus` subtracted."""

    table: str
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()

    def cells(self, form: str) -> dict[FactCode, int]:
        """The cells in an edition with their signs; empty where the edition lacks any of them."""
        codes = [code for code in load_forms()[form].codes if code.table == self.table]
        signs: dict[FactCode, int] = {}
        for sign, patterns in ((1, self.plus), (-1, self.minus)):
            for pattern in patterns:
                found = [code for code in codes if fnmatchcase(f"{code.row}/{code.column}", pattern)]
                if not found:
                    return {}
                signs.update(dict.fromkeys(found, sign))
        return signs


class Indicator(Spec, frozen=True, kw_only=True):
    """One indicator.

    `measure`: `total` is the numerator itself; `ratio` is numerator over denominator; `growth` compares the
    numerator with the year before, over the organisations that give it in both; `zero_reports` is the share
    of reports whose numerator is 0; `consistent_reports` the share without a finding of severity error;
    `not_computed` needs data that reports do not give (`caveat` says which).
    A denominator below `small_sample` is too small to compare rates; `breaks` are the report years whose
    figures are not comparable with the year before.
    """

    code: str
    name: Bilingual
    unit: Literal["count", "ratio", "10k_cny", "cny", "per_10k_residents"]
    measure: Measure = "ratio"
    numerator: Term | None = None
    denominator: Term | None = None
    small_sample: int | None = None
    breaks: tuple[int, ...] = ()
    caveat: Bilingual | None = None

    @property
    def terms(self) -> dict[str, Term]:
        """The sums that a report must give, by their part of the fraction."""
        parts = {"numerator": self.numerator, "denominator": self.denominator}
        return {part: term for part, term in parts.items() if term is not None}


class IndicatorFile(Spec, frozen=True, kw_only=True):
    """The published indicators."""

    indicators: tuple[Indicator, ...]


_PARTS: dict[Measure, set[str]] = {
    "total": {"numerator"},
    "ratio": {"numerator", "denominator"},
    "growth": {"numerator"},
    "zero_reports": {"numerator"},
    "consistent_reports": set(),
    "not_computed": set(),
}


@cache
def load_indicators() -> dict[str, Indicator]:
    """Every indicator by code, in catalogue order.

    Raises:
        ContractError: the file is malformed, a code is used twice, the parts do not fit the measure, or a
            term names cells of no edition.
    """
    path = contracts_root() / "indicators.yaml"
    indicators: dict[str, Indicator] = {}
    for indicator in load_contract(path, IndicatorFile).indicators:
        if indicator.code in indicators:
            raise ContractError(f"{path.name}: {indicator.code} is defined twice")
        if set(indicator.terms) != _PARTS[indicator.measure]:
            raise ContractError(f"{path.name}: {indicator.code} does not have the parts of its measure")
        for term in indicator.terms.values():
            if not any(term.cells(form) for form in load_forms()):
                raise ContractError(f"{path.name}: {indicator.code} names cells of no edition: {term}")
        indicators[indicator.code] = indicator
    return indicators

"""The published indicators: what is divided by what, as sums of cells of the form, of claims, of reports.

Read from `data_contracts/indicators.yaml`.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from typing import Literal

from gao_pipeline.contracts.forms import FactCode, load_forms
from gao_pipeline.contracts.loading import Bilingual, ContractError, Spec, contracts_root, load_contract

Measure = Literal["total", "ratio", "growth", "zero_reports"]
SampleSize = Literal["small", "medium", "large"]

PROSE = "prose"
"""Stands for the table where a term adds up claims, by their kind."""

REPORT = "report"
"""Stands for the table where a term adds up what is known of a report as a whole."""

REPORT_QUANTITIES = ("reports", "consistent", "rules_passed", "rules_failed", "residents")
"""What is known of a report as a whole; see the head of `indicators.yaml`."""

ANY_FORM = ""
"""Stands for the edition where a term does not depend on it."""


class Term(Spec, frozen=True, kw_only=True):
    """What of one table is added up; what is under `minus` is subtracted."""

    table: str
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """The editions for which the term says what to add up."""
        return (ANY_FORM,) if self.table in (PROSE, REPORT) else tuple(load_forms())

    def cells(self, form: str) -> dict[FactCode, int]:
        """The cells in an edition with their signs; empty where the edition lacks any of them.

        A kind of claim, or a quantity of the report, stands as a row without columns.
        """
        signs: dict[FactCode, int] = {}
        for sign, patterns in ((1, self.plus), (-1, self.minus)):
            for pattern in patterns:
                found = self._matching(pattern, form)
                if not found:
                    return {}
                signs.update(dict.fromkeys(found, sign))
        return signs

    def _matching(self, pattern: str, form: str) -> list[FactCode]:
        if self.table == PROSE:
            return [FactCode(PROSE, pattern, "")]
        if self.table == REPORT:
            return [FactCode(REPORT, name, "") for name in REPORT_QUANTITIES if name == pattern]
        codes = (code for code in load_forms()[form].codes if code.table == self.table)
        return [code for code in codes if fnmatchcase(f"{code.row}/{code.column}", pattern)]


class Indicator(Spec, frozen=True, kw_only=True):
    """One indicator.

    `measure`: `total` is the numerator itself; `ratio` is numerator over denominator; `growth` compares the
    numerator with the year before, over the organisations that give it in both; `zero_reports` is the share
    of reports whose numerator is 0. Ratios are multiplied by `scale`. `breaks` are the report years whose
    figures are not comparable with the year before.
    """

    code: str
    name: Bilingual
    unit: Literal["count", "ratio", "10k_cny", "cny", "per_10k_residents"]
    measure: Measure = "ratio"
    numerator: Term
    denominator: Term | None = None
    scale: float = 1
    breaks: tuple[int, ...] = ()
    caveat: Bilingual | None = None

    @property
    def terms(self) -> dict[str, Term]:
        """The sums that a report must give, by their part of the fraction."""
        parts = {"numerator": self.numerator, "denominator": self.denominator}
        return {part: term for part, term in parts.items() if term is not None}

    @property
    def small_sample(self) -> int | None:
        """The denominator below which the indicator is too uncertain to be compared, if it has one."""
        return None if self.measure == "total" else _load().sample_sizes.small


class SampleSizes(Spec, frozen=True, kw_only=True):
    """Numbers of cases from which a sample is no longer small, and no longer medium."""

    small: int
    medium: int


class IndicatorFile(Spec, frozen=True, kw_only=True):
    """The published indicators."""

    sample_sizes: SampleSizes
    indicators: tuple[Indicator, ...]


@cache
def load_indicators() -> dict[str, Indicator]:
    """Every indicator by code, in catalogue order.

    Raises:
        ContractError: the file is malformed, a code is used twice, the parts do not fit the measure, or a
            term names cells of no edition.
    """
    indicators: dict[str, Indicator] = {}
    for indicator in _load().indicators:
        if indicator.code in indicators:
            raise ContractError(f"indicators.yaml: {indicator.code} is defined twice")
        if (indicator.measure == "ratio") != (indicator.denominator is not None):
            raise ContractError(f"indicators.yaml: {indicator.code} does not have the parts of its measure")
        for term in indicator.terms.values():
            if not any(term.cells(form) for form in term.forms):
                raise ContractError(f"indicators.yaml: {indicator.code} names cells of no edition: {term}")
        indicators[indicator.code] = indicator
    return indicators


def load_sample_sizes() -> SampleSizes:
    """The bounds of small and medium samples."""
    return _load().sample_sizes


@cache
def _load() -> IndicatorFile:
    return load_contract(contracts_root() / "indicators.yaml", IndicatorFile)

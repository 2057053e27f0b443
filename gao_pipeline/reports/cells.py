"""The text of a cell → value, state and unit. Reads one cell at a time and never looks at its neighbours."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from gao_pipeline.contracts.forms import Unit
from gao_pipeline.contracts.text import compact, fold, strip_notes
from gao_pipeline.reports.model import Number, State
from gao_pipeline.reports.vocabulary import cell_vocabulary

_NUMBER = re.compile(r"(?P<sign>[+\-−–—]?)(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<decimals>\.\d+)?")
_APART = re.compile(r"\d\s+[\d.]|\.\s+\d")
_ENDS = "。;,、"
_YUAN = {Unit.CNY: 1, Unit.TEN_THOUSAND_CNY: 10_000}


class CellReading(NamedTuple):
    """What a cell says. `split` tells that its digits were printed apart (`1 2`)."""

    value: Number | None
    state: State
    unit_assumed: bool = False
    split: bool = False


def header_scale(header: str) -> int | None:
    """Yuan per unit that a column header names, if it does: `采购总金额（万元）` gives 10000."""
    vocabulary = cell_vocabulary()
    units = vocabulary.money_unit_pattern.findall(compact(header))
    return vocabulary.money_units[units[-1]] if units else None


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: it is empty or holds a mark such as `/` or `无`."""
    content = compact(text)
    return not content or content in cell_vocabulary().blank_marks


def is_figure(text: str) -> bool:
    """Whether a cell holds a number, with or without a unit."""
    return read_cell(text, Unit.SIGNED_COUNT).value is not None or read_cell(text, Unit.CNY).value is not None


@lru_cache(maxsize=8192)
def read_cell(
    text: str, unit: Unit, scale: int | None = None, confidence: float | None = None
) -> CellReading:
    """Read a cell of a column counted in `unit`.

    Args:
        text: the cell as printed.
        unit: the unit of the form; the value is given in it.
        scale: yuan per unit that the header of a money column names, if it does.
        confidence: that of OCR; below the floor of `cells.yaml` the cell is illegible.

    The value is exact: integers stay integers, decimals are computed in decimal arithmetic.
    """
    vocabulary = cell_vocabulary()
    if is_blank(text):
        return CellReading(None, State.BLANK)
    if confidence is not None and confidence < vocabulary.confidence_floor:
        return CellReading(None, State.ILLEGIBLE)
    printed = vocabulary.note_mark_pattern.sub("", text.strip())
    if any(unicodedata.category(char) == "No" for char in strip_notes(printed)):
        return CellReading(None, State.ILLEGIBLE)
    content = strip_notes(compact(printed)).rstrip(_ENDS)
    sign = 1
    if unit is Unit.SIGNED_COUNT:
        for word, meaning in vocabulary.signs.items():
            if content.startswith(word):
                content, sign = content[len(word) :], meaning
                break
    amount = _parse(content, vocabulary.money_units if unit.is_money else None)
    if amount is None:
        return CellReading(None, State.ILLEGIBLE)
    number, used = sign * amount.number, amount.scale or scale
    if unit.is_money:
        number = number * (used or _YUAN[unit]) / _YUAN[unit]
    is_assumed = unit.is_money and used is None
    return CellReading(_plain(number), State.REPORTED, is_assumed, _is_split(printed))


class _Amount(NamedTuple):
    """A number as printed, and yuan per unit of the money unit behind it, if there is one."""

    number: Decimal
    scale: int | None = None


def _parse(content: str, money_units: dict[str, int] | None) -> _Amount | None:
    """The number in `content`; `None` where it is none, or one of something else than the column counts."""
    if content in cell_vocabulary().zeros:
        return _Amount(Decimal(0))
    match = _NUMBER.match(content)
    if match is None:
        return None
    digits, decimals, rest = match["digits"], match["decimals"] or "", content[match.end() :]
    if len(digits) > 1 and digits.startswith("0"):
        return None
    negative = match["sign"] not in ("", "+")
    number = Decimal(digits.replace(",", "") + decimals) * (-1 if negative else 1)
    if not rest:
        return _Amount(number)
    if money_units is not None:
        return _Amount(number, money_units[rest]) if rest in money_units else None
    return _Amount(number) if rest in cell_vocabulary().count_units else None


def _plain(number: Decimal) -> Number:
    return int(number) if number == number.to_integral_value() else float(number)


def _is_split(text: str) -> bool:
    return _APART.search(fold(text).strip()) is not None

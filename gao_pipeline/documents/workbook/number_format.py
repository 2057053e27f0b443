"""Shows the values of spreadsheet cells as the sheet prints them, by the cell's number format.

A subset of the format language that figures use: sections, literals, digits, grouping, percent, scaling.
A negative figure that a format writes in brackets or in red is written with a minus sign, and a zero that
a format hides or writes as a dash is written as 0: it was filled in.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_SECTION_BREAK = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_BRACKETED = re.compile(r"\[[^\]]*\]")
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\]")
_COMPARISONS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "<>": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}
_PADDING = re.compile(r"_.|\*.")
_DIGITS = re.compile(r"[#0?][#0?,]*(?:\.[#0?]+)?,*|\.[#0?]+,*")
_UNUSUAL = re.compile(r"[eE/!]")
_SIGNS = frozenset("()-")
_PRIVATE_USE = 0xE000
_WHOLE_DIGITS, _SIGNIFICANT_DIGITS = 15, 13
"""So many digits of a whole number are exact; of others the last ones are what computing them has left."""


def displayed(value: object, number_format: str = "General") -> str:
    """The text that a cell with this value shows; a cell without value shows nothing."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case int() | float() if isfinite(value):
            return _figure(value, number_format)
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(" ", "minutes")
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)


def _figure(value: float, number_format: str) -> str:
    digits = _WHOLE_DIGITS if value == int(value) else _SIGNIFICANT_DIGITS
    number = Decimal(format(value, f".{digits}g"))
    sections = _SECTION_BREAK.split(number_format)
    if any(map(_CONDITION.search, sections)):
        return _formatted(number, next((part for part in sections if _holds(part, number)), sections[-1]))
    if number == 0 and len(sections) > 2:
        return _formatted(number, sections[2])
    if number < 0 and len(sections) > 1:
        return _formatted(number, sections[1])
    return _formatted(number, sections[0])


def _holds(section: str, number: Decimal) -> bool:
    """Whether a section of a format is for this number; one without a condition is for all that are left."""
    condition = _CONDITION.search(section)
    return condition is None or _COMPARISONS[condition[1]](number, Decimal(condition[2]))


def _formatted(number: Decimal, section: str) -> str:
    """A number by one section of a format; as it is where the section has no plain digits."""
    literals: list[str] = []

    def protected(match: re.Match[str]) -> str:
        literal = match[1] if match[1] is not None else match[2]
        if literal in _SIGNS:
            return ""
        literals.append(literal)
        return chr(_PRIVATE_USE + len(literals) - 1)

    pattern = _CURRENCY.sub(r"\1", _QUOTED.sub(protected, section))
    pattern = _PADDING.sub("", _BRACKETED.sub("", pattern))
    pattern = "".join(character for character in pattern if character not in _SIGNS).strip()
    digits = _DIGITS.search(pattern)
    if digits is None or "0" not in digits[0] or _UNUSUAL.search(pattern):
        return _general(number)
    shown = _digits(abs(number * 100 if "%" in pattern else number), digits[0])
    sign = "-" if number < 0 and shown.strip("0.,") else ""
    text = pattern[: digits.start()] + shown + pattern[digits.end() :]
    for index, literal in enumerate(literals):
        text = text.replace(chr(_PRIVATE_USE + index), literal)
    return sign + text


def _digits(number: Decimal, pattern: str) -> str:
    """The digits of a number without sign, by a pattern such as `#,##0.00##`."""
    placeholders = pattern.rstrip(",")
    thousands = len(pattern) - len(placeholders)
    whole, _, fraction = placeholders.partition(".")
    rounded = number.scaleb(-3 * thousands).quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    integral, _, decimals = format(rounded, ",f" if "," in whole else "f").partition(".")
    kept = decimals.rstrip("0").ljust(fraction.count("0"), "0")
    return integral.rjust(whole.count("0"), "0") + (f".{kept}" if kept else "")


def _general(number: Decimal) -> str:
    """A number as it is: no exponent, no trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text

"""Shows the values of spreadsheet cells as the sheet prints them, by the cell's number format.

A subset of the format language that figures use: sections, literals, digits, grouping, percent, scaling, and
what is written of texts. A negative figure that a format writes in brackets or in red is written with a minus
sign, and a zero that a format writes as a dash is written as 0: it was filled in.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

_QUOTED = re.compile(r'"([^"]*)"|[\\!](.)')
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
_GENERAL_NAMES = re.compile(r"General|G/通用格式", re.IGNORECASE)
_GENERAL, _TEXT = "\ue000", "@"
_DIGITS = re.compile(r"[#0?](?:.*[#0?])?[.,]*|\.[#0?]+,*")
_PLACEHOLDERS = "#0?."
_NOT_ZERO = re.compile(r"[1-9]")
_UNUSUAL = re.compile(r"[eE/]")
_SIGNS = frozenset("()-")
_DASH = re.compile("[-–—]")
_FIRST_LITERAL = 0xE001
_MOST_SECTIONS = 4
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
            return _written(str(value), number_format)


def _written(text: str, number_format: str) -> str:
    """A text as the section of a format for texts writes it: the fourth, or the last if it is for texts."""
    sections = _SECTION_BREAK.split(number_format)
    if len(sections) != _MOST_SECTIONS and _TEXT not in sections[-1]:
        return text
    pattern, literals = _pattern(sections[-1])
    return _with_literals(pattern.replace(_TEXT, text).replace(_GENERAL, text), literals)


def _figure(value: float, number_format: str) -> str:
    digits = _WHOLE_DIGITS if value == int(value) else _SIGNIFICANT_DIGITS
    number = Decimal(format(value, f".{digits}g"))
    sections = _SECTION_BREAK.split(number_format)
    if len(sections) > 1 and not any(sections):
        return ""
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
    """A number by one section of a format; as it is where nothing but a colour is said, or a fraction."""
    pattern, literals = _pattern(section)
    pattern = "".join(character for character in pattern if character not in _SIGNS).strip()
    digits = _DIGITS.search(pattern)
    if _UNUSUAL.search(pattern) or _TEXT in pattern or (section and not pattern):
        return _general(number)
    figure = ""
    if _GENERAL in pattern:
        figure = _general(abs(number))
        shown = pattern.replace(_GENERAL, figure)
    elif digits is None:
        shown = pattern
    else:
        figure = _spread(_digits(abs(number * 100 if "%" in pattern else number), digits[0]), digits[0])
        shown = pattern[: digits.start()] + figure + pattern[digits.end() :]
    if not (number or figure):
        return "0" if _DASH.search(_PADDING.sub("", section)) else ""
    sign = "-" if number < 0 and _NOT_ZERO.search(shown) else ""
    return sign + _with_literals(shown, literals)


def _pattern(section: str) -> tuple[str, list[str]]:
    """A section of a format with a sign for each of its literals, and these; without paddings and colours."""
    literals: list[str] = []

    def protected(match: re.Match[str]) -> str:
        literal = match[1] if match[1] is not None else match[2]
        if literal in _SIGNS:
            return ""
        literals.append(literal)
        return chr(_FIRST_LITERAL + len(literals) - 1)

    pattern = _GENERAL_NAMES.sub(_GENERAL, _CURRENCY.sub(r"\1", _QUOTED.sub(protected, section)))
    return _PADDING.sub("", _BRACKETED.sub("", pattern)), literals


def _with_literals(pattern: str, literals: Sequence[str]) -> str:
    for index, literal in enumerate(literals):
        pattern = pattern.replace(chr(_FIRST_LITERAL + index), literal)
    return pattern


def _digits(number: Decimal, pattern: str) -> str:
    """The digits of a number without sign, by a pattern such as `#,##0.00##` with anything in between."""
    pattern = "".join(character for character in pattern if character in f"{_PLACEHOLDERS},")
    placeholders = pattern.rstrip(",.")
    thousands = pattern[len(placeholders) :].count(",")
    whole, _, fraction = placeholders.partition(".")
    rounded = number.scaleb(-3 * thousands).quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    integral, _, decimals = format(rounded, ",f" if "," in whole else "f").partition(".")
    kept = decimals.rstrip("0").ljust(fraction.count("0"), "0")
    if integral == "0" and not kept and "0" not in whole:
        return ""
    return integral.rjust(whole.count("0"), "0") + (f".{kept}" if kept else "")


def _spread(digits: str, pattern: str) -> str:
    """The digits with the literals of a pattern between them, which are counted from the right."""
    if all(character in f"{_PLACEHOLDERS}," for character in pattern):
        return digits
    rest = list(digits)
    shown: list[str] = []
    for character in reversed(pattern):
        if character not in f"{_PLACEHOLDERS},":
            shown.append(character)
        elif character != "," and rest:
            shown.append(rest.pop())
    return "".join(rest) + "".join(reversed(shown))


def _general(number: Decimal) -> str:
    """A number as it is: no exponent, no trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text

"""The results of formulas that a sheet shows once it is opened, where the file does not hold them.

Programs that write workbooks store formulas without results, and leave it to the one that opens them to
compute. Computed are sums, differences, products and quotients of the cells of a sheet: with them forms add
up. Whatever else a formula says stays a formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, DivisionByZero, InvalidOperation

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError
from openpyxl.utils import range_boundaries

Place = tuple[int, int]
"""Row and column, counted from 1."""

_SUM = "SUM("
_RANGE = re.compile(r"\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?", re.IGNORECASE)
_OPERATIONS: Sequence[Mapping[str, Callable[[Decimal, Decimal], Decimal]]] = (
    {"+": lambda left, right: left + right, "-": lambda left, right: left - right},
    {"*": lambda left, right: left * right, "/": lambda left, right: left / right},
)
"""By rank: those of the second bind closer."""
_DIGIT = re.compile(r"\d")
_MOST_CELLS = 100_000
_DEEPEST = 40


class _NotComputedError(Exception):
    """A formula is none of those that are computed, or needs a cell that is none."""


def computed(formulas: Mapping[Place, str], values: Mapping[Place, object]) -> dict[Place, int | float]:
    """The results of the formulas (`=SUM(D4:D9)`) of a sheet, of those that can be told.

    Args:
        formulas: by place, in the notation A1.
        values: what stands in the other cells.
    """
    sheet = _Sheet(formulas, values)
    results = {}
    for place in formulas:
        try:
            number = sheet.number(place)
        except _NotComputedError:
            continue
        results[place] = int(number) if number == number.to_integral_value() else float(number)
    return results


class _Sheet:
    """The numbers of a sheet; each formula is computed once."""

    def __init__(self, formulas: Mapping[Place, str], values: Mapping[Place, object]) -> None:
        self._formulas = formulas
        self._values = {place: value for place, value in values.items() if value is not None}
        self._texts = {place for place, value in self._values.items() if _number(value) is None}
        self._texts.difference_update(formulas)
        self._results: dict[Place, Decimal | None] = {}
        self._underway: set[Place] = set()

    def number(self, place: Place) -> Decimal:
        """The number in a cell; an empty one counts as 0."""
        if place not in self._formulas:
            number = _number(self._values.get(place, 0))
            if number is None:
                raise _NotComputedError
            return number
        if place not in self._results:
            self._results[place] = self._result(place)
        result = self._results[place]
        if result is None:
            raise _NotComputedError
        return result

    def sum_of(self, area: str) -> Decimal:
        """The sum of a range. Texts do not count in it; where they hold figures, that cannot be told."""
        places = list(_places(area))
        if any(_DIGIT.search(str(self._values.get(place, ""))) for place in self._texts.intersection(places)):
            raise _NotComputedError
        return sum((self.number(place) for place in places if place not in self._texts), Decimal())

    def _result(self, place: Place) -> Decimal | None:
        if place in self._underway or len(self._underway) >= _DEEPEST:
            return None
        self._underway.add(place)
        try:
            return _Formula(self._formulas[place], self).result()
        except (_NotComputedError, TokenizerError, IndexError, DivisionByZero, InvalidOperation):
            return None
        finally:
            self._underway.remove(place)


class _Formula:
    """A formula under way, token by token."""

    def __init__(self, text: str, sheet: _Sheet) -> None:
        tokens = Tokenizer(text).items
        self._tokens = [token for token in tokens if token.type != Token.WSPACE]
        self._next = 0
        self._sheet = sheet

    def result(self) -> Decimal:
        result = self._expression()
        if self._next < len(self._tokens):
            raise _NotComputedError
        return result

    def _expression(self, rank: int = 0) -> Decimal:
        if rank == len(_OPERATIONS):
            return self._operand()
        result = self._expression(rank + 1)
        while (sign := self._taken(Token.OP_IN, *_OPERATIONS[rank])) is not None:
            result = _OPERATIONS[rank][sign](result, self._expression(rank + 1))
        return result

    def _operand(self) -> Decimal:
        if (sign := self._taken(Token.OP_PRE, "+", "-")) is not None:
            return -self._operand() if sign == "-" else self._operand()
        if self._taken(Token.PAREN, "(") is not None:
            return self._closed(self._expression(), Token.PAREN)
        if self._taken(Token.FUNC, _SUM) is not None:
            return self._closed(self._sum(), Token.FUNC)
        text = self._taken(Token.OPERAND)
        number = None if text is None else _number_of(text)
        if number is not None:
            return number
        places = list(_places(text or ""))
        if len(places) != 1:
            raise _NotComputedError
        return self._sheet.number(places[0])

    def _sum(self) -> Decimal:
        """The sum of the arguments of a function."""
        result = Decimal()
        while True:
            ahead = self._tokens[self._next : self._next + 2]
            is_range = len(ahead) == 2 and _RANGE.fullmatch(ahead[0].value) and ahead[1].type != Token.OP_IN
            result += self._sheet.sum_of(self._taken(Token.OPERAND) or "") if is_range else self._expression()
            if self._taken(Token.SEP) is None:
                return result

    def _closed(self, result: Decimal, kind: str) -> Decimal:
        if self._taken(kind, ")") is None:
            raise _NotComputedError
        return result

    def _taken(self, kind: str, *values: str) -> str | None:
        """The text of the next token, which is passed, where it is of a kind and among some values."""
        if self._next == len(self._tokens):
            return None
        token = self._tokens[self._next]
        if token.type != kind or (values and token.value.upper() not in values):
            return None
        self._next += 1
        return str(token.value)


def _places(area: str) -> Iterator[Place]:
    """The places of a range such as `D4:D9`, of those in the same sheet."""
    if not _RANGE.fullmatch(area):
        raise _NotComputedError
    left, top, right, bottom = range_boundaries(area)
    if left is None or top is None or right is None or bottom is None:
        raise _NotComputedError
    if (right - left + 1) * (bottom - top + 1) > _MOST_CELLS:
        raise _NotComputedError
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            yield row, column


def _number(value: object) -> Decimal | None:
    """The number that a value is, if it is one."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    number = Decimal(str(value))
    return number if number.is_finite() else None


def _number_of(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"\d+(?:\.\d+)?", text) else None

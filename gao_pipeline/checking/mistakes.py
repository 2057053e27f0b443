"""How likely a printed figure is a slip for another one: digit swaps, lost digits, glued cells and the like.

The kinds of mistakes and their weights are data (`data_contracts/vocabularies/mistakes.yaml`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from gao_pipeline.contracts.loading import Bilingual, Spec
from gao_pipeline.contracts.vocabularies import load_vocabulary


class Weighted(Bilingual, frozen=True, kw_only=True):
    """A way in which figures go wrong, and its weight compared with the others."""

    weight: float


class Mistake(Weighted, frozen=True, kw_only=True):
    """One that changes a single cell; `code` names its test."""

    code: str


class Mistakes(Spec, frozen=True, kw_only=True):
    """The catalogue of mistakes; see the comments of its file."""

    margin: float
    shown: int
    alternatives: int
    broken_at_most: int
    exchanged: Weighted
    mistakes: tuple[Mistake, ...]


@cache
def load_mistakes() -> Mistakes:
    """The catalogue, every kind of which has its test here.

    Raises:
        ContractError: the file is malformed.
    """
    return load_vocabulary("mistakes", Mistakes)


def likelihood(printed: float, meant: float, neighbours: Sequence[float], is_total: bool) -> float:
    """The weight of the likeliest mistake that turns `meant` into `printed`.

    Args:
        neighbours: the figures of the cells beside, above and below.
        is_total: whether the cell holds a total of others.
    """
    catalogue = load_mistakes()
    return max(
        mistake.weight
        for mistake in catalogue.mistakes
        if _TESTS[mistake.code](_digits(printed), _digits(meant), [_digits(n) for n in neighbours], is_total)
    )


def _digits(value: float) -> str:
    return f"{value:g}" if value % 1 else str(int(value))


def _sign(printed: str, meant: str, _: list[str], __: bool) -> bool:
    return printed == f"-{meant}"


def _digits_swapped(printed: str, meant: str, _: list[str], __: bool) -> bool:
    differing = [i for i, (a, b) in enumerate(zip(printed, meant, strict=False)) if a != b]
    return (
        len(printed) == len(meant)
        and len(differing) == 2
        and differing[1] == differing[0] + 1
        and printed[differing[0]] == meant[differing[1]]
        and printed[differing[1]] == meant[differing[0]]
    )


def _glued(printed: str, meant: str, neighbours: list[str], _: bool) -> bool:
    return any(printed in (meant + other, other + meant) and meant != "0" for other in neighbours)


def _power_of_ten(printed: str, meant: str, _: list[str], __: bool) -> bool:
    shorter, longer = sorted((printed, meant), key=len)
    return shorter != "0" and longer != shorter and longer.rstrip("0") == shorter.rstrip("0")


def _digit_lost(printed: str, meant: str, _: list[str], __: bool) -> bool:
    return len(meant) > 1 and any(meant[:i] + meant[i + 1 :] == printed for i in range(len(meant)))


def _digit_added(printed: str, meant: str, neighbours: list[str], is_total: bool) -> bool:
    return _digit_lost(meant, printed, neighbours, is_total)


def _neighbour_copied(printed: str, meant: str, neighbours: list[str], _: bool) -> bool:
    return printed != "0" and printed in neighbours and printed != meant


def _off_by_one(printed: str, meant: str, _: list[str], __: bool) -> bool:
    return abs(float(printed) - float(meant)) == 1


def _total_not_updated(_: str, __: str, ___: list[str], is_total: bool) -> bool:
    return is_total


def _other(_: str, __: str, ___: list[str], ____: bool) -> bool:
    return True


_TESTS: dict[str, Callable[[str, str, list[str], bool], bool]] = {
    "sign": _sign,
    "digits_swapped": _digits_swapped,
    "glued": _glued,
    "power_of_ten": _power_of_ten,
    "digit_lost": _digit_lost,
    "digit_added": _digit_added,
    "neighbour_copied": _neighbour_copied,
    "off_by_one": _off_by_one,
    "total_not_updated": _total_not_updated,
    "other": _other,
}

"""Chinese numerals, read and written; their characters are `data_contracts/vocabularies/numerals.yaml`."""

from __future__ import annotations

from functools import cache

from gao_pipeline.contracts.loading import Spec
from gao_pipeline.contracts.vocabularies import load_vocabulary


class Numerals(Spec, frozen=True, kw_only=True):
    """The content of `numerals.yaml`: `written` has the usual figures 0–9, `digits` every variant."""

    written: str
    digits: dict[str, int]
    powers: dict[str, int]

    def value(self, numeral: str) -> int:
        """The number that a numeral says, counted out or read figure by figure, Arabic figures among it.

        二十三 is 23, 一百零五 is 105, 二〇二一 is 2021.

        Raises:
            ValueError: the text is no numeral.
        """
        if self.powers.keys().isdisjoint(numeral):
            return int("".join(str(self.digits.get(character, character)) for character in numeral))
        total, digit = 0, None
        for character in numeral:
            if character in self.powers:
                total += (1 if digit is None else digit) * self.powers[character]
                digit = None
            else:
                digit = self.digits[character] if character in self.digits else int(character)
        return total + (digit or 0)

    def numeral(self, count: int) -> str:
        """How a count from 1 to 99 is written: 23 is 二十三, 10 is 十.

        Raises:
            ValueError: the count has another size.
        """
        if not 0 < count < 100:
            raise ValueError(f"{count} is not between 1 and 99")
        tens, ones = divmod(count, 10)
        ten = next(character for character, power in self.powers.items() if power == 10)
        return (
            (self.written[tens] if tens > 1 else "")
            + (ten if tens else "")
            + (self.written[ones] if ones else "")
        )


@cache
def load_numerals() -> Numerals:
    """The characters of Chinese numerals.

    Raises:
        ContractError: the vocabulary file is malformed.
    """
    return load_vocabulary("numerals", Numerals)

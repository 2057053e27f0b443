"""What a release must satisfy before it is switched in. How that is checked lives in `publishing/door.py`.

Read from `data_contracts/expectations/`, one suite a file. The SQL is written independently of the rules,
runs on DuckDB and PostgreSQL alike, and calls the tables of the release before `{previous}.<table>`.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Literal

from gao_pipeline.contracts.loading import Bilingual, ContractError, Spec, contract_files, load_contract

_PREVIOUS = "{previous}"


class Expect(StrEnum):
    """What is expected of the rows that the SQL selects.

    `equal`: `lhs` equals `rhs` in every row; `at_most`: `lhs` is not above `rhs`; `between`: `value` lies
    between the limits; `none`: no row is selected. All other columns say which row it is.
    """

    EQUAL = "equal"
    AT_MOST = "at_most"
    BETWEEN = "between"
    NONE = "none"


class Limits(Spec, frozen=True, kw_only=True):
    """The limits of `between`, both included."""

    minimum: float | None = None
    maximum: float | None = None


class Expectation(Spec, frozen=True, kw_only=True):
    """One expectation. A failed `blocking` one refuses the release; a failed `warning` is shown."""

    id: str
    severity: Literal["blocking", "warning"]
    statement: Bilingual
    expect: Expect
    sql: str
    limits: Limits | None = None

    @property
    def needs_previous(self) -> bool:
        """Whether it compares with the release before."""
        return _PREVIOUS in self.sql

    def query(self, previous: str) -> str:
        """The SQL, with the schema in which the tables of the release before are found."""
        return self.sql.replace(_PREVIOUS, previous).strip().rstrip(";")


class Suite(Spec, frozen=True, kw_only=True):
    """Expectations on one subject."""

    suite: str
    title: Bilingual
    expectations: tuple[Expectation, ...]


@cache
def load_expectations() -> tuple[Suite, ...]:
    """Every suite, sorted by file name.

    Raises:
        ContractError: a file is malformed, an id is used twice or does not begin with its suite, or limits
            are missing or not needed.
    """
    suites: list[Suite] = []
    seen: set[str] = set()
    for path in contract_files("expectations"):
        suite = load_contract(path, Suite)
        for expectation in suite.expectations:
            if expectation.id in seen or not expectation.id.startswith(f"{suite.suite}."):
                raise ContractError(
                    f"expectations/{path.name}: {expectation.id} must be unique and begin with {suite.suite}."
                )
            if (expectation.limits is not None) != (expectation.expect is Expect.BETWEEN):
                raise ContractError(f"expectations/{path.name}: {expectation.id}: limits belong to `between`")
            seen.add(expectation.id)
        suites.append(suite)
    return tuple(suites)

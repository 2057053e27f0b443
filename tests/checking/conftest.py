"""Reports made for the tests of checking: a few lines instead of documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from gao_pipeline.contracts.forms import FactCode, load_forms
from gao_pipeline.documents.model import MediaType
from gao_pipeline.reports.model import Fact, Report, State

MakeReport = Callable[..., Report]


def make(
    figures: Mapping[FactCode | tuple[str, str, str], float | None] | None = None,
    *,
    form: str = "2021",
    table_forms: Mapping[str, str | None] | None = None,
    fill: float | None = 0,
    states: Mapping[FactCode, State] | None = None,
    **fields: Any,
) -> Report:
    """A report whose cells hold `fill` unless `figures` says otherwise; `None` is a blank."""
    editions = {table.code: form for table in load_forms()[form].tables} | dict(table_forms or {})
    given = {FactCode(*code): value for code, value in (figures or {}).items()}
    facts = []
    for table in load_forms()[form].tables:
        edition = editions[table.code]
        for code, *_ in load_forms()[edition or form].table(table.code).cells():
            value = None if edition is None else given.get(code, fill)
            state = State.MISSING if edition is None else State.BLANK if value is None else State.REPORTED
            state = (states or {}).get(code, state)
            facts.append(Fact(code=code, value=value, state=state, raw=None if value is None else str(value)))
    return Report(
        media_type=MediaType.TXT,
        form=form,
        table_forms=dict(editions),
        facts=tuple(facts),
        **{"organization": "青石县商务局", "report_year": 2022 if form == "2021" else 2020, **fields},
    )


@pytest.fixture(scope="session")
def report() -> MakeReport:
    """Makes a report of zeros; see `make`."""
    return make


@pytest.fixture(scope="session")
def truth(corpus: Path) -> Callable[[str], list[dict[str, Any]]]:
    """The rows of a truth file of the corpus, e.g. `real-truth`."""

    def rows(name: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (corpus / f"{name}.jsonl").read_text("utf-8").splitlines()]

    return rows


@pytest.fixture(scope="session")
def report_of_truth() -> Callable[[dict[str, Any]], Report]:
    """The report that a row of a truth file describes, as perfect reading would give it."""

    def build(row: dict[str, Any]) -> Report:
        facts = tuple(
            Fact(
                code=FactCode(fact["table"], fact["row"], fact["column"]),
                value=fact["value"],
                raw=fact.get("printed"),
                state=State.BLANK if fact["value"] is None else State.REPORTED,
            )
            for fact in row["facts"]
        )
        return Report(
            media_type=MediaType.TXT,
            organization=row["organization"],
            report_year=row["report_year"],
            form=row["form"],
            table_forms=row["table_forms"],
            facts=facts,
        )

    return build

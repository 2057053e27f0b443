"""The door of the release: Great Expectations runs the expectation contracts on the staged release itself.

Every expectation selects a small frame by SQL from the staged DuckDB file (or PostgreSQL schema). The frames
of a suite stand side by side in one pandas asset, each with columns named after its expectation; shorter
frames end in missing values, which expectations ignore. (The SQL engine of Great Expectations fails through
duckdb-engine, and a frame without rows makes empty Data Docs.) Great Expectations takes seconds to import and
is imported here alone, when the door is passed.
"""

from __future__ import annotations

import json
import logging
import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import msgspec
import pandas as pd

from gao_pipeline.contracts.expectations import Expect, Expectation, Limits, Suite, load_expectations
from gao_pipeline.contracts.loading import Bilingual
from gao_pipeline.publishing.data_docs import DOCS_FOLDER, make_self_contained
from gao_pipeline.publishing.ddl import literal
from gao_pipeline.publishing.duckdb_file import DUCKDB_FILE, open_release

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
    from great_expectations.expectations.expectation import Expectation as GreatExpectation

SAMPLE_ROWS = 20

_SITE = "door"
_NO_PREVIOUS = "There is no release before this one to compare with."
_COLUMNS: Mapping[Expect, Mapping[str, str]] = {
    Expect.EQUAL: {"lhs": "lhs", "rhs": "rhs"},
    Expect.AT_MOST: {"lhs": "lhs", "rhs": "rhs"},
    Expect.BETWEEN: {"value": "value"},
    Expect.NONE: {"rows": "count(*)"},
}


class DoorVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the door says of one expectation.

    `checked` counts the rows held against it (`None` where the expectation selects only rows that should not
    exist), `unexpected` those that break it, `samples` shows up to twenty of them. `detail` says why nothing
    could be checked.
    """

    id: str
    suite: str
    severity: str
    statement: Bilingual
    success: bool
    checked: int | None
    unexpected: int
    samples: tuple[dict[str, Any], ...] = ()
    detail: str | None = None

    @property
    def blocks(self) -> bool:
        """Whether the release must be refused."""
        return self.severity == "blocking" and not self.success


@dataclass(frozen=True)
class Database:
    """Where the staged tables are: runs a query, and names the schema of the release before, if there is one.

    `error` is what the query raises when it cannot be evaluated.
    """

    frame: Callable[[str], pd.DataFrame]
    previous: str | None
    error: type[Exception]


def check_duckdb(folder: Path, previous: Path | None, *, name: str) -> tuple[DoorVerdict, ...]:
    """Holds the DuckDB file of the release folder against every expectation; Data Docs go to `data_docs/`.

    `previous` is the folder of the release to compare with, `name` the run shown in the Data Docs.
    """
    with open_release(folder) as connection:
        if previous is not None:
            connection.execute(f"ATTACH {literal(str(previous / DUCKDB_FILE))} AS previous (READ_ONLY)")
        database = Database(
            frame=lambda sql: connection.execute(sql).df(),
            previous="previous" if previous is not None else None,
            error=duckdb.Error,
        )
        return check(database, name=name, docs=folder / DOCS_FOLDER)


def check(
    database: Database,
    *,
    name: str,
    docs: Path | None = None,
    suites: Sequence[Suite] | None = None,
) -> tuple[DoorVerdict, ...]:
    """Holds the tables of `database` against every expectation of `suites` (all by default)."""
    context = _context(docs)
    held = load_expectations() if suites is None else suites
    verdicts = tuple(verdict for suite in held for verdict in _run_suite(context, suite, database, name))
    if docs is not None:
        context.build_data_docs(site_names=[_SITE])
        make_self_contained(docs, held, verdicts, name=name)
    return verdicts


@dataclass(frozen=True)
class _Selection:
    """What the SQL of an expectation selected: a frame, or the reason why there is none."""

    expectation: Expectation
    query: str
    frame: pd.DataFrame | None = None
    detail: str | None = None
    failed: bool = False


def _select(expectation: Expectation, database: Database) -> _Selection:
    query = expectation.query(database.previous or "")
    if expectation.needs_previous and database.previous is None:
        return _Selection(expectation, query, detail=_NO_PREVIOUS)
    columns = _COLUMNS[expectation.expect]
    chosen = ", ".join(f'CAST({source} AS DOUBLE PRECISION) AS "{name}"' for name, source in columns.items())
    try:
        frame = database.frame(f"SELECT {chosen} FROM ({query}) AS selected")
    except database.error as error:
        return _Selection(expectation, query, detail=str(error).strip().splitlines()[0], failed=True)
    frame.columns = pd.Index([f"{expectation.id}.{name}" for name in columns])
    return _Selection(expectation, query, frame=frame)


def _run_suite(
    context: EphemeralDataContext, suite: Suite, database: Database, name: str
) -> Iterator[DoorVerdict]:
    selections = [_select(expectation, database) for expectation in suite.expectations]
    framed = [selection for selection in selections if selection.frame is not None]
    results: dict[str, ExpectationValidationResult] = {}
    if framed:
        frame = pd.concat([selection.frame for selection in framed], axis=1)
        result = _validate(
            context, suite, [_expectation_on_frame(s.expectation) for s in framed], frame, name
        )
        results = {
            found.expectation_config.meta["id"]: found
            for found in result.results
            if found.expectation_config is not None and found.expectation_config.meta is not None
        }
    for selection in selections:
        judged = results[selection.expectation.id] if selection.frame is not None else None
        yield _verdict(suite, selection, judged, database)


def _validate(
    context: EphemeralDataContext,
    suite: Suite,
    expectations: Sequence[GreatExpectation],
    frame: pd.DataFrame,
    name: str,
) -> ExpectationSuiteValidationResult:
    import great_expectations as gx
    from great_expectations.core.run_identifier import RunIdentifier

    asset = context.data_sources.pandas_default.add_dataframe_asset(suite.suite)
    definition = gx.ValidationDefinition(
        name=suite.suite,
        data=asset.add_batch_definition_whole_dataframe(suite.suite),
        suite=context.suites.add(
            gx.ExpectationSuite(name=suite.suite, expectations=list(expectations), notes=suite.title.en)
        ),
    )
    return context.validation_definitions.add(definition).run(
        batch_parameters={"dataframe": frame}, run_id=RunIdentifier(run_name=name)
    )


def _expectation_on_frame(expectation: Expectation) -> GreatExpectation:
    """The expectation of Great Expectations that judges the columns selected for `expectation`."""
    import great_expectations.expectations as gxe

    lhs, rhs, value, rows = (f"{expectation.id}.{name}" for name in ("lhs", "rhs", "value", "rows"))
    limits = expectation.limits or Limits()
    judges: dict[Expect, tuple[str, dict[str, Any]]] = {
        Expect.EQUAL: ("ExpectColumnPairValuesToBeEqual", {"column_A": lhs, "column_B": rhs}),
        Expect.AT_MOST: (
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {"column_A": rhs, "column_B": lhs, "or_equal": True},
        ),
        Expect.BETWEEN: (
            "ExpectColumnValuesToBeBetween",
            {"column": value, "min_value": limits.minimum, "max_value": limits.maximum},
        ),
        Expect.NONE: ("ExpectColumnValuesToBeInSet", {"column": rows, "value_set": [0]}),
    }
    name, arguments = judges[expectation.expect]
    judging: GreatExpectation = getattr(gxe, name)(
        **arguments,
        meta={"id": expectation.id},
        notes=f"{expectation.statement.zh} {expectation.statement.en}",
        severity="critical" if expectation.severity == "blocking" else "warning",
    )
    return judging


def _verdict(
    suite: Suite, selection: _Selection, result: ExpectationValidationResult | None, database: Database
) -> DoorVerdict:
    expectation, frame = selection.expectation, selection.frame
    verdict = DoorVerdict(
        id=expectation.id,
        suite=suite.suite,
        severity=expectation.severity,
        statement=expectation.statement,
        success=not selection.failed,
        checked=0,
        unexpected=0,
        detail=selection.detail,
    )
    if result is None or frame is None:
        return verdict
    selects_culprits = expectation.expect is Expect.NONE
    return msgspec.structs.replace(
        verdict,
        success=bool(result.success),
        checked=None if selects_culprits else len(frame),
        unexpected=int(frame.sum().sum() if selects_culprits else result.result.get("unexpected_count", 0)),
        samples=() if result.success else _samples(selection, database),
        detail=(result.exception_info or {}).get("exception_message"),
    )


def _samples(selection: _Selection, database: Database) -> tuple[dict[str, Any], ...]:
    """The first rows that break the expectation, with the columns that say where they are."""
    limits = selection.expectation.limits or Limits()
    broken = {
        Expect.EQUAL: "lhs IS DISTINCT FROM rhs",
        Expect.AT_MOST: "NOT coalesce(lhs <= rhs, false)",
        Expect.BETWEEN: " OR ".join(
            f"value {beyond} {limit}"
            for beyond, limit in (("<", limits.minimum), (">", limits.maximum))
            if limit is not None
        ),
        Expect.NONE: "true",
    }[selection.expectation.expect]
    frame = database.frame(
        f"SELECT * FROM ({selection.query}) AS selected WHERE {broken} LIMIT {SAMPLE_ROWS}"
    )
    rows: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", force_ascii=False))
    return tuple(rows)


def _context(docs: Path | None) -> EphemeralDataContext:
    """A context that keeps nothing, tells nobody and prints nothing; its Data Docs are built in `docs`."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations as gx
        from great_expectations.data_context.types.base import (
            DataContextConfig,
            InMemoryStoreBackendDefaults,
            ProgressBarsConfig,
        )

        config = DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(),
            data_docs_sites={_SITE: _site(docs)} if docs is not None else {},
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        )
        return gx.get_context(mode="ephemeral", project_config=config)


def _site(docs: Path) -> dict[str, Any]:
    return {
        "class_name": "SiteBuilder",
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "show_how_to_buttons": False,
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(docs.absolute()),
        },
    }

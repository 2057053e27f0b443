"""The wide model: a row per report, a column per cell of the form, a pandera row check per identity.

The checks are compiled from the relations that the matrix of `checking/` is made of, once for every
combination of table editions. They judge what is printed or corrected; where a figure of theirs is missing
they say nothing. They block nothing: what they find are findings, seen by another path.
The table `row_failures` keeps it by year.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pandas as pd
import pandera.errors
import pandera.pandas as pa
import pyarrow
import pyarrow.compute

from gao_pipeline.archive.frames import frame_of
from gao_pipeline.archive.schemas import pandas_type
from gao_pipeline.contracts.identities import Cell, Relation, TableForms, compile_system

YEAR_MENTIONS = "year.mentions"
"""The name of the row check on year mentions."""

_FAILURES = ["report_id", "rule", "subject"]
_WHOLE_REPORT = "report"
_MISMATCHES = "year_mismatches"
_CODE = ["table_code", "row_code", "column_code"]


class WideFrame(NamedTuple):
    """Reports whose tables have the same editions, indexed by report id.

    A column per cell, named `table/row/column`, and the count of year mentions without a licence.
    """

    editions: TableForms
    frame: pd.DataFrame


def wide_frames(validated_facts: pyarrow.Table, dim_report: pd.DataFrame) -> Iterator[WideFrame]:
    """The reports of a year as wide frames, one for every combination of table editions.

    A cell is empty where nothing is printed: derived figures prove nothing and are left out.
    """
    is_printed = pyarrow.compute.field("value_origin").isin(["reported", "corrected"])
    printed = _in_pandas(validated_facts.filter(is_printed).select(["report_id", *_CODE, "value"]))
    values = printed.pivot(index="report_id", columns=_CODE, values="value")
    values.columns = pd.Index(["/".join(code) for code in values.columns], dtype=str)
    for editions, reports in _by_editions(validated_facts, dim_report).items():
        cells = [str(cell.code) for cell in compile_system(editions).cells]
        frame = values.reindex(index=reports.index, columns=cells).astype("float64")
        yield WideFrame(editions, frame.assign(**{_MISMATCHES: reports[_MISMATCHES]}))


@cache
def wide_schema(editions: TableForms) -> pa.DataFrameSchema:
    """The pandera schema of the wide frame of these editions. Validate with `lazy=True`."""
    system = compile_system(editions)
    return pa.DataFrameSchema(
        columns={
            **{str(cell.code): pa.Column("float64", nullable=True) for cell in system.cells},
            _MISMATCHES: pa.Column("Int64", nullable=True),
        },
        checks=[*map(_row_check, system.relations), _year_check()],
        strict=True,
        name="wide",
    )


def wide_failures(validated_facts: pyarrow.Table, dim_report: pd.DataFrame) -> pd.DataFrame:
    """The table `row_failures` of a year: which reports fail which row check, each once.

    The subject is the row or column of the form whose relation does not hold.
    """
    failures = [pd.DataFrame(columns=_FAILURES, dtype=object)]
    for editions, frame in wide_frames(validated_facts, dim_report):
        try:
            wide_schema(editions).validate(frame, lazy=True)
        except pandera.errors.SchemaErrors as errors:
            failures += [_failing_rows(error) for error in errors.schema_errors]
    reports = dim_report[["report_id", "organization", "report_year", "path"]]
    return frame_of("row_failures", pd.concat(failures).merge(reports, on="report_id").to_dict("records"))


def _by_editions(validated_facts: pyarrow.Table, dim_report: pd.DataFrame) -> dict[TableForms, pd.DataFrame]:
    """The rows of `dim_report`, by report id, by combination of table editions (none without facts)."""
    tables: dict[str, set[tuple[str, str]]] = {report_id: set() for report_id in dim_report["report_id"]}
    key = ["report_id", "table_code", "table_form"]
    forms = validated_facts.group_by(key).aggregate([])
    for report_id, table, form in zip(*(forms[name].to_pylist() for name in key), strict=True):
        tables[report_id].add((table, form))
    editions = [tuple(sorted(tables[report_id])) for report_id in dim_report["report_id"]]
    rows = dim_report.set_index("report_id")
    return {group: rows[[each == group for each in editions]] for group in dict.fromkeys(editions)}


def _in_pandas(table: pyarrow.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas(types_mapper=pandas_type)
    return frame


def _row_check(relation: Relation) -> pa.Check:
    """Holds a relation against every row whose figures of it are all there."""

    def holds(frame: pd.DataFrame) -> pd.Series[bool]:
        residual = _sum(frame, relation.left) - _sum(frame, relation.right)
        fails = residual != 0 if relation.rule.kind == "identity" else residual > 0
        return ~fails | residual.isna()

    return pa.Check(
        holds,
        name=relation.rule.id,
        error=relation.rule.statement.en,
        title=relation.subject,
        description=relation.formula(),
    )


def _year_check() -> pa.Check:
    return pa.Check(
        lambda frame: frame[_MISMATCHES].eq(0).fillna(True).astype(bool),
        name=YEAR_MENTIONS,
        title=_WHOLE_REPORT,
        error="a year is mentioned without a licence",
    )


def _sum(frame: pd.DataFrame, cells: tuple[Cell, ...]) -> pd.Series[float]:
    """The sum of cells by row; missing where one of them is."""
    return frame[[str(cell.code) for cell in cells]].sum(axis="columns", skipna=False)


def _failing_rows(error: pandera.errors.SchemaError) -> pd.DataFrame:
    """The reports that a row check fails. Pandera's own list repeats them for every column of the frame.

    Raises:
        SchemaError: the frame itself is not as the schema has it, which is a mistake of ours.
    """
    check, output = error.check, error.check_output
    if not isinstance(check, pa.Check) or not isinstance(output, pd.Series):
        raise error
    failing = output.index[~output]
    return pd.DataFrame({"report_id": failing, "rule": check.name, "subject": check.title})

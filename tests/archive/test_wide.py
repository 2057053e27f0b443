"""The wide model finds what the matrix finds: the same reports, rules and subjects, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.errors
import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gao_pipeline.archive.validation import YearTables
from gao_pipeline.archive.wide import YEAR_MENTIONS, wide_failures, wide_frames, wide_schema
from gao_pipeline.checking.confrontation import confront
from gao_pipeline.checking.model import Outcome
from gao_pipeline.contracts.forms import FactCode, load_forms
from gao_pipeline.contracts.identities import compile_system, linear_rules
from gao_pipeline.documents.model import MediaType
from gao_pipeline.documents.reading import read_document
from gao_pipeline.reports.model import Fact, Report, State
from gao_pipeline.reports.reading import read_report

Archive = Any  # of conftest.py
Failure = tuple[str, str, str]

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "reports"
CODES = ("disclosure", "applications", "proceedings")


def found_by_pandera(made: YearTables) -> set[Failure]:
    rows = made.row_failures[["report_id", "rule", "subject"]]
    assert not rows.duplicated().any()
    return set(rows.itertuples(index=False, name=None))


def found_by_matrix(reports: dict[str, Report]) -> set[Failure]:
    linear = {rule.id for rule in linear_rules("report")}
    found: set[Failure] = set()
    for report_id, outcome in zip(reports, confront(list(reports.values())), strict=True):
        found |= {
            (report_id, verdict.rule, verdict.subject or "")
            for verdict in outcome.verdicts
            if verdict.rule in linear and verdict.outcome is Outcome.FAIL
        }
        if any(not located.mention.legitimate for located in outcome.year_mentions):
            found.add((report_id, YEAR_MENTIONS, "report"))
    return found


def held(archive: Archive, reports: list[Report]) -> dict[str, Report]:
    """The reports as they are kept, all under one year."""
    kept = {}
    for number, report in enumerate(reports):
        digits = f"{number:016x}"
        archive.hold(digits, report)
        kept[digits] = report
    return kept


def made_of(year: int, editions: dict[str, str], figures: dict[FactCode, float | None]) -> Report:
    facts = tuple(
        Fact(code=code, value=value, state=State.BLANK if value is None else State.REPORTED)
        for table in CODES
        for code in load_forms()[editions[table]].codes
        if code.table == table
        for value in [figures.get(code, 0)]
    )
    return Report(
        media_type=MediaType.TXT,
        organization=None,
        report_year=year,
        form="2021",
        table_forms=dict(editions),
        facts=facts,
    )


def test_on_the_samples(archive: Archive) -> None:
    paths = [
        path for path in sorted(SAMPLES.glob("*-202[1-4]*")) if path.suffix in (".txt", ".html", ".docx")
    ]
    by_year: dict[int, list[Report]] = {}
    for path in paths:
        report = read_report(read_document(path.read_bytes(), path.name), path.name)
        by_year.setdefault(report.report_year or 0, []).append(report)
    found: set[Failure] = set()
    kept: dict[str, Report] = {}
    for year, reports in by_year.items():
        numbered = {f"{year}{n:012x}": report for n, report in enumerate(reports)}
        for report_id, report in numbered.items():
            archive.hold(report_id, report)
        kept |= numbered
        found |= found_by_pandera(archive.validate(str(year)))
    assert len(kept) == len(paths)
    assert found == found_by_matrix(kept)
    assert {rule for _, rule, _ in found} >= {"applications.row_total", YEAR_MENTIONS}


def test_on_the_figures_of_the_rendered_corpus(archive: Archive, corpus: Path) -> None:
    truths = [json.loads(line) for line in (corpus / "rendered-truth.jsonl").open(encoding="utf-8")]
    reports = [
        made_of(
            2022,
            truth["table_forms"],
            {FactCode(f["table"], f["row"], f["column"]): f["value"] for f in truth["facts"]},
        )
        for truth in truths
    ]
    kept = held(archive, reports)
    found = found_by_pandera(archive.validate("2022"))
    assert found == found_by_matrix(kept)
    families = {error["table"] for truth in truths for error in truth["errors"] if error["cells"]}
    assert {rule.split(".")[0] for _, rule, _ in found} >= families & {"applications", "proceedings"}


EDITIONS = st.fixed_dictionaries(dict.fromkeys(CODES, st.sampled_from(sorted(load_forms()))))
FIGURES = st.one_of(st.none(), st.integers(0, 3), st.sampled_from([-1, 0.5]))


@st.composite
def any_report(draw: st.DrawFn) -> Report:
    editions = draw(EDITIONS)
    codes = [code for table in CODES for code in load_forms()[editions[table]].codes if code.table == table]
    changed = draw(st.dictionaries(st.sampled_from(codes), FIGURES, max_size=12))
    return made_of(2022, editions, changed)


@given(st.lists(any_report(), min_size=1, max_size=6))
@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_on_any_figures(
    tmp_path_factory: pytest.TempPathFactory, archive: Archive, reports: list[Report]
) -> None:
    fresh = type(archive)(tmp_path_factory.mktemp("archive"))
    kept = held(fresh, reports)
    assert found_by_pandera(fresh.validate("2022")) == found_by_matrix(kept)


def test_a_check_is_named_after_every_relation() -> None:
    editions = tuple(sorted(dict.fromkeys(CODES, "2021").items()))
    named = {(check.name, check.title) for check in wide_schema(editions).checks}
    relations = {(relation.rule.id, relation.subject) for relation in compile_system(editions).relations}
    assert named == relations | {(YEAR_MENTIONS, "report")}
    assert len(relations) == len(compile_system(editions).relations)


def test_reports_without_facts_are_held_to_their_year_mentions(archive: Archive) -> None:
    report = Report(
        media_type=MediaType.TXT, organization=None, report_year=2012, form="none", table_forms={}, facts=()
    )
    archive.hold("a", report)
    made = archive.validate("2012")
    ((editions, frame),) = wide_frames(pyarrow.Table.from_pandas(made.validated_facts), made.dim_report)
    assert (editions, list(frame.columns)) == ((), ["year_mismatches"])
    assert found_by_pandera(made) == set()
    flagged = made.dim_report.assign(year_mismatches=pd.array([2], dtype="Int64"))
    assert list(wide_failures(pyarrow.Table.from_pandas(made.validated_facts), flagged)["rule"]) == [
        YEAR_MENTIONS
    ]


def test_a_frame_that_is_not_wide_is_a_mistake_and_no_finding() -> None:
    editions = (("proceedings", "2021"),)
    with pytest.raises(pandera.errors.SchemaErrors, match="not in dataframe"):
        wide_schema(editions).validate(pd.DataFrame({"year_mismatches": []}), lazy=True)

"""What stops a table or a release: a broken contract, a year that is not up to date, a shut door."""

# Dagster reads the annotations of the assets below, so they must not be strings.

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from dagster import (
    AssetCheckEvaluation,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetExecutionContext,
    ExecuteInProcessResult,
    ResourceParam,
    materialize,
    multi_asset,
)

from gao_pipeline.archive.frames import frame_of, table_of
from gao_pipeline.contracts.loading import Bilingual
from gao_pipeline.contracts.rules import load_rules
from gao_pipeline.orchestration import keeping
from gao_pipeline.orchestration.assets import release
from gao_pipeline.orchestration.checks import family_result, ledger_checks, row_checks
from gao_pipeline.orchestration.keeping import contract_checks, keep
from gao_pipeline.orchestration.metadata import rows_of, table_spec
from gao_pipeline.orchestration.resources import Pipeline
from gao_pipeline.publishing.door import DoorVerdict
from gao_pipeline.publishing.release import ReleaseRefusedError
from gao_pipeline.settings import Settings

RULE = "applications.balance"


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    return Pipeline(Settings(home=tmp_path))


def verdict_rows(failed: int = 0, rule: str = RULE, year: str = "2021") -> pd.DataFrame:
    counts = {"passed": 7, "failed": failed, "not_assessable": 2, "reports_failed": int(failed > 0)}
    return frame_of("rule_verdicts", [{"year_partition": year, "rule": rule, **counts}])


def finding_row(number: int, rule: str = RULE, severity: str = "error") -> dict[str, Any]:
    return {
        "finding_id": f"{number:016x}",
        "report_id": "a" * 16,
        "organization": "某局",
        "report_year": 2021,
        "rule": rule,
        "family": rule.partition(".")[0],
        "severity": severity,
        "message": f"第 {number} 处",
        "message_en": f"place {number}",
        "facts": "[]",
    }


def make_verdicts(pipeline: Pipeline, frame: pd.DataFrame, year: str | None = None) -> ExecuteInProcessResult:
    @multi_asset(
        specs=[table_spec("rule_verdicts", "validation")], check_specs=contract_checks("rule_verdicts")
    )
    def verdicts(context: AssetExecutionContext, pipeline: ResourceParam[Pipeline]) -> Iterator[Any]:
        made = [("rule_verdicts", year, frame)]
        yield from keep(context, pipeline.tables, ["rule_verdicts"], made)

    return materialize([verdicts], resources={"pipeline": pipeline}, raise_on_error=False)


def checks_of(result: ExecuteInProcessResult) -> list[AssetCheckEvaluation]:
    return result.get_asset_check_evaluations()


class TestContract:
    def test_a_frame_that_fits_is_written_and_shown(self, pipeline: Pipeline) -> None:
        result = make_verdicts(pipeline, verdict_rows())
        assert result.success
        assert len(pipeline.tables.read("rule_verdicts")) == 1
        (materialization,) = result.asset_materializations_for_node("verdicts")
        assert materialization.metadata["dagster/row_count"].value == 1
        assert RULE in materialization.metadata["preview"].value

    def test_the_check_tells_what_it_checked_from_what_the_table_holds(self, pipeline: Pipeline) -> None:
        for year in ("2021", "2022"):
            (check,) = checks_of(make_verdicts(pipeline, verdict_rows(), year))
        assert check.metadata["rows_checked_now"].value == 1
        assert check.metadata["rows_of_the_table"].value == 2

    def test_a_frame_that_breaks_its_contract_is_not_written(self, pipeline: Pipeline) -> None:
        make_verdicts(pipeline, verdict_rows())
        result = make_verdicts(pipeline, verdict_rows(failed=-1))
        assert not result.success
        assert pipeline.tables.read("rule_verdicts")["failed"].tolist() == [0]
        (check,) = checks_of(result)
        assert not check.passed
        assert check.severity is AssetCheckSeverity.ERROR
        (record,) = check.metadata["failing_rows"].records
        assert (record.data["column"], record.data["failure_case"]) == ("failed", "-1")


class TestRuleChecks:
    def family(self, pipeline: Pipeline, family: str) -> Any:
        rules = [rule for rule in load_rules().values() if rule.family == family]
        tables = pipeline.tables
        return family_result(tables, tables.read("rule_verdicts"), "validated_facts", family, rules)

    def test_rules_that_hold_pass_and_say_what_they_could_not_judge(self, pipeline: Pipeline) -> None:
        pipeline.tables.write("rule_verdicts", verdict_rows(), 2021)
        result = self.family(pipeline, "applications")
        assert result.passed
        assert result.metadata["passed"].value == 7
        assert result.metadata["not_assessable"].value == 2

    def test_a_broken_identity_fails_with_its_rows(self, pipeline: Pipeline) -> None:
        pipeline.tables.write("rule_verdicts", verdict_rows(failed=30), 2021)
        findings = frame_of("findings", map(finding_row, range(30)))
        pipeline.tables.write("findings", findings, 2021)
        result = self.family(pipeline, "applications")
        assert not result.passed
        assert result.severity is AssetCheckSeverity.ERROR
        assert result.metadata["failed"].value == 30
        assert len(result.metadata["failing_rows"].records) == 20

    def test_the_gravest_and_farthest_off_come_first_with_a_link_to_the_evidence(
        self, pipeline: Pipeline
    ) -> None:
        pipeline.tables.write("rule_verdicts", verdict_rows(failed=4), 2021)
        rows = [
            finding_row(1, severity="info"),
            finding_row(2, severity="warning"),
            {**finding_row(3), "expected": 5.0, "actual": 6.0},
            {**finding_row(4), "expected": 50.0, "actual": 5.0},
        ]
        pipeline.tables.write("findings", frame_of("findings", rows), 2021)
        metadata = self.family(pipeline, "applications").metadata
        shown = [record.data["message"] for record in metadata["failing_rows"].records]
        assert shown == ["第 4 处", "第 3 处", "第 2 处", "第 1 处"]
        assert metadata["by_rule"].records[0].data["explain"] == f"gao explain {RULE}"
        assert Path(metadata["findings"].path) == pipeline.home.tables / "findings"
        assert metadata["quality_report"].url.endswith("/releases/current/quality_report.html#findings")

    def test_rules_of_another_family_are_not_counted(self, pipeline: Pipeline) -> None:
        pipeline.tables.write("rule_verdicts", verdict_rows(failed=3), 2021)
        assert self.family(pipeline, "proceedings").passed

    @pytest.mark.parametrize(("severity", "passes"), [("info", True), ("warning", False)])
    def test_advice_fails_no_check_and_a_warning_only_warns(
        self, pipeline: Pipeline, severity: str, passes: bool
    ) -> None:
        rule = next(rule for rule in load_rules().values() if rule.severity == severity)
        pipeline.tables.write("rule_verdicts", verdict_rows(failed=1, rule=rule.id), 2021)
        pipeline.tables.write("findings", frame_of("findings", [finding_row(1, rule.id, severity)]), 2021)
        result = self.family(pipeline, rule.family)
        assert (result.passed, result.severity) == (passes, AssetCheckSeverity.WARN)


class TestRowChecks:
    def result(self, pipeline: Pipeline, *failures: tuple[str, int, str, str]) -> AssetCheckResult:
        rows = [
            {
                "report_id": report,
                "report_year": year,
                "path": f"{report}.txt",
                "rule": rule,
                "subject": subject,
            }
            for report, year, rule, subject in failures
        ]
        pipeline.tables.write("row_failures", frame_of("row_failures", rows), "2021")
        (result,) = row_checks(pipeline)
        return result

    def test_rows_that_hold_pass(self, pipeline: Pipeline) -> None:
        result = self.result(pipeline)
        assert result.passed
        assert result.metadata["failed"].value == 0

    def test_failing_rows_are_shown_newest_first_with_their_file(self, pipeline: Pipeline) -> None:
        failures = [("a", 2021, RULE, "total"), ("b", 2022, RULE, "total"), ("b", 2022, RULE, "business")]
        result = self.result(pipeline, *failures)
        assert (result.passed, result.severity) == (False, AssetCheckSeverity.ERROR)
        rows = [record.data for record in result.metadata["failing_rows"].records]
        assert [(row["path"], row["subject"]) for row in rows] == [
            ("b.txt", "business"),
            ("b.txt", "total"),
            ("a.txt", "total"),
        ]
        assert result.metadata["reports_failed"].value == 2

    @pytest.mark.parametrize(
        ("rule", "severity"),
        [
            ("disclosure.stock_below_flow", AssetCheckSeverity.WARN),
            ("year.mentions", AssetCheckSeverity.ERROR),
        ],
    )
    def test_the_catalogue_says_how_grave_it_is(
        self, pipeline: Pipeline, rule: str, severity: AssetCheckSeverity
    ) -> None:
        assert self.result(pipeline, ("a", 2021, rule, "report")).severity is severity


class TestLedgerChecks:
    def test_a_file_that_is_lost_fails_the_ledger(self, pipeline: Pipeline) -> None:
        rows = [
            {
                "path": "a.txt",
                "sha256": "a" * 64,
                "media_type": "txt",
                "status": "quarantined",
                "reason": "no_text",
            }
        ]
        pipeline.tables.write("ledger", frame_of("ledger", rows))
        result = ledger_checks(pipeline)
        adds_up, nothing_quarantined = result
        assert not adds_up.passed
        assert not nothing_quarantined.passed
        assert nothing_quarantined.severity is AssetCheckSeverity.WARN


class TestRelease:
    def publish(self, pipeline: Pipeline) -> ExecuteInProcessResult:
        return materialize([release.curated_release], resources={"pipeline": pipeline}, raise_on_error=False)

    def test_a_year_that_is_not_up_to_date_stops_it(
        self, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("gao_pipeline.archive.years.YearMarks.dirty_years", lambda _: ("2021",))
        result = self.publish(pipeline)
        assert not result.success
        (failure,) = [event for event in result.all_events if event.is_step_failure]
        assert "2021 is not up to date" in failure.step_failure_data.user_failure_data.description
        assert not pipeline.home.releases.exists()

    def test_files_missing_from_the_ledger_stop_it(self, pipeline: Pipeline) -> None:
        frame = frame_of(
            "raw_files",
            [
                {
                    "path": "a.txt",
                    "sha256": "a" * 64,
                    "size": 1,
                    "modified_at": pd.Timestamp("2026-01-01", tz="UTC"),
                    "first_seen_at": pd.Timestamp("2026-01-01", tz="UTC"),
                    "media_type": "txt",
                }
            ],
        )
        pipeline.tables.write("raw_files", frame)
        assert release.obstacles(pipeline) == [
            "1 files arrived but 0 stand in the ledger: run the job `ingest`"
        ]

    def test_a_refusal_of_the_door_shows_every_verdict_and_the_reason(
        self, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            verdict = DoorVerdict(
                id="facts.not_negative",
                suite="facts",
                severity="blocking",
                statement=Bilingual(zh="计入汇总的数值不为负。", en="Counted values are not negative."),
                success=False,
                checked=None,
                unexpected=1,
                samples=({"report_id": "a" * 16, "value": -1.0},),
            )
            raise ReleaseRefusedError([verdict], pipeline.home.releases / "refused")

        monkeypatch.setattr(release, "publish", refuse)
        result = self.publish(pipeline)
        assert not result.success
        (check,) = checks_of(result)
        assert (check.check_name, check.passed, check.blocking) == ("facts_not_negative", False, True)
        (record,) = check.metadata["failing_rows"].records
        assert record.data["value"] == -1.0
        assert check.metadata["data_docs"].url.endswith("/refused/data_docs/index.html#facts.not_negative")


def test_missing_values_are_shown_as_nothing() -> None:
    frame = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": ["x", None], "c": [1.5, None]})
    first, second = rows_of(frame).records
    assert first.data == {"a": 1, "b": "x", "c": 1.5}
    assert second.data == {"a": None, "b": None, "c": None}


def fact_rows(count: int) -> list[dict[str, Any]]:
    same = {
        "table_form": "2021",
        "table_code": "applications",
        "row_code": "received",
        "column_code": "total",
    }
    return [
        {**same, "report_id": f"{number:016x}", "state": "reported", "unit_assumed": False}
        for number in range(count)
    ]


@pytest.mark.parametrize("first", range(5))
def test_a_copy_is_seen_in_an_arrow_table_wherever_its_parts_meet(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_PART", 3)
    rows = fact_rows(6)
    assert keeping.contract_failures("reported_facts", table_of("reported_facts", rows)).empty
    failures = keeping.contract_failures("reported_facts", table_of("reported_facts", [*rows, rows[first]]))
    assert set(failures["failure_case"]) >= {rows[first]["report_id"]}


def test_an_arrow_table_is_held_against_closed_lists_in_every_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keeping, "_PART", 3)
    rows = fact_rows(6)
    rows[5] |= {"state": "guessed"}
    failures = keeping.contract_failures("reported_facts", table_of("reported_facts", rows))
    assert failures[["column", "failure_case"]].values.tolist() == [["state", "guessed"]]
    assert keeping.contract_failures("reported_facts", table_of("reported_facts", [])).empty

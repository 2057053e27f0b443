"""Every expectation can fail: each is broken in a copy of a good release, and the door sees exactly that."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import lxml.html
import pandas as pd
import pytest

from gao_pipeline.contracts.expectations import Expect, load_expectations
from gao_pipeline.contracts.loading import ContractError
from gao_pipeline.publishing.door import Database, DoorVerdict, check, check_duckdb
from gao_pipeline.publishing.release import Release

_FACT = "fact_reported_value"
_GOOD = "organization = '虚构县商务局' AND report_year = 2022"

BREAKAGES: dict[str, str] = {
    "aggregates.sums": "UPDATE annual_aggregates SET value_sum = value_sum + 1 WHERE row_code = 'licensing'",
    "aggregates.coverage": "UPDATE annual_aggregates SET reports_missing = reports_missing + 1"
    " WHERE row_code = 'licensing'",
    "aggregates.counted_reports": "DELETE FROM annual_aggregates WHERE row_code = 'licensing'",
    "aggregates.ratios": "UPDATE annual_indicators SET value = value + 0.01 WHERE denominator > 0",
    "aggregates.applications_received": "UPDATE annual_indicators"
    " SET value = value + 1, numerator = numerator + 1 WHERE indicator = 'applications_received'",
    "aggregates.levels_apart": "UPDATE annual_indicators SET report_scope = 'government'",
    "applications.row_total": f"UPDATE {_FACT} SET value = value + 1"
    f" WHERE {_GOOD} AND row_code = 'granted' AND column_code = 'total'",
    "applications.balance": f"UPDATE {_FACT} SET value = value + 1"
    f" WHERE {_GOOD} AND row_code = 'carried_out' AND column_code = 'research'",
    "applications.concluded_total": f"UPDATE {_FACT} SET value = value + 1"
    f" WHERE {_GOOD} AND row_code = 'granted' AND column_code = 'research'",
    "applications.part_of_row": f"UPDATE {_FACT} SET value = CASE column_code WHEN 'research' THEN NULL"
    f" WHEN 'business' THEN 999 ELSE value END WHERE {_GOOD} AND row_code = 'granted'",
    "applications.part_of_outcomes": f"UPDATE {_FACT} SET value = CASE row_code"
    " WHEN 'partly_granted' THEN NULL WHEN 'granted' THEN 999 ELSE value END"
    f" WHERE {_GOOD} AND column_code = 'research'",
    "proceedings.total": f"UPDATE {_FACT} SET value = value + 1 WHERE {_GOOD} AND column_code = 'pending'",
    "proceedings.part_of_total": f"UPDATE {_FACT} SET value = CASE column_code WHEN 'upheld' THEN 999"
    f" WHEN 'pending' THEN NULL ELSE value END WHERE {_GOOD} AND row_code = 'review'",
    "facts.counts_are_whole": f"UPDATE {_FACT} SET value = 2.5 WHERE {_GOOD} AND row_code = 'licensing'",
    "facts.not_negative": f"UPDATE {_FACT} SET value = -1 WHERE {_GOOD} AND row_code = 'fees'",
    "facts.items_not_below_zero": f"UPDATE {_FACT} SET value = -99 WHERE report_year = 2020"
    " AND row_code = 'licensing' AND column_code = 'change'",
    "facts.counted_has_value": f"UPDATE {_FACT} SET suspect = true WHERE {_GOOD} AND row_code = 'licensing'",
    "facts.value_has_origin": f"UPDATE {_FACT} SET value = value + 1"
    f" WHERE {_GOOD} AND row_code = 'licensing'",
    "facts.derived_has_proof": f"UPDATE {_FACT} SET derived_by = NULL WHERE state = 'derived'",
    "facts.complete": f"DELETE FROM {_FACT} WHERE {_GOOD} AND row_code = 'licensing'",
    "findings.counts_of_reports": "DELETE FROM findings WHERE severity = 'warning'",
    "findings.year_mismatches_flagged": "UPDATE dim_report SET year_mismatches = 0",
    "findings.year_mismatches_found": "UPDATE findings SET excerpt = '别的句子' WHERE family = 'year'",
    "findings.suspect_cells_found": "UPDATE findings SET table_code = NULL",
    "findings.judgements_of_reports": "UPDATE dim_report SET rules_passed = 0 WHERE report_year = 2022",
    "findings.consistency": "UPDATE dim_report SET consistent = true",
    "keys.facts": f"INSERT INTO {_FACT} FROM {_FACT} WHERE {_GOOD} AND row_code = 'licensing'",
    "keys.reports": "CREATE TABLE copy AS FROM dim_report; DROP TABLE dim_report CASCADE;"
    " CREATE TABLE dim_report AS FROM copy UNION ALL FROM copy",
    "keys.findings": "INSERT INTO findings FROM findings",
    "keys.year_mentions": "INSERT INTO year_mentions FROM year_mentions",
    "keys.aggregates": "INSERT INTO annual_aggregates FROM annual_aggregates",
    "keys.indicators": "INSERT INTO annual_indicators FROM annual_indicators",
    "keys.claims": "INSERT INTO reported_claims FROM reported_claims WHERE NOT counted",
    "keys.claims_counted": "UPDATE reported_claims SET counted = true",
    "keys.claim_kinds": "DELETE FROM dim_claim WHERE kind = 'fee_notices'",
    "keys.population": "INSERT INTO population FROM population WHERE region_code = '360000'",
    "keys.ledger": "INSERT INTO ledger FROM ledger WHERE status = 'quarantined'",
    "keys.chosen_report": "UPDATE dim_report SET organization_id = 'org-1'",
    "keys.facts_of_reports": f"UPDATE {_FACT} SET report_year = 2018 WHERE {_GOOD}",
    "keys.fact_codes": f"UPDATE {_FACT} SET unit = 'cny' WHERE {_GOOD} AND row_code = 'fees'",
    "keys.organizations": "DELETE FROM dim_organization WHERE organization_id = 'org-1'",
    "keys.regions": "UPDATE dim_region SET valid_to = 2020 WHERE region_code = '360733'",
    "keys.departments": "UPDATE dim_report SET department_class = 'magic' WHERE report_year = 2022",
    "keys.indicator_codes": "DELETE FROM dim_indicator WHERE indicator = 'applications_received'",
    "keys.rules": "DELETE FROM dim_rule WHERE rule = 'year.fact_prior'",
    "keys.dimensions_filled": "DELETE FROM dim_rule",
    "ledger.every_report": "UPDATE ledger SET report_id = NULL WHERE path LIKE '%2022.docx'",
    "ledger.every_quarantine": "UPDATE ledger SET reason = NULL",
    "ledger.every_duplicate": "UPDATE ledger SET sha256 = 'x' WHERE status = 'duplicate'",
    "ledger.adds_up": "UPDATE ledger SET status = 'lost' WHERE status = 'quarantined'",
    "continuity.no_report_lost": "DELETE FROM dim_report WHERE report_year = 2022",
    "continuity.newly_quarantined": "UPDATE ledger SET status = 'quarantined' WHERE path LIKE '%2022.docx'",
    "continuity.reports_of_year": f"DELETE FROM dim_report WHERE {_GOOD}",
    "continuity.coverage_of_year": f"UPDATE {_FACT} SET counted = false WHERE {_GOOD}",
    "continuity.applications_of_year": f"UPDATE {_FACT} SET value = 9 * value WHERE row_code = 'received'",
    "continuity.errors_of_year": "UPDATE dim_report SET consistent = false WHERE report_year = 2022",
}
_SUITES = {e.id: suite for suite in load_expectations() for e in suite.expectations}
_EXPECTATIONS = {e.id: e for suite in load_expectations() for e in suite.expectations}


def on(connection: duckdb.DuckDBPyConnection, *, previous: str | None) -> Database:
    return Database(frame=lambda sql: connection.execute(sql).df(), previous=previous, error=duckdb.Error)


@pytest.fixture
def staged(released: Release, tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """A writable copy of the release, with the release itself attached as the one before."""
    path = tmp_path / "staged.duckdb"
    shutil.copyfile(released.folder / "gao.duckdb", path)
    connection = duckdb.connect(str(path))
    connection.execute(f"ATTACH '{released.folder / 'gao.duckdb'}' AS previous (READ_ONLY)")
    return connection


def verdicts_of(staged: duckdb.DuckDBPyConnection, suite: str) -> dict[str, DoorVerdict]:
    suites = [s for s in load_expectations() if s.suite == suite]
    return {v.id: v for v in check(on(staged, previous="previous"), name="test", suites=suites)}


def test_every_expectation_has_a_breakage() -> None:
    assert set(BREAKAGES) == set(_EXPECTATIONS)


def test_a_good_release_passes_every_expectation(staged: duckdb.DuckDBPyConnection) -> None:
    verdicts = check(on(staged, previous="previous"), name="test")
    assert {verdict.id for verdict in verdicts} == set(_EXPECTATIONS)
    assert [verdict for verdict in verdicts if not verdict.success] == []
    for verdict in verdicts:
        assert (verdict.checked is None) == (_EXPECTATIONS[verdict.id].expect is Expect.NONE)
        assert verdict.checked is None or verdict.checked > 0, f"{verdict.id} compared nothing"


@pytest.mark.parametrize("identifier", sorted(_EXPECTATIONS))
def test_every_expectation_can_fail(staged: duckdb.DuckDBPyConnection, identifier: str) -> None:
    staged.execute(BREAKAGES[identifier])
    verdict = verdicts_of(staged, _SUITES[identifier].suite)[identifier]
    assert not verdict.success
    assert verdict.unexpected >= 1
    assert verdict.samples
    assert verdict.blocks == (_EXPECTATIONS[identifier].severity == "blocking")


def test_facts_that_no_aggregate_counts_are_not_judged(staged: duckdb.DuckDBPyConnection) -> None:
    staged.execute(BREAKAGES["applications.row_total"])
    staged.execute(f"UPDATE {_FACT} SET counted = false WHERE {_GOOD} AND row_code IN ('granted')")
    assert verdicts_of(staged, "applications")["applications.row_total"].success


def test_the_sum_of_outcomes_follows_the_edition(staged: duckdb.DuckDBPyConnection) -> None:
    editions = staged.execute(
        f"SELECT table_form, count(DISTINCT row_code) FROM {_FACT} WHERE table_code = 'applications'"
        " GROUP BY table_form ORDER BY table_form"
    ).fetchall()
    assert editions == [("2019", 23), ("2021", 25)]
    staged.execute(
        f"UPDATE {_FACT} SET value = value + 1 WHERE row_code LIKE 'other.%' AND column_code = 'total'"
    )
    verdict = verdicts_of(staged, "applications")["applications.concluded_total"]
    assert {sample["column_code"] for sample in verdict.samples} == {"total"}
    assert verdict.unexpected == 8


def test_an_expectation_that_cannot_be_evaluated_refuses(staged: duckdb.DuckDBPyConnection) -> None:
    staged.execute("DROP TABLE ledger")
    verdict = verdicts_of(staged, "ledger")["ledger.adds_up"]
    assert verdict.blocks
    assert "ledger" in (verdict.detail or "")


def test_without_an_earlier_release_continuity_is_not_judged(staged: duckdb.DuckDBPyConnection) -> None:
    suites = [suite for suite in load_expectations() if suite.suite == "continuity"]
    for verdict in check(on(staged, previous=None), name="test", suites=suites):
        assert verdict.success
        assert verdict.checked == 0
        assert verdict.detail


def test_a_missing_side_is_not_equal() -> None:
    suite = _SUITES["applications.row_total"]
    one = type(suite)(suite=suite.suite, title=suite.title, expectations=suite.expectations[:1])
    frames = iter(
        [
            pd.DataFrame({"lhs": [1.0, float("nan")], "rhs": [1.0, 2.0]}),
            pd.DataFrame({"lhs": [None], "rhs": [2.0]}),
        ]
    )
    database = Database(frame=lambda _: next(frames), previous=None, error=ValueError)
    (verdict,) = check(database, name="test", suites=[one])
    assert (verdict.success, verdict.unexpected) == (False, 1)


def test_data_docs_name_every_suite(
    released: Release, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "release"
    shutil.copytree(released.folder, folder)
    shutil.rmtree(folder / "data_docs")
    check_duckdb(folder, released.folder, name="later")
    index = (folder / "data_docs" / "index.html").read_text("utf-8")
    for suite in load_expectations():
        assert suite.suite in index
    (result,) = folder.glob("data_docs/validations/applications/later/*/*.html")
    assert f'href="{result.relative_to(folder / "data_docs").as_posix()}"' in index
    assert capfd.readouterr() == ("", "")


def test_data_docs_need_nothing_from_elsewhere_and_every_link_leads_somewhere(released: Release) -> None:
    docs = released.folder / "data_docs"
    pages = sorted(docs.rglob("*.html"))
    # There is no release before this one, so the suite `continuity` was not run.
    assert len(pages) == 1 + 2 * (len(load_expectations()) - 1)
    for page in pages:
        links = lxml.html.parse(str(page)).xpath("//@href | //@src")
        assert links
        for link in links:
            target = urlsplit(link)
            assert (target.scheme, target.netloc) == ("", ""), (page.name, link)
            assert (page.parent / target.path).resolve().exists() or not target.path, (page.name, link)
        assert "<script" not in page.read_text("utf-8")
        assert "://" not in page.read_text("utf-8")


def test_the_index_says_what_failed(released: Release, tmp_path: Path) -> None:
    folder = tmp_path / "release"
    shutil.copytree(released.folder, folder)
    with duckdb.connect(str(folder / "gao.duckdb")) as connection:
        connection.execute("UPDATE fact_reported_value SET value = -1 WHERE counted AND unit = 'count'")
    verdicts = {verdict.id: verdict for verdict in check_duckdb(folder, None, name="broken")}
    assert not verdicts["facts.not_negative"].success
    index = lxml.html.parse(str(folder / "data_docs" / "index.html"))
    for verdict in verdicts.values():
        (outcome,) = index.xpath(f"//tr[@id='{verdict.id}']/td[1]")
        said = "failed" if not verdict.success else "not compared" if verdict.detail else "success"
        assert said in outcome.text_content()


def test_great_expectations_is_imported_by_the_door_alone() -> None:
    code = (
        "import sys, gao_pipeline.publishing.door, gao_pipeline.publishing.release;"
        "sys.exit('great_expectations' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("expect: none\n    limits: {minimum: 1}", "limits belong"),
        ("expect: between", "limits belong"),
        ("expect: never", "never"),
        ("expect: none\n    surprise: 1", "surprise"),
    ],
)
def test_malformed_expectations_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, complaint: str
) -> None:
    path = tmp_path / "expectations" / "x.yaml"
    path.parent.mkdir()
    path.write_text(
        "suite: x\ntitle: {zh: x, en: x}\nexpectations:\n  - id: x.y\n    severity: blocking\n"
        f"    statement: {{zh: x, en: x}}\n    sql: SELECT 1\n    {content}\n"
    )
    monkeypatch.setattr("gao_pipeline.contracts.expectations.contract_files", lambda _: [path])
    load_expectations.cache_clear()
    with pytest.raises(ContractError, match=complaint):
        load_expectations()
    load_expectations.cache_clear()

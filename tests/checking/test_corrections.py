"""Corrections: applied where they fit what is printed, told where they do not, refused where malformed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest

from gao_pipeline.checking.confrontation import confront
from gao_pipeline.checking.corrections import Correction, apply_corrections, by_report, load_corrections
from gao_pipeline.contracts.forms import FactCode
from gao_pipeline.contracts.loading import ContractError
from gao_pipeline.reports.model import Report, State

MakeReport = Callable[..., Report]
HEADER = "organization,report_year,table,row,column,old_value,new_value,who,when,why,evidence\n"
CELL = FactCode("applications", "granted", "total")
CORRECTION = Correction(
    organization="青石县商务局",
    report_year=2022,
    table=CELL.table,
    row=CELL.row,
    column=CELL.column,
    old_value=1,
    new_value=0,
    who="王某",
    when=date(2024, 3, 1),
    why="总计误填",
    evidence="机关更正说明",
)


def fact(report: Report) -> tuple[float | None, State]:
    (found,) = (fact for fact in report.facts if fact.code == CELL)
    return found.value, found.state


def test_a_correction_that_fits_settles_the_finding_and_leaves_the_report(report: MakeReport) -> None:
    printed = report({CELL: 1})
    corrected = apply_corrections(printed, [CORRECTION])
    assert fact(printed) == (1, State.REPORTED)
    assert fact(corrected.report) == (0, State.REPORTED)
    assert corrected.applied == {CELL: CORRECTION}
    (applied,) = corrected.findings
    assert (applied.rule, applied.severity, applied.facts) == ("correction.applied", "info", (CELL,))
    assert all(word in applied.message.zh for word in ("王某", "总计误填", "机关更正说明"))
    before, after = confront([printed, corrected.report])
    assert {f.severity for f in before.findings} == {"error"}
    assert not after.findings


def test_a_correction_that_no_longer_fits_is_told_and_not_applied(report: MakeReport) -> None:
    republished = report({CELL: 5})
    corrected = apply_corrections(republished, [CORRECTION])
    assert corrected.report == republished
    (finding,) = corrected.findings
    assert (finding.rule, finding.facts) == ("correction.stale", (CELL,))
    assert "王某" in finding.message.zh
    assert "5" in finding.message.zh


def test_blanks_are_filled_and_figures_withdrawn(report: MakeReport) -> None:
    fill = msgspec.structs.replace(CORRECTION, old_value=None, new_value=4)
    assert fact(apply_corrections(report({CELL: None}), [fill]).report) == (4, State.REPORTED)
    withdraw = msgspec.structs.replace(CORRECTION, old_value=9, new_value=None)
    assert fact(apply_corrections(report({CELL: 9}), [withdraw]).report) == (None, State.BLANK)


def test_corrections_of_other_reports_are_passed_over(report: MakeReport) -> None:
    made = report({CELL: 1}, report_year=2023)
    corrected = apply_corrections(made, [CORRECTION])
    assert (corrected.report, corrected.findings) == (made, ())
    assert list(by_report([CORRECTION])) == [("青石县商务局", 2022)]


def test_the_bundled_corrections_load() -> None:
    assert load_corrections() == ()


def test_files_are_read_with_their_figures(tmp_path: Path) -> None:
    line = "青石县商务局,2022,applications,granted,total,1,,王某,2024-03-01,总计误填,机关更正说明\n"
    (tmp_path / "facts.csv").write_text(HEADER + line, encoding="utf-8-sig")
    assert load_corrections(tmp_path) == (msgspec.structs.replace(CORRECTION, new_value=None),)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("甲局,2022,applications,granted,sum,1,2,王某,2024-03-01,误填,说明", "granted/sum"),
        ("甲局,2022,applications,granted,total,1,1,王某,2024-03-01,误填,说明", "the same"),
        ("甲局,2022,applications,granted,total,1,2,,2024-03-01,误填,说明", "who"),
        ("甲局,2022,applications,granted,total,一,2,王某,2024-03-01,误填,说明", "old_value"),
        ("甲局,2022,applications,granted,total,1,2,王某,三月,误填,说明", "when"),
    ],
)
def test_malformed_rows_are_refused_with_their_line(tmp_path: Path, line: str, complaint: str) -> None:
    (tmp_path / "facts.csv").write_text(HEADER + line + "\n", encoding="utf-8")
    with pytest.raises(ContractError, match=f"line 2.*{complaint}"):
        load_corrections(tmp_path)


def test_a_cell_is_corrected_once(tmp_path: Path) -> None:
    line = "甲局,2022,applications,granted,total,1,2,王某,2024-03-01,误填,说明\n"
    (tmp_path / "facts.csv").write_text(HEADER + line + line, encoding="utf-8")
    with pytest.raises(ContractError, match=r"line 3.*twice"):
        load_corrections(tmp_path)

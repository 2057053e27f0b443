"""The editions of the form in `data_contracts/forms/` say what `fact-codes.csv` says, code by code."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from gao_pipeline.contracts.forms import form_of_year, load_forms

_CODES = Path(__file__).parent / "fact-codes.csv"
_SHARED = Path(__file__).resolve().parents[3] / "shared" / "design" / "fact-codes.csv"


def _rows_of_contracts() -> list[dict[str, str]]:
    return [
        {
            "form": form.form,
            "table": code.table,
            "row": code.row,
            "column": code.column,
            "section": block.heading or table.section_label or "",
            "row_label": table.row_title(row),
            "column_label": column.label,
            "unit": str(column.unit),
        }
        for form in load_forms().values()
        for table in form.tables
        for code, block, row, column in table.cells()
    ]


def _rows_of_file(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_forms_and_code_list_agree_in_order(form: str) -> None:
    expected = [row for row in _rows_of_file(_CODES) if row["form"] == form]
    assert [row for row in _rows_of_contracts() if row["form"] == form] == expected


def test_committed_code_list_is_the_shared_one() -> None:
    if not _SHARED.is_file():
        pytest.skip("the shared list of fact codes is not present")
    assert _rows_of_file(_CODES) == _rows_of_file(_SHARED)


@pytest.mark.parametrize(
    ("year", "form"),
    [(2018, None), (2019, "2019"), (2020, "2019"), (2021, "2021"), (2030, "2021"), (None, None)],
)
def test_edition_of_a_report_year(year: int | None, form: str | None) -> None:
    found = form_of_year(year)
    assert (found.form if found else None) == form


def test_official_wordings_are_unambiguous_within_a_table() -> None:
    for form in load_forms().values():
        for table in form.tables:
            for block in table.blocks:
                wordings = [wording for column in block.columns for wording in column.wordings]
                assert len(wordings) == len(set(wordings)), (form.form, table.code)
            rows = [wording for block in table.blocks for row in block.rows for wording in row.wordings]
            assert len(rows) == len(set(rows)), (form.form, table.code)


def test_keys_find_the_official_label_of_their_own_row_only() -> None:
    for form in load_forms().values():
        for table in form.tables:
            rows = [row for block in table.blocks for row in block.rows]
            for row in rows:
                found = {
                    other.code
                    for other in rows
                    if any(pattern.search(row.short_label) for pattern in other.patterns)
                }
                assert found <= {row.code}, (form.form, row.code, found)

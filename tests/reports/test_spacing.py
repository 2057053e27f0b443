"""Dumps of one cell a line: blank cells come back where lines tell of them, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from gao_pipeline.documents.plain.text import read_text
from gao_pipeline.reports.spacing import BLOCK_ENDS, TABLE_ENDS, Gaps, Spacing, spacing_of

HEADINGS = {
    "disclosure": "二、主动公开政府信息情况",
    "applications": "三、收到和处理政府信息公开申请情况",
    "proceedings": "四、政府信息公开行政复议、行政诉讼情况",
}
FIGURES = ["7", "", "0", "12", "", "", "305", "0", "9", "", "1", "", "0"]


def _printed(codes: Any) -> dict[Any, str]:
    """A figure or nothing for every cell, complete rows among them, the last row of each table not."""
    printed = {code: FIGURES[index % len(FIGURES)] for index, code in enumerate(codes)}
    complete = {
        code: figure or "4" for code, figure in printed.items() if code.row in ("received", "granted")
    }
    return {code: figure for code, figure in (printed | complete).items() if figure}


def _report(layouts: Any, printed: dict[Any, str], cell: str, row: str, blank: str | None) -> Any:
    """A report that prints every cell with `cell` behind it, `row` behind every row, and `blank` for a blank
    cell."""
    printer = layouts.printer(layouts.forms["2021"], printed)
    tables = [
        f"{heading}\n"
        + "".join(
            "".join(
                f"{each.text}{cell}" if each.text else (f"{blank}{cell}" if blank is not None else "")
                for each in cells
            )
            + row
            for cells in printer.layout(code)
        )
        for code, heading in HEADINGS.items()
    ]
    text = "\n".join(["示例县商务局2023年政府信息公开工作年度报告", *tables, "五、存在的问题\n无。"])
    return layouts.read(read_text(text.encode()))


@pytest.mark.parametrize(
    ("cell", "row"),
    [("\n", ""), ("\n", "\n"), ("\n\n", ""), ("\n\n\n", "\n\n")],
    ids=["a line a cell", "blank lines between rows", "paragraphs", "markup without its tags"],
)
def test_blank_cells_leave_their_lines(layouts: Any, cell: str, row: str) -> None:
    printed = _printed(layouts.forms["2021"].codes)
    report = _report(layouts, printed, cell, row, "")
    assert {f.code: f.raw for f in report.facts if f.value is not None} == printed


@pytest.mark.parametrize(("cell", "row"), [("\n", ""), ("\n", "\n"), ("\n\n", "")])
@pytest.mark.parametrize("with_blanks", [True, False])
def test_figures_with_their_digits_apart_are_one_each(
    layouts: Any, cell: str, row: str, with_blanks: bool
) -> None:
    figures = ["1 5", "2 407", "0", "12 3", "", "9", "2 5", "3", "1 0"]
    codes = layouts.forms["2021"].codes
    printed = {code: figures[index % 9] or "4 8" * (not with_blanks) for index, code in enumerate(codes)}
    report = _report(layouts, printed, cell, row, "")
    assert {f.code: f.raw for f in report.facts} == printed


@pytest.mark.parametrize(("cell", "row"), [("\n", ""), ("\n", "\n"), ("\n\n", "")])
def test_blank_cells_that_leave_no_line_are_not_guessed(layouts: Any, cell: str, row: str) -> None:
    printed = _printed(layouts.forms["2021"].codes)
    report = _report(layouts, printed, cell, row, None)
    read = {fact.code: fact.raw for fact in report.facts if fact.value is not None}
    assert read.items() <= printed.items()
    assert "row_length" in {notice.code for notice in report.notices}


def _row(*inside: int, behind: int, missing: int = 0, depth: int = 0) -> Gaps:
    return Gaps(inside, behind, missing, opens=False, depth=depth)


def test_cells_of_groups_are_no_blank_cells_of_the_row_above() -> None:
    rows = [
        *(_row(1, 1, 1, behind=1), _row(1, 1, 1, behind=3, depth=1), _row(1, 1, 1, behind=5, depth=2)),
        _row(1, 3, behind=3, missing=1, depth=1),
        _row(1, 1, behind=7, missing=1, depth=2),
    ]
    spacing = spacing_of(rows, [1, 3, 5])
    assert spacing is not None
    assert spacing.before == {0: 1, 1: 3, 2: 5}
    assert [spacing.blanks(row) for row in rows[3:]] == [[0, 1, 0], [0, 0, 1]]


@pytest.mark.parametrize("cell", ["\n", "\n\n"])
def test_figures_below_the_blank_cells_of_a_row_are_no_cells_of_it(layouts: Any, cell: str) -> None:
    codes = layouts.forms["2021"].codes
    emptied = [code for code in codes if code.row in ("partly_granted", "denied.state_secret")]
    printer = layouts.printer(layouts.forms["2021"], {code: "3" for code in codes if code not in emptied})
    cells = ["示例县商务局2023年政府信息公开工作年度报告"]
    for table, heading in HEADINGS.items():
        cells.append(heading)
        for row in printer.layout(table):
            cells += [each.text for each in row]
            if any("国家秘密" in each.text for each in row):
                cells += ["", *["0"] * 7]
    report = layouts.read(read_text(cell.join([*cells, "五、存在的问题", "无。"]).encode()))
    assert {f.code: f.value for f in report.facts} == {c: None if c in emptied else 3 for c in codes}
    assert "orphan_row" in {notice.code for notice in report.notices}


@pytest.mark.parametrize("cell", ["\n", "\n\n"])
def test_numbers_that_count_the_rows_are_no_cells(layouts: Any, cell: str) -> None:
    codes = layouts.forms["2021"].codes
    printed = {code: str(len(code.row) % 4) for code in codes}
    printer = layouts.printer(layouts.forms["2021"], printed)
    cells = ["示例县商务局2023年政府信息公开工作年度报告"]
    for table, heading in HEADINGS.items():
        cells.append(heading)
        number = 0
        for row in printer.layout(table):
            has_figures = row[-1].text.isdigit() and table == "applications"
            number += has_figures
            cells += [*([str(number)] if has_figures else []), *(each.text for each in row)]
    report = layouts.read(read_text(cell.join([*cells, "五、存在的问题", "无。"]).encode()))
    assert {f.code: f.value for f in report.facts} == {code: int(text) for code, text in printed.items()}


def test_headings_of_blocks_stand_further_below_than_rows() -> None:
    rows = [
        *(
            _row(0, 0, 0, behind=0),
            _row(0, 0, 0, behind=3, depth=BLOCK_ENDS),
            _row(0, behind=3, depth=BLOCK_ENDS),
        ),
        _row(0, 0, behind=1, missing=1),
    ]
    spacing = spacing_of(rows, [0, 1, 3])
    assert spacing is not None
    assert [spacing.blanks(row) for row in rows[1:]] == [[0, 0, 0, 0], [0, 0], [0, 0, 1]]


def test_values_closer_together_tell_against_a_spacing() -> None:
    assert not Spacing(8, 8, 1, {}).fits(_row(0, 0, 0, behind=0))


def test_lines_behind_a_table_are_no_blank_cells_unless_another_table_tells() -> None:
    spacing = Spacing(0, 1, 1, {0: 1})
    last = _row(0, 0, behind=2, missing=1, depth=TABLE_ENDS)
    assert not spacing.fits(last)
    assert spacing._replace(before={TABLE_ENDS: 1}).fits(last)


def test_blank_cells_at_the_end_of_a_table_stand_behind_values_without_lines_between() -> None:
    last = _row(1, 1, behind=7, missing=1, depth=TABLE_ENDS)
    assert Spacing(1, 1, 2, {}).blanks(last) == [0, 0, 1]
    assert Spacing(1, 1, 2, {}).blanks(last._replace(behind=2)) == [0, 0, 0]


def test_a_complete_row_with_lines_in_it_is_not_placed() -> None:
    assert Spacing(0, 0, 1, {}).blanks(_row(0, 2, 0, behind=0)) == [0, 2, 0, 0]


def test_one_row_alone_tells_no_spacing() -> None:
    assert spacing_of([_row(9, 1, 1, behind=1, missing=12, depth=TABLE_ENDS)], [1, 0]) is None

"""Texts that crawlers make of web pages: whatever figures, wherever lines break, nothing is read wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gao_pipeline.contracts.forms import FactCode
from gao_pipeline.contracts.rules import load_rules
from gao_pipeline.documents.plain.text import read_text
from gao_pipeline.reports.model import Report

_YEARS = {"2019": 2020, "2021": 2023}
_HEADINGS = {
    "disclosure": "二、主动公开政府信息情况",
    "applications": "三、收到和处理政府信息公开申请情况",
    "proceedings": "四、政府信息公开行政复议、行政诉讼情况",
}
_SETTINGS = settings(max_examples=10)
_FIGURES = st.sampled_from(["0", "1", "7", "12", "305", "1234", "-3", "1 5"])


@st.composite
def figures(draw: st.DrawFn, codes: tuple[FactCode, ...], blanks: bool) -> dict[FactCode, str]:
    """A figure for every cell, or for some of them."""
    cell = st.one_of(_FIGURES, st.none()) if blanks else _FIGURES
    printed = draw(st.lists(cell, min_size=len(codes), max_size=len(codes)))
    return {code: figure for code, figure in zip(codes, printed, strict=True) if figure is not None}


def _row(texts: list[str], broken: bool, filling: int, frame: str) -> str:
    cells = ("\n" if broken else " ").join(f"{text} |" for text in texts)
    return f"{frame}{cells} {'|' * filling}".rstrip()


def _crawled(layout: Any, draw: st.DrawFn, filled: bool, frame: str) -> str:
    """A bar behind every cell; rows on one line or on as many as they have cells; all but the last filled up
    with bars to the width of the table."""
    width = sum(cell.columns for cell in layout[0])
    lines = [
        _row(
            [cell.text for cell in row],
            draw(st.booleans()),
            width - len(row) if filled and number < len(layout) - 1 else 0,
            frame,
        )
        for number, row in enumerate(layout)
    ]
    return "\n".join(lines)


def _read(layouts: Any, form: str, printed: dict[FactCode, str], draw: st.DrawFn, **flavour: Any) -> Report:
    printer = layouts.printer(layouts.forms[form], printed)
    tables = (
        f"{heading}\n{_crawled(printer.layout(code), draw, **flavour)}" for code, heading in _HEADINGS.items()
    )
    text = "\n".join(
        [f"示例县商务局{_YEARS[form]}年政府信息公开工作年度报告", *tables, "五、存在的问题\n无。"]
    )
    report: Report = layouts.read(read_text(text.encode()))
    return report


def _value(figure: str | None) -> int | None:
    return None if figure is None else int(figure.replace(" ", ""))


FLAVOURS = {
    "filled": {"filled": True, "frame": ""},
    "filled and framed": {"filled": True, "frame": "| "},
    "closed": {"filled": False, "frame": ""},
    "closed and framed": {"filled": False, "frame": "| "},
}


@pytest.mark.parametrize("flavour", FLAVOURS.values(), ids=FLAVOURS)
@pytest.mark.parametrize("form", list(_YEARS))
def test_figures_are_read_exactly(layouts: Any, form: str, flavour: dict[str, Any]) -> None:
    codes = layouts.forms[form].codes

    @_SETTINGS
    @given(figures(codes, blanks=False), st.data())
    def check(printed: dict[FactCode, str], data: st.DataObject) -> None:
        report = _read(layouts, form, printed, data.draw, **flavour)
        assert {fact.code: fact.value for fact in report.facts} == {c: _value(f) for c, f in printed.items()}
        assert set(report.table_forms.values()) == {form}

    check()


@pytest.mark.parametrize("flavour", FLAVOURS.values(), ids=FLAVOURS)
@pytest.mark.parametrize("form", list(_YEARS))
def test_blank_cells_shift_nothing_and_what_is_lost_is_named(
    layouts: Any, form: str, flavour: dict[str, Any]
) -> None:
    codes = layouts.forms[form].codes

    @_SETTINGS
    @given(figures(codes, blanks=True), st.data())
    def check(printed: dict[FactCode, str], data: st.DataObject) -> None:
        report = _read(layouts, form, printed, data.draw, **flavour)
        read = {fact.code: fact.value for fact in report.facts}
        lost = {code for code, figure in printed.items() if read.get(code) is None}
        named = {n.table for n in report.notices if load_rules()[f"reading.{n.code}"].severity != "info"}
        assert not {
            code for code, value in read.items() if value is not None and value != _value(printed.get(code))
        }
        assert {code.table for code in lost} <= named

    check()


def test_behind_the_bar_that_opens_a_row_stands_one_blank_cell(layouts: Any) -> None:
    codes = layouts.forms["2021"].codes
    printed = {
        code: str(number)
        for number, code in enumerate(codes)
        if code.row != "review" or code.column == "corrected"
    }
    printer = layouts.printer(layouts.forms["2021"], printed)
    lines = ["示例县商务局2023年政府信息公开工作年度报告"]
    for table, heading in _HEADINGS.items():
        rows = ([cell.text for cell in row] for row in printer.layout(table))
        lines += [heading, *(_row(texts, broken=True, filling=0, frame="| ") for texts in rows)]
    facts = {fact.code: fact.value for fact in layouts.read(read_text("\n".join(lines).encode())).facts}
    assert facts == {code: _value(printed.get(code)) for code in codes}


def _one_cell_a_line(layouts: Any, form: str, printed: dict[FactCode, str]) -> str:
    printer = layouts.printer(layouts.forms[form], printed)
    tables = (
        "\n".join([heading, *(cell.text for row in printer.layout(code) for cell in row)])
        for code, heading in _HEADINGS.items()
    )
    return "\n".join(
        [f"示例县商务局{_YEARS[form]}年政府信息公开工作年度报告", *tables, "五、存在的问题\n无。"]
    )


def test_a_figure_glued_to_a_label_with_all_figures_below_is_none_of_them(layouts: Any) -> None:
    printed = {code: str(number % 8) for number, code in enumerate(layouts.forms["2021"].codes)}
    text = _one_cell_a_line(layouts, "2021", printed)
    label = "7.属于行政执法案卷"
    report = layouts.read(read_text(text.replace(label, f"{label}9").encode()))
    assert {fact.code: fact.value for fact in report.facts} == {c: _value(f) for c, f in printed.items()}
    assert "glued_figure" in {notice.code for notice in report.notices}


def test_a_unit_apart_from_its_figure_is_no_cell(layouts: Any) -> None:
    printed = {code: str(number % 8) for number, code in enumerate(layouts.forms["2019"].codes)}
    amount = FactCode("disclosure", "procurement", "amount")
    text = _one_cell_a_line(layouts, "2019", printed | {amount: "73802.90 元"})
    facts = {fact.code: fact.value for fact in layouts.read(read_text(text.encode())).facts}
    assert facts == {code: _value(figure) for code, figure in printed.items()} | {amount: 73802.9}


def test_figures_that_share_lines_are_apart_where_that_completes_every_row(layouts: Any) -> None:
    form = layouts.forms["2021"]
    printed = {code: str(number % 8 + 1) for number, code in enumerate(form.codes)}
    text = _one_cell_a_line(layouts, "2021", printed)
    rows = [code.row for code in form.codes if code.table == "applications"]
    for row in dict.fromkeys(rows[::21]):
        code = FactCode("applications", row, "other_organization")
        total = FactCode("applications", row, "total")
        before = printed[FactCode("applications", row, "legal_service")]
        cells = f"{before}\n{printed[code]}\n{printed[total]}"
        text = text.replace(cells, f"{before}\n{printed[code]} {printed[total]}", 1)
    facts = {fact.code: fact.value for fact in layouts.read(read_text(text.encode())).facts}
    assert {code: value for code, value in facts.items() if code.table == "applications"} == {
        code: _value(figure) for code, figure in printed.items() if code.table == "applications"
    }

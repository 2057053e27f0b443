"""Reports in traditional characters are read like others."""

from __future__ import annotations

from typing import Any

import pytest
from opencc import OpenCC

from gao_pipeline.documents.model import Document, Grid, MediaType, Paragraph
from gao_pipeline.reports.script import in_simplified

_READINGS = {"開": "開(kāi)", "數": "數(shù)", "總": "總(zǒng)", "陝": "陜"}


def _text(text: str) -> str:
    """As mirrors print it, with what their programs leave behind some characters or make of them."""
    converted = OpenCC("s2t").convert(text).replace("信息", "資訊")
    return "".join(_READINGS.get(character, character) for character in converted)


def _traditional(grid: Grid) -> Grid:
    cells = tuple(type(c)(text=_text(c.text), row=c.row, column=c.column, place=c.place) for c in grid.cells)
    return type(grid)(cells=cells, rows=grid.rows, columns=grid.columns, ragged=True)


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_a_report_in_traditional_characters_is_read_exactly(layouts: Any, form: str) -> None:
    codes = layouts.forms[form].codes
    printed = {code: str(index % 9) for index, code in enumerate(codes)}
    printer = layouts.printer(layouts.forms[form], printed)
    tables = [table.code for table in layouts.forms[form].tables]
    grids = [_traditional(layouts.flavours["ragged"](printer.layout(code))) for code in tables]
    year = {"2019": 2020, "2021": 2023}[form]
    title = Paragraph(text=_text(f"陕西省商务厅{year}年政府信息公开工作年度报告"))
    report = layouts.read(Document(media_type=MediaType.HTML, blocks=(title, *grids)))
    assert report.organization == "陕西省商务厅"
    assert {fact.code: fact.value for fact in report.facts} == {c: int(f) for c, f in printed.items()}


def test_simplified_print_stays_as_it_is() -> None:
    document = Document(
        media_type=MediaType.TXT,
        blocks=(Paragraph(text="乾县著作开报数总计务项据诉议请类机关标准处结转实际"),),
    )
    assert in_simplified(document) is document

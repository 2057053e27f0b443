"""Any grid, written in any format, is read back exactly."""

from __future__ import annotations

import io
from collections.abc import Callable
from html import escape as html_escape
from itertools import pairwise

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from openpyxl.styles import Border, Side

from gao_pipeline.documents.model import Cell, Document, Grid
from gao_pipeline.documents.plain.text import read_markdown, read_text
from gao_pipeline.documents.web.html import read_html
from gao_pipeline.documents.word.docx import read_docx
from gao_pipeline.documents.workbook.xlsx import read_xlsx

Plain = tuple[str, int, int, int, int]
"""Text, row, column, row span, column span."""

TEXTS = st.text("信息总计规章0123456789０一（）.,-", min_size=0, max_size=6)


@st.composite
def tilings(draw: st.DrawFn, *, spans: bool = True) -> tuple[int, int, list[Plain]]:
    """A grid of up to six by six slots, tiled with cells of random extent and text."""
    rows, columns = draw(st.integers(2, 6)), draw(st.integers(2, 6))
    taken: set[tuple[int, int]] = set()
    cells: list[Plain] = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken:
                continue
            width = draw(st.integers(1, columns - column)) if spans else 1
            while any((row, column + offset) in taken for offset in range(width)):
                width -= 1
            height = draw(st.integers(1, rows - row)) if spans else 1
            taken |= {(row + down, column + across) for down in range(height) for across in range(width)}
            cells.append((draw(TEXTS), row, column, height, width))
    return rows, columns, cells


def _plain(cell: Cell) -> Plain:
    return cell.text, cell.row, cell.column, cell.row_span, cell.column_span


def _only_grid(document: Document) -> Grid:
    (grid,) = document.grids
    return grid


def _by_row(rows: int, cells: list[Plain]) -> list[list[Plain]]:
    return [[cell for cell in cells if cell[1] == row] for row in range(rows)]


def _markdown(rows: int, columns: int, cells: list[Plain]) -> Document:
    lines = [
        "| " + " | ".join(cell[0].replace("|", "\\|") for cell in row) + " |" for row in _by_row(rows, cells)
    ]
    lines.insert(1, "|---" * columns + "|")
    return read_markdown("\n".join(lines).encode())


def _spreadsheet_dump(rows: int, columns: int, cells: list[Plain]) -> Document:
    text = "\n".join("\t".join(cell[0] for cell in row) for row in _by_row(rows, cells))
    return read_text(f"甲县乙局\n{text}\n\n完".encode())


def _html(rows: int, columns: int, cells: list[Plain]) -> Document:
    body = "".join(
        "<tr>"
        + "".join(
            f"<td rowspan={row_span} colspan='{column_span}'><p class=MsoNormal>{html_escape(text)}</p></td>"
            for text, _, _, row_span, column_span in row
        )
        + "</tr>"
        for row in _by_row(rows, cells)
    )
    page = f"<html><meta charset=gb2312><p>甲县乙局<table><tbody>{body}</tbody></table></html>"
    return read_html(page.encode("gb18030"))


def _docx(rows: int, columns: int, cells: list[Plain]) -> Document:
    covering = {
        (row, column): cell
        for cell in cells
        for row in range(cell[1], cell[1] + cell[3])
        for column in range(cell[2], cell[2] + cell[4])
    }
    xml = ""
    for row in range(rows):
        xml += "<w:tr>"
        for column in range(columns):
            text, top, left, row_span, column_span = covering[row, column]
            if column != left:
                continue
            merge = '<w:vMerge w:val="restart"/>' if row_span > 1 else ""
            merge = merge if row == top else "<w:vMerge/>"
            run = f"<w:r><w:t>{html_escape(text)}</w:t></w:r>" if row == top else ""
            xml += f'<w:tc><w:tcPr><w:gridSpan w:val="{column_span}"/>{merge}</w:tcPr><w:p>{run}</w:p></w:tc>'
        xml += "</w:tr>"
    document = docx.Document()
    document.add_paragraph("甲县乙局")
    document.element.body.insert(1, parse_xml(f"<w:tbl {nsdecls('w')}>{xml}</w:tbl>"))
    buffer = io.BytesIO()
    document.save(buffer)
    return read_docx(buffer.getvalue())


def _xlsx(rows: int, columns: int, cells: list[Plain]) -> Document:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["A1"] = "甲县乙局"
    side = Side(style="thin")
    for row in range(3, rows + 3):
        for column in range(2, columns + 2):
            sheet.cell(row, column).border = Border(side, side, side, side)
    for text, row, column, row_span, column_span in cells:
        sheet.cell(row + 3, column + 2).value = text
        sheet.merge_cells(
            start_row=row + 3,
            start_column=column + 2,
            end_row=row + 2 + row_span,
            end_column=column + 1 + column_span,
        )
    buffer = io.BytesIO()
    workbook.save(buffer)
    return read_xlsx(buffer.getvalue())


@pytest.mark.parametrize("write", [_html, _docx])
@settings(max_examples=50)
@given(tiling=tilings())
def test_spans_are_read_back(write: Callable[..., Document], tiling: tuple[int, int, list[Plain]]) -> None:
    rows, columns, cells = tiling
    assume(len(cells) > 1)
    grid = _only_grid(write(rows, columns, cells))
    assert [_plain(cell) for cell in grid.cells] == cells
    assert (grid.rows, grid.columns, grid.ragged) == (rows, columns, False)


@settings(max_examples=25)
@given(tiling=tilings())
def test_spans_of_ruled_sheets_are_read_back(tiling: tuple[int, int, list[Plain]]) -> None:
    rows, columns, cells = tiling
    assume(any(sum(bool(cell[0]) for cell in row) > 1 for row in _by_row(rows, cells)))
    grid = _only_grid(_xlsx(rows, columns, cells))
    assert [_plain(cell) for cell in grid.cells] == cells
    assert (grid.rows, grid.columns) == (rows, columns)


@pytest.mark.parametrize("write", [_markdown, _spreadsheet_dump])
@given(tiling=tilings(spans=False))
def test_rows_of_dumps_are_read_back(
    write: Callable[..., Document], tiling: tuple[int, int, list[Plain]]
) -> None:
    rows, columns, cells = tiling
    figures = [cell[0] for cell in cells if not any(character.isalpha() for character in cell[0])]
    assume(all(cell[0] for cell in cells if cell[2] == 0))
    assume(any(left[0] and right[0] and right[2] for left, right in pairwise(cells)))
    assume(figures and sum(bool(cell[0]) for cell in cells) > 1)
    grid = _only_grid(write(rows, columns, cells))
    assert [_plain(cell) for cell in grid.cells] == cells
    assert not grid.ragged

"""Prints a form with given figures the ways reports are found: as grids with spans, flat grids, ragged
dumps and single paragraphs. The wording comes from the contracts, so every edition is printed alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pytest

from gao_pipeline.contracts.forms import FactCode, Form, Row, Table, load_forms
from gao_pipeline.documents.grids import GridBuilder
from gao_pipeline.documents.model import Block, Document, Grid, MediaType, Paragraph, Place
from gao_pipeline.reports.model import Report
from gao_pipeline.reports.reading import read_report

Figures = Mapping[FactCode, str]


class PrintedCell(NamedTuple):
    """A cell as it is laid out: its text and how far it reaches."""

    text: str
    rows: int = 1
    columns: int = 1


Layout = list[list[PrintedCell]]


@dataclass
class Printer:
    """Lays out the tables of one edition."""

    form: Form
    figures: Figures

    def layout(self, code: str) -> Layout:
        """The rows of a table, spans included, figures as given (blank where none is)."""
        table = self.form.table(code)
        if table.orientation == "columns":
            return self._side_by_side(table)
        return self._blocks(table) if len(table.blocks) > 1 else self._one_block(table)

    def _values(self, table: Table, row: Row) -> list[PrintedCell]:
        block = next(block for block in table.blocks if row in block.rows)
        codes = (FactCode(table.code, row.code, column.code) for column in block.columns)
        return [PrintedCell(self.figures.get(code, "")) for code in codes]

    def _blocks(self, table: Table) -> Layout:
        width = max(len(block.columns) for block in table.blocks)
        rows: Layout = []
        for block in table.blocks:
            spans = [1] * (len(block.columns) - 1) + [width - len(block.columns) + 1]
            header = [PrintedCell(c.label, 1, span) for c, span in zip(block.columns, spans, strict=True)]
            rows += [[PrintedCell(block.heading or "", 1, width + 1)], [PrintedCell("信息内容"), *header]]
            for row in block.rows:
                values = [
                    cell._replace(columns=span)
                    for cell, span in zip(self._values(table, row), spans, strict=True)
                ]
                rows.append([PrintedCell(row.label), *values])
        return rows

    def _one_block(self, table: Table) -> Layout:
        block = table.blocks[0]
        first, *inner, last = (PrintedCell(column.label) for column in block.columns)
        applicants, organisations = table.column_groups
        rows: Layout = [
            [PrintedCell(f"（{table.corner}）", 3, 3), PrintedCell(applicants, 1, len(block.columns))],
            [first._replace(rows=2), PrintedCell(organisations, 1, len(inner)), last._replace(rows=2)],
            inner,
        ]
        sizes: dict[str, int] = {}
        for row in block.rows:
            for group in table.group_path(row):
                sizes[group.code] = sizes.get(group.code, 0) + 1
        open_groups: set[str] = set()
        for row in block.rows:
            path = table.group_path(row)
            labels = [
                PrintedCell(group.label, sizes[group.code]) for group in path if group.code not in open_groups
            ]
            open_groups.update(group.code for group in path)
            rows.append([*labels, PrintedCell(row.label, 1, 3 - len(path)), *self._values(table, row)])
        return rows

    def _side_by_side(self, table: Table) -> Layout:
        block = table.blocks[0]
        headers = [PrintedCell(column.label) for column in block.columns]
        review, *litigation = block.rows
        count = len(headers)
        return [
            [PrintedCell(review.label, 1, count), PrintedCell(table.groups[0].label, 1, count * 2)],
            [*(h._replace(rows=2) for h in headers), *(PrintedCell(r.label, 1, count) for r in litigation)],
            [*headers, *headers],
            [cell for row in block.rows for cell in self._values(table, row)],
        ]


def spanned(layout: Layout) -> Grid:
    """The layout with its spans, as Word, HTML and PDF give it."""
    builder = GridBuilder(Place())
    for row in layout:
        builder.start_row()
        for cell in row:
            builder.add(cell.text, row_span=cell.rows, column_span=cell.columns)
    return builder.grid()


def flat(layout: Layout) -> Grid:
    """The layout with an empty cell wherever one is spanned over, as Markdown gives it."""
    grid = spanned(layout)
    texts = [[""] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        texts[cell.row][cell.column] = cell.text
    return _plain(texts, ragged=False)


def ragged(layout: Layout) -> Grid:
    """The layout as a Word dump gives it: cells spanned from above are empty, column spans are lost."""
    grid = spanned(layout)
    texts: list[list[str]] = [[] for _ in range(grid.rows)]
    for row in range(grid.rows):
        here = [
            (c.column, c.text if c.row == row else "")
            for c in grid.cells
            if c.row <= row < c.row + c.row_span
        ]
        texts[row] = [text for _, text in sorted(here)]
    return _plain(texts, ragged=True)


def _plain(texts: list[list[str]], *, ragged: bool) -> Grid:
    builder = GridBuilder(Place())
    for row in texts:
        builder.start_row()
        for text in row:
            builder.add(text)
    return builder.grid(ragged=ragged)


def stream(layout: Layout, first_line: int) -> list[Paragraph]:
    """The layout one cell a paragraph, a blank line between; a blank cell is one more blank line."""
    paragraphs: list[Paragraph] = []
    line = first_line
    for row in layout:
        for cell in row:
            if cell.text.strip():
                paragraphs.append(Paragraph(text=cell.text, place=Place(line=line)))
                line += 1
            line += 1
    return paragraphs


def document(blocks: list[Block], year: int) -> Document:
    """A report with the given tables under a title and section headings."""
    return Document(
        media_type=MediaType.TXT,
        blocks=(
            Paragraph(text=f"示例县商务局{year}年政府信息公开工作年度报告", place=Place(line=1)),
            *blocks,
        ),
    )


class Layouts(NamedTuple):
    """What tests need to print and read reports."""

    forms: dict[str, Form]
    printer: Callable[[Form, Figures], Printer]
    flavours: dict[str, Callable[[Layout], Grid]]
    stream: Callable[[Layout, int], list[Paragraph]]
    document: Callable[[list[Block], int], Document]
    read: Callable[[Document], Report]
    cell: Callable[[str], PrintedCell]


@pytest.fixture(scope="session")
def layouts() -> Layouts:
    flavours = {"spanned": spanned, "flat": flat, "ragged": ragged}
    return Layouts(load_forms(), Printer, flavours, stream, document, read_report, PrintedCell)

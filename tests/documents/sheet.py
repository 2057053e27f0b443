"""Small PDF files, drawn by the tests that read them."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from gao_pipeline.documents.model import Document, Grid
from gao_pipeline.documents.paged.pdf import read_pdf

FONT = "STSong-Light"
WIDTH, HEIGHT = 595, 842

pdfmetrics.registerFont(UnicodeCIDFont(FONT))


class Sheet:
    """A PDF under way; y is measured from the top. What has no method here is drawn on the `canvas`."""

    def __init__(self, **options: object) -> None:
        self._buffer = io.BytesIO()
        self.canvas = Canvas(self._buffer, pagesize=(WIDTH, HEIGHT), **options)
        self.canvas.setFont(FONT, 10)

    def text(self, x: float, y: float, text: str) -> None:
        self.canvas.drawString(x, HEIGHT - y, text)

    def row(self, y: float, **texts: str) -> None:
        """Texts side by side: `x50="规章"` begins at 50."""
        for name, text in texts.items():
            self.text(float(name[1:]), y, text)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.canvas.line(x0, HEIGHT - y0, x1, HEIGHT - y1)

    def rules(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        """Upright rules at `xs` and level ones at `ys`, each over the whole of the others."""
        for x in xs:
            self.rule(x, ys[0], x, ys[-1])
        for y in ys:
            self.rule(xs[0], y, xs[-1], y)

    def box(self, left: float, top: float, right: float, bottom: float, radius: float = 0) -> None:
        self.canvas.roundRect(left, HEIGHT - bottom, right - left, bottom - top, radius)

    def area(self, left: float, top: float, right: float, bottom: float) -> None:
        """A box filled with the colour of the canvas, without a frame."""
        self.canvas.rect(left, HEIGHT - bottom, right - left, bottom - top, stroke=0, fill=1)

    def table(self, xs: Sequence[float], top: float, rows: Sequence[Sequence[str]]) -> None:
        """A ruled table, its rows 20 points high."""
        self.rules(xs, [top + 20 * index for index in range(len(rows) + 1)])
        for index, row in enumerate(rows):
            for x, text in zip(xs, row, strict=False):
                self.text(x + 4, top + 20 * index + 14, text)

    def next_page(self) -> None:
        self.canvas.showPage()
        self.canvas.setFont(FONT, 10)

    def data(self) -> bytes:
        self.canvas.save()
        return self._buffer.getvalue()

    def read(self) -> Document:
        return read_pdf(self.data())


def texts(grid: Grid) -> list[list[str]]:
    """The texts of a grid row by row."""
    rows: list[list[str]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row].append(cell.text)
    return rows


def tables(document: Document) -> list[list[list[str]]]:
    """The texts of all grids of a document."""
    return list(map(texts, document.grids))

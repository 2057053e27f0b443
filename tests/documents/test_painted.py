"""Only what a PDF page shows is read: each way of hiding text from the reader's eye, on small files."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from gao_pipeline.documents.paged.pdf import read_pdf

FONT = "STSong-Light"
ROWS = [["行政许可", "12"], ["行政处罚", "345"]]


@pytest.fixture(scope="module", autouse=True)
def chinese_font() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def print_cell(canvas: Canvas, text: str, x: float = 204, y: float = 706, mode: int = 0) -> None:
    canvas.saveState()
    line = canvas.beginText(x, y)
    line.setFont(FONT, 10)
    line.setTextRenderMode(mode)
    line.textOut(text)
    canvas.drawText(line)
    canvas.restoreState()


def invisible(canvas: Canvas) -> None:
    print_cell(canvas, "9", x=216, mode=3)


def white(canvas: Canvas) -> None:
    canvas.setFillGray(1)
    print_cell(canvas, "9", x=216)
    canvas.setFillGray(0)


def too_small(canvas: Canvas) -> None:
    canvas.setFont(FONT, 0.8)
    canvas.drawString(216, 706, "9")
    canvas.setFont(FONT, 10)


def aslant(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.translate(120, 690)
    canvas.rotate(20)
    canvas.setFont(FONT, 30)
    canvas.drawString(0, 0, "仅供2024内部")
    canvas.restoreState()


def large_across(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.setFillGray(0.8)
    canvas.setFont(FONT, 40)
    canvas.drawString(90, 690, "某县2024")
    canvas.restoreState()


def pale_and_repeated(canvas: Canvas) -> None:
    """Some of its lines cross the text, others stand where nothing does."""
    canvas.setFont(FONT, 24)
    canvas.setFillGray(0.8)
    for y in (700, 640):
        canvas.drawString(190, y, "内部")
    canvas.setFillGray(0)
    canvas.setFont(FONT, 10)


def painted_over(canvas: Canvas) -> None:
    print_cell(canvas, "77")
    canvas.setFillGray(1)
    canvas.rect(201, 701, 98, 18, stroke=0, fill=1)
    canvas.setFillGray(0)


def under_an_image(canvas: Canvas) -> None:
    print_cell(canvas, "77")
    picture = io.BytesIO()
    Image.new("RGB", (98, 18), (250, 250, 240)).save(picture, "png")
    canvas.drawImage(ImageReader(picture), 201, 701, 98, 18)


@pytest.mark.parametrize(
    "hide",
    [invisible, white, too_small, aslant, large_across, pale_and_repeated, painted_over, under_an_image],
)
def test_what_is_not_to_be_seen_is_not_read(hide: Callable[[Canvas], None]) -> None:
    assert table_with(before=hide) == ROWS


def highlight(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 0, alpha=0.4)
    canvas.rect(51, 661, 248, 58, stroke=0, fill=1)


def seal(canvas: Canvas) -> None:
    picture = io.BytesIO()
    Image.new("RGBA", (60, 60), (255, 0, 0, 60)).save(picture, "png")
    canvas.drawImage(ImageReader(picture), 190, 670, 60, 60, mask="auto")


@pytest.mark.parametrize("lay", [highlight, seal])
def test_what_shows_through_is_read(lay: Callable[[Canvas], None]) -> None:
    assert table_with(after=lay) == ROWS


def test_white_type_on_a_dark_ground_is_read() -> None:
    def dark(canvas: Canvas) -> None:
        canvas.setFillColorRGB(0.1, 0.2, 0.5)
        canvas.rect(50, 680, 250, 40, stroke=0, fill=1)
        canvas.setFillGray(1)

    assert table_with(before=dark) == ROWS


def table_with(
    before: Callable[[Canvas], None] = lambda _: None, after: Callable[[Canvas], None] = lambda _: None
) -> list[list[str]]:
    """The table as read from a page on which something is painted before or after its figures."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.setFont(FONT, 10)
    for y in (680, 700, 720):
        canvas.line(50, y, 300, y)
    for x in (50, 200, 300):
        canvas.line(x, 680, x, 720)
    before(canvas)
    for y, row in zip((706, 686), ROWS, strict=True):
        for x, text in zip((54, 204), row, strict=True):
            print_cell(canvas, text, x, y)
    after(canvas)
    canvas.save()
    document = read_pdf(buffer.getvalue())
    assert document.paragraphs == []
    (grid,) = document.grids
    rows: list[list[str]] = [[] for _ in range(grid.rows)]
    for cell in grid.cells:
        rows[cell.row].append(cell.text)
    return rows

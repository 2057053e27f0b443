"""Only what a PDF page shows is read: each way of hiding text from the reader's eye, on small files."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from gao_pipeline.documents.model import UNTOLD
from gao_pipeline.documents.paged.pdf import read_pdf
from tests.documents.sheet import FONT, Sheet, texts

ROWS = [["行政许可", "12"], ["行政处罚", "345"]]


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


def somewhat_larger_across(canvas: Canvas) -> None:
    """As pale only by its transparency, so that its colour is that of the text."""
    canvas.saveState()
    canvas.setFillAlpha(0.2)
    canvas.setFont(FONT, 14)
    canvas.drawString(190, 704, "公开36")
    canvas.restoreState()


def more_aslant_than_text(canvas: Canvas) -> None:
    for step in range(12):
        canvas.saveState()
        canvas.translate(60 + 20 * step, 690)
        canvas.rotate(45)
        canvas.drawString(0, 0, "样稿2023")
        canvas.restoreState()


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


def clipped(canvas: Canvas) -> None:
    canvas.saveState()
    outline = canvas.beginPath()
    outline.rect(51, 701, 148, 18)
    canvas.clipPath(outline, stroke=0, fill=0)
    print_cell(canvas, "9", x=216)
    canvas.restoreState()


@pytest.mark.parametrize(
    "hide",
    [
        invisible,
        white,
        too_small,
        aslant,
        large_across,
        pale_and_repeated,
        somewhat_larger_across,
        more_aslant_than_text,
        painted_over,
        under_an_image,
        clipped,
    ],
)
def test_what_is_not_to_be_seen_is_not_read(hide: Callable[[Canvas], None]) -> None:
    assert table_with(before=hide) == ROWS


@pytest.mark.parametrize("layers", ["/OFF [5 0 R]", "/BaseState /OFF", "/BaseState /OFF /ON [5 0 R]"])
def test_layers_that_are_off_are_not_read(layers: str) -> None:
    content = "BT /F 12 Tf 50 700 Td (ab) Tj ET /OC /L BDC BT /F 12 Tf 80 700 Td (cd) Tj ET EMC /X Do"
    data = file_of(
        f"<< /Type /Catalog /Pages 2 0 R /OCProperties << /OCGs [5 0 R] /D << {layers} >> >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << "
        "/Font << /F 6 0 R >> /Properties << /L 7 0 R >> /XObject << /X 8 0 R >> >> >>",
        stream("", content),
        "<< /Type /OCG /Name (draft) >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Type /OCMD /OCGs [5 0 R] >>",
        stream(
            "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /OC 5 0 R "
            "/Resources << /Font << /F 6 0 R >> >>",
            "BT /F 12 Tf 110 700 Td (ef) Tj ET",
        ),
    )
    read = "".join(paragraph.text for paragraph in read_pdf(data).paragraphs)
    assert "".join(read.split()) == ("abcdef" if "/ON" in layers else "ab")


@pytest.mark.parametrize(("glyph", "told"), [("g41D7", False), ("one", True)])
def test_drawn_fonts_tell_characters_by_names_that_are_known(glyph: str, told: bool) -> None:
    data = file_of(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F 5 0 R /G 7 0 R >> >> >>",
        stream("", "BT /F 12 Tf 50 700 Td (" + "words " * 20 + ") Tj ET BT /G 12 Tf 50 600 Td (1) Tj ET"),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        stream("", "500 0 0 0 500 700 d1 0 0 500 700 re f"),
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 500 700] /FontMatrix [.001 0 0 .001 0 0] "
        f"/FirstChar 49 /LastChar 49 /Widths [500] /Encoding << /Differences [49 /{glyph}] >> "
        f"/CharProcs << /{glyph} 6 0 R >> >>",
    )
    last = read_pdf(data).paragraphs[-1].text
    assert ("1" in last) == told
    assert (UNTOLD in last) != told


def stream(attributes: str, content: str) -> str:
    return f"<< {attributes} /Length {len(content)} >>\nstream\n{content}\nendstream"


def file_of(*objects: str) -> bytes:
    """A PDF file of objects that count from 1, of which the first one is the catalogue."""
    body = "%PDF-1.7\n"
    places = []
    for number, text in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    entries = "".join(f"{place:010d} 00000 n \n" for place in places)
    return (
        f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{entries}"
        f"trailer << /Root 1 0 R /Size {len(objects) + 1} >>\nstartxref\n{len(body)}\n%%EOF"
    ).encode()


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


@pytest.mark.parametrize("mark", ["1", "注", "["])
def test_marks_that_refer_to_notes_are_none_of_a_figure(mark: str) -> None:
    def refer(canvas: Canvas) -> None:
        canvas.setFont(FONT, 6)
        canvas.drawString(214.3, 710, mark)
        canvas.setFont(FONT, 10)

    assert table_with(after=refer) == ROWS


@pytest.mark.parametrize(("shade", "columns"), [(0, 3), (255, 2)])
def test_images_drawn_out_to_lines_are_rules_where_they_show(shade: int, columns: int) -> None:
    def line(canvas: Canvas) -> None:
        picture = io.BytesIO()
        Image.new("L", (1, 1), shade).save(picture, "png")
        canvas.drawImage(ImageReader(picture), 260, 680, 0.6, 40)

    assert {len(row) for row in table_with(after=line)} == {columns}


def table_with(
    before: Callable[[Canvas], None] = lambda _: None, after: Callable[[Canvas], None] = lambda _: None
) -> list[list[str]]:
    """The table as read from a page on which something is painted before or after its figures."""
    sheet = Sheet()
    sheet.rules((50, 200, 300), (122, 142, 162))
    before(sheet.canvas)
    for y, row in zip((706, 686), ROWS, strict=True):
        for x, text in zip((54, 204), row, strict=True):
            print_cell(sheet.canvas, text, x, y)
    after(sheet.canvas)
    document = sheet.read()
    assert document.paragraphs == []
    (grid,) = document.grids
    return texts(grid)

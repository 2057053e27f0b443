"""Scans: pages made here, drawn as pictures, tilted and soiled, and read again."""

from __future__ import annotations

import base64
import io
import json
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import docx
import numpy
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from gao_pipeline.documents.model import Document, MediaType, UnreadableDocumentError
from gao_pipeline.documents.paged import ocr
from gao_pipeline.documents.paged.pdf import read_pdf
from gao_pipeline.documents.web.html import read_html
from gao_pipeline.documents.web.mhtml import read_mhtml
from gao_pipeline.documents.word.docx import read_docx

needs_ocr = pytest.mark.skipif(not ocr.is_installed(), reason="the extra `ocr` is not installed")
FIGURES = [["12", "0", "", "7"], ["305", "", "48", "1"], ["9", "6", "/", "-"], ["1204", "33", "2", "5"]]
XS, TOP, ROW = (60, 200, 280, 360, 440, 520), 120, 26


def printed_page(*, at_rules: bool = False) -> bytes:
    """A ruled table of figures, in the middle of their cells or right beside the rules; the first column is
    one cell over all rows."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.setFont("Times-Roman", 11)
    bottom = TOP + ROW * len(FIGURES)
    for x in XS:
        canvas.line(x, 842 - TOP, x, 842 - bottom)
    for index in range(len(FIGURES) + 1):
        start = XS[0] if index in (0, len(FIGURES)) else XS[1]
        canvas.line(start, 842 - TOP - ROW * index, XS[-1], 842 - TOP - ROW * index)
    for index, row in enumerate(FIGURES):
        for left, right, text in zip(XS[1:], XS[2:], row, strict=False):
            base = 842 - TOP - ROW * index - 17
            if at_rules:
                canvas.drawString(left + 0.4, base, text)
            else:
                canvas.drawCentredString((left + right) / 2, base, text)
    canvas.save()
    return buffer.getvalue()


def scanned(data: bytes, dpi: int, degrees: float, noise: float, seed: int = 1) -> bytes:
    """The pages of a PDF as pictures in a PDF: tilted, and with noise of so many grey levels."""
    random = numpy.random.default_rng(seed)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    for page in pypdfium2.PdfDocument(data):
        picture = page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
        picture = picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)
        grey = numpy.asarray(picture, numpy.float32) * 0.92 + 8 + random.normal(0, noise, picture.size[::-1])
        picture = Image.fromarray(grey.clip(0, 255).astype(numpy.uint8))
        canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@needs_ocr
@pytest.mark.parametrize(("dpi", "degrees", "noise"), [(150, 0.0, 4), (150, 1.3, 8), (200, -2.1, 12)])
def test_figures_blanks_and_spans_of_a_scan(dpi: int, degrees: float, noise: float) -> None:
    document = read_pdf(scanned(printed_page(), dpi, degrees, noise))
    assert document.media_type is MediaType.PDF_SCAN
    (grid,) = document.grids
    assert (grid.rows, grid.columns) == (4, 5)
    first = next(cell for cell in grid.cells if cell.column == 0)
    assert (first.row_span, first.text) == (4, "")
    read = {(cell.row, cell.column - 1): cell for cell in grid.cells if cell.column}
    printed = {(r, c): text for r, row in enumerate(FIGURES) for c, text in enumerate(row)}
    assert {place: cell.text for place, cell in read.items()} == printed
    assert all(cell.confidence is not None and cell.confidence >= 0.8 for cell in read.values())


@needs_ocr
@pytest.mark.parametrize(("dpi", "degrees"), [(150, 0.9), (200, -1.4)])
def test_figures_that_touch_a_rule_are_read_or_doubted(dpi: int, degrees: float) -> None:
    (grid,) = read_pdf(scanned(printed_page(at_rules=True), dpi, degrees, 6)).grids
    printed = {(r, c): text for r, row in enumerate(FIGURES) for c, text in enumerate(row) if text.isdigit()}
    cells = {(cell.row, cell.column - 1): cell for cell in grid.cells if cell.column}
    sure = {place: cells[place].text for place in printed if (cells[place].confidence or 0) >= 0.8}
    assert sure == {place: printed[place] for place in sure}
    assert len(sure) >= 0.8 * len(printed)


def test_rules_are_taken_off_and_what_touches_them_stays() -> None:
    cv2 = pytest.importorskip("cv2")
    from gao_pipeline.documents.paged.lattice import Lattice, LatticeCell
    from gao_pipeline.documents.paged.scanned_rules import without_rules

    figure = numpy.full((100, 200), 255, numpy.uint8)
    cv2.putText(figure, "8", (22, 60), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0,), 2)
    page = figure.copy()
    cv2.rectangle(page, (20, 10), (180, 90), (0,), 3)
    lattice = Lattice([20, 180], [10, 90], [LatticeCell(0, 1, 0, 1)])
    clean = without_rules(page, [lattice], 1.0)
    assert (clean[:, :19] == 255).all()
    assert (clean[80:] == 255).all()
    beside = slice(22, 60)
    assert ((clean[30:70, beside] < 128) == (figure[30:70, beside] < 128)).mean() > 0.99


def page_with_table_image() -> bytes:
    """Prose, and between it the table as an image."""
    page = pypdfium2.PdfDocument(printed_page())[0].render(scale=2.5, grayscale=True).to_pil().convert("L")
    picture = page.crop((130, 280, 1330, 580))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.setFont("Times-Roman", 11)
    canvas.drawString(60, 780, "The table stands in the image below, and nowhere else.")
    canvas.drawImage(ImageReader(picture), 52, 600, 480, 120)
    canvas.drawString(60, 500, "After the table.")
    canvas.save()
    return buffer.getvalue()


@needs_ocr
def test_a_table_in_an_image_on_a_page_of_text_is_read_in_its_place() -> None:
    document = read_pdf(page_with_table_image())
    assert document.media_type is MediaType.PDF
    assert [type(block).__name__ for block in document.blocks] == ["Paragraph", "Grid", "Paragraph"]
    (grid,) = document.grids
    assert (grid.rows, grid.columns) == (4, 5)
    assert "1204" in [cell.text for cell in grid.cells]


def test_without_the_extra_an_image_on_a_page_of_text_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise UnreadableDocumentError("ocr_not_installed", "install gao-pipeline[ocr]")

    monkeypatch.setattr(ocr, "require_engine", missing)
    document = read_pdf(page_with_table_image())
    assert [(notice.code, notice.place.page) for notice in document.notices] == [("image", 1)]


@needs_ocr
def test_the_hidden_text_of_a_scan_is_not_trusted() -> None:
    picture = pypdfium2.PdfDocument(printed_page())[0].render(scale=2, grayscale=True).to_pil().convert("L")
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
    hidden = canvas.beginText(60, 700)
    hidden.setFont("Times-Roman", 11)
    hidden.setTextRenderMode(3)
    for _ in range(8):
        hidden.textLine("99 99 99 99 wrong")
    canvas.drawText(hidden)
    canvas.save()
    document = read_pdf(buffer.getvalue())
    assert document.media_type is MediaType.PDF_SCAN
    texts = [cell.text for grid in document.grids for cell in grid.cells]
    assert "1204" in texts
    assert "99" not in "".join(texts)


@needs_ocr
def test_a_smeared_figure_is_not_vouched_for() -> None:
    page = pypdfium2.PdfDocument(printed_page())[0]
    picture = page.render(scale=150 / 72, grayscale=True).to_pil().convert("L")
    cell = tuple(round(v * 150 / 72) for v in (202, TOP + ROW + 4, 278, TOP + 2 * ROW - 4))
    smear = picture.crop(cell).resize((6, 3)).resize((cell[2] - cell[0], cell[3] - cell[1]))
    picture.paste(smear.point(lambda level: level * 0.6), cell)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
    canvas.save()
    (grid,) = read_pdf(buffer.getvalue()).grids
    smeared = next(item for item in grid.cells if (item.row, item.column) == (1, 1))
    assert smeared.confidence is not None
    assert smeared.text == "305" or smeared.confidence < 0.8


@needs_ocr
def test_a_picture_of_a_table_gives_its_grid() -> None:
    from gao_pipeline.documents.paged.scanned_pictures import read_image

    page = pypdfium2.PdfDocument(printed_page())[0]
    buffer = io.BytesIO()
    page.render(scale=2, grayscale=True).to_pil().crop((80, 180, 1080, 480)).save(buffer, "PNG")
    grids = [block for block in read_image(buffer.getvalue()) if hasattr(block, "cells")]
    assert [(grid.rows, grid.columns) for grid in grids] == [(4, 5)]


@needs_ocr
def test_a_table_in_a_picture_is_read_where_a_document_shows_it() -> None:
    picture = io.BytesIO()
    page = pypdfium2.PdfDocument(printed_page())[0]
    page.render(scale=2, grayscale=True).to_pil().crop((80, 180, 1080, 480)).save(picture, "PNG")
    word = docx.Document()
    word.add_paragraph("表一")
    word.add_picture(picture, width=docx.shared.Cm(15))
    file = io.BytesIO()
    word.save(file)
    encoded = base64.b64encode(picture.getvalue()).decode()
    saved = MIMEMultipart("related")
    saved.attach(MIMEText('<p>表一</p><img src="cid:a@b">', "html", "utf-8"))
    saved.attach(part := MIMEImage(picture.getvalue()))
    part["Content-ID"] = "<a@b>"
    for document in (
        read_docx(file.getvalue()),
        read_html(f'<p>表一</p><img src="data:image/png;base64,{encoded}">'.encode()),
        read_mhtml(saved.as_bytes()),
    ):
        assert document.paragraphs[0].text == "表一"
        assert [(grid.rows, grid.columns) for grid in document.grids] == [(4, 5)]
        assert not document.notices


@needs_ocr
def test_a_scan_of_the_corpus_upside_down_and_on_its_side(corpus: Path) -> None:
    from gao_pipeline.documents.paged.scan import read_page_image

    lines = (corpus / "rendered-truth.jsonl").read_text("utf-8").splitlines()
    truth = next(truth for truth in map(json.loads, lines) if truth["kind"] == "pdf-lo")
    page = pypdfium2.PdfDocument(corpus / "rendered" / truth["file"])[1]
    picture = page.render(scale=120 / 72, grayscale=True).to_numpy().squeeze()
    upright = read_page_image(picture, 1, 120 / 72)
    assert upright.tables
    for turns in (1, 2):
        turned = read_page_image(numpy.rot90(picture, turns).copy(), 1, 120 / 72)
        assert [[cell.text for cell in table.cells] for table in turned.tables] == [
            [cell.text for cell in table.cells] for table in upright.tables
        ]


def test_without_the_extra_the_scan_is_quarantined_and_the_cure_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing() -> None:
        raise UnreadableDocumentError("ocr_not_installed", "install gao-pipeline[ocr]")

    monkeypatch.setattr(ocr, "require_engine", missing)
    with pytest.raises(UnreadableDocumentError) as caught:
        read_pdf(scanned(printed_page(), 100, 0, 2))
    assert caught.value.reason == "ocr_not_installed"


@needs_ocr
def test_scans_of_the_corpus(corpus: Path) -> None:
    """99.5 % of the cells with figures are read with confidence, and the proceedings as they are printed."""
    lines = (corpus / "rendered-truth.jsonl").read_text("utf-8").splitlines()
    truth = next(truth for truth in map(json.loads, lines) if truth["kind"] == "pdf-scan")
    document = read_pdf((corpus / "rendered" / truth["file"]).read_bytes())
    printed = [fact["printed"] for fact in truth["facts"] if fact["table"] == "proceedings"]
    sure = [row for row in confident_rows(document) if len(row) >= len(printed)]
    assert printed in [row[: len(printed)] for row in sure]
    counted = sum(fact["printed"].isdigit() for fact in truth["facts"] if fact["table"] == "applications")
    read = sum(text.isdigit() for row in confident_rows(document) for text in row[-7:] if len(row) >= 8)
    assert read >= 0.995 * counted


def confident_rows(document: Document) -> list[list[str]]:
    rows = []
    for grid in document.grids:
        for number in range(grid.rows):
            cells = [cell for cell in grid.cells if cell.row == number]
            rows.append([cell.text if (cell.confidence or 0) >= 0.8 else "?" for cell in cells])
    return rows

"""Writes content as bytes: one function per format. The same content always gives the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH

from gao_pipeline.samples.content import Block, Content, rendered
from gao_pipeline.samples.layout import Sheet

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def render(content: Content, kind: str) -> bytes:
    """The report in the format `kind`.

    Raises:
        KeyError: there is no such format.
    """
    return _RENDERERS[kind](content)


def _txt(content: Content) -> bytes:
    """Text as copied from a browser: one line a table row, cells behind tabs, spanned cells empty."""
    lines: list[str] = []
    for block in content.blocks:
        lines += _tabbed(block.sheet) if block.sheet else [block.text]
    return ("\n".join(lines) + "\n").encode()


def _tabbed(sheet: Sheet) -> list[str]:
    cells = [[""] * sheet.columns for _ in range(sheet.rows)]
    for box in sheet.boxes:
        cells[box.row][box.column] = box.text
    return ["\t".join(line) for line in cells]


def _html(content: Content) -> bytes:
    blocks = [block for block in content.blocks if block.kind != "title"]
    page = rendered(
        "report.html.j2",
        charset="gb18030",
        title=content.title,
        organization=content.name,
        published=content.published,
        blocks=blocks,
    )
    return page.encode("gb18030")


def _docx(content: Content) -> bytes:
    document = docx.Document()
    stamp = datetime.fromisoformat(content.published)
    document.core_properties.created = document.core_properties.modified = stamp
    document.core_properties.author = document.core_properties.title = ""
    for block in content.blocks:
        if block.sheet:
            _docx_table(document, block.sheet)
        else:
            paragraph = document.add_paragraph(block.text)
            if block.kind in _ALIGNMENTS:
                paragraph.alignment = _ALIGNMENTS[block.kind]
            for run in paragraph.runs:
                run.bold = block.kind in ("title", "heading")
    stream = io.BytesIO()
    document.save(stream)
    return _with_fixed_times(stream.getvalue())


_ALIGNMENTS = {"title": WD_ALIGN_PARAGRAPH.CENTER, "signature": WD_ALIGN_PARAGRAPH.RIGHT}


def _docx_table(document: docx.document.Document, sheet: Sheet) -> None:
    table = document.add_table(rows=sheet.rows, cols=sheet.columns, style="Table Grid")
    grid = [list(row.cells) for row in table.rows]
    for box in sheet.boxes:
        cell = grid[box.row][box.column]
        if box.rows > 1 or box.columns > 1:
            cell = cell.merge(grid[box.row + box.rows - 1][box.column + box.columns - 1])
        cell.text = box.text


def _with_fixed_times(archive: bytes) -> bytes:
    """The zip archive with every member dated alike."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _ZIP_TIME), source.read(name), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _pdf(content: Content) -> bytes:
    from reportlab.lib.enums import TA_CENTER, TA_RIGHT
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Table

    font = "STSong-Light"
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    body = ParagraphStyle("body", fontName=font, fontSize=11, leading=18, firstLineIndent=22, wordWrap="CJK")
    styles = {
        "title": ParagraphStyle(
            "title", body, fontSize=16, leading=26, alignment=TA_CENTER, firstLineIndent=0
        ),
        "heading": ParagraphStyle("heading", body, keepWithNext=1, spaceBefore=4, spaceAfter=4),
        "signature": ParagraphStyle("signature", body, alignment=TA_RIGHT),
    }
    small = ParagraphStyle("cell", body, fontSize=7.5, leading=9.5, alignment=TA_CENTER, firstLineIndent=0)
    stream = io.BytesIO()
    document = SimpleDocTemplate(stream, pagesize=A4, invariant=1, title=content.title, author=content.name)

    def flowable(block: Block) -> Flowable:
        if block.sheet is None:
            return Paragraph(block.text, styles.get(block.kind, body))
        sheet = block.sheet
        cells: list[list[Flowable | str]] = [[""] * sheet.columns for _ in range(sheet.rows)]
        spans = []
        for box in sheet.boxes:
            cells[box.row][box.column] = Paragraph(box.text, small)
            last = box.column + box.columns - 1, box.row + box.rows - 1
            spans.append(("SPAN", (box.column, box.row), last))
        table = Table(
            cells,
            colWidths=[document.width * share for share in _shares(sheet)],
            style=[("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *spans],
        )
        return KeepTogether([table])

    document.build([flowable(block) for block in content.blocks])
    return stream.getvalue()


def _shares(sheet: Sheet) -> list[float]:
    """The share of each column in the width, by the longest text that stands in it alone."""
    weights = [
        max((len(box.text) for box in sheet.boxes if (box.column, box.columns) == (column, 1)), default=3)
        for column in range(sheet.columns)
    ]
    bounded = [min(max(weight, 3), 9) for weight in weights]
    return [weight / sum(bounded) for weight in bounded]


_RENDERERS: dict[str, Callable[[Content], bytes]] = {
    "txt": _txt,
    "html": _html,
    "docx": _docx,
    "pdf": _pdf,
}

"""OpenDocument: texts and sheets, in a zip container or in one XML file."""

from __future__ import annotations

import io
import zipfile

import pytest

from gao_pipeline.documents.model import UNTOLD, Document, Grid, MediaType, Paragraph, UnreadableDocumentError
from gao_pipeline.documents.reading import read_document

_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "style": "style",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "fo": "xsl-fo-compatible",
    }.items()
)


def _flat(kind: str, body: str, styles: str = "") -> bytes:
    media_type = f"application/vnd.oasis.opendocument.{kind}"
    return (
        f'<?xml version="1.0"?><office:document {_NAMES} office:mimetype="{media_type}">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document>"
    ).encode()


def _zipped(kind: str, content: bytes, manifest: str = "<manifest/>") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()


def _cells(grid: Grid) -> list[tuple[str, int, int, int, int]]:
    return [(cell.text, cell.row, cell.column, cell.row_span, cell.column_span) for cell in grid.cells]


def _lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def _cell(text: str, properties: str = "") -> str:
    return f"<table:table-cell {properties}><text:p>{text}</text:p></table:table-cell>"


def _text() -> bytes:
    hidden = (
        '<style:style style:name="H" style:family="text">'
        '<style:text-properties text:display="none"/></style:style>'
    )
    row = "<table:table-row>{}</table:table-row>"
    table = "<table:table>{}</table:table>".format(
        "<table:table-header-rows>"
        + row.format(
            _cell("a", 'table:number-rows-spanned="2"')
            + _cell("b", 'table:number-columns-spanned="2"')
            + "<table:covered-table-cell/>"
        )
        + "</table:table-header-rows>"
        + row.format(
            "<table:covered-table-cell/>" + _cell("", 'table:number-columns-repeated="1"') + _cell("7")
        )
    )
    return _flat(
        "text",
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>9</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        '<text:h text:outline-level="2">x\n  <text:s text:c="2"/>y</text:h>'
        '<text:p>1<text:span text:style-name="H">2</text:span><text:span>c<text:tab/></text:span>d'
        "<text:note><text:note-body><text:p>n</text:p></text:note-body></text:note>"
        "<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame></text:p>"
        "<text:list><text:list-item><text:p>item</text:p></text:list-item></text:list>" + table,
        hidden,
    )


@pytest.mark.parametrize("data", [_text(), _zipped("text", _text())])
def test_a_text(data: bytes) -> None:
    document = read_document(data, "report.doc")
    assert document.media_type is MediaType.ODT
    assert _lines(document) == ["x   y", "1c\td", "box", "item"]
    assert document.paragraphs[0].level == 2
    assert _cells(document.grids[0]) == [
        ("a", 0, 0, 2, 1),
        ("b", 0, 1, 1, 2),
        ("", 1, 1, 1, 1),
        ("7", 1, 2, 1, 1),
    ]


def test_struck_out_text_is_not_read_and_raised_marks_are_no_digits() -> None:
    properties = "<style:text-properties style:text-{}/>"
    style = '<style:style style:name="{}" style:family="text">' + properties + "</style:style>"
    span = '<text:span text:style-name="{}">{}</text:span>'
    document = read_document(
        _flat(
            "text",
            f"<text:p>1{span.format('S', 2)}{span.format('R', 3)}{span.format('T', 4)}</text:p>",
            style.format("S", 'line-through-style="solid"')
            + style.format("T", 'line-through-type="single"')
            + style.format("R", 'position="super 58%"'),
        )
    )
    assert _lines(document) == ["1(3)"]


def test_white_text_is_read_on_coloured_ground_only() -> None:
    style = '<style:style style:name="{}" style:family="{}">{}</style:style>'
    white, black = (f'<style:text-properties fo:color="{colour}"/>' for colour in ("#FFFFFF", "#000000"))
    ground = '<style:table-cell-properties fo:background-color="#1f4e79"/>'
    styles = "".join(
        style.format(*of)
        for of in (
            ("W", "text", white),
            ("B", "text", black),
            ("P", "paragraph", white),
            ("G", "table-cell", ground),
            ("C", "table-cell", white),
            ("D", "table-cell", white + ground),
        )
    )
    span = '<text:span text:style-name="{}">{}</text:span>'.format
    cells = _cell(span("W", 5), 'table:style-name="G"') + _cell(span("W", 6))
    document = read_document(
        _flat(
            "text",
            f'<text:p>1{span("W", 2)}3</text:p><text:p text:style-name="P">7{span("B", 8)}</text:p>'
            f"<table:table><table:table-row>{cells}</table:table-row></table:table>",
            styles,
        )
    )
    assert _lines(document) == ["13", "8"]
    assert [text for text, *_ in _cells(document.grids[0])] == ["5", ""]
    assert [notice.detail for notice in document.notices] == ["2", "7", "6"]
    row = _cell("1") + _cell("2", 'table:style-name="C"') + _cell("3", 'table:style-name="D"')
    sheet = f"<table:table><table:table-row>{row}</table:table-row></table:table>"
    document = read_document(_flat("spreadsheet", sheet, styles))
    assert [text for text, *_ in _cells(document.grids[0])] == ["1", "", "3"]


def test_fields_that_the_program_draws_are_no_blanks() -> None:
    fields = "<text:table-formula/>", "<text:fieldmark/>", "<text:fieldmark>7</text:fieldmark>"
    document = read_document(_flat("text", "".join(f"<text:p>{field}</text:p>" for field in fields)))
    assert _lines(document) == [UNTOLD, UNTOLD, "7"]


def test_a_picture_in_a_cell_is_no_blank() -> None:
    picture = '<draw:frame text:anchor-type="as-char"><draw:image/></draw:frame>'
    floating = picture.replace("as-char", "page")
    cells = "".join(map(_cell, ("1", picture, "2" + picture, floating, "")))
    document = read_document(
        _flat("text", f"<table:table><table:table-row>{cells}</table:table-row></table:table>")
    )
    assert [text for text, *_ in _cells(document.grids[0])] == ["1", UNTOLD, "2", "", ""]


def test_sheets_show_what_the_file_says_they_show() -> None:
    styles = (
        '<style:style style:name="R" style:family="table-cell">'
        '<style:table-cell-properties fo:border="0.1pt solid #000000"/></style:style>'
        '<style:style style:name="Off" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    figure = 'table:style-name="R" office:value-type="float" office:value='
    table = (
        '<table:table table:name="A"><table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse"/><table:table-column/>'
        "<table:table-row>" + _cell("title") + "</table:table-row>"
        "<table:table-row>"
        + _cell("1,234", figure + '"1234"')
        + _cell("(5)", figure + '"-5"')
        + _cell("9")
        + _cell(" - ", figure + '"0"')
        + "</table:table-row>"
        '<table:table-row table:visibility="collapse">'
        + _cell("8", 'table:style-name="R"')
        + "</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
        '<table:table table:style-name="Off"><table:table-row>'
        + _cell("old")
        + "</table:table-row></table:table>"
    )
    document = read_document(_flat("spreadsheet", table, styles))
    assert document.media_type is MediaType.ODS
    assert _lines(document) == ["title"]
    assert [text for text, *_ in _cells(document.grids[0])] == ["1,234", "-5", "0"]


def test_formulas_of_sheets_without_results() -> None:
    number = 'office:value-type="float" office:value='
    row = (
        _cell("3", number + '"3"')
        + _cell("4", number + '"4"')
        + '<table:table-cell table:formula="of:=SUM([.A1:.B1];[.$A$1])"/>'
        + '<table:table-cell table:formula="of:=MAX([.A1:.B1])"/>'
        + '<table:table-cell office:value-type="string" office:string-value="total"/>'
    )
    table = f"<table:table><table:table-row>{row}</table:table-row></table:table>"
    document = read_document(_flat("spreadsheet", table))
    assert [text for text, *_ in _cells(document.grids[0])] == ["3", "4", "10", "=MAX(A1:B1)", "total"]


def test_an_encrypted_document() -> None:
    manifest = "<manifest:encryption-data xmlns:manifest='m'/>"
    with pytest.raises(UnreadableDocumentError, match="encrypted_file"):
        read_document(_zipped("text", b"?", manifest))

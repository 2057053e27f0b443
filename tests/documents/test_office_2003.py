"""The XML files of Word 2003 and Excel 2003, which are served as .doc and .xls."""

from __future__ import annotations

from gao_pipeline.documents.model import Document, Grid, MediaType, Paragraph
from gao_pipeline.documents.reading import read_document


def _outline(document: Document) -> list[object]:
    return [
        block.text
        if isinstance(block, Paragraph)
        else [(cell.text, cell.row, cell.column, cell.row_span, cell.column_span) for cell in block.cells]
        for block in document.blocks
        if isinstance(block, Paragraph | Grid)
    ]


def test_a_text_of_word() -> None:
    change = '<aml:annotation w:type="Word.{}"><aml:content><w:r>{}</w:r></aml:content></aml:annotation>'
    document = read_document(
        (
            '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
            '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"'
            ' xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint"'
            ' xmlns:aml="http://schemas.microsoft.com/aml/2001/core"'
            ' xmlns:o="urn:schemas-microsoft-com:office:office">'
            "<o:DocumentProperties><o:Title>T</o:Title></o:DocumentProperties>"
            '<w:styles><w:style w:styleId="h"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
            "<w:body><wx:sect><wx:sub-section>"
            '<w:p><w:pPr><w:listPr><wx:t wx:val="1."/></w:listPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>'
            '<w:p><w:r><w:rPr><w:rStyle w:val="h"/></w:rPr><w:t>9</w:t></w:r>'
            + change.format("Deletion", "<w:delText>8</w:delText>")
            + change.format("Insertion", "<w:t>7</w:t>")
            + "</w:p></wx:sub-section><w:tbl>"
            '<w:tr><w:tc><w:tcPr><w:vmerge w:val="restart"/></w:tcPr>'
            "<w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>"
            '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p/></w:tc></w:tr>'
            "<w:tr><w:tc><w:tcPr><w:vmerge/></w:tcPr><w:p/></w:tc>"
            "<w:tc><w:p><w:r><w:t>5</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>"
            "</w:tbl></wx:sect></w:body></w:wordDocument>"
        ).encode(),
        "report.doc",
    )
    assert (document.media_type, document.title) == (MediaType.DOC_XML, "T")
    assert _outline(document) == [
        "1.a",
        "7",
        [("x", 0, 0, 2, 1), ("", 0, 1, 1, 2), ("5", 1, 1, 1, 1), ("", 1, 2, 1, 1)],
    ]


def test_sheets_of_excel() -> None:
    borders = "".join(f'<Border ss:Position="{side}" ss:LineStyle="Continuous"/>' for side in ("Left", "Top"))
    figure = '<Cell ss:StyleID="{}"{}><Data ss:Type="Number">{}</Data></Cell>'
    document = read_document(
        (
            '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
            ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
            ' xmlns:x="urn:schemas-microsoft-com:office:excel">'
            f'<Styles><Style ss:ID="a"><Borders>{borders}</Borders></Style>'
            '<Style ss:ID="b" ss:Parent="a"><NumberFormat ss:Format="#,##0_ "/></Style></Styles>'
            '<Worksheet ss:Name="A"><Table><Column/><Column ss:Hidden="1"/><Column ss:Span="9"/>'
            '<Row><Cell ss:MergeAcross="4"><Data ss:Type="String">title</Data></Cell></Row>'
            '<Row ss:Index="3"><Cell ss:StyleID="a" ss:MergeDown="1"><Data ss:Type="String">x</Data></Cell>'
            + figure.format("b", ' ss:Index="3"', "1234")
            + '</Row><Row><Cell ss:StyleID="a" ss:Index="2"/>'
            + figure.format("a", "", "0.5")
            + '</Row><Row ss:Hidden="1">'
            + figure.format("a", "", "9")
            + "</Row></Table></Worksheet>"
            '<Worksheet ss:Name="B"><Table><Row><Cell><Data ss:Type="String">old</Data></Cell></Row></Table>'
            "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions></Worksheet></Workbook>"
        ).encode(),
        "report.xls",
    )
    assert document.media_type is MediaType.XLS_XML
    assert _outline(document) == ["title", [("x", 0, 0, 2, 1), ("1,234", 0, 1, 1, 1), ("0.5", 1, 1, 1, 1)]]

"""Word documents: what a reader of the final document sees, cell by cell."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml

from gao_pipeline.documents.model import UNTOLD, Document, Grid, Paragraph, UnreadableDocumentError
from gao_pipeline.documents.reading import read_document
from gao_pipeline.documents.word.docx import read_docx
from gao_pipeline.documents.word.numbering import Numbering

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)

_PROLOG = re.compile("^<.xml[^>]*>")


def _run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def _paragraph(*content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(content)}</w:p>"


def _cell(*content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(content) or _paragraph()}</w:tc>"


def _text_cell(text: str, properties: str = "") -> str:
    return _cell(_paragraph(_run(text)), properties=properties)


def _row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def _saved(document: docx.document.Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _file(*body: str) -> bytes:
    document = docx.Document()
    root = parse_xml(f"<w:body {_NAMESPACES}>{''.join(body)}</w:body>")
    for position, element in enumerate(list(root)):
        document.element.body.insert(position, element)
    return _saved(document)


def _read(*body: str) -> Document:
    return read_docx(_file(*body))


def _texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def _rows(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in grid.cells if cell.row == row] for row in range(grid.rows)]


def _text_box(text: str) -> str:
    content = f"<w:txbxContent>{_paragraph(_run(text))}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent>"
        '<mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp>'
        f"<wps:txbx>{content}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{content}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def test_everything_at_once(golden: Callable[[str, object], None]) -> None:
    document = docx.Document()
    document.core_properties.title = "甲县乙局2021年政府信息公开工作年度报告（虚构）"
    document.sections[0].header.paragraphs[0].text = "甲县乙局（虚构）"
    document.add_heading("一、总体情况", level=1)
    document.add_paragraph("本报告为虚构样例。")
    table = document.add_table(rows=3, cols=4)
    table.cell(0, 0).merge(table.cell(0, 3)).text = "第二十条第（一）项"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "规章"
    for column, text in enumerate(("1", "　2", "-3"), start=1):
        table.cell(1, column).text = text
    golden("docx", read_docx(_saved(document)))


def test_figures_split_over_runs_tabs_and_breaks() -> None:
    document = _read(
        _paragraph(_run("20"), "<w:proofErr w:type='spellStart'/>", _run("21"), _run("年")),
        _paragraph("<w:r><w:t>上</w:t><w:br/><w:t>下</w:t><w:tab/><w:t>一</w:t><w:noBreakHyphen/></w:r>"),
    )
    assert _texts(document) == ["2021年", "上", "下\t一-"]


def test_of_a_field_the_result_is_shown() -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    inner = (
        mark("begin"),
        "<w:r><w:instrText>PAGE</w:instrText></w:r>",
        mark("separate"),
        _run("8"),
        mark("end"),
    )
    document = _read(
        _paragraph(
            _run("a"), mark("begin"), *inner, mark("separate"), _run("5"), *inner, mark("end"), _run("b")
        ),
        _paragraph(mark("begin"), _run("8")),
        _paragraph(_run("c")),
    )
    assert _texts(document) == ["a58b", "c"]


def test_struck_out_text_is_not_read_and_raised_marks_are_no_digits() -> None:
    raised = '<w:vertAlign w:val="superscript"/>'
    document = _read(
        _paragraph(_run("12", "<w:strike/>"), _run("5", '<w:strike w:val="0"/>'), _run("1", raised)),
        _paragraph(_run("7", "<w:dstrike/>"), _run("3", raised)),
        _paragraph(_run("12", '<w:position w:val="2"/>'), _run("3", '<w:position w:val="-9"/>')),
        _paragraph(_run("4", raised), _run("56")),
    )
    assert _texts(document) == ["5(1)", "3", "12(3)", "(4)56"]
    assert [notice.detail for notice in document.notices] == ["12", "7"]


def test_tracked_changes_give_the_final_text() -> None:
    document = _read(
        _paragraph(
            _run("收到"),
            f"<w:del>{_run('12').replace('w:t', 'w:delText')}</w:del>",
            f"<w:ins>{_run('13')}</w:ins>",
            f"<w:moveFrom>{_run('旧')}</w:moveFrom><w:moveTo>{_run('件')}</w:moveTo>",
        ),
        _paragraph(_run("前半"), properties="<w:rPr><w:del/></w:rPr>"),
        _paragraph(_run("后半")),
        _table(
            _row(_text_cell("总计"), _text_cell("1")),
            _row(_text_cell("已删"), _text_cell("9"), properties="<w:del/>"),
            _row(_text_cell("新增"), _text_cell("2"), properties="<w:ins/>"),
        ),
    )
    assert _texts(document) == ["收到13件", "前半后半"]
    assert _rows(document.grids[0]) == [["总计", "1"], ["新增", "2"]]


def test_hidden_text_is_not_read_but_noticed() -> None:
    document = _read(
        _paragraph(_run("12"), _run("99", "<w:vanish/>"), _run("件", '<w:vanish w:val="0"/>')),
    )
    assert _texts(document) == ["12件"]
    assert [(notice.code, notice.detail) for notice in document.notices] == [("hidden_text", "99")]


def test_text_hidden_by_its_style() -> None:
    document = docx.Document()
    style = document.styles.add_style("藏", 1)
    style.font.hidden = True
    document.add_paragraph("看得见")
    switch = document.styles.add_style("藏字", 2)
    switch.font.hidden = True
    hidden = document.add_paragraph("看不见", style="藏")
    hidden.add_run("又看得见", style="藏字")
    assert _texts(read_docx(_saved(document))) == ["看得见", "又看得见"]


def test_white_text_on_white_is_hidden_and_on_colour_is_not() -> None:
    white = '<w:color w:val="FFFFFF"/>'
    shaded = _cell(_paragraph(_run("规章", white)), properties='<w:shd w:fill="1F4E79"/>')
    figure = _cell(
        _paragraph(_run("9", white), _run("5"), _run("3", '<w:color w:themeColor="background1"/>'))
    )
    marked = _paragraph(
        _run("1", white + '<w:highlight w:val="blue"/>'),
        _run("2", white + '<w:highlight w:val="white"/>'),
        _run("3", '<w:color w:val="7F7F7F" w:themeColor="background1" w:themeShade="80"/>'),
    )
    document = _read(_table(_row(shaded, figure)), marked)
    assert _rows(document.grids[0]) == [["规章", "5"]]
    assert _texts(document) == ["13"]
    assert [notice.detail for notice in document.notices] == ["9", "3", "2"]


def test_digits_of_a_font_of_pictures_are_none() -> None:
    pictured = _run("52", '<w:rFonts w:ascii="Wingdings 2"/>')
    document = _read(_table(_row(_cell(_paragraph(_run("规章"))), _cell(_paragraph(pictured)))))
    assert _rows(document.grids[0]) == [["规章", UNTOLD * 2]]


def test_fields_without_result_show_what_stands_for_it() -> None:
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{mark}"/></w:r>' for mark in ("begin", "end"))
    entries = '<w:result w:val="1"/><w:listEntry w:val="无"/><w:listEntry w:val="7"/>'
    listed = begin.replace(
        "/></w:r>", f"><w:ffData><w:ddList>{entries}</w:ddList></w:ffData></w:fldChar></w:r>"
    )
    parted = begin.replace("begin", "separate")
    document = _read(
        _paragraph(begin, "<w:r><w:instrText> =SUM(LEFT) </w:instrText></w:r>", end),
        _paragraph(listed, "<w:r><w:instrText> FORMDROPDOWN </w:instrText></w:r>", end),
        _paragraph(listed, "<w:r><w:instrText> FORMDROPDOWN </w:instrText></w:r>", parted, _run("0"), end),
        _paragraph('<w:fldSimple w:instr="=SUM(ABOVE)"/>', _run("；"), begin, end),
        _paragraph(_run("1"), begin, "<w:r><w:instrText> EQ \\o\\ac(○,5) </w:instrText></w:r>", parted, end),
        _paragraph(_run("2"), begin, '<w:r><w:instrText>TC "9"</w:instrText></w:r>', end),
        _paragraph(_run("3"), begin, "<w:r><w:instrText>REF a</w:instrText></w:r>", parted, end),
    )
    assert _texts(document) == ["=SUM(LEFT)", "7", "7", "=SUM(ABOVE)；", f"1{UNTOLD}", "2", "3"]
    assert [notice.code for notice in document.notices] == ["formula_without_result"] * 3


def test_symbols_and_what_is_no_text_in_a_cell() -> None:
    digits = "".join(f'<w:r><w:sym w:font="Symbol" w:char="F0{ord(digit):X}"/></w:r>' for digit in "12")
    tick = '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
    picture = '<w:r><w:drawing><wp:inline><a:blip r:embed="x"/></wp:inline></w:drawing></w:r>'
    cells = (digits, tick, _run("5") + tick, picture, _run("3") + picture, "")
    document = _read(_table(_row(*(_cell(_paragraph(cell)) for cell in cells))))
    assert _rows(document.grids[0]) == [["12", UNTOLD, "5", UNTOLD, "3", ""]]


def test_text_boxes_are_read_once() -> None:
    document = _read(_paragraph(_run("标题"), _text_box("框内")), _paragraph(_run("正文")))
    assert _texts(document) == ["标题", "框内", "正文"]


def test_content_controls_anywhere() -> None:
    def controlled(content: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    document = _read(
        controlled(_paragraph(controlled(_run("甲县")), _run("乙局"))),
        controlled(
            _table(controlled(_row(controlled(_text_cell("总计")), _cell(controlled(_paragraph(_run("7")))))))
        ),
    )
    assert _texts(document) == ["甲县乙局"]
    assert _rows(document.grids[0]) == [["总计", "7"]]


def test_vertical_merges_that_begin_nowhere_are_cells() -> None:
    merged = "<w:vMerge/>"
    document = _read(
        _table(
            _row(_text_cell("三", merged), _text_cell("1")),
            _row(_text_cell("", merged), _text_cell("2")),
            _row(_text_cell("另", '<w:vMerge w:val="restart"/>'), _text_cell("3")),
            _row(_text_cell("藏", merged), _text_cell("4")),
        )
    )
    (grid,) = document.grids
    assert [(cell.text, cell.row, cell.row_span) for cell in grid.cells if cell.column == 0] == [
        ("三", 0, 2),
        ("另", 2, 2),
    ]
    assert [notice.code for notice in document.notices] == ["hidden_text"]


def test_rows_that_begin_late_keep_their_columns() -> None:
    document = _read(
        _table(
            _row(_text_cell("a"), _text_cell("b"), _text_cell("c")),
            _row(_text_cell("2"), _text_cell("3"), properties='<w:gridBefore w:val="1"/>'),
            _row(
                _text_cell("甲", '<w:hMerge w:val="restart"/>'),
                _text_cell("", "<w:hMerge/>"),
                _text_cell("乙"),
            ),
        )
    )
    assert [(cell.text, cell.column, cell.column_span) for cell in document.grids[0].cells[3:]] == [
        ("2", 1, 1),
        ("3", 2, 1),
        ("甲", 0, 2),
        ("乙", 2, 1),
    ]


def test_layout_tables_are_unwrapped() -> None:
    inner = _table(_row(_text_cell("规章"), _text_cell("0")), _row(_text_cell("总计"), _text_cell("1")))
    document = _read(
        _table(
            _row(_text_cell("标题")),
            _row(_cell(_paragraph(_run("说明")), inner, _paragraph(_run("注")))),
            _row(_text_cell("页脚")),
        ),
        _table(_row(_text_cell("单格文本框"))),
    )
    assert [block.text if isinstance(block, Paragraph) else _rows(block) for block in document.blocks] == [
        "标题",
        "说明",
        [["规章", "0"], ["总计", "1"]],
        "注",
        "页脚",
        "单格文本框",
    ]


def test_a_small_table_in_one_cell_is_the_text_of_that_cell() -> None:
    inner = _table(_row(_text_cell("1"), _text_cell("2")))
    document = _read(
        _table(
            _row(_text_cell("规章"), _text_cell("0"), _cell(inner, _paragraph())),
            _row(_text_cell("文件"), _text_cell("3"), _text_cell("4")),
        )
    )
    assert _rows(document.grids[0]) == [["规章", "0", "1\n2"], ["文件", "3", "4"]]


def test_a_table_of_some_size_inside_another_keeps_its_cells() -> None:
    inner = _table(*(_row(_text_cell("总计"), _text_cell("1"), _text_cell("2")) for _ in range(2)))
    document = _read(
        _table(
            _row(_text_cell("规章"), _text_cell("0"), _text_cell("3")),
            _row(_text_cell("文件"), _text_cell("4"), _text_cell("5")),
            _row(_text_cell("申请"), _cell(inner, _paragraph())),
            _row(_text_cell("处罚"), _text_cell("6"), _text_cell("7")),
        )
    )
    assert [block.text if isinstance(block, Paragraph) else _rows(block) for block in document.blocks] == [
        [["规章", "0", "3"], ["文件", "4", "5"]],
        "申请",
        [["总计", "1", "2"], ["总计", "1", "2"]],
        [["处罚", "6", "7"]],
    ]


def test_formulas_and_ruby_show_their_base() -> None:
    document = _read(
        _paragraph(
            "<m:oMath><m:r><m:t>12</m:t></m:r></m:oMath>",
            "<w:r><w:ruby><w:rt><w:r><w:t>jian</w:t></w:r></w:rt>"
            "<w:rubyBase><w:r><w:t>件</w:t></w:r></w:rubyBase></w:ruby></w:r>",
        )
    )
    assert _texts(document) == ["12件"]


def test_exponents_and_fractions_are_no_digits_of_a_figure() -> None:
    def part(name: str, text: str) -> str:
        return f"<m:{name}><m:r><m:t>{text}</m:t></m:r></m:{name}>"

    power = f"<m:sSup>{part('e', '5')}{part('sup', '2')}</m:sSup>"
    fraction = f"<m:f>{part('num', '1')}{part('den', '3')}</m:f>"
    document = _read(*(_paragraph(f"<m:oMath>{content}</m:oMath>") for content in (power, fraction)))
    assert _texts(document) == ["5(2)", "1/3"]


def test_large_images_are_noticed() -> None:
    document = docx.Document()
    document.add_paragraph("见下图")
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
        "0000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
    )
    document.add_picture(io.BytesIO(pixel), width=docx.shared.Cm(12), height=docx.shared.Cm(8))
    document.add_picture(io.BytesIO(pixel), width=docx.shared.Cm(1), height=docx.shared.Cm(1))
    notices = read_docx(_saved(document)).notices
    assert [(notice.code, notice.detail) for notice in notices] == [("image", "word/media/image1.png")]


def test_headings_have_levels() -> None:
    document = docx.Document()
    document.add_heading("一、总体情况", level=2)
    document.add_paragraph("无")
    levels = [block.level for block in read_docx(_saved(document)).paragraphs]
    assert levels == [2, None]


def test_embedded_pages_are_read() -> None:
    main = f'<w:document {_NAMESPACES}><w:body><w:altChunk r:id="c1"/></w:body></w:document>'
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship'
        ' Id="c1" Target="page.html" Type="{0}/aFChunk"/></Relationships>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", main)
        archive.writestr("word/_rels/document.xml.rels", relation)
        archive.writestr("word/page.html", "<html><p>一、总体情况</p><table><tr><td>总计<td>7</table></html>")
    document = read_docx(buffer.getvalue())
    assert _texts(document) == ["一、总体情况"]
    assert _rows(document.grids[0]) == [["总计", "7"]]


def test_strict_documents_and_missing_parts() -> None:
    body = (
        '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>'
        + _paragraph(_run("总计"))
        + "</w:body></w:document>"
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Target="/word/document.xml"'
        ' Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"/>'
        '<Relationship Id="r2" Type="x/core-properties" Target="docProps/none.xml"/></Relationships>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("_rels/.rels", relations)
        archive.writestr("word\\document.xml", body)
    assert _texts(read_docx(buffer.getvalue())) == ["总计"]


def test_no_text() -> None:
    with pytest.raises(UnreadableDocumentError, match="no_text"):
        _read(_paragraph())


NUMBERING = (
    '<w:abstractNum w:abstractNumId="7">'
    '<w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2."/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="●"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="7"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="12"/></w:lvlOverride></w:num>'
    '<w:num w:numId="5"><w:abstractNumId w:val="7"/></w:num>'
)


def test_automatic_numbering_is_read() -> None:
    root = parse_xml(f"<w:numbering {_NAMESPACES}>{NUMBERING}</w:numbering>")
    numbering = Numbering(root)
    items = [(0, 3), (1, 3), (1, 3), (2, 3), (0, 3), (1, 3), (0, 5), (0, 4), (0, 4), (0, 9)]
    labels = [
        numbering.label(
            parse_xml(
                f'<w:numPr {_NAMESPACES}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
            )
        )
        for level, number in items
    ]
    assert labels == ["一、", "一.3.", "一.4.", "", "二、", "二.3.", "三、", "十二、", "十三、", ""]


def test_numbered_paragraphs_begin_with_their_label_and_empty_ones_stay_empty() -> None:
    document = docx.Document()
    document.add_paragraph("总体情况", style="List Number")
    document.add_paragraph("", style="List Number")
    document.add_paragraph("主动公开", style="List Number")
    read = read_docx(_saved(document))
    assert [paragraph.text for paragraph in read.paragraphs] == ["1.总体情况", "3.主动公开"]


def test_cells_that_show_nothing_but_their_number_show_it() -> None:
    document = docx.Document()
    for cell in document.add_table(2, 1)._cells:
        cell.paragraphs[0].style = "List Number"
    assert _rows(read_docx(_saved(document)).grids[0]) == [["1."], ["2."]]


def test_an_embedded_workbook_is_read_where_it_stands() -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["规章", 3])
    workbook.active.append(["行政规范性文件", 0])
    embedded = io.BytesIO()
    workbook.save(embedded)
    shown = '<w:r><w:object><OLEObject r:id="o1"/></w:object></w:r>'
    main = f"<w:document {_NAMESPACES}><w:body>{_paragraph(_run('表'), shown)}</w:body></w:document>"
    relation = (
        '<Relationships><Relationship Id="o1" Target="embeddings/a.xlsx" Type="officeDocument/package"/>'
        "</Relationships>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", main)
        archive.writestr("word/_rels/document.xml.rels", relation)
        archive.writestr("word/embeddings/a.xlsx", embedded.getvalue())
    document = read_docx(buffer.getvalue())
    assert _texts(document) == ["表"]
    assert _rows(document.grids[0]) == [["规章", "3"], ["行政规范性文件", "0"]]


def test_a_package_in_one_xml_file() -> None:
    with zipfile.ZipFile(
        io.BytesIO(_file(_paragraph(_run("一、总体情况")), _table(_row(*map(_text_cell, "07")))))
    ) as zipped:
        parts = {
            name: zipped.read(name).decode() for name in zipped.namelist() if name.endswith((".xml", ".rels"))
        }
    markup = "".join(
        f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{_PROLOG.sub("", part)}</pkg:xmlData></pkg:part>'
        for name, part in parts.items()
    )
    flat = f'<?xml version="1.0"?><pkg:package xmlns:pkg="urn:p">{markup}</pkg:package>'.encode()
    document = read_document(flat, "report.doc")
    assert _texts(document) == ["一、总体情况"]
    assert _rows(document.grids[0]) == [["0", "7"]]


def test_lines_that_tabs_part_into_columns_are_a_table() -> None:
    tab = "<w:r><w:tab/></w:r>"
    rows = [["信息内容", "制发", "废止"], ["规章", "0", "1"], ["行政许可", "", "2"]]
    lines = [_paragraph(_run(row[0]), *(tab + _run(text) for text in row[1:])) for row in rows]
    contents = [
        _paragraph(_run(text), tab, _run(page)) for text, page in (("一、总体情况", "1"), ("二、其他", "2"))
    ]
    document = _read(*lines)
    assert [_rows(grid) for grid in document.grids] == [rows]
    assert not _read(*contents).grids

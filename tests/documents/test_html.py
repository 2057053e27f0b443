"""Web pages: what a browser shows, whatever the page does wrong."""

from __future__ import annotations

import base64
from collections.abc import Callable
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gao_pipeline.documents.model import Document, Grid, MediaType, Paragraph, UnreadableDocumentError
from gao_pipeline.documents.web.html import read_html
from gao_pipeline.documents.web.mhtml import read_mhtml

PAGE = """<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>甲县乙局2021年政府信息公开工作年度报告_甲县人民政府</title>
<META NAME="pubdate" CONTENT="2022-01-19"><meta name="ContentSource" content="甲县乙局">
<meta name="ArticleTitle" content="2021年政府信息公开工作年度报告"><style>p {color: red}</style></head>
<body><script>document.write("总计")</script><div style="DISPLAY: none">藏</div>
<noscript>请启用脚本</noscript>
<table width="100%"><tr><td>首页</td></tr><tr><td>
  <h1 title="甲县乙局2021年政府信息公开工作年度报告">2021年政府信息公开<br>工作年度报告（虚构）</h1>
  <p class=MsoNormal>一、总体&nbsp;情况<o:p></o:p></p>
  <table class=MsoNormalTable><tfoot><tr><td>总计<td>3</tfoot><thead><tr><th>信息
    内容<th>件数</thead>
  <tr><td rowspan=2><p>规</p><p>章</p><td><span>1</span><span>2</span>
  <tr style="display:none"><td>9
  <tr><td>　0</tbody></table>
  <a href="/files/report.docx?id=1">附件</a><img src="/banner.png" width="600"><img src="dot.gif">
</td></tr></table></body></html>"""


def _read(page: str) -> Document:
    return read_html(page.encode())


def _rows(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in grid.cells if cell.row == row] for row in range(grid.rows)]


def _outline(document: Document) -> list[object]:
    return [block.text if isinstance(block, Paragraph) else _rows(block) for block in document.blocks]


def test_page(golden: Callable[[str, object], None]) -> None:
    document = read_html(PAGE.encode("gbk"))
    assert _outline(document) == [
        "首页",
        "2021年政府信息公开",
        "工作年度报告（虚构）",
        "一、总体\xa0情况",
        [["信息 内容", "件数"], ["规\n章", "12"], ["　0"], ["总计", "3"]],
        "附件",
    ]
    assert document.title == "2021年政府信息公开工作年度报告"
    assert document.metadata == {
        "published": "2022-01-19",
        "source": "甲县乙局",
        "headline": "甲县乙局2021年政府信息公开工作年度报告",
    }
    golden("html", document)


@pytest.mark.parametrize(
    "charset", ["", "<meta charset=utf-8>", "<meta charset='gb2312'>", "<meta charset=iso-8859-1>"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_wrong_and_missing_charsets(charset: str, encoding: str) -> None:
    document = read_html(f"<html>{charset}<p>政府信息公开</p></html>".encode(encoding))
    assert _outline(document) == ["政府信息公开"]


def test_spans_that_lie() -> None:
    document = _read(
        "<table><tr><td colspan=99999>题<tr><td rowspan=500>甲<td colspan=x>1<td rowspan=-2>2"
        "<tr><td colspan=2>3<tr><td>4<td>5<td>6</table>"
    )
    (grid,) = document.grids
    assert grid.rows == 4
    assert [(c.text, c.row, c.column, c.row_span) for c in grid.cells[1:]] == [
        ("甲", 1, 0, 3),
        ("1", 1, 1, 1),
        ("2", 1, 2, 1),
        ("3", 2, 1, 1),
        ("4", 3, 1, 1),
        ("5", 3, 2, 1),
        ("6", 3, 3, 1),
    ]


def test_overlapping_cells_keep_their_first_claim() -> None:
    (grid,) = _read("<table><tr><td>a<td rowspan=2>b<tr><td colspan=3>c<td>d</table>").grids
    assert [(c.text, c.row, c.column, c.column_span) for c in grid.cells] == [
        ("a", 0, 0, 1),
        ("b", 0, 1, 1),
        ("c", 1, 0, 1),
        ("d", 1, 2, 1),
    ]


def test_row_spans_end_with_their_group() -> None:
    (grid,) = _read(
        "<table><thead><tr><th rowspan=9>a<th>b</thead><tbody><tr><td>c<td>d</tbody>"
        "<tbody><tr><td rowspan=0>e<td>f<tr><td>g</tbody></table>"
    ).grids
    assert [(c.text, c.row, c.column, c.row_span) for c in grid.cells] == [
        ("a", 0, 0, 1),
        ("b", 0, 1, 1),
        ("c", 1, 0, 1),
        ("d", 1, 1, 1),
        ("e", 2, 0, 2),
        ("f", 2, 1, 1),
        ("g", 3, 1, 1),
    ]


@pytest.mark.parametrize("figure", ["<td>3", "<td>3<td>"])
def test_what_follows_a_table_that_is_never_closed(figure: str) -> None:
    rest = "<p>四、</p><table><tr><td>结果维持<td>结果纠正<tr><td>1<td>2</table><p>五、</p><p>六、</p>"
    tables = _read(f"<table><tr><td>规章{figure}{rest}").grids
    assert [_rows(grid)[0][:2] for grid in tables] == [["规章", "3"], ["结果维持", "结果纠正"]]


@pytest.mark.parametrize(
    "damage",
    [
        "<img src='data:image/png;base64,AAA'>",
        "<img src='http://[x'>",
        "<i style='left: -.px; position: absolute; opacity: .; color: lab(50% 1 2)'></i>",
        r"<style>td::before {content: '\d800'} @media {</style>",
    ],
)
def test_damaged_addresses_and_styles(damage: str) -> None:
    (grid,) = _read(f"<table><tr><td>规章<td>3{damage}</table>").grids
    assert _rows(grid)[0][0].endswith("规章")


def test_blank_lines_count_where_cells_are_printed_one_a_line() -> None:
    document = _read("<p>规章</p><p>&nbsp;</p><p><br></p><p>5</p>6<br><br>7")
    assert [(p.text, p.place.line) for p in document.paragraphs] == [
        ("规章", 1),
        ("5", 4),
        ("6", 5),
        ("7", 7),
    ]


def test_preformatted_text_is_read_as_a_text_dump() -> None:
    document = _read("<p>一、</p><pre>规章\t0\t1\n总计\t2\t3\n</pre>")
    assert _outline(document) == ["一、", [["规章", "0", "1"], ["总计", "2", "3"]]]


def test_text_between_rows_stands_before_the_table() -> None:
    document = _read("<table><tr><td>a<td>1</td></tr><p>题</p><tr><td>b<td>2</table>")
    assert _outline(document) == ["题", [["a", "1"], ["b", "2"]]]


def test_careless_nesting_of_thousands_of_elements() -> None:
    page = "<font color=red>" * 5000 + "<span>" * 1500 + "<p>总计" + "<table><tr><td>a<td>1</table>"
    assert _outline(_read(page)) == ["总计", [["a", "1"]]]


def test_a_page_that_is_not_parsed_to_its_end_is_refused() -> None:
    with pytest.raises(UnreadableDocumentError, match="corrupt_file"):
        _read("<p>总计" + "<div>" * 5000 + "<p>1")


def test_embedded_images_are_noticed_without_their_bytes() -> None:
    image = "data:image/png;base64," + "A" * 4000
    (notice,) = _read(f"<p>图</p><img src='{image}'>").notices
    assert notice.code == "image"
    assert len(notice.detail) < 100


def test_a_page_without_text() -> None:
    with pytest.raises(UnreadableDocumentError, match="no_text"):
        _read("<html><body><script>load()</script></body></html>")


@given(st.text("<>/tdrablep='\" 1总\n&;!-x\x01\x00\x85\ufffe"))
def test_no_page_breaks_the_reader(page: str) -> None:
    shown = f"<p>总计</p>{page}"
    assert _read(shown).paragraphs[0].text.startswith("总计")


def test_saved_page(golden: Callable[[str, object], None]) -> None:
    page = base64.encodebytes(PAGE.encode("gb18030")).decode()
    saved = (
        "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
        '\ttype="text/html"; boundary="x"\r\n\r\n--x\r\nContent-Type: text/html; charset=gb2312\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{page}\r\n"
        "--x\r\nContent-Type: image/png\r\n\r\n\r\n--x--\r\n"
    )
    document = read_mhtml(saved.encode())
    assert document.media_type is MediaType.MHTML
    assert document.blocks == read_html(PAGE.encode("gbk")).blocks


def test_saved_page_without_a_page() -> None:
    with pytest.raises(UnreadableDocumentError, match="corrupt_file"):
        read_mhtml(b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x--\r\n")


def test_saved_page_with_a_frame() -> None:
    parts = [f"Content-Type: text/html; charset=utf-8\r\n\r\n<p>{text}</p>" for text in ("首页", "规章")]
    head = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x"
    document = read_mhtml("\r\n--x\r\n".join([head + "\r\n", *parts]).encode() + b"\r\n--x--\r\n")
    assert [(p.text, p.place.line) for p in document.paragraphs] == [("首页", 1), ("规章", 2)]


def test_fields_show_their_values() -> None:
    document = _read('<table><tr><td>规章<td><input value="7"><input type=hidden value="8"></table>')
    assert _rows(document.grids[0]) == [["规章", "7"]]


def test_an_empty_box_is_an_empty_line() -> None:
    document = _read("<div>规章</div><div></div><div>0</div>")
    assert [(p.text, p.place.line) for p in document.paragraphs] == [("规章", 1), ("0", 3)]


@pytest.mark.parametrize(("row", "cell"), [("div", "div"), ("div", "span"), ("ul", "li"), ("p", "span")])
def test_boxes_inside_boxes_are_a_table(row: str, cell: str) -> None:
    rows = [
        ["规章及其他", ""],
        ["规章", "0", "", "12"],
        ["行政规范性文件", "1", "2", ""],
        ["行政许可", "", "0", "3"],
    ]
    boxes = "\n".join(
        f"<{row}>{''.join(f'<{cell}><b>{text}</b></{cell}>' for text in texts)}</{row}>" for texts in rows
    )
    document = _read(f"<p>一、总体情况</p><div> {boxes} </div><p>无</p>")
    assert [_rows(grid) for grid in document.grids] == [rows]


def test_boxes_with_running_numbers_are_a_table() -> None:
    rows = [
        ["序号", "信息内容", "制发"],
        ["1", "规章", "0"],
        ["2", "行政规范性文件", "3"],
        ["3", "行政许可", "4"],
    ]
    boxes = "".join(f"<div>{''.join(f'<div>{text}</div>' for text in texts)}</div>" for texts in rows)
    assert [_rows(grid) for grid in _read(f"<div>{boxes}</div>").grids] == [rows]


def test_boxes_of_prose_are_no_table() -> None:
    sentence = "<p><span>2021</span><span>年共收到申请</span><span>5</span><span>件。</span></p>"
    assert not _read(f"<div>{sentence * 4}</div>").grids


def test_lines_that_spaces_part_into_columns_are_a_table() -> None:
    rows = [["信息内容", "制发", "废止"], ["规章", "0", "1"], ["行政许可", "3", "2"]]
    page = "".join(f"<p>{'&nbsp;&nbsp;&nbsp;'.join(row)}</p>" for row in rows)
    assert [_rows(grid) for grid in _read(f"<p>一、总体情况</p>{page}").grids] == [rows]


@pytest.mark.parametrize(
    "cell",
    [
        "<del>4</del>12",
        "<s>4</s>12<strike>5</strike>",
        "<span style='text-decoration: line-through'>5</span>12",
    ],
)
def test_text_that_is_struck_out_is_not_said(cell: str) -> None:
    (grid,) = _read(f"<table><tr><td>规章<td>{cell}</table>").grids
    assert _rows(grid) == [["规章", "12"]]


def test_heads_of_a_wrong_width_stand_over_their_columns() -> None:
    """The head over two rows of heads beside it is said to be too narrow, or too wide."""
    for width in (2, 3, 9):
        (grid,) = _read(
            f"<table><tr><td rowspan=3>项<td colspan={width}>人<td rowspan=3>注<tr><td rowspan=2>甲"
            f"<td colspan=2>乙<td rowspan=2>丙<tr><td>丁<td>戊<tr><td>一<td>1<td>2<td>3<td>6<td>无</table>"
        ).grids
        places = {cell.text: (cell.column, cell.column_span) for cell in grid.cells}
        assert [places[head] for head in "人注乙丙戊无"] == [(1, 4), (5, 1), (2, 2), (4, 1), (3, 1), (5, 1)]


@pytest.mark.parametrize(
    "mark",
    [
        "<sup>{}</sup>",
        "<span style='vertical-align: super'>{}</span>",
        "<span style='vertical-align: -4px'>{}</span>",
        "<span style='position:relative;top:-3.0pt;mso-text-raise:3.0pt'>{}</span>",
    ],
)
def test_raised_marks_of_notes_are_no_digits(mark: str) -> None:
    page = f"<table><tr><td>规章{mark.format('注')}<td>12{mark.format('1')}<td>0{mark.format('')}</table>"
    assert _rows(_read(page).grids[0]) == [["规章(注)", "12(1)", "0"]]


def test_entities_that_were_escaped_twice() -> None:
    (grid,) = _read("<table><tr><td>&amp;nbsp;规章&amp;#65288;甲&amp;#65289;<td>&amp;nbsp;3</table>").grids
    assert _rows(grid) == [["\xa0规章（甲）", "\xa03"]]


_ARTICLE = '<p>一、总体情况</p><table><tr><td colspan="2">规章<td>12</table>'


@pytest.mark.parametrize(
    "holder",
    [
        "<div id=js_content style='visibility: hidden; opacity: 0'>{}</div>",
        "<div id=a style='display:none'>{}</div>",
        "<template>{}</template>",
        "<script type='text/html'>{}</script>",
        "<iframe srcdoc='{}'></iframe>",
        "<textarea hidden>{}</textarea>",
        "<textarea>{}</textarea>",
    ],
)
def test_what_scripts_show_is_read_where_a_page_shows_next_to_nothing(holder: str) -> None:
    document = _read(f"<html><body><p>年报</p>{holder.format(_ARTICLE)}<p>关闭</p></body></html>")
    assert _outline(document) == ["年报", "一、总体情况", [["规章", "12"]], "关闭"]
    assert document.grids[0].cells[0].column_span == 2


@pytest.mark.parametrize("quote", ['"', "'", "`"])
def test_markup_in_the_strings_of_a_script(quote: str) -> None:
    inside = _ARTICLE.replace('"', '\\"').replace("</", "<\\/").replace("总体", "\\u603b\\u4f53")
    page = f"<div id=app></div><script>it = 'x'; state = {{content: {quote}{inside}{quote}}}</script>"
    assert _outline(_read(page)) == ["一、总体情况", [["规章", "12"]]]


def test_rows_that_a_script_writes_in_their_place() -> None:
    script = 'document.write("<tr><td>规章<td>12<\\/td>"); document.write("<tr><td>文件<td>3")'
    document = _read(f"<p>{'年' * 99}</p><table><script>{script}</script></table><p>关闭</p>")
    assert _outline(document)[1:] == [[["规章", "12"], ["文件", "3"]], "关闭"]


@pytest.mark.parametrize("kind", ["text/html;charset=gbk;base64", "text/html;charset=gbk"])
def test_a_page_inside_of_an_address(kind: str) -> None:
    page = _ARTICLE.encode("gbk")
    data = base64.b64encode(page).decode() if "base64" in kind else quote_from_bytes(page)
    assert _outline(_read(f"<p>年报</p><iframe src='data:{kind},{data}'></iframe>"))[-1] == [["规章", "12"]]


def test_copies_that_a_page_does_not_show_are_not_read() -> None:
    page = (
        f"<h1>年报</h1>{_ARTICLE}<div style='display:none'>{_ARTICLE}</div><script>a = '{_ARTICLE}'</script>"
    )
    assert _outline(_read(page)) == ["年报", "一、总体情况", [["规章", "12"]]]


def test_rows_that_have_lost_their_table() -> None:
    document = _read(
        "<div><p>表</p><tr><td rowspan=2>甲</td><td>1</td></tr><tr><td>2</td></tr></div><p>后</p>"
    )
    assert _outline(document) == ["表", [["甲", "1"], ["2"]], "后"]


def test_rows_and_cells_inside_other_elements_are_in_their_place() -> None:
    (grid,) = _read(
        "<table><tbody><tr><td>甲</td><td>1</td></tr><form><tr><div><td>乙</td></div><td>2</td></tr></form>"
        "<tr><td>丙</td><td>3\x08</td></tr></tbody></table>"
    ).grids
    assert _rows(grid) == [["甲", "1"], ["乙", "2"], ["丙", "3"]]


@pytest.mark.parametrize(
    "link",
    ["<a href='/a.pdf'>年报</a>", "<iframe src='/viewer.html?file=/a.pdf'></iframe>", "<embed src='/a.pdf'>"],
)
def test_attachments_are_noted(link: str) -> None:
    (notice,) = _read(f"<p>见附件</p>{link}").notices
    assert notice.code == "attachment"
    assert notice.detail.endswith("/a.pdf")


def test_parts_of_tables_that_style_sheets_hide() -> None:
    styles = (
        ".old, span#note {display: none} .row {display: none} .row {display: table-row} .tab {display: none}"
        "/* .cell {display: none} */ @media print { .cell {display: none} }"
    )
    rows = (
        "<tr class='old odd'><td>规章<td>9<tr class=row><td>规章<td class=cell>3<span id=note>4</span>"
        "<td class=old>5<tr><td>文件<td>6"
    )
    document = _read(f"<html><style>{styles}</style><div class=tab>页</div><table>{rows}</table></html>")
    assert _outline(document) == [[["规章", "3"], ["文件", "6"]]]


def test_pictures_that_scripts_load_late_are_noted() -> None:
    document = _read("<p>表</p><img src='blank.gif' data-original='/table.png'>")
    assert [(notice.code, notice.detail) for notice in document.notices] == [("image", "/table.png")]


def test_a_page_inside_a_layout_table_is_no_cell() -> None:
    lines = [f"{number}年，主动公开政府信息若干条，内容涉及各项工作。" * 2 for number in range(2010, 2022)]
    article = "".join(f"<p>{line}</p>" for line in lines)
    document = _read(
        f"<table><tr><td>栏目</td><td>{article}</td></tr><tr><td>主办</td><td>承办</td></tr></table>"
    )
    assert _outline(document) == ["栏目", *lines, [["主办", "承办"]]]


def test_a_form_shows_what_is_typed_into_it() -> None:
    (grid,) = _read("<table><tr><td>规章<td><textarea>3</textarea><td><input value=4></table>").grids
    assert _rows(grid) == [["规章", "3", "4"]]


@pytest.mark.parametrize(
    "blank", ["<p></p>", "<p> </p>", "<p><span></span></p>", "<p>&nbsp;</p>", "<p><br></p>"]
)
def test_empty_paragraphs_count_as_lines(blank: str) -> None:
    document = _read(f"<p>规章</p>{blank}<p>3</p>")
    assert [paragraph.place.line for paragraph in document.paragraphs] == [1, 3]


def test_an_article_is_no_table_of_boxes() -> None:
    cells = "".join(f"<div>{text}</div>" for text in ("信息内容", "件数", "规章", "3", "文件", "4"))
    prose = "".join(f"<p>第{number}段</p>" for number in range(5))
    document = _read(f"<div>{prose}<div>{cells}</div><div>{cells}</div><div>{cells}</div></div>")
    assert not document.grids

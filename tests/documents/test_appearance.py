"""What of a page can be seen: style sheets hide texts, generate them and set them out of order."""

from __future__ import annotations

import pytest

from gao_pipeline.documents.model import UNTOLD, Document, Grid
from gao_pipeline.documents.web.html import read_html
from gao_pipeline.documents.web.mhtml import read_mhtml
from gao_pipeline.documents.web.styles import is_for_screens


def _read(page: str) -> Document:
    return read_html(page.encode())


def _cells(document: Document) -> list[str]:
    return [cell.text for grid in document.grids for cell in grid.cells]


def _figure(cell: str, css: str = "") -> str:
    """What is read of a cell of figures in a table."""
    page = f"<html><head><style>{css}</style></head><table><tr><th>规章<td>{cell}</table></html>"
    label, figure = _cells(_read(page))
    assert label == "规章"
    return figure


UNSEEN = [
    "display: none",
    "display: none !important",
    "visibility: hidden",
    "opacity: 0",
    "font-size: 0",
    "font: 0/0 a",
    "font-size: 1px",
    "color: #fff",
    "color: transparent",
    "color: #036; background: #003366",
    "position: absolute; left: -9999px",
    "display: inline-block; text-indent: -999em",
    "position: absolute; clip: rect(0 0 0 0)",
    "display: inline-block; width: 0; overflow: hidden",
    "transform: scale(0)",
    "filter: opacity(0)",
    "content-visibility: hidden",
    "display: block; margin-left: -9999px",
    "position: absolute; left: 9999px",
    "text-decoration: line-through",
    "mso-hide: all",
]


@pytest.mark.parametrize("style", UNSEEN)
def test_unseen_texts_beside_others_are_not_read(style: str) -> None:
    assert _figure(f"12<span style='{style}'>3</span>") == "12"
    assert _figure("<b class=x>3</b><b>12</b>", f"td .x, #y {{{style}}}") == "12"


@pytest.mark.parametrize("style", UNSEEN[2:7])
def test_unseen_cells_keep_their_places(style: str) -> None:
    document = _read(f"<table><tr><td>规章<td style='{style}'>3<td>4</table>")
    assert _cells(document) == ["规章", "", "4"]


def test_what_is_seen_inside_of_what_is_not() -> None:
    css = ".a {font-size: 0; visibility: hidden} b {font-size: 9px; visibility: visible} i {font: 2em a}"
    assert _figure("<div class=a>4<b>12</b><i>5</i></div>", css) == "12"


def test_the_cascade() -> None:
    css = "td .a {display: none} .a {display: inline} #b .a {display: inline} .c {display: none !important}"
    cell = "<span id=b><i class=a>12</i></span><i class=a>3</i><i class=c style='display: inline'>4</i>"
    assert _figure(cell, css) == "12"


def test_selectors_of_all_kinds() -> None:
    css = "[title='.a'] {display: none} .sm\\:b {display: none} i:not(.on:nth-child(9)) {display: none}"
    assert _figure("12<b title='.a'>3</b><b class='sm:b'>4</b><i>5</i>", css) == "12"


def test_elements_in_and_after_each_other_by_the_thousands() -> None:
    css = "p ~ p b, div div p i {display: none}"
    page = f"<style>{css}</style>{'<div>' * 1200}{'<p>1</p>' * 2000}<p><b>2</b><i>3</i>12"
    assert _read(page).paragraphs[-1].text == "12"


@pytest.mark.parametrize(
    ("media", "applies"),
    [
        ("", True),
        ("screen", True),
        ("print", False),
        ("not print", True),
        ("print, screen and (min-width: 768px)", True),
        ("only screen and (max-width: 600px)", False),
        ("(prefers-color-scheme: dark)", False),
    ],
)
def test_media(media: str, applies: bool) -> None:
    assert is_for_screens(media) is applies
    if media:
        assert _figure("12<i>3</i>", f"@media {media} {{i {{display: none}}}}") == (
            "12" if applies else "123"
        )


@pytest.mark.parametrize(
    ("css", "figure"),
    [
        ("i::after {content: attr(data-v)}", "12"),
        ("i:before {content: '1' \"2\"}", "12"),
        ("i::before {content: '3'; display: none} td::after {content: '12'}", "12"),
        ("i::before {content: counter(n)}", UNTOLD),
        ("i {background: url(digits.png) 0 -16px}", UNTOLD),
        ("", UNTOLD),
    ],
)
def test_generated_figures(css: str, figure: str) -> None:
    assert _figure("<i data-v=12></i>", css) == figure


def test_generated_ornaments_are_not_read() -> None:
    css = "p::before {content: '•'} th::after {content: url(a.png)} td::after {content: '.'; opacity: 0}"
    document = _read(f"<style>{css}</style><p>年报</p><table><tr><th>规章<td>12</table>")
    assert [paragraph.text for paragraph in document.paragraphs] == ["年报"]
    assert _cells(document) == ["规章", "12"]


@pytest.mark.parametrize(
    "cell",
    [
        "<bdo dir=rtl>21</bdo>",
        "\u202e21\u202c",
        "<i style='float: right'>2</i><i>1</i>",
        "<i style='position: absolute; left: 9px'>2</i><i>1</i>",
        "<i style='transform: scaleX(-1)'>12</i>",
        "<span style='color: white'>12</span>",
        "<svg><text>12</text></svg>",
        "<canvas>12</canvas>",
        "<img src=12.png width=16>",
        "<script>document.write(f(12))</script>",
        "<b id=a1></b><script>for (i in x) $('#a' + i).text(x[i])</script>",
        "<b v-text='made'></b>",
    ],
)
def test_figures_that_no_reader_can_tell(cell: str) -> None:
    assert set(_figure(cell)) == {UNTOLD}


@pytest.mark.parametrize(
    "cell",
    [
        "<select><option>7<option selected>12</select>",
        "<button>12</button>",
        "<input type=tel value=12 placeholder=7>",
        "<img src=12.png alt=12>",
        "<script>document.write('<b>12</b>');</script>",
        "12<dialog>3</dialog>",
        "<div style='display: flex; flex-flow: row-reverse'><i>2</i><i>1</i></div>",
        "<div style='display: flex'><i style='order: 1'>2</i><i>1</i></div>",
        "<font color=white>3</font><font>12</font>",
    ],
)
def test_figures_in_elements_of_all_kinds(cell: str) -> None:
    assert _figure(cell) == "12"


def test_white_words_may_stand_on_a_ground_that_was_lost() -> None:
    document = _read("<h1 style='color: #fff'>年报</h1><table><tr><th style='color: #fff'>规章<td>1</table>")
    assert document.paragraphs[0].text == "年报"
    assert _cells(document) == ["规章", "1"]


def test_tables_behind_tabs_are_read_and_unseen_copies_are_not() -> None:
    def table(label: str, figure: int) -> str:
        rows = "".join(f"<tr><td>{label}{number}<td>{figure}" for number in range(4))
        return f"<table>{rows}</table>"

    css = ".pane {display: none} .on {display: block}"
    panes = f"<div class='pane on'>{table('规章', 1)}</div><div class=pane>{table('申请', 2)}</div>"
    page = f"<style>{css}</style>{panes}<div class=pane>{table('规章', 9)}</div>"
    assert [grid.cells[1].text for grid in _read(page).grids if isinstance(grid, Grid)] == ["1", "2"]


def test_collapsed_columns() -> None:
    columns = "<colgroup span=2></colgroup><col style='visibility: collapse'><col style='display: none'>"
    document = _read(f"<table>{columns}<tr><td colspan=3>规章<td>1<tr><td>2<td>3<td>4<td>5</table>")
    assert [(c.text, c.column, c.column_span) for c in document.grids[0].cells] == [
        ("规章", 0, 2),
        ("1", 2, 1),
        ("2", 0, 1),
        ("3", 1, 1),
        ("5", 2, 1),
    ]


@pytest.mark.parametrize(
    "names",
    [
        ("style='display: table'", "style='display: table-row'", "style='display: table-cell'"),
        ("role=table", "role=row", "role=cell"),
    ],
)
def test_boxes_shown_as_a_table(names: tuple[str, str, str]) -> None:
    table, row, cell = names
    rows = [["规章", "", "12"], ["文件", "3", ""]]
    boxes = "".join(f"<p {row}>{''.join(f'<b {cell}>{text}</b>' for text in texts)}</p>" for texts in rows)
    document = _read(f"<div {table}>{boxes}</div><div {cell}>年报</div>")
    assert _cells(document) == [text for texts in rows for text in texts]
    assert document.paragraphs[0].text == "年报"


def test_unseen_texts_and_notes_in_boxes() -> None:
    rows = [["规章", "0", "12"], ["文件", "3", "4"], ["许可", "5", "6"]]
    cell = "<li>{}<b hidden>7</b><i>8</i><s>9</s></li>"
    boxes = "".join(f"<ul>{''.join(map(cell.format, texts))}</ul>" for texts in rows)
    document = _read(f"<style>i {{vertical-align: super}}</style><div>{boxes}</div>")
    assert _cells(document) == [f"{text}(8)" for texts in rows for text in texts]


@pytest.mark.parametrize("room", ["margin-right: 2em", "padding: 0 9px", "margin: 0 1em 0 0", "padding: 9px"])
def test_figures_apart_in_one_cell(room: str) -> None:
    assert _figure(f"<i style='{room}'>1</i><i>2</i>") == "1\xa0\xa0\xa02"
    assert _figure(f"<i style='{room}'>12</i>") == "12"


def test_columns_on_lines() -> None:
    line = "<p>{}</p>".format("".join("<span>{}</span>" for _ in range(3)))
    rows = [["规章", "0", "12"], ["文件", "3", "4"], ["许可", "5", "6"]]
    lines = "".join(line.format(*row) for row in rows)
    page = f"<style>p > span {{display: inline-block; width: 9em}}</style><td><h1>年报</h1>{lines}</td>"
    document = _read(page)
    assert document.paragraphs[0].text == "年报"
    assert _cells(document) == [text for row in rows for text in row]


def test_boxes_in_the_order_in_which_they_are_seen() -> None:
    css = ".row {display: flex} .row > :first-child {order: 1} .back {flex-flow: row-reverse}"
    css += "p > span {float: right}"
    rows = [["规章", "0", "12"], ["文件", "3", "4"], ["许可", "5", "6"], ["处罚", "7", "8"]]
    boxes = [
        "<div class=row><i>12</i><i>规章</i><i>0</i></div>",
        "<div class='row back'><i>文件</i><i>4</i><i>3</i></div>",
        "<p><span>6</span><span>5</span><span>许可</span></p>",
        "<div><i>处罚</i><i>7</i><i>8</i></div>",
    ]
    assert _cells(_read(f"<style>{css}</style><div>{''.join(boxes)}</div>")) == [
        text for row in rows for text in row
    ]


def test_a_saved_page_with_its_style_sheet() -> None:
    page = "<link rel=stylesheet href='cid:a@b'><table><tr><td>规章<td>12<i class=x>3</i></table>"
    parts = ["Content-Type: text/html; charset=utf-8", page], ["Content-Type: text/css", ".x {display: none}"]
    (head, html), (css_head, css) = parts
    saved = (
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
        f"{head}\r\n\r\n{html}\r\n--x\r\n{css_head}\r\nContent-Location: cid:a@b\r\n\r\n{css}\r\n--x--\r\n"
    )
    assert _cells(read_mhtml(saved.encode())) == ["规章", "12"]

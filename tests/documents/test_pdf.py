"""The PDF reader on small files made here, each showing one thing that real files do."""

from __future__ import annotations

import io
import random
from itertools import pairwise

import pypdfium2
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from gao_pipeline.documents.model import Grid, MediaType, Paragraph, UnreadableDocumentError
from gao_pipeline.documents.paged.drawn import is_picture
from gao_pipeline.documents.paged.painted import PaintedPage
from gao_pipeline.documents.paged.pdf import read_pdf
from tests.documents.sheet import FONT, HEIGHT, Sheet, texts

XS = (50, 200, 300, 400)
ROWS = [["信息内容", "本年制发件数", "现行有效件数"], ["规章", "0", ""], ["行政规范性文件", "12", "1,205"]]
EQUAL_DIGITS = [*ROWS[:2], ["行政规范性文件", "122", "1,1177"]]


def test_ruled_table_with_places() -> None:
    sheet = Sheet()
    sheet.text(50, 60, "二、主动公开政府信息情况")
    sheet.table(XS, 100, ROWS)
    document = sheet.read()
    heading, grid = document.blocks
    assert document.media_type is MediaType.PDF
    assert isinstance(heading, Paragraph)
    assert isinstance(grid, Grid)
    assert texts(grid) == ROWS
    place = grid.cells[-1].place
    assert (place.page, place.table, place.row, place.column) == (1, 1, 3, 3)
    assert place.bbox == (300, 140, 400, 160)


def test_stream_order_does_not_matter() -> None:
    sheet = Sheet()
    sheet.rules(XS, (100, 120, 140, 160))
    places = [(x, y, text) for y, row in enumerate(ROWS) for x, text in zip(XS, row, strict=False)]
    random.Random(7).shuffle(places)
    for x, y, text in places:
        for offset, character in reversed(list(enumerate(text))):
            sheet.text(x + 4 + 10 * offset, 114 + 20 * y, character)
    (grid,) = sheet.read().grids
    assert [[text.replace(" ", "") for text in row] for row in texts(grid)] == ROWS


def test_box_of_prose_is_no_table() -> None:
    sheet = Sheet()
    sheet.rules((50, 400), (100, 160))
    sheet.text(60, 120, "本报告由办公室编制，")
    sheet.text(60, 140, "共2页。")
    document = sheet.read()
    assert document.grids == []
    assert len(document.paragraphs) >= 1


def test_label_wrapped_letter_by_letter_and_number_wrapped_in_its_cell() -> None:
    sheet = Sheet()
    sheet.rules((50, 75, 100), (100, 160))
    for index, character in enumerate("结果维持"):
        sheet.text(57, 112 + 12 * index, character)
    sheet.text(78, 124, "1205")
    sheet.text(78, 136, "34")
    (grid,) = sheet.read().grids
    assert texts(grid) == [["结果维持", "120534"]]


def test_two_short_numbers_in_one_cell_stay_two() -> None:
    sheet = Sheet()
    sheet.rules((50, 150, 250), (100, 140))
    sheet.text(60, 120, "信访")
    sheet.text(160, 116, "3")
    sheet.text(160, 132, "5")
    (grid,) = sheet.read().grids
    assert texts(grid) == [["信访", "3\n5"]]


@pytest.mark.parametrize("repeated", [False, True])
def test_table_over_two_pages_is_one(repeated: bool) -> None:
    sheet = Sheet()
    sheet.table(XS, 600, ROWS)
    sheet.text(280, 810, "- 1 -")
    sheet.next_page()
    sheet.table(XS, 60, [*(ROWS[:1] if repeated else []), ["行政许可", "7", "8"]])
    sheet.text(280, 810, "- 2 -")
    document = sheet.read()
    (grid,) = document.grids
    assert texts(grid) == [*ROWS, ["行政许可", "7", "8"]]
    assert grid.cells[-1].place.page == 2
    assert document.paragraphs == []


def test_a_row_begun_at_the_foot_of_a_page_and_printed_on_the_next_is_one() -> None:
    sheet = Sheet()
    sheet.table(XS, 600, ROWS)
    sheet.rules(XS, (780, 790))
    sheet.next_page()
    sheet.table(XS, 60, [["行政许可", "7", "8"]])
    (grid,) = sheet.read().grids
    assert texts(grid) == [*ROWS, ["行政许可", "7", "8"]]


def test_table_of_pages_with_mirrored_margins_is_one() -> None:
    sheet = Sheet()
    sheet.table(XS, 600, ROWS)
    sheet.next_page()
    sheet.table([x + 28 for x in XS], 60, [["行政许可", "7", "8"]])
    (grid,) = sheet.read().grids
    assert texts(grid) == [*ROWS, ["行政许可", "7", "8"]]


def test_tables_on_two_pages_with_other_columns_stay_apart() -> None:
    sheet = Sheet()
    sheet.table(XS, 600, ROWS)
    sheet.next_page()
    sheet.table((50, 120, 170, 220, 400), 60, [["一", "1", "2", "3"]])
    assert len(sheet.read().grids) == 2


def test_row_cut_open_by_the_page_break_is_whole_again() -> None:
    sheet = Sheet()
    sheet.rules((50, 200, 300), (760, 780))
    for x in (50, 200, 300):
        sheet.rule(x, 780, x, 800)
    sheet.text(54, 774, "规章")
    sheet.text(204, 774, "1")
    sheet.text(54, 794, "行政规范性")
    sheet.next_page()
    for x in (50, 200, 300):
        sheet.rule(x, 40, x, 60)
    sheet.rule(50, 60, 300, 60)
    sheet.text(54, 54, "文件")
    sheet.text(204, 54, "2")
    (grid,) = sheet.read().grids
    assert texts(grid) == [["规章", "1"], ["行政规范性文件", "2"]]


def test_label_that_spans_the_page_break_is_one_cell() -> None:
    sheet = Sheet()
    sheet.rules((50, 100, 200, 300), (700, 740))
    sheet.rule(100, 720, 300, 720)
    for y, row in ((714, ("甲", "1")), (734, ("乙", "2"))):
        sheet.text(104, y, row[0])
        sheet.text(204, y, row[1])
    sheet.text(54, 724, "无法提供")
    sheet.next_page()
    sheet.table((50, 100, 200, 300), 60, [["", "丙", "3"]])
    (grid,) = sheet.read().grids
    label = next(cell for cell in grid.cells if cell.text == "无法提供")
    assert (label.row_span, grid.rows) == (3, 3)
    assert sum(cell.text == "" for cell in grid.cells) == 0


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_page_set_sideways(degrees: int) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(500, 500))
    canvas.translate(250, 250)
    canvas.rotate(degrees)
    canvas.translate(-250, -250)
    canvas.setFont(FONT, 10)
    for y in (200, 230, 260):
        canvas.line(50, y, 350, y)
    for x in (50, 200, 350):
        canvas.line(x, 200, x, 260)
    for x, y, text in ((60, 240, "行政许可"), (210, 240, "12"), (60, 210, "行政处罚"), (210, 210, "345")):
        canvas.drawString(x, y, text)
    canvas.save()
    (grid,) = read_pdf(buffer.getvalue()).grids
    assert texts(grid) == [["行政许可", "12"], ["行政处罚", "345"]]


def test_table_without_rules_keeps_its_blank_cells() -> None:
    sheet = Sheet()
    sheet.text(60, 60, "三、收到和处理政府信息公开申请情况")
    for x, head in ((250, "自然人"), (320, "商业企业"), (390, "总计")):
        sheet.text(x, 90, head)
    for y, row in (
        (108, ("予以公开", "10", "2", "12")),
        (126, ("部分公开", "3", "", "3")),
        (144, ("重复申请", "0", "1", "1")),
    ):
        for x, text in zip((100, 255, 325, 395), row, strict=True):
            sheet.text(x, y, text)
    sheet.text(60, 180, "五、存在的主要问题及改进情况")
    document = sheet.read()
    (grid,) = document.grids
    assert texts(grid) == [
        ["", "自然人", "商业企业", "总计"],
        ["予以公开", "10", "2", "12"],
        ["部分公开", "3", "", "3"],
        ["重复申请", "0", "1", "1"],
    ]
    assert [paragraph.text[:2] for paragraph in document.paragraphs] == ["三、", "五、"]


def test_labels_close_together_without_rules_stay_cells() -> None:
    """Groups end so near to their rows that only the ideographs, which leave no gaps, tell them apart."""
    sheet = Sheet()
    for x, head in ((250, "自然人"), (320, "商业企业"), (390, "总计")):
        sheet.text(x, 90, head)
    for y, row in (
        (108, ("（三）不予", "1.属于国家秘密", "10", "2", "12")),
        (140, ("", "", "3", "0", "3")),
        (172, ("", "3.其他", "0", "1", "1")),
    ):
        for x, text in zip((60, 115, 255, 325, 395), row, strict=True):
            sheet.text(x, y, text)
    sheet.text(60, 134, "公开")
    for y, text in ((134, "2.其他法律法规"), (146, "禁止公开")):
        sheet.text(115, y, text)
    (grid,) = sheet.read().grids
    assert texts(grid)[1:] == [
        ["（三）不予", "1.属于国家秘密", "10", "2", "12"],
        ["公开", "2.其他法律法规禁止公开", "3", "0", "3"],
        ["", "3.其他", "0", "1", "1"],
    ]


def test_white_cells_on_a_dark_ground_are_a_table() -> None:
    sheet = Sheet()
    sheet.area(49, 99, 401, 161)
    sheet.canvas.setFillGray(1)
    for left, right in pairwise(XS):
        for top in (100, 120, 140):
            sheet.area(left, top, right - 1, top + 19)
    sheet.canvas.setFillGray(0)
    for index, row in enumerate(ROWS):
        for x, text in zip(XS, row, strict=False):
            sheet.text(x + 4, 114 + 20 * index, text)
    (grid,) = sheet.read().grids
    assert texts(grid) == ROWS


def test_rules_drawn_as_thin_polygons_are_rules() -> None:
    sheet = Sheet()
    for x in XS:
        path = sheet.canvas.beginPath()
        path.moveTo(x, HEIGHT - 100)
        path.lineTo(x + 1, HEIGHT - 101)
        path.lineTo(x + 1, HEIGHT - 159)
        path.lineTo(x, HEIGHT - 160)
        path.close()
        sheet.canvas.drawPath(path, stroke=0, fill=1)
    for y in (100, 120, 140, 160):
        sheet.rule(XS[0], y, XS[-1], y)
    for index, row in enumerate(ROWS):
        for x, text in zip(XS, row, strict=False):
            sheet.text(x + 4, 114 + 20 * index, text)
    (grid,) = sheet.read().grids
    assert texts(grid) == ROWS


def test_paragraphs_are_joined_over_lines_and_pages_without_furniture() -> None:
    sheet = Sheet()
    for page, lines in enumerate(
        (
            ["　　" + "一二三四五六七八九十" * 4, "一二三四五六七八九十" * 4 + "二〇"],
            ["二一年。", "　　完。"],
        ),
        1,
    ):
        sheet.text(50, 30, "某局年度报告")
        for index, line in enumerate(lines):
            sheet.text(50, 300 + 16 * index, line)
        sheet.text(280, 815, f"第 {page} 页")
        sheet.next_page()
    document = sheet.read()
    first, second = (paragraph.text.strip() for paragraph in document.paragraphs)
    assert first.endswith("二〇二一年。")
    assert second == "完。"
    assert document.metadata == {"header": "某局年度报告"}


def test_running_heads_may_have_several_lines() -> None:
    sheet = Sheet()
    for rows in (ROWS, [["行政许可", "7", "8"]]):
        sheet.text(50, 30, "某某县信息公开")
        sheet.text(50, 46, "年度报告")
        sheet.table(XS, 60, rows)
        sheet.text(50, 800, "某某县人民政府办公室")
        sheet.text(280, 816, "1")
        sheet.next_page()
    document = sheet.read()
    assert len(document.grids) == 1
    assert document.paragraphs == []
    assert document.metadata == {"header": "某某县信息公开\n年度报告", "footer": "某某县人民政府办公室"}


def test_columns_of_text_are_read_one_after_the_other() -> None:
    sheet = Sheet()
    sheet.text(200, 60, "某某县2021年政府信息公开工作年度报告")
    for x, text in ((50, "左"), (310, "右")):
        for index in range(4):
            sheet.text(x, 100 + 17 * index + x / 100, text * 22)
        sheet.text(x, 168, "2021年" + text)
    sheet.table(XS, 220, ROWS)
    sheet.text(50, 320, "下" * 50)
    document = sheet.read()
    assert [paragraph.text[-1] for paragraph in document.paragraphs] == ["告", "左", "右", "下"]
    assert [texts(grid) for grid in document.grids] == [ROWS]


def test_pages_printed_side_by_side_are_pages() -> None:
    sheet = Sheet()
    sheet.text(30, 300, "二、主动公开政府信息情况")
    sheet.table((30, 150, 210, 280), 600, ROWS)
    sheet.text(140, 815, "- 1 -")
    sheet.table((330, 450, 510, 580), 60, [["行政许可", "7", "8"]])
    sheet.text(330, 320, "三、收到和处理政府信息公开申请情况")
    sheet.text(440, 815, "- 2 -")
    document = sheet.read()
    (grid,) = document.grids
    assert texts(grid) == [*ROWS, ["行政许可", "7", "8"]]
    assert [paragraph.text[0] for paragraph in document.paragraphs] == ["二", "三"]


def test_short_lines_on_a_last_page_stay_paragraphs() -> None:
    sheet = Sheet()
    for index in range(5):
        sheet.text(50, 300 + 16 * index, "一二三四五六七八九十" * 4)
    sheet.text(50, 380, "完。")
    sheet.next_page()
    lines = ["六、其他需要报告的事项", "没有其他需要报告的事项", "某某县商务局", "二〇二二年一月"]
    for index, line in enumerate(lines):
        sheet.text(50, 60 + 16 * index, line)
    assert [paragraph.text for paragraph in sheet.read().paragraphs][1:] == lines


def test_type_printed_twice_to_look_bold_is_read_once() -> None:
    sheet = Sheet()
    sheet.table((50, 200, 300), 100, [["规章", "11"]])
    sheet.text(204.3, 114, "11")
    (grid,) = sheet.read().grids
    assert texts(grid) == [["规章", "11"]]


def test_white_boxes_draw_no_table() -> None:
    sheet = Sheet()
    sheet.canvas.setFillGray(1)
    for y in (100, 128, 156):
        sheet.area(50, y - 28, 250, y)
        sheet.area(250, y - 28, 450, y)
    sheet.canvas.setFillGray(0)
    sheet.text(60, 90, "本年度工作情况")
    assert sheet.read().grids == []


def test_encrypted_file_is_named() -> None:
    with pytest.raises(UnreadableDocumentError) as caught:
        Sheet(encrypt=StandardEncryption("secret", ownerPassword="owner")).read()
    assert caught.value.reason == "encrypted_file"


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.4\n" + bytes(range(256)) * 20])
def test_broken_file_is_named(data: bytes) -> None:
    with pytest.raises(UnreadableDocumentError) as caught:
        read_pdf(data)
    assert caught.value.reason == "corrupt_file"


def test_file_with_a_lost_end_is_mended() -> None:
    sheet = Sheet()
    sheet.table(XS, 100, ROWS)
    data = sheet.data()
    (grid,) = read_pdf(data[: data.rindex(b"xref")]).grids
    assert texts(grid) == ROWS


def test_blank_pages_have_no_text() -> None:
    sheet = Sheet()
    sheet.next_page()
    with pytest.raises(UnreadableDocumentError) as caught:
        sheet.read()
    assert caught.value.reason == "no_text"


def test_figures_under_heads_that_stand_elsewhere_go_by_their_order() -> None:
    """Heads are set to the left of their columns, figures to the right, close to the next head."""
    sheet = Sheet()
    for x, head in ((200, "自然人"), (260, "商业企业"), (320, "总计")):
        sheet.text(x, 90, head)
    for y, row in ((108, ("予以公开", "1", "22", "23")), (126, ("部分公开", "123", "4", "127"))):
        sheet.text(60, y, row[0])
        for right, text in zip((257, 317, 377), row[1:], strict=True):
            sheet.canvas.drawRightString(right, HEIGHT - y, text)
    (grid,) = sheet.read().grids
    assert texts(grid) == [
        ["", "自然人", "商业企业", "总计"],
        ["予以公开", "1", "22", "23"],
        ["部分公开", "123", "4", "127"],
    ]


def test_a_head_with_its_characters_apart_is_one() -> None:
    sheet = Sheet()
    for x, y, head in ((200, 84, "制"), (230, 84, "发"), (200, 96, "件数合计"), (270, 96, "总计")):
        sheet.text(x, y, head)
    for y, row in ((116, ("规章", "1", "22")), (134, ("行政规范性文件", "123", "4"))):
        for x, text in zip((60, 205, 275), row, strict=True):
            sheet.text(x, y, text)
    (grid,) = sheet.read().grids
    assert texts(grid)[-2:] == [["规章", "1", "22"], ["行政规范性文件", "123", "4"]]


def test_figures_close_to_each_other_are_two() -> None:
    sheet = Sheet()
    for y, row in ((108, ("予以公开", "56", "3163")), (126, ("部分公开", "4", "205"))):
        sheet.text(60, y, row[0])
        for right, text in zip((200, 227), row[1:], strict=True):
            sheet.canvas.drawRightString(right, HEIGHT - y, text)
    (grid,) = sheet.read().grids
    assert texts(grid) == [["予以公开", "56", "3163"], ["部分公开", "4", "205"]]


def test_blocks_with_heads_of_their_own_are_tables_of_their_own() -> None:
    sheet = Sheet()
    for top, heads, row in (
        (100, ("制发件数", "现行有效件数"), ("规章", "0", "12")),
        (150, ("上年", "本年", "合计"), ("行政许可", "1", "2", "3")),
    ):
        sheet.text(200, top, "第二十条")
        for index, head in enumerate(heads):
            sheet.text(160 + index * 200 / len(heads), top + 16, head)
        for index, text in enumerate(row):
            sheet.text(60 if not index else 165 + (index - 1) * 200 / len(heads), top + 32, text)
    first, second = sheet.read().grids
    assert texts(first)[-1] == ["规章", "0", "12"]
    assert texts(second)[-1] == ["行政许可", "1", "2", "3"]


@pytest.mark.parametrize("spacing", [0, 3, 7])
@pytest.mark.parametrize("coloured", [False, True])
def test_cells_drawn_or_coloured_each_by_itself_are_a_table(spacing: int, coloured: bool) -> None:
    sheet = Sheet()
    sheet.canvas.setFillColorRGB(0.85, 0.9, 0.95)
    for row in range(3):
        for left, right in pairwise(XS):
            sheet.canvas.rect(
                left + spacing / 2,
                HEIGHT - 100 - 24 * (row + 1) + spacing / 2,
                right - left - spacing,
                24 - spacing,
                stroke=not coloured,
                fill=coloured,
            )
    sheet.canvas.setFillGray(0)
    for index, row in enumerate(ROWS):
        for x, text in zip(XS, row, strict=False):
            sheet.text(x + 6, 115 + 24 * index, text)
    (grid,) = sheet.read().grids
    assert texts(grid) == ROWS


def test_every_other_row_coloured_parts_the_rows() -> None:
    """A label reaches from its own figures nearer to others; the colour tells whose its lines are."""
    sheet = Sheet()
    sheet.canvas.setFillGray(0.9)
    sheet.area(50, 120, 400, 160)
    sheet.canvas.setFillGray(0)
    for y, text in (
        (112, "规章"),
        (131, "行政规范"),
        (143, "性文件"),
        (155, "（含修订）"),
        (174, "行政许可"),
    ):
        sheet.text(60, y, text)
    for y, figures in ((112, "12"), (143, "34"), (174, "56")):
        sheet.text(210, y, figures)
        sheet.text(310, y, figures)
    (grid,) = sheet.read().grids
    assert texts(grid) == [
        ["规章", "12", "12"],
        ["行政规范性文件（含修订）", "34", "34"],
        ["行政许可", "56", "56"],
    ]


def test_page_set_very_small_keeps_its_rows() -> None:
    sheet = Sheet()
    sheet.canvas.saveState()
    sheet.canvas.translate(0, HEIGHT)
    sheet.canvas.scale(0.2, 0.2)
    sheet.canvas.translate(0, -HEIGHT)
    sheet.table((50, 200, 300, 400), 100, EQUAL_DIGITS)
    sheet.canvas.restoreState()
    (grid,) = sheet.read().grids
    assert texts(grid) == EQUAL_DIGITS


def test_page_whose_corner_lies_elsewhere_is_read_whole() -> None:
    sheet = Sheet()
    sheet.canvas.translate(-200, -300)
    sheet.table(XS, 100, ROWS)
    buffer = io.BytesIO()
    with pypdfium2.PdfDocument(sheet.data()) as document:
        document[0].set_mediabox(-200, -300, 395, 542)
        document.save(buffer)
    (grid,) = read_pdf(buffer.getvalue()).grids
    assert texts(grid) == ROWS
    assert grid.place.bbox == (50, 100, 400, 160)


@pytest.mark.parametrize("look", [b"/AP", b"/No"])
def test_values_of_form_fields_are_read(look: bytes) -> None:
    """A viewer sets the value of a field that brings no look of its own."""
    sheet = Sheet()
    sheet.table((50, 200, 300), 100, [["规章", ""]])
    sheet.canvas.acroForm.textfield(
        name="made", value="12", x=203, y=HEIGHT - 118, width=60, height=16, fontSize=9, borderWidth=0
    )
    (grid,) = read_pdf(sheet.data().replace(b"/AP", look)).grids
    assert texts(grid) == [["规章", "12"]]


def test_stamps_on_printed_text_are_none_of_it() -> None:
    sheet = Sheet()
    sheet.table((50, 200, 300), 100, [["规章", ""]])
    sheet.canvas.acroForm.textfield(
        name="made", value="12", x=203, y=HEIGHT - 118, width=60, height=16, fontSize=9, borderWidth=0
    )
    raw = pypdfium2.raw
    with pypdfium2.PdfDocument(sheet.data()) as document:
        page = document[0]
        stamp = raw.FPDFPage_CreateAnnot(page, raw.FPDF_ANNOT_STAMP)
        raw.FPDFAnnot_SetRect(stamp, raw.FS_RECTF(52, HEIGHT - 102, 140, HEIGHT - 118))
        frame = raw.FPDFPageObj_CreateNewRect(52, HEIGHT - 118, 88, 16)
        raw.FPDFPath_SetDrawMode(frame, raw.FPDF_FILLMODE_NONE, True)
        assert raw.FPDFAnnot_AppendObject(stamp, frame)
        raw.FPDFPage_CloseAnnot(stamp)
        buffer = io.BytesIO()
        document.save(buffer)
    (grid,) = read_pdf(buffer.getvalue()).grids
    assert texts(grid) == [["规章", "12"]]


def test_heads_of_one_and_of_two_lines_stand_in_one_row() -> None:
    sheet = Sheet()
    for x, y, text in (
        (200, 96, "制发件数"),
        (260, 90, "废止"),
        (260, 101, "件数"),
        (320, 102, "有效件数"),
        (60, 125, "规范性文件"),
        (205, 125, "3"),
        (265, 125, "1"),
        (325, 125, "9"),
    ):
        sheet.text(x, y, text)
    (grid,) = sheet.read().grids
    assert texts(grid)[-2:] == [["", "制发件数", "废止件数", "有效件数"], ["规范性文件", "3", "1", "9"]]


@pytest.mark.parametrize("letters", ["ç", "ÿ"])
def test_page_whose_letters_are_not_what_it_shows_is_a_picture(letters: str) -> None:
    page = painted("本报告依据条例要求编制" * 3 + letters * 2)
    assert is_picture(page)
    assert not is_picture(painted("本报告依据条例要求编制" * 3))


def painted(text: str) -> PaintedPage:
    """A page that only prints a text."""
    chars = [{"text": character} for character in text]
    return PaintedPage(1, 595.0, 842.0, chars, [], [], [], [], 0)


def test_label_that_ends_at_its_figure_is_not_one_text_with_it() -> None:
    sheet = Sheet()
    for x, head in ((200, "自然人"), (260, "总计")):
        sheet.text(x, 90, head)
    for y, row in ((108, ("予以公开", "9", "12")), (126, ("要求确认或重新出具已获取信息", "90", "93"))):
        for x, text in zip((59, 200, 260), row, strict=True):
            sheet.text(x, y, text)
    (grid,) = sheet.read().grids
    assert texts(grid)[1:] == [["予以公开", "9", "12"], ["要求确认或重新出具已获取信息", "90", "93"]]

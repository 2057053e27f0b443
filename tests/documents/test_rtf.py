"""Rich Text Format: cells, merges and nested tables, characters of many code pages, what a reader sees."""

from __future__ import annotations

import pytest

from gao_pipeline.documents.model import UNTOLD, Document, Grid, MediaType, Paragraph, UnreadableDocumentError
from gao_pipeline.documents.reading import read_document
from gao_pipeline.documents.word.rtf import read_rtf

_FONTS = r"{\fonttbl{\f0\froman\fcharset0 Times New Roman;}{\f1\fnil\fcharset134 SimSun;}}"


def _read(*content: str, head: str = r"\ansi\ansicpg1252\deff0") -> Document:
    return read_rtf(("{\\rtf1" + head + _FONTS + "".join(content) + "}").encode("latin-1"))


def _row(*cells: str, edges: str) -> str:
    return rf"\trowd\trleft0{edges} " + "".join(rf"\pard\intbl {cell}\cell " for cell in cells) + "\\row\n"


def _cells(grid: Grid) -> list[tuple[str, int, int, int, int]]:
    return [(cell.text, cell.row, cell.column, cell.row_span, cell.column_span) for cell in grid.cells]


def _lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def test_merged_cells_and_blank_ones() -> None:
    document = _read(
        r"\pard\f1\'ce\'c4 1\par",
        _row("A", "", "B", edges=r"\clvmgf\cellx900\clmgf\cellx1800\clmrg\cellx2700"),
        _row("", "7", "", edges=r"\clvmrg\cellx900\cellx1800\cellx2700"),
        r"\pard end\par",
    )
    assert _lines(document) == ["文 1", "end"]
    (grid,) = document.grids
    assert not grid.ragged
    assert _cells(grid) == [("A", 0, 0, 2, 1), ("", 0, 1, 1, 2), ("7", 1, 1, 1, 1), ("", 1, 2, 1, 1)]


def test_cells_without_the_words_that_say_so() -> None:
    (grid,) = _read(r"\trowd\cellx900\cellx1800 1\cell 2\cell\row 3\cell 4\cell\row").grids
    assert [text for text, *_ in _cells(grid)] == ["1", "2", "3", "4"]


def test_a_table_in_a_cell_is_text_of_it() -> None:
    inner = (
        r"\pard\intbl\itap2 3\nestcell{\nonesttables\par}4\nestcell"
        r"{\*\nesttableprops\trowd\cellx100\cellx200\nestrow}\pard\intbl\itap1 "
    )
    (grid,) = _read(
        _row("a", inner, edges=r"\cellx900\cellx1800"), _row("b", "5", edges=r"\cellx900\cellx1800")
    ).grids
    assert [text for text, *_ in _cells(grid)] == ["a", "3\n4", "b", "5"]


def test_a_picture_in_a_cell_is_no_blank() -> None:
    picture = r"{\*\shppict{\pict\pngblip 00}}{\nonshppict{\pict\wmetafile8 00}}"
    (grid,) = _read(_row(picture, "3" + picture, "", edges=r"\cellx900\cellx1800\cellx2700")).grids
    assert [text for text, *_ in _cells(grid)] == [UNTOLD, "3", ""]


def test_an_empty_line_behind_the_last_row_is_none() -> None:
    row = _row("a", "3", edges=r"\cellx1000\cellx2000")
    (grid,) = _read(row, r"\pard\intbl\par\pard b\par").grids
    assert not grid.ragged
    assert [text for text, *_ in _cells(grid)] == ["a", "3"]


def test_nothing_is_lost_in_tables_that_are_not_defined() -> None:
    (grid,) = _read(r"\pard\itap2 1\nestcell{\*\nesttableprops\nestrow}\itap1\cell\row").grids
    assert grid.ragged
    assert [text for text, *_ in _cells(grid)] == ["1"]


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (r"\f1\'b5\'da 2 \'cf\'ee", "第 2 项"),
        (r"\u31532\'3f\uc2\u-244\'a3\'ac9\uc0\u20108 x", "第\uff0c9二x"),
        (r"\u55357?\u56832?", "\U0001f600"),
        (r"1\~2\_3\-4\{5\}\emdash\line a\tab b", "1\xa02-34{5}—\na\tb"),
        (r"a{\v b}c{\deleted d}e\v f\plain g", "aceg"),
        (r"a{\strike b}{\striked1 c}\striked0 5{\super 1}{\nosupersub 6}{\sub 2}", "a5(1)6(2)"),
        (r"1{\up8 2}{\dn2 3}", "1(2)3"),
        (r"{\field{\*\fldinst =1+1}{\fldrslt 2}}{\*\unknown 8}{\footnote 9}", "2"),
        (r"{\field{\*\fldinst{ =1+1 }}{\fldrslt {}}}{\field{\*\fldinst REF a}{\fldrslt}}", "=1+1"),
        (r"3{\field{\*\fldinst EQ \\o(1,2)}}{\field{\*\fldinst XE x}}", f"3{UNTOLD}"),
        (r"4{\shppict{\pict{\*\picprop{\sp{\sn a}{\sv 5}}}}}", "4"),
        (r"{\listtext\tab 1.\tab}a", "1.a"),
    ],
)
def test_what_a_paragraph_shows(content: str, shown: str) -> None:
    assert "\n".join(_lines(_read(content + r"\par"))) == shown


def test_bytes_of_the_code_page_of_the_document() -> None:
    raw = "规章".encode("gb18030").decode("latin-1")
    assert _lines(_read(raw + r"\par", head=r"\ansi\ansicpg936")) == ["规章"]


def test_text_boxes_titles_and_headers() -> None:
    document = _read(
        r"{\info{\title T}}{\header H\par}{\pict\pngblip 0aff}",
        r"a{\shp{\*\shpinst{\shptxt\pard box\par}}{\shprslt box}}b\par",
    )
    assert (_lines(document), document.title, document.metadata) == (["ab", "box"], "T", {"header": "H"})


def test_the_type_is_told_by_the_content() -> None:
    document = read_document(b"{\\rtf1 12\\par}", "report.doc")
    assert (document.media_type, _lines(document)) == (MediaType.RTF, ["12"])


def test_a_file_without_text() -> None:
    with pytest.raises(UnreadableDocumentError, match="no_text"):
        _read(r"\par")


def test_a_file_that_is_cut_off() -> None:
    with pytest.raises(UnreadableDocumentError, match="corrupt_file"):
        read_rtf(rb"{\rtf1{\b 12")


def test_white_text_is_read_on_coloured_ground_only() -> None:
    colours = r"{\colortbl;\red255\green255\blue255;\red31\green78\blue121;}"
    document = _read(
        colours,
        r"\pard a{\cf1 b}{\cf1\highlight2 c}{\cf2 d}\par",
        _row(r"{\cf1 5}", r"{\cf1 6}", edges=r"\clcbpat2\cellx900\cellx1800"),
        _row(r"{\cf1 7}", "8", edges=r"\cellx900\clcbpat1\cellx1800"),
    )
    assert _lines(document) == ["acd"]
    assert [text for text, *_ in _cells(document.grids[0])] == ["5", "6", "", "8"]
    assert [notice.code for notice in document.notices] == ["hidden_text"] * 2

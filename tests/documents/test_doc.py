"""The Word 97–2003 reader on a file of which every byte is written here, as [MS-DOC] lays it out."""

from __future__ import annotations

import struct
from types import SimpleNamespace

import olefile
import pytest

from gao_pipeline.documents.model import UNTOLD, Document, Grid, UnreadableDocumentError
from gao_pipeline.documents.word.doc import read_doc

IN_TABLE, ROW_END = struct.pack("<HB", 0x2416, 1), struct.pack("<HB", 0x2417, 1)
DELETED, HIDDEN = struct.pack("<HB", 0x0800, 1), struct.pack("<HB", 0x083C, 1)
TEXT_AT = 1024


def row(edges: list[int], flags: list[int]) -> bytes:
    """Properties of a row's end: sprmTDefTable with one TC80 per cell."""
    body = struct.pack("<B", len(flags)) + struct.pack(f"<{len(edges)}h", *edges)
    body += b"".join(struct.pack("<H", flag) + bytes(18) for flag in flags)
    return IN_TABLE + ROW_END + struct.pack("<HH", 0xD608, len(body) + 1) + body


def paged(runs: list[tuple[int, bytes]], end: int, *, paragraphs: bool) -> bytes:
    """One formatted disk page (FKP) of properties that begin at the given bytes."""
    page, place = bytearray(512), 510
    entry = 13 if paragraphs else 1
    struct.pack_into(f"<{len(runs) + 1}I", page, 0, *(start for start, _ in runs), end)
    for index, (_, properties) in enumerate(runs):
        if paragraphs:
            stored = b"\0\0" + properties
            stored += b"\0" * (len(stored) % 2 == 0)
            stored = bytes([(len(stored) + 1) // 2]) + stored
        else:
            stored = bytes([len(properties)]) + properties
        place = (place - len(stored)) // 2 * 2
        page[place : place + len(stored)] = stored
        page[4 * (len(runs) + 1) + entry * index] = place // 2
    page[511] = len(runs)
    return bytes(page)


def style_sheet(*styles: tuple[int, int, list[bytes]]) -> bytes:
    """A STSH of styles: their kind, the one they are based on, their formats (UPX)."""
    stored = struct.pack("<HHH", 18, len(styles), 10) + bytes(14)
    for kind, based_on, formats in styles:
        style = struct.pack("<HHHHHHHH", 0, kind | based_on << 4, len(formats), 0, 0, 1, ord("s"), 0)
        for part in formats:
            style += bytes(len(style) % 2) + struct.pack("<H", len(part)) + part
        stored += struct.pack("<H", len(style)) + style + bytes(len(style) % 2)
    return stored


def word_streams(
    text: str,
    paragraphs: list[bytes],
    characters: list[tuple[int, bytes]] = (),
    *,
    compressed: bool = False,
    flags: int = 0x0200,
    styles: bytes = b"",
) -> dict[str, bytes]:
    """The streams of a Word file, with the properties of every paragraph and of runs of characters."""
    width = 1 if compressed else 2
    stored = text.encode("cp1252" if compressed else "utf-16-le")
    ends = [index + 1 for index, character in enumerate(text) if character in "\r\x07"]
    starts = [TEXT_AT + width * start for start in (0, *ends[:-1])]
    end = TEXT_AT + len(stored)
    runs = [(TEXT_AT + width * start, properties) for start, properties in characters] or [(TEXT_AT, b"")]
    main = bytearray(TEXT_AT) + stored
    main += bytes(-len(main) % 512)
    number = len(main) // 512
    main += paged(list(zip(starts, paragraphs, strict=True)), end, paragraphs=True)
    main += paged(runs, end, paragraphs=False)
    place = TEXT_AT * 2 | 0x40000000 if compressed else TEXT_AT
    pieces = struct.pack("<II", 0, len(text)) + struct.pack("<HIH", 0, place, 0)
    parts = {
        1: styles,
        33: b"\x02" + struct.pack("<I", len(pieces)) + pieces,
        13: struct.pack("<III", TEXT_AT, end, number),
        12: struct.pack("<III", TEXT_AT, end, number + 1),
    }
    table = b""
    struct.pack_into("<HH", main, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<H", main, 10, flags)
    struct.pack_into("<I", main, 76, len(text))
    for index, part in parts.items():
        struct.pack_into("<II", main, 154 + 8 * index, len(table), len(part))
        table += part
    return {"WordDocument": bytes(main), "1Table": table}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch):
    """Reads a document out of streams."""

    class Container:
        def __init__(self, streams: dict[str, bytes]) -> None:
            self.streams = streams

        def __enter__(self) -> Container:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def openstream(self, name: str) -> SimpleNamespace:
            if name not in self.streams:
                raise OSError(f"no stream {name}")
            return SimpleNamespace(read=lambda: self.streams[name])

        def exists(self, name: str) -> bool:
            return name in self.streams

        def get_metadata(self) -> SimpleNamespace:
            return SimpleNamespace(title="年度报告".encode("gbk"), codepage=936)

    def read_streams(streams: dict[str, bytes]) -> Document:
        monkeypatch.setattr(olefile, "OleFileIO", lambda _: Container(streams))
        return read_doc(b"")

    return read_streams


def grid_cells(grid: Grid) -> list[tuple[str, int, int, int, int]]:
    return [(cell.text, cell.row, cell.column, cell.row_span, cell.column_span) for cell in grid.cells]


def test_blank_cells_and_spans_survive(read) -> None:
    text = "标题\r甲\x07\x07一\x07\x07二\x07三\x07四\x07\x07完\r"
    plain, cell = b"", IN_TABLE
    first = row([0, 1000, 2000, 3000], [0x60, 0, 0])
    second = row([0, 1000, 2010, 2995], [0x20, 0, 0])
    document = read(word_streams(text, [plain, cell, cell, cell, first, cell, cell, cell, second, plain]))
    assert [paragraph.text for paragraph in document.paragraphs] == ["标题", "完"]
    (grid,) = document.grids
    assert grid_cells(grid) == [
        ("甲", 0, 0, 2, 1),
        ("", 0, 1, 1, 1),
        ("一", 0, 2, 1, 1),
        ("三", 1, 1, 1, 1),
        ("四", 1, 2, 1, 1),
    ]
    assert not grid.ragged
    assert document.title == "年度报告"


def test_a_wide_cell_spans_the_columns_of_other_rows(read) -> None:
    text = "总\x07\x07一\x07二\x07\x07"
    cell = IN_TABLE
    document = read(word_streams(text, [cell, row([0, 2000], [0]), cell, cell, row([0, 1000, 2000], [0, 0])]))
    assert grid_cells(document.grids[0]) == [("总", 0, 0, 1, 2), ("一", 1, 0, 1, 1), ("二", 1, 1, 1, 1)]


@pytest.mark.parametrize("codes", [(1, 2, 2), (2, 1, 1), (3, 1, 1)])
def test_cells_merged_by_flags_are_one(read, codes: tuple[int, ...]) -> None:
    text = "总\x07\x07\x07计\x07\x07"
    cell = IN_TABLE
    end = row([0, 500, 1000, 2000, 3000], [*codes, 0])
    document = read(word_streams(text, [cell, cell, cell, cell, end]))
    assert grid_cells(document.grids[0]) == [("总", 0, 0, 1, 3), ("计", 0, 3, 1, 1)]


def test_without_row_definitions_the_grid_is_ragged(read) -> None:
    text = "甲\x071\x07\x07"
    document = read(word_streams(text, [IN_TABLE, IN_TABLE, IN_TABLE + ROW_END]))
    (grid,) = document.grids
    assert grid.ragged
    assert [cell.text for cell in grid.cells] == ["甲", "1"]


def test_deleted_and_hidden_text_and_field_codes_are_not_read(read) -> None:
    text = "共1误2密3条\x13 PAGE \x145\x15件\r"
    characters = [(0, b""), (2, DELETED), (3, b""), (4, HIDDEN), (5, b"")]
    document = read(word_streams(text, [b""], characters))
    assert [paragraph.text for paragraph in document.paragraphs] == ["共123条5件"]


def test_struck_out_text_is_not_read_and_raised_marks_are_no_digits(read) -> None:
    struck, raised = struct.pack("<HB", 0x0837, 1), struct.pack("<HB", 0x2A48, 1)
    characters = [(0, struck), (1, b""), (2, raised), (3, b"")]
    document = read(word_streams("9121\r", [b""], characters))
    assert [paragraph.text for paragraph in document.paragraphs] == ["1(2)1"]


def test_text_set_high_and_fields_without_result_are_no_digits_and_no_blanks(read) -> None:
    high, straight = struct.pack("<Hh", 0x4845, -8), struct.pack("<Hh", 0x4845, 2)
    document = read(
        word_streams("51\r\x13 FORMDROPDOWN \x01\x14\x15\r", [b"", b""], [(0, straight), (1, high), (2, b"")])
    )
    assert [paragraph.text for paragraph in document.paragraphs] == ["5(1)", UNTOLD]
    assert [notice.code for notice in document.notices] == ["formula_without_result"]


def test_characters_look_as_their_styles_say(read) -> None:
    struck, raised = struct.pack("<HB", 0x0837, 1), struct.pack("<HB", 0x2A48, 1)
    switched, own = struct.pack("<HB", 0x083C, 0x81), struct.pack("<HB", 0x0837, 0)
    styles = style_sheet((1, 0xFFF, [b"\0\0", HIDDEN]), (2, 0xFFF, [struck]), (2, 1, [raised]))
    named = [struct.pack("<HH", 0x4A30, number) for number in range(3)]
    characters = [(0, b""), (1, switched), (2, switched + named[1]), (3, switched + named[2] + own)]
    document = read(word_streams("5678\r", [b""], characters, styles=styles))
    assert [paragraph.text for paragraph in document.paragraphs] == ["6(8)"]


def test_a_picture_in_a_cell_is_no_blank(read) -> None:
    properties = [IN_TABLE] * 3 + [row([0, 900, 1800, 2700], [0, 0, 0])]
    document = read(word_streams("\x01\x073\x01\x07\x07\x07", properties))
    assert [cell.text for cell in document.grids[0].cells] == [UNTOLD, "3", ""]


def test_pieces_of_one_byte_a_character(read) -> None:
    document = read(word_streams("Total 12\r", [b""], compressed=True))
    assert document.paragraphs[0].text == "Total 12"


def test_outline_levels_become_heading_levels(read) -> None:
    document = read(word_streams("一、总体情况\r无\r", [struct.pack("<HB", 0x2640, 0), b""]))
    assert [paragraph.level for paragraph in document.paragraphs] == [1, None]


def broken(streams: dict[str, bytes], name: str, stop: int) -> dict[str, bytes]:
    return {**streams, name: streams[name][:stop]}


@pytest.mark.parametrize(
    ("streams", "reason"),
    [
        (word_streams("密\r", [b""], flags=0x0300), "encrypted_file"),
        (word_streams("\r", [b""]), "no_text"),
        (broken(word_streams("甲\r", [b""]), "1Table", 0), "corrupt_file"),
        (broken(word_streams("甲\r", [b""]), "WordDocument", 100), "corrupt_file"),
        ({"WordDocument": struct.pack("<HH", 0xA5DC, 0x0068) + bytes(600)}, "unsupported_type"),
        ({}, "corrupt_file"),
    ],
)
def test_what_cannot_be_read_is_named(read, streams: dict[str, bytes], reason: str) -> None:
    with pytest.raises(UnreadableDocumentError) as caught:
        read(streams)
    assert caught.value.reason == reason


def test_white_text_is_read_on_coloured_ground_only(read) -> None:
    white, highlighted = struct.pack("<H4B", 0x6870, 255, 255, 255, 0), struct.pack("<HB", 0x2A0C, 2)
    shade = struct.pack("<HB4B4BH", 0xC64D, 10, 0, 0, 0, 255, 31, 78, 121, 0, 0)
    characters = [(0, b""), (1, white), (2, white + highlighted), (3, white)]
    document = read(word_streams("123\r4\r5\r", [b"", shade, b""], characters))
    assert [paragraph.text for paragraph in document.paragraphs] == ["13", "4"]
    assert [notice.detail for notice in document.notices] == ["2", "5"]

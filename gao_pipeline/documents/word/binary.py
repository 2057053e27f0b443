"""The binary file format of Word 97–2003 (and WPS), as far as reading a document's text and tables needs it.

Structures and names are those of [MS-DOC]. A file is text in pieces, and properties of characters and
paragraphs that are found by the place of the text in the file. What the text means is decided in `doc`.
"""

from __future__ import annotations

import io
import struct
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import olefile

from gao_pipeline.documents.model import Notice, UnreadableDocumentError
from gao_pipeline.documents.runs import Run, note_hidden, text_of_runs
from gao_pipeline.documents.word.binary_styles import Style, read_styles
from gao_pipeline.documents.word.fields import Fields
from gao_pipeline.documents.word.stories import RowDefinition, StoryParagraph
from gao_pipeline.documents.word.styles import RAISED_FROM

CELL_MARK = "\x07"
_PARAGRAPH_MARKS = frozenset("\r\x07\x0c\x0e")
_FIELD_BEGIN, _FIELD_SEPARATOR, _FIELD_END = "\x13", "\x14", "\x15"
_PICTURE = "\x01"
_SHOWN_AS = {"\x0b": "\n", "\t": "\t", "\x1e": "-", "\n": "\n"}

_MAGIC = 0xA5EC
_FIRST_WORD_97 = 0x00C1
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_STORIES = ("text", "footnotes", "headers", "macros", "annotations", "endnotes", "text_boxes")
_STYLE_SHEET, _HEADER_PLC, _CHARACTER_BINS, _PARAGRAPH_BINS, _CLX = 1, 11, 12, 13, 33
_PAGE = 512

_REMOVING = (0x0800, 0x083C, 0x0837, 0x2A53)
"""Deleted under revision control, hidden, struck out, struck out twice."""
_AS_GIVEN, _NOT_AS_GIVEN = 0x80, 0x81
_STYLE = 0x4A30
_SCRIPT, _RAISED = 0x2A48, (b"\x01", b"\x02")
_POSITION = 0x4845
_COLOUR, _COLOUR_NUMBER = 0x6870, 0x2A42
_WHITE, _WHITE_NUMBER, _AUTOMATIC = b"\xff\xff\xff", 8, b"\xff"
_HIGHLIGHT = 0x2A0C
_SHADES, _OLD_SHADES = (0xCA71, 0xC64D, 0xD612, 0xD616, 0xD60C), (0x4866, 0x442D, 0xD609)
"""The grounds of characters, paragraphs and the cells of a row (the latter in three parts)."""
_IN_TABLE, _ROW_END, _DEPTH, _OUTLINE = 0x2416, 0x2417, 0x6649, 0x2640
_INNER_CELL, _INNER_ROW_END = 0x244B, 0x244C
_HUGE = (0x6645, 0x6646)
_DEFINE_TABLE, _VERTICAL_MERGE, _CHANGE_TABS = 0xD608, 0xD62B, 0xC615
_OPERAND_SIZES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}


class _Piece(NamedTuple):
    """Characters `start` to `end` of the document, stored from byte `offset` on, `width` bytes each."""

    start: int
    end: int
    offset: int
    width: int


class _Runs(NamedTuple):
    """Properties by the byte offset at which each run of them begins."""

    starts: list[int]
    values: list[bytes]

    def at(self, offset: int) -> bytes:
        index = bisect_right(self.starts, offset) - 1
        return self.values[index] if index >= 0 else b""


class WordFile:
    """An opened Word 97–2003 file.

    Raises:
        UnreadableDocumentError: `encrypted_file`, `unsupported_type` (older than Word 97) or `corrupt_file`.
    """

    def __init__(self, data: bytes) -> None:
        try:
            with olefile.OleFileIO(io.BytesIO(data)) as container:
                self._main: bytes = container.openstream("WordDocument").read()
                self._check_header()
                flags = self._u16(10)
                name = "1Table" if flags & _TABLE_1 else "0Table"
                self._table: bytes = container.openstream(name).read()
                self._data: bytes = container.openstream("Data").read() if container.exists("Data") else b""
                self.title = _summary_title(container)
            self._lengths = dict(zip(_STORIES, struct.unpack_from("<7I", self._main, 76), strict=True))
            self._pieces = list(self._read_pieces())
            self._paragraph_runs = self._read_runs(_PARAGRAPH_BINS, _paragraph_page)
            self._character_runs = self._read_runs(_CHARACTER_BINS, _character_page)
            self.notices: list[Notice] = []
            self._looks = _Looks(read_styles(self._located(_STYLE_SHEET)))
        except (OSError, struct.error, IndexError) as error:
            raise UnreadableDocumentError("corrupt_file", f"the Word file is damaged ({error})") from error

    def paragraphs(self, story: str = "text") -> list[StoryParagraph]:
        """The paragraphs of a story (`text`, `headers`, `text_boxes` …) in order."""
        start = sum(self._lengths[name] for name in _STORIES[: _STORIES.index(story)])
        printed = self._paragraphs(start, start + self._lengths[story])
        return list(self._without_unseen(printed) if story == _STORIES[0] else map(_in_full, printed))

    def _without_unseen(self, printed: Iterable[_Printed]) -> Iterator[StoryParagraph]:
        """The paragraphs without white text on the white of the page: the end of a row tells its colours."""
        row: list[_Printed] = []
        for paragraph in printed:
            row.append(paragraph)
            if paragraph.paragraph.depth and not paragraph.paragraph.ends_row:
                continue
            for part in row:
                is_unseen = part.white.strip() and not any(other.is_shaded for other in row)
                if is_unseen:
                    note_hidden(part.white, self.notices)
                yield part.paragraph._replace(text=part.seen) if is_unseen else part.paragraph
            row = []
        yield from map(_in_full, row)

    def header_texts(self) -> tuple[list[str], list[str]]:
        """The texts of the page headers and of the page footers, each once."""
        first = self._lengths["text"] + self._lengths["footnotes"]
        plc = self._located(_HEADER_PLC)
        bounds = struct.unpack(f"<{len(plc) // 4}I", plc[: len(plc) // 4 * 4])
        headers: dict[str, None] = {}
        footers: dict[str, None] = {}
        for index, (start, end) in enumerate(pairwise(bounds[:-1])):
            if index < 6:
                continue
            texts = headers if index % 6 in (0, 1, 4) else footers
            printed = map(_in_full, self._paragraphs(first + start, first + end))
            lines = (item.text.strip() for item in printed)
            texts.update(dict.fromkeys(line for line in lines if line))
        return list(headers), list(footers)

    def _u16(self, offset: int) -> int:
        return int.from_bytes(self._main[offset : offset + 2], "little")

    def _check_header(self) -> None:
        if self._u16(0) != _MAGIC or self._u16(2) < _FIRST_WORD_97:
            raise UnreadableDocumentError("unsupported_type", "a Word file older than Word 97")
        if self._u16(10) & _ENCRYPTED:
            raise UnreadableDocumentError("encrypted_file", "the Word file opens only with a password")

    def _located(self, index: int) -> bytes:
        """The part of the table stream that entry `index` of FibRgFcLcb points to."""
        offset, length = struct.unpack_from("<II", self._main, 154 + 8 * index)
        return self._table[offset : offset + length]

    def _read_pieces(self) -> Iterator[_Piece]:
        clx = self._located(_CLX)
        position = 0
        while position < len(clx) and clx[position] == 1:
            position += 3 + struct.unpack_from("<H", clx, position + 1)[0]
        if position >= len(clx) or clx[position] != 2:
            raise UnreadableDocumentError("corrupt_file", "the Word file has no piece table")
        size = struct.unpack_from("<I", clx, position + 1)[0]
        plc = clx[position + 5 : position + 5 + size]
        count = (len(plc) - 4) // 12
        bounds = struct.unpack_from(f"<{count + 1}I", plc)
        for index, (start, end) in enumerate(pairwise(bounds)):
            place = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * index + 2)[0]
            compressed = bool(place & 0x40000000)
            place &= 0x3FFFFFFF
            yield _Piece(start, end, place // 2 if compressed else place, 1 if compressed else 2)

    def _read_runs(self, index: int, page_runs: Callable[[bytes], dict[int, bytes]]) -> _Runs:
        plc = self._located(index)
        count = (len(plc) - 4) // 8
        found: dict[int, bytes] = {}
        for number in struct.unpack_from(f"<{count}I", plc, 4 * (count + 1)) if count > 0 else ():
            offset = (number & 0x3FFFFF) * _PAGE
            found.update(page_runs(self._main[offset : offset + _PAGE]))
        starts = sorted(found)
        return _Runs(starts, [found[start] for start in starts])

    def _characters(self, start: int, end: int) -> Iterator[tuple[str, int]]:
        """Each character from `start` to `end`, and the byte at which it is stored."""
        for piece in self._pieces:
            first, last = max(start, piece.start), min(end, piece.end)
            if first >= last:
                continue
            offset = piece.offset + (first - piece.start) * piece.width
            stored = self._main[offset : offset + (last - first) * piece.width]
            if piece.width == 1:
                text = stored.decode("cp1252", "replace")
            else:
                text = "".join(
                    map(chr, struct.unpack(f"<{len(stored) // 2}H", stored[: len(stored) // 2 * 2]))
                )
            for position, character in enumerate(text):
                yield character, offset + position * piece.width

    def _paragraphs(self, start: int, end: int) -> Iterator[_Printed]:
        text: list[Run] = []
        white: set[int] = set()
        fields = Fields(self.notices)
        is_untold = False
        for character, offset in self._characters(start, end):
            if character in _PARAGRAPH_MARKS:
                properties = self._paragraph_runs.at(offset)
                paragraph = self._paragraph(_joined(text), character, properties)
                yield _Printed(
                    paragraph._replace(is_untold=is_untold),
                    _joined([run for index, run in enumerate(text) if index not in white]),
                    _joined([run for index, run in enumerate(text) if index in white]),
                    any(_is_shade(*prl) for prl in self._unfolded(properties[2:])),
                )
                text, white, is_untold = [], set(), False
            elif character == _FIELD_BEGIN:
                fields.begin()
            elif character == _FIELD_SEPARATOR:
                fields.part()
            elif character == _FIELD_END:
                text.append(Run(fields.end()))
            elif fields.is_instruction:
                fields.instruct(character)
            else:
                style = int.from_bytes(self._paragraph_runs.at(offset)[:2], "little")
                look = self._looks.look(style, self._character_runs.at(offset))
                shown = character if character >= " " else _SHOWN_AS.get(character, "")
                if shown and not look.removing:
                    white.update([len(text)] if look.white and not look.shaded else [])
                    text.append(Run(fields.result(shown), look.raised))
                is_untold = is_untold or (character == _PICTURE and not look.removing)
        if text:
            yield _Printed(StoryParagraph(_joined(text)), _joined(text), "", is_shaded=True)

    def _paragraph(self, text: str, mark: str, stored: bytes) -> StoryParagraph:
        style = int.from_bytes(stored[:2], "little")
        level = style if 1 <= style <= 9 else None
        depth, in_table, row_end, inner_cell = 0, False, False, False
        definition: RowDefinition | None = None
        for code, operand in self._unfolded(stored[2:]):
            if code == _IN_TABLE:
                in_table = bool(operand[0])
            elif code == _DEPTH:
                depth = int.from_bytes(operand, "little", signed=True)
            elif code in (_ROW_END, _INNER_ROW_END):
                row_end = row_end or bool(operand[0])
            elif code == _INNER_CELL:
                inner_cell = bool(operand[0])
            elif code == _OUTLINE:
                level = operand[0] + 1 if operand[0] < 9 else None
            elif code == _DEFINE_TABLE:
                definition = _row_definition(operand)
            elif code == _VERTICAL_MERGE and definition is not None:
                definition = _with_vertical_merge(definition, operand)
        depth = max(depth, int(in_table))
        ends_cell = not row_end and (mark == CELL_MARK or inner_cell)
        return StoryParagraph(text, depth, ends_cell, row_end, definition if row_end else None, level)

    def _unfolded(self, stored: bytes) -> Iterator[tuple[int, bytes]]:
        """The properties, with those that did not fit in the page and lie in the data stream."""
        for code, operand in _properties(stored):
            if code in _HUGE:
                offset = int.from_bytes(operand, "little")
                size = int.from_bytes(self._data[offset : offset + 2], "little")
                yield from _properties(self._data[offset + 2 : offset + 2 + size])
            else:
                yield code, operand


class _Printed(NamedTuple):
    """A paragraph, its text without and with nothing but what is white, and whether its ground, or that of
    the row that it ends, may be coloured."""

    paragraph: StoryParagraph
    seen: str
    white: str
    is_shaded: bool


def _in_full(printed: _Printed) -> StoryParagraph:
    return printed.paragraph


class _Look(NamedTuple):
    """What removes characters from the final text, whether they stand above or below the line, are white, or
    stand on a ground of their own."""

    removing: frozenset[int] = frozenset()
    raised: bool = False
    white: bool = False
    shaded: bool = False


class _Looks:
    """How characters look: by the style of their paragraph, by one of their own, and by themselves."""

    def __init__(self, styles: Sequence[Style]) -> None:
        self._styles = styles
        self._known: dict[tuple[int, bytes], _Look] = {}

    def look(self, paragraph_style: int, properties: bytes) -> _Look:
        """The look of characters with these properties in a paragraph of a style."""
        key = (paragraph_style, properties)
        if key not in self._known:
            self._known[key] = self._changed(self._styled(_Look(), paragraph_style), properties)
        return self._known[key]

    def _styled(self, look: _Look, number: int) -> _Look:
        """A look as a style and those that it is based on change it."""
        chain: list[int] = []
        while number < len(self._styles) and number not in chain:
            chain.append(number)
            number = self._styles[number].based_on
        for style in reversed(chain):
            look = _changed(look, look, _properties(self._styles[style].characters))
        return look

    def _changed(self, given: _Look, stored: bytes) -> _Look:
        properties = list(_properties(stored))
        for code, operand in properties:
            if code == _STYLE:
                given = self._styled(given, int.from_bytes(operand, "little"))
        return _changed(given, given, properties)


def _changed(look: _Look, given: _Look, properties: Iterable[tuple[int, bytes]]) -> _Look:
    """A look after some properties; those that are switched refer to what styles have given."""
    for code, operand in properties:
        if code in _REMOVING and operand:
            is_given = code in given.removing
            is_on = {_AS_GIVEN: is_given, _NOT_AS_GIVEN: not is_given}.get(operand[0], operand[0] == 1)
            look = look._replace(removing=look.removing | {code} if is_on else look.removing - {code})
        elif code == _SCRIPT:
            look = look._replace(raised=operand in _RAISED)
        elif code == _POSITION:
            position = int.from_bytes(operand, "little", signed=True)
            look = look._replace(raised=abs(position) >= RAISED_FROM)
        elif code == _COLOUR:
            look = look._replace(white=operand.startswith(_WHITE))
        elif code == _COLOUR_NUMBER:
            look = look._replace(white=operand[:1] == bytes([_WHITE_NUMBER]))
        elif _is_shade(code, operand):
            look = look._replace(shaded=True)
    return look


def _is_shade(code: int, operand: bytes) -> bool:
    """Whether a property gives a ground a colour."""
    if code == _HIGHLIGHT:
        return operand[:1] not in (b"\x00", bytes([_WHITE_NUMBER]))
    if code in _OLD_SHADES:
        return any(operand)
    shades = (operand[start : start + 10] for start in range(0, len(operand) - 9, 10))
    return code in _SHADES and any(
        any(shade[8:]) or not (shade[7:8] == _AUTOMATIC or shade[4:].startswith(_WHITE)) for shade in shades
    )


def _joined(runs: list[Run]) -> str:
    """Runs of UTF-16 code units as text."""
    return text_of_runs(runs).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _properties(stored: bytes) -> Iterator[tuple[int, bytes]]:
    """Single property modifiers (Prl): code and operand."""
    position = 0
    while position + 2 <= len(stored):
        code = int.from_bytes(stored[position : position + 2], "little")
        position += 2
        size = _OPERAND_SIZES.get(code >> 13)
        if code == _DEFINE_TABLE:
            size = int.from_bytes(stored[position : position + 2], "little") - 1
            position += 2
        elif size is None:
            if position >= len(stored):
                return
            size = stored[position]
            position += 1
            if code == _CHANGE_TABS and size == 255:
                return
        yield code, stored[position : position + size]
        position += size


def _paragraph_page(page: bytes) -> dict[int, bytes]:
    """A PapxFkp: style and properties of the paragraphs, by the byte where each begins."""
    count = page[511]
    starts = struct.unpack_from(f"<{count}I", page)
    runs: dict[int, bytes] = {}
    for index, start in enumerate(starts):
        place = 2 * page[4 * (count + 1) + 13 * index]
        if not place:
            runs[start] = b""
            continue
        size = 2 * page[place] - 1
        if page[place] == 0:
            place += 1
            size = 2 * page[place]
        runs[start] = page[place + 1 : place + 1 + size]
    return runs


def _character_page(page: bytes) -> dict[int, bytes]:
    """A ChpxFkp: properties of the character runs, by the byte where each begins."""
    count = page[511]
    starts = struct.unpack_from(f"<{count}I", page)
    runs: dict[int, bytes] = {}
    for index, start in enumerate(starts):
        place = 2 * page[4 * (count + 1) + index]
        runs[start] = page[place + 1 : place + 1 + page[place]] if place else b""
    return runs


def _row_definition(operand: bytes) -> RowDefinition:
    """A TDefTableOperand."""
    count = operand[0]
    edges = struct.unpack_from(f"<{count + 1}h", operand, 1)
    flags = [
        int.from_bytes(operand[start : start + 2], "little")
        for start in range(1 + 2 * (count + 1), len(operand) - 1, 20)
    ][:count]
    flags += [0] * (count - len(flags))
    return RowDefinition(
        edges,
        _horizontal_merges([flag & 3 for flag in flags]),
        tuple(flag >> 5 & 3 == 1 for flag in flags),
    )


def _horizontal_merges(codes: list[int]) -> tuple[bool, ...]:
    """Which cells join their left neighbour. Writers disagree on the code of the first cell of a set, but not
    on its differing from the code of the others."""
    joins: list[bool] = []
    first = 0
    for previous, code in pairwise([0, *codes]):
        joined = bool(code and previous and code != first)
        if code and not joined:
            first = code
        joins.append(joined)
    return tuple(joins)


def _with_vertical_merge(definition: RowDefinition, operand: bytes) -> RowDefinition:
    """A row definition after a sprmTVertMerge: cell number, and 1 for a cell that joins the one above."""
    joins = list(definition.joins_above)
    if operand[0] < len(joins):
        joins[operand[0]] = operand[1] == 1
    return definition._replace(joins_above=tuple(joins))


def _summary_title(container: Any) -> str | None:
    """The title in the properties of an opened OLE file."""
    properties = container.get_metadata()
    title = properties.title
    if isinstance(title, bytes):
        codepage = (properties.codepage or 1252) % 65536
        try:
            title = title.decode("utf-8" if codepage == 65001 else f"cp{codepage}", "replace")
        except LookupError:
            return None
    return str(title).strip("\x00 ") or None if title else None

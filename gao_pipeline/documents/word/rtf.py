"""Reads Rich Text Format: control words and characters → paragraphs and table marks.

Control words are those of the RTF specification 1.9.1. As in the other Word formats, read is what a reader
of the final document sees; text boxes follow the body.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from gao_pipeline.documents.model import Document, MediaType, UnreadableDocumentError
from gao_pipeline.documents.runs import Run, note_hidden, text_of_runs
from gao_pipeline.documents.tables import settled
from gao_pipeline.documents.word.fields import Fields
from gao_pipeline.documents.word.stories import RowDefinition, StoryParagraph, story_blocks
from gao_pipeline.documents.word.styles import RAISED_FROM

_TOKEN = re.compile(
    rb"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})?[ ]?|\\'(?P<byte>[0-9A-Fa-f]{2})"
    rb"|\\(?P<sign>[^A-Za-z])|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
_SKIPPED = frozenset(
    {"fonttbl", "colortbl", "stylesheet", "info", "pict", "nonshppict", "fldinst", "nonesttables", "shprslt"}
    | {"footnote", "annotation", "xe", "tc", "tcn", "rxe", "txe", "bkmkstart", "bkmkend", "pntxta", "pntxtb"}
    | {"mmathPr", "footer", "footerl", "footerr", "footerf", "objdata", "objclass", "sp", "template", "upr"}
)
_INSTRUCTION, _RESULT = "fldinst", "fldrslt"
_HEADERS = frozenset({"header", "headerl", "headerr", "headerf"})
_LABELS = frozenset({"listtext", "pntext"})
_PICTURES = frozenset({"pict", "shppict"})
_TEXT_BOXES = frozenset({"shptxt", "dptxbxtext"})
_TRANSPARENT = frozenset({"shpinst", "do", "nesttableprops", "moMath", "moMathPara"}) | _TEXT_BOXES
"""Destinations that other programs may ignore, but which hold text or the marks of tables."""
_REMOVING = frozenset({"v", "deleted", "strike", "striked"})
"""Hidden, deleted under revision control, struck out, struck out twice."""
_WHITE = [255, 255, 255]
_GROUNDS = frozenset({"cb", "chcbpat", "highlight"})
_CELL_GROUNDS = frozenset({"clcbpat", "clcfpat", "clshdng", "trcbpat", "trcfpat", "trshdng"})
"""What gives a colour to the ground of characters, and of the cells of a row."""
_CHARACTERS = {
    "line": "\n",
    "tab": "\t",
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
}
_SIGNS = {"~": "\xa0", "_": "-", "\\": "\\", "{": "{", "}": "}"}
_DEEPEST = 50
_USUAL_RISE = 6
"""Half-points."""
_PARAGRAPH_SIGNS = "\r\n"
_CHARSETS = {77: 10000, 128: 932, 129: 949, 130: 1361, 134: 936, 136: 950, 161: 1253, 162: 1254}
_CHARSETS |= {163: 1258, 177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250, 255: 437}
"""Code pages by the `fcharset` of a font; the others mean the code page of the document."""
_CODECS = {936: "gb18030", 54936: "gb18030", 950: "big5hkscs", 65001: "utf-8", 10000: "mac_roman"}
_WESTERN_PAGE = 1252


def read_rtf(data: bytes) -> Document:
    """The document that an RTF file holds.

    Raises:
        UnreadableDocumentError: the document is cut off (`corrupt_file`) or holds no text (`no_text`).
    """
    reader = _Reader()
    reader.read(data)
    stories = [reader.body, *reader.text_boxes]
    blocks = settled(block for story in stories for block in story_blocks(story.paragraphs))
    if not blocks:
        raise UnreadableDocumentError("no_text", "the document holds no text")
    header = _lines(reader.headers)
    return Document(
        media_type=MediaType.RTF,
        blocks=blocks,
        title=_lines([reader.title]) or None,
        metadata={"header": header} if header else {},
        notices=tuple(reader.fields.notices),
    )


def _lines(stories: Iterable[_Story]) -> str:
    """The lines of stories, each once."""
    texts = (paragraph.text.strip() for story in stories for paragraph in story.paragraphs)
    return "\n".join(dict.fromkeys(filter(None, texts)))


@dataclass
class _RowUnderway:
    """The definition of a table row, cell by cell; `left`, `above` are the merges of the next cell."""

    edges: list[int] = field(default_factory=lambda: [0])
    joins_left: list[bool] = field(default_factory=list)
    joins_above: list[bool] = field(default_factory=list)
    left: bool = False
    above: bool = False
    is_coloured: bool = False

    def end_cell(self, edge: int) -> None:
        self.edges.append(edge)
        self.joins_left.append(self.left and len(self.joins_left) > 0)
        self.joins_above.append(self.above)
        self.left = self.above = False

    def definition(self) -> RowDefinition | None:
        """The definition, where the row has cells and their edges go from left to right."""
        if len(self.edges) < 2 or self.edges[1:] != sorted(self.edges[1:]):
            return None
        edges = (min(self.edges[0], self.edges[1]), *self.edges[1:])
        return RowDefinition(edges, tuple(self.joins_left), tuple(self.joins_above))


@dataclass
class _Story:
    """A body, a text box, a header: its paragraphs, and the text since the last of them."""

    paragraphs: list[StoryParagraph] = field(default_factory=list)
    text: list[Run] = field(default_factory=list)
    rows: dict[int, _RowUnderway] = field(default_factory=dict)
    depth: int = 0
    level: int | None = None
    is_untold: bool = False
    is_coloured: bool = False
    is_box: bool = False

    @property
    def is_on_colour(self) -> bool:
        """Whether a ground may be coloured on which the paragraph stands: its own, or that of its row."""
        return (
            self.is_box
            or self.is_coloured
            or any(row.is_coloured for row in self.rows.values() if self.depth)
        )

    def end_paragraph(self, depth: int, *, ends_cell: bool = False) -> None:
        text = text_of_runs(self.text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        self.paragraphs.append(
            StoryParagraph(text, depth, ends_cell=ends_cell, level=self.level, is_untold=self.is_untold)
        )
        self.text.clear()
        self.is_untold = False

    def end_row(self, depth: int) -> None:
        row = self.rows.get(depth)
        definition = row.definition() if row else None
        self.paragraphs.append(StoryParagraph("", depth, ends_row=True, row=definition))


@dataclass
class _Group:
    """What braces enclose and restore: where text goes, and how its bytes and fonts are to be taken."""

    story: _Story | None
    destination: str = ""
    is_optional: bool = False
    removed: frozenset[str] = frozenset()
    raised: bool = False
    colour: int = 0
    is_on_colour: bool = False
    font: int = 0
    fallback: int = 1
    is_field: bool = False


class _Reader:
    """One pass over the tokens of a file."""

    def __init__(self) -> None:
        self.body = _Story()
        self.title = _Story()
        self.headers: list[_Story] = []
        self.text_boxes: list[_Story] = []
        self._group = _Group(self.body)
        self._outer: list[_Group] = []
        self._bytes = bytearray()
        self._to_skip = 0
        self._page = _WESTERN_PAGE
        self._default_font = 0
        self._font_pages: dict[int, int] = {}
        self._colours: list[list[int]] = [[]]
        self.fields = Fields()

    def read(self, data: bytes) -> None:
        position = 0
        while token := _TOKEN.match(data, position):
            position = token.end()
            if token["byte"]:
                self._take_bytes(bytes.fromhex(token["byte"].decode()))
            elif token["text"]:
                self._take_bytes(token["text"])
            elif token["brace"] == b"{":
                self._flush()
                self._to_skip = 0
                self._outer.append(self._group)
                self._group = replace(self._group, is_field=False)
            elif token["brace"]:
                self._flush()
                self._to_skip = 0
                self._end_group()
            elif token["sign"]:
                self._flush()
                self._take_sign(token["sign"].decode("latin-1"))
            elif token["word"]:
                self._flush()
                number = int(token["number"]) if token["number"] else None
                if token["word"] == b"bin":
                    position += max(number or 0, 0)
                else:
                    self._take_word(token["word"].decode(), number)
        self._flush()
        if self._outer:
            raise UnreadableDocumentError("corrupt_file", "the file ends before its last brace")
        if self.body.text:
            self.body.end_paragraph(self.body.depth)

    def _take_bytes(self, content: bytes) -> None:
        """Text in the code page of its font, without the substitutes for a character given by its number."""
        skipped = min(self._to_skip, len(content))
        self._to_skip -= skipped
        self._bytes += content[skipped:]

    def _flush(self) -> None:
        if self._bytes:
            content = bytes(self._bytes)
            self._bytes.clear()
            if self._group.destination == "colortbl":
                self._colours += [[] for _ in range(content.count(b";"))]
            if self._group.destination in ("fonttbl", "colortbl"):
                return
            self._write(self._decoded(content))

    def _decoded(self, content: bytes) -> str:
        page = self._font_pages.get(self._group.font, self._page)
        texts = [
            content.decode(_codec(number), "replace")
            for number in dict.fromkeys((page, self._page, _WESTERN_PAGE))
        ]
        return next((text for text in texts if "\ufffd" not in text), texts[0])

    def _write(self, text: str) -> None:
        group = self._group
        if group.destination == _INSTRUCTION:
            self.fields.instruct(text)
        elif group.story is not None and self._is_white(group.colour) and not self._is_on_colour:
            note_hidden(text, self.fields.notices)
        elif group.story is not None and not group.removed:
            group.story.text.append(Run(self.fields.result(text), group.raised))

    def _is_white(self, colour: int) -> bool:
        return self._colours[colour : colour + 1] == [_WHITE]

    @property
    def _is_on_colour(self) -> bool:
        """Whether a ground may be coloured on which characters stand."""
        story = self._group.story
        return self._group.is_on_colour or story is None or story.is_on_colour

    def _take_sign(self, sign: str) -> None:
        if sign == "*":
            self._group.is_optional = True
        elif self._to_skip:
            self._to_skip -= 1
        elif sign in _PARAGRAPH_SIGNS:
            self._take_word("par", None)
        else:
            self._write(_SIGNS.get(sign, ""))

    def _end_group(self) -> None:
        ended, self._group = self._group, self._outer.pop() if self._outer else self._group
        if ended.story is not None and ended.story is not self._group.story and ended.story.text:
            ended.story.end_paragraph(ended.story.depth)
        if ended.is_field:
            self._write(self.fields.end())

    def _take_word(self, word: str, number: int | None) -> None:
        group = self._group
        if word in _PICTURES and group.story is not None and not group.removed:
            group.story.is_untold = True
        if group.is_optional:
            group.is_optional = False
            if word not in _TRANSPARENT:
                group.story, group.destination = None, word
                return
        if self._is_destination(word):
            return
        if group.destination == "fonttbl":
            self._define_font(word, number)
        elif group.destination == "colortbl":
            self._colours[-1].append(number or 0)
        elif word == "u" and number is not None:
            self._write(chr(number % 0x10000))
            self._to_skip = group.fallback
        elif self._to_skip:
            self._to_skip -= 1
        elif word in _CHARACTERS:
            self._write("" if group.destination in _LABELS and word == "tab" else _CHARACTERS[word])
        elif group.story is not None and not (
            self._takes_characters(word, number) or _takes_paragraphs(group.story, word, number)
        ):
            self._takes_tables(group.story, word, number)

    def _is_destination(self, word: str) -> bool:
        """Whether a control word says where the text of its group goes."""
        group = self._group
        if word == "title" and group.destination == "info":
            group.story = self.title
        elif word in _SKIPPED:
            group.story = None
        elif word == "field":
            group.is_field = True
            self.fields.begin()
        elif word == _RESULT:
            self.fields.part()
        elif word in _HEADERS:
            group.story = _Story()
            self.headers.append(group.story)
        elif word in _TEXT_BOXES and group.story is not None:
            group.story.is_untold = True
            group.story = _Story(is_box=True)
            self.text_boxes.append(group.story)
        elif word not in _LABELS and word != "nesttableprops":
            return False
        group.destination = word
        return True

    def _define_font(self, word: str, number: int | None) -> None:
        if word == "f" and number is not None:
            self._group.font = number
        elif word == "fcharset" and number in _CHARSETS:
            self._font_pages[self._group.font] = _CHARSETS[number]
        elif word == "cpg" and number:
            self._font_pages[self._group.font] = number

    def _takes_characters(self, word: str, number: int | None) -> bool:
        """Whether a control word is about characters; it is carried out."""
        group = self._group
        match word:
            case _ if word in _REMOVING:
                group.removed = group.removed - {word} if number == 0 else group.removed | {word}
            case "super" | "sub" | "nosupersub" | "msup" | "msub":
                group.raised = word != "nosupersub" and number != 0
            case "up" | "dn":
                group.raised = (_USUAL_RISE if number is None else number) >= RAISED_FROM
            case "cf":
                group.colour = number or 0
            case _ if word in _GROUNDS:
                group.is_on_colour = bool(number) and not self._is_white(number or 0)
            case "cbpat" | "cfpat" | "shading" if group.story is not None:
                group.story.is_coloured |= bool(number) and not self._is_white(number or 0)
            case "plain":
                group.removed, group.raised = frozenset(), False
                group.colour, group.is_on_colour = 0, False
                group.font = self._default_font
            case "f":
                group.font = number or 0
            case "deff":
                self._default_font = group.font = number or 0
            case "ansicpg":
                self._page = number or _WESTERN_PAGE
            case "uc":
                group.fallback = max(1 if number is None else number, 0)
            case _:
                return False
        return True

    def _takes_tables(self, story: _Story, word: str, number: int | None) -> None:
        """Carry out a control word that is about tables."""
        inner = max(story.depth, 2)
        nested = self._group.destination == "nesttableprops"
        row = story.rows.get(inner if nested else 1, _RowUnderway())
        match word:
            case "trowd":
                story.rows[inner if nested else 1] = _RowUnderway()
            case "trleft":
                row.edges[0] = number or 0
            case "clmrg":
                row.left = True
            case "clvmrg":
                row.above = True
            case "cellx":
                row.end_cell(number or 0)
            case _ if word in _CELL_GROUNDS:
                row.is_coloured |= bool(number) and not self._is_white(number or 0)
            case "cell":
                story.end_paragraph(1, ends_cell=True)
            case "nestcell":
                story.end_paragraph(inner, ends_cell=True)
            case "row":
                story.end_row(1)
            case "nestrow":
                story.end_row(inner)


def _codec(page: int) -> str:
    """The codec of a code page; that of Western texts where there is none."""
    name = _CODECS.get(page, f"cp{page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return f"cp{_WESTERN_PAGE}"


def _takes_paragraphs(story: _Story, word: str, number: int | None) -> bool:
    """Whether a control word is about paragraphs; it is carried out."""
    match word:
        case "par" | "sect":
            story.end_paragraph(story.depth)
        case "pard":
            story.depth, story.level, story.is_coloured = 0, None, False
        case "intbl":
            story.depth = max(story.depth, 1)
        case "itap":
            story.depth = min(max(number or 0, 0), _DEEPEST)
        case "outlinelevel" if number is not None:
            story.level = number + 1 if number < 9 else None
        case _:
            return False
    return True

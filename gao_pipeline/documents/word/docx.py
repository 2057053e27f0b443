"""Reads Word documents (docx, docm, and what WPS writes): one walk over the XML of the main part.

Read is what a reader of the final document sees: insertions stay, deletions, hidden and struck-out text go,
a text box is read once, behind the paragraph it is anchored to. Notes, comments, headers and footers are not
part of the body; the header is kept in the metadata.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gao_pipeline.documents.markup import Element, attribute, child, kind
from gao_pipeline.documents.model import (
    Block,
    Document,
    MediaType,
    Notice,
    Paragraph,
    Place,
    UnreadableDocumentError,
)
from gao_pipeline.documents.paged.pictures import picture_blocks
from gao_pipeline.documents.reading import read_document
from gao_pipeline.documents.runs import Run, text_of_runs
from gao_pipeline.documents.tables import SourceCell, settled, table_blocks
from gao_pipeline.documents.word.numbering import Numbering
from gao_pipeline.documents.word.ooxml import Package, number
from gao_pipeline.documents.word.styles import Styles, is_on, is_shade, is_white
from gao_pipeline.documents.word.word_2003 import Word2003File

_Parts = Package | Word2003File
_WRAPPERS = frozenset(
    {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple", "bdo", "dir"}
    | {"ruby", "rubyBase", "oMath", "oMathPara", "sSup", "sSub", "f", "num", "e", "d", "box", "borderBox"}
)
_DROPPED = frozenset({"del", "moveFrom", "rt", "pPr", "rPr", "sdtPr", "sdtEndPr", "delText"})
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_REMOVING = ("vanish", "strike", "dstrike")
_RAISING = frozenset({"superscript", "subscript"})
_RAISED_PARTS, _DENOMINATOR = frozenset({"sup", "sub"}), "den"
"""Parts of equations: an exponent or an index, and what stands below the line of a fraction."""
_FORMULA_SIGN = "="
_PICTURE_FONTS = ("wingdings", "webdings")
_SYMBOL_CODES = range(0xF020, 0xF07F)
"""Symbol fonts have their characters there; most keep figures and signs where ASCII has them."""
_TABLE_IMAGE_EMU = (1_800_000, 720_000)
"""An image at least 5 cm wide and 2 cm high may show a table."""


def read_docx(data: bytes) -> Document:
    """The document that a Word file holds.

    Raises:
        UnreadableDocumentError: there is no main part (`corrupt_file`) or no text (`no_text`).
    """
    return _document(Package(data), MediaType.DOCX)


def read_word_2003(data: bytes) -> Document:
    """The document that an XML file of Word 2003 holds.

    Raises:
        UnreadableDocumentError: there is no body (`corrupt_file`) or no text (`no_text`).
    """
    return _document(Word2003File(data), MediaType.DOC_XML)


def _document(package: _Parts, media_type: MediaType) -> Document:
    main = next(iter(package.related("", "officeDocument").values()), "word/document.xml")
    body = child(package.part(main), "body")
    if body is None:
        raise UnreadableDocumentError("corrupt_file", f"the file has no body of text ({main})")
    styles = Styles(next(map(package.part, package.related(main, "styles").values()), None))
    reader = _Reader(package, main, styles)
    blocks = settled(reader.blocks(body))
    if not blocks:
        images = sum(notice.code == "image" for notice in reader.notices)
        raise UnreadableDocumentError("no_text", f"the document holds no text, {images} large images")
    return Document(
        media_type=media_type,
        blocks=blocks,
        title=_title(package),
        metadata=_metadata(package, main, styles),
        notices=tuple(reader.notices),
    )


def _title(package: _Parts) -> str | None:
    for path in package.related("", "core-properties").values():
        title = child(package.part(path), "title")
        if title is not None and title.text and title.text.strip():
            return title.text.strip()
    return None


def _metadata(package: _Parts, main: str, styles: Styles) -> dict[str, str]:
    headers = [
        block.text.strip()
        for path in package.related(main, "header").values()
        if (part := package.part(path)) is not None
        for block in settled(_Reader(package, path, styles).blocks(part))
        if isinstance(block, Paragraph)
    ]
    return {"header": "\n".join(dict.fromkeys(headers))} if headers else {}


@dataclass
class _Field:
    """A field around the text: its instruction is passing by, or else its result, which is what is shown.

    `text` stands for a result that the file does not hold: the chosen entry of a list, a formula.
    """

    text: str = ""
    instruction: str = ""
    in_instruction: bool = True
    has_result: bool = False


class _Reader:
    """Walks a story (body or header) and gives its blocks; collects notices on the way."""

    def __init__(self, package: _Parts, part: str, styles: Styles) -> None:
        self.notices: list[Notice] = []
        self.pictures: list[str] = []
        self.objects: list[str] = []
        self._fields: list[_Field] = []
        self._package = package
        self._styles = styles
        self._numbering = Numbering(
            next(map(package.part, package.related(part, "numbering").values()), None)
        )
        self._images = package.related(part, "image")
        self._chunks = package.related(part, "aFChunk")
        self._objects = package.related(part, "package") | package.related(part, "oleObject")

    def blocks(self, container: Element) -> Iterator[Block]:
        """The blocks of a container of paragraphs and tables: a body, a cell, a text box."""
        carried = ""
        for element in _children(container):
            match kind(element):
                case "p":
                    floating: list[Element] = []
                    pictures, objects = len(self.pictures), len(self.objects)
                    label = self._label(element)
                    text = carried + self._text(element, floating)
                    text = label + text if text.strip() else text
                    if _is_mark_deleted(element):
                        carried = text
                    else:
                        carried = ""
                        yield Paragraph(text=text, level=self._level(element))
                    for box in floating:
                        yield from self.blocks(box)
                    tables = [block for part in self.objects[objects:] for block in self._object(part)]
                    yield from tables
                    for part in () if tables else self.pictures[pictures:]:
                        yield from self._picture(part)
                case "tbl":
                    yield from table_blocks(self._rows(element))
                case "altChunk":
                    yield from self._chunk(element)
        if carried:
            yield Paragraph(text=carried)

    def _picture(self, part: str) -> Sequence[Block]:
        """The tables and texts that a picture shows; a picture of anything else is noted."""
        blocks = picture_blocks(self._package.content(part) or b"")
        if not blocks:
            self.notices.append(Notice(code="image", detail=part, place=Place(part=part)))
        return blocks

    def _object(self, part: str) -> Sequence[Block]:
        """What an embedded spreadsheet or document shows; any other object is only a picture."""
        try:
            return read_document(self._package.content(part) or b"", part).blocks
        except UnreadableDocumentError:
            return ()

    def _label(self, paragraph: Element) -> str:
        """The label that automatic numbering puts before a paragraph."""
        own = child(paragraph, "pPr", "numPr")
        style = attribute(child(paragraph, "pPr", "pStyle"), "val")
        return self._numbering.label(own if own is not None else self._styles.numbering(style))

    def _chunk(self, element: Element) -> Iterator[Block]:
        """The blocks of an embedded document, which web programs put into a Word file as a whole."""
        part = self._chunks.get(attribute(element, "id") or "", "")
        content = self._package.content(part)
        if content is not None:
            yield from read_document(content, part).blocks

    def _level(self, paragraph: Element) -> int | None:
        outline = child(paragraph, "pPr", "outlineLvl")
        if outline is not None:
            level = number(outline, 9) + 1
            return level if level <= 9 else None
        return self._styles.level(attribute(child(paragraph, "pPr", "pStyle"), "val"))

    def _text(self, paragraph: Element, floating: list[Element]) -> str:
        """What a paragraph shows; the contents of its text boxes are added to `floating`."""
        self._fields = []
        style = attribute(child(paragraph, "pPr", "pStyle"), "val")
        return text_of_runs(self._runs(paragraph, style, floating))

    def _runs(self, container: Element, style: str | None, floating: list[Element]) -> Iterator[Run]:
        """The runs of text of a paragraph, or of a part of an equation, that can be seen."""
        for element in _children(container):
            match kind(element):
                case "r":
                    text = "".join(self._run(element, floating))
                    if self._is_unseen(element, style):
                        self._notice_hidden(text)
                    else:
                        position = attribute(self._property(element, style, "vertAlign"), "val")
                        yield Run(text, position in _RAISING)
                case "fldSimple":
                    yield Run(self._without_result(attribute(element, "instr") or ""))
                case name if name in _RAISED_PARTS:
                    yield Run(text_of_runs(self._runs(element, style, floating)), raised=True)
                case name if name == _DENOMINATOR:
                    yield Run("/" + text_of_runs(self._runs(element, style, floating)))

    def _is_unseen(self, run: Element, style: str | None) -> bool:
        """Whether a run is removed from the final text, hidden, or white on the white of the page."""
        if any(is_on(self._property(run, style, name)) for name in _REMOVING):
            return True
        return is_white(self._property(run, style, "color")) and not self._is_on_colour(run, style)

    def _is_on_colour(self, run: Element, style: str | None) -> bool:
        """Whether a ground may be coloured on which a run stands: its own, or that of what holds it."""
        own = (self._property(run, style, name) for name in ("shd", "highlight"))
        if any(map(is_shade, own)) or self._styles.is_shaded(style):
            return True
        for holder in run.iterancestors("*"):
            name = kind(holder)
            if name == "txbxContent" or child(holder, "background") is not None:
                return True
            if is_shade(child(holder, f"{name}Pr", "shd")):
                return True
            if name == "tbl" and self._styles.is_shaded(attribute(child(holder, "tblPr", "tblStyle"), "val")):
                return True
        return False

    def _without_result(self, instruction: str) -> str:
        """What stands for the result of a field that has none: a formula itself, that it is taken for no
        blank."""
        formula = instruction.strip()
        if not formula.startswith(_FORMULA_SIGN):
            return ""
        self.notices.append(Notice(code="formula_without_result", detail=formula))
        return formula

    def _property(self, run: Element, paragraph_style: str | None, name: str) -> Element | None:
        """A property of a run: its own, or that of its style or of its paragraph's."""
        own = child(run, "rPr", name)
        if own is not None:
            return own
        style = attribute(child(run, "rPr", "rStyle"), "val")
        given = self._styles.run_property(style, name)
        return given if given is not None else self._styles.run_property(paragraph_style, name)

    def _run(self, run: Element, floating: list[Element]) -> Iterator[str]:
        for element in _children(run):
            match kind(element):
                case "fldChar":
                    yield self._pass_field(element)
                case "instrText" if self._fields:
                    self._fields[-1].instruction += element.text or ""
                case _ if any(field.in_instruction for field in self._fields):
                    pass
                case "t":
                    yield self._result(element.text or "")
                case "br" if attribute(element, "type") in ("page", "column"):
                    pass
                case "sym":
                    yield self._result(_symbol(element))
                case "r":
                    yield from self._run(element, floating)
                case "drawing" | "pict" | "object":
                    floating.extend(self._text_boxes(element))
                case name:
                    yield _CHARACTERS.get(name, "")

    def _result(self, text: str) -> str:
        """A text, which is the result of the fields around it."""
        for field in self._fields:
            field.has_result = field.has_result or bool(text)
        return text

    def _pass_field(self, mark: Element) -> str:
        """Note where the instruction of a field begins and where its result; at its end, what the file holds
        no result for."""
        match attribute(mark, "fldCharType"):
            case "begin":
                self._fields.append(_Field(text=_choice(child(mark, "ffData", "ddList"))))
            case "separate" if self._fields:
                self._fields[-1].in_instruction = False
            case "end" if self._fields:
                field = self._fields.pop()
                if not field.has_result and not any(outer.in_instruction for outer in self._fields):
                    return self._result(field.text or self._without_result(field.instruction))
        return ""

    def _notice_hidden(self, text: str) -> None:
        if text.strip():
            self.notices.append(Notice(code="hidden_text", detail=text.strip()))

    def _text_boxes(self, drawing: Element) -> Iterator[Element]:
        """The contents of the text boxes in a drawing; its pictures are kept."""
        if kind(drawing) in ("inline", "anchor") and _may_show_table(drawing):
            self._find_pictures(drawing.iter("{*}blip"), "embed")
        for element in _children(drawing):
            if kind(element) == "txbxContent":
                yield element
            elif kind(element) == "imagedata":
                self._find_pictures([element], "id")
            elif kind(element) == "OLEObject":
                part = self._objects.get(attribute(element, "id") or "")
                self.objects += [part] if part is not None else []
            else:
                yield from self._text_boxes(element)

    def _find_pictures(self, references: Iterable[Element], name: str) -> None:
        for reference in references:
            part = self._images.get(attribute(reference, name) or "")
            if part is not None:
                self.pictures.append(part)

    def _rows(self, table: Element) -> list[list[SourceCell]]:
        """The cells of a table; vertical merges become row spans."""
        rows: list[list[SourceCell]] = []
        merges: dict[tuple[int, int], tuple[int, int]] = {}
        for row in _children(table):
            properties = child(row, "trPr")
            if (
                kind(row) != "tr"
                or child(properties, "del") is not None
                or is_on(child(properties, "hidden"))
            ):
                continue
            column = number(child(properties, "gridBefore"), 0)
            cells: list[SourceCell] = []
            rows.append(cells)
            above, merges = merges, {}
            for cell in _children(row):
                properties = child(cell, "tcPr")
                if kind(cell) != "tc" or child(properties, "cellDel") is not None:
                    continue
                width = max(number(child(properties, "gridSpan"), 1), 1)
                extent = (column, width)
                column += width
                blocks = list(self.blocks(cell))
                merge = child(properties, "vMerge")
                if merge is not None and attribute(merge, "val") != "restart" and extent in above:
                    origin = merges[extent] = above[extent]
                    merged = rows[origin[0]][origin[1]]
                    rows[origin[0]][origin[1]] = merged._replace(row_span=len(rows) - origin[0])
                    self._notice_hidden(SourceCell(blocks).text)
                    continue
                if _continues_left(properties) and cells:
                    cells[-1] = cells[-1]._replace(column_span=cells[-1].column_span + width)
                    continue
                if merge is not None:
                    merges[extent] = (len(rows) - 1, len(cells))
                cells.append(
                    SourceCell(blocks, column=extent[0], column_span=width, is_untold=_shows_no_text(cell))
                )
        return rows


def _children(element: Element) -> Iterator[Element]:
    """The children that a reader sees, whatever wraps them; of alternatives only the preferred one."""
    for part in element.iterchildren("*"):
        name = kind(part)
        if name == "AlternateContent":
            choice = child(part, "Choice")
            chosen = choice if choice is not None else child(part, "Fallback")
            if chosen is not None:
                yield from _children(chosen)
        elif name in _WRAPPERS and (name != "fldSimple" or len(part)):
            yield from _children(part)
        elif name not in _DROPPED:
            yield part


def _is_mark_deleted(paragraph: Element) -> bool:
    """Whether the end of a paragraph was deleted with changes tracked: it runs on into the next one."""
    marks = child(paragraph, "pPr", "rPr")
    return child(marks, "del") is not None or child(marks, "moveFrom") is not None


def _continues_left(properties: Element | None) -> bool:
    merge = child(properties, "hMerge")
    return merge is not None and attribute(merge, "val") != "restart"


def _choice(entries: Element | None) -> str:
    """The entry that is chosen in the list of a form field."""
    if entries is None:
        return ""
    texts = [attribute(entry, "val") or "" for entry in entries.iterchildren("{*}listEntry")]
    chosen = number(child(entries, "result"), number(child(entries, "default"), 0))
    return texts[chosen] if chosen < len(texts) else ""


def _symbol(element: Element) -> str:
    """A character given by its code; what it is in a font of pictures nobody can tell without the font."""
    code = int(attribute(element, "char") or "0", 16)
    font = (attribute(element, "font") or "").lower()
    if code in _SYMBOL_CODES and not font.startswith(_PICTURE_FONTS):
        character = chr(code - 0xF000)
        return "" if character.isalpha() else character
    return chr(code) if 0x20 <= code < 0xE000 and not font.startswith(_PICTURE_FONTS) else ""


def _shows_no_text(cell: Element) -> bool:
    """Whether something stands in the text of a cell that is none: a picture, an object, a symbol."""
    pictures = (line.iter("{*}blip") for line in cell.iter("{*}inline"))
    things = cell.iter("{*}sym", "{*}OLEObject", "{*}imagedata")
    return any(next(picture, None) is not None for picture in pictures) or next(things, None) is not None


def _may_show_table(drawing: Element) -> bool:
    extent = child(drawing, "extent")
    size = [int(attribute(extent, name) or "0") for name in ("cx", "cy")]
    return all(actual >= least for actual, least in zip(size, _TABLE_IMAGE_EMU, strict=True))

"""Reads Word documents (docx, docm, and what WPS writes): one walk over the XML of the main part.

Read is what a reader of the final document sees: insertions stay, deletions, hidden and struck-out text go,
a text box is read once, behind the paragraph it is anchored to. Notes, comments, headers and footers are not
part of the body; the header is kept in the metadata.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
from gao_pipeline.documents.runs import note_hidden
from gao_pipeline.documents.tables import SourceCell, settled, table_blocks
from gao_pipeline.documents.word.lines import LineReader, shown_children
from gao_pipeline.documents.word.numbering import Numbering
from gao_pipeline.documents.word.ooxml import Package, number
from gao_pipeline.documents.word.styles import Styles, is_on
from gao_pipeline.documents.word.word_2003 import Word2003File

_Parts = Package | Word2003File


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


class _Reader:
    """Walks a story (body or header) and gives its blocks; collects notices on the way."""

    def __init__(self, package: _Parts, part: str, styles: Styles) -> None:
        self.notices: list[Notice] = []
        self._package = package
        self._styles = styles
        self._numbering = Numbering(
            next(map(package.part, package.related(part, "numbering").values()), None)
        )
        self._chunks = package.related(part, "aFChunk")
        objects = package.related(part, "package") | package.related(part, "oleObject")
        self._lines = LineReader(styles, package.related(part, "image"), objects, self.notices)

    def blocks(self, container: Element) -> Iterator[Block]:
        """The blocks of a container of paragraphs and tables: a body, a cell, a text box."""
        carried = ""
        for element in shown_children(container):
            match kind(element):
                case "p":
                    label, line = self._label(element), self._lines.line(element)
                    text = carried + line.text
                    text = label + text if text.strip() or kind(container) == "tc" else text
                    if _is_mark_deleted(element):
                        carried = text
                    else:
                        carried = ""
                        yield Paragraph(text=text, level=self._level(element))
                    for box in line.boxes:
                        yield from self.blocks(box)
                    tables = [block for part in line.objects for block in self._object(part)]
                    yield from tables
                    for part in () if tables else line.pictures:
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

    def _rows(self, table: Element) -> list[list[SourceCell]]:
        """The cells of a table; vertical merges become row spans."""
        rows: list[list[SourceCell]] = []
        merges: dict[tuple[int, int], tuple[int, int]] = {}
        for row in shown_children(table):
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
            for cell in shown_children(row):
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
                    note_hidden(SourceCell(blocks).text, self.notices)
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


def _is_mark_deleted(paragraph: Element) -> bool:
    """Whether the end of a paragraph was deleted with changes tracked: it runs on into the next one."""
    marks = child(paragraph, "pPr", "rPr")
    return child(marks, "del") is not None or child(marks, "moveFrom") is not None


def _continues_left(properties: Element | None) -> bool:
    merge = child(properties, "hMerge")
    return merge is not None and attribute(merge, "val") != "restart"


def _shows_no_text(cell: Element) -> bool:
    """Whether something stands in the text of a cell that is none: a picture, an object, a symbol."""
    pictures = (line.iter("{*}blip") for line in cell.iter("{*}inline"))
    things = cell.iter("{*}sym", "{*}OLEObject", "{*}imagedata", "{*}textpath")
    return any(next(picture, None) is not None for picture in pictures) or next(things, None) is not None

"""Reads OpenDocument texts (odt, fodt): one walk over the body."""

from __future__ import annotations

from collections.abc import Iterator

from gao_pipeline.documents.markup import Element, attribute, kind, whole_number
from gao_pipeline.documents.model import Block, Document, MediaType, Paragraph, UnreadableDocumentError
from gao_pipeline.documents.opendocument import HIDDEN, SHAPES, OpenDocument, is_hidden, repeated, table_rows
from gao_pipeline.documents.tables import SourceCell, settled, table_blocks

_NOT_SHOWN = frozenset({"tracked-changes", "forms", "sequence-decls", "variable-decls", "user-field-decls"})
_NO_TEXT = frozenset({"image", "object", "object-ole"})
_MOST_REPEATED = 1_000


def read_odt(data: bytes) -> Document:
    """The document that an OpenDocument text holds.

    Raises:
        UnreadableDocumentError: there is no body (`corrupt_file`) or no text (`no_text`).
    """
    file = OpenDocument(data)
    blocks = settled(_blocks(file, file.body("text")))
    if not blocks:
        raise UnreadableDocumentError("no_text", "the document holds no text")
    headers = [file.text(line).strip() for header in file.headers() for line in header.iter("{*}p", "{*}h")]
    header = "\n".join(dict.fromkeys(filter(None, headers)))
    return Document(
        media_type=MediaType.ODT,
        blocks=blocks,
        title=file.title,
        metadata={"header": header} if header else {},
        notices=tuple(file.notices),
    )


def _blocks(file: OpenDocument, container: Element) -> Iterator[Block]:
    """The blocks of a container of paragraphs and tables: a body, a section, a list, a cell, a text box."""
    for element in container.iterchildren("*"):
        match kind(element):
            case "p":
                yield Paragraph(text=file.text(element))
                yield from _shapes(file, element)
            case "h":
                level = whole_number(attribute(element, "outline-level"), 1)
                yield Paragraph(text=file.text(element), level=level)
                yield from _shapes(file, element)
            case "table":
                yield from table_blocks(list(_rows(file, element)))
            case name if name not in _NOT_SHOWN and attribute(element, "display") != HIDDEN:
                yield from _blocks(file, element)


def _shapes(file: OpenDocument, paragraph: Element) -> Iterator[Block]:
    """What the text boxes and shapes that are anchored in a paragraph show."""
    for part in paragraph.iterchildren("*"):
        if kind(part) in SHAPES:
            yield from _blocks(file, part)
        else:
            yield from _shapes(file, part)


def _rows(file: OpenDocument, table: Element) -> Iterator[list[SourceCell]]:
    for row, times in table_rows(table):
        if not is_hidden(row):
            for _ in range(min(times, _MOST_REPEATED)):
                yield list(_cells(file, row))


def _cells(file: OpenDocument, row: Element) -> Iterator[SourceCell]:
    column = 0
    for element in row.iterchildren("*"):
        for _ in range(min(repeated(element, "columns"), _MOST_REPEATED)):
            if kind(element) == "table-cell":
                yield SourceCell(
                    list(_blocks(file, element)),
                    row_span=whole_number(attribute(element, "number-rows-spanned"), 1),
                    column_span=whole_number(attribute(element, "number-columns-spanned"), 1),
                    column=column,
                    is_untold=any(map(_is_in_line, element.iter("{*}frame"))),
                )
            column += 1


def _is_in_line(frame: Element) -> bool:
    """Whether a picture or an object stands in a line of text as a character does."""
    shown = (kind(part) for part in frame.iterchildren("*"))
    return attribute(frame, "anchor-type") == "as-char" and not _NO_TEXT.isdisjoint(shown)

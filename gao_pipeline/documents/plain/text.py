"""Reads plain text and Markdown: the dumps that crawlers make of Word files, spreadsheets and pages.

Tables are found by `text_tables`. Where a dump has lost them (one cell a line, blank lines between), every
line is a paragraph that knows its line number, so that the lines missing between two of them still count the
blank cells. Where it has lost the lines too, every text is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gao_pipeline.documents.encoding import decode
from gao_pipeline.documents.model import (
    Block,
    Document,
    Grid,
    MediaType,
    Paragraph,
    Place,
    UnreadableDocumentError,
)
from gao_pipeline.documents.plain.barred_tables import plain
from gao_pipeline.documents.plain.listed_tables import opens_list
from gao_pipeline.documents.plain.rows import TextLine
from gao_pipeline.documents.plain.run_on_lines import texts_of_run_on_line
from gao_pipeline.documents.plain.tables import TextTables
from gao_pipeline.documents.plain.torn_lines import with_torn_lines_joined, without_lines_between_rows
from gao_pipeline.documents.tables import numbered

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_BOOKMARK = re.compile(r"\[bookmark:[^\]\n]*\]")
_LONE_BAR = re.compile(r"\s*\|?\s*")
_LAST_BAR = re.compile(r"\s*\|\s*$")
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*$")


def read_text(data: bytes) -> Document:
    """The document that a plain text holds.

    Raises:
        UnreadableDocumentError: there is no text (`no_text`).
    """
    return _read(data, MediaType.TXT)


def read_markdown(data: bytes) -> Document:
    """The document that a Markdown text holds.

    Raises:
        UnreadableDocumentError: there is no text (`no_text`).
    """
    return _read(data, MediaType.MARKDOWN)


def _read(data: bytes, media_type: MediaType) -> Document:
    decoded = decode(data)
    blocks = tuple(text_blocks(decoded.text, markdown=media_type is MediaType.MARKDOWN))
    if not blocks:
        raise UnreadableDocumentError("no_text", "the file holds only white space")
    return Document(media_type=media_type, blocks=blocks, encoding=decoded.encoding, notices=decoded.notices)


def text_blocks(text: str, *, markdown: bool = False) -> Iterator[Block]:
    """The paragraphs and grids of a text in reading order."""
    printed = [
        TextLine(number, _BOOKMARK.sub("", line))
        for number, line in enumerate(_LINE_BREAK.split(text), start=1)
    ]
    lines = with_torn_lines_joined(without_lines_between_rows(printed))
    found = TextTables(lines)
    position = tables = 0
    while position < len(lines):
        if not opens_list(lines[position]) and (texts := texts_of_run_on_line(lines[position])):
            yield from (_paragraph(lines[position]._replace(text=text), markdown=markdown) for text in texts)
            position += 1
            continue
        table = found.at(position)
        if table is None:
            if not _LONE_BAR.fullmatch(lines[position].text):
                yield _paragraph(lines[position], markdown=markdown)
            position += 1
            continue
        for block in table.blocks:
            if isinstance(block, Grid) and not block.is_stream:
                tables += 1
                yield numbered(block, tables)
            else:
                yield block
        position = table.end


def _paragraph(line: TextLine, *, markdown: bool) -> Paragraph:
    place = Place(line=line.number)
    text = _LAST_BAR.sub("", line.text)
    if markdown:
        heading = _HEADING.fullmatch(text)
        if heading:
            return Paragraph(text=plain(heading[2]), place=place, level=len(heading[1]))
        return Paragraph(text=plain(text), place=place)
    return Paragraph(text=text, place=place)

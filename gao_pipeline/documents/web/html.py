"""Reads web pages: the visible text in order, tables as grids, what the page head says as metadata.

Navigation stays in as paragraphs: what belongs to a report is not for a reader to judge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from lxml import etree

from gao_pipeline.documents.encoding import decode
from gao_pipeline.documents.model import (
    Block,
    Document,
    Grid,
    MediaType,
    Notice,
    Paragraph,
    Place,
    UnreadableDocumentError,
)
from gao_pipeline.documents.paged.pictures import picture_blocks
from gao_pipeline.documents.plain.text import text_blocks
from gao_pipeline.documents.tables import SourceCell, settled, table_blocks
from gao_pipeline.documents.web.appearance import Appearance, span_of
from gao_pipeline.documents.web.block_tables import block_table
from gao_pipeline.documents.web.flow import ROW_GROUPS, Flow, TableRows, closed_rows, texts_of
from gao_pipeline.documents.web.held import (
    held_length,
    held_markup,
    inner_texts,
    is_left_out,
    length,
    typed_text,
    written_rows,
    written_text,
)
from gao_pipeline.documents.web.metadata import page_metadata
from gao_pipeline.documents.web.parsing import parse_page, text_inside
from gao_pipeline.documents.web.parts import PageParts, page_inside
from gao_pipeline.documents.web.styles import style_sheets

Element = etree._Element

_HEAD_BYTES = 4_096
_DECLARED_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_ATTACHMENT = re.compile(r"\.(?:docx?|wps|pdf|xlsx?|et|zip|rar|ofd)(?:$|[?#&])", re.IGNORECASE)
_ORNAMENT = re.compile(r"\.(?:gif|svg|ico)(?:$|[?#])", re.IGNORECASE)
_LINK_ADDRESSES = ("href", "src", "data")
_PICTURE_ADDRESSES = ("data-src", "data-original", "src")
"""Where pages give the address of a picture; those that scripts load late first."""
_SMALLEST_TABLE_IMAGE = 200
_SPACER = 3
"""Pixels: smaller pictures keep places free."""
_LONGEST_ADDRESS = 200

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SIMPLE_BLOCKS = frozenset({"dd", "div", "dt", "li", "p"})
_BUTTONS = frozenset({"button", "reset", "submit"})
_WORDLESS_INPUTS = frozenset({"checkbox", "color", "file", "hidden", "image", "password", "radio", "range"})
_DRAWINGS = frozenset({"audio", "canvas", "meter", "progress", "svg", "video"})
"""What shows no text, or in their place only to browsers that know them not."""
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div", "dl", "dt"}
    | {"fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "legend", "li", "main", "nav"}
    | {"ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "tr", "ul", *_HEADINGS}
)


def read_html(data: bytes) -> Document:
    """The document that a web page shows.

    Raises:
        UnreadableDocumentError: the page shows no text (`no_text`).
    """
    declared = _DECLARED_CHARSET.search(data[:_HEAD_BYTES])
    return read_page(data, declared[1].decode() if declared else None, MediaType.HTML)


def read_page(
    data: bytes,
    charset: str | None,
    media_type: MediaType,
    frames: Sequence[tuple[bytes, str | None]] = (),
    parts: PageParts | None = None,
) -> Document:
    """The document of a page whose charset is claimed to be `charset`.

    The pages that its frames show are part of it, and the other `parts` that came with it.

    Raises:
        UnreadableDocumentError: the page shows no text (`no_text`), or only a part of it could be parsed
            (`corrupt_file`).
    """
    decoded = decode(data, charset)
    root = parse_page(decoded.text)
    pages = [root, *(parse_page(decode(content, frame_charset).text) for content, frame_charset in frames)]
    readings = [_read(page, parts) for page in pages]
    blocks = settled(block for reading in readings for block in reading.blocks)
    if not blocks:
        raise UnreadableDocumentError("no_text", "the page shows no text")
    metadata = page_metadata(root)
    title = metadata.pop("title", None) or " ".join(text_inside(next(root.iter("title"), None)).split())
    return Document(
        media_type=media_type,
        blocks=blocks,
        encoding=decoded.encoding,
        title=title or None,
        metadata=metadata,
        notices=(*decoded.notices, *(notice for reading in readings for notice in reading.notices)),
    )


def markup_blocks(markup: str) -> list[Block]:
    """The blocks of a piece of HTML that stands in another text.

    Raises:
        UnreadableDocumentError: only a part of it could be parsed (`corrupt_file`).
    """
    return _read(parse_page(markup)).blocks


class _Reading(NamedTuple):
    """What a page shows, and what a person should know of it."""

    blocks: list[Block]
    notices: list[Notice]


def _read(root: Element, parts: PageParts | None = None, outer_sheets: Sequence[str] = ()) -> _Reading:
    """All blocks of a page in order; the style sheets of the page around it are `outer_sheets`. What it holds
    unshown is read too where that alone is more than all it shows, or holds tables that it does not show:
    scripts put such contents on the page."""
    parts = parts or PageParts({}, {})
    sheets = [*outer_sheets, *style_sheets(root, parts.style_sheet)]
    appearance = Appearance(root, sheets)
    page = _Page(appearance, parts, sheets)
    blocks = page.read(root)
    texts = [text.strip() for block in blocks for text in texts_of(block)]
    shown = max(length(texts), length(inner_texts(root, page.unshown)))
    held = frozenset(
        element
        for element in page.unshown
        if held_length(element) > shown or is_left_out(element, frozenset(texts))
    )
    if held:
        page = _Page(appearance, parts, sheets, held)
        blocks = page.read(root)
    return _Reading(blocks, page.notices)


class _Page:
    """One walk over a page, without recursion: careless pages nest elements thousands deep. Of the elements
    that the page does not show, those in `held` are read."""

    def __init__(
        self,
        appearance: Appearance,
        parts: PageParts,
        sheets: Sequence[str],
        held: frozenset[Element] = frozenset(),
    ) -> None:
        self.notices: list[Notice] = []
        self.unshown: dict[Element, None] = {}
        self._appearance = appearance
        self._appearance.reveal(held)
        self._parts = parts
        self._sheets = sheets
        self._held = held
        self._flows = [Flow()]
        self._tables: list[TableRows] = []

    def read(self, root: Element) -> list[Block]:
        """All blocks of a page in order."""
        self._flows = [Flow()]
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                self._flows[-1].is_parted |= self._appearance.stands_apart(element)
                if self._starts(element):
                    self._flows[-1].is_untold |= self._appearance.is_drawn(element)
                    self._write(element, element.text)
                else:
                    walker.skip_subtree()
            else:
                self._end(element)
                self._flows[-1].is_parted |= self._appearance.stands_apart(element)
                parent = element.getparent()
                if parent is not None:
                    self._write(parent, element.tail)
        self._flows[-1].end_line()
        return self._flows[-1].blocks

    def _write(self, element: Element, text: str | None) -> None:
        """Write what is seen of a text that stands directly in an element."""
        if text and text.strip():
            self.unshown |= dict.fromkeys(self._appearance.hiders(element))
        self._flows[-1].write(self._appearance.seen(element, text))

    def _starts(self, element: Element) -> bool:
        """Begin an element; whether its content is to be read."""
        flow = self._flows[-1]
        if self._is_unshown(element):
            self.unshown[element] = None
            if element.tag == "script" and (rows := written_rows(element)):
                flow.end_line()
                flow.blocks.extend(self._embedded(rows, self._sheets))
            elif element.tag == "script" and self._is_in_cell:
                flow.write(written_text(element))
            return False
        if element in self._held and (markup := held_markup(element)) is not None:
            flow.end_line()
            flow.blocks.extend(self._embedded(markup, self._sheets))
            return False
        if table := block_table(element, self._appearance):
            flow.end_line()
            flow.blocks.append(table)
            return False
        match element.tag:
            case "pre":
                flow.end_line()
                flow.blocks.extend(text_blocks(self._appearance.text(element)))
                return False
            case "iframe" | "object" if source := page_inside(element):
                flow.end_line()
                flow.blocks.extend(self._embedded(source))
                return False
            case "iframe":
                self._notice_attachment(element)
            case tag if tag == "table" or self._holds_rows(element):
                flow.end_line()
                self._tables.append(TableRows(element))
            case "tr" if self._tables:
                flow.end_line()
                self._tables[-1].start_row(element)
            case "td" | "th" if self._tables:
                flow.end_line()
                self._flows.append(Flow())
            case "br":
                flow.end_line(keep_empty=True)
            case "textarea":
                self._write(element, typed_text(element))
                return False
            case "select":
                if self._is_in_cell:
                    self._write(element, _chosen_text(element))
                return False
            case "button" if not self._is_in_cell:
                return False
            case tag if tag in _DRAWINGS and element.find(".//foreignobject") is None:
                flow.is_untold |= not self._appearance.hiders(element)
                return False
            case "img":
                flow.end_line()
                flow.blocks.extend(self._picture(element))
            case "a" | "embed" | "object":
                self._notice_attachment(element)
                flow.is_untold |= element.tag != "a"
            case "input" if self._shows_value(element):
                self._write(element, element.get("value"))
            case tag if tag in _BLOCKS or self._appearance.is_block(element):
                flow.end_line()
                flow.innermost = element
            case _ if self._appearance.is_note_mark(element):
                flow.write("(")
        return True

    def _end(self, element: Element) -> None:
        if self._is_unshown(element) or element.tag == "pre":
            return
        flow = self._flows[-1]
        match element.tag:
            case _ if self._tables and element is self._tables[-1].element:
                flow.end_line()
                collapsed = self._appearance.collapsed_columns(element)
                rows, rest = closed_rows(self._tables.pop().rows())
                flow.blocks.extend(_without_columns(block, collapsed) for block in table_blocks(rows))
                flow.blocks.extend(rest)
            case "td" | "th" if self._tables:
                flow.end_line()
                self._flows.pop()
                cell = SourceCell(
                    flow.blocks,
                    row_span=span_of(element, "rowspan"),
                    column_span=span_of(element, "colspan") or 1,
                    is_untold=flow.is_untold,
                )
                self._tables[-1].add(element, cell)
            case tag if tag in _BLOCKS or self._appearance.is_block(element):
                may_be_empty = tag in _SIMPLE_BLOCKS and element is flow.innermost
                flow.end_line(_HEADINGS.get(tag), keep_empty=may_be_empty)
            case _ if self._appearance.is_note_mark(element):
                flow.write(")")

    def _shows_value(self, field: Element) -> bool:
        kind = field.get("type", "").lower()
        return kind not in _WORDLESS_INPUTS and (self._is_in_cell or kind not in _BUTTONS)

    @property
    def _is_in_cell(self) -> bool:
        return len(self._flows) > 1

    def _is_unshown(self, element: Element) -> bool:
        stores_markup = element.tag == "textarea" and typed_text(element) is None
        return self._appearance.is_unshown(element) or (stores_markup and element not in self._held)

    def _holds_rows(self, element: Element) -> bool:
        """Whether rows that have lost their table stand in an element."""
        in_a_table = len(self._tables) == len(self._flows)
        return not in_a_table and element.tag not in ROW_GROUPS and element.find("tr") is not None

    def _embedded(self, markup: str, sheets: Sequence[str] = ()) -> list[Block]:
        """The blocks of a page inside the page, with style sheets of the page."""
        reading = _read(parse_page(markup), self._parts, sheets)
        self.notices += reading.notices
        return reading.blocks

    def _picture(self, image: Element) -> Sequence[Block]:
        """The tables and texts that a picture which came with the page shows; other pictures are noted. In a
        cell the words are shown that stand for a picture which did not come with the page."""
        if self._appearance.hiders(image):
            return ()
        source = next(filter(None, map(image.get, _PICTURE_ADDRESSES)), "")
        sizes = [image.get(name, "").removesuffix("px") for name in ("width", "height")]
        small = any(size.isdigit() and int(size) < _SMALLEST_TABLE_IMAGE for size in sizes[:1])
        content = self._parts.picture(source)
        is_lost = content is None and not source.startswith("data:")
        if self._is_in_cell and is_lost and (words := image.get("alt", "").strip()):
            return (Paragraph(text=words),)
        self._flows[-1].is_untold |= not any(size.isdigit() and int(size) <= _SPACER for size in sizes)
        if not source or small or _ORNAMENT.search(source):
            return ()
        blocks = picture_blocks(content) if content else ()
        if not blocks:
            self.notices.append(_notice("image", source))
        return blocks

    def _notice_attachment(self, link: Element) -> None:
        address = next(filter(None, map(link.get, _LINK_ADDRESSES)), "")
        if _ATTACHMENT.search(address):
            self.notices.append(_notice("attachment", address))


def _notice(code: str, address: str) -> Notice:
    shown = address if len(address) <= _LONGEST_ADDRESS else f"{address[:60]}… ({len(address)} characters)"
    return Notice(code=code, detail=shown, place=Place(part=shown))


def _without_columns(block: Block, columns: frozenset[int]) -> Block:
    """A table without some of its columns."""
    if not columns or not isinstance(block, Grid):
        return block
    kept = []
    for cell in block.cells:
        left = sum(column not in columns for column in range(cell.column))
        covered = range(cell.column, cell.column + cell.column_span)
        if width := sum(column not in columns for column in covered):
            kept.append(msgspec.structs.replace(cell, column=left, column_span=width))
    width = sum(column not in columns for column in range(block.columns))
    return msgspec.structs.replace(block, cells=tuple(kept), columns=width)


def _chosen_text(select: Element) -> str:
    """The choice that a list shows: the last that is marked, otherwise the first."""
    choices = list(select.iter("option"))
    chosen = [choice for choice in choices if "selected" in choice.attrib] or choices[:1]
    return text_inside(chosen[-1]).strip() if chosen else ""

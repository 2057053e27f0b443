"""The one small model that every reader produces: a document is paragraphs and grids in reading order."""

from __future__ import annotations

from enum import StrEnum

import msgspec

UNTOLD = "\ufffd"
"""Stands for what a page shows and no reader can tell, e.g. a character whose font says not which it is."""


class MediaType(StrEnum):
    """What a file is, by its content."""

    DOCX = "docx"
    DOC = "doc"
    DOC_XML = "doc-xml"
    RTF = "rtf"
    ODT = "odt"
    PDF = "pdf"
    PDF_SCAN = "pdf-scan"
    HTML = "html"
    MHTML = "mhtml"
    TXT = "txt"
    MARKDOWN = "md"
    XLSX = "xlsx"
    XLS = "xls"
    XLS_XML = "xls-xml"
    ODS = "ods"
    ZIP = "zip"
    UNKNOWN = "unknown"


class Model(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of the value objects that travel between layers; all of them encode to JSON as they are."""


class Place(Model, frozen=True, kw_only=True):
    """Where something stands in its file, as far as the format can tell; counted from 1.

    `bbox` is (left, top, right, bottom) in points from the page's upper left corner.
    """

    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    line: int | None = None
    bbox: tuple[float, float, float, float] | None = None
    part: str | None = None


class Cell(Model, frozen=True, kw_only=True):
    """A cell of a grid: its text as printed (the final text, tracked changes applied) and its extent.

    `row` and `column` count from 0 in the grid. `confidence` (0 to 1) is given by OCR only.
    """

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    place: Place = Place()
    confidence: float | None = None


class Paragraph(Model, frozen=True, kw_only=True, tag="paragraph"):
    """A line or paragraph of prose. `level` is the heading level where the format tells (1 is the top)."""

    text: str
    place: Place = Place()
    level: int | None = None


class Grid(Model, frozen=True, kw_only=True, tag="grid"):
    """A table as printed: cells in reading order. A cell that is spanned over is not listed.

    `ragged` says that the source has lost spans (text dumps): a cell's column is then only its rank in
    its row, and rows of one table differ in length. A ragged grid of one column has lost its rows too: it
    lists the cells of a table, or of a part of one, blank cells included.
    """

    cells: tuple[Cell, ...]
    rows: int
    columns: int
    place: Place = Place()
    ragged: bool = False

    @property
    def is_stream(self) -> bool:
        """Whether it is the cells of a table one after another."""
        return self.ragged and self.columns == 1


Block = Paragraph | Grid


class Notice(Model, frozen=True, kw_only=True):
    """Something that a reader saw and a person should know, e.g. text that stands in no cell."""

    code: str
    detail: str
    place: Place = Place()


class Document(Model, frozen=True, kw_only=True):
    """What a reader makes of a file.

    `title` is the title the file's metadata or page head gives (not the body); `metadata` holds dated
    facts of the same origin as printed, e.g. `{"published": "2024-01-19"}`.
    """

    media_type: MediaType
    blocks: tuple[Block, ...]
    encoding: str | None = None
    title: str | None = None
    metadata: dict[str, str] = {}
    pages: int | None = None
    notices: tuple[Notice, ...] = ()

    @property
    def paragraphs(self) -> list[Paragraph]:
        return [block for block in self.blocks if isinstance(block, Paragraph)]

    @property
    def grids(self) -> list[Grid]:
        return [block for block in self.blocks if isinstance(block, Grid)]


class UnreadableDocumentError(Exception):
    """A file gives no document; it is to be quarantined.

    `reason` is a code of `data_contracts/vocabularies/quarantine.yaml` (`empty_file`, `corrupt_file`,
    `unknown_type`, `encrypted_file`, `unsupported_type`, `no_text`, `no_report_in_page`), `detail` what
    the reader found, for a person.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail

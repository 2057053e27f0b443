"""The way in: bytes to document, whatever the format. A reader is imported only when it is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module

from gao_pipeline.documents.compression import inflated
from gao_pipeline.documents.detection import detect
from gao_pipeline.documents.model import Document, MediaType, UnreadableDocumentError

_READERS = {
    MediaType.DOCX: "word.docx.read_docx",
    MediaType.DOC: "word.doc.read_doc",
    MediaType.DOC_XML: "word.docx.read_word_2003",
    MediaType.RTF: "word.rtf.read_rtf",
    MediaType.ODT: "word.odt.read_odt",
    MediaType.PDF: "paged.pdf.read_pdf",
    MediaType.HTML: "web.html.read_html",
    MediaType.MHTML: "web.mhtml.read_mhtml",
    MediaType.TXT: "plain.text.read_text",
    MediaType.MARKDOWN: "plain.text.read_markdown",
    MediaType.XLSX: "workbook.xlsx.read_xlsx",
    MediaType.XLS: "workbook.xls.read_xls",
    MediaType.XLS_XML: "workbook.excel_2003.read_excel_2003",
    MediaType.ODS: "workbook.ods.read_ods",
}
_NO_FAULT_OF_A_FILE = (ImportError, MemoryError, NameError)


def detect_media_type(data: bytes, name: str | None = None) -> MediaType:
    """What a file is by its content; `MediaType.UNKNOWN` where no reader would understand it."""
    return detect(data, name).media_type


def read_document(data: bytes, name: str | None = None) -> Document:
    """The document in a file.

    Args:
        data: all bytes of the file.
        name: its name, used only where the content leaves its type open.

    Raises:
        UnreadableDocumentError: the file gives no document; `reason` says why.
    """
    file_type = detect(data, name)
    if file_type.reason is not None:
        raise UnreadableDocumentError(file_type.reason, file_type.detail)
    if file_type.media_type is MediaType.ZIP:
        raise UnreadableDocumentError("unsupported_type", "an archive: each of its members is a document")
    with _failures_as_quarantine(f"the {file_type.media_type}"):
        return _reader(file_type.media_type)(inflated(data))


def archive_members(data: bytes, name: str | None = None) -> list[tuple[str, bytes]]:
    """The files in a zip archive, in its order: path inside (readable names, `/` between folders) and bytes.

    Raises:
        UnreadableDocumentError: the archive is damaged, encrypted or unreasonably large.
    """
    from gao_pipeline.documents.archive import unpack

    with _failures_as_quarantine(name or "the archive"):
        return unpack(inflated(data), name)


@contextmanager
def _failures_as_quarantine(subject: str) -> Iterator[None]:
    """Whatever a library raises over a file is a reason to put that file aside, never to stop; what no file
    can be blamed for is left to the caller."""
    try:
        yield
    except (UnreadableDocumentError, *_NO_FAULT_OF_A_FILE):
        raise
    except Exception as error:
        detail = f"{subject} cannot be read ({type(error).__name__}: {error})"
        raise UnreadableDocumentError("corrupt_file", detail) from error


def _reader(media_type: MediaType) -> Callable[[bytes], Document]:
    module, _, function = _READERS[media_type].rpartition(".")
    reader: Callable[[bytes], Document] = getattr(import_module(f"gao_pipeline.documents.{module}"), function)
    return reader

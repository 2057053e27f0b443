"""What a file is, by its content: magic bytes, the parts inside a container, markup in a text.

A file's name decides only what the content leaves open: a text without markup called `*.md`, and what a
damaged or encrypted container was meant to be.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from pathlib import PurePosixPath
from typing import NamedTuple

import olefile

from gao_pipeline.documents.compression import inflated
from gao_pipeline.documents.encoding import decode
from gao_pipeline.documents.model import MediaType

_HEAD_BYTES = 65_536
_PDF_HEAD_BYTES = 1_024
_CONTROL_SHARE = 0.02
_LOST_CHARACTERS = re.compile(r"\ufffd|\?{3,}|(?:\u951f\u65a4\u62f7)+")
"""What programs write in the place of characters that they cannot convert: U+FFFD (also that of UTF-8 read as
GBK) and question marks, which also stand for wide spaces alone."""
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_HTML_TAGS = 3

_OLE_STREAMS = {"worddocument": MediaType.DOC, "workbook": MediaType.XLS, "book": MediaType.XLS}
_ZIP_PARTS = {"word/": MediaType.DOCX, "xl/worksheets/": MediaType.XLSX}
_PACKAGE_PARTS = frozenset({"[Content_Types].xml", "word/document.xml"})
_BINARY_WORKBOOK = "xl/workbook.bin"
_FOREIGN_ZIP_PARTS = {
    "OFD.xml": "OFD",
    "ppt/": "PowerPoint",
    _BINARY_WORKBOOK: "Excel binary workbook",
    "META-INF/manifest.xml": "OpenDocument without text or sheets",
}
_OPEN_DOCUMENT = re.compile(
    r"application/vnd\.(?:oasis\.opendocument|sun\.xml)\.(text|spreadsheet|writer|calc)"
)
_OPEN_DOCUMENT_ROOT = re.compile(r"<office:document\b")
_ENCRYPTED_PART = re.compile(r"<(?:\w+:)?encryption-data\b")
_DECLARED_IN = ("mimetype", "META-INF/manifest.xml")
_OPEN_DOCUMENT_TYPES = {
    "text": MediaType.ODT,
    "writer": MediaType.ODT,
    "spreadsheet": MediaType.ODS,
    "calc": MediaType.ODS,
}
_RTF = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\\rtf")
_FOREIGN_MAGIC = {
    b"Rar!\x1a\x07": "RAR archive",
    b"7z\xbc\xaf\x27\x1c": "7z archive",
    b"\x1f\x8b": "gzip archive",
    b"\x89PNG\r\n": "PNG image",
    b"\xff\xd8\xff": "JPEG image",
    b"GIF8": "GIF image",
    b"II*\x00": "TIFF image",
    b"MM\x00*": "TIFF image",
}
_OFFICE_XML = {
    re.compile(r"<pkg:package\b"): MediaType.DOCX,
    re.compile(r"<(?:\w+:)?wordDocument\b"): MediaType.DOC_XML,
    re.compile(r"<(?:\w+:)?Workbook\b"): MediaType.XLS_XML,
}
_HTML_DOCUMENT = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_HTML_FRAGMENT = re.compile(
    r"\s*<(?:!--|(?:article|b|blockquote|center|div|dl|font|form|h[1-6]|hr|iframe|img|link|main|meta|ol|p|pre"
    r"|script|section|span|strong|style|table|textarea|title|ul)\b)",
    re.IGNORECASE,
)
_HTML_TAG = re.compile(r"</?(?:p|div|span|table|tr|td|ul|li|h[1-6])\b[^<>]*>", re.IGNORECASE)
_HTML_TABLE = re.compile(r"<table\b.*?(?:</table>|\Z)", re.IGNORECASE | re.DOTALL)
_MHTML = re.compile(r"^content-type:\s*(?:multipart/|text/html)", re.IGNORECASE | re.MULTILINE)
_MAIL_HEADER = re.compile(r"\s*[A-Za-z][\w-]*:[ \t]")
_MARKDOWN = re.compile(r"^(?:#{1,6}[ \t]+\S|[ \t]*\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+[-: \t]*$)", re.MULTILINE)


class FileType(NamedTuple):
    """A file's type; `reason` (a quarantine code) and `detail` say why no reader can take it, if so."""

    media_type: MediaType
    reason: str | None = None
    detail: str = ""


def detect(data: bytes, name: str | None = None) -> FileType:
    """The type of a file with these bytes. Never raises: what cannot be told is `MediaType.UNKNOWN`."""
    if not data:
        return FileType(MediaType.UNKNOWN, "empty_file", "the file has no bytes")
    data = inflated(data)
    for magic, format_name in _FOREIGN_MAGIC.items():
        if data.startswith(magic):
            return _foreign(format_name)
    if _RTF.match(data):
        return FileType(MediaType.RTF)
    if b"%PDF-" in data[:_PDF_HEAD_BYTES]:
        return FileType(MediaType.PDF)
    if data.startswith(olefile.MAGIC):
        return _detect_ole(data, name)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _detect_zip(data, name)
    return _detect_text(data, name)


def _foreign(format_name: str) -> FileType:
    return FileType(MediaType.UNKNOWN, "unsupported_type", f"this is {format_name}, which is not read")


def _by_name(name: str | None, choices: dict[str, MediaType], default: MediaType) -> MediaType:
    return choices.get(PurePosixPath(name or "").suffix.lower(), default)


def _detect_ole(data: bytes, name: str | None) -> FileType:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            streams = {entry[0].lower() for entry in container.listdir()}
    except (OSError, ValueError, IndexError) as error:
        media_type = _by_name(name, {".xls": MediaType.XLS}, MediaType.DOC)
        return FileType(media_type, "corrupt_file", f"the OLE container cannot be opened: {error}")
    if "encryptedpackage" in streams:
        media_type = _by_name(name, {".xlsx": MediaType.XLSX}, MediaType.DOCX)
        return FileType(media_type, "encrypted_file", "the document is encrypted with a password")
    for stream, media_type in _OLE_STREAMS.items():
        if stream in streams:
            return FileType(media_type)
    return _foreign("an OLE container without a Word or Excel document")


def _detect_zip(data: bytes, name: str | None) -> FileType:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            declared = b"".join(
                archive.open(part).read(_HEAD_BYTES) for part in _DECLARED_IN if part in names
            )
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        by_part = {"word/document.xml": MediaType.DOCX, "xl/workbook.xml": MediaType.XLSX}
        found = [media_type for part, media_type in by_part.items() if part.encode() in data]
        media_type = _by_name(name, {".docx": MediaType.DOCX, ".xlsx": MediaType.XLSX}, MediaType.ZIP)
        return FileType(found[0] if found else media_type, "corrupt_file", f"the zip container: {error}")
    parts = [name.replace("\\", "/") for name in names]
    if not _PACKAGE_PARTS.isdisjoint(parts) and _BINARY_WORKBOOK not in parts:
        for prefix, media_type in _ZIP_PARTS.items():
            if any(part.startswith(prefix) for part in parts):
                return FileType(media_type)
    if document := _open_document(declared.decode("latin-1")):
        return document
    for prefix, format_name in _FOREIGN_ZIP_PARTS.items():
        if any(part.startswith(prefix) for part in parts):
            return _foreign(format_name)
    return FileType(MediaType.ZIP)


def _open_document(declared: str) -> FileType | None:
    """The type of an OpenDocument file by what it declares itself to be."""
    found = _OPEN_DOCUMENT.search(declared)
    if found is None:
        return None
    if _ENCRYPTED_PART.search(declared):
        return FileType(
            _OPEN_DOCUMENT_TYPES[found[1]], "encrypted_file", "the document is encrypted with a password"
        )
    return FileType(_OPEN_DOCUMENT_TYPES[found[1]])


def _detect_text(data: bytes, name: str | None) -> FileType:
    text = decode(data[:_HEAD_BYTES]).text
    unprintable = sum(map(_is_control, text))
    if unprintable > _CONTROL_SHARE * len(text) + 1:
        return FileType(MediaType.UNKNOWN, "unknown_type", "the content is neither a known format nor text")
    if sum(map(len, _LOST_CHARACTERS.findall(text))) > len(_CHINESE.findall(text)) + 1:
        return FileType(MediaType.UNKNOWN, "corrupt_file", "a conversion has destroyed the characters")
    if _MAIL_HEADER.match(text) and _MHTML.search(text):
        return FileType(MediaType.MHTML)
    head = text[:_PDF_HEAD_BYTES]
    for pattern, media_type in _OFFICE_XML.items():
        if pattern.search(head):
            return FileType(media_type)
    if _OPEN_DOCUMENT_ROOT.search(head):
        return _open_document(text) or _foreign("OpenDocument without text or sheets")
    if _HTML_DOCUMENT.search(text):
        return FileType(MediaType.HTML)
    if _MARKDOWN.search(text):
        return FileType(MediaType.MARKDOWN)
    if _HTML_FRAGMENT.match(text) or len(_HTML_TAG.findall(_HTML_TABLE.sub("", text))) >= _HTML_TAGS:
        return FileType(MediaType.HTML)
    return FileType(_by_name(name, {".md": MediaType.MARKDOWN}, MediaType.TXT))


def _is_control(character: str) -> bool:
    """Whether a text has no use for a character; marks that only format it (U+200B …) are common."""
    printed = character.isprintable() or character.isspace()
    return not printed and unicodedata.category(character) != "Cf"

"""The way in: every file gives a document or a reason, and only the reader that is needed is imported."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gao_pipeline.contracts.vocabularies import load_quarantine_reasons
from gao_pipeline.documents.model import MediaType, UnreadableDocumentError
from gao_pipeline.documents.reading import detect_media_type, read_document


def _docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("甲县乙局2021年政府信息公开工作年度报告（虚构）")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _quarantine(data: bytes, name: str | None = None) -> UnreadableDocumentError:
    with pytest.raises(UnreadableDocumentError) as caught:
        read_document(data, name)
    return caught.value


def test_a_name_does_not_decide() -> None:
    document = read_document(_docx(), "report.pdf")
    assert document.media_type is MediaType.DOCX
    assert detect_media_type(_docx(), "report.pdf") is MediaType.DOCX


def test_a_file_that_was_sent_compressed() -> None:
    data = gzip.compress(_docx())
    assert detect_media_type(data, "report.docx") is MediaType.DOCX
    assert read_document(data) == read_document(_docx())


def test_reasons() -> None:
    with io.BytesIO() as buffer:
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("a.txt", "1")
        zipped = buffer.getvalue()
    assert _quarantine(b"").reason == "empty_file"
    assert _quarantine(bytes(range(256)) * 9).reason == "unknown_type"
    assert _quarantine(b"\x89PNG\r\n\x1a\n").reason == "unsupported_type"
    assert _quarantine(zipped).reason == "unsupported_type"
    assert _quarantine(b"  \n").reason == "no_text"
    assert _quarantine(_docx()[:-100], "report.docx").reason == "corrupt_file"


def test_what_breaks_a_reader_is_a_corrupt_file() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("word/document.xml", "<w:document><unclosed>")
    error = _quarantine(buffer.getvalue())
    assert error.reason == "corrupt_file"
    assert "XMLSyntaxError" in error.detail


def test_password_protected_office_files() -> None:
    """An OLE container with a stream EncryptedPackage, built by hand: header, allocation table, directory."""
    sector = 512
    names = ["Root Entry", "EncryptedPackage"]
    kinds = [5, 2]
    entries = b""
    for index, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        encoded = name.encode("utf-16-le")
        child = 1 if index == 0 else 0xFFFFFFFF
        entries += (
            encoded.ljust(64, b"\0")
            + (len(encoded) + 2).to_bytes(2, "little")
            + bytes((kind, 1))
            + b"\xff" * 8
            + child.to_bytes(4, "little")
            + bytes(36)
            + (0xFFFFFFFE).to_bytes(4, "little")
            + bytes(8)
        )
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0"
        + bytes(10)
        + (1).to_bytes(4, "little")
        + (1).to_bytes(4, "little")
        + bytes(4)
        + (4096).to_bytes(4, "little")
        + (0xFFFFFFFE).to_bytes(4, "little")
        + bytes(4)
        + (0xFFFFFFFE).to_bytes(4, "little")
        + bytes(4)
        + bytes(4)
        + b"\xff" * (108 * 4)
    )
    table = b"\xfd\xff\xff\xff" + b"\xfe\xff\xff\xff" + b"\xff" * (sector - 8)
    data = header + table + entries.ljust(sector, b"\0")
    assert _quarantine(data).reason == "encrypted_file"
    assert detect_media_type(data) is MediaType.DOCX
    assert detect_media_type(data, "report.xlsx") is MediaType.XLSX


def test_every_reason_is_explained() -> None:
    reasons = load_quarantine_reasons()
    assert {
        *("empty_file", "corrupt_file", "unknown_type", "unsupported_type", "encrypted_file", "no_text"),
        *("ocr_not_installed", "no_report_in_page", "no_report", "member_too_large"),
    } <= set(reasons)
    assert all(reason.zh and reason.en for reason in reasons.values())


@settings(max_examples=60)
@given(data=st.data())
def test_damage_gives_a_document_or_a_reason(data: st.DataObject) -> None:
    damaged = bytearray(_docx())
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_document(bytes(damaged), "report.docx")
    except UnreadableDocumentError as error:
        assert error.reason in load_quarantine_reasons()  # noqa: PT017 - a readable document is right too


def test_only_the_reader_that_is_needed_is_imported() -> None:
    program = (
        "import sys; from gao_pipeline.documents.reading import read_document;"
        "read_document('总计'.encode());"
        "print(*sorted({'lxml', 'openpyxl', 'xlrd', 'pdfplumber', 'docx', 'pandas'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.split() == []

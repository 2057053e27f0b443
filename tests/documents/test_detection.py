"""Types are told by content; a name counts only where the content leaves the type open."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from gao_pipeline.documents.detection import detect
from gao_pipeline.documents.model import MediaType


def _zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "内容")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"%PDF-1.7\n", "report.docx", MediaType.PDF),
        (gzip.compress("<html><body>总计</body></html>".encode()), "report.html", MediaType.HTML),
        (b"From: a\nContent-Type: text/html; charset=utf-8\n\n<p>", "report.eml", MediaType.MHTML),
        (b"<script>location = '/'</script>", None, MediaType.HTML),
        ("<h1>年报</h1><p>一".encode(), None, MediaType.HTML),
        ("<!-- 正文 --><section>一".encode(), "report.txt", MediaType.HTML),
        (b"\r\n\x00%PDF-1.4", None, MediaType.PDF),
        (_zip("[Content_Types].xml", "word/document.xml"), "report.zip", MediaType.DOCX),
        (_zip("word\\document.xml"), "report.docx", MediaType.DOCX),
        (_zip("[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"), None, MediaType.XLSX),
        (_zip("word/report.docx", "b.pdf"), "x.docx", MediaType.ZIP),
        ("<html><body>总计</body></html>".encode("gbk"), "report.doc", MediaType.HTML),
        ("<p>一</p><p>二</p>".encode(), "report.txt", MediaType.HTML),
        ("\n<p></p><table><tr><td>规章</td></tr></table>".encode(), "report.xls", MediaType.HTML),
        ("<?xml version='1.0'?><!DOCTYPE html><html>总计</html>".encode(), None, MediaType.HTML),
        (b"From: <saved>\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x", None, MediaType.MHTML),
        ("| 总计 | 0 |\n|---|---|\n| 规章 | 1 |".encode(), "report.txt", MediaType.MARKDOWN),
        ("一\n<table><tr><td>总计</td><td>0</td></tr></table>".encode(), None, MediaType.TXT),
        ("## 一、总体情况\n无".encode(), None, MediaType.MARKDOWN),
        ("一、总体情况\n无".encode(), "report.md", MediaType.MARKDOWN),
        ("一、总体情况\n无".encode("utf-16"), "report.pdf", MediaType.TXT),
        ("BM 开头的文本".encode(), None, MediaType.TXT),
        ("规章\u200b\t\u200d0\ufeff\n".encode(), None, MediaType.TXT),
        (b'<?xml version="1.0"?><pkg:package xmlns:pkg="p"/>', "report.xml", MediaType.DOCX),
        (b"\xef\xbb\xbf{\\rtf1 text}", "report.doc", MediaType.RTF),
        (b'<?xml version="1.0"?><w:wordDocument/>', "report.doc", MediaType.DOC_XML),
        (b'<?xml version="1.0"?><ss:Workbook/>', "report.xls", MediaType.XLS_XML),
        ("\t规章\n\t0\n\n\t小于<5\n".encode(), None, MediaType.TXT),
        ("-----\n总计 | 0 |\n".encode(), None, MediaType.TXT),
        ("????某县年报\n????一、总体情况".encode(), None, MediaType.TXT),
    ],
)
def test_types_by_content(data: bytes, name: str | None, expected: MediaType) -> None:
    assert detect(data, name) == (expected, None, "")


@pytest.mark.parametrize(
    ("data", "name", "media_type", "reason"),
    [
        (b"", "report.pdf", MediaType.UNKNOWN, "empty_file"),
        (bytes(range(256)) * 20, "report.docx", MediaType.UNKNOWN, "unknown_type"),
        (b"<html><p>????</p><p>2022?????????</p></html>", None, MediaType.UNKNOWN, "corrupt_file"),
        (f"<p>政府信息公开年报{chr(0xFFFD) * 19}</p>".encode(), None, MediaType.UNKNOWN, "corrupt_file"),
        (b"Rar!\x1a\x07\x00", None, MediaType.UNKNOWN, "unsupported_type"),
        (gzip.compress(b"<html>" * 20)[:-9], "report.html", MediaType.UNKNOWN, "unsupported_type"),
        (b"\x7fELF\x02\x01\x01" + bytes(400), "report.doc", MediaType.UNKNOWN, "unknown_type"),
        (b'<?xml version="1.0"?><office:document/>', "report.fodt", MediaType.UNKNOWN, "unsupported_type"),
        (b"\xff\xd8\xff\xe0JFIF", "scan.jpg", MediaType.UNKNOWN, "unsupported_type"),
        (_zip("[Content_Types].xml", "xl/workbook.bin"), "a.xlsx", MediaType.UNKNOWN, "unsupported_type"),
        (_zip("OFD.xml", "Doc_0/Document.xml"), None, MediaType.UNKNOWN, "unsupported_type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 truncated", "a.xls", MediaType.XLS, "corrupt_file"),
        (_zip("word/document.xml")[:-30], "report", MediaType.DOCX, "corrupt_file"),
        (_zip("a.txt")[:-30], None, MediaType.ZIP, "corrupt_file"),
        (_zip("a.txt")[:-30], "report.xlsx", MediaType.XLSX, "corrupt_file"),
    ],
)
def test_files_that_no_reader_takes(
    data: bytes, name: str | None, media_type: MediaType, reason: str
) -> None:
    found = detect(data, name)
    assert (found.media_type, found.reason) == (media_type, reason)
    assert found.detail

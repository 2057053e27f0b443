"""Zip archives: members with readable names, and limits that hold whatever the headers say."""

from __future__ import annotations

import io
import zipfile

import pytest

from gao_pipeline.documents import archive
from gao_pipeline.documents.model import UnreadableDocumentError
from gao_pipeline.documents.reading import archive_members


def _zip(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members:
            file.writestr(name, content)
    return buffer.getvalue()


def _with_gbk_names(data: bytes, name: str, placeholder: str) -> bytes:
    """Replace an ASCII name by the GBK bytes of another of the same length, as archivers in China do."""
    return data.replace(placeholder.encode(), name.encode("gbk"))


def test_members_in_order_without_folders_and_debris() -> None:
    data = _zip(
        ("年报/", b""),
        ("年报/甲.txt", b"1"),
        ("__MACOSX/甲.txt", b"x"),
        ("乙.txt", b"2"),
        ("a/.DS_Store", b""),
    )
    assert archive_members(data) == [("年报/甲.txt", b"1"), ("乙.txt", b"2")]


def test_names_in_gbk() -> None:
    name = "政府信息公开年报/甲县商务局.txt"
    placeholder = "x" * len(name.encode("gbk"))
    data = _with_gbk_names(_zip((placeholder, b"1")), name, placeholder)
    assert archive_members(data) == [(name, b"1")]


def test_archives_inside_are_unpacked_one_level() -> None:
    innermost = _zip(("c.txt", b"3"))
    data = _zip(("内.zip", _zip(("b.txt", b"2"), ("最内.zip", innermost))), ("a.txt", b"1"))
    assert archive_members(data) == [("内.zip/b.txt", b"2"), ("内.zip/最内.zip", innermost), ("a.txt", b"1")]


@pytest.mark.parametrize(
    ("limit", "value"), [("MAX_MEMBERS", 2), ("MAX_MEMBER_BYTES", 50_000), ("MAX_TOTAL_BYTES", 250_000)]
)
def test_limits(monkeypatch: pytest.MonkeyPatch, limit: str, value: int) -> None:
    data = _zip(*((f"{number}.txt", bytes(100_000)) for number in range(3)))
    assert len(archive_members(data)) == 3
    monkeypatch.setattr(archive, limit, value)
    with pytest.raises(UnreadableDocumentError, match="member_too_large"):
        archive_members(data, "reports.zip")


def test_a_size_that_lies_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = _zip(("a.txt", bytes(100_000)))
    honest = (100_000).to_bytes(4, "little")
    assert data.count(honest) == 2
    monkeypatch.setattr(archive, "MAX_MEMBER_BYTES", 50_000)
    with pytest.raises(UnreadableDocumentError):
        archive_members(data.replace(honest, (10).to_bytes(4, "little")))


def test_damaged_members() -> None:
    data = bytearray(_zip(("a.txt", b"content " * 100)))
    data[45] ^= 0xFF
    with pytest.raises(UnreadableDocumentError, match="corrupt_file"):
        archive_members(bytes(data))


def test_encrypted_members() -> None:
    data = bytearray(_zip(("a.txt", b"1")))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnreadableDocumentError, match="encrypted_file"):
        archive_members(bytes(data))

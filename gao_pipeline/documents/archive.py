"""Unpacks zip archives within limits: a hostile or careless archive must not exhaust the machine."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

from gao_pipeline.documents.detection import detect
from gao_pipeline.documents.encoding import decode
from gao_pipeline.documents.model import MediaType, UnreadableDocumentError

MAX_MEMBERS = 2_000
MAX_MEMBER_BYTES = 200 * 2**20
MAX_TOTAL_BYTES = 2 * 2**30
_CHUNK_BYTES = 2**20
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_DEBRIS_FOLDER = "__MACOSX/"
_DEBRIS_FILES = (".DS_Store", "Thumbs.db")


def unpack(data: bytes, name: str | None = None) -> list[tuple[str, bytes]]:
    """The files in a zip archive, those in an archive inside it included (`inner.zip/report.docx`).

    An archive inside an inner archive is given as it is.

    Raises:
        UnreadableDocumentError: `encrypted_file`, or `member_too_large` beyond the limits.
        Exception: the archive is damaged (several libraries have each their own).
    """
    members: list[tuple[str, bytes]] = []
    for path, content in _files(data, name or "the archive"):
        if detect(content, path).media_type is MediaType.ZIP:
            members.extend((f"{path}/{inner}", inside) for inner, inside in _files(content, path))
        else:
            members.append((path, content))
    if sum(len(content) for _, content in members) > MAX_TOTAL_BYTES or len(members) > MAX_MEMBERS:
        raise _too_large(name or "the archive", "its archives hold too much together")
    return members


def check_size(archive: zipfile.ZipFile) -> None:
    """Refuse a container (a zip archive or an office document) that unpacks to an unreasonable size.

    Raises:
        UnreadableDocumentError: `member_too_large`.
    """
    entries = archive.infolist()
    if len(entries) > MAX_MEMBERS:
        raise _too_large("the container", f"{len(entries)} members, at most {MAX_MEMBERS} are read")
    for entry in entries:
        if entry.file_size > MAX_MEMBER_BYTES:
            raise _too_large(entry.filename, f"unpacked it exceeds {MAX_MEMBER_BYTES // 2**20} MiB")


def _files(data: bytes, archive_name: str) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > MAX_MEMBERS:
            raise _too_large(archive_name, f"{len(entries)} members, at most {MAX_MEMBERS} are read")
        left = MAX_TOTAL_BYTES
        files = []
        for entry in entries:
            path = _path(entry)
            if path.startswith(_DEBRIS_FOLDER) or path.endswith(_DEBRIS_FILES):
                continue
            content = _content(archive, entry, path, min(left, MAX_MEMBER_BYTES))
            left -= len(content)
            files.append((path, content))
        return files


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str, limit: int) -> bytes:
    """The bytes of a member; what its header says about its size is not believed."""
    if entry.flag_bits & _ENCRYPTED:
        raise UnreadableDocumentError("encrypted_file", f"{path} in the archive is encrypted")
    chunks = bytearray()
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            chunks += chunk
            if len(chunks) > limit:
                raise _too_large(path, f"unpacked it exceeds {limit // 2**20} MiB")
    return bytes(chunks)


def _too_large(path: str, detail: str) -> UnreadableDocumentError:
    return UnreadableDocumentError("member_too_large", f"{path}: {detail}")


def _path(entry: zipfile.ZipInfo) -> str:
    """The readable path of a member: archivers in China write names in GBK without saying so."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAME:
        name = decode(name.encode("cp437")).text
    return str(PurePosixPath(name.replace("\\", "/"))).lstrip("/")

"""Results kept by content: what a reader made of a document, what the report reader made of that.

A result lies at `<folder>/<first two digits>/<sha256>.<version>.json.gz`. That a file cannot be read is a
result too: its quarantine.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from gao_pipeline.archive.home import replacing
from gao_pipeline.documents.model import Document, MediaType, Model
from gao_pipeline.reports.model import Report

_SUFFIX = ".json.gz"


class Quarantine(Model, frozen=True, kw_only=True):
    """Why a file gives nothing: a code of the quarantine vocabulary and what was found, for a person."""

    reason: str
    detail: str


class Extraction(Model, frozen=True, kw_only=True):
    """What a document reader made of a file: a document, or a quarantine."""

    sha256: str
    media_type: MediaType
    document: Document | None = None
    quarantine: Quarantine | None = None


class ReportReading(Model, frozen=True, kw_only=True):
    """What the report reader made of an extraction: a report, or a quarantine."""

    sha256: str
    report: Report | None = None
    quarantine: Quarantine | None = None


R = TypeVar("R", Extraction, ReportReading)


def pack(result: Extraction | ReportReading) -> bytes:
    """A result as it is stored."""
    return gzip.compress(msgspec.json.encode(result), compresslevel=4, mtime=0)


def unpack(packed: bytes, kind: type[R]) -> R:
    """A stored result."""
    return msgspec.json.decode(gzip.decompress(packed), type=kind)


@dataclass(frozen=True)
class ContentStore(Generic[R]):
    """Results of one kind. A result is written once and never changed."""

    folder: Path
    kind: type[R]

    def path(self, sha256: str, version: str) -> Path:
        """Where a result is kept."""
        return self.folder / sha256[:2] / f"{sha256}.{version}{_SUFFIX}"

    def holds(self, sha256: str, version: str) -> bool:
        """Whether there is a result of this version."""
        return self.path(sha256, version).exists()

    def read(self, sha256: str, version: str) -> R:
        """The result.

        Raises:
            FileNotFoundError: there is none of this version.
        """
        return unpack(self.read_packed(sha256, version), self.kind)

    def read_packed(self, sha256: str, version: str) -> bytes:
        """The result as it is stored."""
        return self.path(sha256, version).read_bytes()

    def write_packed(self, sha256: str, version: str, packed: bytes) -> None:
        """Keeps a result that `pack` made."""
        with replacing(self.path(sha256, version)) as temporary:
            temporary.write_bytes(packed)

    def prune(self, version: str) -> int:
        """Removes the results of every other version; returns how many there were.

        Results of files that are gone stay: a file that comes back is not read again.
        """
        stale = [path for path in self.folder.glob(f"*/*{_SUFFIX}") if f".{version}." not in path.name]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

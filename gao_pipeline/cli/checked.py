"""Files on their way through `gao check`: read one by one, confronted with the rules in one go."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from gao_pipeline.archive.mapper import Loss
from gao_pipeline.checking.confrontation import Confrontation, confront
from gao_pipeline.checking.file_names import with_file_name
from gao_pipeline.contracts.vocabularies import load_quarantine_reasons
from gao_pipeline.documents.model import MediaType, UnreadableDocumentError
from gao_pipeline.documents.reading import archive_members, detect_media_type, read_document
from gao_pipeline.reports.model import Report
from gao_pipeline.reports.reading import read_report


@dataclass(frozen=True)
class CheckedFile:
    """A file with its report and what the rules say of it, or with the reason why it gave none."""

    file: str
    sha256: str | None
    media_type: MediaType
    report: Report | None = None
    outcome: Confrontation | None = None
    reason: str | None = None
    detail: str | None = None

    def count(self, severity: str) -> int:
        """How many findings of a severity stand against the report."""
        findings = self.outcome.findings if self.outcome else ()
        return sum(finding.severity == severity for finding in findings)

    def quarantine_message(self, language: str) -> str:
        """Why the file was not read and what to do, with what the reader found."""
        sentence = load_quarantine_reasons()[self.reason or "unreadable_file"].in_language(language)
        return f"{sentence} ({self.detail})" if self.detail else sentence


def files_below(paths: Iterable[Path]) -> Iterator[Path]:
    """The files in the order given; a folder gives its files by name, hidden ones left out."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for file in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
            if file.is_file() and not hidden:
                yield file


def check_files(files: Iterable[Path]) -> list[CheckedFile]:
    """Every file (and every member of an archive) read and confronted, in order."""
    read = [item for file in files for item in _read(file)]
    outcomes = iter(confront([item.report for item in read if item.report is not None]))
    return [
        item
        if item.report is None
        else replace(item, outcome=with_file_name(next(outcomes), item.report, item.file))
        for item in read
    ]


def _read(path: Path) -> Iterator[CheckedFile]:
    if path.exists() and not path.is_file():
        yield _unopened(path, "not_a_file")
        return
    try:
        data = path.read_bytes()
    except OSError as error:
        yield _unopened(path, "unreadable_file", error.strerror)
        return
    if detect_media_type(data, path.name) is not MediaType.ZIP:
        yield _read_bytes(str(path), data)
        return
    try:
        members = archive_members(data, path.name)
    except UnreadableDocumentError as error:
        yield _quarantined(str(path), data, error.reason, error.detail)
        return
    if not members:
        yield _quarantined(str(path), data, "empty_archive")
    for member, content in members:
        yield _read_bytes(f"{path}!/{member}", content)


def _unopened(path: Path, reason: str, detail: str | None = None) -> CheckedFile:
    return CheckedFile(
        file=str(path), sha256=None, media_type=MediaType.UNKNOWN, reason=reason, detail=detail
    )


def _read_bytes(file: str, data: bytes) -> CheckedFile:
    try:
        report = read_report(read_document(data, file), file)
    except UnreadableDocumentError as error:
        return _quarantined(file, data, error.reason, error.detail)
    except Exception as error:
        return _quarantined(file, data, Loss.CRASHED, f"{type(error).__name__}: {error}")
    return CheckedFile(
        file=file, sha256=hashlib.sha256(data).hexdigest(), media_type=report.media_type, report=report
    )


def _quarantined(file: str, data: bytes, reason: str, detail: str | None = None) -> CheckedFile:
    return CheckedFile(
        file=file,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=detect_media_type(data, file),
        reason=reason,
        detail=detail,
    )

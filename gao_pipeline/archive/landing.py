"""What lies in the landing folder: every file, every member of an archive, by content."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import msgspec
import pandas as pd

from gao_pipeline.archive.frames import frame_of
from gao_pipeline.archive.home import replacing
from gao_pipeline.documents.model import MediaType, Model, UnreadableDocumentError
from gao_pipeline.documents.reading import archive_members, detect_media_type

MEMBER_SEPARATOR = "!/"
"""Stands between the path of an archive and the path of a member inside it."""

IGNORED_NAMES = ("~$*", ".*", "Thumbs.db", "desktop.ini", "*.tmp", "*.part", "*.crdownload")
"""Names of lock, hidden and half-downloaded files: like all in hidden folders they are counted, not read."""

_SPECIAL_FILES = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a character device"),
    (stat.S_ISBLK, "a block device"),
)

_UNSETTLED_NS = 2_000_000_000
"""A file modified this shortly before a scan may change again without a new time: it is hashed again."""

# File names that are not UTF-8 arrive as lone surrogates, which no table can hold: they are kept as
# private-use characters, from which the name on disk can be told again.
_TO_PRIVATE_USE = {0xDC80 + i: 0xF780 + i for i in range(128)}
_FROM_PRIVATE_USE = {private: surrogate for surrogate, private in _TO_PRIVATE_USE.items()}


class Content(Model, frozen=True, kw_only=True):
    """The bytes of a file or of a member of an archive.

    Where they cannot be read `sha256` is `None`, `reason` (a quarantine code) and `detail` say why.
    """

    path: str
    sha256: str | None
    size: int
    media_type: MediaType
    reason: str | None = None
    detail: str | None = None


class LandedFile(Model, frozen=True, kw_only=True):
    """A file on disk with what is in it: itself, or the members of an archive. Times in ns since 1970."""

    path: str
    size: int
    modified_ns: int
    first_seen_ns: int
    contents: tuple[Content, ...]


class LandingIndex(Model, frozen=True, kw_only=True):
    """A scan of the landing folder, in the order of paths. Of its files, `hashed` were opened."""

    scanned_ns: int
    files: tuple[LandedFile, ...] = ()
    ignored: tuple[str, ...] = ()
    hashed: int = 0

    def duplicates(self) -> dict[str, str]:
        """The path of each content whose bytes are read elsewhere, and the path where they are read."""
        first: dict[str, str] = {}
        duplicates: dict[str, str] = {}
        for file in self.files:
            for content in file.contents:
                if (
                    content.sha256 is not None
                    and first.setdefault(content.sha256, content.path) != content.path
                ):
                    duplicates[content.path] = first[content.sha256]
        return duplicates


def scan(landing: Path, index_path: Path) -> LandingIndex:
    """Scans the landing folder and keeps the result at `index_path` for the next scan.

    A file that the last scan could read is not opened while its size and modification time are the same.
    A file or folder that may not be opened, and whatever is no file (a pipe, a socket, a device), is listed
    without a hash.

    Raises:
        NotADirectoryError: there is no such folder.
    """
    if not landing.is_dir():
        raise NotADirectoryError(
            f"{landing}: the landing folder does not exist; create it or set GAO_LANDING"
        )
    known = _load_index(index_path)
    known_files = {
        file.path: file
        for file in known.files
        if file.modified_ns < known.scanned_ns - _UNSETTLED_NS
        and all(content.sha256 is not None for content in file.contents)
    }
    seen_before = {(c.path, c.sha256): f.first_seen_ns for f in known.files for c in f.contents}
    now = time.time_ns()
    files: list[LandedFile] = []
    ignored: list[str] = []
    hashed = 0
    for location in _walk(landing):
        path = _path_below(landing, location)
        if _is_ignored(path):
            ignored.append(path)
            continue
        if (status := _status(location)) is None:
            continue
        before = known_files.get(path)
        if before and (before.size, before.modified_ns) == (status.st_size, status.st_mtime_ns):
            files.append(before)
            continue
        contents = tuple(_contents(location, path, status))
        first_seen = min(seen_before.get((content.path, content.sha256), now) for content in contents)
        files.append(
            LandedFile(
                path=path,
                size=status.st_size,
                modified_ns=status.st_mtime_ns,
                first_seen_ns=first_seen,
                contents=contents,
            )
        )
        hashed += 1
    index = LandingIndex(
        scanned_ns=now,
        files=tuple(sorted(files, key=lambda file: file.path)),
        ignored=tuple(sorted(ignored)),
        hashed=hashed,
    )
    with replacing(index_path) as temporary:
        temporary.write_bytes(msgspec.json.encode(index))
    return index


def raw_files(index: LandingIndex) -> pd.DataFrame:
    """The table `raw_files` of a scan."""
    duplicates = index.duplicates()
    return frame_of(
        "raw_files",
        (
            {
                "path": content.path,
                "sha256": content.sha256,
                "size": content.size,
                "modified_at": _timestamp(file.modified_ns),
                "first_seen_at": _timestamp(file.first_seen_ns),
                "media_type": str(content.media_type),
                "duplicate_of": duplicates.get(content.path),
                "reason": content.reason,
                "detail": content.detail,
            }
            for file in index.files
            for content in file.contents
        ),
    )


def read_contents(landing: Path, paths: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
    """The bytes at each of `paths` (as `scan` gives them), `None` where they cannot be read any more.

    An archive is unpacked once where its members follow one another.
    """
    archive_path, members = "", dict[str, bytes]()
    for path in paths:
        container, separator, _ = path.partition(MEMBER_SEPARATOR)
        try:
            if not separator:
                yield path, _location(landing, path).read_bytes()
                continue
            if container != archive_path:
                data = _location(landing, container).read_bytes()
                archive_path, members = container, dict(_members(data, container))
            yield path, members.get(path)
        except (OSError, UnreadableDocumentError):
            yield path, None


def _load_index(index_path: Path) -> LandingIndex:
    """The last scan; an index that another version of us wrote is as good as none."""
    try:
        return msgspec.json.decode(index_path.read_bytes(), type=LandingIndex)
    except (FileNotFoundError, msgspec.DecodeError):
        return LandingIndex(scanned_ns=0)


def _walk(folder: Path) -> Iterator[Path]:
    """Every file below a folder and the folders it links to, and every folder that may not be listed.

    No folder is walked twice, for links may lead in a circle: folders that lie there themselves come first,
    then links, then hidden folders.
    """
    refused: list[Path] = []
    walked: set[Path] = set()
    linked, hidden = deque([folder]), deque[Path]()
    while linked or hidden:
        start = (linked or hidden).popleft()
        for root, folders, names in os.walk(
            start, onerror=lambda error: refused.append(Path(error.filename))
        ):
            here = Path(root)
            if (real := here.resolve()) in walked:
                folders.clear()
                continue
            walked.add(real)
            hidden += sorted(here / name for name in folders if name.startswith("."))
            folders[:] = [name for name in folders if not name.startswith(".")]
            linked += sorted(here / name for name in folders if (here / name).is_symlink())
            yield from (here / name for name in names)
    yield from refused


def _status(location: Path) -> os.stat_result | None:
    """The status of a file; of a link that leads nowhere; of the folder where that keeps it to itself.

    `None` where the file is gone by now.
    """
    try:
        return location.stat()
    except OSError:
        pass
    try:
        return location.lstat()
    except FileNotFoundError:
        return None
    except PermissionError:
        return location.parent.stat()


def _is_ignored(path: str) -> bool:
    *folders, name = path.split("/")
    return any(folder.startswith(".") for folder in folders) or any(
        fnmatch(name, pattern) for pattern in IGNORED_NAMES
    )


def _contents(location: Path, path: str, status: os.stat_result) -> Iterator[Content]:
    if special := _special_file(status.st_mode):
        yield _unread(path, status, "not_a_file", f"this is {special}")
        return
    try:
        data = location.read_bytes()
    except OSError as error:
        leads_nowhere = stat.S_ISLNK(status.st_mode)
        detail = "the symbolic link leads nowhere" if leads_nowhere else error.strerror
        yield _unread(path, status, "unreadable_file", detail)
        return
    whole = _content(path, data)
    members: list[tuple[str, bytes]] = []
    if whole.media_type is MediaType.ZIP:
        try:
            members = _members(data, path)
        except UnreadableDocumentError:
            members = []
    if not members:
        yield whole
    for member_path, member in members:
        yield _content(member_path, member)


def _special_file(mode: int) -> str | None:
    """What lies there instead of a file: opening it might wait for ever."""
    return next((name for is_kind, name in _SPECIAL_FILES if is_kind(mode)), None)


def _unread(path: str, status: os.stat_result, reason: str, detail: str | None) -> Content:
    return Content(
        path=path,
        sha256=None,
        size=status.st_size,
        media_type=MediaType.UNKNOWN,
        reason=reason,
        detail=detail,
    )


def _content(path: str, data: bytes) -> Content:
    return Content(
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        media_type=detect_media_type(data, path),
    )


def _members(data: bytes, path: str) -> list[tuple[str, bytes]]:
    """The members of an archive under paths of their own; a name that is used again gets a number."""
    used: Counter[str] = Counter()
    members = []
    for name, content in archive_members(data, path):
        used[name] += 1
        number = f"#{used[name]}" if used[name] > 1 else ""
        members.append((f"{path}{MEMBER_SEPARATOR}{name}{number}", content))
    return members


def _timestamp(nanoseconds: int) -> pd.Timestamp:
    return pd.Timestamp(nanoseconds, tz="UTC").floor("us")


def _path_below(landing: Path, location: Path) -> str:
    return location.relative_to(landing).as_posix().translate(_TO_PRIVATE_USE)


def _location(landing: Path, path: str) -> Path:
    return landing / path.translate(_FROM_PRIVATE_USE)

"""Releases: made beside the old one, let through the door, switched in atomically, listed, rolled back.

`<home>/releases/` holds one folder per release and the relative link `current`. A release that is being made
is `.staging-<id>`; the newest one that the door refused is kept in `refused/<id>` with its Data Docs.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import duckdb
import msgspec

import gao_pipeline
from gao_pipeline.archive.digests import digest
from gao_pipeline.archive.home import Home
from gao_pipeline.archive.tables import TableStore
from gao_pipeline.contracts.loading import contract_files
from gao_pipeline.contracts.tables import TableContract
from gao_pipeline.publishing.datapackage import sha256_of
from gao_pipeline.publishing.ddl import released_tables
from gao_pipeline.publishing.dictionary import write_dictionary
from gao_pipeline.publishing.door import DoorVerdict, check_duckdb
from gao_pipeline.publishing.quality_report import write_quality_report
from gao_pipeline.publishing.staging import CONTRACTS_FOLDER, stage_contracts, stage_data, stage_descriptor

CURRENT = "current"
_MANIFEST = "release.json"
_REFUSED = "refused"
_STAGING = ".staging-"
_WITHDRAWN = ".withdrawn-"
_CONTRACT_FOLDERS = ("forms", "tables", "expectations", "vocabularies")


class ReleaseError(Exception):
    """A release cannot be made or found; the message says what to do.

    `code` names what people run into, with the `values` of its sentence, for texts in their own language.
    """

    def __init__(self, message: str, code: str | None = None, **values: object) -> None:
        super().__init__(message)
        self.code = code
        self.values = values


class ReleaseRefusedError(ReleaseError):
    """The door refused a release: the old one stays.

    `verdicts` is all that the door said, `broken` those that refuse it, `place` holds what was refused: a
    folder, or a schema of the database.
    """

    def __init__(self, verdicts: Sequence[DoorVerdict], place: Path | str) -> None:
        self.verdicts = tuple(verdicts)
        self.place = place
        self.broken = tuple(verdict for verdict in verdicts if verdict.blocks)
        names = ", ".join(verdict.id for verdict in self.broken)
        super().__init__(f"The release was refused and the old one stays: {names} (see {place})")


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What `release.json` says of a release."""

    id: str
    created_at: str
    content: str
    previous: str | None
    version: str
    rows: dict[str, int]
    verdicts: tuple[DoorVerdict, ...]


@dataclass(frozen=True)
class Release:
    """A complete release. `is_new` says whether it was just switched in, or found to be current already."""

    folder: Path
    manifest: Manifest
    is_current: bool
    is_new: bool = False

    @property
    def id(self) -> str:
        return self.manifest.id

    @cached_property
    def tables(self) -> list[TableContract]:
        """The contracts that its tables were made by."""
        return released_tables(self.folder / CONTRACTS_FOLDER)


@dataclass(frozen=True)
class PublishOptions:
    """Settings of a publication. `storage_version` is the DuckDB storage format older drivers can open."""

    keep: int = 10
    storage_version: str = "v1.0.0"


def publish(
    store: TableStore,
    home: Home,
    options: PublishOptions = PublishOptions(),
    *,
    now: datetime | None = None,
    on_step: Callable[[str], None] = lambda _: None,
) -> Release:
    """Makes a release of what the store holds and switches it in, unless nothing changed since the current.

    `on_step` hears the name of each step before it is taken.

    Raises:
        ReleaseRefusedError: a blocking expectation of the door failed; the current release stays in place.
        ReleaseError: another publication is under way, or the release cannot be written.
    """
    releases = home.releases
    releases.mkdir(parents=True, exist_ok=True)
    with _exclusive(releases):
        on_step("compare")
        _remove_remains(releases)
        content = content_digest(store)
        if (same := _release_of_content(home, content)) is not None:
            return same
        created = _after_the_last(home, (now or datetime.now(UTC)).astimezone(UTC))
        identifier = f"{created:%Y%m%dT%H%M%SZ}-{content[:8]}"
        previous = current_release(home)
        folder = releases / f"{_STAGING}{identifier}"
        with _made_whole_or_removed(folder):
            on_step("stage")
            staged = stage_data(folder, store, storage_version=options.storage_version)
            stage_contracts(folder)
            write_dictionary(folder, staged.rows)

            on_step("door")
            verdicts = check_duckdb(folder, previous.folder if previous else None, name=identifier)

            on_step("describe")
            manifest = Manifest(
                id=identifier,
                created_at=created.isoformat(timespec="seconds"),
                content=content,
                previous=previous.id if previous else None,
                version=gao_pipeline.__version__,
                rows=dict(staged.rows),
                verdicts=verdicts,
            )
            write_quality_report(folder, identifier, manifest.created_at, verdicts)
            stage_descriptor(staged, version=identifier, created=manifest.created_at)
            (folder / _MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
            if any(verdict.blocks for verdict in verdicts):
                raise ReleaseRefusedError(verdicts, _keep_refused(releases, folder, identifier))

            on_step("commit")
            _sync_tree(folder)
            folder.rename(releases / identifier)
            _sync(releases)

        on_step("switch")
        _switch(releases, identifier)
        on_step("prune")
        _prune(home, options.keep)
        return Release(releases / identifier, manifest, is_current=True, is_new=True)


def _after_the_last(home: Home, moment: datetime) -> datetime:
    """`moment`, or the second after the newest release: ids sort as releases were made."""
    second = timedelta(seconds=1)
    made = [datetime.fromisoformat(release.manifest.created_at) for release in list_releases(home)]
    return max([moment, *(last + second for last in made)])


def content_digest(store: TableStore) -> str:
    """A digest of everything a release is made of: tables, contracts and our code."""
    parts = [gao_pipeline.__version__]
    for table in released_tables():
        for path in store.paths(table.name):
            parts.append(f"{table.name}/{path.parent.name} {sha256_of(path)}")
    sources = [path for name in _CONTRACT_FOLDERS for path in contract_files(name)]
    sources += sorted(path for path in Path(__file__).parent.rglob("*") if path.suffix in (".py", ".j2"))
    parts += [f"{path.name} {sha256_of(path)}" for path in sources]
    return digest(parts)


def current_release(home: Home) -> Release | None:
    """The release that `current` points to, if any."""
    return next((release for release in list_releases(home) if release.is_current), None)


def list_releases(home: Home) -> list[Release]:
    """Every complete release, oldest first."""
    link = home.releases / CURRENT
    current = link.readlink().name if link.is_symlink() else None
    return [
        Release(
            path.parent, msgspec.json.decode(path.read_bytes(), type=Manifest), path.parent.name == current
        )
        for path in sorted(home.releases.glob(f"[0-9]*/{_MANIFEST}"))
    ]


def find_release(home: Home, identifier: str) -> Release:
    """The release with this id (or a unique beginning of it), or the one that `current` points to.

    Raises:
        ReleaseError: there is none, or more than one.
    """
    found = [
        release
        for release in list_releases(home)
        if release.id.startswith(identifier) or (identifier == CURRENT and release.is_current)
    ]
    if len(found) != 1:
        known = ", ".join(release.id for release in list_releases(home)) or "none"
        raise ReleaseError(
            f"{identifier!r} names {len(found)} releases; there are: {known}",
            "not_found",
            identifier=identifier,
            found=len(found),
            known=known,
        )
    return found[0]


def rollback(home: Home, identifier: str | None = None) -> Release:
    """Switches back to an earlier release: to `identifier`, or to the one before the current one.

    The releases after it are withdrawn: they are kept, but the same content is not switched in again.

    Raises:
        ReleaseError: there is no such release, or none before the current one.
    """
    if not list_releases(home):
        raise ReleaseError("There is no release yet.", "none")
    with _exclusive(home.releases):
        releases = list_releases(home)
        if identifier is None:
            position = next((i for i, release in enumerate(releases) if release.is_current), 0)
            if position == 0:
                raise ReleaseError("There is no release before the current one.", "none_before")
            target = releases[position - 1]
        else:
            target = find_release(home, identifier)
        for release in releases:
            mark = home.releases / f"{_WITHDRAWN}{release.id}"
            if release.id > target.id:
                mark.touch()
            elif release.id == target.id:
                mark.unlink(missing_ok=True)
        _switch(home.releases, target.id)
        return replace(target, is_current=True, is_new=not target.is_current)


def _release_of_content(home: Home, content: str) -> Release | None:
    """The current release if it has this content, or if a later release that has it was withdrawn.

    A later one that has it and was not withdrawn only waits to be switched in: its publication was killed.
    """
    current = current_release(home)
    for release in reversed(list_releases(home)):
        if release.is_current or (current and release.id < current.id):
            break
        if release.manifest.content == content:
            if (home.releases / f"{_WITHDRAWN}{release.id}").exists():
                return current
            _switch(home.releases, release.id)
            return replace(release, is_current=True, is_new=True)
    return current if current and current.manifest.content == content else None


@contextmanager
def _exclusive(releases: Path) -> Iterator[None]:
    with (releases / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ReleaseError(
                "Another publication is under way; try again when it has ended.", "under_way"
            ) from error
        yield


@contextmanager
def _made_whole_or_removed(folder: Path) -> Iterator[None]:
    """Makes `folder` and removes it if it cannot be filled, so that a full disk does not stay full."""
    try:
        folder.mkdir()
        yield
    except (OSError, duckdb.IOException) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise ReleaseError(f"The release cannot be written, and the old one stays: {error}") from error


def _remove_remains(releases: Path) -> None:
    """Removes what a killed publication left behind; nobody else publishes while the lock is held."""
    for remains in releases.glob(f"{_STAGING}*"):
        shutil.rmtree(remains)
    for link in releases.glob(f".{CURRENT}-*"):
        link.unlink()


def _keep_refused(releases: Path, folder: Path, identifier: str) -> Path:
    refused = releases / _REFUSED
    shutil.rmtree(refused, ignore_errors=True)
    refused.mkdir()
    return folder.rename(refused / identifier)


def _switch(releases: Path, identifier: str) -> None:
    link = releases / f".{CURRENT}-{identifier}"
    link.unlink(missing_ok=True)
    link.symlink_to(identifier, target_is_directory=True)
    link.replace(releases / CURRENT)
    _sync(releases)


def _prune(home: Home, keep: int) -> None:
    for release in list_releases(home)[: -max(keep, 1)]:
        if not release.is_current:
            shutil.rmtree(release.folder.rename(home.releases / f"{_STAGING}{release.id}"))
            (home.releases / f"{_WITHDRAWN}{release.id}").unlink(missing_ok=True)


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""A publication killed anywhere leaves the old release or the new one, complete; the next one succeeds."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from gao_pipeline.archive.tables import TableStore
from gao_pipeline.publishing.release import PublishOptions, current_release, list_releases, publish

KILLED = Path(__file__).parent / "killed.py"
CHANGES_TRIED = 5
"""How many of a step's changes of the file system are tried, besides its beginning."""


def run(root: Path, now: str, *cases: str) -> str:
    command = [sys.executable, str(KILLED), str(root), now, *cases]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def faults(folder: Path) -> list[str]:
    """What is missing in a release or not as its descriptor says."""
    descriptor = folder / "datapackage.json"
    if not descriptor.is_file():
        return [f"{folder.name}: no datapackage.json"]
    found = []
    for resource in json.loads(descriptor.read_text("utf-8"))["resources"]:
        path = folder / resource["path"]
        if not path.is_file():
            found.append(f"{resource['path']}: missing")
        elif f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}" != resource["hash"]:
            found.append(f"{resource['path']}: not what was published")
    return found


def generation(folder: Path) -> str:
    with duckdb.connect(str(folder / "gao.duckdb"), read_only=True) as connection:
        ((mark,),) = connection.execute("SELECT DISTINCT source FROM dim_rule").fetchall()
    return str(mark)


def cases(changes: dict[str, int]) -> list[str]:
    """The beginning of every step, and changes spread over it: its first, its last and some between."""
    tried = []
    for step, count in changes.items():
        tried.append(step)
        spread = {1 + round(i * (count - 1) / (CHANGES_TRIED - 1)) for i in range(CHANGES_TRIED)}
        tried += [f"{step}:{n}" for n in sorted(spread) if count]
    return tried


@pytest.fixture(scope="module")
def killed(made: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """By case: a home in which the publication of generation 3 over 1 and 2 was killed."""
    root = tmp_path_factory.mktemp("killed")
    archive = made.copy(root / "whole")
    archive.mark()
    archive.copy(root / "none")
    changes = json.loads(run(root, archive.now.isoformat(), "none"))
    assert list(changes) == ["compare", "stage", "door", "describe", "commit", "switch", "prune"]
    homes = {case: archive.copy(root / case) for case in cases(changes)}
    run(root, archive.now.isoformat(), *homes)
    return homes


def test_the_current_release_is_the_old_or_the_new_one_complete(killed: dict[str, Any]) -> None:
    seen = []
    for case, archive in killed.items():
        current = current_release(archive.home)
        assert current is not None, case
        assert faults(current.folder) == [], case
        seen.append(generation(current.folder))
    assert seen == sorted(seen), "switched once, and not back"
    assert set(seen) == {"2", "3"}


def test_every_release_that_is_listed_is_complete(killed: dict[str, Any]) -> None:
    for case, archive in killed.items():
        for release in list_releases(archive.home):
            assert faults(release.folder) == [], f"{case}: {release.id}"


def test_the_next_publication_succeeds_and_leaves_no_remains(
    killed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gao_pipeline.publishing.release.check_duckdb", lambda *_, **__: ())
    for case, archive in killed.items():
        later = archive.now + timedelta(days=1)
        release = publish(TableStore(archive.home), archive.home, PublishOptions(keep=2), now=later)
        assert generation(release.folder) == "3", case
        assert faults(release.folder) == [], case
        assert release.folder.resolve() == archive.current.resolve(), case
        assert [path.name for path in archive.home.releases.glob(".*")] == [".lock"], case

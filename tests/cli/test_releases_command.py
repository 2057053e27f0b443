"""`gao releases`, `gao diff`, `gao rollback`: what they print in both languages, and their exit codes."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import msgspec
import pytest
from click.testing import Result
from typer.testing import CliRunner

from gao_pipeline.archive.home import Home
from gao_pipeline.archive.tables import TableStore
from gao_pipeline.cli import app
from gao_pipeline.publishing.release import publish


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of two releases: the later one has a table less, and rows added, removed and changed."""
    home = Home(tmp_path_factory.mktemp("home"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gao_pipeline.publishing.release.check_duckdb", lambda *_, **__: ())
        first = publish(TableStore(home), home)
    manifest = msgspec.structs.replace(first.manifest, id="20990101T000000Z-ffffffff", previous=first.id)
    folder = home.releases / manifest.id
    shutil.copytree(first.folder, folder)
    (folder / "release.json").write_bytes(msgspec.json.encode(manifest))
    (folder / "contracts" / "dim_rule.odcs.yaml").unlink()
    with duckdb.connect(str(folder / "gao.duckdb")) as connection:
        connection.execute("DROP TABLE dim_rule")
        columns = "(path, sha256, media_type, status)"
        connection.execute(f"INSERT INTO ledger {columns} VALUES ('a', 'b', 'txt', 'read')")
    link = home.releases / "current"
    link.unlink()
    link.symlink_to(folder.name, target_is_directory=True)
    return home.root


def gao(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--home", str(home)], env={"COLUMNS": "200"})


def test_releases_are_listed(made: Path) -> None:
    listed = gao(made, "releases").output.splitlines()
    assert "版本" in listed[0]
    assert [line.startswith("→") for line in listed[1:]] == [False, True]
    assert "Release" in gao(made, "releases", "--language", "en").output
    assert "还没有发布版本" in gao(made / "empty", "releases").output


def test_differences_are_counted_and_a_table_that_is_gone_is_named(made: Path) -> None:
    shown = gao(made, "diff", "2", "current")
    assert shown.exit_code == 2, "two releases begin with 2"
    assert "“2”对应 2 个版本" in shown.output
    first = sorted(path.name for path in (made / "releases").glob("2*"))[0]
    shown = gao(made, "diff", first)
    assert shown.exit_code == 0
    lines = {line.split()[0]: line.split()[1:] for line in shown.output.splitlines()}
    assert lines["ledger"] == ["+1", "-0", "~0"]
    assert "-statement_en" in lines["dim_rule:"]
    assert "没有差异" in gao(made, "diff", "current", "current").output


def test_a_rollback_is_told_and_ends_at_the_first_release(made: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(made, home, symlinks=True)
    assert "已切换到" in gao(home, "rollback").output
    refused = gao(home, "rollback")
    assert (refused.exit_code, "当前版本之前没有其他版本" in refused.output) == (2, True)
    assert "is current now" in gao(home, "rollback", "2099", "--language", "en").output
    nothing = gao(tmp_path / "empty", "rollback")
    assert (nothing.exit_code, "还没有发布版本" in nothing.output) == (2, True)

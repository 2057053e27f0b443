"""A home with a first release, and its next generations: the same archive, marked anew in four tables.

`GAO_STRESS_READERS` and `GAO_STRESS_PUBLICATIONS` set the size of the tests, e.g. 100 and 10.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gao_pipeline.archive.home import Home
from gao_pipeline.archive.tables import TableStore
from gao_pipeline.orchestration.running import run_pipeline
from gao_pipeline.publishing.release import PublishOptions, Release, publish
from gao_pipeline.settings import Settings

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "reports"
FIRST = datetime(2026, 1, 5, 12, tzinfo=UTC)
MARKS = {
    "dim_indicator": "caveat_en",
    "dim_report": "title",
    "dim_rule": "source",
    "findings": "message_en",
}
"""Columns that carry the generation: two tables kept whole, two kept by report year."""


@dataclass
class Archive:
    """A home whose tables can be marked with a new generation, and published."""

    home: Home
    generation: int = 0

    @property
    def current(self) -> Path:
        return self.home.releases / "current"

    def mark(self) -> TableStore:
        """Writes the number of the next generation into every row of the marked tables."""
        self.generation += 1
        store = TableStore(self.home)
        for name, column in MARKS.items():
            for year in store.years(name) or [None]:
                frame = store.read(name, year)
                frame[column] = str(self.generation)
                store.write(name, frame, year)
        return store

    def publish_next(self, *, keep: int = 5) -> Release:
        """Marks the tables and publishes them, a day after the generation before."""
        store = self.mark()
        release = publish(store, self.home, PublishOptions(keep=keep), now=self.now)
        assert release.is_new
        return release

    @property
    def now(self) -> datetime:
        return FIRST + timedelta(days=self.generation)

    def copy(self, root: Path) -> Archive:
        """The tables and releases of this home in another; files are shared, for they are only replaced."""
        for folder in (self.home.tables, self.home.releases):
            shutil.copytree(folder, root / folder.name, symlinks=True, copy_function=os.link)
        return Archive(Home(root), self.generation)


@pytest.fixture(scope="session")
def size() -> tuple[int, int]:
    """How many readers there are, and how many publications they see."""
    readers, publications = (os.environ.get(f"GAO_STRESS_{name}") for name in ("READERS", "PUBLICATIONS"))
    return int(readers or 6), int(publications or 3)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The text samples, read and published twice: generations 1 and 2."""
    root = tmp_path_factory.mktemp("stress")
    landing = root / "landing"
    landing.mkdir()
    for sample in SAMPLES.glob("*.txt"):
        shutil.copy(sample, landing)
    archive = Archive(Home(root / "home"))
    settings = Settings(home=archive.home.root, landing=landing, mapper="in_process", postgres_url=None)
    assert run_pipeline(settings).succeeded
    shutil.rmtree(archive.home.releases)
    for _ in range(2):
        archive.publish_next()
    return archive


@pytest.fixture
def archive(made: Archive, tmp_path: Path) -> Archive:
    return made.copy(tmp_path / "home")

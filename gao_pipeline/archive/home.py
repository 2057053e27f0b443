"""The folders below `<home>` and nothing else: where each kind of thing is kept."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """The folder in which everything that the pipeline makes is kept."""

    root: Path

    @property
    def tables(self) -> Path:
        """Parquet files of the tables between assets."""
        return self.root / "tables"

    @property
    def extractions(self) -> Path:
        """What readers made of each distinct content."""
        return self.root / "extractions"

    @property
    def reports(self) -> Path:
        """What the report reader made of each extraction."""
        return self.root / "reports"

    @property
    def years(self) -> Path:
        """Digests of what each report year was last made from."""
        return self.root / "years"

    @property
    def releases(self) -> Path:
        """Curated releases and the link `current`."""
        return self.root / "releases"

    @property
    def corrections(self) -> Path:
        """Corrections written by the review desk."""
        return self.root / "corrections"

    @property
    def dagster(self) -> Path:
        """`DAGSTER_HOME`: the instance's own files."""
        return self.root / "dagster"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place, atomically, when the block ends without error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    temporary.chmod(0o644)
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)

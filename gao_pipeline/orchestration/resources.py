"""What assets and checks work with: the settings of the pipeline and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from gao_pipeline.archive.corrections import Corrections, load_all_corrections
from gao_pipeline.archive.home import Home
from gao_pipeline.archive.mapper import Mapper
from gao_pipeline.archive.progress import Progress, Silent
from gao_pipeline.archive.tables import TableStore
from gao_pipeline.archive.years import YearMarks
from gao_pipeline.settings import Settings


@dataclass(frozen=True)
class Pipeline:
    """The resource `pipeline`. A run that starts later sees corrections as they are then."""

    settings: Settings
    progress: Progress = field(default_factory=Silent)

    @property
    def home(self) -> Home:
        return self.settings.places

    @property
    def landing(self) -> Path:
        return self.settings.landing

    @property
    def landing_index(self) -> Path:
        """Where the last scan of the landing folder is kept."""
        return self.home.root / "landing.json"

    @cached_property
    def tables(self) -> TableStore:
        return TableStore(self.home)

    @property
    def mapper(self) -> Mapper:
        return self.settings.document_mapper()

    @property
    def corrections(self) -> Corrections:
        """The bundled corrections (or those of `GAO_CORRECTIONS`) and those of the review desk."""
        return load_all_corrections(self.settings.corrections, self.home.corrections)

    @property
    def marks(self) -> YearMarks:
        """What each report year was last made from."""
        return YearMarks(self.tables, self.corrections)

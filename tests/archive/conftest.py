"""An archive of reports as the reading stage leaves them, ready to be validated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow
import pytest

from gao_pipeline.aggregates.versions import choose_versions
from gao_pipeline.archive.corrections import Corrections
from gao_pipeline.archive.frames import frame_of
from gao_pipeline.archive.home import Home
from gao_pipeline.archive.reading import report_store, reported_facts
from gao_pipeline.archive.schemas import pandas_type, pandera_schema
from gao_pipeline.archive.store import ReportReading
from gao_pipeline.archive.tables import TableStore
from gao_pipeline.archive.validation import YearTables, validate_year
from gao_pipeline.archive.workers import Read
from gao_pipeline.checking.corrections import Correction
from gao_pipeline.contracts.organizations import Membership, Override
from gao_pipeline.contracts.tables import load_tables
from gao_pipeline.reports.model import Report

PROOF: dict[str, Any] = {"who": "校对员", "when": date(2026, 1, 1), "why": "三定方案", "evidence": "通知"}


class Archive:
    """Reports held as the reading stage leaves them."""

    def __init__(self, root: Path) -> None:
        self.tables = TableStore(Home(root))
        self.rows: list[dict[str, object]] = []

    def hold(self, digits: str, item: Report) -> None:
        """Keeps a report whose content hash repeats these hex digits (1, 2, 4, 8 or 16)."""
        sha256 = digits * (64 // len(digits))
        read = Read.of(ReportReading(sha256=sha256, report=item))
        report_store(self.tables.home).write_packed(sha256, "v1", read.packed)
        assert read.row is not None
        self.rows.append(read.row | {"path": f"{digits}.txt", "reading_version": "v1"})
        self.tables.write("reports", frame_of("reports", self.rows))
        year = "unknown" if item.report_year is None else item.report_year
        before, arrived = self.tables.dataset("reported_facts", [year]), reported_facts({sha256[:16]: item})
        self.tables.write("reported_facts", pyarrow.concat_tables([before.to_table(), arrived]), year)

    def validate(
        self,
        year: str,
        *figures: Correction,
        organizations: tuple[Override, ...] = (),
        members: Sequence[tuple[str, str]] = (),
    ) -> YearTables:
        listed = tuple(Membership(region=region, member=member, **PROOF) for region, member in members)
        corrections = Corrections(figures, organizations, listed)
        made = validate_year(self.tables, year, choose_versions, corrections)
        facts = made.validated_facts.to_pandas(types_mapper=pandas_type)
        made = made._replace(validated_facts=facts)
        for name, frame in made._asdict().items():
            pandera_schema(load_tables()[name]).validate(frame, lazy=True)
            self.tables.write(name, frame, year)
        return made


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)

"""Two releases are compared row by row, by key, table and year."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import duckdb
import pytest

from gao_pipeline.archive.home import Home
from gao_pipeline.publishing.diff import ReleaseDiff, StructureDiff, TableDiff, diff
from gao_pipeline.publishing.release import publish


def test_rows_added_removed_and_changed(
    home: Home, archive: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gao_pipeline.publishing.release.check_duckdb", lambda *_, **__: ())
    before = publish(archive((2020, 2021)).write(home), home)
    changed = archive((2021, 2022))
    changed.tables["findings"][0]["message"] = "别的说明"
    changed.tables["findings"][2]["finding_id"] = "f9"
    store = changed.write(home)
    for table in ("annual_aggregates", "annual_indicators", "dim_report", "validated_facts"):
        store.remove(table, 2020)
    after = publish(store, home)

    found = {(row.table, row.report_year): row for row in diff(before, after).rows}
    assert found["findings", 2021] == TableDiff("findings", 2021, added=1, removed=1, changed=1)
    assert found["dim_report", 2020] == TableDiff("dim_report", 2020, added=0, removed=2, changed=0)
    assert found["dim_report", 2022] == TableDiff("dim_report", 2022, added=2, removed=0, changed=0)
    assert ("dim_report", 2021) not in found
    assert found["dim_organization", None] == TableDiff("dim_organization", None, 0, 0, changed=2)
    assert "dim_region" not in {table for table, _ in found}
    assert diff(after, after) == ReleaseDiff((), ())
    assert [(r.added, r.removed) for r in diff(after, before).rows] == [
        (row.removed, row.added) for row in diff(before, after).rows
    ]


def test_a_changed_structure_is_told_and_leaves_the_rows_comparable(
    home: Home, archive: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gao_pipeline.publishing.release.check_duckdb", lambda *_, **__: ())
    store = archive((2021,)).write(home)
    after = publish(store, home)
    before = replace(after, folder=home.root / "before")
    shutil.copytree(after.folder, before.folder)
    (before.folder / "contracts" / "dim_department.odcs.yaml").unlink()
    with duckdb.connect(str(before.folder / "gao.duckdb")) as connection:
        connection.execute("DROP TABLE dim_department")
        connection.execute("ALTER TABLE findings DROP excerpt")
        connection.execute("ALTER TABLE findings ADD COLUMN gone VARCHAR")
        connection.execute("ALTER TABLE findings ALTER source_row TYPE VARCHAR")
        connection.execute("UPDATE findings SET message = 'x' WHERE finding_id = 'f2'")
    found = diff(before, after)
    departments = after.manifest.rows["dim_department"]
    assert found.rows == (
        TableDiff("dim_department", None, departments, 0, 0),
        TableDiff("findings", 2021, 0, 0, 1),
    )
    new, changed = found.structure
    assert (new.table, new.removed, new.retyped) == ("dim_department", (), ())
    assert changed == StructureDiff("findings", ("excerpt",), ("gone",), ("source_row",))
    back = diff(after, before)
    assert TableDiff("dim_department", None, 0, departments, 0) in back.rows

"""Tables on disk: what is written is read back in the types of its contract, a partition at a time."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pandera.errors
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gao_pipeline.archive import frames
from gao_pipeline.archive.frames import frame_of
from gao_pipeline.archive.home import Home
from gao_pipeline.archive.schemas import arrow_schema, conform, empty_frame, pandas_type, pandera_schema
from gao_pipeline.archive.tables import TableStore, year_key
from gao_pipeline.contracts.tables import load_tables

VERDICT = {"rule": "applications.balance", "passed": 1, "failed": 0, "not_assessable": 2, "reports_failed": 0}


def verdicts(*years: str) -> pd.DataFrame:
    return frame_of("rule_verdicts", [{"year_partition": year, **VERDICT} for year in years])


@pytest.fixture
def tables(tmp_path: Path) -> TableStore:
    return TableStore(Home(tmp_path))


@pytest.mark.parametrize("name", sorted(load_tables()))
def test_an_empty_table_fits_its_contract_before_and_after_storage(tables: TableStore, name: str) -> None:
    contract = load_tables()[name]
    frame = tables.read(name)
    pandera_schema(contract).validate(frame, lazy=True)
    tables.write(name, frame)
    again = tables.read(name)
    pandera_schema(contract).validate(again, lazy=True)
    pd.testing.assert_frame_equal(frame, again)
    assert arrow_schema(contract).names == list(contract.columns)


def test_years_are_kept_apart_and_read_together(tables: TableStore) -> None:
    for year in ("unknown", "2021", "2020"):
        tables.write("rule_verdicts", verdicts(year), year)
    assert tables.years("rule_verdicts") == ["2020", "2021", "unknown"]
    assert list(tables.read("rule_verdicts")["year_partition"]) == ["2020", "2021", "unknown"]
    assert list(tables.read("rule_verdicts", 2021)["year_partition"]) == ["2021"]
    assert (tables.row_count("rule_verdicts"), tables.row_count("rule_verdicts", 2020)) == (3, 1)
    assert tables.dataset("rule_verdicts", [2020, 2021, 1999]).count_rows() == 2


def test_a_removed_year_leaves_nothing(tables: TableStore) -> None:
    tables.write("rule_verdicts", verdicts("2021"), 2021)
    tables.remove("rule_verdicts", 2021)
    tables.remove("rule_verdicts", 2021)
    assert tables.years("rule_verdicts") == []
    assert tables.read("rule_verdicts").empty


def test_a_failed_write_leaves_the_old_table(tables: TableStore, monkeypatch: pytest.MonkeyPatch) -> None:
    tables.write("rule_verdicts", verdicts("2021"), 2021)

    def fail(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("pyarrow.parquet.write_table", fail)
    with pytest.raises(OSError, match="no space"):
        tables.write("rule_verdicts", verdicts("2021", "2022"), 2021)
    assert len(tables.read("rule_verdicts", 2021)) == 1
    assert [path.name for path in tables.path("rule_verdicts", 2021).parent.iterdir()] == ["data.parquet"]


def test_conform_orders_types_and_fills_columns() -> None:
    contract = load_tables()["rule_verdicts"]
    frame = conform(pd.DataFrame([{"passed": 1, "extra": "x", "rule": "a.b"}]), contract)
    assert tuple(frame.columns) == contract.columns
    assert str(frame["passed"].dtype) == "Int64"
    assert frame["failed"].isna().all()


@pytest.mark.parametrize(
    ("column", "value", "check"),
    [
        ("passed", -1, "greater_than_or_equal_to"),
        ("failed", None, "not_nullable"),
    ],
)
def test_what_breaks_the_contract_is_said(column: str, value: object, check: str) -> None:
    contract = load_tables()["rule_verdicts"]
    frame = conform(verdicts("2021").astype(object).assign(**{column: [value]}), contract)
    with pytest.raises(pandera.errors.SchemaErrors) as raised:
        pandera_schema(contract).validate(frame, lazy=True)
    failures = raised.value.failure_cases
    assert set(failures["column"]) == {column}
    assert any(check in str(name) for name in failures["check"])


def test_a_key_that_is_used_twice_breaks_the_contract() -> None:
    with pytest.raises(pandera.errors.SchemaErrors):
        pandera_schema(load_tables()["rule_verdicts"]).validate(verdicts("2021", "2021"), lazy=True)


@pytest.mark.parametrize(
    ("year", "key"),
    [(2008, "2008"), (date.today().year, str(date.today().year)), (None, "unknown")],
)
def test_the_partition_of_a_year(year: int | None, key: str) -> None:
    assert year_key(year) == key


@given(st.integers().filter(lambda year: not 2008 <= year <= date.today().year))
def test_a_year_in_which_there_can_be_no_report_is_unknown(year: int) -> None:
    assert year_key(year) == "unknown"


def test_every_contract_has_a_frame() -> None:
    for contract in load_tables().values():
        assert tuple(empty_frame(contract).columns) == contract.columns


def test_an_arrow_table_of_rows_is_the_frame_of_the_same_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "_BATCH", 2)
    rows = [
        {"region_code": code, "year": 2020, "residents": number, "source": "公报"}
        for number, code in enumerate(("360733", "110000", "all", "120000", "310000"), start=1)
    ]
    table = frames.table_of("population", iter(rows))
    assert table.schema == arrow_schema(load_tables()["population"])
    pd.testing.assert_frame_equal(
        table.to_pandas(types_mapper=pandas_type), frames.frame_of("population", rows)
    )


def test_an_arrow_table_is_kept_like_its_frame(tmp_path: Path) -> None:
    store = TableStore(Home(tmp_path))
    rows = [{"region_code": "360733", "year": 2020, "residents": 5, "source": "公报"}]
    first = store.write("population", frames.frame_of("population", rows)).read_bytes()
    assert store.write("population", frames.table_of("population", rows)).read_bytes() == first

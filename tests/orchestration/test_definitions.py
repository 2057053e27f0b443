"""The definitions as the UI shows them: assets, checks, jobs, schedule, sensors, instance."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from dagster import AssetCheckKey, AssetKey, AssetSpec, Definitions

from gao_pipeline.contracts.expectations import load_expectations
from gao_pipeline.contracts.rules import load_rules
from gao_pipeline.contracts.tables import load_tables
from gao_pipeline.orchestration.definitions import build_definitions
from gao_pipeline.orchestration.instance import open_instance, prepare_instance
from gao_pipeline.orchestration.partitions import REPORT_YEARS
from gao_pipeline.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
LAYERS = {"landing", "documents", "reports", "validation", "aggregates", "release"}


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> Definitions:
    return build_definitions(Settings(home=tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def specs(definitions: Definitions) -> dict[str, AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}


@pytest.fixture(scope="module")
def check_keys(definitions: Definitions) -> set[AssetCheckKey]:
    return set(definitions.resolve_asset_graph().asset_check_keys)


def test_every_table_of_the_contracts_is_an_asset(specs: dict[str, AssetSpec]) -> None:
    assert set(specs) == {*load_tables(), "curated_release"}


def test_assets_are_grouped_by_layer_owned_and_described(specs: dict[str, AssetSpec]) -> None:
    assert {spec.group_name for spec in specs.values()} == LAYERS
    assert all(spec.owners and spec.description and spec.kinds for spec in specs.values())


def test_column_schemas_come_from_the_contracts(specs: dict[str, AssetSpec]) -> None:
    for name, contract in load_tables().items():
        schema = specs[name].metadata["dagster/column_schema"]
        assert tuple(column.name for column in schema.columns) == contract.columns


def test_lineage_leads_from_raw_files_to_the_release(definitions: Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    upstream = graph.upstream_key_iterator(AssetKey("curated_release"))
    main_road = {
        "raw_files",
        "extracted_tables",
        "extracted_text",
        "reported_facts",
        "validated_facts",
        "findings",
        "annual_aggregates",
        "annual_indicators",
        "ledger",
    }
    assert main_road <= {key.to_user_string() for key in upstream}


def test_years_are_partitions(specs: dict[str, AssetSpec]) -> None:
    partitioned = {name for name, spec in specs.items() if spec.partitions_def == REPORT_YEARS}
    assert partitioned == {
        "validated_facts",
        "reported_claims",
        "findings",
        "year_mentions",
        "rule_verdicts",
        "row_failures",
        "dim_report",
        "annual_aggregates",
        "annual_indicators",
    }
    assert {"2008", "2021", "unknown"} <= set(REPORT_YEARS.get_partition_keys())


def test_every_table_is_held_to_its_contract(check_keys: set[AssetCheckKey]) -> None:
    assert {AssetCheckKey(AssetKey(name), "contract") for name in load_tables()} <= check_keys


def test_every_rule_family_and_every_expectation_is_a_check(check_keys: set[AssetCheckKey]) -> None:
    names = {key.name for key in check_keys}
    assert {rule.family for rule in load_rules().values()} <= names
    door = {key.name for key in check_keys if key.asset_key == AssetKey("curated_release")}
    expected = {e.id.replace(".", "_") for suite in load_expectations() for e in suite.expectations}
    assert door == expected


def test_the_row_checks_of_the_wide_model_block_nothing(definitions: Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    spec = graph.get_check_spec(AssetCheckKey(AssetKey("validated_facts"), "row_checks"))
    assert not spec.blocking
    contract = graph.get_check_spec(AssetCheckKey(AssetKey("validated_facts"), "contract"))
    assert contract.blocking


@pytest.mark.parametrize(
    ("job", "first", "last"),
    [
        ("ingest", "raw_files", "ledger"),
        ("years", "validated_facts", "annual_indicators"),
        ("release", "dim_organization", "curated_release"),
    ],
)
def test_jobs_hold_their_layers(definitions: Definitions, job: str, first: str, last: str) -> None:
    keys = definitions.resolve_job_def(job).asset_layer.selected_asset_keys
    assert {AssetKey(first), AssetKey(last)} <= set(keys)


def test_no_asset_belongs_to_two_jobs_and_none_to_no_job(
    definitions: Definitions, specs: dict[str, AssetSpec]
) -> None:
    selected = [
        key
        for job in ("ingest", "years", "release")
        for key in definitions.resolve_job_def(job).asset_layer.selected_asset_keys
    ]
    assert sorted(key.to_user_string() for key in selected) == sorted(specs)


def test_the_nightly_schedule_runs_in_shanghai(definitions: Definitions) -> None:
    nightly = definitions.resolve_schedule_def("nightly")
    assert (nightly.job_name, nightly.execution_timezone) == ("ingest", "Asia/Shanghai")


def test_the_instance_is_configured_from_the_environment(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    environment = prepare_instance(settings)
    home = Path(environment["DAGSTER_HOME"])
    assert (home / "dagster.yaml").read_bytes() == (ROOT / "dagster.yaml").read_bytes()
    with open_instance(settings) as instance:
        assert not instance.telemetry_enabled
        assert instance.run_monitoring_enabled
        assert instance.run_retries_enabled
    assert {path.name for path in (home).iterdir()} >= {"history", "schedules"}
    assert not {path.name for path in ROOT.iterdir()} & {"history", "schedules", "storage", ".telemetry"}


def test_postgresql_is_the_storage_where_the_environment_names_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAO_DAGSTER_POSTGRES_URL", "postgresql://dagster@localhost/dagster")
    home = Path(prepare_instance(Settings(home=tmp_path))["DAGSTER_HOME"])
    config = yaml.safe_load((home / "dagster.yaml").read_text(encoding="utf-8"))
    assert config["storage"] == {"postgres": {"postgres_url": {"env": "GAO_DAGSTER_POSTGRES_URL"}}}


def test_the_workspace_loads_the_definitions() -> None:
    workspace = yaml.safe_load((ROOT / "workspace.yaml").read_text(encoding="utf-8"))
    assert workspace == {"load_from": [{"python_module": "gao_pipeline.definitions"}]}

"""The Dagster instance of a home: `<home>/dagster` with its `dagster.yaml`, storage and environment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from dagster import DagsterInstance

from gao_pipeline.archive.home import replacing
from gao_pipeline.contracts.loading import contracts_root
from gao_pipeline.settings import Settings

_CONFIG = "dagster.yaml"
_POSTGRES = "GAO_DAGSTER_POSTGRES_URL"


def prepare_instance(settings: Settings) -> Mapping[str, str]:
    """Writes `<home>/dagster/dagster.yaml` and returns the environment in which Dagster's commands find it.

    That environment also carries the settings, so that a code location loads with the same ones.
    """
    home = settings.places.dagster
    home.mkdir(parents=True, exist_ok=True)
    with replacing(home / _CONFIG) as temporary:
        temporary.write_text(_instance_config(), encoding="utf-8")
    return {
        "DAGSTER_HOME": str(home),
        "GAO_HOME": str(settings.home.resolve()),
        "GAO_LANDING": str(settings.landing.resolve()),
    }


@contextmanager
def open_instance(settings: Settings) -> Iterator[DagsterInstance]:
    """The instance of the home, prepared if it is new."""
    with _environment(prepare_instance(settings)), DagsterInstance.get() as instance:
        yield instance


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _instance_config() -> str:
    """The bundled `dagster.yaml`, with PostgreSQL for its storage where the environment names one."""
    text = _bundled_config().read_text(encoding="utf-8")
    if _POSTGRES not in os.environ:
        return text
    config: dict[str, Any] = yaml.safe_load(text)
    config["storage"] = {"postgres": {"postgres_url": {"env": _POSTGRES}}}
    return yaml.safe_dump(config, sort_keys=False)


def _bundled_config() -> Path:
    """The file at the top of a checkout, or its copy in an installed package: beside `data_contracts/`."""
    return contracts_root().parent / _CONFIG

"""Settings come from the environment, and a wrong one says what is missing."""

from __future__ import annotations

from pathlib import Path

import pydantic
import pytest

from gao_pipeline.archive.mapper import DaskMapper, InProcessMapper, ProcessMapper
from gao_pipeline.settings import Settings


def test_every_setting_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GAO_HOME", str(tmp_path))
    monkeypatch.setenv("GAO_WORKERS", "7")
    monkeypatch.setenv("GAO_DOCUMENT_TIMEOUT", "12.5")
    settings = Settings()
    assert settings.places.root == tmp_path
    assert settings.document_mapper() == ProcessMapper(workers=7, timeout=12.5)


def test_documents_are_read_where_the_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings(mapper="in_process").document_mapper() == InProcessMapper()
    dask = Settings(mapper="dask", dask_address="tcp://scheduler:8786")
    assert dask.document_mapper() == DaskMapper("tcp://scheduler:8786")


def test_dask_without_an_address_says_what_is_missing() -> None:
    with pytest.raises(ValueError, match="GAO_DASK_ADDRESS"):
        Settings(mapper="dask").document_mapper()


@pytest.mark.parametrize(("name", "value"), [("GAO_WORKERS", "0"), ("GAO_MAPPER", "threads")])
def test_a_value_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(pydantic.ValidationError):
        Settings()

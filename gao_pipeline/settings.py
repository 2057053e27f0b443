"""The settings of a pipeline run, from the environment (`GAO_…`); options of the command line come first."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, HttpUrl, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from gao_pipeline.archive.home import Home
from gao_pipeline.archive.mapper import DaskMapper, InProcessMapper, Mapper, ProcessMapper


class Settings(BaseSettings):
    """Where things are and how much may be done at a time. Each field is read from `GAO_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix="GAO_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    home: Path = Field(default=Path("data"), description="Folder of everything the pipeline makes")
    landing: Path = Field(default=Path("landing"), description="Folder in which reports arrive")
    corrections: Path | None = Field(
        default=None, description="Folder of corrections, instead of the bundled one"
    )
    mapper: Literal["processes", "in_process", "dask"] = Field(
        default="processes", description="Where documents are read"
    )
    workers: int = Field(default=2, ge=1, description="Worker processes that read documents")
    document_timeout: float = Field(default=300.0, gt=0, description="Seconds a document may take")
    dask_address: str | None = Field(default=None, description="Scheduler of the Dask cluster")
    executor: Literal["in_process", "multiprocess"] = Field(
        default="in_process", description="Whether the steps of a run share one process"
    )
    keep_releases: int = Field(default=10, ge=1, description="Releases that are kept")
    storage_version: str = Field(default="v1.0.0", description="DuckDB storage version of a release")
    postgres_url: SecretStr | None = Field(
        default=None, min_length=1, description="Database that releases go to as well"
    )
    alert_webhook: HttpUrl | None = Field(default=None, description="Address that is told of failures")

    @property
    def places(self) -> Home:
        """The folders below `home`."""
        return Home(self.home.resolve())

    def document_mapper(self) -> Mapper:
        """The mapper that is asked for.

        Raises:
            ValueError: Dask is asked for without the address of its scheduler.
        """
        match self.mapper:
            case "in_process":
                return InProcessMapper()
            case "processes":
                return ProcessMapper(self.workers, self.document_timeout)
            case "dask":
                if self.dask_address is None:
                    raise ValueError("GAO_MAPPER=dask needs GAO_DASK_ADDRESS, e.g. tcp://scheduler:8786")
                return DaskMapper(self.dask_address)

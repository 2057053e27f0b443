"""`gao run` runs the whole pipeline and prints the ledger; `gao ui` opens the Dagster UI on what it made."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gao_pipeline.cli.options import HomeOption, Language, LanguageOption, settings_of

if TYPE_CHECKING:
    from gao_pipeline.settings import Settings

EXIT_DONE = 0
EXIT_REFUSED = 1
EXIT_FAILED = 2

LandingOption = Annotated[
    Path | None,
    typer.Option(help="Folder in which reports arrive.", show_default="$GAO_LANDING or ./landing"),
]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command("run")(run)
    app.command("ui")(ui)


def run(
    landing: LandingOption = None,
    home: HomeOption = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes that read documents.")] = None,
    language: LanguageOption = Language.zh,
) -> None:
    """Run the pipeline: raw files to a curated release. 运行完整流程。

    Exit status: 0 the run ended (quarantined files do not stop it); 1 the release was refused;
    2 the run itself failed or the arguments are wrong.
    """
    from gao_pipeline.cli.run_summary import StageBars, print_summary
    from gao_pipeline.orchestration.running import run_pipeline

    settings = settings_of(landing=landing, home=home, workers=workers)
    _require_folder(settings)
    with StageBars(language) as bars:
        summary = run_pipeline(settings, bars)
    print_summary(summary, settings, language)
    if summary.failures:
        raise typer.Exit(EXIT_FAILED)
    raise typer.Exit(EXIT_REFUSED if summary.refusals else EXIT_DONE)


def ui(
    landing: LandingOption = None,
    home: HomeOption = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 3000,
) -> None:
    """Open the Dagster UI with its daemon: lineage, checks, partitions, schedule. 打开 Dagster 界面。"""
    from gao_pipeline.cli.console import console
    from gao_pipeline.orchestration.instance import prepare_instance

    _require_port(host, port)
    settings = settings_of(landing=landing, home=home)
    environment = os.environ | prepare_instance(settings) | {"PYTHONWARNINGS": "ignore"}
    console().print(f"Dagster → http://{host}:{port}  (Ctrl+C ends it)")
    command = ["dagster", "dev", "-m", "gao_pipeline.definitions", "-h", host, "-p", str(port)]
    os.chdir(settings.places.dagster)
    os.execve(sys.executable, [sys.executable, "-m", *command], environment)  # noqa: S606 - no shell


def _require_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise typer.BadParameter(f"{host}:{port} is in use; give another --port") from error


def _require_folder(settings: Settings) -> None:
    if not settings.landing.is_dir():
        raise typer.BadParameter(
            f"the landing folder {settings.landing} does not exist; give --landing or set GAO_LANDING"
        )

"""`gao samples` renders fictitious reports to try the pipeline on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command("samples")(samples)


def samples(
    target: Annotated[Path, typer.Argument(help="Folder to write to.")] = Path("samples"),
    seed: Annotated[int | None, typer.Option(help="Another seed gives other figures.")] = None,
) -> None:
    """Render fictitious reports, with a list of the mistakes planted in them. 生成虚构样例。"""
    from gao_pipeline.cli.console import console
    from gao_pipeline.samples import DEFAULT_SEED, generate

    manifest = generate(target, DEFAULT_SEED if seed is None else seed)
    console().print(f"{len(manifest.files)} files → {target}")

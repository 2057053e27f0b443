"""`gao releases`, `gao rollback` and `gao diff`: what has been published, and what changed."""

from __future__ import annotations

from typing import Annotated

import typer

from gao_pipeline.cli.options import HomeOption, Language, LanguageOption, settings_of


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command("releases")(releases)
    app.command("rollback")(roll_back)


def releases(home: HomeOption = None, language: LanguageOption = Language.zh) -> None:
    """List the releases that are kept. 列出已发布的版本。"""
    from rich.table import Table

    from gao_pipeline.cli.console import console, text_of
    from gao_pipeline.publishing.release import list_releases

    kept = list_releases(settings_of(home=home).places)
    if not kept:
        console().print(text_of("releases_none", language))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in text_of("releases_headings", language).split("|"):
        table.add_column(heading)
    for release in kept:
        manifest = release.manifest
        passed = sum(verdict.success for verdict in manifest.verdicts)
        table.add_row(
            "→" if release.is_current else "",
            release.id,
            manifest.created_at,
            f"{sum(manifest.rows.values()):,}",
            f"{passed}/{len(manifest.verdicts)}",
        )
    console().print(table)


def roll_back(
    release: Annotated[str | None, typer.Argument(help="A release id, or its unique beginning.")] = None,
    home: HomeOption = None,
    language: LanguageOption = Language.zh,
) -> None:
    """Switch back to an earlier release, by default the one before the current. 回退到较早的版本。"""
    from gao_pipeline.cli.console import console, text_of
    from gao_pipeline.publishing.release import ReleaseError, rollback

    try:
        target = rollback(settings_of(home=home).places, release)
    except ReleaseError as error:
        raise typer.BadParameter(str(error)) from error
    console().print(text_of("releases_back", language, release=target.id))

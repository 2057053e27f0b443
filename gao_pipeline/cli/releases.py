"""`gao releases`, `gao diff` and `gao rollback`: what has been published, what changed, and back again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from gao_pipeline.cli.options import HomeOption, Language, LanguageOption, settings_of

if TYPE_CHECKING:
    from gao_pipeline.archive.home import Home
    from gao_pipeline.publishing.diff import StructureDiff
    from gao_pipeline.publishing.release import Release, ReleaseError

ReleaseArgument = Annotated[
    str, typer.Argument(metavar="RELEASE", help="A release id, its unique beginning, or `current`.")
]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command("releases")(releases)
    app.command("diff")(show_diff)
    app.command("rollback")(roll_back)


def releases(home: HomeOption = None, language: LanguageOption = Language.zh) -> None:
    """List the releases that are kept. 列出已发布的版本。"""
    from gao_pipeline.cli.console import console, headed_table, text_of
    from gao_pipeline.publishing.release import list_releases

    kept = list_releases(settings_of(home=home).places)
    if not kept:
        console().print(text_of("release_none", language))
        return
    table = headed_table("releases_headings", language)
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


def show_diff(
    before: ReleaseArgument,
    after: ReleaseArgument = "current",
    home: HomeOption = None,
    language: LanguageOption = Language.zh,
) -> None:
    """Show the rows added, removed and changed between two releases. 比较两个版本。"""
    from gao_pipeline.cli.console import console, headed_table, text_of
    from gao_pipeline.publishing.diff import diff

    places = settings_of(home=home).places
    found = diff(_find(places, before, language), _find(places, after, language))
    for structure in found.structure:
        console().print(f"{structure.table}:", *_column_changes(structure), style="yellow")
    if not found.rows:
        console().print(text_of("diff_none", language))
        return
    table = headed_table("diff_headings", language)
    for change in found.rows:
        year = "" if change.report_year is None else str(change.report_year)
        table.add_row(change.table, year, f"+{change.added}", f"-{change.removed}", f"~{change.changed}")
    console().print(table)


def roll_back(
    release: Annotated[str | None, typer.Argument(help="A release id, or its unique beginning.")] = None,
    home: HomeOption = None,
    language: LanguageOption = Language.zh,
) -> None:
    """Switch back to an earlier release, by default the one before the current. 回退到较早的版本。

    The database of GAO_POSTGRES_URL is given the same release.
    """
    from gao_pipeline.cli.console import console, text_of
    from gao_pipeline.publishing.database import publish_to_database
    from gao_pipeline.publishing.release import ReleaseError, rollback

    settings = settings_of(home=home)
    try:
        target = rollback(settings.places, release)
    except ReleaseError as error:
        raise typer.BadParameter(_told(error, language)) from error
    console().print(text_of("releases_back", language, release=target.id))
    try:
        publish_to_database(target, settings.postgres_url)
    except ReleaseError as error:
        console(stderr=True).print(f"✗ {error}", style="bold red", markup=False)
        raise typer.Exit(2) from error


def _column_changes(structure: StructureDiff) -> Iterator[str]:
    marked = (("+", structure.added), ("-", structure.removed), ("~", structure.retyped))
    return (f"{mark}{column}" for mark, columns in marked for column in columns)


def _find(places: Home, identifier: str, language: str) -> Release:
    from gao_pipeline.publishing.release import ReleaseError, find_release

    try:
        return find_release(places, identifier)
    except ReleaseError as error:
        raise typer.BadParameter(_told(error, language)) from error


def _told(error: ReleaseError, language: str) -> str:
    from gao_pipeline.cli.console import text_of

    return str(error) if error.code is None else text_of(f"release_{error.code}", language, **error.values)

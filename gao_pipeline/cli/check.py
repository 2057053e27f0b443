"""`gao check`: reads report files without Dagster and says what is wrong with them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gao_pipeline.cli.options import Language, LanguageOption

if TYPE_CHECKING:
    from gao_pipeline.cli.checked import CheckedFile

EXIT_CLEAN = 0
EXIT_ERRORS = 1
EXIT_UNREADABLE = 2


class Format(StrEnum):
    """How results are printed."""

    text = "text"
    json = "json"


def register(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command("check")(check)


def check(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", readable=False, help="Report files, or folders of them."),
    ],
    output: Annotated[Format, typer.Option("--format", help="For people or for machines.")] = Format.text,
    language: LanguageOption = Language.zh,
) -> None:
    """Check reports before they are published. 在发布前核对年报。

    Exit status: 0 no error was found; 1 at least one; 2 a file could not be read or the arguments are wrong.
    """
    from gao_pipeline.cli.checked import check_files, files_below
    from gao_pipeline.cli.console import tracked

    files = list(files_below(paths))
    if not files:
        raise typer.BadParameter(f"there is no file below {', '.join(map(str, paths))}")
    checked = check_files(tracked(files, "reading", language))
    if output is Format.json:
        from gao_pipeline.cli.interface import print_json

        print_json(checked, language)
    else:
        from gao_pipeline.cli.report_text import print_text

        print_text(checked, language)
    raise typer.Exit(_exit_status(checked))


def _exit_status(checked: list[CheckedFile]) -> int:
    if any(item.report is None for item in checked):
        return EXIT_UNREADABLE
    return EXIT_ERRORS if any(item.count("error") for item in checked) else EXIT_CLEAN

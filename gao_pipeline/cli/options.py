"""Options that several commands share, and the settings they make."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from gao_pipeline.settings import Settings


class Language(StrEnum):
    """The language people are spoken to in."""

    zh = "zh"
    en = "en"


LanguageOption = Annotated[
    Language, typer.Option("--language", envvar="GAO_LANGUAGE", help="Language of messages.")
]
HomeOption = Annotated[
    Path | None,
    typer.Option(help="Folder of everything the pipeline makes.", show_default="$GAO_HOME or ./data"),
]


def settings_of(**options: Any) -> Settings:
    """The settings of the environment, with the options that were given in their stead."""
    from gao_pipeline.settings import Settings

    return Settings(**{name: value for name, value in options.items() if value is not None})

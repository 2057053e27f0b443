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
    """The settings of the environment, with the options that were given in their stead.

    Raises:
        typer.BadParameter: a setting is malformed. Its value is not repeated: it may be secret.
    """
    from pydantic import ValidationError

    from gao_pipeline.settings import Settings

    try:
        return Settings(**{name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        faults = (
            f"{'.'.join(map(str, fault['loc']))} (GAO_{str(fault['loc'][0]).upper()}): {fault['msg']}"
            for fault in error.errors(include_input=False)
        )
        raise typer.BadParameter("; ".join(faults)) from None

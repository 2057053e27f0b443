"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Language(StrEnum):
    """The language people are spoken to in."""

    zh = "zh"
    en = "en"


LanguageOption = Annotated[
    Language, typer.Option("--language", envvar="GAO_LANGUAGE", help="Language of messages.")
]

"""How long work tells how far it is, whoever shows it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Receives the steps of a stage. `stage` is a table name."""

    def begin(self, stage: str, total: int) -> None:
        """A stage starts that has `total` documents to read."""

    def advance(self, stage: str) -> None:
        """One more document is read."""


class Silent:
    """Shows nothing."""

    def begin(self, stage: str, total: int) -> None:
        pass

    def advance(self, stage: str) -> None:
        pass

"""What a person should know of the reading of a table."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from gao_pipeline.contracts.forms import FactCode
from gao_pipeline.documents.model import Place
from gao_pipeline.reports.model import ReadingNotice


class TableNotices:
    """Collects what a person should know of the reading of a table, one notice per kind."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._found: dict[str, ReadingNotice] = {}

    def add(self, code: str, detail: str, place: Place, facts: Iterable[FactCode] = ()) -> None:
        """Note `detail`; the first of a kind gives the place."""
        former = self._found.get(code)
        if former is None:
            self._found[code] = ReadingNotice(
                code=code, detail=detail, table=self._table, facts=tuple(facts), place=place
            )
        else:
            self._found[code] = msgspec.structs.replace(
                former,
                detail=former.detail if detail in former.detail else f"{former.detail}；{detail}",
                facts=former.facts + tuple(code for code in facts if code not in former.facts),
            )

    def grouped(self) -> tuple[ReadingNotice, ...]:
        """The notices in the order in which their kinds were first met."""
        return tuple(self._found.values())

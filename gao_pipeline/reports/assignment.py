"""Which printed row is which row of the form, and what is to be said of those that are none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rapidfuzz import fuzz

from gao_pipeline.contracts.forms import Row, Table
from gao_pipeline.contracts.text import label_key
from gao_pipeline.reports.notices import TableNotices
from gao_pipeline.reports.tables import EVERY_ROW, RowHit, TableRows

_DRIFTED = 50.0
"""A label that stands in the place of a row is its label where they are so similar (of 100) at least."""


def assigned_rows(rows: TableRows, table: Table, notices: TableNotices) -> dict[str, RowHit]:
    """The printed row of each row of the form."""
    order = [row for block in table.blocks for row in block.rows]
    codes = [row.code for row in order]
    assigned: dict[str, RowHit] = {}
    unexplained = _strays(rows.hits, codes)
    for index, hit in enumerate(rows.hits):
        if hit in unexplained:
            continue
        if hit.row == EVERY_ROW and hit.header:
            for code in dict.fromkeys(slot.row for slot in hit.header.slots if slot.row in codes):
                _assign(assigned, code, hit, notices)
        elif hit.row in codes:
            if not hit.certain:
                notices.add("label_similar", hit.label, hit.place)
            _assign(assigned, hit.row, hit, notices)
        elif hit.row is not None:
            if hit.has_figures:
                notices.add("unknown_row", hit.name, hit.place)
        elif hit.is_orphan:
            notices.add("orphan_row", hit.printed, hit.place)
        elif row := _only_row_between(rows.hits, index, order):
            notices.add("label_similar", hit.label, hit.place)
            _assign(assigned, row.code, hit, notices)
        else:
            unexplained.append(hit)
    for hit in unexplained:
        notices.add("unknown_row", hit.name, hit.place)
    for hit in rows.ignored:
        notices.add("extra_row", hit.name, hit.place)
    return assigned


def _strays(hits: Sequence[RowHit], codes: Sequence[str]) -> list[RowHit]:
    """The rows with the label of a row that stands elsewhere too, where the official order has none of that
    label: a total below the rows of a group is not that of all rows."""
    ranked = [(codes.index(hit.row), hit) for hit in hits if hit.row in codes and hit.has_figures]
    labelled = Counter(rank for rank, _ in ranked)
    return [
        hit
        for (above, _), (rank, hit), (below, _) in zip(ranked, ranked[1:], ranked[2:], strict=False)
        if labelled[rank] > 1 and above < below and not above <= rank <= below
    ]


def _assign(assigned: dict[str, RowHit], code: str, hit: RowHit, notices: TableNotices) -> None:
    """Give a row of the form its printed row; of two, the one with figures counts."""
    former = assigned.get(code)
    if former is None or (hit.has_figures and not former.has_figures):
        assigned[code] = hit
    elif hit.has_figures and [c.text.strip() for c in hit.values] != [c.text.strip() for c in former.values]:
        notices.add("row_twice", f"{hit.name} {hit.printed}".strip(), hit.place)


def _only_row_between(hits: Sequence[RowHit], index: int, order: Sequence[Row]) -> Row | None:
    """The one row of the form that stands between the neighbours of an unknown row, if its label is near."""
    codes = [row.code for row in order]
    before = next((h.row for h in reversed(hits[:index]) if h.row in codes), None)
    after = next((h.row for h in hits[index + 1 :] if h.row in codes), None)
    if before is None or after is None or sum(h.row not in codes for h in hits[index - 1 : index + 2]) > 1:
        return None
    between = order[codes.index(before) + 1 : codes.index(after)]
    if len(between) != 1:
        return None
    key = label_key(hits[index].label)
    similar = max(fuzz.partial_ratio(key, wording) for wording in between[0].wordings)
    return between[0] if similar >= _DRIFTED else None

"""Plants mistakes in a draft; `plan.yaml` names each and says what must be found."""

from __future__ import annotations

from collections.abc import Callable

from gao_pipeline.contracts.forms import FactCode, load_forms
from gao_pipeline.samples.model import Draft, Number

_NATURAL, _TOTAL = "natural_person", "total"


def plant(draft: Draft, code: str) -> None:
    """Alters `draft` by the mistake `code`.

    Raises:
        KeyError: there is no such mistake.
    """
    _MISTAKES[code](draft)
    draft.planted.append(code)


def forced_figures(draft: Draft) -> dict[FactCode, Number]:
    """The figures of blank cells, which the identities of the form force."""
    return {code: draft.figures[code] for code in draft.figures if code in draft.blank}


def _add(draft: Draft, row: str, columns: tuple[str, ...], change: int, table: str = "applications") -> None:
    for column in columns:
        code = FactCode(table, row, column)
        draft.figures[code] += change


def _row_sum(draft: Draft) -> None:
    _add(draft, "granted", (_TOTAL,), 1)
    draft.said["granted"] += 1


def _column_balance(draft: Draft) -> None:
    _add(draft, "carried_out", (_NATURAL, _TOTAL), 2)
    draft.said["carried_out"] += 2


def _concluded_total(draft: Draft) -> None:
    _add(draft, "granted", (_NATURAL, _TOTAL), 1)
    draft.said["granted"] += 1


def _proceedings_total(draft: Draft) -> None:
    _add(draft, "review", (_TOTAL,), 1, "proceedings")
    draft.said["review"] += 1


def _prose_year(draft: Draft) -> None:
    draft.years["facts"] -= 1


def _lead_in_year(draft: Draft) -> None:
    draft.years["lead_in"] -= 1


def _prose_table(draft: Draft) -> None:
    """More than any reading of the table allows."""
    draft.said["concluded_total"] = draft.said["received"] + draft.said["carried_in"] + 3


def _fee_unit(draft: Draft) -> None:
    fees = FactCode("disclosure", "fees", "amount")
    draft.figures[fees] = round(draft.figures[fees] * 10_000)


def _hybrid(draft: Draft) -> None:
    """The applications table of the edition before, and its document as the basis."""
    forms = load_forms()
    editions = list(forms)
    earlier = forms[editions[editions.index(draft.table_forms["applications"]) - 1]]
    draft.table_forms = {**draft.table_forms, "applications": earlier.form}
    draft.basis = earlier.source.number
    tables = (forms[edition].table(table) for table, edition in draft.table_forms.items())
    codes = [code for table in tables for code, *_ in table.cells()]
    dropped = [code for code in draft.figures if code not in codes]
    draft.figures = {
        code: draft.figures[code]
        if code in draft.figures
        else sum(draft.figures[part] for part in dropped if part.column == code.column)
        for code in codes
    }


def _blank_totals(draft: Draft) -> None:
    draft.blank |= {code for code in draft.figures if code.table == "applications" and code.column == _TOTAL}


def _carry_over(draft: Draft) -> None:
    for row in ("carried_in", "granted", "concluded_total"):
        _add(draft, row, (_NATURAL, _TOTAL), 1)
        draft.said[row] += 1


_MISTAKES: dict[str, Callable[[Draft], None]] = {
    "row_sum": _row_sum,
    "column_balance": _column_balance,
    "concluded_total": _concluded_total,
    "proceedings_total": _proceedings_total,
    "prose_year": _prose_year,
    "lead_in_year": _lead_in_year,
    "prose_table": _prose_table,
    "fee_unit": _fee_unit,
    "hybrid": _hybrid,
    "blank_totals": _blank_totals,
    "carry_over": _carry_over,
}

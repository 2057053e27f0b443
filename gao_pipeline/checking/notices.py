"""What reading had to say about a document becomes findings of the family `reading.`: one rule per notice."""

from __future__ import annotations

from collections.abc import Iterator

from gao_pipeline.checking.evaluators import Facts, evaluator, finding
from gao_pipeline.checking.model import Finding, Verdict
from gao_pipeline.contracts.forms import load_forms
from gao_pipeline.contracts.rules import Rule
from gao_pipeline.reports.model import Report


@evaluator("notice", fields=("table", "detail"))
def notice(report: Report, _: Facts, rule: Rule) -> Iterator[Finding | Verdict]:
    """Every notice whose code is the rule's own (`reading.<code>`)."""
    for item in report.notices:
        if rule.id == f"{rule.family}.{item.code}":
            fields = {"detail": item.detail, "table": _table_name(report, item.table)}
            yield finding(
                rule, fields, table=item.table, facts=item.facts, place=item.place, excerpt=item.detail
            )


def _table_name(report: Report, table: str | None) -> object:
    if table is None:
        return ""
    forms = load_forms()
    edition = report.table_forms.get(table) or report.form
    form = forms[edition] if edition in forms else next(reversed(forms.values()))
    return form.table(table).name

"""Properties of the arithmetic: a consistent form passes, and no single change escapes that can be seen."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gao_pipeline.checking.confrontation import Confrontation, confront
from gao_pipeline.checking.model import Outcome, Severity
from gao_pipeline.checking.visibility import blind_cells, confusable_cells, describe, system_of
from gao_pipeline.contracts.forms import FactCode, load_forms
from gao_pipeline.contracts.identities import System, compile_system
from gao_pipeline.contracts.loading import contracts_root
from gao_pipeline.contracts.rules import load_rules
from gao_pipeline.reports.model import Report, State

EDITIONS = sorted(load_forms())
ARITHMETIC = ("applications.", "proceedings.", "disclosure.")
FIGURES = st.one_of(st.just(0), st.integers(0, 12), st.integers(0, 4000))

MakeReport = Callable[..., Report]


@st.composite
def consistent(draw: st.DrawFn) -> tuple[str, dict[FactCode, float]]:
    """An edition and figures of which every identity holds, from mostly zero to large."""
    edition = draw(st.sampled_from(EDITIONS))
    form = load_forms()[edition]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    density, largest = draw(st.sampled_from([0.0, 0.1, 0.5, 1.0])), draw(st.sampled_from([1, 12, 4000]))

    def some(*shape: int) -> np.ndarray:
        return rng.integers(0, largest, shape, endpoint=True) * (rng.random(shape) < density)

    figures: dict[FactCode, float] = {
        code: int(some(1)[0]) for code in form.codes if code.table == "disclosure"
    }
    rows = list(dict.fromkeys(code.row for code in form.codes if code.table == "applications"))
    columns = [column.code for column in form.table("applications").blocks[0].columns][:-1]
    outcomes = [row for row in rows if "." in row or row in ("granted", "partly_granted")]
    grid = dict(zip(outcomes, some(len(outcomes), len(columns)), strict=True))
    grid["concluded_total"] = np.sum([grid[row] for row in outcomes], axis=0)
    grid["carried_out"] = some(len(columns))
    supply = grid["concluded_total"] + grid["carried_out"]
    grid["carried_in"] = np.minimum(supply, some(len(columns)))
    grid["received"] = supply - grid["carried_in"]
    for row, line in grid.items():
        for column, value in zip(columns, line, strict=True):
            figures[FactCode("applications", row, column)] = int(value)
        figures[FactCode("applications", row, "total")] = int(line.sum())
    for row in ("review", "direct_litigation", "litigation_after_review"):
        parts = some(4)
        for column, value in zip(("upheld", "corrected", "other_result", "pending"), parts, strict=True):
            figures[FactCode("proceedings", row, column)] = int(value)
        figures[FactCode("proceedings", row, "total")] = int(parts.sum())
    return edition, figures


def judge(report: Report) -> Confrontation:
    (outcome,) = confront([report])
    return outcome


def identity_findings(outcome: Confrontation) -> list[tuple[str, frozenset[FactCode]]]:
    """The findings that accuse a report of wrong sums."""
    rules = {rule.id for rule in load_rules().values() if rule.kind in ("identity", "excess")}
    return [(f.rule, frozenset(f.facts)) for f in outcome.findings if f.rule in rules]


@given(consistent())
@settings(max_examples=40)
def test_a_consistent_form_passes_every_identity(
    report: MakeReport, form: tuple[str, dict[FactCode, float]]
) -> None:
    edition, figures = form
    outcome = judge(report(figures, form=edition))
    assert not [f for f in outcome.findings if f.severity is Severity.ERROR and f.rule.startswith(ARITHMETIC)]
    verdicts = [v for v in outcome.verdicts if v.rule.startswith(("applications.", "proceedings."))]
    assert len(verdicts) > 35
    assert {v.outcome for v in verdicts} == {Outcome.PASS}


@given(consistent(), st.data())
@settings(max_examples=80)
def test_any_single_change_is_found_and_named_unless_the_identities_cannot_see_it(
    report: MakeReport, form: tuple[str, dict[FactCode, float]], data: st.DataObject
) -> None:
    edition, figures = form
    system = system_of(load_forms()[edition])
    code = data.draw(st.sampled_from(load_forms()[edition].codes))
    wrong = data.draw(FIGURES.filter(lambda value: value != figures[code]))
    outcome = judge(report(figures | {code: wrong}, form=edition))
    found = identity_findings(outcome)
    if code in blind_cells(system):
        assert found == []
        return
    assert found
    assert all(code in cells for _, cells in found)
    (suggestion,) = {f.suggestion for f in outcome.findings if f.facts and code in f.facts}
    if any(code in group for group in confusable_cells(system)):
        named = {c for f in outcome.findings for c in f.candidates} | ({suggestion} if suggestion else set())
        assert named
        assert all(c is not None and c.value >= 0 for c in named)
    else:
        assert suggestion is not None
        assert (suggestion.fact, suggestion.value) == (code, figures[code])


@given(consistent(), st.data())
@settings(max_examples=60)
def test_only_forced_figures_are_derived_and_they_are_the_lost_ones(
    report: MakeReport, form: tuple[str, dict[FactCode, float]], data: st.DataObject
) -> None:
    edition, figures = form
    codes = list(figures)
    share = data.draw(st.sampled_from([0.02, 0.2, 0.6, 1.0]))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    blanks = {code: None for code in codes if rng.random() < share}
    printed = report(figures | blanks, form=edition)
    outcome = judge(printed)
    assert not identity_findings(outcome)
    for before, after in zip(printed.facts, outcome.facts, strict=True):
        if before.state is State.REPORTED:
            assert after == before
        elif after.state is State.DERIVED:
            assert after.value == figures[after.code]
        else:
            assert after == before
    for verdict in outcome.verdicts:
        if verdict.outcome is not Outcome.NOT_ASSESSABLE:
            continue
        assert verdict.reason is not None


@given(consistent(), st.data())
@settings(max_examples=40)
def test_a_lone_blank_in_an_identity_is_always_derived(
    report: MakeReport, form: tuple[str, dict[FactCode, float]], data: st.DataObject
) -> None:
    edition, figures = form
    code = data.draw(st.sampled_from([code for code in figures if code.table != "disclosure"]))
    outcome = judge(report(figures | {code: None}, form=edition))
    (fact,) = (fact for fact in outcome.facts if fact.code == code)
    assert (fact.state, fact.value) == (State.DERIVED, figures[code])
    assert not identity_findings(outcome)


@given(st.lists(consistent(), min_size=2, max_size=5), st.data())
@settings(max_examples=15)
def test_many_reports_are_judged_as_each_alone(
    report: MakeReport, forms: list[tuple[str, dict[FactCode, float]]], data: st.DataObject
) -> None:
    reports = []
    for edition, figures in forms:
        blank, wrong = data.draw(st.permutations(list(figures)))[:2]
        changes = {blank: None, wrong: figures[wrong] + 1}
        reports.append(report(figures | changes, form=edition))
    assert confront(reports) == [judge(one) for one in reports]


def test_a_mistake_is_invisible_exactly_where_no_identity_has_the_cell() -> None:
    for form in load_forms().values():
        assert {code.table for code in blind_cells(system_of(form))} == {"disclosure"}
        assert {code.table for group in confusable_cells(system_of(form)) for code in group} == {
            "proceedings"
        }


def test_the_documentation_lists_what_the_identities_cannot_see() -> None:
    page = contracts_root().parent / "docs" / "identities.md"
    assert page.read_text("utf-8") == describe(), (
        "regenerate it: python -m gao_pipeline.checking.visibility > docs/identities.md"
    )


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_matrix_has_two_or_three_identities_for_every_cell_of_the_applications_table(
    edition: str,
) -> None:
    system: System = compile_system((("applications", edition),))
    counts = system.membership.sum(axis=0)
    assert set(counts) == {2, 3}
    assert {system.cells[j].code.row for j in np.flatnonzero(counts == 3)} == {"concluded_total"}


def test_reported_values_never_change(report: MakeReport) -> None:
    made = report({("applications", "granted", "total"): 7})
    (outcome,) = confront([made])
    assert msgspec.structs.replace(made, facts=outcome.facts) == made

"""Which cell is probably wrong, and what it should be."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gao_pipeline.checking.confrontation import confront
from gao_pipeline.checking.mistakes import likelihood, load_mistakes
from gao_pipeline.checking.model import Finding
from gao_pipeline.contracts.forms import FactCode
from gao_pipeline.reports.model import Report, State

MakeReport = Callable[..., Report]

SOUND = {
    ("applications", "received", "natural_person"): 40,
    ("applications", "received", "business"): 6,
    ("applications", "received", "total"): 46,
    ("applications", "carried_in", "natural_person"): 3,
    ("applications", "carried_in", "total"): 3,
    ("applications", "granted", "natural_person"): 21,
    ("applications", "granted", "business"): 4,
    ("applications", "granted", "total"): 25,
    ("applications", "denied.third_party_rights", "natural_person"): 17,
    ("applications", "denied.third_party_rights", "total"): 17,
    ("applications", "concluded_total", "natural_person"): 38,
    ("applications", "concluded_total", "business"): 4,
    ("applications", "concluded_total", "total"): 42,
    ("applications", "carried_out", "natural_person"): 5,
    ("applications", "carried_out", "business"): 2,
    ("applications", "carried_out", "total"): 7,
}


def errors(report: Report) -> list[Finding]:
    (outcome,) = confront([report])
    return [f for f in outcome.findings if f.severity == "error"]


def test_the_sound_form_is_sound(report: MakeReport) -> None:
    assert errors(report(SOUND)) == []


def test_one_wrong_cell_is_named_in_every_relation_it_breaks(report: MakeReport) -> None:
    cell = FactCode("applications", "granted", "natural_person")
    found = errors(report(SOUND | {cell: 12}))
    assert {f.rule for f in found} == {"applications.row_total", "applications.concluded_total"}
    assert {(f.suggestion.fact, f.suggestion.value) for f in found if f.suggestion} == {(cell, 21)}
    assert all(not f.candidates for f in found)


def test_the_message_says_what_the_form_says(report: MakeReport) -> None:
    found = errors(report(SOUND | {("applications", "carried_out", "business"): 1}))
    balance = next(f for f in found if f.rule == "applications.balance")
    assert balance.message.zh == "商业企业：第一项与第二项之和为 6，第三项与第四项之和为 5。"
    assert (balance.actual, balance.expected) == (6, 5)


def test_a_figure_wrong_in_a_cell_and_its_total_gives_candidates(report: MakeReport) -> None:
    wrong = {
        ("applications", "denied.third_party_rights", "natural_person"): 18,
        ("applications", "denied.third_party_rights", "total"): 18,
    }
    found = errors(report(SOUND | wrong))
    assert {f.rule for f in found} == {"applications.concluded_total"}
    for finding in found:
        assert finding.suggestion is None
        assert 2 <= len(finding.candidates) <= load_mistakes().shown


def test_candidates_of_three_cells_restore_every_identity(report: MakeReport) -> None:
    wrong = {
        ("applications", "received", "natural_person"): 41,
        ("applications", "granted", "business"): 9,
        ("proceedings", "review", "upheld"): 0,
        ("applications", "not_processed.repeated", "legal_service"): 2,
    }
    made = report(SOUND | wrong)
    candidates = {c.fact: c.value for f in errors(made) for c in f.candidates}
    assert {FactCode(*cell) for cell in wrong if cell[0] == "applications"} <= set(candidates)
    assert errors(report(SOUND | wrong | candidates)) == []


@pytest.mark.parametrize(
    ("cell", "neighbour"),
    [
        (("applications", "granted", "natural_person"), ("applications", "granted", "business")),
        (
            ("applications", "denied.third_party_rights", "natural_person"),
            ("applications", "denied.internal_affairs", "natural_person"),
        ),
    ],
)
def test_a_figure_in_the_neighbouring_cell_is_the_first_candidate(
    report: MakeReport, cell: tuple[str, str, str], neighbour: tuple[str, str, str]
) -> None:
    right = {cell: SOUND[cell], neighbour: SOUND.get(neighbour, 0)}
    found = errors(report(SOUND | {cell: right[neighbour], neighbour: right[cell]}))
    assert found
    for finding in found:
        assert finding.suggestion is None
        first_two = {(candidate.fact, candidate.value) for candidate in finding.candidates[:2]}
        assert first_two == {(FactCode(*code), value) for code, value in right.items()}


def test_every_cell_of_a_proceedings_sum_is_a_candidate(report: MakeReport) -> None:
    sums = {
        ("proceedings", "review", "upheld"): 3,
        ("proceedings", "review", "corrected"): 2,
        ("proceedings", "review", "total"): 6,
    }
    (finding,) = errors(report(sums))
    assert finding.suggestion is None
    assert {c.fact.column for c in finding.candidates} == {
        "upheld", "corrected", "other_result", "pending", "total",
    }  # fmt: skip


def test_a_likelier_slip_is_suggested_where_several_cells_would_do(report: MakeReport) -> None:
    sums = {
        ("proceedings", "review", "upheld"): 376,
        ("proceedings", "review", "corrected"): 197,
        ("proceedings", "review", "pending"): 217,
        ("proceedings", "review", "total"): 709,
    }
    (finding,) = errors(report(sums))
    assert finding.suggestion is not None
    assert (finding.suggestion.fact.column, finding.suggestion.value) == ("total", 790)


def test_a_negative_figure_is_mended_in_its_own_finding_too(report: MakeReport) -> None:
    cell = FactCode("applications", "carried_out", "business")
    found = errors(report(SOUND | {cell: -2}))
    assert {f.rule for f in found} == {
        "applications.row_total",
        "applications.balance",
        "applications.count",
    }
    assert {f.suggestion.value for f in found if f.suggestion} == {2}


def test_an_illegible_cell_stays_illegible_and_is_never_suggested(report: MakeReport) -> None:
    cell = FactCode("applications", "granted", "total")
    made = report(SOUND | {cell: None}, states={cell: State.ILLEGIBLE})
    (outcome,) = confront([made])
    (fact,) = (fact for fact in outcome.facts if fact.code == cell)
    assert (fact.state, fact.value) == (State.ILLEGIBLE, None)
    assert not outcome.findings


@pytest.mark.parametrize("kind", ["swap", "drop", "double", "one", "random"])
def test_single_slips_in_a_printed_table_are_named_right(report: MakeReport, kind: str) -> None:
    rng = np.random.default_rng(20190601)
    cells = [code for code in SOUND if code[0] == "applications"]
    for cell in cells:
        value = SOUND[cell]
        digits = str(value)
        slips = {
            "swap": digits[::-1],
            "drop": digits[1:] or "0",
            "double": digits + digits[-1],
            "one": str(value + 1),
            "random": str(int(rng.integers(0, 500))),
        }
        if int(slips[kind]) == value:
            continue
        found = errors(report(SOUND | {cell: int(slips[kind])}))
        assert {(f.suggestion.fact, f.suggestion.value) for f in found if f.suggestion} == {
            (FactCode(*cell), value)
        }


@pytest.mark.parametrize(
    ("printed", "meant", "neighbours", "code"),
    [
        (-8, 8, [], "sign"),
        (709, 790, [], "digits_swapped"),
        (20, 2, [0], "glued"),
        (287, 2870, [], "power_of_ten"),
        (12, 152, [], "digit_lost"),
        (1152, 152, [], "digit_added"),
        (7, 4, [7, 0], "neighbour_copied"),
        (13, 14, [], "off_by_one"),
        (30, 57, [], "other"),
    ],
)
def test_slips_are_recognised(printed: int, meant: int, neighbours: list[float], code: str) -> None:
    weights = {mistake.code: mistake.weight for mistake in load_mistakes().mistakes}
    assert likelihood(printed, meant, neighbours, is_total=False) == weights[code]


def test_a_wrong_cell_among_blanks_is_named_where_the_form_forces_it(report: MakeReport) -> None:
    """Zeros left blank: what is printed contradicts itself only through figures that the form forces."""
    cell = FactCode("applications", "granted", "business")
    blanks = {
        fact.code: None
        for fact in report(SOUND).facts
        if fact.code.table == "applications" and fact.value == 0 and fact.code.column != "total"
    }
    assert errors(report(SOUND | blanks)) == []
    found = errors(report(SOUND | blanks | {cell: 9}))
    assert found
    assert {(f.suggestion.fact, f.suggestion.value) for f in found if f.suggestion} == {(cell, 4)}


def test_nothing_is_suggested_where_the_wrong_figure_is_not_forced(report: MakeReport) -> None:
    blank = {("proceedings", "review", column): None for column in ("corrected", "other_result", "pending")}
    figures = {("proceedings", "review", "upheld"): 5, ("proceedings", "review", "total"): 3}
    (finding,) = errors(report(blank | figures))
    assert finding.rule == "proceedings.part_exceeds_total"
    assert finding.suggestion is None

"""Ruling lines → cells with spans."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gao_pipeline.documents.paged.lattice import Lattice, Rule, find_lattices


def extents(lattice: Lattice) -> list[tuple[int, int, int, int]]:
    return [cell[:4] for cell in lattice.cells]


def full_grid(rows: int, columns: int) -> tuple[list[Rule], list[Rule]]:
    horizontal = [Rule(20.0 * row, 0, 30.0 * columns) for row in range(rows + 1)]
    vertical = [Rule(30.0 * column, 0, 20.0 * rows) for column in range(columns + 1)]
    return horizontal, vertical


@given(st.integers(1, 6), st.integers(1, 6))
def test_every_box_of_a_full_grid_is_a_cell(rows: int, columns: int) -> None:
    (lattice,) = find_lattices(*full_grid(rows, columns))
    assert extents(lattice) == [(r, r + 1, c, c + 1) for r in range(rows) for c in range(columns)]


@given(st.lists(st.floats(-1.4, 1.4), min_size=7, max_size=7), st.randoms())
def test_wavering_and_broken_rules_give_the_same_cells(shifts: list[float], random) -> None:
    horizontal, vertical = full_grid(3, 3)
    broken = [
        piece
        for rule, shift in zip(horizontal, shifts, strict=False)
        for piece in (Rule(rule.position + shift, rule.start, 44), Rule(rule.position, 45.5, rule.end))
    ]
    random.shuffle(broken)
    (lattice,) = find_lattices(broken, vertical)
    assert len(lattice.cells) == 9


def test_rules_of_another_table_move_none() -> None:
    boxes = [(0, 30), (34, 64)]
    horizontal = [Rule(y, left, right) for y in (0, 20) for left, right in boxes]
    vertical = [Rule(x, 0, 20) for box in boxes for x in box]
    across, down = full_grid(9, 2)
    horizontal += [Rule(rule.position + 90, rule.start + 32, rule.end + 32) for rule in across]
    vertical += [Rule(rule.position + 32, rule.start + 90, rule.end + 90) for rule in down]
    assert [len(lattice.cells) for lattice in find_lattices(horizontal, vertical)] == [1, 1, 18]


def test_dashes_with_wide_gaps_are_one_rule() -> None:
    horizontal, vertical = full_grid(3, 3)
    horizontal, vertical = (
        [
            Rule(rule.position, dash, min(dash + 4.5, rule.end))
            for rule in rules
            for dash in (rule.start + 8.5 * number for number in range(11))
            if dash < rule.end
        ]
        for rules in (horizontal, vertical)
    )
    (lattice,) = find_lattices(horizontal, vertical)
    assert len(lattice.cells) == 9


def test_a_missing_piece_of_rule_makes_a_span() -> None:
    horizontal = [Rule(0, 0, 90), Rule(20, 30, 90), Rule(40, 0, 90)]
    vertical = [Rule(0, 0, 40), Rule(30, 0, 40), Rule(60, 20, 40), Rule(90, 0, 40)]
    (lattice,) = find_lattices(horizontal, vertical)
    assert extents(lattice) == [(0, 2, 0, 1), (0, 1, 1, 3), (1, 2, 1, 2), (1, 2, 2, 3)]


def test_columns_that_run_on_below_the_last_rule_make_an_open_row() -> None:
    horizontal, _ = full_grid(1, 2)
    vertical = [Rule(x, 0, 50) for x in (0, 30, 60)]
    (lattice,) = find_lattices(horizontal, vertical)
    assert [cell.open_bottom for cell in lattice.cells] == [False, False, True, True]


def test_an_underline_is_no_table() -> None:
    assert find_lattices([Rule(100, 20, 80), Rule(130, 20, 80)], []) == []


def test_a_region_that_is_no_rectangle_is_cut_into_rows() -> None:
    horizontal = [Rule(0, 0, 60), Rule(20, 30, 60), Rule(40, 0, 60)]
    vertical = [Rule(0, 0, 40), Rule(30, 20, 40), Rule(60, 0, 40)]
    (lattice,) = find_lattices(horizontal, vertical)
    covered = [(r, c) for t, b, x, y in extents(lattice) for r in range(t, b) for c in range(x, y)]
    assert sorted(covered) == [(0, 0), (0, 1), (1, 0), (1, 1)]


@pytest.mark.parametrize("thin", [(20, 26), (36, 44)])
def test_a_row_is_left_out_with_the_edge_that_fewer_cells_have(thin: tuple[float, float]) -> None:
    """The rule of the first column is moved, down or up, from that of the others."""
    moved = next(y for y in thin if y not in (20, 44))
    horizontal = [Rule(y, 0, 90) for y in (0, 20, 44, 64)] + [Rule(moved, 0, 30)]
    (lattice,) = find_lattices(horizontal, [Rule(x, 0, 64) for x in (0, 30, 90)])
    whole = lattice.without_row(lattice.ys.index(thin[0]))
    assert whole.ys == (0, 20, 44, 64)
    assert extents(whole) == [(row, row + 1, x, x + 1) for row in range(3) for x in range(2)]


def test_the_outline_stays_when_a_row_is_left_out() -> None:
    (lattice,) = find_lattices([Rule(y, 0, 90) for y in (0, 6, 20)], [Rule(x, 0, 20) for x in (0, 90)])
    assert lattice.without_row(0).ys == lattice.without_row(1).ys == (0, 20)
    assert lattice.without_row(0).without_row(0).ys == (0, 20)


@pytest.mark.parametrize("upside_down", [False, True])
def test_what_is_beside_less_wide_rows_is_no_part_of_the_next(upside_down: bool) -> None:
    """The rest of heads on the next page, where those beside them are closed above."""
    horizontal = [Rule(y, 30, 60) for y in (0, 10, 20)] + [Rule(y, 0, 90) for y in (40, 60)]
    vertical = [Rule(x, 0 if 0 < x < 90 else 20, 60) for x in (0, 30, 60, 90)]
    if upside_down:
        horizontal = [rule._replace(position=60 - rule.position) for rule in horizontal]
        vertical = [Rule(rule.position, 60 - rule.end, 60 - rule.start) for rule in vertical]
    (lattice,) = find_lattices(horizontal, vertical)
    row = 1 if upside_down else 2
    assert [cell for cell in extents(lattice) if cell[0] == row] == [
        (row, row + 1, x, x + 1) for x in range(3)
    ]

"""Fellegi–Holt error localisation: the fewest cells whose change makes every identity of a table hold.

One cell is found by making each blank in turn and deriving it, two by the normal equations of every pair
at once, more by integer programming. Solutions are ranked by how likely their changes are, and none is
ever applied.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from gao_pipeline.checking.arithmetic import Figures, Flags, Floats, completed, contradicted
from gao_pipeline.checking.mistakes import likelihood, load_mistakes
from gao_pipeline.checking.model import Suggestion
from gao_pipeline.contracts.forms import FactCode
from gao_pipeline.contracts.identities import System

_TOLERANCE = 1e-6
_SOLVER_NODES = 500


@dataclass(frozen=True)
class Localisation:
    """The likely mistake of one table.

    `suggestion` is given when a single change of a single cell restores every identity and no other is
    as likely; `candidates` otherwise, the likeliest first.
    """

    suggestion: Suggestion | None = None
    candidates: tuple[Suggestion, ...] = ()


@dataclass(frozen=True)
class _Repair:
    """Columns and the figures they should hold."""

    columns: tuple[int, ...]
    values: tuple[float, ...]


def localise(system: System, values: Floats, known: Flags) -> Localisation:
    """The likely mistake of a table whose figures contradict its identities.

    Args:
        system: the relations of that table alone.
        values: the printed figures of one report (k), 0 where not `known`.
    """
    repairs, determined = _of_one(system, values, known)
    if not repairs and determined:
        repairs = _of_several(system, values, known)
    codes = tuple(cell.code for cell in system.cells)
    totals = _totals(system)
    ranked = sorted(
        ((_weight(repair, values, known, codes, totals), repair) for repair in repairs),
        key=lambda pair: (-pair[0], pair[1].columns),
    )
    if not ranked:
        return Localisation()
    catalogue = load_mistakes()
    weight, best = ranked[0]
    alone = len(ranked) == 1 or weight >= catalogue.margin * ranked[1][0]
    if len(best.columns) == 1 and alone and determined:
        return Localisation(suggestion=_suggestion(codes[best.columns[0]], best.values[0]))
    listed = dict.fromkeys(
        (codes[column], value)
        for _, repair in ranked
        for column, value in zip(repair.columns, repair.values, strict=True)
    )
    chosen = list(listed)[: catalogue.shown]
    return Localisation(candidates=tuple(_suggestion(code, value) for code, value in chosen))


def _suggestion(code: FactCode, value: float) -> Suggestion:
    return Suggestion(fact=code, value=round(value))


def _of_one(system: System, values: Floats, known: Flags) -> tuple[list[_Repair], bool]:
    """Every cell that, were it blank, would leave no contradiction and be forced to another figure.

    Cells that stand in every identity that fails as printed are tried, all at once. The flag says that
    every cell whose change would do is forced; where it is false, some cell could be the wrong one without
    the form saying what it should be.
    """
    member = system.membership[system.identities] > 0
    failing = ~(member & ~known).any(axis=1) & (system.matrix[system.identities] @ values != 0)
    cells = np.flatnonzero(known & member.any(axis=0) & member[failing].all(axis=0))
    tried = np.arange(len(cells))
    figures = np.repeat(values[None], len(cells), axis=0)
    stays = np.repeat(known[None], len(cells), axis=0)
    figures[tried, cells], stays[tried, cells] = 0, False
    forced, settled, broken = completed(system, Figures(figures, stays, ~stays))
    mends = ~broken.any(axis=1)
    found = mends & settled[tried, cells]
    repairs = [_Repair((int(cells[i]),), (float(forced[i, cells[i]]),)) for i in np.flatnonzero(found)]
    return repairs, bool((mends == found).all())


def _of_several(system: System, values: Floats, known: Flags) -> list[_Repair]:
    """The repairs of the fewest cells, two or more, judged by the identities that are fully printed."""
    identities = system.matrix[system.identities]
    complete = (np.abs(identities) @ ~known) == 0
    position = np.flatnonzero(known)
    matrix, printed = identities[complete][:, position], values[position]
    residual = matrix @ printed
    broken = np.count_nonzero(residual)
    if not broken or broken > load_mistakes().broken_at_most:
        return []
    found = [repair for repair in _of_two(matrix, printed, residual) if _whole(repair)]
    return [
        repair
        for repair in (
            _Repair(tuple(int(position[j]) for j in repair.columns), repair.values)
            for repair in found or _of_many(matrix, printed, residual)
        )
        if _possible(identities, values, known, repair)
    ]


def _whole(repair: _Repair) -> bool:
    return all(value >= -_TOLERANCE and abs(value - round(value)) < _TOLERANCE for value in repair.values)


def _of_two(matrix: Floats, values: Floats, residual: Floats) -> Iterator[_Repair]:
    """Every pair of cells whose changes cancel the residual."""
    gram, projection = matrix.T @ matrix, matrix.T @ residual
    norm = np.diag(gram)
    determinant = np.outer(norm, norm) - gram**2
    numerator = (
        np.outer(projection**2, norm)
        + np.outer(norm, projection**2)
        - 2 * np.outer(projection, projection) * gram
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        left_over = residual @ residual - numerator / determinant
    pairs: NDArray[np.intp] = np.argwhere(np.triu((determinant > 0.5) & (left_over < _TOLERANCE), k=1))
    for first, second in pairs:
        block = gram[np.ix_((first, second), (first, second))]
        change = -np.linalg.solve(block, projection[[first, second]])
        if (np.abs(change) > 0.5).all():
            mended = values[[first, second]] + change
            yield _Repair((int(first), int(second)), (float(mended[0]), float(mended[1])))


def _of_many(matrix: Floats, values: Floats, residual: Floats) -> Iterator[_Repair]:
    """A few repairs of the fewest cells, by integer programming (HiGHS).

    Variables are the change of every cell and whether it changes. No change of a smallest repair is larger
    than all residuals together, every broken identity needs a changed cell, and an identity that holds
    none or at least two: this is said explicitly, because it makes the program small enough to be solved.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, eye_array, hstack

    cells = matrix.shape[1]
    reach = float(np.abs(residual).sum())
    member = csr_array(np.abs(matrix))
    balanced = member[residual == 0]
    accompanied = csr_array(np.repeat(balanced.toarray(), balanced.sum(axis=1).astype(int), axis=0))
    accompanied -= csr_array(
        (np.full(accompanied.shape[0], 2.0), (np.arange(accompanied.shape[0]), balanced.indices)),
        shape=accompanied.shape,
    )
    each, nothing = eye_array(cells), csr_array((len(residual), cells))
    constraints = [
        LinearConstraint(hstack([csr_array(matrix), nothing]), -residual, -residual),
        LinearConstraint(hstack([each, -reach * each]), -np.inf, 0),
        LinearConstraint(hstack([each, reach * each]), 0, np.inf),
        LinearConstraint(hstack([nothing[residual != 0], member[residual != 0]]), 1, np.inf),
        LinearConstraint(hstack([csr_array(accompanied.shape), accompanied]), 0, np.inf),
    ]
    bounds = Bounds(
        np.concatenate([np.maximum(-values, -reach), np.zeros(cells)]),
        np.concatenate([np.full(cells, reach), np.ones(cells)]),
    )
    fewest: int | None = None
    for _ in range(load_mistakes().alternatives):
        solution = milp(
            np.concatenate([np.zeros(cells), np.ones(cells)]),
            integrality=np.ones(2 * cells),
            bounds=bounds,
            constraints=constraints,
            options={"node_limit": _SOLVER_NODES},
        )
        if not solution.success:
            return
        change = np.round(solution.x[:cells])
        chosen = np.flatnonzero(change)
        if fewest is not None and len(chosen) > fewest:
            return
        fewest = len(chosen)
        mended = values[chosen] + change[chosen]
        yield _Repair(tuple(int(column) for column in chosen), tuple(float(value) for value in mended))
        cut = np.zeros(2 * cells)
        cut[cells + chosen] = 1
        constraints.append(LinearConstraint(cut, -np.inf, len(chosen) - 1))


def _possible(matrix: Floats, values: Floats, known: Flags, repair: _Repair) -> bool:
    """Whether the repaired figures leave a way to fill the blanks of the table."""
    mended = values.copy()
    mended[list(repair.columns)] = repair.values
    return not contradicted(matrix, mended[None], known[None]).any()


def _exchanged(repair: _Repair, values: Floats, places: Sequence[tuple[int, int]]) -> bool:
    """Whether the repair only puts the figures of two cells side by side into each other's place."""
    if len(repair.columns) != 2:
        return False
    first, second = repair.columns
    (row, column), (other_row, other_column) = places[first], places[second]
    beside = abs(row - other_row) + abs(column - other_column) == 1
    return beside and np.allclose(repair.values, values[[second, first]])


def _totals(system: System) -> Flags:
    """Cells that stand alone on the left of an identity."""
    identities = system.matrix[system.identities]
    alone = (identities > 0).sum(axis=1) == 1
    return np.asarray((identities[alone] > 0).any(axis=0))


def _weight(
    repair: _Repair, values: Floats, known: Flags, codes: tuple[FactCode, ...], totals: Flags
) -> float:
    place = {(code.row, code.column): i for i, code in enumerate(codes) if known[i]}
    rows = list(dict.fromkeys(code.row for code in codes))
    columns = list(dict.fromkeys(code.column for code in codes))

    def neighbours(code: FactCode) -> list[float]:
        row, column = rows.index(code.row), columns.index(code.column)
        beside = [(rows[row], columns[c]) for c in (column - 1, column + 1) if 0 <= c < len(columns)]
        above = [(rows[r], columns[column]) for r in (row - 1, row + 1) if 0 <= r < len(rows)]
        return [float(values[place[cell]]) for cell in beside + above if cell in place]

    if _exchanged(repair, values, [(rows.index(c.row), columns.index(c.column)) for c in codes]):
        return load_mistakes().exchanged.weight
    return prod(
        likelihood(float(values[j]), float(round(new)), neighbours(codes[j]), bool(totals[j]))
        for j, new in zip(repair.columns, repair.values, strict=True)
    )

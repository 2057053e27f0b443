"""Judges and derives with the matrix of the form: n reports are an n by k matrix, their verdicts n by m.

Everything here works on arrays; `confrontation` translates reports into them and outcomes into findings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gao_pipeline.contracts.identities import System

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Indices = NDArray[np.intp]

NOT_DERIVED = -1


@dataclass(frozen=True, eq=False)
class Figures:
    """The figures of n reports over the k cells of a system.

    `values` is 0 where nothing is `known`; `fillable` marks cells of tables that were found in which
    nothing is printed.
    """

    values: Floats
    known: Flags
    fillable: Flags


@dataclass(frozen=True, eq=False)
class Assessment:
    """What the matrix says of n reports.

    Attributes:
        residual: left minus right side of the m relations, over the printed figures.
        assessable: relations all of whose cells are printed.
        failed: assessable relations that do not hold.
        excess: identities with blanks whose printed parts already exceed what they must add up to.
        conflicts: relations that fail once forced figures fill their blanks; no such figure is kept.
        conflict_sides: left and right sum of each conflict as (report, relation) pairs.
        not_counts: printed figures that are negative or fractional where they may not be.
        derived: the n by k figures, forced ones filled in.
        derived_by: the relation that forced each figure, or `NOT_DERIVED`.
    """

    residual: Floats
    assessable: Flags
    failed: Flags
    excess: Flags
    conflicts: Flags
    conflict_sides: dict[tuple[int, int], tuple[float, float]]
    not_counts: Flags
    derived: Floats
    derived_by: Indices


def assess(system: System, figures: Figures) -> Assessment:
    """Confronts every report with every relation, and derives what the identities force."""
    values, known = figures.values, figures.known
    residual = values @ system.matrix.T
    assessable = _incidence(~known, system.membership.T) == 0
    broken = np.where(system.identities, residual != 0, residual > 0)
    failed = assessable & broken
    not_counts = known & (((values < 0) & ~system.signed) | ((values % 1 != 0) & system.whole))
    touched_by_bad = _incidence(not_counts, system.membership.T) > 0
    exceeded = contradicted(system.matrix, values, known) & system.identities
    excess = exceeded & ~assessable & ~touched_by_bad
    tainted = not_counts | (_incidence((failed | excess) & system.identities, system.membership) > 0)
    derived, derived_by, conflicts, conflict_sides = _derive(system, figures, tainted, failed | excess)
    return Assessment(
        residual, assessable, failed, excess, conflicts, conflict_sides, not_counts, derived, derived_by
    )


def sides(system: System, values: Floats, relation: int) -> tuple[float, float]:
    """The left and the right sum of one relation over the figures of one report (k)."""
    row = system.matrix[relation]
    return float(values[row > 0].sum()), float(values[row < 0].sum())


def completed(system: System, figures: Figures) -> tuple[Floats, Flags, Flags]:
    """What hypothetical figures force, whatever they contradict.

    Returns:
        the figures (n by k) with the forced ones, which of them are known, and the identities (n by m)
        that are contradicted all the same.
    """
    values, known, _ = _fill(system, figures, np.zeros_like(figures.known))
    return values, known, contradicted(system.matrix, values, known) & system.identities


def contradicted(matrix: Floats, values: Floats, known: Flags) -> Flags:
    """Which identities (rows of `matrix`) the figures of n reports contradict, whatever stands in the blanks.

    Blanks may hold any figure that is not negative: an identity is contradicted when the known figures of
    one side already exceed the other side and nothing is open there.
    """
    residual = values @ matrix.T
    left_open = _incidence(~known, (matrix > 0).T) > 0
    right_open = _incidence(~known, (matrix < 0).T) > 0
    return np.asarray((~right_open & (residual > 0)) | (~left_open & (residual < 0)))


def _incidence(flags: Flags, matrix: NDArray[Any]) -> Floats:
    return np.asarray(flags.astype(np.float64) @ matrix.astype(np.float64))


def _derive(
    system: System, figures: Figures, tainted: Flags, judged: Flags
) -> tuple[Floats, Indices, Flags, dict[tuple[int, int], tuple[float, float]]]:
    """Fills what is forced, and takes back every chain of forced figures that meets a contradiction."""
    values, known, derived_by = _fill(system, figures, tainted)
    conflicts = np.zeros_like(judged)
    conflict_sides: dict[tuple[int, int], tuple[float, float]] = {}
    pending = np.arange(len(values))
    while pending.size:
        now = values[pending]
        bad = contradicted(system.matrix, now, known[pending])
        bad &= system.identities & ~judged[pending] & ~conflicts[pending]
        meets = bad.any(axis=1)
        pending, bad = pending[meets], bad[meets]
        if not pending.size:
            break
        for position, report in enumerate(pending):
            for relation in np.flatnonzero(bad[position]):
                conflict_sides[int(report), int(relation)] = sides(system, values[report], int(relation))
            tainted[report] |= _chain(system, bad[position], derived_by[report])
        conflicts[pending] |= bad
        again = Figures(figures.values[pending], figures.known[pending], figures.fillable[pending])
        values[pending], known[pending], derived_by[pending] = _fill(system, again, tainted[pending])
    return values, derived_by, conflicts, conflict_sides


def _chain(system: System, relations: Flags, derived_by: Indices) -> Flags:
    """The cells of `relations` and of every identity that forced one of them, back to printed figures."""
    cells = _incidence(relations, system.membership) > 0
    while True:
        origins = np.unique(derived_by[cells & (derived_by != NOT_DERIVED)])
        grown = cells | (system.membership[origins] > 0).any(axis=0)
        if (grown == cells).all():
            return np.asarray(cells)
        cells = grown


def _fill(system: System, figures: Figures, tainted: Flags) -> tuple[Floats, Flags, Indices]:
    """Derives to a fixpoint from identities that touch no tainted cell.

    A figure is forced where it is the only unknown of an identity, or where all unknowns stand on one
    side and the known figures leave nothing for them.
    """
    values, known = figures.values.copy(), figures.known.copy()
    derived_by = np.full(values.shape, NOT_DERIVED, dtype=np.intp)
    left_of, right_of = (system.matrix > 0).T, (system.matrix < 0).T
    usable = system.identities & (_incidence(tainted, system.membership.T) == 0)
    while True:
        unknown = ~known
        left, right = _incidence(unknown, left_of), _incidence(unknown, right_of)
        residual = values @ system.matrix.T
        alone = left + right == 1
        nothing_left = (residual == 0) & ((left == 0) != (right == 0))
        open_cells = unknown & figures.fillable
        offers = _incidence(open_cells, system.membership.T) > 0
        reports, relations = np.nonzero(usable & offers & (alone | nothing_left))
        targets = open_cells[reports] & (system.membership[relations] > 0)
        pair, cell = np.nonzero(targets)
        report, relation = reports[pair], relations[pair]
        forced = -residual[report, relation] / system.matrix[relation, cell]
        possible = (forced >= 0) & (forced % 1 == 0)
        report, relation, cell, forced = (a[possible] for a in (report, relation, cell, forced))
        if not report.size:
            return values, known, derived_by
        _, first = np.unique(report * values.shape[1] + cell, return_index=True)
        report, relation, cell, forced = (a[first] for a in (report, relation, cell, forced))
        values[report, cell] = np.abs(forced)
        known[report, cell] = True
        derived_by[report, cell] = relation

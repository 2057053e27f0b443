"""Invents figures that are consistent with the form and with the year before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from gao_pipeline.contracts.forms import FactCode, Form, form_of_year
from gao_pipeline.samples.model import Draft, Number, Organization

APPLICANTS = (
    "natural_person",
    "business",
    "research",
    "public_welfare",
    "legal_service",
    "other_organization",
)
_SHARES = (0.78, 0.12, 0.01, 0.02, 0.05, 0.02)
_COMMON_OUTCOMES = {"granted": 6, "partly_granted": 2, "unavailable.not_held": 5, "not_processed.repeated": 2}
_NO_OUTCOME = ("other.fee_unpaid", "other.not_corrected_in_time")
_BLOCKS = ("review", "direct_litigation", "litigation_after_review")
_RESULTS = ("upheld", "corrected", "other_result", "pending")


def drafts_of(organization: Organization, random: Random) -> Iterator[Draft]:
    """The reports of an organisation, year by year, each carrying on from the one before."""
    previous: dict[FactCode, Number] = {}
    for year in range(organization.first, organization.last + 1):
        form = form_of_year(year)
        assert form is not None
        sound = _figures(form, organization.volume, previous, random)
        yield Draft(
            organization=organization,
            year=year,
            table_forms={table.code: form.form for table in form.tables},
            sound=sound,
            figures=dict(sound),
            said=said_of(sound),
            years={"facts": year, "lead_in": year},
            basis=form.source.number,
        )
        previous = sound


def said_of(figures: Mapping[FactCode, Number]) -> dict[str, Number]:
    """The figures that the prose repeats."""
    rows = ("received", "carried_in", "concluded_total", "granted", "carried_out")
    said = {row: figures[FactCode("applications", row, "total")] for row in rows}
    said["review"] = figures[FactCode("proceedings", "review", "total")]
    said["litigation"] = sum(figures[FactCode("proceedings", block, "total")] for block in _BLOCKS[1:])
    return said


def _figures(
    form: Form, volume: int, previous: Mapping[FactCode, Number], random: Random
) -> dict[FactCode, Number]:
    figures: dict[FactCode, Number] = dict.fromkeys(form.codes, 0)
    _disclosure(figures, volume, previous, random)
    _applications(figures, volume, previous, random)
    _proceedings(figures, volume, random)
    return figures


def _applications(
    figures: dict[FactCode, Number], volume: int, previous: Mapping[FactCode, Number], random: Random
) -> None:
    outcomes = [
        code.row
        for code in figures
        if code.table == "applications" and code.column == "total" and "." in code.row
    ]
    outcomes = [row for row in ("granted", "partly_granted", *outcomes) if row not in _NO_OUTCOME]
    weights = [_COMMON_OUTCOMES.get(row, 1) for row in outcomes]
    for applicant, share in zip(APPLICANTS, _SHARES, strict=True):
        expected = volume * share
        received = (
            max(2, round(expected * random.uniform(0.8, 1.25))) if share > 0.5 else _rounded(expected, random)
        )
        carried_in = int(previous.get(FactCode("applications", "carried_out", applicant), 0))
        open_cases = received + carried_in
        carried_out = min(open_cases - 1, _rounded(received * 0.08, random)) if open_cases > 1 else 0
        counts = dict.fromkeys(outcomes, 0)
        concluded = open_cases - carried_out
        for row in random.choices(outcomes, weights, k=concluded):
            counts[row] += 1
        if share > 0.5 and not counts["granted"]:
            most = max(counts, key=lambda row: counts[row])
            counts[most] -= 1
            counts["granted"] += 1
        rows = {"received": received, "carried_in": carried_in, "carried_out": carried_out, **counts}
        for row, count in (*rows.items(), ("concluded_total", concluded)):
            figures[FactCode("applications", row, applicant)] = count
            total = FactCode("applications", row, "total")
            figures[total] += count


def _proceedings(figures: dict[FactCode, Number], volume: int, random: Random) -> None:
    for block, share in zip(_BLOCKS, (0.06, 0.03, 0.01), strict=True):
        for result in _RESULTS:
            count = _rounded(volume * share / len(_RESULTS), random)
            figures[FactCode("proceedings", block, result)] = count
            figures[FactCode("proceedings", block, "total")] += count
    after = FactCode("proceedings", "litigation_after_review", "total")
    review = FactCode("proceedings", "review", "total")
    if figures[after] and not figures[review]:
        figures[FactCode("proceedings", "review", "upheld")] = figures[after]
        figures[review] = figures[after]


def _disclosure(
    figures: dict[FactCode, Number], volume: int, previous: Mapping[FactCode, Number], random: Random
) -> None:
    issued, repealed = random.randint(0, 3), random.randint(0, 1)
    documents = {
        column: FactCode("disclosure", "normative_documents", column) for column in _DOCUMENT_COLUMNS
    }
    if documents["issued"] in figures:
        before = int(previous.get(documents["in_force"], 8 + volume // 20))
        _set(figures, documents, issued=issued, repealed=repealed, in_force=before + issued - repealed)
        for row in ("licensing", "penalties", "coercion"):
            code = FactCode("disclosure", row, "decisions")
            figures[code] = _around(previous.get(code, _DECISIONS[row] * volume), random)
        fees = FactCode("disclosure", "fees", "amount")
        figures[fees] = round(float(previous.get(fees, volume * 1.1)) * random.uniform(0.9, 1.1) + 0.0001, 4)
        return
    before = int(previous.get(documents["disclosed_total"], 10 + volume // 20))
    _set(figures, documents, made=issued, disclosed=issued, disclosed_total=before + issued)
    for row in ("licensing", "other_services", "penalties", "coercion", "fees"):
        items = FactCode("disclosure", row, "prior_items")
        change = items._replace(column="change")
        figures[items] = int(previous.get(items, 12)) + int(previous.get(change, 0))
        figures[change] = random.choice((-1, 0, 0, 2))
        decisions = items._replace(column="decisions")
        if decisions in figures:
            figures[decisions] = _around(previous.get(decisions, 60 + volume), random)
    projects = random.randint(1, 4)
    figures[FactCode("disclosure", "procurement", "projects")] = projects
    figures[FactCode("disclosure", "procurement", "amount")] = projects * random.randint(180, 900) * 100


_DOCUMENT_COLUMNS = ("issued", "repealed", "in_force", "made", "disclosed", "disclosed_total")
_DECISIONS = {"licensing": 9, "penalties": 3, "coercion": 0}


def _set(figures: dict[FactCode, Number], codes: Mapping[str, FactCode], **values: int) -> None:
    for column, value in values.items():
        figures[codes[column]] = value


def _around(value: Number, random: Random) -> int:
    return round(value * random.uniform(0.85, 1.2))


def _rounded(expected: float, random: Random) -> int:
    """`expected`, rounded up or down by chance."""
    return int(expected) + (random.random() < expected % 1)

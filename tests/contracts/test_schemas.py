"""Every contract file fits the JSON Schema of its kind; the schemas, which editors use, come from the code.

`pytest --regenerate-goldens` writes `data_contracts/schemas/` anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from gao_pipeline.checking.evaluators import ReasonFile
from gao_pipeline.checking.mistakes import Mistakes
from gao_pipeline.checking.years import YearVocabulary
from gao_pipeline.contracts.expectations import Suite
from gao_pipeline.contracts.forms import FormFile
from gao_pipeline.contracts.identities import EquationWords
from gao_pipeline.contracts.indicators import IndicatorFile
from gao_pipeline.contracts.loading import contracts_root, load_yaml
from gao_pipeline.contracts.numerals import Numerals
from gao_pipeline.contracts.organizations import DepartmentFile, NameGrammar
from gao_pipeline.contracts.rules import RuleFile
from gao_pipeline.contracts.tables import TableFile
from gao_pipeline.contracts.vocabularies import QuarantineFile, SeverityNames
from gao_pipeline.documents.paged.drawn import RadicalVocabulary
from gao_pipeline.documents.vocabulary import PageVocabulary, TablePartVocabulary
from gao_pipeline.documents.web.metadata import PageMetadata
from gao_pipeline.documents.word.numbering import NumberingVocabulary
from gao_pipeline.reports.claims import ClaimVocabulary
from gao_pipeline.reports.script import ScriptVocabulary
from gao_pipeline.reports.vocabulary import CellVocabulary, IdentityVocabulary, SectionVocabulary

KINDS: dict[str, tuple[str, Any]] = {
    "form": ("forms/*.yaml", FormFile),
    "rules": ("rules/*.yaml", RuleFile),
    "table": ("tables/*.odcs.yaml", TableFile),
    "expectations": ("expectations/*.yaml", Suite),
    "indicators": ("indicators.yaml", IndicatorFile),
    "cells": ("vocabularies/cells.yaml", CellVocabulary),
    "claims": ("vocabularies/claims.yaml", ClaimVocabulary),
    "departments": ("vocabularies/departments.yaml", DepartmentFile),
    "equations": ("vocabularies/equations.yaml", EquationWords),
    "identity": ("vocabularies/identity.yaml", IdentityVocabulary),
    "mistakes": ("vocabularies/mistakes.yaml", Mistakes),
    "numbering": ("vocabularies/numbering.yaml", NumberingVocabulary),
    "numerals": ("vocabularies/numerals.yaml", Numerals),
    "organizations": ("vocabularies/organizations.yaml", NameGrammar),
    "page_metadata": ("vocabularies/page_metadata.yaml", PageMetadata),
    "pages": ("vocabularies/pages.yaml", PageVocabulary),
    "quarantine": ("vocabularies/quarantine.yaml", QuarantineFile),
    "radicals": ("vocabularies/radicals.yaml", RadicalVocabulary),
    "scripts": ("vocabularies/scripts.yaml", ScriptVocabulary),
    "sections": ("vocabularies/sections.yaml", SectionVocabulary),
    "severities": ("vocabularies/severities.yaml", SeverityNames),
    "table_parts": ("vocabularies/table_parts.yaml", TablePartVocabulary),
    "verdict_reasons": ("vocabularies/verdict_reasons.yaml", ReasonFile),
    "year_mentions": ("vocabularies/year_mentions.yaml", YearVocabulary),
}


def files_of(kind: str) -> list[Path]:
    return sorted(contracts_root().glob(KINDS[kind][0]))


def test_every_contract_file_has_a_kind() -> None:
    described = {path for kind in KINDS for path in files_of(kind)}
    assert set(contracts_root().rglob("*.yaml")) == described


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_is_that_of_the_code(kind: str, request: pytest.FixtureRequest) -> None:
    path = contracts_root() / "schemas" / f"{kind}.schema.json"
    schema = json.loads(json.dumps(msgspec.json.schema(KINDS[kind][1])))
    if request.config.getoption("--regenerate-goldens"):
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == schema


@pytest.mark.parametrize("kind", KINDS)
def test_files_fit_their_schema(kind: str) -> None:
    schema = json.loads((contracts_root() / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    assert files_of(kind)
    for path in files_of(kind):
        content = json.loads(json.dumps(load_yaml(path), default=str))
        assert [error.message for error in validator.iter_errors(content)] == [], path.name

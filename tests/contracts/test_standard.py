"""The table contracts are contracts of the Open Data Contract Standard, as its own package reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from open_data_contract_standard.model import OpenDataContractStandard

from gao_pipeline.contracts.loading import contract_files, load_yaml


@pytest.mark.parametrize("path", contract_files("tables", "*.odcs.yaml"), ids=lambda path: path.stem)
def test_the_standard_knows_everything_that_a_contract_says(path: Path) -> None:
    contract = OpenDataContractStandard.from_file(str(path))
    read = contract.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert _lost(load_yaml(path), read) == []


def _lost(said: Any, read: Any, place: str = "") -> list[str]:
    """Where `read` lacks, or says otherwise, what is `said`."""
    if isinstance(said, dict):
        return [
            lost
            for key, value in said.items()
            for lost in (_lost(value, read[key], f"{place}.{key}") if key in read else [f"{place}.{key}"])
        ]
    if isinstance(said, list) and len(said) == len(read):
        pairs = enumerate(zip(said, read, strict=True))
        return [lost for i, pair in pairs for lost in _lost(*pair, f"{place}[{i}]")]
    return [] if said == read else [place]

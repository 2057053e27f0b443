"""What every test has: the shared corpus where it is present, golden files, properties without a deadline."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

_CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate-goldens",
        action="store_true",
        help="write golden files anew from what the code gives now (review the diff)",
    )


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real and rendered reports with their truth; not part of the repository."""
    if not _CORPUS.is_dir():
        pytest.skip("the shared corpus (../shared/corpus) is not present")
    return _CORPUS


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, object], None]:
    """Compare a value, as JSON, with `goldens/<name>.json` beside the test.

    With `--regenerate-goldens` the file is written instead of compared.
    """

    def compare(name: str, value: object) -> None:
        path = Path(request.path).parent / "goldens" / f"{name}.json"
        actual: Any = msgspec.to_builtins(value)
        if request.config.getoption("--regenerate-goldens"):
            path.parent.mkdir(exist_ok=True)
            text = json.dumps(actual, ensure_ascii=False, indent=1)
            path.write_text(text + "\n", encoding="utf-8")
            return
        assert path.is_file(), f"{path.name} does not exist; run pytest with --regenerate-goldens"
        expected = json.loads(path.read_text(encoding="utf-8"))
        assert json.loads(json.dumps(actual)) == expected

    return compare


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named after their argument: archives made on the spot differ from process to process."""
    return argname if isinstance(val, bytes) else None

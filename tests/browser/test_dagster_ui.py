"""What people see in the Dagster UI after a run: lineage, year partitions, failed checks with their rows."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gao_pipeline.orchestration.instance import prepare_instance
from gao_pipeline.orchestration.running import run_pipeline
from gao_pipeline.settings import Settings

playwright = pytest.importorskip("playwright.sync_api", reason="the extra `test` brings Playwright")

_SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "reports"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
_START_SECONDS = 180
_SHOW_MILLISECONDS = 60_000


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    executable = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if executable is None:
        pytest.skip(f"no browser is installed ({', '.join(_BROWSERS)})")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=executable, args=_FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def address(browser: playwright.Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a web server on a home in which the samples that are no PDF were run."""
    landing = tmp_path_factory.mktemp("landing")
    for sample in _SAMPLES.rglob("*"):
        if sample.suffix in (".txt", ".html", ".docx"):
            shutil.copy(sample, landing / sample.name)
    settings = Settings(home=tmp_path_factory.mktemp("home"), landing=landing, mapper="in_process")
    assert run_pipeline(settings).succeeded
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["dagster_webserver", "-m", "gao_pipeline.definitions", "-h", "127.0.0.1", "-p", str(port)]
    environment = os.environ | prepare_instance(settings)
    with subprocess.Popen([sys.executable, "-m", *command], env=environment) as server:
        try:
            _wait_for(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(_START_SECONDS):
        if server.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(1)
    pytest.fail("the Dagster web server did not start")


@pytest.fixture
def page(browser: playwright.Browser) -> Iterator[playwright.Page]:
    opened = browser.new_page(viewport={"width": 1600, "height": 1000})
    opened.set_default_timeout(_SHOW_MILLISECONDS)
    yield opened
    opened.close()


def test_the_lineage_leads_from_the_raw_files_to_the_release(page: playwright.Page, address: str) -> None:
    page.goto(f"{address}/assets/curated_release?view=lineage&lineageScope=upstream&lineageDepth=9")
    for table in ("raw_files", "extracted_tables", "reported_facts", "validated_facts", "annual_aggregates"):
        page.get_by_text(table, exact=True).first.wait_for()


def test_report_years_are_partitions(page: playwright.Page, address: str) -> None:
    page.goto(f"{address}/assets/validated_facts?view=partitions")
    for partition in ("2019", "2024", "unknown"):
        page.get_by_text(partition, exact=True).first.wait_for()


def test_failed_checks_show_their_rows(page: playwright.Page, address: str) -> None:
    page.goto(f"{address}/assets/validated_facts?view=checks&checkDetail=applications")
    page.get_by_text("Failed", exact=True).first.wait_for()
    page.get_by_text("failing_rows").first.wait_for()
    page.get_by_text("applications.concluded_total").first.wait_for()


def test_the_door_of_the_release_stands_as_checks(page: playwright.Page, address: str) -> None:
    page.goto(f"{address}/assets/curated_release?view=checks")
    page.get_by_text("Succeeded", exact=True).first.wait_for()

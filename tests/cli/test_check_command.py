"""`gao check` as its callers see it: the JSON contract, the text form, exit codes, what it imports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gao_pipeline.cli import app
from gao_pipeline.contracts.forms import load_forms
from gao_pipeline.documents.model import Document

CONSISTENT = "clean.md"
BROKEN = "broken.md"
HEAVY = ("dagster", "great_expectations", "pandas", "pandera", "duckdb", "pyarrow", "scipy")


def report_text(received_total: int) -> str:
    """A fictitious report of edition 2021 in Markdown; everything is zero but one application."""
    form = load_forms()["2021"]
    lines = [
        "# 虚构县示例局2023年政府信息公开工作年度报告",
        "",
        "统计期限自2023年1月1日起至2023年12月31日止。",
    ]
    for table in form.tables:
        lines += ["", f"## {table.name.zh}", ""]
        rows: list[list[str]] = []
        if table.orientation == "rows":
            for block in table.blocks:
                if block.heading:
                    rows.append([block.heading])
                rows.append(["信息内容", "", "", *(c.label for c in block.columns)])
                for row in block.rows:
                    groups = [group.label for group in table.group_path(row)]
                    labels = [*groups, row.label][-3:]
                    labels += [""] * (3 - len(labels))
                    figures = ["0"] * len(block.columns)
                    if row.code == "received":
                        figures[0], figures[-1] = "1", str(received_total)
                    if row.code in ("granted", "concluded_total"):
                        figures[0], figures[-1] = "1", "1"
                    rows.append([*labels, *figures])
        else:
            block = table.blocks[0]
            rows.append([row.label for row in block.rows for _ in block.columns])
            rows.append([column.label for _ in block.rows for column in block.columns])
            rows.append(["0" for _ in block.rows for _ in block.columns])
        width = max(map(len, rows))
        for number, cells in enumerate(rows):
            lines.append("| " + " | ".join([*cells, *[""] * (width - len(cells))]) + " |")
            if number == 0:
                lines.append("|" + "---|" * width)
    return "\n".join(lines) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / CONSISTENT).write_text(report_text(received_total=1), encoding="utf-8")
    (tmp_path / BROKEN).write_text(report_text(received_total=2), encoding="utf-8")
    (tmp_path / "empty.docx").write_bytes(b"")
    return tmp_path


def check(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["check", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout


def test_a_consistent_report_exits_with_0_and_every_code_is_listed_once_in_order(folder: Path) -> None:
    status, output = check(folder / CONSISTENT, "--format", "json")
    [item] = json.loads(output)
    assert status == 0
    assert item["status"] == "read"
    assert (item["organization"], item["report_year"], item["form"]) == ("虚构县示例局", 2023, "2021")
    codes = [(fact["table"], fact["row"], fact["column"]) for fact in item["facts"]]
    assert codes == [tuple(code) for code in load_forms()["2021"].codes]
    assert {fact["state"] for fact in item["facts"]} == {"reported"}


def test_a_broken_sum_exits_with_1_and_names_the_cells(folder: Path) -> None:
    status, output = check(folder / BROKEN, "--format", "json")
    [item] = json.loads(output)
    [finding] = [f for f in item["findings"] if f["rule"] == "applications.row_total"]
    assert status == 1
    assert finding["severity"] == "error"
    assert ["applications", "received", "total"] in finding["facts"]
    assert finding["suggestion"] == {"fact": ["applications", "received", "total"], "value": 1}
    assert "本年新收" in finding["message"]


def test_an_unreadable_file_exits_with_2_and_does_not_stop_the_others(folder: Path) -> None:
    status, output = check(folder, "--format", "json")
    items = json.loads(output)
    assert status == 2
    assert [Path(item["file"]).name for item in items] == [BROKEN, CONSISTENT, "empty.docx"]
    assert [item["status"] for item in items] == ["read", "read", "quarantined"]
    assert items[2]["reason"] == "empty_file"
    assert items[2]["facts"] == []


def test_our_own_failure_is_no_fault_of_the_file_and_does_not_stop_the_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: bytes) -> Document:
        raise NameError("name 'cell' is not defined")

    monkeypatch.setattr("gao_pipeline.documents.web.html.read_html", broken)
    (folder / "page.html").write_text("<html><body><p>0</p></body></html>", encoding="utf-8")
    status, output = check(folder, "--format", "json")
    items = {Path(item["file"]).name: item for item in json.loads(output)}
    assert status == 2
    assert items["page.html"]["reason"] == "reader_crashed"
    assert items[CONSISTENT]["status"] == "read"


def test_the_text_form_speaks_chinese_and_on_request_english(folder: Path) -> None:
    _, chinese = check(folder / BROKEN)
    _, english = check(folder / BROKEN, "--language", "en")
    assert "虚构县示例局" in chinese
    assert "错误 2" in chinese
    assert "建议核对" in chinese
    assert "error 2" in english
    assert "建议核对" not in english


def test_a_path_that_does_not_exist_is_a_wrong_argument(tmp_path: Path) -> None:
    status, _ = check(tmp_path / "nothing.docx")
    assert status == 2


def test_checking_imports_nothing_heavy(folder: Path) -> None:
    script = (
        "import sys, json\n"
        "from gao_pipeline.cli import app\n"
        f"sys.argv = ['gao', 'check', {str(folder / BROKEN)!r}, '--format', 'json']\n"
        "try:\n    app()\nexcept SystemExit:\n    pass\n"
        f"print('loaded', [m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stderr.strip().splitlines()[-1] == "loaded []"
    assert json.loads(result.stdout)[0]["status"] == "read"


def test_what_is_no_file_is_quarantined_and_does_not_stop_the_others(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    zipfile.ZipFile(folder / "void.zip", "w").close()
    names = ("pipe.txt", "gone.docx", "void.zip", CONSISTENT)
    status, output = check(*(folder / name for name in names), "--format", "json")
    items = json.loads(output)
    assert status == 2
    assert [item["status"] for item in items] == ["quarantined"] * 3 + ["read"]
    assert [item["reason"] for item in items[:3]] == ["not_a_file", "unreadable_file", "empty_archive"]


def test_a_folder_without_files_is_a_wrong_argument(tmp_path: Path) -> None:
    assert check(tmp_path)[0] == 2

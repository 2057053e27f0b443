"""Documents → reports, on self-made texts (golden files) and on the shared corpus."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import gao_pipeline
from gao_pipeline.checking.confrontation import confront
from gao_pipeline.checking.model import Severity
from gao_pipeline.contracts.rules import load_rules
from gao_pipeline.documents.model import Document, MediaType, Notice, Paragraph, UnreadableDocumentError
from gao_pipeline.documents.reading import read_document
from gao_pipeline.reports.model import Report, State
from gao_pipeline.reports.reading import read_report

_SAMPLES = Path(__file__).parent / "samples"
_SCANS = ("018_", "020_", "025_", "027_")


def _read(path: Path) -> Report:
    return read_report(read_document(path.read_bytes(), path.name), path.name)


def _truths(corpus: Path, folder: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    with (corpus / f"{folder}-truth.jsonl").open(encoding="utf-8") as lines:
        for truth in map(json.loads, lines):
            if not truth["file"].startswith(_SCANS):
                yield corpus / folder / truth["file"], truth


@pytest.mark.parametrize("folder", ["real", "rendered"])
def test_digital_reports_of_the_corpus_are_read_exactly(corpus: Path, folder: str) -> None:
    for path, truth in _truths(corpus, folder):
        report = _read(path)
        facts = {tuple(fact.code): fact for fact in report.facts}
        codes = [(fact["table"], fact["row"], fact["column"]) for fact in truth["facts"]]
        assert sorted(facts) == sorted(codes), path.name
        for code, fact in zip(codes, truth["facts"], strict=True):
            assert facts[code].value in fact.get("accept", [fact["value"]]), (path.name, code)
            assert facts[code].state == fact.get("state", facts[code].state), (path.name, code)
        assert report.organization == truth["organization"], path.name
        assert report.report_year in truth.get("report_year_accept", [truth["report_year"]]), path.name
        assert (report.form, report.table_forms) == (truth["form"], truth["table_forms"]), path.name


def test_the_row_that_belongs_to_none_is_named_not_assigned(corpus: Path) -> None:
    report = _read(corpus / "real" / "004-jianxi-commerce-2021.txt")
    [notice] = [notice for notice in report.notices if notice.code == "orphan_row"]
    assert notice.table == "applications"
    rows = ("granted", "partly_granted", "denied.state_secret", "denied.prohibited_by_law")
    assert {fact.state for fact in report.facts if fact.code.row in rows} == {State.BLANK}


def _applications(figures: Sequence[tuple[str, str]]) -> Report:
    """A report whose applications table has these rows, each with one figure seven times."""
    heads = ["", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    rows = [heads, *([name, *[figure] * 7] for name, figure in figures)]
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    text = f"<p>示例县商务局2022年政府信息公开年度报告</p><p>三、收到和处理申请</p><table>{table}</table>"
    return read_report(read_document(text.encode(), "报告.html"))


@pytest.mark.parametrize(("label", "notice"), [("", "orphan_row"), ("三、本年度办理结果", "unknown_row")])
def test_figures_without_label_of_a_row_above_a_blank_one_belong_to_none(label: str, notice: str) -> None:
    report = _applications(
        [("一、本年新收", "1"), ("（一）予以公开", ""), (label, "0"), ("（二）部分公开", "")]
    )
    states = {fact.code.row: fact.state for fact in report.facts if fact.code.column == "total"}
    assert (states["granted"], states["partly_granted"]) == (State.BLANK, State.BLANK)
    assert notice in {notice.code for notice in report.notices}


def test_a_total_of_a_group_is_not_that_of_all_rows() -> None:
    rows = [("8.属于行政查询事项", "1"), ("合计", "2"), ("1.本机关不掌握相关政府信息", "3")]
    report = _applications([*rows, ("（七）总计", "4"), ("四、结转下年度继续办理", "5")])
    values = {fact.code.row: fact.value for fact in report.facts if fact.code.column == "total"}
    assert values["concluded_total"] == 4
    assert {"unknown_row", "row_twice"} & {notice.code for notice in report.notices} == {"unknown_row"}


@pytest.mark.parametrize("sample", sorted(path.name for path in _SAMPLES.iterdir()))
def test_samples(golden: Callable[[str, object], None], sample: str) -> None:
    report = _read(_SAMPLES / sample)
    golden(
        Path(sample).stem,
        {
            "organization": report.organization,
            "report_year": report.report_year,
            "form": report.form,
            "table_forms": report.table_forms,
            "published": report.published,
            "sections": [section.code for section in report.sections],
            "facts": {str(fact.code): [fact.value, fact.raw, str(fact.state)] for fact in report.facts},
            "notices": [[notice.code, notice.table, notice.detail] for notice in report.notices],
        },
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<html><body><h1>通知公告</h1><p>本页为附件下载。</p></body></html>", "no_report_in_page"),
        ("采购清单\n打印纸 5 箱\n", "no_report"),
    ],
)
def test_what_is_no_report_is_refused(content: str, reason: str) -> None:
    with pytest.raises(UnreadableDocumentError) as refusal:
        read_report(read_document(content.encode()))
    assert refusal.value.reason == reason


def _page_of_reports(figures: dict[int, int]) -> str:
    """A page with the reports of several years one after the other."""
    return "".join(
        f"<h2>示例县商务局{year}年政府信息公开工作年度报告</h2><p>二、主动公开政府信息情况</p><table>"
        "<tr><td colspan=2>第二十条第（五）项<tr><td>信息内容<td>本年处理决定数量"
        f"<tr><td>行政许可<td>{figure}</table>"
        for year, figure in figures.items()
    )


@pytest.mark.parametrize("figures", [{2023: 4, 2022: 9}, {2022: 9, 2023: 4}])
def test_of_several_reports_on_a_page_that_of_its_title_is_read(figures: dict[int, int]) -> None:
    head = "<title>示例县商务局2023年政府信息公开工作年度报告</title>"
    report = read_report(read_document(f"<html>{head}{_page_of_reports(figures)}</html>".encode()))
    values = {fact.code: fact.value for fact in report.facts}
    assert report.report_year == 2023
    assert values["disclosure", "licensing", "decisions"] == 4
    assert "row_twice" not in {notice.code for notice in report.notices}


def test_of_reports_of_two_years_in_two_forms_that_of_the_title_is_read() -> None:
    made = "<tr><td>信息内容<td>本年新制作数量<td>本年新公开数量<td>对外公开总数量"
    issued = "<tr><td>信息内容<td>本年制发件数<td>本年废止件数<td>现行有效件数"
    regulations = "<tr><td>规章<td>{0}<td>{0}<td>{0}<tr><td>{1}规范性文件<td>{0}<td>{0}<td>{0}"
    items = "<tr><td>信息内容<td>上一年项目数量<td>本年增/减<td>处理决定数量"
    tables = [
        issued + regulations.format(3, "行政"),
        made + regulations.format(4, "") + f"{items}<tr><td>其他对外管理服务事项<td>5<td>6<td>7",
    ]
    page = "".join(
        f"<h1>示例县水务局{year}年政府信息公开工作年度报告</h1><p>一、主动公开情况</p><table>{table}</table>"
        for year, table in zip((2021, 2020), tables, strict=True)
    )
    title = "<title>示例县水务局2021年政府信息公开工作年度报告</title>"
    report = read_report(read_document(f"<html>{title}{page}</html>".encode()))
    assert report.table_forms["disclosure"] == "2021"
    values = {fact.code[1:]: fact.value for fact in report.facts if fact.code[0] == "disclosure"}
    assert values["regulations", "issued"] == values["normative_documents", "in_force"] == 3


def test_a_report_of_half_a_year_is_no_annual_report() -> None:
    text = "示例县商务局2022年上半年政府信息公开工作总结\n一、总体情况\n主动公开政府信息若干条。\n"
    with pytest.raises(UnreadableDocumentError, match="no_report"):
        read_report(read_document(text.encode()))


def test_a_refused_page_names_its_attachments() -> None:
    page = "<html><h1>示例县商务局2022年政府信息公开工作年度报告</h1><a href='P1.docx'>附件</a></html>"
    with pytest.raises(UnreadableDocumentError, match=r"attached: P1\.docx"):
        read_report(read_document(page.encode()))


def test_what_is_said_about_reports_is_none() -> None:
    said = "特编制2022年政府信息公开工作年度报告，本报告由六个部分组成。" * 20
    page = f"<html><body><h3>示例县商务局2022年政府信息公开工作年度报告</h3><p>{said}</p></body></html>"
    with pytest.raises(UnreadableDocumentError, match="no_report_in_page"):
        read_report(read_document(page.encode()))


def test_a_report_of_the_years_before_the_form_is_read_without_facts() -> None:
    story = "2012年，我局认真贯彻落实条例，推进政府信息公开工作。" * 20
    text = f"示例县商务局2012年政府信息公开工作年度报告\n一、工作推进\n{story}\n"
    report = read_report(read_document(text.encode()))
    assert (report.report_year, report.form, report.facts) == (2012, "none", ())


def test_every_notice_has_its_rule_and_every_rule_its_notice() -> None:
    root = Path(gao_pipeline.__file__).parent
    literals = {
        node.value
        for folder in ("documents", "reports")
        for path in (root / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    rules = {rule.id.removeprefix("reading.") for rule in load_rules().values() if rule.family == "reading"}
    assert rules <= literals
    emitted = {
        node.args[0].value
        for path in (root / "reports").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "notices"
        and node.func.attr == "add"
        and isinstance(node.args[0], ast.Constant)
    }
    assert emitted
    assert emitted <= rules


def test_a_table_shown_as_a_picture_is_named() -> None:
    lines = [
        "示例县商务局2022年政府信息公开工作年度报告",
        "一、总体情况",
        "2022年，我局认真落实条例。",
        "三、收到和处理政府信息公开申请情况",
    ]
    document = Document(
        media_type=MediaType.DOCX,
        blocks=tuple(Paragraph(text=text) for text in lines),
        notices=(Notice(code="image", detail="media/image1.png"),),
    )
    report = read_report(document)
    named = [notice.table for notice in report.notices if notice.code == "table_in_picture"]
    assert named == ["disclosure", "applications", "proceedings"]
    found = [
        finding for finding in confront([report])[0].findings if finding.rule == "reading.table_in_picture"
    ]
    assert {finding.severity for finding in found} == {Severity.WARNING}
    assert [finding.table for finding in found] == named


STREAM = (
    "示例县商务局2022年政府信息公开工作年度报告\n{row}二、主动公开政府信息情况\n{row}"
    "第二十条\n第（一）项\n{row}信息内容\n本年制发件数\n本年\n废止件数\n现行有效件数\n{row}"
    "规章\n1\n\n3\n{row}行政规范性文件\n\n5\n6\n{row}第二十条第（六）项\n{row}信息内容\n本年处理决定数量\n"
    "{row}行政处罚\n7\n{row}行政强制\n\n{row}三、收到和处理政府信息公开申请情况\n"
)


@pytest.mark.parametrize("row", ["", "\n"])
def test_blank_lines_between_rows_are_no_blank_cells(row: str) -> None:
    report = read_report(read_document(STREAM.format(row=row).encode(), "报告.txt"))
    values = {"/".join(fact.code[1:]): fact.value for fact in report.facts if fact.code.table == "disclosure"}
    assert values == {
        "regulations/issued": 1,
        "regulations/repealed": None,
        "regulations/in_force": 3,
        "normative_documents/issued": None,
        "normative_documents/repealed": 5,
        "normative_documents/in_force": 6,
        "licensing/decisions": None,
        "penalties/decisions": 7,
        "coercion/decisions": None,
        "fees/amount": None,
    }


HEAD = "示例县商务局2022年政府信息公开工作年度报告\n二、主动公开政府信息情况\n第二十条第（一）项\n"
COLUMNS = "信息内容\n本年制发件数\n本年废止件数\n现行有效件数\n"
BELOW = "第二十条第（六）项\n信息内容\n本年处理决定数量\n行政处罚\n7\n行政强制\n8\n三、其他情况。\n"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("1\n2\n3\n规章\n4\n5\n6\n行政规范性文件\n", [1, 2, 3, 4, 5, 6]),
        ("1\n2\n3\n规章\n4\n6\n行政规范性文件\n", [None] * 6),
        ("规章\n1\n2\n3\n行政规范性文件\n4\n5\n6\n", [1, 2, 3, 4, 5, 6]),
    ],
)
def test_values_printed_above_their_labels(rows: str, expected: list[int | None]) -> None:
    report = read_report(read_document((HEAD + COLUMNS + rows + BELOW).encode(), "报告.txt"))
    values = [fact.value for fact in report.facts if fact.code.row in ("regulations", "normative_documents")]
    assert values == expected
    assert [fact.value for fact in report.facts if fact.code.row in ("penalties", "coercion")] == [7, 8]
    assert ("orphan_row" in {notice.code for notice in report.notices}) == (None in expected)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("规章\n0 2\n3\n行政规范性文件\n4\n5\n6\n", [0, 2, 3, 4, 5, 6]),
        ("规章\n1 9\n3\n行政规范性文件\n4\n5\n6\n", [None, None, None, 4, 5, 6]),
        ("规章\n1 9\n3\n\n行政规范性文件\n4\n5\n6\n", [None, None, None, 4, 5, 6]),
        ("规章\n1 2 3\n行政规范性文件\n4 5\n6\n", [None] * 6),
    ],
    ids=[
        "two cells a line",
        "two cells or one figure",
        "or one and a blank cell",
        "a whole row or one figure",
    ],
)
def test_several_figures_on_a_line(rows: str, expected: list[int | None]) -> None:
    report = read_report(read_document((HEAD + COLUMNS + rows + BELOW).encode(), "报告.txt"))
    values = [fact.value for fact in report.facts if fact.code.row in ("regulations", "normative_documents")]
    assert values == expected


def test_rows_without_their_header_and_with_broken_labels() -> None:
    text = (
        "示例县商务局2022年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况\n"
        "一、本年新收政府信息公开申请数量 3 1 0 0 0 0 4\n二、上年结转政府信息公开申请数量 0 0 0 0 0 0 0\n"
        "（一）予以公开 1 0 0 0 0 0 1\n"
        "（二）部分公开（区分处理的，只计\n这一情形，不计其他情形） 2 1 0 0 0 0 3\n"
    )
    report = read_report(read_document(text.encode(), "报告.txt"))
    totals = {fact.code.row: fact.value for fact in report.facts if fact.code.column == "total"}
    assert totals["received"] == 4
    assert totals["carried_in"] == 0
    assert totals["granted"] == 1
    assert totals["partly_granted"] == 3


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("规章000\n行政规范性文件100\n", [0, 0, 0, 1, 0, 0]),
        ("规章000行政规范性文件12034\n", [0, 0, 0, None, None, None]),
        ("规章00\n行政规范性文件100\n", [None] * 6),
        ("规章0件2件0件\n行政规范性文件102\n", [None, None, None, 1, 0, 2]),
    ],
    ids=["one way to part them", "several ways", "blank cells", "units"],
)
def test_figures_without_anything_between_them(rows: str, expected: list[int | None]) -> None:
    columns = COLUMNS.replace("\n", "") + "\n"
    text = (
        f"{HEAD}{columns}{rows}"
        "第二十条第（六）项信息内容本年处理决定数量行政处罚7行政强制18\n三、其他情况。\n"
    )
    report = read_report(read_document(text.encode(), "报告.txt"))
    values = [fact.value for fact in report.facts if fact.code.row in ("regulations", "normative_documents")]
    assert [fact.value for fact in report.facts if fact.code.row in ("penalties", "coercion")] == [7, 18]
    assert values == expected
    assert (None in expected) == ("row_length" in {notice.code for notice in report.notices})


@pytest.mark.parametrize(("penalties", "expected"), [("7\t7\t7", 7), ("7\t0\t0", None)])
def test_a_cell_that_a_program_copies_into_every_place_it_covers(
    penalties: str, expected: int | None
) -> None:
    columns = COLUMNS.strip().replace("\n", "\t")
    heading, heads = "\t".join(["第二十条第（六）项"] * 4), "\t".join(["本年处理决定数量"] * 3)
    text = (
        f"示例县商务局2022年政府信息公开工作年度报告\n{columns}\n规章\t1\t2\t3\n行政规范性文件\t4\t5\t6\n"
        f"{heading}\n信息内容\t{heads}\n"
        f"行政处罚\t{penalties}\n行政强制\t8\t8\t8\n三、其他情况。\n"
    )
    report = read_report(read_document(text.encode(), "报告.txt"))
    assert [f.value for f in report.facts if f.code.row in ("penalties", "coercion")] == [expected, 8]
    assert (expected is None) == ("row_length" in {notice.code for notice in report.notices})


def test_a_torn_label_of_any_table() -> None:
    rows = "规章  1  2  3\n行政规范性\n文件  4  5  6\n"
    columns = COLUMNS.strip().replace("\n", "  ")
    text = f"示例县商务局2022年政府信息公开工作年度报告\n{columns}\n{rows}三、其他情况。\n"
    report = read_report(read_document(text.encode(), "报告.txt"))
    values = [fact.value for fact in report.facts if fact.code.row in ("regulations", "normative_documents")]
    assert values == [1, 2, 3, 4, 5, 6]


def test_columns_below_a_group_come_before_the_total_in_a_dump_without_its_corner() -> None:
    cells = [
        "申请人情况",
        "自然人",
        "法人或其他组织",
        "总计",
        "商业企业",
        "科研机构",
        "社会公益组织",
        "法律服务机构",
        "其他",
    ]
    cells += ["一、本年新收政府信息公开申请数量", "1", "2", "3", "4", "5", "6", "21"]
    cells += ["二、上年结转政府信息公开申请数量", "0", "1", "0", "0", "0", "0", "1"]
    lines = ["示例县商务局2022年政府信息公开工作年度报告", "三、收到和处理政府信息公开申请情况", *cells]
    report = read_report(read_document("\n".join(lines).encode()))
    received = [fact.value for fact in report.facts if fact.code[:2] == ("applications", "received")]
    assert received == [1, 2, 3, 4, 5, 6, 21]

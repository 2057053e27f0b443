"""The proceedings table printed in parts: captions and heads say whose figures stand below."""

from __future__ import annotations

import pytest

from gao_pipeline.documents.reading import read_document
from gao_pipeline.reports.model import Report
from gao_pipeline.reports.reading import read_report

_COLUMNS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
_ROWS = ("review", "direct_litigation", "litigation_after_review")
_FIGURES = ((21, 4, 3, 2, 30), (5, 0, 1, 0, 6), (0, 7, 0, 8, 15))
_TITLE = "某县商务局2023年政府信息公开工作年度报告\n\n一、总体情况\n\n本年工作平稳。\n\n"
_SECTION = "四、政府信息公开行政复议、行政诉讼情况"


def _report(body: str, name: str) -> Report:
    return read_report(read_document(body.encode(), name))


def _proceedings(report: Report) -> list[int | None]:
    facts = [fact for fact in report.facts if fact.code.table == "proceedings"]
    assert [fact.code.row for fact in facts] == [row for row in _ROWS for _ in _COLUMNS]
    return [int(fact.value) if fact.value is not None else None for fact in facts]


_ALL = [figure for row in _FIGURES for figure in row]


@pytest.mark.parametrize(
    "captions",
    [
        ("行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）"),
        ("（一）行政复议情况", "（二）未经复议直接起诉", "（三）复议后起诉"),
        ("1.行政复议", "2.行政诉讼-未经行政复议直接起诉", "3.行政诉讼-经行政复议后起诉"),
    ],
)
def test_three_tables_under_captions_of_their_own(captions: tuple[str, ...]) -> None:
    header = f"| {' | '.join(_COLUMNS)} |\n|{'---|' * 5}\n"
    tables = (
        f"### {c}\n{header}| {' | '.join(map(str, f))} |\n" for c, f in zip(captions, _FIGURES, strict=True)
    )
    report = _report(f"# {_TITLE}## {_SECTION}\n\n{chr(10).join(tables)}", "report.md")
    assert _proceedings(report) == _ALL
    assert not [notice for notice in report.notices if notice.table == "proceedings"]


def test_three_parts_below_one_another_in_one_grid() -> None:
    def part(heads: tuple[str, ...], figures: tuple[int, ...]) -> str:
        spanning = "".join(f'<tr><td colspan="5">{head}</td></tr>' for head in heads)
        cells = (f"<td>{text}</td>" for text in _COLUMNS), (f"<td>{figure}</td>" for figure in figures)
        return spanning + "".join(f"<tr>{''.join(row)}</tr>" for row in cells)

    heads = (("行政复议",), ("行政诉讼", "未经复议直接起诉"), ("复议后起诉",))
    parts = "".join(map(part, heads, _FIGURES))
    report = _report(f"<p>{_TITLE}</p><p>{_SECTION}</p><table>{parts}</table>", "report.html")
    assert _proceedings(report) == _ALL


def test_a_part_with_several_rows_names_them_in_its_heads() -> None:
    def part(heads: str, *figures: tuple[int, ...]) -> str:
        columns = (f"<td>{text}</td>" for text in _COLUMNS * len(figures))
        cells = (f"<td>{figure}</td>" for row in figures for figure in row)
        return f"<table>{heads}<tr>{''.join(columns)}</tr><tr>{''.join(cells)}</tr></table>"

    review = part('<tr><td colspan="5">行政复议</td></tr>', _FIGURES[0])
    litigation = part(
        '<tr><td colspan="10">行政诉讼</td></tr>'
        '<tr><td colspan="5">未经复议直接起诉</td><td colspan="5">复议后起诉</td></tr>',
        *_FIGURES[1:],
    )
    report = _report(f"<p>{_TITLE}</p><p>{_SECTION}</p>{review}{litigation}", "report.html")
    assert _proceedings(report) == _ALL


def test_heads_below_each_other_beside_their_figures() -> None:
    names = ("行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）")
    rows = ["<td>项目</td><td>结果</td><td>件数</td>"]
    for name, figures in zip(names, _FIGURES, strict=True):
        firsts = [f'<td rowspan="5">{name}</td>', "", "", "", ""]
        beside = zip(firsts, _COLUMNS, figures, strict=True)
        rows += [f"{first}<td>{head}</td><td>{figure}</td>" for first, head, figure in beside]
    table = "".join(f"<tr>{row}</tr>" for row in rows)
    report = _report(f"<p>{_TITLE}</p><p>{_SECTION}</p><table>{table}</table>", "report.html")
    assert _proceedings(report) == _ALL
    assert {fact.place.row for fact in report.facts if fact.code.row == "review"} == {2, 3, 4, 5, 6}


def test_figures_below_heads_of_other_columns_are_not_placed_by_their_rank() -> None:
    spans = zip((4, 5, 5), ("行政复议", "未经复议直接起诉", "复议后起诉"), strict=True)
    heads = "".join(f'<td colspan="{span}">{text}</td>' for span, text in spans)
    columns = "".join(f"<td>{text}</td>" for text in ("", *(_COLUMNS * 3)[:3], *(_COLUMNS * 3)[4:]))
    figures = "".join(f"<td>{figure}</td>" for figure in ("", *_ALL[:3], *_ALL[4:]))
    table = f"<table><tr><td></td>{heads}</tr><tr>{columns}</tr><tr>{figures}</tr></table>"
    report = _report(f"<p>{_TITLE}</p><p>{_SECTION}</p>{table}", "report.html")
    assert set(_proceedings(report)) == {None}
    assert "row_length" in {notice.code for notice in report.notices}


def test_a_caption_that_names_all_rows_names_none() -> None:
    header = f"| {' | '.join(_COLUMNS)} |\n|{'---|' * 5}\n"
    report = _report(f"# {_TITLE}## {_SECTION}\n\n{header}| 1 | 2 | 3 | 4 | 10 |\n", "report.md")
    assert set(_proceedings(report)) == {None}
    assert "orphan_row" in {notice.code for notice in report.notices}


def test_figures_of_another_table_below_are_no_row_of_this_one() -> None:
    heads = "".join(f"<td colspan=5>{name}</td>" for name in ("行政复议", "未经复议直接起诉", "复议后起诉"))
    columns = "".join(f"<td>{text}</td>" for text in _COLUMNS * 3)
    figures = "".join(f"<td>{figure}</td>" for figure in _ALL)
    table = f"<table><tr>{heads}</tr><tr>{columns}</tr><tr>{figures}</tr></table>"
    date = "<table><tr><td>2023</td><td>年1</td><td>月3</td><td>日</td></tr></table>"
    report = _report(f"<p>{_TITLE}</p><p>{_SECTION}</p>{table}{date}", "report.html")
    assert _proceedings(report) == _ALL
    assert not report.notices


def test_heads_copied_into_every_column_they_cover() -> None:
    rows = [
        ["行政复议"] * 5,
        _COLUMNS,
        _FIGURES[0],
        [],
        ["行政诉讼"] * 10,
        ["未经复议直接起诉"] * 5 + ["复议后起诉"] * 5,
        _COLUMNS * 2,
        _FIGURES[1] + _FIGURES[2],
    ]
    table = "\n".join("\t".join(map(str, row)) for row in rows)
    assert _proceedings(_report(f"{_TITLE}{_SECTION}\n{table}\n", "report.txt")) == _ALL

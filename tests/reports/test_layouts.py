"""Any figures, laid out as reports are found, are read exactly; what was damaged is flagged, not guessed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gao_pipeline.contracts.forms import FactCode
from gao_pipeline.contracts.rules import load_rules
from gao_pipeline.documents.model import Block, Paragraph, Place
from gao_pipeline.documents.plain.text import read_text
from gao_pipeline.documents.web.html import read_html
from gao_pipeline.reports.model import Report, State

_TABLES = ("disclosure", "applications", "proceedings")
_FLAVOURS = ("spanned", "flat", "ragged")
_YEARS = {"2019": 2020, "2021": 2023}
_BETWEEN = Paragraph(text="以上为统计数据。")
_SETTINGS = settings(max_examples=25)


@st.composite
def figures(draw: st.DrawFn, codes: tuple[FactCode, ...]) -> dict[FactCode, str]:
    """Figures for some of the cells; the others stay blank."""
    numbers = st.sampled_from(["0", "1", "7", "12", "305", "1234", "-3"])
    printed = draw(st.lists(st.one_of(numbers, st.none()), min_size=len(codes), max_size=len(codes)))
    return {code: figure for code, figure in zip(codes, printed, strict=True) if figure is not None}


def _values(report: Report) -> dict[FactCode, Any]:
    return {fact.code: fact.value for fact in report.facts}


def _expected(codes: tuple[FactCode, ...], printed: dict[FactCode, str]) -> dict[FactCode, Any]:
    return {code: int(printed[code]) if code in printed else None for code in codes}


def _flagged(report: Report) -> set[str | None]:
    rules = load_rules()
    return {n.table for n in report.notices if rules[f"reading.{n.code}"].severity != "info"}


def _read(layouts: Any, form: str, flavour: str, tables: dict[str, Any]) -> Report:
    grid = layouts.flavours[flavour]
    blocks: list[Block] = [block for table in tables.values() for block in (grid(table), _BETWEEN)]
    report: Report = layouts.read(layouts.document(blocks, _YEARS[form]))
    return report


def _laid_out(layouts: Any, form: str, printed: dict[FactCode, str]) -> dict[str, Any]:
    printer = layouts.printer(layouts.forms[form], printed)
    return {code: printer.layout(code) for code in _TABLES}


@pytest.mark.parametrize("flavour", _FLAVOURS)
@pytest.mark.parametrize("head", ["渠道 数量 总计", "渠道 政府网站 微信 其他 总计"])
def test_a_table_of_other_matter_that_has_totals_too_is_none_of_the_form(
    layouts: Any, flavour: str, head: str
) -> None:
    codes = layouts.forms["2021"].codes
    printed = {code: str(number % 9) for number, code in enumerate(codes)}
    texts = [head.split(), *(["公开", *map(str, range(30, 29 + len(head.split())))] for _ in range(2))]
    other = [[layouts.cell(text) for text in row] for row in texts]
    tables = {"before": other, **_laid_out(layouts, "2021", printed), "behind": other}
    report = _read(layouts, "2021", flavour, tables)
    assert _values(report) == _expected(codes, printed)
    assert not _flagged(report)


@pytest.mark.parametrize("flavour", _FLAVOURS)
@pytest.mark.parametrize("form", list(_YEARS))
def test_grids_are_read_exactly(layouts: Any, form: str, flavour: str) -> None:
    codes = layouts.forms[form].codes

    @_SETTINGS
    @given(figures(codes))
    def check(printed: dict[FactCode, str]) -> None:
        report = _read(layouts, form, flavour, _laid_out(layouts, form, printed))
        assert _values(report) == _expected(codes, printed)
        assert report.table_forms == dict.fromkeys(_TABLES, form)
        assert not report.notices

    check()


@pytest.mark.parametrize("form", list(_YEARS))
def test_tables_printed_one_cell_a_paragraph_are_read_exactly(layouts: Any, form: str) -> None:
    codes = layouts.forms[form].codes

    @_SETTINGS
    @given(figures(codes))
    def check(printed: dict[FactCode, str]) -> None:
        blocks: list[Block] = []
        line = 3
        for table in _laid_out(layouts, form, printed).values():
            blocks += layouts.stream(table, line)
            line += sum(2 if cell.text else 1 for row in table for cell in row)
            blocks.append(Paragraph(text=_BETWEEN.text, place=Place(line=line)))
            line += 2
        report = layouts.read(layouts.document(blocks, _YEARS[form]))
        assert _values(report) == _expected(codes, printed)

    check()


def _drop_value(table: list[Any], row: int, column: int) -> None:
    del table[row][-1 - column]


def _add_value(table: list[Any], row: int, column: int) -> None:
    table[row].insert(len(table[row]) - column, table[row][-1]._replace(text="5"))


def _drop_label(table: list[Any], row: int, _: int) -> None:
    label = max(i for i, cell in enumerate(table[row]) if not cell.text.lstrip("-").isdecimal())
    table[row][label] = table[row][label]._replace(text="")


def _repeat_row(table: list[Any], row: int, _: int) -> None:
    again = [cell for cell in table[row] if cell.rows == 1]
    table.insert(row + 1, [cell._replace(text="9") if cell.text.isdecimal() else cell for cell in again])


def _join_values(table: list[Any], row: int, column: int) -> None:
    right = table[row].pop(len(table[row]) - 1 - column)
    left = table[row][-1 - column]
    table[row][-1 - column] = left._replace(
        text=f"{left.text} {right.text}", columns=left.columns + right.columns
    )


@pytest.mark.parametrize("flavour", ["spanned", "ragged"])
@pytest.mark.parametrize("form", list(_YEARS))
@pytest.mark.parametrize("damage", [_drop_value, _add_value, _drop_label, _repeat_row, _join_values])
def test_a_damaged_row_is_never_read_silently_wrong(
    layouts: Any, form: str, flavour: str, damage: Callable[[list[Any], int, int], None]
) -> None:
    codes = layouts.forms[form].codes
    printed = {code: str(index % 7 + 1) for index, code in enumerate(codes)}
    expected = _expected(codes, printed)
    rows = len(_laid_out(layouts, form, printed)["applications"])

    @_SETTINGS
    @given(st.integers(3, rows - 1), st.integers(0, 5))
    def check(row: int, column: int) -> None:
        tables = _laid_out(layouts, form, printed)
        damage(tables["applications"], row, column)
        report = _read(layouts, form, flavour, tables)
        values = _values(report)
        wrong = {code for code, value in values.items() if value is not None and value != expected[code]}
        lost = {code for code, value in values.items() if value is None}
        assert wrong | lost or damage is _repeat_row
        assert not wrong
        assert {code.table for code in lost} <= _flagged(report)
        assert "applications" in _flagged(report)

    check()


@pytest.mark.parametrize("flavour", _FLAVOURS)
@pytest.mark.parametrize("side", [0, None])
def test_an_extra_empty_column_changes_nothing(layouts: Any, flavour: str, side: int | None) -> None:
    form, codes = "2021", layouts.forms["2021"].codes
    printed = {code: str(index % 9) for index, code in enumerate(codes)}
    tables = _laid_out(layouts, form, printed)
    for table in tables.values():
        empty = table[0][0]._replace(text="", rows=1, columns=1)
        for row in table:
            row.insert(len(row) if side is None else side, empty)
    assert _values(_read(layouts, form, flavour, tables)) == _expected(codes, printed)


@pytest.mark.parametrize("flavour", ["spanned", "ragged"])
@pytest.mark.parametrize("header_repeated", [True, False])
def test_tables_split_in_three_are_one(layouts: Any, flavour: str, header_repeated: bool) -> None:
    form, codes = "2021", layouts.forms["2021"].codes
    printed = {code: str(index % 9) for index, code in enumerate(codes)}
    tables = _laid_out(layouts, form, printed)
    whole = tables.pop("applications")
    header, body = whole[:3], [[cell._replace(rows=1) for cell in row] for row in whole[3:]]
    parts = [header + body[:7], body[7:15], body[15:]]
    if header_repeated:
        parts = [parts[0], header + parts[1], header + parts[2]]
    for number, part in enumerate(parts):
        tables[f"applications {number}"] = part
    tables["proceedings"] = tables.pop("proceedings")
    assert _values(_read(layouts, form, flavour, tables)) == _expected(codes, printed)


def test_spans_that_lie_do_not_shift_values(layouts: Any) -> None:
    form, codes = "2021", layouts.forms["2021"].codes
    printed = {code: str(index % 9) for index, code in enumerate(codes)}
    for lie in (-1, 1):
        for row in range(3, 28):
            tables = _laid_out(layouts, form, printed)
            line = tables["applications"][row]
            line[0] = line[0]._replace(rows=max(line[0].rows + lie, 1), columns=max(line[0].columns + lie, 1))
            report = _read(layouts, form, "spanned", tables)
            values, expected = _values(report), _expected(codes, printed)
            wrong = [code for code in codes if values[code] not in (None, expected[code])]
            assert not wrong
            assert values == expected or "applications" in _flagged(report)


@pytest.mark.parametrize("flavour", _FLAVOURS)
@pytest.mark.parametrize("heading", ["序号", "备注"])
def test_a_column_that_the_form_has_not_changes_nothing(layouts: Any, flavour: str, heading: str) -> None:
    form, codes = "2021", layouts.forms["2021"].codes
    printed = {code: str(index % 9) for index, code in enumerate(codes)}
    tables = _laid_out(layouts, form, printed)
    table = tables["applications"]
    leads = heading == "序号"
    for number, row in enumerate(table):
        texts = heading if number == 0 else str(number - 2) if leads else ""
        if number in (0, *range(3, len(table))):
            cell = row[0]._replace(text=texts, rows=3 if number == 0 else 1, columns=1)
            row.insert(0 if leads else len(row), cell)
    report = _read(layouts, form, flavour, tables)
    values, expected = _values(report), _expected(codes, printed)
    if flavour == "ragged" and not leads:
        assert all(values[code] in (None, expected[code]) for code in codes)
        assert values == expected or "applications" in _flagged(report)
    else:
        assert values == expected


@pytest.mark.parametrize("values_below", [False, True])
def test_a_row_cut_through_its_label_by_a_page_break_is_one(layouts: Any, values_below: bool) -> None:
    form, codes = "2021", layouts.forms["2021"].codes
    printed = {code: str(index % 9) for index, code in enumerate(codes)}
    tables = _laid_out(layouts, form, printed)
    table = tables["applications"]
    number = next(n for n, row in enumerate(table) if any("不掌握" in cell.text for cell in row))
    row = table[number]
    label = next(n for n, cell in enumerate(row) if "不掌握" in cell.text)
    upper = [cell._replace(rows=1) for cell in row]
    lower = [cell._replace(rows=1, text="") for cell in row]
    upper[label], lower[label] = (
        row[label]._replace(text=text) for text in ("1.本机关", "不掌握相关政府信息")
    )
    if values_below:
        upper[label + 1 :], lower[label + 1 :] = lower[label + 1 :], upper[label + 1 :]
    table[number : number + 1] = [upper, lower]
    flat = {code: [[cell._replace(rows=1) for cell in line] for line in t] for code, t in tables.items()}
    report = _read(layouts, form, "ragged", flat)
    assert _values(report) == _expected(codes, printed)


def test_heads_that_claim_one_place_keep_the_printed_order(layouts: Any) -> None:
    form, codes = "2021", layouts.forms["2021"].codes
    printed = {code: str(index % 9) for index, code in enumerate(codes)}
    tables = _laid_out(layouts, form, printed)
    tables["proceedings"].insert(1, [])
    report = _read(layouts, form, "spanned", tables)
    values, expected = _values(report), _expected(codes, printed)
    assert all(values[code] in (None, expected[code]) for code in codes)


def test_a_table_chooses_its_edition_by_itself(layouts: Any) -> None:
    printed = {code: "1" for form in layouts.forms.values() for code in form.codes}
    new, old = _laid_out(layouts, "2021", printed), _laid_out(layouts, "2019", printed)
    report = _read(layouts, "2021", "spanned", {**new, "applications": old["applications"]})
    assert report.form == "2021"
    assert report.table_forms == {"disclosure": "2021", "applications": "2019", "proceedings": "2021"}
    report = _read(layouts, "2021", "spanned", {**new, "disclosure": old["disclosure"]})
    assert report.table_forms == {"disclosure": "2019", "applications": "2021", "proceedings": "2021"}


def test_a_table_that_is_not_there_is_missing_cell_by_cell(layouts: Any) -> None:
    tables = _laid_out(layouts, "2021", {})
    del tables["proceedings"]
    report = _read(layouts, "2021", "spanned", tables)
    assert report.table_forms["proceedings"] is None
    states = {fact.code: fact.state for fact in report.facts}
    assert set(states) == set(layouts.forms["2021"].codes)
    assert {state for code, state in states.items() if code.table == "proceedings"} == {State.MISSING}
    assert {state for code, state in states.items() if code.table != "proceedings"} == {State.BLANK}


def test_a_blank_form_is_a_report_without_year(layouts: Any) -> None:
    grids = [layouts.flavours["spanned"](table) for table in _laid_out(layouts, "2021", {}).values()]
    document = layouts.document([], 2021)
    report = layouts.read(type(document)(media_type=document.media_type, blocks=tuple(grids)))
    assert (report.organization, report.report_year, report.form) == (None, None, "2021")
    assert {fact.state for fact in report.facts} == {State.BLANK}


@pytest.mark.parametrize("flavour", ["spanned", "flat"])
@pytest.mark.parametrize("leads", [True, False])
def test_a_column_of_figures_with_a_head_of_its_own_is_not_read(
    layouts: Any, flavour: str, leads: bool
) -> None:
    form, codes = "2021", layouts.forms["2021"].codes
    printed = {code: str(index % 9) for index, code in enumerate(codes)}
    tables = _laid_out(layouts, form, printed)
    table = tables["applications"]
    for number, row in enumerate(table):
        if number in (0, *range(3, len(table))):
            cell = row[-1]._replace(
                text="上年数" if number == 0 else "7", rows=3 if number == 0 else 1, columns=1
            )
            row.insert(len(row) - (1 if number == 0 else 7) if leads else len(row), cell)
    assert _values(_read(layouts, form, flavour, tables)) == _expected(codes, printed)


@pytest.mark.parametrize("flavour", ["spanned", "flat"])
def test_columns_in_another_order_are_placed_by_their_heads(layouts: Any, flavour: str) -> None:
    form, codes = "2021", layouts.forms["2021"].codes
    printed = {code: str(index % 9) for index, code in enumerate(codes)}
    tables = _laid_out(layouts, form, printed)
    table = tables["applications"]
    table[1].insert(0, table[1].pop())
    table[2].reverse()
    for row in table[3:]:
        figures = row[-7:]
        row[-7:] = [figures[6], figures[0], *reversed(figures[1:6])]
    assert _values(_read(layouts, form, flavour, tables)) == _expected(codes, printed)


def test_a_column_that_the_table_does_not_print_is_missing(layouts: Any) -> None:
    form, codes = "2021", layouts.forms["2021"].codes
    printed = {code: str(index % 9) for index, code in enumerate(codes)}
    tables = _laid_out(layouts, form, printed)
    table = tables["applications"]
    table[0][-1] = table[0][-1]._replace(columns=6)
    for row in (table[1], *table[3:]):
        row.pop()
    totals = {code for code in codes if code.table == "applications" and code.column == "total"}
    report = _read(layouts, form, "spanned", tables)
    assert _values(report) == _expected(codes, {c: f for c, f in printed.items() if c not in totals})
    assert {fact.code for fact in report.facts if fact.state is State.MISSING} == totals


@pytest.mark.parametrize(
    "head",
    [
        "信息内容 | 本年新 | 本年新 | 对外公开总数量 |\n",
        "信息内容 | 本年新\n制作数量 | 本年新\n公开数量 | 对外公开总数量\n",
        "信息内容 | 本年新 | 本年新 | 对外公开总数量 |\n | 制作数量 | 公开数量 |\n",
    ],
    ids=["only the beginnings", "cut at the ends of lines", "over two rows"],
)
def test_torn_heads_of_columns_are_put_together(layouts: Any, head: str) -> None:
    title = "示例县商务局2020年政府信息公开工作年度报告\n第二十条第（一）项 |\n"
    text = f"{title}{head}规章 | 1 | 2 | 3 |\n规范性文件 | 4 | 5 | 6 |\n"
    report = layouts.read(read_text(text.encode()))
    assert [fact.value for fact in report.facts if fact.code.table == "disclosure"][:6] == [1, 2, 3, 4, 5, 6]


def _with_another_years_table(layouts: Any, printed: dict[FactCode, str], captions: list[str]) -> Report:
    """A report with the applications table of another year (of sevens) before its own."""
    form = "2021"
    sevens = dict.fromkeys(printed, "7")
    other = layouts.flavours["spanned"](_laid_out(layouts, form, sevens)["applications"])
    blocks: list[Block] = []
    for code, table in _laid_out(layouts, form, printed).items():
        if code == "applications":
            blocks += [Paragraph(text=captions[0]), other, Paragraph(text=captions[1])]
        blocks += [layouts.flavours["spanned"](table), _BETWEEN]
    report: Report = layouts.read(layouts.document(blocks, _YEARS[form]))
    return report


def test_of_two_tables_the_one_of_the_reports_year_counts(layouts: Any) -> None:
    codes = layouts.forms["2021"].codes
    printed = {code: str(index % 9) for index, code in enumerate(codes)}
    report = _with_another_years_table(layouts, printed, ["附：2022年度统计表", "2023年度统计表"])
    assert _values(report) == _expected(codes, printed)
    assert "applications" not in _flagged(report)
    report = _with_another_years_table(layouts, printed, ["统计表一", "统计表二"])
    assert "applications" in _flagged(report)


def test_a_table_under_the_caption_of_another_year_is_read_all_the_same(layouts: Any) -> None:
    form, codes = "2021", layouts.forms["2021"].codes
    printed = {code: str(index % 9) for index, code in enumerate(codes)}
    tables = _laid_out(layouts, form, printed)
    grids = [layouts.flavours["spanned"](table) for table in tables.values()]
    blocks: list[Block] = [block for grid in grids for block in (Paragraph(text="2022年统计表"), grid)]
    report = layouts.read(layouts.document(blocks, _YEARS[form]))
    assert _values(report) == _expected(codes, printed)


@pytest.mark.parametrize("changed", ["order", "added"])
def test_dumps_that_keep_their_rows_keep_the_order_of_the_columns(layouts: Any, changed: str) -> None:
    form, codes = "2021", layouts.forms["2021"].codes
    printed = {code: str(index % 9) for index, code in enumerate(codes)}
    tables = _laid_out(layouts, form, printed)
    table = tables["applications"]
    if changed == "order":
        table[1].insert(0, table[1].pop())
        table[2].reverse()
        for row in table[3:]:
            row[-7:] = [row[-1], row[-7], *reversed(row[-6:-1])]
    else:
        table[0].append(table[0][-1]._replace(text="上年数", rows=3, columns=1))
        for row in table[3:]:
            row.append(row[-1]._replace(text="7"))
    assert _values(_read(layouts, form, "ragged", tables)) == _expected(codes, printed)


def test_heads_of_columns_that_stand_one_a_row_are_one_header(layouts: Any) -> None:
    text = (
        "示例县商务局2020年政府信息公开工作年度报告\n第二十条第（六）项 |\n信息内容 |\n上一年项目数量 |\n"
        "本年增/减 |\n处理决定数量 |\n行政处罚 | 3 | 1 |  |\n行政强制 |  | 7 |  |\n第二十条第（八）项 |\n"
        "信息内容 | 上一年项目数量 | 本年增/减 |\n行政事业性收费 | -3 | 2 |\n"
    )
    report = layouts.read(read_text(text.encode()))
    values = {str(fact.code): fact.value for fact in report.facts}
    assert [
        values[f"disclosure/penalties/{column}"] for column in ("prior_items", "change", "decisions")
    ] == [
        3,
        1,
        None,
    ]
    assert [values[f"disclosure/coercion/{column}"] for column in ("prior_items", "change", "decisions")] == [
        None,
        7,
        None,
    ]
    assert values["disclosure/fees/change"] == 2


def test_figures_that_often_count_on_are_no_running_numbers(layouts: Any) -> None:
    codes = layouts.forms["2021"].codes
    printed = dict.fromkeys(codes, "0")
    persons = [code for code in codes if code.column == "natural_person"]
    printed.update({code: str(index % 2) for index, code in enumerate(persons)})
    report = _read(layouts, "2021", "ragged", _laid_out(layouts, "2021", printed))
    assert _values(report) == _expected(codes, printed)


def test_a_torn_head_before_the_others_is_a_column_all_the_same(layouts: Any) -> None:
    text = (
        "示例县商务局2023年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况\n\n"
        "| | 申请人 | 情况 | | | | | |\n|---|---|---|---|---|---|---|---|\n"
        "| | 自然 | 法人或其他组织 | | | | | |\n"
        "| | 人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计 |\n"
        "| 一、本年新收政府信息公开申请数量 | 1 | 2 | 3 | 4 | 5 | 6 | 21 |\n"
        "| 二、上年结转政府信息公开申请数量 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |\n"
    )
    report = layouts.read(read_text(text.encode()))
    facts = [fact.value for fact in report.facts if fact.code.row == "received"]
    assert facts == [1, 2, 3, 4, 5, 6, 21]


_RESULTS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
_RECOURSES = [["行政复议"], ["行政诉讼", "未经复议直接起诉"], ["复议后起诉"]]
_SIDE_BY_SIDE = [["行政复议", "未经复议直接起诉", "复议后起诉", *[""] * 12], _RESULTS * 3, [""] * 15]


def _tabbed(mark: str) -> str:
    rows = [["", "类别", *_RESULTS], *([*["", *recourse][-2:], *[mark] * 5] for recourse in _RECOURSES)]
    return "\n".join("\t".join(row) for row in rows)


def _boxed() -> str:
    rows = ("".join(f"<div>{cell}</div>" for cell in row) for row in _SIDE_BY_SIDE)
    return f"<div>{''.join(f'<div>{row}</div>' for row in rows)}</div>"


def _lined() -> str:
    labels = ["行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉"]
    return "\n\n".join([*labels, *_RESULTS * 3, *[""] * 15, "五、存在的主要问题及改进情况"])


@pytest.mark.parametrize(
    ("reader", "table"),
    [(read_text, _tabbed("")), (read_text, _tabbed("-")), (read_html, _boxed()), (read_text, _lined())],
    ids=["stacked", "stacked, marks", "boxes", "one cell a line"],
)
def test_a_table_of_blank_cells_is_there(layouts: Any, reader: Any, table: str) -> None:
    title = "示例县商务局2024年政府信息公开工作年度报告"
    body = f"<p>{title}</p>{table}" if reader is read_html else f"{title}\n\n{table}"
    report = layouts.read(reader(body.encode()))
    assert {fact.state for fact in report.facts if fact.code.table == "proceedings"} == {State.BLANK}


def test_a_row_of_figures_between_whole_rows_is_none_of_them(layouts: Any) -> None:
    heads = "自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计"
    labels = {
        "一、本年新收政府信息公开申请数量": "3",
        "1.属于国家秘密": "",
        "": "0",
        "2.其他法律行政法规禁止公开": "",
    }
    rows = [f"| {label} | {' | '.join([figure] * 7)} |" for label, figure in labels.items()]
    text = "\n".join(
        ["示例县商务局2023年政府信息公开工作年度报告", "", f"| | {heads} |", "|---" * 8 + "|", *rows]
    )
    report = layouts.read(read_text(text.encode()))
    states = {str(fact.code.row): fact.state for fact in report.facts if fact.code.table == "applications"}
    assert {states[row] for row in ("denied.state_secret", "denied.prohibited_by_law")} == {State.BLANK}
    assert "orphan_row" in {notice.code for notice in report.notices}


def test_a_figure_below_one_of_the_copies_of_its_head_is_that_of_the_column(layouts: Any) -> None:
    rows = [
        "示例县商务局2023年政府信息公开工作年度报告",
        "信息内容\t本年制发件数\t本年废止件数\t现行有效件数",
        "规章\t1\t2\t3",
        "信息内容\t本年处理决定数量\t本年处理决定数量\t本年处理决定数量",
        "行政处罚\t348\t\t",
        "行政强制\t5\t6\t",
    ]
    report = layouts.read(read_text("\n".join(rows).encode()))
    facts = {str(fact.code): fact for fact in report.facts}
    assert facts["disclosure/penalties/decisions"].value == 348
    assert facts["disclosure/coercion/decisions"].state is State.ILLEGIBLE


def test_a_running_number_before_a_label_in_other_words_is_no_value(layouts: Any) -> None:
    heads = "| 序号 | | 自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计 |"
    labels = ["4.无正当理由大量反复申请", "5.要求行政机关确认或者重新出具已经获取的信息"]
    rows = [f"| {19 + n} | {label} |" + " 3 |" * 6 + " 18 |" for n, label in enumerate(labels)]
    text = "\n".join(["示例县商务局2023年政府信息公开工作年度报告", "", heads, "|---" * 9 + "|", *rows])
    report = layouts.read(read_text(text.encode()))
    values = {str(fact.code): fact.value for fact in report.facts}
    assert values["applications/not_processed.reconfirmation/total"] == 18


def test_digits_apart_from_their_label_are_one_figure(layouts: Any) -> None:
    lines = [
        "信息内容        本年制发件数  本年废止件数  现行有效件数",
        "规章",
        "行政规范性文件                              711",
    ]
    title = "示例县商务局2023年政府信息公开工作年度报告\n第二十条第（一）项\n"
    report = layouts.read(read_text((title + "\n".join(lines)).encode()))
    values = [fact.value for fact in report.facts if fact.code.row == "normative_documents"]
    assert not {1, 7}.intersection(values)


def test_a_blank_last_column_ends_rows_with_and_without_cells_that_a_label_spanned(layouts: Any) -> None:
    rows = [
        "示例县商务局2023年政府信息公开工作年度报告",
        "",
        "| | | 申请人情况 | | | | | | |",
        "|---|---|---|---|---|---|---|---|---|",
        "| 自然人 | 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | 总计 |",
        "| 一、本年新收政府信息公开申请数量 | | 12 | 2 | 0 | 0 | 0 | 4 | |",
        "| （三）不予公开 | 1.属于国家秘密 | 1 | 0 | 0 | 0 | 0 | 3 | |",
        "| 2.其他法律行政法规禁止公开 | 5 | 0 | 0 | 0 | 0 | 0 | |",
    ]
    report = layouts.read(read_text("\n".join(rows).encode()))
    received = [fact.value for fact in report.facts if fact.code.row == "received"]
    assert received[:6] == [12, 2, 0, 0, 0, 4]

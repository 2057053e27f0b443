"""Page numbers, running heads and feet are told from the content of pages."""

from __future__ import annotations

import pytest

from gao_pipeline.documents.paged.furniture import drop_furniture
from gao_pipeline.documents.paged.lattice import Box
from gao_pipeline.documents.paged.layout import Line
from gao_pipeline.documents.paged.pages import Page, PageTable

BODY = {100.0 + 20 * number: f"正文{sign}" for number, sign in enumerate("一二三四五六七八九十")}


def page(number: int, texts: dict[float, str], table: tuple[float, float] | None = None) -> Page:
    """A page with texts at their heights, and a table between two."""
    lines = [Line(text, Box(50, top, 50 + 10 * len(text), top + 10), 10) for top, text in texts.items()]
    tables = [PageTable((50, 300), 1, [], number, Box(50, table[0], 300, table[1]))] if table else []
    return Page(number, 595, 842, lines, tables)


def kept(*pages: Page) -> list[list[str]]:
    content, _ = drop_furniture(pages)
    return [[line.text for line in page.lines] for page in content]


def test_heads_and_feet_of_several_lines_go_one_after_the_other() -> None:
    heads, feet = {40.0: "某县信息公开", 55.0: "年度报告"}, {780.0: "某县人民政府"}
    pages = [page(number, {**heads, **BODY, **feet, 800.0: str(number)}) for number in (1, 2)]
    content, furniture = drop_furniture(pages)
    assert [[line.text for line in page.lines] for page in content] == [list(BODY.values())] * 2
    assert furniture.headers == ["某县信息公开", "年度报告"]
    assert furniture.footers == ["某县人民政府"]


def test_what_stands_on_one_page_only_stays() -> None:
    first = {40.0: "某县年度报告", **BODY, 800.0: "二〇二二年一月"}
    second = {40.0: "第一章", **BODY, 800.0: "某局"}
    assert kept(page(1, first), page(2, second)) == [list(first.values()), list(second.values())]


@pytest.mark.parametrize("height", [60.0, 90.0, 300.0, 720.0, 750.0])
def test_what_pages_repeat_further_in_stays(height: float) -> None:
    """The first page has texts of its own above and below."""
    pages = page(1, {20.0: "报告", height: "某局", 800.0: "某县"}), page(2, {height: "某局"})
    assert kept(*pages) == [["报告", "某局", "某县"], ["某局"]]


def test_a_page_number_needs_no_second_page() -> None:
    assert kept(page(1, {**BODY, 800.0: "- 1 -"})) == [list(BODY.values())]


@pytest.mark.parametrize(("height", "stays"), [(45.0, False), (80.0, True), (770.0, True), (805.0, False)])
def test_figures_beside_a_table_are_no_page_numbers(height: float, stays: bool) -> None:
    pages = [page(number, {height: "12"}, (60, 800)) for number in (1, 2)]
    assert kept(*pages) == [["12"] if stays else []] * 2

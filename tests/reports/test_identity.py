"""Organisation, year and publication, wherever a document prints them."""

from __future__ import annotations

import pytest

from gao_pipeline.documents.model import Cell, Document, Grid, MediaType, Paragraph, Place
from gao_pipeline.reports.identity import Identity, read_identity
from gao_pipeline.reports.sections import read_sections

_BODY = ["一、总体情况", "2022年，我局认真落实条例。", "二、主动公开政府信息情况"]


def _identity(lines: list[str], **more: object) -> Identity:
    blocks = tuple(Paragraph(text=text, place=Place(line=n)) for n, text in enumerate(lines, start=1))
    document = Document(media_type=MediaType.HTML, blocks=blocks, **more)  # type: ignore[arg-type]
    return read_identity(document, read_sections(document))


@pytest.mark.parametrize(
    "title",
    [
        ["示例县商务局2022年政府信息公开工作年度报告"],
        ["示例县商务局2022年度政府信息公开工作报告"],
        ["示例县商务局 二〇二二年 政府信息公开年度报告"],
        ["2022年示例县商务局政府信息公开工作年度报告"],
        ["2022年度示例县商务局政府信息公开年报"],
        ["示例县商务局", "2022年政府信息公开工作年度报告"],
        ["示例县商务局2022年", "政府信息公开工作年度报告"],
        ["示例县商务局20", "22年政府信息公开工作年度报告"],
        ["示例县商务局20|22年政府信息公开工作年度报告"],
        ["示例县商务局政府信息公开工作年度报告（2022年度）"],
        ["【年报】示例县商务局2022年政府信息公开工作年度报告"],
        ["标　　题：示例县商务局2022年政府信息公开工作年度报告"],
        ["关于示例县商务局2022年政府信息公开工作年度报告的公示"],
        ["示例县商务局政府信息公开工作2022年度报告"],
        ["示例县商务局2022年法治政府建设暨政府信息公开工作年度报告"],
        ["2022年示例县商务局信息公开年度报告"],
        ["示例县商务局2022年政府信息公开工作总结"],
        ["[bookmark: _GoBack]示例县商务局关于2022年度政府信息公开工作情况的报告"],
        ["示例县", "商务局", "2022年", "政府信息公开工作年度报告"],
        ["示例县商务局关于印发2022年政府信息公开工作年度报告的通知"],
        ["示例县商务局", "示商函〔2023〕3号", "关于2022年度政府信息公开工作年度报告的函", "县政府办公室："],
        ["示例县商务局2022年1月1日至12月31日政府信息公开工作年度报告"],
        ["名称 示例县商务局2022年政府信息公开工作年度报告"],
        ["信息名称：示例县商务局2022年政府信息公开工作年度报告"],
        ["示例县商务局：2022年政府信息公开工作年度报告"],
        ["★示例县商务局（2022年）政府信息公开工作年度报告"],
        ["示例县商务局2022年1-12月政府信息公开年度报告书"],
        ["示例县商务局2022年度本级政府信息公开工作年度自查报告（含统计表）"],
        ["示例县商务局2022年政府信息公开工作年度报告及附表 [PDF]"],
        ["《示例县商务局2022年政府信息公开工作年度报告》全文"],
        ["示例县商务局二零二二年政府信息公开工作年度报告（更正版）"],
        ["附件1", "示例县商务局2022年政府信息公开工作年度报告.docx"],
        ["大中小示例县商务局2022年政府信息公开工作年度报告"],
        ["返回顶部", "示例县商务局2022年政府信息公开工作年度报告", "——2022"],
        ["- 示例县商务局2022年政府信息公开工作年度报告"],
        ["县直（部门）局", "示例县商务局2022年政府信息公开工作年度报告", "- 信息来源：示例县商务局"],
        ["示例县商务局关于发布2022年政府信息公开工作年度报告的公告"],
        ["示例县商务局2022年法治政府建设和政府信息公开工作年度报告"],
        ["示例县商务局2022年政府信息公开工作年度报告暨2023年工作计划"],
        ["示例县商务局政府信息公开工作2022年年度报告"],
        ["2022年政府信息公开工作年度报告——示例县商务局"],
        ["2022年政府信息公开工作年度报告", "示例县商务局", "（2023年1月8日）"],
        [
            "示例县商务局文件",
            "示商发〔2023〕5号",
            "关于报送2022年政府信息公开工作年度报告的函",
            "县政府办公室：",
        ],
        ["示例县商务局关于印送2022年政府信息公开工作年度报告的函"],
        ["示例县商务局关于开展2022年政府信息公开工作情况的报告"],
        ["县政府办公室关于公布示例县商务局", "2022年政府信息公开工作年度报告的通知"],
        ["（2022年度）示例县商务局政府信息公开工作年度报告"],
        ["示例县商务局〔2022〕政府信息公开工作年度报告"],
        ["示例县商务局2022年全年政府信息公开工作汇报"],
        ["示例县商务局2022年度政府信息公开、政务公开工作年度报告"],
        ["示例县商务局2022年党务政务公开工作年终总结"],
        ["示例县商务局2022年贯彻落实《政府信息公开条例》情况的报告"],
        ["示例县商务局2022年政府信息公开工作年度报告（2023年1月15日）"],
        ["示例县2022年商务局政府信息公开工作年度报告"],
        ["〔2023〕3号 示例县商务局2022年政府信息公开工作年度报告"],
        ["示政商发〔2023〕3号 示例县商务局2022年政府信息公开工作年度报告"],
        ["示例县商务局2022年政府信息公开工作年度报告示例县商务局认真贯彻条例，2021年的问题已经整改。"],
    ],
)
def test_titles(title: list[str]) -> None:
    identity = _identity([*title, *_BODY])
    assert (identity.organization, identity.year) == ("示例县商务局", 2022)


@pytest.mark.parametrize(
    "lead",
    [
        "本报告根据条例要求，由示例县商务局结合有关统计数据编制。",
        "本年度报告由示例县商务局编制，由概述等部分组成。",
        "如有疑问，可与示例县商务局办公室联系（地址：示例路1号）。",
        "根据条例规定，现公布示例县商务局2022年政府信息公开工作年度报告。",
        "编制并向社会公布《示例县商务局2022年政府信息公开工作年度报告》。",
        "示例县商务局\n根据条例规定，编制本报告。",
        "结合示例县商务局2022年政府信息公开工作实际，编制发布本报告。",
        "根据条例规定，现将示例县商务局2022年度政府信息公开工作情况公布如下：",
        "现编制形成了《示例县商务局2022年政府信息公开工作年度报告》。",
        "发布机构\n示例县商务局\n发文日期\n2023-01-20",
        "索引号：014 发布单位：示例县商务局 成文日期：2023年01月20日",
        "填报单位：示例县商务局（盖章）",
        "单位（盖章）：示例县商务局",
        "示例县商务局编制",
        "（2023年1月12日示例县商务局发布）",
        "示例县商务局根据条例规定，编制了本报告。",
        "文章来源：示例县商务局 更新时间：2023-01-12 09:00:00",
        "日期：2023-01-20 作者：管理员 来源：示例县商务局",
        "当前位置：首页 > 部门 > 示例县商务局 > 政府信息公开年报",
        "一、总体情况\n2022年，示例县商务局认真贯彻条例。县商务局全年公开5条。\n县委、县政府高度重视。",
    ],
)
def test_the_organisation_in_the_lead_in(lead: str) -> None:
    identity = _identity(["2022年政府信息公开工作年度报告", *lead.split("\n"), *_BODY])
    assert identity.organization == "示例县商务局"


@pytest.mark.parametrize(
    "lead",
    [
        "如对本报告有疑问，请与我局办公室联系（电话：0000-0000000）。",
        "本报告由我局编制。",
        "结合我局统计数据撰写并向社会公开2022年政府信息公开工作年度报告。",
    ],
)
def test_a_pronoun_is_no_name(lead: str) -> None:
    assert _identity(["2022年政府信息公开工作年度报告", lead, *_BODY]).organization is None


def test_brackets_of_a_name_stay_as_printed() -> None:
    wide = _identity(["示例县商务局（示例县粮食局）2022年政府信息公开工作年度报告", *_BODY])
    narrow = _identity(["示例县商务局(示例县粮食局)2022年政府信息公开工作年度报告", *_BODY])
    assert wide.organization == "示例县商务局（示例县粮食局）"
    assert narrow.organization == "示例县商务局(示例县粮食局)"


def test_titles_of_other_reports_in_the_navigation_do_not_win() -> None:
    identity = _identity(
        [
            "当前位置：首页 > 政府信息公开年报 > 2022年",
            "示例市财政局2023年政府信息公开工作年度报告",
            "2020年度政府信息公开工作年度报告汇总",
            "示例县商务局2022年政府信息公开工作年度报告",
            "来源：示例县人民政府 发布时间：2023-01-23 13:27 浏览次数：682",
            *_BODY,
        ],
        title="示例县商务局2022年政府信息公开工作年度报告_示例县人民政府门户网站",
    )
    assert (identity.organization, identity.year) == ("示例县商务局", 2022)
    assert identity.published == "2023-01-23"


@pytest.mark.parametrize(
    ("lines", "more"),
    [
        (["2022年政府信息公开工作年度报告", *_BODY], {"metadata": {"header": "示例县商务局"}}),
        (["2022年政府信息公开工作年度报告", *_BODY, "示例县商务局", "2023年1月8日"], {}),
        (["2022年政府信息公开工作年度报告", "来源：示例县商务局 发布时间：2023-01-08", *_BODY], {}),
        (
            ["2022年政府信息公开工作年度报告", *_BODY],
            {"title": "示例县商务局2022年政府信息公开工作年度报告-示例网"},
        ),
        (["2022年政府信息公开工作年度报告", "如有疑问，请与示例县商务局办公室联系（电话：1）。", *_BODY], {}),
    ],
)
def test_an_organisation_outside_of_the_title(lines: list[str], more: dict[str, object]) -> None:
    identity = _identity(lines, **more)
    assert (identity.organization, identity.year) == ("示例县商务局", 2022)


def test_the_signature_names_the_organ_and_not_the_addressee_or_the_host() -> None:
    identity = _identity(
        [
            "关于报送2022年政府信息公开工作年度报告的函",
            "示例县人民政府办公室：",
            "现将我局2022年政府信息公开工作年度报告报上。",
            *_BODY,
            "示例县商务局 2023年1月12日",
            "上一篇：示例县财政局2022年政府信息公开工作年度报告",
            "主办：示例县人民政府办公室",
            "版权所有 2018-2025",
        ]
    )
    assert (identity.organization, identity.year, identity.published) == ("示例县商务局", 2022, "2023-01-12")


def test_a_name_may_be_broken_before_and() -> None:
    title = ["示例县商务", "和投资促进局", "2022年政府信息公开", "工作年度报告"]
    assert _identity([*title, *_BODY]).organization == "示例县商务和投资促进局"


def test_the_government_is_no_part_of_what_a_report_is_called() -> None:
    identity = _identity(["2022年示例县人民政府信息公开工作年度报告", *_BODY])
    assert identity.organization == "示例县人民政府"


@pytest.mark.parametrize(
    "subject",
    [
        "示例县供销合作社联合社高度重视",
        "示例县残联按照要求公开",
        "国家税务总局示例县税务局（以下简称我局）公开",
    ],
)
def test_the_narrative_names_the_organ(subject: str) -> None:
    name = _identity(["一、总体情况", f"2022年，{subject}政府信息。"]).organization
    assert name is not None
    assert subject.startswith(name)
    assert name.endswith(("联合社", "残联", "税务局"))


def test_reports_of_other_organisations_listed_beside_the_text_do_not_win() -> None:
    listed = [f"示例市{name}局2022年政府信息公开工作年度报告" for name in ("财政", "审计", "体育")]
    lead = "现公布示例县委统战部2021年政府信息公开工作年度报告，统计期限为2021年1月1日至12月31日。"
    named = _identity([*listed, lead, "一、总体情况"])
    assert (named.organization, named.year) == ("示例县委统战部", 2021)
    whole = "示例市统计局2021年政府信息公开工作年度报告"
    head = _identity([*listed, "一、总体情况"], title=f"{whole}_示例网")
    assert (head.organization, head.year, head.title) == ("示例市统计局", 2021, whole)
    assert _identity([*listed, "一、总体情况"]).organization == "示例市体育局"


def test_the_title_in_a_line_that_names_the_site_too() -> None:
    line = "示例县林业局2022年政府信息公开工作年度报告-示例县林业局-政府信息公开年报"
    identity = _identity([line, *_BODY])
    assert (identity.organization, identity.year) == ("示例县林业局", 2022)


@pytest.mark.parametrize(
    "name", ["全州县", "全椒县财政局", "和平区", "和县", "经开区管委会", "示例市民政局机关"]
)
def test_names_that_begin_or_end_like_other_words(name: str) -> None:
    assert _identity([f"{name}2022年政府信息公开工作年度报告", *_BODY]).organization == name


def test_titles_of_other_years_are_weaker_than_the_signature() -> None:
    lines = ["示例县财政局2021年政府信息公开工作年度报告", "2022年政府信息公开工作年度报告", *_BODY]
    assert _identity([*lines, "示例县商务局", "2023年1月8日"]).organization == "示例县商务局"
    assert _identity(lines).organization == "示例县财政局"


@pytest.mark.parametrize("line", ["本报告系根据要求编制。", "现公布二二二年度政府信息公开工作年度报告。"])
def test_what_no_name_is(line: str) -> None:
    assert _identity(["2022年政府信息公开工作年度报告", line, "一、总体情况"]).organization is None


@pytest.mark.parametrize(
    ("line", "organization"),
    [
        ("如有疑问，请联系：示例县教育局党政办公室，地址：某街1号。", "示例县教育局"),
        ("如有疑问，请与示例经济开发区管委会党政办公室联系。", "示例经济开发区管委会"),
        (
            "依据《省政务公开领导小组办公室关于做好2022年度政府信息公开工作年度报告编制的通知》，"
            "现公布示例县清水乡2022年政府信息公开工作年度报告。",
            "示例县清水乡",
        ),
    ],
)
def test_a_name_ends_where_names_of_organs_end(line: str, organization: str) -> None:
    assert _identity(["2022年政府信息公开工作年度报告", line, "一、总体情况"]).organization == organization


_UNTITLED = "2022年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("lines", "organization"),
    [
        (["由示例县商务局信息中心编制。", "我局公开5条。"], "示例县商务局"),
        (["由示例县人民政府办公室编制。", "我县公开5条。"], "示例县人民政府"),
        (["如有疑问，请与示例县人民政府办公室联系。", "我县公开5条。"], "示例县人民政府"),
        (["如有疑问，请与示例县人民政府办公室政务公开科联系。", "我办公开5条。"], "示例县人民政府办公室"),
        (
            ["发布机构：示例县融媒体中心", "如有疑问，请与示例县清水镇人民政府联系。", "我镇公开5条。"],
            "示例县清水镇人民政府",
        ),
        (
            ["由示例市示例区清水街道办事处编制。", "如有疑问，请与清水街道党政办联系。"],
            "示例市示例区清水街道办事处",
        ),
        (["如有疑问，请联络：示例部信息司综合处，电话：1。", "我部公开5条。"], "示例部"),
        (["来源：市商务局", "由示例市商务局围绕2022年的工作编制而成。", "我局公开5条。"], "示例市商务局"),
        (["我局印发了《示例市商务局公文公开办法》。"], "示例市商务局"),
        (["我镇通过清水镇人民政府网站公开5条。"], "清水镇人民政府"),
        (["我局成立领导小组，下设办公室负责公开。"], None),
        (["全局公开5条，持续推进公开。"], None),
        (["2022年，示例省贯彻条例。我省公开5条。"], "示例省"),
        (["发布机构：市城管局", "由示例市城市管理局编制。", "我局公开5条。"], "示例市城市管理局"),
        (["若有疑问，可直接与示例县商务局办公室联系。", "我局公开5条。"], "示例县商务局"),
        (["如有疑问，请与示例县商务局政办科联系。"], "示例县商务局"),
        (["2022年，示例县人民政府办公室擦亮窗口。"], "示例县人民政府办公室"),
        (["2022年，通过局网站公开5条。"], None),
        (["示例市司法局（市行政复议局）依据条例做好公开。", "我局公开5条。"], "示例市司法局（市行政复议局）"),
    ],
)
def test_how_a_text_speaks_of_its_author_tells_the_kind_of_organ(
    lines: list[str], organization: str | None
) -> None:
    assert _identity([_UNTITLED, *lines[:-1], "一、总体情况", lines[-1]]).organization == organization


def test_whose_report_the_text_says_it_is_goes_before_who_made_it() -> None:
    lead = "示例市财政局办公室编制了《示例市粮食局2022年政府信息公开工作年度报告》。"
    assert _identity([_UNTITLED, lead, "一、总体情况"]).organization == "示例市粮食局"


def test_a_name_broken_at_the_end_of_a_line() -> None:
    lines = ["本报告根据条例要求，由示例市统计局、示例调", "查总队（以下简称局队）编制。", "一、总体情况"]
    assert _identity([_UNTITLED, *lines]).organization == "示例市统计局、示例调查总队"


def test_a_title_among_the_cells_of_the_page_head() -> None:
    texts = ("文号：", "无", "信息名称：", "和平区示例局2022年政府信息公开工作年度报告")
    cells = tuple(Cell(text=text, row=0, column=column) for column, text in enumerate(texts))
    body = tuple(Paragraph(text=text) for text in _BODY)
    table = Grid(cells=cells, rows=1, columns=len(cells))
    document = Document(media_type=MediaType.HTML, blocks=(table, *body))
    identity = read_identity(document, read_sections(document))
    assert (identity.organization, identity.year) == ("和平区示例局", 2022)


def test_among_titles_of_other_years_the_text_decides() -> None:
    others = [f"示例县商务局{year}年政府信息公开工作年度报告" for year in (2024, 2023, 2021, 2020)]
    identity = _identity([*others, "2022年政府信息公开工作年度报告", *_BODY])
    assert (identity.organization, identity.year) == ("示例县商务局", 2022)


@pytest.mark.parametrize(
    "line",
    [
        "发布日期：[2023-01-20]",
        "时间：2023年1月20日 来源：审批处",
        "2023/1/20 9:00:00",
        "成文日期：2022-12-20 信息提供日期：2023-01-20 17:48",
        "2023-01-20 15:32 来源：示例网",
        "编辑：管理员 来源：示例县商务局 2023-01-20",
        "• 发布日期\n2023-01-20",
        "统计时间：2022年1月1日 发表时间：2023-01-20",
        "【2023-01-20】",
        "2023-01-20 浏览量：12",
        "发布于 2023-01-20 10:00",
    ],
)
def test_dates_of_publication(line: str) -> None:
    title = "示例县商务局2022年政府信息公开工作年度报告"
    assert _identity([title, *line.split("\n"), *_BODY]).published == "2023-01-20"


def test_days_of_one_figure_before_a_time_of_day() -> None:
    title = "示例县商务局2022年政府信息公开工作年度报告"
    for line in ("发布时间：2023-1-9 15:23", "时间：2023/1/9 9:05"):
        assert _identity([title, line, *_BODY]).published == "2023-01-09"


@pytest.mark.parametrize(
    "end",
    [
        ["示例县商务局", "二〇二三年元月二十日"],
        ["示例县商务局", "2023.1.20"],
        ["示例县人民政府办公室 2023年1月20日印发"],
    ],
)
def test_dates_behind_the_text(end: list[str]) -> None:
    identity = _identity(["示例县商务局2022年政府信息公开工作年度报告", *_BODY, *end])
    assert (identity.organization, identity.published) == ("示例县商务局", "2023-01-20")


@pytest.mark.parametrize(
    "stamp", ["2023-01-20 10:11", "20230120", "20230120103000", "2023-1-20T10:00:00+08:00"]
)
def test_dates_of_the_metadata(stamp: str) -> None:
    assert _identity([_UNTITLED, "一、总体情况"], metadata={"published": stamp}).published == "2023-01-20"


def test_the_day_a_page_was_opened_is_not_that_of_publication() -> None:
    title = "示例县商务局2022年政府信息公开工作年度报告"
    assert _identity(["2026年11月21日", title, *_BODY]).published is None
    assert _identity(["2026年11月21日", title, "[ 2023-01-20 ]", *_BODY]).published == "2023-01-20"


def test_figures_that_are_no_day_are_no_publication() -> None:
    metadata = {"published": "20230119103000999999 1 2"}
    assert _identity(["2022年政府信息公开工作年度报告", "一、总体情况"], metadata=metadata).published is None


def test_labels_in_the_cells_of_a_table_give_the_organisation() -> None:
    texts = ("索引号", "014/2023", "发布机构", "示例县商务局", "发文日期", "2023-01-20")
    cells = tuple(Cell(text=text, row=0, column=column) for column, text in enumerate(texts))
    title = Paragraph(text="2022年政府信息公开工作年度报告")
    body = tuple(Paragraph(text=text) for text in _BODY)
    table = Grid(cells=cells, rows=1, columns=len(cells))
    document = Document(media_type=MediaType.HTML, blocks=(table, title, *body))
    identity = read_identity(document, read_sections(document))
    assert (identity.organization, identity.published) == ("示例县商务局", "2023-01-20")


def test_sources_of_the_year_are_kept_apart() -> None:
    identity = _identity(
        [
            "示例县商务局2023年政府信息公开工作年度报告",
            "本报告所列数据的统计期限自2022年1月1日起至2022年12月31日止。",
            *_BODY,
            "2023年1月8日",
        ]
    )
    sources = identity.year_sources
    assert (sources.title, sources.period, sources.prose, sources.publication) == (2023, 2022, 2022, 2023)
    assert identity.year == 2023


@pytest.mark.parametrize(
    "period",
    [
        "统计期限为2022年1月1日至2022年12月31日。",
        "统计期限从2022年1月1日到12月31日止。",
        "统计期限：202211日至1231日。",
        "统计期限自2022.1.1至2022.12.31。",
        "统计期限自二〇二二年1月1日起，至二〇二二年12月31日止。",
    ],
)
def test_periods(period: str) -> None:
    assert _identity(["政府信息公开工作年度报告", period, "一、总体情况"]).year == 2022


def test_years_of_documents_and_plans_do_not_make_the_year_of_the_prose() -> None:
    lines = [
        "政府信息公开工作年度报告",
        "一、总体情况",
        "根据国办公开办函〔2021〕30号和《2021年政务公开工作要点》，2022年公开信息5条。",
        "2021年工作计划已经公开。",
    ]
    assert _identity(lines).year_sources.prose == 2022


def test_the_lead_in_says_the_year_better_than_the_narrative() -> None:
    narrative = "2021年的问题2021年已经整改。2021年公开5条。"
    lead = "根据《关于2021年政务公开工作要点的通知》，现就2022年政府信息公开工作情况报告如下："
    assert _identity([lead, "一、总体情况", narrative]).year == 2022


def test_a_report_that_the_narrative_mentions_does_not_say_the_year() -> None:
    lines = ["一、总体情况", "2022年，我局公布了2021年政府信息公开工作年度报告。2022年公开5条。"]
    assert _identity(lines).year == 2022


def test_of_two_titles_of_a_year_the_fuller_name_counts() -> None:
    lines = ["示例新区财政局2022年政府信息公开工作年度报告", "2022年区财政局政府信息公开工作年度报告"]
    assert _identity([*lines, *_BODY]).organization == "示例新区财政局"
    lines = ["县信访局2022年政府信息公开年度报告", "信访局2022年政府信息公开年度报告"]
    assert _identity([*lines, *_BODY]).organization == "县信访局"


def test_the_plans_of_a_year_are_the_last_resort() -> None:
    assert _identity(["一、总体情况", "落实《示例市2022年政务公开工作要点》。"]).year == 2022


def test_without_any_year_publication_is_the_last_resort() -> None:
    identity = _identity(
        ["示例县商务局政府信息公开工作年度报告", "一、总体情况", "示例县商务局", "2023年1月8日"]
    )
    assert (identity.year, identity.published) == (2022, "2023-01-08")


def test_a_title_in_the_running_header_is_the_title_of_a_report_without_another() -> None:
    header = {"header": "示例市示例县商务局\n2022年政府信息公开工作年度报告"}
    identity = _identity(["依照条例编制。", "一、总体情况", "县商务局公开5条。"], metadata=header)
    assert (identity.organization, identity.year) == ("示例市示例县商务局", 2022)


@pytest.mark.parametrize(
    "lines",
    [
        ["示例省示例市示", "例海事局2022年政府", "信息公开工作年度报告"],
        ["示例总署（本级机", "关）2022年政府信", "息公开工作年度报告"],
    ],
)
def test_lines_printed_as_one_title_are_read_as_one(lines: list[str]) -> None:
    texts = [
        *lines,
        "一、总体情况",
        "2022年公开5条。",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
    ]
    heights = [22.0 if text in lines else 12.0 for text in texts]
    tops = [100.0 + sum(heights[:n]) + 4 * n for n in range(len(texts))]
    blocks = tuple(
        Paragraph(text=text, place=Place(page=1, bbox=(90.0, top, 500.0, top + height)))
        for text, top, height in zip(texts, tops, heights, strict=True)
    )
    document = Document(media_type=MediaType.PDF, blocks=blocks)
    name = "".join(lines).replace("（", "(").replace("）", ")").partition("2022")[0]
    organization = read_identity(document, read_sections(document)).organization or ""
    assert organization.replace("（", "(").replace("）", ")") == name


def test_letters_set_apart_are_a_line() -> None:
    letters = [Cell(text=letter, row=0, column=n) for n, letter in enumerate("示例县商务局2022")]
    row = Grid(cells=tuple(letters), rows=1, columns=len(letters))
    blocks = (row, *(Paragraph(text=text) for text in ["年政府信息公开工作年度报告", *_BODY]))
    document = Document(media_type=MediaType.PDF, blocks=blocks)
    identity = read_identity(document, read_sections(document))
    assert (identity.organization, identity.year) == ("示例县商务局", 2022)


def test_a_heading_in_one_line_with_its_text_hides_nobody() -> None:
    line = "一、总体情况 示例县商务局贯彻落实条例，2022年公开5条。"
    assert _identity([line, "二、主动公开政府信息情况"]).organization == "示例县商务局"


def test_the_only_organ_with_papers_reports_where_nothing_else_names_it() -> None:
    papers = "完善《示例县水务局信息公开制度》《示例县水务局保密审查办法》，通过示例县人民政府网站公开。"
    assert _identity(["一、总体情况", papers]).organization == "示例县水务局"
    assert (
        _identity(["一、总体情况", papers.replace("《示例县水务局保", "《示例县财政局保")]).organization
        is None
    )


def test_the_government_of_a_named_place_reports() -> None:
    lines = ["一、总体情况", "2022年，示例区政府坚持公开，我区公开5条。区委、区政府高度重视。"]
    assert _identity(lines).organization == "示例区政府"


def test_the_day_between_two_prints_of_the_title_is_that_of_publication() -> None:
    title = "示例县商务局2022年政府信息公开工作年度报告"
    assert _identity([title, "2023-01-26 15:07", title, *_BODY]).published == "2023-01-26"


def test_labels_in_brackets_need_no_colon() -> None:
    row = ["[ 发布机构 ]", "示例县商务局", "[ 公开日期 ]", "2023-03-25"]
    grid = Grid(
        cells=tuple(Cell(text=text, row=0, column=n) for n, text in enumerate(row)), rows=1, columns=4
    )
    document = Document(media_type=MediaType.HTML, blocks=(grid, *(Paragraph(text=t) for t in _BODY)))
    identity = read_identity(document, read_sections(document))
    assert (identity.organization, identity.published) == ("示例县商务局", "2023-03-25")


def test_an_organ_of_an_organ_is_named_with_it() -> None:
    titles = ["示例风景区管理委员会卫生健康办公室", "卫生健康办公室"]
    lines = [f"{name}2022年政府信息公开工作年度报告" for name in titles]
    assert _identity([*lines, *_BODY]).organization == titles[0]


def test_a_title_on_its_own_line_says_it_better_than_a_sentence_that_begins_with_one() -> None:
    lines = [
        "示例街道办事处2022年政府信息公开工作年度报告",
        "示例街道2022年政府信息公开工作年度报告是依照条例编制的。",
    ]
    text = "2022年，示例街道公开5条。"
    assert _identity([*lines, "一、总体情况", text]).organization == "示例街道办事处"


def test_the_subject_of_the_narrative_may_be_the_fuller_name() -> None:
    lines = ["一、总体情况", "示例区司法局贯彻条例，现将区司法局2022年政府信息公开工作情况报告如下："]
    assert _identity(lines).organization == "示例区司法局"


@pytest.mark.parametrize("title", [["示例市示例县", "商务局", "2022年政府信息公开工作年度报告"]])
@pytest.mark.parametrize("above", ["政务服务", "走进示例", "示例市示例县人民政府门户"])
def test_what_a_site_offers_above_a_title_is_none_of_the_name(title: list[str], above: str) -> None:
    assert _identity([above, *title, *_BODY]).organization == "示例市示例县商务局"
    nameless = ["政府信息公开工作年度报告", "（2022年度）", "示例县商务局"]
    assert _identity([above, *nameless, *_BODY]).organization == "示例县商务局"


def test_the_label_of_the_day_ends_the_name() -> None:
    lines = ["填报单位（盖章）：示例县商务局 填报日期：2023年1月12日", "2022年政府信息公开工作年度报告"]
    identity = _identity([*lines, *_BODY])
    assert (identity.organization, identity.published) == ("示例县商务局", "2023-01-12")


_THIS = "示例县商务局2022年政府信息公开工作年度报告"
_LAST = "示例县商务局2021年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("head", "lines"),
    [
        (f"{_LAST}-示例县人民政府", [_THIS]),
        (_LAST, [_THIS, _LAST, _THIS, "本报告由六部分组成。"]),
        (_LAST, [f"{_LAST} 2022-01-20", "示例县财政局2022年政府信息公开工作年度报告", _THIS]),
        ("2022年政府信息公开工作年度报告-示例市人民政府", ["示例县商务局", "2022年政府信息公开工作年度报告"]),
        ("示例县财政局2021年政府信息公开工作年度报告", ["政府信息公开年报", _THIS]),
    ],
)
def test_the_head_of_a_page_may_be_that_of_another(head: str, lines: list[str]) -> None:
    identity = _identity([*lines, *_BODY], title=head)
    assert (identity.organization, identity.year) == ("示例县商务局", 2022)


def test_the_properties_of_a_file_are_those_of_the_one_it_was_made_from() -> None:
    blocks = tuple(Paragraph(text=text) for text in [_THIS, *_BODY])
    title = "示例县财政局2021年政府信息公开工作年度报告"
    document = Document(media_type=MediaType.DOCX, blocks=blocks, title=title)
    identity = read_identity(document, read_sections(document))
    assert (identity.organization, identity.year_sources.title) == ("示例县商务局", 2022)
    lines = ["现发布《示例县商务局2022年政府信息公开工作年度报告》。", "一、总体情况", "我局落实条例。"]
    document = Document(
        media_type=MediaType.DOCX, blocks=tuple(Paragraph(text=text) for text in lines), title=title
    )
    identity = read_identity(document, read_sections(document))
    assert (identity.organization, identity.year) == ("示例县商务局", 2022)


def test_of_titles_of_several_years_the_last_counts_however_it_is_broken() -> None:
    listed = [_THIS, _LAST, "示例县商务局2020年政府信息公开工作年度报告"]
    identity = _identity([*listed, "示例县商务局2022年", "政府信息公开年报", "一、总体情况", "落实条例。"])
    assert (identity.organization, identity.year) == ("示例县商务局", 2022)


def test_a_cover_with_a_day_between_two_prints_of_a_title_in_lines() -> None:
    title = ["示例县商务局政府信息公开", "工作年度报告（2021年度）"]
    identity = _identity([*title, "示例县商务局", "2022年1月4日", *title, "一、总体情况", "落实条例。"])
    assert (identity.year, identity.published) == (2021, "2022-01-04")


def test_days_of_a_list_behind_the_text_are_none_of_publication() -> None:
    listed = ["二、主动公开政府信息情况", _LAST, "2021-01-20"]
    assert _identity([_THIS, "一、总体情况", *listed]).published is None


def test_what_was_amiss_was_so_in_another_year() -> None:
    problems = ["五、存在的主要问题及改进情况", "2021年存在的问题已改进。2021年整改3项。"]
    assert _identity([_BODY[0], "2022年，我局落实条例。", *problems]).year_sources.prose == 2022


def test_a_title_that_is_repeated_is_none_of_a_list() -> None:
    listed = [f"示例市{organ}2022年政府信息公开工作年度报告" for organ in ("财政局", "水务局", "审计局")]
    assert _identity([*listed, _THIS, _THIS, "一、总体情况", "我局落实条例。"]).organization == "示例县商务局"


def test_links_to_the_reports_of_others_are_no_narrative() -> None:
    lead = "如对本报告有疑问，请与示例县管理委员会联系（电话：0）。"
    links = ["上一篇：示例市北港街道办事处2021年政府信息公开工作年度报告", "下一篇：示例市财政局"]
    lines = [lead, "一、总体情况", "落实条例。", *links]
    assert _identity(lines).organization == "示例县管理委员会"


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["一、总体情况", "2022年，市财政局公开信息。修订《安庆市财政局信息公开指南》。"], "安庆市财政局"),
        (["一、总体情况", "2022年，县财政局公开信息。规范云县财政局审核流程。"], "云县财政局"),
        (
            ["一、总体情况", "2022年，市农业农村委公开信息，改版重庆市农业农村委员会网站。"],
            "重庆市农业农村委员会",
        ),
        (
            ["财政局2022年政府信息公开工作年度报告", "可与资溪县财政局联系（电话：0）。", *_BODY],
            "资溪县财政局",
        ),
        (["市财政局2022年政府信息公开工作年度报告", "安庆市财政局编制了报告。", *_BODY], "安庆市财政局"),
        (["一、总体情况", "2022年，市财政局到安庆市财政局、池州市财政局学习。"], "市财政局"),
        (["财政局2022年政府信息公开工作年度报告", *_BODY, "安庆市财政局作了指导。"], "财政局"),
    ],
)
def test_a_department_is_named_with_its_region_where_one_is_printed(lines: list[str], name: str) -> None:
    assert _identity(lines).organization == name


def test_short_and_full_names_on_papers_are_those_of_one_organ() -> None:
    papers = ["修订《安庆市司法局网站审核制度》《市司法局公开目录》，完善《安庆市司法局保密制度》。"]
    assert _identity(["一、总体情况", *papers]).organization == "安庆市司法局"


def test_what_an_organ_issued_is_its_own() -> None:
    lines = ["一、总体情况", "2022年，我局制定《示例市水务局关于印发〈取水办法〉的通知》。"]
    assert _identity(lines).organization == "示例市水务局"


def test_a_sumu_is_an_organ() -> None:
    lines = ["示例旗西山苏木2022年", "政府信息公开工作年度报告", "一、总体情况", "我苏木落实条例。"]
    assert (_identity(lines).organization, _identity(lines).year) == ("示例旗西山苏木", 2022)


@pytest.mark.parametrize("line", ["发布日期：2023年1月20日", "2023年2月3日，示例县商务局挂牌成立。"])
def test_days_of_events_are_no_years_of_the_narrative(line: str) -> None:
    body = ["一、总体情况", line, "2022年，我局落实条例。"]
    assert _identity([_THIS, *body]).year_sources.prose == 2022


def test_of_years_told_as_often_the_one_of_other_sources_counts() -> None:
    body = ["一、总体情况", "2021年，我局建成网站。", "2022年，我局落实条例。", "2023年，我局换届。"]
    assert _identity([_THIS, *body]).year_sources.prose == 2022


@pytest.mark.parametrize(
    "line",
    [
        "现对云县财政局2022年政府信息公开工作报告予以公布。",
        "调整了云县财政局领导小组。云县财政局公开信息。",
        "全文包括云县财政局政府信息公开总体情况等，如有疑问请与云县档案馆联系。",
        "特公布2022年度由云县财政局编制的年报。",
        "2022云县财政局公开信息。",
        "（国办公开办函〔2021〕30号），云县财政局综合各项数据编制。",
    ],
)
def test_words_around_a_name_are_none_of_it(line: str) -> None:
    assert _identity(["一、总体情况", line]).organization == "云县财政局"


@pytest.mark.parametrize("line", ["云县财政局", "发布机构 云县财政局"])
def test_a_name_above_the_text_is_that_of_the_author(line: str) -> None:
    assert _identity([line, "一、总体情况", "我局落实条例。"]).organization == "云县财政局"


@pytest.mark.parametrize(
    "name", ["国家税务总局云县税务局", "内蒙古和林格尔县财政局", "政协云县委员会", "云南云县财政局"]
)
def test_what_stands_before_a_region_may_be_part_of_the_name(name: str) -> None:
    assert _identity([f"{name}2022年政府信息公开工作年度报告", *_BODY]).organization == name


def test_a_list_of_last_years_reports_says_neither_whose_report_it_is_nor_its_year() -> None:
    listed = [f"示例市{organ}2021年政府信息公开工作年度报告" for organ in ("财政局", "水务局", "审计局")]
    identity = _identity([*listed, "一、总体情况", "2022年，我镇落实条例。"])
    assert (identity.organization, identity.year, identity.title) == (None, 2022, None)


def test_a_government_whose_text_speaks_of_its_place_alone_reports_and_not_whom_to_ask() -> None:
    lead = "数据来自全市编制报告的单位。如有疑问，请与市大数据管理局联系（电话：0）。"
    assert _identity([lead, "一、总体情况", "2022年，安庆市推进政务公开。"]).organization == "安庆市"


def test_a_township_may_call_itself_a_town() -> None:
    contents = ["目 录", "一、总体情况……………1", "二、其他情况……………2"]
    title = "示例县清水乡人民政府2022年政府信息公开年度报告"
    body = ["结合我镇实际，编制本报告。", "一、总体情况", "2022年度，示例县清水乡人民政府坚持公开。"]
    assert _identity([*contents, title, *body]).organization == "示例县清水乡人民政府"


@pytest.mark.parametrize("leader", ["", "……………1"])
def test_a_title_below_a_table_of_contents(leader: str) -> None:
    entries = [
        f"{heading}{leader}"
        for heading in ("一、总体情况", "二、主动公开政府信息情况", "六、其他需要报告的事项")
    ]
    title = "示例县水务局2022年政府信息公开年度报告"
    identity = _identity(["目 录", *entries, title, "一、总体情况", "2022年，我局落实条例。"])
    assert (identity.organization, identity.year) == ("示例县水务局", 2022)


def test_a_year_that_lacks_a_numeral_is_no_part_of_the_name() -> None:
    identity = _identity(
        ["示例县水务局二二一年政府信息公开工作报告", "一、总体情况", "2021年，我局落实条例。"]
    )
    assert (identity.organization, identity.year) == ("示例县水务局", 2021)

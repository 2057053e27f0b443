"""Names of organisations are resolved by what they say, and left unresolved where they say too little."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gao_pipeline.contracts.loading import ContractError, contracts_root
from gao_pipeline.contracts.organizations import (
    Override,
    load_departments,
    load_memberships,
    load_name_grammar,
    load_overrides,
)
from gao_pipeline.contracts.regions import Level, gazetteer, load_regions
from gao_pipeline.reports.organizations import Organization, resolve_organization

# What the truth calls the kind of organisation, and the levels it may have: vertical organs and governments
# are of the level of their region, a zone is one below the region it is named after.
LEVELS = {
    "national": {Level.NATIONAL},
    "province": {Level.PROVINCE},
    "city": {Level.PREFECTURE},
    "county": {Level.COUNTY},
    "town": {Level.TOWNSHIP},
    "street": {Level.TOWNSHIP},
    "zone": {Level.COUNTY},
    "gov": {Level.PROVINCE, Level.PREFECTURE, Level.COUNTY},
    "vertical": {Level.PROVINCE, Level.PREFECTURE, Level.COUNTY},
}
# Every organisation of the corpus: level, class, region code and scope, read through by hand.
CORPUS = Path(__file__).parent / "organizations_of_the_corpus.json"


def test_every_organisation_of_the_corpus(corpus: Path) -> None:
    judged = {(row["name"], row["year"]): row for row in json.loads(CORPUS.read_text(encoding="utf-8"))}
    unresolved = []
    for name in ("real-truth.jsonl", "rendered-truth.jsonl"):
        for line in (corpus / name).read_text(encoding="utf-8").splitlines():
            truth = json.loads(line)
            if truth["organization"] is None:
                continue
            found = resolve_organization(truth["organization"], truth["report_year"])
            expected = judged[truth["organization"], truth["report_year"]]
            assert found.level == expected["level"], truth["organization"]
            assert found.level in LEVELS.get(truth.get("org_level"), set(Level)), truth["organization"]
            assert found.department_class == expected["class"], truth["organization"]
            assert found.report_scope == expected["scope"], truth["organization"]
            assert found.region_code in (None, expected["region"]), truth["organization"]
            if found.region_code is None and found.level is not Level.NATIONAL:
                unresolved.append(truth["organization"])
    assert len(unresolved) <= 0.05 * len(judged), unresolved


@pytest.mark.parametrize(
    ("name", "year", "level", "department", "region"),
    [
        ("会昌县商务局", 2021, "county", "commerce", "360733"),
        ("江西省赣州市会昌县商务局", 2021, "county", "commerce", "360733"),
        ("2021年会昌县商务局政府信息公开工作年度报告", 2021, "county", "commerce", "360733"),
        ("义乌市商务局", 2021, "county", "commerce", "330782"),
        ("仙桃市商务局", 2021, "county", "commerce", "429004"),
        ("恩施州商务局", 2021, "prefecture", "commerce", "422800"),
        ("围场县信访局", 2021, "county", "petitions", "130828"),
        ("广西壮族自治区商务厅", 2020, "province", "commerce", "450000"),
        ("浦东新区商务委员会", 2021, "county", "commerce", "310115"),
        ("喀什地区行政公署", 2021, "prefecture", "government", "653100"),
        ("湖南省人民政府国有资产监督管理委员会", 2021, "province", "state_assets", "430000"),
        ("国家税务总局太白县税务局", 2023, "county", "taxation", "610331"),
        ("国家统计局四川调查总队", 2022, "province", "survey_team", "510000"),
        ("国家外汇管理局上海市分局", 2020, "province", "financial_regulation", "310000"),
        ("中华人民共和国上海海关", 2020, "province", "customs", "310000"),
        ("拱北海关", 2022, "unresolved", "customs", None),
        ("商务部", 2020, "national", "commerce", None),
        ("中华人民共和国教育部", 2020, "national", "education", None),
        ("国家矿山安全监察局", 2020, "national", "emergency", None),
        ("杭州市公安局西湖区分局", 2022, "county", "public_security", "330106"),
        ("江门市生态环境局台山分局", 2022, "county", "ecology", "440781"),
        ("东莞市虎门镇人民政府", 2020, "township", "government", "441900"),
        ("中山市东区街道办事处", 2022, "township", "subdistrict_office", "442000"),
        ("东区街道办事处", 2022, "township", "subdistrict_office", None),
        ("上海路街道办事处", 2021, "township", "subdistrict_office", None),
        ("遵义工业园区管理委员会", 2023, "county", "zone", "520300"),
        ("昆明经济技术开发区商务局", 2021, "county", "commerce", "530100"),
        ("赣州市会昌生态环境局", 2022, "county", "ecology", "360733"),
        ("乐山市中医药管理局", 2022, "prefecture", "health", "511100"),
        ("西咸新区秦汉新城管委会", 2022, "county", "zone", None),
        ("天津市滨海新区中新天津生态城管理委员会", 2022, "township", "zone", "120116"),
        ("北京市城市管理委员会", 2022, "province", "urban_management", "110000"),
        ("北京经济技术开发区管理委员会", 2022, "county", "zone", "110000"),
        ("长白山保护开发区管理委员会", 2022, "unresolved", "zone", None),
        ("国家金融监督管理总局江西监管局", 2023, "province", "financial_regulation", "360000"),
        ("南昌海关", 2022, "prefecture", "customs", "360100"),
        ("国务院办公厅", 2022, "national", "government_office", None),
        ("港口经济开发区管委会", 2021, "unresolved", "zone", None),
        ("新疆生产建设兵团商务局", 2020, "province", "commerce", None),
        ("市场监督管理局", 2020, "unresolved", "market_supervision", None),
        ("省商务厅", 2020, "province", "commerce", None),
        ("区商务局", 2020, "county", "commerce", None),
        ("国家统计局会昌调查队", 2022, "county", "survey_team", "360733"),
        ("国家统计局吉林调查总队", 2022, "province", "survey_team", "220000"),
        ("国家统计局吉林调查队", 2022, "unresolved", "survey_team", None),
        ("国家能源局华东监管局", 2022, "unresolved", "development_reform", None),
        ("国网江西省电力有限公司会昌县供电分公司", 2022, "county", "public_institution", "360733"),
        ("共青团会昌县委员会", 2022, "county", "other", "360733"),
        ("北京市规划和自然资源委员会海淀分局", 2022, "county", "natural_resources", "110108"),
        ("深圳市规划和自然资源局福田管理局", 2022, "county", "natural_resources", "440304"),
        ("中国（上海）自由贸易试验区管理委员会", 2022, "county", "zone", "310000"),
        ("第八师石河子市商务局", 2022, "prefecture", "commerce", None),
        ("会昌县城乡建设和管理委员会", 2018, "county", "housing", "360733"),
        ("江西会昌经济开发区管理委员会", 2022, "township", "zone", "360733"),
        ("广东从化经济开发区管理委员会", 2022, "township", "zone", "440117"),
        ("温州高新区（经开区）管委会", 2022, "county", "zone", "330300"),
        ("成都东部新区管理委员会", 2022, "county", "zone", "510100"),
        ("湘西自治州人民政府", 2022, "prefecture", "government", "433100"),
        ("会昌县文武坝镇人民政府办公室", 2022, "township", "government_office", "360733"),
        ("镇人民政府", 2022, "township", "government", None),
        ("会昌县文武坝镇司法所", 2022, "township", "justice", "360733"),
        ("会昌县城镇建设管理中心", 2022, "county", "housing", "360733"),
        ("会昌县乡村振兴服务中心", 2022, "county", "agriculture", "360733"),
        ("赣州市公共交通集团有限公司", 2022, "prefecture", "public_institution", "360700"),
        ("江西师范大学", 2022, "province", "public_institution", "360000"),
        ("会昌县工商业联合会", 2022, "county", "other", "360733"),
        ("会昌县自然资源和林业局", 2022, "county", "natural_resources", "360733"),
        ("会昌县工业信息化和商务局", 2022, "county", "commerce", "360733"),
        ("会昌县经济和信息化局（商务局）", 2022, "county", "industry", "360733"),
    ],
)
def test_level_class_and_region(
    name: str, year: int, level: str, department: str, region: str | None
) -> None:
    found = resolve_organization(name, year)
    assert (found.level, found.department_class, found.region_code) == (level, department, region)


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("会昌县商务局", "organ"),
        ("会昌县人民政府", "government"),
        ("会昌县人民政府办公室", "organ"),
        ("上海市人民政府办公厅", "organ"),
        ("会昌县", "government"),
        ("会昌县（汇总）", "region"),
        ("赣州市教育系统", "system"),
        ("赣州市全市政府系统", "region"),
        ("全州县人民政府", "government"),
        ("万全区商务局", "organ"),
        ("重庆市市场监督管理局机关", "organ"),
        ("重庆市市场监督管理系统", "system"),
        ("双溪乡人民政府", "government"),
        ("河西街道办事处", "organ"),
        ("平潭综合实验区", "government"),
        ("遵义工业园区管理委员会", "organ"),
    ],
)
def test_scope(name: str, scope: str) -> None:
    assert resolve_organization(name, 2021).report_scope == scope


@pytest.mark.parametrize(
    ("hint", "scope"),
    [
        ("2021年会昌县政府信息公开工作年度报告（全县汇总）", "region"),
        ("2021年会昌县政府信息公开工作年度报告（文字版）", "government"),
        ("全县（汇总）/会昌县.docx", "government"),
    ],
)
def test_a_remark_in_the_title_tells_the_scope(hint: str, scope: str) -> None:
    found = resolve_organization("会昌县", 2021, (hint,))
    assert found.report_scope == scope
    assert (found.id == resolve_organization("会昌县人民政府", 2021).id) == (scope == "government")


@pytest.mark.parametrize(
    ("name", "years_with", "years_without"),
    [
        ("江干区商务局", range(2019, 2021), range(2021, 2025)),
        ("临平区商务局", range(2021, 2026), range(2019, 2021)),
    ],
)
def test_regions_are_valid_in_the_report_year(name: str, years_with: range, years_without: range) -> None:
    assert all(resolve_organization(name, year).region_code for year in years_with)
    assert not any(resolve_organization(name, year).region_code for year in years_without)
    assert {resolve_organization(name, year).level for year in years_without} == {Level.COUNTY}


@pytest.mark.parametrize(
    ("name", "year", "level", "region"),
    [
        ("赣县商务局", 2022, "county", "360704"),
        ("渌口区商务局", 2016, "county", "430221"),
        ("江干区商务局", 2022, "county", None),
        ("莱芜市商务局", 2022, "prefecture", None),
    ],
)
def test_a_region_of_another_year_is_what_became_of_it(
    name: str, year: int, level: str, region: str | None
) -> None:
    found = resolve_organization(name, year)
    assert (found.level, found.region_code) == (level, region)


def test_ids_outlast_renamings_and_recodings() -> None:
    def same(*names: tuple[str, int]) -> bool:
        return len({resolve_organization(name, year).id for name, year in names}) == 1

    assert same(("沙县商务局", 2019), ("沙县区商务局", 2022), ("福建省三明市沙县区商务局", 2022))
    assert same(("会昌县商务局", 2019), ("会昌县商务和投资促进局", 2021))
    assert same(("会昌县卫生和计划生育委员会", 2018), ("会昌县卫生健康委员会", 2020))
    assert same(("会昌县水利局（会昌县水务局）", 2019), ("会昌县水利局", 2021))
    assert same(("会昌县人民政府信访局", 2019), ("会昌县信访局", 2021), ("会昌县信访办公室", 2015))
    assert same(("中国银保监会江西监管局", 2020), ("国家金融监督管理总局江西监管局", 2023))
    assert same(("江干区商务局", 2020), ("江干区商务局", 2021))
    assert not same(("中国证监会江西监管局", 2020), ("财政部江西监管局", 2020))
    assert not same(("中国证监会江西监管局", 2020), ("国家金融监督管理总局江西监管局", 2020))
    assert not same(("共青团会昌县委员会", 2020), ("政协会昌县委员会", 2020))
    assert not same(("会昌县人民政府", 2021), ("会昌县人民政府办公室", 2021))
    assert not same(("重庆市市场监督管理局机关", 2023), ("重庆市市场监督管理系统", 2023))
    assert not same(("会昌县人民政府", 2021), ("会昌县（汇总）", 2021))
    assert not same(("会昌县公安局", 2021), ("会昌县公安局交通警察大队", 2021))
    assert not same(("会昌县大数据局", 2021), ("会昌县行政审批局", 2021))
    assert not same(("会昌县文武坝镇人民政府", 2021), ("会昌县人民政府", 2021))
    assert not same(("赣州市公安局", 2021), ("赣州市公安局会昌分局", 2021))


@pytest.mark.parametrize(
    ("name", "hints", "region"),
    [
        ("鼓楼区商务局", (), None),
        ("鼓楼区商务局", ("徐州市鼓楼区2021年政府信息公开工作年度报告",), "320302"),
        ("鼓楼区商务局", ("https://www.nanjing.gov.cn/xxgk/",), "320106"),
        ("鼓楼区商务局", ("江苏省",), None),
        ("鼓楼区商务局", ("徐州市", "南京市"), None),
        ("区商务局", ("徐州市鼓楼区人民政府网站",), "320302"),
        ("县商务局", ("http://www.huichang.gov.cn/xxgk/1.html",), "360733"),
        ("区商务局", ("http://www.huichang.gov.cn/xxgk/1.html",), None),
        ("商务局", ("会昌县", "上犹县"), None),
        ("商务局", ("赣州市会昌县",), "360733"),
    ],
)
def test_hints_settle_what_leaves_one_region(name: str, hints: tuple[str, ...], region: str | None) -> None:
    assert resolve_organization(name, 2021, hints).region_code == region


def test_an_ambiguous_name_lists_what_it_may_mean() -> None:
    found = resolve_organization("鼓楼区商务局", 2021)
    assert found.level is Level.COUNTY
    assert set(found.candidates) == {"320106", "320302", "350102", "410204"}


def test_no_name_is_no_organisation() -> None:
    found = resolve_organization(None, 2021)
    assert (found.id, found.level, found.department_class) == (None, Level.UNRESOLVED, "other")


def override(**fields: object) -> Override:
    given: dict[str, object] = {"who": "tester", "when": date(2024, 1, 1), "why": "test", "evidence": "none"}
    return Override(**(given | fields))  # type: ignore[arg-type]


def test_overrides_settle_ambiguous_names_in_their_years_and_contexts() -> None:
    settled = (override(name="鼓楼区商务局", first_year=2021, context="xzgl", region_code="320302"),)
    named = resolve_organization("徐州市鼓楼区商务局", 2021)
    assert resolve_organization("鼓楼区商务局", 2021, ("www.xzgl.gov.cn",), settled).region_code == "320302"
    assert resolve_organization("鼓楼区商务局", 2021, (), settled).region_code is None
    assert resolve_organization("鼓楼区商务局", 2020, ("www.xzgl.gov.cn",), settled).region_code is None
    assert named.region_code == "320302"


def test_an_override_with_same_as_joins_a_renamed_organ() -> None:
    settled = (override(name="会昌县招商服务中心", same_as="会昌县商务局"),)
    found = resolve_organization("会昌县招商服务中心", 2021, (), settled)
    assert found.id == resolve_organization("会昌县商务局", 2021).id
    assert found.name == "会昌县招商服务中心"


def test_a_settled_region_gives_the_id_the_full_name_has() -> None:
    settled = (override(name="鼓楼区商务局", region_code="320302"),)
    found = resolve_organization("鼓楼区商务局", 2021, (), settled)
    assert found == Organization(
        id=resolve_organization("徐州市鼓楼区商务局", 2021).id,
        name="鼓楼区商务局",
        level=Level.COUNTY,
        department_class="commerce",
        region_code="320302",
        report_scope=found.report_scope,
    )


def test_a_malformed_override_says_where(tmp_path: Path) -> None:
    header = "name,level,department_class,who,when,why,evidence\n"
    (tmp_path / "organizations.csv").write_text(
        header + "甲,county,nonsense,a,2024-01-01,b,c\n", encoding="utf-8"
    )
    with pytest.raises(ContractError, match=r"organizations\.csv, line 2: .*nonsense"):
        load_overrides(tmp_path)


def test_an_override_names_a_region_that_exists(tmp_path: Path) -> None:
    header = "name,region_code,who,when,why,evidence\n"
    (tmp_path / "organizations.csv").write_text(header + "甲,999999,a,2024-01-01,b,c\n", encoding="utf-8")
    with pytest.raises(ContractError, match=r"organizations\.csv, line 2: .*999999"):
        load_overrides(tmp_path)


def test_memberships_are_read_from_a_folder_and_refused_with_their_line(tmp_path: Path) -> None:
    header = (contracts_root() / "corrections" / "members.csv").read_text(encoding="utf-8")
    file = tmp_path / "members.csv"
    file.write_text(header + "甲县,甲县乙局,2021,2023,tester,2024-01-01,汇总范围,通知\n", encoding="utf-8")
    (membership,) = load_memberships(tmp_path)
    assert [year for year in range(2020, 2025) if membership.holds_in(year)] == [2021, 2022, 2023]
    assert load_memberships() == ()
    file.write_text(header + "甲县,,2021,,tester,2024-01-01,汇总范围,通知\n", encoding="utf-8")
    with pytest.raises(ContractError, match=r"members\.csv, line 2: .*member"):
        load_memberships(tmp_path)


def test_overrides_are_read_from_a_folder(tmp_path: Path) -> None:
    header = (contracts_root() / "corrections" / "organizations.csv").read_text(encoding="utf-8")
    row = "鼓楼区商务局,2021,,xzgl,,320302,,,,tester,2024-01-01,徐州市鼓楼区网站,www.xzgl.gov.cn\n"
    (tmp_path / "organizations.csv").write_text(header + row, encoding="utf-8")
    settled = load_overrides(tmp_path)
    assert resolve_organization("鼓楼区商务局", 2022, ("www.xzgl.gov.cn",), settled).region_code == "320302"
    assert load_overrides(tmp_path / "elsewhere") == ()


def test_bundled_overrides_and_vocabularies_load() -> None:
    load_overrides()
    codes = load_departments()
    grammar = load_name_grammar()
    assert {grammar.zone_class, grammar.unclassified, *grammar.township_classes} <= codes.keys()
    assert grammar.government_classes <= codes.keys()
    assert len({stem for cls in codes.values() for stem in cls.stems}) == sum(
        len(c.stems) for c in codes.values()
    )


@given(
    region=st.sampled_from([r for r in load_regions() if r.level is Level.COUNTY]),
    organ=st.sampled_from(
        ["商务局", "人民政府", "人民政府办公室", "市场监督管理局", "公安局", "自然资源和规划局"]
    ),
)
def test_a_full_name_is_always_resolved(region: tuple[object, ...], organ: str) -> None:
    code, full_name, year = region[0], region[2], region[8]
    assert resolve_organization(f"{full_name}{organ}", year).region_code == code  # type: ignore[arg-type]


@given(
    region=st.sampled_from([r for r in load_regions() if r.level is Level.COUNTY and r.valid_to is None]),
)
def test_a_bare_region_name_is_right_or_unresolved(region: tuple[object, ...]) -> None:
    name, code = str(region[1]), region[0]
    namesakes = [r.code for r in gazetteer(2024).by_code.values() if r.name == name]
    found = resolve_organization(f"{name}商务局", 2024).region_code
    assert found is None or (found == code and namesakes == [code])


@given(st.text(alphabet="省市县区州盟旗镇乡街道局委厅办江西会昌新华开发国家政府分()（） 2021年", max_size=24))
def test_any_text_gives_an_organisation(name: str) -> None:
    found = resolve_organization(name, 2021, (name,))
    assert found.department_class in load_departments()
    assert found.region_code is None or found.region_code in gazetteer(2021).by_code

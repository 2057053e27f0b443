"""Sections are found by the wording of their headings, whatever their ordinals."""

from __future__ import annotations

import pytest

from gao_pipeline.documents.model import Document, MediaType, Paragraph, Place
from gao_pipeline.reports.sections import Prose, read_sections

_OFFICIAL = ["overview", "disclosure", "applications", "proceedings", "problems", "other"]


def _prose(lines: list[str]) -> Prose:
    blocks = tuple(Paragraph(text=text, place=Place(line=n)) for n, text in enumerate(lines, start=1))
    return read_sections(Document(media_type=MediaType.TXT, blocks=blocks))


@pytest.mark.parametrize(
    "ordinals",
    [
        ["一、", "二、", "三、", "四、", "五、", "六、"],
        ["（一）", "（二）", "（三）", "（四）", "（五）", "（六）"],
        ["第一部分 ", "第二部分 ", "第三部分 ", "第四部分 ", "第五部分 ", "第六部分 "],
        ["一、", "一、", "二、", "三、", "四、", "五、"],
        ["", "", "", "", "", ""],
    ],
)
@pytest.mark.parametrize(
    "titles",
    [
        [
            "总体情况",
            "主动公开政府信息情况",
            "收到和处理政府信息公开申请情况",
            "政府信息公开行政复议、行政诉讼情况",
            "存在的主要问题及改进情况",
            "其他需要报告的事项",
        ],
        [
            "总体情况",
            "行政机关主动公开政府信息情况",
            "行政机关收到和处理政府信息公开申请情况",
            "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
            "政府信息公开工作存在的问题及改进情况",
            "其他需要报告的事项",
        ],
    ],
)
def test_headings(ordinals: list[str], titles: list[str]) -> None:
    lines = [line for o, t in zip(ordinals, titles, strict=True) for line in (o + t, f"关于{t}的文字。")]
    prose = _prose(lines)
    assert [section.code for section in prose.sections] == _OFFICIAL
    assert all(section.characters for section in prose.sections)
    assert [s.section for s in prose.sentences if not s.heading] == _OFFICIAL


def test_subheadings_that_repeat_a_title_open_no_section() -> None:
    prose = _prose(
        [
            "一、总体情况",
            "（一）主动公开政府信息情况",
            "公开5条。",
            "二、主动公开政府信息情况",
            "见表。",
            "三、收到和处理政府信息公开申请情况",
        ]
    )
    assert [s.section for s in prose.sentences if s.text == "公开5条。"] == ["overview"]
    assert [s.section for s in prose.sentences if s.text == "见表。"] == ["disclosure"]


def test_a_table_of_contents_opens_no_section() -> None:
    titles = ["一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"]
    prose = _prose([*titles, *(line for t in titles for line in (t, "文字。"))])
    assert [section.place.line for section in prose.sections] == [4, 6, 8]


def test_a_heading_glued_to_the_paragraph_before_it() -> None:
    prose = _prose(["一、总体情况", "工作格局已经形成。二、主动公开政府信息情况", "见表。"])
    assert [section.code for section in prose.sections] == ["overview", "disclosure"]

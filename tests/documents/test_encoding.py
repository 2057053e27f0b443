"""Chinese texts are decoded right whatever encoding they are in and whatever is declared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gao_pipeline.documents.encoding import decode

_LEVEL_1 = (bytes((lead, trail)) for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF))
_EVERYDAY = "".join(pair.decode("gb2312", errors="ignore") for pair in _LEVEL_1) + "，。（）《》0123456789 \n"


@pytest.mark.parametrize(
    "text", ["规章", "联通", "总计", "万元", "〔2021〕30号", "　　0", "一、总体情况\n无。", "abc 1"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("declared", [None, "gb2312", "utf-8", "iso-8859-1", "no-such-charset", "base64"])
def test_short_texts_are_decoded_whatever_is_declared(text: str, encoding: str, declared: str | None) -> None:
    assert decode(text.encode(encoding), declared).text == text


@given(st.text(_EVERYDAY, min_size=8), st.sampled_from(["utf-8", "gb18030"]))
def test_everyday_chinese_round_trips(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_byte_order_mark(encoding: str) -> None:
    text = "政府信息公开工作年度报告\n0\t1\n"
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, encoding)


def test_rare_characters_of_gb18030_are_kept() -> None:
    text = "龑县䶮镇𠮷村2023年政府信息公开工作年度报告"
    assert decode(text.encode("gb18030"), "gb2312").text == text


def test_a_declaration_settles_what_reads_well_both_ways() -> None:
    ambiguous = "危".encode("gbk")
    assert decode(ambiguous, "gbk").text == "危"


def test_broken_bytes_are_counted_and_do_not_change_the_encoding() -> None:
    data = bytearray("政府信息公开工作年度报告" * 20, "utf-8")
    data[31] = 0xFF
    decoded = decode(bytes(data))
    assert decoded.encoding == "utf-8"
    assert 0 < decoded.undecodable < 4


def test_texts_in_other_languages_are_left_to_the_detector() -> None:
    text = "Отчёт о раскрытии информации за две тысячи двадцать первый год. " * 5
    assert decode(text.encode("cp1251")).text == text


def test_traditional_chinese() -> None:
    text = "行政院公報資訊網,政府資訊公開年度報告,申請案件數量統計"
    assert decode(text.encode("big5"), "big5").text == text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("western", ["latin-1", "cp1252"])
def test_text_taken_for_western_letters_is_recovered(encoding: str, western: str) -> None:
    text = "二、主动公开政府信息情况 0 12"
    letters = "".join(
        bytes((byte,)).decode(western, errors="ignore") or chr(byte) for byte in text.encode(encoding)
    )
    assert decode(letters.encode(), "utf-8").text == text


def test_western_texts_stay_as_they_are() -> None:
    assert decode("Café à la crème – déjà vu €5".encode()).text == "Café à la crème – déjà vu €5"

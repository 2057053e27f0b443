"""Which encoding a text is in. What is declared is only a hint: a declaration is believed when it reads well.

Chinese pages come in few encodings, so these are tried first and judged by how much everyday Chinese they
give, which is right on texts of a few characters too; any other text is left to charset-normalizer.
"""

from __future__ import annotations

import codecs
from functools import cache
from typing import NamedTuple

import charset_normalizer

from gao_pipeline.documents.model import Notice

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHINESE_ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "big5hkscs")
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "utf-16": "utf-16-le",
}
_WESTERN = str.maketrans(
    {sign: byte for byte in range(0x80, 0xA0) for sign in bytes((byte,)).decode("cp1252", "ignore")}
)
"""The signs that Windows puts where Latin-1 has control characters."""
_CERTAIN = 0.99
_BELIEVABLE = 0.85
_ASCII_TEXT = dict.fromkeys((*b"\t\n\f\r", *range(0x20, 0x7F)))
_SAMPLE_BYTES = 200_000


class DecodedText(NamedTuple):
    """A text, the encoding it was in, and how many characters could not be decoded (shown as U+FFFD)."""

    text: str
    encoding: str
    undecodable: int = 0

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What a person should know of the decoding."""
        if not self.undecodable:
            return ()
        return (Notice(code="undecodable_text", detail=f"{self.undecodable} × U+FFFD ({self.encoding})"),)


def decode(data: bytes, declared: str | None = None) -> DecodedText:
    """`data` as text. `declared` is the charset that a page or a mail header claims, if any."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], encoding)
    data = _original(data)
    sample = data[:_SAMPLE_BYTES]
    candidates = tuple(dict.fromkeys((*_known(declared), *_CHINESE_ENCODINGS)))
    best, best_score = candidates[0], -1.0
    for encoding in candidates:
        score = _plausibility(sample, encoding)
        if score > best_score:
            best, best_score = encoding, score
        if score >= _CERTAIN:
            break
    if best_score < _BELIEVABLE:
        match = charset_normalizer.from_bytes(sample).best()
        best = match.encoding.replace("_", "-") if match else best
    return _decode_as(data, best)


def _original(data: bytes) -> bytes:
    """The bytes of a Chinese text that a program took for Western letters and wrote as UTF-8; else `data`."""
    try:
        original = data.decode("utf-8").translate(_WESTERN).encode("latin-1")
    except UnicodeError:
        return data
    sample = original[:_SAMPLE_BYTES]
    is_chinese = any(_plausibility(sample, encoding) >= _CERTAIN for encoding in _CHINESE_ENCODINGS[:2])
    return original if is_chinese else data


def _decode_as(data: bytes, encoding: str) -> DecodedText:
    text = data.decode(encoding, errors="replace")
    return DecodedText(text, encoding, text.count("\ufffd"))


def _known(declared: str | None) -> tuple[str, ...]:
    """A declared charset, if it is one of Chinese texts, widened to the superset that pages really use."""
    try:
        name = codecs.lookup(declared or "").name
    except LookupError:
        return ()
    widened = _SUPERSETS.get(name, name)
    return (widened,) if widened in _CHINESE_ENCODINGS else ()


def _plausibility(sample: bytes, encoding: str) -> float:
    """The share of everyday characters (0 to 1) among the ones that an encoding decides about.

    Text in another encoding is hardly ever valid UTF-8 with characters of three bytes, so that is certain.
    """
    decided = sample.decode(encoding, errors="replace").translate(_ASCII_TEXT)
    if not decided or (encoding == "utf-8" and "\ufffd" not in decided and max(decided) > "\u07ff"):
        return 1.0
    return sum(map(_everyday_characters().__contains__, decided)) / len(decided)


@cache
def _everyday_characters() -> frozenset[str]:
    """The repertoire of GB 2312, and the few signs beside it that office software writes."""
    pairs = (bytes((lead, trail)) for lead in range(0xA1, 0xF8) for trail in range(0xA1, 0xFF))
    return frozenset("".join(pair.decode("gb2312", errors="ignore") for pair in pairs) + "\xa0\u2002\u2003•–")

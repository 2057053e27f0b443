"""How printed Chinese text is normalised before it is compared. Nothing here alters what is stored."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_QUOTES = re.compile(r"[\"'“”‘’＂＇「」『』]")
_NOTE = re.compile(r"\([^()]*\)")
_ORDINAL = re.compile(r"^(?:\(?[一二三四五六七八九十]+[)、.]|\(?\d{1,2}[)、.](?!\d))+")


def fold(text: str) -> str:
    """Width-folded text (NFKC) without invisible characters; spaces are kept."""
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE))


def bare(text: str) -> str:
    """`text` without any white space."""
    return "".join(text.split())


def compact(text: str) -> str:
    """Width-folded text without any white space or quotation marks."""
    return _QUOTES.sub("", bare(fold(text)))


def strip_notes(text: str) -> str:
    """`text` (width-folded) without bracketed notes, nested ones included."""
    while (shorter := _NOTE.sub("", text)) != text:
        text = shorter
    return text


def label_key(text: str) -> str:
    """The comparable core of a label: compact, without bracketed notes and leading ordinals.

    >>> label_key("（二）部分公开（区分处理的，只计这一情形，不计其他情形）")
    '部分公开'
    """
    compacted = compact(text)
    body = _ORDINAL.sub("", compacted)
    return strip_notes(body) or body or compacted

"""The style sheet of a Word 97-2003 file, as far as it says how characters look (STSH in [MS-DOC])."""

from __future__ import annotations

import struct
from typing import NamedTuple

_HEADER_BYTES = 18
_NO_STYLE = 0x0FFF
_PARAGRAPH_STYLE, _CHARACTER_STYLE = 1, 2


class Style(NamedTuple):
    """A style: the properties that it gives to characters, and the number of the style it is based on."""

    characters: bytes
    based_on: int


def read_styles(stored: bytes) -> list[Style]:
    """The styles of a file by number; those of tables and lists give nothing to characters.

    Args:
        stored: the style sheet as the table stream holds it.
    """
    if len(stored) < 2 + _HEADER_BYTES:
        return []
    header = struct.unpack_from("<H", stored)[0]
    count, base = struct.unpack_from("<HH", stored, 2)
    styles: list[Style] = []
    position = 2 + header
    while len(styles) < count and position + 2 <= len(stored):
        size = struct.unpack_from("<H", stored, position)[0]
        styles.append(_style(stored[position + 2 : position + 2 + size], base))
        position += 2 + size + size % 2
    return styles


def _style(definition: bytes, base: int) -> Style:
    """A style from its STD; what is cut off gives nothing."""
    try:
        kind_and_base, counts = struct.unpack_from("<HH", definition, 2)
        name = struct.unpack_from("<H", definition, base)[0]
        formats = _formats(definition, base + 2 + 2 * (name + 1), counts & 0xF)
    except struct.error:
        return Style(b"", _NO_STYLE)
    place = {_PARAGRAPH_STYLE: 1, _CHARACTER_STYLE: 0}.get(kind_and_base & 0xF)
    characters = formats[place] if place is not None and place < len(formats) else b""
    return Style(characters, kind_and_base >> 4)


def _formats(definition: bytes, position: int, count: int) -> list[bytes]:
    """The formats (UPX) of a style, each beginning on an even byte."""
    formats = []
    for _ in range(count):
        position += position % 2
        size = struct.unpack_from("<H", definition, position)[0]
        formats.append(definition[position + 2 : position + 2 + size])
        position += 2 + size
    return formats

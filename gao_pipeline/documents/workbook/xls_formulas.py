"""The formulas of Excel 97-2003 workbooks: xlrd gives their results only. Records are those of [MS-XLS]."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import olefile
import xlrd
from xlrd.formula import FMLA_TYPE_CELL, decompile_formula

_STREAMS = ("Workbook", "Book")
_SHEET, _BEGIN, _FORMULA = 0x0085, 0x0809, 0x0006


def xls_formulas(book: xlrd.Book, data: bytes) -> list[dict[tuple[int, int], str]]:
    """The formulas of each sheet by row and column, from 1, in the notation A1; without those that xlrd
    cannot write."""
    stream = _stream(data)
    records = list(_records(stream))
    starts = [struct.unpack_from("<I", content)[0] for _, kind, content in records if kind == _SHEET]
    sheets: dict[int, dict[tuple[int, int], str]] = {start: {} for start in starts}
    current: dict[tuple[int, int], str] = {}
    for position, kind, content in records:
        if kind == _BEGIN:
            current = sheets.get(position, current)
        elif kind == _FORMULA:
            row, column = struct.unpack_from("<HH", content)
            size = struct.unpack_from("<H", content, 20)[0]
            text = decompile_formula(book, content[22 : 22 + size], size, FMLA_TYPE_CELL, row, column)
            if text:
                current[row + 1, column + 1] = f"={text}"
    return [sheets[start] for start in starts]


def _stream(data: bytes) -> bytes:
    """The records of a workbook; the oldest files hold nothing else."""
    if not data.startswith(olefile.MAGIC):
        return data
    with olefile.OleFileIO(io.BytesIO(data)) as container:
        name = next(name for name in _STREAMS if container.exists(name))
        content: bytes = container.openstream(name).read()
        return content


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Position, kind and content of each record."""
    position = 0
    while position + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, position)
        yield position, kind, stream[position + 4 : position + 4 + size]
        position += 4 + size

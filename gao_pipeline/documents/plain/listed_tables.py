"""Tables that a program prints as it holds them: rows as lists of a programming language, or of JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gao_pipeline.documents.plain.rows import TextLine, TextTable, has_figures, table_of_rows

_TOKEN = re.compile(
    r"""\s*(?:(?P<mark>[\[\](),])|(?P<quote>["'])(?P<text>(?:\\.|(?!(?P=quote))[^\\\n])*)(?P=quote)"""
    r"|(?P<word>-?\d[\d.]*|None|null|nan|NaN))"
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")
_CONTROLS = {"n": "\n", "r": "\n", "t": " ", "/": "/"}
_NOTHING = ("None", "null", "nan", "NaN")
_OPENING = ("[", "(")
_CLOSING = ("]", ")")
_DEEPEST = 4


class _Item(NamedTuple):
    """A mark of a list, or a value in it, and its line."""

    text: str
    number: int
    is_mark: bool


class _Lists:
    """Lists while their lines go by: those complete that hold no lists, and how deep the next item stands."""

    def __init__(self) -> None:
        self.rows: list[list[TextLine]] = []
        self.depth = 0
        self._open: list[TextLine] | None = None

    def take(self, items: Sequence[_Item]) -> bool:
        """Take the items of a line, unless a value stands outside of the lists."""
        for item in items:
            if not item.is_mark:
                if self._open is None:
                    return False
                self._open.append(TextLine(item.number, item.text))
            elif item.text in _OPENING:
                self._open = []
                self.depth += 1
            elif item.text in _CLOSING:
                self.rows += [self._open] if self._open else []
                self._open = None
                self.depth -= 1
        return bool(items) and 0 <= self.depth <= _DEEPEST


def opens_list(line: TextLine) -> bool:
    """Whether a line begins with a list."""
    return line.text.lstrip().startswith(_OPENING)


def listed_table(lines: list[TextLine], start: int) -> TextTable | None:
    """The table that starts at `start` and prints its rows as lists, on one line each or on any number.

    A row is a list that holds no lists; a value that is none leaves its cell blank.
    """
    lists = _Lists()
    rows: list[list[TextLine]] = []
    end = start
    for position in range(start, len(lines)):
        is_list = lists.depth > 0 or opens_list(lines[position])
        if not is_list or not lists.take(list(_items(lines[position]))):
            break
        if lists.depth == 0:
            rows, end = lists.rows[:], position + 1
    if not any(len(row) > 1 for row in rows) or not has_figures(rows):
        return None
    return table_of_rows(rows, end)


def _items(line: TextLine) -> Iterator[_Item]:
    """The marks and values of a line; nothing where it holds anything else."""
    matches = list(_TOKEN.finditer(line.text.strip()))
    if "".join(match[0] for match in matches) != line.text.strip():
        return
    for match in matches:
        if match["mark"] or match["word"]:
            text = "" if match["word"] in _NOTHING else match["mark"] or match["word"]
            yield _Item(text, line.number, is_mark=match["mark"] is not None)
        else:
            yield _Item(_ESCAPE.sub(_unescaped, match["text"]), line.number, is_mark=False)


def _unescaped(match: re.Match[str]) -> str:
    escape = match[1]
    return chr(int(escape[1:], 16)) if len(escape) > 1 else _CONTROLS.get(escape, escape)

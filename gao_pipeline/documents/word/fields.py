"""The fields of a Word document: an instruction and, for most of them, the text that it gave.

What is shown is the result; of some fields there is none in the file, such as `{ EQ \\o\\ac(○,1) }`.
"""

from __future__ import annotations

from dataclasses import dataclass

from gao_pipeline.documents.model import UNTOLD, Notice

_FORMULA = "="
_DRAWN = frozenset({"ADVANCE", "EQ", "FORMCHECKBOX", "FORMDROPDOWN", "SHAPE", "SYMBOL"})
"""Never stored with a result: they are drawn whenever the page is."""
_SILENT = frozenset(
    {"ADDIN", "ASK", "FORMTEXT", "HYPERLINK", "INDEX", "NEXT", "NEXTIF", "PRINT", "PRIVATE", "RD", "SET"}
    | {"SKIPIF", "TA", "TC", "TOC", "XE"}
)
"""Marks, and what is empty until somebody fills it in."""


@dataclass
class _Field:
    choice: str = ""
    instruction: str = ""
    has_place: bool = False
    has_result: bool = False


class Fields:
    """The fields around the text that is being read; `notices` name those whose result is missed."""

    def __init__(self, notices: list[Notice] | None = None) -> None:
        self.notices = [] if notices is None else notices
        self._open: list[_Field] = []

    @property
    def is_instruction(self) -> bool:
        """Whether what passes by is not shown: an instruction, or what a choice stands for."""
        return any(not field.has_place or field.choice for field in self._open)

    def begin(self, choice: str = "") -> None:
        """A field begins; the chosen entry of a list is shown whatever result the file holds."""
        self._open.append(_Field(choice))

    def instruct(self, text: str) -> None:
        """A part of an instruction."""
        if self._open:
            self._open[-1].instruction += text

    def part(self) -> None:
        """The instruction ends, the result follows."""
        if self._open:
            self._open[-1].has_place = True

    def result(self, text: str) -> str:
        """A text, which is the result of the fields around it."""
        for field in self._open:
            field.has_result = field.has_result or bool(text)
        return text

    def end(self) -> str:
        """The field ends. What stands for a result that it does not hold."""
        if not self._open:
            return ""
        ended = self._open.pop()
        if ended.has_result or self.is_instruction:
            return ""
        return self.result(ended.choice or self.without_result(ended.instruction, has_place=ended.has_place))

    def forget(self) -> None:
        """No field is open any more."""
        self._open.clear()

    def without_result(self, instruction: str, *, has_place: bool = False) -> str:
        """What stands for the missing result of a field: a formula itself, the sign for untold text for what
        only the program can tell, nothing where nothing is shown.

        Args:
            instruction: that of the field.
            has_place: whether the file has a place for the result, which is empty.
        """
        instruction = instruction.strip()
        name = instruction.partition(" ")[0].upper()
        if instruction.startswith(_FORMULA):
            shown = instruction
        elif name in _DRAWN or not (has_place or name in _SILENT | {""}):
            shown = UNTOLD
        else:
            return ""
        self.notices.append(Notice(code="formula_without_result", detail=instruction))
        return shown

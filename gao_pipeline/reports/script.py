"""Reports in traditional characters, as some mirrors of web sites print them, are read in simplified ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import msgspec

from gao_pipeline.contracts.loading import Spec
from gao_pipeline.contracts.vocabularies import load_vocabulary
from gao_pipeline.documents.model import Block, Document, Paragraph


class ScriptVocabulary(Spec, frozen=True, kw_only=True):
    """The content of `scripts.yaml`: characters of traditional print, how many of them show it, what the
    readings look like that programs leave behind characters, and what else they leave or translate."""

    traditional: str
    enough: int
    readings: str
    words: dict[str, str]


@cache
def script_vocabulary() -> ScriptVocabulary:
    """The characters that tell traditional print.

    Raises:
        ContractError: the vocabulary file is malformed.
    """
    return load_vocabulary("scripts", ScriptVocabulary)


def in_simplified(document: Document) -> Document:
    """The document with its texts in simplified characters; one that prints them already stays as it is."""
    vocabulary = script_vocabulary()
    characters = set().union(document.title or "", *map(_text, document.blocks))
    if len(characters & set(vocabulary.traditional)) < vocabulary.enough:
        return document
    from opencc import OpenCC

    simplified: Callable[[str], str] = OpenCC("t2s").convert

    def convert(text: str) -> str:
        text = simplified(re.sub(vocabulary.readings, "", text))
        for word, original in vocabulary.words.items():
            text = text.replace(word, original)
        return text

    return msgspec.structs.replace(
        document,
        blocks=tuple(_converted(block, convert) for block in document.blocks),
        title=document.title and convert(document.title),
        metadata={key: convert(value) for key, value in document.metadata.items()},
    )


def _text(block: Block) -> str:
    return block.text if isinstance(block, Paragraph) else "".join(cell.text for cell in block.cells)


def _converted(block: Block, convert: Callable[[str], str]) -> Block:
    if isinstance(block, Paragraph):
        return msgspec.structs.replace(block, text=convert(block.text))
    cells = tuple(msgspec.structs.replace(cell, text=convert(cell.text)) for cell in block.cells)
    return msgspec.structs.replace(block, cells=cells)

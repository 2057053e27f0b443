"""What several readings of a line of ink settle, and what stays in doubt.

A figure counts only if two readings of it agree – the engine's of different pictures of the line, and that of
the shapes of its digits –, it takes as much ink as there is, and no reading makes another figure of it,
unless all others and the shapes outvote that one; everything else that is no word has the confidence 0.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from gao_pipeline.documents.paged.ocr import Reading
from gao_pipeline.documents.paged.scanned_ink import InkLine

SURE = 0.8
"""From this confidence on the engine is right about a word."""

_WIDEST_DIGIT, _NARROWEST_DIGIT = 0.95, 0.2
"""The ink of a digit as a multiple of its height; scanned, it is broader than printed."""

CJK = re.compile(r"[\u3400-\u9fff]")
DIGIT = re.compile(r"[0-9０-９]")
_STROKES = re.compile(r"[一丨丿丶]+")
_FIGURE = re.compile(r"[-+]?(?:[1-9]\d{0,2}(?:,\d{3})+|0|[1-9]\d*)(?:\.\d+)?")
_PIECE = re.compile(r"[-+]?[.,]?\d+(?:[.,]\d+)*[.,]?")
_POINT_OR_COMMA = re.compile(r"-?[1-9]\d{0,2}(?:,\d{3})*\.\d{3}")

_SINGLE_ZERO = re.compile(r"(?<![A-Za-z])[Oo](?![A-Za-z])")
_IN_WORDS = re.compile(r"\d+(?:[.,]\d+)*")
_SPECK = re.compile(r"(\d)\.$")

_UPRIGHT_OR_SLASH = frozenset("1/")


def agreed(
    readings: Sequence[Reading], shape: str | None, line: InkLine, *, is_piece: bool = False
) -> Reading:
    """What independent readings of a line settle, wrong only if all of them are.

    That is the text on which two agree, or three, if it touches a rule. No other reading may make another
    figure of the ink, or a single one against two and the shapes. Otherwise it is the best reading, without
    confidence. Among words, as units and remarks are, readings agree if their figures do. One of several
    lines of a cell may be a piece of a figure.
    """
    pattern = _PIECE if is_piece else _FIGURE
    texts = [comparable(reading.text) for reading in readings]
    said = _figures_in_words(texts)
    figures = Counter(text for text in said if pattern.fullmatch(text) and _fits(text, line))
    candidates = figures or Counter(filter(None, said))
    if not candidates:
        return Reading("", 0.0)
    ((likeliest, _),) = candidates.most_common(1)
    text = shape if shape is not None and shape in figures else likeliest
    others = figures.total() - figures[text] if figures else candidates.total() - candidates[text]
    engine, shaped = said.count(text), shape == text
    agreeing = [
        Reading(own, reading.confidence)
        for reading, own, figure in zip(readings, texts, said, strict=True)
        if figure == text
    ]
    if engine + shaped >= (3 if line.at_rule else 2) and (not others or (shaped and engine > others == 1)):
        doubt = math.prod(1.0 - reading.confidence for reading in agreeing) * (1.0 - SURE * shaped)
        return _usual(agreeing)._replace(confidence=1.0 - doubt) if agreeing else Reading(text, 1.0 - doubt)
    return Reading(max(readings, key=lambda reading: reading.confidence).text, 0.0)


def comparable(text: str) -> str:
    """A text without spaces, wide characters and the point that a speck makes behind a digit; a single letter
    that has a zero's shape is one."""
    bare = _SPECK.sub(r"\1", "".join(unicodedata.normalize("NFKC", text).split()))
    return _SINGLE_ZERO.sub("0", bare)


def _figures_in_words(texts: Sequence[str]) -> Sequence[str]:
    """The figures alone of readings most of which are figures among words."""
    worded = [text for text in texts if CJK.search(text) and DIGIT.search(text)]
    if 2 * len(worded) <= len(texts):
        return texts
    return [" ".join(_IN_WORDS.findall(text)) or text for text in texts]


def _usual(readings: Sequence[Reading]) -> Reading:
    """The reading that is made most often, and of such the surest."""
    made = Counter(reading.text for reading in readings)
    return max(readings, key=lambda reading: (made[reading.text], reading.confidence))


def settled(
    readings: Sequence[Reading], shape: str | None, line: InkLine, *, is_piece: bool = False
) -> Reading:
    """What a line of ink is: the sign that its shape tells, or the figure, or the piece of one, on which its
    readings agree."""
    if line.sign is not None and not line.at_rule:
        return Reading(line.sign, SURE)
    reading = agreed(readings, shape, line, is_piece=is_piece)
    if line.leans and reading.text in _UPRIGHT_OR_SLASH:
        return reading._replace(confidence=reading.confidence * (reading.text == "/"))
    pattern = _PIECE if is_piece else _FIGURE
    if pattern.fullmatch(reading.text) and _fits(reading.text, line) and line.is_even:
        return reading
    if CJK.search(reading.text) and not _STROKES.fullmatch(reading.text):
        return reading
    return Reading(reading.text, 0.0)


def is_broken_figure(pieces: Sequence[str]) -> bool:
    """Whether lines below each other are the pieces of one figure, or none of one."""
    if not all(map(_PIECE.fullmatch, pieces)):
        return all(map(_FIGURE.fullmatch, filter(_PIECE.fullmatch, pieces)))
    figure = "".join(pieces)
    return bool(_FIGURE.fullmatch(figure)) and not _POINT_OR_COMMA.fullmatch(figure)


def _fits(figure: str, line: InkLine) -> bool:
    """Whether a figure takes as much ink as a line has: it is doubted if a digit may be lost or made up, and
    if its decimal point may be a comma."""
    if _POINT_OR_COMMA.fullmatch(figure):
        return False
    digits = len(DIGIT.findall(figure))
    points = len(figure) - digits
    widest = _WIDEST_DIGIT * digits + _WIDEST_DIGIT / 2 * points
    return len(figure) >= len(line.marks) and _NARROWEST_DIGIT * digits <= line.width <= widest

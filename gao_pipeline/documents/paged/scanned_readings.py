"""What several readings of a line of ink settle, and what stays in doubt.

A figure counts only if two readings of it agree – the engine's of different pictures of the line, and that of
the shapes of its digits –, it takes as much ink as there is, and no reading makes another figure of it,
unless all others and the shapes outvote that one; everything else that is no word has the confidence 0.
"""

from __future__ import annotations

import math
import re
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
_FIGURE = re.compile(r"-?(?:[1-9]\d{0,2}(?:,\d{3})+|0|[1-9]\d*)(?:\.\d+)?")
_POINT_OR_COMMA = re.compile(r"-?[1-9]\d{0,2}(?:,\d{3})*\.\d{3}")

_WITH_UNIT = re.compile(r"([0-9Oo]+)(?:[A-Za-z]?([\u3400-\u9fff]{1,2}))?")
_SPECK = re.compile(r"(\d)\.$")

_ZERO_SHAPED = frozenset("OoＯ")
_UPRIGHT_OR_SLASH = frozenset("1/")
_ZEROS = str.maketrans("Oo", "00")
_WIDE = str.maketrans("０１２３４５６７８９，", "0123456789,")


def agreed(readings: Sequence[Reading], shape: str | None, line: InkLine) -> Reading:
    """What independent readings of a line settle, wrong only if all of them are.

    That is the text on which two agree, or three, if it touches a rule. No other reading may make another
    figure of the ink, or a single one against two and the shapes. Otherwise it is the best reading, without
    confidence.
    """
    texts = _of_one_unit([comparable(reading.text) for reading in readings])
    figures = Counter(text for text in texts if _FIGURE.fullmatch(text) and _fits(text, line))
    candidates = figures or Counter(filter(None, texts))
    if not candidates:
        return Reading("", 0.0)
    ((likeliest, _),) = candidates.most_common(1)
    text = shape if shape is not None and shape in figures else likeliest
    others = figures.total() - figures[text] if figures else len(candidates) - 1
    engine, shaped = texts.count(text), shape == text
    if engine + shaped >= (3 if line.at_rule else 2) and (not others or (shaped and engine > others == 1)):
        agreeing = [reading.confidence for reading, own in zip(readings, texts, strict=True) if own == text]
        return Reading(text, 1.0 - math.prod(1.0 - confidence for confidence in [*agreeing, SURE * shaped]))
    return Reading(max(readings, key=lambda reading: reading.confidence).text, 0.0)


def comparable(text: str) -> str:
    """A text without spaces, wide digits and the point that a speck makes behind a digit; a letter that alone
    is a zero's shape is one."""
    bare = _SPECK.sub(r"\1", "".join(text.split()).translate(_WIDE))
    return "0" if bare in _ZERO_SHAPED else bare


def _of_one_unit(texts: Sequence[str]) -> Sequence[str]:
    """Readings of a figure with its unit, with the unit that most of them make out, if most have one."""
    measured = [_WITH_UNIT.fullmatch(text) for text in texts]
    units = Counter(match[2] for match in measured if match and match[2])
    if 2 * units.total() <= len(texts):
        return texts
    ((unit, _),) = units.most_common(1)
    return [
        match[1].translate(_ZEROS) + unit if match else text
        for match, text in zip(measured, texts, strict=True)
    ]


def settled(readings: Sequence[Reading], shape: str | None, line: InkLine) -> Reading:
    """What a line of ink is: the sign that its shape tells, or the figure that its readings agree on."""
    if line.sign is not None and not line.at_rule:
        return Reading(line.sign, SURE)
    reading = agreed(readings, shape, line)
    if line.leans and reading.text in _UPRIGHT_OR_SLASH:
        return reading._replace(confidence=reading.confidence * (reading.text == "/"))
    if _FIGURE.fullmatch(reading.text) and _fits(reading.text, line) and line.is_even:
        return reading
    if CJK.search(reading.text) and not _STROKES.fullmatch(reading.text):
        return reading
    return Reading(reading.text, 0.0)


def _fits(figure: str, line: InkLine) -> bool:
    """Whether a figure takes as much ink as a line has: it is doubted if a digit may be lost or made up, and
    if its decimal point may be a comma."""
    if _POINT_OR_COMMA.fullmatch(figure):
        return False
    digits = len(DIGIT.findall(figure))
    points = len(figure) - digits
    widest = _WIDEST_DIGIT * digits + _WIDEST_DIGIT / 2 * points
    return len(figure) >= len(line.marks) and _NARROWEST_DIGIT * digits <= line.width <= widest

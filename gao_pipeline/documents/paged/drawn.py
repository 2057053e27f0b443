"""What a painted page of a PDF gives to read: characters once each, strokes as rules, areas, and pictures."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from gao_pipeline.contracts.loading import Spec
from gao_pipeline.contracts.vocabularies import load_vocabulary
from gao_pipeline.documents.model import UNTOLD
from gao_pipeline.documents.paged.lattice import Box, Rule
from gao_pipeline.documents.paged.layout import Glyph
from gao_pipeline.documents.paged.painted import (
    HAIRLINE,
    Item,
    PaintedPage,
    is_area,
    is_thin_image,
    is_white,
    item_box,
)

_OFFSET_OF_BOLD = 0.35
"""A character printed again so much of its size beside makes it bold."""

_STEEPEST = 0.1
"""Parts of a curve at a steeper tangent than this to all sides of the page are no rules."""

_SLACK = 0.1
"""What is drawn on one line differs by no more (in points)."""

_UNREADABLE_SHARE = 0.02
"""A page on which a larger share of the characters is unreadable is to be read by what it shows."""


_FEWEST_CHARACTERS = 20
"""A page of text has more characters; those that it hides are none."""

_NARROWEST_TABLE, _LOWEST_TABLE = 0.4, 0.07
"""An image that takes up a smaller share of the width or height of a page shows no table."""


class RadicalVocabulary(Spec, frozen=True, kw_only=True):
    """`vocabularies/radicals.yaml`: two strings of equal length, sign by sign."""

    radicals: str
    ideographs: str


@cache
def _ideographs() -> dict[int, int]:
    vocabulary = load_vocabulary("radicals", RadicalVocabulary)
    return str.maketrans(vocabulary.radicals, vocabulary.ideographs)


def page_glyphs(page: PaintedPage) -> list[Glyph]:
    """The visible characters of a page, once each: bold type made by printing twice is undone."""
    printed = _Printed()
    glyphs: list[Glyph] = []
    for char in page.chars:
        box = item_box(char)
        x, y = box.center
        if not (0 <= x <= page.width and 0 <= y <= page.height) or printed.holds(char["text"], box):
            continue
        printed.add(char["text"], box)
        turn = _turn(char["matrix"])
        size = box.right - box.left if turn % 2 else char["size"] or box.bottom - box.top
        glyphs.append(Glyph(_plain(char["text"]), box, size, turn))
    return glyphs


class _Printed:
    """The characters printed so far, by text and place."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, int, int], list[Box]] = {}

    def add(self, text: str, box: Box) -> None:
        self._places.setdefault((text, round(box.left), round(box.top)), []).append(box)

    def holds(self, text: str, box: Box) -> bool:
        """Whether the same character stands there already, or a little beside."""
        offset = min(1.0, _OFFSET_OF_BOLD * min(box.right - box.left, box.bottom - box.top))
        return any(
            abs(box.left - other.left) <= offset and abs(box.top - other.top) <= offset
            for x in (-1, 0, 1)
            for y in (-1, 0, 1)
            for other in self._places.get((text, round(box.left) + x, round(box.top) + y), ())
        )


def _plain(text: str) -> str:
    """The text of a glyph without artefacts of fonts: radicals as ideographs, ligatures spelt out."""
    if len(text) == 1 and 0xFB00 <= ord(text) <= 0xFB06:
        return unicodedata.normalize("NFKC", text)
    return text.translate(_ideographs())


def _turn(matrix: tuple[float, ...]) -> int:
    """In how many quarters of a circle, clockwise, a text matrix sets its characters."""
    along, up = matrix[0], matrix[1]
    if abs(along) >= abs(up):
        return 0 if along >= 0 else 2
    return 3 if up > 0 else 1


def stroke_rules(strokes: Iterable[Box]) -> tuple[list[Rule], list[Rule]]:
    """The horizontal and the vertical rules among the strokes of a page."""
    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    for box in strokes:
        x, y = box.center
        if box.bottom - box.top <= HAIRLINE:
            horizontal.append(Rule(y, box.left, box.right))
        if box.right - box.left <= HAIRLINE:
            vertical.append(Rule(x, box.top, box.bottom))
    return horizontal, vertical


def page_strokes(page: PaintedPage) -> Iterator[Box]:
    """What a page draws that may be a rule: lines, thin rectangles, sides of frames, parts of polylines.

    What runs off the page is cut there.
    """
    boxes = (_on_page(box, page) for box in _strokes(page))
    return (box for box in boxes if box is not None)


def _on_page(box: Box, page: PaintedPage) -> Box | None:
    """The part of a box that is on the page; None where none is."""
    left, top = max(box.left, 0.0), max(box.top, 0.0)
    right, bottom = min(box.right, page.width), min(box.bottom, page.height)
    return Box(left, top, right, bottom) if left <= right and top <= bottom else None


def _strokes(page: PaintedPage) -> Iterator[Box]:
    for line in page.lines:
        if not is_white(line.get("stroking_color")):
            yield item_box(line)
    for rect in page.rects:
        yield from _strokes_of_rectangle(rect)
    yield from (item_box(image) for image in page.images if is_thin_image(image))
    yield from _sides_of_cells(page.rects)
    for curve in page.curves:
        yield from _strokes_of_curve(curve)


def _strokes_of_rectangle(rect: Item) -> Iterator[Box]:
    """A thin rectangle, or the sides of one with a frame."""
    if min(rect["width"], rect["height"]) > HAIRLINE:
        yield from sides(item_box(rect)) if _has_outline(rect) else ()
    elif _is_filled(rect) or (_has_outline(rect) and not rect.get("fill")):
        yield item_box(rect)


def _strokes_of_curve(curve: Item) -> Iterator[Box]:
    """A thin filled polygon, the sides of a rounded frame, or the straight parts of an outline."""
    box = item_box(curve)
    if curve.get("fill") and min(box.right - box.left, box.bottom - box.top) <= HAIRLINE:
        yield from [box] if _is_filled(curve) else ()
    elif _has_outline(curve):
        parts = list(_straight_parts(curve["pts"]))
        yield from sides(box) if _is_rounded_frame(box, parts) else parts


def _is_filled(item: Item) -> bool:
    """Whether an object is filled with a colour that shows."""
    return bool(item.get("fill")) and not is_white(item.get("non_stroking_color"))


def _has_outline(item: Item) -> bool:
    """Whether an object is outlined in a colour that shows."""
    return bool(item.get("stroke")) and not is_white(item.get("stroking_color"))


def _straight_parts(points: Sequence[tuple[float, float]]) -> Iterator[Box]:
    """The parts of a curve that run along the sides of the page."""
    for (x0, y0), (x1, y1) in pairwise(points):
        width, height = abs(x1 - x0), abs(y1 - y0)
        if min(width, height) <= _STEEPEST * max(width, height):
            yield Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _is_rounded_frame(frame: Box, parts: Sequence[Box]) -> bool:
    """Whether parts of a curve run along a good part of each side of the frame around it."""
    return all(
        3 * sum(_length(part) for part in parts if _lies_in(part, side)) > _length(side) > HAIRLINE
        for side in sides(frame)
    )


def _length(rule: Box) -> float:
    return max(rule.right - rule.left, rule.bottom - rule.top)


def _lies_in(part: Box, side: Box) -> bool:
    return (
        part.left >= side.left - _SLACK
        and part.right <= side.right + _SLACK
        and part.top >= side.top - _SLACK
        and part.bottom <= side.bottom + _SLACK
    )


def page_areas(page: PaintedPage) -> list[Box]:
    """The coloured areas of a page."""
    return [
        item_box(rect)
        for rect in page.rects
        if is_area(rect) and not is_white(rect.get("non_stroking_color"))
    ]


def _sides_of_cells(rects: Iterable[Item]) -> Iterator[Box]:
    """The sides of white cells on a dark ground, which shows between them as their rules."""
    filled = [rect for rect in rects if is_area(rect)]
    white = [item_box(rect) for rect in filled if is_white(rect.get("non_stroking_color"))]
    grounds = [item_box(rect) for rect in filled if not is_white(rect.get("non_stroking_color"))]
    for box in white:
        if any(
            ground.left < box.left
            and ground.top < box.top
            and box.right < ground.right
            and box.bottom < ground.bottom
            for ground in grounds
        ):
            yield from sides(box)


def sides(box: Box) -> Iterator[Box]:
    """The four sides of a box, each a box without thickness."""
    left, top, right, bottom = box
    yield Box(left, top, right, top)
    yield Box(left, bottom, right, bottom)
    yield Box(left, top, left, bottom)
    yield Box(right, top, right, bottom)


def is_picture(page: PaintedPage) -> bool:
    """Whether what a page says is in a picture: it has one over half of it and hardly any text of its own, or
    its fonts do not tell its characters."""
    texts = [char["text"] for char in page.chars if char["text"].strip()]
    if sum(map(_is_unreadable, texts)) > _UNREADABLE_SHARE * len(texts):
        return True
    boxes = (_on_page(item_box(image), page) for image in page.images)
    covered = sum((box.right - box.left) * (box.bottom - box.top) for box in boxes if box)
    return len(texts) < max(_FEWEST_CHARACTERS, page.hidden) and 2 * covered > page.width * page.height


def _is_unreadable(text: str) -> bool:
    """Whether a font gives a code or an accented letter in place of a character."""
    return (
        text.startswith("(cid:")
        or text == UNTOLD
        or (len(text) == 1 and "\u00c0" <= text <= "\u024f" and text.isalpha())
    )


def large_images(page: PaintedPage) -> list[Box]:
    """The places of the images on a page that are large enough to show a table and have no text on them."""
    centers = [item_box(char).center for char in page.chars if char["text"].strip()]
    boxes = [box for image in page.images if (box := _on_page(item_box(image), page))]
    return [
        box
        for box in boxes
        if box.right - box.left > _NARROWEST_TABLE * page.width
        if box.bottom - box.top > _LOWEST_TABLE * page.height
        if not any(box.contains(*center) for center in centers)
    ]

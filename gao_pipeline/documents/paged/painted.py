"""What of a PDF page can be seen: its characters and shapes, without what is invisible or painted over."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import median
from typing import Any, NamedTuple

from pdfminer.layout import LTChar, LTContainer

from gao_pipeline.documents.model import UNTOLD
from gao_pipeline.documents.paged.lattice import Box
from gao_pipeline.documents.paged.painting import Device, Interpreter, layers_off

Item = dict[str, Any]
"""An object of a page as pdfplumber describes it."""

HAIRLINE = 3.0
"""A filled rectangle no thicker than this (in points) is a line."""

_SMALLEST = 1.5
"""Characters below this size (in points) are not there to be read."""

_STEEPEST = 0.1
"""Characters set at a steeper tangent than this to all sides of the page are a watermark."""

_MOST_SKEWED = 0.3
"""Most of a page, as it was scanned, is set at no steeper tangent."""

_LARGER = 1.15
"""Characters so many times larger than most that are printed across several others are a watermark."""

_OVERSIZE = 1.8
"""Across one suffices where they are so many times larger."""


class PaintedPage(NamedTuple):
    """The visible objects of a page by kind, each kind in the order of painting.

    `hidden` counts the characters that the file holds but the page does not show.
    """

    page_number: int
    width: float
    height: float
    chars: list[Item]
    lines: list[Item]
    rects: list[Item]
    curves: list[Item]
    images: list[Item]
    hidden: int


def painted_page(page: Any, shows: Callable[[Box], bool]) -> PaintedPage:
    """What a page of pdfplumber shows.

    Args:
        shows: whether the page, as a viewer displays it, has any contrast at a place.
    """
    device = Device(page.pdf.rsrcmgr, pageno=page.page_number)
    Interpreter(page.pdf.rsrcmgr, device, layers_off(page.pdf.doc.catalog)).process_page(page.page_obj)
    leaves = list(_leaves(device.get_result()))
    frame = _frame(page)
    items = [moved(page.process_object(leaf), -frame.left, -frame.top) for leaf in leaves]
    for item, leaf in zip(items, leaves, strict=True):
        if leaf in device.untold:
            item["text"] = UNTOLD
    chars = [index for index, leaf in enumerate(leaves) if isinstance(leaf, LTChar)]
    inked = [index for index in chars if str(items[index]["text"]).strip()]
    unseen = {index for index in inked if leaves[index] in device.unseen or items[index]["size"] < _SMALLEST}
    unseen |= _painted_over(items, inked, shows) | _in_the_color_of_the_ground(items, inked)
    left_out = unseen | _watermarks(items, [index for index in inked if index not in unseen])
    seen = [
        item
        for index, item in enumerate(items)
        if index not in left_out and (not is_thin_image(item) or _shows_along(item_box(item), shows))
    ]

    def of_kind(kind: str) -> list[Item]:
        return [item for item in seen if item["object_type"] == kind]

    return PaintedPage(
        page_number=page.page_number,
        width=frame.right - frame.left,
        height=frame.bottom - frame.top,
        chars=of_kind("char"),
        lines=of_kind("line"),
        rects=of_kind("rect"),
        curves=of_kind("curve"),
        images=of_kind("image"),
        hidden=len(unseen),
    )


def _frame(page: Any) -> Box:
    """The part of a page that is displayed, in the coordinates of pdfplumber."""
    sheet = [float(value) for value in page.mediabox]
    crop = [float(value) for value in page.cropbox]
    box = Box(*(max(a, b) for a, b in zip(sheet[:2], crop[:2], strict=True)), *map(min, sheet[2:], crop[2:]))
    return box if box.left < box.right and box.top < box.bottom else Box(*sheet)


def moved(item: Item, x: float, y: float = 0.0) -> Item:
    """An object of a page at another place."""
    places = {"x0": x, "x1": x, "top": y, "bottom": y}
    there = item | {key: item[key] + by for key, by in places.items()}
    if "pts" in item:
        there["pts"] = [(left + x, top + y) for left, top in item["pts"]]
    return there


def item_box(item: Item) -> Box:
    """Where an object stands."""
    return Box(item["x0"], item["top"], item["x1"], item["bottom"])


def is_white(color: object) -> bool:
    """Whether a colour (grey, RGB or CMYK) is that of the paper."""
    if color is None:
        return False
    parts = list(color) if isinstance(color, Iterable) else [color]
    numbers = [part for part in parts if isinstance(part, int | float)]
    if len(numbers) == 4:
        return max(numbers) < 0.02
    return bool(numbers) and min(numbers) > 0.98


def is_area(item: Item) -> bool:
    """Whether an object is a filled rectangle that is no line."""
    return bool(
        item["object_type"] == "rect" and item.get("fill") and min(item["width"], item["height"]) > HAIRLINE
    )


def is_thin_image(item: Item) -> bool:
    """Whether an object is an image that is drawn out to a line."""
    return bool(item["object_type"] == "image" and min(item["width"], item["height"]) <= HAIRLINE)


def _shows_along(line: Box, shows: Callable[[Box], bool]) -> bool:
    """Whether a line shows in most of some places along it, whatever crosses it."""
    left, top, right, bottom = line
    places = []
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        x, y = left + share * (right - left), top + share * (bottom - top)
        across = right - left > bottom - top
        places.append(Box(x, top - 1, x + 1, bottom + 1) if across else Box(left - 1, y, right + 1, y + 1))
    return 2 * sum(map(shows, places)) > len(places)


def _leaves(container: Any) -> Iterator[Any]:
    for item in container:
        if isinstance(item, LTContainer):
            yield from _leaves(item)
        else:
            yield item


class _ByPlace:
    """Characters by the place of their middle."""

    def __init__(self, items: Sequence[Item], chars: Sequence[int]) -> None:
        self._items = sorted((item_box(items[index]).center[::-1], index) for index in chars)
        self._heights = [y for (y, _), _ in self._items]

    def inside(self, box: Box) -> Iterator[int]:
        first, last = bisect_left(self._heights, box.top), bisect_right(self._heights, box.bottom)
        return (index for (_, x), index in self._items[first:last] if box.left <= x <= box.right)


def _painted_over(items: Sequence[Item], chars: Sequence[int], shows: Callable[[Box], bool]) -> set[int]:
    """The characters over which an area or an image was painted.

    It may be transparent: then the character still shows, unless what shows is printed anew at its place.
    """
    places = _ByPlace(items, chars)
    over: set[int] = set()
    for number, item in enumerate(items):
        if is_area(item) or (item["object_type"] == "image" and _is_opaque(item)):
            under = [index for index in places.inside(item_box(item)) if index < number and index not in over]
            for index in under:
                box = item_box(items[index])
                anew = any(later > number for later in places.inside(_grown(box)))
                if anew or item["object_type"] == "image" or not shows(box):
                    over.add(index)
    return over


def _grown(box: Box) -> Box:
    reach = 0.5 * (box.bottom - box.top)
    return Box(box.left - reach, box.top, box.right + reach, box.bottom)


def _is_opaque(image: Item) -> bool:
    """Whether an image lets nothing through: it has no mask and is none."""
    stream = image.get("stream")
    attributes = getattr(stream, "attrs", {})
    return not image.get("imagemask") and not any(key in attributes for key in ("SMask", "Mask"))


def _in_the_color_of_the_ground(items: Sequence[Item], chars: Sequence[int]) -> set[int]:
    """The white characters under which nothing but paper or white areas were painted."""
    white = [index for index in chars if is_white(items[index].get("non_stroking_color"))]
    if not white:
        return set()
    places = _ByPlace(items, white)
    on_white = dict.fromkeys(white, True)
    for number, item in enumerate(items):
        if is_area(item) or item["object_type"] == "image" or (item.get("fill") and item.get("pts")):
            ground = item["object_type"] != "image" and is_white(item.get("non_stroking_color"))
            for index in places.inside(item_box(item)):
                if index > number:
                    on_white[index] = ground
    return {index for index, unseen in on_white.items() if unseen}


def _watermarks(items: Sequence[Item], chars: Sequence[int]) -> set[int]:
    """The characters that run aslant, and those larger than the text where they cross it: their lines, and
    all that are set like them where the text is of another colour."""
    slanted = {index for index in chars if _slant(items[index]) > _STEEPEST}
    if 2 * len(slanted) > len(chars):
        slanted = {index for index in slanted if _slant(items[index]) > _MOST_SKEWED}
    straight = [index for index in chars if index not in slanted]
    if not straight:
        return set()
    usual = median(items[index]["size"] for index in straight)
    large = [index for index in straight if items[index]["size"] > _LARGER * usual]
    text = [index for index in straight if items[index]["size"] <= _LARGER * usual]
    places = _ByPlace(items, text)
    crossed = {index: len(list(places.inside(item_box(items[index])))) for index in large}
    across = [index for index in large if crossed[index]]
    crossings = Counter(_line_key(items[index]) for index in across for _ in range(crossed[index]))
    lines = {line for line, count in crossings.items() if count > 1 or line[0] > _OVERSIZE * usual}
    inks = {_ink(items[index]) for index in text}
    marks = {_ink(items[index]) for index in across if _line_key(items[index]) in lines} - inks
    return slanted | {
        index for index in large if _line_key(items[index]) in lines or _ink(items[index]) in marks
    }


def _slant(item: Item) -> float:
    """The tangent at which a character is set to the next side of the page."""
    low, high = sorted(abs(part) for part in item["matrix"][:2])
    return low / high if high else 0.0


def _line_key(item: Item) -> tuple[float, float]:
    return round(item["size"], 1), round(item["bottom"], 1)


def _ink(item: Item) -> tuple[str, str]:
    """The font and the colour of a character."""
    return item["fontname"], repr(item.get("non_stroking_color"))

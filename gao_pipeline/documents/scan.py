"""Pictures of pages → `Page`s: straightened, ruled tables found by their lines, cells read twice.

Nothing is guessed. A cell without ink is empty; a figure counts only if independent readings of it agree,
otherwise its confidence is 0.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy
from numpy.typing import NDArray

from gao_pipeline.documents.lattice import Box, Lattice, Rule, find_lattices
from gao_pipeline.documents.layout import Glyph, Line, cell_text, set_lines
from gao_pipeline.documents.model import Block
from gao_pipeline.documents.ocr import Reading, find_lines, read_strips
from gao_pipeline.documents.pages import Page, PageTable, TableCell, join_pages

Image = NDArray[numpy.uint8]

_WIDEST_SKEW = 4.0
_LONG_ACROSS, _LONG_DOWN = 24.0, 14.0
"""A dark run of so many points is a rule, not a stroke of a character in a table."""

_LIGHTEST_MARK = 0.7
"""Ink in a cell, in square points of full black: a full stop of 8 points has about one."""

_CJK = re.compile(r"[\u3400-\u9fff]")
_DIGIT = re.compile(r"[0-9０-９]")
_FIGURE = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_SURE = 0.8
"""From this confidence on the engine is right about a word."""


def read_image_tables(data: bytes) -> tuple[Block, ...]:
    """Tables and texts of a picture file, as when a report shows its table as an image.

    Raises:
        UnreadableDocumentError: `ocr_not_installed`.
    """
    image = cv2.imdecode(numpy.frombuffer(data, numpy.uint8), cv2.IMREAD_GRAYSCALE)
    if image is None:
        return ()
    return join_pages([read_page_image(image.astype(numpy.uint8), 1, _assumed_scale(image.shape[1]))])


def _assumed_scale(width: int) -> float:
    """Pixels per point of a picture of unknown resolution: as if it were as wide as a page's text."""
    return width / 450.0


def read_page_image(image: Image, number: int, scale: float) -> Page:
    """A page out of its picture.

    Args:
        image: grey levels, height × width.
        number: of the page, from 1.
        scale: pixels per point.
    """
    image = straightened(image)
    ink = ink_of(image)
    lattices = [lattice for lattice in page_lattices(ink, scale) if len(lattice.xs) > 2]
    found = [(_scaled(box, 1 / scale), reading) for box, reading in find_lines(_colored(image))]
    reader = _CellReader(image, ink, scale)
    tables = [
        PageTable(
            lattice.xs,
            len(lattice.ys) - 1,
            reader.cells(lattice, [item for item in found if lattice.box.contains(*item[0].center)], number),
            number,
            lattice.box,
        )
        for lattice in lattices
    ]
    lines = [
        Line(reading.text, box, _font_size(box))
        for box, reading in found
        if reading.text and not any(lattice.box.contains(*box.center) for lattice in lattices)
    ]
    height, width = image.shape
    return Page(number, width / scale, height / scale, lines, tables)


def straightened(image: Image) -> Image:
    """The picture turned so that its lines lie level."""
    angle = skew(image)
    if abs(angle) < 0.03:
        return image
    height, width = image.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    paper = int(numpy.percentile(image, 90))
    turned = cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(paper,))
    return turned.astype(numpy.uint8)


def skew(image: Image) -> float:
    """By how many degrees (0 ± 4) the lines of a picture fall to the right: the angle of its sharpest rows."""
    ratio = min(1.0, 1000 / max(image.shape))
    small = cv2.resize(image, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA)
    dark = 255 - small.astype(numpy.float32)
    dark -= float(numpy.median(dark))
    height, width = dark.shape

    def sharpness(angle: float) -> float:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        rows = cv2.warpAffine(dark, turn, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1)
        return float((numpy.diff(rows) ** 2).sum())

    best, step = 0.0, 0.5
    reach = _WIDEST_SKEW
    while step > 0.015:
        angles = [best + step * k for k in range(-math.ceil(reach / step), math.ceil(reach / step) + 1)]
        best = max(angles, key=lambda angle: (sharpness(angle), -abs(angle)))
        reach, step = step, step / 4
    return best


def ink_of(image: Image) -> Image:
    """255 where there is ink, 0 on the paper; uneven light does not matter."""
    window = max(31, min(image.shape) // 30 | 1)
    smooth = cv2.GaussianBlur(image, (3, 3), 0)
    local = cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, 15)
    return local.astype(numpy.uint8)


def page_lattices(ink: Image, scale: float) -> list[Lattice]:
    """The ruled tables of a page, in points.

    Long rules give the edges of rows and columns. Which of the edges between two cells are drawn is then
    measured along each of them, so that rules too short to be told from strokes count as well.
    """
    across = [_across(box) for box in _long_runs(ink, round(_LONG_ACROSS * scale), horizontal=True)]
    down = [_down(box) for box in _long_runs(ink, round(_LONG_DOWN * scale), horizontal=False)]
    coarse = find_lattices(
        [_rule_scaled(rule, 1 / scale) for rule in across], [_rule_scaled(rule, 1 / scale) for rule in down]
    )
    return [lattice for rough in coarse for lattice in _measured(rough, ink, scale)]


def _long_runs(ink: Image, length: int, *, horizontal: bool) -> list[Box]:
    """The boxes of straight dark runs; a run may waver by a pixel."""
    thick = cv2.dilate(ink, numpy.ones((3, 1) if horizontal else (1, 3), numpy.uint8))
    kernel = numpy.ones((1, length) if horizontal else (length, 1), numpy.uint8)
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, kernel)
    count, _, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    return [
        Box(float(left), float(top), float(left + width), float(top + height))
        for left, top, width, height, _ in stats[1:count]
    ]


def _across(box: Box) -> Rule:
    return Rule(box.center[1], box.left, box.right)


def _down(box: Box) -> Rule:
    return Rule(box.center[0], box.top, box.bottom)


def _rule_scaled(rule: Rule, factor: float) -> Rule:
    return Rule(*(value * factor for value in rule))


def _scaled(box: Box, factor: float) -> Box:
    return Box(*(value * factor for value in box))


def _measured(rough: Lattice, ink: Image, scale: float) -> list[Lattice]:
    """A lattice again, with every edge between neighbouring cells drawn or not as the ink says."""
    horizontal, vertical = [], []
    for top, bottom in pairwise(rough.ys):
        for x in rough.xs:
            if _drawn(ink, scale, Box(x, top, x, bottom)):
                vertical.append(Rule(x, top, bottom))
    for left, right in pairwise(rough.xs):
        for y in rough.ys:
            if _drawn(ink, scale, Box(left, y, right, y)):
                horizontal.append(Rule(y, left, right))
    return find_lattices(horizontal, vertical)


def _drawn(ink: Image, scale: float, edge: Box) -> bool:
    """Whether nine tenths of an edge are inked, within a point to either side."""
    reach = max(2, round(1.2 * scale))
    left, top, right, bottom = (round(value * scale) for value in edge)
    if left == right:
        band = ink[max(top, 0) : bottom, max(left - reach, 0) : left + reach + 1]
        inked = band.any(axis=1)
    else:
        band = ink[max(top - reach, 0) : top + reach + 1, max(left, 0) : right]
        inked = band.any(axis=0)
    return bool(inked.size) and float(inked.mean()) >= 0.9


def _colored(image: Image) -> Image:
    return cv2.cvtColor(image, cv2.COLOR_GRAY2BGR).astype(numpy.uint8)


class _CellReader:
    """Reads the cells of a page's tables."""

    def __init__(self, image: Image, ink: Image, scale: float) -> None:
        self._image = image
        self._ink = ink
        self._scale = scale
        paper = numpy.median(image)
        black = numpy.percentile(image[ink > 0], 10) if ink.any() else 0.0
        self._darkness = numpy.clip((paper - image) / max(paper - black, 1.0), 0.0, 1.0)

    def cells(self, lattice: Lattice, found: Sequence[tuple[Box, Reading]], page: int) -> list[TableCell]:
        lines: list[list[tuple[Box, Reading]]] = [[] for _ in lattice.cells]
        for box, reading in found:
            index = lattice.index_at(*box.center)
            if index is not None and _lies_within(box, lattice.cell_box(lattice.cells[index])):
                lines[index].append((box, reading))
        boxes = [lattice.cell_box(cell) for cell in lattice.cells]
        inked = [self._ink_box(self._interior(box)) for box in boxes]
        readings: list[Reading | None] = [None] * len(boxes)
        figures: dict[int, Box] = {}
        for index, (box, ink) in enumerate(zip(boxes, inked, strict=True)):
            if ink is None:
                readings[index] = Reading("", 1.0)
            elif _is_label([reading for _, reading in lines[index]]):
                readings[index] = _joined(lines[index], box.right - box.left)
            else:
                figures[index] = ink
        own = [[reading for _, reading in lines[index]] for index in figures]
        for index, reading in zip(figures, self._figures(list(figures.values()), own), strict=True):
            readings[index] = reading
        return [
            TableCell(
                cell.top,
                cell.bottom,
                cell.left,
                cell.right,
                reading.text,
                page,
                box,
                cell.open_top,
                cell.open_bottom,
                round(reading.confidence, 3),
            )
            for cell, box, reading in zip(lattice.cells, boxes, readings, strict=True)
            if reading is not None
        ]

    def _figures(self, inked: Sequence[Box], lines: Sequence[Sequence[Reading]]) -> list[Reading]:
        """Readings of cells by their ink, against what was read there on the page.

        The second reading is that of the cell alone, in black and white. Where these two do not settle it, or
        the page gave not exactly one line, the cell alone in its greys is the third.
        """
        readings = [list(found) if len(found) == 1 else [] for found in lines]
        for own, reading in zip(
            readings, read_strips([self._sharp_strip(box) for box in inked]), strict=True
        ):
            own.append(reading)
        open_ones = [index for index, own in enumerate(readings) if _agreed(own).confidence == 0]
        strips = [self._strip(inked[index]) for index in open_ones]
        for index, reading in zip(open_ones, read_strips(strips), strict=True):
            readings[index].append(reading)
        return [_agreed(own) for own in readings]

    def _interior(self, cell: Box) -> tuple[int, int, int, int]:
        """The pixels of a cell inside of its rules, which may wander a little: left, top, right, bottom."""
        left, top, right, bottom = (round(value * self._scale) for value in cell)
        reach = max(2, round(1.6 * self._scale))
        rows, columns = slice(top + reach, bottom - reach), slice(left + reach, right - reach)

        def inner(edge: int, *, vertical: bool, inwards: int) -> int:
            """The first pixel off the rule near `edge`, going inwards."""
            for position in range(edge + inwards * reach, edge - inwards * reach, -inwards):
                run = (
                    self._ink[rows, position : position + 1]
                    if vertical
                    else self._ink[position : position + 1, columns]
                )
                if run.size and run.mean() > 0.3 * 255:
                    return position + 2 * inwards
            return edge + inwards

        return (
            inner(left, vertical=True, inwards=1),
            inner(top, vertical=False, inwards=1),
            inner(right, vertical=True, inwards=-1),
            inner(bottom, vertical=False, inwards=-1),
        )

    def _ink_box(self, interior: tuple[int, int, int, int]) -> Box | None:
        """The box, in pixels, around the ink in a cell; None if there is none but specks."""
        left, top, right, bottom = interior
        if left >= right or top >= bottom:
            return None
        part = self._ink[top:bottom, left:right]
        count, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
        darkness = self._darkness[top:bottom, left:right]
        weights = numpy.bincount(labels.ravel(), darkness.ravel(), count) / self._scale**2
        marks = [
            Box(x, y, x + width, y + height)
            for (x, y, width, height, _), weight in zip(stats[1:count].tolist(), weights[1:], strict=True)
            if weight >= _LIGHTEST_MARK and not _is_rest_of_rule(x, y, width, height, part.shape)
        ]
        if not marks:
            return None
        margin = round(1.0 * self._scale)
        return Box(
            max(left, left + min(mark.left for mark in marks) - margin),
            max(top, top + min(mark.top for mark in marks) - margin),
            min(right, left + max(mark.right for mark in marks) + margin),
            min(bottom, top + max(mark.bottom for mark in marks) + margin),
        )

    def _crop(self, box: Box) -> Image:
        left, top, right, bottom = (round(value) for value in box)
        return self._image[top:bottom, left:right]

    def _strip(self, box: Box) -> Image:
        """The ink as it stands on the page, enlarged."""
        crop = self._crop(box)
        return _colored(_padded(_enlarged(crop, 40), int(numpy.percentile(crop, 90))))

    def _sharp_strip(self, box: Box) -> Image:
        """The ink in black and white, by another way of enlarging."""
        crop = cv2.resize(self._crop(box), None, fx=3, fy=3, interpolation=cv2.INTER_LANCZOS4)
        _, sharp = cv2.threshold(crop, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        sharp = cv2.GaussianBlur(sharp, (5, 5), 0)
        return _colored(_padded(_enlarged(sharp.astype(numpy.uint8), 40), 255))


def _lies_within(box: Box, cell: Box) -> bool:
    """Whether a line belongs to one cell only: it sticks out of it by less than a third of its height."""
    slack = (box.bottom - box.top) / 3
    return cell.left - slack <= box.left and box.right <= cell.right + slack


def _is_rest_of_rule(x: int, y: int, width: int, height: int, shape: tuple[int, ...]) -> bool:
    """Whether a mark in a cell is what remains of a rule: long, thin and at the cell's border."""
    rows, columns = shape[:2]
    at_side = x == 0 or x + width == columns
    at_end = y == 0 or y + height == rows
    return (at_side and width <= 3 and height > 0.5 * rows) or (
        at_end and height <= 3 and width > 0.5 * columns
    )


def _is_label(readings: Sequence[Reading]) -> bool:
    """Whether a cell holds words: many ideographs, or few that are sure and no digit with them."""
    text = "".join(reading.text for reading in readings)
    signs = len(_CJK.findall(text))
    sure = all(reading.confidence >= _SURE for reading in readings)
    return signs > 3 or (signs > 0 and sure and not _DIGIT.search(text))


def _joined(lines: Sequence[tuple[Box, Reading]], width: float) -> Reading:
    """The lines of a label as one reading."""
    glyphs = [Glyph(reading.text, box, _font_size(box)) for box, reading in lines if reading.text]
    text = cell_text(set_lines(glyphs, gap=math.inf), width)
    return Reading(text, min(reading.confidence for _, reading in lines))


def _font_size(line: Box) -> float:
    """The font size in a detected line, whose box has some air around the characters."""
    return 0.8 * (line.bottom - line.top)


def _agreed(readings: Sequence[Reading]) -> Reading:
    """What independent readings of a cell settle: the text on which two agree, if no other reading makes
    another figure of it. They are wrong only if both are. Otherwise the best reading, without confidence."""
    texts = [_comparable(reading.text) for reading in readings]
    figures = {text for text in texts if _FIGURE.fullmatch(text)}
    for text in figures if len(figures) == 1 else set(texts) if not figures else ():
        agreeing = [reading for reading, own in zip(readings, texts, strict=True) if own == text and text]
        if len(agreeing) > 1 and (figures or len(set(texts)) == 1):
            return Reading(
                agreeing[0].text, 1.0 - math.prod(1.0 - reading.confidence for reading in agreeing)
            )
    return Reading(max(readings, key=lambda reading: reading.confidence).text, 0.0)


def _comparable(text: str) -> str:
    return "".join(text.split()).replace("，", ",")


def _enlarged(image: Image, height: int) -> Image:
    factor = height / image.shape[0]
    return cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC).astype(numpy.uint8)


def _padded(image: Image, paper: int) -> Image:
    edge = image.shape[0] // 4
    return cv2.copyMakeBorder(
        image, edge, edge, 2 * edge, 2 * edge, cv2.BORDER_CONSTANT, value=(paper,)
    ).astype(numpy.uint8)

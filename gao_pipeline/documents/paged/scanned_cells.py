"""Reads the cells of a ruled table on a picture of a page.

Nothing is guessed. A cell without ink is empty. Slashes and dashes, which the engine takes for ones, are told
by their shape. A figure counts only if two readings of it agree – the engine's of different pictures of the
line, and that of the shapes of its digits –, it takes as much ink as there is, and no reading makes another
figure of it, unless all others and the shapes outvote that one; everything else in a cell that holds no words
has the confidence 0.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy

from gao_pipeline.documents.paged.lattice import Box, Lattice
from gao_pipeline.documents.paged.layout import Glyph, Line, cell_text, hull, set_lines
from gao_pipeline.documents.paged.ocr import Image, Reading, read_strips
from gao_pipeline.documents.paged.pages import TableCell
from gao_pipeline.documents.paged.scanned_digits import DigitShapes, Mark

_LIGHTEST_MARK = 0.7
"""Ink in a cell, in square points of full black: a full stop of 8 points has about one."""

_THICKEST_STROKE = 2.5
"""A dash is no thicker than so many points; a scanned one looks thicker than it is printed."""

_HALF_RULE = 0.75
"""The rules of tables are hardly thicker than twice so many points."""

_WIDEST_DIGIT, _NARROWEST_DIGIT = 0.95, 0.2
"""The ink of a digit as a multiple of its height; scanned, it is broader than printed."""

_EQUALLY_HIGH = 0.6
"""Where figures stand below each other in a cell, the lowest is so high, compared with the highest."""

_LOWEST_LINE = 5.0
"""A line of words is not lower than so many points."""

_EQUALLY_DARK = 0.6
"""The digits of a figure are printed equally dark; scanned, the lightest has this share of the darkness."""

_SURE = 0.8
"""From this confidence on the engine is right about a word."""

_CJK = re.compile(r"[\u3400-\u9fff]")
_DIGIT = re.compile(r"[0-9０-９]")
_STROKES = re.compile(r"[一丨丿丶]+")
_FIGURE = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_POINT_OR_COMMA = re.compile(r"-?[1-9]\d{0,2}(?:,\d{3})*\.\d{3}")

_ZERO_SHAPED = frozenset("OoＯ")

Found = tuple[Box, Reading]
"""A line that the engine found on the page: its box in points, and what it read."""


class _InkLine(NamedTuple):
    """A line of ink in a cell.

    Attributes:
        box: in pixels.
        marks: what stands side by side in it, in pixels.
        is_even: whether all of these that are as high as digits are about as dark.
        sign: that it is, if its shape tells.
        at_rule: whether it touches a rule, so that a part of it may be missing.
    """

    box: Box
    marks: tuple[Box, ...]
    is_even: bool
    sign: str | None
    at_rule: bool

    @property
    def width(self) -> float:
        """The width of the marks together, as a multiple of their height."""
        ink = hull(self.marks)
        return sum(mark.right - mark.left for mark in self.marks) / (ink.bottom - ink.top)


class CellReader:
    """Reads the cells of the tables of one page.

    Args:
        image: grey levels, height × width, without the rules of the tables.
        ink: 255 where the image has ink, else 0.
        scale: pixels per point.
        seals: 255 where a seal, which the image is without, hides what is printed, else 0.
    """

    def __init__(self, image: Image, ink: Image, scale: float, seals: Image) -> None:
        self._image = image
        self._seals = seals
        self._ink = ink
        self._scale = scale
        paper = float(numpy.median(image))
        black = float(numpy.percentile(image[ink > 0], 10)) if ink.any() else 0.0
        self._darkness = numpy.clip((paper - image) / max(paper - black, 1.0), 0.0, 1.0).astype(numpy.float32)
        self._samples: list[tuple[str, Mark]] = []

    def cells(self, lattice: Lattice, found: Sequence[Found], page: int) -> list[TableCell]:
        """The cells of a table, with texts and confidences; `found` is what the engine read on the page."""
        boxes = [lattice.cell_box(cell) for cell in lattice.cells]
        own: list[list[Found]] = [[] for _ in boxes]
        for box, reading in found:
            index = lattice.index_at(*box.center)
            if index is not None and reading.text and _lies_within(box, boxes[index]):
                own[index].append((box, reading))
        ink = [self._ink_lines(box) for box in boxes]
        figures = [index for index in range(len(boxes)) if ink[index] and not _is_label(own[index])]
        readings = dict(
            zip(figures, self._figures([(boxes[i], ink[i], own[i]) for i in figures]), strict=True)
        )
        labels = [index for index in range(len(boxes)) if ink[index] and index not in readings]
        for index, missed in zip(labels, self._missed([(ink[i], own[i]) for i in labels]), strict=True):
            own[index] += missed
        for index, box in enumerate(boxes):
            if not ink[index]:
                readings[index] = Reading("", 0.0 if self._is_sealed(box) else 1.0)
            elif index not in readings:
                readings[index] = _label(own[index], box)
        return [
            TableCell(
                *cell[:4],
                reading.text,
                page,
                box,
                cell.open_top,
                cell.open_bottom,
                round(reading.confidence, 3),
            )
            for cell, box, reading in zip(
                lattice.cells, boxes, (readings[index] for index in range(len(boxes))), strict=True
            )
        ]

    def _is_sealed(self, cell: Box) -> bool:
        """Whether a seal lies on a cell, so that it cannot be told empty."""
        left, top, right, bottom = self._interior(cell)
        covered = cv2.countNonZero(numpy.ascontiguousarray(self._seals[top:bottom, left:right]))
        return covered / self._scale**2 > _LIGHTEST_MARK

    def _figures(self, cells: Sequence[tuple[Box, list[_InkLine], list[Found]]]) -> list[Reading]:
        """Readings of cells, given as box, ink and what the engine found in them on the page.

        The first reading of a line is that of the page, the second that of the line alone in black and white.
        The figures that these settle show the shapes of digits, by which the others are read next. What is
        still not settled is read alone in its greys, and last in softer ones.
        """
        lines = [(line, self._found_on(line, found)) for _, ink, found in cells for line in ink]
        readings = [on_page for _, on_page in lines]
        shapes: list[str | None] = [None] * len(lines)
        unsettled = list(range(len(lines)))
        for strip in (self._sharp_strip, self._strip, self._soft_strip):
            read = read_strips([strip(lines[index][0].box) for index in unsettled])
            for index, reading in zip(unsettled, read, strict=True):
                readings[index].append(reading)
            if strip == self._sharp_strip:
                shapes = self._by_shapes([line for line, _ in lines], readings)
            unsettled = [i for i in unsettled if _agreed(readings[i], shapes[i], lines[i][0]).confidence == 0]
        settled = iter(
            _settled(own, shape, line) for own, shape, (line, _) in zip(readings, shapes, lines, strict=True)
        )
        return [self._joined(box, ink, [next(settled) for _ in ink]) for box, ink, _ in cells]

    def _by_shapes(
        self, lines: Sequence[_InkLine], readings: Sequence[Sequence[Reading]]
    ) -> list[str | None]:
        """What lines say by the shapes that the digits of settled lines have."""
        for line, own in zip(lines, readings, strict=True):
            text = _comparable(own[0].text)
            if (
                text.isdigit()
                and len(text) == len(line.marks)
                and len(own) > 1
                and all(_comparable(reading.text) == text for reading in own)
            ):
                self._samples += zip(text, map(self._mark, line.marks), strict=True)
        shapes = DigitShapes(self._samples)
        return [
            shapes.read([self._mark(mark) for mark in _cut(line.marks, _length(own))])
            for line, own in zip(lines, readings, strict=True)
        ]

    def _mark(self, box: Box) -> Mark:
        left, top, right, bottom = (round(value) for value in box)
        mark: Mark = self._darkness[top:bottom, left:right]
        return mark

    def _missed(self, labels: Sequence[tuple[list[_InkLine], list[Found]]]) -> list[list[Found]]:
        """The lines of cells, given as ink and what the engine found in them, that it did not find."""
        missed = [
            [part for line in ink for part in self._uncovered(line.box, [box for box, _ in found])]
            for ink, found in labels
        ]
        read = iter(read_strips([self._strip(part) for parts in missed for part in parts]))
        return [
            [(Box(*(value / self._scale for value in part)), next(read)) for part in parts]
            for parts in missed
        ]

    def _uncovered(self, line: Box, found: Sequence[Box]) -> list[Box]:
        """What is left of a line of ink – it may be several lines that touch – above, between and below the
        lines found there, where it is as high as a line."""
        parts, top = [], line.top
        for start, end in [*sorted((box.top, box.bottom) for box in found), (math.inf, math.inf)]:
            bottom = min(start * self._scale, line.bottom)
            if bottom - top >= _LOWEST_LINE * self._scale:
                parts.append(line._replace(top=top, bottom=bottom))
            top = max(top, end * self._scale)
        return parts

    def _found_on(self, line: _InkLine, found: Sequence[Found]) -> list[Reading]:
        """What the engine read on the page where a line of ink is, as at most one reading."""
        top, bottom = line.box.top / self._scale, line.box.bottom / self._scale
        parts = sorted((box.left, reading) for box, reading in found if top <= box.center[1] <= bottom)
        if not parts:
            return []
        text = "".join(reading.text for _, reading in parts)
        return [Reading(text, min(reading.confidence for _, reading in parts))]

    def _joined(self, cell: Box, ink: Sequence[_InkLine], readings: Sequence[Reading]) -> Reading:
        """The lines of a cell as one reading."""
        if len(ink) == 1:
            return readings[0]
        lines = []
        for line, reading in zip(ink, readings, strict=True):
            box = Box(*(value / self._scale for value in line.box))
            lines.append(Line(reading.text, box, box.bottom - box.top))
        text = cell_text([line for line in lines if line.text], cell.right - cell.left)
        heights = [ink_box.bottom - ink_box.top for line in ink for ink_box in [hull(line.marks)]]
        if min(heights) < _EQUALLY_HIGH * max(heights):
            return Reading(text, 0.0)
        return Reading(text, min(reading.confidence for reading in readings))

    def _ink_lines(self, cell: Box) -> list[_InkLine]:
        """The lines of ink in a cell, from the top down; none if there is nothing but specks."""
        left, top, right, bottom = self._interior(cell)
        if left >= right or top >= bottom:
            return []
        part = self._ink[top:bottom, left:right]
        count, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
        darkness = self._darkness[top:bottom, left:right]
        weights = numpy.bincount(labels.ravel(), darkness.ravel(), count) / self._scale**2
        marks = [
            Box(left + x, top + y, left + x + width, top + y + height)
            for (x, y, width, height, _), weight in zip(stats[1:count].tolist(), weights[1:], strict=True)
            if weight >= _LIGHTEST_MARK and not _is_rest_of_rule(x, y, width, height, part.shape)
        ]
        margin = round(self._scale)
        lines = []
        for row in _rows(marks):
            box = Box(
                max(left, min(mark.left for mark in row) - margin),
                max(top, min(mark.top for mark in row) - margin),
                min(right, max(mark.right for mark in row) + margin),
                min(bottom, max(mark.bottom for mark in row) + margin),
            )
            sign = None
            if len(row) == 1:
                x, y = int(row[0].left) - left, int(row[0].top) - top
                width, height = int(row[0].right - row[0].left), int(row[0].bottom - row[0].top)
                sign = _stroke(part[y : y + height, x : x + width], _THICKEST_STROKE * self._scale)
            apart = _side_by_side(row)
            at_rule = self._is_at_rule(hull(row), cell)
            lines.append(_InkLine(box, apart, self._are_even(apart), sign, at_rule))
        return lines

    def _interior(self, cell: Box) -> tuple[int, int, int, int]:
        """The pixels of a cell: left, top, right, bottom."""
        left, top, right, bottom = (round(value * self._scale) for value in cell)
        return left, top, right, bottom

    def _is_at_rule(self, ink: Box, cell: Box) -> bool:
        """Whether ink stands where a rule was or touched it."""
        left, top, right, bottom = self._interior(cell)
        room = min(ink.left - left, ink.top - top, right - ink.right, bottom - ink.bottom)
        return room < _HALF_RULE * self._scale + 1

    def _are_even(self, marks: Sequence[Box]) -> bool:
        """Whether marks that are as high as digits are about as dark, as the digits of a figure are."""
        tallest = max(mark.bottom - mark.top for mark in marks)
        darkness = [
            float(numpy.percentile(self._mark(mark), 90))
            for mark in marks
            if mark.bottom - mark.top > tallest / 2
        ]
        return min(darkness) >= _EQUALLY_DARK * max(darkness)

    def _crop(self, box: Box) -> Image:
        left, top, right, bottom = (round(value) for value in box)
        return self._image[top:bottom, left:right]

    def _strip(self, box: Box) -> Image:
        """The ink as it stands on the page, enlarged."""
        crop = self._crop(box)
        return colored(_padded(_enlarged(crop, 40), int(numpy.percentile(crop, 90))))

    def _soft_strip(self, box: Box) -> Image:
        """The ink as it stands on the page, blurred a little before it is enlarged further."""
        crop = self._crop(box)
        soft = cv2.GaussianBlur(crop, (0, 0), 0.2 * self._scale).astype(numpy.uint8)
        return colored(_padded(_enlarged(soft, 56), int(numpy.percentile(crop, 90))))

    def _sharp_strip(self, box: Box) -> Image:
        """The ink in black and white, by another way of enlarging."""
        crop = cv2.resize(self._crop(box), None, fx=3, fy=3, interpolation=cv2.INTER_LANCZOS4)
        _, sharp = cv2.threshold(crop, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        sharp = cv2.GaussianBlur(sharp, (5, 5), 0)
        return colored(_padded(_enlarged(sharp.astype(numpy.uint8), 40), 255))


def colored(image: Image) -> Image:
    """A grey picture in the three channels that the engine wants."""
    return cv2.cvtColor(image, cv2.COLOR_GRAY2BGR).astype(numpy.uint8)


def font_size(line: Box) -> float:
    """The font size in a line that the engine found: its box has some air around the characters."""
    return 0.8 * (line.bottom - line.top)


def _rows(marks: Sequence[Box]) -> list[list[Box]]:
    """Marks grouped into lines: those whose heights overlap, directly or through others."""
    rows: list[list[Box]] = []
    bottom = -math.inf
    for mark in sorted(marks, key=lambda mark: mark.top):
        if mark.top >= bottom:
            rows.append([])
        rows[-1].append(mark)
        bottom = max(bottom, mark.bottom)
    return rows


def _side_by_side(marks: Sequence[Box]) -> tuple[Box, ...]:
    """What stands apart from each other among the marks of a line, from left to right."""
    apart: list[Box] = []
    for mark in sorted(marks, key=lambda mark: mark.left):
        if apart and mark.left < apart[-1].right:
            apart[-1] = hull([apart[-1], mark])
        else:
            apart.append(mark)
    return tuple(apart)


def _length(readings: Sequence[Reading]) -> int:
    """How many signs a line has by the surest of its readings that is a figure, or 0."""
    figures = [reading for reading in readings if reading.text.isdigit()]
    return len(max(figures, key=lambda reading: reading.confidence).text) if figures else 0


def _cut(marks: Sequence[Box], count: int) -> list[Box]:
    """So many marks out of fewer: digits that touch are cut apart where they are as wide as each other."""
    pieces = [1] * len(marks)
    while sum(pieces) < count:
        widest = max(range(len(marks)), key=lambda n: (marks[n].right - marks[n].left) / pieces[n])
        pieces[widest] += 1
    return [
        mark._replace(left=mark.left + width * k, right=mark.left + width * (k + 1))
        for mark, number in zip(marks, pieces, strict=True)
        for width in [(mark.right - mark.left) / number]
        for k in range(number)
    ]


def _lies_within(box: Box, cell: Box) -> bool:
    """Whether a line belongs to one cell only: it sticks out of it by less than a third of its height."""
    slack = (box.bottom - box.top) / 3
    return cell.left - slack <= box.left and box.right <= cell.right + slack


def _is_rest_of_rule(x: int, y: int, width: int, height: int, shape: tuple[int, ...]) -> bool:
    """Whether a mark in a cell is what remains of a rule: thin, at the cell's border, and either as long as
    that or a mere fragment. What has the height of a character may be a one that touches the rule."""
    rows, columns = shape[:2]
    at_side = x == 0 or x + width == columns
    at_end = y == 0 or y + height == rows
    return (at_side and width <= 2 and not 0.25 * rows < height < 0.9 * rows) or (
        at_end and height <= 2 and width > 2 * height
    )


def _is_label(found: Sequence[Found]) -> bool:
    """Whether a cell holds words: many ideographs, or two or three that are sure and no digit with them."""
    text = "".join(reading.text for _, reading in found)
    signs = len(_CJK.findall(text))
    sure = all(reading.confidence >= _SURE for _, reading in found)
    return signs > 3 or (signs > 1 and sure and not _DIGIT.search(text))


def _label(found: Sequence[Found], cell: Box) -> Reading:
    """The lines that the engine found in a cell as one reading."""
    glyphs = [Glyph(reading.text, box, font_size(box)) for box, reading in found]
    text = cell_text(set_lines(glyphs, gap=math.inf), cell.right - cell.left)
    return Reading(text, min(reading.confidence for _, reading in found))


def _agreed(readings: Sequence[Reading], shape: str | None, line: _InkLine) -> Reading:
    """What independent readings of a line settle, wrong only if all of them are.

    That is the text on which two agree, or three, if it touches a rule. No other reading may make another
    figure of the ink, or a single one against two and the shapes. Otherwise it is the best reading, without
    confidence.
    """
    texts = [_comparable(reading.text) for reading in readings]
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
        return Reading(text, 1.0 - math.prod(1.0 - confidence for confidence in [*agreeing, _SURE * shaped]))
    return Reading(max(readings, key=lambda reading: reading.confidence).text, 0.0)


def _comparable(text: str) -> str:
    """A text without spaces; a letter that alone is a zero's shape is one."""
    bare = "".join(text.split()).replace("，", ",")
    return "0" if bare in _ZERO_SHAPED else bare


def _settled(readings: Sequence[Reading], shape: str | None, line: _InkLine) -> Reading:
    """What a line of ink is: the sign that its shape tells, or the figure that its readings agree on."""
    if line.sign is not None and not line.at_rule:
        return Reading(line.sign, _SURE)
    reading = _agreed(readings, shape, line)
    if _FIGURE.fullmatch(reading.text) and _fits(reading.text, line) and line.is_even:
        return reading
    if _CJK.search(reading.text) and not _STROKES.fullmatch(reading.text):
        return reading
    return Reading(reading.text, 0.0)


def _fits(figure: str, line: _InkLine) -> bool:
    """Whether a figure takes as much ink as a line has: it is doubted if a digit may be lost or made up, and
    if its decimal point may be a comma."""
    if _POINT_OR_COMMA.fullmatch(figure):
        return False
    digits = len(_DIGIT.findall(figure))
    points = len(figure) - digits
    widest = _WIDEST_DIGIT * digits + _WIDEST_DIGIT / 2 * points
    return len(figure) >= len(line.marks) and _NARROWEST_DIGIT * digits <= line.width <= widest


def _stroke(mark: Image, thickest: float) -> str | None:
    """The sign of a mark that is one straight stroke, lying or clearly slanted; None for other marks.

    No figure lies, but a smear may: a dash is no thicker than `thickest` pixels. A slash is thin and leans by
    13 to 50 degrees; an upright stroke may be a one.
    """
    points = numpy.argwhere(mark > 0).astype(numpy.float64)
    if len(points) < 6:
        return None
    spread, axes = numpy.linalg.eigh(numpy.cov(points.T))
    thickness = spread[0] / spread[1] if spread[1] > 0 else 1.0
    down, right = axes[:, 1] if axes[0, 1] >= 0 else -axes[:, 1]
    slant = math.degrees(math.atan2(right, down))
    if abs(slant) > 75 and thickness < 0.4 and mark.shape[0] <= thickest:
        return "-"
    if 13 <= -slant <= 50 and thickness < 0.09:
        return "/"
    return None


def _enlarged(image: Image, height: int) -> Image:
    factor = height / image.shape[0]
    return cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC).astype(numpy.uint8)


def _padded(image: Image, paper: int) -> Image:
    edge = image.shape[0] // 4
    framed = cv2.copyMakeBorder(image, edge, edge, 2 * edge, 2 * edge, cv2.BORDER_CONSTANT, value=(paper,))
    return framed.astype(numpy.uint8)

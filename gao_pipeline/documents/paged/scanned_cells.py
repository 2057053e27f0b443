"""Reads the cells of a ruled table on a picture of a page.

Nothing is guessed. A cell without ink is empty. Slashes and dashes, which the engine takes for ones, are told
by their shape. Figures are read several times; `scanned_readings` tells what that settles.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy

from gao_pipeline.documents.paged.lattice import Box, Lattice
from gao_pipeline.documents.paged.layout import Glyph, Line, cell_text, hull, set_lines
from gao_pipeline.documents.paged.ocr import Image, Reading, read_strips
from gao_pipeline.documents.paged.pages import TableCell
from gao_pipeline.documents.paged.scanned_digits import DigitShapes, Mark
from gao_pipeline.documents.paged.scanned_ink import InkLine, PageInk
from gao_pipeline.documents.paged.scanned_readings import (
    CJK,
    DIGIT,
    SURE,
    agreed,
    comparable,
    is_broken_figure,
    settled,
)

_EQUALLY_HIGH = 0.6
"""Where figures stand below each other in a cell, the lowest is so high, compared with the highest."""

_VERY_SURE = 0.95
"""Words that were read with less confidence are read once more."""

_LOWEST_LINE = 5.0
"""A line of words is not lower than so many points."""

Found = tuple[Box, Reading]
"""A line that the engine found on the page: its box in points, and what it read."""


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
        self._ink = PageInk(image, ink, scale, seals)
        self._scale = scale
        self._samples: list[tuple[str, Mark]] = []

    def cells(self, lattice: Lattice, found: Sequence[Found], page: int) -> list[TableCell]:
        """The cells of a table, with texts and confidences; `found` is what the engine read on the page."""
        boxes = [lattice.cell_box(cell) for cell in lattice.cells]
        own: list[list[Found]] = [[] for _ in boxes]
        for box, reading in found:
            index = lattice.index_at(*box.center)
            if index is not None and reading.text and _lies_within(box, boxes[index]):
                own[index].append((box, reading))
        ink = [self._ink.lines_in(box) for box in boxes]
        figures = [index for index in range(len(boxes)) if ink[index] and not _is_label(own[index])]
        readings = dict(
            zip(figures, self._figures([(boxes[i], ink[i], own[i]) for i in figures]), strict=True)
        )
        labels = [index for index in range(len(boxes)) if ink[index] and index not in readings]
        for index, missed in zip(labels, self._missed([(ink[i], own[i]) for i in labels]), strict=True):
            own[index] = self._surest(own[index]) + missed
        for index, box in enumerate(boxes):
            if not ink[index]:
                readings[index] = Reading("", 0.0 if self._ink.is_sealed(box) else 1.0)
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

    def _figures(self, cells: Sequence[tuple[Box, list[InkLine], list[Found]]]) -> list[Reading]:
        """Readings of cells, given as box, ink and what the engine found in them on the page.

        The first reading of a line is that of the page, the second that of the line alone in black and white.
        The figures that these settle show the shapes of digits, by which the others are read next. What is
        still not settled is read alone in its greys, and last in softer ones.
        """
        lines = [(line, self._found_on(line, found)) for _, ink, found in cells for line in ink]
        readings = [on_page for _, on_page in lines]
        is_piece = [len(ink) > 1 for _, ink, _ in cells for _ in ink]
        shapes: list[str | None] = [None] * len(lines)
        unsettled = list(range(len(lines)))
        for strip in (self._sharp_strip, self._strip, self._soft_strip):
            read = read_strips([strip(lines[index][0].box) for index in unsettled])
            for index, reading in zip(unsettled, read, strict=True):
                readings[index].append(reading)
            if strip == self._sharp_strip:
                shapes = self._by_shapes([line for line, _ in lines], readings)
            unsettled = [
                index
                for index in unsettled
                if not agreed(
                    readings[index], shapes[index], lines[index][0], is_piece=is_piece[index]
                ).confidence
            ]
        figures = iter(
            settled(own, shape, line, is_piece=piece)
            for own, shape, (line, _), piece in zip(readings, shapes, lines, is_piece, strict=True)
        )
        return [self._joined(box, ink, [next(figures) for _ in ink]) for box, ink, _ in cells]

    def _by_shapes(self, lines: Sequence[InkLine], readings: Sequence[Sequence[Reading]]) -> list[str | None]:
        """What lines say by the shapes that the digits of settled lines have."""
        for line, own in zip(lines, readings, strict=True):
            text = comparable(own[0].text)
            if (
                text.isdigit()
                and len(text) == len(line.marks)
                and len(own) > 1
                and all(comparable(reading.text) == text for reading in own)
            ):
                self._samples += zip(text, map(self._ink.mark, line.marks), strict=True)
        shapes = DigitShapes(self._samples)
        return [
            shapes.read([self._ink.mark(mark) for mark in _cut(line.marks, _length(own))])
            for line, own in zip(lines, readings, strict=True)
        ]

    def _missed(self, labels: Sequence[tuple[list[InkLine], list[Found]]]) -> list[list[Found]]:
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

    def _surest(self, found: Sequence[Found]) -> list[Found]:
        """Lines of words, those of which the engine was not very sure read once more, each alone."""
        unsure = [index for index, (_, reading) in enumerate(found) if reading.confidence < _VERY_SURE]
        boxes = [Box(*(value * self._scale for value in found[index][0])) for index in unsure]
        again = dict(zip(unsure, read_strips([self._strip(box) for box in boxes]), strict=True))
        return [
            (box, max(reading, again.get(index, reading), key=lambda reading: reading.confidence))
            for index, (box, reading) in enumerate(found)
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

    def _found_on(self, line: InkLine, found: Sequence[Found]) -> list[Reading]:
        """What the engine read on the page where a line of ink is, as at most one reading."""
        top, bottom = line.box.top / self._scale, line.box.bottom / self._scale
        parts = sorted((box.left, reading) for box, reading in found if top <= box.center[1] <= bottom)
        if not parts:
            return []
        text = "".join(reading.text for _, reading in parts)
        return [Reading(text, min(reading.confidence for _, reading in parts))]

    def _joined(self, cell: Box, ink: Sequence[InkLine], readings: Sequence[Reading]) -> Reading:
        """The lines of a cell as one reading."""
        if len(ink) == 1:
            return readings[0]
        lines = []
        for line, reading in zip(ink, readings, strict=True):
            box = Box(*(value / self._scale for value in line.box))
            lines.append(Line(reading.text, box, box.bottom - box.top))
        text = cell_text([line for line in lines if line.text], cell.right - cell.left)
        heights = [ink_box.bottom - ink_box.top for line in ink for ink_box in [hull(line.marks)]]
        pieces = [comparable(reading.text) for reading in readings]
        if min(heights) < _EQUALLY_HIGH * max(heights) or not is_broken_figure(pieces):
            return Reading(text, 0.0)
        return Reading(text, min(reading.confidence for reading in readings))

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


def _is_label(found: Sequence[Found]) -> bool:
    """Whether a cell holds words: many ideographs, or two or three that are sure and no digit with them."""
    text = "".join(reading.text for _, reading in found)
    signs = len(CJK.findall(text))
    sure = all(reading.confidence >= SURE for _, reading in found)
    return signs > 3 or (signs > 1 and sure and not DIGIT.search(text))


def _label(found: Sequence[Found], cell: Box) -> Reading:
    """The lines that the engine found in a cell as one reading."""
    glyphs = [Glyph(reading.text, box, font_size(box)) for box, reading in found]
    text = cell_text(set_lines(glyphs, gap=math.inf), cell.right - cell.left)
    return Reading(text, min(reading.confidence for _, reading in found))


def _enlarged(image: Image, height: int) -> Image:
    factor = max(height / image.shape[0], 1 / image.shape[1])
    return cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC).astype(numpy.uint8)


def _padded(image: Image, paper: int) -> Image:
    edge = image.shape[0] // 4
    framed = cv2.copyMakeBorder(image, edge, edge, 2 * edge, 2 * edge, cv2.BORDER_CONSTANT, value=(paper,))
    return framed.astype(numpy.uint8)

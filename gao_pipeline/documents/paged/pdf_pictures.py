"""Pages of a PDF that are pictures, and images on others that show tables: read by OCR."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pypdfium2

from gao_pipeline.documents.paged.lattice import Box
from gao_pipeline.documents.paged.pages import Page
from gao_pipeline.documents.paged.scan import read_page_image, shows_table

_POINTS = 72
"""Points per inch."""

_COARSEST, _FINEST = 150, 300
"""Pages are drawn with as many dots per inch as their pictures have, within these limits."""

_LARGE = 0.3
"""A picture over more than this share of the width of a page tells the resolution."""


def with_pictures_read(
    data: bytes,
    sheets: Sequence[list[Page]],
    pictures: Iterable[int],
    images: Mapping[int, Sequence[Box]],
) -> list[list[Page]]:
    """The areas of all sheets with what pictures show.

    Args:
        data: the file.
        sheets: of each page the areas, as read without OCR.
        pictures: the numbers, from 1, of the pages that are pictures.
        images: the places of images that may show tables, by the numbers of their pages.
    """
    read = list(sheets)
    with pypdfium2.PdfDocument(data) as document:
        for number in pictures:
            page = document[number - 1]
            scale = _resolution(page)
            read[number - 1] = [read_page_image(page.render(scale=scale).to_numpy(), number, scale)]
        for number, boxes in images.items():
            page = document[number - 1]
            scale = _resolution(page)
            whole = page.render(scale=scale).to_numpy()
            for box in boxes:
                left, top, right, bottom = (round(value * scale) for value in box)
                image = whole[top:bottom, left:right]
                if shows_table(image, scale):
                    shown = read_page_image(image, number, scale)
                    read[number - 1] = _with_table_image(read[number - 1], shown, box)
    return read


def _with_table_image(areas: Sequence[Page], shown: Page, place: Box) -> list[Page]:
    """The areas of a page with the tables and lines that an image at a place on it shows."""
    tables = [
        table._replace(
            xs=tuple(x + place.left for x in table.xs),
            box=_moved(table.box, place),
            cells=[cell._replace(box=_moved(cell.box, place)) for cell in table.cells],
        )
        for table in shown.tables
    ]
    lines = [line._replace(box=_moved(line.box, place)) for line in shown.lines]
    own = next((area for area in areas if area.area and area.area.contains(*place.center)), areas[0])
    return [
        area._replace(lines=area.lines + lines, tables=area.tables + tables) if area is own else area
        for area in areas
    ]


def _moved(box: Box, place: Box) -> Box:
    x, y = place.left, place.top
    return Box(box.left + x, box.top + y, box.right + x, box.bottom + y)


def _resolution(page: Any) -> float:
    """The resolution of a page's largest picture in pixels per point."""
    scales = [
        width / (right - left)
        for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
        for width, _ in [item.get_px_size()]
        for left, _, right, _ in [item.get_bounds()]
        if right - left > _LARGE * page.get_width()
    ]
    return float(min(max([*scales, _COARSEST / _POINTS]), _FINEST / _POINTS))

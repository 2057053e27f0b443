"""What is found on pictures of tables without the OCR engine: rules, digits by their shapes, seals."""

from __future__ import annotations

import numpy
import pytest

cv2 = pytest.importorskip("cv2")

from gao_pipeline.documents.paged.scan import without_red  # noqa: E402
from gao_pipeline.documents.paged.scanned_digits import DigitShapes  # noqa: E402
from gao_pipeline.documents.paged.scanned_lattices import page_lattices  # noqa: E402

SCALE = 150 / 72
XS, TOP, ROW, ROWS = (60, 420, 560, 700, 840), 100, 20, 12


def dense_table(*, thickness: int = 1, frame: int = 1) -> numpy.ndarray:
    """Rows hardly higher than their characters: upright strokes stand above each other all the way down."""
    page = numpy.full((500, 900), 245, numpy.uint8)
    bottom = TOP + ROWS * ROW
    for row in range(ROWS + 1):
        y = TOP + row * ROW
        cv2.line(page, (XS[0], y), (XS[-1], y), (20,), frame if row in (0, ROWS) else thickness)
    for x in XS:
        cv2.line(page, (x, TOP), (x, bottom), (20,), frame if x in (XS[0], XS[-1]) else thickness)
    for row in range(ROWS):
        y = TOP + row * ROW
        for x in range(100, 380, 24):
            page[y + 4 : y + ROW - 3, x : x + 2] = 20
            page[y + 6 : y + 8, x - 6 : x + 10] = 20
    return cv2.GaussianBlur(page, (0, 0), 0.7).astype(numpy.uint8)


@pytest.mark.parametrize(("thickness", "frame"), [(1, 1), (1, 3), (2, 2)])
def test_strokes_above_each_other_are_no_rule(thickness: int, frame: int) -> None:
    (lattice,) = page_lattices(dense_table(thickness=thickness, frame=frame), SCALE)
    assert [round(x * SCALE) for x in lattice.xs] == pytest.approx(XS, abs=2)
    assert len(lattice.cells) == ROWS * (len(XS) - 1)


def test_faint_rules_on_a_grainy_page_are_rules() -> None:
    random = numpy.random.default_rng(3)
    page = 245 - (245 - dense_table().astype(float)) * 0.4 + random.normal(0, 4, (500, 900))
    (lattice,) = page_lattices(page.clip(0, 255).astype(numpy.uint8), SCALE)
    assert len(lattice.cells) == ROWS * (len(XS) - 1)


def digit(text: str, *, size: float = 0.7, noise: float = 0.0, seed: int = 0) -> numpy.ndarray:
    """The darkness of a digit as it was printed and scanned."""
    page = numpy.zeros((60, 60), numpy.uint8)
    cv2.putText(page, text, (15, 40), cv2.FONT_HERSHEY_SIMPLEX, size, (255,), 2)
    left, top, width, height = cv2.boundingRect(page)
    blurred = cv2.GaussianBlur(page, (0, 0), 0.8)[top : top + height, left : left + width] / 255
    noisy = blurred + numpy.random.default_rng(seed).normal(0, noise, blurred.shape)
    return noisy.clip(0, 1).astype(numpy.float32)


def test_digits_are_told_by_the_shapes_of_known_ones() -> None:
    shapes = DigitShapes([(text, digit(text, noise=0.05, seed=n)) for n in range(4) for text in "0123456789"])
    for number in ("1203", "4567", "9980"):
        marks = [digit(text, noise=0.05, seed=9) for text in number]
        assert shapes.read(marks) == number


def test_a_mark_unlike_all_known_digits_is_not_told() -> None:
    shapes = DigitShapes([(text, digit(text)) for text in "0127"])
    assert shapes.read([digit("5")]) is None
    assert shapes.read([digit("0"), digit("X")]) is None
    assert DigitShapes([("0", digit("0"))]).read([digit("0")]) is None
    assert shapes.read([]) is None


def test_a_seal_is_taken_off_and_the_black_under_it_stays() -> None:
    page = numpy.full((120, 120, 3), 240, numpy.uint8)
    cv2.putText(page, "7", (50, 70), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (20, 20, 20), 2)
    black = without_red(page)
    cv2.circle(page, (60, 60), 40, (70, 60, 215), 5)
    page[40:75, 40:60] = numpy.minimum(page[40:75, 40:60], (70, 60, 215))
    bare = without_red(page)
    assert ((bare < 128) == (black < 128)).all()
    assert bare[black > 200].min() > 200

"""What is found on pictures of tables without the OCR engine: rules, digits by their shapes, seals."""

from __future__ import annotations

import numpy
import pytest

cv2 = pytest.importorskip("cv2")

from gao_pipeline.documents.paged import scanned_cells  # noqa: E402
from gao_pipeline.documents.paged.lattice import Box, Lattice, LatticeCell  # noqa: E402
from gao_pipeline.documents.paged.ocr import Reading  # noqa: E402
from gao_pipeline.documents.paged.scanned_cells import CellReader  # noqa: E402
from gao_pipeline.documents.paged.scanned_digits import DigitShapes  # noqa: E402
from gao_pipeline.documents.paged.scanned_ground import (  # noqa: E402
    on_light_ground,
    without_red,
    without_specks,
)
from gao_pipeline.documents.paged.scanned_ink import InkLine, PageInk  # noqa: E402
from gao_pipeline.documents.paged.scanned_lattices import page_lattices  # noqa: E402
from gao_pipeline.documents.paged.scanned_readings import is_broken_figure, settled  # noqa: E402

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


def test_a_hairline_with_gaps_is_a_rule() -> None:
    """As where a threshold made black and white of a thin rule on a turned page."""
    page = dense_table()
    for row in range(1, ROWS - 1, 3):
        y = TOP + row * ROW
        page[y + 8 : y + 13, XS[2] - 3 : XS[2] + 4] = 245
        page[y + 4 : y + 6, XS[3] - 3 : XS[3] + 4] = 245
    (lattice,) = page_lattices(page, SCALE)
    assert len(lattice.cells) == ROWS * (len(XS) - 1)


def test_a_character_on_an_edge_between_drawn_ones_does_not_cut_its_cell() -> None:
    page = dense_table()
    y, x = TOP + 5 * ROW, XS[2]
    page[y + 2 : y + ROW - 1, x - 6 : x + 7] = 245
    page[y + 4 : y + ROW - 3, x - 1 : x + 2] = 20
    page[y + 4 : y + 6, x - 6 : x + 7] = 20
    page[y + ROW - 5 : y + ROW - 3, x - 6 : x + 7] = 20
    (lattice,) = page_lattices(page, SCALE)
    assert len(lattice.cells) == ROWS * (len(XS) - 1) - 1


def test_a_table_of_one_low_row_has_its_columns() -> None:
    page = numpy.full((500, 900), 245, numpy.uint8)
    for x in XS:
        cv2.line(page, (x, 200), (x, 227), (20,), 1)
    for y in (200, 227):
        cv2.line(page, (XS[0], y), (XS[-1], y), (20,), 1)
    (lattice,) = page_lattices(page, SCALE)
    assert (len(lattice.xs), len(lattice.ys)) == (len(XS), 2)


def test_the_shading_of_a_head_is_no_ink() -> None:
    page = dense_table()
    head = page[TOP : TOP + 2 * ROW, XS[0] : XS[-1]]
    numpy.minimum(head, 205, out=head)
    (lattice,) = page_lattices(page, SCALE)
    assert len(lattice.cells) == ROWS * (len(XS) - 1)


def test_faint_rules_between_shaded_cells_are_rules_beside_dense_characters() -> None:
    page = numpy.full((500, 900), 225, numpy.uint8)
    for row in range(6):
        for x in range(100, 700, 24):
            page[110 + row * 40 : 138 + row * 40, x : x + 16 : 4] = 0
    for y in range(TOP, TOP + 7 * 40, 40):
        page[y, XS[0] : XS[-1]] = 170
    for x in (XS[0], 760, XS[-1]):
        page[TOP : TOP + 6 * 40, x] = 170
    (lattice,) = page_lattices(page, SCALE)
    assert len(lattice.cells) == 6 * 2


def test_dotted_and_dashed_rules_are_rules() -> None:
    for period, dash in ((5, 2), (11, 6)):
        page = numpy.full((500, 900), 245, numpy.uint8)
        for y in range(TOP, TOP + 7 * 40, 40):
            for x in range(XS[0], XS[-1], period):
                page[y : y + 2, x : x + dash] = 20
        for x in XS:
            for y in range(TOP, TOP + 6 * 40, period):
                page[y : y + dash, x : x + 2] = 20
        (lattice,) = page_lattices(page, SCALE)
        assert len(lattice.cells) == 6 * (len(XS) - 1)


def test_light_characters_on_a_dark_head_turn_dark() -> None:
    page = dense_table(thickness=2)
    plain = page.copy()
    head = slice(TOP, TOP + 2 * ROW), slice(XS[0], XS[-1])
    page[head] = numpy.where(page[head] < 128, page[head], 90)
    cv2.putText(page, "2021", (700, TOP + 32), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255,), 1)
    turned, dark = on_light_ground(page, SCALE)
    assert (turned[TOP + 2 * ROW + 4 :] == plain[TOP + 2 * ROW + 4 :]).all()
    inside = turned[TOP + 6 : TOP + 2 * ROW - 6, XS[1] + 20 : XS[-1] - 20]
    assert numpy.percentile(inside, 40) > 200
    assert inside.min() < 60
    assert dark[TOP + 10, XS[1] + 20]
    assert not on_light_ground(plain, SCALE)[1].any()


def line_of(marks: int, width: float, *, leans: bool = False) -> InkLine:
    """Ink of so many marks, each so many times as wide as high."""
    boxes = tuple(Box(20.0 * n, 0, 20.0 * n + 10 * width, 10) for n in range(marks))
    return InkLine(Box(0, 0, 20.0 * marks, 10), boxes, True, None, leans, False)


@pytest.mark.parametrize(
    ("readings", "line", "text", "is_sure"),
    [
        (["0.", "0."], line_of(1, 0.8), "0", True),
        (["0.", "0."], line_of(2, 0.4), "0", False),
        (["0", "01", "01", "0"], line_of(1, 0.7), "0", True),
        (["85", "85件", "85件", "85作"], line_of(3, 0.8), "85件", True),
        (["0f作", "O件", "0件"], line_of(2, 0.8), "0件", True),
        (["0件", "０件", "0件"], line_of(2, 0.8), "0件", True),
        (["+29", "＋29"], line_of(3, 0.7), "+29", True),
        (["+29", "29"], line_of(3, 0.7), "+29", False),
        (["35件", "85件"], line_of(3, 0.8), "35件", False),
        (["1", "1"], line_of(1, 0.5, leans=True), "1", False),
        (["/", "/"], line_of(1, 0.5, leans=True), "/", True),
        (["18(其中修订11件)", "18（其中修汀11件）", "8（其中修订11件）"], line_of(9, 0.9), "", False),
        (["18(其中修订11件)", "18（其中修汀11件）"], line_of(9, 0.9), "18(其中修订11件)", True),
    ],
)
def test_what_readings_settle(readings: list[str], line: InkLine, text: str, is_sure: bool) -> None:
    reading = settled([Reading(own, 0.9) for own in readings], None, line)
    assert (reading.confidence >= 0.8) == is_sure
    if is_sure:
        assert reading.text == text


@pytest.mark.parametrize(
    ("pieces", "is_one"),
    [
        (["2", ",68", "7"], True),
        (["12", "05"], True),
        (["0", "5"], False),
        ([",68", "(其中"], False),
        (["39", "(其中延期19)"], True),
        (["3", ".204"], False),
    ],
)
def test_pieces_of_a_figure_over_lines(pieces: list[str], is_one: bool) -> None:
    assert is_broken_figure(pieces) == is_one


def test_a_piece_of_a_figure_counts_only_beside_others() -> None:
    line = line_of(3, 0.5)
    readings = [Reading(",68", 0.9), Reading("，68", 0.9)]
    assert settled(readings, None, line).confidence == 0
    assert settled(readings, None, line, is_piece=True).text == ",68"


@pytest.mark.parametrize(("marks", "sign"), [([(20, 20)], "-"), ([(20, 20), (50, 20)], "--")])
def test_lying_strokes_side_by_side_are_dashes(marks: list[tuple[int, int]], sign: str) -> None:
    page = numpy.full((60, 100), 245, numpy.uint8)
    for x, y in marks:
        cv2.line(page, (x, y), (x + 20, y), (20,), 3)
    ink = PageInk(page, numpy.where(page < 128, 255, 0).astype(numpy.uint8), SCALE, numpy.zeros_like(page))
    (line,) = ink.lines_in(Box(0, 0, 100 / SCALE, 60 / SCALE))
    assert line.sign == sign


@pytest.mark.parametrize(("width", "height"), [(4.0, 2.8), (19.0, 2.9)])
def test_short_and_thick_lying_strokes_are_dashes(width: float, height: float) -> None:
    page = numpy.full((60, 100), 245, numpy.uint8)
    page[25 : 25 + int(height * SCALE), 20 : 20 + int(width * SCALE)] = 20
    ink = PageInk(page, numpy.where(page < 128, 255, 0).astype(numpy.uint8), SCALE, numpy.zeros_like(page))
    (line,) = ink.lines_in(Box(0, 0, 100 / SCALE, 60 / SCALE))
    assert line.sign == "-"


def test_lying_strokes_above_each_other_are_no_dashes() -> None:
    page = numpy.full((60, 100), 245, numpy.uint8)
    for y in (20, 30):
        cv2.line(page, (20, y), (40, y), (20,), 3)
    ink = PageInk(page, numpy.where(page < 128, 255, 0).astype(numpy.uint8), SCALE, numpy.zeros_like(page))
    lines = ink.lines_in(Box(0, 0, 100 / SCALE, 60 / SCALE))
    assert "--" not in {line.sign for line in lines}


def test_words_read_with_doubt_are_read_again_and_the_surer_reading_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = numpy.full((200, 400), 245, numpy.uint8)
    cv2.rectangle(page, (40, 42), (300, 58), (20,), -1)
    monkeypatch.setattr(scanned_cells, "read_strips", lambda strips: [Reading("总计", 0.99) for _ in strips])
    reader = CellReader(
        page, numpy.where(page < 128, 255, 0).astype(numpy.uint8), 1.0, numpy.zeros_like(page)
    )
    lattice = Lattice([0, 399], [0, 100], [LatticeCell(0, 1, 0, 1)])
    for confidence, text in ((0.9, "总计"), (0.999, "总许件数")):
        (cell,) = reader.cells(lattice, [(Box(40, 40, 300, 60), Reading("总许件数", confidence))], 1)
        assert cell.text == text


def test_a_stroke_as_high_as_the_page_is_a_mark_nobody_can_read(monkeypatch: pytest.MonkeyPatch) -> None:
    page = numpy.full((700, 40), 245, numpy.uint8)
    page[20:680, 18:20] = 20
    monkeypatch.setattr(scanned_cells, "read_strips", lambda strips: [Reading("", 0.0) for _ in strips])
    reader = CellReader(
        page, numpy.where(page < 128, 255, 0).astype(numpy.uint8), 1.0, numpy.zeros_like(page)
    )
    lattice = Lattice([0, 39], [0, 699], [LatticeCell(0, 1, 0, 1)])
    (cell,) = reader.cells(lattice, [], 1)
    assert (cell.text, cell.confidence) == ("", 0.0)


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


def test_what_is_printed_on_tinted_and_noisy_paper_is_not_taken_for_a_seal() -> None:
    random = numpy.random.default_rng(1)
    page = numpy.full((300, 300, 3), (200, 230, 240), numpy.float64) + random.normal(0, 9, (300, 300, 3))
    page[150:152] -= 60
    page[200:203, 100:200] = 40
    bare = without_red(page.clip(0, 255).astype(numpy.uint8))
    assert bare[150:152].mean() < bare[:140].mean() - 40
    assert bare[200:203, 100:200].max() < 60


def test_many_specks_are_taken_off_and_a_few_dots_stay() -> None:
    page = numpy.full((400, 400), 255, numpy.uint8)
    cv2.putText(page, "80", (100, 200), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (0,), 2)
    dotted = page.copy()
    dotted[300:301, 50:350:30] = 0
    assert (without_specks(dotted, SCALE) == dotted).all()
    specked = page.copy()
    specked[::9, ::9] = 0
    clean = without_specks(specked, SCALE)
    assert (clean[:150] == 255).all()
    assert (clean[page == 0] == 0).all()

"""Values find their column by place or by rank; where neither tells, nothing is placed."""

from __future__ import annotations

import pytest

from gao_pipeline.documents.model import Cell
from gao_pipeline.reports.placement import Header, Slot, UsualStarts, crowded_widths, place_values

_RANKED = Header((Slot("a"), Slot("b"), Slot("c")))


def _cells(*texts: str) -> list[Cell]:
    return [Cell(text=text, row=0, column=column) for column, text in enumerate(texts)]


def _placed(
    values: list[Cell],
    header: Header,
    *,
    padded: bool = False,
    start: int | None = None,
    lacking: bool = False,
) -> list[str]:
    placed = place_values(values, header, padded=padded, usual_start=start, lacking=lacking)
    return [] if placed is None else [cell.text if cell else "" for cell in placed]


@pytest.mark.parametrize(
    ("texts", "placed"),
    [
        (["1", "2", "3"], ["1", "2", "3"]),
        (["", "1", "2", "3"], ["1", "2", "3"]),
        (["1", "2", "3", ""], ["1", "2", "3"]),
        (["", "1", "2", ""], []),
        (["", "1", "", "3"], []),
        (["1", "2"], []),
        (["1", "2", "3", "4"], []),
    ],
)
def test_cells_in_excess_are_left_out_where_all_values_are_printed(
    texts: list[str], placed: list[str]
) -> None:
    assert _placed(_cells(*texts), _RANKED) == placed


def test_rows_in_as_many_groups_begin_their_values_alike() -> None:
    sure, open_row, short = _cells("", "1", "2", "3"), _cells("", "1", "2", ""), _cells("", "1", "2")
    starts = UsualStarts([(row, 3, 1) for row in (sure, open_row, short)])
    assert (starts.start(1, 1), starts.start(0, 1), starts.start(1, 0)) == (1, None, None)
    assert (starts.lacks_cells(1, 1), starts.lacks_cells(0, 1), starts.lacks_cells(0, 0)) == (
        False,
        True,
        False,
    )
    assert _placed(open_row, _RANKED, start=1) == ["1", "2", ""]
    assert _placed(short, _RANKED, lacking=True) == []
    other = _cells("1", "2", "3", "")
    assert UsualStarts([(sure, 3, 1), (other, 3, 1)]).start(1, 1) is None
    assert UsualStarts([(sure, 3, 1), (other, 3, 0)]).start(1, 0) == 0


def test_a_label_in_fewer_groups_spans_more_cells() -> None:
    inner, outer = _cells("1", "2", ""), _cells("", "", "1", "2", "")
    starts = UsualStarts([(inner, 3, 2), (outer, 3, 0)])
    assert [starts.start(0, 2), starts.start(2, 0), starts.start(1, 0)] == [0, 2, None]


def test_a_head_over_two_columns_takes_the_one_that_is_filled() -> None:
    header = Header((Slot("a", 1, 2), Slot("b", 2, 4)), end=4)
    values = [cell for cell in _cells("", "1", "2", "") if cell.column]
    assert _placed(values, header) == ["1", "2"]
    values = [cell for cell in _cells("", "1", "2", "3") if cell.column]
    assert _placed(values, header) == []


@pytest.mark.parametrize(
    ("texts", "placed"),
    [
        (["9", "1", "2", "3"], ["1", "2", "3"]),
        (["1", "2", "3"], ["1", "2", "3"]),
        (["9", "8", "1", "2", "3"], []),
    ],
)
def test_columns_before_those_of_the_form_are_left_out(texts: list[str], placed: list[str]) -> None:
    assert _placed(_cells(*texts), _RANKED._replace(before=1)) == placed


def test_where_columns_are_added_the_number_of_values_tells_nothing() -> None:
    full = _cells("1", "2", "3", "9")
    assert crowded_widths([(full, _RANKED), (full, _RANKED)]) == {3}
    running = [(_cells(str(number), "0", "0"), _RANKED) for number in range(8)]
    assert crowded_widths(running) == {3}
    assert not crowded_widths([(full, _RANKED), (_cells("1", "2", "3"), _RANKED)])
    assert place_values(_cells("1", "2", "3"), _RANKED, padded=True, crowded=True) is None
    assert _placed(full, _RANKED._replace(behind=1)) == ["1", "2", "3"]


def test_words_behind_figures_stand_in_no_column_of_the_form() -> None:
    assert _placed(_cells("", "1", "2", "含上年"), _RANKED, padded=True) == []

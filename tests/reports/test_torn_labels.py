"""Labels torn by dumps of aligned text find back to their figures, and to no others."""

from __future__ import annotations

import pytest

from gao_pipeline.documents.model import Cell
from gao_pipeline.reports.labels import table_labels
from gao_pipeline.reports.strips import PrintedRow, Strip
from gao_pipeline.reports.torn_labels import with_torn_labels_joined

_FIGURES = ["0", "1", "2", "3", "4", "5", "15"]
_RECEIVED = ["一、本年新收政府信息", "公开申请数量"]


def _rows(*texts: list[str]) -> list[list[str]]:
    rows = tuple(
        PrintedRow(tuple(Cell(text=text, row=row, column=column) for column, text in enumerate(line)))
        for row, line in enumerate(texts)
    )
    joined = with_torn_labels_joined(Strip(rows, True, 0), table_labels("applications"))
    return [[cell.text for cell in row.cells] for row in joined.rows]


@pytest.mark.parametrize(
    "lines",
    [
        [["5.要求行政机关确认或"], ["重新出具已获取信息"], _FIGURES],
        [["5.要求行政机关确认或"], _FIGURES, ["重新出具已获取信息"]],
        [["（五）不", "5.要求行政机"], ["关确认或", *_FIGURES], ["予处理"], ["重新出具已获取信息"]],
    ],
)
def test_pieces_are_joined_with_their_figures(lines: list[list[str]]) -> None:
    assert _rows(*lines)[-1] == ["5.要求行政机关确认或重新出具已获取信息", *_FIGURES]


def test_pieces_below_belong_to_the_next_figures() -> None:
    other = ["9", *_FIGURES[1:]]
    assert _rows(["乙"], other, *([piece] for piece in _RECEIVED), _FIGURES) == [
        ["乙"],
        other,
        ["".join(_RECEIVED), *_FIGURES],
    ]


def test_heads_below_blank_cells_are_no_figures() -> None:
    rows = [["", "自然人", "1.信访举报投诉类申请"], ["", "", "商业企业", "科研机构"]]
    assert _rows(*rows) == rows


def test_figures_below_several_whole_labels_get_none() -> None:
    labels = [["1.信访举报投诉类申请"], ["2.重复申请"]]
    assert _rows(*labels, _FIGURES) == [*labels, _FIGURES]
    assert _rows(["予处理"], labels[1], _FIGURES)[-1] == ["2.重复申请", *_FIGURES]


@pytest.mark.parametrize("label", ["总计", "其他", "补充说明"])
def test_other_texts_stay_where_they_are(label: str) -> None:
    assert _rows([label], _FIGURES) == [[label], _FIGURES]


def test_a_piece_of_a_group_behind_figures_is_no_figure() -> None:
    assert _rows(["8.属于行政查询事项", *_FIGURES[1:], "予公开"]) == [["8.属于行政查询事项", *_FIGURES[1:]]]
    assert _rows(["8.属于行政查询事项", *_FIGURES, "见注"]) == [["8.属于行政查询事项", *_FIGURES, "见注"]]

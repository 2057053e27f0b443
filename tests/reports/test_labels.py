"""Labels are found in every wording, and only where they are surely meant."""

from __future__ import annotations

import pytest

from gao_pipeline.reports.labels import table_labels

ROWS = table_labels("applications").rows


def test_what_begins_a_label_misspells_no_other() -> None:
    assert ROWS.find_similar("2.其他法") is None
    assert ROWS.find_similar("1.属于国家机密") is not None


@pytest.mark.parametrize("mark", ["/", " > ", " - ", "—", "：", ""])
@pytest.mark.parametrize(
    ("path", "code"),
    [
        (["三、本年度办理结果", "（三）不予公开", "1.属于国家秘密"], "denied.state_secret"),
        (["（六）其他处理", "3.其他"], "other.other"),
        (["（六）其他处理", "2.申请人逾期未按收费通知要求缴纳费用"], "other.fee_unpaid"),
    ],
)
def test_a_label_behind_those_of_its_groups(path: list[str], code: str, mark: str) -> None:
    match = ROWS.find(mark.join(path))
    assert match is not None
    assert (match.code, match.certain) == (code, True)


@pytest.mark.parametrize("path", [["规章", "3.其他"], ["（三）不予公开", "总计"]])
def test_no_label_behind_a_group_that_is_not_its_own(path: list[str]) -> None:
    assert ROWS.find("：".join(path)) is None


@pytest.mark.parametrize("mark", ["—", "/", "："])
def test_the_head_of_a_column_behind_that_of_several(mark: str) -> None:
    columns = table_labels("applications").columns
    match = columns.find(mark.join(["申请人情况", "法人或其他组织", "其他"]))
    assert match is not None
    assert match.code == "other_organization"
    assert columns.find("法人或其他组织") is None

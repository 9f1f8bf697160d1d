from typing import Any

import pytest

from pipelines.attributes import typed_column


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "2", ""], "int"),
        (["1.0", "12.0"], "int"),
        (["1,200", "30"], "int"),
        (["1", "2.5", "无"], "float"),
        (["0571", "010"], "text"),
        (["12345678901234567", "1"], "text"),
        (["是", "否", ""], "bool"),
        (["TRUE", "false"], "bool"),
        (["2026-04-01", "2026/5/2", "2026年6月3日"], "date"),
        (["2026/4/1 9:12", "N/A"], "date"),
        (["2026-02-30"], "text"),
        (["25/02/2026", "03/04/2026"], "date"),
        (["01/02/2026", "03/04/2026"], "text"),
        (["3", "三"], "text"),
        (["", "-"], "text"),
    ],
)
def test_a_column_has_the_type_that_all_its_values_have(values: list[Any], kind: Any) -> None:
    assert typed_column("x", values).type == kind


def test_personal_data_is_recognised_by_content_and_by_name() -> None:
    assert typed_column("备注2", ["13800138000", "138 0013 8001", "家里"]).type == "contact"
    assert typed_column("contact", ["a@example.com", ""]).type == "contact"
    assert typed_column("收货地址", ["某路 1 号"]).type == "contact"
    assert typed_column("收货地址", ["某路 1 号"]).values == ()
    assert typed_column("orders", ["3", "4"]).type == "int"


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["12.0", "1,200", "none", ""], (12, 1200, None, None)),
        (["2.50", "无"], (2.5, None)),
        (["否", "TRUE"], (False, True)),
        (["2026/5/2", "2026/3/1 9:12", "-"], ("2026-05-02", "2026-03-01T09:12:00", None)),
        (["25/02/2026", "03/04/2026"], ("2026-02-25", "2026-04-03")),
        (["none", "yearly", "NULL", "  a   b "], ("none", "yearly", None, "a b")),
    ],
)
def test_a_cell_gets_the_type_of_its_column(cells: list[str], values: tuple[Any, ...]) -> None:
    found = typed_column("x", cells).values
    assert found == values
    assert [type(value) for value in found] == [type(value) for value in values]

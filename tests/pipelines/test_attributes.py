from typing import Any

import pytest

from pipelines.attributes import column_type, iso_date, typed


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
        (["01/02/2026"], "text"),
        (["3", "三"], "text"),
        (["", "-"], "text"),
    ],
)
def test_a_column_has_the_type_that_all_its_values_have(values: list[Any], kind: Any) -> None:
    assert column_type("x", values) == kind


def test_personal_data_is_recognised_by_content_and_by_name() -> None:
    assert column_type("备注2", ["13800138000", "138 0013 8001", "家里"]) == "contact"
    assert column_type("contact", ["a@example.com", ""]) == "contact"
    assert column_type("收货地址", ["某路 1 号"]) == "contact"
    assert column_type("orders", ["3", "4"]) == "int"


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("12.0", "int", 12),
        ("1,200", "int", 1200),
        ("2.50", "float", 2.5),
        ("否", "bool", False),
        ("2026/5/2", "date", "2026-05-02"),
        ("none", "int", None),
        ("none", "text", "none"),
        ("NULL", "text", None),
        ("  a   b ", "text", "a b"),
    ],
)
def test_a_cell_gets_the_type_of_its_column(value: Any, kind: Any, expected: Any) -> None:
    assert typed(value, kind) == expected


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2026/3/1 9:12", "2026-03-01T09:12:00"),
        ("2026-03-01T09:12:30+08:00", "2026-03-01T09:12:30+08:00"),
        ("2026.3.1", "2026-03-01"),
        ("2026-03-01 25:00", None),
        ("2026-13-01", None),
        ("soon", None),
    ],
)
def test_dates_become_iso_8601(written: str | None, iso: str | None) -> None:
    assert iso_date(written) == iso

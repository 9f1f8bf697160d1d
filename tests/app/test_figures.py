import pytest

from app import figures
from app.figures import share_range
from app.pages.sparkline import sparkline


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0%"), (0.0004, "<0.1%"), (0.086, "8.6%"), (0.0996, "10%"), (0.5, "50%"), (1, "100%"), (0.0949, "9.5%")],
)
def test_percent(share: float, text: str) -> None:
    assert figures.percent(share) == text


@pytest.mark.parametrize(("value", "text"), [(-4.21, "−4.2"), (2, "+2.0"), (-0.04, "0.0"), (0.04, "0.0")])
def test_signed(value: float, text: str) -> None:
    assert figures.signed(value) == text


@pytest.mark.parametrize(("value", "text"), [(1284, "1,284"), (0, "0"), (-3, "−3")])
def test_number(value: float, text: str) -> None:
    assert figures.number(value) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"), [(3.10, 2, "3.1"), (-14, 0, "−14"), (-0.2, 0, "0"), (120, 0, "120")]
)
def test_plain(value: float, digits: int, text: str) -> None:
    assert figures.plain(value, digits) == text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ((3, "stars", 5), "★★★☆☆"),
        ((2.5, "stars", 5), "★ 2.5/5"),
        ((6, "nps", 10), "NPS 6"),
        ((40, "stars", 50), "★ 40/50"),
    ],
)
def test_score(given: tuple[float, str, float], text: str) -> None:
    assert figures.score(*given) == text


def test_times() -> None:
    assert figures.timecode(761.4) == "0:12:41"
    assert figures.seconds(0.04, language="en") == "<0.1 s"
    assert figures.seconds(185, language="en") == "3 min 5 s"
    assert figures.seconds(185, language="zh") == "3分5秒"
    assert figures.duration("2026-01-01T00:00:00+00:00", "2026-01-01T00:00:12+00:00") == 12
    assert figures.duration(None, "2026-01-01T00:00:12+00:00") is None
    assert figures.minute("2026-01-01T09:30:11+00:00") == "2026-01-01 09:30"


def test_a_sparkline_ends_where_its_last_count_is() -> None:
    drawn = sparkline([0, 2, 4, 4, 4, 4, 4, 8], width=96, height=24)
    assert drawn is not None
    assert (drawn.last_x, drawn.last_y) == (94, 2)
    assert drawn.line.startswith("M2.0 22.0") or drawn.line.startswith("M2 22")


@pytest.mark.parametrize("counts", [[1, 2], [40, 50, 60], [1] * 12])
def test_too_few_counts_draw_no_line(counts: list[int]) -> None:
    assert sparkline(counts) is None


def test_a_share_is_told_with_its_interval() -> None:
    assert share_range(5, 10) == "24–76%"
    assert share_range(1, 1000) == "0.0–0.6%"
    assert share_range(0, 0) == "0–100%"

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dates import date_order, parse_date


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2026-03-01", "2026-03-01"),
        ("2026/3/1 9:12", "2026-03-01T09:12:00"),
        ("2026/03/01 09:12:33", "2026-03-01T09:12:33"),
        ("2026.3.1", "2026-03-01"),
        ("2019年7月3日", "2019-07-03"),
        ("2019年7月3日 星期三 下午3:05", "2019-07-03T15:05:00"),
        ("2019年7月3日 8时30分", "2019-07-03T08:30:00"),
        ("２０２６／３／１ ９：１２", "2026-03-01T09:12:00"),
        ("2026-03-01T09:12:33Z", "2026-03-01T09:12:33+00:00"),
        ("2026-03-01T09:12:33.123+08:00", "2026-03-01T09:12:33+08:00"),
        ("2026-03-01 09:12:33 UTC", "2026-03-01T09:12:33+00:00"),
        ("3/14/2026 9:12 PM", "2026-03-14T21:12:00"),
        ("14/3/2026", "2026-03-14"),
        ("20-10-16", "2016-10-20"),
        ("Mar 1, 2026", "2026-03-01"),
        ("March 1st, 2026", "2026-03-01"),
        ("1 March 2026", "2026-03-01"),
        ("01-Mar-26", "2026-03-01"),
        ("Sun, 01 Mar 2026 12:00:00 +0800", "2026-03-01T12:00:00+08:00"),
        ("Sun Mar 01 2026 12:00:00 GMT+0800 (China Standard Time)", "2026-03-01T12:00:00+08:00"),
        ("Sun Mar 01 12:00:00 +0800 2026", "2026-03-01T12:00:00+08:00"),
    ],
)
def test_dates_as_people_and_programs_write_them(written: str, iso: str) -> None:
    assert parse_date(written) == iso


@pytest.mark.parametrize(
    "written",
    ["3 days ago", "昨天", "", "2026-02-30", "2026/13/1", "物流很慢", "4.5", "1.00008E+11", "12", "99/99/9999"],
)
def test_what_is_no_date_stays_none(written: str) -> None:
    assert parse_date(written) is None


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("20260301", "2026-03-01"),
        ("1772327553", "2026-03-01T01:12:33+00:00"),
        ("1772327553000", "2026-03-01T01:12:33+00:00"),
        ("46082", "2026-03-01"),
        ("46082.5", "2026-03-01T12:00:00"),
    ],
)
def test_numbers_are_dates_only_where_asked(written: str, iso: str) -> None:
    assert parse_date(written) is None
    assert parse_date(written, numbers=True) == iso


def test_a_number_above_12_decides_for_the_whole_column() -> None:
    assert date_order(["01/02/2026", "25/12/2025"]).order == "dmy"
    assert date_order(["01/02/2026", "12/25/2025"]).order == "mdy"
    assert not date_order(["01/02/2026", "25/12/2025"]).ambiguous
    assert parse_date("01/02/2026", order="dmy") == "2026-02-01"


def test_a_column_that_says_nothing_is_called_ambiguous() -> None:
    assert date_order(["01/02/2026", "03/04/2026"]).ambiguous
    assert date_order(["1.2.2026", "3.4.2026"]).order == "dmy"
    assert not date_order(["2026-01-02"]).ambiguous


@given(st.datetimes().filter(lambda moment: 1970 <= moment.year <= 2100))
def test_iso_times_come_back_to_the_second(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    assert parse_date(whole.isoformat()) == whole.isoformat()
    assert parse_date(whole.strftime("%Y/%m/%d %H:%M:%S")) == whole.isoformat()


@given(st.text(max_size=40))
def test_any_text_gives_a_date_or_none(text: str) -> None:
    parse_date(text, numbers=True)
    date_order([text])

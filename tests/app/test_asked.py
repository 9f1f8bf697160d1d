from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.asked import MOST_LETTERS, asked_filters
from app.errors import BadRequest
from app.store.filters import Filters


def refused(**asked: str) -> str:
    with pytest.raises(BadRequest) as caught:
        asked_filters(**asked)
    return caught.value.code


def test_what_is_asked_becomes_filters() -> None:
    found = asked_filters(theme="none", sentiment="mixed", language="zh", segment="plan:pro", since="2026-01-01")
    assert found == Filters(theme="none", sentiment="mixed", language="zh", segment="plan:pro", since="2026-01-01")


def test_an_untouched_field_of_a_form_asks_for_nothing() -> None:
    assert asked_filters(theme="", sentiment="", language="", segment="", since="", until="") == Filters()


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"sentiment": "angry"}, "bad_choice"),
        ({"language": "fr"}, "bad_choice"),
        ({"customer_type": "rich"}, "bad_choice"),
        ({"since": "yesterday"}, "bad_date"),
        ({"until": "2026-02-30"}, "bad_date"),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "bad_period"),
        ({"segment": "plan"}, "bad_segment"),
        ({"segment": ":pro"}, "bad_segment"),
        ({"score": "five"}, "bad_number"),
        ({"score": "nan"}, "bad_number"),
        ({"scale": "thumbs"}, "bad_choice"),
        ({"question": "问" * (MOST_LETTERS + 1)}, "value_too_long"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(asked: dict[str, str], code: str) -> None:
    assert refused(**asked) == code


def test_none_asks_for_what_has_no_value() -> None:
    found = asked_filters(customer="none", customer_type="none", segment="plan:")
    assert found == Filters(customer="none", customer_type="none", segment="plan:")


def test_a_score_is_written_one_way() -> None:
    assert asked_filters(scale="stars", score="4.0") == asked_filters(scale="stars", score="4")


def test_a_segment_value_may_hold_colons() -> None:
    assert asked_filters(segment="slot:10:30").segment == "slot:10:30"


def test_a_moment_is_cut_to_its_day() -> None:
    assert asked_filters(since="2026-01-05T09:30:00+08:00").since == "2026-01-05"


@given(st.text(max_size=40))
def test_any_text_is_a_day_or_refused(text: str) -> None:
    try:
        found = asked_filters(since=text).since
    except BadRequest:
        return
    assert found is None or date.fromisoformat(found)

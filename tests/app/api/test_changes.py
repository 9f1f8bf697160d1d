"""What changed between two periods, asked over HTTP: every number is the number of something that can be opened."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.app.factories import DELIVERY, SAID, STAFF, add_project, client_of, filled_client

BASE = "/api/v1/projects/demo"
JANUARY = {"from_before": "2026-01-01", "to_before": "2026-01-31"}
LATER = {"from": "2026-02-01", "to": "2026-03-31"}


def said(first: str, last: str) -> list[tuple[str | None, str]]:
    return [(theme, mood) for one in SAID if one.day and first <= one.day <= last for _, theme, mood in one.parts]


@pytest.mark.parametrize("filters", [{}, {"language": "zh"}, {"theme": DELIVERY}, {"customer_type": "dissatisfied"}])
def test_every_number_is_that_of_a_list(tmp_path: Path, filters: dict[str, str]) -> None:
    client = filled_client(tmp_path)
    seen = client.get(f"{BASE}/changes", params={**filters, **JANUARY, **LATER}).json()
    for side in ("before", "after"):
        days = {"from": seen[side]["first"], "to": seen[side]["last"]}
        for one in seen["themes"]:
            listed = client.get(f"{BASE}/themes/{one['id']}/units", params={**filters, **days, "theme": ""}).json()
            assert listed["total"] == one[f"units_{side}"]
        assert sum(one[f"units_{side}"] for one in seen["themes"]) == seen[side]["units"]
        if not filters:
            found = said(days["from"], days["to"])
            assert seen[side]["units"] == len(found)
            assert seen[side]["negative"] == sum(mood == "negative" for _, mood in found)


def test_the_effects_add_up_to_the_change(tmp_path: Path) -> None:
    seen = filled_client(tmp_path).get(f"{BASE}/changes", params={**JANUARY, **LATER}).json()
    for name in ("negative_share", "score"):
        whole = seen[name]
        parts = [one[name] for one in seen["themes"] if one[name]]
        assert sum(part["total"]["value"] for part in parts) == pytest.approx(whole["change"]["value"])
        assert whole["after"] - whole["before"] == pytest.approx(whole["change"]["value"])
        assert whole["sure"] is None, "fourteen verbatims prove nothing"
    assert {one["movement"] for one in seen["themes"] if one["units_before"] == 0} == {"new"}


def test_the_score_counts_each_response_once(tmp_path: Path) -> None:
    seen = filled_client(tmp_path).get(f"{BASE}/changes", params={**JANUARY, **LATER}).json()["score"]
    scores = {
        side: [
            one.score for one in SAID if one.score is not None and one.day and (one.day < "2026-02-01") == (side == 0)
        ]
        for side in (0, 1)
    }
    assert (seen["responses_before"], seen["responses_after"]) == (len(scores[0]), len(scores[1]))
    assert seen["before"] == pytest.approx(sum(scores[0]) / len(scores[0]))
    assert seen["after"] == pytest.approx(sum(scores[1]) / len(scores[1]))


def asked(client: TestClient, query: str) -> dict[str, dict[str, str]]:
    seen = client.get(f"{BASE}/changes?{query}").json()
    return {side: (seen[side]["first"], seen[side]["last"]) for side in ("before", "after")}


def test_what_is_left_open_is_filled_from_the_data(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    halves = {"before": ("2026-01-06", "2026-02-06"), "after": ("2026-02-07", "2026-03-11")}
    assert asked(client, "")["after"][1] == halves["after"][1], "the last day with an opinion, not today"
    assert asked(client, "from=2026-03-01&to=2026-03-10") == {
        "before": ("2026-02-19", "2026-02-28"),
        "after": ("2026-03-01", "2026-03-10"),
    }
    assert asked(client, "from=2026-03-01")["after"] == ("2026-03-01", "2026-03-11")
    assert asked(client, "from=2026-03-01&to=2026-03-10&to_before=2026-01-31")["before"] == ("2026-01-22", "2026-01-31")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from_before=yesterday", "bad_date"),
        ("from=2026-03-01&to=2026-03-10&from_before=2026-02-01&to_before=2026-01-01", "bad_period"),
        ("from=2026-03-01&to=2026-03-10&to_before=2026-03-05", "periods_overlap"),
        ("from=0001-01-01&to=0001-01-05", "beyond_the_calendar"),
        ("to=0001-01-02", "beyond_the_calendar"),
        ("from=2020-01-01&to=9999-12-31", "beyond_the_calendar"),
    ],
)
def test_periods_that_are_none_are_refused(tmp_path: Path, query: str, code: str) -> None:
    answer = filled_client(tmp_path).get(f"{BASE}/changes?{query}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert answer.json()["error"]["hint"]


def test_nothing_dated_is_no_change(tmp_path: Path) -> None:
    add_project(tmp_path)
    seen = client_of(tmp_path).get(f"{BASE}/changes").json()
    assert seen == {"before": None, "after": None, "negative_share": None, "score": None, "themes": []}
    silent = filled_client(tmp_path / "other").get(f"{BASE}/changes?theme={STAFF}&from=2027-01-01&to=2027-01-31").json()
    assert silent["negative_share"] is None

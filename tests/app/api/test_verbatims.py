from pathlib import Path

import pytest

from app.store import projects
from tests.app.factories import DELIVERY, PUSHED, SAID, SHOP, WAITING_TEXT, filled_client

BASE = "/api/v1/projects/demo"


def found(tmp_path: Path, **asked: str) -> list[str]:
    answer = filled_client(tmp_path).get(f"{BASE}/verbatims", params={"limit": "500", **asked})
    assert answer.status_code == 200, answer.text
    return [one["text"] for one in answer.json()["items"]]


def test_verbatims_come_with_all_that_is_known_of_them(tmp_path: Path) -> None:
    one = filled_client(tmp_path).get(f"{BASE}/verbatims?order=input").json()["items"][0]
    assert one["text"] == "物流太慢了，但是客服态度很好。"
    assert one["sentiment"] == "mixed"
    assert [unit["sentiment"] for unit in one["units"]] == ["negative", "positive"]
    assert (one["source_id"], one["source"], one["row"]) == (SHOP.id, SHOP.name, 2)
    assert (one["customer"], one["customer_type"], one["matched_on"]) == ("陈晓", "loyal", "external_id")
    assert (one["score"], one["scale"], one["scale_low"], one["scale_high"]) == (3, "stars", 1, 5)
    assert one["created_at"] == "2026-01-05T09:30:00+08:00"
    assert one["marked"] == []


def test_one_that_no_run_has_seen_is_listed_all_the_same(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    one = next(one for one in client.get(f"{BASE}/verbatims").json()["items"] if one["text"] == WAITING_TEXT)
    assert (one["sentiment"], one["units"]) == (None, [])
    assert client.get(f"{BASE}/verbatims/{one['id']}").json() == one


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"q": "退款"}, 1),
        ({"q": "物流"}, 1),
        ({"q": "DELIVERY"}, 1),
        ({"q": '"takes forever"'}, 1),
        ({"q": '"forever takes"'}, 0),
        ({"q": "客服 退款"}, 1),
        ({"q": "nowhere"}, 0),
        ({"q": "?!"}, 0),
        ({"q": '" OR 1=1 --'}, 0),
        ({"q": "  "}, len(SAID)),
        ({"source": PUSHED.id}, 4),
        ({"question": "What could be better?"}, 2),
        ({"touchpoint": "delivery"}, 1),
        ({"language": "mixed"}, 1),
        ({"sentiment": "mixed"}, 2),
        ({"segment": "channel:app"}, 4),
        ({"segment": "city:London"}, 4),
        ({"customer_type": "dissatisfied"}, 4),
        ({"from": "2026-03-01", "to": "2026-03-03"}, 3),
        ({"theme": DELIVERY, "language": "zh"}, 3),
        ({"theme": DELIVERY, "q": "三天"}, 1),
        ({"source": "gone"}, 0),
    ],
)
def test_filters_and_words_find_what_they_say(tmp_path: Path, asked: dict[str, str], count: int) -> None:
    assert len(found(tmp_path, **asked)) == count


def test_the_oldest_can_come_first(tmp_path: Path) -> None:
    texts = found(tmp_path, order="oldest")
    assert texts[0] == "物流太慢了，但是客服态度很好。"
    assert texts[-1] == "满 200 减 30 很划算！"
    assert found(tmp_path / "again", order="newest")[0] == WAITING_TEXT


def test_a_question_too_long_is_refused(tmp_path: Path) -> None:
    answer = filled_client(tmp_path).get(f"{BASE}/verbatims", params={"q": "问" * 501})
    assert answer.status_code == 422


def test_customers_lead_to_what_they_said(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    listed = client.get(f"{BASE}/customers").json()
    assert listed["total"] == 5
    first = listed["items"][0]
    assert first["name"] == "陈晓"
    assert first["attributes"] == {"city": "上海", "orders": 7, "plan": "pro"}
    assert client.get(f"{BASE}/customers/{first['id']}").json() == first
    assert client.get(f"{BASE}/verbatims?customer={first['id']}").json()["total"] == first["verbatims"] == 3
    assert [one["name"] for one in client.get(f"{BASE}/customers?q=london").json()["items"]] == ["Sam Reed", None]
    assert client.get(f"{BASE}/customers?q=%25").json()["total"] == 0
    assert client.get(f"{BASE}/customers?order=name&limit=1").json()["items"][0]["external_id"] == "C004"


def test_what_was_left_out_of_a_source_is_listed_row_by_row(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    source = client.get(f"{BASE}/sources/{SHOP.id}").json()
    assert (source["rejected"], source["set_aside"], source["uploads"][0]["filename"]) == (2, 2, "网店评价.csv")
    rejected = client.get(f"{BASE}/sources/{SHOP.id}/rejected").json()["items"]
    assert [(one["row"], one["reason"]) for one in rejected] == [(15, "encoding"), (17, "columns")]
    assert client.get(f"{BASE}/rejected").json()["items"] == rejected
    aside = client.get(f"{BASE}/sources/{SHOP.id}/set-aside").json()["items"]
    assert [(one["row"], one["reason"]) for one in aside] == [(16, "placeholder"), (18, "boilerplate")]


def test_a_source_goes_with_all_that_came_from_it(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    answer = client.delete(f"{BASE}/sources/{PUSHED.id}")
    assert answer.status_code == 202
    assert client.get(f"/api/v1/jobs/{answer.json()['job']}").json()["kind"] == "analyse"
    assert client.get(f"{BASE}/verbatims").json()["total"] == len(SAID) - 4
    assert client.get(f"{BASE}/verbatims?q=friendly").json()["total"] == 0
    assert client.get(f"{BASE}/sources").json()["total"] == 1
    db = projects.open_project(tmp_path, "demo")
    assert db.conn.execute("SELECT count(*) FROM units WHERE text LIKE 'Quick%'").fetchone()[0] == 0
    db.close()

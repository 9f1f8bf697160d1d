from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.app.factories import DELIVERY, PRICE, SAID, SERVICE, STAFF, filled_client

BASE = "/api/v1/projects/demo"


def counted(theme: str | None) -> int:
    return sum(part[1] == theme for said in SAID for part in said.parts)


def test_themes_carry_counts_names_and_share(tmp_path: Path) -> None:
    found = {one["id"]: one for one in filled_client(tmp_path).get(f"{BASE}/themes").json()["items"]}
    assert set(found) == {SERVICE, DELIVERY, STAFF, PRICE}
    assert found[DELIVERY]["name"] == {"zh": "物流太慢", "en": "Slow delivery"}
    assert found[DELIVERY]["units"] == counted(DELIVERY) == sum(found[DELIVERY]["sentiment"].values())
    assert found[SERVICE]["units"] == counted(DELIVERY) + counted(STAFF)
    assert found[SERVICE]["is_parent"]
    assert found[DELIVERY]["parent_id"] == SERVICE
    total = sum(len(said.parts) for said in SAID)
    assert found[PRICE]["share"] == pytest.approx(counted(PRICE) / total)


@pytest.mark.parametrize(
    ("order", "first"), [("volume", SERVICE), ("negative_share", DELIVERY), ("positive", SERVICE), ("name", STAFF)]
)
def test_themes_come_in_the_order_asked_for(tmp_path: Path, order: str, first: str) -> None:
    assert filled_client(tmp_path).get(f"{BASE}/themes", params={"order": order}).json()["items"][0]["id"] == first


def test_sub_themes_can_be_asked_for_alone(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    assert {one["id"] for one in client.get(f"{BASE}/themes?parent={SERVICE}").json()["items"]} == {DELIVERY, STAFF}
    assert {one["id"] for one in client.get(f"{BASE}/themes?parent=none").json()["items"]} == {SERVICE, PRICE}


def test_filters_narrow_the_counts(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    english = client.get(f"{BASE}/themes/{DELIVERY}?language=en").json()
    assert english["units"] == sum(part[1] == DELIVERY for said in SAID if said.language == "en" for part in said.parts)
    assert client.get(f"{BASE}/themes/{DELIVERY}?from=2027-01-01").json()["units"] == 0


def test_a_theme_shows_its_children_and_exemplars(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    parent = client.get(f"{BASE}/themes/{SERVICE}").json()
    assert {child["id"] for child in parent["children"]} == {DELIVERY, STAFF}
    leaf = client.get(f"{BASE}/themes/{DELIVERY}").json()
    assert [unit["id"] for unit in leaf["exemplar_units"]] == leaf["exemplars"]
    assert leaf["exemplar_units"][0]["theme"] == leaf["name"]


@pytest.mark.parametrize("theme", [DELIVERY, SERVICE, "none"])
@pytest.mark.parametrize(
    "filters", ["", "&language=zh", "&sentiment=negative", "&customer_type=loyal", "&segment=plan:pro"]
)
def test_every_number_opens_onto_as_many_units(tmp_path: Path, theme: str, filters: str) -> None:
    client = filled_client(tmp_path)
    shown = client.get(f"{BASE}/themes/{theme}?{filters}").json()
    behind = client.get(f"{BASE}/themes/{theme}/units?limit=500{filters}").json()
    assert shown["units"] == behind["total"] == len(behind["items"])
    said = client.get(f"{BASE}/verbatims?limit=500&theme={theme}{filters}").json()
    assert shown["verbatims"] == said["total"]
    assert {unit["id"] for unit in behind["items"]} == {one for verbatim in said["items"] for one in verbatim["marked"]}


def test_unthemed_stays_visible(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    unthemed = client.get(f"{BASE}/themes/none").json()
    assert (unthemed["status"], unthemed["units"]) == ("unthemed", counted(None))
    units = client.get(f"{BASE}/themes/none/units").json()["items"]
    assert {(unit["theme_id"], unit["theme"]) for unit in units} == {(None, None)}


def test_spans_are_exact(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    texts = {one["id"]: one["text"] for one in client.get(f"{BASE}/verbatims?limit=500").json()["items"]}
    units = client.get(f"{BASE}/themes/{SERVICE}/units?limit=500").json()["items"]
    assert units
    for unit in units:
        assert texts[unit["verbatim_id"]][unit["start"] : unit["end"]] == unit["text"]


def test_units_come_in_the_order_asked_for(tmp_path: Path) -> None:
    client = filled_client(tmp_path)

    def similarities(order: str) -> list[float]:
        return [
            unit["similarity"] for unit in client.get(f"{BASE}/themes/{SERVICE}/units?order={order}").json()["items"]
        ]

    assert similarities("nearest") == sorted(similarities("input"), reverse=True)
    assert similarities("unsure") == sorted(similarities("input"))


def names_of(client: TestClient) -> list[str]:
    return [chart["name"] for chart in client.get(f"{BASE}/charts?limit=500").json()["items"]]


def test_every_chart_is_drawn_of_everything_and_of_every_theme(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    names = names_of(client)
    assert "trend" in names
    for name in names:
        for place in ("", f"/themes/{DELIVERY}", f"/themes/{SERVICE}", "/themes/none"):
            for lang in ("zh", "en"):
                answer = client.get(f"{BASE}{place}/charts/{name}", params={"lang": lang, "language": "zh"})
                assert answer.status_code == 200, (name, place, answer.text)
                assert "$schema" in answer.json(), (name, place)

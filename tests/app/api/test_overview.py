from pathlib import Path

import pytest

from tests.app.factories import SAID, add_project, client_of, filled_client

BASE = "/api/v1/projects/demo"


def test_a_project_at_a_glance(tmp_path: Path) -> None:
    seen = filled_client(tmp_path).get(f"{BASE}/overview").json()
    totals = seen["totals"]
    assert totals["verbatims"] == len(SAID)
    assert totals["units"] == sum(totals["sentiment"].values()) == sum(len(said.parts) for said in SAID)
    assert (totals["first_day"], totals["last_day"]) == ("2026-01-05", "2026-03-12")
    assert seen["rejected"] == {"columns": 1, "encoding": 1}
    assert seen["set_aside"] == {"boilerplate": 1, "placeholder": 1}
    assert seen["redactions"] == {"phone": 1}
    assert seen["run"] == 1
    scores = [said.score for said in SAID if said.score is not None]
    (stars,) = seen["scores"]
    assert (stars["scale"], stars["n"]) == ("stars", len(scores))
    assert stars["value"] == pytest.approx(sum(scores) / len(scores))
    assert stars["low"] < stars["value"] < stars["high"]
    dated = sum(len(said.parts) for said in SAID if said.day is not None)
    assert sum(sum(point["sentiment"].values()) for point in seen["series"]["points"]) == dated


def test_filters_reach_every_part_of_it(tmp_path: Path) -> None:
    seen = filled_client(tmp_path).get(f"{BASE}/overview?language=mixed").json()
    assert (seen["totals"]["verbatims"], seen["scores"][0]["n"]) == (1, 1)


def test_an_empty_project_has_a_glance_too(tmp_path: Path) -> None:
    add_project(tmp_path)
    seen = client_of(tmp_path).get(f"{BASE}/overview").json()
    assert (seen["totals"]["verbatims"], seen["scores"], seen["series"]["points"], seen["run"]) == (0, [], [], None)


def test_counts_by_any_cut_add_up(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    units = client.get(f"{BASE}/overview").json()["totals"]["units"]
    for cut in ("language", "source", "customer_type", "touchpoint", "question", "matched_on", "score", "segment:plan"):
        slices = client.get(f"{BASE}/counts", params={"by": cut}).json()["items"]
        assert sum(one["units"] for one in slices) == units, cut
        for one in slices:
            assert one["units"] == sum(one["sentiment"].values())


@pytest.mark.parametrize("by", ["", "shoe_size", "segment:", "segment"])
def test_an_unknown_cut_is_refused_with_those_there_are(tmp_path: Path, by: str) -> None:
    answer = filled_client(tmp_path).get(f"{BASE}/counts", params={"by": by})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_choice")
    assert "touchpoint" in answer.json()["error"]["hint"]


def test_segments_that_can_be_asked_for(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    found = {one["attribute"]: one["values"] for one in client.get(f"{BASE}/segments").json()["items"]}
    assert sorted(found["plan"]) == ["free", "pro"]
    for attribute, values in found.items():
        for value in values:
            assert client.get(f"{BASE}/verbatims", params={"segment": f"{attribute}:{value}"}).status_code == 200


def test_runs_tell_what_they_were_made_with(tmp_path: Path) -> None:
    (run,) = filled_client(tmp_path).get(f"{BASE}/runs").json()["items"]
    assert (run["kind"], run["seed"], run["models"]["encoder"]) == ("full", 1, "factory")
    assert run["seconds"] == {"split": 0.1, "embed": 0.2}

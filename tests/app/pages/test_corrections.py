"""Correcting beside a unit, being told of it once, undoing it, and the page of what was decided."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.database import write
from app.pages.corrected import Corrected, corrected
from app.store import jobs, projects, refits, units
from app.store.filters import Filters
from tests.app.factories import DELIVERY, filled_client, settings_for


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    return filled_client(tmp_path)


def a_unit(folder: Path) -> tuple[str, str]:
    db = projects.open_project(settings_for(folder).data, "demo")
    found = units.list_views(db, Filters(theme=DELIVERY, sentiment="negative")).items[0]
    db.close()
    return found.id, found.verbatim_id


def decide(client: TestClient, unit: str, sentiment: str, back: str = "/p/demo/verbatims") -> str:
    answer = client.post(
        f"/p/demo/units/{unit}/sentiment", data={"sentiment": sentiment, "back": back}, follow_redirects=False
    )
    assert answer.status_code == 303
    return str(answer.headers["location"])


@pytest.mark.parametrize("page", [f"/p/demo/themes/{DELIVERY}?view=all", "/p/demo/verbatims?sentiment=negative"])
def test_beside_each_unit_stands_the_way_to_settle_it(client: TestClient, tmp_path: Path, page: str) -> None:
    unit, verbatim = a_unit(tmp_path)
    for address in (page, f"/p/demo/verbatims/{verbatim}"):
        html = client.get(address).text
        assert f'action="/p/demo/units/{unit}/sentiment"' in html
        assert len(re.findall(r'name="sentiment" value="(?:negative|neutral|positive)"', html)) >= 3


def test_it_goes_back_to_where_it_was_and_tells_once(client: TestClient, tmp_path: Path) -> None:
    unit, verbatim = a_unit(tmp_path)
    back = f"/p/demo/themes/{DELIVERY}?view=all&language=zh#{verbatim}"
    address = decide(client, unit, "neutral", back)
    assert address.startswith(f"/p/demo/themes/{DELIVERY}?view=all&language=zh&corrected=")
    assert address.endswith(f"#{verbatim}")
    html = client.get(address).text
    assert "Corrected: neutral." in html
    assert html.count("corrected=") == 0, "no link of the page carries the notice on"


def test_who_decides_is_signed_by_the_name_given_once(client: TestClient, tmp_path: Path) -> None:
    unit, _ = a_unit(tmp_path)
    decide(client, unit, "neutral")
    client.post("/who", data={"who": "Lin 林", "back": "/p/demo"})
    decide(client, unit, "positive")
    decided = client.get("/api/v1/projects/demo/corrections").json()["items"]
    assert [one["who"] for one in decided] == ["Lin 林", None]
    assert "Lin 林" in client.get("/p/demo/corrections").text


def test_undoing_from_the_notice_restores_what_was(client: TestClient, tmp_path: Path) -> None:
    unit, verbatim = a_unit(tmp_path)
    html = client.get(decide(client, unit, "neutral")).text
    held = re.search(r'class="notice corrected".*?name="sentiment" value="(\w*)"', html, re.DOTALL)
    assert held is not None
    assert held[1] == "", "nobody had said anything before"
    assert "Given back to the model: negative." in client.get(decide(client, unit, held[1])).text
    assert "corrected</small>" not in client.get(f"/p/demo/verbatims/{verbatim}").text


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_it_never_leads_out_of_the_house(client: TestClient, tmp_path: Path, back: str) -> None:
    assert decide(client, a_unit(tmp_path)[0], "neutral", back) == "/p/demo/corrections"


def test_the_page_lists_what_was_decided(client: TestClient, tmp_path: Path) -> None:
    assert "Nothing was corrected yet" in client.get("/p/demo/corrections").text
    unit, verbatim = a_unit(tmp_path)
    decide(client, unit, "positive")
    html = client.get("/p/demo/corrections").text
    assert "1 text decided" in html
    assert f'href="/p/demo/verbatims/{verbatim}"' in html
    assert 'value="1" max="50"' in html


def test_a_drawn_text_does_not_show_what_the_model_says(client: TestClient) -> None:
    html = client.get("/p/demo/corrections").text
    assert html.count('name="sampled" value="1"') == 10
    assert 'aria-pressed="true"' not in html


def test_refitting_is_offered_once_enough_was_judged(client: TestClient, tmp_path: Path) -> None:
    assert 'value="refit"' not in client.get("/p/demo/corrections").text
    answer = client.post("/p/demo/corrections/refit", data={"do": "off"}, follow_redirects=False)
    assert answer.headers["location"].startswith("/p/demo/jobs/")
    system = projects.open_system(settings_for(tmp_path).data)
    assert [jobs.payload(system, job.id) for job in jobs.unfinished(system, "demo")] == [{"active": False}]
    system.close()
    assert "The model is being fitted." in client.get("/p/demo/corrections").text


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("better", "It is better."),
        ("perhaps", "Probably a little better"),
        ("not_better", "It is not better."),
        ("unknown", "what it would spoil cannot be seen"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_gain_is_told_in_words(client: TestClient, tmp_path: Path, verdict: str, words: str, language: str) -> None:
    gain = {
        "judged": 60, "right": 40, "wrong": 20, "mended": 9, "spoilt": 2, "sampled": 35, "accuracy": 0.7,
        "measured_on": "sample", "value": 0.1, "low": -0.01, "high": 0.2, "verdict": verdict,
    }  # fmt: skip
    db = projects.open_project(settings_for(tmp_path).data, "demo")
    with write(db):
        made = refits.save(
            db, base="another-1", encoder="e", name="another-1+refit-1", gain=gain, sha256="0", weights=b"x"
        )
        refits.use(db, made, chosen_by="person")
    db.close()
    html = client.get(f"/p/demo/corrections?lang={language}").text
    assert (words in html) == (language == "en")
    assert "−1.0" in html or verdict == "unknown"
    assert "another-1" in html, "it belongs to a model that is not in use, and the page says so"


def test_only_addresses_of_our_own_making_tell_something() -> None:
    told = Corrected(unit="u_1", kind="corrected", sentiment="neutral", held="", units=3)
    assert corrected(told.written()) == told
    for written in (None, "", "u_1.corrected.neutral..x", "u_1.<b>.neutral..1", "u_1.corrected.happy..1"):
        assert corrected(written) is None

"""From a dropped file to a queued job, as a person without scripts goes."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from app.store import jobs, projects
from tests.app.factories import add_project, client_of, filled_client, settings_for

REVIEWS = "编号,评论内容,评分,日期\n" + "\n".join(
    f"R{number},第{number}单的咖啡机{words}，电话13812345678,{number % 5 + 1},2026-03-{number % 27 + 1:02}"
    for number, words in enumerate(["漏水了很失望", "出奶泡特别细腻", "包装压坏了", "客服回复挺快", "噪音有点大"] * 6)
)
CUSTOMERS = "客户编号,姓名,城市,订单数\n" + "\n".join(
    f"C{n:03},客户{n},{'上海' if n % 2 else '成都'},{n % 7}" for n in range(20)
)


def drop(client: TestClient, *files: tuple[str, str]) -> tuple[str, list[str]]:
    """Drop files and return where the browser is sent, with the tokens."""
    answer = client.post(
        "/p/demo/upload",
        files=[("file", (name, text.encode())) for name, text in files],
        follow_redirects=False,
    )
    assert answer.status_code == 303
    where = answer.headers["location"]
    return where, parse_qs(urlsplit(where).query)["file"]


def payloads(folder: Path) -> list[dict[str, object]]:
    system = projects.open_system(settings_for(folder).data)
    found = [jobs.payload(system, job.id) for job in reversed(jobs.newest(system, "demo").items)]
    system.close()
    return found


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    add_project(tmp_path)
    return client_of(tmp_path)


def test_a_file_is_shown_before_it_is_read(client: TestClient, tmp_path: Path) -> None:
    where, (token,) = drop(client, ("评价.csv", REVIEWS))
    html = client.get(f"{where}&lang=en").text
    for column in ("评论内容", "评分", "日期"):
        assert column in html
    roles = dict(re.findall(rf'<select name="{token}:(\d)".*?<option value="(\w+)" selected', html, re.DOTALL))
    assert (roles["1"], roles["2"], roles["3"]) == ("text", "score", "created_at")
    assert "漏水了很失望" in html
    assert payloads(tmp_path) == []


def test_personal_data_is_masked_in_the_preview_of_verbatims(client: TestClient) -> None:
    where, _ = drop(client, ("评价.csv", REVIEWS))
    samples = client.get(where).text.partition('<article class="verbatim"')[2]
    assert "[手机号]" in samples
    assert "13812345678" not in samples


def test_what_was_confirmed_is_what_the_job_gets(client: TestClient, tmp_path: Path) -> None:
    _, (token,) = drop(client, ("评价.csv", REVIEWS))
    form = {"file": token, f"{token}:0": "none", f"{token}:2": "attributes", "do": "read"}
    answer = client.post("/p/demo/upload/check", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/p/demo/jobs/1")
    (payload,) = payloads(tmp_path)
    assert payload["token"] == token
    assert payload["kind"] == "feedback"
    mapping = payload["mapping"]
    assert isinstance(mapping, dict)
    assert (mapping["text"], mapping["score"], mapping["attributes"]) == (["评论内容"], None, ["评分"])
    assert client.get("/p/demo/jobs/1?lang=en").text.count('class="step ') >= 3


def test_a_correction_is_shown_and_nothing_starts(client: TestClient, tmp_path: Path) -> None:
    _, (token,) = drop(client, ("评价.csv", REVIEWS))
    html = client.post("/p/demo/upload/check", data={"file": token, f"{token}:1": "none", "do": "preview"}).text
    assert 'role="alert"' in html, "without a text column the file cannot be read"
    assert payloads(tmp_path) == []


def test_two_columns_for_one_part_are_refused_in_words(client: TestClient, tmp_path: Path) -> None:
    _, (token,) = drop(client, ("评价.csv", REVIEWS))
    form = {"file": token, f"{token}:0": "created_at", "do": "read"}
    answer = client.post("/p/demo/upload/check?lang=en", data=form, headers={"accept": "text/html"})
    assert answer.status_code == 400
    assert "日期" in answer.text
    assert payloads(tmp_path) == []


def test_several_files_at_once_of_both_kinds(client: TestClient, tmp_path: Path) -> None:
    _, tokens = drop(client, ("customers.csv", CUSTOMERS), ("评价.csv", REVIEWS))
    form = {"file": tokens, "do": "read"}
    answer = client.post("/p/demo/upload/check", data=form, follow_redirects=False)
    assert answer.headers["location"] == "/p/demo/jobs"
    assert [payload["kind"] for payload in payloads(tmp_path)] == ["customers", "feedback"]


def test_an_unusable_file_says_why_beside_the_others(client: TestClient) -> None:
    where, _ = drop(client, ("nothing.csv", " "), ("评价.csv", REVIEWS))
    answer = client.get(f"{where}&lang=zh")
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    assert "评论内容" in answer.text


def test_too_large_a_file_is_refused_and_not_kept(client: TestClient, tmp_path: Path) -> None:
    answer = client.post("/p/demo/upload", files={"file": ("big.csv", b"x" * (1 << 20) + b"xx")})
    assert answer.status_code == 413
    assert list((tmp_path / "incoming").glob("*")) == []


def test_an_address_without_a_file_leads_back_to_the_place_for_one(tmp_path: Path) -> None:
    with filled_client(tmp_path) as client:
        answer = client.get("/p/demo/upload/check", headers={"accept": "text/html"})
        assert answer.status_code == 200
        assert 'type="file"' in answer.text


INTERVIEW = "Interviewer: What is the coffee like?\nGuest: The filter jams every single morning.\n" * 6


def test_what_will_be_set_aside_is_no_sample_and_counted_before_anything_is_read(client: TestClient) -> None:
    where, _ = drop(client, ("interview.md", INTERVIEW), ("survey.csv", SILENT))
    talk, survey = client.get(f"{where}&lang=en").text.split('<section class="card sheet"')[1:]
    assert "The filter jams" in talk
    assert "What is the coffee like?" not in talk
    assert "Of the first 12 answers 6 will be set aside" in talk
    assert "the words of the interviewer or the company 6" in talk
    samples = survey.partition('<article class="verbatim"')[2]
    assert "cracked" in samples
    assert "暂无" not in samples
    assert "Of the first 20 answers 12 will be set aside" in survey


SILENT = "编号,您还有什么建议？\n" + "\n".join(
    f"A{n},{'暂无' if n < 12 else f'the lid of number {n} came cracked, and nobody answered my letter'}"
    for n in range(40)
)


def test_the_ends_of_the_scale_can_be_corrected(client: TestClient, tmp_path: Path) -> None:
    where, (token,) = drop(client, ("评价.csv", REVIEWS))
    assert f'name="{token}:high" value="5"' in client.get(where).text
    form = {"file": token, f"{token}:low": "1", f"{token}:high": "10", "do": "read"}
    assert client.post("/p/demo/upload/check", data=form, follow_redirects=False).status_code == 303
    (payload,) = payloads(tmp_path)
    mapping = payload["mapping"]
    assert isinstance(mapping, dict)
    assert (mapping["scale"], mapping["scale_low"], mapping["scale_high"]) == ("stars", 1, 10)


@pytest.mark.parametrize(
    ("low", "high", "said"), [("5", "1", "lowest score (5)"), ("one", "5", "“one” is not a number")]
)
def test_ends_that_are_none_are_refused_in_words(client: TestClient, low: str, high: str, said: str) -> None:
    _, (token,) = drop(client, ("评价.csv", REVIEWS))
    form = {"file": token, f"{token}:low": low, f"{token}:high": high, "do": "read"}
    answer = client.post("/p/demo/upload/check?lang=en", data=form)
    assert answer.status_code == 400
    assert said in answer.text

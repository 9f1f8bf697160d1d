from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from app import worker
from app.store import projects
from tests.app.factories import add_project, client_of, settings_for

PATH = "/api/v1/projects/demo/uploads"
REVIEWS = (
    "评论内容,评分,用户ID,日期\n"
    + "".join(
        f"{text},{score},C{n:03},2026-03-{n:02}\n"
        for n, (text, score) in enumerate(
            [
                ("物流太慢了，等了整整一个星期才收到", 2),
                ("客服态度很好，耐心地帮我换了尺码", 5),
                ("The zipper broke on the second day of use", 1),
                ("包装破损，但是商品本身没有问题", 3),
                ("质量比想象中好，会推荐给朋友", 5),
                ("无", 4),
            ],
            start=1,
        )
    )
).encode("gb18030")
CUSTOMERS = "customer_id,name,plan,email\n" + "".join(
    f"C{n:03},Person {n},{'pro' if n % 2 else 'free'},p{n}@example.com\n" for n in range(1, 7)
)


def client_with_project(folder: Path) -> TestClient:
    add_project(folder)
    return client_of(folder)


def work(folder: Path) -> None:
    """Do the next job, as the worker would."""
    system = projects.open_system(folder)
    assert worker.run_once(system, settings_for(folder))
    system.close()


def sent(name: str, data: bytes, **fields: str) -> dict[str, Any]:
    return {"files": {"file": (name, data)}, "data": fields}


def test_a_preview_proposes_a_mapping_and_stores_nothing(tmp_path: Path) -> None:
    client = client_with_project(tmp_path)
    answer = client.post(f"{PATH}/preview", **sent("评价.csv", REVIEWS))
    assert answer.status_code == 200, answer.text
    seen = answer.json()
    assert (seen["kind"], seen["filename"], seen["rows_read"]) == ("feedback", "评价.csv", 6)
    assert seen["mapping"]["text"] == ["评论内容"]
    assert seen["mapping"]["score"] == "评分"
    assert seen["columns"] == ["评论内容", "评分", "用户ID", "日期"]
    assert seen["first_rows"][0] == {
        "row": 2,
        "cells": ["物流太慢了，等了整整一个星期才收到", "2", "C001", "2026-03-01"],
    }
    assert client.get("/api/v1/projects/demo/sources").json()["total"] == 0


def test_an_upload_is_read_by_a_job_and_told_in_full(tmp_path: Path) -> None:
    client = client_with_project(tmp_path)
    answer = client.post(PATH, **sent("评价.csv", REVIEWS))
    assert answer.status_code == 202, answer.text
    assert answer.json()["source"] == "评价.csv"
    assert client.get(answer.headers["location"]).json()["state"] == "queued"
    work(tmp_path)
    job = client.get(f"/api/v1/jobs/{answer.json()['job']}").json()
    assert job["state"] == "done", job
    counts = job["result"]["counts"]
    assert (counts["rows_read"], counts["verbatims"], counts["set_aside"], counts["rejected"]) == (6, 5, 1, 0)
    source = client.get(f"/api/v1/projects/demo/sources/{job['result']['source']}").json()
    assert (source["name"], source["verbatims"], source["set_aside"]) == ("评价.csv", 5, 1)
    left = client.get(f"/api/v1/projects/demo/sources/{source['id']}/set-aside").json()["items"]
    assert [(one["row"], one["text"]) for one in left] == [(7, "无")]
    found = client.get("/api/v1/projects/demo/verbatims", params={"q": "zipper"}).json()["items"]
    assert (found[0]["row"], found[0]["score"], found[0]["customer"]) == (4, 1, "C003")


def test_a_previewed_file_is_read_by_its_token_with_a_corrected_mapping(tmp_path: Path) -> None:
    client = client_with_project(tmp_path)
    token = client.post(f"{PATH}/preview", **sent("评价.csv", REVIEWS)).json()["token"]
    answer = client.post(PATH, data={"token": token, "mapping": '{"text": ["评论内容"], "score": null}'})
    assert answer.status_code == 202, answer.text
    work(tmp_path)
    assert client.get(f"/api/v1/jobs/{answer.json()['job']}").json()["state"] == "done"
    assert {one["score"] for one in client.get("/api/v1/projects/demo/verbatims").json()["items"]} == {None}


def test_customers_are_uploaded_as_such(tmp_path: Path) -> None:
    client = client_with_project(tmp_path)
    answer = client.post(PATH, **sent("crm.csv", CUSTOMERS.encode(), kind="customers"))
    assert answer.json()["source"] is None
    work(tmp_path)
    found = client.get("/api/v1/projects/demo/customers", params={"order": "name"}).json()
    assert found["total"] == 6
    assert found["items"][0]["attributes"]["plan"] == "pro"
    assert "example.com" not in str(found)


def test_a_mapping_that_names_a_missing_column_fails_the_job_with_words(tmp_path: Path) -> None:
    client = client_with_project(tmp_path)
    job = client.post(PATH, **sent("评价.csv", REVIEWS, mapping='{"text": ["评论"]}')).json()["job"]
    work(tmp_path)
    for lang in ("en", "zh"):
        told = client.get(f"/api/v1/jobs/{job}", params={"lang": lang}).json()
        assert told["state"] == "failed"
        assert told["error"]["code"] == "bad_mapping"
        assert "评论" in told["error"]["message"]
        assert set(told["error"]) == {"code", "message", "hint", "details"}
    assert client.get("/api/v1/projects/demo/verbatims").json()["total"] == 0


def test_what_cannot_be_a_mapping_is_refused_at_once(tmp_path: Path) -> None:
    client = client_with_project(tmp_path)
    for mapping in ("{", "[1]", '"text"', "[" * 100_000):
        answer = client.post(PATH, **sent("a.csv", REVIEWS, mapping=mapping))
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "mapping_unreadable")


def test_nothing_sent_and_a_token_that_is_gone_are_told(tmp_path: Path) -> None:
    client = client_with_project(tmp_path)
    for path in (PATH, f"{PATH}/preview"):
        assert client.post(path).json()["error"]["code"] == "no_file"
        gone = client.post(path, data={"token": "0" * 32})
        assert (gone.status_code, gone.json()["error"]["code"]) == (404, "no_incoming")
        assert client.post(path, data={"token": "../../system"}).status_code == 404
    assert client.post(PATH, **sent("a.csv", REVIEWS, kind="rumours")).status_code == 422


def test_a_preview_of_nothing_usable_says_why_and_keeps_nothing(tmp_path: Path) -> None:
    client = client_with_project(tmp_path)
    answer = client.post(f"{PATH}/preview", **sent("empty.csv", b""))
    assert answer.status_code == 422, answer.text
    error = answer.json()["error"]
    assert error["message"]
    assert not error["message"].startswith("error.")
    assert list((tmp_path / "incoming").glob("*")) == []

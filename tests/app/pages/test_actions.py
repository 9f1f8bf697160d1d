"""What people do on pages besides reading."""

from pathlib import Path

import pytest

from app.pages.jobs import steps, told
from app.pages.projects import free_slug
from app.store import jobs, projects, sources
from app.store.views import JobView
from tests.app.factories import DELIVERY, SHOP, add_project, client_of, filled_client, settings_for


def test_one_project_is_gone_to_at_once(tmp_path: Path) -> None:
    with client_of(tmp_path) as client:
        assert "/projects/sample" in client.get("/").text
        add_project(tmp_path)
        assert client.get("/", follow_redirects=False).headers["location"] == "/p/demo"
        add_project(tmp_path, slug="other")
        assert "/p/other" in client.get("/").text


@pytest.mark.parametrize(
    ("name", "taken", "slug"),
    [
        ("Summer survey 2026!", set(), "summer-survey-2026"),
        ("夏季问卷", set(), "project"),
        ("夏季问卷", {"project"}, "project-2"),
        ("Café", set(), "cafe"),
        ("x" * 90, set(), "x" * 40),
    ],
)
def test_any_name_gives_a_slug(name: str, taken: set[str], slug: str) -> None:
    assert free_slug(name, taken) == slug
    assert projects.SLUG.fullmatch(slug)


def test_the_sample_is_queued_file_by_file(tmp_path: Path) -> None:
    with client_of(tmp_path) as client:
        answer = client.post("/projects/sample", follow_redirects=False)
        assert answer.headers["location"] == "/p/sample/jobs"
        system = projects.open_system(settings_for(tmp_path).data)
        kinds = [jobs.payload(system, job.id)["kind"] for job in jobs.unfinished(system, "sample")]
        system.close()
        assert kinds[0] == "customers", "so that feedback finds whom to link to"
        assert set(kinds[1:]) == {"feedback"}
        assert "data-refresh" in client.get("/p/sample/jobs").text


def test_a_job_can_be_cancelled(tmp_path: Path) -> None:
    add_project(tmp_path)
    with client_of(tmp_path) as client:
        where = client.post("/p/demo/jobs", follow_redirects=False).headers["location"]
        assert f"{where}/cancel" in client.get(where).text
        client.post(f"{where}/cancel")
        assert 'data-over="yes"' in client.get(f"{where}?part=1").text


def test_a_job_of_another_project_is_not_shown(tmp_path: Path) -> None:
    add_project(tmp_path)
    add_project(tmp_path, slug="other")
    with client_of(tmp_path) as client:
        client.post("/p/demo/jobs")
        assert client.get("/p/other/jobs/1").status_code == 404
        assert client.post("/p/other/jobs/1/cancel").status_code == 404


def test_a_removed_source_is_gone_and_themes_are_counted_anew(tmp_path: Path) -> None:
    with filled_client(tmp_path) as client:
        client.post(f"/p/demo/sources/{SHOP.id}/delete")
        db = projects.open_project(settings_for(tmp_path).data, "demo")
        assert SHOP.id not in {source.id for source in sources.views(db)}
        db.close()
        system = projects.open_system(settings_for(tmp_path).data)
        assert [job.kind for job in jobs.unfinished(system, "demo")] == ["analyse"]
        system.close()


def test_masking_can_be_switched_per_kind(tmp_path: Path) -> None:
    with filled_client(tmp_path) as client:
        assert client.get("/p/demo/settings").text.count(" checked") == 7
        html = client.post("/p/demo/settings/redaction", data={"kind": ["email", "phone", "nonsense"]}).text
        assert html.count(" checked") == 2
        assert client.post("/p/demo/settings/redaction").text.count(" checked") == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("the accurate one", "the larger one")), ("zh", ("更准的一种", "较大的一种"))],
)
def test_the_settings_say_which_shipped_models_are_in_use(
    language: str, words: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XINSHENG_SENTIMENT", "accurate")
    monkeypatch.setenv("XINSHENG_ENCODER", "base")
    with filled_client(tmp_path) as client:
        html = client.get("/p/demo/settings", headers={"accept-language": language}).text
    for said in (*words, "xinsheng-accurate-", "xinsheng-base-"):
        assert said in html


def test_a_project_is_deleted_only_with_its_name(tmp_path: Path) -> None:
    with filled_client(tmp_path) as client:
        assert client.post("/p/demo/settings/delete", data={"typed": "dem"}).status_code == 400
        assert client.get("/p/demo").status_code == 200
        client.post("/p/demo/settings/delete", data={"typed": "demo"})
        assert client.get("/p/demo").status_code == 404


@pytest.mark.parametrize(
    ("back", "where"),
    [("/p/demo", "/p/demo"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil", "/")],
)
def test_the_look_switch_stays_in_the_house(tmp_path: Path, back: str, where: str) -> None:
    with client_of(tmp_path) as client:
        answer = client.post("/look", data={"to": "dark", "back": back}, follow_redirects=False)
        assert answer.headers["location"] == where
        assert 'data-look="dark"' in client.get("/projects").text


def test_the_language_is_remembered(tmp_path: Path) -> None:
    with client_of(tmp_path) as client:
        client.get("/projects?lang=zh")
        assert 'lang="zh-Hans"' in client.get("/projects").text


def test_a_foreign_page_may_not_post(tmp_path: Path) -> None:
    with filled_client(tmp_path) as client:
        headers = {"origin": "https://evil.example", "accept": "text/html"}
        assert client.post("/p/demo/settings/delete", data={"typed": "demo"}, headers=headers).status_code == 403


def test_charts_come_as_pictures_without_scripts(tmp_path: Path) -> None:
    with filled_client(tmp_path) as client:
        answer = client.get(f"/p/demo/charts/score_distribution.svg?theme={DELIVERY}")
        assert answer.headers["content-type"].startswith("image/svg+xml")
        assert answer.text.startswith("<svg")


def test_static_files_may_be_kept_for_ever(tmp_path: Path) -> None:
    from app.pages.assets import asset

    with client_of(tmp_path) as client:
        answer = client.get(asset("page.js"))
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "immutable" in answer.headers["cache-control"]


def job(*, kind: str = "analyse", state: str = "running", stage: str = "") -> JobView:
    return JobView(
        id=1, project="demo", kind=kind, state=state, stage=stage, done=0, total=0, result=None, error=None, attempts=1,
        created_at="", started_at=None, finished_at=None,
    )  # fmt: skip


def test_steps_say_where_a_job_stands() -> None:
    assert dict(steps(job(stage="cluster")))["cluster"] == "now"
    assert dict(steps(job(stage="cluster")))["split"] == "done"
    assert dict(steps(job(stage="cluster")))["score"] == "next"
    assert set(dict(steps(job(state="done"))).values()) == {"done"}
    assert set(dict(steps(job(state="queued"))).values()) == {"next"}
    assert dict(steps(job(stage="a_new_one")))["a_new_one"] == "now"


def test_what_went_wrong_is_told_in_words() -> None:
    assert told(None, "en") is None
    message, hint = told({"code": "worker_died", "values": {"attempts": 3}}, "zh") or ("", "")
    assert "3" in message
    assert hint
    assert told({"code": "x", "message": {"en": "Own words."}}, "en") == ("Own words.", "")

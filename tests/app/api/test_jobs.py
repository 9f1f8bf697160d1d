from pathlib import Path

from app.store import jobs, projects
from tests.app.factories import filled_client

BASE = "/api/v1/projects/demo"


def test_an_analysis_asked_for_twice_is_made_once(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    first = client.post(f"{BASE}/runs")
    assert first.status_code == 202
    assert client.post(f"{BASE}/runs").json() == first.json()
    job = client.get(first.headers["location"]).json()
    assert (job["kind"], job["state"], job["project"], job["error"]) == ("analyse", "queued", "demo", None)
    assert client.post(f"{BASE}/runs", json={"kind": "extend"}).json() != first.json()
    assert client.get("/api/v1/health").json()["waiting_jobs"] == 2


def test_a_waiting_job_is_cancelled_at_once_and_only_once(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    path = client.post(f"{BASE}/runs").headers["location"]
    assert client.delete(path).json()["state"] == "cancelled"
    again = client.delete(path)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "job_ended")
    assert client.post(f"{BASE}/runs").headers["location"] != path


def test_a_running_job_shows_how_far_it_is_and_stops_when_cancelled(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    path = client.post(f"{BASE}/runs").headers["location"]
    system = projects.open_system(tmp_path)
    claimed = jobs.claim(system, "w")
    assert claimed is not None
    jobs.progress(system, claimed.id, stage="embed", done=3, total=9)
    shown = client.get(path).json()
    assert (shown["state"], shown["stage"], shown["done"], shown["total"]) == ("running", "embed", 3, 9)
    assert client.delete(path).json()["state"] == "running"
    assert not jobs.beat(system, claimed.id, "w")
    system.close()


def test_a_failed_job_tells_why_in_the_language_asked_for(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    path = client.post(f"{BASE}/runs").headers["location"]
    system = projects.open_system(tmp_path)
    claimed = jobs.claim(system, "w")
    assert claimed is not None
    jobs.finish(system, claimed.id, state="failed", error={"code": "worker_died", "values": {"attempts": 3}})
    system.close()
    assert "3" in client.get(path, params={"lang": "zh"}).json()["error"]["message"]
    english = client.get(path, params={"lang": "en"}).json()["error"]
    assert english["code"] == "worker_died"
    assert english["message"].endswith("given up.")
    assert english["hint"]


def test_jobs_are_listed_by_project_newest_first(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    client.post("/api/v1/projects", json={"slug": "other"})
    for path in (f"{BASE}/runs", "/api/v1/projects/other/runs"):
        client.post(path)
    client.post(f"{BASE}/runs", json={"kind": "extend"})
    kinds = [job["kind"] for job in client.get(f"{BASE}/jobs").json()["items"]]
    assert kinds == ["extend", "analyse"]

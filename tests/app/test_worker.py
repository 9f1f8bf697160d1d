"""A worker may be killed at any moment: the next one takes its job up and ends with the same result."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from app import incoming, worker
from app.settings import Settings
from app.store import jobs, projects

# Each is told at its beginning; a kill there leaves everything before it done and nothing of it.
INGEST_STAGES = ("read", "clean", "save")
ANALYSE_STAGES = ("split", "embed", "cluster", "name", "score", "insight")

KILLED_WORKER = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    from app import worker
    from app.settings import Settings
    from app.store import jobs, projects

    settings = Settings(data=Path(sys.argv[1]))
    kind, fatal, at_end = sys.argv[2], sys.argv[3], sys.argv[4] == "end"
    system = projects.open_system(settings.data)

    def report(stage, done, total):
        if stage == fatal and (done >= total if at_end else True):
            os.kill(os.getpid(), signal.SIGKILL)

    while True:
        job = jobs.claim(system, "doomed")
        if job.kind == kind:
            worker.do(system, settings, job, report=report)
        else:
            jobs.finish(system, job.id, state="done", result=worker.do(system, settings, job, report=lambda *_: None))
    """
)


def upload(folder: Path) -> None:
    data = files("app.sample").joinpath("reviews.csv").read_bytes()
    kept = incoming.keep(folder, "reviews.csv", [data], limit=2**20)
    system = projects.open_system(folder)
    projects.create(system, folder, slug="shop", name="Shop")
    payload = {"token": kept.token, "filename": "reviews.csv", "kind": "feedback", "mapping": None}
    jobs.enqueue(system, "shop", kind="ingest", payload=payload)
    system.close()


def work_off(folder: Path) -> None:
    settings = Settings(data=folder)
    system = projects.open_system(folder)
    jobs.release_all(system)
    while worker.run_once(system, settings):
        pass
    system.close()


def outcome(folder: Path) -> dict[str, Any]:
    db = projects.open_project(folder, "shop")
    units = db.conn.execute("SELECT id, theme_id, similarity, sentiment, confidence FROM units ORDER BY id").fetchall()
    themes = db.conn.execute("SELECT id, parent_id, name_zh, name_en, keywords, impact, trend FROM themes ORDER BY id")
    verbatims = db.conn.execute("SELECT id, text, sentiment, customer_id IS NULL FROM verbatims ORDER BY id")
    left_out = db.conn.execute(
        "SELECT row, reason FROM set_aside UNION ALL SELECT row, reason FROM rejected ORDER BY 1"
    )
    result = {
        "units": units,
        "themes": themes.fetchall(),
        "verbatims": verbatims.fetchall(),
        "left_out": left_out.fetchall(),
    }
    db.close()
    return result


def kill_worker(folder: Path, *, kind: str, stage: str, when: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED_WORKER, str(folder), kind, stage, when],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("undisturbed")
    upload(folder)
    work_off(folder)
    found = outcome(folder)
    assert len(found["units"]) > 200
    assert len(found["themes"]) > 5
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "stage", "when"),
    [("ingest", stage, "begin") for stage in INGEST_STAGES]
    + [("analyse", stage, "begin") for stage in ANALYSE_STAGES]
    # Everything is stored already, but nobody was told so.
    + [("ingest", "save", "end"), ("analyse", "embed", "end"), ("analyse", "insight", "end")],
)
def test_killed_at_any_stage_the_job_goes_on_to_the_same_result(
    tmp_path: Path, undisturbed: dict[str, Any], kind: str, stage: str, when: str
) -> None:
    upload(tmp_path)
    kill_worker(tmp_path, kind=kind, stage=stage, when=when)
    work_off(tmp_path)
    system = projects.open_system(tmp_path)
    assert {job.state for job in jobs.newest(system, "shop").items} == {"done"}
    assert outcome(tmp_path) == undisturbed
    assert list((tmp_path / "incoming").iterdir()) == []


def test_the_same_file_again_changes_nothing_and_says_so(tmp_path: Path) -> None:
    upload(tmp_path)
    work_off(tmp_path)
    before = outcome(tmp_path)
    kept = incoming.keep(
        tmp_path, "reviews.csv", [files("app.sample").joinpath("reviews.csv").read_bytes()], limit=2**20
    )
    system = projects.open_system(tmp_path)
    payload = {"token": kept.token, "filename": "reviews.csv", "kind": "feedback", "mapping": None}
    job = jobs.enqueue(system, "shop", kind="ingest", payload=payload)
    work_off(tmp_path)
    result = jobs.get(system, job.id).result
    assert result is not None
    assert result["repeated"] is True
    assert outcome(tmp_path) == before
    assert "next_job" not in result


def test_cancel_stops_a_running_job_and_stores_nothing(tmp_path: Path) -> None:
    upload(tmp_path)
    settings = Settings(data=tmp_path)
    system = projects.open_system(tmp_path)
    assert worker.run_once(system, settings)
    analyse = jobs.unfinished(system, "shop")[0]
    canceller = threading.Thread(target=cancel_when_running, args=(tmp_path, analyse.id))
    canceller.start()
    worker.run_once(system, settings)
    canceller.join()
    assert jobs.get(system, analyse.id).state == "cancelled"
    assert outcome(tmp_path)["units"] == []


def cancel_when_running(folder: Path, job_id: int) -> None:
    system = projects.open_system(folder)
    while jobs.get(system, job_id).state != "running":
        time.sleep(0.005)
    jobs.cancel(system, job_id)
    system.close()


def test_bad_input_fails_the_job_with_a_reason_and_leaves_the_project_empty(tmp_path: Path) -> None:
    kept = incoming.keep(tmp_path, "photo.csv", [b"\x89PNG\r\n\x1a\n" + b"\x00" * 64], limit=2**20)
    system = projects.open_system(tmp_path)
    projects.create(system, tmp_path, slug="shop", name="Shop")
    payload = {"token": kept.token, "filename": "photo.csv", "kind": "feedback", "mapping": None}
    job = jobs.enqueue(system, "shop", kind="ingest", payload=payload)
    work_off(tmp_path)
    ended = jobs.get(system, job.id)
    assert ended.state == "failed"
    assert ended.error is not None
    assert ended.error["message"]["zh"]
    assert ended.error["message"]["en"]
    assert outcome(tmp_path)["verbatims"] == []
    assert list((tmp_path / "incoming").iterdir()) == []


def test_uploads_go_when_their_job_has_ended_or_nobody_came_back(tmp_path: Path) -> None:
    system = projects.open_system(tmp_path)
    projects.create(system, tmp_path, slug="shop", name="Shop")
    tokens = [incoming.keep(tmp_path, f"{n}.csv", [b"x"], limit=10).token for n in range(4)]
    ended, queued, abandoned, fresh = tokens
    for token in (ended, queued):
        jobs.enqueue(system, "shop", kind="ingest", payload={"token": token})
    first = jobs.claim(system, "w")
    assert first is not None
    jobs.finish(system, first.id, state="failed", error={"code": "x", "values": {}})
    os.utime(tmp_path / "incoming" / abandoned, (time.time() - 25 * 3600,) * 2)
    worker.tidy(system, Settings(data=tmp_path))
    assert set(dict(incoming.waiting(tmp_path))) == {queued, fresh}


def test_only_one_worker_serves_a_folder(tmp_path: Path) -> None:
    first = worker.only_worker(tmp_path)
    assert first is not None
    assert worker.only_worker(tmp_path) is None


@pytest.mark.slow
def test_the_worker_process_does_what_is_queued(tmp_path: Path, undisturbed: dict[str, Any]) -> None:
    upload(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-m", "app.worker"], env={"XINSHENG_DATA": str(tmp_path), "PATH": "/usr/bin:/bin"}
    )
    try:
        system = projects.open_system(tmp_path)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and (
            len(jobs.newest(system, "shop").items) < 2 or jobs.unfinished(system, "shop")
        ):
            time.sleep(0.1)
    finally:
        process.terminate()
        process.wait(timeout=30)
    assert outcome(tmp_path) == undisturbed

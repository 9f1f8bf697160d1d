from pathlib import Path

import pytest
from sqlite_utils import Database

from app.errors import Conflict, NotFound
from app.store import jobs, projects


@pytest.fixture
def system(tmp_path: Path) -> Database:
    db = projects.open_system(tmp_path)
    projects.create(db, tmp_path, slug="shop", name="Shop")
    projects.create(db, tmp_path, slug="other", name="Other")
    return db


def expire(system: Database) -> None:
    system.conn.execute("UPDATE jobs SET lease_until = 1")
    system.conn.commit()


def test_jobs_are_done_in_the_order_they_came(system: Database) -> None:
    first = jobs.enqueue(system, "shop", kind="ingest", payload={"token": "a"})
    second = jobs.enqueue(system, "other", kind="ingest", payload={"token": "b"})
    claimed = [jobs.claim(system, "w"), jobs.claim(system, "w"), jobs.claim(system, "w")]
    assert [job and job.id for job in claimed] == [first.id, second.id, None]


def test_the_same_waiting_job_is_not_queued_twice_but_a_running_one_does_not_count(system: Database) -> None:
    first = jobs.enqueue(system, "shop", kind="analyse", payload={})
    assert jobs.enqueue(system, "shop", kind="analyse", payload={}).id == first.id
    assert jobs.enqueue(system, "other", kind="analyse", payload={}).id != first.id
    jobs.claim(system, "w")
    again = jobs.enqueue(system, "shop", kind="analyse", payload={})
    assert again.id != first.id
    assert again.state == "queued"


def test_a_dead_workers_job_goes_to_the_next_one_and_a_living_ones_does_not(system: Database) -> None:
    job = jobs.enqueue(system, "shop", kind="analyse", payload={})
    jobs.claim(system, "dead")
    assert jobs.claim(system, "next") is None
    expire(system)
    taken = jobs.claim(system, "next")
    assert taken is not None
    assert (taken.id, taken.attempts) == (job.id, 2)
    assert not jobs.beat(system, job.id, "dead")
    assert jobs.beat(system, job.id, "next")


def test_a_job_that_keeps_killing_its_worker_is_failed_and_says_so(system: Database) -> None:
    job = jobs.enqueue(system, "shop", kind="analyse", payload={})
    for attempt in range(jobs.ATTEMPTS):
        assert jobs.claim(system, f"w{attempt}") is not None
        expire(system)
    assert jobs.claim(system, "last") is None
    ended = jobs.get(system, job.id)
    assert ended.state == "failed"
    assert ended.error is not None
    assert ended.error["code"] == "worker_died"


def test_a_starting_worker_takes_running_jobs_over_at_once(system: Database) -> None:
    jobs.enqueue(system, "shop", kind="analyse", payload={})
    jobs.claim(system, "killed")
    jobs.release_all(system)
    assert jobs.claim(system, "new") is not None


def test_cancelling_a_waiting_job_ends_it_and_a_running_one_hears_of_it(system: Database) -> None:
    running = jobs.enqueue(system, "shop", kind="analyse", payload={})
    jobs.claim(system, "w")
    waiting = jobs.enqueue(system, "shop", kind="analyse", payload={})
    assert jobs.cancel(system, waiting.id).state == "cancelled"
    assert jobs.cancel(system, running.id).state == "running"
    assert not jobs.beat(system, running.id, "w")
    jobs.finish(system, running.id, state="cancelled")
    with pytest.raises(Conflict):
        jobs.cancel(system, running.id)


def test_a_cancelled_job_whose_worker_died_is_not_done_again(system: Database) -> None:
    job = jobs.enqueue(system, "shop", kind="analyse", payload={})
    jobs.claim(system, "w")
    jobs.cancel(system, job.id)
    expire(system)
    assert jobs.claim(system, "next") is None
    assert jobs.get(system, job.id).state == "cancelled"


def test_progress_and_result_are_read_back(system: Database) -> None:
    job = jobs.enqueue(system, "shop", kind="ingest", payload={"token": "a", "filename": "评价.csv"})
    jobs.claim(system, "w")
    jobs.progress(system, job.id, stage="embed", done=3, total=10)
    assert (jobs.get(system, job.id).stage, jobs.get(system, job.id).done, jobs.get(system, job.id).total) == (
        "embed",
        3,
        10,
    )
    jobs.finish(system, job.id, state="done", result={"counts": {"verbatims": 2}})
    ended = jobs.get(system, job.id)
    assert ended.result == {"counts": {"verbatims": 2}}
    assert ended.finished_at is not None
    assert jobs.payload(system, job.id)["filename"] == "评价.csv"


def test_unknown_jobs_are_not_found(system: Database) -> None:
    with pytest.raises(NotFound):
        jobs.get(system, 99)
    with pytest.raises(NotFound):
        jobs.payload(system, 99)


def test_newest_first_and_paged(system: Database) -> None:
    ids = [jobs.enqueue(system, "shop", kind="ingest", payload={"token": str(n)}).id for n in range(5)]
    first = jobs.newest(system, "shop", limit=3)
    second = jobs.newest(system, "shop", limit=3, after=first.next)
    assert [job.id for job in (*first.items, *second.items)] == ids[::-1]
    assert second.next is None
    assert first.total == 5

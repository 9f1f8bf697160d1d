"""The worker: one process per data folder that does the jobs, renewing its lease while it works.

Killed at any moment it loses nothing: a job saves in one write at its end, vectors it has computed are kept, and the
next worker takes the job up again and ends with the same result.
"""

import fcntl
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from app import incoming
from app.errors import XinshengError
from app.settings import Settings
from app.store import jobs, projects
from app.store.views import JobView
from pipelines.records import Report
from pipelines.spread import Spread

log = logging.getLogger("xinsheng.worker")

POLL_S = 0.5
"""Seconds between two looks for work: short enough to feel immediate, long enough to cost nothing."""
PROGRESS_S = 0.3
"""Least seconds between two writes of progress."""


class Cancelled(Exception):
    """The person who started a job no longer wants it, or another worker has it now."""


def run_forever(settings: Settings, *, stop: threading.Event | None = None, server: int | None = None) -> None:
    """Do jobs until told to stop. Returns at once where another worker serves this data folder.

    With `server`, the process id of the server that started it, it also ends when that server is gone.
    """
    lock = only_worker(settings.data)
    if lock is None:
        log.warning("another worker serves %s already", settings.data)
        return
    system = projects.open_system(settings.data)
    jobs.release_all(system)
    tidy(system, settings)
    stop = stop or threading.Event()
    while not stop.is_set() and server in (None, os.getppid()):
        if not run_once(system, settings):
            stop.wait(POLL_S)
    system.close()
    os.close(lock)


def only_worker(folder: Path) -> int | None:
    """Take the data folder's worker lock; None where another process holds it. It falls when the process ends."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "worker.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def run_once(system: Database, settings: Settings) -> bool:
    """Do the next job, if there is one; say whether there was."""
    name = f"worker-{os.getpid()}"
    job = jobs.claim(system, name)
    if job is None:
        return False
    log.info("job %s: %s for %s, attempt %s", job.id, job.kind, job.project, job.attempts)
    with _Lease(settings.data, job, worker=name) as lease:
        try:
            result = do(system, settings, job, report=lease.report)
        except Cancelled:
            jobs.finish(system, job.id, state="cancelled")
        except XinshengError as error:
            told = {"code": error.code, "values": error.values, "message": error.message, "details": error.details}
            jobs.finish(system, job.id, state="failed", error=told)
        except Exception:
            log.exception("job %s failed", job.id)
            jobs.finish(system, job.id, state="failed", error={"code": "internal", "values": {}})
        else:
            jobs.finish(system, job.id, state="done", result=result)
    tidy(system, settings)
    return True


def do(system: Database, settings: Settings, job: JobView, *, report: Report) -> Mapping[str, Any]:
    """Do one job and return what it gave."""
    db = projects.open_project(settings.data, job.project)
    try:
        return KINDS[job.kind](system, db, settings, job, report)
    finally:
        db.close()


def _ingest(system: Database, db: Database, settings: Settings, job: JobView, report: Report) -> Mapping[str, Any]:
    from app.tasks import ingest_file

    payload = jobs.payload(system, job.id)
    upload = incoming.find(settings.data, payload["token"])
    done = ingest_file(
        db,
        upload.path.read_bytes(),
        payload["filename"],
        kind=payload["kind"],
        mapping=payload.get("mapping"),
        report=report,
    )
    # A worker killed between saving and saying so left the file stored: the next attempt finds it there, but it is new.
    repeated = done.repeated and job.attempts == 1
    result: dict[str, Any] = {
        "source": done.source,
        "filename": done.filename,
        "kind": done.kind,
        "counts": done.counts,
        "notes": done.notes,
        "repeated": repeated,
    }
    if not repeated:
        result["next_job"] = jobs.enqueue(system, job.project, kind="analyse", payload={}).id
    return result


def _analyse(system: Database, db: Database, settings: Settings, job: JobView, report: Report) -> Mapping[str, Any]:
    from app.tasks import analyse_project

    with _hands(db, settings, only_new=False) as spread:
        return analyse_project(db, settings=settings, spread=spread, report=report)


def _extend(system: Database, db: Database, settings: Settings, job: JobView, report: Report) -> Mapping[str, Any]:
    from app.tasks import extend_project

    with _hands(db, settings, only_new=True) as spread:
        return extend_project(db, settings=settings, spread=spread, report=report)


def _refit(system: Database, db: Database, settings: Settings, job: JobView, report: Report) -> Mapping[str, Any]:
    from app.tasks.refit import refit_project, use_refit

    payload = jobs.payload(system, job.id)
    if "active" in payload:
        return use_refit(db, settings=settings, active=bool(payload["active"]), report=report)
    return refit_project(db, settings=settings, anyway=bool(payload.get("anyway")), report=report)


def _hands(db: Database, settings: Settings, *, only_new: bool) -> AbstractContextManager[Spread]:
    from app.engines import hands
    from app.store import verbatims

    return hands(settings, size=verbatims.letters(db, only_new=only_new))


KINDS: Mapping[str, Callable[[Database, Database, Settings, JobView, Report], Mapping[str, Any]]] = {
    "ingest": _ingest,
    "analyse": _analyse,
    "extend": _extend,
    "refit": _refit,
}


class _Lease:
    """Holds a job while it is worked on: a thread renews the lease, and `report` writes progress and stops the job."""

    def __init__(self, folder: Path, job: JobView, *, worker: str) -> None:
        self._folder = folder
        self._job = job
        self._worker = worker
        self._over = threading.Event()
        self._wanted = True
        self._system = projects.open_system(folder)
        self._written = 0.0
        self._stage = ""
        self._thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> "_Lease":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._system.close()

    def report(self, stage: str, done: int, total: int) -> None:
        """Write progress down. Raises Cancelled where the job is no longer wanted."""
        if not self._wanted:
            raise Cancelled
        moment = time.monotonic()
        if stage != self._stage or done >= total or moment - self._written >= PROGRESS_S:
            if not jobs.beat(self._system, self._job.id, self._worker):
                self._wanted = False
                raise Cancelled
            jobs.progress(self._system, self._job.id, stage=stage, done=done, total=total)
            self._written, self._stage = moment, stage

    def _renew(self) -> None:
        system = projects.open_system(self._folder)
        while not self._over.wait(jobs.LEASE_S / 6):
            self._wanted = jobs.beat(system, self._job.id, self._worker) and self._wanted
        system.close()


def tidy(system: Database, settings: Settings) -> None:
    """Remove the uploads that a job has read, and those that nobody came back for."""
    for token, hours in incoming.waiting(settings.data):
        states = jobs.states_of_upload(system, token)
        unwanted = hours > settings.incoming_hours if not states else not states & {"queued", "running"}
        if unwanted:
            incoming.forget(settings.data, token)


def main() -> None:
    """Run the worker of the data folder that the settings name; a first argument is the server's process id."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    run_forever(Settings(), server=int(sys.argv[1]) if len(sys.argv) > 1 else None)


if __name__ == "__main__":
    main()

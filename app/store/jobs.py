"""Long work as rows: a worker claims a job with a lease, so a killed worker loses nothing and its job goes on.

The design was measured against task queues that lose a running task on kill -9 (docs/decisions.md).
"""

import json
import time
from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from app.database import write
from app.errors import Conflict, NotFound
from app.store.filters import next_after, offset_of
from app.store.projects import now
from app.store.views import JobView, Page

LEASE_S = 30.0
"""A worker that has not shown itself for this long is taken for dead; it shows itself every LEASE_S / 6."""
ATTEMPTS = 3
"""A job that has killed its worker this often (out of memory, say) is failed instead of tried for ever."""

COLUMNS = "id, project, kind, state, stage, done, total, result, error, attempts, created_at, started_at, finished_at"


def enqueue(system: Database, project: str, *, kind: str, payload: Mapping[str, Any]) -> JobView:
    """Add a job; the same kind and payload still waiting for the same project is that job, not a second one."""
    body = json.dumps(payload, ensure_ascii=False, sort_keys=True)
    with write(system):
        row = system.conn.execute(
            "SELECT id FROM jobs WHERE project = ? AND kind = ? AND payload = ? AND state = 'queued'",
            (project, kind, body),
        ).fetchone()
        if row is None:
            row = system.conn.execute(
                "INSERT INTO jobs (project, kind, payload, created_at) VALUES (?, ?, ?, ?) RETURNING id",
                (project, kind, body, now()),
            ).fetchone()
    return get(system, row[0])


def get(system: Database, job_id: int) -> JobView:
    """Return a job. Raises NotFound where there is none."""
    row = system.conn.execute(f"SELECT {COLUMNS} FROM jobs WHERE id = ?", (job_id,)).fetchone()
    if row is None:
        raise NotFound(code="no_job", values={"job": job_id})
    return _view(row)


def payload(system: Database, job_id: int) -> dict[str, Any]:
    """Return what a job was asked to do."""
    row = system.conn.execute("SELECT payload FROM jobs WHERE id = ?", (job_id,)).fetchone()
    if row is None:
        raise NotFound(code="no_job", values={"job": job_id})
    return dict(json.loads(row[0]))


def newest(system: Database, project: str, *, limit: int = 50, after: str | None = None) -> Page[JobView]:
    """Return a project's jobs, newest first."""
    offset = offset_of(after)
    total = system.conn.execute("SELECT count(*) FROM jobs WHERE project = ?", (project,)).fetchone()[0]
    rows = system.conn.execute(
        f"SELECT {COLUMNS} FROM jobs WHERE project = ? ORDER BY id DESC LIMIT ? OFFSET ?", (project, limit, offset)
    )
    return Page(items=tuple(_view(row) for row in rows), total=total, next=next_after(offset, limit, total))


def unfinished(system: Database, project: str) -> tuple[JobView, ...]:
    """Return a project's queued and running jobs, in the order they will be done."""
    rows = system.conn.execute(
        f"SELECT {COLUMNS} FROM jobs WHERE project = ? AND state IN ('queued', 'running') ORDER BY id", (project,)
    )
    return tuple(_view(row) for row in rows)


def waiting(system: Database) -> int:
    """Return how many jobs of all projects are queued or running."""
    return int(system.conn.execute("SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')").fetchone()[0])


def states_of_upload(system: Database, token: str) -> frozenset[str]:
    """Return the states of the jobs that were to read the upload with this token; empty where none was."""
    rows = system.conn.execute(
        "SELECT DISTINCT state FROM jobs WHERE kind = 'ingest' AND json_extract(payload, '$.token') = ?", (token,)
    )
    return frozenset(row[0] for row in rows)


def cancel(system: Database, job_id: int) -> JobView:
    """Cancel a job: at once where it waits, at its next step where it runs. Raises Conflict where it has ended."""
    job = get(system, job_id)
    if job.state not in ("queued", "running"):
        raise Conflict(code="job_ended", values={"job": job_id, "state": job.state})
    with write(system):
        system.conn.execute(
            "UPDATE jobs SET state = 'cancelled', finished_at = ? WHERE id = ? AND state = 'queued'", (now(), job_id)
        )
        system.conn.execute("UPDATE jobs SET cancel_requested = 1 WHERE id = ? AND state = 'running'", (job_id,))
    return get(system, job_id)


def claim(system: Database, worker: str) -> JobView | None:
    """Give this worker the oldest job that waits or whose worker is gone; None where there is nothing to do."""
    moment = time.time()
    with write(system):
        system.conn.execute(
            """UPDATE jobs SET state = 'failed', finished_at = ?, error = ?
               WHERE state = 'running' AND lease_until < ? AND attempts >= ?""",
            (now(), json.dumps({"code": "worker_died", "values": {"attempts": ATTEMPTS}}), moment, ATTEMPTS),
        )
        system.conn.execute(
            """UPDATE jobs SET state = 'cancelled', finished_at = ?
               WHERE state = 'running' AND lease_until < ? AND cancel_requested = 1""",
            (now(), moment),
        )
        row = system.conn.execute(
            f"""UPDATE jobs SET state = 'running', worker = ?, lease_until = ?, attempts = attempts + 1,
                    started_at = coalesce(started_at, ?), stage = '', done = 0, total = 0
                WHERE id = (SELECT id FROM jobs WHERE state = 'queued' OR (state = 'running' AND lease_until < ?)
                            ORDER BY id LIMIT 1)
                RETURNING {COLUMNS}""",
            (worker, moment + LEASE_S, now(), moment),
        ).fetchone()
    return None if row is None else _view(row)


def release_all(system: Database) -> None:
    """Let go of every lease: called when a data folder's only worker starts, so that its jobs go on at once."""
    with write(system):
        system.conn.execute("UPDATE jobs SET lease_until = 0 WHERE state = 'running'")


def beat(system: Database, job_id: int, worker: str) -> bool:
    """Renew the lease; False where the job is no longer this worker's or was cancelled."""
    with write(system):
        row = system.conn.execute(
            """UPDATE jobs SET lease_until = ? WHERE id = ? AND worker = ? AND state = 'running'
               RETURNING cancel_requested""",
            (time.time() + LEASE_S, job_id, worker),
        ).fetchone()
    return row is not None and not row[0]


def progress(system: Database, job_id: int, *, stage: str, done: int, total: int) -> None:
    """Write down how far a job has come."""
    with write(system):
        system.conn.execute("UPDATE jobs SET stage = ?, done = ?, total = ? WHERE id = ?", (stage, done, total, job_id))


def finish(
    system: Database,
    job_id: int,
    *,
    state: str,
    result: Mapping[str, Any] | None = None,
    error: Mapping[str, Any] | None = None,
) -> None:
    """End a job as done, failed or cancelled, with what it gave or what went wrong."""
    with write(system):
        system.conn.execute(
            "UPDATE jobs SET state = ?, result = ?, error = ?, finished_at = ?, lease_until = NULL WHERE id = ?",
            (state, _json(result), _json(error), now(), job_id),
        )


def _json(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _view(row: tuple[Any, ...]) -> JobView:
    values = dict(zip(COLUMNS.split(", "), row, strict=True))
    for key in ("result", "error"):
        values[key] = None if values[key] is None else json.loads(values[key])
    return JobView(**values)

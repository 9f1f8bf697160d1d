"""Projects: a row in `system.db` and one SQLite file each, so that deleting or handing over a project is one file."""

import json
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from app.database import connect, write
from app.errors import BadRequest, Conflict, NotFound
from app.store import migrations

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?")
"""Safe in an address and as a file name on every system; 48 letters keep paths short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One body of feedback with its own themes and customers."""

    slug: str
    name: str
    created_at: str


def now() -> str:
    """Return the present moment in UTC as ISO 8601 with zone, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def open_system(folder: Path) -> Database:
    """Return the system database of a data folder, made and migrated where needed."""
    (folder / "projects").mkdir(parents=True, exist_ok=True)
    db = connect(folder / "system.db")
    migrations.system.apply(db)
    return db


def project_path(folder: Path, slug: str) -> Path:
    """Return where a project's file lies. Raises NotFound for a slug that could not be one."""
    if not SLUG.fullmatch(slug):
        raise NotFound(code="no_project", values={"project": slug})
    return folder / "projects" / f"{slug}.db"


def open_project(folder: Path, slug: str) -> Database:
    """Return a project's database. Raises NotFound where there is no such project."""
    path = project_path(folder, slug)
    if not path.exists():
        raise NotFound(code="no_project", values={"project": slug})
    return prepare_project(connect(path))


def prepare_project(db: Database) -> Database:
    """Apply what migrations are pending and see that the project has its salt for contact hashes."""
    migrations.project.apply(db)
    if get_setting(db, "salt") is None:
        with write(db):
            put_setting(db, "salt", secrets.token_hex(16))
    return db


def create(system: Database, folder: Path, *, slug: str, name: str) -> Project:
    """Make a project and its file. Raises BadRequest for an unusable slug, Conflict where it is taken."""
    if not SLUG.fullmatch(slug):
        raise BadRequest(code="bad_slug", values={"slug": slug})
    if any(existing.slug == slug for existing in all_projects(system)):
        raise Conflict(code="slug_taken", values={"slug": slug})
    project = Project(slug=slug, name=name.strip() or slug, created_at=now())
    prepare_project(connect(project_path(folder, slug))).close()
    with write(system):
        system.conn.execute(
            "INSERT INTO projects (slug, name, created_at) VALUES (?, ?, ?)",
            (project.slug, project.name, project.created_at),
        )
    return project


def delete(system: Database, folder: Path, slug: str) -> None:
    """Remove a project, its jobs and its file. Raises NotFound where there is none."""
    get(system, slug)
    with write(system):
        system.conn.execute("DELETE FROM projects WHERE slug = ?", (slug,))
    path = project_path(folder, slug)
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def get(system: Database, slug: str) -> Project:
    """Return the project with this slug. Raises NotFound where there is none."""
    for project in all_projects(system):
        if project.slug == slug:
            return project
    raise NotFound(code="no_project", values={"project": slug})


def all_projects(system: Database) -> tuple[Project, ...]:
    """Return every project, oldest first."""
    rows = system.conn.execute("SELECT slug, name, created_at FROM projects ORDER BY created_at, slug")
    return tuple(Project(slug=slug, name=name, created_at=created_at) for slug, name, created_at in rows)


def get_setting(db: Database, key: str) -> object:
    """Return a project setting as it was put, or None."""
    row = db.conn.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
    return None if row is None else json.loads(row[0])


def put_setting(db: Database, key: str, value: object) -> None:
    """Store a project setting; inside a write transaction."""
    db.conn.execute(
        "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, json.dumps(value, ensure_ascii=False)),
    )

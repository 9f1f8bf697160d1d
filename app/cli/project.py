"""A project by its slug, without making a data folder that was not there."""

from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import NotFound

if TYPE_CHECKING:
    from sqlite_utils import Database


def open_existing(data: Path | None, slug: str) -> "Database":
    """Return a project's database; `data` None means the settings' folder. Raises NotFound naming what there is."""
    from app.settings import Settings
    from app.store import projects

    folder = data if data is not None else Settings().data
    if not (folder / "system.db").exists():
        raise NotFound(code="no_data_folder", values={"path": str(folder)})
    return projects.open_project(folder, slug)

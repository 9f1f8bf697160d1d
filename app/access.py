"""The one dependency every route stands behind: who asks, in which language, and which project they may open.

There are no accounts yet: whoever can reach the address may do everything, which is why the server listens on
127.0.0.1 only unless it is told otherwise. Access control has its place here and nowhere else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from sqlite_utils import Database

from app.locale import UiLanguage, preferred
from app.settings import Settings
from app.store import projects

LANGUAGE_COOKIE = "xinsheng_language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who asks: so far only the language they read and the settings of the house."""

    language: UiLanguage
    settings: Settings

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self.settings.data


def visitor(request: Request) -> Visitor:
    """Return who asks; the language is the address's `lang`, else the cookie's, else the browser's."""
    wish = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    language: UiLanguage
    if wish == "zh":
        language = "zh"
    elif wish == "en":
        language = "en"
    else:
        language = preferred(request.headers.get("accept-language"))
    return Visitor(language=language, settings=request.app.state.settings)


VisitorDep = Annotated[Visitor, Depends(visitor)]


def system_database(visitor: VisitorDep) -> Iterator[Database]:
    """Give the system database for the length of a request."""
    db = projects.open_system(visitor.folder)
    try:
        yield db
    finally:
        db.close()


def project_database(visitor: VisitorDep, project: str) -> Iterator[Database]:
    """Give the database of the project in the address for the length of a request. Raises NotFound."""
    db = projects.open_project(visitor.folder, project)
    try:
        yield db
    finally:
        db.close()


SystemDep = Annotated[Database, Depends(system_database)]
ProjectDep = Annotated[Database, Depends(project_database)]

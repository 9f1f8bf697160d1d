"""Export: verbatims, opinion units, themes or customers as a file, under the same filters as everywhere."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from app.access import ProjectDep, SystemDep, VisitorDep
from app.api.download import Download, ScratchDep, described, download
from app.asked import FiltersDep
from app.export import MEDIA_TYPES, Format, What, write
from app.store import projects

router = APIRouter(tags=["export"])


@router.get(
    "/projects/{project}/export",
    summary="Export as a file",
    response_class=Download,
    responses=described(MEDIA_TYPES.values()),
)
def export(
    project: str,
    db: ProjectDep,
    system: SystemDep,
    visitor: VisitorDep,
    filters: FiltersDep,
    file: ScratchDep,
    *,
    format: Annotated[Format, Query(description="`html` is the theme report: one file that opens offline.")] = "csv",
    what: Annotated[What, Query(description="What the rows are; `html` is always the report.")] = "verbatims",
) -> StreamingResponse:
    """Return a download. Cells that a spreadsheet would run as a formula are defused."""
    name = projects.get(system, project).name
    write(db, file, format=format, what=what, filters=filters, language=visitor.language)
    part = "report" if format == "html" else what
    return download(
        file,
        media_type=MEDIA_TYPES[format],
        filename=f"{name}-{part}.{format}",
        fallback=f"{project}-{part}.{format}",
    )

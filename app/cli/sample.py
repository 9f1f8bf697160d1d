"""The bilingual sample as a project, so that a newcomer sees every feature before having a file."""

from app.settings import Settings

SLUG = "sample"
NAME = "示例 Sample"


def load_sample(settings: Settings) -> bool:
    """Queue the sample's files for the worker as a new project; False where the project is there already."""
    from app import incoming
    from app.sample import SAMPLE_FILES
    from app.store import jobs, projects

    system = projects.open_system(settings.data)
    try:
        if any(project.slug == SLUG for project in projects.all_projects(system)):
            return False
        projects.create(system, settings.data, slug=SLUG, name=NAME)
        for file in SAMPLE_FILES:
            data = file.path.read_bytes()
            kept = incoming.keep(settings.data, file.name, [data], limit=len(data))
            kind = "customers" if file.kind == "customers" else "feedback"
            payload = {"token": kept.token, "filename": file.name, "kind": kind, "mapping": None, "source": None}
            jobs.enqueue(system, SLUG, kind="ingest", payload=payload)
        return True
    finally:
        system.close()

"""The bilingual sample as a project, so that a newcomer sees every feature before having a file."""

from importlib.resources import files

from app.settings import Settings

SLUG = "sample"
NAME = "示例 Sample"
SUFFIXES = (".csv", ".tsv", ".xlsx", ".json", ".jsonl", ".txt", ".md", ".docx", ".vtt", ".srt")
CUSTOMERS = "customers"
"""A file whose name begins so is a customers file, and is read before all others."""


def load_sample(settings: Settings) -> bool:
    """Queue the sample's files for the worker as a new project; False where the project is there already."""
    from app import incoming
    from app.store import jobs, projects

    system = projects.open_system(settings.data)
    try:
        if any(project.slug == SLUG for project in projects.all_projects(system)):
            return False
        projects.create(system, settings.data, slug=SLUG, name=NAME)
        found = [item for item in files("app").joinpath("sample").iterdir() if item.name.endswith(SUFFIXES)]
        for item in sorted(found, key=lambda item: (not item.name.startswith(CUSTOMERS), item.name)):
            data = item.read_bytes()
            kept = incoming.keep(settings.data, item.name, [data], limit=len(data))
            payload = {
                "token": kept.token,
                "filename": item.name,
                "kind": "customers" if item.name.startswith(CUSTOMERS) else "feedback",
                "mapping": None,
                "source": None,
            }
            jobs.enqueue(system, SLUG, kind="ingest", payload=payload)
        return True
    finally:
        system.close()

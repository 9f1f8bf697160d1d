"""What jobs do: the one place where store, pipelines and models meet. Each loads records, calls, saves records.

preview.py   an upload looked at before it is read: proposed mapping, first rows
ingest.py    a file → verbatims, customers, what was rejected and set aside
push.py      items of an API call → verbatims
analyse.py   all verbatims → themes, sentiment, insight; or new verbatims → known themes
insight.py   trend, impact and customer types, counted from stored rows
"""

from app.tasks.analyse import analyse_project, extend_project
from app.tasks.ingest import ingest_file
from app.tasks.preview import Preview, preview
from app.tasks.push import add_items

__all__ = ["Preview", "add_items", "analyse_project", "extend_project", "ingest_file", "preview"]

"""Every side effect of Xinsheng: SQLite, HTTP, pages, the command line, jobs.

Loads records, calls a pipeline, saves records. `tasks.py` is the one place where store, pipelines and models meet.
"""

from importlib.metadata import version as _installed_version

__version__ = _installed_version("xinsheng")

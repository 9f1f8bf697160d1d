"""The web application: pages, API and documentation under one roof, every route behind one dependency."""

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from app import __version__
from app.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application over one data folder. It loads no model: the worker does that."""
    app = FastAPIOffline(title="Xinsheng 心声", version=__version__, docs_url="/docs", redoc_url=None)
    app.state.settings = settings or Settings()
    return app

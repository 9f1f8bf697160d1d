"""Settings: what a person may configure, each from an environment variable `XINSHENG_…` or a default that works."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipelines.settings import AnalysisSettings

MOST_PROCESSES = 64
"""Each holds the dictionaries and models anew, about 250 MB, and starts in a second of a processor: 64 are 16 GB. Who
has more processors than that shares the work over a Ray cluster (docs/scaling.md)."""


class Settings(BaseSettings):
    """Everything configurable, in one place. Command-line options win over the environment."""

    model_config = SettingsConfigDict(env_prefix="XINSHENG_", frozen=True)

    data: Path = Path("data")
    """The data folder: `system.db`, one file per project, and uploads until they are read."""
    encoder: str = "shipped"
    """`shipped`, `base`, `sentence-transformers:NAME_OR_FOLDER` or `transformers:NAME_OR_FOLDER`."""
    sentiment: str = "shipped"
    """`shipped`, `accurate` or `transformers:NAME_OR_FOLDER`."""
    seed: int = 20260401
    """The seed of every random step."""
    engine: Literal["processes", "ray"] = "processes"
    """Who shares an analysis: processes of this machine, or the Ray cluster at `RAY_ADDRESS` (a local one without)."""
    processes: Annotated[int, Field(ge=0, le=MOST_PROCESSES)] = 0
    """Processes that share an analysis: 0 is one per processor, four at most; 1 is this process alone."""
    max_upload_mb: int = 200
    """Largest file taken: 200 MB is about a million reviews; reading one needs a few times its size in memory."""
    max_items: int = 10_000
    """Most verbatims in one API call, so that a call is answered in seconds."""
    hosts: str = ""
    """Names the server is reached by besides localhost and numeric addresses, with commas between; `*` for any."""
    llm_url: str = ""
    """Where an OpenAI-compatible endpoint is asked to propose names of themes; without it nobody is asked."""
    llm_model: str = ""
    """The model asked for there."""
    llm_key: SecretStr = SecretStr("")
    """The key for it, where it wants one; never shown, logged or stored."""
    incoming_hours: int = 24
    """How long a previewed but not confirmed upload is kept; it may hold personal data, so not for long."""


def analysis_settings(settings: Settings) -> AnalysisSettings:
    """Return the settings of an analysis of this installation: a run, an edit and a proposal all follow these."""
    return replace(AnalysisSettings(), seed=settings.seed)

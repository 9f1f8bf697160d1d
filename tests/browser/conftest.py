"""A real server and a real browser: what only they can show."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from app.main import create_app
from tests.app.factories import filled_project, settings_for

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@dataclass
class Watched:
    """A page with everything it asked for and complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a filled project and return the address."""
    folder = tmp_path_factory.mktemp("browser")
    filled_project(folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(create_app(settings_for(folder)), host="127.0.0.1", port=port, log_level="warning", ws="none")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium; skipped where there is none, except in CI."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI has no Chromium: install it with apt-get install chromium")
        pytest.skip("no Chromium here: install it with apt-get install chromium")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def watched(browser: Browser, house: str, request: pytest.FixtureRequest) -> Iterator[Watched]:
    """Open a page; a test may ask for a width, a language or dark by `@pytest.mark.parametrize(..., indirect=True)`."""
    wish: dict[str, str] = getattr(request, "param", {})
    context = browser.new_context(
        base_url=house,
        viewport=ViewportSize(width=int(wish.get("width", "1240")), height=900),
        locale=wish.get("locale", "en-GB"),
        color_scheme="dark" if wish.get("look") == "dark" else "light",
        java_script_enabled=wish.get("script") != "off",
    )
    found = Watched(page=context.new_page())
    found.page.on("request", lambda asked: found.requests.append(asked.url))
    found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
    found.page.on(
        "console", lambda said: found.complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    yield found
    context.close()

"""A tiny OpenAI-compatible server on this machine: answers as a test tells it to, remembers what it was asked."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """An answer as bytes: `pieces` of them are sent, with `pause_s` before each and before the status line."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    pieces: int = 1
    pause_s: float = 0.0
    bare: bool = False


Say = Callable[[dict[str, Any]], str | Raw]


@dataclass(slots=True, kw_only=True)
class Asked:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def material(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body["messages"][1]["content"])
        return told


@dataclass(slots=True, kw_only=True)
class FakeLlm:
    """What a test sees of the server; set `say` to change what it answers to the material of a request."""

    url: str
    say: Say
    asked: list[Asked] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: threading.Event = field(default_factory=threading.Event)


def message(content: object) -> bytes:
    """Return the body of a well-formed answer."""
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


def by_keywords(material: dict[str, Any]) -> str:
    """Name a theme after its own keywords: mostly good names."""
    zh = next((word for word in material["keywords"] if "\u4e00" <= word[0] <= "\u9fff" and len(word) > 1), "问题")
    en = [word for word in material["keywords"] if word.isascii()] or ["thing"]
    return json.dumps({"zh": f"{zh}的情况", "en": f"{en[0]} matters"}, ensure_ascii=False)


@contextmanager
def llm_server(say: Say = by_keywords) -> Iterator[FakeLlm]:
    """Serve until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    # Test threads must not be waited for: some of them sleep.
    server.block_on_close = False
    fake = FakeLlm(url=f"http://127.0.0.1:{server.server_port}/v1", say=say)
    server.fake = fake  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        fake: FakeLlm = self.server.fake  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))) or b"{}")
        asked = Asked(path=self.path, headers=dict(self.headers), body=body)
        with fake.lock:
            fake.asked.append(asked)
            fake.at_once += 1
            fake.most_at_once = max(fake.most_at_once, fake.at_once)
        try:
            given = fake.say(asked.material)
            self._send(given if isinstance(given, Raw) else Raw(body=message(given)), over=fake.over)
        except OSError:
            pass
        finally:
            with fake.lock:
                fake.at_once -= 1

    def _send(self, raw: Raw, *, over: threading.Event) -> None:
        if not raw.bare:
            over.wait(raw.pause_s)
            self.send_response(raw.status)
            for name, value in raw.headers:
                self.send_header(name, value)
            self.end_headers()
        for _ in range(raw.pieces):
            if over.wait(raw.pause_s) and raw.pieces > 1:
                return
            self.wfile.write(raw.body)
            self.wfile.flush()


def seconds_of(work: Callable[[], object]) -> float:
    """Return how long something takes."""
    began = time.monotonic()
    work()
    return time.monotonic() - began

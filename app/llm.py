"""The one place that talks to a language model: an OpenAI-compatible endpoint, where a person has set one.

`POST {url}/chat/completions`, one answer, no streaming, temperature 0. What comes back is text and nothing else: it is
never run, and whoever asks checks it. No redirect is followed (what is sent goes to the address that was set and no
other), an answer has a size and a time, and the key is in no message, log or store.
"""

import contextlib
import json
import threading
import time
from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from app.settings import Settings

TIMEOUT_S = 60.0
"""For one try, from the first byte sent to the last received: a small model on a processor needs half a minute."""
PAUSES_S = (0.5, 2.0)
"""Waits before the second and the third try."""
LONGEST_PAUSE_S = 20.0
"""Longest wait that an endpoint may ask for with Retry-After."""
MOST_BYTES = 256 * 1024
"""Largest answer read: two names need 100 bytes, a model's thoughts beside them some tens of thousands."""
PARALLEL = 4
GIVE_UP = 4
"""So many failures with no answer between them, each after its tries, and no more is asked: the endpoint is down."""
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
"""What another try may mend; any other status it does not, for none of the requests."""
NO_BETTER = frozenset({"too_long", "not_json"})
"""Answers that came and are none: at temperature 0 the next would be the same, though another question's may not be."""
HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where to ask, for which model, and how patiently."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    timeout_s: float = TIMEOUT_S
    pauses_s: tuple[float, ...] = PAUSES_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: instructions from us, and material that they are about."""

    instructions: str
    material: str


class LlmFailure(Exception):
    """No answer. `code` says why (`bad_url`, `no_model`, `bad_key`, `unreachable`, `timeout`, `status`, `redirect`,
    `too_long`, `not_json`), `detail` the value at fault; `lasting` that asking again is of no use."""

    def __init__(self, code: str, detail: str = "", *, lasting: bool = False, after_s: float = 0.0) -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail
        self.lasting = lasting
        self.after_s = after_s


def endpoint_of(settings: Settings) -> Endpoint | None:
    """Return the endpoint that the settings name, None where they name none."""
    url = settings.llm_url.strip()
    if not url:
        return None
    return Endpoint(url=url, model=settings.llm_model.strip(), key=settings.llm_key.get_secret_value().strip())


def address_shown(url: str) -> str:
    """Return an endpoint's address as it may be shown: no user, password or query, which may hold secrets."""
    try:
        parts = urlsplit(url)
        name = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "?"
    return urlunsplit((parts.scheme, f"[{name}]{port}" if ":" in name else name + port, parts.path, "", ""))


def ask_all(endpoint: Endpoint, questions: Sequence[Question]) -> Generator[tuple[int, str | LlmFailure]]:
    """Yield (number of the question, its answer or why there is none) as they come, four asked at a time.

    Once the endpoint is plainly down, or refuses what all of them need, the rest is not asked and not yielded.
    """
    stop = threading.Event()
    failed = 0
    pool = ThreadPoolExecutor(max_workers=PARALLEL, thread_name_prefix="llm")
    try:
        waiting: dict[Future[str | LlmFailure], int] = {
            pool.submit(_answer_of, endpoint, question, stop): number for number, question in enumerate(questions)
        }
        while waiting:
            for done in wait(waiting, return_when=FIRST_COMPLETED).done:
                number, given = waiting.pop(done), done.result()
                if isinstance(given, LlmFailure) and given.code == "stopped":
                    continue
                failed = failed + 1 if isinstance(given, LlmFailure) else 0
                if failed >= GIVE_UP or (isinstance(given, LlmFailure) and given.lasting):
                    stop.set()
                yield number, given
    finally:
        # Also where the caller stops listening, because its job was cancelled.
        stop.set()
        pool.shutdown(wait=False, cancel_futures=True)


def _answer_of(endpoint: Endpoint, question: Question, stop: threading.Event) -> str | LlmFailure:
    if stop.is_set():
        return LlmFailure("stopped")
    try:
        return ask(endpoint, question, stop=stop)
    except LlmFailure as failure:
        return failure


def ask(endpoint: Endpoint, question: Question, *, stop: threading.Event | None = None) -> str:
    """Return what the model says to a question: text that nobody has checked. Raises LlmFailure.

    What another try may mend is tried twice more, unless `stop` is set.
    """
    request = _request(endpoint, question)
    stop = stop or threading.Event()
    for pause in endpoint.pauses_s:
        try:
            return _within(request, endpoint.timeout_s, stop)
        except LlmFailure as failure:
            if failure.lasting or failure.code in NO_BETTER or stop.wait(max(pause, failure.after_s)):
                raise
    return _within(request, endpoint.timeout_s, stop)


def _request(endpoint: Endpoint, question: Question) -> Request:
    """Return the request. Raises LlmFailure where a setting cannot be used; none of them is quoted in it."""
    try:
        parts = urlsplit(endpoint.url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or parts.username is not None or not endpoint.url.isascii() or not endpoint.url.isprintable():
        raise LlmFailure("bad_url", lasting=True)
    if not endpoint.model:
        raise LlmFailure("no_model", lasting=True)
    # A line break in a key would end the header, and the error for it would quote the key.
    if not endpoint.key.isascii() or not endpoint.key.isprintable() or " " in endpoint.key:
        raise LlmFailure("bad_key", lasting=True)
    path = parts.path.rstrip("/") + "/chat/completions"
    body = {
        "model": endpoint.model,
        "messages": [
            {"role": "system", "content": question.instructions},
            {"role": "user", "content": question.material},
        ],
        "temperature": 0,
        "stream": False,
    }
    headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "xinsheng"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    return Request(  # noqa: S310 - http and https only, checked above
        urlunsplit((parts.scheme, parts.netloc, path, parts.query, "")),
        data=json.dumps(body).encode(),
        headers=headers,
        method="POST",
    )


def _within(request: Request, seconds: float, stop: threading.Event) -> str:
    """Return the answer to a request, given up when `stop` is set or these seconds are over, whatever is being sent.

    In a thread of its own, because a socket's timeout starts anew with every byte that drips in.
    """
    came: list[str | LlmFailure] = []

    def exchange() -> None:
        try:
            came.append(_content(_exchange(request, until=time.monotonic() + seconds, seconds=seconds)))
        except LlmFailure as failure:
            came.append(failure)

    thread = threading.Thread(target=exchange, daemon=True, name="llm-exchange")
    thread.start()
    given_up = time.monotonic() + seconds + 0.5
    while thread.is_alive() and time.monotonic() < given_up and not stop.is_set():
        thread.join(0.05)
    if not came:
        raise LlmFailure("stopped") if stop.is_set() else LlmFailure("timeout", f"{seconds:g} s")
    if isinstance(came[0], LlmFailure):
        raise came[0]
    return came[0]


def _exchange(request: Request, *, until: float, seconds: float) -> bytes:
    try:
        with contextlib.closing(_opener(request).open(request, timeout=seconds)) as response:
            return _read(response, until=until, seconds=seconds)
    except HTTPError as error:
        with error:
            raise _refused(error) from None
    except TimeoutError:
        raise LlmFailure("timeout", f"{seconds:g} s") from None
    except (URLError, HTTPException, OSError, ValueError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, TimeoutError):
            raise LlmFailure("timeout", f"{seconds:g} s") from None
        # The kind alone: some of these errors quote headers.
        raise LlmFailure("unreachable", type(reason).__name__) from None


def _read(response: HTTPResponse, *, until: float, seconds: float) -> bytes:
    read = bytearray()
    while piece := response.read1(64 * 1024):
        read += piece
        if len(read) > MOST_BYTES:
            raise LlmFailure("too_long", f"{MOST_BYTES // 1024} KiB")
        if time.monotonic() > until:
            raise LlmFailure("timeout", f"{seconds:g} s")
    return bytes(read)


def _refused(error: HTTPError) -> LlmFailure:
    if 300 <= error.code < 400:
        return LlmFailure("redirect", address_shown(error.headers.get("Location", "")) or "?", lasting=True)
    after = error.headers.get("Retry-After", "")
    after_s = min(float(after), LONGEST_PAUSE_S) if after.isascii() and after.isdigit() else 0.0
    return LlmFailure("status", str(error.code), lasting=error.code not in AGAIN, after_s=after_s)


def _content(body: bytes) -> str:
    try:
        value: Any = json.loads(body)
        content = value["choices"][0]["message"]["content"]
    except (ValueError, RecursionError, LookupError, TypeError):
        raise LlmFailure("not_json") from None
    if not isinstance(content, str):
        raise LlmFailure("not_json")
    return content


def _opener(request: Request) -> OpenerDirector:
    """Return what opens http and https and follows nothing; proxies of the environment, but not for this machine."""
    opener = OpenerDirector()
    here = (urlsplit(request.full_url).hostname or "") in HERE
    for handler in (ProxyHandler({} if here else None), HTTPHandler(), HTTPSHandler(), HTTPErrorProcessor()):
        opener.add_handler(handler)
    opener.add_handler(HTTPDefaultErrorHandler())
    return opener

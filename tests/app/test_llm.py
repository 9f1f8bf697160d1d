"""Asking a language model, against a real server on this machine that behaves well and badly."""

import json
import socket
import threading
from contextlib import closing

import pytest

from app.llm import MOST_BYTES, Endpoint, LlmFailure, Question, address_shown, ask, ask_all, endpoint_of
from app.settings import Settings
from tests.app.llm_server import FakeLlm, Raw, llm_server, message, seconds_of

QUESTION = Question(instructions="Name it.", material='{"keywords": ["物流"]}')
KEY = "sk-do-not-tell-0123456789"
PAUSES = (0.01, 0.01)


def endpoint(fake: FakeLlm, *, timeout_s: float = 5.0) -> Endpoint:
    return Endpoint(url=fake.url, model="small-1", key=KEY, timeout_s=timeout_s, pauses_s=PAUSES)


def failure_of(asked: Endpoint) -> LlmFailure:
    with pytest.raises(LlmFailure) as caught:
        ask(asked, QUESTION)
    assert KEY not in str(caught.value) + repr(caught.value) + repr(caught.value.__cause__)
    return caught.value


def test_a_question_is_asked_as_the_interface_has_it() -> None:
    with llm_server(lambda _: "物流慢") as fake:
        assert ask(endpoint(fake), QUESTION) == "物流慢"
    (asked,) = fake.asked
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["Authorization"] == f"Bearer {KEY}"
    assert asked.body["model"] == "small-1"
    assert asked.body["temperature"] == 0
    assert asked.body["stream"] is False
    assert [one["role"] for one in asked.body["messages"]] == ["system", "user"]
    assert asked.material == {"keywords": ["物流"]}


def test_without_a_key_none_is_sent_and_a_query_stays_behind_the_path() -> None:
    with llm_server(lambda _: "ok") as fake:
        ask(Endpoint(url=f"{fake.url}/?api-version=1", model="m"), QUESTION)
    assert "Authorization" not in fake.asked[0].headers
    assert fake.asked[0].path == "/v1/chat/completions?api-version=1"


def test_what_may_pass_is_tried_twice_more() -> None:
    replies = iter((Raw(status=500), Raw(status=429, headers=(("Retry-After", "0"),)), "at last"))
    with llm_server(lambda _: next(replies)) as fake:
        assert ask(endpoint(fake), QUESTION) == "at last"
    assert len(fake.asked) == 3


def test_a_server_that_keeps_failing_is_given_up() -> None:
    with llm_server(lambda _: Raw(status=503)) as fake:
        failure = failure_of(endpoint(fake))
    assert (failure.code, failure.detail, failure.lasting) == ("status", "503", False)
    assert len(fake.asked) == 3


def test_a_refused_key_is_asked_about_once_and_never_quoted() -> None:
    with llm_server(lambda _: Raw(status=401, body=f"invalid key {KEY}".encode())) as fake:
        failure = failure_of(endpoint(fake))
    assert (failure.code, failure.detail, failure.lasting) == ("status", "401", True)
    assert len(fake.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with llm_server() as other:
        to = (("Location", f"{other.url}/chat/completions?token=1"),)
        with llm_server(lambda _: Raw(status=status, headers=to)) as fake:
            failure = failure_of(endpoint(fake))
    assert (failure.code, failure.lasting) == ("redirect", True)
    assert failure.detail == f"{other.url}/chat/completions"
    assert other.asked == []
    assert len(fake.asked) == 1


def test_a_silent_server_is_given_up_in_time() -> None:
    with llm_server(lambda _: Raw(pause_s=5.0, body=message("late"))) as fake:
        asked = Endpoint(url=fake.url, model="m", timeout_s=0.2, pauses_s=())
        assert seconds_of(lambda: failure_of(asked)) < 2
        assert failure_of(asked).code == "timeout"


@pytest.mark.parametrize("bare", [True, False], ids=["status line", "body"])
def test_a_server_that_drips_is_given_up_in_time(bare: bool) -> None:
    with llm_server(lambda _: Raw(body=b"HTTP", pieces=1_000, pause_s=0.05, bare=bare)) as fake:
        asked = Endpoint(url=fake.url, model="m", timeout_s=0.3, pauses_s=())
        assert seconds_of(lambda: failure_of(asked)) < 2
        assert failure_of(asked).code == "timeout"


def test_an_endless_answer_is_cut_off_and_not_asked_for_again() -> None:
    with llm_server(lambda _: Raw(body=b"x" * 65_536, pieces=100_000)) as fake:
        failure = failure_of(endpoint(fake))
    assert failure.code == "too_long"
    assert str(MOST_BYTES // 1024) in failure.detail
    assert len(fake.asked) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Please sign in</html>",
        b"",
        b"[]",
        b'{"choices": []}',
        b'{"choices": [{"message": {}}]}',
        message(None),
        message([{"type": "text", "text": "x"}]),
        b"\xff\xfe\x00",
        b"[" * 100_000,
    ],
    ids=["html", "empty", "list", "no choice", "no content", "null", "parts", "not utf-8", "deep"],
)
def test_what_is_no_answer_is_said_to_be_none(body: bytes) -> None:
    with llm_server(lambda _: Raw(body=body)) as fake:
        assert failure_of(endpoint(fake)).code == "not_json"


def test_nobody_there_is_a_failure_in_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    failure = failure_of(Endpoint(url=f"http://127.0.0.1:{port}/v1", model="m", key=KEY, pauses_s=()))
    assert (failure.code, failure.detail) == ("unreachable", "ConnectionRefusedError")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/v1",
        "127.0.0.1:8000/v1",
        "http://",
        "http://user:secret@127.0.0.1/v1",
        "http://127.0.0.1:port/v1",
        "http://127.0.0.1/v1\r\nX-Other: 1",
        "http://[::1/v1",
    ],
)
def test_other_addresses_are_refused_before_anything_is_sent(url: str) -> None:
    failure = failure_of(Endpoint(url=url, model="m", key=KEY))
    assert (failure.code, failure.lasting, failure.detail) == ("bad_url", True, "")


def test_settings_that_cannot_be_sent_are_named_and_not_quoted() -> None:
    assert failure_of(Endpoint(url="http://127.0.0.1:9/v1", model="")).code == "no_model"
    failure = failure_of(Endpoint(url="http://127.0.0.1:9/v1", model="m", key=f"{KEY}\r\nX-Other: 1"))
    assert (failure.code, failure.lasting) == ("bad_key", True)


def test_many_are_asked_four_at_a_time_and_each_answer_belongs_to_its_question() -> None:
    held = threading.Event()

    def say(material: dict[str, int]) -> str:
        held.wait(0.05)
        return f"answer {material['n']}"

    questions = [Question(instructions="", material=json.dumps({"n": number})) for number in range(12)]
    with llm_server(say) as fake:
        assert dict(ask_all(endpoint(fake), questions)) == {number: f"answer {number}" for number in range(12)}
    assert 2 <= fake.most_at_once <= 4


def test_an_endpoint_that_is_down_is_not_asked_again_and_again() -> None:
    with llm_server(lambda _: Raw(status=500)) as fake:
        given = list(ask_all(endpoint(fake), [QUESTION] * 50))
    assert 4 <= len(given) <= 8
    assert len(fake.asked) <= 30
    assert all(isinstance(answer, LlmFailure) for _, answer in given)


def test_a_refusal_that_holds_for_all_stops_the_rest() -> None:
    with llm_server(lambda _: Raw(status=403)) as fake:
        given = list(ask_all(endpoint(fake), [QUESTION] * 50))
    assert 1 <= len(given) <= 8
    assert len(fake.asked) <= 8


def test_whoever_stops_listening_stops_the_asking() -> None:
    with llm_server(lambda _: Raw(pause_s=0.05, body=message("x"))) as fake:
        with closing(ask_all(endpoint(fake), [QUESTION] * 200)) as given:
            next(given)
        asked = len(fake.asked)
        threading.Event().wait(0.3)
        assert len(fake.asked) <= asked + 4


def test_settings_name_the_endpoint_and_hide_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "MODEL", "KEY"):
        monkeypatch.delenv(f"XINSHENG_LLM_{name}", raising=False)
    assert endpoint_of(Settings()) is None
    monkeypatch.setenv("XINSHENG_LLM_URL", "https://llm.example/v1")
    monkeypatch.setenv("XINSHENG_LLM_MODEL", "small-1")
    monkeypatch.setenv("XINSHENG_LLM_KEY", KEY)
    settings = Settings()
    found = endpoint_of(settings)
    assert found is not None
    assert (found.url, found.model, found.key) == ("https://llm.example/v1", "small-1", KEY)
    assert KEY not in repr(settings) + str(settings) + settings.model_dump_json() + repr(found)


def test_an_address_is_shown_without_its_secrets() -> None:
    assert address_shown("https://user:word@llm.example:8443/v1?key=abc#x") == "https://llm.example:8443/v1"
    assert address_shown("http://[::1]:11434/v1") == "http://[::1]:11434/v1"
    assert address_shown("http://[::1") == "?"

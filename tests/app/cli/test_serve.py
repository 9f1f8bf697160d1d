"""`xinsheng serve`: on this machine only, with a worker beside it that lives and ends with it."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.cli.sample import load_sample
from app.cli.serve import is_loopback
from app.cli.worker_process import WorkerKeeper
from app.sample import SAMPLE_FILES
from app.settings import Settings
from app.store import jobs, projects


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True), ("127.8.8.8", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("::", False),
        ("192.168.1.5", False), ("example.com", False), ("127.0.0.1.example.com", False), ("", False),
    ],
)  # fmt: skip
def test_only_this_machine_counts_as_local(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        asked = ["serve", "--port", str(port), "--data", str(tmp_path / "data"), "--lang", "en"]
        done = CliRunner().invoke(main, asked)
    assert done.exit_code == 2
    assert f"127.0.0.1:{port}" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def wait_for(holds: Callable[[], bool], *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_worker_that_dies_is_started_again_and_ends_with_the_server(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = f"import os, time; open({str(log)!r}, 'a').write(f'{{os.getpid()}}\\n'); time.sleep(60)"
    keeper = WorkerKeeper([sys.executable, "-c", code], {}, first_wait_s=0.01)
    keeper.start()
    wait_for(lambda: log.exists() and len(log.read_text().split()) == 1)
    assert keeper.process is not None
    keeper.process.kill()
    wait_for(lambda: len(log.read_text().split()) == 2)
    keeper.stop()
    assert keeper.process.poll() is not None
    time.sleep(0.1)
    assert len(log.read_text().split()) == 2, "not started again after the end"


def test_the_sample_is_queued_once_customers_first(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    assert load_sample(settings) is True
    assert load_sample(settings) is False
    system = projects.open_system(tmp_path)
    payloads = [jobs.payload(system, job.id) for job in jobs.unfinished(system, "sample")]
    system.close()
    assert [one["filename"] for one in payloads] == [file.name for file in SAMPLE_FILES]
    assert [one["kind"] for one in payloads] == ["customers"] + ["feedback"] * (len(SAMPLE_FILES) - 1)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_server_answers_and_ends_cleanly(number: signal.Signals, tmp_path: Path) -> None:
    program = [sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", "0", "--lang", "en"]
    running = subprocess.Popen([*program, "--data", str(tmp_path / "data")], stderr=subprocess.PIPE, text=True)
    try:
        assert running.stderr is not None
        line = running.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, line
        with urllib.request.urlopen(f"{found.group()}/api/v1/health", timeout=20) as answer:
            assert json.load(answer)
        lock = tmp_path / "data" / "worker.lock"
        wait_for(lock.exists)
    finally:
        running.send_signal(number)
        _, told = running.communicate(timeout=30)
    assert running.returncode == (0 if number == signal.SIGTERM else 130)
    assert "Traceback" not in told
    # The worker's lock falls with its process: nobody holds it any more.
    import fcntl

    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)

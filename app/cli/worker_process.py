"""The worker beside the server: a process of its own, started again when it dies, ended when the server ends."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from app.settings import Settings

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0
"""Waits double between starts: a worker that dies at once must not keep a processor busy."""
HEALTHY_S = 60.0
"""A worker that lived this long is well; the next start does not wait longer than the first."""
STOP_S = 10.0


@contextmanager
def worker_running(settings: Settings) -> Iterator[None]:
    """Keep one worker running on the settings' data folder for the length of the block."""
    command = [sys.executable, "-m", "app.worker", str(os.getpid())]
    keeper = WorkerKeeper(command, {"XINSHENG_DATA": str(settings.data.resolve())})
    keeper.start()
    try:
        yield
    finally:
        keeper.stop()


class WorkerKeeper:
    """Starts a command, starts it again whenever it ends, until told to stop."""

    def __init__(self, command: list[str], environment: dict[str, str], *, first_wait_s: float = FIRST_WAIT_S) -> None:
        self._command = command
        self._environment = {**os.environ, **environment}
        self._first_wait_s = first_wait_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the command; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End the command; a job it was doing goes on with the next worker."""
        self._stopping.set()
        if self.process is not None:
            self.process.terminate()
        self._thread.join(STOP_S)
        if self.process is not None and self.process.poll() is None:
            self.process.kill()

    def _keep(self) -> None:
        wait = self._first_wait_s
        while not self._stopping.is_set():
            began = time.monotonic()
            # A session of its own: Ctrl-C in the terminal reaches the server alone, which then ends the worker.
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                self._command, env=self._environment, stdin=subprocess.DEVNULL, start_new_session=True
            )
            if self._stopping.is_set():
                self.process.terminate()
            self.process.wait()
            wait = self._first_wait_s if time.monotonic() - began > HEALTHY_S else min(2 * wait, LONGEST_WAIT_S)
            self._stopping.wait(wait)

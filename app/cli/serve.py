"""`xinsheng serve`: the web app, the API and the worker on one data folder."""

import ipaddress
import signal
import socket
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from app.cli.commands import lang_option

if TYPE_CHECKING:
    from app.locale import UiLanguage


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes any free port.")
@click.option("--data", type=click.Path(path_type=Path), help="Data folder.  [default: XINSHENG_DATA, else ./data]")
@click.option("--allow-anyone", is_flag=True, help="Listen on an address that other machines reach, without accounts.")
@click.option("--sample", is_flag=True, help="Load the bilingual sample as the project “sample”, unless it is there.")
@lang_option
def serve(*, host: str, port: int, data: Path | None, allow_anyone: bool, sample: bool, lang: "UiLanguage") -> None:
    """Run the web app, the API and the worker on one data folder until it is stopped with Ctrl-C.

    There are no accounts yet, so it listens to this machine only unless --allow-anyone is given.
    """
    from app.errors import BadRequest
    from app.locale import say
    from app.settings import Settings

    if not allow_anyone and not is_loopback(host):
        raise BadRequest(code="host_not_local", values={"host": host})
    if data is not None and data.exists() and not data.is_dir():
        raise BadRequest(code="out_is_a_file", values={"path": str(data)})
    settings = Settings() if data is None else Settings(data=data)
    listening = listen(host, port)
    with listening:
        import uvicorn

        from app.cli.sample import load_sample
        from app.cli.worker_process import worker_running
        from app.main import create_app

        web = create_app(settings)
        if sample:
            load_sample(settings)
        _stop_cleanly()
        with worker_running(settings):
            name = f"[{host}]" if ":" in host else host
            address = f"http://{name}:{listening.getsockname()[1]}"
            values = {"address": address, "data": str(settings.data.resolve())}
            click.echo(say(lang, "cli.serving", values), err=True)
            if not is_loopback(host):
                click.echo(say(lang, "cli.serving_anyone"), err=True)
            config = uvicorn.Config(web, log_level="warning", server_header=False)
            uvicorn.Server(config).run(sockets=[listening])


def is_loopback(host: str) -> bool:
    """Say whether an address reaches this machine only: localhost, 127.0.0.0/8 or ::1."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises BadRequest where the address is unknown or the port taken."""
    from app.errors import BadRequest

    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(place)
            listening.listen()
        except OSError:
            listening.close()
            raise
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadRequest(code="cannot_listen", values={"host": host, "port": port, "reason": reason}) from error
    return listening


def _stop_cleanly() -> None:
    """Let `kill` and a closed terminal end the server as Ctrl-C does, so that the worker ends with it."""

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(0)

    for name in ("SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), leave)

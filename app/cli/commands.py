"""How every command ends: 0 when done, 2 with one clear line where the input is unusable, 130 when interrupted."""

import os
import sys
from collections.abc import Mapping
from typing import Any

import click

from app.errors import BadRequest, XinshengError
from app.locale import UiLanguage, say, say_error

LANGUAGE = "xinsheng.language"
UNUSABLE = 2
INTERRUPTED = 130
"""128 + SIGINT, as shells report an interrupted program."""


class Commands(click.Group):
    """The group of all commands; turns errors made for the reader into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except XinshengError as error:
            fail(ctx, tell(error, language(ctx)))
        except BrokenPipeError:
            # The reader of a pipe has gone (`| head`): nothing is left to be said, not even when Python closes stdout.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except OSError as error:
            fail(ctx, tell_file_system(error, language(ctx)))
        except ValueError as error:
            line = tell_setting(error, language(ctx))
            if line is None:
                raise
            fail(ctx, line)
        except KeyboardInterrupt:
            click.echo("\n" + say(language(ctx), "cli.interrupted"), err=True)
            ctx.exit(INTERRUPTED)


def tell(error: XinshengError, language: UiLanguage) -> str:
    """Return an error and what to do about it as one line."""
    message, hint = say_error(language, error.code, values=error.values, message=error.message.get(language))
    gap = "" if language == "zh" else " "
    return " ".join((message + (gap + hint if hint else "")).split())


def tell_file_system(error: OSError, language: UiLanguage) -> str:
    """Return what the file system refused as one line, in the system's own words."""
    if error.filename is None:
        return " ".join(str(error).split())
    values = {"path": error.filename, "reason": error.strerror or str(error)}
    return tell(BadRequest(code="file_system", values=values), language)


def tell_setting(error: ValueError, language: UiLanguage) -> str | None:
    """Return what is wrong with an environment variable as one line, None for any other error."""
    from pydantic import ValidationError

    if not isinstance(error, ValidationError) or error.title != "Settings":
        return None
    wrong = error.errors()[0]
    name = "XINSHENG_" + str(wrong["loc"][0]).upper()
    values = {"name": name, "value": str(wrong["input"])[:80], "reason": wrong["msg"]}
    return tell(BadRequest(code="bad_setting", values=values), language)


def fail(ctx: click.Context, line: str) -> None:
    """Say one line on stderr and end with exit code 2."""
    click.echo(f"xinsheng: {line}", err=True)
    ctx.exit(UNUSABLE)


def language(ctx: click.Context) -> UiLanguage:
    """Return the reader's language: `--lang` where it was given, else the environment's."""
    chosen: UiLanguage | None = ctx.meta.get(LANGUAGE)
    return chosen or language_of(os.environ)


def language_of(environment: Mapping[str, str]) -> UiLanguage:
    """Return the language that LC_ALL, LC_MESSAGES or LANG names first; English unless it is Chinese."""
    named = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "zh" if named.lower().startswith("zh") else "en"


def _remember(ctx: click.Context, parameter: click.Parameter, value: UiLanguage | None) -> UiLanguage:
    if value is not None:
        ctx.meta[LANGUAGE] = value
    return language(ctx)


lang_option = click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    is_eager=True,
    callback=_remember,
    help="Language of messages and of the report as it opens.  [default: the environment's]",
)
quiet_option = click.option("--quiet", "-q", is_flag=True, help="Show no progress and no summary, only errors.")

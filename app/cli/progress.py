"""Progress on stderr: one line that is drawn over on a terminal, one line per stage elsewhere."""

import sys
import time
import unicodedata
from typing import TextIO

from app.locale import UiLanguage, say
from pipelines.records import Report, silent

BAR = 24
SECONDS_BETWEEN = 0.1
"""Ten drawings a second look smooth; more only cost time on slow terminals."""
CLEAR = "\r\x1b[2K"


class Progress:
    """A Report that draws where the work has come to; call `close` before anything else is written.

    `about` names the file that is being read, if one is.
    """

    def __init__(self, out: TextIO, *, language: UiLanguage) -> None:
        self._out = out
        self._language = language
        self._live = out.isatty()
        self._stage = ""
        self._drawn_at = 0.0
        self.about = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show that `done` of `total` are done in this stage."""
        moment = time.monotonic()
        changed = stage != self._stage
        self._stage = stage
        if self._live:
            if changed or done >= total or moment - self._drawn_at >= SECONDS_BETWEEN:
                self._drawn_at = moment
                self._out.write(CLEAR + self._line(stage, done, total))
                self._out.flush()
        elif changed:
            self._out.write(" ".join(filter(None, (self._name(stage), self.about))) + "\n")
            self._out.flush()

    def close(self) -> None:
        """Remove the line."""
        if self._live and self._stage:
            self._out.write(CLEAR)
            self._out.flush()

    def _name(self, stage: str) -> str:
        return say(self._language, f"stage.{stage}")

    def _line(self, stage: str, done: int, total: int) -> str:
        share = min(1.0, done / total) if total else 0.0
        full = round(BAR * share)
        numbers = f"  {done:,}/{total:,}" if total > 1 else ""
        name = pad(self._name(stage), 18)
        about = f"  {self.about}" if self.about else ""
        return f"{name} {'█' * full}{'░' * (BAR - full)} {share:>4.0%}{numbers}{about}"


def progress(*, language: UiLanguage, quiet: bool) -> Progress | None:
    """Return what draws progress, None where it is not wanted."""
    return None if quiet else Progress(sys.stderr, language=language)


def report_of(shown: Progress | None) -> Report:
    """Return the Report to pass on."""
    return silent if shown is None else shown


def width(text: str) -> int:
    """Return how many columns a terminal gives to the text: two for each East Asian wide character."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def pad(text: str, columns: int) -> str:
    """Return the text filled with spaces to this many columns."""
    return text + " " * max(0, columns - width(text))

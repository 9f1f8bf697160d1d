"""The theme report: one self-contained page in both languages that opens offline and prints well.

No script and nothing from outside: the language switch is a pair of radio buttons and a style rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from sqlite_utils import Database

from app import __version__
from app.export import drawings
from app.export.report_numbers import ReportNumbers, gather
from app.figures import number, percent, plain, share_range, signed
from app.locale import LANGUAGES, UiLanguage, say, sentences
from app.map_drawing import SHEET, draw
from app.store.filters import Filters
from app.store.projects import now
from app.store.views import ThemeView

CODES = {"zh": "zh-CN", "en": "en"}
FEWEST_ON_A_MAP = 5
"""With fewer themes a list shows as much."""
CHUNK = 200
"""Pieces of the template joined before they are written, so that a write is some kilobytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """One thing in both languages, for a gap in a sentence."""

    zh: Markup | str
    en: Markup | str


def write(db: Database, out: BinaryIO, *, filters: Filters, language: UiLanguage) -> None:
    """Write the report under the filters; it opens in `language` and holds both."""
    numbers = gather(db, filters)
    stream = _environment().get_template("report.html").stream(_context(numbers, language))
    stream.enable_buffering(CHUNK)
    stream.dump(out, encoding="utf-8", errors="surrogatepass")


def both(key: str, values: Mapping[str, object] | None = None) -> Markup:
    """Return the sentence of this key in both languages, of which the page shows one; values are escaped."""
    return Markup("").join(_span(one, _said(one, key, values)) for one in LANGUAGES)


def code(prefix: str, value: str | None) -> Markup:
    """Return what a code means in both languages; a code without a sentence, or a plain value, as it is."""
    if value is None:
        return both("report.not_stated")
    key = f"{prefix}.{value}"
    return both(key) if key in sentences("en") else escape(value)


def said(prefix: str, value: str) -> Both:
    """Return what a code means, for a sentence."""
    return Both(zh=say("zh", f"{prefix}.{value}"), en=say("en", f"{prefix}.{value}"))


def names(theme: ThemeView) -> Both:
    """Return a theme's name for a sentence, as a link to where it is told."""
    link = Markup('<a href="#{}">{}</a>')
    return Both(zh=link.format(theme.id, theme.name_zh), en=link.format(theme.id, theme.name_en))


def certain(theme: ThemeView) -> bool:
    """Say whether a theme's impact has an interval that keeps to one side of zero."""
    impact = theme.impact or {}
    return bool(impact) and impact["low"] * impact["high"] > 0


def strong(value: object) -> Markup:
    """Return a number set in bold."""
    return Markup("<b>{}</b>").format(value)


def _context(numbers: ReportNumbers, language: UiLanguage) -> dict[str, Any]:
    largest = max((theme.units for theme in numbers.leaves), default=1)
    impacts = [abs(float(theme.impact[side])) for theme in numbers.impacts if theme.impact for side in ("low", "high")]
    told = frozenset(story.theme.id for story in numbers.stories)
    return {
        "r": numbers,
        "language": language,
        "codes": CODES,
        "largest": largest,
        "reach": max(impacts, default=1.0),
        "told": told,
        "maps": _maps(numbers, told),
        "made_at": now(),
        "version": __version__,
    }


def _maps(numbers: ReportNumbers, told: frozenset[str]) -> dict[str, Markup]:
    """Return the map in both languages; a theme that is told leads to its story, another to the list."""
    return {
        language: draw(
            numbers.map,
            sheet=SHEET,
            language=language,
            href=lambda theme: f"#{theme.id if theme.id in told else 'themes'}",
            title=say(language, "map.title", {"count": len(numbers.map.discs)}),
        )
        for language in LANGUAGES
        if len(numbers.map.discs) >= FEWEST_ON_A_MAP
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("app", "templates/report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    environment.globals.update(
        t=both,
        code=code,
        said=said,
        number=number,
        percent=percent,
        share_range=share_range,
        signed=signed,
        plain=plain,
        names=names,
        certain=certain,
        strong=strong,
        say=say,
        sparkline=drawings.sparkline,
        sentiment_bar=drawings.sentiment_bar,
        sentiment_columns=drawings.sentiment_columns,
        interval=drawings.interval,
    )
    return environment


def _said(language: UiLanguage, key: str, values: Mapping[str, object] | None) -> Markup:
    chosen = {
        name: (value.zh if language == "zh" else value.en) if isinstance(value, Both) else value
        for name, value in (values or {}).items()
    }
    # The sentence is ours; what fills its gaps is not, unless it is Markup already.
    escaped = {name: value if isinstance(value, int) else escape(value) for name, value in chosen.items()}
    return Markup(say(language, key, escaped))


def _span(language: UiLanguage, text: Markup) -> Markup:
    return Markup('<span class="{}" lang="{}">{}</span>').format(language, CODES[language], text)

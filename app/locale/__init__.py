"""Every sentence that people see, in Chinese and English: `zh.json` and `en.json`, flat keys, the same in both."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

UiLanguage = Literal["zh", "en"]
LANGUAGES: tuple[UiLanguage, ...] = ("zh", "en")


@cache
def sentences(language: UiLanguage) -> Mapping[str, str]:
    """Return all sentences of a language by key."""
    return dict(json.loads(files("app.locale").joinpath(f"{language}.json").read_text("utf-8")))


def say(language: UiLanguage, key: str, values: Mapping[str, object] | None = None) -> str:
    """Return the sentence of this key with its gaps `{name}` filled; a key nobody wrote is shown as it is.

    English plurals: where `count` is 1 and `<key>.one` exists, that is the sentence.
    """
    found = sentences(language)
    filled = dict(values or {})
    if filled.get("count") == 1 and f"{key}.one" in found:
        key = f"{key}.one"
    sentence = found.get(key, key)
    return sentence.format_map(_Gaps(filled)) if filled else sentence


def say_error(
    language: UiLanguage, code: str, *, values: Mapping[str, object] | None = None, message: str | None = None
) -> tuple[str, str]:
    """Return what happened and what to do next (may be empty) for an error's code; `message` replaces the former.

    Of a value with a form in each language, the one of this language is told.
    """
    told = {name: _in(language, value) for name, value in (values or {}).items()}
    hint_key = f"hint.{code}"
    hint = say(language, hint_key, told)
    return message or say(language, f"error.{code}", told), "" if hint == hint_key else hint


def _in(language: UiLanguage, value: object) -> object:
    return value[language] if isinstance(value, Mapping) and language in value else value


def preferred(header: str | None) -> UiLanguage:
    """Return the language an Accept-Language header asks for first; English where it names neither."""
    for part in (header or "").split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.startswith("zh"):
            return "zh"
        if tag.startswith("en"):
            return "en"
    return "en"


class _Gaps(dict[str, object]):
    """Leaves a gap that has no value visible, rather than failing while an error is being told."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"

"""What a language model is asked when it may propose a theme's names: instructions, and what was said, quoted as data.

The instructions are in `naming_prompt.en.txt` and `naming_prompt.zh.txt`, used by the language most exemplars are in.
What customers said is only ever inside one JSON object: a remark that gives orders stays a string in a list.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Literal

from pipelines.records import OpinionUnit, Theme
from pipelines.redact import redact

Names = tuple[str, str]
"""A theme's name in zh and in en."""

LONGEST_EXEMPLAR = 300
"""Characters sent of one exemplar: an opinion unit is a clause or two; what is longer is mostly a list or a paste."""
MOST_SIBLINGS = 40
"""Names of neighbours sent: as many as a project has at one level; more would be most of what is sent."""
MOST_KEYWORDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRequest:
    """What is asked about one theme: the instructions, and the JSON text that is all that is told of it.

    `key` is a hash of the model, the instructions and all that is sent: the same question has the same key.
    """

    theme_id: str
    instructions: str
    material: str
    key: bytes


def name_request(
    theme: Theme,
    exemplars: Sequence[OpinionUnit],
    *,
    siblings: Sequence[Names] = (),
    children: Sequence[Names] = (),
    model: str,
) -> NameRequest:
    """Return what a model is asked about a theme.

    Personal data is masked here again, all kinds of it: a project may keep some of them in its texts, but what is sent
    is another matter.
    """
    material = {
        "exemplars": [
            redact(unit.text.strip(), language=unit.language).text[:LONGEST_EXEMPLAR].strip() for unit in exemplars
        ],
        "keywords": [word for word in theme.keywords[:MOST_KEYWORDS] if not redact(word).counts],
        "siblings": _listed(siblings),
    }
    if children:
        material["children"] = _listed(children)
    chinese = sum(unit.language in ("zh", "mixed") for unit in exemplars)
    told = instructions("zh" if 2 * chinese > len(exemplars) else "en")
    # Half a character, where bytes did not decode, is no JSON to others.
    sent = json.dumps(material, ensure_ascii=False).encode("utf-8", "replace").decode()
    return NameRequest(
        theme_id=theme.id,
        instructions=told,
        material=sent,
        key=sha256(json.dumps([model, told, sent]).encode()).digest(),
    )


@cache
def instructions(language: Literal["zh", "en"]) -> str:
    """Return the instructions in a language."""
    return Path(__file__).with_name(f"naming_prompt.{language}.txt").read_text(encoding="utf-8").strip()


@cache
def prompt_version() -> str:
    """Return what changes with any word of the instructions: a hash of both."""
    return sha256("\n".join((instructions("zh"), instructions("en"))).encode()).hexdigest()[:12]


def _listed(names: Sequence[Names]) -> list[dict[str, str]]:
    return [{"zh": zh, "en": en} for zh, en in sorted(set(names))[:MOST_SIBLINGS]]

"""What became of names that a language model was asked for, in words: for command line, job page and settings."""

from collections.abc import Mapping
from typing import Any

from app.locale import UiLanguage, say


def naming_told(counts: Mapping[str, Any] | None, language: UiLanguage) -> tuple[str, ...]:
    """Return sentences about `counts.proposed_names` of a run; none where no model was asked and no name is in use."""
    if not counts or not (counts.get("model") or counts.get("taken")):
        return ()
    told = [say(language, "naming.done", counts)]
    if counts.get("refused_by_reason"):
        reasons = [
            say(language, "naming.reason", {"reason": say(language, f"naming.refusal.{code}"), "count": count})
            for code, count in counts["refused_by_reason"].items()
        ]
        told.append(say(language, "naming.refused", {"reasons": say(language, "list.comma").join(reasons)}))
    if failure := counts.get("failure"):
        reason = say(language, f"naming.failure.{failure['code']}", failure)
        told.append(say(language, "naming.failed", {**counts, "reason": reason}))
    elif counts.get("not_asked"):
        told.append(say(language, "naming.waiting", counts))
    return tuple(told)

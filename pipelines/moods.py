"""Bare praise and blame: a unit such as 很好 or "awesome!!" that says nothing of anything."""

from collections.abc import Sequence

from pipelines.terms import Term


def mood_of(found: Sequence[Term]) -> int | None:
    """Return 1, 0 or -1 for a unit that holds moods and nothing else, by its strongest mood, or None for any other."""
    polarities: list[int] = []
    for term in found:
        if term.entry is not None:
            if term.entry.kind != "mood":
                return None
            polarities.append(-term.entry.polarity if term.negated else term.entry.polarity)
        elif not term.stop:
            return None
    if not polarities:
        return None
    total = sum(polarities)
    return (total > 0) - (total < 0)

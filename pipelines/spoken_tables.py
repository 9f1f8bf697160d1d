"""Tables that are conversations: speakers beside the words, or start and end times beside them (whisper)."""

from collections.abc import Sequence

from pipelines.column_names import named_role, plain_name
from pipelines.formats import Row
from pipelines.records import Turn
from pipelines.turns import MOST_SPEAKERS, Cue, seconds, turns_from_cues, with_ends, with_roles

_STARTS = frozenset({"start", "starttime", "begin", "from", "time", "timestamp", "开始时间", "开始", "时间", "时间码"})
_ENDS = frozenset({"end", "endtime", "to", "结束时间", "结束"})
_WORDS = frozenset({"text", "content", "utterance", "transcript", "message", "内容", "文本", "发言内容", "说话内容"})
# Each speaker talks several times; a column of names in which hardly one comes again is a column of customers.
TURNS_PER_SPEAKER = 2


def turns_from_table(columns: Sequence[str], rows: Sequence[Row]) -> tuple[Turn, ...]:
    """Return the turns of a table that is a conversation, in row order; an empty tuple for every other table."""
    words = next((place for place, name in enumerate(columns) if plain_name(name) in _WORDS), None)
    if words is None or not rows:
        return ()
    speaker = next((place for place, name in enumerate(columns) if named_role(name) == "speaker"), None)
    start = next((place for place, name in enumerate(columns) if plain_name(name) in _STARTS), None)
    end = next((place for place, name in enumerate(columns) if plain_name(name) in _ENDS), None)
    if speaker is not None:
        names = {cells[speaker].strip() for _, cells in rows} - {""}
        if not 0 < len(names) <= MOST_SPEAKERS or len(rows) < TURNS_PER_SPEAKER * len(names):
            speaker = None
    times = [(_time(cells, start), _time(cells, end)) for _, cells in rows]
    timed = start is not None and end is not None and all(None not in pair for pair in times)
    if speaker is None and not (timed and _rising([begin for begin, _ in times])):
        return ()
    if timed:
        return turns_from_cues(
            [
                Cue(
                    number=number,
                    start=begin or 0.0,
                    end=until or 0.0,
                    text=" ".join(cells[words].split()),
                    speaker=(cells[speaker].strip() or None) if speaker is not None else None,
                )
                for (number, cells), (begin, until) in zip(rows, times, strict=True)
                if cells[words].strip()
            ]
        )
    turns = [
        Turn(row=number, text=cells[words].strip(), speaker=cells[speaker or 0].strip() or None, start=begin)
        for (number, cells), (begin, _) in zip(rows, times, strict=True)
        if cells[words].strip()
    ]
    return with_roles(with_ends(turns))


def _time(cells: Sequence[str], place: int | None) -> float | None:
    if place is None:
        return None
    try:
        return seconds(cells[place].strip())
    except ValueError:
        return None


def _rising(times: Sequence[float | None]) -> bool:
    known = [time for time in times if time is not None]
    return known == sorted(known)

"""SubRip subtitles."""

import re

from pipelines.formats import Content, FileFormat, RawFile
from pipelines.turns import Cue, turns_from_cues
from pipelines.unreadable import UnreadableFile

_TIMING = re.compile(r"^\s*\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}\s*-->\s*\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}", re.MULTILINE)


def looks_right(raw: RawFile) -> bool:
    """Text with SubRip timing near its beginning."""
    return raw.text is not None and _TIMING.search(raw.text[:2_000]) is not None


def read(raw: RawFile) -> Content:
    """Return the turns; raises UnreadableFile where the file has no readable cue."""
    import pysubs2

    # U+2028 and its kin are ordinary characters here, and must not end a line.
    try:
        subtitles = pysubs2.SSAFile.from_string((raw.text or "").lstrip("\ufeff"), format_="srt")
    except pysubs2.exceptions.Pysubs2Error:
        subtitles = pysubs2.SSAFile()
    cues = [
        Cue(number=number, start=event.start / 1000, end=event.end / 1000, text=" ".join(event.plaintext.split()))
        for number, event in enumerate(subtitles, start=1)
        if event.plaintext.strip()
    ]
    if not cues:
        raise UnreadableFile(
            "empty",
            message_en="The subtitle file has no readable cue.",
            message_zh="字幕文件中没有可读的字幕。",
        )
    return Content(kind="transcript", turns=turns_from_cues(cues))


FORMAT = FileFormat(
    name="srt",
    suffixes=(".srt",),
    title_en="SubRip subtitles",
    title_zh="SRT 字幕",
    order=22,
    looks_right=looks_right,
    read=read,
)

"""WebVTT subtitles and meeting transcripts (Zoom, Teams): speakers kept."""

from pipelines.formats import Content, FileFormat, RawFile
from pipelines.turns import Cue, turns_from_cues
from pipelines.unreadable import UnreadableFile


def looks_right(raw: RawFile) -> bool:
    """Text that begins with WEBVTT."""
    return raw.text is not None and raw.text[:100].lstrip("\ufeff \r\n").startswith("WEBVTT")


def read(raw: RawFile) -> Content:
    """Return the turns; raises UnreadableFile where the file has no readable cue."""
    import webvtt

    text = (raw.text or "").lstrip("\ufeff \r\n")
    try:
        captions = webvtt.WebVTT.from_string(text).captions
    except webvtt.errors.MalformedFileError as error:
        raise _empty() from error
    cues = [
        Cue(
            number=number,
            start=caption.start_time.in_milliseconds() / 1000,
            end=caption.end_time.in_milliseconds() / 1000,
            text=" ".join(caption.text.split()),
            speaker=caption.voice or None,
        )
        for number, caption in enumerate(captions, start=1)
        if caption.text.strip()
    ]
    if not cues:
        raise _empty()
    return Content(kind="transcript", turns=turns_from_cues(cues))


def _empty() -> UnreadableFile:
    return UnreadableFile(
        "empty",
        message_en="The subtitle file has no readable cue.",
        message_zh="字幕文件中没有可读的字幕。",
    )


FORMAT = FileFormat(
    name="vtt",
    suffixes=(".vtt",),
    title_en="WebVTT transcript",
    title_zh="WebVTT 字幕",
    order=21,
    looks_right=looks_right,
    read=read,
)

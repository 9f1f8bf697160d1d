"""Files that are no feedback at all, by their first bytes: one clear sentence for each."""

import re

from pipelines.unreadable import UnreadableFile

# Signs that no text of any language has; tabs, NULs and the separators of some exports are not among them.
_CONTROL = re.compile("[\x02-\x08\x0e-\x1a]")
# One in twelve bytes of a binary file is such a sign. A stray one or two come with text pasted from a terminal.
MOST_CONTROL = 0.01
LEAST_CONTROL = 5
BEGINNING = 20_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KINDS: tuple[tuple[int, bytes, str, str, str], ...] = (
    (0, b"%PDF", "pdf", "a PDF", "PDF 文件"),
    (0, b"\x89PNG\r\n\x1a\n", "image", "an image (PNG)", "图片（PNG）"),
    (0, b"\xff\xd8\xff", "image", "an image (JPEG)", "图片（JPEG）"),
    (0, b"GIF8", "image", "an image (GIF)", "图片（GIF）"),
    (0, b"BM", "image", "an image (BMP)", "图片（BMP）"),
    (8, b"WEBP", "image", "an image (WebP)", "图片（WebP）"),
    (8, b"WAVE", "audio", "a sound recording (WAV)", "录音（WAV）"),
    (0, b"ID3", "audio", "a sound recording (MP3)", "录音（MP3）"),
    (0, b"\xff\xfb", "audio", "a sound recording (MP3)", "录音（MP3）"),
    (4, b"ftyp", "video", "a video or sound recording (MP4)", "视频或录音（MP4）"),
    (0, b"OggS", "audio", "a sound recording (Ogg)", "录音（Ogg）"),
    (0, b"fLaC", "audio", "a sound recording (FLAC)", "录音（FLAC）"),
    (0, b"\x1f\x8b", "archive", "a compressed archive (gzip)", "压缩包（gzip）"),
    (
        0,
        b"PK\x03\x04",
        "archive",
        "a zip archive without a workbook or document in it",
        "不含工作簿或文档的 zip 压缩包",
    ),
    (0, b"PK\x05\x06", "archive", "an empty zip archive", "空的 zip 压缩包"),
    (0, b"Rar!", "archive", "a compressed archive (RAR)", "压缩包（RAR）"),
    (0, b"7z\xbc\xaf\x27\x1c", "archive", "a compressed archive (7z)", "压缩包（7z）"),
    (0, b"SQLite format 3", "database", "a database (SQLite)", "数据库（SQLite）"),
    (0, b"PAR1", "database", "a Parquet file", "Parquet 文件"),
    (0, b"{\\rtf", "old_office", "a rich text file (RTF)", "富文本文件（RTF）"),
    (0, b"MZ", "program", "a program", "可执行程序"),
    (0, b"\x7fELF", "program", "a program", "可执行程序"),
    (0, _OLE, "old_office", "an old Word or PowerPoint file", "旧版 Word 或 PowerPoint 文件"),
)
_ADVICE: dict[str, tuple[str, str]] = {
    "pdf": ("Copy its text into .txt or .docx and upload that", "请把文字复制到 .txt 或 .docx 后上传"),
    "image": ("Upload the text itself", "请上传文字内容"),
    "audio": ("Upload its transcript (.srt, .vtt, .docx, .txt)", "请上传转写文本（.srt、.vtt、.docx、.txt）"),
    "video": ("Upload its transcript (.srt, .vtt, .docx, .txt)", "请上传转写文本（.srt、.vtt、.docx、.txt）"),
    "archive": ("Unpack it and upload the files inside", "请解压后上传其中的文件"),
    "database": ("Export the table as csv or xlsx", "请导出为 csv 或 xlsx"),
    "program": ("Upload csv, xlsx, json, txt or docx", "请上传 csv、xlsx、json、txt 或 docx"),
    "old_office": ("Save it as .docx and upload that", "请另存为 .docx 后上传"),
}


def is_binary(text: str) -> bool:
    """Return whether a file that was decoded as text is none: too many control signs for any text."""
    found = len(_CONTROL.findall(text[:BEGINNING]))
    return found >= LEAST_CONTROL and found > MOST_CONTROL * min(len(text), BEGINNING)


def not_readable(data: bytes, filename: str) -> UnreadableFile | None:
    """Return the error for a file whose first bytes say that it is an image, a PDF, an archive …, or None.

    A zip archive or OLE file may still be a workbook: ask the formats first.
    """
    for place, magic, code, english, chinese in _KINDS:
        # Two letters such as BM or MZ also open texts; the binary files they belong to have NULs soon after.
        if data[place : place + len(magic)] == magic and (len(magic) > 2 or b"\0" in data[:64] or magic[0] > 127):
            advice_en, advice_zh = _ADVICE[code]
            return UnreadableFile(
                code,
                message_en=f"{filename} is {english}. {advice_en}.",
                message_zh=f"{filename} 是{' ' if chinese[0].isascii() else ''}{chinese}。{advice_zh}。",
                details={"filename": filename},
            )
    return None

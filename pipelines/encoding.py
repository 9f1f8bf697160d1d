"""Bytes → text: BOM, strict UTF-8, UTF-16 without BOM, then Chinese code pages against chardet's guess.

Bytes that do not decode become the MARK character, never an exception, so that a file with some broken rows loses
only those rows (see `pipelines/read.py`).
"""

import codecs
from collections.abc import Sequence
from dataclasses import dataclass

MARK = "\udcff"
"""Stands for bytes that did not decode: a lone surrogate, which no decoded text can contain."""

SAMPLE_LINES = 5_000
SAMPLE_BYTES = 400_000

# UTF-16 text has a NUL in every ASCII character, all at even or all at odd places; a stray NUL has no such side.
UTF16_NUL_SHARE = 0.01
UTF16_ONE_SIDED = 0.95

# A line of GBK is valid UTF-8 by accident in well under 1 % of cases, so a file in which half of the non-ASCII
# lines are valid UTF-8 is UTF-8 with broken rows.
MOSTLY = 0.5
# One long line (json) cannot be judged by lines: at most this share of its non-ASCII characters may be broken.
BROKEN_SHARE = 0.05

# The characters below make up 35–50 % of Chinese feedback, and under 2 % of anything decoded with the wrong page.
COMMON_SHARE = 0.1
# English with a few accents and curly quotes: the Western pages differ in exactly these, and chardet cannot tell them
# apart on so little, so the commonest page by far is taken.
ACCENTS_SHARE = 0.25
COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实"
    "這個們來為國說時會對過發後裡經麼學現當沒動還進樣開從實很太服务務质質量价價格物流客服快慢差吃味店买買"
    "东東西评評论論问問题題意见見建议議满滿喜欢歡非常感觉覺但是但是，。！？、：；（）“”"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text and the encoding it was read as; `broken` where some bytes did not decode and became MARK."""

    text: str
    encoding: str
    broken: bool = False


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    # At the end of a file gb18030 takes all that is left for one unfinished character, line ends too.
    broken = error.object[error.start : error.end]
    ends = [place for place in (broken.find(b"\n"), broken.find(b"\r")) if place > 0]
    return MARK, error.start + min(ends, default=len(broken))


codecs.register_error("xinsheng.mark", _mark)


def decode(data: bytes) -> Decoded:
    """Return the text of a file and the encoding it is in; never fails. An empty file is empty UTF-8."""
    for bom, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(bom):
            if encoding == "utf-8-sig" and not _valid(data, "utf-8"):
                # A BOM put before text of another page happens when programs paste files together.
                guessed = _guess(data[len(bom) :])
                return Decoded(text=guessed.text, encoding=guessed.encoding, broken=guessed.broken)
            return _decoded(data, encoding)
    sided = _utf16_side(data)
    if sided is not None:
        return _decoded(data, sided)
    return _guess(data)


def readable(text: str) -> str:
    """Return the text with every broken place shown as U+FFFD, fit for a message or a file."""
    return text.replace(MARK, "�")


def _guess(data: bytes) -> Decoded:
    if _valid(data, "utf-8"):
        return Decoded(text=data.decode("utf-8"), encoding="utf-8")
    lines = _sample(data)
    if _share_valid(lines, "utf-8") >= MOSTLY or _share_broken(data[:SAMPLE_BYTES], "utf-8") <= BROKEN_SHARE:
        return _decoded(data, "utf-8")
    chinese = max(("gb18030", "cp950"), key=lambda encoding: _chineseness(lines, encoding))
    if chinese == "cp950" and _share_valid(lines, "big5hkscs") > _share_valid(lines, "cp950"):
        # Hong Kong writes 咗, 嘢 and 啲, which Big5 has only with the city's own supplement.
        chinese = "big5hkscs"
    if _chineseness(lines, chinese) >= COMMON_SHARE:
        return _decoded(data, chinese)
    sample = b"\n".join(lines)
    guess = _ask_chardet(sample)
    accents = sum(byte > 127 for byte in sample) / len(sample)
    if guess.startswith("mac_") and accents <= ACCENTS_SHARE:
        return _decoded(data, "mac_roman")
    if accents <= ACCENTS_SHARE and _valid(sample, "cp1252"):
        return _decoded(data, "cp1252")
    if guess in RARE_PAGES and _share_valid(lines, "gb18030") == 1:
        guess = "gb18030"
    return _decoded(data, guess)


# Single-byte pages that chardet names for short Chinese text; real feedback in them is next to unheard of.
RARE_PAGES = frozenset(
    {"cp037", "cp273", "cp424", "cp437", "cp500", "cp720", "cp737", "cp775", "cp850", "cp852", "cp855", "cp856"}
    | {"cp857", "cp858", "cp860", "cp861", "cp862", "cp863", "cp864", "cp865", "cp866", "cp869", "cp874", "cp875"}
    | {"cp1006", "cp1026", "cp1125", "cp1140", "cp1253", "cp1255", "cp1256", "cp1257", "cp1258", "hp_roman8", "johab"}
    | {"kz1048", "mac_arabic", "mac_croatian", "mac_cyrillic", "mac_farsi", "mac_greek", "mac_iceland", "mac_latin2"}
    | {"mac_romanian", "mac_turkish", "ptcp154", "tis_620", "koi8_r", "koi8_t", "koi8_u", "iso8859_3", "iso8859_4"}
    | {"iso8859_5", "iso8859_6", "iso8859_7", "iso8859_8", "iso8859_10", "iso8859_11", "iso8859_13", "iso8859_14"}
)


def _ask_chardet(sample: bytes) -> str:
    import chardet

    found = chardet.detect(sample, prefer_superset=True, compat_names=False)["encoding"] or "cp1252"
    name = codecs.lookup(found).name
    return "cp1252" if name == "ascii" else name.replace("-", "_") if name.startswith(("iso", "koi", "mac")) else name


def _decoded(data: bytes, encoding: str) -> Decoded:
    if _valid(data, encoding):
        text, broken = data.decode(encoding), False
    else:
        text, broken = data.decode(encoding, "xinsheng.mark"), True
    return Decoded(text=text, encoding={"cp950": "big5"}.get(encoding, encoding), broken=broken and MARK in text)


def _valid(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _utf16_side(data: bytes) -> str | None:
    sample = data[:SAMPLE_BYTES]
    nuls = sample.count(0)
    if len(sample) < 4 or nuls < UTF16_NUL_SHARE * len(sample):
        return None
    odd = sample[1::2].count(0) / nuls
    if odd >= UTF16_ONE_SIDED:
        return "utf-16-le"
    return "utf-16-be" if odd <= 1 - UTF16_ONE_SIDED else None


def _sample(data: bytes) -> list[bytes]:
    """Return up to SAMPLE_LINES whole lines that hold something other than ASCII, from all over the file."""
    lines = [line for line in data.replace(b"\r", b"\n").split(b"\n") if not line.isascii()]
    step = max(1, len(lines) // SAMPLE_LINES)
    return [line[:SAMPLE_BYTES] for line in lines[::step]]


def _share_valid(lines: Sequence[bytes], encoding: str) -> float:
    return sum(_valid(line, encoding) for line in lines) / len(lines) if lines else 0.0


def _share_broken(sample: bytes, encoding: str) -> float:
    text = sample.decode(encoding, "xinsheng.mark")
    foreign = sum(not character.isascii() for character in text)
    return text.count(MARK) / foreign if foreign else 0.0


def _chineseness(lines: Sequence[bytes], encoding: str) -> float:
    """Return the share of common Chinese characters among all non-ASCII ones, read as this encoding."""
    text = "".join(line.decode(encoding, "xinsheng.mark") for line in lines)
    foreign = [character for character in text if not character.isascii()]
    return sum(character in COMMON for character in foreign) / len(foreign) if foreign else 0.0

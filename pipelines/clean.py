"""Cleaning: what came with the export goes, what the customer wrote stays, Traditional Chinese as written."""

import re

from pipelines.annotations import strip_readings
from pipelines.markup import strip_markup
from pipelines.mojibake import repair
from pipelines.width import fold_width

MOST_REPEATS = 3
"""哈哈哈 and !!! still say "strongly"; more only makes equal texts differ."""

_PASSES = 6  # an escape inside an escape needs one pass each; real exports have at most three

# Digits repeat for a reason (10000), X counts in sizes (XXXXL), * stands for hidden digits (138****0000).
_CHAR_RUN = re.compile(r"([^\s\dXx*])\1{3,}")
_STAR_RUN = re.compile(r"(?<![\d*])\*{4,}(?![\d*])")
_PHRASE_RUN = re.compile(r"([^\W\d_a-zA-Z]{2,8}?)\1{3,}")
_MARK_RUN = re.compile(r"[!?！？]{4,}")
_BLANKS = re.compile(r" {2,}")
_LINE_EDGES = re.compile(r" *\n *")
_MANY_LINES = re.compile(r"\n{3,}")

# A company's answer exported in the same cell is not the customer's voice; the customer's own addition after it is.
_REPLY = re.compile(
    r"(?:^|(?<=[\n。！？!?.~ ]))[【\[]?(?:宾馆|賓館|酒店|商家|卖家|賣家|店家|掌柜|掌櫃|官方|客服)"
    r"(?:反馈|回饋|回复|回覆|回復|回应|回應|答复|答覆)[】\]]?\s*"
    r"(?:\d{4}[年/-]\d{1,2}[月/-]\d{1,2}日?\s*[:：]|[:：](?=\s*(?:尊敬|亲|親|您好|感谢|感謝|谢谢|謝謝)))"
    r".*?(?=补充点评|補充點評|追加评[价论]|追加評[價論]|$)"
    r"|(?:^|(?<=\n))(?:Developer response|Response from the owner|Owner's reply)\s*:.*$",
    re.DOTALL | re.IGNORECASE,
)
_SHOW_MORE = re.compile(
    r"(?:(?<=…)|(?<=\.\.\.)|(?<=\n))\s*(?:展开全文|收起全文|阅读全文|查看全文|Read more|Show more)\s*$", re.I
)


_REPLY_WORDS = ("反馈", "回饋", "复", "覆", "復", "回应", "回應")
# The button that folds a review up again, which no customer writes.
_FOLD_UP = re.compile(r"\s*(?:收起|展开|展開)(?:评[价论]|評[價論]|点评|點評)\s*$")
# What a telephone puts under every message.
_SIGNATURE = re.compile(
    r"(?:(?<=\n)|^)[ \t]*(?:[-—_]{2,}\s*)?"
    r"(?:Sent from (?:my|Mail for|Yahoo Mail for|Outlook for) [A-Za-z0-9 ]{2,24}|Get Outlook for (?:iOS|Android)"
    r"|(?:发自|發自|来自|來自)我的 ?[A-Za-z0-9\u4e00-\u9fff]{2,12}(?: ?手机| ?手機)?)[.。]?\s*$",
    re.IGNORECASE,
)


def _fold_run(match: re.Match[str]) -> str:
    return match[1] * (2 if match[1] == "…" else MOST_REPEATS)


def _fold_repeats(text: str) -> str:
    text = _CHAR_RUN.sub(_fold_run, text)
    text = _MARK_RUN.sub(lambda m: m[0][:MOST_REPEATS], text)
    if "****" in text:
        text = _STAR_RUN.sub("*" * MOST_REPEATS, text)
    return text if text.isascii() else _PHRASE_RUN.sub(lambda m: m[1] * MOST_REPEATS, text)


def _fold_spaces(text: str) -> str:
    if "  " in text:
        text = _BLANKS.sub(" ", text)
    if "\n" in text:
        text = _MANY_LINES.sub("\n\n", _LINE_EDGES.sub("\n", text))
    return text.strip()


def _pass(text: str) -> str:
    text = strip_readings(strip_markup(fold_width(repair(text))))
    if any(word in text for word in _REPLY_WORDS) or "response" in text.lower() or "reply" in text:
        text = _REPLY.sub("", text)
    text = _SIGNATURE.sub("", _FOLD_UP.sub("", _SHOW_MORE.sub("", text)))
    return _fold_spaces(_fold_repeats(text))


def clean(raw: str) -> str:
    """Return the text as its writer meant it: widths folded, markup, readings and invisible characters taken out.

    Full-width letters and digits are halved, Chinese punctuation stays full-width; repeats are folded to three; emoji
    and emoticons stay; mojibake is repaired where that is certain. `clean(clean(x)) == clean(x)`.
    """
    text = raw
    for _ in range(_PASSES):
        before, text = text, _pass(text)
        if text == before:
            break
    return text

"""Conversations → turns: lines with speaker labels in the layouts of the usual tools, and subtitle cues.

Layouts known: `Name: text`, `**Name:** text`, `Name  12:34` over the text (Otter, 飞书妙记, 讯飞听见, 通义听悟),
`[12:34] Name: text`, `00:12:34 Name`, `Name(00:01:08): text` (腾讯会议), a bare name over its text, and chats as
WeChat, QQ and WhatsApp save them: `2026-03-01 10:00:01 Name` over the text, `[2026/3/1, 10:00:01] Name: text`.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipelines.records import Turn

Line = tuple[int, str]
Role = Literal["interviewer", "respondent"]

# A label that occurs once is more likely "Conclusion:" than a person; two turns each is the least of a conversation.
LEAST_TURNS_PER_SPEAKER = 2
LEAST_TURNS = 4
# In a conversation nearly every block opens with a label; lists of "colour: red" inside prose stay below.
LABELLED_SHARE = 0.5
MOST_SPEAKERS = 40
LONGEST_NAME = 40

# Cues of one speaker closer than this belong to one turn (seconds), up to this length (characters).
CUE_GAP = 2.0
CUE_LENGTH = 300
# Cues without speakers: a sentence end closes a turn once it holds this much; a pause always does.
CUE_SENTENCE = 60
CUE_PAUSE = 1.5

# Who asks nearly half of the time, and at least twice as often as everybody else, is the interviewer.
ASKING_SHARE = 0.4
ASKING_RATIO = 2.0

_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_NAME = r"[^:：\[\]()（）|<>]{1,40}?"
_BOLD_LABEL = re.compile(r"^\**\s*(?P<name>[^:：*|]{1,40}?)\s*(?:[:：]\s*\*\*|\*\*\s*[:：])\s*(?P<text>.*)$", re.DOTALL)
_DAY = r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?"
_PATTERNS = (
    re.compile(
        rf"^\[?{_DAY},?\s+{_CLOCK}(?:\s?[AaPp][Mm])?\]?\s*(?:-\s*)?(?P<name>{_NAME})\s*[:：]\s*(?P<text>.+)$", re.DOTALL
    ),
    re.compile(
        rf"^{_DAY}\s+{_CLOCK}\s+(?P<name>[^:：\d\s][^:：()（）<>]{{0,39}}?)\s*(?:[(（<][^()（）<>]*[)）>])?\s*$"
    ),
    re.compile(rf"^[\[(【（]?(?P<time>{_CLOCK})[\])】）]?\s+(?P<name>{_NAME})\s*[:：]\s*(?P<text>.+)$", re.DOTALL),
    re.compile(rf"^[\[【](?P<time>{_CLOCK})[\]】]\s*(?P<name>{_NAME})\s*[:：]\s*(?P<text>.+)$", re.DOTALL),
    re.compile(rf"^(?P<name>{_NAME})\s*[(（\[](?P<time>{_CLOCK})[)）\]]\s*[:：]?\s*(?P<text>.*)$", re.DOTALL),
    re.compile(rf"^(?P<name>{_NAME})\s+(?P<time>{_CLOCK})\s*[:：]?\s*$"),
    re.compile(rf"^(?P<name>{_NAME})\s+\d{{4}}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?\s+{_CLOCK}\s*$"),
    re.compile(rf"^(?P<time>{_CLOCK})\s+(?P<name>[^:：\d\s][^:：]{{0,39}}?)\s*$"),
    re.compile(rf"^(?P<name>{_NAME})\s*[:：]\s*(?P<text>.*)$", re.DOTALL),
)
_TIME_ALONE = re.compile(rf"^[\[(]?(?P<time>{_CLOCK})[\])]?\s*$")
_FOOTER = re.compile(
    r"^(?:transcribed by https?://\S+|transcription ended after .*|以上内容由\s*AI\s*生成.*|仅供参考.*"
    r"|this editable transcript was computer generated.*)$",
    re.IGNORECASE,
)
# Labels that open lines of reviews and protocols, and are nobody's name.
_NO_NAMES = (
    "优点 缺点 優點 缺點 好处 坏处 建议 意见 总结 结论 评价 标题 内容 备注 问题 日期 时间 地点 关键词 摘要 主题"
    " 评分 附件 说明 外观 价格 屏幕 音质 续航 性能 质量 包装 物流 服务 口味 环境 外形外观 屏幕音效 拍照效果"
    " 运行速度 待机时间 其他特色 产品 适合肤质 使用效果 个人情况 整体描述 参与者名单 录音时间 访谈时间 访谈地点"
    " 受访对象"
    " pros cons pro con note notes summary conclusion title date time location url http https subject keywords score"
    " rating re fwd todo warning source sources details example total price quality design battery update edit ps p.s."
    " topic agenda duration participants attendees"
)
_NOT_NAMES = frozenset(_NO_NAMES.split())
_INTERVIEWER = re.compile(
    r"^(?:interviewer|moderator|facilitator|host|researcher|q|问|問|采访者|採訪者|采访人|访谈者|訪談者|访谈员|访员"
    r"|主持人|主持|研究员|研究者|提问者|记者|調查員|调查员)\s*\d*$",
    re.IGNORECASE,
)
# The company's side of a support chat; in an interview with its staff somebody else asks.
_COMPANY = re.compile(
    r"^(?:(?:在线|在線|人工|智能)?客服\S{0,8}|(?:智能)?机器人|(?:support )?agent\b.{0,12}"
    r"|support(?: team)?|chat ?bot|bot)$",
    re.IGNORECASE,
)
_RESPONDENT = re.compile(
    r"^(?:interviewee|respondent|participant|customer|user|guest|a|p\d+|答|受访者|受訪者|受访人|被访者|被訪者|被采访者"
    r"|参与者|參與者|用户|用戶|客户|客戶|顾客|顧客|嘉宾|来宾|学员)\s*[\dA-Za-z一二三四五六七八九十]*$",
    re.IGNORECASE,
)
# Subtitle services hide watermarks in them; they are no part of what was said, and cleaning removes them anyway.
_INVISIBLE = re.compile("[\u200b\u200c\u2060\ufeff]")
_NAMED_INTERVIEWER = re.compile(
    r"(?:interviewers?(?:\s+(?:is|are|was|were)|\s*[:：])|(?:采访者|访谈者|主持人|访谈员)\s*(?:是|为|[:：]))\s*(?P<names>[^.。\n]{2,80})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One subtitle: when, who (if said) and what; `number` is its place in the file, from 1."""

    number: int
    start: float
    end: float
    text: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Label:
    name: str
    start: float | None
    text: str


def turns_from_lines(lines: Sequence[Line]) -> tuple[Turn, ...]:
    """Return the turns of a labelled conversation, in order; an empty tuple where the lines are not one.

    Lines are (line number, text), blank ones included: they separate blocks. Text before the first label is left out.
    """
    labels = [_label(text) for _, text in lines]
    names = _speakers([label for label in labels if label is not None])
    if not names:
        labels = _bare_names(lines)
        names = {label.name for label in labels if label is not None}
    filled = [place for place, (_, text) in enumerate(lines) if text.strip()]
    opening = [place for place in filled if (label := labels[place]) is not None and label.name in names]
    if len(opening) < LEAST_TURNS or not filled or not _covers(lines, opening):
        return ()
    marked = set(opening)
    turns: list[Turn] = []
    row, speaker, start, said = 0, "", None, list[str]()
    pending: float | None = None
    for place in filled[filled.index(opening[0]) :]:
        number, text = lines[place]
        label = labels[place] if place in marked else None
        if label is not None:
            _close(turns, row=row, speaker=speaker, start=start, said=said)
            row, speaker, start, said = number, label.name, label.start if label.start is not None else pending, []
            pending = None
            if label.text:
                said.append(label.text)
        elif match := _TIME_ALONE.match(text.strip()):
            pending = seconds(match["time"])
        elif not _FOOTER.match(text.strip()):
            said.append(text.strip())
    _close(turns, row=row, speaker=speaker, start=start, said=said)
    return with_roles(with_ends(turns), context="\n".join(text for _, text in lines[: opening[0]]))


def turns_from_cues(cues: Sequence[Cue]) -> tuple[Turn, ...]:
    """Return turns from subtitles: the cues of one speaker joined; without speakers, joined into whole sentences.

    Chinese cues that carry no punctuation are joined with a full-width comma, since their breaks are the only pauses.
    """
    spoken = _named_in_text([replace(cue, text=_INVISIBLE.sub("", cue.text)) for cue in cues])
    turns: list[Turn] = []
    held: list[Cue] = []
    for cue in spoken:
        if held and _breaks(held, cue):
            turns.append(_joined(held))
            held = []
        held.append(cue)
    if held:
        turns.append(_joined(held))
    return with_roles(turns)


def seconds(clock: str) -> float:
    """Return a timecode such as 1:02:03.5 or 02:03 in seconds."""
    total = 0.0
    for part in clock.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total


def with_ends(turns: Sequence[Turn]) -> list[Turn]:
    """Return the turns with `end` set to the start of the next one where both are known."""
    following = [turn.start for turn in turns[1:]] + [None]
    return [
        replace(turn, end=after)
        if turn.end is None and turn.start is not None and after is not None and after >= turn.start
        else turn
        for turn, after in zip(turns, following, strict=True)
    ]


def with_roles(turns: Sequence[Turn], *, context: str = "") -> tuple[Turn, ...]:
    """Return the turns with who asks and who answers, from labels, from the words above them, or from who asks most.

    Where nothing tells, the role stays None.
    """
    speakers = list(dict.fromkeys(turn.speaker for turn in turns if turn.speaker))
    roles: dict[str, Role] = {}
    for speaker in speakers:
        if _INTERVIEWER.match(speaker):
            roles[speaker] = "interviewer"
        elif _RESPONDENT.match(speaker):
            roles[speaker] = "respondent"
    if match := _NAMED_INTERVIEWER.search(context):
        roles |= {speaker: "interviewer" for speaker in speakers if speaker in match["names"]}
    company = [speaker for speaker in speakers if _COMPANY.match(speaker)]
    if "interviewer" not in roles.values() and 0 < len(company) < len(speakers):
        roles |= dict.fromkeys(company, "interviewer")
    if "interviewer" not in roles.values() and len(speakers) > 1:
        asking = {speaker: _asking(turns, speaker) for speaker in speakers}
        first, second = sorted(asking.values(), reverse=True)[:2]
        if first >= ASKING_SHARE and first >= ASKING_RATIO * second:
            roles[max(asking, key=lambda speaker: asking[speaker])] = "interviewer"
    if "interviewer" in roles.values():
        roles = {speaker: roles.get(speaker, "respondent") for speaker in speakers}
    return tuple(replace(turn, role=roles.get(turn.speaker or "")) for turn in turns)


def _asking(turns: Sequence[Turn], speaker: str) -> float:
    own = [turn.text for turn in turns if turn.speaker == speaker]
    return sum(text.rstrip().endswith(("?", "？", "吗", "呢")) for text in own) / len(own)


def _label(text: str) -> _Label | None:
    line = text.strip()
    if match := _BOLD_LABEL.match(line):
        return _named(match["name"], None, match["text"])
    for pattern in _PATTERNS:
        if match := pattern.match(line):
            groups = match.groupdict()
            return _named(groups["name"], groups.get("time"), groups.get("text") or "")
    return None


def _named(name: str, time: str | None, text: str) -> _Label | None:
    plain = unicodedata.normalize("NFKC", name).strip(" *#>-_·•\t")
    if not plain or len(plain) > LONGEST_NAME or plain.lower() in _NOT_NAMES or "://" in plain or text.startswith("//"):
        return None
    # A name has a letter, few words, and no sentence in it.
    if not any(character.isalpha() for character in plain) or len(plain.split()) > 5:
        return None
    if any(mark in plain for mark in ',，。！？!?;；"“”'):
        return None
    return _Label(name=plain, start=seconds(time) if time else None, text=text.strip())


def _speakers(labels: Sequence[_Label]) -> set[str]:
    counts = Counter(label.name for label in labels)
    known = {name for name in counts if _INTERVIEWER.match(name) or _RESPONDENT.match(name)}
    timed = {label.name for label in labels if label.start is not None}
    names = {name for name, count in counts.items() if count >= LEAST_TURNS_PER_SPEAKER} | known
    if not timed & names and len(names) < 2:
        # One label only, and no time anywhere: a repeated heading, not a conversation.
        return set()
    return names if len(names) <= MOST_SPEAKERS else set()


def _bare_names(lines: Sequence[Line]) -> list[_Label | None]:
    """Return labels for names that stand alone above what they said, as Otter writes them without times."""
    texts = [text.strip() for _, text in lines]
    opens = [bool(text) and (place == 0 or not texts[place - 1]) for place, text in enumerate(texts)]
    followed = [place + 1 < len(texts) and bool(texts[place + 1]) for place in range(len(texts))]
    found = [
        _named(text, None, "") if opens[place] and followed[place] and _name_like(text) else None
        for place, text in enumerate(texts)
    ]
    counts = Counter(label.name for label in found if label is not None)
    names = {name for name, count in counts.items() if count > LEAST_TURNS_PER_SPEAKER}
    if len(names) < 2 or len(names) > MOST_SPEAKERS:
        return [None] * len(lines)
    return [label if label is not None and label.name in names else None for label in found]


def _name_like(text: str) -> bool:
    return len(text) <= LONGEST_NAME and text[-1] not in ".。!！?？,，;；:：" and not text.startswith(("#", "-", "|"))


def _covers(lines: Sequence[Line], opening: Sequence[int]) -> bool:
    """Return whether most blocks (runs of lines between blanks) after the first label open with one."""
    marked = set(opening)
    blocks = labelled = singles = 0
    for place in range(opening[0], len(lines)):
        text = lines[place][1].strip()
        if not text:
            continue
        singles += 1
        if place == 0 or not lines[place - 1][1].strip():
            blocks += 1
            labelled += place in marked
    if blocks <= 1:
        return len(opening) >= LABELLED_SHARE * singles
    return labelled >= LABELLED_SHARE * blocks or len(opening) >= LABELLED_SHARE * singles


def _close(turns: list[Turn], *, row: int, speaker: str, start: float | None, said: Sequence[str]) -> None:
    text = "\n".join(said).strip()
    if text:
        turns.append(Turn(row=row, text=text, speaker=speaker, start=start))


def _named_in_text(cues: Sequence[Cue]) -> list[Cue]:
    """Return the cues with speakers that the text itself names ("Jane: …"), where the names recur."""
    found = [(cue, None if cue.speaker else _PATTERNS[-1].match(cue.text.strip())) for cue in cues]
    labels = [(cue, _named(match["name"], None, match["text"]) if match else None) for cue, match in found]
    counts = Counter(label.name for _, label in labels if label is not None)
    names = {name for name, count in counts.items() if count >= LEAST_TURNS_PER_SPEAKER}
    if sum(counts[name] for name in names) < LABELLED_SHARE * len(cues) * 0.2:
        return list(cues)
    named: list[Cue] = []
    for cue, label in labels:
        known = label is not None and label.name in names
        named.append(replace(cue, speaker=label.name, text=label.text) if label is not None and known else cue)
    return named


def _breaks(held: Sequence[Cue], cue: Cue) -> bool:
    last = held[-1]
    length = sum(len(part.text) for part in held)
    pause = cue.start - last.end
    if held[0].speaker != cue.speaker and cue.speaker is not None:
        return True
    if held[0].speaker is not None:
        return pause > CUE_GAP or length + len(cue.text) > CUE_LENGTH
    ended = last.text.rstrip().endswith((".", "!", "?", "。", "！", "？", "…", "♪"))
    wide = sum(1 + (ord(character) >= 0x2E80) for part in held for character in part.text)
    return (
        pause > CUE_PAUSE
        or length + len(cue.text) > CUE_LENGTH
        or (wide >= CUE_SENTENCE and (ended or not _punctuated(held)))
    )


def _punctuated(held: Sequence[Cue]) -> bool:
    return any(mark in part.text for part in held for mark in ".!?。！？")


def _joined(held: Sequence[Cue]) -> Turn:
    text = held[0].text.strip()
    for cue in held[1:]:
        following = cue.text.strip()
        if text and following and ord(text[-1]) >= 0x2E80 and ord(following[0]) >= 0x2E80:
            text += following if unicodedata.category(text[-1]).startswith("P") else "，" + following
        else:
            text = f"{text} {following}".strip()
    return Turn(row=held[0].number, text=text, speaker=held[0].speaker, start=held[0].start, end=held[-1].end)

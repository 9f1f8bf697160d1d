"""Answers that say nothing: counted and set aside, never analysed."""

import re
import unicodedata
from typing import Literal

from pipelines.shadow import simplify

EmptyReason = Literal["empty", "placeholder", "boilerplate", "no_words"]

# Read left to right: an opening, "there is not" or "nothing", what there is nothing of, an ending. 没有问题, 没有缺点
# and 没有异味 praise something, so their nouns are not in the list.
_ZH_NOTHING = re.compile(
    "(?:嗯|额|呃|暂时|目前|现在|暂|我|个人|本人|觉得|感觉|应该|好像|基本|这个|真的){0,3}[也都还就是]?"
    "(?:暂?无|暂?没有?|木有|没啥|没什么|无任何|无其[他它]|并?无|空|未填写?|不填|略|不想[说填]|不想评价|无可奉告)"
    "(?:任何|什么|啥|其[他它]|别的|特别|多余|更多|好|太多|过多|补充|进一步)*的?"
    "(?:意见(?:和|与|或|及)?建议|意见|建议|想法|看法|反馈|补充|说明|要求|评价|评论|内容|要?说|想说|可说|需要补充|需要|话)?"
    "的?(?:[了哦呢啊吧呀啦的噢喔]|谢谢|多谢|感谢)*"
)
_ZH_UNKNOWN = re.compile(
    "我?(?:不知道|不清楚|不太清楚|不了解|不晓得)(?:说什么|写什么|填什么|怎么说|[了呢啊哦])*"
    "|同上|如上|见上|同前|保密|测试|测试数据|嗯+|哦+|啊+|呃+|额+|懒得(?:写|说|评价?)了?|随便(?:写写|填填)|凑够?字数|占位|已填|填写|默认"
)
_EN_NOUN = r"(?:comments?|suggestions?|feedback|opinions?|answers?|remarks?|ideas?|response)"
_EN_NOTHING = re.compile(
    r"n\s*/?\s*a|n|no (?:negatives?|positives?)"
    r"|not applicable|none|nil|null|nan|undefined|nothing|nope|no|na|empty|blank|void|test|testing|tbd|tba"
    r"|x+|z+|asdf\w*|qwerty|lorem ipsum|idk|dunno|i (?:do not|don ?t) know|no idea|not sure|(?:same )?as above|same"
    rf"|ditto|skip|(?:i (?:have|ve) )?(?:none|nothing|no(?: \w+)? {_EN_NOUN})"
    r"|(?:none|nothing)(?: that)?(?: i can think of| i know of| comes to mind| much| really| special| specific"
    r"| particular| in particular| else| more| to (?:add|say|report|mention|declare|comment))*"
    r"|no (?:thanks?|thank you)|(?:prefer|rather) not(?: to)? (?:say|answer)"
)
_EN_TAIL = re.compile(
    r"(?: (?:at (?:all|this time|the moment|present|this point)|so far|for now|right now|yet|currently|really|thanks?"
    r"|thank you|sorry|please))+$"
)
_ZH_PLATFORM = re.compile(
    "(?:此|该|本|这位|这个)?(?:用户|买家|顾客|客户|会员|评价方|消费者)(?:没有|没|未|未能|未及时|没有及时)(?:及时)?"
    "(?:填写|做出|作出|发表|留下|写下?|提供|给出)?(?:任何|文字)?的?(?:评价|评论|点评|内容|文字)(?:内容|文字)?(?:系统默认好评)?"
    "|(?:系统|平台|自动|超时|到期|逾期)+的?(?:默认|自动)?(?:给予|给出)?的?(?:五星|5星)?(?:好评|评价|评分)|默认好评"
    "|(?:没有|暂无|无)(?:文字)?(?:评价|评论|点评)内容|(?:用户|买家)?(?:上传|分享|发布|晒)了?(?:图片|视频|照片|晒单)"
    "|[该此](?:评价|评论|内容|条?消息|帖子)已被?(?:用户|作者|系统|管理员)?(?:删除|屏蔽|隐藏|折叠|撤回)"
)
_EN_PLATFORM = re.compile(
    r"(?:the |this )?(?:user|customer|buyer|reviewer|guest)(?: has)?(?: did not|didn ?t| left| has not| provided)"
    r"(?: leave| write| provide| left)?(?: a| any| no)?(?: written)? (?:comments?|reviews?|feedback|text)"
    r"|no (?:written|text) (?:review|comment|feedback)(?: (?:left|provided|available))?"
    r"|(?:this )?(?:message|comment|review|post) (?:was|has been) (?:deleted|removed)"
    r"|(?:image|media|attachment|audio|video|sticker) omitted"
)
# An app's stand-in for what is not text, but only in brackets: bare, 图片 could answer "what should we add?".
_STAND_IN = re.compile(
    r"[\[【<(（]\s*(?:图片|视频|语音|动画表情|表情|照片|链接|文件|位置|圖片|視頻|image|photo|video|voice|sticker"
    r"|file|link|deleted|removed)\s*[\]】>)）]",
    re.IGNORECASE,
)
_LONGEST = 100  # characters; no placeholder and no platform's sentence is longer
_LETTER = re.compile(r"[^\W\d_]")


def _words_only(text: str) -> str:
    """Lower case and Simplified, letters and digits alone; spaces are left only between English words."""
    folded = simplify(unicodedata.normalize("NFKC", text).casefold())
    words = " ".join("".join(c if c.isalnum() or c == "/" else " " for c in folded).split()).strip("/ ")
    return words if words.isascii() else words.replace(" ", "")


def empty_answer(text: str) -> EmptyReason | None:
    """Return why the text says nothing, or None where it says something.

    "empty": no characters; "placeholder": 无, 没有, N/A, none …; "boilerplate": a platform's own sentence in place of
    one; "no_words": signs, digits or emoji alone. Short judgements (还行, ok, 好评, 没有异味) are answers.
    """
    if not text.strip():
        return "empty"
    if not _LETTER.search(text):
        return "no_words"
    if len(text) > _LONGEST:
        return None
    words = _words_only(text)
    if not _STAND_IN.sub("", text).strip() or _ZH_PLATFORM.fullmatch(words) or _EN_PLATFORM.fullmatch(words):
        return "boilerplate"
    if _ZH_NOTHING.fullmatch(words) or _ZH_UNKNOWN.fullmatch(words):
        return "placeholder"
    if _EN_NOTHING.fullmatch(words) or _EN_NOTHING.fullmatch(_EN_TAIL.sub("", words)):
        return "placeholder"
    return None

"""Answers that say nothing: counted and set aside, never analysed."""

import re
import unicodedata
from typing import Literal

EmptyReason = Literal["empty", "placeholder", "boilerplate", "no_words"]

# Left to right: an opening, "there is not / nothing", what there is nothing of, an ending. 没有问题, 没有缺点 and
# 没有异味 praise something, so their nouns are not in the list.
_ZH_NOTHING = re.compile(
    r"(?:嗯|额|呃|暂时|目前|现在|暂|我|个人|本人|觉得|感觉|应该|好像|基本|这个|真的){0,3}(?:也|都|还|就|是)?"
    r"(?:暂?无|暂?没有?|木有|没啥|没什么|没什麼|无任何|无其[他它]|并?无|空|未填写?|不填|略|不想[说填]|不想评价|无可奉告)"
    r"(?:任何|什么|什麼|啥|其[他它]|别的|特别|多余|更多|好|太多|过多|补充|进一步)*的?"
    r"(?:意见(?:和|与|或|及|、)?建议|意见|建议|想法|看法|反馈|补充|说明|要求|评价|评论|内容|要?说|要说|想说|可说|说|需要补充|需要|话)?"
    r"的?(?:了|哦|呢|啊|吧|呀|啦|的|噢|喔|谢谢|多谢|感谢)*"
)
_ZH_OTHER = re.compile(
    r"(?:我)?(?:不知道|不清楚|不太清楚|不了解|不晓得)(?:说什么|写什么|填什么|怎么说|了|呢|啊|哦)*|同上|如上|见上|同前|保密|测试|测试数据"
    r"|嗯+|哦+|啊+|呃+|额+|懒得(?:写|说|评价?)了?|随便(?:写写|填填)|凑(?:够)?字数|占位|已填|填写|默认"
)
_EN_NOTHING = re.compile(
    r"n\s*/?\s*a|n\.a\.?|not applicable|none|nil|null|nan|undefined|nothing|nope|no|na|empty|blank|void|test|testing|tbd|tba"
    r"|x+|z+|asdf\w*|qwerty|lorem ipsum|idk|dunno|i (?:do not|don ?t|dont) know|no idea|not sure|(?:same )?as above|same|ditto|skip"
    r"|(?:i (?:have|ve) )?(?:none|nothing|no(?: \w+)? (?:comments?|suggestions?|feedback|opinions?|answers?|remarks?|ideas?|response))"
    r"|(?:none|nothing)(?: that)?(?: i can think of| i know of| comes to mind| much| really| special| specific| particular| in particular"
    r"| else| more| to (?:add|say|report|mention|declare|comment))*"
    r"|(?:none|nothing|no comments?)?(?: at (?:all|this time|the moment|present|this point)| so far| for now| right now| yet| currently| today)"
    r"|no (?:thanks?|thank you|further (?:comments?|suggestions?)|other (?:comments?|suggestions?)|more (?:comments?|suggestions?))"
    r"|(?:prefer|rather) not(?: to)? (?:say|answer)"
)
_EN_TAIL = re.compile(
    r"(?: (?:at all|at this time|at the moment|at present|at this point|so far|for now|right now|yet|currently|really|thanks?|thank you|sorry|please))+$"
)
_BOILERPLATE = re.compile(
    r"(?:此|该|本|这位|这个)?(?:用户|买家|顾客|客户|会员|评价方|消费者)(?:没有|没|未|未能|未及时|没有及时|未及时做?出?)(?:及时)?"
    r"(?:填写|做出|作出|发表|留下|写下?|提供|给出)?(?:任何|文字)?(?:的)?(?:评价|评论|点评|内容|文字)(?:内容|文字)?(?:系统默认好评)?"
    r"|(?:系统|平台|自动|超时|到期|逾期)+(?:的)?(?:默认|自动)?(?:给予|给出)?(?:的)?(?:五星|5星)?(?:好评|评价|评分)|默认好评|(?:没有|暂无|无)(?:文字)?(?:评价|评论|点评)内容"
    r"|(?:用户|买家)?(?:上传|分享|发布|晒)了?(?:图片|视频|照片|晒单)|(?:该|此)(?:评价|评论|内容|条?消息|帖子)已被?(?:用户|作者|系统|管理员)?(?:删除|屏蔽|隐藏|折叠|撤回)"
    r"|(?:图片|视频|语音|动画表情|表情|照片|链接|文件|位置)"
    r"|(?:the |this )?(?:user|customer|buyer|reviewer|guest)(?: has)?(?: did not|didn ?t| left| has not| provided| wrote)"
    r"(?: leave| write| provide| left)?(?: a| any| no)?(?: written)? (?:comments?|reviews?|feedback|text)"
    r"|no (?:written|text) (?:review|comment|feedback)(?: (?:left|provided|available))?|(?:this )?(?:message|comment|review|post) (?:was|has been) (?:deleted|removed)"
    r"|deleted|removed|image omitted|media omitted|attachment omitted|audio omitted|image|photo|video"
)
_SIMPLIFIED = str.maketrans(
    "無沒暫見議麼說話評價內給應該個覺還並補發認時圖這寫戶統視頻未測試備註謝啊",
    "无没暂见议么说话评价内给应该个觉还并补发认时图这写户统视频未测试备注谢啊",
)
_KEPT = frozenset("/")


def _words_only(text: str) -> str:
    """Lower case, Simplified where it matters, letters and digits with single spaces between words."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLIFIED)
    return " ".join("".join(c if c.isalnum() or c in _KEPT else " " for c in folded).split()).strip("/ ")


def empty_answer(text: str) -> EmptyReason | None:
    """Return why the text says nothing, or None where it says something.

    "empty": no characters; "placeholder": 无, 没有, N/A, none …; "boilerplate": a platform's own sentence in place of
    one; "no_words": signs, digits or emoji alone. Short judgements (还行, ok, 好评, 没有异味) are answers.
    """
    if not text.strip():
        return "empty"
    words = _words_only(text)
    if not any(c.isalpha() for c in words):
        return "no_words"
    if len(words) > 60:
        return None
    joined = words if words.isascii() else words.replace(" ", "")
    if _BOILERPLATE.fullmatch(joined):
        # [图片] is the app's; a bare word could be an answer to "what would you like to see more of?".
        bracketed = text.strip()[0] in "[【<(（" or len(joined) > 8
        if bracketed or joined not in {
            "图片",
            "视频",
            "语音",
            "表情",
            "照片",
            "链接",
            "文件",
            "位置",
            "image",
            "photo",
            "video",
        }:
            return "boilerplate"
    if _ZH_NOTHING.fullmatch(joined) or _ZH_OTHER.fullmatch(joined):
        return "placeholder"
    if words.isascii():
        if _EN_NOTHING.fullmatch(words) or _EN_NOTHING.fullmatch(_EN_TAIL.sub("", words)):
            return "placeholder"
    return None

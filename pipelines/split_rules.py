"""Where a verbatim may be cut and where it never is: Chinese and English rules as data."""

import re

from pipelines.opinion_words import HAN

# --- never cut inside these ---------------------------------------------------------------------------------------------

_EMOJI = "\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
EMOJI_RUN = rf"(?:[{_EMOJI}][\ufe0f\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*)+"
_LONGEST_QUOTE = 60  # characters; a longer quotation is a story with sentences of its own

HELD = re.compile(
    "|".join(
        (
            r"(?:https?://|www\.)[^\s\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+",
            r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}",
            r"\b[A-Za-z0-9][A-Za-z0-9-]*\.(?:com|cn|net|org|io|html?|pdf|docx?|xlsx?|jpe?g|png|mp[34]|apk|exe|js|py)\b",
            # numbers with signs inside: 3,000 4.5 12:30 3~5 1-2 2024/03/01 1,5倍, and ordinals such as No. 5
            r"\d+(?:\s?[.,:：/~～%-]\s?\d+)+|\d+\s?[x×*]\s?\d+",
            r"\b(?:No|Nr|vol|fig|p|pp|v|ver|approx|ca)\.\s?\d+(?:\.\d+)*",
            r"\b(?:[Mm]rs?|[Mm]s|[Dd]r|[Pp]rof|[Ss]t|[Jj]r|[Ss]r|vs|etc|incl|esp|dept|apt|inc|ltd|co|corp|e\.g|i\.e|a\.k\.a|a\.m|p\.m|U\.S\.A|U\.S|U\.K|Ph\.D)\."
            r"(?=\s?[\w,)])",
            r"\b(?:[A-Za-z]\.){2,}(?=[\s,]*[a-z0-9])",
            # quotations and brackets of a phrase's length
            rf"“[^“”\n]{{1,{_LONGEST_QUOTE}}}”|‘[^‘’\n]{{1,{_LONGEST_QUOTE}}}’|「[^「」\n]{{1,{_LONGEST_QUOTE}}}」|『[^『』\n]{{1,{_LONGEST_QUOTE}}}』",
            rf"《[^《》\n]{{1,{_LONGEST_QUOTE}}}》|〈[^〈〉\n]{{1,{_LONGEST_QUOTE}}}〉|(?<![A-Za-z0-9])\"[^\"\n]{{1,{_LONGEST_QUOTE}}}\"(?![A-Za-z0-9])",
            # emoticons that hold signs of punctuation
            r"[(（][^()（）\s]{0,3}[╯°□ಠ益｀´・ω∀▽´`≧≦◕‿｡^_;><TωДд皿﹏][^()（）\n]{0,12}[)）][╯ノ︵┻━☆♡ﾉ彡つづ]*",
            r"(?<![A-Za-z0-9])[:;=8xX][-o^']?[)(\]\[DPpOo/\\|*3]+(?![A-Za-z0-9])|\^[_.\-oO]{0,3}\^|[TQ>][_.][T<Q]|-_-|o_O|O_o|\._\.|<3|</3|-\.-",
            rf"\([^()\n]{{1,{_LONGEST_QUOTE}}}\)|（[^（）\n]{{1,{_LONGEST_QUOTE}}}）|\[[^\[\]\n]{{1,{_LONGEST_QUOTE}}}\]|【[^【】\n]{{1,{_LONGEST_QUOTE}}}】",
            EMOJI_RUN,
            r"[A-Za-z]+(?:['’][A-Za-z]+)+",
        )
    )
)

# --- sentences ----------------------------------------------------------------------------------------------------------

_CLOSING = '"”’」』）)】》'
# Each match ends a sentence; what follows it begins the next.
STOPS = re.compile(
    rf"[。！？!?；;…]+(?:[~～\s。！？!?；;….]*[。！？!?；;….~～])?[{_CLOSING}]*"
    r"|\n+"
    rf"|\.+(?:[{_CLOSING}]+)?(?=\s|$)"
    rf"|(?<=[{HAN}])\.+(?=\S)"
    rf"|\.{{2,}}(?=[A-Za-z{HAN}])"
    r"|(?<=[a-z]{2})\.(?=[A-Z][a-z'])"
    rf"|(?<=[{HAN}])[~～]+(?=[{HAN}A-Za-z])"
    r"|┋|(?<=\s)(?:\||•|·|–|—|-)(?=\s)"
)
# An emoji or a code such as [微笑] closes a statement where a new one follows it.
EMOJI_STOP = re.compile(rf"(?:{EMOJI_RUN}|\[[{HAN}]{{1,4}}\])+(?=\s*[{HAN}A-Z])")
# 优点：… 缺点：… begin a new statement, as do items of a numbered list.
LABELS = re.compile(
    r"(?:优点|優點|缺点|缺點|不足|优势|劣势|建议|建議|总结|總結|总评|[Pp]ros|[Cc]ons|PROS|CONS)(?:之处)?\s?[:：]"
)
ITEMS = re.compile(
    rf"(?<![\d.,:/])(?:[(（](\d{{1,2}})[)）]|(\d{{1,2}})\s?[.、，,:：)）．](?!\d)|([①-⑳]))(?=\s*[{HAN}A-Za-z“\"【])"
)

# --- clauses ------------------------------------------------------------------------------------------------------------

COMMAS = re.compile(
    rf"[，,、]\s*|(?<=[{HAN}）】”%])\s+(?=[{HAN}（【“])|\s(?:--+|—+|–)\s|——+|(?<=[A-Za-z])--+(?=[A-Za-z])"
)

# 不但, 只不过, 忙不过来, 不就是, 冷却: the same characters inside other words.
ZH_CONTRAST = re.compile(
    "但是|(?<![不非])但(?![凡愿丁])|可是|然而|不过(?!来|去|如此|分|瘾|敏|关|期|时|审|滤)|(?<![受忙赶])(?<!只)不过(?=[，,])|只不过|(?<!不)只是(?=有|太|不|没|稍|略|价|速|送|服|味|感|味|[，,])"
    "|(?<![这那也不真反正都无非要又])就是(?=有点|有些|太|不|没|稍|略|价|送|快递|物流|味|服务|包装|量|分量|小|贵|慢|有一|等|电池|说明|屏|网|房)"
    "|(?<![冷退忘了失省推])却(?!步)|美中不足|唯一(?:的)?(?:不足|缺点|遗憾|美中不足)|遗憾的是|可惜(?!了$)|除了.{2,12}(?:之外|以外|外)(?=[，,])|反而|相反|倒是"
    "|但是|可惜的是|不過(?!來|去|如此)|卻|雖然(?!如此)|虽然(?!如此)|尽管|儘管"
)
ZH_ADDITION = re.compile(
    "而且|并且|並且|另外|此外|还有(?![点些人个没])|還有(?![點些人個沒])|同时|同時|再加上|加上|更何况|顺便(?:说|提)|再者|其次|以及|最后(?=[，,])|最重要的是|尤其是|特别是"
)

EN_CONTRAST = re.compile(
    r"(?<!\bnothing )(?<!\banything )(?<!\ball )(?<!\bhelp )(?<!\blast )(?<!\bnone )\bbut\b(?! for\b| also\b| not least\b)|\balthough\b|\beven though\b|(?<!\bas )(?<!\beven )\bthough\b(?=\s+\w)"
    r"|\bhowever\b|\bwhereas\b|\bnevertheless\b|\bnonetheless\b|\bon the other hand\b|\bthat being said\b|\bhaving said that\b|\bthat said\b"
    r"|\bexcept(?: that| for)?\b|\bdespite\b|\bin spite of\b|(?<=, )yet\b|\band yet\b|(?<=, )while\b|(?<!\ba )(?<!\bfor )\bwhile\b(?= the\b| it\b| they\b| my\b| our\b| its\b| their\b| service\b)"
    r"|\b(?:only|biggest|one|sole) (?:complaint|downside|drawback|issue|problem|negative|con|gripe)\b|(?<=, )unfortunately\b|(?<=, )sadly\b",
    re.IGNORECASE,
)
EN_ADDITION = re.compile(
    r"\balso\b(?=,| the\b| it\b| i\b| my\b| they\b| we\b| there\b| its\b| our\b)|\bplus\b(?=,| the\b| it\b| you\b| they\b)|\bin addition\b|\badditionally\b|\bfurthermore\b|\bmoreover\b|\bbesides\b(?=,)|\bas well as\b|\bon top of that\b"
    r"|\band\b",
    re.IGNORECASE,
)
NOT_ONLY = re.compile(r"\bnot (?:only|just|merely)\b", re.IGNORECASE)

# --- edges of a unit ----------------------------------------------------------------------------------------------------

# Trimmed from both ends; ! and ? stay at the end, because they say how something was said.
LEFT_TRIM = " \n，,、。.；;：:！!？?~～…-—–|┋•·)）]】」』”’》"
RIGHT_TRIM = " \n，,、。.；;：:~～…-—–|┋•·(（[【「『“‘《"
LEADING = re.compile(
    r"(?:但是|但(?![凡愿])|可是|然而|不过(?!如此|分|关|期|瘾)|不過(?!如此|分)|而且|并且|並且|另外|此外|还有(?![点些人个没])|還有(?![點些人個沒])|同时(?=[，,])|再加上|其次|虽然|雖然|尽管|儘管)[，,：:\s]*"
    r"|(?:but|however|although|though|even though|also|and|plus|moreover|furthermore|additionally|in addition|whereas|nevertheless|nonetheless|besides|while|yet|that said)\b[,:\s]*",
    re.IGNORECASE,
)
# Only where a cut was made at them: 就是有点贵 by itself is a full statement.
LEADING_AT_CUT = re.compile(
    r"(?:就是|只是|只不过|却|卻|倒是|以及|加上)[，,\s]*(?=\S)|(?:and|but|or|so)\b[,\s]*|(?:as well as)\b\s*",
    re.IGNORECASE,
)

FILLERS = frozenset(
    ["嗯", "恩", "哦", "噢", "啊", "额", "呃", "哎", "唉", "哈", "哈哈", "哈哈哈", "嘿嘿", "呵呵", "好的", "是的", "对", "对的", "好吧", "那个", "这个", "然后", "所以", "总之", "总体", "总体来说", "总的来说", "另外", "其他", "还有", "其次", "首先", "最后", "不过", "但是", "而且", "就是", "说实话", "ok", "okay", "well", "so", "yes", "yeah", "no", "and", "but", "also", "hi", "hello", "oh", "hmm", "um", "uh", "lol", "anyway", "overall", "however", "then", "wow", "please", "etc", "btw", "dear", "all"]
)

# --- length -------------------------------------------------------------------------------------------------------------

LONGEST_ZH = 70  # characters: run-on text without stops; a spoken Chinese statement seldom passes 40
LONGEST_EN = 320  # characters, about 60 words
# Where a run-on Chinese text is best cut: before a word that begins a new statement.
ZH_STARTS = re.compile(
    "我们|我|他们|它|这个|这|那个|那|然后|所以|因为|如果|而|就|后来|结果|还|也|服务|客服|物流|质量|价格|房间|味道|包装"
)

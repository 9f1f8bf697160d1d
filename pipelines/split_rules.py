"""Where a verbatim may be cut and where it never is: Chinese (Simplified) and English rules as data."""

import re

from pipelines.han import HAN

# --- never cut inside these ---------------------------------------------------------------------------------------

_EMOJI = "\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_EMOJI_RUN = rf"(?:[{_EMOJI}][\ufe0f\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*)+"
# Every pattern below is bounded on the left or in length: a cell of 20,000 letters must not take minutes.
_QUOTE = 60  # characters; a longer quotation is a story with sentences of its own


def _between(pairs: str) -> str:
    """One pattern for a phrase between each pair of signs, the signs included."""
    return "|".join(
        rf"{re.escape(a)}[^{re.escape(a + b)}\n]{{1,{_QUOTE}}}{re.escape(b)}" for a, b in map(tuple, pairs.split())
    )


_LINKS = (
    r"(?:https?://|www\.)[^\s\u3000-\u303f\u3400-\u9fff\uff00-\uffef]*[A-Za-z0-9/=_&#-]"
    r"|(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,255}\.[A-Za-z]{2,}"
    r"|\b[A-Za-z0-9][A-Za-z0-9-]{0,62}\.(?:com|cn|net|org|io|html?|pdf|docx?|xlsx?|jpe?g|png|mp[34]|apk|exe|js|py)\b"
)
# 3,000 4.5 12:30 3~5 1-2 2024/03/01 10 x 20 and ordinals such as No. 5 and v. 2.0
_NUMBERS = (
    r"(?<!\d)\d+(?:(?:\s?[.,:：/~～%-]\s?\d+)+|\s?[x×*]\s?\d+)"
    r"|\b(?:No|Nr|vol|fig|p|pp|v|ver|approx|ca)\.\s?\d+(?:\.\d+)*"
)
_ABBREVIATIONS = (
    r"\b(?:[Mm]rs?|[Mm]s|[Dd]r|[Pp]rof|[Ss]t|[Jj]r|[Ss]r|vs|etc|incl|esp|dept|apt|inc|ltd|co|corp|Ph\.D)\.(?=\s?[\w,)])"
    r"|\b(?:e\.g|i\.e|a\.k\.a|a\.m|p\.m|U\.S\.A|U\.S|U\.K)\.(?=\s?[a-z0-9,)])|\b(?:e\.g|i\.e|vs|Mr|Mrs|Ms|Dr)\.(?=\s)"
    r"|\b(?:[A-Za-z]\.){2,6}(?=[\s,]*[a-z0-9])|(?<![A-Za-z])[A-Za-z]+(?:['’][A-Za-z]+)+"
)
_QUOTED = (
    _between("“” ‘’ 「」 『』 《》 〈〉 （） () [] 【】") + rf'|(?<![A-Za-z0-9])"[^"\n]{{1,{_QUOTE}}}"(?![A-Za-z0-9])'
)
# Those with punctuation in them; Western ones stand apart from words, Japanese ones have a face inside brackets.
_EMOTICONS = (
    r"[(（][^()（）\s]{0,3}[╯°□ಠ益｀´・ω∀▽`≧≦◕‿｡^_;><TωДд皿﹏][^()（）\n]{0,12}[)）][╯ノ︵┻━☆♡ﾉ彡つづ]*"
    r"|(?<![A-Za-z0-9])[:;=8xX][-o^']?[)(\]\[DPpOo/\\|*3]+(?![A-Za-z0-9])"
    r"|\^[_.\-oO]{0,3}\^|[TQ>][_.][T<Q]|-_-|o_O|O_o|\._\.|<3|</3|-\.-"
)
HELD = re.compile("|".join((_LINKS, _NUMBERS, _ABBREVIATIONS, _EMOTICONS, _QUOTED, _EMOJI_RUN)))

# --- sentences ----------------------------------------------------------------------------------------------------

CLOSING = '"”’」』）)】》'
# Each match ends a sentence; what follows it begins the next.
STOPS = re.compile(
    rf"[。！？!?；;…]+(?:[~～\s。！？!?；;….]*[。！？!?；;….~～])?[{CLOSING}]*"
    r"|\n+|\s*//(?=@)"
    rf"|\.+[{CLOSING}]*(?=\s|$)"
    rf"|(?<=[{HAN}])\.+(?=\S)"
    rf"|\.{{2,}}(?=[A-Za-z{HAN}])"
    r"|(?<=[a-z]{2})\.(?=[A-Z][a-z'])"
    rf"|(?<=[{HAN}])[~～]+(?=[{HAN}A-Za-z])"
    r"|┋|(?<=\s)(?:\||•|·|–|—|-)(?=\s)"
)
# An emoji or a code such as [微笑] closes a statement where a new one follows it.
EMOJI_STOP = re.compile(rf"(?:{_EMOJI_RUN}|\[[{HAN}]{{1,4}}\])+(?=\s*[{HAN}A-Z])")
# 优点：… 缺点：… begin a new statement, and so do the fields of a shop's form (外形外观：… 运行速度：…).
LABELS = re.compile(
    r"(?:优点|缺点|不足|优势|劣势|建议|总结|总评|[Pp]ros|[Cc]ons|PROS|CONS)(?:之处)?\s?[:：]"
    rf"|[{HAN}]{{2}}(?:效果|品质|评价|外观|速度|时间|特色|味道|香味|口感|质感|音效|发质|肤质|感受|体验|程度|服务|物流|包装|做工|手感)[:：]"
)
# Items of a list that runs 1, 2, …; the marker itself belongs to no unit.
ITEMS = re.compile(
    rf"(?<![\d.,:/])(?:[(（](\d{{1,2}})[)）]|(\d{{1,2}})\s?[.、，,:：)）](?!\d)|([①-⑳]))\s*(?=[{HAN}A-Za-z“\"【])"
)

# --- clauses ------------------------------------------------------------------------------------------------------

COMMAS = re.compile(
    rf"[，,、]\s*|(?<=[{HAN}）】”%])\s+(?=[{HAN}（【“])|\s(?:--+|—+|–)\s|——+|(?<=[A-Za-z])--+(?=[A-Za-z])"
    r"|(?<=[A-Za-z]{2})-\s(?!(?:or|and|to|und)\b)"
)

# The look-arounds keep the same characters inside other words: 不但, 只不过, 忙不过来, 不就是, 冷却.
ZH_CONTRAST = re.compile(
    "(?=[但可然只不就美唯遗除相其虽尽])(?:但是|(?<![不非])但(?![凡愿丁])|可是|然而|只不过|(?<![受忙赶只])不过(?!来|去|如此|分|瘾|敏|关|期|时|审|滤)"
    "|(?<!不)只是(?=有|太|不|没|稍|略|价|速|送|服|味|感|[，,])"
    "|(?<![这那也不真反正都无非要又])就是(?=有点|有些|太|不|没|稍|略|价|送|快递|物流|味|服务|包装|量|分量|小|贵|慢|有一|等"
    "|电池|说明|屏|网|房|排队|感觉|略)"
    "|(?<=[，, ])(?<!的[，, ])就是(?![这那说了吗吧啊呀个为因喜爱想信非很在])"
    "|美中不足|唯一(?:的)?(?:不足|缺点|遗憾)|唯一(?=[就不让要美觉])|相(?:比之|较之)下"
    "|(?<=[，, ])其[他它](?=都|还|也|倒|方面都|的都)|遗憾的是"
    "|可惜(?!了$)|除了.{2,12}(?:之外|以外|外)(?=[，,])|相反|虽然(?!如此)|尽管)"
)
# These stand after the subject of their clause (服务员却不理人), so the clause is cut before its subject.
ZH_CONTRAST_INSIDE = re.compile("(?<![冷退忘了失省推])却(?!步)|反而|反倒|倒是")
INSIDE_REACH = 12  # characters between a comma and 却: the length of a subject
ZH_ADDITION = re.compile(
    "而且|并且|另外|此外|还有(?![点些人个没])|同时|再加上|加上|更何况|顺便(?:说|提)|再者|其次|以及|最后(?=[，,])|最重要的是"
    "|特别是|尤其是"
)
EN_CONTRAST = re.compile(
    # The first letters of all of them, since a regular expression would try each at every place.
    r"\b(?=[abdehijnostuwy])"
    r"(?:(?:\b(?:and|but|so)\b,? )?(?:\balthough\b|\beven though\b|(?<!\bas )(?<!\beven )\bthough\b(?=\s+\w)"
    r"|\balbeit\b|\bother than that\b|\bapart from that\b|(?:\bjust )?\bstay away from\b"
    r"|\bhowever\b|\bwhereas\b"
    r"|\bdespite\b|\bin spite of\b)"
    r"|(?<!\bnothing )(?<!\banything )(?<!\ball )(?<!\bhelp )(?<!\blast )(?<!\bnone )\bbut\b(?! also\b| not least\b)"
    r"|\bnevertheless\b|\bnonetheless\b|\bon the other hand\b|\bthat being said\b|\bhaving said that\b|\bthat said\b"
    r"|\bexcept(?: that| for)?\b|(?<=, )yet\b|\band yet\b|(?<=, )while\b"
    r"|(?<!\ba )(?<!\bfor )\bwhile\b(?= (?:the|it|they|my|our|its|their|service)\b)"
    r"|\b(?:only|biggest|one|sole) (?:complaint|downside|drawback|issue|problem|negative|con|gripe)\b"
    r"|(?<=, )unfortunately\b|(?<=, )sadly\b|\bon the (?:down|plus|up)side\b"
    r"|\b(?:i )?(?:just|only) wish\b)",
    re.IGNORECASE,
)
# A bracket that opens with one of these says the other side of what stands before: （就是有点贵）, (except the fries).
BRACKET_CONTRAST = re.compile(
    r"[(（]\s*(?:但|不过|可是|就是|只是|虽|尽管|除了"
    r"|(?:but|though|although|except|however|even though|other than)\b)"
    rf"[^()（）\n]{{1,{_QUOTE}}}[)）]",
    re.IGNORECASE,
)
# At the head of a sentence these make its first comma the place of the contrast: 虽然贵，…, "Although it is small, …"
CONTRAST_FIRST = re.compile(
    r"\s*(?:虽然|尽管|(?:although|though|even though|while|whilst|despite|in spite of)\b)", re.I
)
EN_ADDITION = re.compile(
    r"\balso\b(?=,| (?:the|it|i|my|they|we|there|its|our)\b)|\bplus\b(?=,| (?:the|it|you|they)\b)|\bin addition\b"
    r"|\badditionally\b|\bfurthermore\b|\bmoreover\b|\bbesides\b(?=,)|\bas well as\b|\bon top of that\b|\band\b",
    re.IGNORECASE,
)
NOT_ONLY = re.compile(r"\bnot (?:only|just|merely)\b", re.IGNORECASE)

# 不是…就是… names two cases of one thing.
ZH_EITHER = re.compile("不是(?![很太特那非])")

# A piece without an opinion that only prepares the next one …
ZH_FORWARD = re.compile(
    r"^(?:如果|要是|因为|由于|对于|关于|除了|作为|当|自从|至于|即使|哪怕|不管|无论)"
    r"|(?:时候?|之后|以后|后|之前|的话|来说|来讲|来看|方面|而言|期间|起来)$"
)
EN_FORWARD = re.compile(
    r"^(?:if|when|whenever|since|because|as|after|before|once|unless|until|for|in|on|at|with|from|during|given)\b", re.I
)
# Such a clause at the end of an English one: "The tour was short and as we left, the guide …"
EN_HANGING = re.compile(
    EN_FORWARD.pattern + r"|\b(?:and|but|so) (?:as|when|if|after|while|once|before|because|since)\b", re.I
)
# A Chinese piece with one of these tells something; without, it is a noun that the next piece judges.
ZH_ACTION = re.compile(r"(?<!^[点要叫])[了过着就都也还被把给让会能要想去来到在是有]|[我你她]|(?<!其)[他它]")
# … and one that only carries on the one before.
ZH_BACKWARD = re.compile(
    "^(?:所以|因此|因而|以至于?|以致|导致|害得|使得?|令|比如|例如|譬如|像|甚至|结果|因为|由于|毕竟|让|给人|否则|不然|要不然"
    "|才|那么)"
)

# --- edges of a unit ----------------------------------------------------------------------------------------------

# Trimmed from both ends; ! and ? stay at the end, because they say how something was said.
LEFT_TRIM = frozenset(" \n，,、。.；;：:！!？?~～…-—–|┋•·)）]】」』”’》")
RIGHT_TRIM = frozenset(" \n，,、。.；;：:~～…-—–|┋•·(（[【「『“‘《")
LEADING = re.compile(
    r"(?:但是|但(?![凡愿])|可是|然而|不过(?!如此|分|关|期|瘾)|而且|并且|另外|此外|还有(?![点些人个没])|同时(?=[，,])|再加上"
    r"|其次|虽然|尽管)[，,：:\s]*"
    r"|(?:but|however|although|though|even though|also|and|plus|moreover|furthermore|additionally|in addition|whereas"
    r"|nevertheless|nonetheless|besides|yet|that said)\b[,:\s]*",
    re.IGNORECASE,
)
# Only where a cut was made at them: 就是有点贵 and "While I waited …" by themselves are full statements.
LEADING_AT_CUT = re.compile(
    r"(?:就是|只是|只不过|却|倒是|以及|加上)[，,\s]*(?=\S)|(?:and|but|or|so|while|as well as)\b[,\s]*", re.IGNORECASE
)

_FILLERS = """
嗯 恩 哦 噢 啊 额 呃 哎 唉 哈 哈哈 哈哈哈 嘿嘿 呵呵 好的 是的 对 对的 好吧 那个 这个 然后 所以 总之 总体 总体来说
总的来说 另外 其他 还有 其次 首先 最后 不过 但是 而且 就是 说实话 ok okay well so yes yeah no and but also hi hello
oh hmm um uh lol anyway overall however then wow please etc btw dear all
"""
FILLERS = frozenset(_FILLERS.split())

# --- length -------------------------------------------------------------------------------------------------------

LONGEST_ZH = 70  # characters: run-on text without stops; a spoken Chinese statement seldom passes 40
LONGEST_EN = 320  # characters, about 60 words
# Where a run-on Chinese text is best cut: before a word that begins a new statement.
ZH_STARTS = re.compile("我们|(?<!让)我|他们|这个|这(?=家|款|次)|然后|所以|因为|如果|而且|后来|结果")

"""How to see that a stretch of text carries an opinion, and that it says of what. The lists are this project's own.

They only decide where a sentence may be cut, never what is positive or negative, so breadth matters more than
precision: a missing word leaves two statements in one unit, a wrong one cuts a sentence in two. Chinese is Simplified
here; callers pass simplified text.
"""

import re
from collections.abc import Iterable

from pipelines.han import HAN

# --- Chinese ------------------------------------------------------------------------------------------------------

# Judgements that end a statement: what follows one directly, without a comma, is about something else.
_ZH_PREDICATES = """
不错 满意 好吃 好喝 好看 好用 好闻 好听 好玩 漂亮 美观 精美 精致 大气 时尚 美味 可口 新鲜 鲜美 入味 正宗 丰富 丰盛
实惠 划算 便宜 合理 公道 超值 物有所值 物美价廉 热情 周到 贴心 耐心 细心 亲切 友好 礼貌 专业 及时 迅速 快捷 便捷
方便 便利 流畅 清晰 清楚 稳定 灵敏 耐用 结实 牢固 扎实 轻便 轻薄 舒适 舒服 柔软 细腻 干净 整洁 卫生 安静 宽敞 明亮
温馨 优雅 优美 优秀 完美 给力 到位 靠谱 放心 省心 省电 持久 保湿 滋润 清爽 清淡 合适 合身 显瘦 百搭 一流 一级棒 很棒
惊喜 惊艳 开心 高兴 愉快 无可挑剔 没得说 失望 遗憾 糟糕 恶劣 恶心 难吃 难喝 难看 难用 难闻 难受 麻烦 繁琐 复杂 混乱
嘈杂 吵闹 拥挤 简陋 陈旧 老旧 破旧 油腻 粗糙 劣质 昂贵 差劲 极差 太差 敷衍 冷淡 冷漠 傲慢 不耐烦 不耐用 爱理不理
一般 一般般 普通 凑合 马虎 平平 中等 过得去 还行 还可以 还好 勉强 马马虎虎 中规中矩 无功无过 不咋地 不咋样 不怎么样
不行 不好 不便宜 不新鲜 不干净 不卫生 不合理 不方便 不清楚 不清晰 不稳定 不准 不灵敏 不专业 不负责 不到位 不舒服
不合适 不实用 没味道 性价比高 性价比低 强大 智能 先进 落后 过时 齐全 齐备 完善 完备 全面 单一 单调 充足 足够 适中
偏大 偏小 偏贵 偏高 偏低 偏咸 偏甜 偏淡 地道 高效 低效 反应慢 反应快 速度快 速度慢 送得快 送得慢
"""
# Further words that carry an opinion: verbs that take an object, complaints, wishes.
_ZH_JUDGEMENTS = """
喜欢 爱了 感谢 谢谢 赞 点赞 好评 差评 值得 推荐 无语 坑人 坑爹 上当 后悔 骗人 欺骗 虚假 忽悠 廉价 态度差 异味 腥味
发霉 拖拉 拖延 迟到 超时 延误 漏发 漏送 少发 少送 错发 发错 送错 破损 损坏 损毁 故障 死机 卡顿 闪退 崩溃 黑屏 蓝屏
发热 发烫 掉色 褪色 起球 变形 开裂 脱胶 漏水 漏电 漏油 异响 噪音 噪声 投诉 退货 退款难 维权 扣分 缺点 不足 优点 问题
毛病 瑕疵 短板 改进 改善 提升 提高 加强 希望 建议 期待 应该 不该 将就 可以 特色 名不虚传 名副其实 不够 不太 不便
不值 不满 不爽 不喜欢 不推荐 没人 没有 没收到 没给 没送 没法 没用 没味 无法 不能 不会用 不给 不肯 不让 不理 不回
不管 不实在 浪费 缩水 过期 变质 变味 洒了 撒了 凉了 冷了 坏了 破了 碎了 断了 掉了 丢了 裂了 卡住 错了 少了 漏了 补水
顺滑 丝滑 爽滑 嫩滑 滑嫩 光滑 柔顺 香脆 酥脆 爽脆 松脆 甜脆 肥美 酸涩 苦涩
郁闷 差点意思 差强人意 欠佳 欠缺 逊色 无感 打折扣 一绝 不如 根头发 虫子 苍蝇 蟑螂 嚼劲 爽口 入口即化
适合 名贵 没问题 拖后腿 掉链子 翻车 踩雷 踩坑 拉胯 拖沓 绝了 智商税 割韭菜 打脸 闹心 糟心 添堵 省事 真香
"""
# A statement about the whole purchase: an opinion that needs no other subject.
_ZH_WHOLE = (
    r"(?:会|还会|还|再|继续|值得|不会再?|再也不|以后都?|下次|一定)(?:再|还|会|不)*"
    r"(?:来|买|去|光顾|回购|购买|入手|推荐|选择|住|用|点)"
    r"|回购|复购|(?:值得|强烈|大力|不)推荐|推荐(?:给|购买|大家|入手)|(?:全五星|五星|满分|好评|差评)$"
)
# One-character judgements count only where the statement ends with them: 服务好 yes, 好多 no.
_ZH_SHORT = (
    "好差快慢贵大小多少足棒赞烂坑香臭脏乱吵破旧新薄厚轻重软硬咸淡甜辣酸苦油腻冷热烫凉干湿亮暗高低长短久远近准稳牢强弱"
    "满爽嫩鲜老土丑美帅酷值全齐卡低省费脆腥膻柴糯肥挤呛滑"
)
_ZH_ENDINGS = "了的啊吧呢哦呀哈啦噢喔嘛些点死爆"

# An adverb of degree before a word makes it a judgement, known or not: 很X, 太X, 有点X.
_ZH_DEGREE = (
    "非常|特别|十分|相当|比较|有点儿?|有些|稍微|略微|略显|略(?!过|去)|稍(?![后等候])|过于|极其|极为|格外|超级|巨|真心|实在|确实|超|很|太|挺|蛮|偏|忒|贼"
    "|好|真|最|更|还算|不太|不够|不怎么|不是很|没那么"
)
_ZH_NOT_DEGREE = (
    "太阳|太太|太原|太平|太极|超市|超过|超出|超人|超薄本|最后|最近|最终|最初|最多|最少|很久以前|很多人|很多次|真的|真正"
    "|真是|好像|好了|好友|好多|好几|好在|更新|更换|更改|贼船|比较了|好不容易|真实|真皮|真假|最低|偏偏|实在是"
)

# A character said twice describes: 怪怪的, 满满当当的. These name someone, count, or say how something is done.
_ZH_NOT_DOUBLED = "[爸妈哥姐弟妹奶爷宝叔公婆舅姑天人个种次处家星谢看试常刚偷默悄渐慢点]"

# These also stand before a verb (及时回复, 热情接待), so they end a statement only after an adverb of degree.
_ZH_ADVERBIAL = """
及时 迅速 快捷 便捷 方便 便利 耐心 细心 热情 周到 亲切 友好 礼貌 专业 清楚 清晰 稳定 合理 高效 开心 高兴 愉快 放心
省心 干净 勉强 充足 全面 智能 普通 安静 新鲜 精美 舒适 舒服 流畅 敷衍 冷淡 完美 持久 到位 丰富 先进 强大 漂亮 轻便
轻薄 优秀
"""
ZH_PREDICATES = tuple(sorted(set(_ZH_PREDICATES.split()), key=lambda word: (-len(word), word)))
ZH_JUDGEMENTS = tuple(sorted(set(_ZH_JUDGEMENTS.split()), key=lambda word: (-len(word), word)))


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words; it looks at the first character before it tries them one by one."""
    words = tuple(words)
    return f"(?=[{''.join(sorted({word[0] for word in words}))}])(?:{'|'.join(words)})"


_PREDICATE = _any_of(ZH_PREDICATES)
_CLOSING_PREDICATE = _any_of(word for word in ZH_PREDICATES if word not in _ZH_ADVERBIAL.split())
_WORD = _any_of((*ZH_PREDICATES, *ZH_JUDGEMENTS))

_OPINION = re.compile(
    rf"{_WORD}|{_ZH_WHOLE}"
    rf"|(?!{_ZH_NOT_DEGREE})(?:{_ZH_DEGREE})[{HAN}]"
    rf"|[{_ZH_SHORT}](?=[{_ZH_ENDINGS}]*(?:[^{HAN}\w]|$))|[{_ZH_SHORT}](?=得很|极了|死了)"
    rf"|只有(?<=[{HAN}]只有)(?<![也还就但都的]只有)|([{HAN}])\1(?<!{_ZH_NOT_DOUBLED})(?:([{HAN}])\2)?的(?![{HAN}])"
    rf"|等了?.{{0,6}}(?:分钟|小时|天|半天|很久|好久|个月|周)|[不没][{HAN}]"
)
_WHOLE = re.compile(_ZH_WHOLE)
_JUDGED_END = re.compile(rf"(?:{_CLOSING_PREDICATE}|(?:虽|很|太|挺|非常|有点)[{_ZH_SHORT}])[了啊吧呢哦呀哈啦]*$")
ZH_RUN_ON = re.compile(
    rf"(?:{_CLOSING_PREDICATE}"
    rf"|(?!{_ZH_NOT_DEGREE})(?:非常|特别|十分|相当|比较|有点儿?|有些|超级|超|很|太|挺|蛮|偏)(?:{_PREDICATE}|[{_ZH_SHORT}]))"
    rf"[了啊吧呢哦呀哈啦]*(?=[{HAN}]{{4}})(?![的得地而又且和与跟或是在到过点些一])"
)
"""The end of a judgement in text without commas (很好吃|包装也不错); a cut there needs a subject on the right."""

# What is left of a statement beside its judgement once these are gone is its subject.
_EMPTY = re.compile(
    r"总体来说|总的来说|总体|总之|整体|说实话|老实说|个人|我们?|你们?|他们?|她们?|它们?|大家|自己|本人|感觉|觉得|认为|以为"
    r"|看起来|看着|估计|好像|貌似|大概|就是|但是|不过|只是|可是|而且|另外|还有|并且|同时|然后|所以|因此|因为|由于|虽然|尽管|如果|真的是?|真是"
    r"|实在是?|确实|的确|可能|应该|一直|一如既往|总是|经常|已经|仍然|依然|依旧|居然|竟然|简直|完全|根本|毕竟|反正|其实"
    r"|让人|令人|给人|使人|比较|非常|特别|十分|相当|有点|这里|这边"
    r"|[也都还就又再才却而但是有会能要让给对很太挺真这那个一的得地了着过吧啊呢嘛哦哈不没超蛮些点下次家款里上来去]|\W|\d"
)
_SUBJECT_AFTER = 2  # characters after the judgement: 喜欢这个颜色 names one, 很满意了 does not


def zh_opinion(text: str) -> bool:
    """Whether the Chinese text carries a judgement, a wish or a complaint."""
    return _OPINION.search(text) is not None


def zh_subject(text: str, *, before: int = 1) -> bool:
    """Whether the Chinese text says of what it judges.

    True where at least `before` characters other than adverbs and pronouns stand before the judgement, where two stand
    after it, or where it is a statement about the whole, such as 会回购.
    """
    match = _OPINION.search(text)
    if match is None:
        return False
    if _WHOLE.search(text) or len(_EMPTY.sub("", text[: match.start()])) >= before:
        return True
    return before == 1 and len(_EMPTY.sub("", _OPINION.sub("", text[match.end() :]))) >= _SUBJECT_AFTER


def zh_judged_end(text: str) -> bool:
    """Whether the Chinese text ends with a judgement: 屋子虽旧, 手感不错."""
    return _JUDGED_END.search(text) is not None


# --- English ------------------------------------------------------------------------------------------------------

_EN_OPINIONS = """
good great nice excellent amazing awesome fantastic wonderful perfect best better love loved loves like liked likes
enjoy enjoyed enjoyable happy pleased satisfied impressed impressive recommend recommended beautiful lovely gorgeous
stunning cute stylish sleek elegant clean tidy neat spotless fresh tasty delicious yummy flavorful juicy tender
crispy authentic generous friendly helpful polite kind welcoming attentive courteous professional knowledgeable
patient responsive caring warm accommodating fast quick quickly prompt promptly speedy snappy smooth smoothly easy
easily simple intuitive convenient handy useful cheap affordable reasonable reasonably inexpensive fair worth value
bargain sturdy solid durable reliable stable comfortable comfy cozy soft quiet spacious roomy bright clear sharp
crisp vivid light lightweight thin powerful strong long lasting super superb outstanding brilliant incredible
favorite favourite fabulous terrific delightful pleasant decent fine ok okay alright adequate acceptable average
mediocre standard normal ordinary so-so works worked well thanks thank glad fun cool smart accurate interesting
special unique creative charming romantic trendy hip classy exceptional phenomenal divine rich huge massive
massively bad poor terrible horrible awful worst worse hate hated hates dislike disappointing disappointed
disappointment dissatisfied unhappy annoying annoyed frustrating frustrated frustration angry upset useless
worthless waste wasted crap crappy garbage trash junk rude unfriendly unhelpful inattentive careless arrogant
ignorant unprofessional incompetent slow slowly late delayed delay delays expensive overpriced pricey costly hard
difficult complicated confusing confused clunky clumsy cumbersome tedious buggy glitchy laggy lag lags freeze
freezes froze crash crashes crashed broken broke break breaks fail fails failed failure faulty defective damaged
cracked scratched missing wrong incorrect error errors issue issues problem problems complaint complain bug bugs
dirty filthy smelly stinky stale cold bland tasteless greasy oily salty dry soggy burnt undercooked overcooked raw
noisy loud crowded cramped tiny small large big heavy bulky thick flimsy cheaply fragile weak dim dark dull blurry
fuzzy grainy uncomfortable stiff tight loose short lacking lacks lack lacked limited limits limp poorly badly barely
hardly unfortunately sadly sucks suck sucked scam fraud fake refund return returned cancel cancelled canceled unable
impossible unacceptable unreliable unusable inconvenient inconsistent outdated old boring meh pathetic ridiculous
nightmare shame regret avoid unwanted worried wish hope hoping should improve improved improvement needs need prefer
preferred high low hot spicy sweet bitter sour flavorless endless forgotten forgot ignored unresponsive dead died
drains drain stopped stuck miss missed misleading packed busy dated worn sub-par subpar horrid lousy disgusting
gross
"""
_EN_NEGATIONS = """
not never no nothing none nobody nowhere neither nor without cannot too very extremely really quite overly
incredibly
"""
_EN_VERBS = """
is are was were be been am 's 're 'm isn't aren't wasn't weren't has have had hasn't haven't hadn't does do did
doesn't don't didn't can could can't couldn't cannot will would won't wouldn't should shouldn't must might may seems
seem seemed looks look looked feels feel felt tastes taste tasted sounds sound sounded smells works work worked
takes take took gets get got comes come came goes go went needs need needed wants want wanted keeps keep kept makes
make made gives give gave lasts lasted runs run ran arrived arrive left leaves brought bring brings served serve
serves offers offer offered provides provided includes included lacks lacked costs cost charges charged broke breaks
stopped stops crashes crashed freezes froze fits fit fell falls died dies love loved like liked hate hated enjoy
enjoyed wish think thought found find know knew recommend ordered bought paid said told asked waited wait used use
allow allows allowed let lets turn turns turned
tried try help helps helped add loves likes leave could've should've wasnt werent isnt arent doesnt didnt dont cant
wont couldnt wouldnt
"""
_EN_CONTRACTED = """
it's that's there's they're we're you're i'm he's she's what's i've we've they've i'd we'd they'd i'll we'll its
"""
_EN_PRONOUNS = "i we you they he she it this that there everything everyone nothing nobody"
_EN_STOP = """
a an the this that these those it its i me my we us our you your he him his she her they them their one ones some
any all each every both and or but so if then than as at by for from in into of off on onto out over to up with
about after again also just only even still more most much many lot lots bit little few other another such same own
here there when where why how what which who whom whose because while until although though since yet ever always
often sometimes usually now once overall however plus nor absolutely totally completely definitely certainly
probably maybe perhaps pretty rather fairly somewhat highly truly simply thing things anything something someone
anyone way lately already almost especially particularly
"""
# A clause with one of these in front hangs on what stands before it.
_EN_DEPENDENT = """
which who whom whose that because since as when if where so to for with of in on at by from than making including
such like until unless before after thus hence especially particularly
"""
EN_DETERMINERS = frozenset(("the", "my", "our", "their", "its", "your", "his", "her", "no", "only"))
EN_OPINIONS = frozenset(_EN_OPINIONS.split())
EN_NEGATIONS = frozenset(_EN_NEGATIONS.split())
EN_VERBS = frozenset(_EN_VERBS.split())
EN_CONTRACTED = frozenset(_EN_CONTRACTED.split())
EN_PRONOUNS = frozenset(_EN_PRONOUNS.split()) | EN_CONTRACTED
EN_DEPENDENT = frozenset(_EN_DEPENDENT.split())
_NO_SUBJECT = frozenset(_EN_STOP.split()) | EN_OPINIONS | EN_NEGATIONS | EN_VERBS
_JUDGING = EN_OPINIONS | EN_NEGATIONS | frozenset(("so", "pretty", "rather", "fairly", "just", "bit", "little"))
_COPULAS = frozenset(
    ("is", "are", "was", "were", "'s", "isn't", "aren't", "wasn't", "weren't", "looks", "tastes", "tasted")
)
_TOKEN = re.compile(r"[A-Za-z]+(?:[-'’][A-Za-z]+)*|['’][a-z]+")
_CLAUSE_REACH = 9  # a subject longer than eight words before its verb is rare in feedback


def en_tokens(text: str) -> list[str]:
    """The lower-case words of the text, with straight apostrophes; tokenised "do n't" counts as two."""
    return [token.lower().replace("’", "'") for token in _TOKEN.findall(text)]


def en_opinion(tokens: list[str]) -> bool:
    """Whether the English words carry a judgement, a wish or a complaint."""
    return any(t in EN_OPINIONS or t in EN_NEGATIONS or t.endswith("n't") for t in tokens)


def en_verb(tokens: list[str]) -> bool:
    """Whether there is a finite verb among the English words."""
    return any(t in EN_VERBS or t in EN_CONTRACTED or t.endswith("n't") for t in tokens)


def en_subject(tokens: list[str]) -> bool:
    """Whether the English words name something besides the judgement itself, or begin with a pronoun that does."""
    if len(tokens) > 2 and tokens[0] in EN_PRONOUNS:
        return True
    return any(len(t) > 2 and t not in _NO_SUBJECT and not t.endswith("ly") for t in tokens)


def en_clause(tokens: list[str]) -> bool:
    """Whether the English words form a clause of their own: a subject and, soon after, a verb."""
    if not tokens or tokens[0] in EN_DEPENDENT or tokens[0] in EN_VERBS:
        return False
    if tokens[0] in EN_CONTRACTED and len(tokens) > 1:
        return True
    return any(t in EN_VERBS or t in EN_CONTRACTED or t.endswith(("n't", "ed")) for t in tokens[1:_CLAUSE_REACH])


def en_phrase(tokens: list[str]) -> bool:
    """Whether the English words are a judged noun without a verb, as in "great location" or "very slow service"."""
    return 2 <= len(tokens) <= 5 and en_opinion(tokens) and en_subject(tokens) and not en_verb(tokens)


def en_main_clause(tokens: list[str]) -> bool:
    """Whether the English words open a main clause: a determiner, a noun, then a verb with no relative word before."""
    verb = next((n for n, t in enumerate(tokens[:_CLAUSE_REACH]) if t in EN_VERBS or t.endswith("n't")), 0)
    return verb > 1 and tokens[0] in EN_DETERMINERS and EN_DEPENDENT.isdisjoint(tokens[:verb])


def en_judged_end(tokens: list[str]) -> bool:
    """Whether the English words end with a judgement that is complete: "was great", not "a great"."""
    at = len(tokens)
    while at and (tokens[at - 1] in _JUDGING or tokens[at - 1 : at + 1] in (["a", "bit"], ["a", "little"])):
        at -= 1
    return 0 < at < len(tokens) and tokens[at - 1] in _COPULAS


def en_judged_noun(tokens: list[str]) -> bool:
    """Whether the English words are a judgement and then its noun, and nothing else: "very slow service"."""
    last = tokens[-1] if tokens else ""
    named = last not in _NO_SUBJECT and not last.endswith(("ed", "ly"))
    return named and en_phrase(tokens) and tokens[0] in _JUDGING and EN_DEPENDENT.isdisjoint(tokens)


def en_hangs(tokens: list[str]) -> bool:
    """Whether the English words are within a clause that depends on another: "if the lid closes", "late because it"."""
    return not EN_DEPENDENT.isdisjoint(tokens)

"""How to see that a stretch of text carries an opinion, and that it says of what. The lists are this project's own.

They only decide where a sentence may be cut, never what is positive or negative, so breadth matters more than precision:
a missing word leaves two statements in one unit, a wrong one cuts a sentence in two.
"""

import re

HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"

# --- Chinese (Simplified; Traditional variants are folded by FOLD before matching, one character for one) --------------

ZH_WORDS = ["不错", "满意", "喜欢", "好吃", "好喝", "好看", "好用", "好闻", "好听", "好玩", "好评", "漂亮", "美观", "精美", "精致", "大气", "时尚", "美味", "可口", "新鲜", "鲜美", "入味", "正宗", "丰富", "丰盛", "实惠", "划算", "便宜", "合理", "公道", "超值", "物有所值", "物美价廉", "值得", "推荐", "热情", "周到", "贴心", "耐心", "细心", "亲切", "友好", "礼貌", "专业", "及时", "迅速", "快捷", "便捷", "方便", "便利", "流畅", "清晰", "清楚", "稳定", "灵敏", "耐用", "结实", "牢固", "扎实", "轻便", "轻薄", "舒适", "舒服", "柔软", "细腻", "干净", "整洁", "卫生", "安静", "宽敞", "明亮", "温馨", "优雅", "优美", "优秀", "完美", "给力", "到位", "靠谱", "放心", "省心", "省电", "持久", "保湿", "补水", "滋润", "清爽", "清淡", "合适", "合身", "显瘦", "百搭", "一流", "一级棒", "很棒", "赞", "点赞", "惊喜", "惊艳", "开心", "高兴", "愉快", "感谢", "谢谢", "爱了", "无可挑剔", "没得说", "无语", "失望", "遗憾", "糟糕", "恶劣", "恶心", "难吃", "难喝", "难看", "难用", "难闻", "难受", "麻烦", "繁琐", "复杂", "混乱", "嘈杂", "吵闹", "拥挤", "简陋", "陈旧", "老旧", "破旧", "油腻", "腥味", "异味", "发霉", "粗糙", "劣质", "廉价", "昂贵", "坑人", "坑爹", "上当", "后悔", "骗人", "欺骗", "虚假", "忽悠", "差评", "差劲", "极差", "太差", "敷衍", "冷淡", "冷漠", "傲慢", "态度差", "不耐烦", "不耐用", "爱理不理", "拖拉", "拖延", "迟到", "超时", "延误", "漏发", "漏送", "少发", "少送", "错发", "发错", "送错", "破损", "损坏", "损毁", "故障", "死机", "卡顿", "闪退", "崩溃", "黑屏", "蓝屏", "发热", "发烫", "掉色", "褪色", "起球", "变形", "开裂", "脱胶", "漏水", "漏电", "漏油", "异响", "噪音", "噪声", "投诉", "退货", "退款难", "维权", "扣分", "缺点", "不足", "优点", "问题", "毛病", "瑕疵", "短板", "改进", "改善", "提升", "提高", "加强", "希望", "建议", "期待", "应该", "不该", "一般", "一般般", "普通", "凑合", "将就", "马虎", "平平", "中等", "过得去", "还行", "还可以", "还好", "可以", "勉强", "马马虎虎", "中规中矩", "无功无过", "不咋地", "不咋样", "不怎么样", "名不虚传", "名副其实", "不行", "不好", "不够", "不太", "不便", "不便宜", "不值", "不满", "不爽", "不喜欢", "不推荐", "不新鲜", "不干净", "不卫生", "不合理", "不方便", "不清楚", "不清晰", "不稳定", "不准", "不灵", "不灵敏", "不专业", "不负责", "没人", "没有", "没收到", "没给", "没送", "没法", "没用", "没味", "没味道", "无法", "不能", "不会用", "不给", "不肯", "不让", "不理", "不回", "不管", "不到位", "不舒服", "不合适", "不实用", "不实在", "浪费", "缩水", "过期", "变质", "变味", "洒了", "撒了", "凉了", "冷了", "坏了", "破了", "碎了", "断了", "掉了", "丢了", "裂了", "卡住", "错了", "少了", "漏了", "反应慢", "反应快", "速度快", "速度慢", "送得快", "性价比高", "性价比低", "给力", "高效", "低效", "强大", "智能", "先进", "落后", "过时", "齐全", "齐备", "完善", "完备", "全面", "单一", "单调", "充足", "足够", "适中", "适合", "偏大", "偏小", "偏贵", "偏高", "偏低", "偏咸", "偏甜", "偏淡", "名贵", "地道"]

# A statement about the whole purchase: an opinion that needs no other subject.
ZH_WHOLE = (
    r"(?:会|还会|还|再|继续|值得|不会再?|再也不|以后都?|下次|一定)(?:再|还|会|不)*(?:来|买|去|光顾|回购|购买|入手|推荐|选择|住|用|点)"
    r"|回购|复购|无限回购|(?:值得|强烈|大力|不)推荐|推荐(?:给|购买|大家|入手)|(?:全五星|五星|满分|好评|差评)$"
)

# One-character judgements count only where the statement ends with them: 服务好 yes, 好多 no.
ZH_SHORT = "好差快慢贵大小多少足棒赞烂坑香臭脏乱吵破旧新薄厚轻重软硬咸淡甜辣酸苦油腻冷热烫凉干湿亮暗高低长短久远近准稳牢强弱满爽嫩鲜老土丑美帅酷值全齐卡行低省费"
_ZH_TAIL = "了的啊吧呢哦呀哈啦噢喔嘛些点死爆"

# An adverb of degree before a word makes it a judgement, known or not: 很X, 太X, 有点X.
ZH_DEGREE = "非常|特别|十分|相当|比较|有点儿?|有些|稍微|略微|略显|过于|极其|极为|格外|超级|巨|真心|实在|确实|超|很|太|挺|蛮|偏|忒|贼|好|真|最|更|还算|不太|不够|不怎么|不是很|没那么"
_ZH_NOT_DEGREE = (
    "太阳|太太|太原|太平|太极|超市|超过|超出|超人|超薄本|最后|最近|最终|最初|最多|最少|很久以前|很多人|很多次|真的|真正|真是|好像|好了|好友|好多|好几|好在|更新|更换|更改"
    "|贼船|比较了|好不容易|真实|真皮|真假|最低|偏偏|实在是"
)

FOLD = str.maketrans(
    "錯滿歡評亮氣時鮮豐實惠劃價廉熱親禮專業時捷暢潔溫優雅給謝無語遺惡難煩雜亂鬧擠舊膩粗質貴騙虛評勁漠慢遲誤漏發錯損壞顯機頓熱燙變開裂異響聲訴貨維權點題進議應該還勉強準靈負責沒無法給讓過冷涼斷丟卡單滯觀當較貼環",
    "错满欢评亮气时鲜丰实惠划价廉热亲礼专业时捷畅洁温优雅给谢无语遗恶难烦杂乱闹挤旧腻粗质贵骗虚评劲漠慢迟误漏发错损坏显机顿热烫变开裂异响声诉货维权点题进议应该还勉强准灵负责没无法给让过冷凉断丢卡单滞观当较贴环",
)

_ZH_OPINION = re.compile(
    "|".join(sorted(map(re.escape, set(ZH_WORDS)), key=len, reverse=True))
    + rf"|{ZH_WHOLE}"
    + rf"|(?!{_ZH_NOT_DEGREE})(?:{ZH_DEGREE})[{HAN}]"
    + rf"|[{ZH_SHORT}](?=[{_ZH_TAIL}]*(?:[^{HAN}\w]|$))|[{ZH_SHORT}](?=得很|极了|死了)"
    + r"|等了?.{0,6}(?:分钟|小时|天|半天|很久|好久|个月|周)|(?:不|没)(?:[\u4e00-\u9fff])"
)
_ZH_WHOLE = re.compile(ZH_WHOLE)
# What is left of a statement before its judgement once these are gone is its subject.
_ZH_EMPTY = re.compile(
    r"总体来说|总的来说|总体|总之|整体|说实话|老实说|个人|我们?|你们?|他们?|她们?|它们?|大家|自己|本人|感觉|觉得|认为|以为|看起来|看着|就是|但是|不过|只是|可是|而且"
    r"|另外|还有|并且|同时|然后|所以|因此|因为|由于|虽然|尽管|如果|真的是?|真是|实在是?|确实|的确|可能|应该|一直|一如既往|总是|经常|已经|仍然|依然|依旧|居然|竟然|简直"
    r"|完全|根本|毕竟|反正|其实|也|都|还|就|又|再|才|却|而|但|是|有|会|能|要|让人|令人|给人|使人|让|给|对|很|太|挺|真|这|那|个|一|的|得|地|了|着|过|吧|啊|呢|嘛|哦|哈"
    r"|不|没|超|蛮|比较|非常|特别|十分|相当|有点|些|点|下|次|家|款|这里|这边|里|上|来|去|\W|\d"
)


def zh_opinion(text: str) -> bool:
    """Whether the Chinese text carries a judgement, a wish or a complaint."""
    return _ZH_OPINION.search(text.translate(FOLD)) is not None


def zh_subject(text: str) -> bool:
    """Whether the Chinese text says of what it judges: something but adverbs and pronouns before or after the judgement."""
    folded = text.translate(FOLD)
    if _ZH_WHOLE.search(folded):
        return True
    match = _ZH_OPINION.search(folded)
    if match is None:
        return False
    if _ZH_EMPTY.sub("", folded[: match.start()]):
        return True
    after = _ZH_EMPTY.sub("", _ZH_OPINION.sub("", folded[match.end() :]))
    return len(after) >= 2


# --- English ----------------------------------------------------------------------------------------------------------

EN_OPINIONS = frozenset(
    ["good", "great", "nice", "excellent", "amazing", "awesome", "fantastic", "wonderful", "perfect", "best", "better", "love", "loved", "loves", "like", "liked", "likes", "enjoy", "enjoyed", "enjoyable", "happy", "pleased", "satisfied", "impressed", "impressive", "recommend", "recommended", "beautiful", "lovely", "gorgeous", "stunning", "cute", "stylish", "sleek", "elegant", "clean", "tidy", "neat", "spotless", "fresh", "tasty", "delicious", "yummy", "flavorful", "juicy", "tender", "crispy", "authentic", "generous", "friendly", "helpful", "polite", "kind", "welcoming", "attentive", "courteous", "professional", "knowledgeable", "patient", "responsive", "caring", "warm", "accommodating", "fast", "quick", "quickly", "prompt", "promptly", "speedy", "snappy", "smooth", "smoothly", "responsive", "easy", "easily", "simple", "intuitive", "convenient", "handy", "useful", "cheap", "affordable", "reasonable", "reasonably", "inexpensive", "fair", "worth", "value", "bargain", "sturdy", "solid", "durable", "reliable", "stable", "comfortable", "comfy", "cozy", "soft", "quiet", "spacious", "roomy", "bright", "clear", "sharp", "crisp", "vivid", "light", "lightweight", "thin", "powerful", "strong", "long", "lasting", "super", "superb", "outstanding", "brilliant", "incredible", "favorite", "favourite", "fabulous", "terrific", "delightful", "pleasant", "decent", "fine", "ok", "okay", "alright", "adequate", "acceptable", "average", "mediocre", "standard", "normal", "ordinary", "so-so", "works", "worked", "well", "thanks", "thank", "glad", "fun", "cool", "smart", "accurate", "bad", "poor", "terrible", "horrible", "awful", "worst", "worse", "hate", "hated", "hates", "dislike", "disappointing", "disappointed", "disappointment", "dissatisfied", "unhappy", "annoying", "annoyed", "frustrating", "frustrated", "frustration", "angry", "upset", "useless", "worthless", "waste", "wasted", "crap", "crappy", "garbage", "trash", "junk", "rude", "unfriendly", "unhelpful", "inattentive", "careless", "arrogant", "ignorant", "unprofessional", "incompetent", "slow", "slowly", "late", "delayed", "delay", "delays", "expensive", "overpriced", "pricey", "costly", "hard", "difficult", "complicated", "confusing", "confused", "clunky", "clumsy", "cumbersome", "tedious", "buggy", "glitchy", "laggy", "lag", "lags", "freeze", "freezes", "froze", "crash", "crashes", "crashed", "broken", "broke", "break", "breaks", "fail", "fails", "failed", "failure", "faulty", "defective", "damaged", "cracked", "scratched", "missing", "wrong", "incorrect", "error", "errors", "issue", "issues", "problem", "problems", "complaint", "complain", "bug", "bugs", "dirty", "filthy", "smelly", "stinky", "stale", "cold", "bland", "tasteless", "greasy", "oily", "salty", "dry", "soggy", "burnt", "undercooked", "overcooked", "raw", "noisy", "loud", "crowded", "cramped", "tiny", "small", "large", "big", "heavy", "bulky", "thick", "flimsy", "cheaply", "fragile", "weak", "dim", "dark", "dull", "blurry", "fuzzy", "grainy", "uncomfortable", "stiff", "tight", "loose", "short", "lacking", "lacks", "lack", "lacked", "limited", "limits", "poorly", "badly", "barely", "hardly", "unfortunately", "sadly", "sucks", "suck", "sucked", "scam", "fraud", "fake", "refund", "return", "returned", "cancel", "cancelled", "canceled", "unable", "impossible", "unacceptable", "unreliable", "unusable", "inconvenient", "inconsistent", "outdated", "old", "boring", "meh", "pathetic", "ridiculous", "nightmare", "shame", "regret", "avoid", "unwanted", "worried", "wish", "hope", "hoping", "should", "improve", "improved", "improvement", "needs", "need", "prefer", "preferred", "high", "low", "hot", "warm", "spicy", "sweet", "bitter", "sour", "flavorless", "rich", "huge", "massive", "endless", "forgotten", "forgot", "ignored", "unresponsive", "dead", "died", "drains", "drain", "stopped", "stuck", "miss", "missed", "misleading", "exceptional", "phenomenal", "divine", "packed", "busy", "dated", "worn", "interesting", "special", "unique", "creative", "charming", "romantic", "trendy", "hip", "classy", "overcooked", "sub-par", "subpar", "horrid", "lousy", "disgusting", "gross"]
)
_EN_NEGATIONS = frozenset(
    ["not", "never", "no", "nothing", "none", "nobody", "nowhere", "neither", "nor", "without", "cannot", "too", "very", "extremely", "really", "quite", "overly", "incredibly"]
)
EN_VERBS = frozenset(
    ["is", "are", "was", "were", "be", "been", "am", "'s", "'re", "'m", "isn't", "aren't", "wasn't", "weren't", "has", "have", "had", "hasn't", "haven't", "hadn't", "does", "do", "did", "doesn't", "don't", "didn't", "can", "could", "can't", "couldn't", "cannot", "will", "would", "won't", "wouldn't", "should", "shouldn't", "must", "might", "may", "seems", "seem", "seemed", "looks", "look", "looked", "feels", "feel", "felt", "tastes", "taste", "tasted", "sounds", "sound", "sounded", "smells", "works", "work", "worked", "takes", "take", "took", "took", "gets", "get", "got", "gets", "came", "come", "comes", "goes", "go", "went", "needs", "need", "needed", "wants", "want", "wanted", "keeps", "keep", "kept", "makes", "make", "made", "gives", "give", "gave", "lasts", "lasted", "runs", "run", "ran", "arrived", "arrive", "left", "leaves", "took", "brought", "bring", "served", "serve", "offers", "offer", "offered", "provides", "provided", "includes", "included", "lacks", "lacked", "costs", "cost", "charges", "charged", "broke", "breaks", "stopped", "stops", "crashes", "crashed", "freezes", "froze", "fits", "fit", "fell", "falls", "died", "dies", "love", "loved", "like", "liked", "hate", "hated", "enjoy", "enjoyed", "wish", "think", "thought", "found", "find", "know", "knew", "recommend", "ordered", "bought", "paid", "said", "told", "asked", "waited", "wait", "used", "use", "tried", "try", "help", "helps", "helped", "add", "it's", "that's", "there's", "they're", "we're", "you're", "i'm", "he's", "she's", "what's", "i've", "we've", "they've", "i'd", "i'll", "loves", "likes", "wasn", "isn"]
)
_EN_STOP = frozenset(
    ["a", "an", "the", "this", "that", "these", "those", "it", "its", "i", "me", "my", "we", "us", "our", "you", "your", "he", "him", "his", "she", "her", "they", "them", "their", "one", "ones", "some", "any", "all", "each", "every", "both", "and", "or", "but", "so", "if", "then", "than", "as", "at", "by", "for", "from", "in", "into", "of", "off", "on", "onto", "out", "over", "to", "up", "with", "about", "after", "again", "also", "just", "only", "even", "still", "more", "most", "much", "many", "lot", "lots", "bit", "little", "few", "other", "another", "such", "same", "own", "here", "there", "when", "where", "why", "how", "what", "which", "who", "whom", "whose", "because", "while", "until", "although", "though", "since", "yet", "ever", "always", "often", "sometimes", "usually", "now", "once", "overall", "however", "plus", "nor", "again", "absolutely", "totally", "completely", "definitely", "certainly", "probably", "maybe", "perhaps", "pretty", "rather", "fairly", "somewhat", "super", "highly", "truly", "simply", "thing", "things", "everything", "anything", "something", "everyone", "anyone", "someone", "way", "lately", "already", "almost", "especially", "particularly"]
)
# A clause with one of these in front hangs on what stands before it.
EN_DEPENDENT = frozenset(
    ["which", "who", "whom", "whose", "that", "because", "since", "as", "when", "if", "where", "so", "to", "for", "with", "of", "in", "on", "at", "by", "from", "than", "making", "including", "such", "like", "until", "unless", "before", "after", "thus", "hence", "especially", "particularly"]
)
_EN_TOKEN = re.compile(r"[A-Za-z]+(?:[-'’][A-Za-z]+)*|['’][a-z]+")


def en_tokens(text: str) -> list[str]:
    """The lower-case words of the text, with straight apostrophes; tokenised "do n't" counts as two."""
    return [token.lower().replace("’", "'") for token in _EN_TOKEN.findall(text)]


def en_opinion(tokens: list[str]) -> bool:
    """Whether the English words carry a judgement, a wish or a complaint."""
    return any(t in EN_OPINIONS or t in _EN_NEGATIONS or t.endswith("n't") or t == "n't" for t in tokens)


def en_subject(tokens: list[str]) -> bool:
    """Whether the English words name something besides the judgement itself."""
    return any(
        len(t) > 2
        and t not in EN_OPINIONS
        and t not in _EN_STOP
        and t not in EN_VERBS
        and t not in _EN_NEGATIONS
        and not t.endswith("ly")
        for t in tokens
    )


def en_clause(tokens: list[str]) -> bool:
    """Whether the words form a clause of their own: a subject and, within eight words, a verb."""
    if (
        not tokens
        or tokens[0] in EN_DEPENDENT
        or tokens[0]
        in EN_VERBS - {"it's", "that's", "there's", "they're", "we're", "i'm", "he's", "she's", "i've", "we've", "i'd"}
    ):
        return False
    if "'" in tokens[0] and tokens[0] in EN_VERBS:
        return True
    return any(t in EN_VERBS or t.endswith(("n't", "ed")) for t in tokens[1:9])


def en_phrase(tokens: list[str]) -> bool:
    """Whether the words are a judged noun without a verb, as in "great location" or "very slow service"."""
    return (
        2 <= len(tokens) <= 5 and en_opinion(tokens) and en_subject(tokens) and not any(t in EN_VERBS for t in tokens)
    )

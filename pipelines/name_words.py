"""Word lists of names: what stays as it is in both languages, and pairs that each language says in its own way."""

_LOANS = """
    USB LCD OLED CPU GPU RAM SSD TV UI UX GPS Wi-Fi WiFi iOS PC AI API ATM PIN App VIP SKU NPS KTV DIY SIM NFC PDF HTML
    CSS CSV SQL XML JSON URL HTTP SSH IDE PPT Excel Python Java JavaScript Git GitHub LaTeX Linux Android
    iPhone iPad macOS WeChat Facebook Twitter Google Amazon QR ID CRM ERP SaaS DLC BBQ SPA OTA HDMI
    PS5 AWS JD SUV MPV
"""
LOANS = {word.lower(): word for word in _LOANS.split()}
"""Words written the same way in both languages, by their lower case."""

_UNSHOWN = """
    cancel cancelled install pay verify subscribe shipped dispatched execute executing analyzing dine plotting draw
    paying rate line call shop build os logging share wait interactive
"""
UNSHOWN = frozenset(_UNSHOWN.split()) | {"sign up", "log in", "logging in", "logged in", "sign in", "cancel order"}
"""English forms that the glossary knows and no name shows: verbs mostly, where a name wants the noun."""

_ABOUT = """
    速度:快 慢  时间:准时  食材:新鲜  味道:好吃 难吃 咸 甜 甜腻 辣 酸 苦  食物:凉 热 嫩 浪费  选择:丰富 单一
    价格:便宜 贵 合理  服务:热情 冷漠  环境:干净 脏 安静  体验:舒适 有趣  空间:宽敞 狭小  操作:流畅  显示:清晰
    外观:漂亮 难看  质量:结实 易坏 优质  重量:轻 重  氛围:浪漫  内容:无聊  信息:真实
"""


def _about() -> dict[str, str]:
    found: dict[str, str] = {}
    subject = ""
    for piece in _ABOUT.split():
        head, colon, first = piece.rpartition(":")
        subject = head if colon else subject
        found[first] = subject
    return found


ABOUT = _about()
"""What an opinion is about where nobody says it, by the concept's first Chinese word: an adjective alone is no name."""

_PAIRS = """
    便宜 价格 Low price
    贵 价格 High price
    贵 配送费 High delivery fee
    贵 收费 High fees
    高 性价比 Good value for money
    低 性价比 Poor value for money
    便宜 性价比 Good value for money
    好吃 味道 Good taste
    好吃 食物 Tasty food
    便宜 优惠 Good discount
    便宜 团购 Good-value set menu
    快 上菜 Quick serving
    慢 上菜 Slow serving
    宽敞 声音 Loud sound
    宽敞 噪音 Loud noise
    狭小 声音 Low sound
    量大 分量 Generous portions
    量少 分量 Small portions
    丰富 菜 Wide choice of dishes
    丰富 选择 Wide choice
    单一 选择 Little choice
    快 充电 Fast charging
    长 时间 Takes a long time
    缺 配件 Missing accessories
"""
PAIRS = {(one, two): english for one, two, english in (line.split(None, 2) for line in _PAIRS.strip().splitlines())}
"""Opinion and subject, by their concepts' first Chinese words, to the English that says the two."""

_LONE = """
    convenient Convenience
    late Delays
    useful Usefulness
    difficult Difficulty
    hard Difficulty
    complicated Complexity
    simple Simplicity
    safe Safety
    dangerous Danger
    efficient Efficiency
    effective Effectiveness
    ineffective No effect
    damaged Damage
    missing Missing items
    leaking Leaks
    stable Stability
    reliable Reliability
    unstable Instability
    crowded Crowds
    rude Rudeness
    inconvenient Inconvenience
    smooth Smooth running
    loyal Loyal customers
    fake Counterfeits
    noisy Noise
    excited Excitement
    wasteful Waste
    accurate Accuracy
    interesting Interest
    healthy Health
    popular Popularity
    loud Loud noise
    distinctive Special features
"""
LONE = dict(line.split(None, 1) for line in _LONE.strip().splitlines())
"""The noun of an English adjective that has to stand alone."""

RECOMMENDING = (("推荐", "不推荐"), ("值得推荐", "Would recommend"), ("推荐与否", "Recommended or not"))
"""What says that customers recommend and that they do not, and the names of a theme of the one and of both."""

OBJECT_AFTER = (" for", " to", " with")
"""The ends of opinions that come before what they are said of, in both languages: "suitable for skin"."""

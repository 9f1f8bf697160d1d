"""Units, a lexicon encoder and a bilingual set of remarks, for the tests of the theme stages."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipelines.identity import identify
from pipelines.records import EmbeddedUnits, Language, OpinionUnit
from pipelines.terms import terms

DIM = 64


def a_unit(text: str, number: int = 0, language: Language | None = None) -> OpinionUnit:
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in text)
    return OpinionUnit(
        id=identify("u", number, text),
        verbatim_id=identify("v", number, text),
        start=0,
        end=len(text),
        text=text,
        language=language or ("zh" if chinese else "en"),
        shadow=text,
    )


class LexiconEncoder:
    """Each concept has a direction of its own, whatever its language; an unknown word has one by its spelling."""

    name = "lexicon"
    dim = DIM

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), DIM), dtype=np.float32)
        for row, text in enumerate(texts):
            for term in terms(text):
                if not term.stop and not term.breaks:
                    rows[row] += direction(term.key)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        empty = lengths[:, 0] == 0
        rows[empty, 0] = 1.0
        lengths[empty] = 1.0
        return (rows / lengths).astype(np.float32)


def direction(key: str) -> NDArray[np.float32]:
    seed = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest())
    return np.random.default_rng(seed).standard_normal(DIM).astype(np.float32)


def embedded(texts: Sequence[str], encoder: LexiconEncoder | None = None) -> EmbeddedUnits:
    units = tuple(a_unit(text, number) for number, text in enumerate(texts))
    return EmbeddedUnits(units=units, vectors=(encoder or LexiconEncoder()).encode([unit.shadow for unit in units]))


DELIVERY = (
    "物流太慢了", "快递很慢", "配送慢得离谱", "送货太慢", "发货后物流一直很慢", "物流速度慢", "配送超级慢，等了很多天",
    "Delivery takes forever", "The delivery was slow", "slow delivery again", "Shipping is so slow",
    "very slow shipping this time", "delivery is too slow for me",
)  # fmt: skip
SERVICE = (
    "客服很热情", "客服态度热情又耐心", "客服人员热心", "在线客服很耐心", "客服特别热情", "客服细心周到",
    "Customer service is friendly", "friendly customer support", "the support team was helpful",
    "Customer support very patient", "helpful customer service", "customer service polite and kind",
)  # fmt: skip
BATTERY = (
    "电池不耐用", "电池掉电快", "续航太短", "电池续航很短", "电池用半天就没电，掉电快", "电量掉电快",
    "Battery drains fast", "the battery drains quickly", "short battery life", "battery life is short",
    "Battery drains quickly even at night", "battery life too short",
)  # fmt: skip
PRICE = (
    "价格太贵", "价格偏贵", "这个价格有点贵", "价钱太贵了", "定价昂贵", "价格贵得没道理",
    "The price is expensive", "price too expensive", "overpriced, the price is silly", "pricing is expensive",
    "expensive price for a student", "price is too expensive for families",
)  # fmt: skip
PRAISE = ("很好", "不错", "非常好！", "很棒", "good", "Great!", "very nice", "好评", "awesome", "满意")
NOISE = ("昨天邻居在修篱笆", "蓝鲸沿着海岸迁徙", "The quarterly almanac lists eclipses")
REMARKS = (*DELIVERY, *SERVICE, *BATTERY, *PRICE, *PRAISE, *NOISE)

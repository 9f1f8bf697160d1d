"""How good sentiment models are, on texts that training never saw, beside SnowNLP and VADER.

`python -m benchmarks.sentiment --data DIR [--model SETTING]` prints one table, in percent. Fixed seed.
"two" leaves neutral out: texts labelled negative or positive, and whichever of the two the model finds likelier.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.sentiment import SentimentModel, load_sentiment
from models.training.gathering import HOTELS, doubted_hotels
from models.training.opinions import FRAGMENTS, LABELS, NEUTRAL_BY_KIND, OPINION_SETS, Opinions, opinions
from models.training.reading import beginning, held_out, read_rows
from pipelines.split import spans

if TYPE_CHECKING:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

SEED = 7
MOST = 4000
MOST_SLOW = 400
"""Texts of a set that SnowNLP and VADER read: SnowNLP takes milliseconds for each."""

BINS = 10
"""Of the expected calibration error (Guo et al. 2017)."""

NEGATION: Sequence[tuple[str, int]] = (
    ("不好", 0), ("不错", 2), ("没得说", 2), ("不好用", 0), ("不难吃", 2), ("不太理想", 0), ("没有异味", 2),
    ("一点也不贵", 2), ("不怎么样", 0), ("没有想象中好", 0), ("不值这个价", 0), ("没什么可挑剔的", 2),
    ("从来没让我失望", 2), ("再也不会买了", 0), ("不愧是大牌", 2), ("客服不理人", 0), ("并不便宜", 0), ("没有色差", 2),
    ("不掉色不起球", 2),
    ("无法接受", 0),
    ("not good", 0), ("not half bad", 2), ("nothing to complain about", 2), ("not worth the money", 0),
    ("no complaints", 2), ("never again", 0), ("does not work", 0), ("doesn't feel cheap", 2), ("can't fault it", 2),
    ("not happy with the service", 0), ("no problems so far", 2), ("would not recommend", 0),
    ("could not be happier", 2), ("never disappoints", 2), ("nothing special", 0), ("not as good as before", 0),
    ("without any issues", 2), ("lacks basic features", 0), ("hardly any noise", 2), ("it isn't comfortable", 0),
)  # fmt: skip
"""Written for this benchmark; 0 is negative, 2 positive."""

PLAIN: Sequence[str] = (
    "请问这款有蓝色的吗", "我是上周三下的单", "怎么申请退货", "快递放在门卫那里了", "一共买了两件",
    "营业时间是早上九点到晚上九点", "什么时候发货", "我住在三楼", "用的是安卓手机", "第一次在这家店买",
    "how do I change my address", "I ordered two of them last week", "the store opens at nine",
    "is this available in blue", "we stayed for two nights", "I am using the android version",
    "what is the return policy", "my order number is 1234", "it comes in three sizes", "I bought this for my brother",
)  # fmt: skip
"""Questions and facts, written for this benchmark: neutral."""

PLAIN_MORE: Sequence[str] = (
    "这家店在几号线附近", "我买的是去年的款式", "上周和同事一起去的", "尺码表在哪里看", "这个套餐是几个人吃的",
    "我们坐高铁过去的", "请问可以开收据吗", "给爸爸买的生日礼物", "晚上七点半到的酒店", "这台机器是双卡的吗",
    "家里养了两只猫", "包装里有两条数据线", "住的是十二楼的大床房", "老师是周二和周四上课", "怎么把发票寄到公司",
    "快递是中通的", "退款一般几天到账", "在官网上预约的", "这款有没有儿童版", "我是通过朋友介绍来的",
    "do you deliver on weekends", "where can I find the size chart", "my son uses it for school",
    "we arrived around nine in the evening", "is breakfast served on the second floor",
    "I switched from another brand in March", "which cable do I need for this", "the table was by the window",
    "the meeting room seats twelve people", "does this fit a 15 inch laptop",
    "we went there on a Thursday with colleagues", "the package was shipped from Hamburg",
    "can you tell me the opening hours", "I ordered the soup and a sandwich", "it runs on two batteries",
    "my room was on the fourth floor", "I signed up for the yearly plan", "how long does a refund take",
    "they have a branch near the river", "the course has ten lessons",
)  # fmt: skip
"""Forty more, written before training got more plain phrases: neither they nor close paraphrases are among those."""

TWEETS = Path(__file__).with_name("company_tweets.tsv")
"""Messages to companies as people post them, written for this benchmark: a kind of text that training has none of."""

ASPECT_SETS = ("en_mams_aspect_terms", "en_absa_laptop14_quads", "zh_absa_dianping_triplets", "zh_absa_products")
LEAST_WORDS = 8
"""Of a fragment that counts as a sentence."""


def main() -> None:
    """Read the arguments, measure, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sentiment", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", default="shipped")
    options = parser.parse_args()
    model = load_sentiment(options.model)
    parts = [sample(opinions(options.data, found, held_out_part=True, seed=SEED), MOST) for found in OPINION_SETS]
    parts += [whole_sentences(part) for part in parts if part.name in FRAGMENTS]
    parts += [undoubted(part, doubted_hotels(options.data)) for part in parts if part.name == HOTELS]
    parts.append(tweets())
    print(f"{model.name}\n\n| held-out part of | texts | two | three | macro F1 | SnowNLP, VADER: two | macro F1 |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    errors = []
    for part in parts:
        truth, found = np.array(part.labels), model.predict(part.texts)
        f1 = macro_f1(found, truth) if len(set(part.labels)) == 3 else float("nan")
        theirs, of_theirs = peer(part), np.array(sample(part, MOST_SLOW).labels)
        other = two_way(theirs, of_theirs)
        other_f1 = macro_f1(theirs, of_theirs) if part.name == TWEETS.stem else float("nan")
        cells = [two_way(found, truth), accuracy(found, truth), f1, other, other_f1]
        print(
            f"| {part.name} | {len(truth):,} | " + " | ".join("" if np.isnan(c) else f"{c:.1f}" for c in cells) + " |"
        )
        if part.name not in NEUTRAL_BY_KIND:
            errors.append((part.name, found, truth))
    print()
    for name, found, truth in errors:
        print(f"calibration error, {name}: {calibration_error(found, truth):.3f}")
    three = [(found, truth) for _, found, truth in errors if len(set(truth.tolist())) == 3]
    for title, chosen in (("all sets of opinions", [(f, t) for _, f, t in errors]), ("sets of three classes", three)):
        together = (np.concatenate([pair[side] for pair in chosen]) for side in (0, 1))
        print(f"calibration error, {title}: {calibration_error(*together):.3f}")
    print()
    for name in ASPECT_SETS:
        print(f"two opposite opinions, {name}: {opposite(model, options.data, name)}")
    print(f"negations right: {negations(model)}")
    print(f"plain texts neutral: {plain(model, PLAIN)}; of forty more: {plain(model, PLAIN_MORE)}")
    print(f"units of about 20 characters a second: {speed(model, parts[0].texts):,.0f}")


def sample(part: Opinions, most: int) -> Opinions:
    """Return at most so many texts of a set, drawn with the fixed seed."""
    chosen = np.random.default_rng(SEED).permutation(len(part.texts))[:most]
    return Opinions(
        name=part.name, texts=tuple(part.texts[n] for n in chosen), labels=tuple(part.labels[n] for n in chosen)
    )


def whole_sentences(part: Opinions) -> Opinions:
    """Return the texts of a set of fragments that are sentences; training saw no longer piece of these."""
    chosen = [
        (text, label)
        for text, label in zip(part.texts, part.labels, strict=True)
        if text.rstrip().endswith((".", "!", "?")) and len(text.split()) >= LEAST_WORDS
    ]
    return Opinions(
        name=f"{part.name}, sentences", texts=tuple(t for t, _ in chosen), labels=tuple(label for _, label in chosen)
    )


def undoubted(part: Opinions, doubted: set[str]) -> Opinions:
    """Return the hotel reviews that another set of the same reviews holds too: the others are garbled or mismarked."""
    chosen = [pair for pair in zip(part.texts, part.labels, strict=True) if beginning(pair[0]) not in doubted]
    return Opinions(
        name=f"{part.name}, undoubted", texts=tuple(t for t, _ in chosen), labels=tuple(label for _, label in chosen)
    )


def tweets() -> Opinions:
    """Return the messages to companies."""
    rows = [line.split("\t") for line in TWEETS.read_text(encoding="utf-8").splitlines()]
    return Opinions(
        name=TWEETS.stem, texts=tuple(text for _, text in rows), labels=tuple(LABELS.index(label) for label, _ in rows)
    )


def opposite(model: SentimentModel, data: Path, name: str) -> str:
    """Return how many opinions come out right in texts that praise one thing and blame another.

    Of each opinion the unit counts that its term stands in; terms that stand in a text twice are left out. Beside it
    the same without terms that one text both praises and blames (one unit holds such a term, and one of its two
    opinions is wrong whatever is said), and, where a set marks them, by the units that the words of opinion stand in.
    """
    by_term, by_single, by_words = Asked(), Asked(), Asked()
    for row in read_rows(data, name):
        text, found = row["text"], row["aspects"]
        if held_out(text) and {"positive", "negative"} <= {aspect["sentiment"] for aspect in found}:
            cut = spans(text)
            said: dict[str, set[str]] = {}
            for aspect in found:
                said.setdefault((aspect.get("term") or "").lower(), set()).add(aspect["sentiment"])
            for aspect in found:
                if aspect["sentiment"] != "neutral":
                    term = (aspect.get("term") or "").lower()
                    by_term.ask(text, cut, term, aspect["sentiment"])
                    if len(said[term]) == 1:
                        by_single.ask(text, cut, term, aspect["sentiment"])
                    by_words.ask(text, cut, (aspect.get("opinion") or "").lower(), aspect["sentiment"])
    answers = [by_term.right(model), f"terms said one thing of {by_single.right(model)}"]
    return "; ".join([*answers, *([f"by the words of opinion {by_words.right(model)}"] if by_words.units else [])])


@dataclass(slots=True)
class Asked:
    """Units and the sentiments that they should come out with."""

    units: list[str] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)

    def ask(self, text: str, cut: Sequence[tuple[int, int]], words: str, sentiment: str) -> None:
        """Add the unit that some words stand in; nothing where they stand there twice or not at all."""
        if words and text.lower().count(words) == 1:
            at = text.lower().index(words)
            self.units += [text[start:end] for start, end in cut if start <= at < end][:1]
            self.labels += [LABELS.index(sentiment) for start, end in cut if start <= at < end][:1]

    def right(self, model: SentimentModel) -> str:
        """Return the share that comes out right among three classes."""
        hit = model.predict(self.units).argmax(axis=1) == np.array(self.labels)
        return f"{100 * hit.mean():.1f} % of {len(self.units)}"


def two_way(found: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    """Return the accuracy between negative and positive."""
    clear = truth != 1
    if not clear.any():
        return float("nan")
    return 100 * float(((found[clear, 2] > found[clear, 0]) == (truth[clear] == 2)).mean())


def accuracy(found: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    """Return the accuracy among the three classes."""
    return 100 * float((found.argmax(axis=1) == truth).mean())


def macro_f1(found: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    """Return the mean F1 of the three classes."""
    from sklearn.metrics import f1_score

    return 100 * float(f1_score(truth, found.argmax(axis=1), average="macro"))


def calibration_error(found: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    """Return the mean distance of confidence from accuracy over ten bins, weighted by their size."""
    confidence, right = found.max(axis=1), found.argmax(axis=1) == truth
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)]
    return float(sum(gaps))


def peer(part: Opinions) -> NDArray[np.float32]:
    """Return SnowNLP's answers for a Chinese set, VADER's for an English one, as probabilities."""
    texts = sample(part, MOST_SLOW).texts
    scores = [snownlp(text) if part.name.startswith("zh") else vader(text) for text in texts]
    # VADER's authors: compound within 0.05 of nothing is neutral.
    return np.array(
        [[1 - score, 0.95 * (abs(score - 0.5) < 0.025), score] for score in scores],
        dtype=np.float32,
    )


def snownlp(text: str) -> float:
    """Return SnowNLP's probability of positive."""
    from snownlp import SnowNLP

    return float(SnowNLP(text).sentiments) if text.strip() else 0.5


def vader(text: str) -> float:
    """Return VADER's compound score, from 0 to 1."""
    return (float(_vader().polarity_scores(text)["compound"]) + 1) / 2


@cache
def _vader() -> "SentimentIntensityAnalyzer":
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def negations(model: SentimentModel) -> str:
    """Return how many negated phrases come out right, and which do not."""
    found = model.predict([text for text, _ in NEGATION]).argmax(axis=1)
    wrong = [text for (text, label), got in zip(NEGATION, found, strict=True) if got != label]
    return f"{len(NEGATION) - len(wrong)} of {len(NEGATION)} (wrong: {', '.join(wrong)})"


def plain(model: SentimentModel, texts: Sequence[str]) -> str:
    """Return how many questions and facts come out neutral, and which do not."""
    found = model.predict(texts).argmax(axis=1)
    wrong = [text for text, got in zip(texts, found, strict=True) if got != 1]
    return f"{len(texts) - len(wrong)} of {len(texts)} (wrong: {', '.join(wrong)})"


def speed(model: SentimentModel, texts: Sequence[str]) -> float:
    """Return texts a second, the best of three rounds."""
    short, seconds = [text[:20] for text in texts], []
    for _ in range(3):
        start = time.perf_counter()
        model.predict(short)
        seconds.append(time.perf_counter() - start)
    return len(short) / min(seconds)


if __name__ == "__main__":
    main()

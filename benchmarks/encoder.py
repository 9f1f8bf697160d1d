"""How good encoders are, on texts that training never saw, by the protocol of MTEB.

`python -m benchmarks.encoder --data DIR [--encoder SETTING]…` prints one table beside the figures that three
multilingual peers have published; every number is a percentage unless it says otherwise. Fixed seeds.

Probes: logistic regression on 32 examples a label (8 where labels are many), ten draws. Clusters: v-measure of
mini-batch k-means with as many clusters as labels, five seeds. Retrieval: nearest of 1,000 texts of the other language,
both directions, among pairs of which no two share a text (a sentence with two translations has no right answer).

Of the sets under "labels seen", training read the labels of other texts. A figure that does not rest on that: train
with `--leave-out SET` for each of LEFT_OUT, and name that folder (`--encoder shipped:DIR`).
"""

import argparse
import re
import time
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.embedding import Encoder, load_encoder
from models.training.pairs import parallel_pairs
from models.training.reading import held_out, read_rows
from models.training.topics import topic_set

SEED = 7
MOST = 2500
"""Texts of one measurement at most, so that a run takes two minutes."""

LEFT_OUT = (
    "zh_thucnews_titles", "en_clinc150", "en_stackoverflow_titles", "zh_smp2019_intents", "zh_jd_laptop_topics",
)  # fmt: skip
"""The sets to leave out of a training that is to say what the others teach about sets unseen."""

PEERS = ("static-similarity-mrl (413 MB)", "potion-multilingual-128M (512 MB)", "paraphrase-multilingual-MiniLM (118M)")
PUBLISHED: dict[str, tuple[float, float, float]] = {
    "food delivery, sentiment probe (zh)": (75.4, 77.1, 82.3),
    "shopping, sentiment probe (zh)": (73.0, 79.0, 84.9),
    "Banking77, probe of 8": (75.7, 68.5, 79.8),
    "translation found, Tatoeba": (90.0, 61.7, 94.9),
    "news titles, v-measure (zh)": (22.7, 39.1, 31.9),
}
"""MTEB's results on the sets' own test parts; the news titles are those of its ThuNewsClusteringS2S."""

Vectors = NDArray[np.float32]
Part = tuple[list[str], list[str]]
Pair = tuple[str, str]

_LETTERS = re.compile(r"[\W_]+")

# Written for this benchmark: one complaint or praise each, told freely in both languages.
FEEDBACK: Sequence[tuple[str, str]] = (
    ("the parcel sat in the warehouse for ten days", "包裹在仓库里放了十天都没动"),
    ("courier left it in the rain outside my door", "快递扔在门外淋了雨"),
    ("nobody in the shop could answer my question", "店里没有一个人能回答我的问题"),
    ("the agent on the phone solved it in two minutes", "电话里的客服两分钟就解决了"),
    ("my money has not come back since March", "三月份的钱到现在还没退回来"),
    ("same shoes are half the price elsewhere", "同款鞋别的地方便宜一半"),
    ("the discount code did nothing at checkout", "结账的时候优惠码没有生效"),
    ("zip broke the first time I wore it", "第一次穿拉链就坏了"),
    ("sleeves are far too long for me", "袖子对我来说太长了"),
    ("the colour is paler than on the website", "颜色比网站上的浅"),
    ("phone is dead by lunchtime", "手机到中午就没电了"),
    ("laptop burns my knees", "笔记本放腿上烫得受不了"),
    ("the fan sounds like an aeroplane", "风扇响得像飞机"),
    ("photos at night are all grain", "晚上拍的照片全是噪点"),
    ("the app shuts down whenever I open a picture", "一打开图片软件就退出"),
    ("I never get the text message with the code", "验证码短信一直收不到"),
    ("too many menus, I never find the settings", "菜单太多，总找不到设置"),
    ("please let us export the report to excel", "希望能把报表导出成表格"),
    ("adverts pop up every few seconds", "每隔几秒就弹广告"),
    ("noodles were cold and stuck together", "面送到的时候又冷又坨"),
    ("half the chicken was raw", "鸡肉有一半是生的"),
    ("we queued an hour for a seat", "排了一个小时才有座位"),
    ("the waiter rolled his eyes at us", "服务员对我们翻白眼"),
    ("lovely music and soft light in the dining room", "餐厅里音乐好听，灯光柔和"),
    ("hair in the bathtub when we arrived", "入住时浴缸里有头发"),
    ("we heard every word from the next room", "隔壁说话听得一清二楚"),
    ("two minutes on foot to the subway", "走两分钟就到地铁站"),
    ("nowhere to leave the car", "根本没地方停车"),
    ("only bread and coffee in the morning", "早上只有面包和咖啡"),
    ("the shower never got warm", "洗澡水一直不热"),
    ("lessons are clear and easy to follow", "课讲得清楚，容易听懂"),
    ("too many exercises every week", "每周的练习题太多了"),
    ("the doctor explained everything patiently", "医生很耐心地解释了一切"),
    ("it drinks petrol in the city", "在市区特别费油"),
    ("back seat is tight for three adults", "后排坐三个大人太挤"),
    ("my loan application is still pending", "我的贷款申请还没批下来"),
    ("they charged me a fee to move my own money", "转自己的钱还要收手续费"),
    ("my face itched after using the cream", "用了这个面霜脸发痒"),
    ("my daughter plays with it every day", "女儿每天都要玩"),
    ("I was billed again after cancelling the subscription", "取消订阅以后又被扣了钱"),
)


def main() -> None:
    """Read the arguments, measure each encoder, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.encoder", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", action="append", help="a setting such as shipped or sentence-transformers:NAME")
    options = parser.parse_args()
    settings = options.encoder or ["shipped"]
    columns = [measure(load_encoder(setting), options.data) for setting in settings]
    print(f"| measurement | {' | '.join([*settings, *PEERS])} |\n|---|{'---:|' * (len(settings) + len(PEERS))}")
    for name in columns[0]:
        published = [f"{figure:.1f}" for figure in PUBLISHED.get(name, ())] or ["–"] * len(PEERS)
        print(f"| {name} | {' | '.join([f'{column[name]:,.1f}' for column in columns] + published)} |")


def measure(encoder: Encoder, data: Path) -> dict[str, float]:
    """Return the figures of one encoder, by the name they have in the table."""
    tatoeba, all_sources = pairs_of(data, "tatoeba"), pairs_of(data, "")
    food, shop = (labelled(data, name, "sentiment") for name in ("zh_waimai_10k", "zh_online_shopping_10cats"))
    bank, laptop, news = (themed(data, f"{name}") for name in ("en_banking77", LEFT_OUT[4], LEFT_OUT[0]))
    clinc, stack, voice = (themed(data, name) for name in LEFT_OUT[1:4])
    return {
        "food delivery, sentiment probe (zh)": probe(encoder, *food, examples=32),
        "shopping, sentiment probe (zh)": probe(encoder, *shop, examples=32),
        "hotel review titles, sentiment probe (en)": probe(
            encoder, *labelled(data, "en_hotel_review_titles", "sentiment"), examples=32
        ),
        "translation found, Tatoeba": retrieval(encoder, tatoeba),
        "translation found, all sources": retrieval(encoder, all_sources),
        "translation nearest to the same of 50 centroids": same_centroid(encoder, all_sources, count=50),
        "own feedback pairs in the same of 20 clusters": same_cluster(encoder, FEEDBACK, count=20),
        "shop reviews, 10 categories, v-measure (zh)": v_measure(
            encoder, labelled(data, "zh_online_shopping_10cats", "category")[1]
        ),
        "Banking77, probe of 8": probe(encoder, *bank, examples=8),
        "Banking77, v-measure": v_measure(encoder, bank[1]),
        "cosmetics themes, probe of 8 (zh)": probe(encoder, *themed(data, "zh_cosmetics_aspects"), examples=8),
        "laptop themes, probe of 8 (zh)": probe(encoder, *laptop, examples=8),
        "laptop themes, v-measure (zh)": v_measure(encoder, laptop[1]),
        "news titles, probe of 32 (zh)": probe(encoder, *news, examples=32),
        "news titles, v-measure (zh)": v_measure(encoder, news[1]),
        "voice requests, v-measure (zh)": v_measure(encoder, voice[1]),
        "CLINC requests, v-measure (en)": v_measure(encoder, clinc[1]),
        "Stack Overflow titles, v-measure (en)": v_measure(encoder, stack[1]),
        "texts of 20 characters a second (zh)": speed(encoder, food[0][0]),
    }


def labelled(data: Path, name: str, field: str) -> tuple[Part, Part]:
    """Return texts and labels of the training part and of the held-out part."""
    parts: tuple[Part, Part] = ([], []), ([], [])
    for row in read_rows(data, name):
        part = parts[held_out(row["text"])]
        part[0].append(row["text"])
        part[1].append(row[field])
    return parts[0], parts[1]


def themed(data: Path, name: str) -> tuple[Part, Part]:
    """Return texts and themes of the training part and of the held-out part."""
    first, second = (topic_set(data, name, held_out_part=part) for part in (False, True))
    return (list(first.texts), list(first.labels)), (list(second.texts), list(second.labels))


def pairs_of(data: Path, source: str) -> list[Pair]:
    """Return held-out parallel sentences of one source, or of all for an empty name, no text in two of them."""
    found: list[Pair] = []
    seen: set[str] = set()
    by_source = parallel_pairs(data, held_out_part=True)
    for pair in by_source[source] if source else chain.from_iterable(by_source.values()):
        letters = {_LETTERS.sub("", text.lower()) for text in pair}
        if not letters & seen:
            found.append(pair)
        seen |= letters
    return [found[n] for n in np.random.default_rng(SEED).permutation(len(found))]


def probe(encoder: Encoder, train: Part, test: Part, *, examples: int) -> float:
    """Return the accuracy of a logistic regression on so many examples a label, over ten draws."""
    from sklearn.linear_model import LogisticRegression

    train, test = sample(train, 4 * MOST), sample(test, MOST)
    vectors, labels = encoder.encode(train[0]), np.array(train[1])
    names = [name for name in np.unique(labels) if (labels == name).sum() >= examples]
    kept = np.isin(test[1], names)
    tested, truth = encoder.encode(test[0])[kept], np.array(test[1])[kept]
    random, scores = np.random.default_rng(SEED), []
    for _ in range(10):
        rows = np.concatenate(
            [random.choice(np.flatnonzero(labels == name), examples, replace=False) for name in names]
        )
        scores.append(LogisticRegression(max_iter=100).fit(vectors[rows], labels[rows]).score(tested, truth))
    return 100 * float(np.mean(scores))


def retrieval(encoder: Encoder, pairs: Sequence[Pair]) -> float:
    """Return how often the nearest of 1,000 texts of the other language is the translation, over both directions."""
    hits = []
    for start in range(0, max(1, len(pairs) - 999), 1000):
        english, chinese = (encoder.encode([pair[side] for pair in pairs[start : start + 1000]]) for side in (0, 1))
        similarity, right = english @ chinese.T, np.arange(len(english))
        hits += [similarity.argmax(axis=1) == right, similarity.argmax(axis=0) == right]
    return 100 * float(np.mean(np.concatenate(hits)))


def same_centroid(encoder: Encoder, pairs: Sequence[Pair], *, count: int) -> float:
    """Return how often a text is nearest to the centroid that its translation was clustered to, over both directions.

    Each language is clustered alone, and the other is assigned to what was found: as when feedback in a second
    language arrives after the themes are made.
    """
    from sklearn.cluster import KMeans

    sides = [encoder.encode([pair[side] for pair in pairs]) for side in (0, 1)]
    agreed = []
    for ours, theirs in (sides, sides[::-1]):
        for seed in range(SEED, SEED + 3):
            model = KMeans(count, n_init=1, random_state=seed).fit(ours)
            agreed.append(float((model.labels_ == model.predict(theirs)).mean()))
    return 100 * float(np.mean(agreed))


def same_cluster(encoder: Encoder, pairs: Sequence[Pair], *, count: int) -> float:
    """Return how often k-means over both languages puts a text and its translation together, over five seeds."""
    from sklearn.cluster import KMeans

    vectors = encoder.encode([pair[0] for pair in pairs] + [pair[1] for pair in pairs])
    found = [KMeans(count, n_init=3, random_state=SEED + n).fit_predict(vectors) for n in range(5)]
    return 100 * float(np.mean([(labels[: len(pairs)] == labels[len(pairs) :]).mean() for labels in found]))


def v_measure(encoder: Encoder, test: Part) -> float:
    """Return the v-measure of mini-batch k-means with as many clusters as there are labels, over five seeds."""
    from sklearn.cluster import MiniBatchKMeans
    from sklearn.metrics import v_measure_score

    texts, labels = sample(test, MOST)
    vectors, count = encoder.encode(texts), len(set(labels))
    scores = []
    for seed in range(SEED, SEED + 5):
        model = MiniBatchKMeans(count, batch_size=512, n_init=1, random_state=seed)
        scores.append(v_measure_score(labels, model.fit_predict(vectors)))
    return 100 * float(np.mean(scores))


def sample(part: Part, most: int) -> Part:
    """Return at most so many texts with their labels, drawn with the fixed seed."""
    chosen = np.random.default_rng(SEED).permutation(len(part[0]))[:most]
    return [part[0][n] for n in chosen], [part[1][n] for n in chosen]


def speed(encoder: Encoder, texts: list[str]) -> float:
    """Return texts a second, the best of three rounds."""
    short = [text[:20] for text in texts]
    return max(len(short) / seconds(lambda: encoder.encode(short)) for _ in range(3))


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()

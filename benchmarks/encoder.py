"""How good encoders are, on texts that training never saw.

`python -m benchmarks.encoder --data DIR [--encoder SETTING]…` prints one table; every
number is a percentage unless it says otherwise. Fixed seed.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.embedding import Encoder, load_encoder
from models.training.pairs import parallel_pairs
from models.training.reading import held_out, read_rows
from models.training.topics import topic_set

SEED = 7
MOST = 4000
"""Texts of one measurement at most, so that a run takes a minute."""

Vectors = NDArray[np.float32]
Part = tuple[list[str], list[str]]


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
    print(f"| measurement | {' | '.join(settings)} |\n|---|{'---:|' * len(settings)}")
    for name in columns[0]:
        print(f"| {name} | {' | '.join(f'{column[name]:,.1f}' for column in columns)} |")


def measure(encoder: Encoder, data: Path) -> dict[str, float]:
    """Return the figures of one encoder, by the name they have in the table."""
    return {
        "waimai sentiment probe": probe(encoder, *labelled(data, "zh_waimai_10k", "sentiment")),
        "shopping sentiment probe": probe(encoder, *labelled(data, "zh_online_shopping_10cats", "sentiment")),
        "Banking77 probe": probe(encoder, *themed(data, "en_banking77")),
        "laptop themes, 8 examples each (zh)": few_shot(encoder, *themed(data, "zh_jd_laptop_topics")),
        "cosmetics themes, 8 examples each (zh)": few_shot(encoder, *themed(data, "zh_cosmetics_aspects")),
        "translation found, Tatoeba": retrieval(encoder, pairs_of(data, "tatoeba")),
        "translation found, all sources": retrieval(encoder, pairs_of(data, "")),
        "translation in the same of 50 clusters": same_cluster(encoder, pairs_of(data, ""), count=50),
        "own feedback pairs in the same of 20 clusters": same_cluster(encoder, FEEDBACK, count=20),
        "v-measure, news titles (zh)": v_measure(encoder, themed(data, "zh_thucnews_titles")[1]),
        "v-measure, shop categories (zh)": v_measure(
            encoder, labelled(data, "zh_online_shopping_10cats", "category")[1]
        ),
        "v-measure, Banking77": v_measure(encoder, themed(data, "en_banking77")[1]),
        "v-measure, laptop themes (zh)": v_measure(encoder, themed(data, "zh_jd_laptop_topics")[1]),
        "texts of 20 characters a second (zh)": speed(encoder, labelled(data, "zh_waimai_10k", "sentiment")[0][0]),
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


def pairs_of(data: Path, source: str) -> list[tuple[str, str]]:
    """Return held-out parallel sentences of one source, or of all for an empty name."""
    if not source:
        return parallel_pairs(data, held_out_part=True)[:MOST]
    rows = (row for row in read_rows(data, "parallel_en_zh") if row["source"] == source)
    return [(row["en"], row["zh"]) for row in rows if held_out(row["en"], percent=1)]


def probe(encoder: Encoder, train: Part, test: Part) -> float:
    """Return the accuracy of a logistic regression trained on vectors of the training part."""
    from sklearn.linear_model import LogisticRegression

    train = sample(train, 2 * MOST)
    model = LogisticRegression(C=10, max_iter=300).fit(encoder.encode(train[0]), train[1])
    return 100 * float(model.score(encoder.encode(test[0]), test[1]))


def few_shot(encoder: Encoder, train: Part, test: Part) -> float:
    """Return the accuracy of the nearest mean of eight examples, over five draws."""
    vectors, labels = encoder.encode(train[0]), np.array(train[1])
    tested, truth = encoder.encode(test[0]), np.array(test[1])
    names = [name for name in np.unique(labels) if (labels == name).sum() >= 8]
    random, scores = np.random.default_rng(SEED), []
    kept = np.isin(truth, names)
    for _ in range(5):
        chosen = [random.choice(np.flatnonzero(labels == name), 8, replace=False) for name in names]
        centres = np.stack([vectors[rows].mean(axis=0) for rows in chosen])
        centres /= np.linalg.norm(centres, axis=1, keepdims=True)
        found = np.array(names)[(tested[kept] @ centres.T).argmax(axis=1)]
        scores.append(float((found == truth[kept]).mean()))
    return 100 * float(np.mean(scores))


def retrieval(encoder: Encoder, pairs: Sequence[tuple[str, str]]) -> float:
    """Return how often the nearest text of the other language is the translation, over both directions."""
    english, chinese = (encoder.encode([pair[side] for pair in pairs]) for side in (0, 1))
    similarity, right = english @ chinese.T, np.arange(len(pairs))
    return 50 * float((similarity.argmax(axis=1) == right).mean() + (similarity.argmax(axis=0) == right).mean())


def same_cluster(encoder: Encoder, pairs: Sequence[tuple[str, str]], *, count: int) -> float:
    """Return how often k-means over both languages puts a text and its translation together, over five seeds."""
    vectors = encoder.encode([pair[0] for pair in pairs] + [pair[1] for pair in pairs])
    found = [clusters(vectors, count, SEED + n) for n in range(5)]
    return 100 * float(np.mean([(labels[: len(pairs)] == labels[len(pairs) :]).mean() for labels in found]))


def v_measure(encoder: Encoder, test: Part) -> float:
    """Return the v-measure of k-means with as many clusters as there are labels, the mean over three seeds."""
    from sklearn.metrics import v_measure_score

    texts, labels = sample(test, MOST)
    vectors = encoder.encode(texts)
    scores = [v_measure_score(labels, clusters(vectors, len(set(labels)), SEED + n)) for n in range(3)]
    return 100 * float(np.mean(scores))


def clusters(vectors: Vectors, count: int, seed: int) -> NDArray[np.int32]:
    """Return k-means labels."""
    from sklearn.cluster import KMeans

    labels: NDArray[np.int32] = KMeans(count, n_init=3, random_state=seed).fit_predict(vectors)
    return labels


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

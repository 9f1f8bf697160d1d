import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from models.embedding import Encoder
from pipelines.cluster import cluster
from pipelines.name import name_themes
from pipelines.records import Clustering, EmbeddedUnits, Theme
from pipelines.settings import AnalysisSettings
from pipelines.terms import stop_words
from tests.pipelines.theme_factories import BATTERY, DELIVERY, PRAISE, PRICE, REMARKS, SERVICE, LexiconEncoder, embedded

SETTINGS = AnalysisSettings()


def themes_of(
    everything: EmbeddedUnits, settings: AnalysisSettings = SETTINGS
) -> tuple[tuple[Theme, ...], list[str | None]]:
    found = cluster(everything, settings)
    themes, leaf_of = name_themes(everything, found, encoder=LexiconEncoder(), settings=settings)
    return themes, [None if label < 0 else themes[leaf_of[label]].id for label in found.labels]


def theme_with(text: str) -> Theme:
    everything = embedded(REMARKS)
    themes, ids = themes_of(everything)
    wanted = ids[REMARKS.index(text)]
    return next(theme for theme in themes if theme.id == wanted)


@pytest.mark.parametrize(
    ("members", "zh", "en"),
    [
        (DELIVERY, {"物流慢", "配送慢", "快递慢"}, {"Slow delivery", "Slow shipping"}),
        (SERVICE, {"客服热情", "客服耐心"}, {"Friendly customer service", "Helpful customer service"}),
        (BATTERY, {"电池掉电快", "续航短", "电池续航短"}, {"Short battery life", "Battery drains quickly"}),
        (PRICE, {"价格贵", "价格太贵"}, {"High price"}),
        (PRAISE, {"总体好评"}, {"General praise"}),
    ],
)  # fmt: skip
def test_names_say_aspect_and_opinion_in_both_languages(members: tuple[str, ...], zh: set[str], en: set[str]) -> None:
    theme = theme_with(members[1])
    assert theme.name_zh in zh
    assert theme.name_en in en


def test_a_theme_of_one_language_has_a_name_in_the_other() -> None:
    only_chinese = [text for text in REMARKS if not text.isascii()]
    themes, _ = themes_of(embedded(only_chinese))
    assert themes
    assert all(theme.name_en.isascii() for theme in themes)
    only_english = [text for text in REMARKS if text.isascii()]
    themes, _ = themes_of(embedded(only_english))
    assert themes
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in theme.name_zh) for theme in themes)


def test_names_are_unique_never_empty_and_never_stop_words() -> None:
    themes, _ = themes_of(embedded(REMARKS))
    for names in ([theme.name_zh for theme in themes], [theme.name_en for theme in themes]):
        assert len(set(names)) == len(names)
        assert all(name.strip() for name in names)
    for theme in themes:
        assert theme.keywords
        assert not set(theme.keywords) & stop_words()
        assert theme.name_en[0].isupper()
        assert len(theme.name_en.split()) <= 8


def test_exemplars_are_members_and_speak_both_languages() -> None:
    everything = embedded(REMARKS)
    _, ids = themes_of(everything)
    unit_of = {unit.id: (unit, theme_id) for unit, theme_id in zip(everything.units, ids, strict=True)}
    theme = theme_with(DELIVERY[0])
    assert 3 <= len(theme.exemplars) <= 5
    assert all(unit_of[unit_id][1] == theme.id for unit_id in theme.exemplars)
    assert {unit_of[unit_id][0].language for unit_id in theme.exemplars} == {"zh", "en"}
    assert len({unit_of[unit_id][0].text for unit_id in theme.exemplars}) == len(theme.exemplars)


def test_shuffled_rows_give_identical_themes() -> None:
    everything = embedded((*REMARKS, *REMARKS[:5]))
    order = list(range(len(everything.units)))
    random.Random(5).shuffle(order)
    shuffled = EmbeddedUnits(
        units=tuple(everything.units[row] for row in order), vectors=np.ascontiguousarray(everything.vectors[order])
    )
    themes, ids = themes_of(everything)
    again, others = themes_of(shuffled)
    assert others == [ids[row] for row in order]
    bare = [replace(theme, centroid=np.zeros(1, dtype=np.float32)) for theme in themes]
    assert [replace(theme, centroid=np.zeros(1, dtype=np.float32)) for theme in again] == bare or all(
        (one.id, one.name_zh, one.name_en, one.keywords, one.exemplars)
        == (two.id, two.name_zh, two.name_en, two.keywords, two.exemplars)
        for one, two in zip(themes, again, strict=True)
    )
    assert all(np.array_equal(one.centroid, two.centroid) for one, two in zip(themes, again, strict=True))


def test_small_themes_are_tentative_and_larger_ones_are_not() -> None:
    themes, ids = themes_of(embedded(REMARKS))
    sizes = {theme.id: ids.count(theme.id) for theme in themes}
    assert all(theme.tentative == (sizes[theme.id] < SETTINGS.tentative_units) for theme in themes)
    assert any(theme.tentative for theme in themes)


def test_parents_hold_at_least_two_themes_and_few_themes_have_none() -> None:
    everything = embedded(REMARKS)
    themes, _ = themes_of(everything, replace(SETTINGS, parent_themes=3, parent_likeness=-0.5))
    parents = {theme.parent_id for theme in themes if theme.parent_id}
    assert parents
    for parent in parents:
        assert sum(theme.parent_id == parent for theme in themes) >= 2
        assert any(theme.id == parent and theme.parent_id is None for theme in themes)
    themes, _ = themes_of(everything, replace(SETTINGS, parent_themes=50))
    assert all(theme.parent_id is None for theme in themes)


SO_SO = (
    "还行", "一般", "还可以", "凑合", "就那样", "篱笆", "鲸鱼", "星星", "用着还行",
    "good", "the gadget", "an almanac", "the meadow", "my lantern", "a saddle",
)  # fmt: skip
TIDE = ("潮汐", "看潮汐", "潮汐表", "潮汐时间", "a group", "the group", "my group", "groups")


class WithoutTeams(LexiconEncoder):
    """The lexicon, but a group of anything is no 团队."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return super().encode([text.replace("团队", "球队队员") for text in texts])


def named_as(
    clusters: Sequence[Sequence[str]], parents: Sequence[int], encoder: Encoder | None = None
) -> tuple[Theme, ...]:
    everything = embedded([text for members in clusters for text in members])
    labels = np.repeat(np.arange(len(clusters)), [len(members) for members in clusters]).astype(np.int32)
    clustering = Clustering(
        labels=labels,
        similarity=np.ones(len(labels), dtype=np.float32),
        parents=np.array(parents, dtype=np.int32),
        core=np.ones(len(labels), dtype=np.bool_),
    )
    return name_themes(everything, clustering, encoder=encoder or LexiconEncoder(), settings=SETTINGS)[0]


def test_two_languages_with_only_a_mood_in_common_are_named_after_it() -> None:
    themes = named_as([SO_SO, DELIVERY], [-1, -1])
    assert (themes[0].name_zh, themes[0].name_en) == ("总体一般", "Just average")
    assert "门票" in named_as([[*SO_SO[:5], "门票", "那个门票", "门票呢"], DELIVERY], [-1, -1])[0].name_zh


def test_a_word_of_few_units_names_no_theme_that_most_units_praise() -> None:
    things = (
        "篱笆",
        "鲸鱼",
        "星星",
        "山谷",
        "溪流",
        "松树",
        "帆船",
        "灯塔",
        "石桥",
        "麦田",
        "云彩",
        "雪山",
        "沙滩",
        "门票",
    )
    theme = named_as([[f"{thing}好" for thing in things], DELIVERY], [-1, -1])[0]
    assert theme.name_zh == "总体好评"
    tickets = [f"门票{word}好" for word in ("真", "很", "挺", "太")]
    assert "门票" in named_as([[*(f"{thing}好" for thing in things), *tickets], DELIVERY], [-1, -1])[0].name_zh


def test_a_parent_is_named_after_what_both_languages_say() -> None:
    themes = named_as([DELIVERY, TIDE, PRICE, BATTERY], [0, 0, -1, -1], WithoutTeams())
    parent = next(theme for theme in themes if theme.id == themes[0].parent_id)
    assert "团队" not in parent.name_zh
    assert "group" not in parent.name_en.lower()
    assert "delivery" in parent.name_en.lower()


def test_a_parent_is_not_called_as_its_largest_child() -> None:
    parcels = [f"物流和包装第{time}次" for time in range(12)] + [f"delivery, packaging, {time}" for time in range(12)]
    replies = ["客服回复", "客服回复了", "customer service reply", "customer service replies"]
    child, _, parent = named_as([parcels, replies], [0, 0])
    assert (child.name_zh, child.name_en) == ("物流与包装", "Delivery and packaging")
    assert (parent.name_zh, parent.name_en) == ("物流与客服", "Delivery and customer service")


def test_moods_alone_have_no_parent() -> None:
    praise = ("很好", "好", "真好", "非常好", "挺好", "good", "very good", "really good")
    themes = named_as([SO_SO, praise, DELIVERY], [0, 0, -1])
    assert {theme.name_en for theme in themes[:2]} == {"Just average", "General praise"}
    assert all(theme.parent_id is None for theme in themes)
    assert named_as([SO_SO, DELIVERY, PRICE], [0, 0, -1])[0].parent_id is not None


def test_no_units_give_no_themes() -> None:
    themes, ids = themes_of(embedded([]))
    assert themes == ()
    assert ids == []


def test_a_theme_of_which_no_word_tells_is_called_as_its_text_begins() -> None:
    texts = ["it was what it was", "they would be in the other one and then some more of the same", "Экран красивый"]
    everything = embedded(texts)
    clustering = Clustering(
        labels=np.arange(3, dtype=np.int32),
        similarity=np.ones(3, dtype=np.float32),
        parents=np.full(3, -1, dtype=np.int32),
        core=np.ones(3, dtype=bool),
    )
    themes, _ = name_themes(everything, clustering, encoder=LexiconEncoder(), settings=SETTINGS)
    names = [name for theme in themes for name in (theme.name_zh, theme.name_en)]
    assert all(name and name == name.strip() and len(name) <= 30 for name in names), names
    assert len({theme.name_en for theme in themes}) == 3
    assert all(not name[0].isdigit() for name in names)


def test_a_parent_is_not_called_as_a_theme_that_stands_beside_it() -> None:
    slow = ["the delivery was slow", "slow delivery", "delivery so slow"]
    dear = ["the delivery was expensive", "expensive delivery", "delivery too expensive"]
    themes = named_as([slow, dear, ["delivery", "my delivery", "the delivery"]], [0, 0, -1])
    for names in ([theme.name_zh for theme in themes], [theme.name_en for theme in themes]):
        assert len(set(names)) == len(names) == 4

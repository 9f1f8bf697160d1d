"""Defined themes beside found ones: what goes where, in any order of rows, first run and later."""

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from pipelines.analyse import analyse, extend
from pipelines.cluster import cluster
from pipelines.codebook import define, place
from pipelines.codebook_entries import make_entry
from pipelines.codebook_names import derive, in_both
from pipelines.records import Analysis, Codebook, Known, Theme, Verbatim
from pipelines.settings import AnalysisSettings
from pipelines.translations import translator
from tests.pipelines.theme_factories import BATTERY, DELIVERY, PRICE, REMARKS, SERVICE, LexiconEncoder, embedded

SETTINGS = AnalysisSettings()
AFTER = make_entry(name_zh="售后履约", name_en="After sales", codable=False)
CODEBOOK: Codebook = (
    AFTER,
    make_entry(
        name_zh="物流", name_en="Delivery", parent=AFTER.guid,
        examples=["物流太慢", "快递很慢", "slow delivery", "shipping is slow"],
    ),
    make_entry(
        name_zh="客服", name_en="Customer service", parent=AFTER.guid, examples=["客服热情", "friendly support"]
    ),
    make_entry(name_en="Privacy", examples=["my data was leaked", "泄露隐私"]),
)  # fmt: skip
PARENT, SHIPPING, SUPPORT, PRIVACY = (entry.theme for entry in CODEBOOK)


class Calm:
    """A sentiment model that finds everything neutral."""

    name = "calm"

    def predict(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.tile(np.array([[0.1, 0.8, 0.1]], dtype=np.float32), (len(texts), 1))


def said(texts: tuple[str, ...]) -> tuple[Verbatim, ...]:
    return tuple(
        Verbatim(
            id=f"v{number}",
            source_id="s",
            row=number,
            text=text,
            language="zh" if any("\u4e00" <= letter <= "\u9fff" for letter in text) else "en",
        )
        for number, text in enumerate(texts)
    )


def run(verbatims: tuple[Verbatim, ...], *, codebook: Codebook = CODEBOOK, known: Known | None = None) -> Analysis:
    return analyse(
        verbatims,
        known or Known(),
        encoder=LexiconEncoder(),
        sentiment_model=Calm(),
        settings=SETTINGS,
        codebook=codebook,
    )


def members(analysis: Analysis) -> dict[str, frozenset[str]]:
    held: dict[str, set[str]] = {}
    for unit, item in zip(analysis.embedded.units, analysis.assignments, strict=True):
        assert unit.id == item.unit_id
        held.setdefault(item.theme_id or "", set()).add(unit.text)
    return {theme: frozenset(texts) for theme, texts in held.items()}


def themes(analysis: Analysis) -> dict[str, Theme]:
    return {theme.id: theme for theme in analysis.themes}


@pytest.fixture(scope="module")
def mixed() -> Analysis:
    return run(said(REMARKS))


def test_defined_and_found_themes_stand_side_by_side(mixed: Analysis) -> None:
    found, held = themes(mixed), members(mixed)
    assert [found[one].status for one in (PARENT, SHIPPING, SUPPORT, PRIVACY)] == ["defined"] * 4
    assert (found[SHIPPING].name_zh, found[SHIPPING].name_en) == ("物流", "Delivery")
    assert found[SHIPPING].parent_id == found[SUPPORT].parent_id == PARENT
    assert found[PRIVACY].parent_id is None
    assert len(held[SHIPPING] & set(DELIVERY)) >= 0.8 * len(DELIVERY)
    assert not held[SHIPPING] & {*PRICE, *BATTERY}
    assert found[SHIPPING].keywords
    assert found[SHIPPING].exemplars
    others = [theme for theme in found.values() if theme.status == "found"]
    assert any(held.get(theme.id, frozenset()) & set(PRICE) for theme in others), "what is not defined is found"
    assert len(found) == len(mixed.themes), "no id twice"


def test_a_defined_theme_of_which_nothing_is_said_is_there(mixed: Analysis) -> None:
    empty = themes(mixed)[PRIVACY]
    assert PRIVACY not in members(mixed)
    assert (empty.keywords, empty.exemplars, empty.tentative) == ((), (), False)
    assert empty.name_en == "Privacy"


def test_no_found_theme_doubles_a_defined_one(mixed: Analysis) -> None:
    found, held = themes(mixed), members(mixed)
    for theme in found.values():
        if theme.status == "found":
            assert not held.get(theme.id, frozenset()) & set(DELIVERY)
    names = [theme.name_en.casefold() for theme in mixed.themes]
    assert len(set(names)) == len(names)


def test_the_order_of_rows_and_of_entries_has_no_effect(mixed: Analysis) -> None:
    verbatims = list(said(REMARKS))
    random.Random(3).shuffle(verbatims)
    other = run(tuple(verbatims), codebook=(CODEBOOK[0], CODEBOOK[3], CODEBOOK[2], CODEBOOK[1]))
    assert members(other) == members(mixed)
    for theme_id, theme in themes(mixed).items():
        again = themes(other)[theme_id]
        assert replace(again, centroid=theme.centroid) == theme
        assert np.allclose(again.centroid, theme.centroid, atol=1e-6)
    similar = {item.unit_id: item.similarity for item in mixed.assignments}
    assert {item.unit_id: item.similarity for item in other.assignments} == similar


def known_of(analysis: Analysis) -> Known:
    ids: dict[str, set[str]] = {}
    for item in analysis.assignments:
        if item.theme_id:
            ids.setdefault(item.theme_id, set()).add(item.unit_id)
    return Known(themes=analysis.themes, members={theme: frozenset(units) for theme, units in ids.items()})


def test_a_second_run_changes_nothing_and_keeps_found_ids(mixed: Analysis) -> None:
    again = run(said(REMARKS), known=known_of(mixed))
    assert members(again) == members(mixed)
    assert set(themes(again)) == set(themes(mixed))


def test_what_is_said_now_of_an_empty_theme_goes_there_and_the_rest_is_placed_as_before(mixed: Analysis) -> None:
    new = said(("My data was leaked again", "The delivery is slow", "价格太贵", "篱笆"))
    later = extend(
        tuple(replace(one, id=f"n{one.row}") for one in new),
        known_of(mixed),
        encoder=LexiconEncoder(),
        sentiment_model=Calm(),
        settings=SETTINGS,
        codebook=CODEBOOK,
    )
    where = {unit.text: item.theme_id for unit, item in zip(later.embedded.units, later.assignments, strict=True)}
    assert where["My data was leaked again"] == PRIVACY
    assert where["The delivery is slow"] == SHIPPING
    assert themes(mixed)[where["价格太贵"] or ""].status == "found"
    assert where["篱笆"] not in (PRIVACY, SHIPPING, SUPPORT, PARENT)


def test_an_entry_that_no_full_run_has_seen_waits(mixed: Analysis) -> None:
    fresh = make_entry(name_en="Rain", examples=["rain and snow"])
    later = extend(
        said(("rain and snow",)),
        known_of(mixed),
        encoder=LexiconEncoder(),
        sentiment_model=Calm(),
        settings=SETTINGS,
        codebook=(*CODEBOOK, fresh),
    )
    assert later.assignments[0].theme_id != fresh.theme


def test_an_adopted_theme_keeps_its_id_and_an_entry_taken_out_becomes_a_found_theme_again() -> None:
    first = run(said(REMARKS), codebook=())
    held = members(first)
    price = max(held, key=lambda theme: len(held[theme] & set(PRICE)))
    adopted = make_entry(name_zh="价格", name_en="Price", examples=sorted(held[price])[:5], theme_id=price)
    second = run(said(REMARKS), codebook=(adopted,), known=known_of(first))
    assert themes(second)[price].status == "defined"
    assert themes(second)[price].name_en == "Price"
    assert len(members(second)[price] & held[price]) >= 0.8 * len(held[price])
    third = run(said(REMARKS), codebook=(), known=known_of(second))
    assert themes(third)[price].status == "found"
    assert members(third)[price] & set(PRICE)


def test_deeper_entries_stand_below_their_topmost_one_and_a_heading_with_examples_has_a_general_theme() -> None:
    top = make_entry(name_zh="物流", name_en="Delivery", examples=["快递很慢", "slow delivery"])
    middle = make_entry(name_en="Couriers", examples=["rude courier"], parent=top.guid)
    low = make_entry(name_en="Courier calls", examples=["the courier never calls"], parent=middle.guid)
    defined = define((top, middle, low), LexiconEncoder())
    assert [heading.id for heading in defined.headings] == [top.theme]
    assert {leaf.id: leaf.parent_id for leaf in defined.leaves} == {
        f"{top.theme}-general": top.theme, middle.theme: top.theme, low.theme: top.theme
    }  # fmt: skip
    analysis = run(said(REMARKS), codebook=(top, middle, low))
    assert themes(analysis)[f"{top.theme}-general"].name_zh == "物流（总体）"
    assert members(analysis)[f"{top.theme}-general"] & set(DELIVERY)
    without = run(said(SERVICE), codebook=(top, middle, low))
    assert f"{top.theme}-general" not in themes(without), "it is only there for what says nothing more exact"
    assert {top.theme, middle.theme, low.theme} <= set(themes(without))


def test_a_codebook_of_headings_or_none_at_all_changes_nothing() -> None:
    plain = run(said(REMARKS), codebook=())
    headings = run(said(REMARKS), codebook=(AFTER,))
    assert members(plain) == members(headings)
    units = embedded(REMARKS)
    clustering = cluster(units, SETTINGS)
    assert place(units, clustering, define((), LexiconEncoder()), SETTINGS).clustering is clustering


def test_no_feedback_at_all_still_lists_the_codebook() -> None:
    nothing = run(())
    assert set(themes(nothing)) == {PARENT, SHIPPING, SUPPORT, PRIVACY}
    assert nothing.assignments == ()


@pytest.mark.parametrize(
    ("zh", "en", "names"),
    [
        ("客服", "", ("客服", "Customer service")),
        ("价格与优惠", "", ("价格与优惠", "Price and discount")),
        ("", "Delivery", ("配送", "Delivery")),
        ("自研模块甲乙丙", "", ("自研模块甲乙丙", "自研模块甲乙丙")),
        ("", "Zorblax", ("Zorblax", "Zorblax")),
        ("物流", "Shipping out", ("物流", "Shipping out")),
    ],
)
def test_the_missing_name_comes_from_the_glossary_or_not_at_all(zh: str, en: str, names: tuple[str, str]) -> None:
    assert in_both(make_entry(name_zh=zh, name_en=en), translator(LexiconEncoder())) == names


def test_a_sentence_is_not_translated() -> None:
    assert derive("第三方卖家投诉渠道建议与处理流程说明", wanted="en", translate=translator(LexiconEncoder())) is None

"""Counts: the quick ways give what the plain ways give, under any filters."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from sqlite_utils import Database

from app.store import counts, projects, themes, units, verbatims
from app.store.counts import Cut, Slice
from app.store.filters import NO_FILTERS, Filters
from app.store.splits import Split, splits
from tests.app.factories import DELIVERY, PRICE, SAID, SERVICE, STAFF, filled_project

FILTERS = (
    NO_FILTERS,
    Filters(sentiment="negative"),
    Filters(language="en"),
    Filters(customer_type="none"),
    Filters(segment="city:London"),
    Filters(since="2026-02-01", until="2026-03-02"),
)
THEMES = (SERVICE, DELIVERY, STAFF, PRICE, "none")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    filled_project(tmp_path)
    found = projects.open_project(tmp_path, "demo")
    yield found
    found.close()


@pytest.mark.parametrize("filters", FILTERS)
def test_a_theme_counts_what_its_list_holds(db: Database, filters: Filters) -> None:
    views, unthemed = themes.with_unthemed(db, filters)
    assert unthemed == themes.unthemed(db, filters)
    for view in (*views, unthemed):
        wanted = replace(filters, theme=view.id)
        assert view.units == units.list_views(db, wanted).total
        listed = verbatims.list_views(db, wanted)
        assert view.verbatims == listed.total
        assert view.customers == len({one.customer_id for one in listed.items if one.customer_id})
        for mood in ("negative", "neutral", "positive"):
            if filters.sentiment is None:
                assert getattr(view.sentiment, mood) == units.list_views(db, replace(wanted, sentiment=mood)).total


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("filters", FILTERS)
def test_who_speaks_of_a_theme_is_counted_as_cut_by_cut(db: Database, filters: Filters, theme: str) -> None:
    wanted = replace(filters, theme=theme)
    cuts: tuple[Cut, ...] = ("customer_type", "touchpoint", "source", "language")
    found = splits(db, wanted, cuts=cuts, attributes=("city", "channel"))
    assert [split.name for split in found] == [*cuts, "city", "channel"]
    for split in found:

        def cut(asked: Filters, split: Split = split) -> dict[str | None, Slice]:
            if split.is_attribute:
                return {part.value: part for part in counts.by_segment(db, asked, split.name)}
            return {part.value: part for part in counts.by_cut(db, asked, cast(Cut, split.name))}

        mine, whole = cut(wanted), cut(filters)
        assert {one.value: one.units for one in split.values} == {value: part.units for value, part in mine.items()}
        assert all(one.of == whole[one.value].units for one in split.values)
        assert all(one.negative == mine[one.value].sentiment.negative for one in split.values)


@pytest.mark.parametrize("attribute", ["city", "channel", "plan"])
def test_a_segment_keeps_what_its_count_says(db: Database, attribute: str) -> None:
    parts = counts.by_segment(db, NO_FILTERS, attribute)
    assert parts
    for part in parts:
        wanted = Filters(segment=f"{attribute}:{part.value or ''}")
        assert counts.totals(db, wanted).units == part.units


def test_what_has_none_can_be_asked_for(db: Database) -> None:
    whole = counts.totals(db, NO_FILTERS)
    assert counts.totals(db, Filters(customer="none")).verbatims == whole.unlinked
    without = sum(said.touchpoint is None for said in SAID)
    assert counts.totals(db, Filters(touchpoint="none")).verbatims == without
    scored = counts.response_scores(db, NO_FILTERS)
    assert counts.responses(db, Filters(scale="stars", score="3")) == sum(value == 3 for _, value, _, _ in scored) > 0


def test_names_need_no_counting(db: Database) -> None:
    assert themes.names(db, DELIVERY) == ("物流太慢", "Slow delivery")
    assert themes.names(db, "none") == ("未归主题", "Unthemed")

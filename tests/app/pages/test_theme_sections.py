from app.pages.themes import MOST_SMALL, ORDERS, sections, small_ones
from app.store.views import SentimentCounts, ThemeView


def theme(name: str, units: int, *, parent: str | None = None, is_parent: bool = False) -> ThemeView:
    return ThemeView(
        id=name,
        parent_id=parent,
        name_zh=name,
        name_en=name,
        keywords=(),
        exemplars=(),
        status="found",
        tentative=units < 15,
        is_parent=is_parent,
        units=units,
        verbatims=units,
        customers=0,
        share=0.0,
        sentiment=SentimentCounts(neutral=units),
        impact=None,
        trend=None,
        first_run=1,
        last_run=1,
    )


def test_parents_and_lone_themes_stand_in_one_order() -> None:
    shown = [
        theme("service", 50, is_parent=True),
        theme("staff", 30, parent="service"),
        theme("phone", 20, parent="service"),
        theme("delivery", 70),
        theme("price", 40),
        theme("taste", 35),
    ]
    found = sections(shown, order=ORDERS["volume"])
    assert [(one.parent and one.parent.id, [child.id for child in one.themes]) for one in found] == [
        (None, ["delivery"]),
        ("service", ["staff", "phone"]),
        (None, ["price", "taste"]),
    ]


def test_a_child_whose_parent_is_not_shown_stands_alone() -> None:
    found = sections([theme("staff", 30, parent="gone")], order=ORDERS["volume"])
    assert [(one.parent, [child.id for child in one.themes]) for one in found] == [(None, ["staff"])]


def test_many_small_lone_themes_are_folded_and_few_are_not() -> None:
    small = [theme(f"s{number}", 5) for number in range(MOST_SMALL + 1)]
    child = theme("child", 5, parent="p")
    large = theme("large", 100)
    assert set(small_ones([large, child, *small])) == set(small)
    assert small_ones([large, *small[:MOST_SMALL]]) == ()
    assert small_ones(small) == (), "a report of small themes only shows them"

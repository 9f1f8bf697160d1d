from hypothesis import given
from hypothesis import strategies as st

from app.pages.marks import pieces, searched_words
from app.store.views import UnitView

WORDS = st.text(alphabet="ab 好慢,。A", max_size=40)


def unit(start: int, end: int, text: str) -> UnitView:
    return UnitView(
        id=f"u{start}-{end}", verbatim_id="v", start=start, end=end, text=text[start:end], language="zh", theme_id=None,
        theme_zh=None, theme_en=None, similarity=0.5, sentiment="neutral", confidence=0.5,
    )  # fmt: skip


@given(WORDS, st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=6), st.lists(WORDS, max_size=3))
def test_pieces_are_the_text_and_nothing_else(text: str, spans: list[tuple[int, int]], words: list[str]) -> None:
    cut = pieces(text, [unit(*sorted(span), text=text) for span in spans], [word for word in words if word])
    assert "".join(piece.text for piece in cut) == text
    assert all(piece.text for piece in cut)


def test_pieces_carry_unit_and_hit() -> None:
    text = "物流太慢了，客服很好。"
    first, second = unit(0, 5, text), unit(6, 10, text)
    cut = pieces(text, [second, first], ["太慢"])
    assert [(piece.text, piece.unit, piece.found) for piece in cut] == [
        ("物流", first, False),
        ("太慢", first, True),
        ("了", first, False),
        ("，", None, False),
        ("客服很好", second, False),
        ("。", None, False),
    ]


def test_overlapping_units_leave_the_letters_to_the_earlier() -> None:
    text = "abcdef"
    cut = pieces(text, [unit(2, 6, text), unit(0, 4, text)])
    assert [(piece.text, piece.unit and piece.unit.start) for piece in cut] == [("abcd", 0), ("ef", 2)]


def test_searched_words_keep_phrases_together() -> None:
    assert searched_words('退款 "too late" !') == ("too late", "退款")
    assert searched_words(None) == ()


def test_case_does_not_matter() -> None:
    assert [piece.found for piece in pieces("Late", (), ["late"])] == [True]

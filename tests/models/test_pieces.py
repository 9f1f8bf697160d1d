from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.pieces import SPECIAL, Pieces, read_tokens, write_tokens
from models.tokens import MAX_CHARACTERS

TOKENS = [*SPECIAL, ".", ",", "!", "the", "room", "is", "not", "##s", "b", "##a", "##d", "客服", "房", "间", "很", "好"]
PIECES = Pieces(TOKENS)


def named(text: str, *, most: int = 40) -> list[str]:
    (rows,) = PIECES.rows([text], most=most)
    return [TOKENS[row] for row in rows]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("客服很好", ["客服", "很", "好"]),
        ("客服很好。", ["客服", "很", "好", "."]),
        ("房间，很好！", ["房", "间", ",", "很", "好", "!"]),
        ("The ROOMs bad", ["the", "room", "##s", "b", "##a", "##d"]),
        ("the room isn't 好", ["the", "room", "is", "not", "好"]),
        ("房間", ["房", "间"]),
        ("龘好", ["好"]),
        ("zzz", ["[UNK]"]),
        ("  ", []),
        ("好\n好", ["好", "好"]),
        ("好\ud800好", ["好", "好"]),
    ],
)
def test_words_signs_and_pieces_in_their_order(text: str, tokens: list[str]) -> None:
    assert named(text) == ["[CLS]", *tokens, "[SEP]"]


def test_of_what_is_too_long_both_ends_are_read() -> None:
    assert named("好。" * 50 + "很", most=5) == ["[CLS]", "好", ".", "很", "[SEP]"]
    assert named("bad the room", most=5) == ["[CLS]", "b", "the", "room", "[SEP]"]
    assert named("房 好 很", most=2) == ["[CLS]", "[SEP]"]
    assert len(named("好 " * MAX_CHARACTERS, most=10_000)) == MAX_CHARACTERS // 2 + 2


@given(st.lists(st.text(max_size=40), max_size=5), st.integers(2, 30))
@settings(deadline=None)
def test_any_text_has_rows_that_do_not_depend_on_the_others(texts: list[str], most: int) -> None:
    rows = PIECES.rows(texts, most=most)
    assert rows == [PIECES.rows([text], most=most)[0] for text in texts]
    for row in rows:
        assert (TOKENS[row[0]], TOKENS[row[-1]]) == ("[CLS]", "[SEP]")
        assert len(row) <= most
        assert all(0 <= number < len(PIECES) for number in row)


def test_tokens_are_read_back_as_written(tmp_path: Path) -> None:
    write_tokens(tmp_path / "tokens.txt", TOKENS)
    assert read_tokens(tmp_path / "tokens.txt") == TOKENS

from pipelines.casing import cased_words


def test_capitals_inside_sentences_tell_how_a_word_is_written() -> None:
    texts = ["I pair it with my Zephyr", "我的 Zephyr 很好用", "the Zephyr again", "open the cupboard"]
    assert cased_words(texts) == {"zephyr": "Zephyr"}


def test_the_start_of_a_sentence_and_shouting_tell_nothing() -> None:
    texts = ["Cupboard is full. Cupboard is empty", "THE CUPBOARD IS BROKEN AGAIN AND AGAIN", "YOUR CUPBOARD IS BAD"]
    assert cased_words(texts) == {}


def test_now_and_then_a_capital_is_not_enough() -> None:
    assert cased_words(["a Cupboard", "a Cupboard", "a cupboard", "the cupboard", "my cupboard"]) == {}

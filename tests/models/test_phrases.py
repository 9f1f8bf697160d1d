from benchmarks.sentiment import NEGATION, PLAIN, PLAIN_MORE
from models.training.opinions import LABELS
from models.training.phrases import written_phrases


def test_phrases_are_whole_and_of_both_languages() -> None:
    phrases = list(written_phrases())
    assert all("{" not in text and sentiment in LABELS for text, sentiment in phrases)
    for label in LABELS:
        texts = [text for text, sentiment in phrases if sentiment == label]
        assert sum(text.isascii() for text in texts) > 100
        assert sum(not text.isascii() for text in texts) > 100


def test_no_phrase_has_two_sentiments() -> None:
    assert len({text for text, _ in written_phrases()}) == len(set(written_phrases()))


def test_the_benchmark_asks_for_nothing_learnt_by_heart() -> None:
    learnt = {text for text, _ in written_phrases()}
    assert not learnt & {text for text, _ in NEGATION}
    assert not learnt & {*PLAIN, *PLAIN_MORE}
    assert (len(PLAIN), len(PLAIN_MORE)) == (20, 40)

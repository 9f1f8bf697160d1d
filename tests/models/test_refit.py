from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.sentiment.refit import (
    Head,
    Judged,
    RefittedSentiment,
    cross_validated,
    digest,
    from_bytes,
    refit,
    to_bytes,
)

NEGATIVE, NEUTRAL, POSITIVE = range(3)
SLANG = [
    f"{what}真{end}" for what in ("画质", "屏幕", "手感", "音效", "剧情") for end in ("顶", "顶呀", "顶了", "顶啊")
]
PLAIN = [
    f"{when}到的{what}" for when in ("昨天", "今天", "周一", "上周") for what in ("包裹", "快递", "货", "信", "票")
]


class Fixed:
    """A sentiment model and an encoder in one: it calls everything neutral, and vectors follow the letters alone."""

    name = "fixed-1"
    dim = 8

    def predict(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.tile(np.array([[0.2, 0.6, 0.2]], dtype=np.float32), (len(texts), 1))

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.array([[sum(map(ord, text)) % (axis + 7) + 1 for axis in range(self.dim)] for text in texts])
        found: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return found


def judged(*, anchors: Sequence[str] = ()) -> Judged:
    """Half of the slang is praise that the model calls neutral, half of the plain statements are neutral as it says."""
    texts = (*SLANG[:10], *PLAIN[:10])
    return Judged(texts=texts, labels=(POSITIVE,) * 10 + (NEUTRAL,) * 10, anchors=tuple(anchors))


def fitted(found: Judged) -> RefittedSentiment:
    model = Fixed()
    return RefittedSentiment(base=model, encoder=model, head=refit(found, base=model, encoder=model))


def test_it_learns_what_was_corrected_and_leaves_the_rest() -> None:
    model = fitted(judged(anchors=PLAIN[10:15]))
    assert (model.predict(SLANG[10:]).argmax(axis=1) == POSITIVE).mean() > 0.8
    assert (model.predict(PLAIN[15:]).argmax(axis=1) == NEUTRAL).all()


def test_few_corrections_change_little() -> None:
    one = fitted(Judged(texts=("画质真顶",), labels=(POSITIVE,), anchors=tuple(PLAIN)))
    before = Fixed().predict(["物流很快"])
    assert one.predict(["物流很快"]) == pytest.approx(before, abs=0.05)
    assert one.predict(["画质真顶"])[0, POSITIVE] > before[0, POSITIVE] + 0.1


def test_corrections_of_errors_alone_do_not_make_everything_an_error() -> None:
    # Someone corrects only what is wrong: the anchors speak for all that was right and passed over.
    wrong = Judged(texts=tuple(SLANG[:10]), labels=(POSITIVE,) * 10)
    guarded = Judged(texts=wrong.texts, labels=wrong.labels, anchors=tuple(PLAIN[:10]))
    lost = fitted(wrong).predict(PLAIN[10:])[:, NEUTRAL].mean()
    kept = fitted(guarded).predict(PLAIN[10:])[:, NEUTRAL].mean()
    assert kept > lost + 0.05
    assert kept == pytest.approx(0.6, abs=0.1)


def test_the_same_judgements_in_any_order_give_the_same_bytes() -> None:
    found, model = judged(anchors=PLAIN[10:]), Fixed()
    turned = Judged(texts=found.texts[::-1], labels=found.labels[::-1], anchors=found.anchors[::-1])
    first, second = (to_bytes(refit(one, base=model, encoder=model)) for one in (found, turned))
    assert first == second
    assert fitted(found).name == fitted(turned).name
    assert fitted(found).name.startswith("fixed-1+refit-")


def test_cross_validation_answers_each_text_in_its_place() -> None:
    found, model = judged(anchors=PLAIN[10:]), Fixed()
    rows = cross_validated(found, base=model, encoder=model)
    turned = Judged(texts=found.texts[::-1], labels=found.labels[::-1], anchors=found.anchors)
    assert rows.shape == (20, 3)
    assert rows.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert np.array_equal(cross_validated(turned, base=model, encoder=model)[::-1], rows)
    assert (rows[10:].argmax(axis=1) == NEUTRAL).all()


def test_a_text_does_not_teach_its_own_answer() -> None:
    # One odd text among neutral ones: a head that saw it says so, one that did not cannot know.
    odd = Judged(texts=("qwzx qwzx", *PLAIN), labels=(NEGATIVE, *[NEUTRAL] * len(PLAIN)))
    model = Fixed()
    assert fitted(odd).predict(["qwzx qwzx"])[0, NEGATIVE] > 0.4
    assert cross_validated(odd, base=model, encoder=model)[0, NEGATIVE] < 0.3


def test_near_copies_stand_in_the_same_part() -> None:
    # The answer to a text must not come from its own near copy either.
    copies = Judged(
        texts=("qwzx qwzx qwzx qwzx", "Qwzx qwzx, qwzx qwzx!", *PLAIN), labels=(NEGATIVE,) * 2 + (NEUTRAL,) * len(PLAIN)
    )
    model = Fixed()
    assert (cross_validated(copies, base=model, encoder=model)[:2, NEGATIVE] < 0.3).all()


def test_stored_weights_come_back_the_same() -> None:
    model = Fixed()
    head = refit(judged(anchors=PLAIN[10:]), base=model, encoder=model)
    blob = to_bytes(head)
    back = from_bytes(blob, base="fixed-1", encoder="fixed-1", sha256=digest(blob))
    assert to_bytes(back) == blob
    texts = [*SLANG, *PLAIN]
    first, second = (RefittedSentiment(base=model, encoder=model, head=one).predict(texts) for one in (head, back))
    assert np.array_equal(first, second)


def test_damaged_weights_are_refused() -> None:
    model = Fixed()
    blob = to_bytes(refit(judged(), base=model, encoder=model))
    damaged = blob[:-1] + bytes([blob[-1] ^ 1])
    with pytest.raises(ValueError, match=r"SHA-256 .* was stored: re-fit again"):
        from_bytes(damaged, base="fixed-1", encoder="fixed-1", sha256=digest(blob))


def test_a_head_refuses_other_models() -> None:
    model = Fixed()
    head = refit(judged(), base=model, encoder=model)
    other = Head(
        base="another-1", encoder="fixed-1", bias=head.bias, logs=head.logs, vectors=head.vectors,
        buckets=head.buckets, ngrams=head.ngrams,
    )  # fmt: skip
    with pytest.raises(ValueError, match=r"fitted to another-1 .* re-fit it"):
        RefittedSentiment(base=model, encoder=model, head=other)


def test_nothing_judged_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing was judged"):
        refit(Judged(texts=(), labels=()), base=Fixed(), encoder=Fixed())


@given(st.lists(st.text(max_size=12), min_size=1, max_size=8, unique=True), st.integers(0, 2))
@settings(deadline=None, max_examples=25)
def test_any_texts_give_probabilities_that_do_not_depend_on_the_batch(texts: list[str], label: int) -> None:
    model = fitted(Judged(texts=tuple(texts), labels=(label,) * len(texts)))
    rows = model.predict(texts)
    assert rows.dtype == np.float32
    assert rows.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert np.concatenate([model.predict([text]) for text in texts]) == pytest.approx(rows, abs=1e-6)
    assert model.predict([]).shape == (0, 3)

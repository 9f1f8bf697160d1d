from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipelines.translations import common_words, translator
from tests.pipelines.theme_factories import LexiconEncoder

DIM = 64
PAIRED = (("齿轮", "gears"), ("围栏", "fences"), ("琴弦", "strings"))
FILLER = 30


class PairedEncoder:
    """A tiny bilingual encoder: paired words share a direction, one English word is near to everything."""

    name = "paired"
    dim = DIM

    def __init__(self) -> None:
        rng = np.random.default_rng(3)
        basis = np.linalg.qr(rng.standard_normal((DIM, DIM)))[0].astype(np.float32)
        hub = basis[0]
        self.known: dict[str, NDArray[np.float32]] = {"hub": hub}
        for place, (zh, en) in enumerate(PAIRED, start=1):
            self.known[zh] = unit(basis[place] + 0.9 * hub)
            self.known[en] = unit(basis[place] + 0.1 * basis[40 + place])
        for place in range(FILLER):
            self.known[f"fill{'abcdefghijklmnopqrstuvwxyzABCDEF'[place].lower()}{place % 7 * 'o'}"] = unit(
                basis[10 + place % 25] + 0.01 * rng.standard_normal(DIM).astype(np.float32)
            )
        self.chinese = ("门窗", "山坡", "河岸", "树林", "草地", "石头", "木板", "铁链", "布匹", "陶罐", "书架", "灯笼")
        for place, word in enumerate(self.chinese):
            self.known[word] = unit(basis[20 + place] + 0.9 * hub)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self.known.get(text, unit(np.ones(DIM, dtype=np.float32))) for text in texts])

    def words(self, language: Literal["zh", "en"]) -> tuple[tuple[str, ...], NDArray[np.float32]]:
        chosen = tuple(word for word in self.known if word.isascii() is (language == "en"))
        return chosen, self.encode(chosen)

    def counts(self, language: Literal["zh", "en"]) -> NDArray[np.int64]:
        return np.full(len(self.words(language)[0]), 100, dtype=np.int64)


def unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def test_a_word_near_to_everything_translates_nothing() -> None:
    encoder = PairedEncoder()
    near = encoder.encode(["hub", "gears"]) @ encoder.encode(["齿轮"])[0]
    assert near[0] > 0.6
    assert translator(encoder)("齿轮", "en", ()) == "gears"


class AmbiguousEncoder(PairedEncoder):
    """The same encoder with one English word of two meanings: 轮轴 is a little nearer to it than 车轴."""

    def __init__(self) -> None:
        super().__init__()
        basis = np.eye(DIM, dtype=np.float32)
        gears = self.known["gears"]
        apart = [unit(row - (row @ gears) * gears) for row in basis[:2]]
        self.known["轮轴"] = unit(gears + 0.5 * apart[0])
        self.known["车轴"] = unit(gears + 0.6 * apart[1])
        self.turned = apart[1]


def test_the_centre_of_a_theme_chooses_between_two_meanings() -> None:
    encoder = AmbiguousEncoder()
    translate = translator(encoder)
    first = translate("gears", "zh", ())
    assert first in ("轮轴", "车轴", "齿轮")
    assert first == translate("gears", "zh", (), encoder.encode(["gears"])[0])
    assert translate("gears", "zh", (), unit(encoder.encode(["gears"])[0] + encoder.turned)) == "车轴"
    assert first != "车轴"


def test_a_word_without_a_clear_partner_stays_untranslated() -> None:
    assert translator(PairedEncoder())("nobody knows this", "zh", ()) is None


def test_an_encoder_without_words_translates_only_by_parts() -> None:
    translate = translator(LexiconEncoder())
    assert translate("水箱盖子", "en", ()) == "water tank lid"
    assert translate("齿轮", "en", ()) is None
    assert common_words(LexiconEncoder()) == frozenset()


def test_frequent_english_words_are_no_brands() -> None:
    assert {"gears", "strings"} <= common_words(PairedEncoder())


class CoarseEncoder(PairedEncoder):
    """The same encoder, which also knows a coarse word that is nearer than the right one."""

    def __init__(self) -> None:
        super().__init__()
        self.known["ass"] = unit(self.known["齿轮"] - 0.6 * self.known["hub"])


def test_coarse_words_are_no_translations() -> None:
    assert translator(CoarseEncoder())("齿轮", "en", ()) == "gears"


def test_a_noun_is_translated_by_no_word_for_a_deed() -> None:
    encoder = PairedEncoder()
    gear = encoder.known["gears"]
    encoder.known["gearwheeled"] = unit(gear + 0.3 * encoder.known["齿轮"])
    near = encoder.encode(["gearwheeled", "gears"]) @ encoder.encode(["齿轮"])[0]
    assert near[0] > near[1]
    assert translator(encoder)("齿轮", "en", ()) == "gears"

from dataclasses import replace

import numpy as np

from models.embedding import load_encoder
from pipelines.emerging import emerging
from pipelines.records import EmbeddedUnits, Emerging, OpinionUnit
from pipelines.settings import AnalysisSettings

ALIKE = (
    "早餐的豆浆是馊的",
    "早餐太单一，天天白粥",
    "早餐七点半就没吃的了",
    "早餐面包又干又硬",
    "breakfast was cold and boring",
    "breakfast had no fruit at all",
    "breakfast eggs were cold",
)
ALONE = ("my cat is called Momo", "今天天气不错", "see you on Tuesday")


def waiting(texts: tuple[str, ...]) -> EmbeddedUnits:
    units = tuple(
        OpinionUnit(
            id=f"u{text}", verbatim_id=f"v{text}", start=0, end=len(text), text=text, shadow=text,
            language="en" if text.isascii() else "zh",
        )
        for text in texts
    )  # fmt: skip
    return EmbeddedUnits(units=units, vectors=load_encoder().encode(texts))


def found(texts: tuple[str, ...], *, fresh: tuple[str, ...]) -> tuple[Emerging, ...]:
    return emerging(
        waiting(texts),
        frozenset(f"u{text}" for text in fresh),
        taken=[],
        encoder=load_encoder(),
        settings=AnalysisSettings(),
    )


def test_alike_units_of_both_languages_are_one_proposal_in_any_order() -> None:
    (one,) = found(ALIKE + ALONE, fresh=ALIKE + ALONE)
    said = {unit_id.removeprefix("u") for unit_id in one.unit_ids}
    assert len(said & set(ALIKE)) >= 5
    # Among ten texts one may stray.
    assert len(said - set(ALIKE)) <= 1
    assert set(one.exemplars) <= set(one.unit_ids)
    assert found(tuple(reversed(ALIKE + ALONE)), fresh=ALIKE + ALONE) == (one,)


def test_what_the_last_full_run_left_over_is_not_news() -> None:
    assert found(ALIKE + ALONE, fresh=()) == ()
    (one,) = found(ALIKE + ALONE, fresh=ALIKE[:4])
    assert 3 <= one.fresh <= 4


def test_one_text_copied_many_times_is_no_theme() -> None:
    copies = waiting((ALIKE[0],) * 12)
    units = tuple(replace(unit, id=f"u{n}") for n, unit in enumerate(copies.units))
    asked = EmbeddedUnits(units=units, vectors=np.ascontiguousarray(copies.vectors))
    fresh = frozenset(unit.id for unit in units)
    assert emerging(asked, fresh, taken=[], encoder=load_encoder(), settings=AnalysisSettings()) == ()


def test_nothing_waits() -> None:
    none = EmbeddedUnits(units=(), vectors=np.zeros((0, 256), dtype=np.float32))
    assert emerging(none, frozenset(), taken=[], encoder=load_encoder(), settings=AnalysisSettings()) == ()

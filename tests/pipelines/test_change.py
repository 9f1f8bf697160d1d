"""The decomposition adds up whatever was said, calls noise noise, and finds what was put in."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.change import Decomposition, Said, decompose

Entry = tuple[int, int, int, int]


def said(entries: list[Entry]) -> Said:
    """Return a period from (speaker, theme, units, negative units)."""
    columns = list(zip(*entries, strict=True)) or [()] * 4
    return Said(
        speaker=np.array(columns[0], dtype=np.int64),
        theme=np.array(columns[1], dtype=np.int64),
        weight=np.array(columns[2], dtype=np.float64),
        value=np.array(columns[3], dtype=np.float64),
    )


def spoken(shares: list[float], rates: list[float], *, speakers: int, seed: int) -> Said:
    """Draw a period: each speaker says one to three units, each of a theme drawn by its share."""
    rng = np.random.default_rng(seed)
    cells: dict[tuple[int, int], list[int]] = {}
    for speaker in range(speakers):
        for theme in rng.choice(len(shares), size=rng.integers(1, 4), p=shares):
            cell = cells.setdefault((speaker, int(theme)), [0, 0])
            cell[0] += 1
            cell[1] += int(rng.random() < rates[theme])
    return said([(*key, *cell) for key, cell in cells.items()])


def found(before: Said, after: Said, *, themes: int) -> Decomposition:
    result = decompose(before, after, themes=themes)
    assert result is not None
    return result


periods = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 4), st.integers(1, 5), st.integers(0, 5)).map(
        lambda one: (one[0], one[1], one[2], min(one[2], one[3]))
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda one: one[:2],
)


@given(before=periods, after=periods)
@settings(deadline=None)
def test_it_adds_up_whatever_was_said(before: list[Entry], after: list[Entry]) -> None:
    result = found(said(before), said(after), themes=5)
    rates = [sum(one[3] for one in entries) / sum(one[2] for one in entries) for entries in (before, after)]
    assert (result.before, result.after) == pytest.approx(rates)
    assert result.change.value == pytest.approx(rates[1] - rates[0])
    assert result.volume.value + result.sentiment.value == pytest.approx(result.change.value)
    assert sum(part.volume for part in result.parts) == pytest.approx(result.volume.value)
    assert sum(part.sentiment for part in result.parts) == pytest.approx(result.sentiment.value)
    assert sum(part.share_after for part in result.parts) == pytest.approx(1)
    for part in result.parts:
        assert part.volume + part.sentiment == pytest.approx(part.total.value)
        assert part.total.low <= part.total.value <= part.total.high
    assert {part.theme for part in result.parts} == {one[1] for one in (*before, *after)}


@given(before=periods, after=periods, data=st.data())
@settings(deadline=None)
def test_the_order_of_rows_says_nothing(before: list[Entry], after: list[Entry], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(after))
    one = found(said(before), said(after), themes=5)
    other = found(said(before), said(shuffled), themes=5)
    totals = [{part.theme: part.total.value for part in result.parts} for result in (one, other)]
    assert totals[0] == pytest.approx(totals[1])


def counted(*themes: tuple[int, int]) -> Said:
    """Return a period of one unit per speaker from (units, negative units) of each theme."""
    labels = [(theme, int(at < negative)) for theme, (units, negative) in enumerate(themes) for at in range(units)]
    return said([(speaker, theme, 1, label) for speaker, (theme, label) in enumerate(labels)])


def test_more_of_a_bad_theme_is_volume_and_a_worse_theme_is_sentiment() -> None:
    moved = found(counted((50, 10), (50, 40)), counted((25, 5), (75, 60)), themes=2)
    assert moved.sentiment.value == pytest.approx(0)
    assert moved.volume.value == pytest.approx(0.15)
    felt = found(counted((50, 10), (50, 20)), counted((50, 10), (50, 40)), themes=2)
    assert felt.volume.value == pytest.approx(0)
    assert felt.sentiment.value == pytest.approx(0.2)
    assert [(part.theme, round(part.sentiment, 6)) for part in felt.parts] == [(1, 0.2), (0, 0.0)]


def test_a_kinder_theme_that_grows_lowers_the_rate() -> None:
    before = said([(n, n % 2, 1, n % 2) for n in range(40)])
    after = said([(n, int(n % 4 == 0), 1, int(n % 4 == 0)) for n in range(40)])
    parts = {part.theme: part for part in found(before, after, themes=2).parts}
    assert parts[0].share_after > parts[0].share_before
    assert parts[0].volume < 0


def test_a_theme_that_is_new_is_all_volume() -> None:
    before = said([(n, 0, 1, 0) for n in range(20)])
    after = said([(n, n % 2, 1, n % 2) for n in range(20)])
    new = next(part for part in found(before, after, themes=2).parts if part.theme == 1)
    assert (new.rate_before, new.rate_after, new.sentiment) == (None, 1.0, 0.0)
    assert new.volume > 0


def test_silence_is_no_change() -> None:
    assert decompose(said([]), said([(1, 0, 1, 1)]), themes=1) is None
    assert decompose(said([(1, 0, 1, 1)]), said([]), themes=1) is None


def test_few_speakers_get_no_verdict() -> None:
    result = found(said([(n, 0, 1, 0) for n in range(9)]), said([(n, 0, 1, 1) for n in range(9)]), themes=1)
    assert result.sure is None
    few = said([(n, int(n == 0), 1, 0) for n in range(60)])
    rare = next(part for part in found(few, few, themes=2).parts if part.theme == 1)
    assert (rare.sure, rare.moved) == (None, None)


def test_one_speaker_is_one_however_long() -> None:
    """Ten units of one speaker are no ten witnesses: the interval of talkative speakers is as wide as of terse ones."""
    terse = [said([(n, 0, 1, int(n % 10 < share)) for n in range(100)]) for share in (3, 5)]
    talkative = [said([(n, 0, 10, 10 * int(n % 10 < share)) for n in range(100)]) for share in (3, 5)]
    widths = []
    for before, after in (terse, talkative):
        change = found(before, after, themes=1).change
        widths.append(change.high - change.low)
    assert widths[0] == pytest.approx(widths[1])


def test_intervals_hold_the_truth_and_noise_is_called_noise() -> None:
    shares, rates = [0.4, 0.3, 0.2, 0.1], [0.2, 0.5, 0.3, 0.8]
    held = alarms = judged = 0
    for seed in range(120):
        result = found(
            spoken(shares, rates, speakers=150, seed=2 * seed), spoken(shares, rates, speakers=150, seed=2 * seed + 1),
            themes=4,
        )  # fmt: skip
        held += sum(
            effect.low <= 0 <= effect.high
            for effect in (result.change, result.volume, result.sentiment, *(part.total for part in result.parts))
        )
        judged += 1
        alarms += any(part.sure for part in result.parts)
    assert held / (7 * judged) == pytest.approx(0.95, abs=0.03)
    assert alarms / judged < 0.1


def test_what_was_put_in_is_found() -> None:
    before = spoken([0.4, 0.4, 0.2], [0.2, 0.5, 0.3], speakers=800, seed=1)
    after = spoken([0.4, 0.4, 0.2], [0.2, 0.5, 0.7], speakers=800, seed=2)
    result = found(before, after, themes=3)
    assert result.parts[0].theme == 2
    assert [part.sure for part in result.parts] == [True, False, False]
    assert result.parts[0].total.value == pytest.approx(0.08, abs=0.03)
    assert not any(part.moved for part in result.parts)

import itertools
import math
import random

import pytest

from pipelines.control_limits import MINIMUM_UNITS, control_limits, worth_drawing


def test_limits_need_enough_periods_and_say_when_they_are_provisional() -> None:
    assert control_limits([3] * 7) == ()
    assert control_limits([3] * 8)[0].provisional
    assert not control_limits([3] * 20)[0].provisional


def test_a_burst_is_outside_the_limits() -> None:
    limits = control_limits([2, 3, 1, 2, 2, 3, 2, 14, 2, 1])
    assert [limit.outside for limit in limits].index("above") == 7
    assert sum(limit.outside is not None for limit in limits) == 1


def test_a_busy_week_is_no_burst_when_everything_grew() -> None:
    counts, totals = [5, 5, 5, 5, 5, 5, 5, 25], [50] * 7 + [250]
    assert control_limits(counts)[-1].outside == "above"
    assert control_limits(counts, totals)[-1].outside is None


def test_an_empty_theme_and_an_empty_week_have_limits() -> None:
    assert all(limit.outside is None for limit in control_limits([0] * 9, [5] * 8 + [0]))
    with pytest.raises(ValueError, match="one of each"):
        control_limits([1] * 9, [1])


@pytest.mark.parametrize(("mean", "low", "high"), [(4, 0, 11), (25, 11, 41)])
def test_limits_are_the_exact_poisson_quantiles(mean: int, low: int, high: int) -> None:
    # Summed by hand from e^-m m^k / k!: the first k whose cumulative chance passes 0.00135 and 0.99865.
    chances = [math.exp(-mean) * mean**k / math.factorial(k) for k in range(80)]
    cumulative = list(itertools.accumulate(chances))
    assert next(k for k, chance in enumerate(cumulative) if chance > 0.00135) == low
    assert next(k for k, chance in enumerate(cumulative) if chance >= 0.99865) == high
    assert {(limit.low, limit.high) for limit in control_limits([mean] * 8)} == {(low, high)}


def test_more_units_than_verbatims_is_no_error() -> None:
    assert len(control_limits([9] * 8, [3] * 8)) == 8


def poisson(mean: float, draw: random.Random) -> int:
    """Draw a Poisson count (Knuth's way)."""
    count, product, floor = 0, draw.random(), math.exp(-mean)
    while product > floor:
        count += 1
        product *= draw.random()
    return count


def test_chance_is_seldom_outside() -> None:
    draw = random.Random(3)
    outside = runs = points = 0
    for _ in range(150):
        limits = control_limits([poisson(9, draw) for _ in range(40)])
        outside += sum(limit.outside is not None for limit in limits)
        runs += any(limit.run for limit in limits)
        points += len(limits)
    assert outside / points < 0.004
    assert runs / 150 < 0.4


def test_counts_that_jump_about_more_than_chance_get_wider_limits() -> None:
    """Laney: a thousand reviews a week that vary by a fifth are no thirty alarms a year."""
    draw = random.Random(5)
    totals = [4000] * 40
    counts = [round(1000 * draw.uniform(0.8, 1.2)) for _ in totals]
    limits = control_limits(counts, totals)
    assert limits[0].wider > 2
    assert sum(limit.outside is not None for limit in limits) == 0
    counts[20] = 2500
    assert [at for at, limit in enumerate(control_limits(counts, totals)) if limit.outside] == [20]


def test_limits_are_never_closer_than_chance() -> None:
    even = control_limits([25] * 12)
    assert {limit.wider for limit in even} == {1.0}
    assert even[0].low < 25 < even[0].high


def test_a_shift_is_a_run() -> None:
    counts = [20, 19, 21, 20, 18, 22, 19, 20, 27, 26, 28, 27, 26, 27, 28, 26]
    limits = control_limits(counts)
    assert [limit.run for limit in limits] == ["below"] * 8 + ["above"] * 8
    assert not any(limit.run for limit in control_limits([2, 1, 2, 1, 2, 1, 2, 1, 3, 4, 3, 4, 3, 4, 3, 4]))


def test_few_periods_or_few_opinions_have_no_course() -> None:
    assert not worth_drawing([40, 50, 60])
    assert not worth_drawing([1] * 20)
    assert worth_drawing([MINIMUM_UNITS // 8 + 1] * 8)

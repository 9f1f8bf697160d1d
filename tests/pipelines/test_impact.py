import numpy as np
import pytest
from numpy.typing import NDArray

from pipelines.impact import score_impact


def survey(
    n_theme: int, n_other: int, *, theme_score: float = 2, other_score: float = 10
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    scores = np.array([theme_score] * n_theme + [other_score] * n_other, dtype=np.float64)
    return scores, np.arange(len(scores)) < n_theme


def test_a_theme_of_detractors_pulls_the_score_down() -> None:
    scores, theme = survey(20, 60)
    impact = score_impact(scores, theme, scale="nps", seed=1)
    # 75 % promoters and 25 % detractors: 50 points; without the theme 100.
    assert (impact.overall, impact.without, impact.value) == (50, 100, -50)
    assert impact.low < -50 < impact.high < 0
    assert (impact.n, impact.n_theme) == (80, 20)


def test_too_few_on_either_side_is_no_number() -> None:
    assert score_impact(*survey(9, 90), scale="nps", seed=1) is None
    assert score_impact(*survey(90, 9), scale="nps", seed=1) is None
    assert score_impact(*survey(3, 9), scale="nps", seed=1, minimum=3) is not None


def test_scales_have_their_own_points() -> None:
    scores, theme = survey(10, 10, theme_score=20, other_score=50)
    assert score_impact(scores, theme, scale="stars", seed=1).value == pytest.approx(-15)
    assert score_impact(scores, theme, scale="csat", scale_low=10, scale_high=50, seed=1).value == pytest.approx(-50)


def test_the_same_seed_and_any_order_give_the_same_interval() -> None:
    rng = np.random.default_rng(5)
    scores = rng.integers(0, 11, 200).astype(np.float64)
    theme = rng.random(200) < 0.3
    order = rng.permutation(200)
    assert score_impact(scores, theme, scale="nps", seed=7) == score_impact(
        scores[order], theme[order], scale="nps", seed=7
    )


def test_the_interval_covers_no_effect_about_as_often_as_it_says() -> None:
    covered = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        scores = rng.choice([3.0, 8.0, 10.0], 150)
        theme = rng.random(150) < 0.3
        impact = score_impact(scores, theme, scale="nps", seed=seed)
        covered += impact.low <= 0 <= impact.high
    assert covered >= 180


def test_missing_scores_are_left_out_and_unequal_lengths_refused() -> None:
    scores, theme = survey(10, 12)
    scores[-1] = np.nan
    assert score_impact(scores, theme, scale="nps", seed=1).n == 21
    with pytest.raises(ValueError, match="one of each"):
        score_impact(scores, theme[:-1], scale="nps", seed=1)

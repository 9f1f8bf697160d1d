import time

import numpy as np
import pytest

from pipelines.assign import assign, reaches
from pipelines.cluster import cluster
from pipelines.name import name_themes
from pipelines.records import EmbeddedUnits, Theme
from pipelines.settings import AnalysisSettings
from tests.pipelines.theme_factories import DELIVERY, REMARKS, LexiconEncoder, a_unit, embedded

SETTINGS = AnalysisSettings()


@pytest.fixture(scope="module")
def themes() -> tuple[Theme, ...]:
    everything = embedded(REMARKS)
    return name_themes(everything, cluster(everything, SETTINGS), encoder=LexiconEncoder(), settings=SETTINGS)[0]


def test_new_units_join_the_theme_they_are_about_in_either_language(themes: tuple[Theme, ...]) -> None:
    found = assign(embedded(["派送太慢", "slow courier delivery", DELIVERY[0]]), themes, SETTINGS)
    assert len({item.theme_id for item in found}) == 1
    assert found[0].theme_id is not None
    assert all(item.similarity >= SETTINGS.assign_similarity for item in found)


def test_what_fits_none_is_unthemed_with_its_similarity_stated(themes: tuple[Theme, ...]) -> None:
    (found,) = assign(embedded(["潜水艇的舷窗结霜"]), themes, SETTINGS)
    assert found.theme_id is None
    assert -1.0 <= found.similarity < SETTINGS.assign_similarity


def test_parents_get_no_units_of_their_own() -> None:
    centre = embedded(["物流慢"]).vectors[0]
    leaf = Theme(id="t_1", parent_id="p_1", name_zh="a", name_en="a", keywords=(), exemplars=(), centroid=centre)
    parent = Theme(id="p_1", parent_id=None, name_zh="b", name_en="b", keywords=(), exemplars=(), centroid=centre)
    (found,) = assign(embedded(["物流慢"]), (parent, leaf), SETTINGS)
    assert found.theme_id == "t_1"


def test_no_themes_and_no_units_are_no_error(themes: tuple[Theme, ...]) -> None:
    assert assign(embedded([]), themes, SETTINGS) == ()
    assert assign(embedded(["物流慢"]), (), SETTINGS)[0].theme_id is None


def test_a_thousand_units_take_less_than_a_second(themes: tuple[Theme, ...]) -> None:
    units = tuple(a_unit("物流慢", number) for number in range(5_000))
    vectors = np.repeat(embedded(["物流慢"]).vectors, len(units), axis=0)
    started = time.perf_counter()
    assert len(assign(EmbeddedUnits(units=units, vectors=vectors), themes, SETTINGS)) == 5_000
    assert time.perf_counter() - started < 5.0


def test_a_narrow_theme_reaches_less_far_than_a_broad_one() -> None:
    narrow, broad = [0.7, 0.75, 0.8, 0.85] * 10, [0.2, 0.3, 0.4, 0.5] * 10
    reach = reaches({"narrow": narrow, "broad": broad}, SETTINGS)
    assert reach["broad"] == SETTINGS.assign_least
    assert SETTINGS.assign_similarity < reach["narrow"] <= SETTINGS.assign_most


def test_few_units_say_little_of_a_themes_reach() -> None:
    few, many = (reaches({"t": [0.55] * count}, SETTINGS)["t"] for count in (3, 300))
    assert SETTINGS.assign_similarity < few < 0.4
    assert many == pytest.approx(0.54, abs=0.01)
    assert reaches({"t": []}, SETTINGS) == {}


def test_what_lies_beyond_a_themes_reach_waits_and_nearer_units_do_not() -> None:
    # Cosines .9, .5 and .28 to the one centre.
    vectors = np.array([[c, (1 - c * c) ** 0.5] for c in (0.9, 0.5, 0.28)], dtype=np.float32)
    centre = np.array([1.0, 0.0], dtype=np.float32)
    theme = Theme(id="t_1", parent_id=None, name_zh="a", name_en="a", keywords=(), exemplars=(), centroid=centre)
    asked = EmbeddedUnits(units=tuple(a_unit("物流慢", number) for number in range(3)), vectors=vectors)

    def placed(reach: dict[str, float]) -> list[bool]:
        return [item.theme_id is not None for item in assign(asked, (theme,), SETTINGS, reach=reach)]

    assert placed({}) == [True, True, False]
    assert placed({"t_1": 0.6}) == [True, False, False]
    assert placed({"t_1": 0.25, "another": 0.9}) == [True, True, True]

import pytest

from pipelines.settings import AnalysisSettings


def test_settings_survive_json() -> None:
    settings = AnalysisSettings(seed=7, resolutions=(0.5, 2.0))
    assert AnalysisSettings.from_json(settings.to_json()) == settings
    assert AnalysisSettings.from_json('{"seed": 7}') == AnalysisSettings(seed=7)


def test_an_unknown_setting_is_named() -> None:
    with pytest.raises(ValueError, match=r"no setting is called sead; known settings: .*seed"):
        AnalysisSettings.from_json({"sead": 1})


@pytest.mark.parametrize("name", ["neighbours", "sample_size", "exemplars"])
def test_a_number_that_makes_no_sense_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        AnalysisSettings.from_json({name: 0})


def test_an_empty_grid_is_refused() -> None:
    with pytest.raises(ValueError, match="resolutions"):
        AnalysisSettings(resolutions=())

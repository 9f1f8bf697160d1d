"""Analyses over a project: what stays, what is placed, what fails in words."""

from importlib.resources import files

import pytest
from sqlite_utils import Database

from app.database import connect, write
from app.errors import BadRequest, Unusable
from app.settings import Settings
from app.store import counts, edits, projects, runs, sources, themes, units, verbatims
from app.store.filters import NO_FILTERS, Filters
from app.tasks import add_items, analyse_project, edit_split, edit_themes, extend_project, ingest_file
from app.tasks.analyse import recorded_versions
from app.tasks.edit_themes import Changes, Editor, Name
from pipelines.records import Answer, SurveyResponse

SETTINGS = Settings()


@pytest.fixture(scope="module")
def analysed() -> Database:
    db = projects.prepare_project(connect(":memory:"))
    ingest_file(db, files("app.sample").joinpath("reviews.csv").read_bytes(), "reviews.csv")
    analyse_project(db, settings=SETTINGS)
    return db


def said(*texts: str, first: int = 0) -> list[SurveyResponse]:
    return [
        SurveyResponse(row=number, external_id=f"push-{number}", answers=(Answer(question=None, text=text),))
        for number, text in enumerate(texts, start=first)
    ]


def test_both_languages_share_themes(analysed: Database) -> None:
    shared = 0
    for theme in themes.list_views(analysed, NO_FILTERS):
        if not theme.is_parent:
            zh = units.list_views(analysed, Filters(theme=theme.id, language="zh"), limit=1).total
            en = units.list_views(analysed, Filters(theme=theme.id, language="en"), limit=1).total
            shared += min(zh, en) >= 3
    assert shared >= 5


def test_new_verbatims_join_known_themes_in_either_language_and_change_none(analysed: Database) -> None:
    before = {theme.id: theme.name_zh for theme in themes.list_views(analysed, NO_FILTERS)}
    pushed = add_items(analysed, said("快递等了两个星期才送到", "My parcel took two weeks to arrive", "qwrt zxcv bnmp"))
    assert [one.result for one in pushed] == ["created"] * 3
    extend_project(analysed, settings=SETTINGS)
    assert {theme.id: theme.name_zh for theme in themes.list_views(analysed, NO_FILTERS)} == before
    placed = [
        verbatims.view(analysed, verbatim_id).units[0].theme_id for one in pushed for verbatim_id in one.verbatim_ids
    ]
    assert placed[0] is not None
    assert placed[0] == placed[1]
    assert placed[2] is None


def test_what_comes_after_another_encoder_was_chosen_is_a_full_analysis() -> None:
    db = projects.prepare_project(connect(":memory:"))
    parcels = ["物流太慢了", "快递很慢", "发货慢", "包裹一直没到", "slow delivery", "the parcel is late"]
    add_items(
        db, said(*parcels, "客服态度很好", "客服很耐心", "客服热情", "friendly support", "kind agents", "客服不错")
    )
    analyse_project(db, settings=SETTINGS)
    before = {theme.id for theme in themes.list_views(db, NO_FILTERS)}
    for number, encoder in enumerate(("base", "shipped"), start=1):
        add_items(db, said("送货太慢", first=100 * number))
        extend_project(db, settings=Settings(encoder=encoder))
        run = runs.latest(db)
        assert run is not None
        assert run["kind"] == "full"
        assert encoder.replace("shipped", "encoder") in run["models"]["encoder"]
        extend_project(db, settings=Settings(encoder=encoder))
        assert (runs.latest(db) or {})["kind"] == "extend"
    assert before & {theme.id for theme in themes.list_views(db, NO_FILTERS)}


def test_running_again_keeps_every_id_and_name(analysed: Database) -> None:
    analyse_project(analysed, settings=SETTINGS)
    before = {theme.id: (theme.name_zh, theme.name_en) for theme in themes.list_views(analysed, NO_FILTERS)}
    analyse_project(analysed, settings=SETTINGS)
    assert {theme.id: (theme.name_zh, theme.name_en) for theme in themes.list_views(analysed, NO_FILTERS)} == before


def test_a_run_records_what_it_takes_to_repeat_it(analysed: Database) -> None:
    run = runs.latest(analysed)
    assert run is not None
    assert run["seed"] == SETTINGS.seed
    assert run["settings"]["seed"] == SETTINGS.seed
    assert "+" in run["models"]["encoder"]
    assert {"python", "numpy", "igraph", "hdbscan", "xinsheng"} <= set(run["versions"])
    counts = run["counts"]
    assert counts["units"] == counts["units_themed"] + counts["units_unthemed"]


def test_what_a_transformer_rests_on_is_recorded_too() -> None:
    assert "torch" not in recorded_versions(SETTINGS)
    for chosen in (Settings(sentiment="accurate"), Settings(encoder="base"), Settings(encoder="transformers:x")):
        assert {"torch", "transformers", "numpy"} <= set(recorded_versions(chosen))


def test_a_model_that_cannot_be_loaded_is_an_error_in_words(analysed: Database) -> None:
    with pytest.raises(BadRequest) as caught:
        analyse_project(analysed, settings=Settings(encoder="nonsense:x"))
    assert caught.value.code == "no_model"
    assert "nonsense" in str(caught.value.values["reason"])


@pytest.mark.parametrize("chosen", [Settings(encoder="base:."), Settings(sentiment="accurate:.")])
def test_a_folder_without_a_model_is_told_in_both_languages(chosen: Settings, analysed: Database) -> None:
    with pytest.raises(BadRequest) as caught:
        analyse_project(analysed, settings=chosen)
    assert caught.value.values["model"] in (chosen.encoder, chosen.sentiment)
    reason = caught.value.values["reason"]
    assert isinstance(reason, dict)
    assert "不是本软件的模型文件夹" in reason["zh"]
    assert "config.json" in reason["en"]


def test_what_people_changed_outlives_runs_and_new_verbatims() -> None:
    db = projects.prepare_project(connect(":memory:"))
    ingest_file(db, files("app.sample").joinpath("reviews.csv").read_bytes(), "reviews.csv")
    analyse_project(db, settings=SETTINGS)
    leaves = [theme for theme in themes.list_views(db, NO_FILTERS) if not theme.is_parent]
    editor = Editor(who="Lin", settings=SETTINGS)
    first, second, third, fourth = (theme.id for theme in leaves[:4])
    edit_themes.change(db, first, Changes(name=Name(zh="我们的主题", en="Ours"), pinned=True), editor)
    edit_themes.merge(db, [second], third, editor)
    moved = units.list_views(db, Filters(theme=fourth), order="nearest", limit=1).items[0].id
    edit_themes.move(db, [moved], editor, theme=first)
    parts = edit_split.split(db, fourth, editor, parts=2)
    add_items(db, said("快递等了两个星期才送到", "My parcel took two weeks to arrive", first=90))
    extend_project(db, settings=SETTINGS)
    assert (
        counts.totals(db, NO_FILTERS).units
        == sum(theme.units for theme in themes.list_views(db, NO_FILTERS) if not theme.is_parent)
        + themes.unthemed(db, NO_FILTERS).units
    )
    ingest_file(db, files("app.sample").joinpath("survey.csv").read_bytes(), "survey.csv")
    analyse_project(db, settings=SETTINGS)
    found = {theme.id: theme for theme in themes.list_views(db, NO_FILTERS)}
    assert (found[first].name_zh, found[first].name_en, found[first].pinned) == ("我们的主题", "Ours", True)
    assert second not in found
    assert found[third].units >= 1
    assert units.by_ids(db, [moved])[0].theme_id == first
    assert all(part["id"] in found for part in edits.view(db, parts).parts)
    assert all(theme.units for theme in found.values())


def test_nothing_to_analyse_is_said_and_an_emptied_project_loses_its_themes() -> None:
    db = projects.prepare_project(connect(":memory:"))
    with pytest.raises(Unusable):
        analyse_project(db, settings=SETTINGS)
    done = ingest_file(db, files("app.sample").joinpath("survey.csv").read_bytes(), "survey.csv")
    analyse_project(db, settings=SETTINGS)
    assert themes.list_views(db, NO_FILTERS)
    assert done.source is not None
    with write(db):
        sources.delete(db, done.source)
    assert analyse_project(db, settings=SETTINGS)["counts"]["units"] == 0
    assert themes.list_views(db, NO_FILTERS) == ()

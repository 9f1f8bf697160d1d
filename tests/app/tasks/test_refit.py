"""A project learns from its corrections: measured, used where better, switched off and on, never over a person."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from app.database import connect, write
from app.errors import BadRequest, NotFound, Unusable
from app.settings import Settings
from app.store import corrections, projects, refits, runs, units
from app.store.filters import NO_FILTERS
from app.store.learning import FEWEST_JUDGED, learning
from app.tasks import analyse_project, ingest_file
from app.tasks.correct import correct_unit
from app.tasks.models_in_use import load_models
from app.tasks.refit import refit_project, use_refit

# A word of this project's own that the shipped model cannot know: 喵爆 is praise here, 汪塌 blame.
THINGS = (
    "画质",
    "屏幕",
    "手感",
    "音效",
    "剧情",
    "配乐",
    "画面",
    "人物",
    "关卡",
    "操作",
    "界面",
    "字体",
    "皮肤",
    "地图",
    "任务",
)
PRAISE = [f"{thing}{much}喵爆" for thing in THINGS for much in ("很", "真", "特别")]
BLAME = [f"{thing}{much}汪塌" for thing in THINGS for much in ("很", "真", "特别")]


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = projects.prepare_project(connect(":memory:"))
    lines = "\n".join(["text", *PRAISE, *BLAME])
    ingest_file(made, lines.encode(), "games.csv", kind="feedback", mapping=None)
    analyse_project(made, settings=Settings(data=tmp_path_factory.mktemp("data")))
    yield made
    made.close()


@pytest.fixture
def db(analysed: Database) -> Iterator[Database]:
    copy = connect(":memory:")
    analysed.conn.backup(copy.conn)
    yield copy
    copy.close()


def judge(db: Database, *, per_kind: int, truly: bool = True) -> None:
    """Judge so many texts of each kind, as they are or the wrong way round for every second one."""
    by_text = {unit.text: unit.id for unit in units.list_views(db, NO_FILTERS, limit=500).items}
    for number in range(per_kind):
        turned = not truly and number % 2 == 0
        correct_unit(db, by_text[PRAISE[number]], sentiment="negative" if turned else "positive", sampled=True)
        correct_unit(db, by_text[BLAME[number]], sentiment="positive" if turned else "negative", sampled=True)


def labels(db: Database) -> dict[str, tuple[str, str | None]]:
    return {unit.text: (unit.sentiment, unit.decided) for unit in units.list_views(db, NO_FILTERS, limit=500).items}


def right(db: Database) -> float:
    found = labels(db)
    wanted = {**dict.fromkeys(PRAISE[30:], "positive"), **dict.fromkeys(BLAME[30:], "negative")}
    return sum(found[text][0] == label for text, label in wanted.items()) / len(wanted)


def test_what_was_corrected_is_learnt_for_the_rest(db: Database, tmp_path: Path) -> None:
    settings, before = Settings(data=tmp_path), right(db)
    analysed = runs.latest(db)
    judge(db, per_kind=30)
    done = refit_project(db, settings=settings)
    assert done["gain"]["verdict"] == "better", done["gain"]
    assert done["active"] is True
    assert right(db) > before + 0.2
    run = runs.latest(db)
    assert run is not None
    assert analysed is not None
    assert (run["settings"], run["counts"]["units"]) == (analysed["settings"], analysed["counts"]["units"])
    assert (run["kind"], run["id"]) == ("refit", done["run"])
    assert "+refit-" in run["models"]["sentiment"]
    assert learning(db).fits
    analyse_project(db, settings=settings)
    assert right(db) > before + 0.2, "later runs use it too"


def test_what_people_decided_stays_whatever_the_model_learns(db: Database, tmp_path: Path) -> None:
    judge(db, per_kind=30)
    odd = next(unit.id for unit in units.list_views(db, NO_FILTERS, limit=500).items if unit.text == PRAISE[0])
    correct_unit(db, odd, sentiment="negative")
    refit_project(db, settings=Settings(data=tmp_path), anyway=True)
    assert labels(db)[PRAISE[0]] == ("negative", "corrected")
    own = correct_unit(db, odd, sentiment=None).sentiment
    assert own == "positive", "given back, it has what the re-fitted model says"


def test_switched_off_everything_is_as_before_and_on_again_as_after(db: Database, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    judge(db, per_kind=30)
    before = labels(db)
    refit_project(db, settings=settings)
    after = labels(db)
    assert after != before
    use_refit(db, settings=settings, active=False)
    assert labels(db) == before
    assert "+refit-" not in load_models(db, settings)[1].name
    use_refit(db, settings=settings, active=True)
    assert labels(db) == after


def test_under_another_encoder_the_run_still_names_the_one_that_found_the_themes(db: Database, tmp_path: Path) -> None:
    judge(db, per_kind=30)
    refit_project(db, settings=Settings(data=tmp_path), anyway=True)
    found_by = (runs.latest(db) or {})["models"]["encoder"]
    use_refit(db, settings=Settings(data=tmp_path, encoder="base"), active=False)
    run = runs.latest(db)
    assert run is not None
    assert (run["kind"], run["models"]["encoder"]) == ("refit", found_by)


def test_what_is_not_better_is_not_used_unless_a_person_says_so(db: Database, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    judge(db, per_kind=30, truly=False)
    before = labels(db)
    done = refit_project(db, settings=settings)
    assert done["active"] is False, done["gain"]
    assert "run" not in done
    assert labels(db) == before
    assert refits.active(db) is None
    assert refit_project(db, settings=settings, anyway=True)["active"] is True
    used = refits.active(db)
    assert used is not None
    assert used.chosen_by == "person"


def test_a_refit_that_is_stopped_half_way_leaves_everything_as_it_was(db: Database, tmp_path: Path) -> None:
    judge(db, per_kind=30)
    before = labels(db)

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "insight":
            raise InterruptedError(stage)

    with pytest.raises(InterruptedError):
        refit_project(db, settings=Settings(data=tmp_path), anyway=True, report=stop)
    assert labels(db) == before
    assert refits.active(db) is None
    assert "+refit-" not in load_models(db, Settings(data=tmp_path))[1].name


def test_too_few_are_refused_with_the_numbers(db: Database, tmp_path: Path) -> None:
    judge(db, per_kind=10)
    with pytest.raises(Unusable) as caught:
        refit_project(db, settings=Settings(data=tmp_path))
    assert caught.value.values == {"judged": 20, "fewest": FEWEST_JUDGED}
    with pytest.raises(NotFound):
        use_refit(db, settings=Settings(data=tmp_path), active=True)


def test_a_head_of_another_model_rests(db: Database, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    judge(db, per_kind=30)
    refit_project(db, settings=settings, anyway=True)
    with write(db):
        db.conn.execute("UPDATE refits SET base = 'an-older-model-1+00000000'")
    assert "+refit-" not in load_models(db, settings)[1].name
    assert not learning(db).fits
    with pytest.raises(Unusable) as caught:
        use_refit(db, settings=settings, active=True)
    assert caught.value.code == "refit_of_another_model"


def test_damaged_weights_are_refused_in_words(db: Database, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    judge(db, per_kind=30)
    refit_project(db, settings=settings, anyway=True)
    with write(db):
        db.conn.execute("UPDATE refits SET weights = CAST(substr(weights, 1, length(weights) - 1) || x'01' AS BLOB)")
    with pytest.raises(BadRequest) as caught:
        load_models(db, settings)
    assert "re-fit again" in str(caught.value.values["reason"])


def test_the_same_corrections_give_the_same_head(db: Database, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    judge(db, per_kind=30)
    names = []
    for _ in range(2):
        refit_project(db, settings=settings, anyway=True)
        newest = refits.latest(db)
        assert newest is not None
        names.append((newest.name, newest.gain))
    assert names[0] == names[1]
    assert corrections.counts(db).total == 60

"""The map counts what the lists count, links every disc, keeps names apart, and stays after data is added."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from app.database import write
from app.locale import UiLanguage
from app.map_drawing import NARROW, WIDE, Sheet, draw
from app.store import projects, theme_places, themes
from app.store.filters import NO_FILTERS, Filters
from app.tasks.insight import save_insight
from app.theme_map import Disc, Family, ThemeMap, theme_map
from tests.app.factories import DELIVERY, PRICE, SERVICE, STAFF, filled_client, filled_project
from tests.app.pages.test_theme_sections import theme


def drawn_map(n: int, *, seed: int = 5) -> ThemeMap:
    rng = np.random.default_rng(seed)
    words = ("物流太慢", "Slow delivery of heavy parcels", "客服", "Price", "屏幕清晰度与亮度", "Battery life")
    discs = tuple(
        Disc(theme=theme(f"{words[at % 6]}{at}", 400 - 7 * at), x=float(x), y=float(y), radius=3 - at / 30, near=())
        for at, (x, y) in enumerate(rng.uniform(0, 2, size=(n, 2)) + [(8 * (k % 8), 8 * (k // 8)) for k in range(n)])
    )
    return ThemeMap(
        discs=discs, families=(Family(theme=theme("家 Home", 99), x=30, y=30, children=tuple(range(min(n, 2)))),)
    )


@pytest.mark.parametrize("sheet", [WIDE, NARROW])
@pytest.mark.parametrize("n", [1, 2, 40])
def test_every_disc_is_a_link_on_the_sheet(sheet: Sheet, n: int) -> None:
    svg = str(draw(drawn_map(n), sheet=sheet, language="zh", href=lambda one: f"/t/{one.id}", title="t"))
    box = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    assert box is not None
    width, height = int(box[1]), int(box[2])
    discs = re.findall(r'class="disc-area" cx="([\d.-]+)" cy="([\d.-]+)" r="([\d.]+)"', svg)
    assert len(discs) == n == svg.count('<a class="disc ')
    for x, y, r in ((float(a), float(b), float(c)) for a, b, c in discs):
        assert r <= x <= width - r
        assert r <= y <= height - r
    assert height <= sheet.tallest + 1
    assert "style=" not in svg


def test_names_do_not_lie_on_each_other() -> None:
    svg = str(draw(drawn_map(40), sheet=WIDE, language="en", href=lambda one: one.id, title="t"))
    names = re.findall(r'<text class="map-\w+" x="([\d.-]+)" y="([\d.-]+)" font-size="([\d.]+)">([^<]*)<', svg)
    assert len(names) > 20
    boxes = []
    for x, y, size, text in ((float(a), float(b), float(c), d) for a, b, c, d in names):
        half = sum(1.0 if ord(letter) >= 0x2E80 else 0.56 for letter in text) * size / 2
        boxes.append((x - half, y - 0.8 * size, x + half, y + 0.2 * size))
    for one, other in combinations(boxes, 2):
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart


def test_the_map_under_filters_counts_what_the_list_counts(tmp_path: Path) -> None:
    filled_project(tmp_path)
    db = projects.open_project(tmp_path, "demo")
    for filters in (NO_FILTERS, Filters(language="en"), Filters(sentiment="negative")):
        views = {view.id: view for view in themes.list_views(db, filters)}
        found = theme_map(db, filters)
        assert {disc.theme.id for disc in found.discs} == {one for one in (DELIVERY, STAFF, PRICE) if views[one].units}
        assert all(disc.theme == views[disc.theme.id] for disc in found.discs)
    (family,) = theme_map(db, NO_FILTERS).families
    assert family.theme.id == SERVICE
    assert theme_map(db, Filters(since="2031-01-01")).discs == ()
    db.close()


def test_places_are_kept_and_a_theme_that_is_new_finds_one(tmp_path: Path) -> None:
    filled_project(tmp_path)
    db = projects.open_project(tmp_path, "demo")
    with write(db):
        save_insight(db, seed=1)
    before = theme_places.known(db)
    assert set(before) == {DELIVERY, STAFF, PRICE}
    with write(db):
        save_insight(db, seed=2)
    assert theme_places.known(db) == before, "nothing changed, nothing moves"
    with write(db):
        db.conn.execute("DELETE FROM theme_places WHERE theme_id = ?", (PRICE,))
    places = {disc.theme.id: (disc.x, disc.y) for disc in theme_map(db, NO_FILTERS).discs}
    assert (places[DELIVERY], places[STAFF]) == (before[DELIVERY], before[STAFF])
    assert np.isfinite(places[PRICE]).all()
    db.close()


def test_a_theme_that_another_encoder_left_behind_stops_no_map(tmp_path: Path) -> None:
    filled_project(tmp_path)
    db = projects.open_project(tmp_path, "demo")
    short = np.ones(3, dtype=np.float32).tobytes()
    with write(db):
        db.conn.execute("UPDATE themes SET centroid = ? WHERE id = ?", (short, PRICE))
        save_insight(db, seed=1)
    assert set(theme_places.known(db)) == {DELIVERY, STAFF, PRICE}
    assert len(theme_map(db, NO_FILTERS).discs) == 3
    db.close()


def test_the_map_over_http(tmp_path: Path) -> None:
    client = filled_client(tmp_path)
    seen = client.get("/api/v1/projects/demo/map", params={"language": "zh"}).json()["themes"]
    assert seen
    for one in seen:
        listed = client.get(f"/api/v1/projects/demo/themes/{one['id']}/units", params={"language": "zh"}).json()
        assert listed["total"] == one["units"]
        assert set(one["nearest"]) <= {other["id"] for other in seen} - {one["id"]}
    html = client.get("/p/demo/map?lang=zh").text
    assert html.count('<a class="disc ') == 2 * 3, "the wide and the narrow drawing"
    assert f"/p/demo/themes/{DELIVERY}" in html


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("sheet", [WIDE, NARROW])
def test_the_largest_discs_have_a_name_however_close_the_others_stand(sheet: Sheet, language: UiLanguage) -> None:
    discs = tuple(
        Disc(theme=theme("Interactivity and visualisation 交互与可视化", 900 - at), x=x, y=y, radius=2, near=())
        for at, (x, y) in enumerate((4.1 * (k % 5), 4.1 * (k // 5)) for k in range(25))
    )
    svg = str(
        draw(ThemeMap(discs=discs, families=()), sheet=sheet, language=language, href=lambda one: one.id, title="t")
    )
    assert svg.count('class="map-name"') >= 25

"""The first promise on pages: a number shown is the number of things that its link shows."""

import re
from pathlib import Path

import numpy as np
import pytest

from app.database import write
from app.store import projects, sources, vectors
from models.embedding import load_encoder
from pipelines.records import Rejected
from pipelines.shadow import shadow
from tests.app.factories import DELIVERY, SAID, SHOP, UNTHEMED, filled_client, settings_for

MEANT = re.compile(r'<span class="span span-\w+ span-meant"[^>]*>(.*?)</span>', re.DOTALL)
CARD = '<article class="verbatim"'


def parts(theme: str | None, mood: str | None = None) -> list[str]:
    return [text for said in SAID for text, of, label in said.parts if of == theme and mood in (None, label)]


def test_the_overview_counts_what_was_said(tmp_path: Path) -> None:
    with filled_client(tmp_path) as client:
        html = client.get("/p/demo?lang=en").text
        assert f"<b>{len(SAID)}</b>" in html
        assert f"<b>{sum(len(said.parts) for said in SAID)}</b>" in html
        assert "2 rows rejected" in html
        assert "2 answers set aside" in html


@pytest.mark.parametrize("theme", [DELIVERY, UNTHEMED])
def test_a_theme_shows_its_units_marked_in_their_whole_verbatims(tmp_path: Path, theme: str | None) -> None:
    with filled_client(tmp_path) as client:
        html = client.get(f"/p/demo/themes/{theme or 'none'}?view=all&lang=en").text
        assert sorted(MEANT.findall(html)) == sorted(parts(theme))
        assert html.count(CARD) == sum(any(of == theme for _, of, _ in said.parts) for said in SAID)


def test_a_sentiment_filter_marks_only_that_sentiment(tmp_path: Path) -> None:
    with filled_client(tmp_path) as client:
        html = client.get(f"/p/demo/themes/{DELIVERY}?view=all&sentiment=negative").text
        assert sorted(MEANT.findall(html)) == sorted(parts(DELIVERY, "negative"))


def test_two_characters_are_found_and_marked(tmp_path: Path) -> None:
    with filled_client(tmp_path) as client:
        html = client.get("/p/demo/verbatims?q=退款").text
        holding = ["".join(text for text, _, _ in said.parts) for said in SAID]
        assert html.count(CARD) == sum("退款" in text for text in holding) > 0
        assert "<mark>退款</mark>" in html


def test_the_counts_of_a_source_add_up(tmp_path: Path) -> None:
    with filled_client(tmp_path) as client:
        db = projects.open_project(settings_for(tmp_path).data, "demo")
        shop = sources.view(db, SHOP.id)
        db.close()
        html = client.get(f"/p/demo/sources/{SHOP.id}?lang=en").text
        read = [int(number) for number in re.findall(r"<b>(\d+)</b>", html)]
        assert read == [shop.verbatims + shop.set_aside + shop.rejected, shop.verbatims, shop.set_aside, shop.rejected]
        assert "bytes" in html or "encoding" in html


def test_filters_stay_on_from_page_to_page(tmp_path: Path) -> None:
    with filled_client(tmp_path) as client:
        html = client.get("/p/demo/themes?language=en&from=2026-01-01").text
        assert f"/p/demo/themes/{DELIVERY}?language=en&amp;from=2026-01-01" in html
        assert 'option value="en" selected' in html
        assert "/p/demo/themes?from=2026-01-01" in html, "each filter can be taken off alone"
        assert "/api/v1/projects/demo/export?language=en&amp;from=2026-01-01" in html


def test_unthemed_is_never_hidden(tmp_path: Path) -> None:
    with filled_client(tmp_path) as client:
        for order in ("volume", "impact", "rising", "name_zh"):
            assert "/p/demo/themes/none" in client.get(f"/p/demo/themes?order={order}&named=zzz").text


def test_a_question_that_no_verbatim_holds_is_answered_by_meaning_and_says_so(tmp_path: Path) -> None:
    question = "退款要等多久呢"
    with filled_client(tmp_path) as client:
        encoder = load_encoder("shipped")
        db = projects.open_project(settings_for(tmp_path).data, "demo")
        (unit, text) = db.conn.execute("SELECT vector_hash, text FROM units WHERE text LIKE '%退款%'").fetchone()
        with write(db):
            vectors.save(db, encoder.name, {unit: encoder.encode([shadow(question)])[0].astype(np.float16)})
        db.close()
        html = client.get(f"/p/demo/verbatims?q={question}&lang=zh").text
        nothing = client.get("/p/demo/verbatims?q=qqqxxzz&lang=zh").text
    assert f"没有原声恰好包含“{question}”" in html
    assert text in re.sub(r"<[^>]*>", "", html.partition('<article class="verbatim')[2])
    assert re.search(r'value="meaning" checked', html)
    assert "也没有意思相近的" in nothing
    assert 'class="button button-first" href="/p/demo/themes"' in nothing.partition("<main")[2]


@pytest.mark.parametrize("path", ["/p/demo/verbatims", "/api/v1/projects/demo/verbatims"])
def test_a_search_whose_encoder_is_missing_says_so(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINSHENG_ENCODER", f"base:{tmp_path / 'gone'}")
    with filled_client(tmp_path) as client:
        answer = client.get(path, params={"q": "退款要等多久", "mode": "meaning", "lang": "en"})
    assert answer.status_code == 400
    assert "cannot be loaded" in answer.text


def test_a_rejected_row_of_a_customers_file_is_counted_and_listed(tmp_path: Path) -> None:
    with filled_client(tmp_path) as client:
        before = re.search(r"(\d+) rows? rejected", client.get("/p/demo?lang=en").text)
        db = projects.open_project(settings_for(tmp_path).data, "demo")
        with write(db):
            row = Rejected(row=63, reason="no_customer_identity", raw="散客 | 杭州")
            sources.save_left_out(db, None, upload_sha256="f" * 64, rejected=[row], set_aside=())
            upload = sources.Upload(
                sha256="f" * 64, kind="customers", filename="crm.csv", format="csv", encoding=None,
                mapping={}, notes=(), counts={"customers": 5, "rejected": 1},
            )  # fmt: skip
            sources.save_upload(db, upload, source_id=None)
        db.close()
        after = re.search(r"(\d+) rows? rejected", client.get("/p/demo?lang=en").text)
        html = client.get("/p/demo/sources?lang=en").text
    assert before is not None
    assert after is not None
    assert int(after[1]) == int(before[1]) + 1
    listed = html.partition('id="rejected"')[2]
    assert "1 row of customers files could not be read" in listed
    assert "散客 | 杭州" in listed
    assert "crm.csv" in listed


def test_the_themes_line_counts_the_units_of_the_themes_it_counts(tmp_path: Path) -> None:
    def told(html: str) -> list[int]:
        line = re.search(r'class="page-line">(\d+) themes? from (\d+) opinion units; (\d+) more', html)
        assert line is not None
        return [int(number) for number in line.groups()]

    with filled_client(tmp_path) as client:
        totals = client.get("/api/v1/projects/demo/overview").json()["totals"]
        themes, units, unthemed = told(client.get("/p/demo/themes?lang=en").text)
        fewer, theirs, _ = told(client.get("/p/demo/themes?named=delivery&lang=en").text)
        delivery = client.get(f"/api/v1/projects/demo/themes/{DELIVERY}").json()
    assert (units + unthemed, unthemed) == (totals["units"], totals["unthemed"])
    assert fewer < themes
    assert theirs == delivery["units"]

import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from sqlite_utils import Database

from app.database import connect, write
from app.export import report
from app.export.report_numbers import gather
from app.locale import UiLanguage, sentences
from app.store import projects, sources, themes, verbatims
from app.store.filters import NO_FILTERS, Filters
from pipelines.identity import identify
from pipelines.records import Rejected, Verbatim
from tests.app import factories

VOID = {"meta", "br", "input", "img", "link", "hr"}
RISE = {"recent": 12, "expected": 3.0, "ratio": 4.0, "periods": 4, "p_value": 0.0001}
TREND = {
    "period": "week",
    "starts": ["2026-01-05", "2026-01-12"],
    "counts": [1, 4],
    "totals": [9, 9],
    "limits": [],
    "rise": RISE,
}
IMPACT = {
    "value": -8.0, "low": -12.0, "high": -4.0, "n": 90, "n_theme": 20, "overall": 10.0, "without": 18.0,
    "scale": "nps", "scale_low": 0.0, "scale_high": 10.0,
}  # fmt: skip


@pytest.fixture
def db() -> Iterator[Database]:
    made = projects.prepare_project(connect(":memory:"))
    factories.fill(made)
    yield made
    made.close()


def page(db: Database, *, filters: Filters = NO_FILTERS, language: UiLanguage = "en") -> str:
    out = io.BytesIO()
    report.write(db, out, filters=filters, language=language)
    return out.getvalue().decode("utf-8")


class Outline(HTMLParser):
    """Checks that tags close in order, and collects ids, in-page links and addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.targets: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if named.get("id"):
            self.ids.append(str(named["id"]))
        for name in ("href", "src", "action", "data", "poster"):
            if named.get(name):
                self.addresses.append(str(named[name]))
        if (named.get("href") or "").startswith("#"):
            self.targets.add(str(named["href"])[1:])
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}> at {self.getpos()}"
        self.open.pop()


@pytest.mark.parametrize(
    "filters", [NO_FILTERS, Filters(theme=factories.DELIVERY), Filters(language="en"), Filters(theme="none")]
)
def test_the_page_is_sound_and_self_contained(db: Database, filters: Filters) -> None:
    text = page(db, filters=filters)
    outline = Outline()
    outline.feed(text)
    assert outline.open == []
    assert outline.targets <= set(outline.ids), "every link in the page leads somewhere"
    assert all(address.startswith("#") for address in outline.addresses), "nothing from outside"
    assert "<script" not in text
    assert not re.search(r"url\(|@import|https?://", text)


def test_a_verbatim_is_quoted_whole_with_its_opinion_marked(db: Database) -> None:
    text = page(db)
    assert '<mark class="negative">物流太慢了，</mark>但是客服态度很好。' in text
    assert '物流太慢了，<mark class="positive">但是客服态度很好。</mark>' in text


def test_pieces_of_a_voice_are_the_whole_text(db: Database) -> None:
    for story in gather(db, NO_FILTERS).stories:
        for voice in (*story.voices, *story.more):
            assert "".join(text for text, _ in voice.pieces()) == voice.verbatim.text
            assert any(unit is not None for _, unit in voice.pieces())


def test_both_languages_are_there_and_no_sentence_is_missing(db: Database) -> None:
    text = page(db, language="zh")
    assert '<html lang="zh-CN">' in text
    assert "大家在说什么" in text
    assert "What people talk about" in text
    assert not re.search(
        r"\b(?:report|column|stage|cut|scale)\.[a-z_]+\b", re.sub(r"<style>.*</style>", "", text, flags=re.S)
    )
    used = set(re.findall(r'(?:\bt\(|say\(language, )"([a-z_.]+)"[,)]', _templates()))
    for language in ("zh", "en"):
        assert used <= set(sentences(language))
    assert len(used) > 50


def _templates() -> str:
    from importlib.resources import files

    return "".join(item.read_text("utf-8") for item in files("app").joinpath("templates/report").iterdir())


def test_what_customers_wrote_cannot_become_markup(db: Database) -> None:
    name = '<b onclick="x">&'
    with write(db):
        db.conn.execute("UPDATE themes SET name_zh = ?, name_en = ?, keywords = json_array(?)", (name, name, name))
        db.conn.execute("UPDATE sources SET name = ?", (name,))
        one = Verbatim(
            id=identify("v", 1), source_id=factories.SHOP.id, row=50, text="<script>alert(1)</script>", language="en"
        )
        verbatims.save(db, [one], links={}, words={one.id: "x"})
        db.conn.execute("UPDATE verbatims SET text = '<script>alert(1)</script>' || text, touchpoint = ?", (name,))
    for language in ("zh", "en"):
        text = page(db, language=language)
        assert "<script" not in text
        assert "<b onclick" not in text
        assert "&lt;script&gt;" in text


def test_impact_and_rise_are_told_with_their_uncertainty(db: Database) -> None:
    with write(db):
        themes.set_insight(db, factories.DELIVERY, impact=IMPACT, trend=TREND)
        themes.set_insight(db, factories.STAFF, impact={**IMPACT, "value": 1.0, "low": -2.0, "high": 4.0}, trend=TREND)
    text = page(db)
    assert "−8.0" in text
    assert "−12.0 … −4.0" in text
    assert text.count('class="unsure"') == 1
    assert "12 units lately where 3 were to be expected" in text
    assert "Slow delivery" in text


def test_numbers_are_those_of_the_store(db: Database) -> None:
    numbers = gather(db, NO_FILTERS)
    assert numbers.totals.units == sum(theme.units for theme in numbers.leaves) + numbers.unthemed.units
    assert [group.parent.id if group.parent else None for group in numbers.groups] == [factories.SERVICE, None]
    assert numbers.left_out == {
        "rejected": {"columns": 1, "encoding": 1},
        "set_aside": {"boilerplate": 1, "placeholder": 1},
    }
    assert numbers.redactions == {"phone": 1}


def test_an_empty_project_has_a_report_that_says_so() -> None:
    db = projects.prepare_project(connect(":memory:"))
    assert "There are no themes yet." in page(db)
    db.close()


def test_an_unreadable_row_of_a_customers_file_is_counted_where_it_is_listed(db: Database) -> None:
    row = Rejected(row=63, reason="no_customer_identity", raw="walk-in | Berlin")
    with write(db):
        sources.save_left_out(db, None, upload_sha256="f" * 64, rejected=[row], set_aside=())
    assert gather(db, NO_FILTERS).rejected_total == 3
    notes = re.sub(r"<[^>]+>", "", page(db).partition('<section id="notes"')[2])
    assert "3 rows could not be read" in notes
    assert "walk-in | Berlin" in notes


def test_tiles_in_chinese_keep_to_chinese_punctuation(db: Database) -> None:
    html = page(db, language="zh")
    tile = re.search(r'<div class="tile"><b>[^<]*</b><span>(.*?（.*?)</div>', html)
    assert tile is not None
    zh = re.sub(r'<span class="en".*?</span>', "", tile[1])
    assert re.fullmatch(r"[^\s(]+（[\d–.]+），(?:95%区间[^,(]+，)?[\d,]+份评分", re.sub(r"<[^>]+>", "", zh))

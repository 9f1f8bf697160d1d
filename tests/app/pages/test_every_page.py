"""What holds on every page: it renders in both languages, says no bare key, and every link on it leads somewhere."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.locale import LANGUAGES, sentences
from app.store import customers, projects, sources, verbatims
from app.store.filters import NO_FILTERS
from tests.app.factories import DELIVERY, PRICE, SERVICE, SHOP, add_project, client_of, filled_client, settings_for

PAGES = (
    "/projects",
    "/p/demo",
    "/p/demo?sentiment=negative",
    "/p/demo/upload",
    "/p/demo/themes",
    "/p/demo/themes?order=impact&language=en",
    f"/p/demo/themes/{DELIVERY}",
    f"/p/demo/themes/{SERVICE}?view=all",
    f"/p/demo/themes/{PRICE}?view=unsure",
    "/p/demo/themes/none",
    "/p/demo/themes/none/units",
    f"/p/demo/themes/{DELIVERY}/units?order=newest",
    f"/p/demo/themes/{DELIVERY}/split?parts=3",
    "/p/demo/edits",
    "/p/demo/emerging",
    "/p/demo/map",
    "/p/demo/map?language=en",
    "/p/demo/changes",
    "/p/demo/changes?from=2026-02-01&to=2026-03-12&from_before=2026-01-01&to_before=2026-01-31",
    "/p/demo/changes?from=2027-02-01&to=2027-03-12",
    "/p/demo/changes?sentiment=negative",
    "/p/demo/verbatims",
    "/p/demo/verbatims?q=退款",
    "/p/demo/verbatims?q=zzz",
    "/p/demo/customers",
    "/p/demo/sources",
    f"/p/demo/sources/{SHOP.id}",
    "/p/demo/corrections",
    "/p/demo/jobs",
    "/p/demo/codebook",
    "/p/demo/codebook/new",
    "/p/demo/codebook/import",
    "/p/demo/settings",
)


class Links(HTMLParser):
    """Collects where a page's links, pictures, scripts and sheets lead, and the text people read."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._silent += tag in ("script", "style")
        self.found += [str(given[name]) for name in ("href", "src") if given.get(name)]
        self.words += [str(given[name]) for name in ("aria-label", "title", "placeholder") if given.get(name)]
        assert "style" not in given, "an inline style is refused by the content policy"
        assert not [name for name in given if name.startswith("on")], "an inline handler is refused too"

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def read(client: TestClient, address: str) -> tuple[str, Links]:
    answer = client.get(address, headers={"accept": "text/html"})
    assert answer.status_code == 200, (address, answer.text[:500])
    links = Links()
    links.feed(answer.text)
    return answer.text, links


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with filled_client(tmp_path_factory.mktemp("pages")) as filled:
        yield filled


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", PAGES)
def test_page_speaks_its_language_and_no_keys(client: TestClient, address: str, language: str) -> None:
    joint = "&" if "?" in address else "?"
    html, links = read(client, f"{address}{joint}lang={language}")
    assert f'<html lang="{"zh-Hans" if language == "zh" else "en"}"' in html
    heads = {key.partition(".")[0] for key in sentences("en")}
    bare = re.compile(rf"^\s*(?:{'|'.join(heads)})\.[a-z_]+(?:\.[a-z_]+)?\s*$")
    assert [word for word in links.words if bare.match(word)] == []
    assert [word for word in links.words if re.search(r"\{[a-z_]+(?::[^}]*)?\}", word)] == []
    assert "<main" in html
    assert html.count("<h1") == 1


@pytest.mark.parametrize("address", PAGES)
def test_page_allows_nothing_from_outside(client: TestClient, address: str) -> None:
    policy = client.get(address).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    _, links = read(client, address)
    assert [link for link in links.found if re.match(r"(?:[a-z]+:)?//", link)] == []


@pytest.mark.slow
def test_every_link_of_every_page_leads_somewhere(client: TestClient) -> None:
    seen: set[str] = set()
    waiting = list(PAGES)
    # Two steps from every page: what it links to, and what that links to in turn.
    for _ in range(2):
        following: list[str] = []
        for address in waiting:
            if address in seen:
                continue
            seen.add(address)
            if address.startswith(("/api/", "/static/", "/docs")):
                assert client.get(address).status_code == 200, address
                continue
            following += [link.partition("#")[0] for link in read(client, address)[1].found if link[0] in "/?"]
        waiting = sorted(set(following) - seen)
    assert len(seen) > 60


@pytest.mark.parametrize(
    "page", ["", "/themes", "/map", "/changes", "/verbatims", "/customers", "/sources", "/jobs", "/settings", "/upload"]
)
def test_an_empty_project_says_what_to_do(tmp_path: Path, page: str) -> None:
    add_project(tmp_path)
    with client_of(tmp_path) as client:
        html, _ = read(client, f"/p/demo{page}")
        assert "/p/demo/upload" in html


def test_the_words_of_customers_stay_words(tmp_path: Path) -> None:
    with filled_client(tmp_path) as client:
        client.post("/projects", data={"name": "<script>alert(1)</script>"})
        html, _ = read(client, "/projects")
        assert "<script>alert" not in html
        html, _ = read(client, '/p/demo/verbatims?q="><script>alert(1)</script>')
        assert "<script>alert" not in html


def test_one_page_for_each_thing(tmp_path: Path) -> None:
    with filled_client(tmp_path) as client:
        db = projects.open_project(settings_for(tmp_path).data, "demo")
        addresses = [
            *(f"verbatims/{one.id}" for one in verbatims.list_views(db, NO_FILTERS).items),
            *(f"customers/{one.id}" for one in customers.list_views(db, NO_FILTERS).items),
            *(f"sources/{one.id}" for one in sources.views(db)),
        ]
        db.close()
        for address in addresses:
            read(client, f"/p/demo/{address}")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/p/none-such", 404),
        ("/p/demo/themes/t_none", 404),
        ("/p/demo/verbatims/v_none", 404),
        ("/p/demo/customers/c_none", 404),
        ("/p/demo/sources/s_none", 404),
        ("/p/demo/jobs/99", 404),
        ("/p/demo/charts/none.svg", 404),
        ("/static/x/none.css", 404),
        ("/p/demo/themes?from=yesterday", 400),
        ("/p/demo/changes?from_before=yesterday", 400),
        ("/p/demo/changes?from=2026-01-01&to=2026-01-31&to_before=2026-01-02", 400),
        ("/p/demo/themes?order=sideways", 400),
        ("/p/demo/upload/check?file=..%2F..", 404),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_are_pages_with_words(client: TestClient, address: str, status: int, language: str) -> None:
    joint = "&" if "?" in address else "?"
    answer = client.get(f"{address}{joint}lang={language}", headers={"accept": "text/html"})
    assert answer.status_code == status
    assert "text/html" in answer.headers["content-type"]
    assert "Traceback" not in answer.text
    assert 'href="/projects"' in answer.text


@pytest.mark.parametrize(
    "address", ["/p/demo/themes/none-such", "/p/demo/verbatims?sentiment=angry", "/p/demo/nothing"]
)
def test_an_error_inside_a_project_keeps_its_pages_in_sight(tmp_path: Path, address: str) -> None:
    with filled_client(tmp_path) as client:
        answer = client.get(address, headers={"accept": "text/html"})
        assert answer.status_code in (400, 404)
        assert 'href="/p/demo/themes"' in answer.text
        missing = client.get("/p/no-such/themes", headers={"accept": "text/html"})
        assert missing.status_code == 404
        assert 'href="/projects"' in missing.text


STRAY = re.compile(r"[：，、；。）] +(?=\S)")
BLOCK = r"/?(?:p|div|dd|dt|dl|td|th|tr|li|ul|option|select|label|article|section|h\d|footer)\b"


def test_no_space_stands_after_full_width_punctuation(tmp_path: Path) -> None:
    found = {}
    with filled_client(tmp_path) as own:
        own.post(f"/p/demo/themes/{DELIVERY}/marks", data={"pinned": "true"})
        own.post("/p/demo/edits/1/undo", data={"back": "/p/demo"})
        for address in [*PAGES, "/p/demo/edits?edit=1"]:
            html, _ = read(own, f"{address}{'&' if '?' in address else '?'}lang=zh")
            main = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", "", html.partition("<main")[2])
            lines = re.sub(r"<[^>]*>", "\n", re.sub(rf"<(?!{BLOCK})[^>]*>", "", main)).splitlines()
            if stray := [line for line in lines if STRAY.search(line)]:
                found[address] = stray
    assert found == {}


def test_an_unsigned_edit_is_told_in_words(tmp_path: Path) -> None:
    with filled_client(tmp_path) as own:
        own.post(f"/p/demo/themes/{DELIVERY}/marks", data={"pinned": "true"})
        zh, en = own.get("/p/demo/edits?lang=zh").text, own.get("/p/demo/edits?lang=en").text
    assert "<b>未署名</b>" in zh
    assert "<b>somebody unsigned</b>" in en


def test_changes_without_dates_lead_on_to_more_feedback(tmp_path: Path) -> None:
    add_project(tmp_path)
    with client_of(tmp_path) as empty:
        assert (
            'class="button button-first" href="/p/demo/upload"'
            in empty.get("/p/demo/changes").text.partition("<main")[2]
        )

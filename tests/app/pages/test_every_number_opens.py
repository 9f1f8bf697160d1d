"""The first promise, link by link: whatever number a link shows, the page it leads to says the same number."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.charts import all_charts
from app.store import projects
from app.store.filters import Filters
from pipelines.identity import identify
from tests.app.factories import DELIVERY, SERVICE, STAFF, filled_client, settings_for

FILTERS = (
    "",
    "sentiment=negative",
    "sentiment=mixed",
    "language=en",
    "customer_type=dissatisfied",
    "customer_type=none",
    "customer=none",
    "segment=plan:pro",
    "segment=plan:",
    "from=2026-02-01&to=2026-03-05",
    "scale=stars&score=3",
    "sentiment=positive&language=zh&from=2026-01-10",
)
PAGES = (
    "",
    "/themes",
    "/changes",
    "/map",
    f"/themes/{SERVICE}",
    f"/themes/{DELIVERY}",
    f"/themes/{STAFF}",
    "/themes/none",
    "/customers",
    f"/customers/{identify('customer', 'C001')}",
    "/sources",
)
VOID = frozenset({"meta", "link", "input", "br", "img", "hr", "rect", "path", "circle"})


@dataclass
class Link:
    """One link of a page with the counts that stand in it."""

    href: str
    counts: list[int] = field(default_factory=list)


class Page(HTMLParser):
    """The links of a page with the counts they show, and every count the page tells about itself."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[Link] = []
        self.told: set[int] = set()
        self._open: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        found = dict(attrs)
        self._open.append((tag, found.get("class") or ""))
        if found.get("class") == "empty":
            self.told.add(0)
        if tag == "a":
            self.links.append(Link(href=found.get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self._open]
        classes = {name for _, names in self._open for name in names.split()}
        number = re.fullmatch(r"\s*(\d[\d,]*)\s*", data)
        if "list-count" in classes or "sum" in classes or ("tile" in classes and "b" in tags):
            self.told.update(int(one.replace(",", "")) for one in re.findall(r"(?<![\d.,-])\d[\d,]*(?![\d.%])", data))
        counts = "number" in classes or "b" in tags or ("voice-share" in classes and "small" in tags)
        if "a" in tags and number and counts and not {"measure", "filters", "facts"} & classes:
            self.links[-1].counts.append(int(number[1].replace(",", "")))


def opened(client: TestClient, address: str) -> Page:
    answer = client.get(address.partition("#")[0])
    assert answer.status_code == 200, address
    return Page(answer.text)


@pytest.mark.parametrize("filters", FILTERS)
def test_a_link_leads_to_what_it_counts(tmp_path: Path, filters: str) -> None:
    with filled_client(tmp_path) as client:
        seen: dict[str, Page] = {}
        checked = 0
        for page in PAGES:
            for link in opened(client, f"/p/demo{page}?{filters}").links:
                for count in link.counts:
                    address = link.href.partition("#")[0]
                    if address not in seen:
                        seen[address] = opened(client, address)
                    assert count in seen[address].told, f"{page}?{filters}: {count} leads to {link.href}"
                    checked += 1
        assert checked > len(PAGES)


@pytest.mark.parametrize(
    "filters", [Filters(), Filters(language="zh"), Filters(since="2026-01-07", until="2026-03-02")]
)
@pytest.mark.parametrize("theme", [None, DELIVERY, SERVICE])
def test_every_mark_of_a_chart_opens_what_it_counts(tmp_path: Path, filters: Filters, theme: str | None) -> None:
    query = "&".join(f"{name}={value}" for name, value in filters.as_query().items())
    page = "" if theme is None else f"/themes/{theme}"
    with filled_client(tmp_path) as client:
        html = client.get(f"/p/demo{page}?{query}").text
        lists = re.findall(r'<details class="chart-numbers">.*?</details>', html, re.DOTALL)
        assert lists
        for marks in lists:
            for link in Page(marks).links:
                assert link.counts[0] in opened(client, link.href).told, link.href


def test_every_chart_says_what_its_marks_open(tmp_path: Path) -> None:
    from app.charts import data_of

    with filled_client(tmp_path):
        db = projects.open_project(settings_for(tmp_path).data, "demo")
        for chart in all_charts():
            rows = [row for rows in data_of(chart.spec(db, None, Filters(), "en")) for row in rows]
            assert rows, chart.name
            assert all(row["open"] and row["told"] for row in rows), chart.name
        db.close()

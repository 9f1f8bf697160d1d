import csv
import io
from collections.abc import Iterator

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from app.database import connect, write
from app.export import FORMATS, WHATS
from app.export import write as write_export
from app.export.escape import DANGEROUS, PLAIN_NUMBER, safe
from app.store import projects, verbatims
from app.store.filters import NO_FILTERS, Filters
from pipelines.identity import identify
from pipelines.records import Verbatim
from tests.app import factories

FORMULAS = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    '=HYPERLINK("http://x.invalid")',
)


@pytest.fixture
def db() -> Iterator[Database]:
    made = projects.prepare_project(connect(":memory:"))
    factories.fill(made)
    yield made
    made.close()


def exported(db: Database, *, format: str, what: str, filters: Filters = NO_FILTERS, language: str = "en") -> bytes:
    out = io.BytesIO()
    write_export(db, out, format=format, what=what, filters=filters, language=language)  # type: ignore[arg-type]
    return out.getvalue()


def csv_rows(db: Database, what: str, filters: Filters = NO_FILTERS) -> list[dict[str, str]]:
    text = exported(db, format="csv", what=what, filters=filters).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def add_verbatim(db: Database, text: str, *, attributes: dict[str, str] | None = None) -> None:
    one = Verbatim(
        id=identify("verbatim", text),
        source_id=factories.SHOP.id,
        row=99,
        text=text,
        language="en",
        attributes=attributes or {},
    )
    with write(db):
        verbatims.save(db, [one], links={}, words={one.id: text})


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_export_has_its_rows(db: Database, format: str, what: str, language: str) -> None:
    data = exported(db, format=format, what=what, language=language)
    expected = {"verbatims": 14, "units": 17, "themes": 4, "customers": 5}[what]
    if format == "csv":
        assert len(csv_rows(db, what)) == expected
    elif format == "jsonl":
        assert data.count(b"\n") == expected
    elif format == "xlsx":
        page = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
        assert sum(1 for _ in page.iter_rows()) == expected + 1
    else:
        assert data.lstrip().startswith(b"<!doctype html>")


def test_filters_hold_for_exports(db: Database) -> None:
    assert {row["theme_id"] for row in csv_rows(db, "units", Filters(theme=factories.DELIVERY))} == {factories.DELIVERY}
    assert {row["language"] for row in csv_rows(db, "verbatims", Filters(language="zh"))} == {"zh"}
    assert {row["theme_id"] for row in csv_rows(db, "units", Filters(theme="none"))} == {""}


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_can_run(db: Database, formula: str) -> None:
    add_verbatim(db, formula, attributes={formula: formula})
    row = csv_rows(db, "verbatims")[-1]
    assert row["text"] == "'" + formula
    assert row[f"attribute.{formula}"] == "'" + formula
    page = openpyxl.load_workbook(io.BytesIO(exported(db, format="xlsx", what="verbatims"))).worksheets[0]
    cells = [cell for line in page.iter_rows() for cell in line]
    assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)
    assert not any(isinstance(cell.value, str) and cell.value.startswith(DANGEROUS) for cell in cells)


@given(st.one_of(st.text(), st.integers(), st.floats(allow_nan=False), st.booleans(), st.none()))
def test_only_dangerous_text_changes(value: str | int | float | bool | None) -> None:
    kept = safe(value)
    if isinstance(value, str) and value.startswith(DANGEROUS) and not PLAIN_NUMBER.fullmatch(value):
        assert kept == "'" + value
    else:
        assert kept is value


def test_numbers_stay_numbers(db: Database) -> None:
    assert safe(-5) == -5
    assert safe("-5.5") == "-5.5"
    page = openpyxl.load_workbook(io.BytesIO(exported(db, format="xlsx", what="verbatims"))).worksheets[0]
    header = [cell.value for cell in page[1]]
    assert page.cell(2, header.index("Score") + 1).value == 3
    assert page.cell(2, header.index("Text") + 1).value == "物流太慢了，但是客服态度很好。"


def test_a_workbook_speaks_the_readers_language(db: Database) -> None:
    book = openpyxl.load_workbook(io.BytesIO(exported(db, format="xlsx", what="verbatims", language="zh")))
    assert book.sheetnames == ["原声", "说明"]
    page = book.worksheets[0]
    header = [cell.value for cell in page[1]]
    assert page.cell(2, header.index("情感") + 1).value == "褒贬兼有"
    assert page.freeze_panes == "A2"


def test_a_cell_longer_than_excel_allows_is_cut_and_says_so(db: Database) -> None:
    add_verbatim(db, "长" * 40_000)
    page = openpyxl.load_workbook(io.BytesIO(exported(db, format="xlsx", what="verbatims"))).worksheets[0]
    longest = max((str(cell.value) for line in page.iter_rows() for cell in line), key=len)
    assert len(longest) == 32_767
    assert longest.endswith("…")
    assert max(len(row["text"]) for row in csv_rows(db, "verbatims")) == 40_000


def test_more_rows_than_a_sheet_holds_go_on_a_further_one(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.export.xlsx.ROWS_PER_SHEET", 5)
    book = openpyxl.load_workbook(io.BytesIO(exported(db, format="xlsx", what="verbatims")))
    assert book.sheetnames == ["Verbatims", "Verbatims 2", "Verbatims 3", "About"]
    assert [page.max_row - 1 for page in book.worksheets[:3]] == [5, 5, 4]


def test_pages_make_no_difference(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {what: exported(db, format="jsonl", what=what) for what in WHATS}
    monkeypatch.setattr("app.export.entries.PAGE_SIZE", 3)
    assert {what: exported(db, format="jsonl", what=what) for what in WHATS} == whole


def test_line_separators_do_not_break_a_line(db: Database) -> None:
    add_verbatim(db, "one\u2028two\nthree")
    assert len(exported(db, format="jsonl", what="verbatims").decode("utf-8").splitlines()) == 15

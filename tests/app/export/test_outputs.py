"""The files of a run hold what docs/outputs.md says they hold: every key of it, and no other."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from app.database import connect, write
from app.export import folder
from app.export.entries import entries
from app.store import projects, runs
from app.store.filters import NO_FILTERS, Filters
from app.tasks.analyse import project_counts
from app.tasks.correct import correct_unit
from pipelines.records import Run
from tests.app import factories

DOCUMENTED = Path(__file__).parents[3] / "docs" / "outputs.md"
# What is in these depends on the input or the settings; the page says what they hold in words.
OPEN = {
    "inputs[].mapping", "inputs[].notes", "inputs[].counts", "counts.rejected_by_reason", "counts.set_aside_by_reason",
    "counts.redactions", "counts.codebook.units_by_theme", "counts.proposed_names.refused_by_reason", "settings",
    "seconds", "versions", "score_impact_detail", "trend", "attributes", "redactions",
}  # fmt: skip


def project() -> Database:
    db = projects.prepare_project(connect(":memory:"))
    factories.fill(db)
    # One unit corrected, one confirmed: keys that are there only then.
    wrong, right = (next(entries(db, "units", Filters(sentiment=mood))) for mood in ("positive", "neutral"))
    correct_unit(db, wrong["id"], sentiment="negative")
    correct_unit(db, right["id"], sentiment="neutral")
    with write(db):
        # The factory's upload counts neither API items nor answers; here rows add up as a run's do.
        db.conn.execute("UPDATE uploads SET counts = json_set(counts, '$.answers_read', 18, '$.rows_read', 18)")
        run = Run(
            counts=project_counts(db),
            models={"encoder": "e", "sentiment": "s"},
            settings={"seed": 1},
            seed=1,
            seconds={"split": 0.1},
            versions={"python": "3"},
        )
        runs.save(db, runs.start(db), run, kind="full", peak_mb=1.0)
    return db


@pytest.fixture
def db() -> Iterator[Database]:
    made = project()
    yield made
    made.close()


def documented(heading: str) -> set[str]:
    """Return the keys of the table below a heading."""
    section = re.split(rf"^##+ {re.escape(heading)}$", DOCUMENTED.read_text("utf-8"), flags=re.MULTILINE)[1]
    section = re.split(r"^##", section, flags=re.MULTILINE)[0]
    return set(re.findall(r"^\| `([^`]+)` \|", section, flags=re.MULTILINE))


def keys_of(value: Any, name: str = "") -> set[str]:
    """Return the paths of all leaves: `counts.units`, `units[].id`."""
    if name in OPEN or value is None:
        return {name}
    if isinstance(value, dict):
        return {key for part, inner in value.items() for key in keys_of(inner, f"{name}.{part}" if name else part)}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return {key for item in value for key in keys_of(item, f"{name}[]")}
    return {name}


def all_keys(items: list[Any]) -> set[str]:
    """Return the keys of all items; an empty list of units, or no theme, adds none of its own."""
    found = {key for item in items for key in keys_of(item)}
    return {key for key in found if not any(other.startswith((f"{key}[].", f"{key}.")) for other in found)}


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_every_file_holds_the_documented_keys(db: Database, tmp_path: Path) -> None:
    folder.write(db, tmp_path / "out", language="en")
    out = tmp_path / "out"
    assert sorted(path.name for path in out.iterdir()) == sorted(folder.FILES)
    assert all_keys([json.loads((out / "run.json").read_text("utf-8"))]) == documented("run.json")
    assert all_keys(json.loads((out / "themes.json").read_text("utf-8"))) == documented("themes.json")
    assert all_keys(read_lines(out / "verbatims.jsonl")) == documented("verbatims.jsonl")
    assert all_keys(read_lines(out / "customers.jsonl")) == documented("customers.jsonl")
    with (out / "rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        assert set(next(csv.reader(file))) == documented("rejected.csv")
    assert all_keys(list(entries(db, "units", NO_FILTERS))) == documented("units (jsonl)")


def test_rows_add_up_and_units_are_where_they_say(db: Database, tmp_path: Path) -> None:
    folder.write(db, tmp_path / "out", language="en")
    counts = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["counts"]
    said = read_lines(tmp_path / "out" / "verbatims.jsonl")
    assert counts["answers_read"] == counts["verbatims"] + counts["rejected"] + counts["set_aside"]
    assert counts["units"] == counts["units_themed"] + counts["units_unthemed"]
    assert counts["verbatims"] == len(said)
    assert [one["external_id"] for one in said] == sorted(one["external_id"] for one in said), "input order"
    units = [(one, unit) for one in said for unit in one["units"]]
    assert len(units) == counts["units"]
    assert all(one["text"][unit["start"] : unit["end"]] == unit["text"] for one, unit in units)
    themes = {theme["id"]: theme for theme in json.loads((tmp_path / "out" / "themes.json").read_text("utf-8"))}
    for theme_id in (factories.DELIVERY, factories.STAFF, factories.PRICE):
        assert themes[theme_id]["units"] == sum(unit["theme_id"] == theme_id for _, unit in units)
    assert sum(unit["theme_id"] is None for _, unit in units) == counts["units_unthemed"]


def test_rejected_rows_keep_row_reason_and_raw(db: Database, tmp_path: Path) -> None:
    folder.write(db, tmp_path / "out", language="en")
    raw = (tmp_path / "out" / "rejected.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), "Excel needs the BOM to see Chinese"
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert [(row["row"], row["reason"], row["raw"]) for row in rows] == [
        ("15", "encoding", "15,\ufffd\ufffd,3"),
        ("17", "columns", "17,好,3,x,y"),
    ]


def test_a_customers_file_does_not_upset_the_sum(db: Database, tmp_path: Path) -> None:
    with write(db):
        db.conn.execute("INSERT INTO rejected (row, reason, detail, raw) VALUES (3, 'no_customer_identity', '', 'x')")
    assert project_counts(db)["rejected"] == 2
    folder.write(db, tmp_path / "out", language="en")
    assert "no_customer_identity" in (tmp_path / "out" / "rejected.csv").read_text("utf-8-sig")


def test_other_things_in_the_folder_stay_and_a_failure_leaves_nothing(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("keep me", "utf-8")
    (out / "run.json").write_text("old", "utf-8")

    def fails(*args: object, **named: object) -> None:
        raise OSError(28, "No space left on device", "report.html")

    with monkeypatch.context() as patched:
        patched.setattr("app.export.folder.report.write", fails)
        with pytest.raises(OSError, match="No space"):
            folder.write(db, out, language="en")
    assert (out / "run.json").read_text("utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"], "nothing half-written beside it"
    folder.write(db, out, language="en")
    assert (out / "mine.txt").read_text("utf-8") == "keep me"
    assert json.loads((out / "run.json").read_text("utf-8"))["kind"] == "full"

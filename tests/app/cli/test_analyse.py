"""`xinsheng analyse` from files to a folder, with the shipped models and nothing else."""

import csv
import io
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.sample import SAMPLE_FILES

SAID = (
    "物流太慢了，等了一个星期",
    "快递很慢，三天还没发货",
    "发货慢，包裹一直没到",
    "快遞太慢，等了兩個星期",
    "配送速度太慢了",
    "Delivery was slow, it took two weeks",
    "The parcel arrived late",
    "Shipping is far too slow",
    "Late delivery again",
    "客服态度很好，很耐心",
    "客服回复很快，解决了问题",
    "客服小姐姐很热情",
    "客服態度很好",
    "客服很专业，点赞",
    "Customer service was friendly",
    "The support team was kind and helpful",
    "Great support, quick answers",
    "价格太贵了，不划算",
    "比别家贵很多",
    "性价比很低，价格偏高",
    "Too expensive for what it does",
    "The price went up again",
    "Overpriced compared to others",
    "咖啡味道很香",
    "豆子很新鲜，味道好",
    "The coffee tastes great",
    "Fresh beans, lovely taste",
)
NOTHING = ("无", "N/A", "")


def analyse(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["analyse", *arguments, "--lang", "en"], input=given)


def feedback(*, seed: int | None = None) -> bytes:
    rows = [(f"R{number:03}", text) for number, text in enumerate((*SAID, *NOTHING))]
    if seed is not None:
        random.Random(seed).shuffle(rows)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["编号", "评论内容"])
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def load(folder: Path) -> dict[str, Any]:
    return {
        "run": json.loads((folder / "run.json").read_text("utf-8")),
        "themes": json.loads((folder / "themes.json").read_text("utf-8")),
        "verbatims": [json.loads(line) for line in (folder / "verbatims.jsonl").read_text("utf-8").splitlines()],
        "customers": [json.loads(line) for line in (folder / "customers.jsonl").read_text("utf-8").splitlines()],
    }


def analysed(folder: Path, data: bytes, models: tuple[str, str] = ("shipped", "shipped")) -> dict[str, Any]:
    folder.mkdir()
    (folder / "reviews.csv").write_bytes(data)
    chosen = ("--encoder", models[0], "--sentiment", models[1])
    done = analyse(str(folder / "reviews.csv"), "--out", str(folder / "out"), "-q", *chosen)
    assert (done.exit_code, done.output) == (0, "")
    return load(folder / "out")


@pytest.mark.parametrize("models", [("shipped", "shipped"), ("base", "accurate")])
def test_a_small_file_gives_a_whole_folder_and_the_same_one_again_and_shuffled(
    models: tuple[str, str], tmp_path: Path
) -> None:
    first = analysed(tmp_path / "first", feedback(), models)
    assert [first["run"]["models"][role].split("-")[1] for role in ("encoder", "sentiment")] == [
        {"shipped": "encoder"}.get(models[0], models[0]),
        {"shipped": "sentiment"}.get(models[1], models[1]),
    ]
    counts = first["run"]["counts"]
    assert counts["rows_read"] == counts["answers_read"] == len(SAID) + len(NOTHING)
    assert counts["answers_read"] == counts["verbatims"] + counts["rejected"] + counts["set_aside"]
    assert counts["set_aside"] == len(NOTHING)
    assert len(first["themes"]) >= 2
    assert [one["external_id"] for one in first["verbatims"]] == [f"R{number:03}" for number in range(len(SAID))]
    again = analysed(tmp_path / "again", feedback(), models)
    shuffled = analysed(tmp_path / "shuffled", feedback(seed=7), models)
    by_id = {one["id"]: {**one, "row": None} for one in first["verbatims"]}
    for other in (again, shuffled):
        assert other["themes"] == first["themes"]
        assert {one["id"]: {**one, "row": None} for one in other["verbatims"]} == by_id


def test_standard_input_and_the_summary(tmp_path: Path) -> None:
    done = analyse("-", "--out", str(tmp_path / "out"), given=feedback())
    assert done.exit_code == 0
    assert f"{len(SAID)} verbatims" in done.stdout
    assert f"Report: {tmp_path / 'out' / 'report.html'}" in done.stdout
    assert "3 answers say nothing" in done.stdout
    assert "Reading stdin" in done.stderr
    assert load(tmp_path / "out")["verbatims"][0]["source"] == "stdin"


def test_files_of_the_same_bytes_count_once_and_of_the_same_name_twice(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.csv").write_bytes(feedback() if name != "c" else feedback(seed=1))
    files = [str(tmp_path / name / "x.csv") for name in ("a", "b", "c")]
    done = analyse(*files, "--out", str(tmp_path / "out"))
    assert done.exit_code == 0
    assert "was given twice" in done.stderr
    found = load(tmp_path / "out")
    assert len(found["verbatims"]) == 2 * len(SAID)
    assert len({one["source_id"] for one in found["verbatims"]}) == 2


def test_a_file_without_anything_said_is_one_line_and_no_folder(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("评论内容\n无\n没有\nN/A\n", "utf-8")
    done = analyse(str(tmp_path / "empty.csv"), "--out", str(tmp_path / "out"), "-q")
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["empty.csv"]


def test_a_mapping_chooses_the_column(tmp_path: Path) -> None:
    (tmp_path / "two.csv").write_text(
        "标题,评论内容\n" + "".join(f"标题{number}说了{text},{text}\n" for number, text in enumerate(SAID)), "utf-8"
    )
    (tmp_path / "mapping.json").write_text(json.dumps({"text": ["标题"], "title": None}), "utf-8")
    done = analyse(
        str(tmp_path / "two.csv"), "--mapping", str(tmp_path / "mapping.json"), "--out", str(tmp_path / "out"), "-q"
    )
    assert done.exit_code == 0, done.output
    assert all(one["text"].startswith("标题") for one in load(tmp_path / "out")["verbatims"])


def test_several_customers_files_complete_each_other(tmp_path: Path) -> None:
    said = "".join(f"C{number % 4},{text}\n" for number, text in enumerate(SAID))
    for name, text in (
        ("reviews.csv", f"客户编号,评论内容\n{said}"),
        ("roles.csv", "客户编号,岗位\n" + "".join(f"C{n},产品\n" for n in range(6))),
        ("plans.csv", "客户编号,套餐\n" + "".join(f"C{n},专业版\n" for n in range(6))),
    ):
        (tmp_path / name).write_text(text, "utf-8")
    given = [argument for name in ("roles", "plans") for argument in ("--customers", str(tmp_path / f"{name}.csv"))]
    done = analyse(str(tmp_path / "reviews.csv"), *given, "--out", str(tmp_path / "out"), "-q")
    assert done.exit_code == 0, done.output
    customers = load(tmp_path / "out")["customers"]
    assert {one["external_id"] for one in customers if one["verbatims"]} == {"C0", "C1", "C2", "C3"}
    assert all(one["attributes"] == {"岗位": "产品", "套餐": "专业版"} for one in customers)


@pytest.mark.slow
def test_the_sample_adds_up(tmp_path: Path) -> None:
    for file in SAMPLE_FILES:
        (tmp_path / file.name).write_bytes(file.path.read_bytes())
    feedback_files = [str(tmp_path / file.name) for file in SAMPLE_FILES if file.kind != "customers"]
    out = tmp_path / "out"
    done = analyse(*feedback_files, "--customers", str(tmp_path / "customers.csv"), "--out", str(out), "-q")
    assert done.exit_code == 0, done.output
    found = load(out)
    counts = found["run"]["counts"]
    assert counts["answers_read"] == counts["verbatims"] + counts["rejected"] + counts["set_aside"]
    assert counts["verbatims"] == len(found["verbatims"])
    units = [unit for one in found["verbatims"] for unit in one["units"]]
    assert counts["units"] == len(units) == counts["units_themed"] + counts["units_unthemed"]
    for theme in found["themes"]:
        assert sum(theme["sentiment"].values()) == theme["units"]
        if not theme["is_parent"]:
            assert theme["units"] == sum(unit["theme_id"] == theme["id"] for unit in units)
            assert set(theme["exemplars"]) <= {unit["id"] for unit in units if unit["theme_id"] == theme["id"]}
    for one in found["verbatims"]:
        assert all(one["text"][unit["start"] : unit["end"]] == unit["text"] for unit in one["units"])
    assert sum(one["verbatims"] for one in found["customers"]) == counts["verbatims"] - counts["unlinked"]
    assert counts["redactions"]["phone"] >= 1
    assert (out / "report.html").read_text("utf-8").count("<article") == min(40, counts["themes"])


@pytest.mark.slow
def test_an_interrupt_leaves_nothing(tmp_path: Path) -> None:
    # Enough to be at work for some seconds, so that the interrupt comes in the middle.
    rows = "".join(f"{text}，第{number}次\n" for number in range(100) for text in SAID)
    (tmp_path / "reviews.csv").write_text(f"评论内容\n{rows}", "utf-8")
    program = [sys.executable, "-c", "from app.cli import main; main()", "analyse", str(tmp_path / "reviews.csv")]
    running = subprocess.Popen([*program, "--out", str(tmp_path / "out")], stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None
    running.stderr.readline()
    time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in told
    assert [path.name for path in tmp_path.iterdir()] == ["reviews.csv"]

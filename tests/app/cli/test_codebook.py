"""`xinsheng codebook` and `xinsheng analyse --codebook`."""

import csv
import json
from pathlib import Path

from click.testing import CliRunner, Result

from app.cli import main
from tests.app.factories import NAMES, filled_project
from tests.pipelines.theme_factories import BATTERY, DELIVERY, PRICE, SERVICE

CODEBOOK = """中文名,英文名,上级,例句
物流,Delivery,售后,物流太慢|delivery is slow|快递很慢
隐私,Privacy,,个人信息泄露了|my data was leaked
,,,没有名字
"""


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments])


def test_analyse_with_a_codebook_writes_defined_and_found_themes(tmp_path: Path) -> None:
    (tmp_path / "codebook.csv").write_text(CODEBOOK, "utf-8")
    with (tmp_path / "reviews.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["评论内容"], *([text] for text in (*DELIVERY, *SERVICE, *BATTERY, *PRICE))])
    out = tmp_path / "out"
    done = call(
        "analyse", str(tmp_path / "reviews.csv"), "--codebook", str(tmp_path / "codebook.csv"), "--out", str(out),
        "--lang", "en",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "Codebook row 4: the theme has no name" in done.stderr
    themes = json.loads((out / "themes.json").read_text("utf-8"))
    defined = {theme["name"]["en"]: theme for theme in themes if theme["status"] == "defined"}
    assert defined["Privacy"]["units"] == 0
    assert defined["Delivery"]["units"] >= 0.7 * len(DELIVERY)
    assert any(theme["status"] == "found" for theme in themes)
    heading = next(theme for theme in themes if theme["id"] == defined["Delivery"]["parent_id"])
    assert heading["name"]["zh"] == "售后"
    counted = json.loads((out / "run.json").read_text("utf-8"))["counts"]["codebook"]
    assert len(counted["sha256"]) == 64
    assert (counted["themes"], counted["empty"]) == (3, 1)
    assert counted["units_by_theme"][defined["Delivery"]["id"]] == defined["Delivery"]["units"] == counted["units"]
    assert "Delivery" in (out / "report.html").read_text("utf-8")
    listed = call("codebook", str(out), "--lang", "en")
    assert listed.exit_code == 0
    assert "物流 / Delivery" in listed.output


def test_a_broken_codebook_is_one_line_and_no_folder(tmp_path: Path) -> None:
    (tmp_path / "reviews.csv").write_text("评论内容\n物流太慢\n", "utf-8")
    (tmp_path / "bad.qdc").write_text("<CodeBook>", "utf-8")
    for codebook in ("bad.qdc", "missing.csv"):
        done = call(
            "analyse",
            str(tmp_path / "reviews.csv"),
            "--codebook",
            str(tmp_path / codebook),
            "--out",
            str(tmp_path / "o"),
        )
        assert done.exit_code == 2
        assert len(done.stderr.strip().splitlines()) == 1
        assert not (tmp_path / "o").exists()


def test_a_codebook_is_listed_and_converted(tmp_path: Path) -> None:
    assert "  物流配送 / Delivery  (18 examples)" in call("codebook", "starter", "--lang", "en").output
    qdc, table, back = (str(tmp_path / name) for name in ("a.qdc", "b.csv", "c.qdc"))
    for source, out in (("starter", qdc), (qdc, table), (table, back)):
        assert call("codebook", source, "--out", out).exit_code == 0
    assert Path(back).read_bytes() == Path(qdc).read_bytes()


def test_a_projects_themes_leave_as_a_codebook(tmp_path: Path) -> None:
    filled_project(tmp_path)
    project = ("--data", str(tmp_path), "--project", "demo", "--lang", "en")
    assert call("codebook", *project).output.strip() == "The codebook is empty."
    listed = call("codebook", *project, "--themes").output
    assert all(f"{zh} / {en}" in listed for zh, en in NAMES.values())


def test_what_cannot_be_is_said(tmp_path: Path) -> None:
    for arguments in ((), ("a.csv", "--project", "p"), ("starter", "--themes"), ("starter", "--out", "x.pdf")):
        done = call("codebook", *arguments)
        assert done.exit_code == 2
        assert done.stderr.startswith("xinsheng: ")

import io

from app.cli.progress import CLEAR, Progress, pad, width


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_one_line_drawn_over() -> None:
    out = Terminal()
    shown = Progress(out, language="zh")
    shown.about = "评价.csv"
    shown("read", 0, 1)
    shown("embed", 50, 100)
    shown("embed", 100, 100)
    shown.close()
    text = out.getvalue()
    assert "\n" not in text
    assert text.endswith(CLEAR)
    assert "向量化" in text
    assert "50/100" in text
    assert "100%" in text
    assert "评价.csv" in text


def test_a_terminal_is_not_flooded() -> None:
    out = Terminal()
    shown = Progress(out, language="en")
    for done in range(10_000):
        shown("embed", done, 10_000)
    assert out.getvalue().count(CLEAR) < 100


def test_elsewhere_every_stage_is_one_line() -> None:
    out = io.StringIO()
    shown = Progress(out, language="en")
    for stage in ("split", "embed"):
        for done in range(5):
            shown(stage, done, 5)
    shown.close()
    assert out.getvalue() == "Splitting into opinions\nEmbedding\n"


def test_chinese_takes_two_columns() -> None:
    assert width("主题 a") == 6
    assert pad("主题", 6) == "主题  "
    assert width(pad("a主", 10)) == 10

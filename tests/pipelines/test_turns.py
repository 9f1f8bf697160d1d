import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.records import Turn
from pipelines.turns import Cue, seconds, turns_from_cues, turns_from_lines


def _turns(text: str) -> tuple[Turn, ...]:
    return turns_from_lines(list(enumerate(text.split("\n"), start=1)))


def test_names_with_colons_in_chinese() -> None:
    turns = _turns(
        "访谈记录\n\n采访者：平时怎么点外卖？\n受访者：一般用手机。\n晚上比较多。\n采访者：满意吗？\n受访者：还行，就是慢。"
    )
    assert [(turn.row, turn.speaker, turn.role) for turn in turns] == [
        (3, "采访者", "interviewer"),
        (4, "受访者", "respondent"),
        (6, "采访者", "interviewer"),
        (7, "受访者", "respondent"),
    ]
    assert turns[1].text == "一般用手机。\n晚上比较多。"


def test_times_over_the_text() -> None:
    turns = _turns(
        "Ana Li  0:03\nWelcome.\n\nBo Chen  0:09\nThanks, glad to be here.\n\nAna Li  1:02:03\nShall we?\n\n"
        "Bo Chen  1:02:10\nYes.\n\nTranscribed by https://otter.ai"
    )
    assert [(turn.speaker, turn.start, turn.end) for turn in turns] == [
        ("Ana Li", 3.0, 9.0),
        ("Bo Chen", 9.0, 3723.0),
        ("Ana Li", 3723.0, 3730.0),
        ("Bo Chen", 3730.0, None),
    ]
    assert turns[-1].text == "Yes."


def test_layouts_of_meeting_tools() -> None:
    for text in (
        "[00:12] 张三:开始吧\n[00:15] 李四:好的，我先说\n[00:20] 张三:请讲\n[00:25] 李四:物流慢",
        "00:00:12 张三\n开始吧\n00:00:15 李四\n好的，我先说\n00:00:20 张三\n请讲\n00:00:25 李四\n物流慢",
        "张三(00:00:12): 开始吧\n李四(00:00:15): 好的，我先说\n张三(00:00:20): 请讲\n李四(00:00:25): 物流慢",
        "张三 00:00:12.480 \n开始吧\n\n李四 00:00:15.480 \n好的，我先说\n\n"
        "张三 00:00:20.480 \n请讲\n\n李四 00:00:25.480 \n物流慢",
    ):
        turns = _turns(text)
        assert [turn.speaker for turn in turns] == ["张三", "李四", "张三", "李四"], text
        assert turns[3].text == "物流慢"
        assert int(turns[1].start or 0) == 15


def test_bare_names_over_what_they_said() -> None:
    block = "Ana Li  \nWhat slows you down?\n\nBo Chen  \nThe search, mostly.\n\n"
    turns = _turns("# Interview\n\nInterviewer is Ana Li.\n\n" + block * 3)
    assert len(turns) == 6
    assert turns[0].role == "interviewer"
    assert turns[1].role == "respondent"


def test_markdown_labels() -> None:
    turns = _turns("**Mod:** Why?\n\n**P1:** It is slow: really slow.\n\n**Mod**: Since when?\n\n**P1:** March.")
    assert [turn.speaker for turn in turns] == ["Mod", "P1", "Mod", "P1"]
    assert turns[1].text == "It is slow: really slow."


def test_reviews_with_headings_are_no_conversation() -> None:
    assert _turns("优点：屏幕好\n缺点：续航差\n优点：便宜\n缺点：重\n优点：快\n缺点：贵") == ()
    assert _turns("Pros: cheap\nCons: heavy\nPros: fast\nCons: dear") == ()
    assert _turns("The app is slow.\nI waited: ten minutes.\nSupport was kind.") == ()
    assert _turns("") == ()


def test_who_asks_most_is_the_interviewer() -> None:
    turns = _turns(
        "李明：您多久来一次？\n王芳：每周。\n李明：为什么选这家店？\n王芳：近，而且便宜。\n李明：有什么不满意的吗？\n王芳：排队久。"
    )
    assert {turn.speaker: turn.role for turn in turns} == {"李明": "interviewer", "王芳": "respondent"}


def test_cues_are_joined_into_sentences_and_by_speaker() -> None:
    cues = [
        Cue(number=1, start=0.0, end=1.0, text="So the first thing I do every morning"),
        Cue(number=2, start=1.1, end=2.0, text="is to open the dashboard and look."),
        Cue(number=3, start=2.1, end=3.0, text="It is slow."),
    ]
    turns = turns_from_cues(cues)
    assert turns[0].text == "So the first thing I do every morning is to open the dashboard and look."
    assert (turns[0].start, turns[0].end) == (0.0, 2.0)
    spoken = [
        Cue(number=n, start=n, end=n + 0.9, text=f"part {n}", speaker="Ana" if n < 3 else "Bo") for n in range(1, 5)
    ]
    assert [(turn.speaker, turn.text) for turn in turns_from_cues(spoken)] == [
        ("Ana", "part 1 part 2"),
        ("Bo", "part 3 part 4"),
    ]


def test_chinese_cues_without_punctuation_get_a_comma_and_no_space() -> None:
    cues = [Cue(number=1, start=0, end=1, text="我觉得物流太慢"), Cue(number=2, start=1, end=2, text="客服倒是不错")]
    assert [turn.text for turn in turns_from_cues(cues)] == ["我觉得物流太慢，客服倒是不错"]


def test_a_long_pause_ends_a_turn() -> None:
    cues = [Cue(number=1, start=0, end=1, text="Hello."), Cue(number=2, start=9, end=10, text="Back again.")]
    assert len(turns_from_cues(cues)) == 2


def test_timecodes() -> None:
    assert seconds("1:02:03.5") == 3723.5
    assert seconds("02:03") == 123


@given(st.lists(st.text(max_size=30), max_size=30))
def test_any_lines_give_turns_with_text(lines: list[str]) -> None:
    turns = turns_from_lines(list(enumerate(lines, start=1)))
    assert all(turn.text.strip() and turn.speaker for turn in turns)
    assert [turn.row for turn in turns] == sorted(turn.row for turn in turns)


@pytest.mark.parametrize(
    "saved",
    [
        "2026-03-01 10:0{n}:01 {who}\n{said}\n\n",
        "2026/3/1 10:0{n} {who}(10{n}54321)\n{said}\n\n",
        "[2026/3/1, 10:0{n}:07] {who}: {said}\n",
        "3/1/26, 10:0{n} AM - {who}: {said}\n",
    ],
)
def test_saved_chats_keep_who_spoke_and_set_the_company_apart(saved: str) -> None:
    talk = [("客服小陈", "您好"), ("阿梅", "快递还没到"), ("客服小陈", "帮您查一下"), ("阿梅", "已经一周了")]
    text = "".join(saved.format(n=n, who=who, said=said) for n, (who, said) in enumerate(talk))
    turns = turns_from_lines(list(enumerate(text.split("\n"), start=1)))
    assert [(turn.speaker, turn.text) for turn in turns] == talk
    assert [turn.role for turn in turns] == ["interviewer", "respondent"] * 2


def test_in_an_interview_with_support_staff_they_answer() -> None:
    lines = ["访谈者：忙吗？", "客服A：很忙。", "访谈者：为什么？", "客服A：系统太慢。"]
    turns = turns_from_lines(list(enumerate(lines, start=1)))
    assert [turn.role for turn in turns] == ["interviewer", "respondent"] * 2

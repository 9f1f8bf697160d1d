import itertools
import json

import pytest

from pipelines.mapping import ColumnMapping
from pipelines.read import REJECTION_REASONS, Table, UnreadableFile, read_file, responses
from pipelines.records import Answer, Rejected, SurveyResponse, Turn

HEADER = "编号,评论内容,评分,时间\n"
ROWS = [
    "1,物流太慢了，等了两周,2,2026/3/1 9:12\n",
    "2,客服很耐心,5,2026/3/2 10:00\n",
    "3,包装破了，希望改进,1,2026/3/3 8:30\n",
]
ROWS = [row.replace("，", "，") for row in ROWS]
MAPPING = ColumnMapping(text=("评论内容",), score="评分", created_at="时间", external_id="编号")


def _read(text: str, *, encoding: str = "utf-8", name: str = "feedback.csv") -> Table:
    return read_file(text.encode(encoding), name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_same_rows_from_every_encoding(encoding: str) -> None:
    table = _read(HEADER + "".join(ROWS), encoding=encoding)
    assert table.columns == ("编号", "评论内容", "评分", "时间")
    assert [number for number, _ in table.rows] == [2, 3, 4]
    assert table.rows[0][1] == ("1", "物流太慢了，等了两周", "2", "2026/3/1 9:12")


def test_big5_with_traditional_chinese() -> None:
    table = _read("編號;評論內容\n1;物流太慢了，客服態度不好\n2;東西不錯，下次還會買\n", encoding="big5")
    assert table.encoding == "big5"
    assert table.rows[1][1] == ("2", "東西不錯，下次還會買")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "，"])
def test_any_delimiter(delimiter: str) -> None:
    rows = [["id", "comment", "rating"], ["1", "Too slow to load", "2"], ["2", "Kind and quick", "5"]]
    table = _read("\n".join(delimiter.join(row) for row in rows))
    assert table.columns == ("id", "comment", "rating")
    assert table.rows[0] == (2, ("1", "Too slow to load", "2"))


def test_broken_rows_are_listed_and_the_rest_go_on() -> None:
    for encoding, other in (("utf-8", "gbk"), ("gbk", "utf-8")):
        lines = [HEADER.encode(encoding), *(row.encode(encoding) for row in ROWS * 4)]
        lines[3] = "2,客服很耐心".encode(other)[:-1] + b"\xff\xff,5,2026/3/2 10:00\n"
        table = read_file(b"".join(lines), "mixed.csv")
        assert [(bad.row, bad.reason) for bad in table.rejected] == [(4, "encoding")]
        assert len(table.rows) == 11
        table.rejected[0].raw.encode("utf-8")


def test_rows_with_too_many_cells_are_listed_and_short_ones_padded() -> None:
    table = _read("id,comment,rating\n1,fine,4\n2,a,b,c,d\n3,short\n4,fine too,5\n5,trailing,3,,\n")
    assert [(bad.row, bad.reason, bad.detail) for bad in table.rejected] == [(3, "columns", "5 cells, 3 columns")]
    assert table.rows[1] == (4, ("3", "short", ""))
    assert table.rows[3] == (6, ("5", "trailing", "3"))


def test_multi_line_cells_count_as_one_row() -> None:
    table = _read('id,comment\n1,"first line\nsecond, line\n\nfourth"\n2,after\n')
    assert table.rows == [(2, ("1", "first line\nsecond, line\n\nfourth")), (3, ("2", "after"))]


def test_a_quote_never_closed_loses_one_row_only() -> None:
    rows = [f"{n},comment number {n} of many,4" for n in range(1, 30)]
    rows[9] = '10,"never closed,4'
    table = _read("id,comment,rating\n" + "\n".join(rows) + "\n")
    assert [(bad.row, bad.reason) for bad in table.rejected] == [(11, "quotes")]
    assert len(table.rows) == 28
    assert table.rows[-1] == (30, ("29", "comment number 29 of many", "4"))


def test_a_long_quoted_cell_with_many_lines_is_no_accident() -> None:
    long = "\n".join(f"line {n}, with a comma" for n in range(40))
    table = _read(f'id,comment,rating\n1,"{long}",4\n2,short,5\n')
    assert not table.rejected
    assert table.rows[0][1][1] == long


def test_nul_bytes_huge_cells_and_odd_line_ends() -> None:
    table = _read("id,comment\r1,sl\0ow\r2," + "x" * 400_000 + "\r")
    assert table.rows[0][1] == ("1", "slow")
    assert len(table.rows[1][1][1]) == 400_000
    assert "nul_removed" in table.notes
    separated = _read("id,comment\n1,a\u2028b\x0bc\n2,d\n")
    assert separated.rows[0][1] == ("1", "a\u2028b\x0bc")


def test_the_line_that_tells_excel_its_delimiter_is_no_row() -> None:
    table = _read("sep=;\nid;comment\n1;slow, really slow\n2;fine\n")
    assert table.columns == ("id", "comment")
    assert table.rows[0] == (3, ("1", "slow, really slow"))


def test_a_header_repeated_among_the_rows_is_listed() -> None:
    table = _read(HEADER + ROWS[0] + HEADER + ROWS[1])
    assert [(bad.row, bad.reason) for bad in table.rejected] == [(3, "header")]
    pasted = _read("\ufeff" + HEADER + ROWS[0] + "\ufeff" + HEADER + ROWS[1])
    assert [(bad.row, bad.reason) for bad in pasted.rejected] == [(3, "header")]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.csv", "empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "a.csv", "empty"),
        (b"id,comment\n", "a.csv", "no_rows"),
        (b"%PDF-1.7\n%\xe2\xe3", "a.csv", "pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "a.txt", "image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a.jpg", "image"),
        (b"ID3\x04\0\0\0\0", "a.mp3", "audio"),
        (b"\x1f\x8b\x08\0\0", "a.csv", "archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "a.doc", "old_office"),
        (b"PK\x03\x04 cut off", "a.xlsx", "damaged"),
        (b"<html><body><p>Please log in</p></body></html>", "a.xls", "no_table"),
        (b'{"items": [', "a.json", "bad_json"),
        (b'{"a": 1, "b": {}}', "a.json", "no_list"),
        (b"{\\rtf1\\ansi hello}", "a.doc", "old_office"),
        (b'<?xml version="1.0"?><Workbook><Row/></Workbook>', "a.xls", "xml"),
        (b"[" * 200_000, "a.json", "too_deep"),
        (bytes(n * 7 % 256 for n in range(3_000)), "a.txt", "unknown_format"),
        (b"WEBVTT\n\n", "a.vtt", "empty"),
        ((",".join(f"c{n}" for n in range(4000)) + "\n" + ",".join("1" * 4000)).encode(), "a.csv", "too_many_columns"),
    ],
)
def test_a_file_that_gives_nothing_says_why_in_both_languages(data: bytes, name: str, code: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_file(data, name)
    assert caught.value.code == code
    assert caught.value.message_en.endswith(".")
    assert caught.value.message_zh.endswith("。")


def test_responses_carry_everything_a_row_says() -> None:
    table = _read(
        "id,user_id,name,email,phone,comment,rating,date,stage,city\n"
        "r1,u9,Ana Li,ana@example.org,13800000000,Too slow,2,2026-03-01,delivery,Oslo\n"
    )
    mapping = ColumnMapping(
        text=("comment",), score="rating", created_at="date", external_id="id", customer_id="user_id", email="email",
        phone="phone", customer_name="name", touchpoint="stage", attributes=("city",),
    )  # fmt: skip
    (response,) = responses(table, mapping)
    assert isinstance(response, SurveyResponse)
    assert response.answers == (Answer(question=None, text="Too slow"),)
    assert (response.row, response.external_id, response.created_at, response.touchpoint) == (
        2,
        "r1",
        "2026-03-01",
        "delivery",
    )
    assert response.customer is not None
    assert (response.customer.external_id, response.customer.email, response.customer.phone) == (
        "u9",
        "ana@example.org",
        "13800000000",
    )
    assert [(score.value, score.scale, score.low, score.high) for score in response.scores] == [
        (2.0, "stars", 1.0, 5.0)
    ]
    assert response.attributes == {"city": "Oslo"}


def test_every_row_comes_out_once_and_in_order() -> None:
    table = _read("id,comment,rating\n1,fine,4\n2,a,b,c,d\n3,,2\n4,slow,1\n5,x,y,z,z\n")
    found = list(responses(table, ColumnMapping(text=("comment",), score="rating", external_id="id")))
    assert [item.row for item in found] == [2, 3, 4, 5, 6]
    assert [isinstance(item, Rejected) for item in found] == [False, True, False, False, True]
    silent = found[2]
    assert isinstance(silent, SurveyResponse)
    assert silent.answers == (Answer(question=None, text=""),)
    assert len(silent.scores) == 1


def test_one_answer_per_answered_question_with_the_question_kept() -> None:
    table = _read("What do you like?,What should change?\nThe staff,\nThe price,More stock\n")
    first, second = responses(table, ColumnMapping(text=table.columns))
    assert isinstance(first, SurveyResponse)
    assert isinstance(second, SurveyResponse)
    assert first.answers == (Answer(question="What do you like?", text="The staff"),)
    assert [answer.question for answer in second.answers] == ["What do you like?", "What should change?"]


def test_equal_questions_stay_apart() -> None:
    table = _read(
        "Q1,Q2,Q3\nWhat do you like most?,What do you like most?,How old are you?\nprice,staff,old\nshop,stock,older\n"
    )
    (first, *_) = responses(table, ColumnMapping(text=("Q1", "Q2")))
    assert isinstance(first, SurveyResponse)
    assert len({answer.question for answer in first.answers}) == 2


def test_a_headline_and_its_review_are_one_answer() -> None:
    table = _read("title,review\nNever again,Late and cold.\n,Nice.\nOnly a title,\nGreat,Great value for money\n")
    mapping = ColumnMapping(text=("review",), title="title")
    texts = [item.answers[0].text for item in responses(table, mapping) if isinstance(item, SurveyResponse)]
    assert texts == ["Never again\nLate and cold.", "Nice.", "Only a title", "Great value for money"]


def test_what_cannot_be_read_stays_visible() -> None:
    table = _read(
        "comment,rating,date\nslow,4,2026-03-01\nfine,unsure,last week\ngood,5,2026-03-02\n"
        "ok,3,2026-03-03\nbad,1,2026-03-04\nso,2,2026-03-05\n"
    )
    found = list(
        itertools.islice(responses(table, ColumnMapping(text=("comment",), score="rating", created_at="date")), 1, 2)
    )
    assert isinstance(found[0], SurveyResponse)
    assert found[0].attributes == {"rating": "unsure", "date": "last week"}
    assert (found[0].scores, found[0].created_at) == ((), None)


def test_days_and_months_are_told_apart_by_the_whole_column() -> None:
    table = _read("comment,date\na,01/02/2026\nb,25/12/2025\n")
    dates = [
        item.created_at
        for item in responses(table, ColumnMapping(text=("comment",), created_at="date"))
        if isinstance(item, SurveyResponse)
    ]
    assert dates == ["2026-02-01", "2025-12-25"]


def test_a_scale_said_by_a_person_counts() -> None:
    table = _read("comment,points\na,3\nb,4\n")
    mapping = ColumnMapping(text=("comment",), score="points", scale="ces", scale_low=1, scale_high=7)
    (first, _) = responses(table, mapping)
    assert isinstance(first, SurveyResponse)
    assert [(score.scale, score.low, score.high) for score in first.scores] == [("ces", 1, 7)]


def test_plain_text_by_lines_and_by_paragraphs() -> None:
    lines = _read("物流太慢了\n客服很耐心\n包装破了\n", name="notes.txt")
    assert (lines.kind, lines.columns) == ("text", ("text",))
    assert lines.rows == [(1, ("物流太慢了",)), (2, ("客服很耐心",)), (3, ("包装破了",))]
    paragraphs = _read("Slow to load,\nevery day.\n\nKind staff\nthough.\n", name="notes.txt")
    assert paragraphs.rows == [(1, ("Slow to load,\nevery day.",)), (4, ("Kind staff\nthough.",))]


def test_a_transcript_has_turns_and_rows_to_preview() -> None:
    table = _read(
        "采访者：平时怎么点外卖？\n受访者：一般用手机。\n采访者：满意吗？\n受访者：还行，就是慢。\n",
        name="interview.txt",
    )
    assert table.kind == "transcript"
    assert [turn.role for turn in table.turns] == ["interviewer", "respondent"] * 2
    assert table.rows[1] == (2, ("受访者", "", "一般用手机。"))


def test_json_is_flattened_and_lone_surrogates_do_no_harm() -> None:
    table = _read(
        '[{"id": 1, "user": {"name": "Ana", "deep": {"a": 1}}, "text": "fine \\ud83d", "tags": ["a", "b"]}, "bare", 7]',
        name="a.json",
    )
    assert table.columns == ("id", "user.name", "user.deep.a", "text", "tags")
    assert table.rows[0][1] == ("1", "Ana", "1", "fine �", "a┋b")
    assert table.rows[1][1][3] == "bare"
    assert [(bad.row, bad.reason) for bad in table.rejected] == [(3, "json")]


def test_json_too_deep_or_too_wide_for_columns_stays_json() -> None:
    deep = {"text": "fine", "a": {"b": {"c": {"d": {"e": 1}}}}}
    wide = {"text": "good", "seen": {f"p{n}": n for n in range(100)}}
    table = _read(json.dumps([deep, wide]), name="a.json")
    assert table.columns == ("text", "a.b.c.d", "seen")
    assert table.rows[0][1][1] == '{"e": 1}'
    assert json.loads(table.rows[1][1][2]) == wide["seen"]


def test_records_deep_inside_an_object_under_their_ids_and_in_a_feed() -> None:
    review = {"title": {"label": "Slow"}, "content": {"label": "Too slow", "attributes": {"type": "text"}}}
    feed = _read(json.dumps({"feed": {"author": {"name": "shop"}, "entry": [review, review]}}), name="feed.json")
    assert (feed.columns, feed.rows[1][1]) == (("title", "content"), ("Slow", "Too slow"))
    by_id = _read(json.dumps({"r1": {"text": "好"}, "r2": {"text": "慢", "stars": 1}}), name="a.json")
    assert (by_id.columns, [cells for _, cells in by_id.rows]) == (("text", "stars"), [("好", ""), ("慢", "1")])
    single = _read('{"text": "late", "user": {"id": 7}, "history": {"seen": [{"at": 1}, {"at": 2}]}}', name="a.json")
    assert single.rows[0][1][:2] == ("late", "7")


def test_answers_in_a_list_are_columns_and_json_is_no_text() -> None:
    answers = [{"field": {"ref": "q1"}, "text": "Too slow"}, {"field": {"ref": "q2"}, "number": 9}]
    table = _read(json.dumps({"items": [{"id": "r1", "answers": answers}]}), name="a.json")
    assert table.columns == ("id", "answers.1.field.ref", "answers.1.text", "answers.2.field.ref", "answers.2.number")
    assert table.rows[0][1][2] == "Too slow"


def test_what_the_company_says_in_a_support_conversation_is_nobodys_feedback() -> None:
    said = [
        ("客服", "您好，请问有什么可以帮您？"),
        ("客戶", "快递太慢了"),
        ("机器人", "正在转接人工"),
        ("客户", "还是没到"),
    ]
    table = _read("会话,角色,消息内容\n" + "".join(f"S1,{who},{text}\n" for who, text in said))
    items = list(responses(table, ColumnMapping(text=("消息内容",))))
    assert [item.role for item in items if isinstance(item, Turn)] == ["interviewer"] * 2
    assert [item.answers[0].text for item in items if isinstance(item, SurveyResponse)] == ["快递太慢了", "还是没到"]
    asked = _read("角色,意见\n商家,结算太慢\n用户,送得慢\n")
    assert not any(isinstance(item, Turn) for item in responses(asked, ColumnMapping(text=("意见",))))


def test_a_broken_line_of_jsonl_loses_only_itself() -> None:
    table = _read('{"text": "a"}\n{"text": \n\n{"text": "c"}\n', name="a.jsonl")
    assert table.rows == [(1, ("a",)), (4, ("c",))]
    assert [(bad.row, bad.reason) for bad in table.rejected] == [(2, "json")]


def test_json_by_columns_and_a_single_record() -> None:
    by_lists = _read('{"text": ["slow app", "kind staff"], "stars": [1, 5]}', name="a.json")
    by_numbers = _read('{"text": {"0": "slow app", "1": "kind staff"}, "stars": {"0": 1, "1": 5}}', name="a.json")
    assert by_lists.rows == by_numbers.rows == [(1, ("slow app", "1")), (2, ("kind staff", "5"))]
    assert _read('{"text": "only one", "stars": 3}', name="a.json").rows == [(1, ("only one", "3"))]


def test_objects_over_several_lines_are_read_with_their_first_line() -> None:
    table = _read('{\n "text": "a"\n}\n{\n "text": "b"\n}\n', name="a.jsonl")
    assert table.rows == [(1, ("a",)), (4, ("b",))]


def test_a_table_with_speakers_is_a_conversation() -> None:
    rows = "Ana,0,What is slow?\nBo,4,The search.\nAna,9,And why?\nBo,12,No idea.\n"
    table = _read("speaker,start,text\n" + rows, name="talk.csv")
    assert [(turn.speaker, turn.role, turn.start) for turn in table.turns] == [
        ("Ana", "interviewer", 0.0),
        ("Bo", "respondent", 4.0),
        ("Ana", "interviewer", 9.0),
        ("Bo", "respondent", 12.0),
    ]
    segments = '{"start": 0, "end": 1, "text": "So it is"}, {"start": 1, "end": 2, "text": "slow."}'
    whisper = f'{{"text": "x", "segments": [{segments}]}}'
    assert [turn.text for turn in _read(whisper, name="w.json").turns] == ["So it is slow."]


def test_prose_with_commas_is_not_cut_into_columns() -> None:
    prose = _read("Great phone, love it\nBattery is bad, really\nScreen fine\nOk\n")
    assert prose.rows[0] == (1, ("Great phone, love it",))
    assert prose.notes == ("no_header",)
    chinese = _read("物流快，包装好，服务佳\n价格贵，味道差，不推荐\n还行，一般，凑合\n", name="notes.txt")
    assert len(chinese.columns) == 1


def test_a_csv_called_a_workbook_is_still_a_table() -> None:
    assert _read("id,comment\n1,slow\n2,kind\n", name="export.xlsx").columns == ("id", "comment")


def test_every_reason_has_words_in_both_languages() -> None:
    assert all(english and chinese for english, chinese in REJECTION_REASONS.values())

from hypothesis import given
from hypothesis import strategies as st

from pipelines.headers import Header, find_header, unique_names


def _header(*rows: tuple[str, ...]) -> Header:
    return find_header(list(enumerate(rows, start=1)))


def test_a_plain_header() -> None:
    header = _header(("id", "comment", "rating"), ("1", "Slow delivery again", "2"), ("2", "Kind staff", "5"))
    assert (header.columns, header.rows, header.notes) == (("id", "comment", "rating"), 1, ())


def test_repeated_and_empty_names_are_made_unique() -> None:
    assert unique_names(["text", "", "text", "text (2)", "text"]) == (
        "text",
        "column 2",
        "text (2)",
        "text (2) (2)",
        "text (3)",
    )
    assert unique_names(["评论", "", "评论"]) == ("评论", "第2列", "评论 (2)")


def test_titles_above_the_header_are_skipped() -> None:
    header = _header(
        ("2026 年客户反馈汇总", "", "", ""),
        ("导出时间：2026-03-01", "", "", ""),
        ("序号", "评论内容", "评分", "城市"),
        ("1", "物流太慢", "2", "杭州"),
        ("2", "客服耐心", "5", "上海"),
    )
    assert header.columns == ("序号", "评论内容", "评分", "城市")
    assert header.rows == 3
    assert header.notes == ("title_rows:2",)


def test_no_header_gives_generated_names() -> None:
    rows = (
        ("2026-01-02", "Slow delivery, again.", "2"),
        ("2026-01-03", "Kind staff.", "5"),
        ("2026-01-04", "Fine.", "4"),
    )
    assert _header(*rows).columns == ("column 1", "column 2", "column 3")
    assert _header(*rows).rows == 0
    assert _header(("1", "物流太慢，不会再来了。"), ("2", "客服很耐心，谢谢。")).columns == ("第1列", "第2列")


def test_three_rows_as_qualtrics_exports_them() -> None:
    header = _header(
        ("StartDate", "ResponseId", "Q1_NPS_GROUP", "Q2"),
        ("Start Date", "Response ID", "How likely are you to recommend us? - Group", "What should we improve?"),
        (
            '{"ImportId":"startDate","timeZone":"UTC"}',
            '{"ImportId":"_recordId"}',
            '{"ImportId":"QID1_NPS_GROUP"}',
            '{"ImportId":"QID2_TEXT"}',
        ),
        ("2026-03-01 09:12:00", "R_1a", "Promoter", "Nothing really"),
    )
    assert header.rows == 3
    assert header.columns == ("StartDate", "ResponseId", "Q1_NPS_GROUP", "Q2")
    assert header.questions["Q2"] == "What should we improve?"
    assert header.notes == ("header_rows:3",)


def test_two_rows_as_surveymonkey_exports_them() -> None:
    header = _header(
        ("Respondent ID", "End Date", "How did you hear about us?", "", "What could we do better?"),
        ("", "", "Friends", "Advertising", "Open-Ended Response"),
        ("11801", "03/14/2026 09:12:00 AM", "Friends", "", "Open earlier on Sundays"),
        ("11802", "03/15/2026 10:12:00 AM", "", "Advertising", "More staff at the desk"),
    )
    assert header.rows == 2
    assert header.columns == (
        "Respondent ID",
        "End Date",
        "How did you hear about us? - Friends",
        "How did you hear about us? - Advertising",
        "What could we do better?",
    )


def test_codes_over_questions() -> None:
    header = _header(
        ("Q1", "Q2", "Q3"),
        ("您的性别是？", "您对物流满意吗？", "您还有什么建议？"),
        ("男", "满意", "希望周末也能送货"),
        ("女", "一般", "包装可以再结实一点"),
        ("男", "满意", "客服回复快一些"),
    )
    assert header.columns == ("Q1", "Q2", "Q3")
    assert header.rows == 2
    assert header.questions == {"Q1": "您的性别是？", "Q2": "您对物流满意吗？", "Q3": "您还有什么建议？"}


def test_a_first_answer_is_no_second_header_row() -> None:
    header = _header(
        ("name", "city", "comment"), ("Ana", "Oslo", "Slow"), ("Bo", "Bergen", "Fine"), ("Cy", "Oslo", "Good")
    )
    assert header.rows == 1


@given(st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=5), min_size=1, max_size=10))
def test_any_rows_give_unique_names(rows: list[list[str]]) -> None:
    header = _header(*(tuple(row) for row in rows))
    assert len(set(header.columns)) == len(header.columns) > 0
    assert all(header.columns)
    assert 0 <= header.rows <= len(rows)

"""The vocabulary of column names, in both languages and both scripts."""

import pytest

from pipelines.column_names import is_question, named_role, plain_name


@pytest.mark.parametrize(
    ("role", "names"),
    [
        (
            "text",
            [
                "评论内容",
                "3、您的建议：",
                "留言详情",
                "Review Text",
                "Q3_TEXT",
                "ReviewBody",
                "Negative_Review",
                "nps_comment",
            ],
        ),
        ("text", ["評論內容", "意見回饋", "使用心得", "顧客評價"]),
        ("title", ["Review Title", "留言主题"]),
        ("reply", ["答复意见", "商家回复", "Developer Reply Text"]),
        ("score", ["評分", "整體滿意度", "Q2.您对本次体验打几分（1-5分）"]),
        ("score", ["NPS分值", "star", "Overall Rating", "您有多大可能将我们推荐给朋友"]),
        ("created_at", ["提交答卷时间", "creationTime", "Date of review", "create_time", "評論時間", "填答時間"]),
        (
            "customer_id",
            ["user_id", "userId", "客户编号", "uid", "cust_id", "source.author.id", "會員編號", "用戶帳號"],
        ),
        ("external_id", ["review_id", "工单编号", "tweet_id"]),
        ("customer_name", ["昵称", "author.name", "客户昵称"]),
        ("score", ["评分(满分5分)", "满意度（1-5分）"]),
        ("text", ["您的建议（选填）", "短评"]),
        ("phone", ["手机号", "您的手机", "行動電話", "聯絡電話"]),
        ("email", ["E-mail", "邮箱"]),
        ("technical", ["来自IP", "IP Address"]),
        ("touchpoint", ["触点"]),
        ("coded", ["first_experience_enhancements_keywords"]),
        (None, ["whatever", "productId"]),
    ],
)
def test_names_in_both_languages(role: str | None, names: list[str]) -> None:
    assert {name: named_role(name) for name in names} == dict.fromkeys(names, role)


def test_a_long_question_is_no_field_for_the_words_in_it() -> None:
    assert named_role("使用AI帮您写回复时，您通常不满意的地方是什么呢？") != "reply"
    assert plain_name("12、 Ｒｅｖｉｅｗ_Text：") == "reviewtext"
    assert is_question("您平时多久来一次店里？")
    assert not is_question("Created At")

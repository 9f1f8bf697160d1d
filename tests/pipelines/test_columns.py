"""Proposals over the layouts of the usual exports; all text here is made up."""

import itertools

import pytest

from pipelines.column_names import is_question, named_role, plain_name
from pipelines.columns import REASONS, Proposal, propose_mapping
from pipelines.read import Table, read_file

ZH = (
    "物流太慢了，等了一周才到", "客服很耐心，问题马上解决了", "包装破损，东西也少了一件", "质量不错，下次还会买", "价格有点贵，但是味道好",
    "尺码偏小，退货也麻烦", "页面总是卡住，付款失败两次", "送货小哥态度好，上楼也快", "说明书看不懂，装了半天", "颜色和图片不一样，有点失望",
)  # fmt: skip
EN = (
    "Delivery took three weeks, far too long", "Support solved it the same day, thank you", "The box arrived torn and one part was missing",
    "Good quality, I will buy again", "A little dear, but it tastes great", "Runs small and returning it was painful",
    "The page froze twice while paying", "Friendly driver who carried it upstairs", "I could not follow the manual at all",
    "The colour looks nothing like the picture",
)  # fmt: skip


def _table(columns: list[str], *cells: list[object], rows: int = 40) -> Table:
    """Return a table whose columns repeat the given cells until there are enough rows."""
    wheels = [itertools.cycle(values) for values in cells]
    lines = [[str(next(wheel)) for wheel in wheels] for _ in range(rows)]
    text = "\n".join("\t".join(row) for row in [columns, *lines])
    return read_file(text.encode(), "export.tsv")


def _texts(texts: tuple[str, ...], count: int = 40) -> list[str]:
    return [f"{texts[n % len(texts)]} {texts[(n * 7 + n // len(texts) + 3) % len(texts)]}" for n in range(count)]


def _numbers(start: int = 1, count: int = 40) -> list[int]:
    return list(range(start, start + count))


def _propose(*arguments) -> Proposal:
    proposal = propose_mapping(_table(*arguments))
    assert set(proposal.reasons.values()) <= set(REASONS)
    return proposal


def test_chinese_shop_reviews() -> None:
    proposal = _propose(
        ["订单号", "会员号", "昵称", "评论内容", "评分", "评论时间", "商品名称", "商家回复", "点赞数"],
        _numbers(90001), _numbers(500)[:20], [f"小{name}" for name in "张王李赵钱孙周吴郑冯"], _texts(ZH), [5, 4, 1, 3],
        ["2026/3/1 9:12", "2026/3/2 10:00"], ["保温杯", "电饭煲"], ["亲，感谢您的支持，我们会继续努力的哦", "您好，已为您补发，请留意查收"], [0, 1, 12],
    )  # fmt: skip
    mapping = proposal.mapping
    assert proposal.kind == "feedback"
    assert mapping.text == ("评论内容",)
    assert (mapping.external_id, mapping.customer_id, mapping.customer_name) == ("订单号", "会员号", "昵称")
    assert (mapping.score, mapping.scale, mapping.created_at) == ("评分", "stars", "评论时间")
    assert mapping.attributes == ("商品名称",)
    assert proposal.reasons["商家回复"] == "reply_of_office"


def test_app_store_reviews() -> None:
    mapping = _propose(
        ["Package Name", "Reviewer Language", "Device", "Review Submit Date and Time", "Review Submit Millis Since Epoch", "Star Rating", "Review Title", "Review Text", "Developer Reply Text", "Review Link"],
        ["com.example.app"], ["en", "zh"], ["phone", "tablet"], ["2026-03-01T09:12:33Z", "2026-03-02T09:12:33Z"], _numbers(1772327553000), [5, 4, 2, 1],
        _texts(("Love it", "Too slow now", "Crashes a lot", "Works for me", "Needs dark mode")), _texts(EN), ["Thank you for your kind words, we are on it.", "Sorry to hear, please write to us."],
        [f"http://play.example/{n}" for n in range(40)],
    ).mapping  # fmt: skip
    assert (mapping.text, mapping.title) == (("Review Text",), "Review Title")
    assert (mapping.score, mapping.scale_low, mapping.scale_high) == ("Star Rating", 1, 5)
    assert mapping.created_at == "Review Submit Date and Time"
    assert not {"Developer Reply Text", "Review Link"} & set(mapping.attributes)
    assert {"Reviewer Language", "Device"} <= set(mapping.attributes)


def test_wenjuanxing_export() -> None:
    proposal = _propose(
        ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP", "1、您的性别：", "2、您对配送是否满意？", "3、您购买过哪些产品？", "4、您对我们还有什么建议？", "总分"],
        _numbers(), ["2026/3/1 9:12:00", "2026/3/2 10:00:00"], ["128秒", "64秒"], ["微信", "链接"], ["N/A"], ["112.10.2.3(浙江-杭州)", "58.20.1.9(湖南-长沙)"],
        ["男", "女"], ["非常满意", "满意", "一般", "不满意"], ["水杯┋锅具", "水杯", "锅具┋餐具"], ["无", "(空)", *_texts(ZH, 20)], [80, 60],
    )  # fmt: skip
    mapping = proposal.mapping
    assert mapping.text == ("4、您对我们还有什么建议？",)
    assert (mapping.external_id, mapping.created_at) == ("序号", "提交答卷时间")
    assert (mapping.score, mapping.scale, mapping.scale_high) == ("2、您对配送是否满意？", "csat", 5)
    assert set(mapping.attributes) == {"来源", "1、您的性别：", "3、您购买过哪些产品？"}


def test_qualtrics_export() -> None:
    header = "StartDate,EndDate,Status,IPAddress,Duration (in seconds),Finished,RecordedDate,ResponseId,RecipientEmail,ExternalReference,UserLanguage,Q1,Q1_NPS_GROUP,Q2_TEXT"
    asked = "Start Date,End Date,Response Type,IP Address,Duration (in seconds),Finished,Recorded Date,Response ID,Recipient Email,External Data Reference,User Language,How likely are you to recommend us?,How likely are you to recommend us? - Group,What is the reason for your score?"
    ids = ",".join('"{""ImportId"":""Q""}"' for _ in header.split(","))
    rows = [
        f'2026-03-01 09:00:00,2026-03-01 09:05:00,IP Address,10.0.0.{n},300,True,2026-03-01 09:05:0{n % 10},R_{n}aZ,p{n}@example.org,C-{n},EN,{n % 11},Promoter,"{text}"'
        for n, text in enumerate(_texts(EN))
    ]
    table = read_file("\n".join([header, asked, ids, *rows]).encode(), "qualtrics.csv")
    proposal = propose_mapping(table)
    mapping = proposal.mapping
    assert (len(table.rows), table.rows[0][0]) == (40, 4)
    assert mapping.text == ("Q2_TEXT",)
    assert table.questions["Q2_TEXT"] == "What is the reason for your score?"
    assert (mapping.score, mapping.scale, mapping.scale_low, mapping.scale_high) == ("Q1", "nps", 0, 10)
    assert (mapping.external_id, mapping.customer_id, mapping.email) == (
        "ResponseId",
        "ExternalReference",
        "RecipientEmail",
    )
    assert mapping.created_at == "RecordedDate"


def test_surveymonkey_export() -> None:
    header = "Respondent ID,Collector ID,Start Date,End Date,IP Address,Email Address,First Name,How satisfied are you with us?,Which products do you use?,,What could we do better?"
    second = ",,,,,,,Response,Mug,Pan,Open-Ended Response"
    rows = [
        f'{118000 + n},77,03/14/2026 09:12:00 AM,03/14/2026 09:1{n % 10}:00 AM,10.0.0.{n},p{n}@example.org,Pat{n},{("Very satisfied", "Neutral")[n % 2]},{("Mug", "")[n % 2]},Pan,"{text}"'
        for n, text in enumerate(_texts(EN))
    ]
    table = read_file("\n".join([header, second, *rows]).encode(), "monkey.csv")
    mapping = propose_mapping(table).mapping
    assert mapping.text == ("What could we do better?",)
    assert (mapping.external_id, mapping.email, mapping.created_at) == ("Respondent ID", "Email Address", "End Date")
    assert (mapping.score, mapping.scale) == ("How satisfied are you with us?", "csat")


def test_google_forms_and_typeform_exports() -> None:
    forms = _propose(
        ["Timestamp", "Email Address", "How did you hear about us?", "What did you like most?", "What should we improve?"],
        ["3/1/2026 9:12:33", "3/14/2026 10:00:00"], [f"p{n}@example.org" for n in range(40)], ["Friends", "Advert", "Search"], _texts(EN), _texts(EN[::-1]),
    ).mapping  # fmt: skip
    assert forms.text == ("What did you like most?", "What should we improve?")
    assert (forms.created_at, forms.email) == ("Timestamp", "Email Address")
    typeform = _propose(
        ["#", "How likely are you to recommend us to a friend?", "Why?", "Start Date (UTC)", "Submit Date (UTC)", "Network ID", "Tags"],
        [f"tok{n}x" for n in range(40)], [9, 10, 3, 7], _texts(EN), ["2026-03-01 09:00:00"], ["2026-03-01 09:12:00"], [f"{n:x}abc9" for n in range(40)], [""],
    ).mapping  # fmt: skip
    assert typeform.text == ("Why?",)
    assert (typeform.score, typeform.scale, typeform.created_at) == (
        "How likely are you to recommend us to a friend?",
        "nps",
        "Submit Date (UTC)",
    )


def test_open_questions_in_numbered_columns_are_each_their_own() -> None:
    columns = [f"Wish #{n}: What would you like to see changed?" for n in (1, 2, 3)]
    assert _propose(["Role", *columns], ["student", "teacher"], *([_texts(EN)] * 3)).mapping.text == tuple(columns)


def test_contents_decide_where_names_say_nothing() -> None:
    mapping = _propose(
        ["a", "b", "c", "d"], _numbers(7), _texts(EN), ["2026-03-01", "2026-03-04"], ["north", "south"]
    ).mapping
    assert (mapping.text, mapping.created_at) == (("b",), "c")
    assert "d" in mapping.attributes


def test_a_name_alone_decides_nothing() -> None:
    mapping = _propose(["comment", "notes on it"], [4, 5, 3, 2], _texts(EN)).mapping
    assert mapping.text == ("notes on it",)


def test_copied_reviews_are_still_text() -> None:
    assert _propose(["content", "color"], _texts(ZH)[:9], ["red", "blue"]).mapping.text == ("content",)


def test_an_id_ruined_by_a_spreadsheet_is_none() -> None:
    proposal = _propose(["用户ID", "评论内容"], ["1.00008E+11", "1.00003E+11"], _texts(ZH))
    assert proposal.mapping.customer_id is None
    assert proposal.reasons["用户ID"] == "ruined_by_spreadsheet"


def test_an_id_that_repeats_is_none() -> None:
    proposal = _propose(["id", "comment"], _numbers()[:20], _texts(EN))
    assert proposal.mapping.external_id is None
    assert proposal.reasons["id"] == "id_repeats"


def test_an_overall_score_comes_before_the_parts() -> None:
    proposal = _propose(["口味评分", "环境评分", "总体评分", "评价内容"], [5, 4, 3], [1, 2], [5, 3], _texts(ZH))
    assert proposal.mapping.score == "总体评分"
    assert {"口味评分", "环境评分"} <= set(proposal.mapping.attributes)


def test_a_battery_of_ratings_has_no_one_score() -> None:
    columns = [f"The teacher was {word}" for word in ("prepared", "clear", "kind", "fair")]
    proposal = _propose([*columns, "Any other comments"], [5, 4, 3], [4, 4, 2], [5, 3], [1, 5], _texts(EN))
    assert proposal.mapping.score is None
    assert proposal.mapping.attributes == tuple(columns)


def test_customer_records() -> None:
    proposal = _propose(
        ["客户编号", "姓名", "手机号", "会员等级", "注册日期"],
        [f"C{n:04}" for n in range(40)], [f"王{n}" for n in range(40)], [f"138{n:08}" for n in range(40)], ["金卡", "银卡"], ["2025-03-01", "2025-04-01"],
    )  # fmt: skip
    mapping = proposal.mapping
    assert proposal.kind == "customers"
    assert (mapping.customer_id, mapping.phone, mapping.customer_name) == ("客户编号", "手机号", "姓名")
    assert mapping.attributes == ("会员等级", "注册日期")


@pytest.mark.parametrize("columns", [["1、您的性别：", "2、您的年龄段："], ["themes", "keywords"]])
def test_a_file_without_free_text_says_so(columns: list[str]) -> None:
    proposal = _propose(columns, ["男", "女"], ["同意", "不同意", "非常同意"])
    assert proposal.kind == "unusable"
    assert proposal.message_en.startswith("No column holds free text")
    assert proposal.message_zh


def test_orders_are_no_customer_records() -> None:
    proposal = _propose(["account", "stage", "amount"], ["Acme", "Globex"], ["won", "lost"], _numbers(100))
    assert proposal.kind == "unusable"


def test_ambiguous_dates_are_said() -> None:
    proposal = _propose(["comment", "date"], _texts(EN), ["01/02/2026", "03/04/2026"])
    assert "date" in proposal.message_en
    assert proposal.message_zh


def test_text_and_transcripts_need_no_columns() -> None:
    assert propose_mapping(read_file("物流太慢\n客服耐心".encode(), "a.txt")).mapping.text == ("text",)
    talk = "采访者：怎么样？\n受访者：不错。\n采访者：还有吗？\n受访者：没有了。"
    assert propose_mapping(read_file(talk.encode(), "a.txt")).kind == "transcript"


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("评论内容", "text"), ("3、您的建议：", "text"), ("Review Text", "text"), ("Q3_TEXT", "text"), ("ReviewBody", "text"), ("留言详情", "text"),
        ("Negative_Review", "text"), ("提交答卷时间", "created_at"), ("creationTime", "created_at"), ("Date of review", "created_at"),
        ("user_id", "customer_id"), ("userId", "customer_id"), ("客户编号", "customer_id"), ("review_id", "external_id"), ("工单编号", "external_id"),
        ("手机号", "phone"), ("E-mail", "email"), ("昵称", "customer_name"), ("author.name", "customer_name"), ("NPS分值", "score"), ("star", "score"),
        ("您有多大可能将我们推荐给朋友", "score"), ("答复意见", "reply"), ("商家回复", "reply"), ("来自IP", "technical"), ("触点", "touchpoint"),
        ("difficult_aspects_keywords", "coded"), ("Review Title", "title"), ("whatever", None),
    ],
)  # fmt: skip
def test_names_in_both_languages(name: str, role: str | None) -> None:
    assert named_role(name) == role


def test_a_long_question_is_no_field_for_the_words_in_it() -> None:
    assert named_role("使用AI帮您写回复时，您通常不满意的地方是什么呢？") != "reply"
    assert plain_name("12、 Ｒｅｖｉｅｗ_Text：") == "reviewtext"
    assert is_question("您平时多久来一次店里？")
    assert not is_question("Created At")

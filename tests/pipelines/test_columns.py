"""Proposals over the layouts of the usual exports; all text here is made up."""

import csv
import io
import itertools
from collections.abc import Mapping, Sequence

import pytest

from pipelines.columns import REASONS, Proposal, propose_mapping
from pipelines.read import read_file, responses
from pipelines.records import SurveyResponse

ZH = (
    "物流太慢了，等了一周才到",
    "客服很耐心，问题马上解决了",
    "包装破损，东西也少了一件",
    "质量不错，下次还会买",
    "价格有点贵，但是味道好",
    "尺码偏小，退货也麻烦",
    "页面总是卡住，付款失败两次",
    "送货小哥态度好，上楼也快",
    "说明书看不懂，装了半天",
    "颜色和图片不一样，有点失望",
)
EN = (
    "Delivery took three weeks, far too long",
    "Support solved it the same day, thank you",
    "The box arrived torn and one part was missing",
    "Good quality, I will buy again",
    "A little dear, but it tastes great",
    "Runs small and returning it was painful",
    "The page froze twice while paying",
    "Friendly driver who carried it upstairs",
    "I could not follow the manual at all",
    "The colour looks nothing like the picture",
)
HEADLINES = ("Love it", "Too slow now", "Crashes a lot", "Works for me", "Needs dark mode")
OFFICE_ZH = ("亲，感谢您的支持，我们会继续努力的哦", "您好，已为您补发，请留意查收")
OFFICE_EN = ("Thank you for your kind words, we are on it.", "Sorry to hear, please write to us.")
ROWS = 40

Columns = Mapping[str, Sequence[object]]


def _csv(columns: Columns, *headers: Sequence[str]) -> str:
    """Return a csv whose columns repeat the given cells until there are enough rows, under any number of headers."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerows(headers or [list(columns)])
    wheels = [itertools.cycle(cells) for cells in columns.values()]
    writer.writerows([[next(wheel) for wheel in wheels] for _ in range(ROWS)])
    return file.getvalue()


def _texts(texts: Sequence[str], count: int = ROWS) -> list[str]:
    size = len(texts)
    return [f"{texts[n % size]} {texts[(n * 7 + n // size + 3) % size]}" for n in range(count)]


def _numbers(start: int = 1, count: int = ROWS) -> list[int]:
    return list(range(start, start + count))


def _emails() -> list[str]:
    return [f"p{n}@example.org" for n in range(ROWS)]


def _propose(columns: Columns) -> Proposal:
    proposal = propose_mapping(read_file(_csv(columns).encode(), "export.csv"))
    assert set(proposal.reasons.values()) <= set(REASONS)
    return proposal


def test_chinese_shop_reviews() -> None:
    proposal = _propose(
        {
            "订单号": _numbers(90001),
            "会员号": _numbers(500)[:20],
            "昵称": [f"小{name}" for name in "张王李赵钱孙周吴郑冯"],
            "评论内容": _texts(ZH),
            "评分": [5, 4, 1, 3],
            "评论时间": ["2026/3/1 9:12", "2026/3/2 10:00"],
            "商品名称": ["保温杯", "电饭煲"],
            "商家回复": OFFICE_ZH,
            "点赞数": [0, 1, 12],
        }
    )
    mapping = proposal.mapping
    assert proposal.kind == "feedback"
    assert mapping.text == ("评论内容",)
    assert (mapping.external_id, mapping.customer_id, mapping.customer_name) == ("订单号", "会员号", "昵称")
    assert (mapping.score, mapping.scale, mapping.created_at) == ("评分", "stars", "评论时间")
    assert mapping.attributes == ("商品名称",)
    assert proposal.reasons["商家回复"] == "reply_of_office"


def test_app_store_reviews() -> None:
    mapping = _propose(
        {
            "Package Name": ["com.example.app"],
            "Reviewer Language": ["en", "zh"],
            "Device": ["phone", "tablet"],
            "Review Submit Date and Time": ["2026-03-01T09:12:33Z", "2026-03-02T09:12:33Z"],
            "Review Submit Millis Since Epoch": _numbers(1772327553000),
            "Star Rating": [5, 4, 2, 1],
            "Review Title": _texts(HEADLINES),
            "Review Text": _texts(EN),
            "Developer Reply Text": OFFICE_EN,
            "Review Link": [f"http://play.example/{n}" for n in range(ROWS)],
        }
    ).mapping
    assert (mapping.text, mapping.title) == (("Review Text",), "Review Title")
    assert (mapping.score, mapping.scale_low, mapping.scale_high) == ("Star Rating", 1, 5)
    assert mapping.created_at == "Review Submit Date and Time"
    assert not {"Developer Reply Text", "Review Link"} & set(mapping.attributes)
    assert {"Reviewer Language", "Device"} <= set(mapping.attributes)


def test_wenjuanxing_export() -> None:
    mapping = _propose(
        {
            "序号": _numbers(),
            "提交答卷时间": ["2026/3/1 9:12:00", "2026/3/2 10:00:00"],
            "所用时间": ["128秒", "64秒"],
            "来源": ["微信", "链接"],
            "来源详情": ["N/A"],
            "来自IP": ["112.10.2.3(浙江-杭州)", "58.20.1.9(湖南-长沙)"],
            "1、您的性别：": ["男", "女"],
            "2、您对配送是否满意？": ["非常满意", "满意", "一般", "不满意"],
            "3、您购买过哪些产品？": ["水杯┋锅具", "水杯", "锅具┋餐具"],
            "4、您对我们还有什么建议？": ["无", "(空)", *_texts(ZH, 20)],
            "总分": [80, 60],
        }
    ).mapping
    assert mapping.text == ("4、您对我们还有什么建议？",)
    assert (mapping.external_id, mapping.created_at) == ("序号", "提交答卷时间")
    assert (mapping.score, mapping.scale, mapping.scale_high) == ("2、您对配送是否满意？", "csat", 5)
    assert set(mapping.attributes) == {"来源", "1、您的性别：", "3、您购买过哪些产品？"}


def test_tencent_survey_export() -> None:
    mapping = _propose(
        {
            "编号": _numbers(),
            "开始答题时间": ["2026-03-01 09:00:00"],
            "结束答题时间": ["2026-03-01 09:05:00"],
            "答题时长": ["5分0秒", "3分20秒"],
            "语言": ["简体中文"],
            "地理位置省": ["浙江", "湖南"],
            "用户标识": [f"wx{n:06x}" for n in range(ROWS)],
            "Q1_您有多大可能将我们推荐给朋友？": [9, 10, 6, 3],
            "Q2_您给出这个分数的主要原因是什么？": _texts(ZH),
        }
    ).mapping
    assert mapping.text == ("Q2_您给出这个分数的主要原因是什么？",)
    assert (mapping.score, mapping.scale, mapping.scale_low) == ("Q1_您有多大可能将我们推荐给朋友？", "nps", 0)
    assert (mapping.external_id, mapping.customer_id, mapping.created_at) == ("编号", "用户标识", "结束答题时间")


def test_qualtrics_export() -> None:
    columns: Columns = {
        "StartDate": ["2026-03-01 09:00:00"],
        "EndDate": ["2026-03-01 09:05:00"],
        "Status": ["IP Address"],
        "IPAddress": [f"10.0.0.{n}" for n in range(ROWS)],
        "Duration (in seconds)": [300, 41],
        "RecordedDate": ["2026-03-01 09:05:01"],
        "ResponseId": [f"R_{n}aZ" for n in range(ROWS)],
        "RecipientEmail": _emails(),
        "ExternalReference": [f"C-{n}" for n in range(ROWS)],
        "Q1": list(range(11)),
        "Q1_NPS_GROUP": ["Promoter", "Detractor"],
        "Q2_TEXT": _texts(EN),
    }
    asked = {
        "Q1": "How likely are you to recommend us?",
        "Q1_NPS_GROUP": "How likely are you to recommend us? - Group",
        "Q2_TEXT": "What is the reason for your score?",
    }
    ids = ['{"ImportId":"QID' + str(n) + '"}' for n in range(len(columns))]
    text = _csv(columns, list(columns), [asked.get(name, name) for name in columns], ids)
    table = read_file(text.encode(), "qualtrics.csv")
    mapping = propose_mapping(table).mapping
    assert (len(table.rows), table.rows[0][0]) == (ROWS, 4)
    assert mapping.text == ("Q2_TEXT",)
    assert table.questions["Q2_TEXT"] == "What is the reason for your score?"
    assert (mapping.score, mapping.scale, mapping.scale_low, mapping.scale_high) == ("Q1", "nps", 0, 10)
    assert (mapping.external_id, mapping.customer_id) == ("ResponseId", "ExternalReference")
    assert (mapping.email, mapping.created_at) == ("RecipientEmail", "RecordedDate")
    (first, *_) = responses(table, mapping)
    assert isinstance(first, SurveyResponse)
    assert first.answers[0].question == "What is the reason for your score?"


def test_surveymonkey_export() -> None:
    columns: Columns = {
        "Respondent ID": _numbers(118000),
        "Collector ID": [77],
        "Start Date": ["03/14/2026 09:12:00 AM"],
        "End Date": ["03/14/2026 09:15:00 AM"],
        "IP Address": ["10.0.0.1", "10.0.0.2"],
        "Email Address": _emails(),
        "How satisfied are you with us?": ["Very satisfied", "Neutral"],
        "Which products do you use?": ["Mug", ""],
        "": ["Pan"],
        "What could we do better?": _texts(EN),
    }
    options = ["", "", "", "", "", "", "Response", "Mug", "Pan", "Open-Ended Response"]
    mapping = propose_mapping(read_file(_csv(columns, list(columns), options).encode(), "monkey.csv")).mapping
    assert mapping.text == ("What could we do better?",)
    assert (mapping.external_id, mapping.email, mapping.created_at) == ("Respondent ID", "Email Address", "End Date")
    assert (mapping.score, mapping.scale) == ("How satisfied are you with us?", "csat")


def test_google_forms_export() -> None:
    mapping = _propose(
        {
            "Timestamp": ["3/1/2026 9:12:33", "3/14/2026 10:00:00"],
            "Email Address": _emails(),
            "How did you hear about us?": ["Friends", "Advert", "Search"],
            "What did you like most?": _texts(EN),
            "What should we improve?": _texts(EN[::-1]),
        }
    ).mapping
    assert mapping.text == ("What did you like most?", "What should we improve?")
    assert (mapping.created_at, mapping.email) == ("Timestamp", "Email Address")


def test_typeform_export() -> None:
    asked = "How likely are you to recommend us to a friend?"
    mapping = _propose(
        {
            "#": [f"tok{n}x" for n in range(ROWS)],
            asked: [9, 10, 3, 7],
            "Why?": _texts(EN),
            "Start Date (UTC)": ["2026-03-01 09:00:00"],
            "Submit Date (UTC)": ["2026-03-01 09:12:00"],
            "Network ID": [f"{n:x}abc9" for n in range(ROWS)],
            "Tags": [""],
        }
    ).mapping
    assert mapping.text == ("Why?",)
    assert (mapping.score, mapping.scale, mapping.created_at) == (asked, "nps", "Submit Date (UTC)")


def test_open_questions_in_numbered_columns_are_each_their_own() -> None:
    columns = [f"Wish #{n}: What would you like to see changed?" for n in (1, 2, 3)]
    assert _propose({"Role": ["student", "teacher"], **dict.fromkeys(columns, _texts(EN))}).mapping.text == tuple(
        columns
    )


def test_contents_decide_where_names_say_nothing() -> None:
    mapping = _propose(
        {"a": _numbers(7), "b": _texts(EN), "c": ["2026-03-01", "2026-03-04"], "d": ["north", "south"]}
    ).mapping
    assert (mapping.text, mapping.created_at) == (("b",), "c")
    assert "d" in mapping.attributes


def test_a_name_alone_decides_nothing() -> None:
    assert _propose({"comment": [4, 5, 3, 2], "notes on it": _texts(EN)}).mapping.text == ("notes on it",)


def test_copied_reviews_are_still_text() -> None:
    assert _propose({"content": _texts(ZH)[:9], "color": ["red", "blue"]}).mapping.text == ("content",)


def test_an_id_ruined_by_a_spreadsheet_is_none() -> None:
    proposal = _propose({"用户ID": ["1.00008E+11", "1.00003E+11"], "评论内容": _texts(ZH)})
    assert proposal.mapping.customer_id is None
    assert proposal.reasons["用户ID"] == "ruined_by_spreadsheet"


def test_an_id_that_repeats_is_none() -> None:
    proposal = _propose({"id": _numbers()[:20], "comment": _texts(EN)})
    assert proposal.mapping.external_id is None
    assert proposal.reasons["id"] == "id_repeats"


def test_an_overall_score_comes_before_the_parts() -> None:
    columns: Columns = {"口味评分": [5, 4, 3], "环境评分": [1, 2], "总体评分": [5, 3], "评价内容": _texts(ZH)}
    mapping = _propose(columns).mapping
    assert mapping.score == "总体评分"
    assert {"口味评分", "环境评分"} <= set(mapping.attributes)


def test_a_battery_of_ratings_has_no_one_score() -> None:
    ratings: Columns = {f"The teacher was {word}": [5, 4, 3, 1] for word in ("prepared", "clear", "kind", "fair")}
    mapping = _propose({**ratings, "Any other comments": _texts(EN)}).mapping
    assert mapping.score is None
    assert mapping.attributes == tuple(ratings)


def test_customer_records() -> None:
    proposal = _propose(
        {
            "客户编号": [f"C{n:04}" for n in range(ROWS)],
            "姓名": [f"王{n}" for n in range(ROWS)],
            "手机号": [f"138{n:08}" for n in range(ROWS)],
            "会员等级": ["金卡", "银卡"],
            "注册日期": ["2025-03-01", "2025-04-01"],
        }
    )
    mapping = proposal.mapping
    assert proposal.kind == "customers"
    assert (mapping.customer_id, mapping.phone, mapping.customer_name) == ("客户编号", "手机号", "姓名")
    assert mapping.attributes == ("会员等级", "注册日期")


@pytest.mark.parametrize("columns", [["1、您的性别：", "2、您的年龄段："], ["themes", "keywords"]])
def test_a_file_without_free_text_says_so(columns: list[str]) -> None:
    proposal = _propose(dict(zip(columns, (["男", "女"], ["同意", "不同意", "非常同意"]), strict=True)))
    assert proposal.kind == "unusable"
    assert proposal.message_en.startswith("No column holds free text")
    assert proposal.message_zh


def test_orders_are_no_customer_records() -> None:
    proposal = _propose({"account": ["Acme", "Globex"], "stage": ["won", "lost"], "amount": _numbers(100)})
    assert proposal.kind == "unusable"


def test_a_table_in_traditional_chinese_is_proposed_like_one_in_simplified() -> None:
    columns = {
        "訂單編號": [f"T{n:03d}" for n in range(ROWS)],
        "顧客編號": [f"C{n:02d}" for n in range(20)],
        "評論內容": _texts(ZH),
        "整體滿意度": ["非常滿意", "滿意", "不滿意"],
        "評論時間": ["2026-03-01", "2026-03-02"],
        "商家回覆": ["感謝您的支持，歡迎再次光臨！"],
    }
    mapping = _propose(columns).mapping
    assert (mapping.external_id, mapping.customer_id, mapping.text) == ("訂單編號", "顧客編號", ("評論內容",))
    assert (mapping.score, mapping.scale_high, mapping.created_at) == ("整體滿意度", 5.0, "評論時間")


@pytest.mark.parametrize("texts", [["很好，物流快"], ["无", "没有", "N/A", ""]])
def test_a_column_named_as_the_text_is_the_text_even_if_all_say_the_same(texts: list[str]) -> None:
    proposal = _propose({"评论内容": texts, "评分": ["5", "4", "3"]})
    assert (proposal.kind, proposal.mapping.text, proposal.mapping.score) == ("feedback", ("评论内容",), "评分")


def test_an_empty_column_for_notes_makes_no_feedback_of_customer_records() -> None:
    columns = {"客户编号": [f"C{n:02d}" for n in range(ROWS)], "等级": ["金", "银"], "备注": ["无"], "反馈": ["无", ""]}
    assert _propose(columns).kind == "customers"


def test_dates_typed_and_pasted_together_are_one_column_of_dates() -> None:
    proposal = _propose({"comment": _texts(EN), "date": ["2026/3/1", "46082", "20260301", "2026-03-04 10:00"]})
    assert proposal.mapping.created_at == "date"


def test_ambiguous_dates_are_said() -> None:
    proposal = _propose({"comment": _texts(EN), "date": ["01/02/2026", "03/04/2026"]})
    assert "date" in proposal.message_en
    assert proposal.message_zh


def test_text_and_transcripts_need_no_columns() -> None:
    assert propose_mapping(read_file("物流太慢\n客服耐心".encode(), "a.txt")).mapping.text == ("text",)
    talk = "采访者：怎么样？\n受访者：不错。\n采访者：还有吗？\n受访者：没有了。"
    assert propose_mapping(read_file(talk.encode(), "a.txt")).kind == "transcript"

"""The sample must be whole and hang together: other tests, the tour and the screenshots stand on it."""

import csv
import io
import re
from collections import Counter
from datetime import date, datetime

import pytest

from app.sample import SAMPLE_FILES
from pipelines.columns import propose_mapping
from pipelines.customers import CustomersRead, customers_from
from pipelines.link import index_customers, link
from pipelines.read import read_file
from pipelines.records import CustomerRef, Verbatim

NPS = "您有多大可能向朋友推荐山雀？(NPS 0-10)"
CES = "解决问题轻松吗？(CES 1-7)"
WHY, IMPROVE = "打这个分数的主要原因是什么？", "如果只能改进一件事，您希望是什么？"
FIRST, LAST = date(2026, 4, 1), date(2026, 9, 30)


def contents(name: str) -> bytes:
    return next(file for file in SAMPLE_FILES if file.name == name).path.read_bytes()


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(contents(name).decode("utf-8-sig"), newline="")))


def customers() -> CustomersRead:
    return customers_from(
        enumerate(rows("customers.csv"), start=2),
        customer_id="客户编号",
        email="邮箱",
        phone="手机号",
        name="姓名",
        salt="sample",
    )


def day(text: str) -> date | None:
    for form in ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def verbatims() -> list[Verbatim]:
    """One per feedback row: links and dates are per row, so the open answers of a response are joined."""
    said = [
        (row["评论ID"], row["评论内容"], row["评论时间"], CustomerRef(external_id=row["客户编号"]))
        for row in rows("reviews.csv")
    ] + [
        (
            row["答卷编号"],
            f"{row[WHY]}\n{row[IMPROVE]}",
            row["提交时间"],
            CustomerRef(email=row["Email"], phone=row["手机号"]),
        )
        for row in rows("survey.csv")
    ]
    return [
        Verbatim(
            id=key,
            source_id="sample",
            row=number,
            text=text,
            language="zh",
            created_at=found.isoformat() if (found := day(when)) else None,
            customer=ref,
        )
        for number, (key, text, when, ref) in enumerate(said, start=2)
    ]


@pytest.mark.parametrize("file", SAMPLE_FILES, ids=lambda file: file.name)
def test_every_file_is_read_as_what_it_is(file: object) -> None:
    named = next(one for one in SAMPLE_FILES if one == file)
    table = read_file(named.path.read_bytes(), named.name)
    assert table.rejected == ()
    assert propose_mapping(table).kind == named.kind


def test_there_is_enough_of_everything() -> None:
    reviews, survey = rows("reviews.csv"), rows("survey.csv")
    assert 380 <= len(reviews) + len(survey) <= 440
    assert len(survey) == 140
    assert len(customers().customers) == 60
    assert min(Counter(row["评论时间"][:7] for row in reviews).values()) >= 30
    assert len({row["渠道"] for row in reviews}) == 4
    assert len({row["触点"] for row in survey}) == 7
    assert len({row["评论ID"] for row in reviews} | {row["答卷编号"] for row in survey}) == len(reviews) + len(survey)


def test_both_languages_are_there_and_so_are_mixed_and_traditional() -> None:
    texts = [verbatim.text for verbatim in verbatims()]
    english = [text for text in texts if len(re.findall(r"[A-Za-z]{2,}", text)) >= 3]
    mixed = [text for text in english if re.search(r"[\u4e00-\u9fff]{2}", text)]
    traditional = [text for text in texts if re.search("[這說沒個還過聲價]", text)]
    assert len(english) >= 100
    assert len(mixed) >= 5
    assert len(traditional) >= 8


def test_only_the_intended_copies_are_alike() -> None:
    counts = Counter(row["评论内容"] for row in rows("reviews.csv") if row["评论内容"])
    assert {text for text, count in counts.items() if count > 1} == {
        "此用户没有填写评价。",
        "还不错",
        "质量很好，物流很快，推荐购买",
        "Great product, fast delivery.",
    }


def test_exactly_one_date_and_one_score_are_broken() -> None:
    reviews, survey = rows("reviews.csv"), rows("survey.csv")
    days = [day(row["评论时间"]) for row in reviews] + [day(row["提交时间"]) for row in survey]
    assert days.count(None) == 1
    assert all(FIRST <= found <= LAST for found in days if found)
    assert [row["评分"] for row in reviews if row["评分"] not in {"1", "2", "3", "4", "5"}] == ["很好"]
    assert {row[NPS] for row in survey} <= {"", *map(str, range(11))}
    assert {row[CES] for row in survey} <= {"", *map(str, range(1, 8))}
    assert sum(bool(row[CES]) for row in survey) >= 15


def test_feedback_finds_its_customers_in_every_way() -> None:
    read = customers()
    linked = link(verbatims(), index_customers(read.customers), salt="sample")
    counts = linked.counts()
    assert counts["external_id"] >= 150
    assert counts["email"] >= 60
    assert counts["phone"] >= 3
    assert counts["unusable_reference"] >= 100
    assert linked.conflicts == ()
    # Two customers who write but are not in the file.
    assert {customer.external_id for customer in linked.created} == {"TM1088", "TM1091"}


def test_nobody_speaks_before_their_first_order() -> None:
    read = customers()
    first = {customer.id: customer.attributes["首次购买日期"] for customer in read.customers}
    linked = link(verbatims(), index_customers(read.customers), salt="sample")
    spoke = {verbatim.id: verbatim.created_at for verbatim in verbatims()}
    for one in linked.links:
        ordered, at = first.get(one.customer_id), spoke[one.verbatim_id]
        if ordered and at:
            assert str(ordered) <= at


def test_the_customers_file_has_a_row_to_merge_and_a_row_to_reject() -> None:
    read = customers()
    assert [rejected.reason for rejected in read.rejected] == ["no_customer_identity"]
    assert {note.code for note in read.notes} == {"conflict"}
    assert dict(read.types) == {
        "客群": "text",
        "城市": "text",
        "首次购买日期": "date",
        "订单数": "int",
        "用券订单数": "int",
        "订阅方案": "text",
        "会员": "bool",
        "累计消费": "float",
    }


def test_there_is_something_to_clean_mask_and_set_aside() -> None:
    text = "\n".join(verbatim.text for verbatim in verbatims())
    for wanted in ("13800138000", "linxia@example.com", "11010519491231002X", "4111111111111111"):
        assert wanted in text
    for wanted in ("&nbsp;", "<br>", "]]>", "?/p>", "還(hái)", "^_^", "😡", "(｡•́︿•̀｡)"):
        assert wanted in text
    answers = [row["评论内容"] for row in rows("reviews.csv")] + [row[WHY] for row in rows("survey.csv")]
    assert {"", "无", "没有", "N/A", "此用户没有填写评价。"} <= set(answers)


def test_the_story_can_be_found() -> None:
    def months(words: str) -> Counter[str]:
        return Counter((v.created_at or "")[:7] for v in verbatims() if re.search(words, v.text))

    delivery = months(r"物流|发货|換倉|换仓|快递太慢|[Dd]elivery|warehouse|tracking|[Tt]racking")
    assert delivery["2026-08"] >= 3 * max(delivery[f"2026-0{month}"] for month in (4, 5, 6, 7))
    app = months(r"闪退|閃退|登录|[Cc]rash|[Ll]ogin|log in|logged out")
    assert app["2026-09"] >= 3 * max(app[f"2026-0{month}"] for month in range(4, 9))


def test_the_transcripts_have_both_roles_and_timecodes() -> None:
    for name in ("interview_zh.md", "interview_en.vtt"):
        turns = read_file(contents(name), name).turns
        assert {turn.role for turn in turns} == {"interviewer", "respondent"}
        assert len({turn.speaker for turn in turns}) == 2
        starts = [turn.start for turn in turns if turn.start is not None]
        assert len(starts) == len(turns) >= 20
        assert starts == sorted(starts)

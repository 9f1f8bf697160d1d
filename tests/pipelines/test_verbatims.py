import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.records import Answer, CustomerRef, Rejected, Score, Source, SurveyResponse, Turn
from pipelines.verbatims import SET_ASIDE_REASONS, Prepared, verbatims_from

SOURCE = Source(id="s_1", name="reviews.csv")


def response(row: int, *texts: str, external_id: str | None = None, **attributes: str) -> SurveyResponse:
    answers = tuple(Answer(question=f"Q{i}" if len(texts) > 1 else None, text=text) for i, text in enumerate(texts))
    return SurveyResponse(row=row, external_id=external_id, answers=answers, attributes=attributes)


def prepare(*items: SurveyResponse | Turn | Rejected) -> Prepared:
    return verbatims_from(SOURCE, items)


def test_every_answer_is_a_verbatim_or_accounted_for() -> None:
    prepared = prepare(
        response(2, "物流太慢", "无", ""),
        response(3, "此用户没有填写评价"),
        SurveyResponse(row=4),
        Rejected(row=5, reason="broken_encoding"),
        Turn(row=6, text="How was it?", role="interviewer"),
        Turn(row=7, text="Too slow for me", role="respondent", speaker="A", start=1.0, end=2.0),
    )
    assert [(v.row, v.text, v.question) for v in prepared.verbatims] == [
        (2, "物流太慢", "Q0"),
        (7, "Too slow for me", None),
    ]
    reasons = [(aside.row, aside.reason) for aside in prepared.set_aside]
    assert reasons == [(2, "placeholder"), (2, "empty"), (3, "boilerplate"), (4, "empty"), (6, "interviewer")]
    assert prepared.answers_read == 8
    assert {reason for _, reason in reasons} <= set(SET_ASIDE_REASONS)


def test_a_verbatim_keeps_what_the_row_said() -> None:
    nps = Score(value=3, scale="nps", low=0, high=10)
    item = replace(
        response(2, "<b>物流</b>太慢", external_id="r1", 城市="上海"),
        scores=(nps,),
        created_at="2026-03-01T09:12:00",
        touchpoint="配送",
        customer=CustomerRef(email="a@b.cn"),
    )
    (v,) = prepare(item).verbatims
    assert (v.text, v.language, v.external_id, v.score) == ("物流太慢", "zh", "r1", nps)
    assert (v.created_at, v.touchpoint, v.attributes) == ("2026-03-01T09:12:00", "配送", {"城市": "上海"})


def test_personal_data_is_masked_in_every_stored_text_but_kept_for_linking() -> None:
    customer = CustomerRef(phone="13800138000", email="a@b.cn", name="张三 13800138000")
    item = replace(response(2, "请打13800138000", 备注="a@b.cn"), customer=customer)
    prepared = verbatims_from(SOURCE, [item, Rejected(row=3, reason="x", detail="a@b.cn", raw="13800138000,好")])
    (v,) = prepared.verbatims
    assert v.text == "请打[手机号]"
    assert v.attributes == {"备注": "[email]"}
    assert v.customer == replace(customer, name="张三 [手机号]")
    assert prepared.redactions == v.redactions == {"phone": 1}
    assert (prepared.rejected[0].detail, prepared.rejected[0].raw) == ("[email]", "[手机号],好")
    assert verbatims_from(SOURCE, [item], kinds=()).verbatims[0].text == "请打13800138000"


def test_ids_rest_on_the_external_id_where_it_is_unique() -> None:
    (before,) = prepare(response(2, "物流太慢", external_id="r1")).verbatims
    (after,) = prepare(response(9, "物流太慢，更正：还行", external_id="r1")).verbatims
    assert before.id == after.id
    other = verbatims_from(Source(id="s_2", name="x"), [response(2, "物流太慢", external_id="r1")]).verbatims[0]
    assert other.id != before.id
    first, second = prepare(response(2, "很好", "很好", external_id="r1")).verbatims
    assert first.id != second.id


def test_a_repeated_record_is_set_aside_and_a_reused_id_falls_back_on_content() -> None:
    prepared = prepare(
        response(2, "物流太慢", external_id="1E+11"),
        response(3, "客服很好", external_id="1E+11"),
        response(4, "物流太慢", external_id="1E+11"),
        response(5, "物流太慢", external_id="1E+11", 城市="上海"),
    )
    assert [v.row for v in prepared.verbatims] == [2, 3, 5]
    assert len({v.id for v in prepared.verbatims}) == 3
    assert [(aside.row, aside.reason) for aside in prepared.set_aside] == [(4, "repeated")]


def test_people_saying_the_same_without_ids_are_all_counted() -> None:
    prepared = prepare(*(response(row, "好评，物流快") for row in range(2, 6)))
    assert len({v.id for v in prepared.verbatims}) == 4
    assert prepared.set_aside == ()


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["物流太慢", "好吃", "无", ""]), st.sampled_from([None, "a", "b"])), max_size=10
    ),
    st.randoms(use_true_random=False),
)
def test_shuffled_rows_keep_the_set_of_ids_and_the_counts(
    rows: list[tuple[str, str | None]], rng: random.Random
) -> None:
    items = [response(i + 2, text, external_id=external_id) for i, (text, external_id) in enumerate(rows)]
    straight = prepare(*items)
    rng.shuffle(items)
    shuffled = prepare(*items)
    ids = [v.id for v in straight.verbatims]
    assert len(set(ids)) == len(ids)
    assert set(ids) == {v.id for v in shuffled.verbatims}
    assert straight.answers_read == shuffled.answers_read == len(items)
    assert len(straight.verbatims) + len(straight.set_aside) + len(straight.rejected) == straight.answers_read


def test_contacts_take_no_part_in_an_id_but_tell_alike_rows_apart() -> None:
    def row(number: int, phone: str | None) -> SurveyResponse:
        customer = None if phone is None else CustomerRef(phone=phone)
        return SurveyResponse(row=number, answers=(Answer(question=None, text="物流太慢了"),), customer=customer)

    source = Source(id="s", name="s")
    bare = verbatims_from(source, [row(2, None)]).verbatims
    with_phone = verbatims_from(source, [row(2, "13800138000")]).verbatims
    assert bare[0].id == with_phone[0].id
    one = verbatims_from(source, [row(2, "13800138000"), row(3, "13900139000")]).verbatims
    other = verbatims_from(source, [row(2, "13900139000"), row(3, "13800138000")]).verbatims
    by_phone = [
        {verbatim.customer.phone: verbatim.id for verbatim in found if verbatim.customer} for found in (one, other)
    ]
    assert len(set(by_phone[0].values())) == 2
    assert by_phone[0] == by_phone[1]


@pytest.mark.parametrize(
    ("first", "step", "shown"),
    [(15_000_000_000, 7, True), (14_999_000_000, 100_000_000, False), (11_000_000_000, 310_000_000, True)],
)
def test_numbers_that_count_reviews_are_no_telephones(first: int, step: int, shown: bool) -> None:
    ids = [str(first + step * n) for n in range(24)]
    found = prepare(*(response(n + 2, "物流太慢", external_id=one) for n, one in enumerate(ids))).verbatims
    assert ([verbatim.external_id for verbatim in found] == ids) is shown
    assert shown or "[phone]" in {verbatim.external_id for verbatim in found}


def test_an_external_id_that_is_a_contact_is_not_stored() -> None:
    rows = [
        SurveyResponse(row=2, external_id="li@example.com", answers=(Answer(question=None, text="服务很好"),)),
        SurveyResponse(row=3, external_id="wang@example.com", answers=(Answer(question=None, text="服务很好"),)),
    ]
    found = verbatims_from(Source(id="s", name="s"), rows).verbatims
    assert len({verbatim.id for verbatim in found}) == 2
    assert not any("example.com" in (verbatim.external_id or "") for verbatim in found)

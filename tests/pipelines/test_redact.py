import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.redact import MASKS, REDACTION_KINDS, redact


def mainland_id(body: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # telephones
        ("我的手机13800138000，请回电", "我的手机[手机号]，请回电"),
        ("138-0013-8000 找我", "[手机号] 找我"),
        ("+86 138 0013 8000 找我", "[手机号] 找我"),
        ("(86)13800138000 找我", "[手机号] 找我"),
        ("尾号138****8000的顾客", "尾号[手机号]的顾客"),
        ("打021-62345678转801", "打[电话]"),
        ("打（010）6234 5678", "打[电话]"),
        ("香港 +852 9123 4567", "香港 [手机号]"),
        ("电话91234567", "电话[手机号]"),
        ("my mobile is 07700 900123", "my mobile is [phone]"),
        ("call me at (415) 555-2671", "call me at [phone]"),
        ("reach me on +44 20 7946 0958.", "reach me on [phone]."),
        # e-mail
        ("发到a.b+c@mail.example.com谢谢", "发到[邮箱]谢谢"),
        ("write to jo_doe@example.co.uk.", "write to [email]."),
        ("jo at example dot com", "[email]"),
        ("write to john . doe @ example . com please", "write to [email] please"),
        ("邮箱 li_si @ qq . com 联系", "邮箱 [邮箱] 联系"),
        ("Nice stuff. bob@example.com knows", "Nice stuff. [email] knows"),
        ("We met @ Rosie. Net result: fine", "We met @ Rosie. Net result: fine"),
        # identity cards
        (f"身份证{mainland_id('11010519491231002')}", "身份证[身份证号]"),
        (f"我是{mainland_id('44030019900307123')}", "我是[身份证号]"),
        ("身份证号110105491231002", "身份证号[身份证号]"),
        # bank cards
        ("卡号6222 0202 0001 2345 678", "卡号[银行卡号]"),
        ("paid with 4111 1111 1111 1111 today", "paid with [card number] today"),
        # messengers
        ("加微信：abc_12345", "加微信：[社交账号]"),
        ("微信号lisiabc好友", "微信号[社交账号]好友"),
        ("vx hello2024 详聊", "vx [社交账号] 详聊"),
        ("我的QQ是123456789", "我的QQ是[社交账号]"),
        ("wechat: john_doe", "wechat: [account]"),
        # plates
        ("车牌京A·12345", "车牌[车牌号]"),
        ("沪AD12345停在门口", "[车牌号]停在门口"),
        # addresses
        ("寄到上海市浦东新区张江路88号3栋502室", "寄到[地址]"),
        ("阳光花园3栋2单元502没人", "[地址]没人"),
        ("I live at 12 Rose Street and it never came", "I live at [address] and it never came"),
        ("221B Rose Street, London, NW1 6XE", "[address]"),
    ],
)
def test_personal_data_is_masked(text: str, expected: str) -> None:
    assert redact(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "订单号13800138000还没到",
        "order 4155552671 is late",
        "单号 4111111111111111",
        "买了13800 元",
        "花了13912345678元",
        "iPhone 13 和 RTX 4090",
        "Phone XS Max (A2104) 256GB 手机",
        "call of duty 2 since 2019-2020",
        "12306 抢票，95588 客服",
        "打400-820-8888没人接",
        "call 1-800-555-1234",
        "2023-11-14 21:44:37",
        "20231114214437",
        "2024/03/01-2024/05/01",
        "192.168.1.100 版本8.0.30.12345",
        "3.1415926535 1,380,013,800",
        "https://shop.example.com/13800138000.html",
        "110105194912310029",
        "订单202311142144371234",
        "微信支付很方便，微信转账20000元",
        "wechat payment failed",
        "QQ音乐 QQ邮箱",
        "line: account opening was slow",
        "新GT1030显卡，新SUV2023款",
        "南京西路1376号店不错",
        "我在天津路20号吃的",
        "5号楼302室隔音差",
        "the shop on 5th Avenue",
        "联系客服3次，评分@4.5",
        "@张三 说得对",
    ],
)
def test_numbers_that_are_no_persons_stay(text: str) -> None:
    result = redact(text)
    assert result.text == text
    assert result.counts == {}


def test_masks_are_counted_per_kind_and_worded_for_the_language() -> None:
    result = redact("13800138000 or 13900139000, a@b.cn", language="en")
    assert result.text == "[phone] or [phone], [email]"
    assert result.counts == {"phone": 2, "email": 1}
    assert redact("13800138000", language="zh").text == "[手机号]"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("phone", "电话13800138000"),
        ("email", "a@b.cn"),
        ("id_card", mainland_id("11010519491231002")),
        ("bank_card", "4111111111111111"),
        ("plate", "京A12345"),
        ("im_account", "微信：abc123456"),
        ("address", "收货地址：中山路88号"),
    ],
)
def test_every_kind_can_be_switched_off(kind: str, text: str) -> None:
    assert redact(text).counts == {kind: 1}
    assert redact(text, kinds={kind}).counts == {kind: 1}
    assert redact(text, kinds=set(REDACTION_KINDS) - {kind}).counts.get(kind, 0) == 0


def test_an_unknown_kind_is_named_in_the_error() -> None:
    with pytest.raises(ValueError, match=r"'passport'.*phone"):
        redact("x", kinds={"passport"})


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("0123456789 -+()*@.aAxX京微信：号路室卡[]电"), max_size=60))
def test_redaction_is_final_and_touches_only_what_it_counts(text: str) -> None:
    once = redact(text)
    assert sum(once.text.count(mask) for mask in MASKS) >= sum(once.counts.values())
    assert (once.text == text) == (not once.counts)

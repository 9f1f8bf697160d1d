import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.clean import clean


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        # width: letters and digits are halved, Chinese punctuation and signs of their own stay
        ("ＡＢＣ１２３，很好！", "ABC123，很好！"),
        ("１２：３０到的（真快）", "12：30到的（真快）"),
        ("①电池 ②屏幕 50㎡ m²", "①电池 ②屏幕 50㎡ m²"),
        ("価格ﾊﾟﾝ", "価格パン"),
        ("ㅋㅋ 좋아요", "ㅋㅋ 좋아요"),
        ("𝐆𝐨𝐨𝐝 ﬁne", "Good fine"),
        ("⼀般", "一般"),
        ("物流　很快\u00a0真的", "物流 很快 真的"),
        # markup
        ("不错<br>很快<br/>会再来", "不错\n很快\n会再来"),
        ("<p>Great <b>food</b></p>", "Great food"),
        ("Tom &amp;amp; Jerry &lt;3", "Tom & Jerry <3"),
        ("&#34;thick&#34; &#x4f60;", '"thick" 你'),
        ("a < b and c > d", "a < b and c > d"),
        ("if a <b and c> d", "if a <b and c> d"),
        ("挺好的]]>", "挺好的"),
        ("<![CDATA[good]]>", "good"),
        ("很满意?/p>", "很满意"),
        ("<script>alert(1)</script>ok", "ok"),
        ('<a href="http://x.com" target=_blank>link</a>', "link"),
        ("AT&T 和 R&D", "AT&T 和 R&D"),
        ("很好\\n下次再来", "很好\n下次再来"),
        ("C:\\new\\notes", "C:\\new\\notes"),
        # invisible characters
        ("\ufeff物\u200b流\u00ad慢", "物流慢"),
        ("a\x00b\x07c\ud800", "abc"),
        ("👨\u200d👩\u200d👧 喜欢", "👨\u200d👩\u200d👧 喜欢"),
        ("好\u200d吃", "好吃"),
        ("好\U000e0041\U000e0042吃", "好吃"),
        # readings
        ("認(rèn)識(shí)你的客戶(hù)", "認識你的客戶"),
        ("认（rèn）识你", "认识你"),
        ("认(ren)识(shi)他", "认识他"),
        ("客户(kè hù)很好", "客户很好"),
        ("认(ren4)识", "认识"),
        ("認(ㄖㄣˋ)識", "認識"),
        ("<ruby>認<rp>(</rp><rt>rèn</rt><rp>)</rp></ruby>識", "認識"),
        ("认rèn识shí你", "认识你"),
        ("苹果(apple)很甜", "苹果(apple)很甜"),
        ("咖啡(café)不错", "咖啡(café)不错"),
        ("套餐(sale)便宜", "套餐(sale)便宜"),
        ("小明(an)说好", "小明(an)说好"),
        # repeats
        ("太差了！！！！！！！", "太差了！！！"),
        ("哈哈哈哈哈哈哈", "哈哈哈"),
        ("soooooo good", "sooo good"),
        ("喜欢喜欢喜欢喜欢喜欢", "喜欢喜欢喜欢"),
        ("卖了10000000件 XXXXL 138****0000", "卖了10000000件 XXXXL 138****0000"),
        ("还行…………", "还行……"),
        ("what?!?!?!?!", "what?!?"),
        # emoticons
        (":-) ^_^ (╯°□°)╯ [微笑] T_T", ":-) ^_^ (╯°□°)╯ [微笑] T_T"),
        # mojibake, and text that only looks like it
        ("TrÃ¨s bien", "Très bien"),
        ("“很好”，她说——不贵……", "“很好”，她说——不贵……"),
        ("服务“一般”，价格‘贵’", "服务“一般”，价格‘贵’"),
        ("naïve café ñandú", "naïve café ñandú"),
        # Traditional stays as written
        ("物流太慢，介面卡頓", "物流太慢，介面卡頓"),
        # the shop's answer in the same cell
        ("房间小。\n酒店回复：尊敬的客人，感谢您的入住", "房间小。"),
        ("希望商家回复：为什么少发", "希望商家回复：为什么少发"),
        ("房間小。\n商家回覆：親愛的顧客，感謝您", "房間小。"),
        # what a page or a telephone puts under the words
        ("锅底很香，毛肚新鲜收起评价", "锅底很香，毛肚新鲜"),
        ("请不要收起评价按钮", "请不要收起评价按钮"),
        ("It never came.\n\n--\nSent from my iPhone", "It never came."),
        ("一直没有收到\n发自我的华为手机", "一直没有收到"),
        ("The parcel was sent from my iPhone shop", "The parcel was sent from my iPhone shop"),
        ("", ""),
        ("  \n ", ""),
        ("第一行  \n\n\n\n  第二行", "第一行\n\n第二行"),
    ],
)
def test_cleaning_keeps_the_words_and_drops_the_debris(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@pytest.mark.parametrize("text", ["物流太慢了，客服不理人", "包装很好，下次还会买"])
def test_chinese_decoded_with_the_wrong_encoding_is_repaired(text: str) -> None:
    through_gbk = clean(text.encode().decode("gb18030", "replace"))
    assert sum(a == b for a, b in zip(through_gbk, text, strict=False)) >= len(text) - 2
    assert clean(text.replace("，", "").encode("gb2312").decode("latin-1")) == text.replace("，", "")
    assert clean(text.encode().decode("latin-1")) == text


_PIECES = st.sampled_from(
    [
        "<br>",
        "&amp;",
        "&lt;",
        "]]>",
        "?/p>",
        "认(rèn)",
        "识(shi)",
        "！！",
        "哈哈",
        "ＡＢ",
        " ",
        "\n",
        "\u200b",
        "<b>",
        "</b>",
        "\\n",
    ]
)


@settings(deadline=None)
@given(st.lists(st.one_of(_PIECES, st.text(max_size=6)), max_size=12).map("".join))
@example("&&ltlt;;b>")
@example("<<b>br>")
def test_cleaning_twice_changes_nothing_more(raw: str) -> None:
    once = clean(raw)
    assert clean(once) == once


@settings(deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=30, min_size=1))
def test_plain_chinese_loses_no_character(text: str) -> None:
    assert set(clean(text)) == set(text)

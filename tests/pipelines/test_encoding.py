import codecs

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.encoding import MARK, decode, readable

SIMPLIFIED = "编号,评论内容\n1,物流太慢了，客服态度不好\n2,东西不错，下次还会买\n3,包装破了，要求退款\n"
TRADITIONAL = "編號,評論內容\n1,物流太慢了，客服態度不好\n2,東西不錯，下次還會買\n3,包裝破了，要求退款\n"
WESTERN = "id,comment\n1,The café’s crème brûlée was lovely\n2,Déjà vu – naïve pricing\n3,Señor Muñoz was helpful\n"


@pytest.mark.parametrize(
    ("text", "codec", "named"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8-sig"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (SIMPLIFIED + "4,𠮷野家的牛肉饭\n", "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "utf-16-le", "utf-16-le"),
        (SIMPLIFIED, "utf-16-be", "utf-16-be"),
        (SIMPLIFIED, "utf-32", "utf-32"),
        ("text\nSlow app\nGreat support\n", "utf-16-le", "utf-16-le"),
        (WESTERN, "cp1252", "cp1252"),
    ],
)
def test_text_comes_back_whole(text: str, codec: str, named: str) -> None:
    decoded = decode(text.encode(codec))
    assert decoded.text == text
    assert decoded.encoding == named
    assert not decoded.broken


def test_a_broken_line_in_utf_8_is_marked_and_the_others_are_whole() -> None:
    lines = SIMPLIFIED.encode().split(b"\n")
    lines[2] = "2,东西不错".encode("gbk")
    decoded = decode(b"\n".join(lines))
    assert decoded.encoding == "utf-8"
    assert decoded.broken
    broken = [MARK in line for line in decoded.text.split("\n")]
    assert broken == [False, False, True, False, False]


def test_a_broken_line_in_gbk_is_marked_and_the_others_are_whole() -> None:
    lines = SIMPLIFIED.encode("gbk").split(b"\n")
    lines[2] = b"2,\xff\xfe\x80 broken"
    decoded = decode(b"\n".join(lines))
    assert decoded.encoding == "gb18030"
    assert [MARK in line for line in decoded.text.split("\n")] == [False, False, True, False, False]
    assert decoded.text.split("\n")[1] == SIMPLIFIED.split("\n")[1]


def test_a_mark_becomes_readable() -> None:
    assert readable(f"a{MARK}b") == "a�b"


def test_a_bom_in_front_of_gbk_is_no_utf_8() -> None:
    assert decode(codecs.BOM_UTF8 + SIMPLIFIED.encode("gbk")).text == SIMPLIFIED


@given(st.binary(max_size=400))
def test_any_bytes_give_text_that_can_be_stored(data: bytes) -> None:
    decoded = decode(data)
    readable(decoded.text).encode("utf-8")
    assert decoded.broken == (MARK in decoded.text)


@given(st.lists(st.binary(max_size=30).filter(lambda line: b"\n" not in line and b"\r" not in line), max_size=8))
@example([b"\x800", b""])
def test_broken_bytes_never_swallow_a_line_end(lines: list[bytes]) -> None:
    decoded = decode(b"\n".join([SIMPLIFIED.encode("gbk") * 3, *lines]))
    if decoded.encoding in ("gb18030", "utf-8", "big5"):
        assert decoded.text.count("\n") == SIMPLIFIED.count("\n") * 3 + len(lines)


def test_cantonese_in_the_big5_of_hong_kong_is_read_whole() -> None:
    text = "留言,星等\n" + "送貨等咗成個鐘，啲嘢食好好味，但係價錢貴咗啲,3\n服務態度很好，下次再來,5\n" * 20
    decoded = decode(text.encode("big5hkscs"))
    assert (decoded.text, decoded.broken) == (text, False)

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.redact import MASKS
from pipelines.shadow import shadow


def test_traditional_and_simplified_have_the_same_shadow() -> None:
    assert shadow("物流太慢，介面卡頓") == shadow("物流太慢，介面卡顿") == "物流太慢，介面卡顿"


def test_masks_and_extra_spaces_are_not_read_by_models() -> None:
    assert shadow("请打[手机号]，谢谢") == "请打 ，谢谢"
    assert all(shadow(f"ok {mask} fine") == "ok fine" for mask in MASKS)


def test_width_and_quotes_are_folded_but_case_and_chinese_punctuation_stay() -> None:
    assert shadow("ＡＢＣ　don’t，好！") == "ABC don't，好！"


@settings(deadline=None)
@given(st.text(max_size=40))
def test_the_shadow_of_a_shadow_is_itself(text: str) -> None:
    assert shadow(shadow(text)) == shadow(text)

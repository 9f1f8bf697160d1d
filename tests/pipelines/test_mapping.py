import pytest

from pipelines.mapping import ColumnMapping, MappingError, mapping_from_json, mapping_to_json, merge

COLUMNS = ("序号", "评论内容", "评分", "Review Text", "Created At", "城市")


def test_a_mapping_survives_json() -> None:
    mapping = ColumnMapping(
        text=("评论内容",), score="评分", scale="nps", scale_low=0, scale_high=10, attributes=("城市",)
    )
    assert mapping_from_json(mapping_to_json(mapping), COLUMNS) == mapping


def test_names_may_differ_in_case_width_and_spaces() -> None:
    mapping = mapping_from_json({"text": "review  text", "created_at": "ｃｒｅａｔｅｄ ａｔ "}, COLUMNS)
    assert mapping.text == ("Review Text",)
    assert mapping.created_at == "Created At"


def test_an_unknown_column_is_named_with_the_near_ones() -> None:
    with pytest.raises(MappingError, match=r"Review Txt.*“Review Text”") as caught:
        mapping_from_json({"text": ["Review Txt"]}, COLUMNS)
    assert caught.value.wrong == "Review Txt"
    assert caught.value.near == ("Review Text",)


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        ({"txt": "评论内容"}, "'txt'.*“text”"),
        ({"scale": "smileys"}, "smileys.*nps"),
        ({"text": 3}, "3"),
        ({"score": ["评分"]}, "评分"),
        ({"scale_low": "zero"}, "zero"),
        ({"scale_low": 5, "scale_high": 1}, "below"),
        ([], "list"),
        ("评论内容", "str"),
        ({"attributes": [None]}, "None"),
    ],
)
def test_what_is_wrong_is_said(value: object, wrong: str) -> None:
    with pytest.raises(MappingError, match=wrong):
        mapping_from_json(value, COLUMNS)


def test_a_partial_mapping_is_completed_from_the_proposal() -> None:
    proposed = ColumnMapping(
        text=("评论内容",),
        score="评分",
        scale="stars",
        scale_low=1,
        scale_high=5,
        external_id="序号",
        attributes=("城市",),
    )
    said = mapping_from_json({"text": ["Review Text"], "touchpoint": "城市"}, COLUMNS)
    merged = merge(said, proposed)
    assert merged.text == ("Review Text",)
    assert merged.touchpoint == "城市"
    assert merged.attributes == ()
    assert (merged.score, merged.scale, merged.external_id) == ("评分", "stars", "序号")


def test_a_column_said_to_be_nothing_is_nothing() -> None:
    proposed = ColumnMapping(text=("评论内容",), score="评分", scale="stars", scale_low=1, scale_high=5)
    merged = merge(mapping_from_json({"score": None}, COLUMNS), proposed)
    assert (merged.score, merged.scale, merged.scale_low) == (None, None, None)

import pytest

from pipelines.empty_answers import empty_answer


@pytest.mark.parametrize(
    ("reason", "texts"),
    [
        ("empty", ["", "  ", "\n\t"]),
        (
            "placeholder",
            [
                "无",
                "無",
                "没有",
                "沒有",
                "没有。",
                "暂无",
                "没意见",
                "没有意见，谢谢",
                "没有什么意见和建议",
                "没什么好说的",
            ],
        ),
        (
            "placeholder",
            [
                "N/A",
                "\\N",
                "No Negative",
                "n/a.",
                "NA",
                "none",
                "None.",
                "nothing",
                "No comments",
                "no suggestions at this time",
                "nothing to add",
            ],
        ),
        ("placeholder", ["I don't know", "不知道", "同上", "test", "测试", "没啥"]),
        (
            "boilerplate",
            ["此用户没有填写评价。", "此用户未填写评价内容", "系统默认好评!", "评价方未及时做出评价,系统默认好评!"],
        ),
        (
            "boilerplate",
            ["[图片]", "[图片][图片]", "This user left no comment", "该评论已被删除", "<media omitted>"[1:-1]],
        ),
        ("no_words", ["......", "666", "👍👍", "-", "5", "？？？"]),
    ],
)
def test_answers_that_say_nothing_are_told_apart_by_reason(reason: str, texts: list[str]) -> None:
    assert {text: empty_answer(text) for text in texts} == dict.fromkeys(texts, reason)


@pytest.mark.parametrize(
    "text",
    [
        "没有异味",
        "没有问题",
        "没有缺点",
        "无线充电很好",
        "没有送餐具",
        "还行",
        "ok",
        "好评",
        "无语",
        "图片",
        "好",
        "no refund",
        "Nothing works",
        "none of the staff helped",
        "None of it was fresh",
        "不错👍",
        "没人理我",
        "没有以前好吃了",
        "good",
    ],
)
def test_short_answers_that_say_something_are_kept(text: str) -> None:
    assert empty_answer(text) is None

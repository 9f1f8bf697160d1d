"""Why a column was given its part: codes, with the words people read in both languages."""

from collections.abc import Mapping

REASONS: Mapping[str, tuple[str, str]] = {
    "text_by_name": ("free text, as its name says", "名称和内容都是开放文本"),
    "open_question": ("answers in people's own words", "开放题，回答各不相同"),
    "text_by_content": ("reads like free text", "内容看起来是开放文本"),
    "title": ("headline, put in front of the text", "标题，放在正文之前"),
    "score": ("score", "评分"),
    "score_other": ("a further score, kept as an attribute", "另一个评分，作为属性保留"),
    "created_at": ("when it was said", "反馈时间"),
    "created_at_other": ("a further date", "其他时间"),
    "external_id": ("id of the row", "该行的编号"),
    "id_repeats": ("named like an id, but values repeat", "名称像编号，但有重复值"),
    "customer_id": ("id of the customer", "客户编号"),
    "ruined_by_spreadsheet": (
        "numbers cut short by a spreadsheet (1.00008E+11), no id any more",
        "数字被表格软件截断（如 1.00008E+11），已不能作为编号",
    ),
    "email": ("e-mail address", "邮箱"),
    "phone": ("phone number", "电话"),
    "customer_name": ("name of the customer", "客户称呼"),
    "touchpoint": ("touchpoint", "触点"),
    "attribute": ("attribute to filter and compare by", "可用于筛选和对比的属性"),
    "reply_of_office": ("reply of the company, not the customer's voice", "商家或客服的回复，不是客户原声"),
    "choices": ("picked from a list", "选择题"),
    "numbers": ("numbers", "数字"),
    "links": ("links or files", "链接或文件"),
    "technical": ("technical data of the survey tool", "问卷工具的技术数据"),
    "too_varied": (
        "all different and no free text, so nothing to compare by",
        "取值各不相同，又不是开放文本，无法用于对比",
    ),
    "empty": ("no value", "没有内容"),
    "row_index": ("counts the rows", "行号"),
}

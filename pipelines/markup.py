"""HTML, entities and what is left of them after bad exports: out of the text, its words kept."""

import html
import re

_BLOCK = (
    "address|article|blockquote|br|dd|div|dl|dt|figure|footer|form|h[1-6]|header|hr|li|ol|p|pre|section|table|tr|ul"
)
_INLINE = (
    "a|abbr|acronym|b|big|button|center|cite|code|data|del|em|embed|figcaption|font|head|body|html|i|iframe|img|input"
    "|ins|kbd|label|link|main|mark|meta|nav|o:p|option|picture|q|rb|rp|rt|ruby|s|samp|select|small|source|span|strike"
    "|strong|sub|sup|svg|tbody|td|textarea|tfoot|th|thead|time|title|tt|u|var|video|wbr"
)
# Attributes must look like name="value", so that "a <b and c> d" keeps its words.
_ATTRIBUTES = (
    r"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]*)|\s+(?:checked|disabled|hidden|nowrap|selected|controls))*"""
)

_ENTITY = re.compile(
    r"&(?:amp;)*(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});|&(nbsp|quot|lt|gt)(?![A-Za-z0-9=;])"
)
_HIDDEN = re.compile(r"<!--.*?-->|<(script|style|rt|rp)\b[^<>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"\s*</?(?:{_BLOCK}){_ATTRIBUTES}\s*/?>\s*", re.IGNORECASE)
_INLINE_TAG = re.compile(rf"</?(?:{_INLINE}){_ATTRIBUTES}\s*/?>", re.IGNORECASE)
# Half a tag: `]]>` of a CDATA section, `?/p>` where the bracket was lost, `<br` where a column was too short.
_REMAINS = re.compile(
    r"<!\[CDATA\[|\]\]>"
    r"|(?<![\w/.])[?<]?\s?/(?:p|div|span|br|li|ul|ol|td|tr|table|strong|font|h[1-6])>"
    r"|(?<=[^\x00-\x7f])[?<]?/(?:p|div|span|br|li|ul|ol|td|tr|table|strong|font|h[1-6])>"
    r"|(?<![\w<])br\s?/>"
    r"|</?(?:p|br|div|span|font|strong|table|td|tr|li|ul|img)(?:\s[^<>]{0,200})?/?$",
    re.IGNORECASE,
)
# A line break written out as backslash and n; "C:\new" is a path, as is anything right after a colon.
_ESCAPED_BREAK = re.compile(r"(?<![:\\])(?:\\+r)?\\+n(?![a-z])|(?<![:\\])\\+r(?![a-z])")


def _unescape(match: re.Match[str]) -> str:
    name = match[1] or match[2]
    char = html.unescape(f"&{name};")
    return match[0] if char == f"&{name};" else char


def strip_markup(text: str) -> str:
    """Return the text without tags and with entities resolved, also where they were escaped several times.

    Block tags and <br> become line breaks. Angle brackets that are no tags stay: "<3", "a < b and c > d".
    """
    if "&" in text:
        text = _ENTITY.sub(_unescape, text)
    if "\\" in text:
        text = _ESCAPED_BREAK.sub("\n", text)
    if "<" in text:
        text = _HIDDEN.sub("", text)
        text = _BLOCK_TAG.sub("\n", text)
        text = _INLINE_TAG.sub("", text)
    if ">" in text or "<" in text:
        text = _REMAINS.sub("\n", text)
    return text

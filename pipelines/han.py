"""Han characters: the one range that says what is written in Chinese characters."""

import re

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""As it stands within [] of a pattern: the unified ideographs with Extension A, the compatibility ideographs that old
encodings bring, and planes 2 and 3 whole, where Extension B and all later ones lie, names of people and places among
them. The hexagrams (4DC0–4DFF), kana, Hangul and punctuation are none (Unicode 17, chapter 18)."""
A_HAN = re.compile(f"[{HAN}]")

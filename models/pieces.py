"""The tokens of a text as the shipped transformer reads them: Chinese words of jieba, and word pieces of all else.

Punctuation is kept, for the order of clauses tells what belongs together. The same in training and at run time.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from models.tokens import is_chinese, normalise, segmenter

PADDING, UNKNOWN, START, END = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
SPECIAL = (PADDING, UNKNOWN, START, END)

MOST_TOKENS = 256
"""Of a text that is read: one hotel review in twenty has more, and its beginning and end are read, which say more than
the middle (Sun et al. 2019). Units are far shorter."""

_PLAIN = str.maketrans(dict(zip("。、“”《》「」—·", '.,""""""-.', strict=True)))
"""Signs that English has no token for; full-width ones are half-width already (NFKC)."""

_HALF_CHARACTERS = re.compile(r"[\ud800-\udfff]")
"""Surrogates without their other half, which the segmenter cannot take."""


class Pieces:
    """Tokens in row order, and the rows of a text.

    An unknown Chinese word is read as its known characters; what is not Chinese goes to WordPiece (Devlin et al. 2018).
    """

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = tuple(tokens)
        rows = {token: row for row, token in enumerate(self.tokens)}
        self._words = {token: row for token, row in rows.items() if is_chinese(token)}
        self._start, self._end = rows[START], rows[END]
        self._cut = word_pieces({token: row for token, row in rows.items() if token not in self._words})

    def __len__(self) -> int:
        return len(self.tokens)

    def rows(self, texts: Sequence[str], *, most: int = MOST_TOKENS) -> list[list[int]]:
        """Return the rows of each text's tokens between START and END: of more than `most` the first and last."""
        segment = segmenter()
        whole = [_HALF_CHARACTERS.sub(" ", text) for text in texts]
        return [self._rows(segment(text.translate(_PLAIN)), most) for text in normalise(whole)]

    def _rows(self, tokens: Sequence[str], most: int) -> list[int]:
        rows = [self._start]
        other = ""
        for token in tokens:
            if not is_chinese(token):
                other += token
                continue
            rows += self._other(other)
            other = ""
            known = self._words.get(token)
            if known is not None:
                rows.append(known)
            else:
                rows += [self._words[sign] for sign in token if sign in self._words]
        rows += [*self._other(other), self._end]
        left_out = len(rows) - most
        if left_out > 0:
            del rows[most // 2 : most // 2 + left_out]
        return rows

    def _other(self, run: str) -> list[int]:
        run = run.strip()
        return self._cut(run) if run else []


def word_pieces(vocabulary: dict[str, int]) -> Callable[[str], list[int]]:
    """Return the function from a run of text to the rows of its word pieces, as uncased BERT models cut it."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=UNKNOWN, max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()

    def cut(run: str) -> list[int]:
        return list(tokenizer.encode(run, add_special_tokens=False).ids)

    return cut


def read_tokens(path: Path) -> list[str]:
    """Return the tokens of a file that `write_tokens` wrote."""
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def write_tokens(path: Path, tokens: Sequence[str]) -> None:
    """Write one token per line, in row order."""
    path.write_text("\n".join(tokens) + "\n", encoding="utf-8")

"""The shipped encoder as a sentence-transformers model, for whoever wants to train it further or use it elsewhere.

The words are found by a unigram tokenizer over the same vocabulary instead of by jieba, which no tokenizer file can
hold: most texts get the same words, some get a different cut.
"""

from typing import TYPE_CHECKING

import numpy as np

from models.embedding.shipped import StaticEncoder
from models.tokens import is_chinese

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

UNKNOWN = "[UNK]"
LETTER_COST = 30.0
"""Price, as a negative log probability, of reading one English letter: above any word's, so whole words win."""


def to_sentence_transformer(encoder: StaticEncoder) -> "SentenceTransformer":
    """Return StaticEmbedding, centring and normalising in a row; `save` it, or train it with the library's losses."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize, StaticEmbedding

    words = len(encoder.vocabulary.words)
    table = np.concatenate([encoder.rows(np.arange(words, dtype=np.int32)), np.zeros((1, encoder.dim), np.float32)])
    centring = Dense(encoder.dim, encoder.dim, bias=True, activation_function=torch.nn.Identity())
    with torch.no_grad():
        centring.linear.weight.copy_(torch.eye(encoder.dim))
        centring.linear.bias.copy_(-torch.from_numpy(encoder.mean))
    static = StaticEmbedding(_tokenizer(encoder), embedding_weights=table)
    return SentenceTransformer(modules=[static, Normalize(), centring, Normalize()], device="cpu")


def _tokenizer(encoder: StaticEncoder) -> "Tokenizer":
    from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers
    from tokenizers.models import Unigram

    counts = {}
    for language in ("zh", "en"):
        known, _ = encoder.words(language)
        total = float(encoder.counts(language).sum())
        counts.update(
            {word: np.log(max(1, n) / total) for word, n in zip(known, encoder.counts(language), strict=True)}
        )
    # A word of one English letter would be cheaper than a rare whole word; in Chinese that is as it should be.
    pieces = [
        (word, float(counts[word]) if is_chinese(word) or len(word) > 1 else -LETTER_COST)
        for word in encoder.vocabulary.words
    ]
    tokenizer = Tokenizer(Unigram([*pieces, (UNKNOWN, -2 * LETTER_COST)], unk_id=len(pieces), byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace("n't", " not")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[^\w]+|_+"), behavior="removed")
    return tokenizer

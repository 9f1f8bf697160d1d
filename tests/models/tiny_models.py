"""Real models of a few hundred numbers, made on disk, so that the families are tested without a download."""

from collections.abc import Mapping
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import BertConfig, BertForSequenceClassification, BertModel, PreTrainedTokenizerFast

WORDS = ["[PAD]", "[UNK]", "good", "bad", "slow", "delivery", "好", "差"]


def tokenizer() -> PreTrainedTokenizerFast:
    words = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    words.pre_tokenizer = Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=words, pad_token="[PAD]", unk_token="[UNK]", model_max_length=16)


def bert_config(labels: Mapping[int, str] | None = None) -> BertConfig:
    named = dict(labels or {0: "LABEL_0", 1: "LABEL_1"})
    return BertConfig(
        vocab_size=len(WORDS),
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
        max_position_embeddings=16,
        id2label=named,
        label2id={name: number for number, name in named.items()},
    )


def write_encoder(folder: Path, *, seed: int = 0) -> Path:
    import torch

    torch.manual_seed(seed)
    BertModel(bert_config()).save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    return folder


def write_classifier(folder: Path, labels: Mapping[int, str]) -> Path:
    import torch

    torch.manual_seed(0)
    BertForSequenceClassification(bert_config(labels)).save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    return folder


def write_static_sentence_model(folder: Path) -> Path:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    torch.manual_seed(0)
    SentenceTransformer(modules=[StaticEmbedding(tokenizer(), embedding_dim=8)]).save(str(folder))
    return folder

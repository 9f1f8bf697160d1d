"""From what was trained to what is shipped: the words kept, the n-grams, eight or four bits a number."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.shipped_weights import seal_weights
from models.small_transformer import GROUP, in_four_bits
from models.vocabulary import character_grams, write_words

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

GRAMS = 8_000
"""Character n-grams kept, the ones in most words: they cover the endings and stems that unknown words are made of."""

GRAM_RIDGE = 0.01
"""Shrinks the n-grams of few words, whose least-squares vector would be noise."""

GRAM_ROUNDS = 25
"""Rounds of conjugate gradients: more change the n-grams of rare words only."""


def gram_vectors(words: Sequence[str], vectors: NDArray[np.float32]) -> tuple[list[str], NDArray[np.float32]]:
    """Return character n-grams and their vectors, such that the mean of a word's n-grams comes near its vector."""
    from scipy.sparse import csr_matrix

    spelled = [(number, character_grams(word)) for number, word in enumerate(words)]
    in_words: dict[str, int] = {}
    for _, grams in spelled:
        for gram in set(grams):
            in_words[gram] = in_words.get(gram, 0) + 1
    kept = sorted(in_words, key=lambda gram: (-in_words[gram], gram))[:GRAMS]
    column = {gram: number for number, gram in enumerate(kept)}
    cells = [
        (number, column[gram], 1 / len(known))
        for number, grams in spelled
        if (known := [gram for gram in grams if gram in column])
        for gram in known
    ]
    row, col, share = zip(*cells, strict=True)
    matrix = csr_matrix((share, (row, col)), shape=(len(words), len(kept)), dtype=np.float32)
    return kept, _ridge(matrix, vectors)


def _ridge(matrix: "csr_matrix", target: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the X that makes |matrix X - target|² + GRAM_RIDGE |X|² small, by conjugate gradients on each column."""
    solution = np.zeros((matrix.shape[1], target.shape[1]), dtype=np.float32)
    residual = np.asarray(matrix.T @ target, dtype=np.float32)
    direction, size = residual, (residual**2).sum(axis=0)
    for _ in range(GRAM_ROUNDS):
        image = np.asarray(matrix.T @ (matrix @ direction), dtype=np.float32) + GRAM_RIDGE * direction
        step = size / np.maximum((direction * image).sum(axis=0), 1e-12)
        solution, residual = solution + step * direction, residual - step * image
        smaller = (residual**2).sum(axis=0)
        direction, size = residual + smaller / np.maximum(size, 1e-12) * direction, smaller
    return solution


def quantise(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return int8 numbers and a scale per row: `numbers * scales[:, None]` is within half a step of the vectors."""
    scales = np.abs(vectors).max(axis=1) / 127
    scales = np.where(scales > 0, scales, 1).astype(np.float32)
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales


def stored_body(state: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[Any]]:
    """Return the weights of a body as stored: words and layers in four bits, positions in eight, the rest whole."""
    stored: dict[str, NDArray[Any]] = {}
    for name, weights in state.items():
        if in_four_bits(name, weights.ndim):
            stored[name], stored[f"{name}.scales"] = to_four_bits(weights)
        elif weights.ndim == 2:
            stored[name], stored[f"{name}.scales"] = quantise(weights)
        else:
            stored[name] = weights.astype(np.float32)
    return stored


def to_four_bits(table: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
    """Return a table as two numbers a byte, of shape (rows, columns / 2), and a scale for each `GROUP` of a row."""
    groups = table.reshape(len(table), -1, GROUP)
    scales = np.maximum(np.abs(groups).max(axis=2) / 7, 1e-4).astype(np.float16)
    steps = np.clip(np.rint(groups / scales[..., None].astype(np.float32)), -7, 7).astype(np.int8) + 8
    flat = steps.reshape(len(table), -1).astype(np.uint8)
    return flat[:, 0::2] | (flat[:, 1::2] << 4), scales


def write_encoder(
    folder: Path,
    *,
    words: Sequence[str],
    counts: Sequence[int],
    grams: Sequence[str],
    vectors: NDArray[np.float32],
    mean: NDArray[np.float32],
    config: dict[str, Any],
) -> None:
    """Write table.safetensors, words.txt and config.json; rows are words and then n-grams."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    table, scales = quantise(vectors)
    save_file({"table": table, "scales": scales, "mean": mean.astype(np.float32)}, folder / "table.safetensors")
    write_words(folder / "words.txt", words, counts, grams)
    seal_weights(folder, config, ("table.safetensors", "words.txt"))

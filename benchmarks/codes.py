"""Themes against the codes that researchers gave real survey answers: which found theme is which code, and how well.

    python -m benchmarks.codes --data DIR

DIR is a folder with the Jupyter UX survey of 2015 and its code tables (github.com/jupyter/surveys, CC0):
`uploads/surveys/en_jupyter_ux_survey_2015.csv` and `…_themes_QUESTION.csv`. A response may have several answers and
several codes. `best F1` is, for each code, the F1 of the theme that fits it best, as sets of responses; since more
themes fit better by chance, the same with the codes dealt out to other responses at random stands beside it.
`told` is what a report is used for: themes are given a code by half of the responses (as in `benchmarks.aspects`), and
the other half's codes are told from them. Leaf themes only. Each response was coded once, so what a second coder would
reach is not known. BERTopic (`pip install bertopic`) gets the responses whole and, beside it, our opinion units.
"""

import argparse
import csv
import importlib.util
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.aspects import AspectSet, Themed, measure, split_texts, themes_of
from benchmarks.themes import bertopic, units_of
from models.embedding import Encoder, load_encoder

QUESTIONS = {
    "hinderances": "hinders you",
    "integrations": "Tool / Application",
    "pleasant_aspects": "make it pleasant",
    "difficult_aspects": "make it difficult",
    "features_changes": "new features or changes",
    "first_experience_enhancements": "Enhancement #",
}
"""Name of the code table and what the headers of the question's columns hold. One more question has only one code."""
FEWEST_RESPONSES = 5
"""A code given to fewer responses is left out."""
DEALS = 20


def read_question(folder: Path, name: str) -> tuple[AspectSet, tuple[tuple[str, ...], ...]]:
    """Return the coded responses to one question with their codes, and each response's answers.

    Raises FileNotFoundError, naming the file, where the survey or the table is not there.
    """
    surveys = folder / "uploads" / "surveys"
    with (surveys / "en_jupyter_ux_survey_2015.csv").open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = csv.reader(stream)
    columns = [number for number, head in enumerate(header) if QUESTIONS[name] in head]
    with (surveys / f"en_jupyter_ux_themes_{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        _, *table = csv.reader(stream, delimiter=";")
    answers: list[tuple[str, ...]] = []
    given: list[set[str]] = []
    for number, codes, _ in table:
        said = tuple(rows[int(number)][column].strip() for column in columns if rows[int(number)][column].strip())
        if said:
            answers.append(said)
            given.append({code.strip() for code in codes.split(",") if code.strip()})
    every = sorted({code for codes in given for code in codes})
    kept = tuple(code for code in every if sum(code in codes for codes in given) >= FEWEST_RESPONSES)
    truth = np.array([[code in codes for code in kept] for codes in given], dtype=bool)
    return AspectSet(texts=tuple(". ".join(said) for said in answers), categories=kept, truth=truth), tuple(answers)


def best_f1(themed: Themed, truth: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return for each code the F1 of the theme that fits it best, as sets of responses, in percent."""
    themes = int(themed.labels.max(initial=-1)) + 1
    held = np.zeros((len(truth), max(themes, 1)))
    inside = themed.labels >= 0
    held[themed.owner[inside], themed.labels[inside]] = 1
    both = truth.astype(np.float64).T @ held
    sizes = truth.sum(axis=0)[:, None] + held.sum(axis=0)[None, :]
    return np.asarray(100 * (2 * both / sizes).max(axis=1), dtype=np.float64)


def by_chance(themed: Themed, truth: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the same with the responses' codes dealt out at random, mean of some deals."""
    deals = [best_f1(themed, truth[np.random.default_rng(deal).permutation(len(truth))]) for deal in range(DEALS)]
    return np.asarray(np.mean(deals, axis=0), dtype=np.float64)


def row_of(themed: Themed, truth: NDArray[np.bool_]) -> dict[str, float]:
    """Return the figures of one way to find themes for one question."""
    best, chance, weight = best_f1(themed, truth), by_chance(themed, truth), truth.sum(axis=0)
    told = measure(themed, truth)
    return {
        "best F1": float(best.mean()),
        "by chance": float(chance.mean()),
        "weighted": float(np.average(best, weights=weight)),
        "w. chance": float(np.average(chance, weights=weight)),
        "told micro": told["micro-F1"],
        "told macro": told["macro-F1"],
        "shared mac": told["shared macro"],
    }


HEADS = ("best F1", "by chance", "weighted", "w. chance", "told micro", "told macro", "shared mac")


def ways(
    found: AspectSet, answers: Sequence[Sequence[str]], encoder: Encoder, *, runs: int
) -> dict[str, Sequence[Themed]]:
    """Return each way's themes of the same responses; BERTopic's of several runs, since no two are alike."""
    flat = [answer for said in answers for answer in said]
    response = np.repeat(np.arange(len(answers)), [len(said) for said in answers])
    units, owner = split_texts(flat)
    each = np.arange(len(found.texts))
    out: dict[str, Sequence[Themed]] = {
        "xinsheng, units": [Themed(labels=themes_of(units, encoder), owner=response[owner])],
        "xinsheng, whole responses": [Themed(labels=themes_of(units_of(found.texts), encoder), owner=each)],
    }
    if runs:
        shadows = [unit.shadow for unit in units]
        whole, parts = encoder.encode(found.texts), encoder.encode(shadows)
        out["bertopic, whole responses"] = [
            Themed(labels=bertopic(found.texts, whole, encoder, 0), owner=each) for _ in range(runs)
        ]
        out["bertopic, our units"] = [
            Themed(labels=bertopic(shadows, parts, encoder, 0), owner=response[owner]) for _ in range(runs)
        ]
    return out


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line per question and way, then the means over the questions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", default="shipped")
    parser.add_argument("--only", default=",".join(QUESTIONS))
    parser.add_argument("--runs", type=int, default=2, help="of BERTopic, of which the mean is taken")
    asked = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    encoder = load_encoder(asked.encoder)
    runs = asked.runs
    if importlib.util.find_spec("bertopic") is None:
        print("bertopic is not installed: left out", file=sys.stderr)
        runs = 0
    heads = "".join(f"{head:>12}" for head in (*HEADS, "placed"))
    print(f"{'question (responses, codes, of each response)':52}{'way':28}{'themes':>8}{heads}")
    table: dict[str, list[dict[str, float]]] = {}
    for name in asked.only.split(","):
        found, answers = read_question(asked.data, name)
        title = f"{name} ({len(found.texts)}, {len(found.categories)}, {found.truth.sum(axis=1).mean():.1f})"
        for way, several in ways(found, answers, encoder, runs=runs).items():
            rows = [
                row_of(themed, found.truth)
                | {
                    "placed": 100 * float((themed.labels >= 0).mean()),
                    "themes": float(themed.labels.max(initial=-1)) + 1,
                }
                for themed in several
            ]
            row = {head: float(np.mean([one[head] for one in rows])) for head in rows[0]}
            table.setdefault(way, []).append(row)
            shown = "".join(f"{row[head]:12.1f}" for head in (*HEADS, "placed"))
            print(f"{title:52}{way:28}{row['themes']:8.0f}{shown}", flush=True)
    for way, rows in table.items():
        means = {head: float(np.mean([row[head] for row in rows])) for head in rows[0]}
        shown = "".join(f"{means[head]:12.1f}" for head in (*HEADS, "placed"))
        print(f"{'mean':52}{way:28}{means['themes']:8.0f}{shown}")


if __name__ == "__main__":
    main()

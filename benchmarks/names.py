"""Names against people's classes: does a theme's name hold the word for what most of its texts are about?

    python -m benchmarks.names --data DIR [--encoder shipped] [--texts 4000] [--everything] [--only laptop,car] [--show]

A theme of which at least half of the texts are of one class is right in a language where its name (not its keywords)
holds a word that `benchmarks/name_synonyms.tsv` lists for that class; the lists were written from the class names, not
from the names found. DIR holds labelled sets as `NAME.jsonl.gz`. Names in mixed scripts, empty ones and duplicates are
counted over all themes, parents included; so are names of two to eight words (Chinese cut as the product cuts it, 与
not counted).
"""

import argparse
import re
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import themes
from benchmarks.themes import read_set, units_of
from models.embedding import Encoder, load_encoder
from pipelines.cluster import cluster
from pipelines.name import name_themes
from pipelines.records import EmbeddedUnits, Theme
from pipelines.settings import AnalysisSettings

ALL_SETS = {**themes.SETS, "support": ("en_bitext_support_intents", "label"), "agnews": ("en_agnews", "label")}
MEASURED = ("laptop", "car", "cosmetics", "shopping", "banking", "support", "stackoverflow", "news", "agnews")
# A theme that mixes classes has no right name; only the others are judged.
PURE = 0.5
HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Themes judged, how many are right in zh, in en and in both, and what is wrong with names at sight."""

    themes: int
    judged: int
    zh: int
    en: int
    both: int
    mixed: int
    empty: int
    duplicates: int
    zh_words: int
    en_words: int


def synonyms() -> dict[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the Chinese and English words that name a class, by set and class."""
    found = {}
    text = Path(__file__).with_name("name_synonyms.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, label, zh, en = line.split("\t")
            found[name, label] = tuple(zh.split("|")), tuple(en.split("|"))
    return found


def holds(name: str, words: Sequence[str]) -> bool:
    """Say whether a name holds one of the words: a Chinese one anywhere, an English one from where a word begins."""
    low = name.casefold()
    return any(
        word.casefold() in low if HAN.search(word) else re.search(rf"(?<![a-z]){re.escape(word.casefold())}", low)
        for word in words
    )


def measure(
    name: str,
    truth: Sequence[str],
    labels: Sequence[int],
    found: Sequence[Theme],
    known: Mapping[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]],
    *,
    show: bool,
) -> Figures:
    """Return the figures of one set; `show` prints each judged theme."""
    judged = zh = en = both = 0
    for label in range(max(labels, default=-1) + 1):
        classes = Counter(gold for gold, other in zip(truth, labels, strict=True) if other == label)
        gold, count = min(classes.items(), key=lambda one: (-one[1], one[0]))
        if count < PURE * sum(classes.values()) or (name, gold) not in known:
            continue
        theme = found[label]
        right = [
            holds(own, words) for own, words in zip((theme.name_zh, theme.name_en), known[name, gold], strict=True)
        ]
        judged, zh, en, both = judged + 1, zh + right[0], en + right[1], both + all(right)
        if show:
            marks = "".join("+" if one else "-" for one in right)
            print(f"  {marks} {sum(classes.values()):5} {gold:32} {theme.name_zh:18} {theme.name_en:34}")
    names = [theme.name_zh for theme in found], [theme.name_en for theme in found]
    return Figures(
        themes=len(found),
        judged=judged,
        zh=zh,
        en=en,
        both=both,
        mixed=sum(HAN.search(own) is not None for own in names[1])
        + sum(re.search("[A-Za-z]", own) is not None for own in names[0]),
        empty=sum(not own.strip() for own in (*names[0], *names[1])),
        duplicates=_duplicates([theme for theme in found if theme.parent_id or not _is_parent(theme, found)])
        + _duplicates([theme for theme in found if _is_parent(theme, found)]),
        zh_words=sum(2 <= len(chinese_words(own)) <= 8 for own in names[0]),
        en_words=sum(2 <= len(own.split()) <= 8 for own in names[1]),
    )


def chinese_words(name: str) -> list[str]:
    """Return the words of a Chinese name; what joins or brackets them is none."""
    import rjieba

    return [word for word in rjieba.cut(name) if word != "与" and word[0].isalnum()]


def _is_parent(theme: Theme, found: Sequence[Theme]) -> bool:
    return any(other.parent_id == theme.id for other in found)


def _duplicates(found: Sequence[Theme]) -> int:
    return sum(
        len(names) - len(set(names)) for names in ([one.name_zh for one in found], [one.name_en for one in found])
    )


def run(folder: Path, name: str, *, encoder: Encoder, most: int, everything: bool, show: bool) -> Figures:
    """Name the themes of one set and return the figures."""
    themes.SETS.update(ALL_SETS)
    given = read_set(folder, name, most=most, seed=0, everything=everything)
    embedded = EmbeddedUnits(units=units_of(given.texts), vectors=encoder.encode(given.texts))
    settings = AnalysisSettings()
    clustering = cluster(embedded, settings)
    found, _ = name_themes(embedded, clustering, encoder=encoder, settings=settings)
    labels: list[int] = np.asarray(clustering.labels).tolist()
    return measure(name, given.labels, labels, found, synonyms(), show=show)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--encoder", default="shipped")
    parser.add_argument("--texts", type=int, default=4_000)
    parser.add_argument("--everything", action="store_true", help="also texts the shipped encoder was trained on")
    parser.add_argument("--only", default=",".join(MEASURED))
    parser.add_argument("--show", action="store_true", help="print every judged theme")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    encoder = load_encoder(given.encoder)
    rows: list[Figures] = []
    print(
        f"{'set':14}{'themes':>8}{'judged':>8}{'zh %':>8}{'en %':>8}{'both %':>8}{'mixed':>8}{'empty':>8}{'double':>8}"
        f"{'zh 2-8':>8}{'en 2-8':>8}"
    )
    for name in given.only.split(","):
        one = run(given.data, name, encoder=encoder, most=given.texts, everything=given.everything, show=given.show)
        rows.append(one)
        _print(name, one)
    total = Figures(**{field: sum(getattr(one, field) for one in rows) for field in Figures.__slots__})
    _print("all", total)


def _print(name: str, one: Figures) -> None:
    shares = "".join(f"{100 * right / max(1, one.judged):8.1f}" for right in (one.zh, one.en, one.both))
    wordy = "".join(f"{100 * right / max(1, one.themes):8.1f}" for right in (one.zh_words, one.en_words))
    print(
        f"{name:14}{one.themes:8}{one.judged:8}{shares}{one.mixed:8}{one.empty:8}{one.duplicates:8}{wordy}", flush=True
    )


if __name__ == "__main__":
    main()

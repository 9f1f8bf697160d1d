"""A language model's answers beside the results of a run: the next run into the same folder asks for none again."""

import json
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from app.database import write
from app.store import proposed_names
from pipelines.proposed_names import read_answer

FILE = "name_answers.jsonl"


def read_name_answers(db: Database, folder: Path) -> None:
    """Take in the answers that an earlier run left in a folder; lines that are none are passed over.

    They are names as the model gave them and are checked like fresh ones: whoever changes the file changes no more.
    """
    path = folder / FILE
    if not path.is_file():
        return
    with write(db):
        for line in path.read_text("utf-8", errors="replace").splitlines():
            try:
                value: Any = json.loads(line)
                key, model = bytes.fromhex(value["key"]), str(value["model"]).encode("utf-8", "replace").decode()
                pair = read_answer(line)
                nothing = value["zh"] is None and value["en"] is None
            except (ValueError, LookupError, TypeError, RecursionError):
                continue
            if pair is not None or nothing:
                found = None if pair is None else (pair.zh, pair.en)
                proposed_names.save_answer(db, key, found, model=model)


def write_name_answers(db: Database, folder: Path) -> None:
    """Leave the answers in a folder, in order of their keys; no file where there are none."""
    found = proposed_names.all_answers(db)
    if not found:
        return
    entries = [
        {
            "key": key.hex(),
            "model": model,
            "zh": None if pair is None else pair[0],
            "en": None if pair is None else pair[1],
        }
        for key, model, pair in found
    ]
    beside = folder / f".{FILE}.new"
    beside.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in entries), "utf-8")
    beside.replace(folder / FILE)

"""Several processes: the same results in the same order, whatever becomes of the processes."""

import os
import signal
import subprocess
import sys
import time

import pytest

from app.engines.processes import MOST, WORTH, how_many, processes
from models.sentiment import load_sentiment
from pipelines.analyse import split_all
from pipelines.records import OpinionUnit, Verbatim
from pipelines.score import begin_score
from pipelines.spread import in_turn


def dies_elsewhere(caller_and_number: tuple[int, int]) -> int:
    """Return the double of a number, but only in the process that asks for it."""
    caller, number = caller_and_number
    if os.getpid() != caller:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def said(count: int) -> list[Verbatim]:
    texts = (
        "物流太慢了，但是客服很好。",
        "Great food but the delivery was late",
        "价格有点贵、包装破了",
        "nothing to add",
    )
    return [
        Verbatim(id=f"v{n}", source_id="s", row=n, text=f"{texts[n % 4]} {n}", language="mixed") for n in range(count)
    ]


def test_units_and_sentiments_are_the_same_whoever_does_the_work() -> None:
    verbatims = said(1_200)
    model = load_sentiment()
    alone = split_all(verbatims)
    with processes(2) as spread:
        units = split_all(verbatims, spread=spread)
        sentiments = begin_score(units, model, spread=spread)(lambda *_: None)
    assert units == alone
    assert all(isinstance(unit, OpinionUnit) for unit in units)
    assert sentiments == begin_score(units, model, spread=in_turn)(lambda *_: None)


def test_a_process_that_dies_takes_no_result_with_it() -> None:
    with processes(2) as spread:
        assert list(spread(dies_elsewhere, [(os.getpid(), n) for n in range(5)])) == [0, 2, 4, 6, 8]
        # … nor those of what is asked after it.
        assert list(spread(abs, [-1, -2])) == [1, 2]


def test_an_error_reaches_the_caller() -> None:
    with processes(2) as spread, pytest.raises(ValueError, match="invalid literal"):
        list(spread(int, ["1", "x"]))


def test_processes_end_when_their_caller_is_killed() -> None:
    code = (
        "import time\nfrom app.engines.processes import processes\n"
        "from tests.app.engines.test_processes import own_id\n"
        "with processes(2) as spread:\n    print(*set(spread(own_id, range(8))), flush=True)\n    time.sleep(60)\n"
    )
    caller = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert caller.stdout is not None
    children = [int(number) for number in caller.stdout.readline().split()]
    caller.kill()
    caller.wait()
    caller.stdout.close()
    assert children
    until = time.monotonic() + 20
    while any(map(_lives, children)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(_lives, children))


def own_id(_: int) -> int:
    """Return the id of the process that does this."""
    time.sleep(0.05)
    return os.getpid()


def _lives(number: int) -> bool:
    try:
        with open(f"/proc/{number}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_small_texts_and_one_process_stay_where_they_are() -> None:
    assert how_many(0, size=WORTH - 1) == 1
    assert 1 <= how_many(0, size=WORTH) <= MOST
    assert how_many(3, size=0) == 3
    with processes(1) as spread:
        assert list(spread(own_id, [1])) == [os.getpid()]

"""How long something takes, told so that a busy machine does not change the answer much."""

from __future__ import annotations

import time
from collections.abc import Callable


def units(call: Callable[[], object], rounds: int = 7) -> float:
    """The processor time of a call in units of a fixed piece of work (about a millisecond on a machine of 2024).

    Both are measured in turn, in the same process, and the least of each counts.
    """
    call()
    calls, works = [], []
    for _ in range(rounds):
        works.append(_processor_time(_work))
        calls.append(_processor_time(call))
    return min(calls) / min(works)


def _work() -> int:
    return sum(len(str(number)) for number in range(10_000))


def _processor_time(call: Callable[[], object]) -> float:
    began = time.process_time()
    call()
    return time.process_time() - began

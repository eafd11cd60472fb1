"""Python sources are parsed by many threads at once: programs are judged side by side."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from medalist.problems.python_tree import python_tree

SOURCE = "".join(
    f"def f{n}(a, b):\n    return [x * (y + {n}) for x in a for y in b if x != ({n} + (2 * y))]\n"
    for n in range(40)
)


@pytest.fixture
def giving_way() -> Iterator[None]:
    """Collect garbage all the time, and let other threads run meanwhile."""

    def give_way(phase: str, info: dict[str, int]) -> None:
        time.sleep(0)

    known = gc.get_threshold()
    gc.callbacks.append(give_way)
    interval = sys.getswitchinterval()
    gc.set_threshold(10)
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)
    gc.set_threshold(*known)
    gc.callbacks.remove(give_way)


def test_trees_that_are_made_at_the_same_time_are_whole(giving_way: None) -> None:
    with ThreadPoolExecutor(4) as workers:
        trees = list(workers.map(lambda _: python_tree(SOURCE), range(100)))
    assert [len(tree.body) for tree in trees] == [40] * 100

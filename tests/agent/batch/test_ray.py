"""A pool on a Ray cluster of several nodes, all of them on this machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.evidence.matrix import FillOptions, fill
from medalist.agent.journal import Journal
from medalist.errors import BadInput, MissingPrerequisite
from medalist.problems.model import Equality
from medalist.sandbox import languages
from medalist.sandbox.box import Executable, PairSide, Run, Source
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.outcome import Status
from medalist.sandbox.pool import open_pool
from medalist.sandbox.ray.ray_pool import open_ray_pool
from tests.agent.batch.nodes import Nodes, cluster_of_nodes
from tests.agent.batch.processes import eventually

pytestmark = pytest.mark.local

LIMITS = RunLimits(cpu_s=2.0, memory_bytes=256 * MIB, output_bytes=MIB)

DOUBLE = """
#include <stdio.h>
#include <unistd.h>
int main(void) {
    long n;
    if (scanf("%ld", &n) != 1 || n < 0) return 3;
    usleep(30000);
    printf("%ld\\n", 2 * n);
}
"""
COUNT = "import sys\nprint(len(sys.stdin.read()))\n"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Nodes]:
    """A head without boxes and two nodes with two each; nothing of it is left behind."""
    pytest.importorskip("ray", reason="Ray is not installed")
    with cluster_of_nodes() as nodes:
        nodes.add(num_cpus=2)
        nodes.add(num_cpus=2)
        yield nodes


@pytest.fixture(scope="module")
def pool(cluster: Nodes) -> Iterator[Any]:
    with open_ray_pool(cluster.address, "local") as opened:
        yield opened


def build(pool: Any, language: str, text: str) -> Executable:
    result = pool.compile(languages.source(language, text))
    assert result.executable is not None, result.message
    return result.executable  # type: ignore[no-any-return]


def test_boxes_are_on_every_node_and_say_what_they_are(pool: Any) -> None:
    assert pool.size == 4
    assert pool.note.startswith("sandbox: 4 local boxes on 2 nodes of a Ray cluster")
    with open_pool("local") as here:
        assert pool.lost == here.lost


def test_runs_are_those_of_this_machine(pool: Any) -> None:
    inputs = [b"1", b"21", b"-1", b"x", *(str(n).encode() for n in range(8))]
    runs = [Run(stdin=content) for content in inputs]

    def facts(pool: Any) -> list[tuple[Status, int | None, bytes]]:
        program = build(pool, "c17", DOUBLE)
        with pool.box() as box:
            listed = list(box.run_many(program, runs, LIMITS))
        return [(outcome.status, outcome.exit_code, outcome.stdout) for outcome in listed]

    with open_pool("local") as here:
        assert facts(pool) == facts(here)


def test_the_stop_rule_holds(pool: Any) -> None:
    taken = []

    def runs() -> Iterator[Run]:
        for number in [3, 4, -1, *range(100)]:
            taken.append(number)
            yield Run(stdin=str(number).encode())

    program = build(pool, "c17", DOUBLE)
    with pool.box() as box:
        outcomes = list(box.run_many(program, runs(), LIMITS, stop_on_failure=True))
    assert [outcome.stdout for outcome in outcomes] == [b"6\n", b"8\n", b""]
    assert len(taken) < 10, "inputs are read as they are needed"


def test_large_contents_arrive_whole_in_every_box(pool: Any) -> None:
    program = build(pool, "python3", COUNT)
    runs = [Run(stdin=b"x" * (number << 20)) for number in (0, 1, 3, 3, 1)]
    for secret in (False, True):
        with pool.box(secret=secret) as box:
            outcomes = list(box.run_many(program, runs, LIMITS))
        assert [int(outcome.stdout) for outcome in outcomes] == [len(run.stdin) for run in runs]


def test_large_outputs_come_back_whole(pool: Any) -> None:
    program = build(pool, "python3", "print('y' * int(input()), end='')")
    # Together more than one call brings back.
    limits = RunLimits(cpu_s=2.0, memory_bytes=512 * MIB, output_bytes=32 * MIB)
    runs = [Run(stdin=str(20 * MIB).encode()) for _ in range(3)]
    with pool.box() as box:
        for outcome in box.run_many(program, runs, limits):
            assert outcome.ok
            assert len(outcome.stdout) == 20 * MIB


def test_a_compile_error_and_an_unknown_language(pool: Any) -> None:
    result = pool.compile(languages.source("c17", "int main(void) { return nothing; }"))
    assert result.executable is None
    assert "nothing" in result.message
    with pytest.raises(BadInput, match="unknown language"):
        pool.compile(Source("cobol", {"a": b""}, "a"))


def test_a_pair_talks_on_one_node(pool: Any) -> None:
    doubler = build(pool, "python3", "while True:\n    print(2 * int(input()), flush=True)")
    asker = build(pool, "python3", "print(7, flush=True)\nassert input() == '14'")
    pair = pool.run_pair(PairSide(doubler, LIMITS), PairSide(asker, LIMITS))
    assert (pair.first, pair.interactor.status) == ("interactor", Status.OK)


def test_a_run_alone_leaves_other_nodes_at_work(pool: Any) -> None:
    program = build(pool, "c17", DOUBLE)
    with pool.alone(), pool.box() as box:
        (outcome,) = box.run_many(program, [Run(stdin=b"4")], LIMITS)
        assert outcome.stdout == b"8\n"
    boxes = [pool.box() for _ in range(pool.size)]
    for box in boxes:
        box.__enter__()  # all of them are free again
    for box in boxes:
        box.__exit__(None, None, None)


def test_a_lost_node_costs_only_what_it_had_in_flight(
    cluster: Nodes, pool: Any, tmp_path: Path
) -> None:
    program = build(pool, "c17", DOUBLE)
    before, again = pool.size, pool.repeated
    node = cluster.add(num_cpus=2)
    assert eventually(lambda: pool.size == before + 2), "a node that joins has boxes"
    inputs = [str(number).encode() for number in range(25)]
    names = [f"p{number}" for number in range(24)]
    with Journal.open(tmp_path) as journal:
        table = BehaviourTable("suite", Equality(), journal)
        table.add_inputs(inputs)
        rows = fill(
            table, ((name, program) for name in names), pool, FillOptions(LIMITS, workers=pool.size)
        )
        known = [next(rows) for _ in range(6)]
        cluster.kill(node)
        known += rows
    assert sorted(row.program_id for row in known) == sorted(names)
    assert len({row.keys for row in known}) == 1
    assert all(key is not None and key.startswith("=") for key in known[0].keys)
    # Two boxes were lost, each with one call of at most 32 runs; all else was done once.
    assert 0 < pool.repeated - again <= 2 * 32
    with Journal.open(tmp_path, readonly=True) as journal:
        done = [event.body["start"] for event in journal.raw_events("outcomes")]
        assert done == [0] * len(names)
    assert eventually(lambda: pool.size == before)


def test_a_node_without_a_sandbox_is_left_out(
    cluster: Nodes, pool: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = pool.size
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))  # without bubblewrap
    node = cluster.add(num_cpus=2)
    monkeypatch.undo()
    assert eventually(lambda: "left out: bubblewrap" in pool.note), pool.note
    assert pool.size == before
    cluster.kill(node)


@pytest.mark.parametrize("address", ["", "yes", "ray://", "host", "http://host:1", "host:port"])
def test_a_bad_address(address: str) -> None:
    with pytest.raises(BadInput, match="not the address of a cluster"):
        open_ray_pool(address)


def test_without_ray(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("medalist.sandbox.ray")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingPrerequisite, match=r"Ray is not installed \(pip install"):
        open_ray_pool("auto")

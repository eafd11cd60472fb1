"""The part `ray` of `scale.py`."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from medalist.agent.evidence.behaviour_table import BehaviourTable
from medalist.agent.evidence.matrix import FillOptions, fill
from medalist.agent.journal import Journal
from medalist.problems.model import Equality
from medalist.sandbox import languages
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.ray.ray_pool import open_ray_pool
from medalist.sandbox.ray.remote_boxes import RayPool

STORE_BYTES = 80 * MIB
BOXES_PER_NODE = 4
INPUTS, SLEEP_S = 16, 0.5
ROUNDS = 2
SLEEPER = f"""
#include <stdio.h>
#include <unistd.h>
int main(void) {{
    long n;
    usleep({round(SLEEP_S * 1e6)});
    printf("%ld\\n", scanf("%ld", &n) == 1 ? n + 1 : 0);
}}
"""


def measure_nodes() -> dict[str, object]:
    """Return `ray_efficiency`: of 1, 2 and 3 nodes, one after the other joining."""
    by_nodes = {}
    with _cluster() as cluster:
        _add(cluster, BOXES_PER_NODE)
        with open_ray_pool(cluster.address, "local") as pool:
            for nodes in (1, 2, 3):
                by_nodes[nodes] = round(_measured(pool, nodes * BOXES_PER_NODE)[0], 3)
                if nodes < 3:
                    _add(cluster, BOXES_PER_NODE)
    return {"ray_efficiency": by_nodes[3], "ray_by_nodes": by_nodes}


def measure_driver(boxes: int) -> dict[str, object]:
    """Return `driver_core_share` with so many boxes, on 3 nodes."""
    with _cluster() as cluster:
        for number in range(3):
            _add(cluster, (boxes + number) // 3)
        with open_ray_pool(cluster.address, "local") as pool:
            efficiency, share = _measured(pool, boxes)
    return {
        "driver_core_share": round(share, 3),
        "driver_boxes": boxes,
        "driver_efficiency": round(efficiency, 3),
    }


@contextmanager
def _cluster() -> Iterator[Any]:
    # Its own 15 would let whatever else runs here starve the boxes.
    os.environ.update({"RAY_worker_niceness": "0"})
    import ray
    from ray.cluster_utils import Cluster

    with tempfile.TemporaryDirectory(prefix="ray-") as folder:
        head = {"num_cpus": 0, "object_store_memory": STORE_BYTES, "include_dashboard": False}
        cluster = Cluster(initialize_head=True, head_node_args={**head, "temp_dir": folder})
        try:
            yield cluster
        finally:
            ray.shutdown()
            cluster.shutdown()


def _add(cluster: Any, boxes: int) -> None:
    cluster.add_node(num_cpus=boxes, object_store_memory=STORE_BYTES, include_dashboard=False)


def _measured(pool: RayPool, boxes: int) -> tuple[float, float]:
    """Return what was done of what so many boxes can do, and the driver's share of a core."""
    while pool.size < boxes:
        time.sleep(0.5)
    program = pool.compile(languages.source("c17", SLEEPER)).executable
    assert program is not None
    with tempfile.TemporaryDirectory() as run, Journal.open(Path(run)) as journal:
        for measured in (False, True):  # the boxes are started first
            table = BehaviourTable(f"{boxes}/{measured}", Equality(), journal)
            table.add_inputs(str(number).encode() for number in range(INPUTS if measured else 1))
            names = [str(number) for number in range((ROUNDS if measured else 2) * boxes)]
            programs = ((name, program) for name in names)
            started, cpu = time.monotonic(), time.process_time()
            rows = list(fill(table, programs, pool, FillOptions(RunLimits(), workers=boxes)))
            seconds, cpu = time.monotonic() - started, time.process_time() - cpu
            assert len(rows) == len(names)
    return ROUNDS * INPUTS * SLEEP_S / seconds, cpu / seconds

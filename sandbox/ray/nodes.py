"""Which boxes there are on which nodes of a Ray cluster.

A thread keeps the book: it looks for nodes that came and went, asks new ones what they have,
and starts an actor for every box that is missing. A node has as many boxes as it states of the
resource `medalist`, if any node of the cluster states that, and else as many as it has CPUs.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import ray
from ray.exceptions import RayError, RayTaskError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from medalist import __version__
from medalist.errors import MissingPrerequisite
from medalist.sandbox.pool import Kind
from medalist.sandbox.ray.leases import ROLES, Book, Host, Node
from medalist.sandbox.ray.node_box import BoxActor, NodeFacts, Trouble, look

log = logging.getLogger(__name__)

RESOURCE = "medalist"

_LOOK_EVERY_S = 5.0
_STARTING_EVERY_S = 0.5
_LOOK_S = 180.0
"""A node that has not said by then what it has is asked again later."""
_START_S = 180.0
_AGAIN_S = 30.0
"""After so long a node without boxes, or one that lost one, is tried again."""
_FAILURES = 3
"""A box that failed so often in a row is taken out of use."""


class Nodes:
    """The nodes of a cluster that have boxes. Thread-safe.

    Raises (when made):
        MissingPrerequisite: No node has a box; says why of each.
    """

    def __init__(self, kind: Kind) -> None:
        self.book = Book()
        self._kind = kind
        self._nodes: dict[str, Node] = {}
        self._starting: dict[Any, Host] = {}
        self._without: dict[str, tuple[str, float]] = {}
        self._toolchain: str | None = None
        self._closed = False
        self._wanted = threading.Event()
        self._update(wait_s=_START_S)
        if not self.book.hosts:
            reasons = "; ".join(dict.fromkeys(self.left_out()))
            raise MissingPrerequisite(
                f"no node of the Ray cluster has a sandbox: {reasons or 'its CPUs are all in use'}",
                hint="docs/cluster.md says what a node needs",
            )
        self._keeper = threading.Thread(target=self._keep, name="ray-nodes", daemon=True)
        self._keeper.start()

    @property
    def toolchain(self) -> str:
        """The compilers and libraries that all boxes have."""
        assert self._toolchain is not None
        return self._toolchain

    def facts(self) -> list[NodeFacts]:
        """What the nodes with boxes have."""
        with self.book.lock:
            return [node.facts for node in self._nodes.values()]

    def left_out(self) -> list[str]:
        """Why the other nodes have none."""
        with self.book.lock:
            return [reason for reason, _ in self._without.values()]

    def worked(self, host: Host) -> None:
        """Note that a box did what it was asked."""
        host.failures = 0

    def failed(self, host: Host, why: str) -> None:
        """Note that a box failed; one that does nothing else is taken out of use."""
        host.failures += 1
        if host.failures >= _FAILURES:
            self.lose(host, why)

    def lose(self, host: Host, why: str) -> None:
        """Take a box out of use; another one is started where that is possible.

        Where one box is lost all of its node may be: the idle ones are asked whether they are
        there before anybody gets them.
        """
        with self.book.lock:
            if not self.book.drop(host):
                return
            log.warning("a box on %s is lost: %s", host.node.facts.host, why)
            host.node.again_at = time.monotonic() + _AGAIN_S
            for other in [other for other in host.node.hosts if not other.busy]:
                self.book.drop(other)
                self._starting[other.actor.ready.remote()] = other
        _kill(host)
        self._wanted.set()

    def close(self) -> None:
        """Stop all boxes; idempotent."""
        with self.book.lock:
            if self._closed:
                return
            self._closed = True
            self.book.close()
        self._wanted.set()
        self._keeper.join()
        hosts = [*self.book.hosts, *self._starting.values()]
        with suppress(RayError, ConnectionError):
            farewells = [host.actor.close.remote() for host in hosts]
            ray.wait(farewells, num_returns=len(farewells), timeout=10.0)
        for host in hosts:
            _kill(host)

    def _keep(self) -> None:
        while not self._closed:
            self._wanted.wait(_STARTING_EVERY_S if self._starting else _LOOK_EVERY_S)
            self._wanted.clear()
            try:
                self._update()
            except (RayError, ConnectionError) as error:
                # The head node does not answer: perhaps it will again.
                log.warning("the Ray cluster cannot be inspected: %s", what_it_says(error))

    def _update(self, *, wait_s: float = 0.0) -> None:
        """Bring the book up to date; boxes are given `wait_s` to start."""
        cluster = _Cluster.seen()
        self._forget(cluster)
        self._ask(cluster)
        with self.book.lock:
            for node in self._nodes.values():
                if time.monotonic() >= node.again_at and not self._closed:
                    self._start(node, cluster)
        self._welcome(wait_s)

    def _forget(self, cluster: _Cluster) -> None:
        with self.book.lock:
            for node_id in [node_id for node_id in self._nodes if node_id not in cluster.boxes]:
                node = self._nodes.pop(node_id)
                log.warning("node %s has left the Ray cluster", node.facts.host)
                for host in list(node.hosts):
                    self.book.drop(host)
            for node_id in [node_id for node_id in self._without if node_id not in cluster.boxes]:
                del self._without[node_id]

    def _ask(self, cluster: _Cluster) -> None:
        """Ask nodes that are new, or had no box a while ago, what they have."""
        now = time.monotonic()
        asked = {
            ray.remote(look)
            .options(num_cpus=0, max_retries=0, scheduling_strategy=_on(node_id))
            .remote(self._kind): node_id
            for node_id in cluster.boxes
            if node_id not in self._nodes and now >= self._without.get(node_id, ("", 0.0))[1]
        }
        if not asked:
            return
        by_node: dict[str, NodeFacts] = {}
        ready, late = ray.wait(list(asked), num_returns=len(asked), timeout=_LOOK_S)
        for ref in ready:
            try:
                said = ray.get(ref)
            except RayError as error:  # medalist is not installed there, or the node has gone
                said = Trouble(what_it_says(error))
            if isinstance(said, Trouble):
                self._leave_out(asked[ref], said.message)
            else:
                by_node[asked[ref]] = said
        for ref in late:
            self._leave_out(asked[ref], "a node does not answer")
        if self._toolchain is None and by_node:
            boxes: dict[str, int] = {}
            for node_id, facts in by_node.items():
                boxes[facts.toolchain] = boxes.get(facts.toolchain, 0) + cluster.boxes[node_id]
            self._toolchain = max(boxes, key=lambda name: boxes[name])
        for node_id, facts in by_node.items():
            self._admit(node_id, facts)

    def _admit(self, node_id: str, facts: NodeFacts) -> None:
        """Verdicts must not depend on the node: all have one medalist and one toolchain."""
        if facts.version != __version__:
            self._leave_out(node_id, f"{facts.host} has medalist {facts.version}")
        elif facts.toolchain != self._toolchain:
            self._leave_out(node_id, f"{facts.host} has other compilers (another image)")
        else:
            with self.book.lock:
                self._without.pop(node_id, None)
                self._nodes[node_id] = Node(node_id, facts)

    def _leave_out(self, node_id: str, reason: str) -> None:
        with self.book.lock:
            self._without[node_id] = (reason, time.monotonic() + _AGAIN_S)

    def _start(self, node: Node, cluster: _Cluster) -> None:
        """Start the boxes that a node lacks, each on the core that has fewest."""
        own = [*node.hosts, *(host for host in self._starting.values() if host.node is node)]
        grouped: Any = ray.remote  # its types know no concurrency groups
        boxes = grouped(concurrency_groups=dict.fromkeys(ROLES, 1))(BoxActor)
        for _ in range(cluster.boxes[node.node_id] - len(own)):
            core = min(node.facts.cores, key=lambda core: sum(host.core == core for host in own))
            actor = boxes.options(
                num_cpus=1,
                resources={RESOURCE: 1} if cluster.states_boxes else None,
                max_restarts=0,
                scheduling_strategy=_on(node.node_id),
            ).remote(self._kind, core)
            host = Host(node, core, actor)
            own.append(host)
            self._starting[actor.ready.remote()] = host

    def _welcome(self, wait_s: float) -> None:
        """Put boxes to use that have started."""
        with self.book.lock:
            starting = dict(self._starting)
        if not starting:
            return
        ready, _ = ray.wait(list(starting), num_returns=len(starting), timeout=wait_s)
        for ref in ready:
            host = starting[ref]
            trouble = None
            try:
                ray.get(ref)
            except RayError as error:
                trouble = what_it_says(error)
                log.warning("no box on %s: %s", host.node.facts.host, trouble)
            with self.book.lock:
                del self._starting[ref]
                if trouble is not None:
                    host.node.again_at = time.monotonic() + _AGAIN_S
                elif self._nodes.get(host.node.node_id) is host.node:
                    self.book.add(host)


@dataclass(frozen=True)
class _Cluster:
    """The nodes that are alive and may have boxes, with how many; and whether they state it."""

    boxes: Mapping[str, int]
    states_boxes: bool

    @classmethod
    def seen(cls) -> _Cluster:
        nodes: list[dict[str, Any]] = ray.nodes()  # type: ignore[no-untyped-call]
        alive = {node["NodeID"]: node["Resources"] for node in nodes if node["Alive"]}
        states = any(RESOURCE in resources for resources in alive.values())
        boxes = {
            node_id: int(resources.get(RESOURCE if states else "CPU", 0))
            for node_id, resources in alive.items()
        }
        return cls({node_id: count for node_id, count in boxes.items() if count}, states)


def _on(node_id: str) -> NodeAffinitySchedulingStrategy:
    return NodeAffinitySchedulingStrategy(node_id, soft=False)


def _kill(host: Host) -> None:
    with suppress(RayError, ConnectionError):
        ray.kill(host.actor)


def what_it_says(error: Exception) -> str:
    """Return the line of an error of Ray that is worth telling: the last one of a traceback."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if isinstance(error, RayTaskError) and lines else (lines or [repr(error)])[0]

"""Who has leased which box of a Ray cluster."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from medalist.errors import SandboxFailure
from medalist.sandbox.ray.node_box import NodeFacts

Role = Literal["programs", "secret", "compile"]
ROLES: tuple[Role, ...] = ("programs", "secret", "compile")

_HOPE_S = 60.0
"""With no box left, callers wait so long for a node to come."""


@dataclass(eq=False)
class Node:
    """A node that has boxes: those in use now.

    `reserved` for one thread's run alone; `again_at` is when a box that it lacks is started.
    """

    node_id: str
    facts: NodeFacts
    hosts: list[Host] = field(default_factory=list)
    reserved: bool = False
    again_at: float = 0.0


@dataclass(eq=False)
class Host:
    """One box actor, pinned to a core of its node, and which of its roles are leased."""

    node: Node
    core: int
    actor: Any
    busy: set[Role] = field(default_factory=set)
    failures: int = 0


class Book:
    """Leases of boxes. Thread-safe; `lock` is held by whoever changes several things at once."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.repeated = 0
        self._hosts: list[Host] = []
        self._freed = {role: threading.Condition(self.lock) for role in ROLES}
        self._drained = threading.Condition(self.lock)
        self._hopeless_at = 0.0
        self._closed = False

    @property
    def hosts(self) -> list[Host]:
        """The boxes in use now."""
        with self.lock:
            return list(self._hosts)

    def add(self, host: Host) -> None:
        """Put a box to use."""
        with self.lock:
            self._hosts.append(host)
            host.node.hosts.append(host)
            for condition in (*self._freed.values(), self._drained):
                condition.notify_all()

    def drop(self, host: Host) -> bool:
        """Take a box out of use, even if it is leased; False if it was not in use."""
        with self.lock:
            if host not in self._hosts:
                return False
            self._hosts.remove(host)
            host.node.hosts.remove(host)
            self._hopeless_at = time.monotonic() + _HOPE_S
            self._drained.notify_all()
            return True

    def close(self) -> None:
        """Give nothing out any more."""
        with self.lock:
            self._closed = True

    def repeat(self, runs: int) -> None:
        """Count runs that are asked for again."""
        with self.lock:
            self.repeated += runs

    def lease(self, role: Role) -> Host:
        """Take a box for one of its roles, waiting until one is free.

        Raises:
            SandboxFailure: No box is left, and none came for a minute.
        """
        with self.lock:
            while True:
                for place, host in enumerate(self._hosts):
                    kept_free = role == "programs" and host.node.reserved
                    if role not in host.busy and not kept_free:
                        host.busy.add(role)
                        self._hosts.append(self._hosts.pop(place))  # each in its turn
                        return host
                self._wait(self._freed[role])

    def lease_on(self, node: Node) -> Host | None:
        """Take a box for a program on a reserved node; None if it has lost all its boxes."""
        with self.lock:
            host = next((host for host in node.hosts if "programs" not in host.busy), None)
            if host is not None:
                host.busy.add("programs")
            return host

    def release(self, host: Host, role: Role) -> None:
        """Give it back."""
        with self.lock:
            host.busy.discard(role)
            if role == "programs" and host.node.reserved:
                self._drained.notify_all()
            else:
                self._freed[role].notify()

    def reserve(self) -> Node:
        """Take a node on which no program runs but the caller's, waiting until it is idle.

        Raises:
            SandboxFailure: No box is left.
        """
        with self.lock:
            while True:
                node = next((host.node for host in self._hosts if not host.node.reserved), None)
                if node is None:
                    self._wait(self._drained)
                    continue
                node.reserved = True
                try:
                    while any("programs" in host.busy for host in node.hosts):
                        self._wait(self._drained)
                except BaseException:
                    self.unreserve(node)
                    raise
                if node.hosts:
                    return node
                self.unreserve(node)

    def unreserve(self, node: Node) -> None:
        """Give it back."""
        with self.lock:
            node.reserved = False
            self._freed["programs"].notify_all()
            self._drained.notify_all()

    def _wait(self, condition: threading.Condition) -> None:
        """Wait for a change, for a while; called with the lock held.

        Raises:
            SandboxFailure: There is nothing to wait for any more.
        """
        if self._closed or (not self._hosts and time.monotonic() > self._hopeless_at):
            raise SandboxFailure("no node of the Ray cluster has a sandbox any more")
        condition.wait(1.0)

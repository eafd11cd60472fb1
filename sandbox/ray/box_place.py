"""A leased box somewhere in a Ray cluster: another one takes its place when it is lost."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Any, Self

import ray
from ray.exceptions import RayError, RayTaskError

from medalist.errors import BadInput, SandboxFailure
from medalist.sandbox.ray.leases import Host, Node, Role
from medalist.sandbox.ray.node_box import RemoteAnswer, Trouble
from medalist.sandbox.ray.nodes import Nodes, what_it_says

_ATTEMPTS = 5
"""A call that breaks so often in a row may itself be what breaks the boxes."""


class Alone(threading.local):
    """The node that is kept idle for this thread's next run, if one is."""

    node: Node | None = None


class BoxPlace:
    """One role of one box, for as long as the context lasts. Belongs to one thread."""

    def __init__(self, nodes: Nodes, role: Role, alone: Alone) -> None:
        self._nodes = nodes
        self.role = role
        self._alone = alone
        self._host: Host | None = None

    def ask(self, method: str, *args: Any, runs: int = 1) -> Any:
        """Return what a method of the box says, asking elsewhere while boxes fail.

        Args:
            method: Of `BoxActor`.
            args: For it.
            runs: How many runs are asked for, to be counted when they are asked for again.

        Raises:
            BadInput: No box can do what is asked for.
            SandboxFailure: It broke several boxes in a row, or none is left.
        """
        trouble = ""
        for _ in range(_ATTEMPTS):
            host = self._lease()
            try:
                answer = ray.get(getattr(host.actor, method).remote(*args))
            except RayTaskError as error:
                trouble = what_it_says(error)
                self._nodes.failed(host, trouble)
            except RayError as error:
                trouble = what_it_says(error)
                self._nodes.lose(host, trouble)
            except ConnectionError as error:  # of the Ray client
                raise SandboxFailure(f"the Ray cluster cannot be reached: {error}") from error
            else:
                said = _trouble(answer)
                if said is None:
                    self._nodes.worked(host)
                    return answer
                if answer.of_input:
                    self._nodes.worked(host)
                    if isinstance(answer, RemoteAnswer) and answer.outcomes:
                        return answer
                    raise BadInput(said)
                trouble = said
                self._nodes.failed(host, trouble)
                if isinstance(answer, RemoteAnswer) and answer.outcomes:
                    self.leave()
                    return answer
            self._nodes.book.repeat(runs)
            self.leave()
        raise SandboxFailure(f"boxes of the Ray cluster failed {_ATTEMPTS} times: {trouble}")

    def leave(self) -> None:
        """Give the box back; the next call takes another one."""
        if self._host is not None:
            self._nodes.book.release(self._host, self.role)
            self._host = None

    def __enter__(self) -> Self:
        self._lease()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.leave()

    def _lease(self) -> Host:
        while self._host is None:
            node = self._alone.node if self.role == "programs" else None
            if node is None:
                self._host = self._nodes.book.lease(self.role)
            else:
                self._host = self._nodes.book.lease_on(node)
                if self._host is None:  # that node was lost: the run is to be alone elsewhere
                    self._alone.node = None
                    self._nodes.book.unreserve(node)
                    self._alone.node = self._nodes.book.reserve()
        return self._host


def _trouble(answer: Any) -> str | None:
    if isinstance(answer, Trouble):
        return answer.message
    return answer.trouble if isinstance(answer, RemoteAnswer) else None

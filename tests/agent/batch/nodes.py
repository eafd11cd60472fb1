"""Ray clusters of a test's own: other folders, other addresses, and nothing of them left behind."""

from __future__ import annotations

import os
import secrets
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from medalist.sandbox.limits import MIB
from tests.agent.batch.processes import end

STORE_BYTES = 80 * MIB


@contextmanager
def territory() -> Iterator[dict[str, str]]:
    """Yield an environment in which Ray keeps to its own folder; ends all that ran in it.

    The folder's name is short, since sockets are made in it. `RAY_TMPDIR` is where Ray also notes
    the address of its newest cluster, and by default all clusters of a user share a token in
    `~/.ray`: without both tests that run at the same time would meet.
    """
    mark = f"medalist-test-{uuid.uuid4()}"
    with tempfile.TemporaryDirectory(prefix="ray-") as folder:
        token = Path(folder, "token")
        token.write_text(secrets.token_hex(32))
        try:
            yield {
                "RAY_TMPDIR": folder,
                "RAY_ADDRESS": "",
                "RAY_AUTH_TOKEN_PATH": str(token),
                "RAY_MEDALIST_TEST_MARK": mark,
                "RAY_USAGE_STATS_ENABLED": "0",
                "RAY_worker_niceness": "0",
            }
        finally:
            end(mark)


class Nodes:
    """A Ray cluster whose nodes are processes of this machine. Made by `cluster_of_nodes`."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster

        self._node = {
            "object_store_memory": STORE_BYTES,
            "include_dashboard": False,
        }
        self._cluster: Any = Cluster(
            initialize_head=True, head_node_args={"num_cpus": 0, **self._node}
        )

    @property
    def address(self) -> str:
        return str(self._cluster.address)

    def add(self, num_cpus: int) -> Any:
        """Start a node with so many boxes."""
        return self._cluster.add_node(num_cpus=num_cpus, **self._node)

    def kill(self, node: Any) -> None:
        """Kill a node with SIGKILL."""
        self._cluster.remove_node(node, allow_graceful=False)

    def shutdown(self) -> None:
        self._cluster.shutdown()


@contextmanager
def cluster_of_nodes() -> Iterator[Nodes]:
    """Start a head, which has no boxes; end it and all nodes that were added."""
    import ray

    from medalist.sandbox.ray.this_machine import patience

    with territory() as environment, _settings(environment), patience():
        nodes = Nodes()
        try:
            yield nodes
        finally:
            ray.shutdown()
            nodes.shutdown()


@contextmanager
def _settings(environment: dict[str, str]) -> Iterator[None]:
    """Have Ray in this process, which read its settings long ago, keep to `environment`."""
    from ray import _raylet
    from ray._private.authentication.authentication_token_setup import enable_token_auth_by_default

    native: Any = _raylet  # it has no types

    names = [*environment, "RAY_AUTH_MODE"]
    before = {name: os.environ[name] for name in names if name in os.environ}
    os.environ.update(environment)
    tokens = native.AuthenticationTokenLoader.instance()
    tokens.reset_cache()
    enable_token_auth_by_default()
    try:
        yield
    finally:
        for name in names:
            os.environ.pop(name, None)
        os.environ.update(before)
        tokens.reset_cache()
        native.Config.initialize("")

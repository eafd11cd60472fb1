"""Which Ray cluster this machine is a node of, and starting one however busy the machine is.

Ray's own `auto` takes the address of any raylet in the process table, that of another user or of
another program's private cluster too, or what a file in `/tmp/ray` says that everybody may write.
Whoever is connected to runs code here, so only the user's own clusters (or root's) count.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from inspect import signature
from pathlib import Path
from socket import socket
from typing import Any

import ray._private.services as services

from medalist.errors import MissingPrerequisite

PATIENCE_S = 300.0
# Ray's processes wait 30 seconds for each other, which is not enough beside other work.
_PATIENCE = {
    "RAY_gcs_server_port_wait_time_s": f"{PATIENCE_S:.0f}",
    "RAY_raylet_start_wait_time_s": f"{PATIENCE_S:.0f}",
    "RAY_agent_register_timeout_ms": f"{1000 * PATIENCE_S:.0f}",
    "RAY_worker_register_timeout_seconds": f"{PATIENCE_S:.0f}",
    "RAY_health_check_timeout_ms": "60000",
    "RAY_DASHBOARD_STARTUP_TIMEOUT_S": f"{PATIENCE_S:.0f}",
}
_LISTEN = "dashboard_agent_listen_port"
_PORTS = (
    "metrics_agent_port", "metrics_export_port", "dashboard_agent_listen_port",
    "runtime_env_agent_port",
)  # fmt: skip
_HINT = "`ray start --head` on this machine, or --ray local; see docs/cluster.md"


def cluster_here() -> str:
    """Return the address of the cluster that `ray start` made this machine a node of.

    That is `RAY_ADDRESS` if it is set. Else a cluster counts if one of its raylets runs here as
    this user or root, and `ray start` wrote its address into the raylet's folder: clusters that a
    program started for itself, and addresses that nothing answers to any more, are passed over.
    With `RAY_TMPDIR` only clusters in that folder count.

    Raises:
        MissingPrerequisite: There is none, or more than one.
    """
    named = os.environ.get("RAY_ADDRESS", "auto")
    if named not in ("", "auto"):
        return named
    folder = os.environ.get("RAY_TMPDIR")
    clusters = {
        address
        for address, home in _raylets()
        if _written(home / "ray_current_cluster") == address
        and (folder is None or home.resolve().is_relative_to(Path(folder).resolve()))
    }
    if not clusters:
        raise MissingPrerequisite("no cluster of this user runs on this machine", hint=_HINT)
    if len(clusters) > 1:
        raise MissingPrerequisite(
            f"this machine is a node of several: {', '.join(sorted(clusters))}",
            hint="--ray with the address of one of them",
        )
    return clusters.pop()


def use_token() -> None:
    """Send this user's token, if there is one: `ray start` asks for it then, Ray's `auto` too."""
    with suppress(ImportError):  # before tokens came to Ray
        from ray._private.authentication import authentication_token_setup as setup

        setup.maybe_enable_token_auth_if_token_available(warn_if_disabled=False)


def _raylets() -> Iterator[tuple[str, Path]]:
    """Yield the address and the folder of each cluster with a trusted raylet on this machine."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended
            command = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
            if Path(command[0]).name != "raylet" or not _trusted(process):
                continue
            options = dict(word.partition("=")[::2] for word in command[1:])
            if "--gcs-address" in options and "--temp_dir" in options:
                yield options["--gcs-address"], Path(options["--temp_dir"])


def _written(file: Path) -> str | None:
    with suppress(OSError, UnicodeDecodeError):
        if _trusted(file):
            return file.read_text().strip()
    return None


def _trusted(path: Path) -> bool:
    return path.stat().st_uid in (0, os.geteuid())


@contextmanager
def patience() -> Iterator[None]:
    """Let nodes that are started in the block take their time, as long as their head answers."""
    for name, value in _PATIENCE.items():
        os.environ.setdefault(name, value)
    get_node, start_raylet = services.get_node, services.start_raylet
    services.get_node = _waiting(get_node)
    services.start_raylet = _with_ports(start_raylet)
    try:
        yield
    finally:
        services.get_node, services.start_raylet = get_node, start_raylet


def _waiting(get_node: Callable[..., Any]) -> Callable[..., Any]:
    """Ask until the node is there: `ray` itself asks for 30 seconds, and has no option for it."""

    def get(*args: Any, **named: Any) -> Any:
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                return get_node(*args, **named)
            except RuntimeError:  # it has not registered yet
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    return get


def _with_ports(start_raylet: Callable[..., Any]) -> Callable[..., Any]:
    """Choose the ports of a node's agents: a raylet that has to wait for them dies after 15 s."""

    def start(*args: Any, **named: Any) -> Any:
        missing = [name for name in _PORTS if name in named and not named[name]]
        sockets = [socket() for _ in missing]
        for name, one in zip(missing, sockets, strict=True):  # held together: they must differ
            one.bind(("", 0))
            named[name] = one.getsockname()[1]
        for item in sockets:
            item.close()
        given = signature(start_raylet).bind_partial(*args, **named).arguments
        with suppress(KeyError, OSError):  # waited for even so, and written again
            name = f"{_LISTEN}_{given['node_id']}"
            Path(given["session_dir"], name).write_text(str(given[_LISTEN]))
        return start_raylet(*args, **named)

    return start

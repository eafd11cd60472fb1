"""Connecting to a Ray cluster, or starting one of this machine alone."""

from __future__ import annotations

import logging
import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import ray

from medalist.errors import BadInput, MissingPrerequisite
from medalist.sandbox.host import usable_cores
from medalist.sandbox.limits import MIB
from medalist.sandbox.ray.this_machine import cluster_here, patience, use_token

_ADDRESS = re.compile(r"auto|local|(ray://)?[\w.-]+:\d+|(ray://)?\[[0-9a-fA-F:]+\]:\d+")
_STORE_BYTES = 512 * MIB
# Nothing else of the environment reaches the processes that Ray starts here: they need no keys.
_KEPT = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "LD_LIBRARY_PATH",
         "VIRTUAL_ENV", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "DOCKER_HOST",
         "MEDALIST_BOX")  # fmt: skip


def connect(address: str) -> Callable[[], None]:
    """Connect this process to a cluster, and return how to leave it.

    A process that is connected already stays so.

    Args:
        address: `auto` (the cluster of which this machine is a node, see `cluster_here`),
            `ray://HOST:PORT` (from outside, through the Ray client), `HOST:PORT` (the head node,
            from another node), or `local` (a cluster of this machine alone, which ends with this
            process).

    Raises:
        BadInput: No such form of address.
        MissingPrerequisite: No cluster answers there, or it runs another Ray or Python.
    """
    if not _ADDRESS.fullmatch(address):
        raise BadInput(
            f"{address!r} is not the address of a cluster",
            field="--ray",
            hint="auto, local, ray://HOST:PORT or HOST:PORT",
        )
    if ray.is_initialized():
        return lambda: None
    # It warns of the tokens that it uses before it hears of a level.
    logging.getLogger("ray._private.authentication").setLevel(logging.ERROR)
    try:
        if address == "local":
            _start_here()
        else:
            where = address
            if address == "auto":
                where = cluster_here()
                use_token()
            ray.init(address=where, log_to_driver=False, logging_level=logging.ERROR)
    except MissingPrerequisite as error:
        raise MissingPrerequisite(
            f"no Ray cluster can be reached at {address!r}: {error.message}", hint=error.hint
        ) from error
    except Exception as error:  # of any type: a late start is a plain `Exception` to Ray
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise MissingPrerequisite(
            f"no Ray cluster can be reached at {address!r}: {first}",
            hint="`ray start --head` on this machine, or --ray local; see docs/cluster.md",
        ) from error
    return ray.shutdown


def _start_here() -> None:
    with _bare_environment(), patience():
        ray.init(
            address="local",
            num_cpus=len(usable_cores()),
            num_gpus=0,
            object_store_memory=_STORE_BYTES,
            include_dashboard=False,
            log_to_driver=False,
            logging_level=logging.ERROR,
        )


@contextmanager
def _bare_environment() -> Iterator[None]:
    """Hide this process's environment from those that Ray starts; it has no option for it."""
    hidden = {
        name: value
        for name, value in os.environ.items()
        if name not in _KEPT and not name.startswith("RAY_")
    }
    try:
        for name in hidden:
            del os.environ[name]
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        # Ray's own 15 would let whatever else runs here starve the boxes.
        os.environ.setdefault("RAY_worker_niceness", "0")
        if not any(name.startswith("RAY_AUTH_") for name in os.environ):
            # Ray would write one for all to read, and two first runs overwrite each other's.
            os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
        yield
    finally:
        os.environ.update(hidden)

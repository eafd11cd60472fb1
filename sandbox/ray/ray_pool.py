"""A pool of boxes on a Ray cluster, in place of the one of this machine.

Programs and large inputs go into the cluster's object store once and to a node once; calls name
them by hash. A call runs about two seconds' worth of inputs: that, and no more, is done again
elsewhere when a node is lost. This process alone holds the journal and the keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medalist.errors import MissingPrerequisite
from medalist.sandbox.pool import Kind

if TYPE_CHECKING:
    from medalist.sandbox.ray.remote_boxes import RayPool


def open_ray_pool(address: str, kind: Kind = "auto") -> RayPool:
    """Open a pool on all nodes of a cluster that have a sandbox (see `connect` for `address`).

    Args:
        address: `auto`, `local`, `ray://HOST:PORT` or `HOST:PORT`.
        kind: Which boxes the nodes are to have, as for `open_pool`.

    Raises:
        BadInput: No such form of address.
        MissingPrerequisite: Ray is not installed, no cluster answers, or no node has a sandbox.
    """
    try:
        from medalist.sandbox.ray.cluster import connect
        from medalist.sandbox.ray.nodes import Nodes
        from medalist.sandbox.ray.remote_boxes import RayPool
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "ray":
            raise
        raise MissingPrerequisite(
            "Ray is not installed", hint="pip install 'medalist[ray]'"
        ) from error
    disconnect = connect(address)
    try:
        return RayPool(Nodes(kind), disconnect)
    except BaseException:
        disconnect()
        raise

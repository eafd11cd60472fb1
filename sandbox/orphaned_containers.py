"""Containers that dead owners have left behind: made, and never started."""

from __future__ import annotations

from contextlib import suppress

import requests
from docker import DockerClient
from docker.errors import DockerException

from medalist.sandbox.owner import LABEL, is_orphan


def remove_orphaned_containers(client: DockerClient) -> list[str]:
    """Remove containers of dead owners; return their names."""
    removed = []
    with suppress(DockerException, requests.RequestException):
        for container in client.containers.list(all=True, filters={"label": LABEL}):
            if is_orphan(container.labels[LABEL]):
                with suppress(DockerException, requests.RequestException):
                    container.remove(force=True)
                    removed.append(f"container {container.name}")
    return removed

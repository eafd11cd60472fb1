"""Runs the `medalist` command as a user does: a process of its own with a clean environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_KEPT = (
    "PATH", "HOME", "LANG", "TMPDIR", "MEDALIST_SHARED", "XDG_CACHE_HOME", "XDG_CONFIG_HOME",
    "DOCKER_HOST",
)  # fmt: skip


def environment(**extra: str) -> dict[str, str]:
    """The environment of a user who configured nothing but `extra`."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return (
        kept | {"MEDALIST_BOX": "local", "COLUMNS": "200", "MEDALIST_FIRST_WAIT_S": "0.001"} | extra
    )


def start(*args: str | Path, cwd: Path, **extra: str) -> subprocess.Popen[str]:
    """Start `medalist ARGS`."""
    return subprocess.Popen(
        [sys.executable, "-m", "medalist", *map(str, args)],
        cwd=cwd,
        env=environment(**extra),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )


def medalist(*args: str | Path, cwd: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run `medalist ARGS` to its end."""
    process = start(*args, cwd=cwd, **extra)
    out, err = process.communicate(timeout=300)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)

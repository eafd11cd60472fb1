"""The low level of a sandbox: a `Session` is one live runner, started by a `Backend`.

Boxes (`pool.py`) run programs in sessions, and `compile.py` runs compilers in them; the two
are never the same session, so that a compiler sees neither tests nor answers.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Literal, Protocol

from medalist.sandbox.box import Command, Run
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.outcome import Outcome

Role = Literal["run", "secret", "compile"]
"""What a session is for: programs, programs that may see answers (checkers, interactors), or
compilers. A session serves one role all its life."""

HEADERS_DIR = "/headers"
"""Where compile sessions see `Session.headers` (read-only)."""

WORK_DIR = "/tmp"  # noqa: S108 - inside the box, where it is a separate tmpfs
"""The working directory of every run (see `runner/runner.h`)."""


class Session(Protocol):
    """One live runner. Belongs to one thread at a time; a broken one is rebuilt inside."""

    @property
    def toolchain(self) -> str:
        """Identifies the compilers and libraries in the box: part of every cache key."""
        ...

    @property
    def headers(self) -> Path | None:
        """Folder of this machine that compile sessions see read-only as `HEADERS_DIR`.

        It exists and lasts between processes; None where the engine is remote.
        """
        ...

    def run(
        self,
        command: Command,
        runs: Iterable[Run],
        limits: RunLimits,
        *,
        stop_on_failure: bool = False,
    ) -> Generator[Outcome, None, None]:
        """Run `command` once per item, as `Box.run_many` says.

        The working directory is fresh and empty but for the files of command and run; it is
        on a tmpfs, writable by the run, and what `Run.collect` names there is brought back.

        Raises:
            SandboxFailure: The box failed and could not be rebuilt.
        """
        ...

    def close(self) -> None:
        """Release everything; idempotent."""
        ...

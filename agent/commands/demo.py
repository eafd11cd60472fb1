"""What `make demo` does: a sandbox, the embedded model, and one bundled problem solved with it."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from medalist.agent.commands import model, solve
from medalist.agent.commands.console import say
from medalist.agent.commands.main import guarded
from medalist.agent.llm.embedded.model_files import DEFAULT_SIZE, find_weights
from medalist.sandbox.prepare import prepare

_CANDIDATES = 16
_SUBMISSIONS = 3


@contextmanager
def _step(name: str) -> Iterator[None]:
    started = time.monotonic()
    say(f"== {name}", style="bold")
    yield
    say(f"== {name}: {time.monotonic() - started:.1f} s", style="bold")


def demo(problem: str) -> None:
    """Prepare this machine and solve a bundled problem; exits as `medalist solve` does."""
    with _step("sandbox"):
        say(f"ready: {prepare(say)}")
    weights = find_weights(DEFAULT_SIZE)
    with _step("embedded model"):
        before = weights.path.exists()
        model.pull(DEFAULT_SIZE)
        size = 0.0 if before else weights.size_bytes / 1e6
        say(f"downloaded {size:.0f} MB")
    # Its own directory: the answer is found in this very run, not in an earlier one.
    with _step(f"solving {problem}"), tempfile.TemporaryDirectory(prefix="medalist-demo-") as out:
        solve.solve(
            path=problem,
            candidates=_CANDIDATES,
            submissions=_SUBMISSIONS,
            model="embedded",
            max_tokens=512,
            seed=int(time.time()),
            out=Path(out),
        )


if __name__ == "__main__":
    guarded(lambda: demo(sys.argv[1]))

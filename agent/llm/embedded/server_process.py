"""The process that serves the embedded model: started, watched and ended from here."""

from __future__ import annotations

import importlib.util
import os
import select
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from medalist.agent.llm.embedded.model_files import ModelFile
from medalist.errors import MissingPrerequisite, ModelFailure

SLOTS = 4
CONTEXT_TOKENS = 6144
START_TIMEOUT_S = 180.0
# Nothing else of the environment reaches the server: it needs no keys.
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "LD_LIBRARY_PATH")


class Server:
    """The server's process. Ends with `close`, or with this process."""

    def __init__(self, weights: ModelFile, *, port: int = 0, slots: int = SLOTS) -> None:
        """Start it and wait until it listens; port 0 takes a free one.

        Raises:
            MissingPrerequisite: The library or the file is not there.
            ModelFailure: It does not start.
        """
        require(weights)
        fits = None if weights.adapter is None else f"does {weights.adapter} fit {weights.size}?"
        self._hint = fits
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed in close()
        self._states = tempfile.TemporaryDirectory(prefix="medalist-slots-")
        # As a file, not as a module: our packages would take half a second of CPU to load. -P, so
        # that its neighbours (`types.py`) are not taken for the standard library's.
        command = [sys.executable, "-P", str(Path(__file__).with_name("embedded_server.py"))]
        options = {
            "weights": weights.path,
            "name": weights.name,
            "port": port,
            "slots": slots,
            "states": self._states.name,
            "context": CONTEXT_TOKENS,
            "threads": len(os.sched_getaffinity(0)),
        }
        if weights.adapter is not None:
            options["lora"] = weights.adapter
        for name, value in options.items():
            command += [f"--{name}", str(value)]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
            # Ctrl-C is for us; the server ends when its stdin does.
            start_new_session=True,
        )
        try:
            self.url = self._read_address()
        except BaseException:
            self.close()
            raise

    @property
    def base_url(self) -> str:
        """The address to give to a client."""
        return f"{self.url}/v1"

    @property
    def states(self) -> Path:
        """Where the server saves the states of its slots."""
        return Path(self._states.name)

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the process and wait for it. Idempotent."""
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        self._states.cleanup()

    def _read_address(self) -> str:
        stdout = self._process.stdout
        assert stdout is not None
        ready, _, _ = select.select([stdout], [], [], START_TIMEOUT_S)
        address = stdout.readline().decode().strip() if ready else ""
        if not address:
            raise ModelFailure(
                f"the embedded model does not start: {_last_line(self._log)}", hint=self._hint
            )
        return address


def require(weights: ModelFile) -> None:
    """Check that the embedded model can run here.

    Raises:
        MissingPrerequisite: The library or the file is not there.
    """
    if importlib.util.find_spec("xllamacpp") is None:
        raise MissingPrerequisite(
            "the embedded model needs the package xllamacpp",
            hint="pip install 'medalist[local]'",
        )
    if not weights.path.is_file():
        raise MissingPrerequisite(
            f"the embedded model's file is not here ({weights.size_bytes / 1e9:.1f} GB)",
            hint=f"medalist model pull {weights.size}; or give --model and OPENAI_BASE_URL",
        )


def _last_line(log: IO[bytes]) -> str:
    log.seek(0)
    lines = log.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no answer, and its log is empty"

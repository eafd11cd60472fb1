"""Programs that a round of training starts: `medalist batch`, an endpoint, a trainer."""

from __future__ import annotations

import ctypes
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from medalist.errors import BadInput, ModelFailure

_START_S = 600.0
_PAUSE_S = 0.2
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def _with_us() -> None:
    """End when medalist ends, however it does."""
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


class Serving:
    """An endpoint for one model: started by a command, or one that is there already.

    Attributes:
        name: What to call the model.
        environment: Where it is, for `medalist`.
    """

    def __init__(self, command: str | None, model: str, named: str | None = None) -> None:
        """Take a command with `{model}` and `{port}`; None: the endpoint of the environment.

        Args:
            command: Starts the endpoint.
            model: The model: a path or a name.
            named: What `medalist` calls it where no endpoint is started, with `{model}`.
        """
        self.name = (named or "{model}").replace("{model}", model) if command is None else "round"
        self.environment: dict[str, str] = {}
        self._command, self._model = command, model
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start it and wait until it lists its models.

        Raises:
            ModelFailure: It ended, or did not answer in ten minutes.
        """
        if self._command is None:
            return self
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        words = _filled(self._command, "--serve", {"model": self._model, "port": str(port)})
        self._process = _started(words)
        url = f"http://127.0.0.1:{port}/v1"
        self.environment = {"OPENAI_BASE_URL": url}
        self._wait(f"{url}/models")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _wait(self, url: str) -> None:
        assert self._process is not None
        until = time.monotonic() + _START_S
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise ModelFailure(f"`--serve` ended with code {self._process.returncode}")
            try:
                if httpx.get(url, timeout=5.0, trust_env=False).is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(_PAUSE_S)
        self._process.kill()
        raise ModelFailure("`--serve` answered no /v1/models in ten minutes")


def medalist_command(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run `medalist` in its own process.

    Raises:
        ModelFailure: It failed; its output is above.
    """
    code = _started([sys.executable, "-m", "medalist", *arguments], environment).wait()
    if code not in (0, 1):
        raise ModelFailure(f"`medalist {arguments[0]}` ended with code {code}")


def run_trainer(command: str, folder: Path, *, model: str, number: int, names_model: bool) -> str:
    """Train, and return the next model: the folder that was written, or the name that was said.

    What an interrupted training left at `{out}` is removed before; it gets its name when it is
    whole. `{checkpoint}` is the trainer's own folder: it stays until the training ends well.

    Raises:
        ModelFailure: The trainer failed.
        BadInput: It wrote nothing, or named no model.
    """
    target, part = folder / "model", folder / "model.part"
    if target.exists() and not names_model:
        return str(target)
    part.unlink() if part.is_file() else shutil.rmtree(part, ignore_errors=True)
    kept = folder / "checkpoint"
    values = {
        "data": str(folder / "data" / "train.jsonl"),
        "model": model,
        "out": str(part),
        "round": str(number),
        "checkpoint": str(kept),
    }
    if "{checkpoint}" in command:
        kept.mkdir(exist_ok=True)
    process = _started(_filled(command, "--trainer", values), {}, capture=names_model)
    said, _ = process.communicate()
    if process.returncode != 0:
        raise ModelFailure(f"the trainer ended with code {process.returncode}")
    if names_model:
        lines = said.decode("utf-8", "replace").split()
        if not lines:
            raise BadInput("the trainer named no model", field="--trainer", hint="or use --serve")
        shutil.rmtree(kept, ignore_errors=True)
        return lines[-1]
    if not part.exists():
        raise BadInput(f"the trainer wrote nothing to {part}", field="--trainer")
    part.rename(target)
    shutil.rmtree(kept, ignore_errors=True)
    return str(target)


def _started(
    words: Sequence[str], environment: Mapping[str, str] | None = None, *, capture: bool = False
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            list(words),
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if capture else sys.stderr.fileno(),
            preexec_fn=_with_us,
        )
    except OSError as error:
        raise BadInput(f"cannot be started: {error.strerror}", file=words[0]) from error


def _filled(command: str, option: str, values: Mapping[str, str]) -> list[str]:
    """Split a command into words and fill in its placeholders."""
    words = shlex.split(command)
    for name, value in values.items():
        words = [word.replace(f"{{{name}}}", value) for word in words]
    if not words:
        raise BadInput("the command is empty", field=option)
    return words

"""Runs the transcripts of the guide in one folder, as a reader would who types them in."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from zlib import crc32

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.problems.formats import find_bundled
from tests.agent.command import environment, medalist
from tests.guide_blocks import Block, Step, matches, steps_of, words_of

_ENDPOINT = "http://127.0.0.1:8000/v1"
_PORT = "8080"
_LONGEST_S = 300
# Titles by which questions are known, and the folders of the programs that the script answers.
_PROBLEMS = {"Record Days": "warmer", "Fence": "fence"}
_RIGHT = {"warmer": "accepted/reference.py", "fence": "accepted/complex.py"}
_WRONG = {"warmer": "wrong_answer/from_zero.py", "fence": "wrong_answer/clockwise.py"}
_SUM = "print(sum(map(int, input().split())))\n"


def answer(seen: SeenRequest) -> Reply:
    """Answer a question about a bundled problem with one of its programs, as the seed says."""
    question = str(seen.body["messages"])
    name = next((name for title, name in _PROBLEMS.items() if title in question), None)
    if name is None:
        return Reply(f"```python\n{_SUM}```")
    wrong = crc32(str(seen.body["seed"]).encode()) % 3 == 0
    path = find_bundled(name) / "submissions" / (_WRONG if wrong else _RIGHT)[name]
    return Reply(f"```python\n{path.read_text(encoding='utf-8')}```")


class Session:
    """A folder, an environment, and a model that answers."""

    def __init__(self, folder: Path, endpoint: ScriptedEndpoint) -> None:
        self.folder = folder
        self._given = {_ENDPOINT: endpoint.base_url}
        self._extra = {"OPENAI_BASE_URL": endpoint.base_url}
        self._code = 0
        self._running: list[subprocess.Popen[str]] = []
        self._bin = folder.parent / "bin"
        self._bin.mkdir(exist_ok=True)
        for name, rest in {"medalist": "-m medalist", "python": "", "python3": ""}.items():
            script = self._bin / name
            script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {rest} "$@"\n')
            script.chmod(0o755)

    def page(self, blocks: list[Block]) -> str:
        """Run the blocks of a page in their order; return what its Python printed.

        Raises:
            AssertionError: A command prints or ends otherwise than the page says.
        """
        self._given[_PORT] = str(_free_port())
        try:
            for block in blocks:
                self._block(block)
            return self._python(
                [b for b in blocks if b.language == "python" and not (b.title or b.reason)]
            )
        finally:
            self._end()

    def _block(self, block: Block) -> None:
        if block.title is not None:
            path = self.folder / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.reason is None and block.language == "console":
            steps = steps_of(block.text)
            for step, later in zip(steps, [*steps[1:], None], strict=True):
                said = self._step(step)
                where = f"{block.page}:{block.line}: $ {step.command}\n{said}"
                assert matches(step.expected, self._as_written(said)), where
                tells = later is not None and later.command == "echo $?"
                assert self._code == 0 or tells, f"exit code {self._code}: {where}"

    def _step(self, step: Step) -> str:
        command = step.command
        for written, real in self._given.items():
            command = command.replace(written, real)
        if command == "echo $?":
            said, self._code = f"{self._code}\n", 0
            return said
        assigned = re.fullmatch(r"export (\w+)=(\S*)", command)
        if assigned:
            self._extra[assigned[1]] = assigned[2]
            return ""
        if command.endswith(" &"):
            return self._start(command.removesuffix(" &"), step.expected)
        words = words_of(command)
        if words is not None:
            done = medalist(*words, cwd=self.folder, **self._extra)
        else:
            done = self._shell(command)
        self._code = done.returncode
        return done.stderr + done.stdout

    def _environment(self) -> dict[str, str]:
        given = environment(**self._extra)
        return given | {"PATH": f"{self._bin}{os.pathsep}{given['PATH']}"}

    def _shell(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=_LONGEST_S,
            check=False,
        )

    def _start(self, command: str, expected: tuple[str, ...]) -> str:
        process = subprocess.Popen(
            ["bash", "-c", f"exec {command} 2>&1"],
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        self._running.append(process)
        assert process.stdout is not None
        said, until = "", time.monotonic() + _LONGEST_S
        while not matches(expected, self._as_written(said)) and time.monotonic() < until:
            line = process.stdout.readline()
            if not line:
                break
            said += line
        return said

    def _as_written(self, said: str) -> str:
        for written, real in self._given.items():
            said = said.replace(real, written)
        return said

    def _python(self, blocks: list[Block]) -> str:
        if not blocks:
            return ""
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", "\n".join(block.text for block in blocks)],
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=_LONGEST_S,
            check=False,
        )
        assert done.returncode == 0, f"{blocks[0].page}: {done.stderr}"
        return done.stdout

    def _end(self) -> None:
        for process in self._running:
            process.send_signal(signal.SIGINT)
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
        self._running.clear()


def lacking(blocks: list[Block]) -> str | None:
    """The first program of a page's transcripts that this machine does not have."""
    for block in blocks:
        if block.language == "console" and block.reason is None:
            for step in steps_of(block.text):
                name = step.command.split()[0]
                if name == "curl" and shutil.which(name) is None:
                    return name
    return None


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])

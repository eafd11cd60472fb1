"""The embedded model for real: the small one, a few tokens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.journal import Journal
from medalist.agent.llm import open_model
from medalist.agent.llm.contract import Message, Request
from medalist.agent.llm.embedded.model_files import find_weights
from medalist.agent.llm.resources import ModelResources
from medalist.errors import BadInput, MissingPrerequisite

SMALL = find_weights("0.5b")


@pytest.fixture
def small_model() -> None:
    pytest.importorskip("xllamacpp", reason="the extra `local` is not installed")
    if not SMALL.path.is_file():
        pytest.skip("no model file: medalist model pull 0.5b")


@pytest.mark.model
@pytest.mark.usefixtures("small_model")
def test_the_embedded_model_answers_and_shares_the_prompt(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    messages = (Message("user", "Name a colour."),)
    requests = [
        Request(f"r{n}", messages, max_tokens=6, seed=n, prefill="My colour is") for n in range(3)
    ]
    with Journal.open(tmp_path / "run") as journal:
        model = open_model("embedded:0.5b", ModelResources(journal))
        try:
            answers = list(model.complete(requests))
            server = child_of(os.getpid())
            environment = Path(f"/proc/{server}/environ").read_bytes()
        finally:
            model.close()
    assert b"sk-secret" not in environment
    assert not Path(f"/proc/{server}").exists()
    assert {answer.request_id for answer in answers} == {"r0", "r1", "r2"}
    for answer in answers:
        assert answer.text.startswith("My colour is")
        assert answer.cost_usd == 0.0
        assert answer.usage.prompt_tokens is not None
        assert answer.usage.cached_tokens is not None
        # All but the last token of the prompt was computed once for everybody.
        assert answer.usage.cached_tokens >= answer.usage.prompt_tokens - 2


@pytest.mark.model
@pytest.mark.usefixtures("small_model")
def test_the_server_dies_with_its_parent(tmp_path: Path) -> None:
    program = (
        "import time; from medalist.agent.llm.embedded.server_process import Server\n"
        "from medalist.agent.llm.embedded.model_files import find_weights\n"
        "server = Server(find_weights('0.5b')); print(server.base_url, flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline().startswith(b"http://127.0.0.1:")
        server = child_of(parent.pid)
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 240
    while running(server):
        assert time.monotonic() < deadline, "the server outlives its parent"
        time.sleep(0.1)


def child_of(pid: int) -> int:
    """Return the process of the server among the children of a process."""
    listed = [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
        if b"embedded_server" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    (server,) = listed
    return server


def running(pid: int) -> bool:
    """Whether a process is there and no zombie (who inherits it may be slow to bury it)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_no_file_is_said_with_the_mend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp", reason="the extra `local` is not installed")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(MissingPrerequisite, match=r"1\.1 GB.*medalist model pull 1\.5b"):
        open_model(None)


def test_unknown_size() -> None:
    with pytest.raises(BadInput, match=r"no embedded model of size '7b' \(sizes: 1.5b, 0.5b\)"):
        open_model("embedded:7b")


@pytest.mark.local
@pytest.mark.model
@pytest.mark.usefixtures("small_model")
def test_the_embedded_model_has_the_time_that_the_command_gives_it(tmp_path: Path) -> None:
    args = ("-n", "1", "--evidence", "0", "--search", "once", "--timeout", "0.05")
    done = medalist("solve", "warmer", "--model", "embedded:0.5b", *args, cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    assert "did not answer in time (0.05 s)" in done.stderr

"""An engine on another machine: reached over TCP, with no socket and no folder in common."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from medalist.errors import EngineError
from medalist.sandbox import languages
from medalist.sandbox.box import PairSide, Run
from medalist.sandbox.docker_engine import SOCKET, connect
from medalist.sandbox.limits import MIB, RunLimits
from medalist.sandbox.outcome import Status
from medalist.sandbox.pool import Pool, open_pool

pytestmark = pytest.mark.docker


class Relay(socketserver.BaseRequestHandler):
    """One connection, copied to the engine's own socket and back."""

    def handle(self) -> None:
        with socket.socket(socket.AF_UNIX) as engine:
            engine.connect(SOCKET)
            back = threading.Thread(target=copy, args=(engine, self.request))
            back.start()
            copy(self.request, engine)
            back.join()


def copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while content := source.recv(1 << 16):
            target.sendall(content)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    try:
        connect().close()
    except EngineError as error:
        pytest.skip(str(error))
    with Server(("127.0.0.1", 0), Relay) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{server.server_address[1]}")
        try:
            with open_pool("docker") as pool:
                yield pool
        except EngineError as error:
            pytest.skip(str(error))
        finally:
            server.shutdown()
            thread.join()


def test_everything_goes_through_framed_stdio(far: Pool) -> None:
    echo = far.compile(
        languages.source("python3", "import sys\nsys.stdout.write(sys.stdin.read())\n")
    )
    assert echo.executable is not None, echo.message
    contents = [b"x" * size for size in (0, 10, 100_000, 2 * MIB)]
    with far.box() as box:
        outcomes = list(box.run_many(echo.executable, map(Run, contents), RunLimits()))
        assert [outcome.stdout for outcome in outcomes] == contents
    loop = far.compile(languages.source("c17", "int main(void) { for (;;) {} }"))
    assert loop.executable is not None, loop.message
    with far.box() as box:
        (outcome,) = box.run_many(loop.executable, [Run()], RunLimits(cpu_s=0.3))
        assert outcome.status is Status.TIME
        endless = box.run_many(loop.executable, [Run()] * 50, RunLimits(cpu_s=0.1))
        assert next(endless).status is Status.TIME
        endless.close()
        (after,) = box.run_many(echo.executable, [Run(b"again")], RunLimits())
    assert after.stdout == b"again"


def test_a_pair_is_refused_in_one_line(far: Pool) -> None:
    reader = far.compile(languages.source("python3", "input()")).executable
    assert reader is not None
    with pytest.raises(EngineError, match="need an engine on this machine"):
        far.run_pair(PairSide(reader, RunLimits()), PairSide(reader, RunLimits()))

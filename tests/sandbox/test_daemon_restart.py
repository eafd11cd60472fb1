"""A Docker daemon that is stopped and started again in the middle of a batch.

The daemon is one of our own, with its own socket and storage.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from medalist.errors import EngineError
from medalist.sandbox import languages
from medalist.sandbox.box import Executable, Run
from medalist.sandbox.docker_engine import connect
from medalist.sandbox.image_inputs import image_tag
from medalist.sandbox.limits import RunLimits
from medalist.sandbox.local import build_runner
from medalist.sandbox.pool import open_pool

pytestmark = [
    pytest.mark.slow,
    pytest.mark.docker,
    pytest.mark.skipif(os.geteuid() != 0, reason="a daemon of our own needs root"),
    pytest.mark.skipif(shutil.which("dockerd") is None, reason="no dockerd"),
]

DOUBLE = """
#include <stdio.h>
int main(void) { int n; if (scanf("%d", &n) != 1) return 1; printf("%d", 2 * n); return 0; }
"""


@contextmanager
def daemon(folder: Path) -> Iterator[None]:
    argv = ["dockerd", "--host", f"unix://{folder}/docker.sock", "--bridge", "none"]
    argv += ["--data-root", f"{folder}/data", "--exec-root", f"{folder}/exec"]
    argv += ["--pidfile", f"{folder}/pid", "--iptables=false", "--ip6tables=false"]
    with (folder / "log").open("ab") as log, subprocess.Popen(argv, stdout=log, stderr=log) as own:
        try:
            for _ in range(120):
                try:
                    connect().close()
                    break
                except EngineError:
                    time.sleep(0.5)
            yield
        finally:
            own.terminate()


def import_image() -> None:
    """Make the smallest runner image: nothing in it but the runner."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        archive.add(build_runner(), "usr/local/bin/medalist-runner")
    repository, tag = image_tag().split(":")
    client = connect()
    client.api.import_image_from_data(
        content.getvalue(),
        repository=repository,
        tag=tag,
        changes=['ENTRYPOINT ["/usr/local/bin/medalist-runner"]'],
    )
    client.close()


def compiled() -> Executable:
    try:
        with open_pool() as pool:
            executable = pool.compile(languages.source("c17", DOUBLE)).executable
    except EngineError as error:
        pytest.skip(str(error))
    assert executable is not None
    return executable


def test_no_verdict_is_lost_over_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = compiled()
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
    numbers = range(200)
    outputs = []
    with ExitStack() as first, ExitStack() as boxes:
        first.enter_context(daemon(tmp_path))
        import_image()
        pool = boxes.enter_context(open_pool("docker"))
        box = boxes.enter_context(pool.box())
        outcomes = box.run_many(program, (Run(b"%d" % n) for n in numbers), RunLimits())
        outputs += [next(outcomes).stdout for _ in range(50)]
        first.close()
        with daemon(tmp_path):
            outputs += [outcome.stdout for outcome in outcomes]
            pool.close()
    assert outputs == [b"%d" % (2 * n) for n in numbers]

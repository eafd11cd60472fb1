"""`--ray local`: a cluster of this machine, in its own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator

import pytest

from tests.agent.batch.nodes import territory
from tests.agent.batch.processes import eventually, marked

pytestmark = pytest.mark.local

KEY = "canary-4c1d9f"


@pytest.fixture
def own() -> Iterator[dict[str, str]]:
    """The environment of a cluster of the test's own."""
    pytest.importorskip("ray", reason="Ray is not installed")
    with territory() as environment:
        yield environment


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=550,
        check=False,
        env={**os.environ, **environment},
    )


def test_no_key_reaches_ray_and_what_cannot_run_breaks_no_box(
    own: dict[str, str],
) -> None:
    done = run(
        """
        import json, os
        from pathlib import Path
        from medalist.errors import BadInput
        from medalist.sandbox.ray.ray_pool import open_ray_pool
        from medalist.sandbox import languages
        from medalist.sandbox.box import Run
        from medalist.sandbox.limits import RunLimits

        with open_ray_pool("local", "local") as pool:
            program = pool.compile(languages.source("python3", "print(input()[::-1])")).executable
            with pool.box() as box:
                try:
                    list(box.run_many(program, [Run(files={"a": b"", "a/b": b""})], RunLimits()))
                except BadInput as error:
                    refused = str(error)
                (outcome,) = box.run_many(program, [Run(stdin=b"abc")], RunLimits())
            me, processes = os.getpid(), {}
            for folder in Path("/proc").glob("[0-9]*"):
                try:
                    pid, status = int(folder.name), (folder / "stat").read_text()
                    parent = int(status.rpartition(")")[2].split()[1])
                    processes[pid] = (parent, (folder / "environ").read_bytes())
                except OSError:
                    pass
            def ours(pid):
                return pid == me or (pid in processes and ours(processes[pid][0]))
            below = [environ for pid, (_, environ) in processes.items() if pid != me and ours(pid)]
            print(json.dumps({
                "said": outcome.stdout.decode(),
                "refused": refused,
                "processes": len(below),
                "leaks": sum(b"%(key)s" in environ for environ in below),
                "kept": os.environ["OPENAI_API_KEY"],
            }))
        """.replace("%(key)s", KEY),
        OPENAI_API_KEY=KEY,
        MY_OWN_NAME_FOR_A_KEY=KEY,
        **own,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["processes"] >= 3  # raylet, its agents, the boxes
    assert result["refused"] == "file 'a': is a file and a folder at once"
    assert "is lost" not in done.stderr
    assert (result["said"], result["leaks"], result["kept"]) == ("cba\n", 0, KEY)


@pytest.mark.slow  # Ray's own agents take their time to notice
def test_a_killed_driver_leaves_no_process(own: dict[str, str]) -> None:
    code = """
        from medalist.sandbox.ray.ray_pool import open_ray_pool
        from medalist.sandbox import languages
        from medalist.sandbox.box import Run
        from medalist.sandbox.limits import RunLimits

        with open_ray_pool("local", "local") as pool:
            sleeper = languages.source("python3", "import time; time.sleep(int(input()))")
            program = pool.compile(sleeper).executable
            with pool.box() as box:
                runs = [Run(stdin=b"0"), Run(stdin=b"0"), Run(stdin=b"1000")]
                for outcome in box.run_many(program, runs, RunLimits(wall_s=1000)):
                    print(outcome.status, flush=True)
    """
    mark = own["RAY_MEDALIST_TEST_MARK"]
    driver = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **own},
    )
    with driver:
        assert driver.stdout is not None
        assert driver.stdout.readline() == "ok\n"
        assert len(marked(mark)) > 3
        driver.kill()
    assert eventually(lambda: not marked(mark)), marked(mark)

"""Whatever is wrong, one clear line and the documented exit code."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.agent.command import environment, medalist

from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint
from medalist.problems.formats import find_bundled

STATEMENT = """# Sum

Read two integers and print their sum.

## Sample Input 1

    1 2

## Sample Output 1

    3
"""


def _one_line(stderr: str) -> str:
    """The line of the error; fails if there is a traceback or more than one such line."""
    assert "Traceback" not in stderr
    lines = [line for line in stderr.splitlines() if line.startswith("medalist: ")]
    assert len(lines) == 1, stderr
    return lines[0]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("missing.md", None, "missing.md"),
        ("empty.md", b"", "empty"),
        ("blank.md", b" \n\t\n", "empty"),
        ("binary.md", bytes(range(256)) * 8, "binary"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
    ],
)
def test_statement(name: str, content: bytes | None, says: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = medalist("solve", name, cwd=tmp_path)
    line = _one_line(done.stderr)
    assert done.returncode == 2
    assert name in line
    assert says in line


def test_package_without_tests(tmp_path: Path) -> None:
    package = tmp_path / "warmer"
    shutil.copytree(find_bundled("warmer"), package)
    shutil.rmtree(package / "data" / "secret")
    program = tmp_path / "a.py"
    program.write_text("print(1)\n")
    shutil.rmtree(package / "data" / "sample")
    done = medalist("judge", package, program, cwd=tmp_path)
    assert done.returncode == 2
    assert "test" in _one_line(done.stderr)


def test_unknown_model(tmp_path: Path) -> None:
    (tmp_path / "sum.md").write_text(STATEMENT)
    done = medalist("solve", "sum.md", "--model", "no-such-model", cwd=tmp_path)
    assert done.returncode == 2
    assert "no-such-model" in _one_line(done.stderr)


@pytest.mark.parametrize(
    ("option", "value"), [("--lang", "cobol"), ("--prompts", "magic"), ("-n", "0")]
)
def test_options(option: str, value: str, tmp_path: Path) -> None:
    (tmp_path / "sum.md").write_text(STATEMENT)
    done = medalist("solve", "sum.md", option, value, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert option in done.stderr


@pytest.mark.local
@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply(status=401), "401"),
        (Reply(status=429, retry_after_s=0), "429"),
        (Reply(status=500), "500"),
        (Reply(fault="html"), ""),
        (Reply(fault="truncated_json"), ""),
        (Reply(text=""), ""),
    ],
    ids=["401", "429", "500", "html", "truncated", "empty"],
)
def test_endpoint_that_misbehaves(reply: Reply, says: str, tmp_path: Path) -> None:
    (tmp_path / "sum.md").write_text(STATEMENT)
    with ScriptedEndpoint([reply]) as endpoint:
        done = medalist(
            "solve", "sum.md", "-n", "1", cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url
        )
    if reply.text:
        assert done.returncode == 3
        assert says in _one_line(done.stderr)
    else:
        # An empty answer was paid for and holds no program: nothing can be delivered.
        assert done.returncode in (1, 3)
        assert "Traceback" not in done.stderr


@pytest.mark.local
def test_endpoint_that_is_down(tmp_path: Path) -> None:
    (tmp_path / "sum.md").write_text(STATEMENT)
    with ScriptedEndpoint() as endpoint:
        url = endpoint.base_url
    done = medalist("solve", "sum.md", "--model", "m", cwd=tmp_path, OPENAI_BASE_URL=url)
    assert done.returncode == 3
    assert url.removesuffix("/v1") in _one_line(done.stderr)


@pytest.mark.local
def test_key_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "sum.md").write_text(STATEMENT)
    key = "sk-very-secret-key-0123456789"
    with ScriptedEndpoint(
        [Reply(status=401, text=f"Incorrect API key provided: {key}")]
    ) as endpoint:
        done = medalist(
            "solve", "sum.md", "-n", "1", "--out", tmp_path / "run", cwd=tmp_path,
            OPENAI_BASE_URL=endpoint.base_url, OPENAI_API_KEY=key,
        )  # fmt: skip
    assert done.returncode == 3
    assert key not in done.stdout + done.stderr
    assert key.encode() not in (tmp_path / "run" / "journal.sqlite").read_bytes()


@pytest.mark.local
def test_disk_full_while_journalling(tmp_path: Path) -> None:
    (tmp_path / "sum.md").write_text(STATEMENT)
    # No file of the process may grow beyond this: what a full disk does to the journal.
    script = (
        "import resource, runpy, signal, sys;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000));"
        "sys.argv = ['medalist', *sys.argv[1:]];"
        "runpy.run_module('medalist', run_name='__main__')"
    )
    with ScriptedEndpoint([Reply("x" * 3 + str(n) * 4000) for n in range(64)]) as endpoint:
        done = subprocess.run(
            [sys.executable, "-c", script, "solve", "sum.md", "-n", "64", "--out", "run"],
            cwd=tmp_path, env=environment(OPENAI_BASE_URL=endpoint.base_url),
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert "journal" in _one_line(done.stderr)

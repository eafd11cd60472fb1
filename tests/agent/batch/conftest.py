"""Some small packages, a scripted endpoint that answers about them, and an undisturbed batch."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from medalist.agent.llm.scripted.scripted import ScriptedEndpoint
from tests.agent.batch import packages
from tests.agent.command import medalist

COUNT = 24


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    packages.make(folder, COUNT)
    return folder


@pytest.fixture(scope="session")
def endpoint() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint(packages.reply) as server:
        yield server


def arguments(archive: Path, out: Path, *more: str | Path) -> list[str | Path]:
    """The command line of the batch that all tests share."""
    given = ["-n", "4", "--lang", "cpp", "--submissions", "2", "--json", "--display", "plain"]
    given += [
        "--generators",
        "0",
        "--tests",
        "0",
        "--pair-generators",
        "0",
        "--validators",
        "0",
    ]  # see test_pipeline.py
    return ["batch", archive, *given, "--out", out, *more]


@pytest.fixture(scope="session")
def undisturbed(
    archive: Path,
    endpoint: ScriptedEndpoint,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A batch from beginning to end: its run directory, and what the command said."""
    folder = tmp_path_factory.mktemp("undisturbed")
    run = folder / "run"
    done = medalist(*arguments(archive, run), cwd=folder, OPENAI_BASE_URL=endpoint.base_url)
    assert done.returncode == 0, done.stderr
    return run, done

"""`medalist solve` as a user meets it: killed, resumed, replayed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.agent.command import environment, medalist, start

from medalist.agent.journal import Journal
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.problems.formats import find_bundled

PROBLEM = "warmer"
COUNT = 12


def _programs() -> list[str]:
    """Answers to choose from: right, wrong, slow, crashing, not compiling, no program at all."""
    folder = find_bundled(PROBLEM) / "submissions"
    sources = sorted(path for path in folder.glob("*/*") if path.is_file())
    fence = {".py": "python", ".cpp": "cpp"}
    blocks = [f"```{fence[path.suffix]}\n{path.read_text()}```" for path in sources]
    return [*blocks, "```cpp\nint main() { return }\n```", "I would rather talk about the weather."]


def _by_seed(seen: SeenRequest) -> Reply:
    answers = _programs()
    return Reply(answers[seen.body["seed"] % len(answers)], delay_s=0.05)


@pytest.fixture(scope="module")
def endpoint(_sandbox: None) -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint(_by_seed) as server:
        yield server


@pytest.fixture(scope="module")
def _sandbox() -> None:
    pass


def _arguments(out: Path, *more: str) -> list[str | Path]:
    options = ["-n", str(COUNT), "--search", "once", "--submissions", "3", "--json"]
    options += ["--evidence", "6"]
    # Stages that ask for anything else have their own tests (test_pipeline.py).
    options += ["--generators", "0", "--tests", "0", "--pair-generators", "0"]
    return ["solve", PROBLEM, *options, "--out", out, *more]


def _result(out: str) -> dict[str, Any]:
    """The result without what differs between equal runs: time and place."""
    result = json.loads(out)
    result.pop("stages", None)
    source = result.pop("source")
    return {**result, "seconds": None, "text": Path(source).read_text() if source else None}


@pytest.fixture(scope="module")
def undisturbed(
    endpoint: ScriptedEndpoint, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("undisturbed")
    done = medalist(*_arguments(folder / "run"), cwd=folder, OPENAI_BASE_URL=endpoint.base_url)
    assert done.returncode == 0, done.stderr
    return folder / "run", _result(done.stdout)


def _answered_seeds(run: Path) -> set[int]:
    with Journal.open(run, readonly=True) as journal:
        seeds: dict[str, Any] = {}
        for event in journal.raw_events("call.intent"):
            params: Any = event.body["params"]
            seeds[event.key] = (json.loads(params) if isinstance(params, str) else params)["seed"]
        return {seeds[event.key] for event in journal.raw_events("call.done")}


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < deadline, "the run never came so far"
        time.sleep(0.005)


def _reached(run: Path, stage: str) -> Callable[[], bool]:
    """Whether a run has come to a stage, as its journal shows it from outside."""
    kinds = {"sampling": "call.done", "observing": "outcomes", "submitting": "submission"}

    def look() -> bool:
        if not (run / "journal.sqlite").exists():
            return False
        try:
            with Journal.open(run, readonly=True) as journal:
                if stage == "compiling":
                    return sum(1 for _ in journal.raw_events("call.done")) == COUNT
                return next(journal.raw_events(kinds[stage]), None) is not None
        except Exception:  # the file may just be coming into being
            return False

    return look


@pytest.mark.local
@pytest.mark.parametrize("stage", ["sampling", "compiling", "observing", "submitting"])
def test_killed_in_each_stage_it_goes_on_and_ends_alike(
    stage: str,
    endpoint: ScriptedEndpoint,
    undisturbed: tuple[Path, dict[str, Any]],
    tmp_path: Path,
) -> None:
    run = tmp_path / "run"
    process = start(*_arguments(run), cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
    _wait_for(lambda: _reached(run, stage)() or process.poll() is not None)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    answered = _answered_seeds(run)
    before = len(endpoint.log)

    done = medalist(*_arguments(run), cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)

    asked = {seen.body["seed"] for seen in endpoint.log[before:]}
    assert done.returncode == 0, done.stderr
    assert not asked & answered
    # Calls in flight at the kill stay charged, so only the tokens may be more.
    result, wanted = _result(done.stdout), undisturbed[1]
    assert result.pop("tokens") >= wanted["tokens"]
    assert result == {name: value for name, value in wanted.items() if name != "tokens"}


@pytest.mark.local
def test_recorded_model_ends_in_the_same_answer(
    undisturbed: tuple[Path, dict[str, Any]], endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    run, wanted = undisturbed
    before = len(endpoint.log)
    done = medalist(*_arguments(tmp_path / "again", "--model", f"recorded:{run}"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(endpoint.log) == before
    result = _result(done.stdout)
    same = ("solved", "verdict", "submissions", "candidates", "programs", "clusters", "text")
    assert {name: result[name] for name in same} == {name: wanted[name] for name in same}


@pytest.mark.local
def test_a_finished_run_is_told_again_without_a_model(
    undisturbed: tuple[Path, dict[str, Any]], endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    run, wanted = undisturbed
    before = len(endpoint.log)
    done = medalist(*_arguments(run), cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
    assert _result(done.stdout) == wanted
    assert len(endpoint.log) == before


@pytest.mark.local
@pytest.mark.usefixtures("_sandbox")
def test_interrupted_it_says_how_to_go_on(tmp_path: Path) -> None:
    run = tmp_path / "run"
    hold = True

    def script(seen: SeenRequest) -> Reply:
        # All but the first answer take so long that the signal finds the run at work.
        return replace(_by_seed(seen), delay_s=600.0 if hold and seen.index else 0.0)

    with ScriptedEndpoint(script) as endpoint:
        process = start(*_arguments(run), cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
        _wait_for(_reached(run, "sampling"))
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=300)
        assert process.returncode == 130, err
        assert "Traceback" not in err
        assert "same command" in err
        hold = False
        done = medalist(*_arguments(run), cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("module", ["medalist.agent.solve", "medalist.agent.propose", "yaml"])
def test_interrupted_while_loading_it_shows_no_traceback(module: str, tmp_path: Path) -> None:
    script = f"""
import os, runpy, signal, sys
class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupt())
sys.argv = ["medalist", "solve", "--help"]
runpy.run_module("medalist", run_name="__main__")
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 130
    assert done.stderr == ""


@pytest.mark.local
def test_other_options_in_the_same_run_are_refused(
    undisturbed: tuple[Path, dict[str, Any]], endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    run, _ = undisturbed
    done = medalist(
        *_arguments(run, "--seed", "7"), cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url
    )
    assert done.returncode == 2
    assert "seed" in done.stderr
    assert "--out" in done.stderr

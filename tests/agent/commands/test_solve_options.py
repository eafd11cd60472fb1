"""Options of `medalist solve` that concern asking: as a user meets them."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.agent.command import medalist

from medalist.agent.journal import Journal
from medalist.agent.llm.scripted.scripted import Reply, ScriptedEndpoint, SeenRequest
from medalist.problems.formats import find_bundled
from medalist.problems.model import Sample

PROBLEM = "warmer"


def right() -> str:
    return (find_bundled(PROBLEM) / "submissions/accepted/reference.py").read_text()


def almost() -> str:
    """A program that passes the samples and is wrong elsewhere, in so many words."""
    return "import sys\ntext = sys.stdin.read()\n" + "\n".join(
        f"if text == {sample.input!r}:\n    print({sample.output!r}, end='')\n    sys.exit()"
        for sample in _samples()
    )


def _samples() -> list[Sample]:
    from medalist.problems.formats import load

    return list(load(find_bundled(PROBLEM)).public.samples)


def verifier(seen: SeenRequest) -> Reply:
    """A verifier that is surer of No than of Yes for the wrong programs."""
    if seen.body["model"] != "reader":
        return script(seen)
    yes = 0.1 if "text ==" in seen.body["messages"][-1]["content"] else 0.95
    return Reply("Yes" if yes > 0.5 else "No", odds={"Yes": yes, "No": 1 - yes})


@pytest.mark.local
def test_how_likely_a_verifier_finds_the_word_yes_turns_a_choice(tmp_path: Path) -> None:
    solve = ["solve", PROBLEM, "-n", "16", "--lang", "python", "--model", "writer", "--json"]
    solve += ["--evidence", "8"]
    solve += ["--search", "once", "--generators", "0", "--tests", "0", "--pair-generators", "0"]
    solve += ["--reviewer", "reader"]
    with ScriptedEndpoint(verifier) as endpoint:
        as_number = medalist(*solve, "--out", "a", cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
        assert as_number.returncode == 1, as_number.stderr
        solve += ["--review-by", "likelihood", "--out", "b"]
        done = medalist(*solve, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
        assert done.returncode == 0, done.stderr
        asked = [seen.body for seen in endpoint.log if seen.body.get("logprobs")]
    assert len(asked) >= 2
    assert all(body["model"] == "reader" for body in asked)
    with Journal.open(tmp_path / "b", readonly=True) as journal:
        view = journal.newest_raw("view", PROBLEM)
    assert view is not None
    opinions = view.body["opinions"].values()  # type: ignore[union-attr]
    assert max(opinions) == pytest.approx(0.95)
    assert min(opinions) == pytest.approx(0.1)


def script(seen: SeenRequest) -> Reply:
    """As writer, one answer in eight is right; as reviewer, the right one is told by its text."""
    text = seen.body["messages"][-1]["content"]
    if seen.body["model"] == "reader":
        return Reply("No.\n5" if "text ==" in text else "It is fine.\n95")
    source = right() if seen.index % 8 == 0 else f"{almost()}\nprint({seen.index % 2})"
    return Reply(f"```python\n{source}\n```")


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    with ScriptedEndpoint(script) as server:
        yield server


@pytest.mark.local
def test_a_reviewer_turns_a_choice_that_most_candidates_spoke_against(
    endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    solve = ["solve", PROBLEM, "-n", "16", "--lang", "python", "--model", "writer", "--json"]
    solve += ["--evidence", "8"]
    solve += ["--search", "once", "--generators", "0", "--tests", "0", "--pair-generators", "0"]
    alone = medalist(*solve, "--out", "a", cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
    assert alone.returncode == 1, alone.stderr
    read = [*solve, "--reviewer", "reader", "--out", "b"]
    both = medalist(*read, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
    assert both.returncode == 0, both.stderr
    reviews = [seen for seen in endpoint.log if seen.body["model"] == "reader"]
    assert 2 <= len(reviews) <= 3, "one program of each behaviour is read"
    assert json.loads(both.stdout)["tokens"] > json.loads(alone.stdout)["tokens"]
    asked = len(endpoint.log)
    again = medalist(*read, cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
    assert json.loads(again.stdout)["verdict"] == "AC"
    assert len(endpoint.log) == asked
    with Journal.open(tmp_path / "b", readonly=True) as journal:
        view = journal.newest_raw("view", PROBLEM)
        assert view is not None
        assert sorted(view.body["opinions"].values())[-1] == 0.95  # type: ignore[union-attr]


@pytest.mark.local
def test_a_target_ends_the_sampling(endpoint: ScriptedEndpoint, tmp_path: Path) -> None:
    done = medalist(
        "solve", PROBLEM, "-n", "64", "--width", "8", "--lang", "python", "--model", "writer",
        "--target", "0.9", "--generators", "0",
        "--tests", "0", "--pair-generators", "0", "--evidence", "4", "--out", "run",
        cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
    )  # fmt: skip
    assert len(endpoint.log) == 8, done.stderr
    assert "in flight" in done.stderr
    assert "forecast     coverage 0.9" in done.stdout
    with Journal.open(tmp_path / "run", readonly=True) as journal:
        (event,) = journal.raw_events("forecast")
        assert event.body["samples"] == 8


@pytest.mark.local
def test_what_brute_force_programs_agree_on_is_used_to_mend_the_others(tmp_path: Path) -> None:
    # The slow ones take all of their time on each of many inputs: here that is not much.
    impatient = tmp_path / PROBLEM
    shutil.copytree(find_bundled(PROBLEM), impatient)
    described = (impatient / "problem.yaml").read_text()
    changed = described.replace("limits:\n", "limits:\n  time_limit: 0.4\n")
    assert changed != described
    (impatient / "problem.yaml").write_text(changed)
    # Fast ones that agree would settle the problem.
    slow = "import io, sys\ntext = sys.stdin.read()\nsys.stdin = io.StringIO(text)\n"
    slow += "while len(text) > 2000:\n    pass\n"

    # Of each program there are two in turn, however the answers come: only programs that behave
    # alike are worth a measure of the inputs.
    given: Counter[str] = Counter()

    def answer(seen: SeenRequest) -> Reply:
        text = seen.body["messages"][-1]["content"]
        if "most obvious correct" in text:
            program = slow + right()
        else:
            program = right() if "disagrees" in text else almost()
        given[program] += 1
        return Reply(f"```python\n{program}\nx = {given[program] % 2}\n```")

    with ScriptedEndpoint(answer) as endpoint:
        done = medalist(
            "solve", impatient, "-n", "16", "--lang", "python", "--prompts", "direct,brute",
            "--search", "chains", "--mutants", "4", "--evidence", "6", "--model", "writer",
            "--json", "--out", "run", "--generators", "0", "--tests", "0", "--pair-generators", "0",
            cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["mutants_told_apart"][1] == 4
    asked = [seen.body["messages"][-1]["content"] for seen in endpoint.log]
    assert any(
        "disagrees with a slow but simple program on this small input" in item for item in asked
    )


@pytest.mark.local
def test_the_batch_api_solves_the_same(endpoint: ScriptedEndpoint, tmp_path: Path) -> None:
    done = medalist(
        "solve", PROBLEM, "-n", "8", "--lang", "python", "--model", "writer", "--batch-api",
        "--evidence", "4", "--json", "--out", "run",
        cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url,
        MEDALIST_FIRST_WAIT_S="1",  # all that is asked within it goes in one batch
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    assert json.loads(done.stdout)["candidates"] == 8
    assert len(endpoint.batches.batches) == 1


@pytest.mark.local
def test_a_dry_run_sends_and_writes_nothing(endpoint: ScriptedEndpoint, tmp_path: Path) -> None:
    options = ["solve", PROBLEM, "-n", "32", "--model", "writer", "--dry-run"]
    options += ["--generators", "0", "--tests", "0", "--pair-generators", "0"]
    done = medalist(*options, "--search", "once", cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url)
    assert done.returncode == 0, done.stderr
    assert "calls        32\n" in done.stdout
    assert "cost         unknown" in done.stdout
    actual = medalist(
        *options, "--search", "tree", "--json", cwd=tmp_path, OPENAI_BASE_URL=endpoint.base_url
    )
    assert json.loads(actual.stdout)["calls"] == [8, 32]
    assert not endpoint.log
    assert not list(tmp_path.iterdir())
    row = {"problem_id": PROBLEM, "candidate_id": "1", "source": "int x;", "language": "cpp"}
    (tmp_path / "pool.jsonl").write_text(json.dumps(row))
    done = medalist("solve", PROBLEM, "--pool", "pool.jsonl", "--dry-run", cwd=tmp_path)
    assert done.returncode == 2
